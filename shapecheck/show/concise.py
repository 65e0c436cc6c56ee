"""One line a report: the first line of the full form."""

from __future__ import annotations

from collections.abc import Iterable

from shapecheck.findings.report import Report
from shapecheck.show.palette import PLAIN, Palette


def where(path: str, cell: int | None) -> str:
    """net.py, notebook.ipynb:cell 3; a line end in a name is written as in Python."""
    if not path.isprintable():
        path = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in path)
    return path if cell is None else f"{path}:cell {cell}"


def headline(report: Report, palette: Palette = PLAIN) -> str:
    """models/net.py:21:13: SHP101 Conv2d wants 5 channels, gets 3"""
    path = palette.paint("path", where(report.path, report.cell))
    code = palette.paint(report.severity, report.code)
    return f"{path}:{report.range[0]}:{report.range[1]}: {code} {' '.join(report.message.split())}"


def concise(reports: Iterable[Report], palette: Palette = PLAIN) -> str:
    """All reports, a line each."""
    return "".join(f"{headline(report, palette)}\n" for report in reports)
