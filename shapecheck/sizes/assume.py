"""Adding what is known to a state. Every function changes its state and says False when the new fact contradicts the others.

After False the state is spoilt: Facts works on a copy.
"""

from __future__ import annotations

from math import gcd

from shapecheck.sizes.atoms import Symbol
from shapecheck.sizes.choose import as_remainder, height, one_residue, only_symbol, solvable
from shapecheck.sizes.decide import bounds, divides, is_positive, is_zero, oriented, reduced, zeros
from shapecheck.sizes.exact import content
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom
from shapecheck.sizes.replace import substitute, symbols_of
from shapecheck.sizes.rewrite import normal
from shapecheck.sizes.state import Rule, Scale, State, range_of, zero_of
from shapecheck.sizes.tighten import narrow, pinned, settle, squeeze

_FEW = 12


def add_zero(state: State, size: Size) -> bool:
    """Takes over that the size is zero."""
    size = normal(state, size)
    answer = is_zero(state, size)
    if not answer.maybe:
        return answer.yes
    assert isinstance(size, Poly)
    poly = reduced(state, size)
    assert isinstance(poly, Poly)
    state.fuel -= 1
    known = zeros(state, poly)
    if known is not None and not (narrow(state, *known) and _settled(state)):
        return False
    if poly.symbols & state.solved.keys():
        return add_zero(state, poly)
    remainder = as_remainder(poly)
    if remainder is not None and state.fuel > 0:
        return add_multiple(state, *remainder)
    single = solvable(poly)
    if single is not None:
        count = poly.terms[(single,)]
        rest = poly - count * of_atom(single)
        if abs(count) == 1:
            return eliminate(state, single, -rest if count == 1 else rest)
        if state.fuel > 0 and one_residue(rest, abs(count)):
            # count * symbol == -rest: once rest is a multiple of count by its form, the symbol is solved.
            return add_multiple(state, abs(count), rest) and add_zero(state, poly)
    return _add_rule(state, poly) and squeeze(state, poly) and squeeze(state, -poly) and _settled(state)


