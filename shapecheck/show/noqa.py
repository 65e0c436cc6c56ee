"""What is said of --add-noqa."""

from __future__ import annotations

from shapecheck.findings.outcome import Outcome
from shapecheck.noqa import add_noqa
from shapecheck.show.console import Console
from shapecheck.show.summary_line import counted


def add(outcome: Outcome, console: Console) -> bool:
    """Write the comments and say how many; False when a file could not get its own."""
    added = add_noqa(outcome.reports)
    console.complain(added.problems)
    console.say(f"{counted(added.findings, 'finding')} silenced in {counted(added.files, 'file')}")
    return not added.problems
