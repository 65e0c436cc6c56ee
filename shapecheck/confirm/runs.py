"""Runs the entries of files, and lists the exceptions about shapes that no finding predicts: what shapecheck misses."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

from shapecheck.confirm.ask import CALL, Asker, Run, blames_limits
from shapecheck.findings.replay import Missed, Replay

ABOUT_SHAPES = re.compile(
    r"size|shape|dimension|\bdims?\b|\bdim=|mat1|mat2|reduction dim|channels|broadcast|out of (?:range|bounds)|number of elements|stride"
    r"|expected .*input|kernel|divisible|subscript|batch|Target|same number|input\.size|num_features|embed|non-singleton|unpack",
    re.IGNORECASE,
)
KINDS = {"RuntimeError", "ValueError", "IndexError", "TypeError", "AssertionError"}
LIBRARY = re.compile(r"[/\\\\](?:site|dist)-packages[/\\\\]|[/\\\\]lib[/\\\\]python3")


def run_entries(asker: Asker, entries: Sequence[Replay]) -> tuple[tuple[Missed, ...], int]:
    """What the entries raise about shapes where no finding says so, and how many entries ran."""
    device = {"auto": "cpu"}.get(asker.where, asker.where)
    found: dict[tuple[str, int], Missed] = {}
    ran = 0
    for entry in entries:
        asker.afresh()
        missed, whole = _run(asker, entry, Run(device))
        ran += whole
        if missed is not None:
            found.setdefault((missed.path, missed.line), missed)
    return tuple(found.values()), ran


def _run(asker: Asker, entry: Replay, run: Run) -> tuple[Missed | None, bool]:
    """The exception of one entry that nobody foresaw; behind what was foreseen it goes on."""
    for program in entry.programs[-1:]:
        while True:
            answer = asker.run(entry, program, run)
            if answer is None:
                return None, False
            raised = answer["raised"]
            if raised is None:
                return None, True
            first = asker.predicted(raised, entry)
            if first is not None and asker.pass_over(first, entry):
                continue
            if first is not None or not about_shapes(raised):
                return None, first is not None
            path, line = place(raised, entry)
            return Missed(path, line, raised["kinds"][0], raised["text"], entry.label, run.name), True
    return None, False


def about_shapes(raised: dict[str, Any]) -> bool:
    """Whether an exception is torch's word on sizes, as far as its text tells."""
    return raised["kinds"][0] in KINDS and not blames_limits(raised) and ABOUT_SHAPES.search(raised["text"]) is not None


def place(raised: dict[str, Any], entry: Replay) -> tuple[str, int]:
    """The deepest line of the user's on the way to an exception."""
    frames = [frame for frame in raised["frames"] if not LIBRARY.search(frame[0]) and not frame[0].startswith("<")]
    own = [frame for frame in frames if os.path.basename(frame[0]) != "worker.py"]
    if own:
        return own[-1][0], own[-1][1]
    return entry.path, 0 if any(frame[0] == CALL for frame in raised["frames"]) else 1
