"""A whole page of output, in the form that was asked for."""

from __future__ import annotations

from shapecheck.findings.outcome import Expressions, Outcome
from shapecheck.show.concise import concise
from shapecheck.show.console import Look
from shapecheck.show.excerpt import LineOf
from shapecheck.show.expressions import expressions_json, expressions_text
from shapecheck.show.json_ import as_json
from shapecheck.show.statistics import statistics
from shapecheck.show.summary_line import summary_line
from shapecheck.show.text import text


def check_page(outcome: Outcome, form: str, line_of: LineOf, look: Look, *, verbose: bool, quiet: bool, counts: bool) -> str:
    """The reports as 'text' (with a summary unless `quiet`), 'concise' or 'json'; with `counts` the statistics below."""
    if form == "json":
        return as_json(outcome)
    if form == "concise":
        parts = [concise(outcome.reports, look.palette)]
    else:
        parts = [text(outcome.reports, line_of, look.palette, look.width, every_step=verbose)]
    if counts:
        parts.append(statistics(outcome, look.palette))
    if form == "text" and not quiet and (outcome.files or not outcome.problems):
        parts.append(f"{summary_line(outcome, look.palette)}\n")
    return "\n".join(filter(None, parts))


def shapes_page(found: Expressions, form: str, look: Look) -> str:
    """The tensor expressions as 'text' or 'json'."""
    return expressions_json(found) if form == "json" else expressions_text(found, look.palette)
