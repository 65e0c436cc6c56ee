"""What torch raised although no finding says so."""

from __future__ import annotations

import os
from collections.abc import Sequence

from shapecheck.findings.replay import Missed
from shapecheck.show.palette import PLAIN, Palette


def missed_lines(missed: Sequence[Missed], palette: Palette = PLAIN) -> str:
    """net.py:12: missed: RuntimeError: mat1 and mat2 … (running `Net(4)(torch.rand(2, 3))` on cpu)"""
    if not missed:
        return palette.paint("good", "missed: nothing; no run raised an exception about shapes that no finding predicts") + "\n"
    lines = []
    for each in missed:
        relative = os.path.relpath(each.path)
        path = palette.paint("path", each.path if relative.startswith("..") else relative)
        sentence = " ".join(each.sentence.split())
        lines.append(
            f"{path}:{each.line}: {palette.paint('error', 'missed')} {each.error}: {sentence}\n  ran:   {each.entry}  on {each.device}"
        )
    return "\n".join(lines) + "\n"
