"""Losses between two tensors of one shape: MSE, L1, SmoothL1, Huber.

They only warn when the shapes differ and broadcast.
"""

from __future__ import annotations

from shapecheck.book import (
    INTS,
    Any,
    Tensor,
    broadcast,
    current,
    expect,
    expect_eq,
    expect_reduction,
    layer,
    legacy_reduction,
    losses,
    met,
    op,
    promote,
    real_dtype,
    reduced_loss,
    refuse,
    type_name,
)

SUBTRACTED = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, "
    "use the `~` or `logical_not()` operator instead."
)
RANKS = {"input": (2, 1, 4, 3), "target": (2, 1, 4, 3)}


def _kernel_dtype(tensors: tuple[Tensor, ...], kernel: str) -> str | None:
    """The promoted dtype; a kernel that knows floats only refuses integers."""
    dtype = promote(tensors)
    if dtype is not None and (dtype in INTS or dtype == "bool"):
        text = f"\"{kernel}\" not implemented for '{type_name(dtype)}'"
        refuse("SHP502", text, error="NotImplementedError", message=f"a loss of type {dtype}", expected="float32", actual=dtype)
    return dtype


def _subtracted(input: Tensor, target: Tensor) -> None:
    if "bool" in (input.dtype, target.dtype) and None not in (input.dtype, target.dtype) and input.dtype != target.dtype:
        refuse("SHP502", SUBTRACTED, message="a loss between floats and booleans")


def _weighted(loss: Tensor, input: Tensor, weight: Tensor | None, kind: Any) -> Tensor:
    """The loss with weights of the shape of the input, reduced."""
    if weight is None:
        expect_reduction(kind)
        return reduced_loss(kind, loss)
    text = "Weights and input must have the same size."
    details = {"error": "ValueError", "expected": list(input.shape), "actual": list(weight.shape), "culprit": weight}
    expect(weight.rank == input.rank, "SHP501", text, **details)
    for a, b in zip(weight.shape, input.shape, strict=True):
        expect_eq(a, b, "SHP501", text, **details)
    if isinstance(kind, str):
        words = f"Invalid reduction mode: {kind}. Expected one of 'none', 'mean', 'sum'."
        expect(kind in ("none", "mean", "sum"), "SHP118", words, error="ValueError")
    return reduced_loss(kind, losses(broadcast(loss.shape, weight.shape), (loss, weight), promote((loss, weight))))


def _mse(input: Tensor, target: Tensor, weight: Tensor | None, kind: Any) -> Tensor:
    shape = met(input.shape, target.shape)
    dtype = _kernel_dtype((input, target), "mse_cpu") if weight is None else promote((input, target))
    return _weighted(losses(shape, (input, target), dtype), input, weight, kind)


@layer("nn.MSELoss", ranks=RANKS)
class MSELoss:
    """Squared differences: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> nn.MSELoss()(T(4, 5), T(4, 5))
    () float32
    >>> nn.MSELoss(reduction="none")(T(4), T(4, 1))
    (4, 4)
    >>> nn.MSELoss()(T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1
    """

    reduction: Any

    def __init__(self, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _mse(input, target, None, self.reduction)


@op("F.mse_loss", ranks=RANKS)
def mse_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", weight: Tensor | None = None
) -> Tensor:
    """Squared differences: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> F.mse_loss(T(4, 5), T(4, 5), reduction="none")
    (4, 5)
    >>> F.mse_loss(T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1
    >>> F.mse_loss(T(4), T(4), reduction="batchmean")
    ! SHP118 batchmean is not a valid value for reduction
    """
    return _mse(input, target, weight, legacy_reduction(size_average, reduce, reduction))


def _l1(input: Tensor, target: Tensor, weight: Tensor | None, kind: Any) -> Tensor:
    shape = met(input.shape, target.shape)
    _subtracted(input, target)
    dtype = promote((input, target))
    if weight is None and kind == "mean" and dtype in INTS:
        text = "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
        refuse("SHP502", f"{text}Got: {type_name(str(dtype))}", message=f"the mean of {dtype}", actual=dtype)
    return _weighted(losses(shape, (input, target), real_dtype(dtype)), input, weight, kind)


