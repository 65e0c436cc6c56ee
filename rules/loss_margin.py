"""Losses with a margin: MarginRanking, CosineEmbedding, MultiMargin, MultiLabelMargin."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Size,
    Tensor,
    brackets,
    buffered,
    expect,
    expect_eq,
    expect_reduction,
    facts,
    floating,
    is_float,
    layer,
    layer_weight,
    legacy_reduction,
    losses,
    met,
    op,
    promote,
    real_dtype,
    reduced_loss,
    refuse,
    torch_size,
    type_name,
    word,
)

PAIRS = {"input1": (2, 1), "input2": (2, 1), "target": (1,)}


def _ranking(input1: Tensor, input2: Tensor, target: Tensor, kind: Any) -> Tensor:
    expect_reduction(kind)
    expect(
        input1.rank == input2.rank == target.rank,
        "SHP501",
        f"margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: {torch_size(input1.shape)}, "
        f"input2: {torch_size(input2.shape)}, target: {torch_size(target.shape)} ",
    )
    shape = met(target.shape, met(input1.shape, input2.shape))
    dtype = promote((input1, input2))
    return reduced_loss(kind, losses(shape, (target, input1, input2), dtype if is_float(dtype) else None))


@layer("nn.MarginRankingLoss", ranks={"input1": (1, 2), "input2": (1, 2), "target": (1, 2)})
class MarginRankingLoss:
    """Which of two scores should be larger: three tensors of one shape -> a scalar, or the shape without reduction.

    >>> nn.MarginRankingLoss()(T(4), T(4), T(4))
    ()
    >>> nn.MarginRankingLoss()(T(4), T(4), T(5))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 0
    """

    reduction: Any

    def __init__(self, margin: Any = 0.0, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return _ranking(input1, input2, target, self.reduction)


@op("F.margin_ranking_loss", ranks={"input1": (1, 2), "input2": (1, 2), "target": (1, 2)})
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: Any = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Tensor:
    """Which of two scores should be larger: three tensors of one shape -> a scalar, or the shape without reduction.

    >>> F.margin_ranking_loss(T(4), T(1), T(4), reduction="none")
    (4,)
    >>> F.margin_ranking_loss(T(4), T(3), T(4))
    ! SHP501 The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 0
    """
    return _ranking(input1, input2, target, legacy_reduction(size_average, reduce, reduction))


def _cosine(input1: Tensor, input2: Tensor, target: Tensor, kind: Any) -> Tensor:
    expect_reduction(kind)
    expect(target.rank <= 1, "SHP501", "0D or 1D target tensor expected, multi-target not supported", culprit=target)
    wanted = target.rank + 1
    text = (
        f"{target.rank}D target tensor expects {wanted}D input tensors, but found inputs with sizes "
        f"{brackets(input1.shape)} and {brackets(input2.shape)}."
    )
    expect(input1.rank == wanted and input2.rank == wanted, "SHP501", text, expected=wanted)
    together = met(input1.shape, input2.shape)
    shape = met(target.shape, together[:-1]) if target.rank else ()
    dtype = promote((input1, input2))
    return reduced_loss(kind, Tensor(shape, real_dtype(floating(dtype)), device=input1.device))


@layer("nn.CosineEmbeddingLoss", ranks=PAIRS)
class CosineEmbeddingLoss:
    """Whether two vectors point the same way: (N, D), (N, D), targets (N) -> a scalar, or (N) without reduction.

    >>> nn.CosineEmbeddingLoss()(T(4, 5), T(4, 5), T(4))
    ()
    >>> nn.CosineEmbeddingLoss()(T(4, 5), T(4, 5), T(4, 1))
    ! SHP501 0D or 1D target tensor expected, multi-target not supported
    """

    reduction: Any

    def __init__(self, margin: Any = 0.0, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return _cosine(input1, input2, target, self.reduction)


@op("F.cosine_embedding_loss", ranks=PAIRS)
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: Any = 0,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Tensor:
    """Whether two vectors point the same way: (N, D), (N, D), targets (N) -> a scalar, or (N) without reduction.

    >>> F.cosine_embedding_loss(T(4, 5), T(4, 5), T(4), reduction="none")
    (4,)
    >>> F.cosine_embedding_loss(T(4, 5), T(4, 6), T(4))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1
    """
    return _cosine(input1, input2, target, legacy_reduction(size_average, reduce, reduction))


def _expect_matrix(input: Tensor) -> None:
    """A vector or a matrix of scores that is not empty, except for the batch."""
    known = facts()
    full = input.rank <= 2 and not any(known.eq(size, 0).yes for size in input.shape[-1:])
    text = f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {brackets(input.shape)}"
    expect(full, "SHP501", text)


def _multi_margin(input: Tensor, target: Tensor, p: Any, weight: Tensor | None, kind: Any) -> Tensor:
    expect_reduction(kind)
    if isinstance(p, (int, float)):
        expect(p in (1, 2), "SHP118", "only p == 1 and p == 2 supported", error="ValueError", blame="p")
    if weight is not None:
        expect(weight.rank == 1, "SHP503", "weight must be one-dimensional", error="ValueError", culprit=weight)
    _expect_matrix(input)
    samples: Size = input.shape[0] if input.rank == 2 else 1
    text = (
        "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). "
        f"Expected target size [{word(samples)}], but got {brackets(target.shape)}. Input has shape {brackets(input.shape)}."
    )
    details = {"expected": [samples], "actual": list(target.shape), "culprit": target}
    expect(target.rank <= 1, "SHP501", text, **details)
    if target.rank == 1:
        expect_eq(target.shape[0], samples, "SHP501", text, **details)
    elif input.rank == 2:
        expect_eq(1, samples, "SHP501", text, **details)
    if weight is not None:
        classes = input.shape[-1] if input.rank else 1
        text = f"inconsistent weight size, expected {word(classes)} but got {brackets(weight.shape)}"
        expect_eq(weight.shape[0], classes, "SHP503", text, expected=classes, actual=weight.shape[0], culprit=weight)
    _expect_numbers(target)
    return reduced_loss(kind, Tensor(target.shape, input.dtype, device=input.device))


def _expect_numbers(target: Tensor) -> None:
    """Targets are class numbers of type int64."""
    if target.dtype is not None and is_float(target.dtype):
        text = f"expected scalar type Long but found {type_name(target.dtype)}"
        refuse("SHP502", text, message=f"class numbers of type {target.dtype}", expected="int64", actual=target.dtype, culprit=target)


@layer("nn.MultiMarginLoss", ranks={"input": (2, 1), "target": (1, 0)})
class MultiMarginLoss:
    """Scores (N, C) and class numbers (N) -> a scalar, or (N) without reduction.

    >>> nn.MultiMarginLoss()(T(4, 5), I(4))
    ()
    >>> nn.MultiMarginLoss(p=3)
    ! SHP202 only p == 1 and p == 2 supported
    """

    reduction: Any

    def __init__(
        self, p: Any = 1, margin: Any = 1.0, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
    ) -> None:
        if isinstance(p, (int, float)):
            expect(p in (1, 2), "SHP202", "only p == 1 and p == 2 supported", error="ValueError", blame="p")
        self.weight = buffered(weight)
        if isinstance(weight, Tensor):
            text = f"MultiMarginLoss: expected weight to be None or 1D tensor, got {weight.rank}D instead"
            expect(weight.rank == 1, "SHP503", text, error="ValueError", blame="weight")
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _multi_margin(input, target, self.p, layer_weight(self, "weight"), self.reduction)  # type: ignore[attr-defined]


@op("F.multi_margin_loss", ranks={"input": (2, 1), "target": (1, 0)})
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: Any = 1,
    margin: Any = 1.0,
    weight: Tensor | None = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Tensor:
    """Scores (N, C) and class numbers (N) -> a scalar, or (N) without reduction.

    >>> F.multi_margin_loss(T(4, 5), I(4), reduction="none")
    (4,)
    >>> F.multi_margin_loss(T(4, 5), I(4), weight=T(4))
    ! SHP503 inconsistent weight size, expected 5 but got [4]
    """
    return _multi_margin(input, target, p, weight, legacy_reduction(size_average, reduce, reduction))


def _multilabel(input: Tensor, target: Tensor, kind: Any) -> Tensor:
    expect_reduction(kind)
    _expect_matrix(input)
    text = f"inconsistent target size: {brackets(target.shape)} for input of size: {brackets(input.shape)}"
    details = {"expected": list(input.shape), "actual": list(target.shape), "culprit": target}
    expect(target.rank == input.rank or input.rank == 0, "SHP501", text, **details)
    for a, b in zip(target.shape, input.shape, strict=False):
        expect_eq(a, b, "SHP501", text, **details)
    _expect_numbers(target)
    return reduced_loss(kind, Tensor(input.shape[:-1], input.dtype, device=input.device))


@layer("nn.MultiLabelMarginLoss", ranks={"input": (2, 1), "target": (2, 1)})
class MultiLabelMarginLoss:
    """Scores (N, C) and lists of class numbers (N, C), ended by -1 -> a scalar, or (N) without reduction.

    >>> nn.MultiLabelMarginLoss()(T(4, 5), I(4, 5))
    ()
    >>> nn.MultiLabelMarginLoss()(T(4, 5), I(4, 6))
    ! SHP501 inconsistent target size: [4, 6] for input of size: [4, 5]
    """

    reduction: Any

    def __init__(self, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _multilabel(input, target, self.reduction)


@op("F.multilabel_margin_loss", ranks={"input": (2, 1), "target": (2, 1)})
def multilabel_margin_loss(input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> Tensor:
    """Scores (N, C) and lists of class numbers (N, C), ended by -1 -> a scalar, or (N) without reduction.

    >>> F.multilabel_margin_loss(T(4, 5), I(4, 5), reduction="none")
    (4,)
    >>> F.multilabel_margin_loss(T(4, 5), T(4, 5))
    ! SHP502 expected scalar type Long but found Float
    """
    return _multilabel(input, target, legacy_reduction(size_average, reduce, reduction))
