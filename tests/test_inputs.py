"""Shapes as users write them."""

from __future__ import annotations

import pytest

from shapecheck.inputs import StatedInput, StatedShape, read_input, read_shape


@pytest.mark.parametrize(
    ("text", "shape", "dtype"),
    [
        ("1,3,224,224", (1, 3, 224, 224), None),
        ("N,3,H,W", ("N", 3, "H", "W"), None),
        ("(2, 10)", (2, 10), None),
        ("[2, 10]", (2, 10), None),
        ("5", (5,), None),
        ("5,", (5,), None),
        ("()", (), None),
        ("2,10:int64", (2, 10), "int64"),
        ("(2, 10) : torch.bool", (2, 10), "bool"),
        ("0,3", (0, 3), None),
    ],
)
def test_shapes(text: str, shape: tuple[int | str, ...], dtype: str | None) -> None:
    assert read_shape(text) == StatedShape(shape, dtype)


@pytest.mark.parametrize("text", ["", "1,,2", "1;2", "-1,3", "3x4", "(1,2", "1,2:int65", "H//2", "1 2"])
def test_what_is_no_shape(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no|no dtype"):
        read_shape(text)


def test_inputs() -> None:
    assert read_input("Net.forward x=2,3,224,224") == (StatedInput("Net.forward", "x", StatedShape((2, 3, 224, 224))),)
    assert read_input("  encode  ids = 2, 10 :int64  mask=(2,10):bool ") == (
        StatedInput("encode", "ids", StatedShape((2, 10), "int64")),
        StatedInput("encode", "mask", StatedShape((2, 10), "bool")),
    )


@pytest.mark.parametrize("text", ["", "Net.forward", "x=2,3", "Net.forward 2,3", "Net.forward x=", "Net.forward junk x=2,3", "Net..f x=2"])
def test_what_is_no_input(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        read_input(text)