@layer("nn.L1Loss", ranks=RANKS)
class L1Loss:
    """Absolute differences: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> nn.L1Loss()(T(4, 5), T(4, 5))
    ()
    >>> nn.L1Loss()(T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1
    """

    reduction: Any

    def __init__(self, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _l1(input, target, None, self.reduction)


@op("F.l1_loss", ranks=RANKS)
def l1_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", weight: Tensor | None = None
) -> Tensor:
    """Absolute differences: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> F.l1_loss(T(4, 5), T(4, 1), reduction="none")
    (4, 5)
    >>> F.l1_loss(T(4), T(4), weight=T(3))
    ! SHP501 Weights and input must have the same size.
    """
    return _l1(input, target, weight, legacy_reduction(size_average, reduce, reduction))


def _smooth_l1(input: Tensor, target: Tensor, kind: Any, beta: Any) -> Tensor:
    shape = met(input.shape, target.shape)
    expect_reduction(kind)
    if isinstance(beta, (int, float)):
        expect(beta >= 0, "SHP118", "smooth_l1_loss does not support negative values for beta.", blame="beta")
        dtype = promote((input, target)) if beta == 0 else _kernel_dtype((input, target), "smooth_l1_cpu")
    else:
        dtype = promote((input, target))
    return reduced_loss(kind, losses(shape, (input, target), dtype))


@layer("nn.SmoothL1Loss", ranks=RANKS)
class SmoothL1Loss:
    """Absolute differences, squared where small: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> nn.SmoothL1Loss()(T(4, 5), T(4, 5))
    ()
    >>> nn.SmoothL1Loss()(T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1
    """

    reduction: Any

    def __init__(self, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", beta: Any = 1.0) -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _smooth_l1(input, target, self.reduction, self.beta)  # type: ignore[attr-defined]


@op("F.smooth_l1_loss", ranks=RANKS)
def smooth_l1_loss(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", beta: Any = 1.0
) -> Tensor:
    """Absolute differences, squared where small: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> F.smooth_l1_loss(T(4), T(4), reduction="none")
    (4,)
    >>> F.smooth_l1_loss(T(4), T(4), beta=-1)
    ! SHP118 smooth_l1_loss does not support negative values for beta.
    """
    return _smooth_l1(input, target, legacy_reduction(size_average, reduce, reduction), beta)


def _huber(input: Tensor, target: Tensor, kind: Any, delta: Any, weight: Tensor | None) -> Tensor:
    shape = met(input.shape, target.shape)
    if isinstance(delta, (int, float)):
        expect(delta > 0, "SHP118", "huber_loss does not support non-positive values for delta.", blame="delta")
    dtype = _kernel_dtype((input, target), "huber_cpu")
    return _weighted(losses(shape, (input, target), dtype), input, weight, kind)


@layer("nn.HuberLoss", ranks=RANKS)
class HuberLoss:
    """Squared differences, absolute where large: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> nn.HuberLoss()(T(4, 5), T(4, 5))
    ()
    >>> nn.HuberLoss(delta=0.0)(T(4), T(4))
    ! SHP118 huber_loss does not support non-positive values for delta.
    """

    def __init__(self, reduction: Any = "mean", delta: Any = 1.0) -> None:
        if isinstance(delta, str):
            refuse("SHP202", "delta must be a float or int, got: <class 'str'>", error="TypeError", blame="delta")

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _huber(input, target, self.reduction, self.delta, None)  # type: ignore[attr-defined]


@op("F.huber_loss", ranks=RANKS)
def huber_loss(input: Tensor, target: Tensor, reduction: Any = "mean", delta: Any = 1.0, weight: Tensor | None = None) -> Tensor:
    """Squared differences, absolute where large: two tensors of one shape -> a scalar, or the shape without reduction.

    >>> F.huber_loss(T(4), T(4), reduction="none")
    (4,)
    >>> F.huber_loss(T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1
    """
    return _huber(input, target, current().pinned(reduction), delta, weight)
