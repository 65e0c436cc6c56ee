"""`start:stop:step` along an axis, clamped as Python clamps it, with sizes that may be names."""

from __future__ import annotations

from typing import Any

from shapecheck.book.bind import to_size
from shapecheck.book.context import current
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.sizes import Poly, Size, ceildiv, maximum, minimum
from shapecheck.values import SymFloat, Tensor


def clamped(part: slice, size: Size) -> tuple[Size | None, Size, Size]:
    """Where a slice of an axis of `size` starts (None when not known), how many items it has, and its step."""
    facts = current().facts
    step = 1 if part.step is None else facts.simplify(_bound(part.step))
    if isinstance(step, int) and step == 0:
        refuse("SHP109", "slice step cannot be zero", error="ValueError")
    if facts.lt(step, 0).yes:
        refuse("SHP109", "step must be greater than zero", message="torch slices only forwards", error="ValueError")
    if not isinstance(step, int):
        current().learn(facts.assume_le(1, step))
    start, length = span(None if part.start is None else _bound(part.start), None if part.stop is None else _bound(part.stop), size)
    return start, (length if step == 1 else ceildiv(length, step)), step


def _bound(value: Any) -> Size:
    value = current().pinned(value)
    if isinstance(value, (float, SymFloat, str)):
        refuse("SHP109", "slice indices must be integers or None or have an __index__ method", error="TypeError")
    if isinstance(value, Tensor) and value.elements is None:
        one = all(size == 1 for size in value.shape)
        if value.dtype is not None and (not one or not value.dtype.startswith(("int", "uint", "bool"))):
            if not one and any(not isinstance(item, int) for item in value.shape):
                raise Unsure("a slice bound that is a tensor")
            refuse("SHP109", "only integer tensors of a single element can be converted to an index", error="TypeError")
        if value.number is not None:
            return value.number
        return current().fresh("bound", None)
    return to_size(value)


def span(start: Size | None, stop: Size | None, size: Size) -> tuple[Size | None, Size]:
    """Where the range start:stop begins in an axis of `size` and how many items it has."""
    facts = current().facts
    first = 0 if start is None else _from_front(start, size)
    last = size if stop is None else _from_front(stop, size)
    if stop is None and isinstance(first, int) and first == 0:
        return 0, size
    if isinstance(first, int) and isinstance(last, int) and isinstance(size, int):
        first, last = min(max(first, 0), size), min(max(last, 0), size)
        return first, max(last - first, 0)
    if isinstance(first, int) and first == 0 and facts.ge(last, 0).yes:
        return 0, last if stop is None else _least(last, size)
    facts = current().facts
    if stop is None or facts.ge(last, size).yes:
        if facts.ge(first, 0).yes:
            inside = facts.le(first, size).yes
            return (first if inside else None), (size - first if inside else _not_below_zero(size - first))
        if facts.le(first, 0).yes:
            return 0, size
    if facts.ge(first, 0).yes and facts.le(last, size).yes:
        if facts.le(first, last).yes:
            return first, last - first
        if facts.le(last, first).yes:
            return (first if facts.le(first, size).yes else None), 0
    return _likely(first, last, size)


def _least(stop: Size, size: Size) -> Size:
    facts = current().facts
    return stop if facts.le(stop, size).yes else size if facts.le(size, stop).yes else minimum(stop, size)


def _not_below_zero(size: Size) -> Size:
    facts = current().facts
    return size if facts.ge(size, 0).yes else 0 if facts.le(size, 0).yes else maximum(size, 0)


def _from_front(bound: Size, size: Size) -> Size:
    """A bound counted from the front: negative ones count from the end."""
    context = current()
    facts = context.facts
    bound = facts.simplify(bound)
    sign = facts.ge(bound, 0)
    if sign.yes:
        return bound
    if sign.no:
        return size + bound
    backwards = isinstance(bound, Poly) and bound.constant <= 0 and all(count < 0 for count in bound.terms.values())
    if (context.choose(("sign", bound), 2) == 0) is backwards:
        context.learn(facts.assume_lt(bound, 0))
        return size + bound
    context.learn(facts.assume_le(0, bound))
    return bound


def _likely(first: Size, last: Size, size: Size) -> tuple[Size | None, Size]:
    """Bounds of which it is not known that they lie inside: taken to do so, with everything else left open."""
    context = current()
    facts = context.facts
    known = facts.assume_le(0, first)
    known = known and known.assume_le(first, last)
    known = known and known.assume_le(last, size)
    if known is not None and context.choose(("slice", first, last, size), 2) == 0:
        context.learn(known)
        return first, known.simplify(last - first)
    return None, context.fresh("slice", low=0)
