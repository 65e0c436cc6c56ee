"""Pooling layers: maximum, average and power-average in one, two and three axes."""

from __future__ import annotations

from shapecheck.book import Any, Size, Tensor, avg_pool, kept, layer, lp_pool, max_pool, settled


class _MaxPool:
    spatial_axes: int
    kernel_size: Any
    stride: Any
    padding: Any
    dilation: Any

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        dilation: Size = 1,
        return_indices: Any = False,
        ceil_mode: Any = False,
    ) -> None:
        self.kernel_size = kept(kernel_size, "kernel_size")
        self.stride = self.kernel_size if stride is None else kept(stride, "stride")
        self.padding = kept(padding, "padding")
        self.dilation = kept(dilation, "dilation")
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Any:
        indices, axes = self.return_indices, self.spatial_axes
        return max_pool(input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, indices, axes)


@layer("nn.MaxPool1d", ranks=(3, 2))
class MaxPool1d(_MaxPool):
    """(N, C, L) -> (N, C, floor((L + 2*padding - dilation*(kernel_size - 1) - 1)/stride) + 1); the stride is the kernel by default.

    >>> nn.MaxPool1d(3, stride=2)(T(20, 16, 50))
    (20, 16, 24)
    >>> nn.MaxPool1d(2, return_indices=True)(T(16, 50))
    [(16, 25), (16, 25)]
    >>> nn.MaxPool1d(9)(T(2, 3, 8))
    ! SHP110 max_pool1d() Invalid computed output size: 0
    """

    spatial_axes = 1


@layer("nn.MaxPool2d", ranks=(4, 3))
class MaxPool2d(_MaxPool):
    """(N, C, H, W) -> (N, C, H_out, W_out), each axis as in MaxPool1d.

    >>> nn.MaxPool2d((3, 2), stride=(2, 1))(T(20, 16, 50, 32))
    (20, 16, 24, 31)
    >>> nn.MaxPool2d(3, 2, padding=1, ceil_mode=True)(T(1, 3, 112, 112))
    (1, 3, 57, 57)
    >>> nn.MaxPool2d(2)(T(2, 512, 1, 1))
    ! SHP110 Given input size: (512x1x1). Calculated output size: (512x0x0). Output size is too small
    >>> nn.MaxPool2d(2, padding=2)(T(2, 3, 8, 8))
    ! SHP110 pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1
    """

    spatial_axes = 2


@layer("nn.MaxPool3d", ranks=(5, 4))
class MaxPool3d(_MaxPool):
    """(N, C, D, H, W) -> (N, C, D_out, H_out, W_out), each axis as in MaxPool1d.

    >>> nn.MaxPool3d((3, 2, 2), stride=(2, 1, 2))(T(2, 16, 50, 44, 31))
    (2, 16, 24, 43, 15)
    >>> nn.MaxPool3d(2)(T(3, 8, 8))
    ! SHP107 non-empty 4D or 5D (batch mode) tensor expected for input
    """

    spatial_axes = 3


class _AvgPool:
    spatial_axes: int
    kernel_size: Any
    stride: Any
    padding: Any

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: Any = False,
        count_include_pad: Any = True,
        divisor_override: Any = None,
    ) -> None:
        self.kernel_size = kept(kernel_size, "kernel_size")
        self.stride = self.kernel_size if stride is None else kept(stride, "stride")
        self.padding = kept(padding, "padding")
        self.ceil_mode = ceil_mode
        self.divisor_override = divisor_override

    def forward(self, input: Tensor) -> Tensor:
        return avg_pool(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.divisor_override, self.spatial_axes)


