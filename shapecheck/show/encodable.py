"""Source lines for a terminal whose encoding lacks some of their signs: as long as they were, so that marks stand where they belong."""

from __future__ import annotations

from dataclasses import replace

from shapecheck.findings.report import Report
from shapecheck.show.excerpt import LineOf


def encodable(line: str, encoding: str) -> str:
    """A '?' for each sign that the encoding does not have."""
    return line.encode(encoding, "replace").decode(encoding)


def encodable_lines(line_of: LineOf, encoding: str) -> LineOf:
    """The same for the lines of files."""

    def line(path: str, number: int) -> str | None:
        found = line_of(path, number)
        return None if found is None else encodable(found, encoding)

    return line


def encodable_texts(report: Report, encoding: str) -> Report:
    """The same for the lines that a report brings along, of notebooks and pages."""
    trail = tuple(replace(step, text=encodable(step.text, encoding)) for step in report.trail)
    return replace(report, text=encodable(report.text, encoding), trail=trail)
