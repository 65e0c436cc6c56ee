"""Sizes times factors that are not whole: how far an interpolation stretches an axis."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from shapecheck.book.bind import to_sequence
from shapecheck.book.context import current
from shapecheck.book.words import brackets, parens, torch_size
from shapecheck.sizes import Opaque, Poly, Size, floordiv, of_atom
from shapecheck.values import Shape, SymFloat

EXACT = 2**20  # products with fractions over powers of two up to this one are exact in floating point, for every size that fits a memory


def scaled(size: Size, factor: Any) -> Size:
    """floor(size * factor) as torch and Python compute it; a new size where the factor is not known."""
    if isinstance(factor, Poly):
        return size * factor
    if isinstance(factor, SymFloat):
        return floordiv(size * factor.size * factor.factor.numerator, factor.factor.denominator)
    if not isinstance(factor, (int, float)) or not math.isfinite(factor):
        return current().fresh("scaled", low=0)
    if isinstance(size, int):
        return math.floor(float(size) * factor)
    exact = Fraction(factor)
    if exact.denominator <= EXACT:
        return floordiv(size * exact.numerator, exact.denominator)
    return of_atom(Opaque("int", (repr(factor), size), low=0 if factor >= 0 else None))


def as_written(value: Any, sizes: tuple[Any, ...]) -> str:
    """How Python prints a sequence of sizes: as a tuple, a list or a torch.Size, after what was given."""
    if isinstance(value, Shape):
        return torch_size(sizes)
    return parens(sizes) if isinstance(value, tuple) else brackets(sizes) if to_sequence(value) is not None else str(value)
