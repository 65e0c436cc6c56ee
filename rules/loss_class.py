"""Losses over classes: CrossEntropyLoss, NLLLoss, LinearCrossEntropyLoss and their functions."""

from __future__ import annotations

from shapecheck.book import (
    INTS,
    Any,
    Poly,
    Refused,
    Size,
    Sizes,
    Tensor,
    Truth,
    Unsure,
    brackets,
    buffered,
    build,
    current,
    expect,
    expect_eq,
    expect_reduction,
    facts,
    floating,
    is_float,
    layer,
    layer_weight,
    legacy_reduction,
    multiplied,
    new,
    op,
    parens,
    promote,
    reduced_loss,
    refuse,
    to_tensor,
    true_product,
    type_name,
    word,
)

RANKS = {"input": (2, 4, 3)}


def _classes(input: Tensor) -> Size:
    return input.shape[0] if input.rank == 1 else input.shape[1]


def _target(value: Any, input: Tensor) -> Tensor:
    """The target; of a free one the rank is told by the input."""
    return to_tensor(current().pinned(value), (input.rank - 1, input.rank) if input.rank > 1 else (0, 1))


def _same_shape(input: Tensor, target: Tensor) -> Truth:
    if input.rank != target.rank:
        return Truth.NO
    answer = Truth.YES
    for a, b in zip(input.shape, target.shape, strict=True):
        answer = answer & facts().eq(a, b)
    return answer


def _refuse_ranks(input: Tensor, target: Tensor) -> None:
    """What no target of this rank can mend."""
    details = {"expected": [input.shape[0], *input.shape[2:]], "actual": list(target.shape), "culprit": target}
    if input.rank <= 2:
        text = "0D or 1D target tensor expected, multi-target not supported"
        message = f"{input.rank}-D scores want a {max(input.rank - 1, 0)}-D target, get {brackets(target.shape)}"
        expect(target.rank <= 1, "SHP501", text, message=message, **details)
    elif input.rank == 4:
        text = f"only batches of spatial targets supported (3D tensors) but got targets of dimension: {target.rank}"
        message = f"4-D scores want a 3-D target of classes, get {brackets(target.shape)}"
        expect(target.rank == 3, "SHP501", text, message=message, **details)


def _expect_classes(target: Tensor) -> None:
    """Targets are class numbers."""
    if target.dtype is not None:
        expect(
            target.dtype in ("int64", "uint8"),
            "SHP502",
            f"expected target dtype to be Long or Byte, but got {type_name(target.dtype)}",
            message=f"class numbers of type int64 are wanted, {target.dtype} is given",
            expected="int64",
            actual=target.dtype,
            culprit=target,
        )


def _expect_class_weight(weight: Tensor | None, classes: Size, rank: int, before: str = "") -> None:
    """One weight a class."""
    if weight is None:
        return
    details = {"expected": classes, "actual": list(weight.shape), "culprit": weight, "blame": "weight"}
    details["message"] = f"{word(weight.numel())} class weights for {word(classes)} classes"
    if rank > 2:
        expect_eq(weight.numel(), classes, "SHP503", "weight tensor should be defined either for all or no classes", **details)
        return
    text = (
        f"{before}weight tensor should be defined either for all {word(classes)} classes or no classes "
        f"but got weight tensor of shape: {brackets(weight.shape)}"
    )
    expect(weight.rank == 1, "SHP503", text, **details)
    expect_eq(weight.shape[0], classes, "SHP503", text, **details)


def _expect_bounds(target: Tensor, classes: Size, ignore_index: Any) -> None:
    """Class numbers that are known lie in [0, classes)."""
    if not isinstance(ignore_index, int):
        return
    for number in target.elements or ():
        if isinstance(number, int) and number != ignore_index and (number < 0 or facts().ge(number, classes).yes):
            message = f"class {number} of {word(classes)}"
            refuse("SHP501", f"Target {number} is out of bounds.", error="IndexError", message=message, expected=classes, actual=number)


