"""Strides: which views exist, which tensors are row-major, and how torch lays out what it allocates itself.

With sizes that are names, every question is asked under the assumption that each name stands for 3 or more: an axis of one
element has no real stride, and nobody means `B` to be 1. What stays open even then is answered with None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapecheck.book.context import current
from shapecheck.book.elementwise import elementwise_layout
from shapecheck.sizes import Facts, FloorDiv, Poly, Size, Truth, exact_div, of_atom, symbols_of
from shapecheck.values import CONTIGUOUS, Tensor, contiguous_strides

Strides = tuple[Size, ...]


class NoView(Exception):
    """The strides of a tensor do not allow a view of that shape."""


def generic(*sizes: Iterable[Size]) -> Facts:
    """What is known on the path, and that each name in these sizes is 3 or more unless that contradicts it.

    So is a quotient that is known to come out even (the C//heads of a view that took place); H//32 may well be 1.
    """
    facts = current().facts
    polys = frozenset(simple for group in sizes for size in group if isinstance(simple := facts.simplify(size), Poly))
    if not polys:
        return facts
    if _Generic.base is not facts:
        _Generic.base, _Generic.found = facts, {}
    known = _Generic.found.get(polys)
    if known is None:
        known = _Generic.found[polys] = _assumed(facts, polys)
    return known


class _Generic:
    """The answers of `generic` for the facts that were current last: the same few sizes are asked about over and over."""

    base: Facts | None = None
    found: dict[frozenset[Poly], Facts] = {}


def _assumed(facts: Facts, polys: Iterable[Poly]) -> Facts:
    names = {symbol for poly in polys for symbol in symbols_of(poly)}
    for symbol in sorted(names, key=lambda symbol: symbol.order):
        facts = facts.assume_le(3, of_atom(symbol)) or facts
    quotients = {atom for poly in polys for monomial in poly.terms for atom in monomial if isinstance(atom, FloorDiv)}
    for atom in sorted(quotients, key=lambda atom: atom.order):
        if facts.divides(atom.den, atom.num).yes:
            facts = facts.assume_le(3, of_atom(atom)) or facts
    return facts


def same_size(a: Size, b: Size, facts: Facts) -> Truth:
    """Equality of sizes and strides that are not zero, asked often of numbers and of one and the same size."""
    if a is b or a == b:
        return Truth.YES
    answer = facts.eq(a, b)
    if answer.maybe:
        for whole in (exact_div(a, b), exact_div(b, a)):
            if whole is not None:
                return facts.eq(whole, 1)
    return answer


def layout_of(shape: Sequence[Size], strides: Strides | None) -> Any:
    """The strides as `Tensor.layout` wants them."""
    return CONTIGUOUS if strides is not None and strides == contiguous_strides(tuple(shape)) else strides


def view_strides(shape: Sequence[Size], strides: Strides, target: Sequence[Size]) -> Strides | None:
    """The strides of a view of shape `target`, None where that cannot be told; raises NoView where there is none.

    aten/src/ATen/TensorUtils.cpp, computeStride. The numbers of elements have to be equal already.
    """
    if not shape:
        return (1,) * len(target)
    facts = generic(shape, strides, target)
    if any(same_size(size, 0, facts).yes for size in shape):
        return tuple(strides) if tuple(shape) == tuple(target) else contiguous_strides(tuple(target))
    result: list[Size] = [1] * len(target)
    place = len(target)  # axes of the target from here on have their stride
    chunk: Size = 1
    base = strides[-1]
    for axis in range(len(shape) - 1, -1, -1):
        chunk = chunk * shape[axis]
        if axis > 0:
            joined = same_size(shape[axis - 1], 1, facts) | same_size(strides[axis - 1], facts.simplify(chunk * base), facts)
            if joined.maybe:
                return None
            if joined.yes:
                continue
        start = _chunk_start(target, place, chunk, facts)
        if start is None:
            return None
        step = base
        for index in range(place - 1, start - 1, -1):
            result[index] = step
            step = step * target[index]
        place = start
        if axis > 0:
            chunk, base = 1, strides[axis - 1]
    for index in range(place - 1, -1, -1):  # ones are left, or nothing
        if same_size(target[index], 1, facts).no:
            raise NoView
    return tuple(result)


def _chunk_start(target: Sequence[Size], place: int, chunk: Size, facts: Facts) -> int | None:
    """The first axis of the run of target axes before `place` that has `chunk` elements; None where it cannot be told."""
    chunk = facts.simplify(chunk)
    product: Size = 1
    open_question = False
    start = place
    while True:
        answer = same_size(product, chunk, facts)
        if answer.yes:
            while start > 0 and same_size(target[start - 1], 1, facts).yes:
                start -= 1
            return start
        open_question = open_question or answer.maybe
        if start == 0:
            break
        start -= 1
        product = facts.simplify(product * target[start])
    if open_question:
        return None
    raise NoView


def is_contiguous(tensor: Tensor) -> Truth:
    """Row-major without gaps."""
    if tensor.layout is CONTIGUOUS:
        return Truth.YES
    if tensor.layout is None:
        return Truth.MAYBE
    return in_order(tensor.shape, tensor.layout, range(tensor.rank - 1, -1, -1))


def in_order(shape: Sequence[Size], strides: Strides, order: Iterable[int]) -> Truth:
    """Whether the axes in this order, fastest first, have the strides of a tensor without gaps."""
    facts = generic(shape, strides)
    if any(same_size(size, 0, facts).yes for size in shape):
        return Truth.YES
    answer = Truth.YES
    step: Size = 1
    for axis in order:
        answer = answer & (same_size(shape[axis], 1, facts) | same_size(strides[axis], facts.simplify(step), facts))
        step = step * shape[axis]
    return answer


def channels_last_strides(shape: Sequence[Size]) -> Strides:
    """Strides of (N, C, …) with the channels fastest."""
    order = (1, *range(len(shape) - 1, 1, -1), 0)
    strides: list[Size] = [1] * len(shape)
    step: Size = 1
    for axis in order:
        strides[axis] = step
        if shape[axis] != 0:
            step = step * shape[axis]
    return tuple(strides)


def is_channels_last(tensor: Tensor) -> Truth:
    """Dense with the channels fastest; tensors of 4 and 5 axes only."""
    if tensor.rank not in (4, 5):
        return Truth.NO
    strides = tensor.strides
    if strides is None:
        return Truth.MAYBE
    return in_order(tensor.shape, strides, (1, *range(tensor.rank - 1, 1, -1), 0))


def preserved_layout(tensor: Tensor) -> Any:
    """The layout that a new tensor gets under torch.preserve_format (clone, zeros_like, …); None when not known."""
    return elementwise_layout(tensor.shape, (tensor,))


def suggests_channels_last(tensor: Tensor) -> Truth:
    """Whether torch takes the strides for channels_last when it chooses a layout of its own (suggest_memory_format).

    c10/core/MemoryFormat.h, is_channels_last_strides_2d_s4: gaps are allowed, what is ambiguous is not.
    """
    if tensor.rank not in (4, 5) or tensor.layout is CONTIGUOUS:
        return Truth.NO
    strides = tensor.strides
    if strides is None:
        return Truth.MAYBE
    facts = generic(tensor.shape, strides)
    least: Size = 0
    answer = Truth.YES
    for axis in (1, *range(tensor.rank - 1, 1, -1), 0):
        size, stride = tensor.shape[axis], strides[axis]
        answer = answer & facts.ne(size, 0) & facts.ge(stride, least)
        if axis == 1:
            answer = answer & facts.ne(stride, 0)
        if axis == 0:
            answer = answer & facts.ne(least, strides[1])
        if answer.no:
            break
        one = facts.eq(size, 1)
        if one.maybe:
            return Truth.MAYBE
        least = facts.simplify(stride if one.yes else stride * size)
    return answer


def as_spelled(view: Tensor) -> Tensor:
    """The view itself, or new row-major memory where the op is one of those that copy what their namesakes view (`permute_copy`)."""
    if not current().spelled.endswith("_copy"):
        return view
    return Tensor(view.shape, view.dtype, CONTIGUOUS, elements=view.elements, device=view.device)
