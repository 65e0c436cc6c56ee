"""Torch judges shapecheck over its own tables of ops and layers. Everything is asked by `make oracle`, here a part of it."""

from __future__ import annotations

import inspect

import pytest

pytest.importorskip("torch")
pytest.importorskip("expecttest")

import torch

from shapecheck.book.loader import load_rules
from shapecheck.book.rule import LAYERS
from tests.oracle import misses
from tests.oracle.judge import Judged, judge
from tests.oracle.op_table import Unwritten
from tests.oracle.tables import TABLES
from tests.oracle.tally import Tally, is_known

ANSWERED = 0.98  # of the right calls of known ops
CAUGHT = 0.95  # of the calls that torch refuses for a shape
WORDED = 0.95  # of the refusals, word for word

torch.set_num_threads(1)


def settle(*tables: str) -> Tally:
    """Nothing is wrong in these tables, what is missed is listed, and what is listed is missed."""
    judged = [one for table in tables for one in judge(list(TABLES[table](Unwritten(), True)))]
    tally = Tally()
    tally.add(judged)
    assert not [str(one) for one in judged if one.outcome == "wrong"]
    listed = misses.read()
    assert not misses.differences(((one.sample.key, one.outcome) for one in judged if one.refusing and is_known(one.sample)), listed)
    assert caught(judged, listed) >= CAUGHT
    assert tally.worded >= WORDED
    return tally


def caught(judged: list[Judged], listed: dict[str, misses.Miss]) -> float:
    """Of what torch refuses for a shape, a rank, a size or an axis, the share that shapecheck refuses."""
    others = {key for key, miss in listed.items() if miss.about != "shapes"}
    refused = [one for one in judged if one.refusing and is_known(one.sample) and one.sample.key not in others]
    return 1 - sum(one.outcome == "missed" for one in refused) / max(len(refused), 1)


def test_ops() -> None:
    assert settle("op_db").answered >= ANSWERED


def test_ops_that_are_refused() -> None:
    settle("op_db errors")


def test_layers() -> None:
    assert settle("module_db", "module_db errors").answered == 1


def test_one_size_bumped() -> None:
    assert settle("one size bumped").answered >= ANSWERED


def test_every_layer_is_known() -> None:
    """All public layer classes of torch.nn; containers are the interpreter's, and the bases of others are not layers."""
    load_rules()
    elsewhere = {"Module", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "Container", "DataParallel"}
    bases = {"RNNBase", "RNNCellBase"}
    classes = {name for name, cls in vars(torch.nn).items() if inspect.isclass(cls) and issubclass(cls, torch.nn.Module)}
    assert not {name for name in classes - elsewhere - bases if f"torch.nn.{name}" not in LAYERS}


def test_no_entry_of_the_list_is_forgotten() -> None:
    """An entry of known_misses.toml names a call that is in the tables."""
    op_titles = {key.partition("[")[0].partition("!")[0] for key in misses.read()}
    assert op_titles <= _titles()


def _titles() -> set[str]:
    from tests.oracle import module_table, op_table  # here: the tables take seconds to import

    return {op_table.title(op) for op in op_table.entries()} | {module_table.class_name(info) for info in module_table.entries()}
