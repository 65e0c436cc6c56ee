"""Which reports the settings want, in which file, and how severe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from shapecheck.findings.report import Report
from shapecheck.options import Options
from shapecheck.patterns import Patterns
from shapecheck.selection import ALWAYS, severity_of


class Wanted:
    """What some settings say about reports."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._ignored: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _ignores(self) -> list[tuple[Patterns, tuple[str, ...]]]:
        return [(Patterns((pattern,)), codes) for pattern, codes in self.options.per_file_ignores]

    def wants(self, code: str, path: str) -> bool:
        """Whether findings with this code are reported in this file."""
        return self.options.wants(code) and (code == ALWAYS or not code.startswith(self._ignored_in(path)))

    def _ignored_in(self, path: str) -> tuple[str, ...]:
        if path not in self._ignored:
            self._ignored[path] = tuple(code for patterns, codes in self._ignores if patterns.fit_within(path) for code in codes)
        return self._ignored[path]

    def severe(self, report: Report) -> Report:
        """The report, as severe as its code is to be."""
        if not self.options.severity:
            return report
        severity = severity_of(report.code, self.options.severity)
        return report if severity == report.finding.severity else replace(report, finding=replace(report.finding, severity=severity))

    def chosen(self, reports: Iterable[Report]) -> tuple[Report, ...]:
        """The reports that are selected and not ignored in their file."""
        return tuple(self.severe(report) for report in reports if self.wants(report.code, report.path))
