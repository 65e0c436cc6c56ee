"""The source lines of a report, drawn with their marks: where the tensor came from, the accused line, where the wrong number stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from shapecheck.findings.report import Range, Report, Step
from shapecheck.show.columns import width_of, wrapped
from shapecheck.show.concise import where
from shapecheck.show.palette import Palette
from shapecheck.show.picture import draw

LineOf = Callable[[str, int], str | None]

MOST_STEPS = 6


class Mark(NamedTuple):
    """A line to draw: what is marked in it, with which character, in which style, and what is said there."""

    path: str
    range: Range
    text: str
    note: str
    sign: str
    style: str
    cell: int | None = None


def marks(report: Report, every_step: bool = False) -> list[Mark]:
    """In the order of reading: the way of the tensor, the accused expression, then the places where wrong numbers stand."""
    flow = [step for step in report.trail if step.role == "flow"]
    if not every_step:
        flow = flow[-MOST_STEPS:]
    accused = Mark(report.path, Range(*report.range), report.text, report.note, "^", report.severity, report.cell)
    made = [_mark(step, "^", "made") for step in report.trail if step.role == "made"]
    return [*(_mark(step, "-", "made") for step in flow), accused, *made]


def _mark(step: Step, sign: str, style: str) -> Mark:
    return Mark(step.path, Range(*step.range), step.text, step.message, sign, style, step.cell)


def excerpt(report: Report, line_of: LineOf, palette: Palette, width: int, every_step: bool = False) -> list[str]:
    """The lines of the excerpt; a place in another file or cell than the one before it is introduced by path:line."""
    shown = marks(report, every_step)
    hidden = sum(step.role == "flow" for step in report.trail) - (len(shown) - 1 - sum(step.role == "made" for step in report.trail))
    digits = max(2, *(len(str(mark.range.line)) for mark in shown))
    lines = []
    if hidden > 0:
        lines.append(palette.paint("faint", f"  {'.' * digits} {hidden} earlier step{'s' * (hidden > 1)} (-v shows all)"))
    here = (report.path, report.cell)
    above: tuple[int, str] | None = None  # the number and the drawn text of the line that the marks stand under
    for mark in shown:
        if (mark.path, mark.cell) != here:
            here, above = (mark.path, mark.cell), None
            lines.append(f"  {palette.paint('path', f'{where(*here)}:{mark.range.line}')}")
        drawn, below = _drawn(mark, line_of, palette, width - digits - 5)
        if drawn is None or above != (mark.range.line, drawn):
            text = below.pop(0) if drawn is None else drawn
            lines.append(f"{palette.paint('gutter', f'  {mark.range.line:>{digits}} |')} {text}".rstrip())
        above = (mark.range.line, drawn) if drawn is not None else None
        lines += [f"{palette.paint('gutter', f'  {chr(32):{digits}} |')} {sign}" for sign in below]
    return lines


def _drawn(mark: Mark, line_of: LineOf, palette: Palette, room: int) -> tuple[str | None, list[str]]:
    """The source line, where there is one, and what stands under it: the mark and its note, which has lines of its own if need be."""
    line = mark.text or line_of(mark.path, mark.range.line)
    note = " ".join(mark.note.split())
    if line is None:
        return None, [palette.paint(mark.style, note)]
    picture = draw(line, mark.range, room)
    signs = mark.sign * picture.length
    if not note or picture.before + picture.length + 1 + width_of(note) <= room:
        return picture.text, [" " * picture.before + palette.paint(mark.style, f"{signs} {note}".rstrip())]
    notes = wrapped(note, room)
    indent = " " * max(0, min(picture.before, room - max(map(width_of, notes))))
    return picture.text, [" " * picture.before + palette.paint(mark.style, signs), *(indent + palette.paint(mark.style, n) for n in notes)]
