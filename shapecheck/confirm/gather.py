"""A check whose findings are planned for torch, and confirmed where that is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from shapecheck.confirm.confirm import Confirmer, Settings
from shapecheck.confirm.python import interpreter
from shapecheck.findings.outcome import Outcome
from shapecheck.gather import Progress, gather_reports
from shapecheck.options import Options, OptionsOf
from shapecheck.show.lines import Lines


class Confirmed(NamedTuple):
    """The outcome, the source lines to show with it, and a line about the work of confirming; '' where nothing was confirmed."""

    outcome: Outcome
    lines: Lines
    note: str


def gather_confirmed(
    paths: Sequence[str], options_of: OptionsOf, stdin_name: str | None, told: Mapping[str, Any], progress: Progress | None = None
) -> Confirmed:
    """Check the paths, and confirm the findings if `told["confirm"]` says where. NotReady when there is no torch for it."""

    def with_replays(path: str) -> Options:
        return replace(options_of(path), replays=True, entries=bool(told["runs"] and told["confirm"]))

    if not told["confirm"]:
        return Confirmed(*gather_reports(paths, with_replays, stdin_name, progress), "")
    python = interpreter(told["python"], [path for path in paths if path != "-"])
    with Confirmer(Settings(python, told["confirm"], told["confirm_time"], runs=bool(told["runs"]))) as confirmer:
        outcome, lines = gather_reports(paths, with_replays, stdin_name, progress)
        confirmed, note = confirmer.confirm(outcome, progress)
    return Confirmed(confirmed, lines, note)
