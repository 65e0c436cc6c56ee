"""What editors ask about a text: findings with marks in it, the shape under the cursor, the comment that silences a finding.

Places are (line, character) pairs as the Language Server Protocol has them: from 0, characters in units of UTF-16.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from shapecheck import rewrite
from shapecheck.cache import Cache
from shapecheck.check import check_source, shapes_in_source
from shapecheck.config.projects import Projects
from shapecheck.discover import left_out
from shapecheck.findings.outcome import Expression
from shapecheck.findings.report import Range, Report
from shapecheck.noqa import with_noqa
from shapecheck.relevance import mentions_torch
from shapecheck.show.details import details, headless
from shapecheck.show.values import words

Spot = tuple[int, int]
Span = tuple[Spot, Spot]


@dataclass(frozen=True)
class Mark:
    """A finding in the text: `path` and `span` of each place that leads to it are in `related`, with what is said there."""

    code: str
    severity: str
    message: str
    span: Span
    related: tuple[tuple[str, Span, str], ...]
    report: Report


@dataclass(frozen=True)
class Shape:
    """A tensor expression of the text."""

    span: Span
    text: str
    words: str
    known: bool


class Document:
    """A document as an editor has it."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def span(self, place: Range | Sequence[int]) -> Span:
        """A range of ours (from 1, in characters) as the protocol counts."""
        line, column, end_line, end_column = place
        return (line - 1, self._units(line, column)), (end_line - 1, self._units(end_line, end_column))

    def _units(self, line: int, column: int) -> int:
        before = self.lines[line - 1][: column - 1] if 0 < line <= len(self.lines) else ""
        return len(before.encode("utf-16-le", "surrogatepass")) // 2


class Editor:
    """Answers about texts; what it reads beside them stands on the disk. One at a time: the engine knows one run."""

    def marks(self, document: Document) -> list[Mark]:
        """The findings of a text. ConfigError: its settings cannot be used."""
        if not mentions_torch(document.text):
            return []
        project = Projects().of(document.path)
        if left_out(document.path, project.options):
            return []
        # a new one each time: what a cache knows of files and folders is what they were when it was made
        cache = Cache(project.values["cache_dir"]) if project.values["cache"] else None
        outcome = check_source(document.text, document.path, project.options, cache)
        return [_mark(report, document) for report in outcome.reports if report.path == document.path and report.cell is None]

    def shapes(self, document: Document) -> list[Shape]:
        """The tensor expressions of a text, in order of place."""
        if not mentions_torch(document.text):
            return []
        found = shapes_in_source(document.text, document.path, Projects().of(document.path).options)
        shapes = [_shape(expression, document) for expression in found.expressions if expression.cell is None]
        return sorted(shapes, key=lambda shape: shape.span)


def _mark(report: Report, document: Document) -> Mark:
    related = []
    for step in report.trail:
        path = os.path.abspath(step.path)
        here = step.path == document.path
        line, column, end_line, end_column = step.range
        span = document.span(step.range) if here else ((line - 1, column - 1), (end_line - 1, end_column - 1))
        related.append((path, span, step.message))
    message = "\n".join([headless(report), *details(report)])
    return Mark(report.code, report.severity, message, document.span(report.range), tuple(related), report)


def _shape(expression: Expression, document: Document) -> Shape:
    known = expression.shape is not None
    said = words(expression.shape) if expression.shape is not None else expression.why or "unknown"
    return Shape(document.span(expression.range), expression.text, f"{said} {expression.dtype or ''}".strip() if known else said, known)


def shape_at(shapes: Sequence[Shape], spot: Spot) -> Shape | None:
    """The smallest expression around a spot, one of a known shape if there is one."""
    around = [shape for shape in shapes[: bisect_right([shape.span[0] for shape in shapes], spot)] if spot <= shape.span[1]]
    return max(around, key=lambda shape: (shape.known, shape.span[0], (-shape.span[1][0], -shape.span[1][1])), default=None)


def shapes_of_lines(shapes: Sequence[Shape], first: int, last: int) -> list[Shape]:
    """For each line of a stretch the biggest expression of a known shape that ends in it."""
    best: dict[int, Shape] = {}
    for shape in shapes:
        line = shape.span[1][0]
        if shape.known and first <= line <= last and "(" in shape.text:
            other = best.get(line)
            if other is None or (other.span[1], shape.span[0]) < (shape.span[1], other.span[0]):
                best[line] = shape
    return [best[line] for line in sorted(best)]


def fixing(document: Document, mark: Mark) -> tuple[str, list[tuple[Span, str]]] | None:
    """The change that mends a finding, where there is one and it is all in this text: what it does, and what becomes of which spans."""
    fix = mark.report.fix
    if fix is None or not fix.edits or any(edit.path != document.path for edit in fix.edits):
        return None
    return fix.description, [(document.span(edit.range), edit.text) for edit in fix.edits]


def silencing(document: Document, mark: Mark) -> tuple[int, str] | None:
    """The line (from 0) that `# noqa: CODE` goes to, and how it reads then. None where the program would not stay the same."""
    try:
        changed = with_noqa(rewrite.Text(document.text), [mark.report])
    except rewrite.RefusedError:
        return None
    for number, (before, after) in enumerate(zip(document.lines, changed.lines, strict=True)):
        if before != after:
            return number, after
    return None
