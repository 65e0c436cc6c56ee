"""Unpooling: the inverse of max pooling (torch/nn/functional.py, aten/src/ATen/native/MaxUnpooling.cpp)."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Pair,
    Poly,
    Single,
    Size,
    Tensor,
    Triple,
    as_written,
    brackets,
    each,
    expect,
    expect_eq,
    expect_ge,
    facts,
    follow,
    known_items,
    layer,
    op,
    refuse,
    settled,
    to_sizes,
    type_name,
    word,
)


def _unpool(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any, padding: Any, output_size: Any, dims: int) -> Tensor:
    """(N, C, *axes) -> (N, C, *(axes - 1)*stride + kernel_size - 2*padding), or a size near it that the caller names."""
    kernel = each(kernel_size, dims)
    steps = kernel if stride is None else each(stride, dims)
    pads = each(padding, dims)
    if input.rank < len(kernel) or not len(kernel) == dims <= min(len(steps), len(pads)):
        refuse("SHP118", "tuple index out of range", message=f"unpooling of {dims} axes", error="IndexError")
    usual = [
        (size - 1) * step + extent - 2 * pad for size, step, extent, pad in zip(input.shape[-dims:], steps, kernel, pads, strict=False)
    ]
    target = tuple(usual) if output_size is None else _asked(output_size, usual, steps, dims)
    for place, size in enumerate(target):
        sentence = f"max_unpooling: output_size must contain non-negative spatial dimensions, but got output_size[{place}]={word(size)}"
        expect_ge(size, 0, "SHP110", sentence, error="ValueError", actual=size, blame="padding")
    if indices.dtype not in (None, "int64"):
        assert indices.dtype is not None
        but = f" but got: {type_name(indices.dtype)}" if dims < 3 else ""
        refuse("SHP117", f"elements in indices should be type int64{but}", actual=indices.dtype)
    inner = max(dims, 2)
    shape, places = ((*input.shape, 1), (*indices.shape, 1)) if dims == 1 else (input.shape, indices.shape)
    expect(
        len(shape) in (inner + 1, inner + 2),
        "SHP107",
        f"Input to max_unpooling{inner}d should be a {inner + 1}d or {inner + 2}d Tensor, but got a tensor with {len(shape)} dimensions.",
        message=f"unpooling wants {dims + 1} or {dims + 2} axes, gets {input.rank}",
        actual=input.rank,
    )

    def sentence_of_indices() -> str:
        return (
            f"Expected shape of indices to be same as that of the input tensor ({brackets(shape)}) "
            f"but got indices tensor with shape: {brackets(places)}"
        )

    expect(len(shape) == len(places), "SHP103", sentence_of_indices)
    for have, wanted in zip(places, shape, strict=True):
        expect_eq(have, wanted, "SHP103", sentence_of_indices, expected=list(input.shape), actual=list(indices.shape))
    for place in range(1, len(shape)):
        expect(
            shape[place] != 0,
            "SHP110",
            f"max_unpooling{inner}d_forward_out_cpu(): Expected input to have non-zero size for non-batch dimensions, "
            f"but got {brackets(shape)} with dimension {place} being empty.",
        )
    if dims == 3:
        for step in steps:
            sentence = f"strides should be greater than zero, but got stride: {brackets(steps)}"
            expect_ge(step, 1, "SHP118", sentence, actual=list(steps), blame="stride")
    return follow((*input.shape[:-dims], *target), input)


def _asked(output_size: Any, usual: list[Size], steps: tuple[Size, ...], dims: int) -> tuple[Size, ...]:
    """The size that the caller asks for, which is less than a stride away from the usual one."""
    if isinstance(output_size, (int, Poly)):
        refuse("SHP118", "object of type 'int' has no len()", error="TypeError", blame="output_size")
    sizes = to_sizes(known_items(output_size, "output_size"))
    if len(sizes) == dims + 2:
        sizes = sizes[2:]
    sentence = f"output_size should be a sequence containing {dims} or {dims + 2} elements, but it has a length of '{len(sizes)}'"
    expect(len(sizes) == dims, "SHP118", sentence, error="ValueError", actual=list(sizes), blame="output_size")
    for place, (size, near, step) in enumerate(zip(sizes, usual, steps, strict=False)):
        low, high = near - step, near + step
        shown = as_written(output_size, sizes)
        sentence = f'invalid output_size "{shown}" (dim {place} must be between {word(low)} and {word(high)})'
        known = facts()
        if (known.lt(low, size) & known.lt(size, high)).no:
            refuse("SHP110", sentence, error="ValueError", expected=near, actual=[size], blame="output_size")
    return sizes


class _MaxUnpool:
    spatial_axes: int
    kernel_size: Any
    stride: Any
    padding: Any

    def forward(self, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        return _unpool(input, indices, self.kernel_size, self.stride, self.padding, output_size, self.spatial_axes)


def _keep(layer: Any, stride: Any, dims: int) -> None:
    layer.kernel_size = settled(layer.kernel_size, "kernel_size", dims)
    layer.stride = layer.kernel_size if stride is None else settled(stride, "stride", dims)
    layer.padding = settled(layer.padding, "padding", dims)


@layer("nn.MaxUnpool1d", ranks=(3, 2))
class MaxUnpool1d(_MaxUnpool):
    """(N, C, L) -> (N, C, (L - 1)*stride + kernel_size - 2*padding)

    >>> nn.MaxUnpool1d(2, stride=2)(T(2, 3, 4), I(2, 3, 4))
    (2, 3, 8)
    >>> nn.MaxUnpool1d(2)(T(2, 3, 4), I(2, 3, 5))
    ! SHP103 Expected shape of indices to be same as that of the input tensor ([2, 3, 4, 1]) but got indices tensor with shape: [2, 3, 5, 1]
    """

    spatial_axes = 1

    def __init__(self, kernel_size: Single, stride: Single | None = None, padding: Single = 0) -> None:  # type: ignore[assignment]
        _keep(self, stride, 1)


@layer("nn.MaxUnpool2d", ranks={"input": (4, 3), "indices": (4, 3)})
class MaxUnpool2d(_MaxUnpool):
    """(N, C, H, W) -> (N, C, H_out, W_out), each axis as in MaxUnpool1d.

    >>> nn.MaxUnpool2d(2, stride=2)(T(2, 3, 4, 4), I(2, 3, 4, 4), output_size=(2, 3, 9, 9))
    (2, 3, 9, 9)
    >>> nn.MaxUnpool2d(2)(T(2, 3, 4, 4), I(2, 3, 4, 4), output_size=(10, 9))
    ! SHP110 invalid output_size "(10, 9)" (dim 0 must be between 6 and 10)
    """

    spatial_axes = 2

    def __init__(self, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> None:  # type: ignore[assignment]
        _keep(self, stride, 2)


@layer("nn.MaxUnpool3d", ranks={"input": (5, 4), "indices": (5, 4)})
class MaxUnpool3d(_MaxUnpool):
    """(N, C, D, H, W) -> (N, C, D_out, H_out, W_out), each axis as in MaxUnpool1d.

    >>> nn.MaxUnpool3d(2)(T(3, 4, 4, 4), I(3, 4, 4, 4))
    (3, 8, 8, 8)
    >>> nn.MaxUnpool3d(2)(T(4, 4, 4), I(4, 4, 4))
    ! SHP107 Input to max_unpooling3d should be a 4d or 5d Tensor, but got a tensor with 3 dimensions.
    """

    spatial_axes = 3

    def __init__(self, kernel_size: Triple, stride: Triple | None = None, padding: Triple = 0) -> None:  # type: ignore[assignment]
        _keep(self, stride, 3)


@op("F.max_unpool1d", ranks={"input": (3, 2), "indices": (3, 2)})
def max_unpool1d(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None) -> Tensor:
    """(N, C, L) -> (N, C, (L - 1)*stride + kernel_size - 2*padding)

    >>> F.max_unpool1d(T(2, 3, 4), I(2, 3, 4), 2, output_size=(9,))
    (2, 3, 9)
    >>> F.max_unpool1d(T(4), I(4), 2)
    ! SHP107 Input to max_unpooling2d should be a 3d or 4d Tensor, but got a tensor with 2 dimensions.
    """
    return _unpool(input, indices, kernel_size, stride, padding, output_size, 1)


@op("F.max_unpool2d", ranks={"input": (4, 3), "indices": (4, 3)})
def max_unpool2d(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None) -> Tensor:
    """(N, C, H, W) -> (N, C, H_out, W_out), each axis as in max_unpool1d.

    >>> F.max_unpool2d(T(2, 3, 4, 4), I(2, 3, 4, 4), 3, stride=2, padding=1)
    (2, 3, 7, 7)
    >>> F.max_unpool2d(T(2, 3, 4, 4), T(2, 3, 4, 4), 2)
    ! SHP117 elements in indices should be type int64 but got: Float
    """
    return _unpool(input, indices, kernel_size, stride, padding, output_size, 2)


@op("F.max_unpool3d", ranks={"input": (5, 4), "indices": (5, 4)})
def max_unpool3d(input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None) -> Tensor:
    """(N, C, D, H, W) -> (N, C, D_out, H_out, W_out), each axis as in max_unpool1d.

    >>> F.max_unpool3d(T(2, 3, 4, 4, 4), I(2, 3, 4, 4, 4), 2)
    (2, 3, 8, 8, 8)
    >>> F.max_unpool3d(T(2, 3, 4, 4, 4), I(2, 3, 4, 4, 4), 2, output_size=(9, 9))
    ! SHP118 output_size should be a sequence containing 3 or 5 elements, but it has a length of '2'
    """
    return _unpool(input, indices, kernel_size, stride, padding, output_size, 3)
