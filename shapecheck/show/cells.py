"""Findings in notebooks for services that know files and lines only."""

from __future__ import annotations

from dataclasses import replace

from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Range, Report, Step

TOP = Range(1, 1, 1, 1)
"""A cell's lines are no lines of the file; the place that stands for none is its first."""


def without_cells(outcome: Outcome) -> Outcome:
    """The outcome with each cell and line said in the message."""
    if all(report.cell is None and all(step.cell is None for step in report.trail) for report in outcome.reports):
        return outcome
    return replace(outcome, reports=tuple(_without(report) for report in outcome.reports))


def _without(report: Report) -> Report:
    trail = tuple(_step(step) for step in report.trail)
    if report.cell is None:
        return replace(report, trail=trail)
    message = f"cell {report.cell}, line {report.range.line}: {report.message}"
    return replace(report, message=message, range=TOP, cell=None, text="", trail=trail)


def _step(step: Step) -> Step:
    if step.cell is None:
        return step
    return replace(step, message=f"cell {step.cell}, line {step.range.line}: {step.message}", range=TOP, cell=None)
