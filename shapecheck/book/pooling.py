"""Pooling: shapes, and what torch refuses (aten/src/ATen/native/Pool.h, Pooling.cpp)."""

from __future__ import annotations

from typing import Any

from shapecheck.book.arithmetic import window
from shapecheck.book.context import current
from shapecheck.book.dtypes import floating
from shapecheck.book.expect import expect, expect_ge
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.spatial import each, follow
from shapecheck.book.words import brackets, times, word
from shapecheck.sizes import Size
from shapecheck.values import Tensor

AXES = {1: ("H", "W"), 2: ("H", "W"), 3: ("T", "H", "W")}
NUMBERS = {1: "one int", 2: "two ints", 3: "three ints"}


def _given(value: Any, name: str, dims: int, function: str) -> tuple[Size, ...]:
    """An argument as one number for each axis; refused in the words of the function."""
    sizes = each(value, dims)
    if len(sizes) == 1:
        return sizes * dims
    expect(
        len(sizes) == dims,
        "SHP118",
        lambda: _wrong_count(name, len(sizes), dims, function),
        expected=dims,
        actual=list(sizes),
        blame=name,
    )
    return sizes


def _wrong_count(name: str, count: int, dims: int, function: str) -> str:
    if function == "max_pool1d()":
        ints = "an int, list of ints or" if name in ("kernel_size", "dilation") else "an int, list of ints, or"
        return f"max_pool1d() {name} must be {'None, ' * (name == 'stride')}{ints} tuple of ints of size 1 but got size {count}"
    if dims == 1:
        return f"{function}() argument '{name}' should contain one int (got {count})"
    single = {"stride": "either be omitted, a single int", "dilation": "be either a single int"}.get(name, "either be a single int")
    if function == "avg_pool3d":
        single = single.replace("either ", "")
    return f"{function}: {name} must {single}, or a tuple of {NUMBERS[dims]}"


def _flag(value: Any, name: str) -> bool:
    if isinstance(value, int):
        return bool(value)
    raise Unsure(f"whether {name} is set is not known")


def _steps(stride: Any, kernel: tuple[Size, ...], dims: int, function: str) -> tuple[Size, ...]:
    """The stride, which is the kernel where none (or an empty one) is given."""
    if stride is None or stride == ():
        return kernel
    return _given(stride, "stride", dims, function)


def _expect_pads(kernel: tuple[Size, ...], stride: tuple[Size, ...], padding: tuple[Size, ...], dilation: tuple[Size, ...]) -> None:
    """pooling_output_shape: the first checks of every axis."""
    known = current().facts
    for size, step, pad, hole in zip(kernel, stride, padding, dilation, strict=True):
        if known.eq(step, 0).yes:
            refuse("SHP118", "stride should not be zero", actual=step, blame="stride")
        expect_ge(pad, 0, "SHP118", f"pad must be non-negative, but got pad: {word(pad)}", actual=pad, blame="padding")
        if pad == 0:
            continue
        expect_ge(
            hole * (size - 1) + 1,
            2 * pad,
            "SHP110",
            f"pad should be at most half of effective kernel size, but got pad={word(pad)}, kernel_size={word(size)} "
            f"and dilation={word(hole)}",
            message=lambda size=size, pad=pad: f"a padding of {word(pad)} is more than half of a window of {word(size)}",
            expected=size,
            actual=[pad],
            blame="padding",
        )


def _named(letter: str, sizes: tuple[Size, ...], dims: int) -> str:
    return " ".join(f"{letter}{axis}: {word(size)}" for axis, size in zip(AXES[dims], sizes, strict=True))


def _expect_positive(kernel: tuple[Size, ...], stride: tuple[Size, ...], dilation: tuple[Size, ...], dims: int) -> None:
    line = (1,) if dims == 1 else ()
    for what, letter, sizes in (("kernel size", "k", kernel), ("stride", "d", stride), ("dilation", "dilation", dilation)):
        for size in sizes:
            expect_ge(
                size, 1, "SHP118", f"{what} should be greater than zero, but got {_named(letter, (*line, *sizes), dims)}", actual=size
            )


