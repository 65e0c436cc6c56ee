"""Sizes in the light of known facts: the normal form that decisions use, and the one that people see."""

from __future__ import annotations

from math import gcd

from shapecheck.sizes.atoms import Atom, FloorDiv, Monomial, Symbol
from shapecheck.sizes.division import floordiv
from shapecheck.sizes.exact import exact_div, without
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom
from shapecheck.sizes.replace import mapped, rebuilt, substitute
from shapecheck.sizes.state import State

_ROUNDS = 12


def normal(state: State, size: Size) -> Size:
    """The size without solved symbols, known products and exact quotients."""
    if state.solved:
        size = substitute(size, state.solved)
    if state.rules or state.multiples:
        for _ in range(_ROUNDS):
            if isinstance(size, int):
                break
            before, size = size, _step(state, size)
            if size == before:
                break
    return size


def shown(state: State, size: Size) -> Size:
    """The normal form in terms of the caller's own symbols: 4*t is H again where t stands for H//4."""
    size = normal(state, size)
    while not isinstance(size, int):
        hidden = [symbol for symbol in size.symbols if symbol in state.scales]
        if not hidden:
            break
        size = _unscaled(state, size, max(hidden, key=lambda symbol: len(symbol.name)))
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


def _step(state: State, poly: Poly) -> Size:
    def place(atom: Atom) -> Size:
        if isinstance(atom, Symbol):
            return of_atom(atom)
        return rebuilt(atom, lambda part: part if isinstance(part, int) else _step(state, part))

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


def _term(state: State, monomial: Monomial, count: int) -> Size | None:
    for rule in state.rules:
        if count % rule.count == 0:
            rest = without(monomial, rule.monomial)
            if rest is not None:
                return rule.rest * from_terms({rest: count // rule.count} if rest else {}, 0 if rest else count // rule.count)
    if state.multiples:
        for atom in monomial:
            if isinstance(atom, FloorDiv):
                rest = without(monomial, (atom,))
                times = exact_div(from_terms({rest: count}, 0) if rest else count, atom.den)
                if times is not None and known_multiple(state, atom.num, atom.den):
                    return times * atom.num
    return None


def _unscaled(state: State, poly: Poly, stand_in: Symbol) -> Size:
    base, step, rest = state.scales[stand_in]
    whole = of_atom(base) - rest

    def change(part: Size) -> Size:
        return part if isinstance(part, int) or stand_in not in part.symbols else _unscaled(state, part, stand_in)

    total: Size = poly.constant
    for monomial, count in poly.terms.items():
        product: Size = count
        for atom in monomial:
            if atom is stand_in:
                # Of count*t as much as possible becomes base: count*t is (count//g) * (base - rest)//(step//g).
                shared = _shared(product, step)
                over, under = exact_div(product, shared), exact_div(step, shared)
                assert over is not None and under is not None
                product = over * floordiv(whole, under)
            elif stand_in in atom.symbols:
                product = product * rebuilt(atom, change)
            else:
                product = product * of_atom(atom)
        total = total + product
    return total


def _shared(product: Size, step: Size) -> Size:
    if isinstance(step, int):
        return gcd(step, product) if isinstance(product, int) else gcd(step, product.constant, *product.terms.values())
    return step if exact_div(product, step) is not None else 1
