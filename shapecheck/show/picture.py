"""A source line as it is drawn, with the place that is pointed at: tabs, wide characters and long lines."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from shapecheck.findings.report import Range
from shapecheck.show.columns import columns_of

TAB = 4
CUT = "..."


class Picture(NamedTuple):
    """A drawn line and, in columns of the terminal, where the marked piece starts and how long it is."""

    text: str
    before: int
    length: int


def _cells(line: str) -> list[tuple[str, int]]:
    """Each character as (what is drawn, its columns). Control characters become '?': they would move the cursor."""
    cells = []
    column = 0
    for character in line:
        if character == "\t":
            width = TAB - column % TAB
            cells.append((" " * width, width))
        elif unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp"):
            width = 1
            cells.append(("?", width))
        else:
            width = columns_of(character)
            cells.append((character, width))
        column += width
    return cells


def draw(line: str, place: Range | tuple[int, int, int, int], width: int) -> Picture:
    """The line with `place` marked; without its indentation, then cut around the mark, where it is wider than `width` columns.

    Of a place of several lines the first is shown.
    """
    first, column, last, end = place
    line = line.rstrip()
    cells = _cells(line)
    start = min(max(column - 1, 0), len(cells))
    stop = len(cells) if last > first else min(max(end - 1, start), len(cells))
    if sum(columns for _, columns in cells) > width:
        indentation = min(len(line) - len(line.lstrip()), start)
        cells, start, stop = cells[indentation:], start - indentation, stop - indentation
    left, right = _window(cells, start, stop, width)
    text = "".join(drawn for drawn, _ in cells[left:right])
    before = sum(columns for _, columns in cells[left:start])
    if left:
        text, before = CUT + text, before + len(CUT)
    if right < len(cells):
        text += CUT
    return Picture(text, before, max(1, sum(columns for _, columns in cells[start : min(stop, right)])))


def _window(cells: list[tuple[str, int]], start: int, stop: int, width: int) -> tuple[int, int]:
    """Which characters to show: all of them if they fit, else a stretch that holds the mark, or at least its start."""
    if sum(columns for _, columns in cells) <= width:
        return 0, len(cells)
    room = max(width - 2 * len(CUT), 1)
    left, used = start, 0
    for index in range(start, stop):
        if used + cells[index][1] > room:
            break
        used += cells[index][1]
    spare = (room - used) * 2 // 3 if stop < len(cells) else room - used
    while left > 0 and spare >= cells[left - 1][1]:
        left -= 1
        spare -= cells[left][1]
    right, used = left, 0
    while right < len(cells) and used + cells[right][1] <= room:
        used += cells[right][1]
        right += 1
    return left, right
