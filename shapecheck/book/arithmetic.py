"""Arithmetic that rules of several families share: axes, broadcasting, windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapecheck.book.context import current
from shapecheck.book.expect import expect_eq
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.words import brackets, word
from shapecheck.sizes import Facts, Size, Truth, ceildiv, floordiv, minimum, of_atom, symbols_of
from shapecheck.values import Tensor


def axis(dim: int, rank: int) -> int:
    """A possibly negative axis of a tensor of this rank as 0..rank-1; refused as torch refuses it. A 0-d tensor counts as 1-d."""
    span = max(rank, 1)
    if not -span <= dim < span:
        refuse(
            "SHP108",
            f"Dimension out of range (expected to be in range of [{-span}, {span - 1}], but got {dim})",
            message=f"there is no axis {dim} in a tensor of {rank} axes",
            error="IndexError",
            expected=[-span, span - 1],
            actual=dim,
        )
    return dim % span


def axes(dims: Iterable[int], rank: int) -> tuple[int, ...]:
    """Several axes, none twice."""
    seen: list[int] = []
    for dim in dims:
        place = axis(dim, rank)
        if place in seen:
            refuse("SHP108", f"dim {place} appears multiple times in the list of dims", message=f"axis {place} is named twice")
        seen.append(place)
    return tuple(seen)


def broadcast_size(a: Size, b: Size) -> Size | None:
    """The size of an axis where a and b meet, None where they cannot.

    Where it cannot be told whether they are equal or one of them is 1, the likeliest case is taken and the others are left
    to be tried should anything be refused later (`Context.choose`).
    """
    if a is b or a == b or b == 1:
        return a
    if a == 1:
        return b
    context = current()
    facts = context.facts
    a, b = facts.simplify(a), facts.simplify(b)
    if a == b or b == 1:
        return a
    if a == 1:
        return b
    equal, a_one, b_one = facts.eq(a, b), facts.eq(a, 1), facts.eq(b, 1)
    if equal.yes or b_one.yes:
        return a
    if a_one.yes:
        return b
    if equal.maybe and facts.differ_generically(a, b) and (a_one.no or not isinstance(a, int)) and (b_one.no or not isinstance(b, int)):
        # they differ for every size of 3 and more; below that both may be 1 or 2 by accident (a stride of 2 on one pixel)
        if _one_only_when_tiny(a) and _one_only_when_tiny(b):
            return None
    cases = [case for case, answer in enumerate((equal, a_one, b_one)) if not answer.no]
    if not cases:
        return None
    case = cases[0] if len(cases) == 1 else cases[context.choose(("broadcast", a, b), len(cases))]
    if case == 0:
        context.learn(facts.assume_eq(a, b))
        return a if isinstance(a, int) else b
    context.learn(facts.assume_eq(a if case == 1 else b, 1))
    return b if case == 1 else a


def _one_only_when_tiny(size: Size) -> bool:
    """Whether `size == 1` cannot hold once every symbol in it is at least 3."""
    facts: Facts | None = current().facts
    for name in symbols_of(size):
        facts = facts.assume_le(3, of_atom(name)) if facts is not None else None
    return facts is not None and facts.eq(size, 1).no


def broadcast(*shapes: Sequence[Size]) -> tuple[Size, ...]:
    """The broadcast shape; refused with torch's sentence for two tensors of an elementwise operator."""
    result: tuple[Size, ...] = tuple(shapes[0])
    for shape in shapes[1:]:
        if result == tuple(shape):
            continue
        rank = max(len(result), len(shape))
        left = (1,) * (rank - len(result)) + result
        right = (1,) * (rank - len(shape)) + tuple(shape)
        joined: list[Size] = [1] * rank
        for place in range(rank - 1, -1, -1):  # torch complains about the last axis that does not fit
            size = broadcast_size(left[place], right[place])
            if size is None:
                a, b = left[place], right[place]
                refuse(
                    "SHP103",
                    f"The size of tensor a ({word(a)}) must match the size of tensor b ({word(b)}) at non-singleton dimension {place}",
                    message=f"{word(a)} against {word(b)} at axis {place} of {brackets(result)} and {brackets(shape)}",
                    expected=list(result),
                    actual=list(shape),
                    axis=place,
                )
            joined[place] = size
        result = tuple(joined)
    return result


def expand_to(shape: Sequence[Size], target: Sequence[Size]) -> Truth:
    """Whether `shape` broadcasts to exactly `target`."""
    if len(shape) > len(target):
        return Truth.NO
    facts = current().facts
    answer = Truth.YES
    for size, wanted in zip(reversed(shape), reversed(target), strict=False):
        answer = answer & (facts.eq(size, 1) | facts.eq(size, wanted))
    return answer


def window(size: Size, kernel: Size, stride: Size, padding: Size, dilation: Size, ceil_mode: bool = False, one_side: Size = 0) -> Size:
    """How often a window fits: floor((size + padding - dilation*(kernel - 1) - 1) / stride) + 1.

    padding is the sum of both sides. With ceil_mode the last window has to start inside the input or the left padding
    (`one_side`), as in aten/src/ATen/native/Pool.h.
    """
    span = size + padding - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return floordiv(span, stride) + 1
    count = floordiv(span + stride - 1, stride) + 1
    facts = current().facts
    if facts.le(stride + one_side, dilation * (kernel - 1) + 1).yes:  # then the last window reaches back into the input
        return count
    return minimum(count, ceildiv(size + one_side, stride))


def expect_same_shape(a: Tensor, b: Tensor, code: str, sentence: str) -> None:
    """Two tensors have one shape."""
    if a.rank != b.rank:
        refuse(code, sentence, expected=list(a.shape), actual=list(b.shape))
    for left, right in zip(a.shape, b.shape, strict=True):
        expect_eq(left, right, code, sentence, expected=list(a.shape), actual=list(b.shape))


def concrete(size: Size, what: str) -> int:
    """A size that has to be a number here, or Unsure."""
    size = size if isinstance(size, int) else current().facts.simplify(size)
    if isinstance(size, int):
        return size
    raise Unsure(f"{what} is not a known number")
