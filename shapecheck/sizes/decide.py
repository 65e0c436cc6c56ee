"""Three-valued answers about a size: is it zero, is it 0 or more, is it a multiple. YES and NO are proofs."""

from __future__ import annotations

from math import gcd, prod

from shapecheck.sizes.atoms import Atom, Interval, Monomial, Symbol
from shapecheck.sizes.division import mod
from shapecheck.sizes.exact import common_atoms, content, exact_div
from shapecheck.sizes.interval import atom_range, meet, poly_range
from shapecheck.sizes.periodic import Course, abstracted, always_zero, course
from shapecheck.sizes.poly import Poly, Size
from shapecheck.sizes.relax import relaxed
from shapecheck.sizes.rewrite import known_multiple, normal
from shapecheck.sizes.state import State, range_of, zero_of
from shapecheck.sizes.truth import Truth, truth

_SMALL_MODULI = (2, 3, 4)
_FEW = 8  # inequalities that may be chained three deep


def is_zero(state: State, size: Size) -> Truth:
    """Whether a size in normal form is zero."""
    if isinstance(size, int):
        return truth(size == 0)
    poly = reduced(state, size)
    if isinstance(poly, int):
        return truth(poly == 0)
    low, high = poly_range(poly, state.ranges)
    if (low is not None and low > 0) or (high is not None and high < 0):
        return Truth.NO
    if state.nonzero and oriented(poly) in state.nonzero:
        return Truth.NO
    if not state.positive and all(len(monomial) == 1 and isinstance(monomial[0], Symbol) for monomial in poly.terms):
        # Coefficients without a common factor reach every integer, and the symbols are independent.
        return Truth.MAYBE
    return _closely(state, poly)


def is_positive(state: State, size: Size) -> Truth:
    """Whether a size in normal form is 0 or more."""
    if isinstance(size, int):
        return truth(size >= 0)
    answer = _sign(poly_range(size, state.ranges))
    if answer.maybe:
        answer = _sign(bounds(state, size))
    if answer.maybe and state.nonzero:
        # More than zero is 0 or more, and not zero.
        more = Poly(size.terms, size.constant + 1)
        if oriented(_primitive(more)) in state.nonzero and _sign(bounds(state, more)).yes:
            return Truth.YES
    return answer


def divides(state: State, k: Size, size: Size) -> Truth:
    """Whether k divides the size, both in normal form. The constant 0 divides nothing; a symbolic k is taken not to be zero."""
    if isinstance(k, int) and k == 0:
        return Truth.NO
    if isinstance(size, int) and isinstance(k, int):
        return truth(size % k == 0)
    if known_multiple(state, size, k):
        return Truth.YES
    if isinstance(k, int) and isinstance(size, Poly):
        quick = _by_residue(state, abs(k), size)
        if quick is not None:
            return quick
    return is_zero(state, normal(state, mod(size, k)))


def bounds(state: State, size: Size) -> Interval:
    """The best bounds at hand for a size in normal form; low > high never happens for a state that admits any value."""
    if isinstance(size, int):
        return size, size
    found = relaxed(size, state.ranges)
    if state.positive and None in found:
        found = meet(found, _by_known(state, size, 3 if len(state.positive) <= _FEW else 2))
    if len(size.symbols) == 1 and (found[0] is None or found[1] is None or found[0] != found[1]):
        exact = _course(state, size)
        if exact is not None:
            found = meet(found, exact.range)
    return found


def reduced(state: State, poly: Poly) -> Size:
    """A size that is zero exactly where the polynomial is: without its content and without factors that are never zero.

    1 where the content does not divide the constant.
    """
    if poly.constant % content(poly):
        return 1
    poly = _primitive(poly)
    if poly.constant:
        return poly
    factors = tuple(atom for atom in common_atoms(poly) if _never_zero(atom_range(atom, state.ranges)))
    if not factors:
        return poly
    rest = exact_div(poly, Poly({factors: 1}, 0))
    return poly if rest is None else rest


