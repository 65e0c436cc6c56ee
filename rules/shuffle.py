"""Shuffling channels: PixelShuffle, PixelUnshuffle, ChannelShuffle (aten/src/ATen/native/PixelShuffle.cpp, ChanelShuffle.cpp)."""

from __future__ import annotations

from shapecheck.book import (
    Size,
    Tensor,
    brackets,
    exact_div,
    expect,
    expect_divides,
    expect_ge,
    facts,
    floordiv,
    follow,
    layer,
    op,
    word,
)


def _expect_axes(input: Tensor, function: str) -> None:
    expect(
        input.rank >= 3,
        "SHP107",
        f"{function} expects input to have at least 3 dimensions, but got input with {input.rank} dimension(s)",
        message=f"{function} wants at least 3 axes, gets {input.rank}",
        expected=3,
        actual=input.rank,
    )


def _shuffle(input: Tensor, factor: Size) -> Tensor:
    """(*, C*r*r, H, W) -> (*, C, H*r, W*r)"""
    _expect_axes(input, "pixel_shuffle")
    sentence = f"pixel_shuffle expects a positive upscale_factor, but got {word(factor)}"
    expect_ge(factor, 1, "SHP118", sentence, actual=factor, blame="upscale_factor")
    channels, height, width = input.shape[-3:]
    square = factor * factor
    expect_divides(
        square,
        channels,
        "SHP112",
        lambda: (
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={word(channels)} is not divisible by {word(square)}"
        ),
        message=lambda: f"{word(channels)} channels do not divide into squares of {word(square)}",
        expected=square,
        actual=[channels],
        axis=input.rank - 3,
        blame="upscale_factor",
    )
    return follow((*input.shape[:-3], _divided(channels, square), height * factor, width * factor), input)


def _unshuffle(input: Tensor, factor: Size) -> Tensor:
    """(*, C, H*r, W*r) -> (*, C*r*r, H, W)"""
    _expect_axes(input, "pixel_unshuffle")
    sentence = f"pixel_unshuffle expects a positive downscale_factor, but got {word(factor)}"
    expect_ge(factor, 1, "SHP118", sentence, actual=factor, blame="downscale_factor")
    channels, height, width = input.shape[-3:]
    for name, place, size in (("height", -2, height), ("width", -1, width)):
        expect_divides(
            factor,
            size,
            "SHP112",
            f"pixel_unshuffle expects {name} to be divisible by downscale_factor, "
            f"but input.size({place})={word(size)} is not divisible by {word(factor)}",
            message=f"a {name} of {word(size)} is not divisible by {word(factor)}",
            expected=factor,
            actual=[size],
            axis=input.rank + place,
            blame="downscale_factor",
        )
    if facts().eq(input.numel(), 0).yes:
        return follow(input.shape, input)  # torch hands nothing back as it came
    return follow((*input.shape[:-3], channels * factor * factor, _divided(height, factor), _divided(width, factor)), input)


def _divided(size: Size, divisor: Size) -> Size:
    whole = exact_div(size, divisor)
    return floordiv(size, divisor) if whole is None else whole


def _channels(input: Tensor, groups: Size) -> Tensor:
    """The channels of (N, C, *) in another order."""
    expect(
        input.rank > 2,
        "SHP107",
        lambda: f"channel_shuffle expects input with > 2 dims, but got input with sizes {brackets(input.shape)}",
        message=f"channel_shuffle wants at least 3 axes, gets {input.rank}",
        actual=input.rank,
    )
    channels = input.shape[1]
    sentence = f"Number of groups to divide channels in must be positive. Value of groups:{word(groups)}"
    expect_ge(groups, 1, "SHP118", sentence, actual=groups, blame="groups")
    expect_divides(
        groups,
        channels,
        "SHP112",
        lambda: f"Number of channels must be divisible by groups. Got {word(channels)} channels and {word(groups)} groups.",
        message=lambda: f"{word(channels)} channels do not divide into {word(groups)} groups",
        expected=groups,
        actual=[channels],
        axis=1,
        blame="groups",
    )
    return follow(input.shape, input)


@layer("nn.PixelShuffle", ranks=(4, 3))
class PixelShuffle:
    """(*, C*r*r, H, W) -> (*, C, H*r, W*r)

    >>> nn.PixelShuffle(3)(T(2, 9, 4, 5))
    (2, 1, 12, 15)
    >>> nn.PixelShuffle(0)(T(2, 8, 4, 5))
    ! SHP118 pixel_shuffle expects a positive upscale_factor, but got 0
    """

    upscale_factor: Size

    def __init__(self, upscale_factor: Size) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _shuffle(input, self.upscale_factor)


@layer("nn.PixelUnshuffle", ranks=(4, 3))
class PixelUnshuffle:
    """(*, C, H*r, W*r) -> (*, C*r*r, H, W)

    >>> nn.PixelUnshuffle(2)(T(2, 3, 8, 6))
    (2, 12, 4, 3)
    >>> nn.PixelUnshuffle(2)(T(2, 3, 8, 7))
    ! SHP112 pixel_unshuffle expects width to be divisible by downscale_factor, but input.size(-1)=7 is not divisible by 2
    """

    downscale_factor: Size

    def __init__(self, downscale_factor: Size) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _unshuffle(input, self.downscale_factor)


@layer("nn.ChannelShuffle", ranks=(4, 3, 5))
class ChannelShuffle:
    """The channels of (N, C, *) in another order.

    >>> nn.ChannelShuffle(2)(T(2, 6, 4, 5))
    (2, 6, 4, 5)
    >>> nn.ChannelShuffle(4)(T(2, 6, 4, 5))
    ! SHP112 Number of channels must be divisible by groups. Got 6 channels and 4 groups.
    """

    groups: Size

    def __init__(self, groups: Size) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _channels(input, self.groups)


@op("F.pixel_shuffle", "torch.pixel_shuffle", ranks=(4, 3))
def pixel_shuffle(input: Tensor, upscale_factor: Size) -> Tensor:
    """(*, C*r*r, H, W) -> (*, C, H*r, W*r)

    >>> F.pixel_shuffle(T(8, 4, 5), 2)
    (2, 8, 10)
    >>> F.pixel_shuffle(T(4, 5), 2)
    ! SHP107 pixel_shuffle expects input to have at least 3 dimensions, but got input with 2 dimension(s)
    """
    return _shuffle(input, upscale_factor)


@op("F.pixel_unshuffle", "torch.pixel_unshuffle", ranks=(4, 3))
def pixel_unshuffle(input: Tensor, downscale_factor: Size) -> Tensor:
    """(*, C, H*r, W*r) -> (*, C*r*r, H, W)

    >>> F.pixel_unshuffle(T(2, 4, 6), 2)
    (8, 2, 3)
    >>> F.pixel_unshuffle(T(2, 5, 6), 2)
    ! SHP112 pixel_unshuffle expects height to be divisible by downscale_factor, but input.size(-2)=5 is not divisible by 2
    """
    return _unshuffle(input, downscale_factor)


@op("F.channel_shuffle", "torch.channel_shuffle", "F.native_channel_shuffle", "torch.native_channel_shuffle", ranks=(4, 3, 5))
def channel_shuffle(input: Tensor, groups: Size) -> Tensor:
    """The channels of (N, C, *) in another order.

    >>> F.channel_shuffle(T(2, 6, 4), 3)
    (2, 6, 4)
    >>> F.channel_shuffle(T(2, 6), 3)
    ! SHP107 channel_shuffle expects input with > 2 dims, but got input with sizes [2, 6]
    """
    return _channels(input, groups)
