"""Numbers that satisfy what is known, small and different from each other."""

from __future__ import annotations

import pytest

from shapecheck.sizes import Facts, Symbol, parse
from tests.sizes.test_facts import known


def named(facts: Facts, names: str, wanted: dict[str, int] | None = None) -> dict[str, int] | None:
    found = facts.witness([Symbol(name) for name in names.split()], {Symbol(name): value for name, value in (wanted or {}).items()})
    return None if found is None else {symbol.name: value for symbol, value in found.items()}


def test_small_and_different() -> None:
    found = named(Facts(), "N C H W")
    assert found is not None
    assert len(set(found.values())) == 4
    assert all(2 <= value <= 7 for value in found.values())
    assert Facts().witness([]) == {}


def test_many_symbols_are_still_different() -> None:
    names = " ".join(f"s{i}" for i in range(60))
    found = named(Facts(), names)
    assert found is not None
    assert len(set(found.values())) == 60


def test_wanted_values_come_first() -> None:
    assert named(Facts(), "N C", {"N": 17}) == {"N": 17, "C": 2}
    found = named(known("H % 32 == 0"), "H W", {"H": 224})
    assert found is not None
    assert found["H"] == 224
    found = named(known("H % 32 == 0"), "H", {"H": 100})
    assert found is not None
    assert found["H"] % 32 == 0


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ("32*h*w == 2048", "h w"),
        ("32*h*w == 2048; h == w", "h w"),
        ("C % g == 0; g % 4 == 0; C > g", "C g"),
        ("(H//4)*(W//4) == 64", "H W N"),
        ("16*(H//4 - 3)*(W//4 - 3) == 400", "H W"),
        ("H >= 224; W >= 224; H % 32 == 0", "H W"),
        ("a < b; b < c; c < d", "a b c d"),
        ("(H - 1)//2 + 1 == 7", "H"),
        ("H != 2; H != 3; H != 5", "H"),
        ("400 | 16*N*(H//4 - 3)*(W//4 - 3)", "N H W"),
        ("C == heads*dim; dim % 2 == 0; heads > 3", "C heads dim"),
        ("H*W*C == 3072", "H W C"),
        ("2*H == 3*W", "H W"),
        ("H > 1000", "H"),
        ("H*W > 5000; H == W", "H W"),
    ],
)
def test_facts_hold(facts: str, names: str) -> None:
    stated = known(*facts.split("; "))
    found = named(stated, names)
    assert found is not None
    pinned: Facts | None = stated
    for name, value in found.items():
        assert pinned is not None
        assert value >= 1
        pinned = pinned.assume_eq(parse(name), value)
    assert pinned is not None


def test_symbols_of_facts_need_not_be_asked_for() -> None:
    assert named(known("H == 2*K"), "H") is not None


def test_none_where_none_is_found() -> None:
    assert named(known("a**3 + b**3 == c**3", "a >= 2", "b >= 2"), "a b c") is None
