"""Transposed convolutions: shapes, and what torch refuses of them (aten/src/ATen/native/Convolution.cpp)."""

from __future__ import annotations

from typing import Any

from shapecheck.book.bind import to_sizes, to_tensor
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
from shapecheck.book.expect import expect, expect_ge
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.spatial import each, follow
from shapecheck.book.words import brackets, parens, torch_size, word
from shapecheck.sizes import Size, true_product
from shapecheck.values import Shape, Tensor

AXES = {1: ("height", "width"), 2: ("height", "width"), 3: ("depth", "height", "width")}


def convolve_back(
    dims: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Size,
    dilation: Any,
    name: str,
    blame: str | None = None,
) -> Tensor:
    """(N, C, *axes) x (C, F/groups, *kernel) -> (N, F, *(size - 1)*stride - 2*padding + dilation*(kernel - 1) + output_padding + 1)."""
    shape = batched(f"conv_transpose{dims}d", dims, input)
    expect_weight(weight, groups)
    stride = per_axis(stride, "stride", dims, weight)
    padding = per_axis(padding, "padding", dims, weight)
    dilation = per_axis(dilation, "dilation", dims, weight)
    extra = per_axis(output_padding, "output_padding", dims, weight)
    expect_positive(stride, padding, dilation, extra)
    expect_grouped_weight(weight, shape, groups)
    expect_channels(weight.shape[0], shape, input, "transposed=1", weight, name, blame)
    filters = current().facts.simplify(weight.shape[1] * groups)
    expect_bias(bias, filters, weight, "transposed=1, ")
    expect_elements(shape)
    if any(step == 0 for step in dilation):
        raise Unsure("a dilation of 0")
    if shape[0] != 0:
        _expect_output_padding(dims, extra, stride, dilation)
    expect_weight_dtype(input, weight)
    sizes = [
        (size - 1) * step - 2 * pad + hole * (extent - 1) + more + 1
        for size, step, pad, hole, extent, more in zip(shape[2:], stride, padding, dilation, weight.shape[2:], extra, strict=True)
    ]
    for place, size in enumerate(sizes):
        sentence = _too_small(shape, weight, groups, filters, sizes)
        message = f"the padding leaves {word(size)} of axis {place + 2}" if isinstance(size, int) else None
        expect_ge(size, 0, "SHP110", sentence, message=message, actual=size, axis=input.rank - dims + place, blame="padding")
    if filters == 0 or any(size == 0 for size in weight.shape[2:]):
        raise Unsure("a transposed convolution without filters or elements")
    multiplied(shape[0], *shape[2:], *weight.shape)
    result = (shape[0], filters, *sizes)
    return follow(result if input.rank == dims + 2 else result[1:], input, images=dims == 2)


def _too_small(shape: tuple[Size, ...], weight: Tensor, groups: Size, filters: Size, sizes: list[Size]) -> str:
    """What torch says of a negative size, which depends on the library that it has for the case (ConvParams::use_mkldnn)."""
    known, samples = current().facts, shape[0]
    if isinstance(samples, int) and samples == 0:
        return f"invalid shape dimension {word(sizes[0])} at index 2 of shape {brackets((samples, filters, *sizes))}"
    wide = known.ge(weight.shape[-1], 4) & known.ge(weight.shape[-2] if weight.rank > 3 else 1, 4)
    if (known.ge(samples, 2) | known.ge(groups, 2) | wide | known.ge(true_product(shape[:4]), 20481)).yes:
        return "could not construct a memory descriptor using a format tag"
    line = (1,) if len(sizes) == 1 else ()
    return (
        f"Given input size per channel: ({' x '.join(map(word, (*line, *shape[2:])))}). "
        f"Calculated output size per channel: ({' x '.join(map(word, (*line, *sizes)))}). Output size is too small"
    )


