"""CTCLoss, and AdaptiveLogSoftmaxWithLoss."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Float,
    ListValue,
    NamedResult,
    Poly,
    Size,
    Tensor,
    Unsure,
    brackets,
    build,
    current,
    expect,
    expect_eq,
    expect_reduction,
    facts,
    layer,
    new,
    op,
    reduced_loss,
    refuse,
    times,
    to_sequence,
    torch_size,
    true_product,
    word,
)

WHERE = "(while checking arguments for ctc_loss_allocate_outputs)"
RANKS = {"log_probs": (3, 2), "targets": (2, 1)}


def _lengths(value: Any) -> tuple[Size | None, tuple[Any, ...]]:
    """How many lengths there are, and the lengths where they are known."""
    value = current().pinned(value)
    if isinstance(value, Tensor):
        return (value.shape[0] if value.rank == 1 else 1 if value.rank == 0 else None), value.elements or ()
    items = to_sequence(value)
    return (None, ()) if items is None else (len(items), items)


def _ctc(log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: Any, kind: Any) -> Tensor:
    """(T, N, C) or (T, C), targets (N, S) or (all of them) -> (N); aten/src/ATen/native/LossCTC.cpp."""
    expect_reduction(kind)
    batched = log_probs.rank == 3
    rank = log_probs.rank if batched else log_probs.rank + 1
    text = f"Expected 3-dimensional tensor, but got {rank}-dimensional tensor for argument #1 'log_probs' {WHERE}"
    expect(rank == 3, "SHP501", text, message=f"log-probabilities of 3 or 2 axes are wanted, not {log_probs.rank}")
    steps, classes = log_probs.shape[0], log_probs.shape[-1]
    batch: Size = log_probs.shape[1] if batched else 1
    if isinstance(blank, int):
        outside = blank < 0 or facts().ge(blank, classes).yes
        expect(not outside, "SHP118", "blank must be in label range", blame="blank", expected=classes, actual=blank)
    counted = [("input_lengths", _lengths(input_lengths)), ("target_lengths", _lengths(target_lengths))]
    for name, (count, _) in counted:
        if count is not None:
            message = f"{word(count)} {name} for a batch of {word(batch)}"
            expect_eq(count, batch, "SHP501", f"{name} must be of size batch_size", message=message, expected=batch, actual=count)
    if batched or targets.rank > 2:
        text = f"Expected 1 to 2 dimensions, but got {targets.rank}-dimensional tensor for argument #2 'targets' {WHERE}"
        expect(targets.rank in (1, 2), "SHP501", text, culprit=targets)
    if batched and targets.rank == 2:
        text = f"Expected tensor to have size {word(batch)} at dimension 0, but got size {word(targets.shape[0])} for argument #2 'targets'"
        details = {"expected": batch, "actual": targets.shape[0], "axis": 0, "culprit": targets}
        expect_eq(targets.shape[0], batch, "SHP501", f"{text} {WHERE}", **details)
    for length in counted[0][1][1]:
        if isinstance(length, int) and facts().gt(length, steps).yes:
            text = f"Expected input_lengths to have value at most {word(steps)}, but got value {length} {WHERE}"
            refuse("SHP501", text, expected=steps, actual=length)
    return reduced_loss(kind, new((batch,) if batched else (), like=log_probs))


@layer("nn.CTCLoss", ranks=RANKS)
class CTCLoss:
    """Log-probabilities (T, N, C), targets (N, S), N lengths of each -> a scalar, or (N) without reduction.

    >>> nn.CTCLoss(reduction="none")(T(50, 2, 20), I(2, 30), (50, 50), (20, 20))
    (2,)
    >>> nn.CTCLoss(blank=20)(T(50, 2, 20), I(2, 30), (50, 50), (20, 20))
    ! SHP118 blank must be in label range
    >>> nn.CTCLoss()(T(50, 2, 20), I(3, 30), (50, 50), (20, 20))
    ! SHP501 Expected tensor to have size 2 at dimension 0, but got size 3 for argument #2 'targets' (while checking arguments for ctc_loss_allocate_outputs)
    """  # noqa: E501

    def __init__(self, blank: Any = 0, reduction: Any = "mean", zero_infinity: Any = False) -> None:
        pass

    def forward(self, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any) -> Tensor:
        layer: Any = self
        return _ctc(log_probs, targets, input_lengths, target_lengths, layer.blank, layer.reduction)


@op("F.ctc_loss", ranks=RANKS)
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: Any = 0,
    reduction: Any = "mean",
    zero_infinity: Any = False,
) -> Tensor:
    """Log-probabilities (T, N, C), targets (N, S), N lengths of each -> a scalar, or (N) without reduction.

    >>> F.ctc_loss(T(50, 2, 20), I(2, 30), (50, 50), (20, 20))
    ()
    >>> F.ctc_loss(T(50, 2, 20), I(2, 30), (50, 50, 50), (20, 20))
    ! SHP501 input_lengths must be of size batch_size
    """
    return _ctc(log_probs, targets, input_lengths, target_lengths, blank, current().pinned(reduction))


UNSORTED = (
    "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and n_classes-1"
)


@layer("nn.AdaptiveLogSoftmaxWithLoss", ranks={"input_": (2, 1), "target_": (1, 0)})
class AdaptiveLogSoftmaxWithLoss:
    """Inputs (N, in_features) and class numbers (N) -> log-probabilities (N) and the mean loss.

    >>> nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10])(T(4, 16), I(4))
    [(4,), ()]
    >>> nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10])(T(4, 15), I(4))
    ! SHP101 mat1 and mat2 shapes cannot be multiplied (4x15 and 16x7)
    >>> nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 20])
    ! SHP202 cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and n_classes-1
    """  # noqa: E501

    def __init__(
        self,
        in_features: Size,
        n_classes: Size,
        cutoffs: Any,
        div_value: Float = 4.0,
        head_bias: Any = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        layer: Any = self
        layer.head_size = None
        items = to_sequence(cutoffs)
        if items is None or not all(isinstance(item, int) for item in items) or not isinstance(n_classes, (int, Poly)):
            raise Unsure("the cutoffs are not known")
        given = [current().pinned(item) for item in items]
        text = "cutoffs should be a sequence of length larger than 0"
        expect(len(given) > 0, "SHP202", text, error="ValueError", blame="cutoffs")
        fine = given == sorted(set(given)) and given[0] > 0 and not facts().gt(given[-1] + 1, n_classes).yes
        expect(fine, "SHP202", UNSORTED, error="ValueError", blame="cutoffs")
        layer.cutoffs = ListValue((*given, n_classes))
        layer.shortlist_size = given[0]
        layer.n_clusters = len(given)
        layer.head_size = given[0] + len(given)
        layer.head = build("torch.nn.Linear", in_features, layer.head_size, bias=head_bias, device=device, dtype=dtype)
        ends = (*given, n_classes)
        parts = []
        for place in range(len(given)):
            hidden = _narrowed(in_features, div_value, place + 1)
            down = build("torch.nn.Linear", in_features, hidden, bias=False, device=device, dtype=dtype)
            out = build("torch.nn.Linear", hidden, ends[place + 1] - ends[place], bias=False, device=device, dtype=dtype)
            parts.append(build("torch.nn.Sequential", down, out))
        layer.tail = build("torch.nn.ModuleList", ListValue(tuple(parts)))

    def forward(self, input_: Tensor, target_: Tensor) -> Any:
        if target_.rank == 1:
            if input_.rank == 0:
                raise Unsure("an input without axes")
            text = "Input and target should have the same size in the batch dimension."
            details = {"expected": input_.shape[0], "actual": target_.shape[0], "axis": 0, "culprit": target_}
            expect_eq(input_.shape[0], target_.shape[0], "SHP501", text, **details)
        expect(target_.rank <= 1, "SHP501", "0D or 1D target tensor expected, multi-target not supported", culprit=target_)
        wanted = target_.rank + 1
        text = f"{target_.rank}D target tensor expects {wanted}D input tensors, but found inputs with size {torch_size(input_.shape)}"
        expect(input_.rank == wanted, "SHP501", text, expected=wanted, actual=input_.rank)
        self._head(input_ if target_.rank else new((1, *input_.shape), like=input_))
        return NamedResult(("output", "loss"), (new(target_.shape, like=input_), new((), like=input_)))

    def _head(self, input: Tensor) -> Any:
        layer: Any = self
        columns = layer.in_features
        size = input.shape[-1]
        expect_eq(
            size,
            columns,
            "SHP101",
            lambda: (
                f"mat1 and mat2 shapes cannot be multiplied ({times((true_product(input.shape[:-1]), size))} "
                f"and {times((columns, layer.head_size))})"
            ),
            message=lambda: f"AdaptiveLogSoftmaxWithLoss wants {word(columns)} features, gets {word(size)}",
            expected=columns,
            actual=size,
            axis=input.rank - 1,
            blame="in_features",
        )

    def log_prob(self, input: Tensor) -> Tensor:
        layer: Any = self
        if input.rank != 2:
            raise Unsure(f"log_prob of {brackets(input.shape)}")
        layer._head(input)
        return new((input.shape[0], layer.n_classes), like=input)

    def predict(self, input: Tensor) -> Tensor:
        layer: Any = self
        if input.rank != 2:
            raise Unsure(f"predict of {brackets(input.shape)}")
        layer._head(input)
        return Tensor((input.shape[0],), "int64")


def _narrowed(in_features: Any, div_value: Any, power: int) -> Size:
    """int(in_features // div_value**power)"""
    if isinstance(in_features, int) and isinstance(div_value, (int, float)):
        return int(in_features // div_value**power)
    if isinstance(div_value, (int, float)) and div_value == int(div_value):
        narrowed: Size = in_features // int(div_value) ** power
        return narrowed
    return current().fresh("hidden", low=0)
