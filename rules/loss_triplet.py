"""Losses of triplets: TripletMargin and TripletMarginWithDistance."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Size,
    Tensor,
    Unknown,
    Unsure,
    call,
    current,
    expect,
    expect_reduction,
    floating,
    layer,
    legacy_reduction,
    losses,
    met,
    op,
    promote,
    real_dtype,
    reduced_loss,
    to_tensor,
)

TRIPLES = {"anchor": (2, 3), "positive": (2, 3), "negative": (2, 3)}


def _expect_same_rank(anchor: Tensor, positive: Tensor, negative: Tensor) -> None:
    expect(
        anchor.rank == positive.rank == negative.rank,
        "SHP501",
        "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
        f"anchor {anchor.rank}D, positive {positive.rank}D, and negative {negative.rank}D inputs",
    )


def _expect_margin(margin: Any) -> None:
    if isinstance(margin, (int, float)):
        expect(margin > 0, "SHP118", f"margin must be greater than 0, got {margin}", error="ValueError", blame="margin")


def _distance(a: Tensor, b: Tensor) -> tuple[Size, ...]:
    """torch.pairwise_distance: the last axis is gone."""
    return met(a.shape, b.shape)[:-1]


def _triplet(anchor: Tensor, positive: Tensor, negative: Tensor, kind: Any, swap: Any) -> Tensor:
    expect_reduction(kind)
    _expect_same_rank(anchor, positive, negative)
    near, far = _distance(anchor, positive), _distance(anchor, negative)
    if swap is True:
        far = met(far, _distance(positive, negative))
    dtype = real_dtype(floating(promote((anchor, positive, negative))))
    return reduced_loss(kind, Tensor(met(near, far), dtype, device=anchor.device))


@layer("nn.TripletMarginLoss", ranks=TRIPLES)
class TripletMarginLoss:
    """Anchors nearer to positives than to negatives: three (N, D) -> a scalar, or (N) without reduction.

    >>> nn.TripletMarginLoss()(T(4, 5), T(4, 5), T(4, 5))
    ()
    >>> nn.TripletMarginLoss()(T(4, 5), T(4, 5), T(3, 5))
    ! SHP501 The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 0
    """

    reduction: Any

    def __init__(
        self,
        margin: Any = 1.0,
        p: Any = 2.0,
        eps: Any = 1e-06,
        swap: Any = False,
        size_average: Any = None,
        reduce: Any = None,
        reduction: Any = "mean",
    ) -> None:
        if isinstance(margin, (int, float)):
            text = f"TripletMarginLoss: expected margin to be greater than 0, got {margin} instead"
            expect(margin > 0, "SHP202", text, error="ValueError", blame="margin")
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        layer: Any = self
        _expect_margin(layer.margin)
        return _triplet(anchor, positive, negative, self.reduction, layer.swap)


@op("F.triplet_margin_loss", ranks=TRIPLES)
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: Any = 1.0,
    p: Any = 2,
    eps: Any = 1e-06,
    swap: Any = False,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Tensor:
    """Anchors nearer to positives than to negatives: three (N, D) -> a scalar, or (N) without reduction.

    >>> F.triplet_margin_loss(T(4, 5), T(4, 5), T(4, 5), reduction="none")
    (4,)
    >>> F.triplet_margin_loss(T(4, 5), T(4, 5), T(5))
    ! SHP501 The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor 2D, positive 2D, and negative 1D inputs
    """  # noqa: E501
    kind = legacy_reduction(size_average, reduce, reduction)
    _expect_margin(margin)
    return _triplet(anchor, positive, negative, kind, swap)


def _by_distance(function: Any, a: Tensor, b: Tensor) -> Tensor:
    """What a distance function says of two tensors; pairwise_distance where none is given."""
    if function is None:
        return Tensor(_distance(a, b), real_dtype(floating(promote((a, b)))))
    result = call(function, a, b)
    if isinstance(result, Unknown):
        raise Unsure(result.why)
    return to_tensor(result, (a.rank - 1,))


def _with_distance(anchor: Tensor, positive: Tensor, negative: Tensor, function: Any, margin: Any, swap: Any, kind: Any) -> Tensor:
    expect_reduction(kind, ("none", "mean", "sum"))
    _expect_margin(margin)
    _expect_same_rank(anchor, positive, negative)
    near, far = _by_distance(function, anchor, positive), _by_distance(function, anchor, negative)
    shape = far.shape
    if swap is True:
        shape = met(shape, _by_distance(function, positive, negative).shape)
    return reduced_loss(kind, losses(met(near.shape, shape), (near, far), promote((near, far))))


@layer("nn.TripletMarginWithDistanceLoss", ranks=TRIPLES)
class TripletMarginWithDistanceLoss:
    """Anchors nearer to positives than to negatives, under a distance of one's own.

    >>> nn.TripletMarginWithDistanceLoss()(T(4, 5), T(4, 5), T(4, 5))
    ()
    >>> nn.TripletMarginWithDistanceLoss(margin=-1)
    ! SHP202 TripletMarginWithDistanceLoss: expected margin to be greater than 0, got -1 instead
    """

    def __init__(self, *, distance_function: Any = None, margin: Any = 1.0, swap: Any = False, reduction: Any = "mean") -> None:
        if isinstance(margin, (int, float)):
            text = f"TripletMarginWithDistanceLoss: expected margin to be greater than 0, got {margin} instead"
            expect(margin > 0, "SHP202", text, error="ValueError", blame="margin")

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        layer: Any = self
        return _with_distance(anchor, positive, negative, layer.distance_function, layer.margin, layer.swap, layer.reduction)


@op("F.triplet_margin_with_distance_loss", ranks=TRIPLES)
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Any = None,
    margin: Any = 1.0,
    swap: Any = False,
    reduction: Any = "mean",
) -> Tensor:
    """Anchors nearer to positives than to negatives, under a distance of one's own.

    >>> F.triplet_margin_with_distance_loss(T(4, 5), T(4, 5), T(4, 5), reduction="none")
    (4,)
    >>> F.triplet_margin_with_distance_loss(T(4, 5), T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1
    """
    function, kind = current().pinned(distance_function), current().pinned(reduction)
    return _with_distance(anchor, positive, negative, function, margin, swap, kind)