def _nll(input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: Any) -> Tensor:
    """Scores (N, C, *) and class numbers (N, *) -> (N, *); aten/src/ATen/native/LossNLL.cpp, nll_loss_nd."""
    text = f"Expected 1 or more dimensions (got {input.rank})"
    expect(input.rank >= 1, "SHP501", text, error="ValueError")
    details = {"expected": [input.shape[0], *input.shape[2:]], "actual": list(target.shape), "culprit": target}
    if input.rank > 1:
        batch = target.shape[0] if target.rank else 0
        expect_eq(
            input.shape[0],
            batch,
            "SHP501",
            f"Expected input batch_size ({word(input.shape[0])}) to match target batch_size ({word(batch)}).",
            error="ValueError",
            message=f"scores for {word(input.shape[0])} samples, targets for {word(batch)}",
            axis=0,
            **details,
        )
    classes = _classes(input)
    if input.rank == 3 or input.rank > 4:
        wanted = (input.shape[0], *input.shape[2:])
        text = f"Expected target size {brackets(wanted)}, got {brackets(target.shape)}"
        expect(target.rank == len(wanted), "SHP501", text, **details)
        for axis, (size, want) in enumerate(zip(target.shape, wanted, strict=True)):
            expect_eq(size, want, "SHP501", text, axis=axis, **details)
    else:
        _refuse_ranks(input, target)
    _expect_classes(target)
    if input.rank == 1 and target.rank == 1:
        text = f"For 1D input, 1D target must have size 1, but got target size: {word(target.shape[0])}"
        expect_eq(target.shape[0], 1, "SHP501", text, error="ValueError", **details)
    _expect_class_weight(weight, classes, input.rank)
    if input.rank == 4:
        text = f"size mismatch (got input: {brackets(input.shape)} , target: {brackets(target.shape)}"
        for axis in (1, 2):
            expect_eq(input.shape[axis + 1], target.shape[axis], "SHP501", text, axis=axis, **details)
    _expect_bounds(target, classes, ignore_index)
    return new(target.shape if input.rank > 1 else (), like=input)


def _cross_entropy(input: Tensor, given: Any, weight: Tensor | None, ignore_index: Any, kind: Any, label_smoothing: Any) -> Tensor:
    """Class numbers (N, *), or probabilities of the shape of the scores (N, C, *) -> (N, *), reduced."""
    expect_reduction(kind)
    target = _target(given, input)
    alike = _same_shape(input, target)
    whole = target.dtype == "bool" or target.dtype in INTS
    if alike.maybe and not whole:
        text = "0D or 1D target tensor expected, multi-target not supported"
        for axis, (a, b) in enumerate(zip(input.shape, target.shape, strict=True)):
            expect_eq(b, a, "SHP501", text, expected=list(input.shape), actual=list(target.shape), axis=axis, culprit=target)
        alike = Truth.YES
    if alike.yes:
        return reduced_loss(kind, _probabilities(input, target, weight, ignore_index))
    if isinstance(label_smoothing, (int, float)):
        text = f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}"
        expect(label_smoothing <= 1, "SHP118", text, blame="label_smoothing")
    _expect_scores(input)
    return reduced_loss(kind, _nll(input, target, weight, ignore_index))


def _expect_scores(input: Tensor) -> None:
    """log_softmax of the scores."""
    if input.dtype is not None and is_float(input.dtype) is False and not input.dtype.startswith("complex"):
        kernel = "log_softmax_lastdim_kernel_impl" if input.rank <= 2 else "log_softmax_kernel_impl"
        text = f"\"{kernel}\" not implemented for '{type_name(input.dtype)}'"
        refuse("SHP502", text, error="NotImplementedError", message=f"scores of type {input.dtype}", actual=input.dtype)


def _probabilities(input: Tensor, target: Tensor, weight: Tensor | None, ignore_index: Any) -> Tensor:
    if target.dtype is not None:
        text = f"Expected floating point type for target with class probabilities, got {type_name(target.dtype)}"
        message = "a target of the shape of the scores means probabilities, which are floats"
        expect(is_float(target.dtype) is True, "SHP502", text, message=message, expected="float32", actual=target.dtype, culprit=target)
    if isinstance(ignore_index, int):
        expect(ignore_index < 0, "SHP118", "ignore_index is not supported for floating point target", blame="ignore_index")
    _expect_scores(input)
    _expect_class_weight(weight, _classes(input) if input.rank else 1, 1, "cross_entropy: ")
    shape = input.shape[1:] if input.rank <= 1 else (input.shape[0], *input.shape[2:])
    return Tensor(shape, promote((input, target)), layout=None if len(shape) > 1 else True, device=input.device)


@layer("nn.CrossEntropyLoss", ranks=RANKS)
class CrossEntropyLoss:
    """Scores (N, C, *) and class numbers (N, *), or class probabilities (N, C, *) -> a scalar, or (N, *) without reduction.

    >>> nn.CrossEntropyLoss()(T(4, 5), I(4))
    ()
    >>> nn.CrossEntropyLoss(reduction="none")(T(4, 5, 6, 7), I(4, 6, 7))
    (4, 6, 7)
    >>> nn.CrossEntropyLoss()(T(4, 5), I(3))
    ! SHP501 Expected input batch_size (4) to match target batch_size (3).
    >>> nn.CrossEntropyLoss()(T(4, 10, 5), I(4, 10))
    ! SHP501 Expected target size [4, 5], got [4, 10]
    >>> nn.CrossEntropyLoss()(T(4, 5), I(4, 5))
    ! SHP502 Expected floating point type for target with class probabilities, got Long
    >>> nn.CrossEntropyLoss(weight=T(4))(T(3, 5), I(3))
    ! SHP503 weight tensor should be defined either for all 5 classes or no classes but got weight tensor of shape: [4]
    """

    def __init__(
        self,
        weight: Any = None,
        size_average: Any = None,
        ignore_index: Any = -100,
        reduce: Any = None,
        reduction: Any = "mean",
        label_smoothing: Any = 0.0,
    ) -> None:
        self.weight = buffered(weight)
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Any) -> Tensor:
        layer: Any = self
        attrs = layer.instance.attrs
        kind, ignore_index, smoothing = attrs.get("reduction"), attrs.get("ignore_index"), attrs.get("label_smoothing")
        return _cross_entropy(input, target, layer_weight(layer, "weight"), ignore_index, kind, smoothing)