def _expect_output_padding(dims: int, extra: tuple[Size, ...], stride: tuple[Size, ...], dilation: tuple[Size, ...]) -> None:
    """The output padding is smaller than the stride or the dilation, on every axis."""
    known = current().facts
    for more, step, hole in zip(extra, stride, dilation, strict=True):
        fits = known.lt(more, step) | known.lt(more, hole)
        if fits.no:
            if dims == 1:  # torch makes a height of one of it
                extra, stride, dilation = (0, *extra), (1, *stride), (1, *dilation)
            named = (
                f"{kind}_{axis}: {word(size)}"
                for kind, sizes in (("output_padding", extra), ("stride", stride), ("dilation", dilation))
                for axis, size in zip(AXES[dims], sizes, strict=True)
            )
            refuse(
                "SHP118",
                f"output padding must be smaller than either stride or dilation, but got {' '.join(named)}",
                message=f"output_padding {word(more)} is not smaller than the stride {word(step)} or the dilation {word(hole)}",
                actual=[more],
                blame="output_padding",
            )


def forward_transposed(layer: Any, input: Tensor, output_size: Any, dims: int) -> Tensor:
    """The layer's forward; the size that the caller asks for decides the output padding."""
    if layer.padding_mode != "zeros":
        raise Unsure("the padding mode is not known")
    extra = layer.output_padding if output_size is None else _wanted(layer, input, output_size, dims)
    name = f"ConvTranspose{dims}d"
    weight = to_tensor(layer.weight)
    return convolve_back(
        dims, input, weight, layer.bias, layer.stride, layer.padding, extra, layer.groups, layer.dilation, name, "in_channels"
    )


def _wanted(layer: Any, input: Tensor, output_size: Any, dims: int) -> tuple[Size, ...]:
    """The output padding that gives `output_size`, as _ConvTransposeNd._output_padding works it out."""
    expect(
        not isinstance(output_size, int),
        "SHP118",
        "object of type 'int' has no len()",
        error="TypeError",
    )
    wanted = to_sizes(output_size)
    others = 2 if input.rank == dims + 2 else 1
    if len(wanted) == others + dims:
        wanted = wanted[others:]
    expect(
        len(wanted) == dims,
        "SHP118",
        lambda: (
            f"ConvTranspose{dims}D: for {input.rank}D input, output_size must have {dims} or {others + dims} elements (got {len(wanted)})"
        ),
        error="ValueError",
    )
    expect(
        input.rank >= others + dims,
        "SHP107",
        lambda: (
            f"Dimension out of range (expected to be in range of [{-max(input.rank, 1)}, {max(input.rank, 1) - 1}], "
            f"but got {max(input.rank, others)})"
        ),
        error="IndexError",
    )
    stride, padding, kernel_size, dilation = (
        each(value, dims) for value in (layer.stride, layer.padding, layer.kernel_size, layer.dilation)
    )
    smallest = [
        (size - 1) * step - 2 * pad + hole * (extent - 1) + 1
        for size, step, pad, hole, extent in zip(input.shape[others:], stride, padding, dilation, kernel_size, strict=False)
    ]
    largest = [size + step - 1 for size, step in zip(smallest, stride, strict=True)]

    def sentence() -> str:
        asked = (
            torch_size(wanted) if isinstance(output_size, Shape) else parens(wanted) if isinstance(output_size, tuple) else brackets(wanted)
        )
        return (
            f"requested an output size of {asked}, but valid sizes range from {brackets(smallest)} to {brackets(largest)} "
            f"(for an input of {torch_size(input.shape[2:])})"
        )

    for place, (size, low_size, high_size) in enumerate(zip(wanted, smallest, largest, strict=True)):
        details: dict[str, Any] = {"error": "ValueError", "actual": size, "axis": others + place}
        message = f"asks for {word(size)}, but {word(low_size)} to {word(high_size)} can be made"
        expect_ge(size, low_size, "SHP110", sentence, expected=low_size, message=message, **details)
        expect_ge(high_size, size, "SHP110", sentence, expected=high_size, message=message, **details)
    return tuple(size - least for size, least in zip(wanted, smallest, strict=True))


def expect_zeros(mode: Any, dims: int) -> None:
    expect(
        not isinstance(mode, str) or mode == "zeros",
        "SHP202",
        f'Only "zeros" padding mode is supported for ConvTranspose{dims}d',
        error="ValueError",
        blame="padding_mode",
    )