@layer("nn.AvgPool1d", ranks=(3, 2))
class AvgPool1d(_AvgPool):
    """(N, C, L) -> (N, C, floor((L + 2*padding - kernel_size)/stride) + 1).

    >>> nn.AvgPool1d(3, stride=2)(T(20, 16, 50))
    (20, 16, 24)
    >>> nn.AvgPool1d(9)(T(2, 3, 8))
    ! SHP110 Given input size: (3x1x8). Calculated output size: (3x1x0). Output size is too small
    """

    spatial_axes = 1

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: Any = False,
        count_include_pad: Any = True,
    ) -> None:
        self.kernel_size = settled(kernel_size, "kernel_size", 1)
        self.stride = self.kernel_size if stride is None else settled(stride, "stride", 1)
        self.padding = settled(padding, "padding", 1)
        self.ceil_mode = ceil_mode
        self.divisor_override = None


@layer("nn.AvgPool2d", ranks=(4, 3))
class AvgPool2d(_AvgPool):
    """(N, C, H, W) -> (N, C, H_out, W_out), each axis as in AvgPool1d.

    >>> nn.AvgPool2d((3, 2), stride=(2, 1))(T(20, 16, 50, 32))
    (20, 16, 24, 31)
    >>> nn.AvgPool2d(8)(T(1, 64, 7, 7))
    ! SHP110 Given input size: (64x7x7). Calculated output size: (64x0x0). Output size is too small
    >>> nn.AvgPool2d(2)(T(2, 3, 8, 8, 8))
    ! SHP107 Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:[2, 3, 8, 8, 8]
    """

    spatial_axes = 2


@layer("nn.AvgPool3d", ranks=(5, 4))
class AvgPool3d(_AvgPool):
    """(N, C, D, H, W) -> (N, C, D_out, H_out, W_out), each axis as in AvgPool1d.

    >>> nn.AvgPool3d((3, 2, 2), stride=(2, 1, 2))(T(2, 16, 50, 44, 31))
    (2, 16, 24, 43, 15)
    >>> nn.AvgPool3d(9)(T(2, 3, 8, 8, 8))
    ! SHP110 input image (T: 8 H: 8 W: 8) smaller than kernel size (kT: 9 kH: 9 kW: 9)
    """

    spatial_axes = 3


class _LPPool:
    spatial_axes: int
    kernel_size: Any
    stride: Any

    def __init__(self, norm_type: Any, kernel_size: Size, stride: Size | None = None, ceil_mode: Any = False) -> None:
        self.kernel_size = kept(kernel_size, "kernel_size")
        self.stride = None if stride is None else kept(stride, "stride")
        self.norm_type = norm_type
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Tensor:
        return lp_pool(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode, self.spatial_axes)


@layer("nn.LPPool1d", ranks=(3, 2))
class LPPool1d(_LPPool):
    """Power-average pooling, shapes as in AvgPool1d.

    >>> nn.LPPool1d(2, 3, stride=2)(T(20, 16, 50))
    (20, 16, 24)
    >>> nn.LPPool1d(2, 9)(T(2, 3, 8))
    ! SHP110 Given input size: (3x1x8). Calculated output size: (3x1x0). Output size is too small
    """

    spatial_axes = 1


@layer("nn.LPPool2d", ranks=(4, 3))
class LPPool2d(_LPPool):
    """Power-average pooling, shapes as in AvgPool2d.

    >>> nn.LPPool2d(1.2, (3, 2), stride=(2, 1))(T(20, 16, 50, 32))
    (20, 16, 24, 31)
    >>> nn.LPPool2d(2, (2, 2, 2))(T(2, 3, 8, 8))
    ! SHP118 too many values to unpack (expected 2)
    """

    spatial_axes = 2


@layer("nn.LPPool3d", ranks=(5, 4))
class LPPool3d(_LPPool):
    """Power-average pooling, shapes as in AvgPool3d.

    >>> nn.LPPool3d(2, 3)(T(2, 3, 9, 9, 9))
    (2, 3, 3, 3, 3)
    >>> nn.LPPool3d(2, 3)(T(9, 9, 9))
    ! SHP107 non-empty 4D or 5D (batch mode) tensor expected for input
    """

    spatial_axes = 3
