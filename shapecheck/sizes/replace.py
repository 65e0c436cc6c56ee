"""Reading and rebuilding sizes: their symbols, other sizes in their place, their value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shapecheck.sizes.atoms import Atom, FloorDiv, Max, Min, Opaque, Symbol
from shapecheck.sizes.division import floordiv
from shapecheck.sizes.extremes import maximum, minimum
from shapecheck.sizes.interval import size_range
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom


def symbols_of(size: Size) -> frozenset[Symbol]:
    """Every symbol of the size, those inside divisions and opaque values included."""
    return frozenset() if isinstance(size, int) else size.symbols


def substitute(size: Size, new: Mapping[Symbol, Size]) -> Size:
    """The size with other sizes in place of symbols, all at once, in normal form."""
    if isinstance(size, int) or size.symbols.isdisjoint(new):
        return size

    seen: dict[Atom, Size] = {}

    def place(atom: Atom) -> Size:
        found = seen.get(atom)
        if found is None:
            if isinstance(atom, Symbol):
                found = new.get(atom)
            elif not atom.symbols.isdisjoint(new):
                found = of_atom(_opaque(atom, inside, new)) if isinstance(atom, Opaque) else rebuilt(atom, inside)
            seen[atom] = found = of_atom(atom) if found is None else found
        return found

    def inside(part: Size) -> Size:
        return part if isinstance(part, int) or part.symbols.isdisjoint(new) else mapped(part, place)

    return mapped(size, place)


def mapped(poly: Poly, place: Callable[[Atom], Size]) -> Size:
    """The polynomial with each atom replaced by what `place` returns for it."""
    total: Size = poly.constant
    kept = {}
    for monomial, count in poly.terms.items():
        sizes = [place(atom) for atom in monomial]
        if all(is_atom(size, atom) for size, atom in zip(sizes, monomial, strict=True)):
            kept[monomial] = count
            continue
        product: Size = count
        for size in sizes:
            product = product * size
        total = total + product
    return total + from_terms(kept, 0)


def rebuilt(atom: Atom, change: Callable[[Size], Size]) -> Size:
    """The atom in normal form after `change` was applied to the sizes inside it; the atom itself where nothing changed."""
    parts = tuple(part if isinstance(part, str) else change(part) for part in atom.parts)
    if parts == atom.parts:
        return of_atom(atom)
    if isinstance(atom, Opaque):
        return of_atom(Opaque(atom.function, parts, atom.low, atom.high))
    sizes = [part for part in parts if not isinstance(part, str)]
    if isinstance(atom, FloorDiv):
        return floordiv(*sizes)
    return minimum(*sizes) if isinstance(atom, Min) else maximum(*sizes)


def evaluate(size: Size, values: Mapping[str, int]) -> int:
    """The value where names have these values; an opaque value is looked up under its text. KeyError for what is missing."""
    if isinstance(size, int):
        return size
    total = size.constant
    for monomial, count in size.terms.items():
        for atom in monomial:
            count *= values[atom.name] if isinstance(atom, Symbol) else _value(atom, values)
        total += count
    return total


def _value(atom: Atom, values: Mapping[str, int]) -> int:
    if isinstance(atom, FloorDiv):
        return evaluate(atom.num, values) // evaluate(atom.den, values)
    if isinstance(atom, Min):
        return min(evaluate(arg, values) for arg in atom.args)
    if isinstance(atom, Max):
        return max(evaluate(arg, values) for arg in atom.args)
    return values[str(atom)]


def _opaque(atom: Opaque, change: Callable[[Size], Size], new: Mapping[Symbol, Size]) -> Opaque:
    args = tuple(arg if isinstance(arg, str) else change(arg) for arg in atom.args)
    if all(_fits(new[symbol], symbol) for symbol in atom.symbols if symbol in new):
        return Opaque(atom.function, args, atom.low, atom.high)
    # The bounds were worked out for values that the symbols admit.
    return Opaque(atom.function, args)


def _fits(size: Size, symbol: Symbol) -> bool:
    low, high = size_range(size)
    return (symbol.low is None or (low is not None and low >= symbol.low)) and (
        symbol.high is None or (high is not None and high <= symbol.high)
    )


def is_atom(size: Size, atom: Atom) -> bool:
    """Whether the size is this atom and nothing else."""
    return isinstance(size, Poly) and size.constant == 0 and len(size.terms) == 1 and size.terms.get((atom,)) == 1
