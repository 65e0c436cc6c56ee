"""Broadcasting a tensor to a given shape: expand, and the stores that do it on their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.context import current
from shapecheck.book.elementwise import type_name
from shapecheck.book.expect import Sentence, expect, expect_eq
from shapecheck.book.outcome import refuse
from shapecheck.book.strides import layout_of
from shapecheck.book.words import brackets, word
from shapecheck.sizes import Size
from shapecheck.values import CONTIGUOUS, Tensor


def expand(input: Tensor, target: Sequence[Size]) -> Tensor:
    """The tensor seen in the shape `target`, where -1 keeps a size; repeated axes have a stride of 0."""
    sizes = input.shape
    gap = len(target) - input.rank
    dtype = type_name(input.dtype) if input.dtype else "Float"
    expect(
        gap >= 0,
        "SHP107",
        lambda: (
            f"expand(torch.{dtype}Tensor{{{brackets(sizes)}}}, size={brackets(target)}): "
            f"the number of sizes provided ({len(target)}) must be greater or equal "
            f"to the number of dimensions in the tensor ({input.rank})"
        ),
        message=f"expand gives {len(target)} sizes for a tensor of {input.rank} axes",
        expected=input.rank,
        actual=len(target),
    )
    strides = input.strides
    shape: list[Size] = []
    steps: list[Size | None] = []
    for place in range(len(target) - 1, -1, -1):
        wanted = target[place]
        keep = isinstance(wanted, int) and wanted == -1
        if place < gap:
            leading = f"The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension {place}"
            expect(not keep, "SHP118", leading)
            shape.append(wanted)
            steps.append(0)
            continue
        have = sizes[place - gap]
        stride = None if strides is None else strides[place - gap]
        if not keep and _grows(have, wanted, place, sizes, target):
            shape.append(wanted)
            steps.append(0)
        else:
            shape.append(have if keep or isinstance(have, int) else wanted)
            steps.append(stride)
    shape.reverse()
    known = tuple(step for step in reversed(steps) if step is not None)
    layout = layout_of(shape, known) if len(known) == len(shape) else None
    return Tensor(shape, input.dtype, layout, input.offset, device=input.device)


def _grows(have: Size, wanted: Size, place: int, sizes: Sequence[Size], target: Sequence[Size]) -> bool:
    """Whether an axis of one is repeated; refused where it is neither one nor the wanted size."""
    if have is wanted or have == wanted:
        return False
    if have == 1:
        return True
    context = current()
    facts = context.facts

    def sentence() -> str:
        return (
            f"The expanded size of the tensor ({word(wanted)}) must match the existing size ({word(have)}) "
            f"at non-singleton dimension {place}.  Target sizes: {brackets(target)}.  Tensor sizes: {brackets(sizes)}"
        )

    equal, one = facts.eq(have, wanted), facts.eq(have, 1)
    if equal.yes:
        return False
    if one.yes:
        return True
    details: dict[str, Any] = {
        "message": lambda: f"{word(have)} cannot be expanded to {word(wanted)}",
        "expected": wanted,
        "actual": have,
        "axis": place,
    }
    if one.no or facts.differ_generically(have, 1):
        expect_eq(have, wanted, "SHP103", sentence, **details)
        return False
    if equal.no:
        known = facts.assume_eq(have, 1)
        if known is None:
            refuse("SHP103", sentence(), **{**details, "message": details["message"]()})
        context.learn(known)
        return True
    if context.choose(("expand", have, wanted), 2) == 0:
        context.learn(facts.assume_eq(have, wanted))
        return False
    context.learn(facts.assume_eq(have, 1))
    return True


def expect_expands(shape: Sequence[Size], target: Sequence[Size], code: str, sentence: Sentence, **details: Any) -> None:
    """`shape` broadcasts to exactly `target`."""
    expect(len(shape) <= len(target), code, sentence, **details)
    for have, wanted in zip(reversed(shape), reversed(target), strict=False):
        facts = current().facts
        if have is wanted or have == wanted or have == 1 or facts.eq(have, wanted).yes:
            continue
        one = facts.eq(have, 1)
        if one.no:
            expect_eq(have, wanted, code, sentence, **details)
        elif one.maybe and facts.eq(have, wanted).no:
            known = facts.assume_eq(have, 1)
            expect(known is not None, code, sentence, **details)
            current().learn(known)


def at_least(tensor: Tensor, rank: int) -> Tensor:
    """The tensor with axes of one added, as atleast_1d, atleast_2d and atleast_3d add them."""
    missing = rank - tensor.rank
    if missing <= 0:
        return tensor
    shape: tuple[Size, ...] = (1,) * missing + tensor.shape
    if rank == 3 and tensor.rank:
        shape = (1, *tensor.shape, 1) if tensor.rank == 1 else (*tensor.shape, 1)
    layout = CONTIGUOUS if tensor.layout is CONTIGUOUS else None
    return Tensor(shape, tensor.dtype, layout, tensor.offset, tensor.elements, device=tensor.device)