def _pooled(
    input: Tensor,
    kernel: tuple[Size, ...],
    stride: tuple[Size, ...],
    padding: tuple[Size, ...],
    dilation: tuple[Size, ...],
    ceil_mode: bool,
    function: str,
) -> Tensor:
    """pool2d_shape_check and pool3d_shape_check, and the result."""
    dims = len(kernel)
    _expect_pads(kernel, stride, padding, dilation)
    _expect_positive(kernel, stride, dilation, dims)
    _expect_elements(input, dims, function)
    sizes = input.shape[-dims:]
    if function == "avg_pool3d":
        for size, extent in zip(sizes, kernel, strict=True):
            image = " ".join(f"{axis}: {word(one)}" for axis, one in zip("THW", sizes, strict=True))
            sentence = f"input image ({image}) smaller than kernel size ({_named('k', kernel, 3)})"
            expect_ge(size, extent, "SHP110", sentence, expected=extent, actual=[size], blame="kernel_size")
    for extent, pad in zip(kernel, padding, strict=True):
        if dims == 3:
            order = (0, 2, 1)
            found = " ".join(
                f"{letter}{'THW'[axis]}: {word(of[axis])}" for letter, of in (("k", kernel), ("pad", padding)) for axis in order
            )
        else:
            (height, width), (down, along) = (kernel, padding) if dims == 2 else ((1, *kernel), (0, *padding))
            found = f"padW = {word(along)}, padH = {word(down)}, kW = {word(width)}, kH = {word(height)}"
        sentence = f"pad should be smaller than or equal to half of kernel size, but got {found}"
        expect_ge(extent, 2 * pad, "SHP110", sentence, expected=extent, actual=[pad], blame="padding")
    result = [
        window(size, extent, step, 2 * pad, hole, ceil_mode, pad)
        for size, extent, step, pad, hole in zip(sizes, kernel, stride, padding, dilation, strict=True)
    ]
    for place, (size, extent, step, pad, hole) in enumerate(zip(sizes, kernel, stride, padding, dilation, strict=True)):
        expect_ge(
            size + 2 * pad + (step - 1 if ceil_mode else 0),
            hole * (extent - 1) + 1,
            "SHP110",
            lambda: _too_small(input, dims, result),
            message=lambda size=size, extent=extent: f"a window of {word(extent)} does not fit into {word(size)}",
            expected=extent,
            actual=[size],
            axis=input.rank - dims + place,
            blame="kernel_size",
        )
    return follow((*input.shape[:-dims], *result), input, images=dims == 2)


def _too_small(input: Tensor, dims: int, result: list[Size]) -> str:
    channels = input.shape[-dims - 1]
    line = (1,) if dims == 1 else ()
    return (
        f"Given input size: ({times((channels, *line, *input.shape[-dims:]))}). "
        f"Calculated output size: ({times((channels, *line, *result))}). Output size is too small"
    )


def _expect_elements(input: Tensor, dims: int, function: str) -> None:
    """Only the batch may be empty."""
    first = input.rank - dims - 1
    if dims < 3:
        shape = input.shape if dims == 2 else (*input.shape[:-1], 1, input.shape[-1])
        expect(
            0 not in input.shape[first:] and first in (0, 1),
            "SHP110" if first in (0, 1) else "SHP107",
            lambda: f"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{brackets(shape)}",
            message=f"{function} wants {dims + 1} or {dims + 2} axes, gets {input.rank}" if first not in (0, 1) else None,
            actual=input.rank,
        )
    elif 0 in input.shape[first:]:
        name = "max_pool3d_with_indices_out_cpu_template()" if function == "max_pool3d" else "avg_pool3d()"
        refuse(
            "SHP110",
            f"{name}: Expected input's non-batch dimensions to have positive length, "
            f"but input has a shape of {brackets(input.shape)} and non-batch dimension 0 has length zero!",
        )


def _expect_line(input: Tensor, function: str) -> None:
    expect(
        input.rank in (2, 3),
        "SHP107",
        f"Expected 2 to 3 dimensions, but got {input.rank}-dimensional tensor for argument #1 'self' "
        f"(while checking arguments for {function})",
        message=f"{function} wants 2 or 3 axes, gets {input.rank}",
        expected=[2, 3],
        actual=input.rank,
    )


def max_pool(input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any, indices: Any, dims: int) -> Any:
    """The largest value of every window, and where it stands if `indices` is set."""
    with_indices, ceil = _flag(indices, "return_indices"), _flag(ceil_mode, "ceil_mode")
    if dims == 1 and not with_indices:
        return _max_pool_line(input, kernel_size, stride, padding, dilation, ceil)
    function = f"max_pool{dims}d"
    if dims == 1:
        _expect_line(input, function)
    kernel = _given(kernel_size, "kernel_size", dims, function)
    steps = _steps(stride, kernel, dims, function)
    pads = _given(padding, "padding", dims, function)
    holes = _given(dilation, "dilation", dims, function)
    if dims > 1:
        expect(
            input.rank in (dims + 1, dims + 2),
            "SHP107",
            f"non-empty {dims + 1}D or {dims + 2}D (batch mode) tensor expected for input",
            message=f"{function} wants {dims + 1} or {dims + 2} axes, gets {input.rank}",
            expected=[dims + 1, dims + 2],
            actual=input.rank,
        )
    result = _pooled(input, kernel, steps, pads, holes, ceil, function)
    return (result, follow(result.shape, input, "int64", images=dims == 2)) if with_indices else result


