"""Sizes read as Python, and what is read is the same size."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapecheck.sizes import Opaque, Size, Symbol, of_atom, parse, symbol
from tests.sizes.trees import SYMBOLS, Tree, number, samples, size, trees

NAMES: dict[str, Size] = {one.name: of_atom(one) for one in SYMBOLS}


@settings(max_examples=400, deadline=None)
@given(trees(leaves=9))
def test_round_trip(tree: Tree) -> None:
    try:
        form = size(tree)
    except ZeroDivisionError:
        return
    again = parse(str(form), NAMES)
    assert again == form
    assert str(again) == str(form)


@settings(max_examples=400, deadline=None)
@given(trees(), samples())
def test_text_means_the_same_to_python(tree: Tree, point: dict[str, int]) -> None:
    try:
        form = size(tree)
        expected = number(tree, point)
    except ZeroDivisionError:
        return
    assert eval(str(form), {}, {**point, "min": min, "max": max}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2*N*(H//2) - 3",
        "min(a, b)",
        "config.hidden_size",
        "x.shape[2]",
        "3*cfg['dim'] + 2*x.shape[-1]",
        "sizes[i + 1].n[0]//4",
        "int(0.667, H)",
        "int('up', H//2, 3) + 1",
        "f()",
        "3 - H",
        "-(H//2) - 3",
        "H**3*W**2",
        "(H//2)**2",
        "H % 4 + 1",
        "2*(H % 4)",
        "C//(2*g)",
        "(C + 1)//(g*h)",
        "3//W",
        "(-5)//W",
        "max(H//2, 3)",
        "(-H) % 4",
        "N*(H % 4)",
        "12",
        "-12",
    ],
)
def test_text_is_kept(text: str) -> None:
    assert str(parse(text)) == text


def test_names() -> None:
    hidden = symbol("self.hidden", 0, 9)
    assert parse("2*self.hidden", {"self.hidden": hidden}) == 2 * hidden
    assert parse("len(xs) + 1", {"len(xs)": hidden}) == hidden + 1
    assert parse("H*2", {"H": 5}) == 10
    opaque = of_atom(Opaque("int", ("0.5", symbol("H")), 0, None))
    assert parse(str(3 * opaque), {str(opaque): opaque}) == 3 * opaque


@pytest.mark.parametrize(
    "text", ["", "H +", "(H", "H)", "1.5", "H[", "H H", "2^3", "f(H", "min()", "H**W", "a..b", "'x'", "H**-1", "[1]", "min('a')"]
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        parse(text)


def test_deep_nesting_is_refused_not_crashed() -> None:
    with pytest.raises(ValueError, match="less nesting"):
        parse("(" * 5000 + "H" + ")" * 5000)


@given(st.text("()HW+-*/%[].'1 ,", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        form = parse(text)
    except (ValueError, ZeroDivisionError):
        return
    assert parse(str(form)) == form


def test_symbols_say_their_name() -> None:
    assert str(Symbol("N")) == "N"
    assert repr(Symbol("N")) == "Symbol('N', 1, None)"
    assert repr(symbol("N") + 1) == "<N + 1>"
    with pytest.raises(ValueError, match="no value"):
        Symbol("N", 3, 2)