@op("F.cross_entropy", ranks=RANKS)
def cross_entropy(
    input: Tensor,
    target: Any,
    weight: Tensor | None = None,
    size_average: Any = None,
    ignore_index: Any = -100,
    reduce: Any = None,
    reduction: Any = "mean",
    label_smoothing: Any = 0.0,
) -> Tensor:
    """Scores (N, C, *) and class numbers (N, *), or class probabilities (N, C, *) -> a scalar, or (N, *) without reduction.

    >>> F.cross_entropy(T(4, 5), I(4))
    ()
    >>> F.cross_entropy(T(4, 5), I(4, 1))
    ! SHP501 0D or 1D target tensor expected, multi-target not supported
    >>> F.cross_entropy(T(4, 5), T(4))
    ! SHP502 expected target dtype to be Long or Byte, but got Float
    >>> F.cross_entropy(T(4, 5), torch.tensor([0, 1, 2, 5]))
    ! SHP501 Target 5 is out of bounds.
    """
    kind = legacy_reduction(size_average, reduce, reduction)
    return _cross_entropy(input, target, weight, ignore_index, kind, label_smoothing)


@layer("nn.NLLLoss", "nn.NLLLoss2d", ranks=RANKS)
class NLLLoss:
    """Log-probabilities (N, C, *) and class numbers (N, *) -> a scalar, or (N, *) without reduction.

    >>> nn.NLLLoss()(T(4, 5), I(4))
    ()
    >>> nn.NLLLoss()(T(4, 5, 6, 7), I(4, 1, 6, 7))
    ! SHP501 only batches of spatial targets supported (3D tensors) but got targets of dimension: 4
    """

    def __init__(
        self, weight: Any = None, size_average: Any = None, ignore_index: Any = -100, reduce: Any = None, reduction: Any = "mean"
    ) -> None:
        self.weight = buffered(weight)
        self.reduction = legacy_reduction(size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Any) -> Tensor:
        layer: Any = self
        kind = layer.instance.attrs.get("reduction")
        expect_reduction(kind)
        result = _nll(input, _target(target, input), layer_weight(layer, "weight"), layer.instance.attrs.get("ignore_index"))
        return reduced_loss(kind, result)


@op("F.nll_loss", ranks=RANKS)
def nll_loss(
    input: Tensor,
    target: Any,
    weight: Tensor | None = None,
    size_average: Any = None,
    ignore_index: Any = -100,
    reduce: Any = None,
    reduction: Any = "mean",
) -> Tensor:
    """Log-probabilities (N, C, *) and class numbers (N, *) -> a scalar, or (N, *) without reduction.

    >>> F.nll_loss(T(4, 5, 6), I(4, 6), reduction="none")
    (4, 6)
    >>> F.nll_loss(T(4, 5), I(3))
    ! SHP501 Expected input batch_size (4) to match target batch_size (3).
    """
    kind = legacy_reduction(size_average, reduce, reduction)
    expect_reduction(kind)
    return reduced_loss(kind, _nll(input, _target(target, input), weight, ignore_index))


def _expect_smoothing(label_smoothing: Any) -> None:
    if isinstance(label_smoothing, (int, float)):
        text = f"expected label_smoothing to be in range [0, 1], got {label_smoothing}"
        expect(0 <= label_smoothing <= 1, "SHP202", text, blame="label_smoothing")


def _linear(input: Tensor, weight: Tensor) -> Tensor:
    """The scores (N, C, *) of inputs (N, in) under a weight (C, *, in)."""
    text = f"expected input with dimensionality 1 or 2, got {input.rank}"
    expect(input.rank in (1, 2), "SHP501", text)
    expect(weight.rank >= 2, "SHP501", f"expected linear_weight with dimensionality at least 2, got {weight.rank}")
    expect_eq(
        input.shape[-1],
        weight.shape[-1],
        "SHP501",
        f"expected equal input and linear_weight last dimensions (in_features), got {word(input.shape[-1])} and {word(weight.shape[-1])}, "
        "respectively",
        expected=weight.shape[-1],
        actual=input.shape[-1],
        axis=input.rank - 1,
        blame="in_features",
    )
    multiplied(*input.shape[:-1], *weight.shape)
    return Tensor((*input.shape[:-1], *weight.shape[:-1]), floating(input.dtype))


