"""Kleene's three values."""

from __future__ import annotations

import itertools

import pytest

from shapecheck.sizes import Truth, truth

CASES = {Truth.YES: {True}, Truth.NO: {False}, Truth.MAYBE: {True, False}}


def told(values: set[bool]) -> Truth:
    return next(answer for answer, meant in CASES.items() if meant == values)


def test_tables() -> None:
    for a, b in itertools.product(Truth, repeat=2):
        assert (a & b) is told({x and y for x in CASES[a] for y in CASES[b]})
        assert (a | b) is told({x or y for x in CASES[a] for y in CASES[b]})
    for a in Truth:
        assert ~a is told({not x for x in CASES[a]})


def test_never_a_bool() -> None:
    for answer in Truth:
        with pytest.raises(TypeError, match="ask for one"):
            bool(answer)
    assert truth(True) is Truth.YES
    assert truth(False) is Truth.NO
    assert [(a.yes, a.no, a.maybe) for a in Truth] == [(True, False, False), (False, True, False), (False, False, True)]
