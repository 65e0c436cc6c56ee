"""Smallest and largest sizes."""

from __future__ import annotations

import pytest

from shapecheck.sizes import maximum, minimum, parse, symbol

H, W = symbol("H"), symbol("W")


def test_numbers() -> None:
    assert minimum(3, 2, 7) == 2
    assert maximum(3, 2, 7) == 7
    with pytest.raises(ValueError, match="no sizes"):
        minimum()


def test_order_and_repetition_do_not_matter() -> None:
    assert minimum(H, W) == minimum(W, H, W)
    assert maximum(H, maximum(W, 3)) == maximum(3, W, H)
    assert minimum(minimum(H, W), parse("C")) == minimum(H, W, parse("C"))
    assert minimum(H) == H


def test_what_never_counts_drops_out() -> None:
    assert minimum(H, H + 1) == H
    assert maximum(H, H + 1) == H + 1
    assert minimum(H, 1) == 1
    assert maximum(H, 0) == H
    assert maximum(H - 1, 0) == H - 1
    assert maximum(H // 2, H) == H
    assert minimum(H, 2 * H) == H
    assert str(maximum(H - 2, 0)) == "max(H - 2, 0)"
    assert minimum(symbol("few", 2, 4), 5) == symbol("few", 2, 4)
