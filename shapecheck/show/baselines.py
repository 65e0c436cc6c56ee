"""What is said about baselines, and their writing."""

from __future__ import annotations

from shapecheck.config.errors import ConfigError
from shapecheck.findings.outcome import Outcome
from shapecheck.show.console import Console
from shapecheck.show.summary_line import counted


def missing(outcome: Outcome) -> bool:
    """Whether a baseline that settings name is not there."""
    return any(compared.missing for compared in outcome.compared)


def tell(outcome: Outcome, console: Console, quiet: bool) -> None:
    """Say which baselines are not there and, unless `quiet`, which entries are no longer found."""
    for compared in outcome.compared:
        if compared.missing:
            console.complain([f"{compared.path}: no such baseline; --update-baseline writes it"])
        elif compared.stale and not quiet:
            entries = "1 entry is" if len(compared.stale) == 1 else f"{len(compared.stale)} entries are"
            console.complain([f"{compared.path}: {entries} no longer found; --update-baseline takes them out"])
            for sentence in compared.stale:
                console.say(f"  {sentence}")


def update(outcome: Outcome, console: Console) -> bool:
    """Write the baselines as they should be now; False when one cannot be written."""
    if not outcome.compared:
        raise ConfigError('--update-baseline needs a file: --baseline FILE, or baseline = "FILE" in pyproject.toml')
    written = True
    for compared in outcome.compared:
        if console.deliver(compared.text, compared.path):
            gone = f", {counted(len(compared.stale), 'old entry').replace('entrys', 'entries')} taken out" if compared.stale else ""
            console.say(f"{compared.path}: {counted(compared.listed, 'finding')} listed{gone}")
        else:
            written = False
    return written
