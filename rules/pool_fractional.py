"""Fractional pooling: windows at random places (torch/nn/functional.py, aten/src/ATen/native/FractionalMaxPool2d.cpp)."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Pair,
    Size,
    Tensor,
    Triple,
    Unknown,
    Unsure,
    brackets,
    buffered,
    current,
    each,
    expect,
    expect_eq,
    expect_ge,
    follow,
    layer,
    op,
    refuse,
    scaled,
    settled,
    to_sequence,
    word,
)

AXES = {2: ("height", "width"), 3: ("time", "height", "width")}


def _fractional(input: Tensor, kernel_size: Any, output_size: Any, output_ratio: Any, return_indices: Any, samples: Any, dims: int) -> Any:
    """(N, C, *axes) -> (N, C, *output_size), windows at random places."""
    function = f"fractional_max_pool{dims}d"
    if not isinstance(return_indices, int):
        raise Unsure("whether return_indices is set is not known")
    if output_size is None:
        sentence = f"{function} requires specifying either an output_size or an output_ratio"
        expect(output_ratio is not None, "SHP118", sentence, error="ValueError", blame="output_size")
        output_size = _by_ratio(input, output_ratio, dims)
    if isinstance(samples, Tensor):
        _expect_samples(samples, input, dims)
    if samples is None and input.rank < dims + 1:
        span = max(input.rank, 1)
        sentence = f"Dimension out of range (expected to be in range of [{-span}, {span - 1}], but got {-dims - 1})"
        message = f"{function} wants {dims + 1} or {dims + 2} axes, gets {input.rank}"
        refuse("SHP107", sentence, message=message, error="IndexError", actual=input.rank)
    kernel, target = each(kernel_size, dims), each(output_size, dims)
    tuples = "tuple of Ints" if dims == 2 else "tuple of three Ints"
    for name, given in (("kernel_size", kernel), ("output_size", target)):
        expect(len(given) == dims, "SHP118", f"{function}: {name} must either be a single Int or {tuples}", blame=name)
    inner = f"{function}()" if dims == 2 else f"{function}_out()"
    expect(
        input.rank in (dims + 1, dims + 2),
        "SHP107",
        f"{inner}: Expected {dims + 1}D or {dims + 2}D tensor, but got: {brackets(input.shape)}",
        message=f"{function} wants {dims + 1} or {dims + 2} axes, gets {input.rank}",
        actual=input.rank,
    )
    for place in range(1, input.rank):
        expect(
            input.shape[place] != 0,
            "SHP110",
            f"{inner}: Expected input to have non-zero size for non-batch dimensions, but got{brackets(input.shape)} "
            f"with dimension {place} being empty.",
        )
    for axis in (0, 1) if dims == 2 else (0, 2, 1):
        name, size, extent = AXES[dims][axis], input.shape[axis - dims], kernel[axis]
        sentence = f"{inner}: pool {name} {word(extent)} too large relative to input {name} {word(size)}"
        room = size + 1 if dims == 2 else size
        expect_ge(room, extent + target[axis], "SHP110", sentence, expected=extent, actual=[size], blame="output_size")
    result = (*input.shape[:-dims], *target)
    for size in target:
        sentence = f"Trying to create tensor with negative dimension {word(size)}: {brackets(result)}"
        expect_ge(size, 0, "SHP118", sentence, actual=size, blame="output_size")
    values = follow(result, input)
    values.layout = values.layout if input.layout is values.layout else None
    indices = Tensor(result, "int64", values.layout, device=input.device)
    return (values, indices) if return_indices else values


def _expect_samples(samples: Tensor, input: Tensor, dims: int) -> None:
    """A number for each plane and axis (aten/src/ATen/native/FractionalMaxPooling.h)."""
    if samples.dtype is not None and input.dtype is not None:
        expect(samples.dtype == input.dtype, "SHP117", "Expect _random_samples to have the same dtype as input", culprit=samples)
    expect(samples.rank == 3, "SHP107", f"Expect _random_samples to have 3 dimensions, got {samples.rank}", culprit=samples)
    if input.rank not in (dims + 1, dims + 2):
        return
    batch = input.shape[0] if input.rank == dims + 2 else 1
    count, channels, axes = samples.shape
    expect_ge(count, batch, "SHP110", "Expect _random_samples.size(0) no less then input batch size.", culprit=samples)
    text = "Expect _random_samples.size(1) equals to input channel size."
    expect_eq(channels, input.shape[-dims - 1], "SHP110", text, culprit=samples)
    expect_eq(axes, dims, "SHP110", f"Expect _random_samples.size(2) equals to {dims}; got {word(axes)}.", culprit=samples)


def _by_ratio(input: Tensor, ratio: Any, dims: int) -> tuple[Size, ...]:
    items = to_sequence(ratio)
    if items is None and dims == 2 and isinstance(ratio, (int, float)):
        refuse("SHP118", f"object of type '{type(ratio).__name__}' has no len()", error="TypeError", blame="output_ratio")
    if items is None:
        items = (ratio,) * dims
    if len(items) != dims:
        if dims == 2 and len(items) > 2:
            sentence = "fractional_max_pool2d requires output_ratio to either be a single Int or tuple of Ints."
            refuse("SHP118", sentence, error="ValueError", blame="output_ratio")
        raise Unsure("a ratio for each axis is missing")
    if input.rank < dims:
        span = max(input.rank, 1)
        sentence = f"Dimension out of range (expected to be in range of [{-span}, {span - 1}], but got {-dims})"
        refuse("SHP107", sentence, error="IndexError", actual=input.rank)
    return tuple(scaled(size, current().pinned(item)) for size, item in zip(input.shape[-dims:], items, strict=True))


def _set_up(layer: Any, dims: int, output_size: Any, output_ratio: Any) -> None:
    """The constructor of the fractional layers."""
    name = f"FractionalMaxPool{dims}d"
    layer.kernel_size = settled(layer.kernel_size, "kernel_size", dims)
    layer.output_size = None if output_size is None else settled(output_size, "output_size", dims)
    items = to_sequence(output_ratio)
    layer.output_ratio = None if output_ratio is None else items if items is not None else (output_ratio,) * dims
    neither = output_size is None and output_ratio is None
    sentence = f"{name} requires specifying either an output size, or a pooling ratio"
    expect(not neither, "SHP202", sentence, error="ValueError", blame="output_size")
    both = output_size is not None and output_ratio is not None and not isinstance(output_size, Unknown)
    sentence = "only one of output_size and output_ratio may be specified"
    expect(not both, "SHP202", sentence, error="ValueError", blame="output_ratio")
    for ratio in (layer.output_ratio or ())[:dims]:
        if isinstance(ratio, (int, float)):
            sentence = f"output_ratio must be between 0 and 1 (got {output_ratio})"
            expect(0 < ratio < 1, "SHP202", sentence, error="ValueError", blame="output_ratio")


@layer("nn.FractionalMaxPool2d", ranks=(4, 3))
class FractionalMaxPool2d:
    """(N, C, H, W) -> (N, C, *output_size), or each axis times `output_ratio`, rounded down.

    >>> nn.FractionalMaxPool2d(3, output_size=(13, 12))(T(2, 16, 50, 32))
    (2, 16, 13, 12)
    >>> nn.FractionalMaxPool2d(3, output_ratio=(0.5, 0.5))(T(2, 16, 50, 32))
    (2, 16, 25, 16)
    >>> nn.FractionalMaxPool2d(2)
    ! SHP202 FractionalMaxPool2d requires specifying either an output size, or a pooling ratio
    >>> nn.FractionalMaxPool2d(2, output_size=8)(T(2, 3, 8, 8))
    ! SHP110 fractional_max_pool2d(): pool height 2 too large relative to input height 8
    """

    kernel_size: Any
    output_size: Any
    output_ratio: Any
    return_indices: Any

    def __init__(
        self, kernel_size: Pair, output_size: Any = None, output_ratio: Any = None, return_indices: Any = False, _random_samples: Any = None
    ) -> None:
        _set_up(self, 2, output_size, output_ratio)
        self._random_samples = buffered(_random_samples)

    def forward(self, input: Tensor) -> Any:
        samples = self._random_samples
        return _fractional(input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices, samples, 2)


@layer("nn.FractionalMaxPool3d", ranks=(5, 4))
class FractionalMaxPool3d:
    """(N, C, D, H, W) -> (N, C, *output_size), or each axis times `output_ratio`, rounded down.

    >>> nn.FractionalMaxPool3d(3, output_ratio=0.5, return_indices=True)(T(2, 3, 9, 9, 9))
    [(2, 3, 4, 4, 4), (2, 3, 4, 4, 4)]
    >>> nn.FractionalMaxPool3d(2, output_ratio=1.5)
    ! SHP202 output_ratio must be between 0 and 1 (got 1.5)
    """

    kernel_size: Any
    output_size: Any
    output_ratio: Any
    return_indices: Any

    def __init__(
        self,
        kernel_size: Triple,
        output_size: Any = None,
        output_ratio: Any = None,
        return_indices: Any = False,
        _random_samples: Any = None,
    ) -> None:
        _set_up(self, 3, output_size, output_ratio)
        self._random_samples = buffered(_random_samples)

    def forward(self, input: Tensor) -> Any:
        samples = self._random_samples
        return _fractional(input, self.kernel_size, self.output_size, self.output_ratio, self.return_indices, samples, 3)


@op("F.fractional_max_pool2d", ranks=(4, 3))
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: Any = False,
    _random_samples: Any = None,
) -> Any:
    """(N, C, H, W) -> (N, C, *output_size).

    >>> F.fractional_max_pool2d(T(2, 3, 8, 8), 2, output_size=5)
    (2, 3, 5, 5)
    >>> F.fractional_max_pool2d(T(2, 3, 8, 8), 2)
    ! SHP118 fractional_max_pool2d requires specifying either an output_size or an output_ratio
    """
    return _fractional(input, kernel_size, output_size, output_ratio, return_indices, _random_samples, 2)


@op("F.fractional_max_pool3d", ranks=(5, 4))
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Any,
    output_size: Any = None,
    output_ratio: Any = None,
    return_indices: Any = False,
    _random_samples: Any = None,
) -> Any:
    """(N, C, D, H, W) -> (N, C, *output_size).

    >>> F.fractional_max_pool3d(T(2, 3, 8, 8, 8), 2, output_ratio=0.5)
    (2, 3, 4, 4, 4)
    >>> F.fractional_max_pool3d(T(8, 8, 8), 2, output_size=2)
    ! SHP107 Dimension out of range (expected to be in range of [-3, 2], but got -4)
    """
    return _fractional(input, kernel_size, output_size, output_ratio, return_indices, _random_samples, 3)