@layer("nn.LinearCrossEntropyLoss", ranks={"input": (2,)})
class LinearCrossEntropyLoss:
    """A linear map to class scores and their cross entropy.

    >>> nn.LinearCrossEntropyLoss(8, 5)(T(4, 8), I(4))
    ()
    >>> nn.LinearCrossEntropyLoss(8, 5, weight=T(4))
    ! SHP503 expected weight shape to be (5,), got (4,)
    """

    num_classes: Size

    def __init__(
        self,
        in_features: Size,
        num_classes: Size,
        *,
        out_features: Sizes = (),
        bias: Any = False,
        device: Any = None,
        dtype: Any = None,
        reduction: Any = "mean",
        weight: Any = None,
        ignore_index: Any = None,
        label_smoothing: Any = 0.0,
        options: Any = None,
    ) -> None:
        if isinstance(weight, Tensor) and isinstance(num_classes, (int, Poly)):
            text = f"expected weight shape to be {parens((num_classes,))}, got {parens(weight.shape)}"
            expect(weight.rank == 1, "SHP503", text, blame="weight")
            expect_eq(weight.shape[0], num_classes, "SHP503", text, blame="weight")
        _expect_smoothing(label_smoothing)
        self.weight = buffered(weight)
        rows = true_product((num_classes, *out_features))
        self.linear = build("torch.nn.Linear", in_features, rows, bias=bias, device=device, dtype=dtype)

    def forward(self, input: Tensor, target: Any) -> Tensor:
        layer: Any = self
        weight = Tensor((layer.num_classes, *layer.out_features, layer.in_features))
        options = layer.instance.attrs.get("options")
        kind = layer.instance.attrs.get("reduction")
        smoothing, ignored = layer.instance.attrs.get("label_smoothing"), layer.ignore_index
        ignored = -100 if ignored is None else ignored
        scores = _linear(input, weight)
        return _loss(options, scores, target, layer_weight(layer, "weight"), ignored, kind, smoothing)


@op("F.linear_cross_entropy", ranks={"input": (2,)})
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Any,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: Any = "mean",
    ignore_index: Any = None,
    label_smoothing: Any = 0.0,
    options: Any = None,
) -> Tensor:
    """Inputs (N, in), weight (C, *, in), class numbers (N, *) -> a scalar, or (N, *) without reduction.

    >>> F.linear_cross_entropy(T(4, 8), T(5, 3, 8), I(4, 3), reduction="none")
    (4, 3)
    >>> F.linear_cross_entropy(T(4, 8), T(5, 7), I(4))
    ! SHP501 expected equal input and linear_weight last dimensions (in_features), got 8 and 7, respectively
    """
    scores = _linear(input, linear_weight)
    if linear_bias is not None:
        text = f"expected linear_bias shape {parens(linear_weight.shape[:-1])}, got {parens(linear_bias.shape)}"
        expect(linear_bias.rank == linear_weight.rank - 1, "SHP501", text, culprit=linear_bias)
        for got, wanted in zip(linear_bias.shape, linear_weight.shape, strict=False):
            expect_eq(got, wanted, "SHP501", text, culprit=linear_bias)
    if linear_weight.rank > 2 and input.rank == 1:
        text = (
            f"K-dimensional loss defined by linear_weight shape {parens(linear_weight.shape)} requires batched input, "
            f"(N, {word(input.shape[0])}), got unbatched input with shape {parens(input.shape)}"
        )
        refuse("SHP501", text)
    if ignore_index is not None and isinstance(target, Tensor):
        text = "ignore_index cannot be specified when target contains probabilities"
        expect(not _same_shape(scores, target).yes, "SHP118", text, blame="ignore_index")
    ignored = -100 if ignore_index is None else ignore_index
    return _loss(options, scores, target, weight, ignored, reduction, label_smoothing)


def _loss(options: Any, scores: Tensor, target: Any, weight: Tensor | None, ignored: Any, reduction: Any, smoothing: Any) -> Tensor:
    """The loss. With options torch may take the batch piece by piece, and does not look at the sizes first."""
    whole = options is None or scores.rank > 2 or smoothing != 0 or (isinstance(target, Tensor) and target.dtype not in ("int64", None))
    try:
        return _cross_entropy(scores, target, weight, ignored, reduction, smoothing)
    except Refused as refused:
        if whole:
            raise
        raise Unsure("a loss in chunks, of sizes that do not fit") from refused
