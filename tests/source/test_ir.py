"""The nodes themselves."""

from __future__ import annotations

import copy
import pickle

import pytest

from shapecheck.source import ir
from shapecheck.source.chunks import whole
from shapecheck.source.lower import lower
from tests.source.snippets import SNIPPETS
from tests.source.test_lower import known, nodes

KINDS = [
    kind for kind in vars(ir).values() if isinstance(kind, type) and issubclass(kind, ir.Node) and kind not in (ir.Node, ir.Expr, ir.Stmt)
]
EVERY = lower(whole("\n".join(text for text in SNIPPETS if known(text) and "return" not in text.split("\n")[0])))


def test_every_kind_comes_out_of_the_snippets() -> None:
    assert {type(node) for node in nodes(EVERY.statements)} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_fields_are_slots_and_parameters(kind: type[ir.Node]) -> None:
    values = list(range(len(kind.fields)))
    node = kind(7, *values)
    assert node.n == 7
    assert [getattr(node, field) for field in kind.fields] == values
    assert not hasattr(node, "__dict__")
    assert tuple(kind.__slots__) == kind.fields  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        kind(7, *values, None)


def test_nodes_can_be_kept() -> None:
    again = pickle.loads(pickle.dumps(EVERY, pickle.HIGHEST_PROTOCOL))
    assert repr(again.statements) == repr(EVERY.statements)
    assert [node.n for node in nodes(again.statements)] == [node.n for node in nodes(EVERY.statements)]
    assert again.count == EVERY.count
    assert repr(copy.deepcopy(EVERY.statements)) == repr(EVERY.statements)