def add_positive(state: State, size: Size) -> bool:
    """Takes over that the size is 0 or more."""
    size = normal(state, size)
    answer = is_positive(state, size)
    if not answer.maybe:
        return answer.yes
    assert isinstance(size, Poly)
    common = content(size)
    poly = Poly({monomial: count // common for monomial, count in size.terms.items()}, size.constant // common)
    while oriented(poly) in state.nonzero:
        poly = Poly(poly.terms, poly.constant - 1)
    opposite = -poly
    for known in state.positive:
        if known.terms == opposite.terms and known.constant == opposite.constant:
            return add_zero(state, poly)
    if len(poly.terms) > 1 or not isinstance(only_symbol(poly), Symbol):
        kept = tuple(known for known in state.positive if known.terms != poly.terms)
        state.positive = (*kept, poly)
    return squeeze(state, poly) and _settled(state)


def add_nonzero(state: State, size: Size) -> bool:
    """Takes over that the size is not zero."""
    size = normal(state, size)
    answer = is_zero(state, size)
    if not answer.maybe:
        return answer.no
    assert isinstance(size, Poly)
    poly = reduced(state, size)
    assert isinstance(poly, Poly)
    symbol = only_symbol(poly)
    if symbol is not None and abs(poly.terms[(symbol,)]) == 1:
        value = -poly.constant * poly.terms[(symbol,)]
        low, high = range_of(state, symbol)
        if value == low:
            return narrow(state, symbol, (value + 1, None)) and _settled(state)
        if value == high:
            return narrow(state, symbol, (None, value - 1)) and _settled(state)
    state.nonzero = (*state.nonzero, oriented(poly))
    for known in state.positive:
        if known == poly or known == -poly:
            state.positive = tuple(other for other in state.positive if other != known)
            return add_positive(state, known - 1)
    return True


def add_multiple(state: State, k: Size, size: Size) -> bool:
    """Takes over that k divides the size; k is positive or of unknown sign, never zero."""
    k, size = normal(state, k), normal(state, size)
    if isinstance(k, int):
        k = abs(k)
    answer = divides(state, k, size)
    if not answer.maybe:
        return answer.yes
    state.fuel -= 1
    if isinstance(k, int) and isinstance(size, Poly):
        terms = {monomial: count % k for monomial, count in size.terms.items() if count % k}
        common = gcd(k, *terms.values())
        if not terms or size.constant % common:
            return size.constant % k == 0 and not terms
        k //= common
        poly = Poly({monomial: count // common for monomial, count in terms.items()}, size.constant // common % k)
        symbol = only_symbol(poly)
        if symbol is not None:
            rest = -poly.constant * pow(poly.terms[(symbol,)], -1, k) % k
            return _scale(state, symbol, k, rest)
        size = poly
    elif isinstance(k, Poly) and isinstance(size, Poly) and not size.constant:
        symbol = only_symbol(size)
        low = bounds(state, k)[0]
        steps = k.symbols.union(*(symbols_of(scale.step) for scale in state.scales.values()))
        if symbol is not None and size.terms[(symbol,)] in (1, -1) and symbol not in steps and low is not None and low >= 1:
            return _scale(state, symbol, k, 0)
    if isinstance(size, Poly):
        state.multiples = (*state.multiples, (size, k))
    return _renewed(state)


def eliminate(state: State, symbol: Symbol, value: Size) -> bool:
    """Solves a symbol: value, which does not mention it, stands for it from now on."""
    low, high = range_of(state, symbol)
    state.ranges.pop(symbol, None)
    new = {symbol: value}
    state.solved = {other: substitute(size, new) for other, size in state.solved.items()}
    state.solved[symbol] = value
    state.scales = {other: Scale(scale.base, substitute(scale.step, new), scale.rest) for other, scale in state.scales.items()}
    if low is not None and not add_positive(state, value - low):
        return False
    if high is not None and not add_positive(state, high - value):
        return False
    return _renewed(state)


def involved(state: State, size: Size) -> bool:
    """Whether facts that no substitution or bound expresses, and not too many, speak of a symbol of the size."""
    facts = [*map(zero_of, state.rules), *state.positive, *state.nonzero, *(num for num, _ in state.multiples)]
    if not 0 < len(facts) <= _FEW:
        return False
    symbols = symbols_of(normal(state, size))
    return any(not symbols.isdisjoint(symbols_of(fact)) for fact in facts)


def _scale(state: State, symbol: Symbol, step: Size, rest: int) -> bool:
    """symbol == step * t + rest, for a new symbol t."""
    low, high = range_of(state, symbol)
    if isinstance(step, int):
        low = None if low is None else -((rest - low) // step)
        high = None if high is None else (high - rest) // step
        if low is not None and high is not None and low > high:
            return False
    else:
        # The step is 1 or more: a positive product has a positive factor, and no factor is above it.
        low = low if low is None or low <= 0 else 1
        high = None if high is None else max(high, -1)
    # The bounds keep the stand-ins of two symbols of one name apart.
    stand_in = Symbol(f"({symbol.name} - {rest})//({step})'{symbol.low},{symbol.high}", low, high)
    above = state.scales.get(symbol)
    if above is not None and isinstance(step, int) and isinstance(above.step, int):
        state.scales[stand_in] = Scale(above.base, above.step * step, above.step * rest + above.rest)
    else:
        state.scales[stand_in] = Scale(symbol, step, rest)
    return eliminate(state, symbol, step * of_atom(stand_in) + rest)


def _settled(state: State) -> bool:
    if not settle(state):
        return False
    symbol = pinned(state)
    if symbol is None:
        return True
    low, _ = range_of(state, symbol)
    assert low is not None
    return eliminate(state, symbol, low)


def _renewed(state: State) -> bool:
    """Brings every fact into normal form again after a symbol was solved or a rule came in."""
    for rule in state.rules:
        if rule in state.rules:
            others = tuple(other for other in state.rules if other is not rule)
            zero = zero_of(rule)
            whole, state.rules = state.rules, others
            new = normal(state, zero)
            state.rules = whole
            if new != zero:
                state.rules = others
                if not add_zero(state, new):
                    return False
    for poly in state.positive:
        new = normal(state, poly)
        if new != poly and poly in state.positive:
            state.positive = tuple(other for other in state.positive if other != poly)
            if not add_positive(state, new):
                return False
    for poly in state.nonzero:
        new = normal(state, poly)
        if new != poly or not is_zero(state, new).maybe:
            state.nonzero = tuple(other for other in state.nonzero if other != poly)
            if not add_nonzero(state, new):
                return False
    for num, den in state.multiples:
        new, k = normal(state, num), normal(state, den)
        if (new, k) != (num, den) and (num, den) in state.multiples:
            state.multiples = tuple(pair for pair in state.multiples if pair != (num, den))
            if not add_multiple(state, k, new):
                return False
    return True


def _add_rule(state: State, poly: Poly) -> bool:
    lead = max(poly.terms, key=height)
    count = poly.terms[lead]
    rest = from_terms({monomial: n for monomial, n in poly.terms.items() if monomial != lead}, poly.constant)
    state.rules = (*state.rules, Rule(abs(count), lead, -rest if count > 0 else rest))
    return _renewed(state)
