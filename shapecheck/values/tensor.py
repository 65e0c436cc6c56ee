"""Tensors as the analysis knows them: shape, strides, dtype, and where they came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapecheck.sizes import Size, true_product

CONTIGUOUS = True  # the mark in `layout` for row-major strides, worked out from the shape only when somebody asks


class Tensor:
    """A tensor of known rank.

    shape    sizes, one an axis.
    layout   CONTIGUOUS, a tuple of strides in elements, or None when the strides are not known.
    offset   storage offset in elements, None when not known.
    dtype    short torch name ('float32', 'int64') or None when not known.
    elements the values, flat and row-major, of a small constant tensor (ints, floats, bools), else None.
    role     'parameter', 'buffer' or ''.
    number   what a tensor of one element is, where that is a size with a name; None when nothing is known.
    within   the least and the greatest whole number that an element can be (`randint`), None when not known.
    made     what made it (see `Made`), for the trail of a report; set by the interpreter, not by rules.
    """

    __slots__ = ("device", "dtype", "elements", "layout", "made", "number", "offset", "role", "shape", "trainable", "within")

    def __init__(
        self,
        shape: Iterable[Size],
        dtype: str | None = None,
        layout: Any = CONTIGUOUS,
        offset: Size | None = 0,
        elements: tuple[Any, ...] | None = None,
        role: str = "",
        device: str | None = None,
    ) -> None:
        self.shape: tuple[Size, ...] = tuple(shape)
        self.dtype = dtype
        self.layout = layout
        self.offset = offset
        self.elements = elements
        self.role = role
        self.device = device
        self.made: Made | None = None
        self.number: Size | None = None
        self.within: tuple[int, int] | None = None
        self.trainable: bool | None = None  # what `requires_grad` was set to, None when it was not set

    def copy(self) -> Tensor:
        """Another tensor that is alike in everything."""
        made = Tensor(self.shape, self.dtype, self.layout, self.offset, self.elements, self.role, self.device)
        made.made, made.trainable = self.made, self.trainable
        return made

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def strides(self) -> tuple[Size, ...] | None:
        """Strides in elements, or None when they are not known."""
        if self.layout is CONTIGUOUS:
            return contiguous_strides(self.shape)
        strides: tuple[Size, ...] | None = self.layout
        return strides

    def numel(self) -> Size:
        return true_product(self.shape)

    def __repr__(self) -> str:
        return f"Tensor({', '.join(map(str, self.shape))})"


class Made:
    """Where a tensor was made: an opaque place, words for it (`Conv2d(3, 64, 3)`), and the tensors it was made from."""

    __slots__ = ("label", "parents", "place")

    def __init__(self, place: Any, label: Any, parents: tuple[Tensor, ...]) -> None:
        self.place = place
        self.label = label
        self.parents = parents


def contiguous_strides(shape: tuple[Size, ...]) -> tuple[Size, ...]:
    """Row-major strides as torch gives them to a new tensor: sizes of 0 count as 1."""
    strides: list[Size] = []
    step: Size = 1
    for size in reversed(shape):
        strides.append(step)
        if size != 0:
            step = step * size
    return tuple(reversed(strides))
