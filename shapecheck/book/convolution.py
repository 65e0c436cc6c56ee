"""What convolutions and transposed convolutions share (aten/src/ATen/native/Convolution.cpp, torch/nn/modules/conv.py)."""

from __future__ import annotations

from typing import Any

from shapecheck.book.dtypes import category
from shapecheck.book.elementwise import type_name
from shapecheck.book.expect import expect, expect_divides, expect_eq, expect_ge
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.spatial import each, settled, weights
from shapecheck.book.words import brackets, word
from shapecheck.sizes import Poly, Size, floordiv
from shapecheck.values import Tensor, Unknown

MODES = ("zeros", "reflect", "replicate", "circular")
SETTINGS = ("kernel_size", "stride", "padding", "dilation", "output_padding")


def set_up(layer: Any, dims: int, transposed: bool, bias: Any, dtype: Any, lazy: bool = False) -> None:
    """The constructor of the layers: what it refuses, and the attributes as torch keeps them."""
    for name in SETTINGS if transposed else SETTINGS[:-1]:
        setattr(layer, name, settled(getattr(layer, name), name, dims))
    if not transposed:
        layer.output_padding = (0,) * dims
    layer.transposed = transposed
    inputs, outputs, groups = layer.in_channels, layer.out_channels, layer.groups
    if isinstance(groups, (int, Poly)):
        expect_ge(groups, 1, "SHP202", "groups must be a positive integer", error="ValueError", actual=groups)
        _expect_groups(inputs, groups, "in_channels")
        if not lazy:
            _expect_groups(outputs, groups, "out_channels")
    if not transposed:
        _expect_padding(layer.padding, layer.stride, layer.padding_mode)
    layer.bias = weights(outputs, dtype=dtype) if bias else None
    if lazy:
        layer.weight = Unknown("the weight of a lazy layer before its first call")
    else:
        layer.weight = kernel(layer, transposed, dtype)


def kernel(layer: Any, transposed: bool, dtype: Any) -> Any:
    """The weight: (out, in/groups, *kernel_size), or (in, out/groups, *kernel_size) where the layer is transposed."""
    inputs, outputs, groups, size = layer.in_channels, layer.out_channels, layer.groups, layer.kernel_size
    if not isinstance(size, tuple):
        return Unknown("a layer's kernel size is not known")
    if transposed:
        return weights(inputs, _shared(outputs, groups), *size, dtype=dtype)
    return weights(outputs, _shared(inputs, groups), *size, dtype=dtype)


def _shared(channels: Any, groups: Any) -> Any:
    if isinstance(groups, int) and groups == 1:
        return channels
    if isinstance(channels, (int, Poly)) and isinstance(groups, (int, Poly)):
        return floordiv(channels, groups)
    return Unknown("a layer's channels are not known")


def _expect_groups(channels: Any, groups: Size, name: str) -> None:
    if isinstance(channels, (int, Poly)):
        expect_divides(
            groups,
            channels,
            "SHP201",
            f"{name} must be divisible by groups",
            message=lambda: f"{name} {word(channels)} is not divisible by {word(groups)} groups",
            error="ValueError",
            expected=groups,
            actual=[channels],
            blame=name,
        )


def _expect_padding(padding: Any, stride: Any, mode: Any) -> None:
    if isinstance(padding, str):
        expect(
            padding in ("same", "valid"),
            "SHP202",
            f"Invalid padding string {padding!r}, should be one of {{'same', 'valid'}}",
            error="ValueError",
            blame="padding",
        )
        if padding == "same" and isinstance(stride, tuple) and any(isinstance(step, int) and step != 1 for step in stride):
            refuse("SHP202", "padding='same' is not supported for strided convolutions", error="ValueError", blame="padding")
    if isinstance(mode, str):
        expect(
            mode in MODES,
            "SHP202",
            f"padding_mode must be one of {set(MODES)}, but got padding_mode='{mode}'",
            message=f"there is no padding mode {mode}",
            error="ValueError",
            blame="padding_mode",
        )


def batched(name: str, dims: int, input: Tensor) -> tuple[Size, ...]:
    """The input's shape with a batch axis, added where there is none."""
    expect(
        input.rank in (dims + 1, dims + 2),
        "SHP107",
        lambda: (
            f"Expected {dims + 1}D (unbatched) or {dims + 2}D (batched) input to {name}, but got input of size: {brackets(input.shape)}"
        ),
        message=lambda: f"{name} wants {dims + 1} or {dims + 2} axes, gets {input.rank}: {brackets(input.shape)}",
        expected=[dims + 1, dims + 2],
        actual=input.rank,
    )
    return input.shape if input.rank == dims + 2 else (1, *input.shape)


def expect_weight(weight: Tensor, groups: Size) -> None:
    """The weight has axes to slide along, and there are groups."""
    expect(weight.rank >= 3, "SHP107", "weight should have at least three dimensions", actual=weight.rank)
    expect_ge(groups, 1, "SHP118", "non-positive groups is not supported", actual=groups)


