"""Which part of an equality to solve, to rewrite, or to read as a remainder."""

from __future__ import annotations

from shapecheck.sizes.atoms import FloorDiv, Monomial, Symbol
from shapecheck.sizes.exact import exact_div, without
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom


def height(monomial: Monomial) -> tuple[object, ...]:
    """What a rule rewrites goes first: deep before shallow, long before short."""
    return max(atom.depth for atom in monomial), len(monomial), sorted((atom.order for atom in monomial), reverse=True)


def as_remainder(poly: Poly) -> tuple[Size, Size] | None:
    """(k, n - r) where the polynomial is a multiple of n % k - r."""
    for monomial, count in poly.terms.items():
        for atom in monomial:
            if isinstance(atom, FloorDiv):
                others = without(monomial, (atom,))
                times = exact_div(from_terms({others: -count}, 0) if others else -count, atom.den)
                if isinstance(times, int):
                    rest = poly - times * (atom.num - atom.den * of_atom(atom))
                    left = exact_div(rest, times)
                    if isinstance(left, int):
                        return atom.den, atom.num + left
    return None


def solvable(poly: Poly) -> Symbol | None:
    """The symbol to solve for: it stands alone in one term, best with coefficient 1, and the most special name goes first."""
    found: list[Symbol] = []
    for monomial in poly.terms:
        if len(monomial) == 1 and isinstance(monomial[0], Symbol):
            symbol = monomial[0]
            if not any(symbol in atom.symbols for other in poly.terms if other != monomial for atom in other):
                found.append(symbol)
    return max(found, key=lambda symbol: (-abs(poly.terms[(symbol,)]), *_speciality(symbol)), default=None)


def _speciality(symbol: Symbol) -> tuple[object, ...]:
    name = symbol.name
    return name.count(".") + name.count("["), symbol.order


def one_residue(rest: Size, k: int) -> bool:
    if isinstance(rest, int):
        return False
    odd = [monomial for monomial, count in rest.terms.items() if count % k]
    return len(odd) == 1 and len(odd[0]) == 1 and isinstance(odd[0][0], Symbol)


def only_symbol(poly: Poly) -> Symbol | None:
    if len(poly.terms) == 1:
        [monomial] = poly.terms
        if len(monomial) == 1 and isinstance(monomial[0], Symbol):
            return monomial[0]
    return None
