"""Exact answers for few symbols, residue by residue.

Where every denominator is a constant, a size is a polynomial in t for each residue r of a symbol H = L*t + r, with L the
product of the denominators over it: (H + 1)//2 is t + r for H = 2*t + r. So finitely many values decide it everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import isqrt, lcm
from operator import add, mul

from shapecheck.sizes.atoms import Atom, FloorDiv, Interval, Symbol
from shapecheck.sizes.interval import Ranges, atom_range
from shapecheck.sizes.poly import Poly, Size, of_atom
from shapecheck.sizes.replace import evaluate, mapped, rebuilt

_PERIOD = 128
_POINTS = 1500


@dataclass(frozen=True)
class Course:
    """How a size of one symbol runs: whether it always is zero, its exact bounds, and an interval of the symbol around its zeros."""

    constant_zero: bool
    range: Interval
    zeros: Interval | None  # None: it is never zero

    @property
    def vanishes(self) -> bool:
        return self.zeros is not None


def abstracted(poly: Poly, ranges: Ranges | None = None) -> Size:
    """The polynomial with a free symbol for each atom that is no quotient by a constant: it takes all the values, and maybe more."""

    def place(atom: Atom) -> Size:
        if isinstance(atom, Symbol):
            return of_atom(atom)
        if isinstance(atom, FloorDiv) and isinstance(atom.den, int):
            return rebuilt(atom, lambda part: part if isinstance(part, int) else mapped(part, place))
        return of_atom(Symbol(f"!{atom.serial}", *atom_range(atom, ranges)))

    return mapped(poly, place)


def course(poly: Poly, ranges: Ranges | None = None, zeros_only: bool = False) -> Course | None:
    """What the values of a size of exactly one symbol are; None where that would take too long. See `abstracted` for its atoms.

    With `zeros_only` it ends, without exact intervals, as soon as the size is seen to be zero here and not zero there.
    """
    [symbol] = poly.symbols
    return _course(poly, symbol, *atom_range(symbol, ranges), zeros_only)


@lru_cache(maxsize=8192)  # the paths of a program ask the same again and again
def _course(poly: Poly, symbol: Symbol, low: int | None, high: int | None, zeros_only: bool) -> Course | None:
    if low is not None and high is not None and high - low < _PERIOD:
        values = _values(poly, range(low, high + 1))
        places = [low + place for place, value in enumerate(values) if value == 0]
        return Course(len(places) == len(values), (min(values), max(values)), (places[0], places[-1]) if places else None)
    period, degree = _period(poly, symbol), _degree(poly, symbol)
    if period > _PERIOD or degree > 2:
        return None
    stretches = []
    for residue in range(period):
        first = None if low is None else -((residue - low) // period)
        last = None if high is None else (high - residue) // period
        if first is None or last is None or first <= last:
            stretches.append((residue, first, last, first if first is not None else last if last is not None else 0))
    values = _values(poly, [period * (start + u) + residue for residue, _, _, start in stretches for u in (0, 1, 2)])
    pieces: list[Course] = []
    for place, (residue, first, last, start) in enumerate(stretches):
        pieces.append(_piece(values[3 * place : 3 * place + 3], period, residue, first, last, start))
        if zeros_only and any(piece.vanishes for piece in pieces) and not all(piece.constant_zero for piece in pieces):
            return Course(False, (None, None), (low, high))
    zeros = [piece.zeros for piece in pieces if piece.zeros is not None]
    return Course(all(piece.constant_zero for piece in pieces), _hull([piece.range for piece in pieces]), _hull(zeros) if zeros else None)


def _values(poly: Size, points: Sequence[int]) -> list[int]:
    """The size at many values of its one symbol: each operation once for all of them."""
    if isinstance(poly, int):
        return [poly] * len(points)
    total = [poly.constant] * len(points)
    for monomial, count in poly.terms.items():
        product_of = [count] * len(points)
        for atom in monomial:
            factors = points if isinstance(atom, Symbol) else _quotients(atom, points)
            product_of = list(map(mul, product_of, factors))
        total = list(map(add, total, product_of))
    return total


def _quotients(atom: Atom, points: Sequence[int]) -> list[int]:
    assert isinstance(atom, FloorDiv) and isinstance(atom.den, int)
    den = atom.den
    return [value // den for value in _values(atom.num, points)]


def _hull(intervals: list[Interval]) -> Interval:
    lows = [low for low, _ in intervals if low is not None]
    highs = [high for _, high in intervals if high is not None]
    return (min(lows) if len(lows) == len(intervals) else None), (max(highs) if len(highs) == len(intervals) else None)


def always_zero(poly: Poly) -> bool:
    """Whether the size is zero for all integers; False also where proving it would take too long."""
    if not any(isinstance(atom, FloorDiv) for monomial in poly.terms for atom in monomial):
        return False
    symbols = sorted(poly.symbols, key=lambda symbol: symbol.order)
    if len({symbol.name for symbol in symbols}) < len(symbols):
        return False
    for start in (5, 8):
        if evaluate(poly, {symbol.name: start + 7 * place for place, symbol in enumerate(symbols)}):
            return False
    spans = [_period(poly, symbol) * (_degree(poly, symbol) + 1) for symbol in symbols]
    points = 1
    for span in spans:
        points *= span
    if points > _POINTS:
        return False
    names = [symbol.name for symbol in symbols]
    return not any(evaluate(poly, dict(zip(names, point, strict=True))) for point in product(*map(range, spans)))


def _piece(values: list[int], period: int, residue: int, first: int | None, last: int | None, start: int) -> Course:
    """The course over H = period*t + residue with t from first to last: a polynomial a*u*(u - 1)/2 + b*u + c with t = start + u.

    values  those at u = 0, 1 and 2, which say what it is.
    """
    c = values[0]
    b = values[1] - c
    a = values[2] - 2 * b - c
    smallest = None if first is None else first - start
    largest = None if last is None else last - start

    def inside(u: int) -> bool:
        return (smallest is None or u >= smallest) and (largest is None or u <= largest)

    def at(u: int) -> int:
        return a * (u * (u - 1) // 2) + b * u + c

    turns = [u for u in (_turn(a, b), _turn(a, b) + 1) if inside(u)] if a else []
    ends = [at(u) for u in (smallest, largest, *turns) if u is not None]
    slope_right, slope_left = (a or b), (a or -b)
    low = None if (largest is None and slope_right < 0) or (smallest is None and slope_left < 0) else min(ends, default=c)
    high = None if (largest is None and slope_right > 0) or (smallest is None and slope_left > 0) else max(ends, default=c)
    if a == b == c == 0:
        ends_at = [None if end is None else period * end + residue for end in (first, last)]
        return Course(True, (0, 0), (ends_at[0], ends_at[1]))
    places = [period * (start + u) + residue for u in _roots(a, b, c) if inside(u)]
    return Course(False, (low, high), (min(places), max(places)) if places else None)


def _turn(a: int, b: int) -> int:
    """The integer at or below the vertex of a*u*(u - 1)/2 + b*u."""
    return (a - 2 * b) // (2 * a)


def _roots(a: int, b: int, c: int) -> list[int]:
    if a == 0:
        return [] if b == 0 or c % b else [-c // b]
    # a*u**2 + (2*b - a)*u + 2*c == 0
    middle, end = 2 * b - a, 2 * c
    square = middle * middle - 4 * a * end
    if square < 0 or isqrt(square) ** 2 != square:
        return []
    tops = (-middle + isqrt(square), -middle - isqrt(square))
    return [top // (2 * a) for top in tops if top % (2 * a) == 0]


def _period(poly: Size, symbol: Symbol) -> int:
    if isinstance(poly, int) or symbol not in poly.symbols:
        return 1
    return lcm(*(_atom_period(atom, symbol) for monomial in poly.terms for atom in monomial))


def _atom_period(atom: Atom, symbol: Symbol) -> int:
    if not isinstance(atom, FloorDiv) or symbol not in atom.symbols:
        return 1
    assert isinstance(atom.den, int)
    return atom.den * _period(atom.num, symbol)


def _degree(poly: Size, symbol: Symbol) -> int:
    if isinstance(poly, int):
        return 0
    return max(sum(_atom_degree(atom, symbol) for atom in monomial) for monomial in poly.terms)


def _atom_degree(atom: Atom, symbol: Symbol) -> int:
    if isinstance(atom, FloorDiv):
        return _degree(atom.num, symbol)
    return int(atom is symbol)