def per_axis(value: Any, name: str, dims: int, weight: Tensor) -> tuple[Size, ...]:
    """`stride=` and its like: one number for each axis of the kernel."""
    given = each(value, dims)
    axes = weight.rank - 2
    if len(given) == 1:
        return given * axes
    expect(
        len(given) == axes,
        "SHP118",
        lambda: (
            f"expected {name} to be a single integer value or a list of {axes} values to match the convolution dimensions, "
            f"but got {name}={brackets(given)}"
        ),
        actual=list(given),
    )
    return given


def expect_positive(
    stride: tuple[Size, ...], padding: tuple[Size, ...], dilation: tuple[Size, ...], output_padding: tuple[Size, ...]
) -> None:
    """In the order in which torch looks at them."""
    for pad in padding:
        expect_ge(pad, 0, "SHP118", "negative padding is not supported", actual=pad, blame="padding")
    for pad in output_padding:
        expect_ge(pad, 0, "SHP118", "negative output_padding is not supported", actual=pad, blame="output_padding")
    for step in stride:
        expect_ge(step, 1, "SHP118", "non-positive stride is not supported", actual=step, blame="stride")
    for step in dilation:
        expect_ge(step, 0, "SHP118", "dilation should be greater than zero", actual=step, blame="dilation")


def expect_grouped_weight(weight: Tensor, shape: tuple[Size, ...], groups: Size) -> None:
    """The kernel slides along as many axes as there are, and its first axis splits into the groups."""
    expect(
        weight.rank == len(shape),
        "SHP107",
        lambda: (
            f"Expected {weight.rank}-dimensional input for {weight.rank}-dimensional weight {brackets(weight.shape)}, "
            f"but got {len(shape)}-dimensional input of size {brackets(shape)} instead"
        ),
    )
    filters = weight.shape[0]
    expect_ge(
        filters,
        groups,
        "SHP118",
        lambda: (
            f"Given groups={word(groups)}, expected weight to be at least {word(groups)} at dimension 0, "
            f"but got weight of size {brackets(weight.shape)} instead"
        ),
    )
    expect_divides(
        groups,
        filters,
        "SHP112",
        lambda: (
            f"Given groups={word(groups)}, expected weight to be divisible by {word(groups)} at dimension 0, "
            f"but got weight of size [{brackets(weight.shape)}] instead"
        ),
    )


def expect_channels(
    channels: Size, shape: tuple[Size, ...], input: Tensor, given: str, weight: Tensor, name: str, blame: str | None
) -> None:
    """The headline: the input has as many channels as the weight was made for."""
    actual = shape[1]
    hint = None
    if input.rank < len(shape):
        hint = f"an input of {input.rank} axes is taken as one sample without a batch axis, its first axis as the channels"
    elif actual != channels and shape[-1] == channels:
        hint = f"the channels seem to stand last: permute(0, {len(shape) - 1}, {', '.join(map(str, range(1, len(shape) - 1)))})"
    expect_eq(
        actual,
        channels,
        "SHP101",
        lambda: (
            f"Given {given}, weight of size {brackets(weight.shape)}, expected input{brackets(shape)} to have "
            f"{word(channels)} channels, but got {word(actual)} channels instead"
        ),
        message=lambda: f"{name} wants {word(channels)} channels, gets {word(actual)}",
        expected=channels,
        actual=actual,
        axis=input.rank - weight.rank + 1,
        blame=blame,
        hint=hint,
    )


def expect_bias(bias: Tensor | None, count: Size, weight: Tensor, given: str) -> None:
    """One bias a filter."""
    if bias is None:
        return

    def sentence() -> str:
        return (
            f"Given {given}weight of size {brackets(weight.shape)}, expected bias to be 1-dimensional with {word(count)} elements, "
            f"but got bias of size {brackets(bias.shape)} instead"
        )

    expect(bias.rank == 1, "SHP107", sentence)
    expect_eq(bias.shape[0], count, "SHP101", sentence, expected=count, actual=bias.shape[0])


def expect_elements(shape: tuple[Size, ...]) -> None:
    """An axis along which the kernel slides may not be empty, unless there are no samples or channels at all."""
    if any(size == 0 for size in shape[2:]):
        if not all(isinstance(size, int) for size in shape[:2]):
            raise Unsure("an input without elements")
        seen = shape if len(shape) != 3 else (*shape[:2], 1, shape[2])
        expect(
            0 in shape[:2],
            "SHP110",
            lambda: f"Only zero batch or zero channel inputs are supported, but got input shape: {brackets(seen)}",
        )


def expect_weight_dtype(input: Tensor, weight: Tensor) -> None:
    """Integers do not go through a weight of floats (which kind of float the weight has may have changed unseen)."""
    if input.dtype is None or weight.dtype is None or category(input.dtype) >= 2 or category(weight.dtype) < 2:
        return
    if input.dtype == "bool":
        raise Unsure("a convolution of bools")
    refuse(
        "SHP117",
        f"expected scalar type {type_name(input.dtype)} but found {type_name(weight.dtype)}",
        message=f"a convolution with {weight.dtype} weights, but the input is {input.dtype}",
        expected=weight.dtype,
        actual=input.dtype,
    )
