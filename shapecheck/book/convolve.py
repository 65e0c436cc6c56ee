"""Convolutions: shapes, and what torch refuses of them (aten/src/ATen/native/Convolution.cpp)."""

from __future__ import annotations

from typing import Any

from shapecheck.book.bind import to_tensor
from shapecheck.book.context import current, multiplied
from shapecheck.book.convolution import (
    batched,
    expect_bias,
    expect_channels,
    expect_elements,
    expect_grouped_weight,
    expect_positive,
    expect_weight,
    expect_weight_dtype,
    per_axis,
)
from shapecheck.book.expect import expect, expect_eq, expect_ge
from shapecheck.book.outcome import Unsure
from shapecheck.book.padding import padded
from shapecheck.book.spatial import each, expect_bias_dtype, follow
from shapecheck.book.words import brackets, word
from shapecheck.sizes import Size, floordiv, mod
from shapecheck.values import Tensor


def convolve(
    dims: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Size,
    name: str,
    blame: tuple[str | None, str | None] = (None, None),
) -> Tensor:
    """(N, C, *axes) or (C, *axes) x (F, C/groups, *kernel) -> (N, F, *floor((size + 2*padding - dilation*(kernel - 1) - 1)/stride) + 1).

    blame   the constructor parameters that hold the channels and the kernel.
    """
    expect_bias_dtype(input, bias)
    shape = batched(f"conv{dims}d", dims, input)
    text = padding if isinstance(padding, str) else None
    if text is not None:
        expect_weight(weight, groups)
        shape, padding = _string_padding(text, shape, weight, stride, dilation, dims)
    expect_weight(weight, groups)
    stride = per_axis(stride, "stride", dims, weight)
    padding = per_axis(padding, "padding", dims, weight)
    dilation = per_axis(dilation, "dilation", dims, weight)
    expect_positive(stride, padding, dilation, ())
    expect_grouped_weight(weight, shape, groups)
    filters = weight.shape[0]
    channels = weight.shape[1] * groups
    expect_channels(current().facts.simplify(channels), shape, input, f"groups={word(groups)}", weight, name, blame[0])
    expect_bias(bias, filters, weight, "")
    if current().facts.eq(channels, 0).yes:
        raise Unsure("a convolution of no channels")
    extents = [step * (size - 1) + 1 for size, step in zip(weight.shape[2:], dilation, strict=True)]
    spans = [size + 2 * pad for size, pad in zip(shape[2:], padding, strict=True)]
    for place, (span, extent) in enumerate(zip(spans, extents, strict=True)):
        expect_ge(
            span,
            extent,
            "SHP110",
            lambda: (
                f"Calculated padded input size per channel: ({' x '.join(map(word, spans))}). "
                f"Kernel size: ({' x '.join(map(word, extents))}). Kernel size can't be greater than actual input size"
            ),
            message=lambda: f"a kernel of {' x '.join(map(word, extents))} does not fit into {' x '.join(map(word, spans))}",
            expected=extents,
            actual=spans,
            axis=input.rank - dims + place,
            blame=blame[1],
        )
    for step in () if shape[0] == 0 else dilation:
        expect_ge(step, 1, "SHP118", "non-positive dilation is not supported", actual=step, blame="dilation")
    expect_elements(shape)
    expect_weight_dtype(input, weight)
    for size in weight.shape[2:]:
        if size == 0:
            raise Unsure("a kernel of size 0")
    sizes = [floordiv(span - extent, step) + 1 for span, extent, step in zip(spans, extents, stride, strict=True)]
    result = (shape[0], filters, *sizes)
    multiplied(*result, *weight.shape[1:])
    return follow(result if input.rank == dims + 2 else result[1:], input, images=dims == 2)


def _string_padding(
    text: str, shape: tuple[Size, ...], weight: Tensor, stride: Any, dilation: Any, dims: int
) -> tuple[tuple[Size, ...], Any]:
    """What padding='same' and 'valid' come to: the input, perhaps padded by one on the right, and the padding of both sides."""
    expect(text in ("same", "valid"), "SHP118", f"Invalid padding string: '{text}'")
    if text == "valid":
        return shape, 0
    expect(
        weight.rank == len(shape),
        "SHP107",
        lambda: (
            f"Expected {weight.rank}-dimensional input for {weight.rank}-dimensional weight{brackets(weight.shape)}, "
            f"but got {len(shape)}-dimensional input of size {brackets(shape)} instead"
        ),
    )
    steps, holes = each(stride, dims), each(dilation, dims)
    for name, given in (("stride", steps), ("dilation", holes)):
        expect(len(given) in (1, dims), "SHP118", f"{name} cannot broadcast to {dims} dimensions", actual=list(given))
    for step in steps:
        expect_eq(step, 1, "SHP118", "padding='same' is not supported for strided convolutions", blame="padding")
    totals = [step * (size - 1) for size, step in zip(weight.shape[2:], holes * dims if len(holes) == 1 else holes, strict=True)]
    odd = [mod(total, 2) for total in totals]
    return (*shape[:2], *(size + extra for size, extra in zip(shape[2:], odd, strict=True))), tuple(floordiv(total, 2) for total in totals)


def forward_convolution(layer: Any, input: Tensor, dims: int) -> Tensor:
    weight, bias = to_tensor(layer.weight), layer.bias
    padding, mode = layer.padding, layer.padding_mode
    if mode != "zeros":
        sides = _sides(layer, dims)
        input = follow(padded(input.shape, sides, mode, "padding"), input)
        padding = 0
    blame = ("in_channels", "kernel_size")
    return convolve(dims, input, weight, bias, layer.stride, padding, layer.dilation, layer.groups, f"Conv{dims}d", blame)


def _sides(layer: Any, dims: int) -> list[Size]:
    """The padding as F.pad takes it, from the last axis to the first."""
    if not isinstance(layer.padding_mode, str):
        raise Unsure("the padding mode is not known")
    if layer.padding == "valid":
        return [0, 0] * dims
    if layer.padding == "same":
        totals = [step * (size - 1) for size, step in zip(each(layer.kernel_size, dims), each(layer.dilation, dims), strict=True)]
        return [pad for total in reversed(totals) for pad in (floordiv(total, 2), total - floordiv(total, 2))]
    return [pad for pad in reversed(each(layer.padding, dims)) for _ in range(2)]
