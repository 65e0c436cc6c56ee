"""Integers with names: the algebra of sizes. See `Facts` for what can be asked and `parse` for how sizes read."""

from shapecheck.sizes.atoms import Atom, FloorDiv, Interval, Max, Min, Opaque, Symbol
from shapecheck.sizes.division import ceildiv, floordiv, mod
from shapecheck.sizes.exact import exact_div
from shapecheck.sizes.extremes import maximum, minimum
from shapecheck.sizes.facts import Facts
from shapecheck.sizes.parsing import parse
from shapecheck.sizes.poly import Poly, Size, of_atom, symbol, true_product
from shapecheck.sizes.replace import evaluate, substitute, symbols_of
from shapecheck.sizes.truth import Truth, truth

__all__ = [
    "Atom",
    "Facts",
    "FloorDiv",
    "Interval",
    "Max",
    "Min",
    "Opaque",
    "Poly",
    "Size",
    "Symbol",
    "Truth",
    "ceildiv",
    "evaluate",
    "exact_div",
    "floordiv",
    "maximum",
    "minimum",
    "mod",
    "of_atom",
    "parse",
    "substitute",
    "symbol",
    "symbols_of",
    "true_product",
    "truth",
]
