"""What loss rules share: reductions, weights of layers, and shapes that meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.arithmetic import broadcast
from shapecheck.book.context import current
from shapecheck.book.elementwise import elementwise
from shapecheck.book.expect import expect
from shapecheck.book.outcome import Refused, Unsure
from shapecheck.sizes import Size
from shapecheck.values import Tensor, Unknown

KINDS = ("none", "mean", "sum", "elementwise_mean")


def legacy_reduction(size_average: Any, reduce: Any, reduction: Any) -> Any:
    """The reduction that the deprecated arguments ask for, where they are given (torch/nn/_reduction.py)."""
    if size_average is None and reduce is None:
        return current().pinned(reduction)
    wanted = [True if flag is None else current().pinned(flag) for flag in (size_average, reduce)]
    if not all(isinstance(flag, (bool, int)) for flag in wanted):
        return Unknown("the reduction is not known")
    return "none" if not wanted[1] else "mean" if wanted[0] else "sum"


def expect_reduction(kind: Any, kinds: Sequence[str] = KINDS, words: str = "is not a valid value for reduction") -> None:
    """A reduction that torch knows."""
    if isinstance(kind, str):
        expect(
            kind in kinds, "SHP118", f"{kind} {words}", error="ValueError", message=f"no reduction is called '{kind}'", blame="reduction"
        )


def reduced_loss(kind: Any, loss: Tensor) -> Tensor:
    """The loss of each sample or element, or the scalar made of them."""
    if kind == "none":
        return loss
    if isinstance(kind, str):
        return Tensor((), loss.dtype, device=loss.device)
    raise Unsure("the reduction is not known")


def losses(shape: Sequence[Size], operands: Sequence[Tensor], dtype: str | None) -> Tensor:
    """An elementwise loss before its reduction."""
    return elementwise(tuple(shape), operands, dtype)


def met(*shapes: Sequence[Size]) -> tuple[Size, ...]:
    """The broadcast shape of predictions and labels; refused as a loss whose operands do not fit."""
    try:
        return broadcast(*shapes)
    except Refused as refused:
        refused.code = "SHP501"
        raise


def layer_weight(layer: Any, name: str) -> Tensor | None:
    """A weight of a loss layer, None where there is none or it is not known."""
    value = current().pinned(layer.instance.attrs.get(name))
    return value if isinstance(value, Tensor) else None


def buffered(value: Any) -> Any:
    """A tensor as register_buffer keeps it."""
    value = current().pinned(value)
    if not isinstance(value, Tensor):
        return value
    return Tensor(value.shape, value.dtype, value.layout, value.offset, value.elements, "buffer", value.device)
