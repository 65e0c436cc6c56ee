"""What the ops that make new tensors check and find out alike."""

from __future__ import annotations

from typing import Any

from shapecheck.book.context import current
from shapecheck.book.dtypes import category
from shapecheck.book.expect import expect, expect_ge
from shapecheck.book.strides import channels_last_strides, layout_of
from shapecheck.book.words import brackets, word
from shapecheck.sizes import Poly, Size
from shapecheck.values import CONTIGUOUS, SymFloat, Tensor

NO_GRADIENT = "Only Tensors of floating point and complex dtype can require gradients"


def expect_sizes(shape: tuple[Size, ...], function: str) -> None:
    """No size is negative."""
    for size in shape:

        def sentence(size: Size = size) -> str:
            if function == "zeros":
                return "zeros: Dimension size must be non-negative."
            return f"Trying to create tensor with negative dimension {word(size)}: {brackets(shape)}"

        expect_ge(size, 0, "SHP118", sentence, message=lambda size=size: f"a size of {word(size)}", actual=size)


def expect_gradient(dtype: str | None, requires_grad: Any) -> None:
    """Only floats can require gradients."""
    wrong = requires_grad is True and dtype is not None and category(dtype) < 2
    expect(not wrong, "SHP117", NO_GRADIENT, message=f"requires_grad for {dtype}", actual=dtype)


def number_dtype(value: Any) -> str | None:
    """The dtype that torch.full takes from a number."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Poly)):
        return "int64"
    if isinstance(value, (float, SymFloat)):
        return "float32"
    if isinstance(value, complex):
        return "complex64"
    return value.dtype if isinstance(value, Tensor) else None


def expect_number(value: Any, function: str) -> None:
    """What fills a tensor is a number, or a tensor of no axes."""
    if isinstance(value, Tensor):
        wrong = f"{function}(): argument 'fill_value' (position 2) must be Number, not Tensor"
        expect(value.rank == 0, "SHP118", wrong, message=f"{function} with a tensor of {brackets(value.shape)}", error="TypeError")


def expect_range(low: Any, high: Any) -> None:
    """low < high"""
    if isinstance(low, (int, Poly)) and isinstance(high, (int, Poly)):
        empty = current().facts.ge(low, high).yes
        sentence = f"random_ expects 'from' to be less than 'to', but got from={word(low)} >= to={word(high)}"
        expect(not empty, "SHP118", sentence, message="a range without numbers", expected=high, actual=low)


def format_layout(shape: tuple[Size, ...], memory_format: Any) -> Any:
    """The layout of new memory in a memory format; None when that is not known."""
    name = "contiguous_format" if memory_format is None else getattr(memory_format, "name", "?").rpartition(".")[2]
    if name.startswith("channels_last"):
        rank = 5 if name.endswith("3d") else 4
        expect(len(shape) == rank, "SHP107", f"required rank {rank} tensor to use {name} format", expected=rank, actual=len(shape))
        return layout_of(shape, channels_last_strides(shape))
    return CONTIGUOUS if name == "contiguous_format" else None
