"""The elements of small constant tensors, as indexing picks them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

from shapecheck.sizes import Size
from shapecheck.values import Tensor

MOST_ELEMENTS = 4096
Places = list[list[int]]  # the places picked along each axis


def small(shape: Sequence[Size]) -> bool:
    """Whether all sizes are numbers, and the elements few enough to be kept."""
    return all(isinstance(size, int) for size in shape) and prod(size for size in shape if isinstance(size, int)) <= MOST_ELEMENTS


def all_of(picked: Places | None, size: Size) -> Places | None:
    """The places so far, and all places of one more axis."""
    return None if picked is None or not isinstance(size, int) else [*picked, list(range(size))]


def sliced(picked: Places | None, start: Size | None, size: Size, step: Size) -> Places | None:
    """The places so far, and those of a slice of one more axis."""
    if picked is None or not isinstance(start, int) or not isinstance(size, int) or not isinstance(step, int):
        return None
    return [*picked, [start + step * count for count in range(size)]]


def elements_at(input: Tensor, picked: Places | None) -> tuple[Any, ...] | None:
    """The elements at these places, in order."""
    if picked is None or input.elements is None:
        return None
    steps = [prod(size for size in input.shape[place + 1 :] if isinstance(size, int)) for place in range(input.rank)]
    return tuple(input.elements[sum(place * step for place, step in zip(point, steps, strict=True))] for point in product(*picked))
