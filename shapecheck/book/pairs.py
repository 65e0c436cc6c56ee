"""Operators of two operands, either of which may be a number: shapes that broadcast, writing in place, kernels."""

from __future__ import annotations

from typing import Any

from shapecheck.book.arithmetic import broadcast
from shapecheck.book.context import inplace, spelled
from shapecheck.book.dtypes import category
from shapecheck.book.elementwise import elementwise, into, not_implemented, written
from shapecheck.book.operands import operands
from shapecheck.book.outcome import Unsure
from shapecheck.book.reckon import reckoned
from shapecheck.values import Tensor

CATEGORIES = {"b": 0, "i": 1, "f": 2, "c": 3}


def joined_shape(a: Any, b: Any) -> tuple[Any, ...]:
    """The shape of two operands together."""
    if not isinstance(b, Tensor):
        shape: tuple[Any, ...] = a.shape
        return shape
    if not isinstance(a, Tensor):
        return b.shape
    return a.shape if a.shape == b.shape else broadcast(a.shape, b.shape)


def pair(input: Any, other: Any) -> tuple[Any, Any]:
    """Both operands as tensors or numbers; one of them is a tensor."""
    a, b = operands(input, other)
    if not isinstance(a, Tensor) and not isinstance(b, Tensor):
        raise Unsure("an operator of tensors applied to two numbers")
    return a, b


def combine(
    input: Any, a: Any, b: Any, result: str | None, kernel: str, refused: str, common: str | None, out: Any, cast: bool = True
) -> Tensor:
    """The result: broadcast, check what is written into, check the kernel; in the order in which torch does.

    result   its dtype; common is what both are promoted to, and `refused` the categories of it (b, i, f, c) that the kernel has not.
    cast     whether torch checks that the result can be cast to the tensor that is written in place.
    """
    in_place = inplace()
    if in_place:
        if isinstance(a, Tensor):
            input = a  # a free value is by now the tensor that it most likely is
        written(input)
    shape = joined_shape(a, b)
    if in_place:
        written(input, shape, result if cast else None)
    if common is not None and category(common) in (CATEGORIES[letter] for letter in refused) and "float8" not in common:
        not_implemented(kernel, common)
    if in_place:
        changed: Tensor = input  # its elements were forgotten when it was written
        return changed
    made = elementwise(shape, (a, b), result)
    made.elements = reckoned(spelled(), made, a, b)
    return into(out, made)
