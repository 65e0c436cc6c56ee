"""Pooling functions: maximum, average and power-average in one, two and three axes."""

from __future__ import annotations

from shapecheck.book import Any, Tensor, avg_pool, into, lp_pool, max_pool, op


@op("F.max_pool1d", ranks=(3, 2))
def max_pool1d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: Any = False,
    return_indices: Any = False,
) -> Any:
    """The largest value of every window of (N, C, L); the stride is the kernel by default.

    >>> F.max_pool1d(T(2, 3, 8), 2)
    (2, 3, 4)
    >>> F.max_pool1d(T(2, 3, 8), (2, 3))
    ! SHP118 max_pool1d() kernel_size must be an int, list of ints or tuple of ints of size 1 but got size 2
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices, 1)


@op("torch.max_pool1d", ranks=(3, 2))
def torch_max_pool1d(input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1, ceil_mode: Any = False) -> Any:
    """As F.max_pool1d, without the indices.

    >>> torch.max_pool1d(T(2, 3, 8), 2)
    (2, 3, 4)
    >>> torch.max_pool1d(T(2, 3, 8), (2, 3))
    ! SHP118 max_pool1d() kernel_size must be an int, list of ints or tuple of ints of size 1 but got size 2
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, False, 1)


@op("F.max_pool1d_with_indices", "torch.max_pool1d_with_indices", ranks=(3, 2))
def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: Any = False,
    return_indices: Any = False,
) -> Any:
    """As F.max_pool1d, with the indices.

    >>> F.max_pool1d_with_indices(T(2, 3, 8), 2)
    [(2, 3, 4) float32, (2, 3, 4) int64]
    >>> F.max_pool1d_with_indices(T(2, 3, 8), 2, padding=2)
    ! SHP110 pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, True, 1)


@op("F.avg_pool1d", "torch.avg_pool1d", ranks=(3, 2))
def avg_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, ceil_mode: Any = False, count_include_pad: Any = True
) -> Tensor:
    """The mean of every window of (N, C, L); the stride is the kernel by default.

    >>> F.avg_pool1d(T(2, 3, 8), 3, stride=1, padding=1)
    (2, 3, 8)
    >>> F.avg_pool1d(T(2, 3, 8), (2, 3))
    ! SHP118 avg_pool1d() argument 'kernel_size' should contain one int (got 2)
    """
    return avg_pool(input, kernel_size, stride, padding, ceil_mode, None, 1)


@op("F.lp_pool1d", ranks=(3, 2))
def lp_pool1d(input: Tensor, norm_type: Any, kernel_size: Any, stride: Any = None, ceil_mode: Any = False) -> Tensor:
    """The power-average of every window of (N, C, L).

    >>> F.lp_pool1d(T(2, 3, 8), 2, 2)
    (2, 3, 4)
    >>> F.lp_pool1d(T(2, 3, 8), 2, 2, stride=0)
    ! SHP118 stride should not be zero
    """
    return lp_pool(input, norm_type, kernel_size, stride, ceil_mode, 1)


@op("F.max_pool2d", ranks=(4, 3))
def max_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: Any = False,
    return_indices: Any = False,
) -> Any:
    """The largest value of every window of (N, C, H, W); the stride is the kernel by default.

    >>> F.max_pool2d(T(2, 3, 8, 8), 2)
    (2, 3, 4, 4)
    >>> F.max_pool2d(T(2, 3, 8, 8), (2, 2, 2))
    ! SHP118 max_pool2d: kernel_size must either be a single int, or a tuple of two ints
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices, 2)


@op("torch.max_pool2d", ranks=(4, 3))
def torch_max_pool2d(input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1, ceil_mode: Any = False) -> Any:
    """As F.max_pool2d, without the indices.

    >>> torch.max_pool2d(T(2, 3, 8, 8), 2)
    (2, 3, 4, 4)
    >>> torch.max_pool2d(T(2, 3, 8, 8), (2, 2, 2))
    ! SHP118 max_pool2d: kernel_size must either be a single int, or a tuple of two ints
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, False, 2)


@op("F.max_pool2d_with_indices", ranks=(4, 3))
def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: Any = False,
    return_indices: Any = False,
) -> Any:
    """As F.max_pool2d, with the indices.

    >>> F.max_pool2d_with_indices(T(2, 3, 8, 8), 2)
    [(2, 3, 4, 4) float32, (2, 3, 4, 4) int64]
    >>> F.max_pool2d_with_indices(T(2, 3, 8, 8), 2, padding=2)
    ! SHP110 pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, True, 2)


