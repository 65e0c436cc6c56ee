"""Batch normalisation (torch/nn/modules/batchnorm.py, aten/src/ATen/native/Normalization.cpp)."""

from __future__ import annotations

from shapecheck.book import (
    BOOL,
    INTS,
    Any,
    Bool,
    Size,
    Tensor,
    Unknown,
    Unsure,
    attribute,
    expect,
    expect_numel,
    expect_rank,
    facts,
    follow,
    layer,
    not_implemented,
    op,
    refuse,
    set_up_norm,
    torch_size,
    true_product,
)


def _expect_values(input: Tensor) -> None:
    """_verify_batch_size: there is more than one value a channel."""
    if input.rank == 0:
        refuse("SHP107", "tuple index out of range", error="IndexError")
    if facts().eq(true_product((input.shape[0], *input.shape[2:])), 1).yes:
        refuse(
            "SHP113",
            f"Expected more than 1 value per channel when training, got input size {torch_size(input.shape)}",
            message="batch norm in training with one value a channel: a batch of more than one is needed, or eval()",
            error="ValueError",
            actual=list(input.shape),
        )


def _normalize(input: Tensor, mean: Any, var: Any, weight: Any, bias: Any, training: Any, blame: str | None = None) -> Tensor:
    """(N, C, *) -> (N, C, *). What is not known of the layer is not checked."""
    if training is True:
        _expect_values(input)
    if input.rank < 2:
        raise Unsure("batch norm of one axis")
    if 0 in input.shape:
        return follow(input.shape, input, images=True)
    channels = input.shape[1]
    for name, tensor in (("running_mean", mean), ("running_var", var)):
        expect_numel(tensor, name, channels, input.shape, blame=blame)
        expect(tensor is not None or training is not False, "SHP118", f"{name} must be defined in evaluation mode")
    expect_numel(weight, "weight", channels, input.shape, blame=blame)
    expect_numel(bias, "bias", channels, input.shape, blame=blame)
    if (isinstance(mean, Tensor) and var is None) or (isinstance(var, Tensor) and mean is None):
        refuse("SHP118", "running_mean and running_var must either both be None or neither be None", error="ValueError")
    if input.dtype in INTS or input.dtype == BOOL:
        assert input.dtype is not None
        not_implemented("batch_norm", input.dtype)
    return follow(input.shape, input, images=True)


