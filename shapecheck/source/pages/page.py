"""A page: the program that its cells or blocks make, with where each line of it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from shapecheck.source.errors import SourceError

Place = tuple[int, int, int, int]


class Line(NamedTuple):
    """A line of a page, as it becomes a line of the program.

    code    what the program has there.
    indent  so many characters at its beginning stand in the page as well,
    shift   and what follows stands this much further right there.
    """

    code: str
    indent: int = 0
    shift: int = 0

    def column(self, column: int) -> int:
        """The page's column (from 1) of a column of the program."""
        return column if column <= self.indent else max(1, column + self.shift)


class Origin(NamedTuple):
    """Where a line of the program stands: in which cell (None: the page has none), on which line, and what it looks like there."""

    cell: int | None
    number: int
    line: Line
    text: str


class Fault(NamedTuple):
    """Something in a page that is no Python: in which cell, what is wrong, and the line."""

    cell: int | None
    error: SourceError
    text: str


@dataclass
class Page:
    """The program and its origins, line by line.

    untold  findings that a page gives no reason for, since it does not show everything that there is.
    left    how many pieces of it are no Python and were left out.
    faults  those of them that are mistakes.
    """

    origins: list[Origin] = field(default_factory=list)
    untold: frozenset[str] = frozenset()
    left: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The program."""
        return "".join(f"{origin.line.code}\n" for origin in self.origins)

    def add(self, cell: int | None, number: int, text: str, line: Line) -> None:
        self.origins.append(Origin(cell, number, line, text))

    def origin(self, line: int) -> Origin:
        """Where a line of the program, from 1, stands; the last one for those beyond the end."""
        return self.origins[min(max(line, 1), len(self.origins)) - 1]

    def place(self, place: Place) -> Place:
        """A range of the program as a range of its page, lines counted in the cell in which it begins."""
        line, column, end_line, end_column = place
        if not self.origins:
            return place
        start, end = self.origin(line), self.origin(end_line)
        return start.number, start.line.column(column), start.number + end_line - line, end.line.column(end_column)

    def line_name(self, line: int) -> str:
        """'line 40', 'line 2 of cell 3'"""
        if not self.origins:
            return f"line {line}"
        origin = self.origin(line)
        return f"line {origin.number}" + (f" of cell {origin.cell}" if origin.cell is not None else "")
