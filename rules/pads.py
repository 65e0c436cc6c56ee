"""Padding layers and F.pad; what torch refuses of them stands in shapecheck/book/padding.py."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Size,
    Sizes,
    Tensor,
    Unsure,
    current,
    expect,
    expect_rank,
    facts,
    follow,
    layer,
    op,
    padded,
    preserved_layout,
    settled,
    to_sequence,
    to_size,
)


def _pad(input: Tensor, pads: Any, mode: Any, value: Any) -> Tensor:
    """What F.pad(input, pads, mode, value) makes."""
    items = to_sequence(pads)
    if items is None:
        expect(
            not isinstance(pads, int),
            "SHP118",
            "pad(): argument 'pad' (position 2) must be tuple of ints, not int",
            error="TypeError",
            blame="padding",
        )
        raise Unsure("the padding is not known")
    if not isinstance(mode, str):
        raise Unsure("the padding mode is not known")
    sizes = tuple(to_size(current().pinned(item)) for item in items)
    expect(
        mode == "constant" or not isinstance(value, (int, float)) or value == 0 or len(sizes) % 2 == 1 or len(sizes) > 2 * input.rank,
        "SHP118",
        f'Padding mode "{mode}" doesn\'t take in value argument',
    )
    shape = padded(input.shape, sizes, mode, "padding")
    if mode == "constant" and shape == input.shape and all(facts().eq(size, 0).yes for size in sizes):
        return Tensor(shape, input.dtype, preserved_layout(input), device=input.device)  # a clone
    return follow(shape, input, images=mode == "constant")


@op("F.pad", "torch._C._nn.pad", ranks=(4, 3, 5, 2))
def pad(input: Tensor, pad: Any, mode: Any = "constant", value: Any = None) -> Tensor:
    """Two numbers an axis, from the last axis backwards: each axis grows by their sum.

    >>> F.pad(T(3, 3, 4, 2), (0, 1, 2, 1, 3, 3))
    (3, 9, 7, 3)
    >>> F.pad(T(2, 3, 5), (1, 2), mode="reflect")
    (2, 3, 8)
    >>> F.pad(T(3, 5), (1, 1, 1, 1, 1, 1))
    ! SHP107 Padding length should be less than or equal to two times the input dimension but got padding length 6 and input of dimension 2
    >>> F.pad(T(2, 3, 5), (6, 0), mode="circular")
    ! SHP110 Padding value causes wrapping around more than once.
    """
    return _pad(input, pad, mode, value)


@op("torch.constant_pad_nd", ranks=(4, 3, 5, 2))
def constant_pad_nd(input: Tensor, pad: Sizes, value: Any = 0) -> Tensor:
    """F.pad with mode constant.

    >>> torch.constant_pad_nd(T(2, 3, 5), (1, 1))
    (2, 3, 7)
    >>> torch.constant_pad_nd(T(2, 3, 5), (1, 1, 1))
    ! SHP118 Length of pad must be even but instead it equals 3
    """
    expect(len(pad) % 2 == 0, "SHP118", f"Length of pad must be even but instead it equals {len(pad)}")
    return _pad(input, pad, "constant", None)


class _Pad:
    mode: str
    spatial_axes: int
    padding: Any

    def __init__(self, padding: Size) -> None:
        self.padding = settled(padding, "padding", 2 * self.spatial_axes)

    def forward(self, input: Tensor) -> Tensor:
        if self.mode == "circular":
            axes = self.spatial_axes
            sentence = f"expected {axes + 1}D or {axes + 2}D input (got {input.rank}D input)"
            message = f"CircularPad{axes}d wants {axes + 1} or {axes + 2} axes, gets {input.rank}"
            expect_rank(input, (axes + 1, axes + 2), "SHP107", sentence, message=message, error="ValueError", actual=input.rank)
        return _pad(input, self.padding, self.mode, None)


class _ConstantPad(_Pad):
    def __init__(self, padding: Size, value: Any) -> None:
        self.padding = settled(padding, "padding", 2 * self.spatial_axes)


@layer("nn.ConstantPad1d", ranks=(3, 2))
class ConstantPad1d(_ConstantPad):
    """Adds a constant at both ends of the last axis.

    >>> nn.ConstantPad1d(2, 0.5)(T(2, 3, 8))
    (2, 3, 12)
    >>> nn.ConstantPad1d((1, 1, 1, 1), 0.5)(T(3))
    ! SHP107 Padding length should be less than or equal to two times the input dimension but got padding length 4 and input of dimension 1
    """

    mode = "constant"
    spatial_axes = 1


@layer("nn.ConstantPad2d", ranks=(4, 3))
class ConstantPad2d(_ConstantPad):
    """Adds a constant at both ends of the last two axes.

    >>> nn.ConstantPad2d(2, 0.5)(T(2, 3, 8, 9))
    (2, 3, 12, 13)
    >>> nn.ConstantPad2d(2, 0.5)(T(5))
    ! SHP107 Padding length should be less than or equal to two times the input dimension but got padding length 4 and input of dimension 1
    """

    mode = "constant"
    spatial_axes = 2


@layer("nn.ConstantPad3d", ranks=(5, 4))
class ConstantPad3d(_ConstantPad):
    """Adds a constant at both ends of the last three axes.

    >>> nn.ConstantPad3d(2, 0.5)(T(2, 3, 8, 9, 7))
    (2, 3, 12, 13, 11)
    >>> nn.ConstantPad3d(2, 0.5)(T(5, 5))
    ! SHP107 Padding length should be less than or equal to two times the input dimension but got padding length 6 and input of dimension 2
    """

    mode = "constant"
    spatial_axes = 3


@layer("nn.ZeroPad1d", ranks=(3, 2))
class ZeroPad1d(_Pad):
    """Adds zeros at both ends of the last axis.

    >>> nn.ZeroPad1d(2)(T(2, 3, 8))
    (2, 3, 12)
    >>> nn.ZeroPad1d((1, 1, 1, 1))(T(3))
    ! SHP107 Padding length should be less than or equal to two times the input dimension but got padding length 4 and input of dimension 1
    """

    mode = "constant"
    spatial_axes = 1


@layer("nn.ZeroPad2d", ranks=(4, 3))
class ZeroPad2d(_Pad):
    """Adds zeros at both ends of the last two axes.

    >>> nn.ZeroPad2d(2)(T(2, 3, 8, 9))
    (2, 3, 12, 13)
    >>> nn.ZeroPad2d(2)(T(5))
    ! SHP107 Padding length should be less than or equal to two times the input dimension but got padding length 4 and input of dimension 1
    """

    mode = "constant"
    spatial_axes = 2


@layer("nn.ZeroPad3d", ranks=(5, 4))
class ZeroPad3d(_Pad):
    """Adds zeros at both ends of the last three axes.

    >>> nn.ZeroPad3d(2)(T(2, 3, 8, 9, 7))
    (2, 3, 12, 13, 11)
    >>> nn.ZeroPad3d(2)(T(5, 5))
    ! SHP107 Padding length should be less than or equal to two times the input dimension but got padding length 6 and input of dimension 2
    """

    mode = "constant"
    spatial_axes = 3


@layer("nn.ReflectionPad1d", ranks=(3, 2))
class ReflectionPad1d(_Pad):
    """Mirrors the last axis at both ends.

    >>> nn.ReflectionPad1d(2)(T(2, 3, 8))
    (2, 3, 12)
    >>> nn.ReflectionPad1d((1, 2, 3))(T(2, 3, 8))
    ! SHP118 Padding length must be divisible by 2
    """

    mode = "reflect"
    spatial_axes = 1


@layer("nn.ReflectionPad2d", ranks=(4, 3))
class ReflectionPad2d(_Pad):
    """Mirrors the last two axes at both ends.

    >>> nn.ReflectionPad2d(2)(T(2, 3, 8, 9))
    (2, 3, 12, 13)
    >>> nn.ReflectionPad2d((1, 2, 3))(T(2, 3, 8, 9))
    ! SHP118 Padding length must be divisible by 2
    """

    mode = "reflect"
    spatial_axes = 2


@layer("nn.ReflectionPad3d", ranks=(5, 4))
class ReflectionPad3d(_Pad):
    """Mirrors the last three axes at both ends.

    >>> nn.ReflectionPad3d(2)(T(2, 3, 8, 9, 7))
    (2, 3, 12, 13, 11)
    >>> nn.ReflectionPad3d((1, 2, 3))(T(2, 3, 8, 9, 7))
    ! SHP118 Padding length must be divisible by 2
    """

    mode = "reflect"
    spatial_axes = 3


@layer("nn.ReplicationPad1d", ranks=(3, 2))
class ReplicationPad1d(_Pad):
    """Repeats the ends of the last axis.

    >>> nn.ReplicationPad1d(2)(T(2, 3, 8))
    (2, 3, 12)
    >>> nn.ReplicationPad1d((1, 2, 3))(T(2, 3, 8))
    ! SHP118 Padding length must be divisible by 2
    """

    mode = "replicate"
    spatial_axes = 1


@layer("nn.ReplicationPad2d", ranks=(4, 3))
class ReplicationPad2d(_Pad):
    """Repeats the ends of the last two axes.

    >>> nn.ReplicationPad2d(2)(T(2, 3, 8, 9))
    (2, 3, 12, 13)
    >>> nn.ReplicationPad2d((1, 2, 3))(T(2, 3, 8, 9))
    ! SHP118 Padding length must be divisible by 2
    """

    mode = "replicate"
    spatial_axes = 2


@layer("nn.ReplicationPad3d", ranks=(5, 4))
class ReplicationPad3d(_Pad):
    """Repeats the ends of the last three axes.

    >>> nn.ReplicationPad3d(2)(T(2, 3, 8, 9, 7))
    (2, 3, 12, 13, 11)
    >>> nn.ReplicationPad3d((1, 2, 3))(T(2, 3, 8, 9, 7))
    ! SHP118 Padding length must be divisible by 2
    """

    mode = "replicate"
    spatial_axes = 3


@layer("nn.CircularPad1d", ranks=(3, 2))
class CircularPad1d(_Pad):
    """Goes on with the other end of the last axis.

    >>> nn.CircularPad1d(2)(T(2, 3, 8))
    (2, 3, 12)
    >>> nn.CircularPad1d(9)(T(2, 3, 8))
    ! SHP110 Padding value causes wrapping around more than once.
    """

    mode = "circular"
    spatial_axes = 1


@layer("nn.CircularPad2d", ranks=(4, 3))
class CircularPad2d(_Pad):
    """Goes on with the other end of the last two axes.

    >>> nn.CircularPad2d(2)(T(2, 3, 8, 9))
    (2, 3, 12, 13)
    >>> nn.CircularPad2d(9)(T(2, 3, 8, 9))
    ! SHP110 Padding value causes wrapping around more than once.
    """

    mode = "circular"
    spatial_axes = 2


@layer("nn.CircularPad3d", ranks=(5, 4))
class CircularPad3d(_Pad):
    """Goes on with the other end of the last three axes.

    >>> nn.CircularPad3d(2)(T(2, 3, 8, 9, 7))
    (2, 3, 12, 13, 11)
    >>> nn.CircularPad3d(9)(T(2, 3, 8, 9, 7))
    ! SHP110 Padding value causes wrapping around more than once.
    """

    mode = "circular"
    spatial_axes = 3