@op("F.avg_pool2d", "torch._C._nn.avg_pool2d", ranks=(4, 3))
def avg_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: Any = False,
    count_include_pad: Any = True,
    divisor_override: Any = None,
    *,
    out: Any = None,
) -> Tensor:
    """The mean of every window of (N, C, H, W); the stride is the kernel by default.

    >>> F.avg_pool2d(T(2, 3, 8, 8), 3, stride=1, padding=1)
    (2, 3, 8, 8)
    >>> F.avg_pool2d(T(2, 3, 8, 8), (2, 2, 2))
    ! SHP118 avg_pool2d: kernel_size must either be a single int, or a tuple of two ints
    """
    return into(out, avg_pool(input, kernel_size, stride, padding, ceil_mode, divisor_override, 2))


@op("F.lp_pool2d", ranks=(4, 3))
def lp_pool2d(input: Tensor, norm_type: Any, kernel_size: Any, stride: Any = None, ceil_mode: Any = False) -> Tensor:
    """The power-average of every window of (N, C, H, W).

    >>> F.lp_pool2d(T(2, 3, 8, 8), 2, 2)
    (2, 3, 4, 4)
    >>> F.lp_pool2d(T(2, 3, 8, 8), 2, 2, stride=0)
    ! SHP118 stride should not be zero
    """
    return lp_pool(input, norm_type, kernel_size, stride, ceil_mode, 2)


@op("F.max_pool3d", ranks=(5, 4))
def max_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: Any = False,
    return_indices: Any = False,
) -> Any:
    """The largest value of every window of (N, C, D, H, W); the stride is the kernel by default.

    >>> F.max_pool3d(T(2, 3, 8, 8, 8), 2)
    (2, 3, 4, 4, 4)
    >>> F.max_pool3d(T(2, 3, 8, 8, 8), (2, 2))
    ! SHP118 max_pool3d: kernel_size must either be a single int, or a tuple of three ints
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices, 3)


@op("torch.max_pool3d", ranks=(5, 4))
def torch_max_pool3d(input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1, ceil_mode: Any = False) -> Any:
    """As F.max_pool3d, without the indices.

    >>> torch.max_pool3d(T(2, 3, 8, 8, 8), 2)
    (2, 3, 4, 4, 4)
    >>> torch.max_pool3d(T(2, 3, 8, 8, 8), (2, 2))
    ! SHP118 max_pool3d: kernel_size must either be a single int, or a tuple of three ints
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, False, 3)


@op("F.max_pool3d_with_indices", ranks=(5, 4))
def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: Any = False,
    return_indices: Any = False,
) -> Any:
    """As F.max_pool3d, with the indices.

    >>> F.max_pool3d_with_indices(T(2, 3, 8, 8, 8), 2)
    [(2, 3, 4, 4, 4) float32, (2, 3, 4, 4, 4) int64]
    >>> F.max_pool3d_with_indices(T(2, 3, 8, 8, 8), 2, padding=2)
    ! SHP110 pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1
    """
    return max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, True, 3)


@op("F.avg_pool3d", "torch._C._nn.avg_pool3d", ranks=(5, 4))
def avg_pool3d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: Any = False,
    count_include_pad: Any = True,
    divisor_override: Any = None,
    *,
    out: Any = None,
) -> Tensor:
    """The mean of every window of (N, C, D, H, W); the stride is the kernel by default.

    >>> F.avg_pool3d(T(2, 3, 8, 8, 8), 3, stride=1, padding=1)
    (2, 3, 8, 8, 8)
    >>> F.avg_pool3d(T(2, 3, 8, 8, 8), (2, 2))
    ! SHP118 avg_pool3d: kernel_size must be a single int, or a tuple of three ints
    """
    return into(out, avg_pool(input, kernel_size, stride, padding, ceil_mode, divisor_override, 3))


@op("F.lp_pool3d", ranks=(5, 4))
def lp_pool3d(input: Tensor, norm_type: Any, kernel_size: Any, stride: Any = None, ceil_mode: Any = False) -> Tensor:
    """The power-average of every window of (N, C, D, H, W).

    >>> F.lp_pool3d(T(2, 3, 8, 8, 8), 2, 2)
    (2, 3, 4, 4, 4)
    >>> F.lp_pool3d(T(2, 3, 8, 8, 8), 2, 2, stride=0)
    ! SHP118 stride should not be zero
    """
    return lp_pool(input, norm_type, kernel_size, stride, ceil_mode, 3)
