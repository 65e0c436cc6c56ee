"""Adaptive pooling: the size of the result is given."""

from __future__ import annotations

from shapecheck.book import Any, Size, Tensor, adaptive_average, adaptive_maximum, kept, layer, op


class _AdaptiveAvgPool:
    spatial_axes: int
    output_size: Any

    def __init__(self, output_size: Size) -> None:
        self.output_size = kept(output_size, "output_size")

    def forward(self, input: Tensor) -> Tensor:
        return adaptive_average(input, self.output_size, self.spatial_axes)


class _AdaptiveMaxPool:
    spatial_axes: int
    output_size: Any
    return_indices: Any

    def __init__(self, output_size: Size, return_indices: Any = False) -> None:
        self.output_size = kept(output_size, "output_size")

    def forward(self, input: Tensor) -> Any:
        return adaptive_maximum(input, self.output_size, self.return_indices, self.spatial_axes)


@layer("nn.AdaptiveAvgPool1d", ranks=(3, 2))
class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """(N, C, L) -> (N, C, *output_size), each the mean of a part of the input.

    >>> nn.AdaptiveAvgPool1d(5)(T(2, 3, 8))
    (2, 3, 5)
    >>> nn.AdaptiveAvgPool1d((5, 5))(T(2, 3, 8))
    ! SHP118 adaptive_avg_pool1d() argument 'output_size' should contain one int (got 2)
    """

    spatial_axes = 1


@layer("nn.AdaptiveAvgPool2d", ranks=(4, 3))
class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """(N, C, H, W) -> (N, C, *output_size), each the mean of a part of the input.

    >>> nn.AdaptiveAvgPool2d((5, None))(T(2, 3, 8, 9))
    (2, 3, 5, 9)
    >>> nn.AdaptiveAvgPool2d(7)(T(512, 16, 16))
    (512, 7, 7)
    >>> nn.AdaptiveAvgPool2d((1,))(T(2, 3, 8, 9))
    ! SHP118 adaptive_avg_pool2d: output_size must be 2
    """

    spatial_axes = 2


@layer("nn.AdaptiveAvgPool3d", ranks=(5, 4))
class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """(N, C, D, H, W) -> (N, C, *output_size), each the mean of a part of the input.

    >>> nn.AdaptiveAvgPool3d((None, 1, 1))(T(2, 3, 8, 9, 7))
    (2, 3, 8, 1, 1)
    >>> nn.AdaptiveAvgPool3d((1,))(T(2, 3, 8, 9, 7))
    ! SHP118 adaptive_avg_pool3d: output_size must be 3
    """

    spatial_axes = 3


@layer("nn.AdaptiveMaxPool1d", ranks=(3, 2))
class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """(N, C, L) -> (N, C, *output_size), each the largest value of a part of the input.

    >>> nn.AdaptiveMaxPool1d(5)(T(2, 3, 8))
    (2, 3, 5)
    >>> nn.AdaptiveMaxPool1d((5, 5))(T(2, 3, 8))
    ! SHP118 adaptive_max_pool1d() argument 'output_size' should contain one int (got 2)
    """

    spatial_axes = 1


@layer("nn.AdaptiveMaxPool2d", ranks=(4, 3))
class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """(N, C, H, W) -> (N, C, *output_size), each the largest value of a part of the input.

    >>> nn.AdaptiveMaxPool2d((5, None))(T(2, 3, 8, 9))
    (2, 3, 5, 9)
    >>> nn.AdaptiveMaxPool2d(7)(T(512, 16, 16))
    (512, 7, 7)
    >>> nn.AdaptiveMaxPool2d((1,))(T(2, 3, 8, 9))
    ! SHP118 adaptive_max_pool2d(): internal error: output_size.size() must be 2
    """

    spatial_axes = 2


@layer("nn.AdaptiveMaxPool3d", ranks=(5, 4))
class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """(N, C, D, H, W) -> (N, C, *output_size), each the largest value of a part of the input.

    >>> nn.AdaptiveMaxPool3d((None, 1, 1))(T(2, 3, 8, 9, 7))
    (2, 3, 8, 1, 1)
    >>> nn.AdaptiveMaxPool3d((1,))(T(2, 3, 8, 9, 7))
    ! SHP118 adaptive_max_pool3d(): internal error: output_size.size() must be 3
    """

    spatial_axes = 3


@op("F.adaptive_avg_pool1d", "torch.adaptive_avg_pool1d", ranks=(3, 2))
def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """(N, C, L) -> (N, C, *output_size).

    >>> F.adaptive_avg_pool1d(T(2, 3, 8), 5)
    (2, 3, 5)
    >>> F.adaptive_avg_pool1d(T(2, 3, 8), -1)
    ! SHP118 adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received {1, -1}
    """
    return adaptive_average(input, output_size, 1)


@op("F.adaptive_avg_pool2d", ranks=(4, 3))
def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """(N, C, H, W) -> (N, C, *output_size).

    >>> F.adaptive_avg_pool2d(T(2, 3, 8, 9), (5, None))
    (2, 3, 5, 9)
    >>> F.adaptive_avg_pool2d(T(2, 3, 8, 9), -1)
    ! SHP118 adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0 but received {-1, -1}
    """
    return adaptive_average(input, output_size, 2)