class _BatchNorm:
    axes: tuple[int, ...]
    training: Any

    def __init__(
        self,
        num_features: Size,
        eps: Any = 1e-5,
        momentum: Any = 0.1,
        affine: Bool = True,
        track_running_stats: Bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: Bool = True,
    ) -> None:
        set_up_norm(self, num_features, affine, track_running_stats, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        wanted = " or ".join(f"{axes}D" for axes in self.axes)
        sentence = f"expected {wanted} input (got {input.rank}D input)"
        message = f"batch norm wants {wanted}, gets {input.rank}D"
        expect_rank(input, self.axes, "SHP107", sentence, message=message, error="ValueError", expected=list(self.axes), actual=input.rank)
        return _forward(self, input)


def _forward(layer: Any, input: Tensor) -> Tensor:
    mean, var = attribute(layer, "running_mean"), attribute(layer, "running_var")
    training = attribute(layer, "training")
    if training is False:
        if isinstance(mean, Unknown) or isinstance(var, Unknown):
            training = mean
        else:
            training = mean is None and var is None
    elif attribute(layer, "track_running_stats") is False and training is True:
        mean = var = None
    return _normalize(input, mean, var, attribute(layer, "weight"), attribute(layer, "bias"), training, "num_features")


@layer("nn.BatchNorm1d", ranks=(3, 2))
class BatchNorm1d(_BatchNorm):
    """(N, C) -> (N, C) or (N, C, L) -> (N, C, L)

    >>> nn.BatchNorm1d(4)(T(2, 4, 5))
    (2, 4, 5)
    >>> nn.BatchNorm1d(4)(T(2, 5, 4))
    ! SHP101 running_mean should contain 5 elements not 4
    >>> nn.BatchNorm1d(4)(T(1, 4))
    ! SHP113 Expected more than 1 value per channel when training, got input size torch.Size([1, 4])
    >>> nn.BatchNorm1d(4).eval()(T(1, 4))
    (1, 4)
    """

    axes = (2, 3)


@layer("nn.BatchNorm2d", ranks=(4,))
class BatchNorm2d(_BatchNorm):
    """(N, C, H, W) -> (N, C, H, W)

    >>> nn.BatchNorm2d(4)(T(2, 4, 5, 6))
    (2, 4, 5, 6)
    >>> nn.BatchNorm2d(4)(T(2, 8, 5, 6))
    ! SHP101 running_mean should contain 8 elements not 4
    >>> nn.BatchNorm2d(4)(T(2, 4))
    ! SHP107 expected 4D input (got 2D input)
    >>> nn.BatchNorm2d(4 / 2)
    ! SHP202 empty(): argument 'size' (position 1) must be tuple of ints, not float
    """

    axes = (4,)


@layer("nn.BatchNorm3d", ranks=(5,))
class BatchNorm3d(_BatchNorm):
    """(N, C, D, H, W) -> (N, C, D, H, W)

    >>> nn.BatchNorm3d(4)(T(2, 4, 5, 6, 7))
    (2, 4, 5, 6, 7)
    >>> nn.BatchNorm3d(4)(T(2, 3, 5, 6, 7))
    ! SHP101 running_mean should contain 3 elements not 4
    """

    axes = (5,)


@layer("nn.SyncBatchNorm", ranks=(4, 3, 2, 5))
class SyncBatchNorm:
    """Batch norm over all processes: (N, C, *) -> (N, C, *)

    >>> nn.SyncBatchNorm(4)(T(2, 4, 5))
    (2, 4, 5)
    >>> nn.SyncBatchNorm(4)(T(5))
    ! SHP107 expected at least 2D input (got 1D input)
    """

    def __init__(
        self,
        num_features: Size,
        eps: Any = 1e-5,
        momentum: Any = 0.1,
        affine: Bool = True,
        track_running_stats: Bool = True,
        process_group: Any = None,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: Bool = True,
    ) -> None:
        set_up_norm(self, num_features, affine, track_running_stats, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        sentence = f"expected at least 2D input (got {input.rank}D input)"
        expect(input.rank >= 2, "SHP107", sentence, error="ValueError", actual=input.rank)
        expect(input.shape[1] != 0, "SHP110", "SyncBatchNorm number of input channels should be non-zero", error="ValueError")
        return _forward(self, input)


class _LazyBatchNorm:
    axes: tuple[int, ...]
    num_features: Any
    affine: Any
    track_running_stats: Any

    def __init__(
        self,
        eps: Any = 1e-5,
        momentum: Any = 0.1,
        affine: Bool = True,
        track_running_stats: Bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: Bool = True,
    ) -> None:
        self.num_features = 0
        set_up_norm(self, Unknown("a lazy layer before its first call"), affine, track_running_stats, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        if self.num_features == 0 and (self.affine is not False or self.track_running_stats is not False):
            expect(input.rank >= 2, "SHP107", "tuple index out of range", error="IndexError", actual=input.rank)
            self.num_features = input.shape[1]
            has_bias = attribute(self, "bias") is not None
            set_up_norm(self, input.shape[1], self.affine, self.track_running_stats, has_bias, None)
        return _BatchNorm.forward(self, input)  # type: ignore[arg-type]


@layer("nn.LazyBatchNorm1d", ranks=(3, 2))
class LazyBatchNorm1d(_LazyBatchNorm):
    """BatchNorm1d that learns its channels from its first input.

    >>> nn.LazyBatchNorm1d()(T(2, 4))
    (2, 4)
    >>> nn.LazyBatchNorm1d()(T(2))
    ! SHP107 tuple index out of range
    """

    axes = (2, 3)


@layer("nn.LazyBatchNorm2d", ranks=(4,))
class LazyBatchNorm2d(_LazyBatchNorm):
    """BatchNorm2d that learns its channels from its first input.

    >>> nn.LazyBatchNorm2d()(T(2, 4, 5, 6))
    (2, 4, 5, 6)
    >>> nn.LazyBatchNorm2d()(T(2, 4, 5))
    ! SHP107 expected 4D input (got 3D input)
    """

    axes = (4,)


@layer("nn.LazyBatchNorm3d", ranks=(5,))
class LazyBatchNorm3d(_LazyBatchNorm):
    """BatchNorm3d that learns its channels from its first input.

    >>> nn.LazyBatchNorm3d()(T(2, 4, 5, 6, 7))
    (2, 4, 5, 6, 7)
    >>> nn.LazyBatchNorm3d()(T(2, 4, 5, 6))
    ! SHP107 expected 5D input (got 4D input)
    """

    axes = (5,)


@op("F.batch_norm", ranks={"input": (4, 3, 2, 5), "running_mean": (1,), "running_var": (1,), "weight": (1,), "bias": (1,)})
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: Any = False,
    momentum: Any = 0.1,
    eps: Any = 1e-5,
) -> Tensor:
    """(N, C, *) -> (N, C, *); statistics, weight and bias are (C).

    >>> F.batch_norm(T(2, 4, 5), T(4), T(4))
    (2, 4, 5)
    >>> F.batch_norm(T(2, 4, 5), T(4), T(4), T(3))
    ! SHP101 weight should contain 4 elements not 3
    >>> F.batch_norm(T(2, 4, 5), None, None)
    ! SHP118 running_mean must be defined in evaluation mode
    """
    return _normalize(input, running_mean, running_var, weight, bias, training)


@op("torch.batch_norm", ranks={"input": (4, 3, 2, 5), "running_mean": (1,), "running_var": (1,), "weight": (1,), "bias": (1,)})
def torch_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: Any,
    momentum: Any,
    eps: Any,
    cudnn_enabled: Any,
) -> Tensor:
    """F.batch_norm with its arguments in another order, without the check of the batch size.

    >>> torch.batch_norm(T(2, 4, 5), None, None, T(4), T(4), False, 0.1, 1e-5, True)
    (2, 4, 5)
    >>> torch.batch_norm(T(2, 4, 5), None, None, T(3), T(4), False, 0.1, 1e-5, True)
    ! SHP101 running_mean should contain 4 elements not 3
    """
    return _normalize(input, running_mean, running_var, weight, bias, False if training is False else None)
