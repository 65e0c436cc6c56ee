"""Dtypes by their short names, and how torch promotes them (torch/csrc/utils/tensor_dtypes, c10/core/ScalarType.h)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapecheck.sizes import Poly
from shapecheck.values import SymFloat, Tensor

BOOL = "bool"
INTS = ("uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64")
FLOATS = ("float16", "bfloat16", "float32", "float64", "float8_e4m3fn", "float8_e5m2")
COMPLEX = ("complex32", "complex64", "complex128")
NAMES = (BOOL, *INTS, *FLOATS, *COMPLEX)
SYNONYMS = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
}
WIDTHS = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "int16": 2,
    "int32": 4,
    "int64": 8,
    "uint16": 2,
    "uint32": 4,
    "uint64": 8,
    "float16": 2,
    "bfloat16": 2,
    "float32": 4,
    "float64": 8,
    "float8_e4m3fn": 1,
    "float8_e5m2": 1,
    "complex32": 4,
    "complex64": 8,
    "complex128": 16,
}
_ORDER = {"uint8": 0, "int8": 1, "int16": 2, "int32": 3, "int64": 4, "float16": 6, "bfloat16": 6, "float32": 7, "float64": 8}
_PART = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}
_WHOLE = {"float16": "complex32", "bfloat16": "complex64", "float32": "complex64", "float64": "complex128"}


def category(dtype: str) -> int:
    """0 bool, 1 integer, 2 floating, 3 complex."""
    return 0 if dtype == BOOL else 1 if dtype in INTS else 2 if dtype in FLOATS else 3


def is_float(dtype: str | None) -> bool | None:
    """Floating point (not complex); None when the dtype is not known."""
    return None if dtype is None else dtype in FLOATS


def promote_two(a: str, b: str) -> str | None:
    """The dtype of a result of two tensors of the same standing; None where torch refuses or it is not told here."""
    if a == b:
        return a
    high, low = (a, b) if category(a) >= category(b) else (b, a)
    if category(high) == 3:
        part = _PART[high]
        other = _PART.get(low, low)
        joined = part if category(other) < 2 else promote_two(part, other)
        return None if joined is None else _WHOLE.get(joined)
    if category(high) != category(low):
        return high
    if high not in _ORDER or low not in _ORDER:
        return None
    if {high, low} == {"float16", "bfloat16"}:
        return "float32"
    if {high, low} == {"uint8", "int8"}:
        return "int16"
    return high if _ORDER[high] >= _ORDER[low] else low


def promote(operands: Iterable[Any], default: str = "float32") -> str | None:
    """The dtype of an elementwise result of tensors and Python numbers: tensors with axes first, then 0-d tensors, then numbers."""
    ranks: list[str | None] = [None, None, None]
    for operand in operands:
        if isinstance(operand, Tensor):
            if operand.dtype is None:
                return None
            place, dtype = (0 if operand.shape else 1), operand.dtype
        elif isinstance(operand, bool):
            place, dtype = 2, BOOL
        elif isinstance(operand, (int, Poly)):
            place, dtype = 2, "int64"
        elif isinstance(operand, (float, SymFloat)):
            place, dtype = 2, default
        elif isinstance(operand, complex):
            place, dtype = 2, _WHOLE[default]
        else:
            return None
        current = ranks[place]
        joined = dtype if current is None else promote_two(current, dtype)
        if joined is None:
            return None
        ranks[place] = joined
    result: str | None = None
    for dtype_or_none in ranks:
        if dtype_or_none is None:
            continue
        if result is None:
            result = dtype_or_none
        elif category(dtype_or_none) > category(result):
            if category(dtype_or_none) == 3 and category(result) == 2:
                result = _WHOLE.get(result)
                if result is None:
                    return None
            else:
                result = dtype_or_none
    return result


def floating(dtype: str | None, default: str = "float32") -> str | None:
    """The dtype of an op that turns integers into floats (`sqrt`, `mean` of ints is refused elsewhere)."""
    if dtype is None:
        return None
    return dtype if category(dtype) >= 2 else default
