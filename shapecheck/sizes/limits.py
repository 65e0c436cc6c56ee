"""What is too large to follow becomes one opaque value: it keeps its bounds and its symbols, and loses its structure."""

from __future__ import annotations

from shapecheck.sizes.atoms import Atom, Opaque, poly_digest
from shapecheck.sizes.interval import atom_range, poly_range
from shapecheck.sizes.poly import Poly, Size, of_atom

TERMS = 200  # of a polynomial
DEGREE = 48  # of a monomial
DEPTH = 40  # of atoms inside atoms
WEIGHT = 2000  # atoms below one atom, counted as often as they would be printed


def collapsed(poly: Poly) -> Poly:
    """An opaque value that stands for the polynomial. Its symbols stay arguments, so that substitution tells copies apart."""
    low, high = poly_range(poly)
    symbols = sorted(poly.symbols, key=lambda symbol: symbol.order)
    return of_atom(Opaque("large", (poly_digest(poly), *map(of_atom, symbols)), low, high))


def within(atom: Atom) -> Size:
    """The atom as a size, or an opaque value for it where it is nested too deeply."""
    if atom.depth <= DEPTH and atom.weight <= WEIGHT:
        return of_atom(atom)
    low, high = atom_range(atom)
    symbols = sorted(atom.symbols, key=lambda symbol: symbol.order)
    return of_atom(Opaque("deep", (atom.digest, *map(of_atom, symbols)), low, high))
