"""Interpolation: Upsample, F.interpolate and their older names (torch/nn/functional.py, aten/src/ATen/native/UpSample.h)."""

from __future__ import annotations

from shapecheck.book import (
    BOOL,
    INTS,
    Any,
    Free,
    ListValue,
    Size,
    Str,
    SymFloat,
    Tensor,
    Unknown,
    Unsure,
    adaptive_average,
    as_written,
    brackets,
    current,
    each,
    expect,
    expect_ge,
    facts,
    follow,
    fresh,
    layer,
    not_implemented,
    op,
    python_type,
    refuse,
    scaled,
    to_sequence,
    to_size,
    word,
)

AXES = {1: "W", 2: "HW", 3: "DHW"}
NEEDS = {"linear": 3, "bilinear": 4, "trilinear": 5}
PLAIN = ("nearest", "area", "nearest-exact")  # modes without corners to align
EVERYWHERE = "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"
REGISTRY = "Please provide input tensor in (N, C, d1, d2, ...,dK) format and"


def _one(value: Any) -> Size:
    """A size that may be written as a tensor of one element, or not be known."""
    value = current().pinned(value)
    return fresh("size", low=0) if isinstance(value, Unknown) else to_size(value)


def _wanted(size: Any, axes: tuple[Size, ...]) -> tuple[Size, ...]:
    """The output size from `size=`."""
    items = to_sequence(size)
    if items is None:
        if isinstance(size, (float, SymFloat)):
            sentence = "received an invalid combination of arguments - got (Tensor, list, NoneType), but expected one of:"
            refuse("SHP118", f"upsample_nearest2d() {sentence}", message="a size is a float", error="TypeError", blame="size")
        return each(size, len(axes)) if isinstance(size, Free) else (_one(size),) * len(axes)
    expect(
        len(items) == len(axes),
        "SHP118",
        lambda: (
            f"Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of {brackets(axes)} "
            f"and output size of {as_written(size, items)}. {REGISTRY} output size in (o1, o2, ...,oK) format."
        ),
        message=f"a size of {len(items)} numbers for an input of {len(axes)} spatial axes",
        error="ValueError",
        blame="size",
    )
    if any(isinstance(item, (float, SymFloat)) or item is None for item in items):
        types = ", ".join(f"<class '{python_type(item)}'>" for item in items)
        sentence = "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but got size with types"
        refuse("SHP118", f"{sentence} [{types}]", message="a size is not an int", error="TypeError", blame="size")
    return tuple(map(_one, items))


def _stretched(scale_factor: Any, axes: tuple[Size, ...]) -> tuple[Size, ...]:
    """The output size from `scale_factor=`."""
    items = to_sequence(scale_factor)
    if items is None:
        items = (scale_factor,) * len(axes)
    expect(
        len(items) == len(axes),
        "SHP118",
        lambda: (
            f"Input and scale_factor must have the same number of spatial dimensions, but got input with spatial dimensions of "
            f"{brackets(axes)} and scale_factor of shape {_plain(scale_factor, items)}. {REGISTRY} scale_factor in (s1, s2, ...,sK) format."
        ),
        message=f"{len(items)} scale factors for an input of {len(axes)} spatial axes",
        error="ValueError",
        blame="scale_factor",
    )
    return tuple(scaled(size, current().pinned(item)) for size, item in zip(axes, items, strict=True))


def _plain(value: Any, items: tuple[Any, ...]) -> str:
    return str(items) if isinstance(value, tuple) else str(list(items))


def _interpolate(
    input: Tensor, size: Any, scale_factor: Any, mode: Any, align_corners: Any, recompute_scale_factor: Any, antialias: Any
) -> Tensor:
    """(N, C, *axes) -> (N, C, *size), or (N, C, *floor(axes * scale_factor)); the checks stand in torch's order."""
    mode = current().pinned(mode)
    plain = mode in PLAIN if isinstance(mode, str) else False
    expect(
        not plain or align_corners is None or isinstance(align_corners, (Free, Unknown)),
        "SHP118",
        "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear",
        error="ValueError",
        blame="align_corners",
    )
    axes = input.shape[2:]
    if size is not None and scale_factor is not None:
        known = not isinstance(size, (Free, Unknown)) and not isinstance(scale_factor, (Free, Unknown))
        expect(not known, "SHP118", "only one of size or scale_factor should be defined", error="ValueError", blame="scale_factor")
        raise Unsure("size or scale_factor may be None")
    if size is None and scale_factor is None:
        refuse("SHP118", "either size or scale_factor should be defined", error="ValueError", blame="size")
    target = _wanted(size, axes) if scale_factor is None else _stretched(scale_factor, axes)
    expect(
        size is None or recompute_scale_factor is not True,
        "SHP118",
        "recompute_scale_factor is not meaningful with an explicit size.",
        error="ValueError",
        blame="recompute_scale_factor",
    )
    expect(
        antialias is not True or not isinstance(mode, str) or (mode in ("bilinear", "bicubic", "lanczos") and input.rank == 4),
        "SHP118",
        "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input",
        error="ValueError",
        blame="antialias",
    )
    if isinstance(mode, str):
        _expect_mode(input, mode, align_corners, antialias)
    elif input.rank not in (3, 4, 5):
        raise Unsure("the mode is not known")
    if mode == "area":
        return adaptive_average(input, target, len(axes))
    _expect_elements(input, target)
    return follow((*input.shape[:2], *target), input, images=True)


