"""Operands that may be tensors or numbers, and the dtype of what is made from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.bind import DEFAULT_RANKS
from shapecheck.book.context import current
from shapecheck.book.dtypes import category, promote
from shapecheck.book.outcome import Unsure
from shapecheck.sizes import Poly
from shapecheck.values import Free, SymFloat, Tensor, Unknown

NUMBERS = (int, float, complex, Poly, SymFloat)
STAND_INS: dict[str, Any] = {"int": 1, "float": 1.0, "bool": True}


class _Number:
    """A number of which nothing is known, its type included."""

    def __repr__(self) -> str:
        return "number"


NUMBER = _Number()


def operands(*values: Any) -> list[Any]:
    """The operands of an elementwise operator: tensors, and numbers as they are; free values become what they most likely are."""
    tensors = [value for value in values if type(value) is Tensor]
    return [value if type(value) is Tensor or isinstance(value, NUMBERS) else _operand(value, tensors) for value in values]


def _operand(value: Any, tensors: Sequence[Tensor]) -> Any:
    if isinstance(value, _Number):
        return value
    if not isinstance(value, Free):
        raise Unsure(value.why if isinstance(value, Unknown) else f"{type(value).__name__} where a tensor or a number is wanted")
    if value.kind in STAND_INS:
        return STAND_INS[value.kind]
    if value.kind not in ("", "tensor", "input"):
        raise Unsure(f"{value.name} where a tensor or a number is wanted")
    nearest = max((tensor.rank for tensor in tensors), default=DEFAULT_RANKS[0])
    ranks = (nearest, *(rank for rank in (*DEFAULT_RANKS, 0) if rank != nearest))
    if value.kind or not tensors:
        return current().tensor(value, ranks)
    # a scale, or a tensor that is passed in: beside a parameter it is likely the tensor that the parameter is meant for
    likely_tensor = all(tensor.role for tensor in tensors)
    if (current().choose(("number", value.name), 2) == 1) == likely_tensor:
        return NUMBER
    return current().tensor(value, ranks)


def promoted(values: Sequence[Any]) -> str | None:
    """The dtype to which tensors and numbers are promoted; None when it is not known."""
    certain = [value for value in values if value is not NUMBER]
    dtype = promote(certain)
    if dtype is not None and len(certain) < len(values) and category(dtype) < 2:
        return None
    return dtype


def number_name(value: Any) -> str:
    """`int`, as the argument parser calls the type of a number."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Poly)):
        return "int"
    return "complex" if isinstance(value, complex) else "float"


def differ_in_kind(*tensors: Tensor) -> bool:
    """Whether some are integers and others floating, or the like: what no autocast and no `.half()` on the model makes right."""
    return len({category(tensor.dtype) for tensor in tensors if tensor.dtype is not None}) > 1


def shared_dtype(*tensors: Tensor) -> str | None:
    """The dtype where all tensors have one; None else, because autocast may be what joins them."""
    names = {tensor.dtype for tensor in tensors}
    return names.pop() if len(names) == 1 else None
