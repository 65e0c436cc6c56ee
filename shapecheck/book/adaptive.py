"""Adaptive pooling: the size of the result is given (aten/src/ATen/native/AdaptiveAveragePooling.cpp, AdaptiveMaxPooling2d.cpp)."""

from __future__ import annotations

from typing import Any

from shapecheck.book.bind import to_sequence, to_size
from shapecheck.book.context import current
from shapecheck.book.expect import expect, expect_ge
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.spatial import each, follow
from shapecheck.book.words import brackets, commas, word
from shapecheck.sizes import Poly, Size
from shapecheck.values import Free, Tensor, Unknown


def _target(output_size: Any, input: Tensor, dims: int, function: str) -> tuple[Size, ...]:
    """The output size as torch's functions read it: one number for all axes, or one an axis, where None keeps the input's."""
    items = to_sequence(output_size)
    if items is None:
        if isinstance(output_size, (Unknown, Free, int, Poly)):
            return each(output_size, dims)
        kind = "NoneType" if output_size is None else type(output_size).__name__
        expect(kind not in ("NoneType", "float"), "SHP118", f"object of type '{kind}' has no len()", error="TypeError", blame="output_size")
        raise Unsure("an output size that is not followed")
    if dims == 1:
        return tuple(to_size(current().pinned(item)) for item in items)
    sentence = f"Input dimension should be at least {len(items) + 1}"
    expect(input.rank > len(items), "SHP107", sentence, message=f"{function} of {input.rank} axes", error="ValueError", actual=input.rank)
    defaults = input.shape[input.rank - len(items) :]
    return tuple(size if item is None else to_size(item) for item, size in zip(map(current().pinned, items), defaults, strict=True))


def _line(output_size: Any, input: Tensor, function: str) -> tuple[Size]:
    """The output size of a one-axis pooling, which has to be an int."""
    if output_size is None:
        sentence = f"{function}(): argument 'output_size' (position 2) must be tuple of ints, not NoneType"
        refuse("SHP118", sentence, error="TypeError", blame="output_size")
    if None in (to_sequence(output_size) or ()):
        sentence = f"{function}(): argument 'output_size' (position 2) must be tuple of ints, but found element of type NoneType at pos 0"
        refuse("SHP118", sentence, error="TypeError", blame="output_size")
    sizes = _target(output_size, input, 1, function)
    expect(
        input.rank in (2, 3),
        "SHP107",
        f"Expected 2 to 3 dimensions, but got {input.rank}-dimensional tensor for argument #1 'self' "
        f"(while checking arguments for {function})",
        message=f"{function} wants 2 or 3 axes, gets {input.rank}",
        expected=[2, 3],
        actual=input.rank,
    )
    expect(len(sizes) == 1, "SHP118", f"{function}() argument 'output_size' should contain one int (got {len(sizes)})", blame="output_size")
    return (sizes[0],)


def adaptive_average(input: Tensor, output_size: Any, dims: int) -> Tensor:
    """The means of as many parts as the result has elements."""
    function = f"adaptive_avg_pool{dims}d"
    if dims == 1:
        sizes: tuple[Size, ...] = _line(output_size, input, function)
        inner, target = "adaptive_avg_pool2d", (1, *sizes)
        shape = (*input.shape[:-1], 1, input.shape[-1])
    else:
        sizes = target = _target(output_size, input, dims, function)
        inner, shape = function, input.shape
    expect(len(sizes) == dims, "SHP118", f"{function}: output_size must be {dims}", actual=list(sizes), blame="output_size")
    for size in target:
        given = commas(target) if len(target) == 2 else f"{word(target[0])}, {word(target[1])},{word(target[2])}"
        sentence = f"{inner}: elements of output_size must be greater than or equal to 0 but received {{{given}}}"
        expect_ge(size, 0, "SHP118", sentence, actual=size, blame="output_size")
    known = current().facts
    ones = [known.eq(size, 1) for size in target]
    if all(answer.yes for answer in ones):  # a plain mean, which takes any rank
        if len(shape) < len(target):
            span = max(len(shape), 1)
            sentence = f"Dimension out of range (expected to be in range of [{-span}, {span - 1}], but got {-span - 1})"
            refuse("SHP107", sentence, message=f"{function} of {len(shape)} axes", error="IndexError", actual=input.rank)
        return follow((*input.shape[: input.rank - dims], *sizes), input)
    ranks = (len(target) + 1, len(target) + 2)
    if len(shape) not in ranks and not any(answer.no for answer in ones):
        raise Unsure("the output size is not known")
    expect(
        len(shape) in ranks,
        "SHP107",
        f"{inner}(): Expected {ranks[0]}D or {ranks[1]}D tensor, but got {brackets(shape)}",
        message=f"{function} wants {dims + 1} or {dims + 2} axes, gets {input.rank}",
        expected=[dims + 1, dims + 2],
        actual=input.rank,
    )
    _expect_elements(shape, range(1 if dims == 3 else len(shape) - 2, len(shape)), inner)
    return follow((*input.shape[:-dims], *sizes), input, images=dims == 2)


def _expect_elements(shape: tuple[Size, ...], places: range, function: str) -> None:
    for place in places:
        size = shape[place]
        expect(
            not isinstance(size, int) or size != 0,
            "SHP110",
            f"{function}(): Expected input to have non-zero size for non-batch dimensions, "
            f"but input has sizes {brackets(shape)} with dimension {place} being empty",
        )


def adaptive_maximum(input: Tensor, output_size: Any, return_indices: Any, dims: int) -> Any:
    """The largest values of as many parts as the result has elements, and where they stand."""
    function = f"adaptive_max_pool{dims}d"
    if not isinstance(return_indices, int):
        raise Unsure("whether return_indices is set is not known")
    if dims == 1:
        sizes: tuple[Size, ...] = _line(output_size, input, function)
    else:
        sizes = _target(output_size, input, dims, function)
        expect(
            input.rank in (dims + 1, dims + 2),
            "SHP107",
            f"{function}(): Expected {dims + 1}D or {dims + 2}D tensor, but got: {brackets(input.shape)}",
            message=f"{function} wants {dims + 1} or {dims + 2} axes, gets {input.rank}",
            expected=[dims + 1, dims + 2],
            actual=input.rank,
        )
    _expect_elements(input.shape, range(1, input.rank), function)
    sentence = f"{function}(): internal error: output_size.size() must be {dims}"
    expect(len(sizes) == dims, "SHP118", sentence, actual=list(sizes), blame="output_size")
    result = (*input.shape[:-dims], *sizes)
    for size in sizes:
        made = result if dims > 1 else (*input.shape[:-1], 1, size)
        sentence = f"Trying to create tensor with negative dimension {word(size)}: {brackets(made)}"
        expect_ge(size, 0, "SHP118", sentence, actual=size, blame="output_size")
    values = follow(result, input)
    return (values, follow(result, input, "int64")) if return_indices else values