def _expect_mode(input: Tensor, mode: str, align_corners: Any, antialias: Any) -> None:
    """The mode is one for so many axes."""
    rank = input.rank
    fits = rank in (3, 4, 5) and (mode in PLAIN or NEEDS.get(mode) == rank or (mode in ("bicubic", "lanczos") and rank == 4))
    expect(
        not fits or mode != "lanczos" or align_corners is not True,
        "SHP118",
        "Lanczos mode does not support align_corners=True",
        error="ValueError",
        blame="align_corners",
    )
    expect(
        not fits or mode != "lanczos" or antialias is True or not isinstance(antialias, bool),
        "SHP118",
        "Lanczos mode requires antialias=True",
        error="ValueError",
        blame="mode",
    )
    if fits:
        return
    sentence = f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {rank}D) for the modes: {EVERYWHERE} (got {mode})"
    if rank in (3, 4, 5) and mode in NEEDS:
        sentence = f"Got {rank}D input, but {mode} mode needs {NEEDS[mode]}D input"
    message = f"interpolation with mode {mode} of an input of {rank} axes"
    refuse("SHP107", sentence, message=message, error="NotImplementedError", expected=NEEDS.get(mode), actual=rank)


def _expect_elements(input: Tensor, target: tuple[Size, ...]) -> None:
    axes = input.shape[2:]

    def sentence() -> str:
        left, right = (
            ", ".join(f"{axis}: {word(size)}" for axis, size in zip(AXES[len(axes)], sizes, strict=True)) for sizes in (axes, target)
        )
        between = "and output" if len(axes) == 1 else "output"
        return f"Input and output sizes should be greater than 0, but got input ({left}) {between} ({right})"

    for size in (*axes, *target):
        expect_ge(size, 1, "SHP110", sentence, message=lambda: "an axis of the result has no elements", actual=list(target))
    channels = input.shape[1]
    expect(
        not isinstance(channels, int) or channels != 0,
        "SHP110",
        lambda: f"Non-empty {input.rank}D data tensor expected but got a tensor with sizes {brackets(input.shape)}",
    )
    if (input.dtype in INTS and input.dtype != "uint8") or input.dtype == BOOL:
        small = len(axes) == 2 and not facts().ge(target[0] + target[1], 129).yes
        assert input.dtype is not None
        not_implemented("upsample_nearest2d_channels_last" if small else "compute_indices_weights_nearest", input.dtype)


@layer("nn.Upsample", ranks=(4, 3, 5))
class Upsample:
    """(N, C, *axes) -> (N, C, *size), or each axis times `scale_factor`, rounded down.

    >>> nn.Upsample(scale_factor=2)(T(2, 3, 8, 9))
    (2, 3, 16, 18)
    >>> nn.Upsample(size=(5, 6), mode="bilinear")(T(2, 3, 8, 9))
    (2, 3, 5, 6)
    >>> nn.Upsample(scale_factor=2, mode="bilinear")(T(3, 8, 9))
    ! SHP107 Got 3D input, but bilinear mode needs 4D input
    >>> nn.Upsample()(T(2, 3, 8, 9))
    ! SHP118 either size or scale_factor should be defined
    >>> nn.Upsample(scale_factor=[2, 2])
    ! SHP202 float() argument must be a string or a real number, not 'list'
    """

    size: Any
    scale_factor: Any
    mode: Any
    align_corners: Any
    recompute_scale_factor: Any

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: Str = "nearest",
        align_corners: Any = None,
        recompute_scale_factor: Any = None,
    ) -> None:
        self.name = "Upsample"
        if isinstance(scale_factor, tuple):
            self.scale_factor = tuple(_float(item) for item in scale_factor)
        elif isinstance(scale_factor, (int, float)):
            self.scale_factor = float(scale_factor) or None
        elif isinstance(scale_factor, ListValue):
            sentence = "float() argument must be a string or a real number, not 'list'"
            refuse("SHP202", sentence, message="scale_factor is a list", error="TypeError", blame="scale_factor")

    def forward(self, input: Tensor) -> Tensor:
        return _interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners, self.recompute_scale_factor, False)


