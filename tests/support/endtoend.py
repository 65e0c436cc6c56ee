"""Examples as a user's file: one file for the examples of a rule file, through the whole of `shapecheck.check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shapecheck.check import Checker
from shapecheck.findings.report import Report
from shapecheck.options import Options
from shapecheck.run.evidence import range_of
from tests.support.answers import Answer, Fault, Hidden
from tests.support.engine import told

if TYPE_CHECKING:
    from shapecheck.run.entries import Analysis
    from shapecheck.source.module import SourceModule

PRELUDE = """\
import einops
import torch
import torch.nn.functional as F
from torch import nn


def T(*sizes, dtype=torch.float32):
    return torch.rand(sizes).to(dtype)


def I(*sizes, high=2):
    return torch.randint(0, high, sizes)


def M(*sizes):
    return torch.rand(sizes) > 0.5


"""


@dataclass
class Checked:
    """What came of one line: the value that the analysis ended with, the reports on it, and the exceptions that they stand for."""

    answer: Answer
    reports: list[Report]
    errors: set[str]


class Keeping(Checker):
    """Keeps the analysis of the text that it checks."""

    analysis: Analysis | None = None

    def analyse(self, module: SourceModule, path: str, trace: object = None) -> Analysis:
        self.analysis = super().analyse(module, path, trace)
        return self.analysis


def check(sources: Sequence[str]) -> list[Checked]:
    """Each expression on a line of its own, in one file. A fault of shapecheck's ends a file, so that then each gets its own."""
    first = PRELUDE.count("\n") + 1
    text = PRELUDE + "".join(f"result_{number} = ({source})\n" for number, source in enumerate(sources))
    checker = Keeping(Options())
    reports = checker.text(text, "<string>").reports
    faults = [report for report in reports if report.code == "SHP905"]
    if faults and len(sources) > 1:
        return [check([source])[0] for source in sources]
    if faults or checker.analysis is None:
        return [Checked(Fault(faults[0].message if faults else "nothing was analysed"), list(reports), set())]
    run, names = checker.analysis.run, checker.analysis.namespace.env.names
    errors: dict[int, set[str]] = {}
    for refusal in checker.analysis.refusals:
        errors.setdefault(range_of(refusal.stack[0][0]).line, set()).add(refusal.refused.error)
    found = []
    for number in range(len(sources)):
        value = names.get(f"result_{number}")
        answer = told(run.resolve(value)) if f"result_{number}" in names else Hidden("the line set nothing")
        line = first + number
        found.append(Checked(answer, [report for report in reports if report.range.line == line], errors.get(line, set())))
    return found
