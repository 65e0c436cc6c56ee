"""Adding what is known to a state. Every function changes its state and says False when the new fact contradicts the others.

After False the state is spoilt: Facts works on a copy.
"""

from __future__ import annotations

from math import gcd

from shapecheck.sizes.atoms import Atom, FloorDiv, Monomial, Symbol
from shapecheck.sizes.decide import divides, is_positive, is_zero, oriented, reduced
from shapecheck.sizes.exact import content, exact_div, without
from shapecheck.sizes.poly import Poly, Size, from_terms, of_atom
from shapecheck.sizes.replace import substitute, symbols_of
from shapecheck.sizes.rewrite import normal
from shapecheck.sizes.state import Rule, Scale, State, range_of, zero_of
from shapecheck.sizes.tighten import narrow, pinned, settle, squeeze


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
    remainder = _as_remainder(poly)
    if remainder is not None and state.fuel > 0:
        return add_multiple(state, *remainder)
    single = _solvable(poly)
    if single is not None:
        count = poly.terms[(single,)]
        rest = poly - count * of_atom(single)
        if abs(count) == 1:
            return eliminate(state, single, -rest if count == 1 else rest)
        if state.fuel > 0 and _one_residue(rest, abs(count)):
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
    if len(poly.terms) > 1 or not isinstance(_only_symbol(poly), Symbol):
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
    symbol = _only_symbol(poly)
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
        symbol = _only_symbol(poly)
        if symbol is not None:
            rest = -poly.constant * pow(poly.terms[(symbol,)], -1, k) % k
            return _scale(state, symbol, k, rest)
        size = poly
    elif isinstance(k, Poly) and isinstance(size, Poly) and not size.constant:
        symbol = _only_symbol(size)
        low = k_low(state, k)
        if symbol is not None and size.terms[(symbol,)] in (1, -1) and symbol not in k.symbols and low is not None and low >= 1:
            return _scale(state, symbol, k, 0)
    if isinstance(size, Poly):
        state.multiples = (*state.multiples, (size, k))
    return _renewed(state)


def k_low(state: State, k: Poly) -> int | None:
    from shapecheck.sizes.decide import bounds

    return bounds(state, k)[0]


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
    name = str((of_atom(symbol) - rest) // step) if isinstance(step, int) else f"{symbol.name}//({step})"
    stand_in = Symbol(name + "'", low, high)
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
    lead = max(poly.terms, key=_height)
    count = poly.terms[lead]
    rest = from_terms({monomial: n for monomial, n in poly.terms.items() if monomial != lead}, poly.constant)
    state.rules = (*state.rules, Rule(abs(count), lead, -rest if count > 0 else rest))
    return _renewed(state)


def _height(monomial: Monomial) -> tuple[object, ...]:
    """What a rule rewrites goes first: deep before shallow, long before short."""
    return max(atom.depth for atom in monomial), len(monomial), sorted((atom.order for atom in monomial), reverse=True)


def _as_remainder(poly: Poly) -> tuple[Size, Size] | None:
    """(k, n - r) where the polynomial is a multiple of n % k - r."""
    for monomial, count in poly.terms.items():
        for atom in monomial:
            if isinstance(atom, FloorDiv):
                others = without(monomial, (atom,))
                times = exact_div(from_terms({others: -count}, 0) if others else -count, atom.den)
                if isinstance(times, int):
                    rest = poly - times * (atom.num - atom.den * of_atom(atom))
                    left = exact_div(rest, times)
                    if isinstance(left, int):
                        return atom.den, atom.num + left
    return None


def _solvable(poly: Poly) -> Symbol | None:
    """The symbol to solve for: it stands alone in one term, best with coefficient 1, and the most special name goes first."""
    found: list[Symbol] = []
    for monomial in poly.terms:
        if len(monomial) == 1 and isinstance(monomial[0], Symbol):
            symbol = monomial[0]
            if not any(symbol in atom.symbols for other in poly.terms if other != monomial for atom in other):
                found.append(symbol)
    return max(found, key=lambda symbol: (-abs(poly.terms[(symbol,)]), *_speciality(symbol)), default=None)


def _speciality(symbol: Symbol) -> tuple[object, ...]:
    name = symbol.name
    return name.count(".") + name.count("["), symbol.order


def _one_residue(rest: Size, k: int) -> bool:
    if isinstance(rest, int):
        return False
    odd = [monomial for monomial, count in rest.terms.items() if count % k]
    return len(odd) == 1 and len(odd[0]) == 1 and isinstance(odd[0][0], Symbol)


def _only_symbol(poly: Poly) -> Symbol | None:
    if len(poly.terms) == 1:
        [monomial] = poly.terms
        if len(monomial) == 1 and isinstance(monomial[0], Symbol):
            return monomial[0]
    return None