def _float(value: Any) -> Any:
    """A scale factor as the layer keeps it."""
    return float(value) if isinstance(value, int) else value


@layer("nn.UpsamplingNearest2d", ranks=(4,))
class UpsamplingNearest2d:
    """nn.Upsample with mode nearest.

    >>> nn.UpsamplingNearest2d(scale_factor=2)(T(2, 3, 8, 9))
    (2, 3, 16, 18)
    >>> nn.UpsamplingNearest2d(size=0)(T(2, 3, 8, 9))
    ! SHP110 Input and output sizes should be greater than 0, but got input (H: 8, W: 9) output (H: 0, W: 0)
    """

    size: Any
    scale_factor: Any

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        self.mode = "nearest"

    def forward(self, input: Tensor) -> Tensor:
        return _interpolate(input, self.size, self.scale_factor, "nearest", None, None, False)


@layer("nn.UpsamplingBilinear2d", ranks=(4,))
class UpsamplingBilinear2d:
    """nn.Upsample with mode bilinear and aligned corners.

    >>> nn.UpsamplingBilinear2d(size=5)(T(2, 3, 8, 9))
    (2, 3, 5, 5)
    >>> nn.UpsamplingBilinear2d(size=5)(T(2, 3, 8))
    ! SHP107 Got 3D input, but bilinear mode needs 4D input
    """

    size: Any
    scale_factor: Any

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        self.mode = "bilinear"

    def forward(self, input: Tensor) -> Tensor:
        return _interpolate(input, self.size, self.scale_factor, "bilinear", True, None, False)


@op("F.interpolate", ranks=(4, 3, 5))
def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: Any = "nearest",
    align_corners: Any = None,
    recompute_scale_factor: Any = None,
    antialias: Any = False,
) -> Tensor:
    """(N, C, *axes) -> (N, C, *size), or each axis times `scale_factor`, rounded down.

    >>> F.interpolate(T(2, 3, 8, 9), scale_factor=0.7)
    (2, 3, 5, 6)
    >>> F.interpolate(T(2, 3, 8, 9), size=5, align_corners=True)
    ! SHP118 align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear
    >>> F.interpolate(T(2, 3, 8), size=5, mode="bilinear")
    ! SHP107 Got 3D input, but bilinear mode needs 4D input
    >>> F.interpolate(T(2, 3, 8, 9), scale_factor=0.1)
    ! SHP110 Input and output sizes should be greater than 0, but got input (H: 8, W: 9) output (H: 0, W: 0)
    """
    return _interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias)


@op("F.upsample", ranks=(4, 3, 5))
def upsample(input: Tensor, size: Any = None, scale_factor: Any = None, mode: Any = "nearest", align_corners: Any = None) -> Tensor:
    """F.interpolate by its older name.

    >>> F.upsample(T(2, 3, 8, 9), scale_factor=2)
    (2, 3, 16, 18)
    >>> F.upsample(T(2, 3, 8, 9))
    ! SHP118 either size or scale_factor should be defined
    """
    return _interpolate(input, size, scale_factor, mode, align_corners, None, False)


@op("F.upsample_nearest", ranks=(4, 3, 5))
def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """F.interpolate with mode nearest.

    >>> F.upsample_nearest(T(2, 3, 8, 9), (4, 5))
    (2, 3, 4, 5)
    >>> F.upsample_nearest(T(2, 3, 8, 9), 4, 2)
    ! SHP118 only one of size or scale_factor should be defined
    """
    return _interpolate(input, size, scale_factor, "nearest", None, None, False)


@op("F.upsample_bilinear", ranks=(4,))
def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """F.interpolate with mode bilinear and aligned corners.

    >>> F.upsample_bilinear(T(2, 3, 8, 9), (4, 5))
    (2, 3, 4, 5)
    >>> F.upsample_bilinear(T(2, 3, 8), 4)
    ! SHP107 Got 3D input, but bilinear mode needs 4D input
    """
    return _interpolate(input, size, scale_factor, "bilinear", True, None, False)
