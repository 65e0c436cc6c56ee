"""Interval arithmetic: what values a size can take, each atom taken by itself. None is no bound."""

from __future__ import annotations

from collections.abc import Mapping

from shapecheck.sizes.atoms import Atom, FloorDiv, Interval, Max, Min, Monomial, Symbol
from shapecheck.sizes.poly import Poly, Size

ANY: Interval = (None, None)
Ranges = Mapping[Symbol, Interval]


def size_range(size: Size, ranges: Ranges | None = None) -> Interval:
    """Bounds of a size; `ranges` overrides those of symbols."""
    return (size, size) if isinstance(size, int) else poly_range(size, ranges)


def poly_range(poly: Poly, ranges: Ranges | None = None) -> Interval:
    if ranges:
        return _sum(poly, ranges)
    found = poly._range
    if found is None:
        found = poly._range = _sum(poly, None)
    return found


def atom_range(atom: Atom, ranges: Ranges | None = None) -> Interval:
    if ranges:
        return ranges.get(atom, (atom.low, atom.high)) if isinstance(atom, Symbol) else _compound(atom, ranges)
    found = atom._range
    if found is None:
        found = atom._range = _compound(atom, None)
    return found


def monomial_range(monomial: Monomial, ranges: Ranges | None = None) -> Interval:
    total: Interval = (1, 1)
    position = 0
    while position < len(monomial):
        atom = monomial[position]
        power = 1
        while position + power < len(monomial) and monomial[position + power] is atom:
            power += 1
        position += power
        own = atom_range(atom, ranges)
        total = times(total, own if power == 1 else _power(own, power))
    return total


def times(left: Interval, right: Interval) -> Interval:
    (a, b), (c, d) = left, right
    if a is not None and c is not None and a >= 0 and c >= 0:
        return a * c, (0 if b == 0 or d == 0 else None if b is None or d is None else b * d)
    ends = [_product(x, sx, y, sy) for x, sx in ((a, -1), (b, 1)) for y, sy in ((c, -1), (d, 1))]
    low = None if any(end is _MINUS for end in ends) else min(end for end in ends if isinstance(end, int))
    high = None if any(end is _PLUS for end in ends) else max(end for end in ends if isinstance(end, int))
    return low, high


def scaled(interval: Interval, factor: int) -> Interval:
    low, high = interval
    if factor < 0:
        low, high = high, low
    return (None if low is None else low * factor), (None if high is None else high * factor)


def meet(left: Interval, right: Interval) -> Interval:
    """What lies in both; may be empty (low > high)."""
    low = left[0] if right[0] is None else right[0] if left[0] is None else max(left[0], right[0])
    high = left[1] if right[1] is None else right[1] if left[1] is None else min(left[1], right[1])
    return low, high


def empty(interval: Interval) -> bool:
    low, high = interval
    return low is not None and high is not None and low > high


def quotient(num: Interval, den: Interval) -> Interval:
    """Bounds of num // den; nothing is known unless the denominator is positive."""
    (low, high), (small, large) = num, den
    if small is None or small < 1:
        return ANY
    below: int | None = None
    above: int | None = None
    if low is not None:
        below = low // small if low < 0 else 0 if large is None else low // large
    if high is not None:
        above = high // small if high >= 0 else -1 if large is None else high // large
    return below, above


class _Infinity:
    """An end of an interval that is not there."""


_PLUS, _MINUS = _Infinity(), _Infinity()


def _product(x: int | None, sign_x: int, y: int | None, sign_y: int) -> int | _Infinity:
    if x is not None and y is not None:
        return x * y
    # Infinity stands for values of any size, never reached: zero times one of them is zero.
    sign = (sign_x if x is None else (x > 0) - (x < 0)) * (sign_y if y is None else (y > 0) - (y < 0))
    return 0 if sign == 0 else _PLUS if sign > 0 else _MINUS


def _power(interval: Interval, power: int) -> Interval:
    total = interval
    for _ in range(power - 1):
        total = times(total, interval)
    low, high = interval
    if power % 2 == 0 and (low is None or low < 0):
        # The same value in every factor: an even power is never negative.
        return (high**power if high is not None and high < 0 else 0), total[1]
    return total


def _sum(poly: Poly, ranges: Ranges | None) -> Interval:
    low: int | None = poly.constant
    high: int | None = poly.constant
    for monomial, count in poly.terms.items():
        small, large = atom_range(monomial[0], ranges) if len(monomial) == 1 else monomial_range(monomial, ranges)
        if count < 0:
            small, large = large, small
        low = None if low is None or small is None else low + small * count
        high = None if high is None or large is None else high + large * count
        if low is None and high is None:
            break
    return low, high


def _compound(atom: Atom, ranges: Ranges | None) -> Interval:
    if isinstance(atom, FloorDiv):
        return quotient(size_range(atom.num, ranges), size_range(atom.den, ranges))
    if isinstance(atom, (Min, Max)):
        ends = [size_range(arg, ranges) for arg in atom.args]
        lows = [low for low, _ in ends if low is not None]
        highs = [high for _, high in ends if high is not None]
        if isinstance(atom, Min):
            return (min(lows) if len(lows) == len(ends) else None), min(highs, default=None)
        return max(lows, default=None), (max(highs) if len(highs) == len(ends) else None)
    return atom._range or ANY
