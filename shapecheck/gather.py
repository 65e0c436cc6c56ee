"""From the paths of a command line, standard input among them, to one outcome."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from shapecheck import check
from shapecheck.config.errors import ConfigError
from shapecheck.discover import left_out
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.outcome import Expressions, Outcome
from shapecheck.findings.report import Range, Report
from shapecheck.options import Options, OptionsOf
from shapecheck.show.lines import Lines
from shapecheck.source.errors import SourceError
from shapecheck.source.text import decode
from shapecheck.wanted import Wanted

if TYPE_CHECKING:
    from shapecheck.cache import Cache

Progress = Callable[[int, int], None]
STDIN = "<stdin>"


class Reports(NamedTuple):
    """The outcome of a check, and the source lines to show with it."""

    outcome: Outcome
    lines: Lines


def gather_reports(
    paths: Sequence[str],
    options_of: OptionsOf,
    stdin_name: str | None,
    progress: Progress | None = None,
    cache: Cache | None = None,
    jobs: int = 1,
) -> Reports:
    """Check the paths; `-` is standard input, called `stdin_name` in the reports, with the settings of a file of that name."""
    named = [path for path in paths if path != "-"]
    outcome = check.check_paths(named, options_of, progress, cache, jobs) if named else Outcome()
    if len(named) == len(paths):
        return Reports(outcome, Lines())
    name = stdin_name or STDIN
    data = sys.stdin.buffer.read()
    try:
        options = options_of(name)
        text = decode(data, name).text
    except ConfigError as error:
        return Reports(outcome + Outcome(problems=(str(error),)), Lines())
    except SourceError as error:
        return Reports(outcome + _unreadable(error, name, options), Lines())
    if stdin_name and options.force_exclude and left_out(stdin_name, options):
        return Reports(outcome, Lines())
    return Reports(outcome + check.check_source(text, name, options, cache), Lines({name: text}))


def _unreadable(error: SourceError, path: str, options: Options) -> Outcome:
    place = Range(error.line, error.column, error.line, error.column)
    report = Report(by_code("SHP902"), error.sentence, None, path, place)
    return Outcome(Wanted(options).chosen([report]), files=1)


def gather_shapes(paths: Sequence[str], options_of: OptionsOf, stdin_name: str | None, progress: Progress | None = None) -> Expressions:
    """The tensor expressions of the paths; `-` is standard input, called `stdin_name`."""
    named = [path for path in paths if path != "-"]
    found = check.shapes_in_paths(named, options_of, progress=progress) if named else Expressions()
    if len(named) == len(paths):
        return found
    name = stdin_name or STDIN
    data = sys.stdin.buffer.read()
    try:
        options = options_of(name)
        text = decode(data, name).text
    except ConfigError as error:
        return found + Expressions(problems=(str(error),))
    except SourceError as error:
        return found + Expressions(problems=(f"{name}: {error.sentence}",))
    return found + check.shapes_in_source(text, name, options)
