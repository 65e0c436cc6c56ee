"""Sharper bounds: what interval arithmetic loses because it looks at each atom by itself.

x - 2*(x//2) lies in [0, 1] although x has no bound: the quotient is (x - r)/2 with r in [0, 1]. And H*W - H is never negative
for sizes of 1 and more: with H = 1 + h and W = 1 + w it is w + h*w.
"""

from __future__ import annotations

from math import lcm

from shapecheck.sizes.atoms import FloorDiv, Interval, Max, Min, Monomial, Symbol
from shapecheck.sizes.interval import Ranges, atom_range, meet, poly_range
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom

_ROUNDS = 3
_GROWTH = 96
_CASES = 4
_TERMS = 24


def relaxed(poly: Poly, ranges: Ranges | None = None, splits: int = 2) -> Interval:
    """Bounds of the polynomial; never wider than interval arithmetic gives. So many mins and maxes are looked at case by case."""
    plain = poly_range(poly, ranges)
    if not 2 <= len(poly.terms) <= _TERMS:
        return plain
    if splits and poly.extreme:
        return _by_cases(poly, plain, ranges, splits - 1)
    return meet(plain, _relaxed(poly, plain, ranges))


def _by_cases(poly: Poly, plain: Interval, ranges: Ranges | None, splits: int) -> Interval:
    """A min or max is one of its arguments; as the term of a sum it is also never above, or below, any of them."""
    for monomial, count in poly.terms.items():
        atom = monomial[0]
        if len(monomial) == 1 and isinstance(atom, (Min, Max)) and len(atom.args) <= _CASES:
            rest = from_terms({other: n for other, n in poly.terms.items() if other != monomial}, poly.constant)
            cases = [size + rest for size in (count * arg for arg in atom.args)]
            found = [(case, case) if isinstance(case, int) else relaxed(case, ranges, splits) for case in cases]
            lows = [low for low, _ in found if low is not None]
            highs = [high for _, high in found if high is not None]
            if isinstance(atom, Min) == (count > 0):
                low = min(lows) if len(lows) == len(found) else None
                return meet(plain, (low, min(highs, default=None)))
            high = max(highs) if len(highs) == len(found) else None
            return meet(plain, (max(lows, default=None), high))
    return meet(plain, _relaxed(poly, plain, ranges))


def _relaxed(poly: Poly, plain: Interval, ranges: Ranges | None) -> Interval:
    scale = 1
    smooth: Size = poly
    for _ in range(_ROUNDS):
        if isinstance(smooth, int):
            break
        floors = _entangled(smooth)
        if not floors or _growth(smooth, floors) > _GROWTH:
            break
        factor, smooth = _smoothed(smooth, floors)
        scale *= factor
    if isinstance(smooth, int):
        low: int | None = smooth
        high: int | None = smooth
    else:
        low, high = poly_range(smooth, ranges) if scale > 1 else plain
        if _mixed(smooth):
            low, high = meet((low, high), _shifted(smooth, ranges))
    return (None if low is None else -(-low // scale)), (None if high is None else high // scale)


def _entangled(poly: Poly) -> set[FloorDiv]:
    """The quotients that share a symbol with another term."""
    found: set[FloorDiv] = set()
    for monomial in poly.terms:
        for atom in monomial:
            if isinstance(atom, FloorDiv) and isinstance(atom.den, int) and isinstance(atom.num, Poly):
                others = (inner for other in poly.terms if other is not monomial for inner in other)
                if any(not atom.symbols.isdisjoint(inner.symbols) for inner in others):
                    found.add(atom)
    return found


def _smoothed(poly: Poly, floors: set[FloorDiv]) -> tuple[int, Size]:
    """A factor, and factor * poly with each of these quotients n//k written as (n - r)/k, r a new symbol in [0, k - 1]."""
    factor = lcm(*(_denominator(monomial, floors) for monomial in poly.terms))
    total: Size = poly.constant * factor
    for monomial, count in poly.terms.items():
        product: Size = count * (factor // _denominator(monomial, floors))
        for atom in monomial:
            if isinstance(atom, FloorDiv) and atom in floors and isinstance(atom.den, int):
                product = product * (atom.num - of_atom(Symbol(f"?{atom.serial}", 0, atom.den - 1)))
            else:
                product = product * of_atom(atom)
        total = total + product
    return factor, total


def _denominator(monomial: Monomial, floors: set[FloorDiv]) -> int:
    product = 1
    for atom in monomial:
        if isinstance(atom, FloorDiv) and atom in floors and isinstance(atom.den, int):
            product *= atom.den
    return product


def _growth(poly: Poly, floors: set[FloorDiv]) -> int:
    """About how many terms writing out the quotients gives."""
    total = 0
    for monomial in poly.terms:
        product = 1
        for atom in monomial:
            if isinstance(atom, FloorDiv) and atom in floors and isinstance(atom.num, Poly):
                product *= len(atom.num.terms) + 2
        total += product
    return total


def _mixed(poly: Poly) -> bool:
    counts = poly.terms.values()
    if max(map(len, poly.terms)) < 2 or sum(1 << len(monomial) for monomial in poly.terms) > _GROWTH:
        return False
    return min(counts) < 0 < max(counts)


def _shifted(poly: Poly, ranges: Ranges | None) -> Interval:
    """Bounds after each symbol is written as its lowest value and something that is not negative."""
    steps: dict[Symbol, Size] = {}
    for monomial in poly.terms:
        for atom in monomial:
            if isinstance(atom, Symbol) and atom not in steps:
                low, high = atom_range(atom, ranges)
                if low:
                    steps[atom] = low + of_atom(Symbol(f"^{atom.serial}", 0, None if high is None else high - low))
    moved: Size = poly.constant
    for monomial, count in poly.terms.items():
        product: Size = count
        for atom in monomial:
            step = steps.get(atom) if isinstance(atom, Symbol) else None
            product = product * (of_atom(atom) if step is None else step)
        moved = moved + product
    return (moved, moved) if isinstance(moved, int) else poly_range(moved, ranges)
