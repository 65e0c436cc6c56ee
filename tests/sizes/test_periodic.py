"""Exact answers for one symbol, against counting."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from shapecheck.sizes import Poly, Symbol, parse
from shapecheck.sizes.periodic import abstracted, always_zero, course
from tests.sizes.trees import ANY, H, Tree, program, size, trees

ONE = st.one_of(trees((H,), 6, "+ - * //"), trees((ANY,), 6, "+ - * //"))


@settings(max_examples=400, deadline=None)
@given(ONE, st.booleans())
def test_course(tree: Tree, zeros_only: bool) -> None:
    try:
        form = size(tree)
    except ZeroDivisionError:
        return
    plain = form if isinstance(form, int) else abstracted(form)
    if isinstance(plain, int) or len(plain.symbols) != 1 or plain.symbols not in ({H}, {ANY}):
        return
    found = course(plain, None, zeros_only)
    if found is None:
        return
    [symbol] = plain.symbols
    value = program(tree)
    values = {}
    for n in range(-150 if symbol is ANY else 1, 151):
        try:
            values[n] = value({symbol.name: n})
        except ZeroDivisionError:
            return
    zeros = [n for n, value in values.items() if value == 0]
    assert not found.constant_zero or len(zeros) == len(values)
    if not zeros_only:
        low, high = found.range
        assert low is None or low <= min(values.values())
        assert high is None or high >= max(values.values())
    if zeros:
        assert found.zeros is not None
        first, last = found.zeros
        assert first is None or first <= zeros[0]
        assert last is None or last >= zeros[-1]


@settings(max_examples=200, deadline=None)
@given(trees((H, ANY), 5, "+ - * //"), trees((H, ANY), 5, "+ - * //"))
def test_always_zero(left: Tree, right: Tree) -> None:
    try:
        form = size(("-", left, right))
    except ZeroDivisionError:
        return
    plain = form if isinstance(form, int) else abstracted(form)
    if isinstance(plain, Poly) and plain.symbols <= {H, ANY} and always_zero(plain):
        first, second = program(left), program(right)
        for h in range(1, 20):
            for n in range(-20, 20):
                try:
                    assert first({"H": h, "any": n}) == second({"H": h, "any": n})
                except ZeroDivisionError:
                    continue


def run(text: str, low: int | None = 1, high: int | None = None) -> tuple[object, object]:
    poly = parse(text, {"x": parse("x", {"x": Poly({(Symbol("x", low, high),): 1}, 0)})})
    assert isinstance(poly, Poly)
    found = course(poly)
    assert found is not None
    return found.range, found.zeros


def test_exact_bounds_and_zeros() -> None:
    assert run("x - (x + 1)//2 - 3") == ((-3, None), (6, 7))
    assert run("x//2 - 7") == ((-7, None), (14, 15))
    assert run("x*x - 49", None) == ((-49, None), (-7, 7))
    assert run("x*x - 5*x", None) == ((-6, None), (0, 5))
    assert run("5*x - x*x", None) == ((None, 6), (0, 5))
    assert run("x*x - 50", None) == ((-50, None), None)
    assert run("x*x*x - 27", 1, 9) == ((-26, 702), (3, 3))
    assert run("x - 4*(x//4)") == ((0, 3), (4, None))
