"""The shape that is left when axes are reduced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapecheck.book.arithmetic import axes, axis
from shapecheck.book.bind import to_int, to_ints
from shapecheck.book.dtypes import category
from shapecheck.book.elementwise import type_name
from shapecheck.book.outcome import Unsure
from shapecheck.sizes import Size
from shapecheck.values import DType, Tensor

PARTS = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}


def reduced_axes(dim: Any, rank: int) -> tuple[int, ...]:
    """The axes named by `dim`: all of them for None and for an empty list."""
    if dim is None:
        return tuple(range(rank))
    dims = to_ints(dim)
    return axes(dims, rank) if dims else tuple(range(rank))


def axis_if_known(dim: Any, rank: int) -> int | None:
    """The axis along which an op works that keeps the shape; None where it is not known."""
    try:
        place = to_int(dim)
    except Unsure:
        return None
    return axis(place, rank)


def reduced(shape: Sequence[Size], places: Iterable[int], keepdim: bool) -> tuple[Size, ...]:
    """The shape without these axes, or with 1 in their places."""
    gone = set(places)
    if keepdim:
        return tuple(1 if place in gone else size for place, size in enumerate(shape))
    return tuple(size for place, size in enumerate(shape) if place not in gone)


def asked_dtype(dtype: Any) -> str | None:
    """The name in a `dtype=` argument; None for no argument and for one that is not known."""
    return dtype.name if isinstance(dtype, DType) else None


def kind_of(tensor: Tensor) -> int:
    """The category of the dtype; floating when it is not known."""
    return 2 if tensor.dtype is None else category(tensor.dtype)


def name_of(tensor: Tensor) -> str:
    """The dtype as messages spell it."""
    return type_name(tensor.dtype or "")


def real_part(dtype: str | None) -> str | None:
    """The dtype of a norm or a variance: real for complex numbers."""
    return None if dtype is None else PARTS.get(dtype, dtype)
