"""Transposed convolutions: ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, and their functions."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    Pair,
    Single,
    Size,
    Str,
    Tensor,
    Triple,
    convolve_back,
    expect_zeros,
    forward_transposed,
    layer,
    op,
    set_up,
)


@layer("nn.ConvTranspose1d", ranks=(3, 2))
class ConvTranspose1d:
    """(N, C_in, L) -> (N, C_out, (L - 1)*stride - 2*padding + dilation*(kernel_size - 1) + output_padding + 1).

    >>> nn.ConvTranspose1d(16, 8, 4, stride=2, padding=1)(T(20, 16, 50))
    (20, 8, 100)
    >>> nn.ConvTranspose1d(4, 3, 3)(T(2, 3, 5))
    ! SHP101 Given transposed=1, weight of size [4, 3, 3], expected input[2, 3, 5] to have 4 channels, but got 3 channels instead
    """

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Single,
        stride: Single = 1,  # type: ignore[assignment]
        padding: Single = 0,  # type: ignore[assignment]
        output_padding: Single = 0,  # type: ignore[assignment]
        groups: Size = 1,
        bias: Bool = True,
        dilation: Single = 1,  # type: ignore[assignment]
        padding_mode: Str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        expect_zeros(padding_mode, 1)
        set_up(self, 1, True, bias, dtype)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        return forward_transposed(self, input, output_size, 1)


@layer("nn.ConvTranspose2d", ranks=(4, 3))
class ConvTranspose2d:
    """(N, C_in, H, W) -> (N, C_out, H_out, W_out), H_out = (H - 1)*stride - 2*padding + dilation*(kernel_size - 1) + output_padding + 1.

    `output_size` chooses among the `stride` sizes that a convolution would make the input's size of.

    >>> nn.ConvTranspose2d(16, 8, (3, 5), stride=(2, 1), padding=(4, 2), groups=2)(T(2, 16, 50, 100))
    (2, 8, 93, 100)
    >>> nn.ConvTranspose2d(3, 4, 3, stride=2)(T(2, 3, 5, 5), output_size=(12, 11))
    (2, 4, 12, 11)
    >>> nn.ConvTranspose2d(3, 4, 3)(T(2, 4, 5, 5))
    ! SHP101 Given transposed=1, weight of size [3, 4, 3, 3], expected input[2, 4, 5, 5] to have 3 channels, but got 4 channels instead
    >>> nn.ConvTranspose2d(3, 4, 3, stride=2)(T(2, 3, 5, 5), output_size=(13, 12))
    ! SHP110 requested an output size of (13, 12), but valid sizes range from [11, 11] to [12, 12] (for an input of torch.Size([5, 5]))
    >>> nn.ConvTranspose2d(3, 4, 3, padding_mode="reflect")
    ! SHP202 Only "zeros" padding mode is supported for ConvTranspose2d
    """

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Pair,
        stride: Pair = 1,  # type: ignore[assignment]
        padding: Pair = 0,  # type: ignore[assignment]
        output_padding: Pair = 0,  # type: ignore[assignment]
        groups: Size = 1,
        bias: Bool = True,
        dilation: Pair = 1,  # type: ignore[assignment]
        padding_mode: Str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        expect_zeros(padding_mode, 2)
        set_up(self, 2, True, bias, dtype)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        return forward_transposed(self, input, output_size, 2)


@layer("nn.ConvTranspose3d", ranks=(5, 4))
class ConvTranspose3d:
    """(N, C_in, D, H, W) -> (N, C_out, D_out, H_out, W_out), each axis as in ConvTranspose2d.

    >>> nn.ConvTranspose3d(16, 33, (3, 5, 2), stride=(2, 1, 1), padding=(0, 4, 2))(T(2, 16, 5, 10, 9))
    (2, 33, 11, 6, 6)
    >>> nn.ConvTranspose3d(3, 4, 3)(T(5, 5, 5))
    ! SHP107 Expected 4D (unbatched) or 5D (batched) input to conv_transpose3d, but got input of size: [5, 5, 5]
    """

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Triple,
        stride: Triple = 1,  # type: ignore[assignment]
        padding: Triple = 0,  # type: ignore[assignment]
        output_padding: Triple = 0,  # type: ignore[assignment]
        groups: Size = 1,
        bias: Bool = True,
        dilation: Triple = 1,  # type: ignore[assignment]
        padding_mode: Str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        expect_zeros(padding_mode, 3)
        set_up(self, 3, True, bias, dtype)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        return forward_transposed(self, input, output_size, 3)


@op("F.conv_transpose1d", "torch.conv_transpose1d", ranks={"input": (3, 2), "weight": (3,), "bias": (1,)})
def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: Size = 1,
    dilation: Any = 1,
) -> Tensor:
    """input (N, C, L) or (C, L), weight (C, F/groups, K), bias (F).

    >>> F.conv_transpose1d(T(2, 4, 5), T(4, 3, 3), stride=2, output_padding=1, groups=2)
    (2, 6, 12)
    >>> F.conv_transpose1d(T(4, 5), T(4, 3, 3), output_padding=-1)
    ! SHP118 negative output_padding is not supported
    """
    return convolve_back(1, input, weight, bias, stride, padding, output_padding, groups, dilation, "conv_transpose1d")


@op("F.conv_transpose2d", "torch.conv_transpose2d", ranks={"input": (4, 3), "weight": (4,), "bias": (1,)})
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: Size = 1,
    dilation: Any = 1,
) -> Tensor:
    """input (N, C, H, W) or (C, H, W), weight (C, F/groups, KH, KW), bias (F).

    >>> F.conv_transpose2d(T(2, 3, 5, 5), T(3, 4, 3, 3), padding=1)
    (2, 4, 5, 5)
    >>> F.conv_transpose2d(T(2, 3, 5, 5), T(3, 4, 3, 3), padding=-1)
    ! SHP118 negative padding is not supported
    """
    return convolve_back(2, input, weight, bias, stride, padding, output_padding, groups, dilation, "conv_transpose2d")


@op("F.conv_transpose3d", "torch.conv_transpose3d", ranks={"input": (5, 4), "weight": (5,), "bias": (1,)})
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: Size = 1,
    dilation: Any = 1,
) -> Tensor:
    """input (N, C, D, H, W) or (C, D, H, W), weight (C, F/groups, KD, KH, KW), bias (F).

    >>> F.conv_transpose3d(T(3, 5, 5, 5), T(3, 4, 3, 3, 3))
    (4, 7, 7, 7)
    >>> F.conv_transpose3d(T(2, 3, 5, 5), T(3, 4, 3, 3, 3), stride=0)
    ! SHP118 non-positive stride is not supported
    """
    return convolve_back(3, input, weight, bias, stride, padding, output_padding, groups, dilation, "conv_transpose3d")
