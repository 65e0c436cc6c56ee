"""Arithmetic with the elements of small constant vectors: programs work out their widths and depths with it."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from typing import Any

from shapecheck.book.constants import MOST_ELEMENTS
from shapecheck.book.dtypes import category
from shapecheck.values import Near, Tensor

CLOSE = 1e-5  # nearer than this to where it would be rounded another way, a number that is only nearly known is not rounded
LARGEST = 2**31


def _power(a: Any, b: Any) -> Any:
    return a**b if isinstance(a, int) and isinstance(b, int) else math.pow(a, b)


# Rounded correctly by every machine, as IEEE 754 has it: what comes out is known to the last bit.
EXACT: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "subtract": lambda a, b: a - b,
    "rsub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "multiply": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "divide": lambda a, b: a / b,
    "true_divide": lambda a, b: a / b,
    "sqrt": math.sqrt,
    "neg": lambda a: -a,
    "negative": lambda a: -a,
    "abs": abs,
    "absolute": abs,
    "square": lambda a: a * a,
}
# Not so: the last bits depend on the machine.
NEARLY: dict[str, Callable[..., Any]] = {
    "pow": _power,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "exp": math.exp,
    "exp2": lambda a: math.pow(2, a),
}
STEPS: dict[str, Callable[[Any], Any]] = {"round": round, "floor": math.floor, "ceil": math.ceil, "trunc": math.trunc, "fix": math.trunc}
OF_INTEGERS: dict[str, Callable[..., Any]] = {"floor_divide": lambda a, b: a // b, "remainder": lambda a, b: a % b}


def reckoned(name: str, result: Tensor, *operands: Any) -> tuple[Any, ...] | None:
    """The elements of `result`, which an operator makes of tensors and numbers; None where they are not known."""
    if result.rank > 1 or result.dtype not in ("float32", "float64", "int64", "int32"):
        return None
    count = result.shape[0] if result.shape else 1
    if not isinstance(count, int) or not 0 < count <= MOST_ELEMENTS:
        return None
    columns = [_column(operand, count) for operand in operands]
    if any(column is None for column in columns):
        return None
    found = [_one(name, values, result.dtype) for values in zip(*columns, strict=True)]
    return None if any(value is None for value in found) else tuple(found)


def _column(operand: Any, count: int) -> Sequence[Any] | None:
    if isinstance(operand, Tensor):
        if operand.elements is None or operand.dtype is None or category(operand.dtype) not in (1, 2):
            return None
        return operand.elements if len(operand.elements) == count else operand.elements * count if len(operand.elements) == 1 else None
    return (operand,) * count if type(operand) in (int, float) else None


def _one(name: str, values: tuple[Any, ...], dtype: str) -> Any:
    whole = category(dtype) == 1
    near = any(type(value) is Near for value in values)
    try:
        if name in STEPS:
            return values[0] if whole else _step(name, values[0])
        if whole:
            if not all(isinstance(value, int) for value in values):
                return None
            function = OF_INTEGERS.get(name) or EXACT.get(name) or (_power if name == "pow" else None)
            value = function(*values) if function is not None else None
            return value if isinstance(value, int) and abs(value) < LARGEST else None
        rounded = [value if type(value) is Near else _stored(value, dtype) for value in values]
        if name in NEARLY:
            value = NEARLY[name](*rounded)
            near = near or value != _stored(value, "float32")  # 2.25 ** 1: what a float holds is what every machine gives
        else:
            value = EXACT[name](*rounded) if name in EXACT else None
    except (ArithmeticError, ValueError):
        return None
    if value is None or not math.isfinite(value):
        return None
    return Near(value) if near else _stored(value, dtype)


def _stored(value: Any, dtype: str) -> float:
    """A number as a tensor keeps it."""
    return float(struct.unpack("f", struct.pack("f", value))[0]) if dtype == "float32" else float(value)


def _step(name: str, value: Any) -> float | None:
    """The number as a whole one; None where it is not known well enough."""
    if type(value) is Near:
        edge = value - 0.5 if name == "round" else value
        if abs(edge - round(edge)) <= CLOSE * max(1.0, abs(value)):
            return None
    return float(STEPS[name](value))


def whole(value: Any) -> int | None:
    """An element as `.int()` makes it whole; None where it is not known well enough."""
    if isinstance(value, int):
        return int(value)
    stepped = _step("trunc", value) if isinstance(value, float) and math.isfinite(value) else None
    return None if stepped is None or abs(stepped) >= LARGEST else int(stepped)
