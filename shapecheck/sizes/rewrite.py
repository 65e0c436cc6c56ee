"""Sizes in the light of known facts: the normal form that decisions use, and the one that people see."""

from __future__ import annotations

from math import gcd

from shapecheck.sizes.atoms import Atom, FloorDiv, Max, Min, Monomial, Symbol
from shapecheck.sizes.division import floordiv
from shapecheck.sizes.exact import exact_div, without
from shapecheck.sizes.extremes import maximum, minimum
from shapecheck.sizes.interval import size_range
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom
from shapecheck.sizes.replace import is_atom, mapped, rebuilt, substitute
from shapecheck.sizes.state import Scale, State

_ROUNDS = 12


def normal(state: State, size: Size) -> Size:
    """The size without solved symbols, known products and exact quotients."""
    if state.solved:
        size = substitute(size, state.solved)
    if state.rules or state.multiples or (not isinstance(size, int) and size.extreme and not state.empty):
        for _ in range(_ROUNDS):
            if isinstance(size, int):
                break
            before, size = size, _step(state, size, {})
            if size == before:
                break
    return size


def shown(state: State, size: Size) -> Size:
    """The normal form in terms of the caller's own symbols: 4*t is H again where t stands for H//4."""
    new = normal(state, size)
    low, high = size_range(new, state.ranges)
    if low is not None and low == high:
        return low
    for _ in range(len(state.scales) + 1):
        hidden = [] if isinstance(new, int) else [symbol for symbol in new.symbols if symbol in state.scales]
        if isinstance(new, int) or not hidden:
            return new
        # A step may hold the stand-ins of other sizes, so those with such steps go first.
        new = _unscaled(state, new, max(hidden, key=lambda symbol: (isinstance(state.scales[symbol].step, Poly), symbol.serial)))
    # Two stand-ins, each in the step of the other: nothing but the size as it came says it in the caller's words.
    return size


def known_multiple(state: State, size: Size, k: Size) -> bool:
    """Whether k divides the size by a recorded fact."""
    if exact_div(size, k) is not None:
        return True
    for num, den in state.multiples:
        times = exact_div(_remainder(size, k), num)
        if times is not None and exact_div(times * den, k) is not None:
            return True
    return False


def _remainder(size: Size, k: Size) -> Size:
    """The size less its terms that k divides."""
    if isinstance(size, int) or not isinstance(k, int) or k == 0:
        return size
    return from_terms({monomial: count for monomial, count in size.terms.items() if count % k}, size.constant % k)


def _step(state: State, poly: Poly, seen: dict[Atom, Size]) -> Size:
    def place(atom: Atom) -> Size:
        found = seen.get(atom)
        if found is None:
            found = of_atom(atom)
            if not isinstance(atom, Symbol):
                found = rebuilt(atom, lambda part: part if isinstance(part, int) else _step(state, part, seen))
                if isinstance(atom, (Min, Max)) and is_atom(found, atom):
                    found = _fewer(state, atom)
            seen[atom] = found
        return found

    inner = mapped(poly, place)
    if isinstance(inner, int):
        return inner
    total: Size = inner.constant
    kept: dict[Monomial, int] = {}
    for monomial, count in inner.terms.items():
        new = _term(state, monomial, count)
        if new is None:
            kept[monomial] = count
        else:
            total = total + new
    return total + from_terms(kept, 0)


def _fewer(state: State, atom: Min | Max) -> Size:
    """The smallest or largest without the arguments that the facts rule out."""
    sign = 1 if isinstance(atom, Min) else -1
    for size in atom.args:
        for other in atom.args:
            if other is not size and _at_least(state, (size - other) * sign):
                kept = [arg for arg in atom.args if arg is not size]
                return minimum(*kept) if sign == 1 else maximum(*kept)
    return of_atom(atom)


def _at_least(state: State, size: Size) -> bool:
    """Whether bounds or one known inequality show that the size is 0 or more."""
    if isinstance(size, int):
        return size >= 0
    for rest in (size, *(size - known for known in state.positive)):
        low = size_range(rest, state.ranges)[0]
        if low is not None and low >= 0:
            return True
    return False


def _term(state: State, monomial: Monomial, count: int) -> Size | None:
    for rule in state.rules:
        if count % rule.times == 0:
            rest = without(monomial, rule.monomial)
            if rest is not None:
                return rule.rest * from_terms({rest: count // rule.times} if rest else {}, 0 if rest else count // rule.times)
    if state.multiples:
        for atom in monomial:
            if isinstance(atom, FloorDiv):
                rest = without(monomial, (atom,))
                times = exact_div(from_terms({rest: count}, 0) if rest else count, atom.den)
                if times is not None and known_multiple(state, atom.num, atom.den):
                    return times * atom.num
    return None


def _unscaled(state: State, poly: Poly, stand_in: Symbol) -> Size:
    scale = state.scales[stand_in]

    def change(part: Size) -> Size:
        return part if isinstance(part, int) or stand_in not in part.symbols else _unscaled(state, part, stand_in)

    total: Size = poly.constant
    for monomial, count in poly.terms.items():
        product: Size = count
        for atom in monomial:
            if atom is not stand_in:
                product = product * (rebuilt(atom, change) if stand_in in atom.symbols else of_atom(atom))
        for _ in range(monomial.count(stand_in)):
            product = _scaled(product, scale)
        total = total + product
    return total


def _scaled(product: Size, scale: Scale) -> Size:
    """product * t in terms of the base: of 6*t, with t for H//4, 4*t is H, and 2*t is H//2."""
    base = of_atom(scale.base) - scale.rest
    step = scale.step
    if isinstance(step, int):
        counts = {(): product} if isinstance(product, int) else {(): product.constant, **product.terms}
        total: Size = 0
        for monomial, count in counts.items():
            whole, part = divmod(count, step) if count > 0 else (-(-count // step), -(-count % step))
            own = whole * base
            if part:
                shared = gcd(step, part)
                own = own + part // shared * floordiv(base, step // shared)
            total = total + own * (from_terms({monomial: 1}, 0) if monomial else 1)
        return total
    times = exact_div(product, step)
    return product * floordiv(base, step) if times is None else times * base
