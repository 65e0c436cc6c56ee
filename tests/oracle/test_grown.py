"""Random programs, and the same with one size bumped: torch's verdict is shapecheck's. More of them: `python -m tests.oracle.grown`."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch

from tests.oracle import grown

SEEDS = range(240)
REFUSED = 0.96  # of the programs that torch refuses
WORDED = 0.98  # of the refusals


def test_grown_programs() -> None:
    torch.set_num_threads(1)
    count, shown = grown.judge(SEEDS)
    assert not shown.get("wrong")
    refused = {outcome: sum(n for (kind, seen), n in count.items() if kind.endswith("refused") and seen == outcome) for _, outcome in count}
    right = {outcome: sum(n for (kind, seen), n in count.items() if kind.endswith("right") and seen == outcome) for _, outcome in count}
    assert min(sum(refused.values()), sum(right.values())) > 50, "the grower grows one kind only"
    assert right["agrees"] >= 0.98 * sum(right.values())
    told = refused["agrees"] + refused.get("reworded", 0)
    assert told >= REFUSED * sum(refused.values()), shown.get("missed")
    assert refused["agrees"] >= WORDED * told, shown.get("reworded")
