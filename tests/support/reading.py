"""Shapecheck reads a fixture: what it reports, and the values that it gives to the noted statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shapecheck.check import Checker
from shapecheck.findings.report import Report
from shapecheck.options import Options
from tests.support.answers import Answer
from tests.support.engine import told
from tests.support.notes import Fixture

if TYPE_CHECKING:
    from shapecheck.run.entries import Analysis
    from shapecheck.source.module import SourceModule


@dataclass
class Checked:
    """What came of checking a fixture."""

    reports: list[Report]
    values: dict[int, list[Answer]] = field(default_factory=dict)


class _Values:
    """Takes the place of a trace, and keeps every value, tensors or not."""

    def __init__(self) -> None:
        self.records: dict[tuple[Any, int, int], list[Any]] = {}
        self.besides: Any = None  # the trace that the check asked for, if it did

    def record(self, frame: Any, node: Any, value: Any) -> None:
        self.records.setdefault((frame.namespace.module, frame.chunk, node.n), []).append(value)
        if self.besides is not None:
            self.besides.record(frame, node, value)


class _Tracing(Checker):
    """A check that keeps the values of expressions."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.values = _Values()

    def analyse(self, module: SourceModule, path: str, trace: object = None) -> Analysis:
        self.values.besides = trace
        return super().analyse(module, path, self.values)


def check(fixture: Fixture) -> Checked:
    """One check of one file, as the command line does it."""
    checker = _Tracing(Options())
    outcome = checker.text(fixture.code, str(fixture.path))
    lines = {noted.place: noted.line for noted in fixture.values.values()}
    checked = Checked(list(outcome.reports))
    for (module, chunk, n), values in checker.values.records.items():
        if str(module.path) == str(fixture.path):
            line = lines.get(tuple(module.range_of(chunk, n)[:4]))
            if line is not None:
                checked.values.setdefault(line, []).extend(map(told, values))
    return checked
