"""From the paths of a command line, standard input among them, to one outcome."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from shapecheck import check
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.outcome import Expressions, Outcome
from shapecheck.findings.report import Range, Report
from shapecheck.options import Options
from shapecheck.show.lines import Lines
from shapecheck.source.errors import SourceError
from shapecheck.source.text import decode

Progress = Callable[[int, int], None]


class Reports(NamedTuple):
    """The outcome of a check, and the source lines to show with it."""

    outcome: Outcome
    lines: Lines


def gather_reports(paths: Sequence[str], options: Options, stdin_name: str, progress: Progress | None = None) -> Reports:
    """Check the paths; `-` is standard input, called `stdin_name` in the reports."""
    named = [path for path in paths if path != "-"]
    outcome = check.check_paths(named, options, progress=progress) if named else Outcome()
    if len(named) == len(paths):
        return Reports(outcome, Lines())
    try:
        text = decode(sys.stdin.buffer.read(), stdin_name).text
    except SourceError as error:
        return Reports(outcome + _unreadable(error, stdin_name, options), Lines())
    return Reports(outcome + check.check_source(text, stdin_name, options), Lines({stdin_name: text}))


def _unreadable(error: SourceError, path: str, options: Options) -> Outcome:
    place = Range(error.line, error.column, error.line, error.column)
    report = Report(by_code("SHP902"), error.sentence, None, path, place)
    return Outcome((report,) if options.wants(report.code) else (), files=1)


def gather_shapes(paths: Sequence[str], options: Options, stdin_name: str, progress: Progress | None = None) -> Expressions:
    """The tensor expressions of the paths; `-` is standard input, called `stdin_name`."""
    named = [path for path in paths if path != "-"]
    found = check.shapes_in_paths(named, options, progress=progress) if named else Expressions()
    if len(named) == len(paths):
        return found
    try:
        text = decode(sys.stdin.buffer.read(), stdin_name).text
    except SourceError as error:
        return found + Expressions(problems=(f"{stdin_name}: {error.sentence}",))
    return found + check.shapes_in_source(text, stdin_name, options)
