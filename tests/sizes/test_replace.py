"""Substitution and evaluation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from shapecheck.sizes import Opaque, Symbol, evaluate, of_atom, parse, substitute, symbol, symbols_of
from tests.sizes.trees import ANY, H, Tree, W, number, samples, size, trees

TWO = (H, W)


@settings(max_examples=300, deadline=None)
@given(trees((H, W, ANY), 6), trees(TWO, 3, "+ *"), samples())
def test_substitution_is_composition(tree: Tree, inner: Tree, point: dict[str, int]) -> None:
    try:
        value = number(inner, point)
        expected = number(tree, {**point, "any": value})
        form = substitute(size(tree), {ANY: size(inner)})
    except ZeroDivisionError:
        return
    assert ANY not in symbols_of(form)
    try:
        assert evaluate(form, point) == expected
    except ZeroDivisionError:
        pytest.fail("the normal form divides by zero where the expression does not")


@settings(max_examples=100, deadline=None)
@given(trees((H, W, ANY), 6), samples())
def test_numbers_for_every_symbol_give_the_value(tree: Tree, point: dict[str, int]) -> None:
    try:
        expected = number(tree, point)
        form = size(tree)
    except ZeroDivisionError:
        return
    assert substitute(form, {one: point[one.name] for one in (H, W, ANY)}) == expected


def test_all_at_once() -> None:
    assert substitute(parse("H + 2*W"), {H: parse("W"), W: parse("H")}) == parse("W + 2*H")
    assert substitute(7, {H: 3}) == 7
    assert substitute(parse("C//2"), {H: 3}) == parse("C//2")


def test_symbols_are_found_everywhere() -> None:
    form = parse("min(a, b//c)*int('x', d) + e % 3")
    assert {one.name for one in symbols_of(form)} == set("abcde")
    assert symbols_of(3) == frozenset()


def test_opaque_values() -> None:
    rounded = of_atom(Opaque("int", ("0.5", symbol("H")), 0, 99))
    assert evaluate(rounded + 1, {"int(0.5, H)": 4}) == 5
    with pytest.raises(KeyError):
        evaluate(rounded, {"H": 8})
    assert str(substitute(rounded, {Symbol("H"): parse("2*W")})) == "int(0.5, 2*W)"
    assert substitute(rounded, {Symbol("H"): parse("W")}) != rounded


def test_bounds_of_opaque_values_hold_for_admitted_values_only() -> None:
    rounded = Opaque("f", (symbol("H", 1, 9),), 0, 99)
    kept = substitute(of_atom(rounded), {Symbol("H", 1, 9): symbol("K", 2, 5)})
    lost = substitute(of_atom(rounded), {Symbol("H", 1, 9): symbol("K")})
    assert kept == of_atom(Opaque("f", (symbol("K", 2, 5),), 0, 99))
    assert lost == of_atom(Opaque("f", (symbol("K"),)))


def test_division_by_what_becomes_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        substitute(parse("H//W"), {W: 0})
