"""From `p >= 0` to bounds of the symbols in p. Every function here says False when it finds a contradiction."""

from __future__ import annotations

from shapecheck.sizes.atoms import Atom, FloorDiv, Interval, Max, Min, Monomial, Symbol
from shapecheck.sizes.interval import atom_range, empty, meet, poly_range
from shapecheck.sizes.poly import Poly, Size, from_terms
from shapecheck.sizes.state import State, range_of, zero_of

_FAR = 1 << 64


def squeeze(state: State, size: Size) -> bool:
    """Makes bounds narrower by what `size >= 0` says about each of its terms."""
    if isinstance(size, int):
        return size >= 0
    for monomial, count in size.terms.items():
        rest = from_terms({other: n for other, n in size.terms.items() if other != monomial}, size.constant)
        most = rest if isinstance(rest, int) else poly_range(rest, state.ranges)[1]
        if most is None:
            continue
        # count * monomial >= -rest >= -most
        limit: Interval = (-(most // count), None) if count > 0 else (None, most // -count)
        if not _limit(state, monomial, limit):
            return False
    return True


def settle(state: State) -> bool:
    """Repeats what is known about symbols until bounds stay or the fuel is spent."""
    while state.fuel > 0:
        before = dict(state.ranges)
        state.fuel -= 1
        known = [*state.positive]
        for rule in state.rules:
            zero = zero_of(rule)
            if isinstance(zero, Poly):
                known += [zero, -zero]
        if not all(squeeze(state, poly) for poly in known):
            return False
        if state.ranges == before:
            break
    return True


def _limit(state: State, monomial: Monomial, limit: Interval) -> bool:
    if len(monomial) == 1:
        return _limit_atom(state, monomial[0], limit)
    low, high = limit
    ranges = [atom_range(atom, state.ranges) for atom in monomial]
    if any(small is None or small < 0 for small, _ in ranges):
        return True
    if low is not None and low > 0:
        # No factor of a positive product is zero.
        if not all(_limit_atom(state, atom, (1, None)) for atom in monomial):
            return False
        ranges = [meet(own, (1, None)) for own in ranges]
    if any(small == 0 for small, _ in ranges):
        return True
    for place, atom in enumerate(monomial):
        smallest = 1
        largest: int | None = 1
        for other, (small, large) in enumerate(ranges):
            if other != place:
                smallest *= small or 1
                largest = None if largest is None or large is None else largest * large
        below = None if low is None or largest is None else -(-low // largest)
        above = None if high is None else high // smallest
        if not _limit_atom(state, atom, (below, above)):
            return False
    return True


def _limit_atom(state: State, atom: Atom, limit: Interval) -> bool:
    low, high = limit
    if isinstance(atom, Symbol):
        return narrow(state, atom, limit)
    if isinstance(atom, FloorDiv) and isinstance(atom.den, int):
        # n//k >= low means n >= k*low; n//k <= high means n <= k*high + k - 1
        if low is not None and not squeeze(state, atom.num - atom.den * low):
            return False
        return high is None or squeeze(state, atom.den * high + atom.den - 1 - atom.num)
    if isinstance(atom, Min) and low is not None:
        return all(squeeze(state, arg - low) for arg in atom.args)
    if isinstance(atom, Max) and high is not None:
        return all(squeeze(state, high - arg) for arg in atom.args)
    return not empty(meet(atom_range(atom, state.ranges), limit))


def narrow(state: State, symbol: Symbol, limit: Interval) -> bool:
    """Takes over bounds of a symbol."""
    low, high = limit
    # Bounds that feed each other (x >= y*y and y >= x*x) double their digits every round: beyond these none is of use.
    low = None if low is None or low < -_FAR else min(low, _FAR)
    high = None if high is None or high > _FAR else max(high, -_FAR)
    before = range_of(state, symbol)
    after = meet(before, (low, high))
    if empty(after):
        return False
    if after != before:
        state.ranges[symbol] = after
    return True


def pinned(state: State) -> Symbol | None:
    """A symbol that has one value left."""
    found = [symbol for symbol, (low, high) in state.ranges.items() if low is not None and low == high]
    return min(found, key=lambda symbol: symbol.order, default=None)
