"""Names for the sizes of the tables' samples: at the point they agree, and nothing that is right at the point is refused."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("expecttest")

import torch

from tests.oracle import symbolic
from tests.oracle.op_table import Unwritten
from tests.oracle.tables import TABLES
from tests.oracle.tally import is_known

# the rest took another of the cases that the names leave open, or is not known
AGREEING = 0.85


@pytest.mark.parametrize("table", ["op_db", "module_db"])
def test_names_for_sizes(table: str) -> None:
    torch.set_num_threads(1)
    samples = [named for sample in TABLES[table](Unwritten(), True) if is_known(sample) for named in symbolic.named(sample)]
    count, wrong = symbolic.judge(samples)
    assert not wrong
    assert count["agrees"] >= AGREEING * count.total()
