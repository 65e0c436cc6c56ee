"""Division without remainder: contents, common factors, long division of polynomials."""

from __future__ import annotations

from collections import Counter
from math import gcd

from shapecheck.sizes.atoms import Atom, Monomial
from shapecheck.sizes.poly import Poly, Size, from_terms, joined

_STEPS = 400


def exact_div(a: Size, b: Size) -> Size | None:
    """a / b when b divides a as polynomials, else None. H//2 is an atom like any other."""
    if isinstance(b, int):
        if b == 0:
            return None
        if isinstance(a, int):
            return None if a % b else a // b
        if a.constant % b or any(count % b for count in a.terms.values()):
            return None
        return Poly({monomial: count // b for monomial, count in a.terms.items()}, a.constant // b)
    if isinstance(a, int):
        return 0 if a == 0 else None
    if a == b:
        return 1
    if b.constant == 0 and len(b.terms) == 1:
        return _by_term(a, b)
    return _long(a, b)


def content(poly: Poly) -> int:
    """The greatest common divisor of the coefficients of the non-constant terms."""
    return gcd(*poly.terms.values())


def common_atoms(poly: Poly) -> Monomial:
    """The atoms that divide every term; none when there is a constant."""
    if poly.constant:
        return ()
    monomials = list(poly.terms)
    if len(monomials) == 1:
        return monomials[0]
    shared = Counter(monomials[0])
    for monomial in monomials[1:]:
        shared &= Counter(monomial)
        if not shared:
            return ()
    return tuple(sorted(shared.elements(), key=lambda atom: atom.serial))


def common_factor(a: Size, b: Size) -> Size:
    """The largest integer times atoms that divides both a and b."""
    number = gcd(*(gcd(size.constant, content(size)) if isinstance(size, Poly) else size for size in (a, b)))
    if isinstance(a, int) or isinstance(b, int):
        return number
    shared: Monomial = tuple((Counter(common_atoms(a)) & Counter(common_atoms(b))).elements())
    return from_terms({tuple(sorted(shared, key=lambda atom: atom.serial)): number}, 0) if shared else number


def without(monomial: Monomial, factor: Monomial) -> Monomial | None:
    """monomial / factor, or None when some atom of factor is missing."""
    rest: list[Atom] = list(monomial)
    for atom in factor:
        try:
            rest.remove(atom)
        except ValueError:
            return None
    return tuple(rest)


def _by_term(a: Poly, b: Poly) -> Size | None:
    if a.constant:
        return None
    [(factor, divisor)] = b.terms.items()
    terms: dict[Monomial, int] = {}
    constant = 0
    for monomial, count in a.terms.items():
        rest = without(monomial, factor)
        if rest is None or count % divisor:
            return None
        if rest:
            terms[rest] = count // divisor
        else:
            constant = count // divisor
    return from_terms(terms, constant)


def _rank(monomial: Monomial) -> tuple[int, list[int]]:
    # Degree, then serials: an order that multiplication keeps, as long division needs.
    return len(monomial), [atom.serial for atom in monomial]


def _long(a: Poly, b: Poly) -> Size | None:
    if not _frame(b) <= _frame(a):
        return None
    lead = max(b.terms, key=_rank)
    divisor = b.terms[lead]
    rest: Size = a
    result: Size = 0
    for _ in range(_STEPS):
        if isinstance(rest, int):
            return result if rest == 0 else None
        top = max(rest.terms, key=_rank)
        monomial = without(top, lead)
        if monomial is None or rest.terms[top] % divisor:
            return None
        step = from_terms({joined(monomial, ()): rest.terms[top] // divisor}, 0) if monomial else rest.terms[top] // divisor
        result = result + step
        rest = rest - step * b
    return None


def _frame(poly: Poly) -> frozenset[Atom]:
    return frozenset(atom for monomial in poly.terms for atom in monomial)