def _max_pool_line(input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool) -> Tensor:
    """max_pool1d has checks of its own (aten/src/ATen/native/Pooling.cpp, MaxPooling.h)."""
    expect(
        input.rank in (2, 3) and 0 not in input.shape[-2:],
        "SHP110" if input.rank in (2, 3) else "SHP107",
        lambda: (
            f"max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:{brackets(input.shape)}"
        ),
        message=f"max_pool1d wants 2 or 3 axes, gets {input.rank}" if input.rank not in (2, 3) else None,
        actual=input.rank,
    )
    (kernel,) = _given(kernel_size, "kernel_size", 1, "max_pool1d()")
    (step,) = _steps(stride, (kernel,), 1, "max_pool1d()")
    (pad,) = _given(padding, "padding", 1, "max_pool1d()")
    (hole,) = _given(dilation, "dilation", 1, "max_pool1d()")
    for name, size in (("kernel_size", kernel), ("stride", step)):
        expect_ge(size, 1, "SHP118", f"max_pool1d() {name} must be greater than zero, but got {word(size)}", actual=size, blame=name)
    expect_ge(pad, 0, "SHP118", f"max_pool1d() padding must be non-negative, but got {word(pad)}", actual=pad, blame="padding")
    sentence = f"max_pool1d() padding should be at most half of kernel size, but got padding={word(pad)} and kernel_size={word(kernel)}"
    expect_ge(kernel, 2 * pad, "SHP110", sentence, expected=kernel, actual=[pad], blame="padding")
    expect_ge(hole, 1, "SHP118", f"max_pool1d() dilation must be greater than zero, but got {word(hole)}", actual=hole, blame="dilation")
    size = input.shape[-1]
    result = window(size, kernel, step, 2 * pad, hole, ceil_mode, pad)
    expect_ge(
        size + 2 * pad + (step - 1 if ceil_mode else 0),
        hole * (kernel - 1) + 1,
        "SHP110",
        lambda: f"max_pool1d() Invalid computed output size: {word(result)}",
        message=lambda: f"a window of {word(kernel)} does not fit into {word(size)}",
        expected=kernel,
        actual=[size],
        axis=input.rank - 1,
        blame="kernel_size",
    )
    return follow((*input.shape[:-1], result), input)


def avg_pool(input: Tensor, kernel_size: Any, stride: Any, padding: Any, ceil_mode: Any, divisor: Any, dims: int) -> Tensor:
    """The mean of every window."""
    function = f"avg_pool{dims}d"
    if dims == 1:
        _expect_line(input, function)
    kernel = _given(kernel_size, "kernel_size", dims, function)
    steps = _steps(stride, kernel, dims, function)
    pads = _given(padding, "padding", dims, function)
    if dims == 2 and input.rank < 3:
        sentence = f"Dimension out of range (expected to be in range of [{-max(input.rank, 1)}, {max(input.rank, 1) - 1}], but got -3)"
        if input.rank == 0:
            sentence = "Dimension specified as -3 but tensor has no dimensions"
        refuse("SHP107", sentence, message=f"avg_pool2d wants 3 or 4 axes, gets {input.rank}", error="IndexError", actual=input.rank)
    if dims == 3:
        sentence = "non-empty 4D or 5D (batch mode) tensor expected for input"
        message = f"avg_pool3d wants 4 or 5 axes, gets {input.rank}"
        expect(input.rank in (4, 5), "SHP107", sentence, message=message, expected=[4, 5], actual=input.rank)
    expect(not isinstance(divisor, int) or divisor != 0, "SHP118", "divisor must be not zero", blame="divisor_override")
    return _pooled(input, kernel, steps, pads, (1,) * dims, _flag(ceil_mode, "ceil_mode"), function)


def lp_pool(input: Tensor, norm_type: Any, kernel_size: Any, stride: Any, ceil_mode: Any, dims: int) -> Tensor:
    """The average of powers, scaled by the number of elements of a window."""
    expect(norm_type != 0, "SHP118", "float division by zero", error="ZeroDivisionError", blame="norm_type")
    if dims > 1 and not isinstance(kernel_size, int):
        count = len(each(kernel_size, dims))
        few = f"not enough values to unpack (expected {dims}, got {count})"
        many = f"too many values to unpack (expected {dims})"
        expect(count == dims, "SHP118", few if count < dims else many, error="ValueError", actual=[count], blame="kernel_size")
    powers = follow(input.shape, input, floating(input.dtype), images=dims == 2)
    pooled = avg_pool(powers, kernel_size, stride, 0, ceil_mode, None, dims)
    if dims == 1 and isinstance(kernel_size, tuple):
        refuse("SHP118", "mul(): argument 'other' (position 1) must be Tensor, not tuple", error="TypeError", blame="kernel_size")
    return pooled