def _primitive(poly: Poly) -> Poly:
    """The polynomial without its content; unchanged where the content does not divide the constant."""
    common = content(poly)
    if common == 1 or poly.constant % common:
        return poly
    return Poly({monomial: count // common for monomial, count in poly.terms.items()}, poly.constant // common)


def oriented(poly: Poly) -> Poly:
    """The polynomial or its negative: one of the two, always the same."""
    lead = min(poly.terms, key=_lead)
    return poly if poly.terms[lead] > 0 else -poly


def _lead(monomial: Monomial) -> tuple[int, list[int]]:
    return len(monomial), [atom.serial for atom in monomial]


def _by_residue(state: State, k: int, poly: Poly) -> Truth | None:
    """The answer where coefficients and the number of admissible values give it."""
    odd = {monomial: count % k for monomial, count in poly.terms.items() if count % k}
    common = gcd(k, *odd.values())
    if poly.constant % common or not odd:
        return truth(poly.constant % common == 0)
    if len(odd) == 1 and not state.nonzero:
        [monomial] = odd
        if len(monomial) == 1 and isinstance(monomial[0], Symbol):
            low, high = range_of(state, monomial[0])
            if low is None or high is None or high - low >= k:
                return Truth.MAYBE
    return None


def _closely(state: State, poly: Poly) -> Truth:
    low, high = bounds(state, poly)
    if (low is not None and low > 0) or (high is not None and high < 0):
        return Truth.NO
    if low == 0 == high:
        return Truth.YES
    if len(poly.symbols) == 1:
        exact = _course(state, poly, zeros_only=True)
        if exact is not None and (exact.constant_zero or not exact.vanishes):
            return truth(exact.constant_zero)
    plain = abstracted(poly, state.ranges)
    if isinstance(plain, int) or always_zero(plain):
        return truth(plain == 0 or not isinstance(plain, int))
    for rule in state.rules:
        if exact_div(poly, zero_of(rule)) is not None:
            return Truth.YES
    return Truth.NO if _residues_exclude(poly) else Truth.MAYBE


def zeros(state: State, poly: Poly) -> tuple[Symbol, Interval] | None:
    """For a polynomial of one symbol: the symbol and an interval around all its zeros, where that is known."""
    if len(poly.symbols) != 1 or (len(poly.terms) == 1 and not poly.constant):
        return None
    [symbol] = poly.symbols
    plain = abstracted(poly, state.ranges)
    if isinstance(plain, int) or plain.symbols != {symbol}:
        return None
    exact = course(plain, state.ranges)
    return None if exact is None or exact.zeros is None else (symbol, exact.zeros)


def _course(state: State, poly: Poly, zeros_only: bool = False) -> Course | None:
    plain = abstracted(poly, state.ranges)
    return course(plain, state.ranges, zeros_only) if isinstance(plain, Poly) and len(plain.symbols) == 1 else None


def _by_known(state: State, poly: Poly, depth: int) -> Interval:
    """Bounds of poly from what is known to be 0 or more: poly - n*known and -poly - n*known may have bounds of their own."""
    low: int | None = None
    high: int | None = None
    for known in state.positive:
        factors = {poly.terms[monomial] // count for monomial, count in known.terms.items() if monomial in poly.terms}
        for factor in sorted(factors - {0}):
            ends = _rest_range(state, poly - factor * known, depth)
            if factor > 0 and ends[0] is not None:
                low = ends[0] if low is None else max(low, ends[0])
            if factor < 0 and ends[1] is not None:
                high = ends[1] if high is None else min(high, ends[1])
    return low, high


def _rest_range(state: State, rest: Size, depth: int) -> Interval:
    if isinstance(rest, int):
        return rest, rest
    found = poly_range(rest, state.ranges)
    return meet(found, _by_known(state, rest, depth - 1)) if depth > 1 and None in found else found


def _sign(interval: Interval) -> Truth:
    low, high = interval
    if low is not None and low >= 0:
        return Truth.YES
    return Truth.NO if high is not None and high < 0 else Truth.MAYBE


def _never_zero(interval: Interval) -> bool:
    low, high = interval
    return (low is not None and low > 0) or (high is not None and high < 0)


def _residues_exclude(poly: Poly) -> bool:
    """Whether some small modulus shows that the polynomial is never zero, its atoms being any integers."""
    atoms = {atom for monomial in poly.terms for atom in monomial}
    if len(atoms) > 3 or max(map(len, poly.terms)) < 2:
        return False
    order = sorted(atoms, key=lambda atom: atom.serial)
    for modulus in _SMALL_MODULI:
        points: list[dict[Atom, int]] = [{}]
        for atom in order:
            points = [{**point, atom: value} for point in points for value in range(modulus)]
        if all((poly.constant + sum(n * prod(point[a] for a in m) for m, n in poly.terms.items())) % modulus for point in points):
            return True
    return False