@op("F.adaptive_avg_pool3d", ranks=(5, 4))
def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """(N, C, D, H, W) -> (N, C, *output_size).

    >>> F.adaptive_avg_pool3d(T(2, 3, 8, 9, 7), (None, 1, 1))
    (2, 3, 8, 1, 1)
    >>> F.adaptive_avg_pool3d(T(2, 3, 8, 9, 7), -1)
    ! SHP118 adaptive_avg_pool3d: elements of output_size must be greater than or equal to 0 but received {-1, -1,-1}
    """
    return adaptive_average(input, output_size, 3)


@op("F.adaptive_max_pool1d", ranks=(3, 2))
def adaptive_max_pool1d(input: Tensor, output_size: Any, return_indices: Any = False) -> Any:
    """(N, C, L) -> (N, C, *output_size), with the places of the values if they are asked for.

    >>> F.adaptive_max_pool1d(T(2, 3, 8), 5, return_indices=True)
    [(2, 3, 5) float32, (2, 3, 5) int64]
    >>> F.adaptive_max_pool1d(T(2, 3, 8), -1)
    ! SHP118 Trying to create tensor with negative dimension -1: [2, 3, 1, -1]
    """
    return adaptive_maximum(input, output_size, return_indices, 1)


@op("F.adaptive_max_pool1d_with_indices", "torch.adaptive_max_pool1d", ranks=(3, 2))
def adaptive_max_pool1d_with_indices(input: Tensor, output_size: Any, return_indices: Any = False) -> Any:
    """As F.adaptive_max_pool1d, always with the places.

    >>> F.adaptive_max_pool1d_with_indices(T(2, 3, 8), 5)
    [(2, 3, 5), (2, 3, 5)]
    >>> F.adaptive_max_pool1d_with_indices(T(2, 3, 8), -1)
    ! SHP118 Trying to create tensor with negative dimension -1: [2, 3, 1, -1]
    """
    return adaptive_maximum(input, output_size, True, 1)


@op("F.adaptive_max_pool2d", ranks=(4, 3))
def adaptive_max_pool2d(input: Tensor, output_size: Any, return_indices: Any = False) -> Any:
    """(N, C, H, W) -> (N, C, *output_size), with the places of the values if they are asked for.

    >>> F.adaptive_max_pool2d(T(2, 3, 8, 9), (5, None), return_indices=True)
    [(2, 3, 5, 9) float32, (2, 3, 5, 9) int64]
    >>> F.adaptive_max_pool2d(T(2, 3, 8, 9), -1)
    ! SHP118 Trying to create tensor with negative dimension -1: [2, 3, -1, -1]
    """
    return adaptive_maximum(input, output_size, return_indices, 2)


@op("F.adaptive_max_pool2d_with_indices", ranks=(4, 3))
def adaptive_max_pool2d_with_indices(input: Tensor, output_size: Any, return_indices: Any = False) -> Any:
    """As F.adaptive_max_pool2d, always with the places.

    >>> F.adaptive_max_pool2d_with_indices(T(2, 3, 8, 9), (5, None))
    [(2, 3, 5, 9), (2, 3, 5, 9)]
    >>> F.adaptive_max_pool2d_with_indices(T(2, 3, 8, 9), -1)
    ! SHP118 Trying to create tensor with negative dimension -1: [2, 3, -1, -1]
    """
    return adaptive_maximum(input, output_size, True, 2)


@op("F.adaptive_max_pool3d", ranks=(5, 4))
def adaptive_max_pool3d(input: Tensor, output_size: Any, return_indices: Any = False) -> Any:
    """(N, C, D, H, W) -> (N, C, *output_size), with the places of the values if they are asked for.

    >>> F.adaptive_max_pool3d(T(2, 3, 8, 9, 7), (None, 1, 1), return_indices=True)
    [(2, 3, 8, 1, 1) float32, (2, 3, 8, 1, 1) int64]
    >>> F.adaptive_max_pool3d(T(2, 3, 8, 9, 7), -1)
    ! SHP118 Trying to create tensor with negative dimension -1: [2, 3, -1, -1, -1]
    """
    return adaptive_maximum(input, output_size, return_indices, 3)


@op("F.adaptive_max_pool3d_with_indices", ranks=(5, 4))
def adaptive_max_pool3d_with_indices(input: Tensor, output_size: Any, return_indices: Any = False) -> Any:
    """As F.adaptive_max_pool3d, always with the places.

    >>> F.adaptive_max_pool3d_with_indices(T(2, 3, 8, 9, 7), (None, 1, 1))
    [(2, 3, 8, 1, 1), (2, 3, 8, 1, 1)]
    >>> F.adaptive_max_pool3d_with_indices(T(2, 3, 8, 9, 7), -1)
    ! SHP118 Trying to create tensor with negative dimension -1: [2, 3, -1, -1, -1]
    """
    return adaptive_maximum(input, output_size, True, 3)
