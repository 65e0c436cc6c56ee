"""Polynomials with integer coefficients over atoms: the normal form of every size that is not a plain int."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, NoReturn, TypeAlias, Union

from shapecheck.sizes.atoms import Atom, Interval, Monomial, Symbol

Size: TypeAlias = Union[int, "Poly"]

_serial = attrgetter("serial")
_no_symbols: frozenset[Symbol] = frozenset()


class Poly:
    """A sum of integer multiples of monomials and a constant; never constant as a whole.

    `terms` maps a monomial (its atoms, sorted by serial, repeated for powers) to its coefficient and is never changed once
    the polynomial exists: polynomials that differ in the constant alone share it.
    """

    __slots__ = ("_hash", "_range", "_symbols", "_text", "constant", "terms")

    terms: dict[Monomial, int]
    constant: int
    _hash: int | None
    _range: Interval | None
    _symbols: frozenset[Symbol] | None
    _text: str | None

    def __init__(self, terms: dict[Monomial, int], constant: int) -> None:
        self.terms = terms
        self.constant = constant
        self._hash = self._range = self._symbols = self._text = None

    @property
    def symbols(self) -> frozenset[Symbol]:
        found = self._symbols
        if found is None:
            found = _no_symbols.union(*[atom.symbols for monomial in self.terms for atom in monomial])
            self._symbols = found
        return found

    @property
    def extreme(self) -> bool:
        """Whether a min or a max is somewhere inside."""
        return any(atom.extreme for monomial in self.terms for atom in monomial)

    def __hash__(self) -> int:
        found = self._hash
        if found is None:
            found = self._hash = hash((frozenset(self.terms.items()), self.constant))
        return found

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not Poly:
            return NotImplemented
        return self.constant == other.constant and (self.terms is other.terms or self.terms == other.terms)

    def __add__(self, other: Size) -> Size:
        if isinstance(other, int):
            return Poly(self.terms, self.constant + other) if other else self
        if not isinstance(other, Poly):
            return NotImplemented
        terms = self.terms.copy()
        for monomial, count in other.terms.items():
            total = terms.get(monomial, 0) + count
            if total:
                terms[monomial] = total
            else:
                del terms[monomial]
        return from_terms(terms, self.constant + other.constant)

    __radd__ = __add__

    def __neg__(self) -> Poly:
        return Poly({monomial: -count for monomial, count in self.terms.items()}, -self.constant)

    def __pos__(self) -> Poly:
        return self

    def __sub__(self, other: Size) -> Size:
        if isinstance(other, int):
            return Poly(self.terms, self.constant - other) if other else self
        if not isinstance(other, Poly):
            return NotImplemented
        if self.terms is other.terms:
            return self.constant - other.constant
        terms = self.terms.copy()
        for monomial, count in other.terms.items():
            total = terms.get(monomial, 0) - count
            if total:
                terms[monomial] = total
            else:
                del terms[monomial]
        return from_terms(terms, self.constant - other.constant)

    def __rsub__(self, other: int) -> Size:
        if not isinstance(other, int):
            return NotImplemented
        return Poly({monomial: -count for monomial, count in self.terms.items()}, other - self.constant)

    def __mul__(self, other: Size) -> Size:
        if isinstance(other, int):
            if other == 1:
                return self
            if other == 0:
                return 0
            return Poly({monomial: count * other for monomial, count in self.terms.items()}, self.constant * other)
        if not isinstance(other, Poly):
            return NotImplemented
        return _times(self, other)

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Size:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            raise ValueError("a size to a negative power is no size")
        total: Size = 1
        square: Size = self
        while exponent:
            if exponent & 1:
                total = total * square
            exponent >>= 1
            if exponent:
                square = square * square
        return total

    def __floordiv__(self, other: Size) -> Size:
        return floordiv(self, other) if isinstance(other, (int, Poly)) else NotImplemented

    def __rfloordiv__(self, other: int) -> Size:
        return floordiv(other, self) if isinstance(other, int) else NotImplemented

    def __mod__(self, other: Size) -> Size:
        return mod(self, other) if isinstance(other, (int, Poly)) else NotImplemented

    def __rmod__(self, other: int) -> Size:
        return mod(other, self) if isinstance(other, int) else NotImplemented

    def __divmod__(self, other: Size) -> tuple[Size, Size]:
        return self // other, self % other

    def __bool__(self) -> NoReturn:
        raise TypeError(f"whether {self} is zero is not known: ask Facts")

    def _unordered(self, other: object) -> NoReturn:
        raise TypeError(f"sizes have no order of their own ({self} and {other}): ask Facts")

    __lt__ = __le__ = __gt__ = __ge__ = _unordered

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (tuple(self.terms.items()), self.constant)

    def __copy__(self) -> Poly:
        return self

    def __deepcopy__(self, memo: object) -> Poly:
        return self

    def __str__(self) -> str:
        return poly_text(self)

    def __repr__(self) -> str:
        return f"<{poly_text(self)}>"


def symbol(name: str, low: int | None = 1, high: int | None = None) -> Poly:
    """The size that is known by this name, at least `low` and at most `high` where those are not None."""
    return of_atom(Symbol(name, low, high))


def of_atom(atom: Atom) -> Poly:
    return Poly({(atom,): 1}, 0)


def from_terms(terms: dict[Monomial, int], constant: int) -> Size:
    """The size with these terms (none of them zero): an int when there are none, and never more terms than the limit."""
    if not terms:
        return constant
    if len(terms) > TERMS:
        return collapsed(Poly(terms, constant))
    return Poly(terms, constant)


def joined(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left:
        return right
    if not right:
        return left
    return tuple(sorted(left + right, key=_serial))


def true_product(sizes: Iterable[Size]) -> Size:
    """The product of all sizes; 1 for none."""
    total: Size = 1
    for size in sizes:
        total = total * size
    return total


def _times(left: Poly, right: Poly) -> Size:
    terms: dict[Monomial, int] = {}
    longest = 0
    for monomial, count in left.terms.items():
        for other, times in right.terms.items():
            product = joined(monomial, other)
            longest = max(longest, len(product))
            terms[product] = terms.get(product, 0) + count * times
    if right.constant:
        for monomial, count in left.terms.items():
            terms[monomial] = terms.get(monomial, 0) + count * right.constant
    if left.constant:
        for monomial, count in right.terms.items():
            terms[monomial] = terms.get(monomial, 0) + count * left.constant
    kept = {monomial: count for monomial, count in terms.items() if count}
    if longest > DEGREE and kept:
        return collapsed(Poly(kept, left.constant * right.constant))
    return from_terms(kept, left.constant * right.constant)


def _rebuilt(terms: tuple[tuple[Monomial, int], ...], constant: int) -> Poly:
    # Serials differ from process to process, and with them the order inside a monomial.
    return Poly({tuple(sorted(monomial, key=_serial)): count for monomial, count in terms}, constant)


# The operators need division and text, and both need polynomials.
from shapecheck.sizes.division import floordiv, mod  # noqa: E402
from shapecheck.sizes.limits import DEGREE, TERMS, collapsed  # noqa: E402
from shapecheck.sizes.text import atom_text as atom_text  # noqa: E402
from shapecheck.sizes.text import poly_text  # noqa: E402
