"""Floor division and remainder in normal form.

With a constant denominator k the numerator keeps coefficients in (-k/2, k/2], no common factor with k, a constant in
[0, k) and a positive first coefficient; multiples of k stand outside. A remainder is not an atom: x % k is x - k*(x//k),
so that padding arithmetic cancels; `str` writes it as x % k again.
"""

from __future__ import annotations

from math import gcd

from shapecheck.sizes.atoms import FloorDiv, Monomial, Symbol
from shapecheck.sizes.exact import common_factor, exact_div
from shapecheck.sizes.interval import poly_range, size_range
from shapecheck.sizes.limits import within
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom
from shapecheck.sizes.relax import relaxed

_memo: dict[tuple[Poly, int], Size] = {}
_MEMO = 20_000


def floordiv(a: Size, b: Size) -> Size:
    """a // b, rounded down as Python does; ZeroDivisionError for the constant 0."""
    if isinstance(b, int):
        if isinstance(a, int):
            return a // b
        if b == 1:
            return a
        key = (a, b)
        found = _memo.get(key)
        if found is None:
            if len(_memo) >= _MEMO:
                _memo.clear()
            found = _memo[key] = _by_constant(a, b)
        return found
    return _by_poly(a, b)


def mod(a: Size, b: Size) -> Size:
    """a % b, with the sign of b as in Python; ZeroDivisionError for the constant 0."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    return a - b * floordiv(a, b)


def ceildiv(a: Size, b: Size) -> Size:
    """a / b rounded up: -(-a // b)."""
    return -floordiv(-a, b)


def _by_constant(a: Poly, k: int) -> Size:
    if k == 0:
        raise ZeroDivisionError(f"{a} // 0")
    if k < 0:
        return floordiv(-a, -k)
    return _single(a, k) if len(a.terms) == 1 else _general(a, k)


def _single(a: Poly, k: int) -> Size:
    """The way of one symbol through convolutions, made short: (H + c)//k and (n//m + c)//k."""
    [(monomial, count)] = a.terms.items()
    if count == 1 and len(monomial) == 1:
        atom = monomial[0]
        if isinstance(atom, FloorDiv) and isinstance(atom.den, int):
            return floordiv(atom.num + atom.den * a.constant, atom.den * k)
        if isinstance(atom, Symbol) and atom.high is None:
            outside, constant = divmod(a.constant, k)
            num = a if constant == a.constant else Poly(a.terms, constant)
            return of_atom(FloorDiv(num, k)) + outside
    return _general(a, k)


def _general(a: Poly, k: int) -> Size:
    whole = {monomial: count // k for monomial, count in a.terms.items() if count % k == 0}
    if len(whole) == len(a.terms):
        return from_terms(whole, a.constant // k)
    if whole:
        a = Poly({monomial: count for monomial, count in a.terms.items() if monomial not in whole}, a.constant)
    low, high = relaxed(a)
    if low is not None and high is not None and low // k == high // k:
        return from_terms(whole, low // k)
    nested = _absorbed(a, k)
    if nested is not None:
        return from_terms(whole, 0) + nested
    part: dict[Monomial, int] = {}
    common = k
    for monomial, count in a.terms.items():
        rest = count % k
        if 2 * rest > k:
            rest -= k
        part[monomial] = rest
        common = gcd(common, rest)
        if count != rest:
            whole[monomial] = (count - rest) // k
    constant = a.constant
    if common > 1:
        # (g*x + c) // (g*m) is (x + c//g) // m
        part = {monomial: rest // common for monomial, rest in part.items()}
        constant //= common
        k //= common
    outside, constant = divmod(constant, k)
    return from_terms(whole, outside) + _signed(part, constant, k, a)


def _signed(part: dict[Monomial, int], constant: int, k: int, a: Poly) -> Size:
    """(part + constant) // k with a positive first coefficient, by (-x + c) // k == -((x - c + k - 1) // k)."""
    if not _negative(part, k, a):
        return _reduced(Poly(part, constant), k)
    # A coefficient of k/2 stays as it is and sends its monomial outside: -k/2 is k/2 - k.
    flipped = {monomial: rest if 2 * rest == k else -rest for monomial, rest in part.items()}
    outside = {monomial: 1 for monomial, rest in part.items() if 2 * rest == k}
    return from_terms(outside, 0) - _reduced(Poly(flipped, k - 1 - constant), k)


def _negative(part: dict[Monomial, int], k: int, a: Poly) -> bool:
    if k == 2:
        return all(a.terms[monomial] < 0 for monomial in part)
    if not any(rest < 0 for rest in part.values()):
        return False
    telling = [monomial for monomial, rest in part.items() if 2 * rest != k]
    if all(part[monomial] < 0 for monomial in telling):
        return True
    return part[min(telling, key=monomial_order)] < 0


def monomial_order(monomial: Monomial) -> tuple[object, ...]:
    """Highest degree first, then by name: the same in every process."""
    return -len(monomial), sorted(atom.order for atom in monomial)


def _reduced(num: Poly, k: int) -> Size:
    low, high = poly_range(num)
    if low is not None and high is not None and low // k == high // k:
        return low // k
    nested = _absorbed(num, k)
    return within(FloorDiv(num, k)) if nested is None else nested


def _absorbed(num: Poly, k: int) -> Size | None:
    """num // k where num has one quotient with coefficient 1 or -1.

    (n//m + r) // k is (n + m*r) // (m*k), and -(n//m) is (-n + m - 1) // m.
    """
    found: FloorDiv | None = None
    for monomial, count in num.terms.items():
        atom = monomial[0]
        if len(monomial) == 1 and count in (1, -1) and isinstance(atom, FloorDiv) and isinstance(atom.den, int):
            if found is not None:
                return None
            found = atom
    if found is None or not isinstance(found.den, int):
        return None
    m = found.den
    rest = from_terms({monomial: count for monomial, count in num.terms.items() if monomial != (found,)}, num.constant)
    top = found.num if num.terms[(found,)] > 0 else m - 1 - found.num
    return floordiv(top + m * rest, m * k)


def _by_poly(a: Size, b: Poly) -> Size:
    whole = exact_div(a, b)
    if whole is not None:
        return whole
    factor = common_factor(a, b)
    if factor != 1:
        over, under = exact_div(a, factor), exact_div(b, factor)
        assert over is not None and under is not None
        return floordiv(over, under)
    if b.constant == 0 and len(b.terms) == 1 and isinstance(a, Poly):
        outside, inside = _split(a, b)
        if not isinstance(outside, int) or outside:
            return outside + floordiv(inside, b)
    if _falling(b):
        return floordiv(-a, -b)
    low, _ = size_range(a)
    small, _ = poly_range(b)
    positive = small is not None and small >= 1
    if positive and low is not None and low >= 0:
        above = size_range(b - 1 - a)[0]
        if above is not None and above >= 0:
            return 0
    if positive and isinstance(a, Poly) and a.constant == 0 and len(a.terms) == 1:
        [(monomial, count)] = a.terms.items()
        if count == 1 and len(monomial) == 1 and isinstance(monomial[0], FloorDiv):
            return floordiv(monomial[0].num, monomial[0].den * b)
    return within(FloorDiv(a, b))


def _split(a: Poly, b: Poly) -> tuple[Size, Size]:
    """The terms of a that the monomial b divides, divided, and the others."""
    outside: Size = 0
    inside: dict[Monomial, int] = {}
    for monomial, count in a.terms.items():
        part = exact_div(Poly({monomial: count}, 0), b)
        if part is None:
            inside[monomial] = count
        else:
            outside = outside + part
    return outside, from_terms(inside, a.constant)


def _falling(b: Poly) -> bool:
    if all(count > 0 for count in b.terms.values()):
        return False
    return b.terms[min(b.terms, key=monomial_order)] < 0
