"""Losses of yes and no: BCE, BCEWithLogits, SoftMargin, HingeEmbedding, MultiLabelSoftMargin."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book import (
    INTS,
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
    reduced_loss,
    refuse,
    torch_size,
    type_name,
    word,
)

RANKS = {"input": (2, 1, 4, 3), "target": (2, 1, 4, 3)}
TWO_BOOLS = "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead."
ONE_BOOL = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, "
    "use the `~` or `logical_not()` operator instead."
)


def _whole(dtype: str | None) -> bool:
    return dtype is not None and (dtype in INTS or dtype == "bool")


def _expect_same_size(input: Tensor, target: Tensor, sentence: str) -> None:
    details = {"error": "ValueError", "expected": list(input.shape), "actual": list(target.shape), "culprit": target}
    details["message"] = f"predictions {brackets(input.shape)} and targets {brackets(target.shape)}"
    expect(input.rank == target.rank, "SHP501", sentence, **details)
    for axis, (a, b) in enumerate(zip(input.shape, target.shape, strict=True)):
        expect_eq(b, a, "SHP501", sentence, axis=axis, **details)


def _written(shape: Sequence[Size], other: Sequence[Size]) -> None:
    """An operand that is multiplied into a loss in place broadcasts to it."""
    joined = met(shape, other)
    text = f"output with shape {brackets(shape)} doesn't match the broadcast shape {brackets(joined)}"
    details = {"expected": list(shape), "actual": list(other)}
    expect(len(joined) == len(shape), "SHP501", text, **details)
    for a, b in zip(joined, shape, strict=True):
        expect_eq(a, b, "SHP501", text, **details)


def _expanded(target: Tensor, weight: Tensor) -> None:
    """torch.broadcast_shapes of a target and its weight."""
    known = facts()
    for back in range(1, min(target.rank, weight.rank) + 1):
        a, b = target.shape[-back], weight.shape[-back]
        if (known.eq(a, b) | known.eq(a, 1) | known.eq(b, 1)).no:
            text = (
                f"Attempting to broadcast a dimension of length {word(b)} at -{back}! Mismatching argument at index 1 had "
                f"{torch_size(weight.shape)}; but expected shape should be broadcastable to {brackets(target.shape)}"
            )
            refuse("SHP501", text, expected=list(target.shape), actual=list(weight.shape), culprit=weight)


def _bce(input: Tensor, target: Tensor, weight: Tensor | None, kind: Any) -> Tensor:
    expect_reduction(kind)
    _expect_same_size(
        input,
        target,
        f"Using a target size ({torch_size(target.shape)}) that is different to the input size ({torch_size(input.shape)}) is deprecated. "
        "Please ensure they have the same size.",
    )
    if weight is not None:
        _expanded(target, weight)
    if None not in (input.dtype, target.dtype) and _whole(input.dtype) != _whole(target.dtype):
        found, wanted = type_name(str(target.dtype)), type_name(str(input.dtype))
        message = f"targets of type {target.dtype} for predictions of type {input.dtype}"
        details = {"expected": input.dtype, "actual": target.dtype, "culprit": target}
        refuse("SHP502", f"Found dtype {found} but expected {wanted}", message=message, **details)
    if weight is not None:
        _written(input.shape, weight.shape)
    return reduced_loss(kind, losses(input.shape, (input, target), input.dtype))


@layer("nn.BCELoss", ranks=RANKS)
class BCELoss:
    """Probabilities and targets of one shape -> a scalar, or the shape without reduction.

    >>> nn.BCELoss()(T(4, 1), T(4, 1))
    ()
    >>> nn.BCELoss()(T(4, 1), T(4))
    ! SHP501 Using a target size (torch.Size([4])) that is different to the input size (torch.Size([4, 1])) is deprecated. Please ensure they have the same size.
    >>> nn.BCELoss()(T(4), I(4))
    ! SHP502 Found dtype Long but expected Float
    """  # noqa: E501

    reduction: Any

    def __init__(self, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.weight = buffered(weight)
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _bce(input, target, layer_weight(self, "weight"), self.reduction)


@op("F.binary_cross_entropy", ranks=RANKS)
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Tensor:
    """Probabilities and targets of one shape -> a scalar, or the shape without reduction.

    >>> F.binary_cross_entropy(T(4, 3), T(4, 3), weight=T(4, 1), reduction="none")
    (4, 3)
    >>> F.binary_cross_entropy(T(4), T(4), weight=T(3))
    ! SHP501 Attempting to broadcast a dimension of length 3 at -1! Mismatching argument at index 1 had torch.Size([3]); but expected shape should be broadcastable to [4]
    """  # noqa: E501
    return _bce(input, target, weight, legacy_reduction(size_average, reduce, reduction))


def _bce_with_logits(input: Tensor, target: Tensor, weight: Tensor | None, kind: Any, pos_weight: Tensor | None) -> Tensor:
    expect_reduction(kind)
    sizes = f"Target size ({torch_size(target.shape)}) must be the same as input size ({torch_size(input.shape)})"
    _expect_same_size(input, target, sizes)
    positive = met(pos_weight.shape, target.shape) if pos_weight is not None else ()
    if _whole(input.dtype):
        text = f"\"log_sigmoid_cpu\" not implemented for '{type_name(str(input.dtype))}'"
        refuse("SHP502", text, error="NotImplementedError", message=f"scores of type {input.dtype}", actual=input.dtype)
    message = f"targets of type {target.dtype} for floating scores"
    details = {"expected": input.dtype, "actual": target.dtype, "culprit": target, "message": message}
    expect(target.dtype != "bool", "SHP502", TWO_BOOLS, **details)
    if input.dtype is not None and is_float(input.dtype) and _whole(target.dtype):
        text = f"result type {type_name(input.dtype)} can't be cast to the desired output type {type_name(str(target.dtype))}"
        refuse("SHP502", text, **details)
    if pos_weight is not None:
        _written(input.shape, positive)
    if weight is not None:
        _written(input.shape, weight.shape)
    return reduced_loss(kind, losses(input.shape, (input, target), promote((input, target))))


@layer("nn.BCEWithLogitsLoss", ranks=RANKS)
class BCEWithLogitsLoss:
    """Scores and targets of one shape -> a scalar, or the shape without reduction.

    >>> nn.BCEWithLogitsLoss()(T(4, 1), T(4, 1))
    ()
    >>> nn.BCEWithLogitsLoss(pos_weight=T(3))(T(4, 3), T(4, 3))
    ()
    >>> nn.BCEWithLogitsLoss()(T(4, 1), T(4))
    ! SHP501 Target size (torch.Size([4])) must be the same as input size (torch.Size([4, 1]))
    >>> nn.BCEWithLogitsLoss()(T(4), I(4))
    ! SHP502 result type Float can't be cast to the desired output type Long
    """

    reduction: Any

    def __init__(
        self, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean", pos_weight: Any = None
    ) -> None:
        self.weight = buffered(weight)
        self.pos_weight = buffered(pos_weight)
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _bce_with_logits(input, target, layer_weight(self, "weight"), self.reduction, layer_weight(self, "pos_weight"))


@op("F.binary_cross_entropy_with_logits", ranks=RANKS)
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: Any = None,
    reduce: Any = None,
    reduction: Any = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Scores and targets of one shape -> a scalar, or the shape without reduction.

    >>> F.binary_cross_entropy_with_logits(T(4, 3), T(4, 3), reduction="none")
    (4, 3)
    >>> F.binary_cross_entropy_with_logits(T(4, 3), T(4, 3), pos_weight=T(4))
    ! SHP501 The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 1
    """
    return _bce_with_logits(input, target, weight, legacy_reduction(size_average, reduce, reduction), pos_weight)


