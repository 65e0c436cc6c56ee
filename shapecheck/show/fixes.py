"""What is said of --fix and --diff."""

from __future__ import annotations

from shapecheck.findings.outcome import Outcome
from shapecheck.fix import fix
from shapecheck.options import OptionsOf
from shapecheck.show.console import Console
from shapecheck.show.summary_line import counted


def show(outcome: Outcome, options_of: OptionsOf, unsafe: bool, console: Console, output: str | None) -> bool:
    """Show what would be changed; False when that cannot be delivered."""
    fixed = fix(outcome.reports, options_of, unsafe, write=False)
    console.complain(fixed.problems)
    delivered = console.deliver(fixed.diff, output)
    console.say(f"{counted(fixed.findings, 'finding')} would be fixed in {counted(fixed.files, 'file')}{_more(outcome, unsafe)}")
    return delivered and not fixed.problems


def make(outcome: Outcome, options_of: OptionsOf, unsafe: bool, console: Console) -> bool:
    """Change the files; whether any has changed."""
    fixed = fix(outcome.reports, options_of, unsafe, write=True)
    console.complain(fixed.problems)
    console.say(f"{counted(fixed.findings, 'finding')} fixed in {counted(fixed.files, 'file')}{_more(outcome, unsafe)}")
    return fixed.files > 0


def _more(outcome: Outcome, unsafe: bool) -> str:
    more = sum(report.fix is not None and not report.fix.safe for report in outcome.reports)
    return f" (for {more} more there is --unsafe-fixes)" if more and not unsafe else ""
