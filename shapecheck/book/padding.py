"""How much larger padding makes a tensor, and what torch refuses of it (aten/src/ATen/native/PadNd.cpp, ReflectionPad.cpp)."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book.context import current
from shapecheck.book.expect import expect, expect_ge, expect_le
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.words import brackets, word
from shapecheck.sizes import Size

RANKS = {2: (2, 3), 4: (3, 4), 6: (4, 5)}  # the ranks that a padding of so many numbers fits, except a constant one
COMBINATIONS = """
Supported combinations for non-constant padding:
  - 2D or 3D input: padding size = 2 (pads last dimension)
  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)
  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"""


def padded(shape: Sequence[Size], pads: Sequence[Size], mode: str = "constant", blame: str | None = None) -> tuple[Size, ...]:
    """The shape after F.pad(input, pads, mode): pads go from the last axis to the first, two an axis."""
    rank, count = len(shape), len(pads)
    known_mode = mode in ("constant", "reflect", "replicate", "circular")
    expect(known_mode, "SHP118", f"Unrecognised padding mode {mode}", error="NotImplementedError")
    expect(count % 2 == 0, "SHP118", "Padding length must be divisible by 2")
    expect(
        count <= 2 * rank,
        "SHP107",
        f"Padding length should be less than or equal to two times the input dimension but got padding length {count} "
        f"and input of dimension {rank}",
        message=f"padding of {count // 2} axes, but the input has {rank}",
        blame=blame,
    )
    if mode != "constant":
        expect(
            rank in RANKS.get(count, ()),
            "SHP107",
            f"Padding size {count} is not supported for {rank}D input tensor.{COMBINATIONS}",
            message=f"padding of {count // 2} axes with mode {mode} does not fit an input of {rank} axes",
            error="NotImplementedError",
        )
    if mode in ("reflect", "replicate"):
        expect(
            0 not in (shape if rank == RANKS[count][0] else shape[1:]),
            "SHP110",
            lambda: (
                f"Expected {count // 2 + 1}D or {count // 2 + 2}D (batch mode) tensor with possibly 0 batch size "
                f"and other non-zero dimensions for input, but got: {brackets(shape)}"
            ),
        )
    result = list(shape)
    steps = range(count // 2)
    for step in reversed(steps) if mode == "circular" else steps:
        place = rank - 1 - step
        size, left, right = shape[place], pads[2 * step], pads[2 * step + 1]
        if mode == "reflect":
            _expect_reflect(shape, place, left, right, blame)
        elif mode == "circular":
            _expect_circular(size, left, right, blame)
        elif mode == "constant":
            _expect_constant(size, left, right, blame)
        result[place] = size + left + right
        if mode != "constant" and (_negative(left) or _negative(right)) and not current().facts.ge(result[place], 1).yes:
            raise Unsure("a negative padding that may leave nothing")
    return tuple(result)


def _negative(pad: Size) -> bool:
    return not current().facts.ge(pad, 0).yes


def _expect_reflect(shape: Sequence[Size], place: int, left: Size, right: Size, blame: str | None) -> None:
    size = shape[place]
    for pad in (left, right):
        expect_ge(
            size - 1,
            pad,
            "SHP110",
            lambda: (
                f"Argument #{4 + 2 * (len(shape) - 1 - place)}: Padding size should be less than the corresponding input dimension, "
                f"but got: padding ({word(left)}, {word(right)}) at dimension {place} of input {brackets(shape)}"
            ),
            message=lambda pad=pad: f"reflects {word(pad)} at an edge of an axis of {word(size)}",
            expected=size,
            actual=[pad],
            axis=place,
            blame=blame,
        )


def _expect_circular(size: Size, left: Size, right: Size, blame: str | None) -> None:
    for pad in (left, right):
        expect_le(pad, size, "SHP110", "Padding value causes wrapping around more than once.", expected=size, actual=[pad], blame=blame)
    expect_ge(size + left + right, 0, "SHP110", "Negative padding value is resulting in an empty dimension", blame=blame)


def _expect_constant(size: Size, left: Size, right: Size, blame: str | None) -> None:
    if isinstance(size, int) and isinstance(left, int) and isinstance(right, int):
        if size + min(left, 0) + min(right, 0) < 0:
            refuse(
                "SHP110",
                "narrow(): length must be non-negative.",
                message=f"padding ({left}, {right}) cuts more than the {size} there are",
                blame=blame,
            )
    elif _negative(left) or _negative(right):
        expect_ge(size + left + right, 0, "SHP110", "narrow(): length must be non-negative.", blame=blame)