def _soft_margin(input: Tensor, target: Tensor, kind: Any) -> Tensor:
    expect_reduction(kind)
    _written(input.shape, target.shape)
    return reduced_loss(kind, losses(input.shape, (input, target), floating(input.dtype)))


@layer("nn.SoftMarginLoss", ranks=RANKS)
class SoftMarginLoss:
    """Scores and targets of 1 or -1 -> a scalar, or the shape without reduction.

    >>> nn.SoftMarginLoss()(T(4), T(4))
    ()
    >>> nn.SoftMarginLoss()(T(4), T(5))
    ! SHP501 The size of tensor a (4) must match the size of tensor b (5) at non-singleton dimension 0
    """

    reduction: Any

    def __init__(self, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _soft_margin(input, target, self.reduction)


@op("F.soft_margin_loss", ranks=RANKS)
def soft_margin_loss(input: Tensor, target: Tensor, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> Tensor:
    """Scores and targets of 1 or -1 -> a scalar, or the shape without reduction.

    >>> F.soft_margin_loss(T(4, 5), T(5), reduction="none")
    (4, 5)
    >>> F.soft_margin_loss(T(4), T(4, 1))
    ! SHP501 output with shape [4] doesn't match the broadcast shape [4, 4]
    """
    return _soft_margin(input, target, legacy_reduction(size_average, reduce, reduction))


def _hinge(input: Tensor, target: Tensor, kind: Any) -> Tensor:
    expect_reduction(kind)
    dtype = input.dtype if input.dtype is not None and is_float(input.dtype) else None
    return reduced_loss(kind, losses(met(target.shape, input.shape), (target, input), dtype))


@layer("nn.HingeEmbeddingLoss", ranks=RANKS)
class HingeEmbeddingLoss:
    """Distances and targets of 1 or -1 -> a scalar, or the broadcast shape without reduction.

    >>> nn.HingeEmbeddingLoss()(T(4), T(4))
    ()
    >>> nn.HingeEmbeddingLoss()(T(4), T(5))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 0
    """

    reduction: Any

    def __init__(self, margin: Any = 1.0, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _hinge(input, target, self.reduction)


@op("F.hinge_embedding_loss", ranks=RANKS)
def hinge_embedding_loss(
    input: Tensor, target: Tensor, margin: Any = 1.0, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Tensor:
    """Distances and targets of 1 or -1 -> a scalar, or the broadcast shape without reduction.

    >>> F.hinge_embedding_loss(T(4), T(4, 1), reduction="none")
    (4, 4)
    >>> F.hinge_embedding_loss(T(4), T(5))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 0
    """
    return _hinge(input, target, legacy_reduction(size_average, reduce, reduction))


def _multilabel(input: Tensor, target: Tensor, weight: Tensor | None, kind: Any) -> Tensor:
    expect(target.dtype != "bool", "SHP502", ONE_BOOL, message="targets of type bool", culprit=target)
    shape = met(target.shape, input.shape)
    if weight is not None:
        shape = met(shape, weight.shape)
    place = input.rank - 1
    if len(shape) <= place or input.rank == 0:
        text = f"Dimension specified as {place} but tensor has no dimensions"
        refuse("SHP107", text, error="IndexError")
    loss = Tensor((*shape[:place], *shape[place + 1 :]), promote((input, target)), layout=None if len(shape) > 2 else True)
    expect_reduction(kind, ("none", "mean", "sum"), "is not valid")
    return reduced_loss(kind, loss)


@layer("nn.MultiLabelSoftMarginLoss", ranks=RANKS)
class MultiLabelSoftMarginLoss:
    """Scores (N, C) and targets (N, C) of 0 and 1 -> a scalar, or (N) without reduction.

    >>> nn.MultiLabelSoftMarginLoss()(T(4, 5), T(4, 5))
    ()
    >>> nn.MultiLabelSoftMarginLoss()(T(4, 5), T(4, 6))
    ! SHP501 The size of tensor a (6) must match the size of tensor b (5) at non-singleton dimension 1
    """

    reduction: Any

    def __init__(self, weight: Any = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean") -> None:
        self.weight = buffered(weight)
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return _multilabel(input, target, layer_weight(self, "weight"), self.reduction)


@op("F.multilabel_soft_margin_loss", ranks=RANKS)
def multilabel_soft_margin_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None, reduce: Any = None, reduction: Any = "mean"
) -> Tensor:
    """Scores (N, C) and targets (N, C) of 0 and 1 -> a scalar, or (N) without reduction.

    >>> F.multilabel_soft_margin_loss(T(4, 5), T(4, 5), reduction="none")
    (4,)
    >>> F.multilabel_soft_margin_loss(T(4, 5), T(4, 5), weight=T(4))
    ! SHP501 The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 1
    """
    return _multilabel(input, target, weight, legacy_reduction(size_average, reduce, reduction))
