"""A whole page of output, in the form that was asked for."""

from __future__ import annotations

from shapecheck.findings.outcome import Expressions, Outcome
from shapecheck.show.concise import concise
from shapecheck.show.console import Look
from shapecheck.show.encodable import encodable_lines, encodable_texts
from shapecheck.show.expressions import expressions_json, expressions_text
from shapecheck.show.lines import Lines
from shapecheck.show.places import Root
from shapecheck.show.statistics import statistics
from shapecheck.show.summary_line import summary_line
from shapecheck.show.text import text

FOR_PEOPLE = ("text", "concise")


def check_page(outcome: Outcome, form: str, lines: Lines, look: Look, *, verbose: bool, quiet: bool, counts: bool) -> str:
    """The reports in a form of --format. 'text' ends with a summary unless `quiet`; with `counts` statistics follow what people read."""
    if form not in FOR_PEOPLE:
        return _for_machines(outcome, form, lines)
    if form == "concise":
        parts = [concise(outcome.reports, look.palette)]
    else:
        reports, line_of = [encodable_texts(report, look.encoding) for report in outcome.reports], encodable_lines(lines, look.encoding)
        parts = [text(reports, line_of, look.palette, look.width, every_step=verbose)]
    if outcome.missed is not None:
        from shapecheck.show.missed import missed_lines  # here: few runs ask for it

        parts.append(missed_lines(outcome.missed, look.palette))
    if counts:
        parts.append(statistics(outcome, look.palette))
    if form == "text" and not quiet and (outcome.files or not outcome.problems):
        parts.append(f"{summary_line(outcome, look.palette)}\n")
    return "\n".join(filter(None, parts))


def _for_machines(outcome: Outcome, form: str, lines: Lines) -> str:
    # here: a run needs one form, and what some of them need is slow to load
    if form == "json":
        from shapecheck.show.json_ import as_json

        return as_json(outcome)
    from shapecheck.show.cells import without_cells

    outcome = without_cells(outcome)
    if form == "sarif":
        from shapecheck.show.sarif import sarif

        return sarif(outcome, lines, Root())
    if form == "junit":
        from shapecheck.show.junit import junit

        return junit(outcome, lines, Root())
    if form == "gitlab":
        from shapecheck.show.gitlab import gitlab

        return gitlab(outcome.reports, Root())
    from shapecheck.show.github import github

    return github(outcome.reports, Root())


def shapes_page(found: Expressions, form: str, look: Look) -> str:
    """The tensor expressions as 'text' or 'json'."""
    return expressions_json(found) if form == "json" else expressions_text(found, look.palette)
