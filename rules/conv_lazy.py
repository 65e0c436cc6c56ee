"""Convolutions that learn their input channels from their first input."""

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
    expect,
    expect_divides,
    expect_zeros,
    forward_convolution,
    forward_transposed,
    kernel,
    layer,
    set_up,
    torch_size,
)


def _first_call(layer: Any, input: Tensor, dims: int) -> None:
    """The first call makes the weight, for as many channels as the input has."""
    if layer.in_channels != 0:
        return
    kind = "LazyConvTranspose" if layer.transposed else "LazyConv"
    expect(
        input.rank in (dims + 1, dims + 2),
        "SHP107",
        lambda: (
            f"Expected {dims + 1}D (unbatched) or {dims + 2}D (batched) input to {kind}{dims}d, "
            f"but got input of size: {torch_size(input.shape)}"
        ),
    )
    layer.in_channels = input.shape[-dims - 1]
    expect_divides(layer.groups, layer.in_channels, "SHP112", "in_channels must be divisible by groups", error="ValueError")
    layer.weight = kernel(layer, layer.transposed, None)


@layer("nn.LazyConv1d", ranks=(3, 2))
class LazyConv1d:
    """Conv1d that learns its input channels from its first input.

    >>> nn.LazyConv1d(8, 3, padding=1)(T(2, 3, 9))
    (2, 8, 9)
    >>> nn.LazyConv1d(8, 3)(T(2, 3, 9, 9))
    ! SHP107 Expected 2D (unbatched) or 3D (batched) input to LazyConv1d, but got input of size: torch.Size([2, 3, 9, 9])
    """

    in_channels: Size

    def __init__(
        self,
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
        self.in_channels = 0
        set_up(self, 1, False, bias, dtype, lazy=True)

    def forward(self, input: Tensor) -> Tensor:
        _first_call(self, input, 1)
        return forward_convolution(self, input, 1)


@layer("nn.LazyConv2d", ranks=(4, 3))
class LazyConv2d:
    """Conv2d that learns its input channels from its first input.

    >>> nn.LazyConv2d(8, 3, padding=1)(T(2, 3, 9, 9))
    (2, 8, 9, 9)
    >>> nn.LazyConv2d(8, 3)(T(3, 9))
    ! SHP107 Expected 3D (unbatched) or 4D (batched) input to LazyConv2d, but got input of size: torch.Size([3, 9])
    """

    in_channels: Size

    def __init__(
        self,
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
        self.in_channels = 0
        set_up(self, 2, False, bias, dtype, lazy=True)

    def forward(self, input: Tensor) -> Tensor:
        _first_call(self, input, 2)
        return forward_convolution(self, input, 2)


@layer("nn.LazyConv3d", ranks=(5, 4))
class LazyConv3d:
    """Conv3d that learns its input channels from its first input.

    >>> nn.LazyConv3d(8, 3, padding=1)(T(2, 3, 9, 9, 9))
    (2, 8, 9, 9, 9)
    >>> nn.LazyConv3d(8, 3)(T(9, 9, 9))
    ! SHP107 Expected 4D (unbatched) or 5D (batched) input to LazyConv3d, but got input of size: torch.Size([9, 9, 9])
    """

    in_channels: Size

    def __init__(
        self,
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
        self.in_channels = 0
        set_up(self, 3, False, bias, dtype, lazy=True)

    def forward(self, input: Tensor) -> Tensor:
        _first_call(self, input, 3)
        return forward_convolution(self, input, 3)


@layer("nn.LazyConvTranspose1d", ranks=(3, 2))
class LazyConvTranspose1d:
    """ConvTranspose1d that learns its input channels from its first input.

    >>> nn.LazyConvTranspose1d(8, 3, padding=1)(T(2, 3, 9))
    (2, 8, 9)
    >>> nn.LazyConvTranspose1d(8, 3)(T(2, 3, 9, 9))
    ! SHP107 Expected 2D (unbatched) or 3D (batched) input to LazyConvTranspose1d, but got input of size: torch.Size([2, 3, 9, 9])
    """

    in_channels: Size

    def __init__(
        self,
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
        self.in_channels = 0
        expect_zeros(padding_mode, 1)
        set_up(self, 1, True, bias, dtype, lazy=True)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        _first_call(self, input, 1)
        return forward_transposed(self, input, output_size, 1)


@layer("nn.LazyConvTranspose2d", ranks=(4, 3))
class LazyConvTranspose2d:
    """ConvTranspose2d that learns its input channels from its first input.

    >>> nn.LazyConvTranspose2d(8, 3, padding=1)(T(2, 3, 9, 9))
    (2, 8, 9, 9)
    >>> nn.LazyConvTranspose2d(8, 3)(T(3, 9))
    ! SHP107 Expected 3D (unbatched) or 4D (batched) input to LazyConvTranspose2d, but got input of size: torch.Size([3, 9])
    """

    in_channels: Size

    def __init__(
        self,
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
        self.in_channels = 0
        expect_zeros(padding_mode, 2)
        set_up(self, 2, True, bias, dtype, lazy=True)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        _first_call(self, input, 2)
        return forward_transposed(self, input, output_size, 2)


@layer("nn.LazyConvTranspose3d", ranks=(5, 4))
class LazyConvTranspose3d:
    """ConvTranspose3d that learns its input channels from its first input.

    >>> nn.LazyConvTranspose3d(8, 3, padding=1)(T(2, 3, 9, 9, 9))
    (2, 8, 9, 9, 9)
    >>> nn.LazyConvTranspose3d(8, 3)(T(9, 9, 9))
    ! SHP107 Expected 4D (unbatched) or 5D (batched) input to LazyConvTranspose3d, but got input of size: torch.Size([9, 9, 9])
    """

    in_channels: Size

    def __init__(
        self,
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
        self.in_channels = 0
        expect_zeros(padding_mode, 3)
        set_up(self, 3, True, bias, dtype, lazy=True)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        _first_call(self, input, 3)
        return forward_transposed(self, input, output_size, 3)
