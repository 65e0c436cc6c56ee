"""From the reports of a file to those that its settings want, with the severities that they set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shapecheck.findings.report import Report
from shapecheck.options import Options
from shapecheck.patterns import Patterns
from shapecheck.selection import ALWAYS, severity_of


def chosen(reports: Iterable[Report], options: Options) -> tuple[Report, ...]:
    """The reports that are selected and not ignored in their file."""
    here = [(Patterns((pattern,)), codes) for pattern, codes in options.per_file_ignores]

    def ignored(report: Report) -> bool:
        if report.code == ALWAYS:
            return False
        return any(report.code.startswith(codes) and patterns.fit_within(report.path) for patterns, codes in here)

    return tuple(with_severity(report, options) for report in reports if options.wants(report.code) and not ignored(report))


def with_severity(report: Report, options: Options) -> Report:
    """The report, as severe as the settings want its code to be."""
    if not options.severity:
        return report
    severity = severity_of(report.code, options.severity)
    return report if severity == report.finding.severity else replace(report, finding=replace(report.finding, severity=severity))
