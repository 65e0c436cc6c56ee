"""What a size is made of: names, and the operations that a polynomial cannot spell.

Atoms are interned: equal atoms are the same object, so monomials compare and hash at the speed of pointers.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, Union
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from shapecheck.sizes.poly import Poly

Interval: TypeAlias = "tuple[int | None, int | None]"
Monomial: TypeAlias = "tuple[Atom, ...]"
Argument: TypeAlias = Union[int, str, "Poly"]

_table: WeakValueDictionary[tuple[object, ...], Atom] = WeakValueDictionary()
_lock = threading.Lock()
_serials = itertools.count()
_A = TypeVar("_A", bound="Atom")


class Atom:
    """A factor of a monomial. `serial` orders the factors of a monomial within this process; `order` is the same everywhere."""

    __slots__ = ("__weakref__", "_digest", "_order", "_range", "_text", "depth", "extreme", "serial", "symbols", "weight")

    serial: int
    depth: int
    weight: int
    extreme: bool  # a min or a max is somewhere inside
    symbols: frozenset[Symbol]
    _digest: str | None
    _order: tuple[Any, ...] | None
    _range: Interval | None
    _text: str | None

    @property
    def parts(self) -> tuple[Argument, ...]:
        return ()

    @property
    def digest(self) -> str:
        """A name for the structure (bounds included) that is the same in every process."""
        found = self._digest
        if found is None:
            found = self._digest = _digest_of(type(self).__name__, *self._identity())
        return found

    @property
    def order(self) -> tuple[Any, ...]:
        found = self._order
        if found is None:
            found = self._order = (1, self.digest)
        return found

    def _identity(self) -> tuple[object, ...]:
        return self.parts

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._identity()

    def __copy__(self: _A) -> _A:
        return self

    def __deepcopy__(self: _A, memo: object) -> _A:
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._identity()!r}"

    def __str__(self) -> str:
        return polynomials.atom_text(self)


class Symbol(Atom):
    """A size that is known by name. Two symbols are one when name, low and high agree; None means no bound."""

    __slots__ = ("high", "low", "name")

    name: str
    low: int | None
    high: int | None

    def __new__(cls, name: str, low: int | None = 1, high: int | None = None) -> Symbol:
        key = (cls, name, low, high)
        found = _table.get(key)
        if found is None:
            if low is not None and high is not None and low > high:
                raise ValueError(f"the size {name} has no value: {low} > {high}")
            new = object.__new__(cls)
            new.name, new.low, new.high = name, low, high
            found = _enter(key, new, ())
            if found is new:
                new.symbols = frozenset((new,))
                new._range = (low, high)
        assert isinstance(found, Symbol)
        return found

    @property
    def order(self) -> tuple[Any, ...]:
        found = self._order
        if found is None:
            low, high = self.low, self.high
            found = self._order = (0, self.name, low is None, low or 0, high is None, high or 0)
        return found

    def _identity(self) -> tuple[object, ...]:
        return self.name, self.low, self.high


class FloorDiv(Atom):
    """num // den as Python means it. Made by `floordiv`, which puts it into normal form first; `den` is 2 or more when constant."""

    __slots__ = ("den", "num")

    num: int | Poly
    den: int | Poly

    def __new__(cls, num: int | Poly, den: int | Poly) -> FloorDiv:
        key = (cls, num, den)
        found = _table.get(key)
        if found is None:
            new = object.__new__(cls)
            new.num, new.den = num, den
            found = _enter(key, new, (num, den))
        assert isinstance(found, FloorDiv)
        return found

    @property
    def parts(self) -> tuple[Argument, ...]:
        return self.num, self.den


class _Extreme(Atom):
    __slots__ = ("args",)

    args: tuple[int | Poly, ...]

    def __new__(cls, args: tuple[int | Poly, ...]) -> _Extreme:
        key = (cls, args)
        found = _table.get(key)
        if found is None:
            new = object.__new__(cls)
            new.args = args
            found = _enter(key, new, args)
        assert isinstance(found, _Extreme)
        return found

    @property
    def parts(self) -> tuple[Argument, ...]:
        return self.args

    def _identity(self) -> tuple[object, ...]:
        return (self.args,)


class Min(_Extreme):
    """The smallest of several sizes; made by `minimum`."""

    __slots__ = ()


class Max(_Extreme):
    """The largest of several sizes; made by `maximum`."""

    __slots__ = ()


class Opaque(Atom):
    """A value with a canonical name and nothing else: `function(args)`. The same name and arguments mean the same value."""

    __slots__ = ("args", "function", "high", "low")

    function: str
    args: tuple[Argument, ...]
    low: int | None
    high: int | None

    def __new__(cls, function: str, args: tuple[Argument, ...] = (), low: int | None = None, high: int | None = None) -> Opaque:
        key = (cls, function, args, low, high)
        found = _table.get(key)
        if found is None:
            new = object.__new__(cls)
            new.function, new.args, new.low, new.high = function, args, low, high
            found = _enter(key, new, args)
            if found is new:
                new._range = (low, high)
        assert isinstance(found, Opaque)
        return found

    @property
    def parts(self) -> tuple[Argument, ...]:
        return self.args

    def _identity(self) -> tuple[object, ...]:
        return self.function, self.args, self.low, self.high


def poly_digest(poly: Poly) -> str:
    """A name for a polynomial that is the same in every process."""
    terms = sorted((sorted(atom.digest for atom in monomial), f"{count:x}") for monomial, count in poly.terms.items())
    return _hash(repr((terms, f"{poly.constant:x}")))


def _enter(key: tuple[object, ...], new: Atom, parts: tuple[Argument, ...]) -> Atom:
    symbols: frozenset[Symbol] = frozenset()
    depth = weight = 0
    extreme = isinstance(new, _Extreme)
    for part in parts:
        if not isinstance(part, (int, str)):
            symbols |= part.symbols
            weight += part.constant != 0
            for monomial in part.terms:
                for atom in monomial:
                    weight += atom.weight
                    extreme |= atom.extreme
                    depth = max(depth, atom.depth)
    new.symbols, new.depth, new.weight, new.extreme = symbols, depth + 1, weight + 1, extreme
    new._digest = new._order = new._range = new._text = None
    with _lock:
        found = _table.get(key)
        if found is None:
            new.serial = next(_serials)
            _table[key] = found = new
    return found


def _digest_of(*identity: object) -> str:
    return _hash(repr([_plain(item) for item in identity]))


def _plain(item: object) -> object:
    if isinstance(item, tuple):
        return [_plain(inner) for inner in item]
    if isinstance(item, int):
        return [f"{item:x}"]  # in decimal, Python refuses numbers of thousands of digits
    if item is None or isinstance(item, str):
        return item
    return [poly_digest(item)]  # type: ignore[arg-type]


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


# Atoms hold polynomials, and polynomials atoms: whichever is imported first has its classes ready when the other asks.
from shapecheck.sizes import poly as polynomials  # noqa: E402
