"""Losses of likelihoods and distributions: KLDiv, PoissonNLL, GaussianNLL."""

from __future__ import annotations

from shapecheck.book import (
    INTS,
    Any,
    SymFloat,
    Tensor,
    Truth,
    Unsure,
    current,
    expect,
    expect_reduction,
    facts,
    floating,
    layer,
    legacy_reduction,
    losses,
    met,
    op,
    promote,
    reduced_loss,
    refuse,
    to_tensor,
)

RANKS = {"input": (2, 1, 4, 3), "target": (2, 1, 4, 3)}


def _kl(input: Tensor, target: Tensor, kind: Any) -> Tensor:
    batch_mean = kind == "batchmean"
    if not batch_mean:
        expect_reduction(kind)
    for tensor in (input, target):
        if tensor.dtype is not None:
            whole = tensor.dtype in INTS or tensor.dtype == "bool"
            expect(not whole, "SHP502", "kl_div: Integral inputs not supported.", actual=tensor.dtype, culprit=tensor)
    shape = met(target.shape, input.shape)
    return reduced_loss("sum" if batch_mean else kind, losses(shape, (target, input), promote((input, target))))


@layer("nn.KLDivLoss", ranks=RANKS)
class KLDivLoss:
    """Divergence of log-probabilities from probabilities -> a scalar, or the shape without reduction.

    >>> nn.KLDivLoss(reduction="batchmean")(T(4, 5), T(4, 5))
    ()
    >>> nn.KLDivLoss()(T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (6) must match the size of tensor b (5) at non-singleton dimension 1
    """

    reduction: Any

    def __init__(self, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", log_target: Any = False) -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _kl(input, target, self.reduction)


@op("F.kl_div", ranks=RANKS)
def kl_div(
    input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", log_target: Any = False
) -> Tensor:
    """Divergence of log-probabilities from probabilities -> a scalar, or the shape without reduction.

    >>> F.kl_div(T(4, 5), T(5), reduction="none")
    (4, 5)
    >>> F.kl_div(T(4, 5), I(4, 5))
    ! SHP502 kl_div: Integral inputs not supported.
    """
    return _kl(input, target, legacy_reduction(size_average, reduce, reduction))


def _poisson(input: Tensor, target: Tensor, kind: Any) -> Tensor:
    expect_reduction(kind, ("none", "mean", "sum"))
    shape = met(target.shape, input.shape)
    return reduced_loss(kind, losses(shape, (target, input), floating(promote((input, target)))))


@layer("nn.PoissonNLLLoss", ranks={"log_input": (2, 1, 4, 3), "target": (2, 1, 4, 3)})
class PoissonNLLLoss:
    """Likelihood of counts under Poisson rates -> a scalar, or the broadcast shape without reduction.

    >>> nn.PoissonNLLLoss()(T(4, 5), T(4, 5))
    ()
    >>> nn.PoissonNLLLoss()(T(4), T(5))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 0
    """

    reduction: Any

    def __init__(
        self,
        log_input: Any = True,
        full: Any = False,
        size_average: Any = None,
        eps: Any = 1e-08,
        reduce: Any = None,
        reduction: Any = "mean",
    ) -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return _poisson(log_input, target, self.reduction)


@op("F.poisson_nll_loss", ranks=RANKS)
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: Any = True,
    full: Any = False,
    size_average: Any = None,
    eps: Any = 1e-08,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Tensor:
    """Likelihood of counts under Poisson rates -> a scalar, or the broadcast shape without reduction.

    >>> F.poisson_nll_loss(T(4), T(4, 1), reduction="none")
    (4, 4)
    >>> F.poisson_nll_loss(T(4), T(5))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 0
    """
    return _poisson(input, target, legacy_reduction(size_average, reduce, reduction))


def _same(a: Any, b: Any) -> Truth:
    if len(a) != len(b):
        return Truth.NO
    answer = Truth.YES
    for x, y in zip(a, b, strict=True):
        answer = answer & facts().eq(x, y)
    return answer


def _variance(input: Tensor, var: Any) -> tuple[Any, ...] | None:
    """The shape of the variance as it meets the input; None for a number."""
    var = current().pinned(var)
    if isinstance(var, (float, SymFloat)):
        bad = isinstance(var, float) and var < 0
        expect(not bad, "SHP118", "var has negative entry/entries", error="ValueError")
        return None
    if isinstance(var, int):
        raise Unsure("a variance that is an int")
    shape = to_tensor(var, (input.rank, input.rank - 1)).shape
    if _same(shape, input.shape).yes:
        return shape
    if _same(shape, input.shape[:-1]).yes:
        return (*shape, 1)
    if len(shape) == input.rank:
        ones = [place for place, (a, b) in enumerate(zip(input.shape, shape, strict=True)) if not facts().eq(a, b).yes]
        if len(ones) == 1 and facts().eq(shape[ones[0]], 1).yes:
            return shape
        apart = [place for place in ones if facts().eq(input.shape[place], shape[place]).no]
        one = len(apart) < 2 and all(not facts().eq(shape[place], 1).no for place in apart)
        answer = Truth.MAYBE if one else Truth.NO
    else:
        answer = _same(shape, input.shape[:-1])
    if answer.maybe:  # it may be that of the input, or one that broadcasts to it
        return input.shape
    details = {"error": "ValueError", "expected": list(input.shape), "actual": list(shape)}
    return refuse("SHP501", "var is of incorrect size", message="the variance does not fit the input", **details)


def _gaussian(input: Tensor, target: Tensor, var: Any, kind: Any) -> Tensor:
    spread = _variance(input, var)
    expect_reduction(kind, ("none", "mean", "sum"), "is not valid")
    shape = met(input.shape, target.shape)
    if spread is not None:
        shape = met(shape, spread)
    return reduced_loss(kind, losses(shape, (input, target), floating(promote((input, target)))))


@layer("nn.GaussianNLLLoss", ranks=RANKS)
class GaussianNLLLoss:
    """Likelihood under normal distributions with variances of the shape of the input, of one axis less, or with an axis of 1.

    >>> nn.GaussianNLLLoss()(T(4, 5), T(4, 5), T(4))
    ()
    >>> nn.GaussianNLLLoss()(T(4, 5), T(4, 5), T(4, 3))
    ! SHP501 var is of incorrect size
    """

    def __init__(self, *, full: Any = False, eps: Any = 1e-06, reduction: Any = "mean") -> None:
        pass

    def forward(self, input: Tensor, target: Tensor, var: Any) -> Tensor:
        return _gaussian(input, target, var, self.reduction)  # type: ignore[attr-defined]


@op("F.gaussian_nll_loss", ranks=RANKS)
def gaussian_nll_loss(input: Tensor, target: Tensor, var: Any, full: Any = False, eps: Any = 1e-06, reduction: Any = "mean") -> Tensor:
    """Likelihood under normal distributions with these variances -> a scalar, or the broadcast shape without reduction.

    >>> F.gaussian_nll_loss(T(4, 5), T(4, 1), T(4, 5), reduction="none")
    (4, 5)
    >>> F.gaussian_nll_loss(T(4, 5), T(4, 5), T(5))
    ! SHP501 var is of incorrect size
    """
    return _gaussian(input, target, var, current().pinned(reduction))
