"""Unfold and Fold: sliding windows of images as columns, and back (aten/src/ATen/native/im2col_shape_check.h)."""

from __future__ import annotations

from shapecheck.book import (
    INTS,
    Any,
    Size,
    Tensor,
    brackets,
    commas,
    each,
    exact_div,
    expect,
    expect_divides,
    expect_eq,
    expect_ge,
    floordiv,
    into,
    layer,
    new,
    not_implemented,
    op,
    word,
)

AXES = ("height", "width")


def _pair(value: Any, name: str) -> tuple[Size, Size]:
    sizes = each(value, 2)
    expect(len(sizes) == 2, "SHP118", f"It is expected {name} equals to 2, but got size {len(sizes)}", actual=list(sizes), blame=name)
    return sizes[0], sizes[1]


def _expect_least(sizes: tuple[Size, Size], least: int, what: str, prefix: str) -> None:
    relation = "should be greater than zero" if least else "should be non-negative"
    for size in sizes:
        expect_ge(
            size,
            least,
            "SHP118",
            lambda: f"{what} {relation}, but got {prefix}_height: {word(sizes[0])} {prefix}_width: {word(sizes[1])}",
            actual=list(sizes),
        )


def _settings(kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> tuple[tuple[Size, Size], ...]:
    return _pair(kernel_size, "kernel_size"), _pair(dilation, "dilation"), _pair(padding, "padding"), _pair(stride, "stride")


def _blocks(
    size: tuple[Size, ...], kernel: tuple[Size, ...], dilation: tuple[Size, ...], padding: tuple[Size, ...], stride: tuple[Size, ...]
) -> list[Size]:
    """How many windows stand below and beside each other."""
    return [
        floordiv(extent + 2 * pad - hole * (window - 1) - 1, step) + 1
        for extent, window, hole, pad, step in zip(size, kernel, dilation, padding, stride, strict=True)
    ]


def _unfold(input: Tensor, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Tensor:
    """(N, C, H, W) -> (N, C*product(kernel_size), blocks)."""
    kernel, holes, pads, steps = _settings(kernel_size, dilation, padding, stride)
    _expect_least(kernel, 1, "kernel size", "kernel")
    _expect_least(holes, 1, "dilation", "dilation")
    _expect_least(pads, 0, "padding", "pad")
    _expect_least(steps, 1, "stride", "stride")
    if input.rank < 3:
        low = f"expected to be in range of [{-input.rank}, {input.rank - 1}], but got {max(input.rank, 1)}"
        sentence = f"Dimension out of range ({low})" if input.rank else "Dimension specified as 1 but tensor has no dimensions"
        expect(False, "SHP107", sentence, message=f"unfold wants 3 or 4 axes, gets {input.rank}", error="IndexError", actual=input.rank)
    expect(
        input.rank in (3, 4) and 0 not in input.shape[input.rank - 3 :],
        "SHP107" if input.rank > 4 else "SHP110",
        lambda: (
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, "
            f"but got: {brackets(input.shape)}"
        ),
        actual=input.rank,
    )
    image = input.shape[-2:]
    blocks = _blocks(image, kernel, holes, pads, steps)
    for place, count in enumerate(blocks):
        expect_ge(
            count,
            1,
            "SHP110",
            lambda: (
                f"Given input with spatial size ({commas(image)}), kernel_size=({commas(kernel)}), dilation=({commas(holes)}), "
                f"padding=({commas(pads)}), calculated shape of the array of sliding blocks as ({commas(blocks)}), "
                "but its components must be at least one."
            ),
            message=lambda: f"a window of {commas(kernel)} does not fit into {commas(image)}",
            axis=input.rank - 2 + place,
            blame="kernel_size",
        )
    if input.dtype in INTS:
        not_implemented("im2col_out_cpu", input.dtype)
    return new((*input.shape[:-3], input.shape[-3] * kernel[0] * kernel[1], blocks[0] * blocks[1]), like=input)


def _fold(input: Tensor, output_size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Tensor:
    """(N, C*product(kernel_size), blocks) -> (N, C, *output_size)."""
    image = _pair(output_size, "output_size")
    kernel, holes, pads, steps = _settings(kernel_size, dilation, padding, stride)
    _expect_least(kernel, 1, "kernel size", "kernel")
    _expect_least(steps, 1, "stride", "stride")
    _expect_least(holes, 1, "dilation", "dilation")
    _expect_least(pads, 0, "padding", "pad")
    expect(
        input.rank in (2, 3) and 0 not in input.shape[input.rank - 2 :],
        "SHP110" if input.rank in (2, 3) else "SHP107",
        lambda: (
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, "
            f"but got: {brackets(input.shape)}"
        ),
        actual=input.rank,
    )
    columns, count = input.shape[-2:]
    window = kernel[0] * kernel[1]
    expect_divides(
        window,
        columns,
        "SHP112",
        lambda: (
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, "
            f"but got input.size(1)={word(columns)} and kernel_size=({commas(kernel)})."
        ),
        message=lambda: f"columns of {word(columns)} do not hold whole windows of {word(window)}",
        expected=window,
        actual=columns,
        axis=input.rank - 2,
    )
    down, along = _blocks(image, kernel, holes, pads, steps)
    expect_eq(
        count,
        down * along,
        "SHP110",
        lambda: (
            f"Given output_size=({commas(image)}), kernel_size=({commas(kernel)}), dilation=({commas(holes)}), padding=({commas(pads)}), "
            f"stride=({commas(steps)}), expected size of input's dimension 2 to match the calculated number of sliding blocks "
            f"{word(down)} * {word(along)} = {word(down * along)}, but got input.size(2)={word(count)}."
        ),
        message=lambda: f"{word(count)} windows, but an image of {commas(image)} has {word(down * along)}",
        expected=down * along,
        actual=[count],
        axis=input.rank - 1,
        blame="output_size",
    )
    for blocks in (down, along):
        expect_ge(
            blocks,
            1,
            "SHP110",
            lambda: (
                f"Given output_size=({commas(image)}), kernel_size=({commas(kernel)}), dilation=({commas(holes)}), "
                f"padding=({commas(pads)}), stride=({commas(steps)}), calculated shape of the array of sliding blocks as "
                f"({word(down)}, {word(along)}), which is too small (non-positive)"
            ),
            blame="output_size",
        )
    if input.dtype in INTS:
        not_implemented("col2im_out_cpu", input.dtype)
    channels = exact_div(columns, window)
    return new((*input.shape[:-2], floordiv(columns, window) if channels is None else channels, *image), like=input)


@layer("nn.Unfold", ranks=(4, 3))
class Unfold:
    """(N, C, H, W) -> (N, C*product(kernel_size), L), a column for each of the L positions of the window.

    >>> nn.Unfold((2, 3))(T(2, 5, 3, 4))
    (2, 30, 4)
    >>> nn.Unfold(3)(T(5, 5))
    ! SHP107 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """

    kernel_size: Any
    dilation: Any
    padding: Any
    stride: Any

    def __init__(self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)


@layer("nn.Fold", ranks=(3, 2))
class Fold:
    """(N, C*product(kernel_size), L) -> (N, C, *output_size), overlapping values summed.

    >>> nn.Fold((4, 5), (2, 2))(T(1, 12, 12))
    (1, 3, 4, 5)
    >>> nn.Fold((4, 5), (2, 2, 2))(T(1, 12, 12))
    ! SHP118 It is expected kernel_size equals to 2, but got size 3
    """

    output_size: Any
    kernel_size: Any
    dilation: Any
    padding: Any
    stride: Any

    def __init__(self, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)


@op("F.unfold", ranks=(4, 3))
def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """The windows of (N, C, H, W) as columns: (N, C*product(kernel_size), L).

    >>> F.unfold(T(3, 8, 8), 4, stride=4)
    (48, 4)
    >>> F.unfold(T(2, 3, 5, 5), (3, 3, 3))
    ! SHP118 It is expected kernel_size equals to 2, but got size 3
    """
    return _unfold(input, kernel_size, dilation, padding, stride)


@op("torch._C._nn.im2col", ranks=(4, 3))
def im2col(input: Tensor, kernel_size: Any, dilation: Any, padding: Any, stride: Any, *, out: Any = None) -> Tensor:
    """F.unfold by its inner name.

    >>> torch._C._nn.im2col(T(3, 8, 8), 4, 1, 0, 4)
    (48, 4)
    >>> torch._C._nn.im2col(T(3, 8, 8), 4, 1, -1, 4)
    ! SHP118 padding should be non-negative, but got pad_height: -1 pad_width: -1
    """
    return into(out, _unfold(input, kernel_size, dilation, padding, stride))


@op("F.fold", ranks=(3, 2))
def fold(input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """Columns of windows (N, C*product(kernel_size), L) as an image (N, C, *output_size).

    >>> F.fold(T(12, 9), 4, 2)
    (3, 4, 4)
    >>> F.fold(T(2, 12, 9), 4, 2, padding=(1, 1, 1))
    ! SHP118 It is expected padding equals to 2, but got size 3
    """
    return _fold(input, output_size, kernel_size, dilation, padding, stride)


@op("torch._C._nn.col2im", ranks=(3, 2))
def col2im(input: Tensor, output_size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any, *, out: Any = None) -> Tensor:
    """F.fold by its inner name.

    >>> torch._C._nn.col2im(T(12, 9), 4, 2, 1, 0, 1)
    (3, 4, 4)
    >>> torch._C._nn.col2im(T(12, 9), 4, 2, 1, 0, 0)
    ! SHP118 stride should be greater than zero, but got stride_height: 0 stride_width: 0
    """
    return into(out, _fold(input, output_size, kernel_size, dilation, padding, stride))
