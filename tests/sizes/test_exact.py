"""Division without remainder."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from shapecheck.sizes import exact_div, parse, symbol
from tests.sizes.trees import ANY, H, Tree, W, size, trees

THREE = (H, W, ANY)


@settings(max_examples=200, deadline=None)
@given(trees(THREE, 5, "+ - *"), trees(THREE, 4, "+ - *"))
def test_a_product_divides(left: Tree, right: Tree) -> None:
    a, b = size(left), size(right)
    if b == 0:
        assert exact_div(a, b) is None
    else:
        assert exact_div(a * b, b) == a


@settings(max_examples=200, deadline=None)
@given(trees(THREE, 5), trees(THREE, 3))
def test_a_quotient_multiplies_back(left: Tree, right: Tree) -> None:
    try:
        a, b = size(left), size(right)
    except ZeroDivisionError:
        return
    quotient = exact_div(a, b)
    if quotient is not None:
        assert quotient * b == a


@pytest.mark.parametrize(
    ("a", "b", "quotient"),
    [
        ("6*H", "3", "2*H"),
        ("6*H + 1", "3", None),
        ("H*W*C", "W", "C*H"),
        ("H*W + W", "W", "H + 1"),
        ("H*W + 1", "W", None),
        ("12*N*(H//2)", "4*(H//2)", "3*N"),
        ("H**2 - W**2", "H + W", "H - W"),
        ("H**2 - W**2 + 1", "H + W", None),
        ("H", "W", None),
        ("H", "H*W", None),
        ("H//2", "H", None),
        ("0", "H", "0"),
        ("7", "H", None),
        ("12", "4", "3"),
        ("12", "5", None),
        ("12", "0", None),
        ("H + W", "2*H + 2*W", None),
    ],
)
def test_quotients(a: str, b: str, quotient: str | None) -> None:
    found = exact_div(parse(a), parse(b))
    assert (None if found is None else str(found)) == quotient


def test_a_quotient_of_a_quotient() -> None:
    h = symbol("H")
    assert exact_div(4 * (h // 2), 2) == 2 * (h // 2)
