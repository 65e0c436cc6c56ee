"""check --format github: workflow commands, which GitHub shows as annotations on the lines of a change."""

from __future__ import annotations

from collections.abc import Iterable

from shapecheck.findings.report import Report
from shapecheck.show.details import details, headless
from shapecheck.show.places import Root

LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def github(reports: Iterable[Report], root: Root) -> str:
    """A command a report."""
    return "".join(f"{_command(report, root)}\n" for report in reports)


def _command(report: Report, root: Root) -> str:
    line, column, end_line, end_column = report.range
    properties = {"title": f"shapecheck {report.code}", "file": root.path(report.path), "line": line, "endLine": end_line}
    if line == end_line:  # columns of a piece of several lines are refused
        properties |= {"col": column, "endColumn": max(end_column - 1, column)}
    words = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{LEVELS[report.severity]} {words}::{_data(chr(10).join([f'{report.code} {headless(report)}', *details(report)]))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
