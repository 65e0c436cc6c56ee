"""Sharper bounds: what interval arithmetic loses because it looks at each atom by itself.

x - 2*(x//2) lies in [0, 1] although x has no bound: the quotient is (x - r)/2 with r in [0, 1]. And H*W - H is never negative
for sizes of 1 and more: with H = 1 + h and W = 1 + w it is w + h*w.
"""

from __future__ import annotations

from math import lcm

from shapecheck.sizes.atoms import FloorDiv, Interval, Monomial, Symbol
from shapecheck.sizes.interval import Ranges, atom_range, meet, poly_range
from shapecheck.sizes.poly import Poly, Size, of_atom

_ROUNDS = 3
_GROWTH = 96


def relaxed(poly: Poly, ranges: Ranges | None = None) -> Interval:
    """Bounds of the polynomial; never wider than interval arithmetic gives."""
    plain = poly_range(poly, ranges)
    if len(poly.terms) < 2:
        return plain
    scale = 1
    smooth: Size = poly
    for _ in range(_ROUNDS):
        if isinstance(smooth, int):
            break
        floors = _entangled(smooth)
        if not floors:
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
    return meet(plain, (None if low is None else -(-low // scale), None if high is None else high // scale))


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
