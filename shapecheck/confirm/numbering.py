"""Numbers for the sizes of a witness: small, different, and such that the path's facts hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shapecheck.sizes import Facts, Poly, Size, Symbol, of_atom, substitute, symbols_of
from shapecheck.values import Cond

PRIMES = (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73)
ROUND = (4, 64, 96, 128, 32, 48, 16, 80, 112, 160, 192, 24, 40, 56, 72, 88)
GENERIC = 3  # sizes below this meet by accident: (H - 1)//2 + 1 is H where H is 1


class NoNumbers(Exception):
    """No numbers were found for which the facts of the path hold."""


def numbers_for(
    symbols: Iterable[Symbol], facts: Facts, conditions: Mapping[Cond, bool], liked: tuple[int, ...] = PRIMES
) -> dict[Symbol, int]:
    """A number for each symbol. NoNumbers when none were found."""
    asked = sorted(set(symbols), key=lambda symbol: symbol.order)
    for condition, holds in conditions.items():
        facts = _with(facts, condition if holds else condition.negated())
    for symbol in asked:
        facts = facts.assume_ge(of_atom(symbol), GENERIC) or facts.assume_ge(of_atom(symbol), 1) or facts
    wanted = {symbol: liked[place % len(liked)] for place, symbol in enumerate(asked)}
    found = facts.witness(asked, wanted)
    if found is None:
        raise NoNumbers("no sizes were found for which the path's conditions hold")
    return found


def _with(facts: Facts, condition: Cond) -> Facts:
    """The facts and a comparison of sizes; what is no comparison, or contradicts them, adds nothing."""
    if condition.op not in ("eq", "ne", "lt", "le", "gt", "ge") or not all(isinstance(side, (int, Poly)) for side in condition.args):
        return facts
    grown: Facts | None = getattr(facts, f"assume_{condition.op}")(*condition.args)
    return grown or facts


def number(size: Size, numbers: Mapping[Symbol, int]) -> int:
    """The value of a size. NoNumbers when something in it has none."""
    try:
        value = substitute(size, numbers)
    except ZeroDivisionError:
        value = size
    if not isinstance(value, int):
        raise NoNumbers(f"the size {size} has no value that can be chosen")
    return value


def symbols_in(values: Iterable[object]) -> set[Symbol]:
    """The symbols of all sizes among some values."""
    return {symbol for value in values if isinstance(value, Poly) for symbol in symbols_of(value)}
