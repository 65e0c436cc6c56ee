"""Convolutions: Conv1d, Conv2d, Conv3d, and their functions."""

from __future__ import annotations

from shapecheck.book import Any, Bool, Pair, Single, Size, Str, Tensor, Triple, convolve, forward_convolution, layer, op, set_up


@layer("nn.Conv1d", ranks=(3, 2))
class Conv1d:
    """(N, C_in, L) -> (N, C_out, L_out) with L_out = floor((L + 2*padding - dilation*(kernel_size - 1) - 1)/stride) + 1.

    >>> nn.Conv1d(16, 33, 3, stride=2)(T(20, 16, 50))
    (20, 33, 24)
    >>> nn.Conv1d(16, 33, 3, padding="same", dilation=2)(T(16, 50))
    (33, 50)
    >>> nn.Conv1d(16, 33, 3)(T(20, 50, 16))
    ! SHP101 Given groups=1, weight of size [33, 16, 3], expected input[20, 50, 16] to have 16 channels, but got 50 channels instead
    >>> nn.Conv1d(4, 8, 5)(T(2, 4, 3))
    ! SHP110 Calculated padded input size per channel: (3). Kernel size: (5). Kernel size can't be greater than actual input size
    """

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Single,
        stride: Single = 1,  # type: ignore[assignment]
        padding: Single | str = 0,  # type: ignore[assignment]
        dilation: Single = 1,  # type: ignore[assignment]
        groups: Size = 1,
        bias: Bool = True,
        padding_mode: Str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        set_up(self, 1, False, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return forward_convolution(self, input, 1)


@layer("nn.Conv2d", ranks=(4, 3))
class Conv2d:
    """(N, C_in, H, W) -> (N, C_out, H_out, W_out) with H_out = floor((H + 2*padding - dilation*(kernel_size - 1) - 1)/stride) + 1.

    An input of three axes is one image without a batch axis.

    >>> nn.Conv2d(3, 3, (11, 11))(T(2, 3, 227, 227))
    (2, 3, 217, 217)
    >>> nn.Conv2d(16, 32, (3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1), groups=4)(T(16, 50, 100))
    (32, 26, 100)
    >>> nn.Conv2d(5, 4, 4)(T(2, 3, 227, 227))
    ! SHP101 Given groups=1, weight of size [4, 5, 4, 4], expected input[2, 3, 227, 227] to have 5 channels, but got 3 channels instead
    >>> nn.Conv2d(3, 4, 3)(T(3, 5))
    ! SHP107 Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [3, 5]
    >>> nn.Conv2d(3, 4, 7, padding=1)(T(2, 3, 5, 4))
    ! SHP110 Calculated padded input size per channel: (7 x 6). Kernel size: (7 x 7). Kernel size can't be greater than actual input size
    >>> nn.Conv2d(3, 4, 3)(I(2, 3, 5, 5))
    ! SHP117 Input type (long int) and bias type (float) should be the same
    >>> nn.Conv2d(3, 4, 3, groups=3)
    ! SHP201 out_channels must be divisible by groups
    >>> nn.Conv2d(3, 4, 3, padding="same", stride=2)
    ! SHP202 padding='same' is not supported for strided convolutions
    >>> nn.Conv2d(3, 4 / 2, 3)
    ! SHP202 empty(): argument 'size' (position 1) must be tuple of ints, but found element of type float at pos 0
    """

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Pair,
        stride: Pair = 1,  # type: ignore[assignment]
        padding: Pair | str = 0,  # type: ignore[assignment]
        dilation: Pair = 1,  # type: ignore[assignment]
        groups: Size = 1,
        bias: Bool = True,
        padding_mode: Str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        set_up(self, 2, False, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return forward_convolution(self, input, 2)


@layer("nn.Conv3d", ranks=(5, 4))
class Conv3d:
    """(N, C_in, D, H, W) -> (N, C_out, D_out, H_out, W_out), each axis as in Conv2d.

    >>> nn.Conv3d(16, 33, (3, 5, 2), stride=(2, 1, 1), padding=(4, 2, 0))(T(2, 16, 10, 50, 100))
    (2, 33, 8, 50, 99)
    >>> nn.Conv3d(6, 8, 3)(T(2, 8, 9, 5, 5))
    ! SHP101 Given groups=1, weight of size [8, 6, 3, 3, 3], expected input[2, 8, 9, 5, 5] to have 6 channels, but got 8 channels instead
    """

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Triple,
        stride: Triple = 1,  # type: ignore[assignment]
        padding: Triple | str = 0,  # type: ignore[assignment]
        dilation: Triple = 1,  # type: ignore[assignment]
        groups: Size = 1,
        bias: Bool = True,
        padding_mode: Str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        set_up(self, 3, False, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return forward_convolution(self, input, 3)


@op("F.conv1d", "torch.conv1d", ranks={"input": (3, 2), "weight": (3,), "bias": (1,)})
def conv1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Size = 1
) -> Tensor:
    """input (N, C, L) or (C, L), weight (F, C/groups, K), bias (F).

    >>> F.conv1d(T(20, 16, 50), T(33, 16, 3), padding=1)
    (20, 33, 50)
    >>> F.conv1d(T(20, 16, 50), T(33, 8, 3))
    ! SHP101 Given groups=1, weight of size [33, 8, 3], expected input[20, 16, 50] to have 8 channels, but got 16 channels instead
    """
    return convolve(1, input, weight, bias, stride, padding, dilation, groups, "conv1d")


@op("F.conv2d", "torch.conv2d", ranks={"input": (4, 3), "weight": (4,), "bias": (1,)})
def conv2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Size = 1
) -> Tensor:
    """input (N, C, H, W) or (C, H, W), weight (F, C/groups, KH, KW), bias (F).

    >>> F.conv2d(T(2, 4, 5, 5), T(8, 2, 3, 3), T(8), padding=1, groups=2)
    (2, 8, 5, 5)
    >>> F.conv2d(T(2, 3, 5, 5), T(4, 3, 3, 3), T(3))
    ! SHP101 Given weight of size [4, 3, 3, 3], expected bias to be 1-dimensional with 4 elements, but got bias of size [3] instead
    >>> F.conv2d(T(2, 10, 5, 5), T(5, 5, 3, 3), groups=2)
    ! SHP112 Given groups=2, expected weight to be divisible by 2 at dimension 0, but got weight of size [[5, 5, 3, 3]] instead
    """
    return convolve(2, input, weight, bias, stride, padding, dilation, groups, "conv2d")


@op("F.conv3d", "torch.conv3d", ranks={"input": (5, 4), "weight": (5,), "bias": (1,)})
def conv3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Size = 1
) -> Tensor:
    """input (N, C, D, H, W) or (C, D, H, W), weight (F, C/groups, KD, KH, KW), bias (F).

    >>> F.conv3d(T(2, 3, 5, 5, 5), T(4, 3, 3, 3, 3), stride=(2, 1, 1))
    (2, 4, 2, 3, 3)
    >>> F.conv3d(T(3, 5, 5), T(4, 3, 3, 3, 3))
    ! SHP107 Expected 4D (unbatched) or 5D (batched) input to conv3d, but got input of size: [3, 5, 5]
    """
    return convolve(3, input, weight, bias, stride, padding, dilation, groups, "conv3d")
