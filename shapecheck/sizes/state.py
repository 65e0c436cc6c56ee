"""What is known on a path, in normal form: the data behind Facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from shapecheck.sizes.atoms import Interval, Monomial, Symbol
from shapecheck.sizes.poly import Poly, Size


class Rule(NamedTuple):
    """An equality that no symbol solves: times * monomial is rest."""

    times: int
    monomial: Monomial
    rest: Size


class Scale(NamedTuple):
    """base == step * t + rest for the symbol t that stands in for base since step is known to divide base - rest."""

    base: Symbol
    step: Size
    rest: int


@dataclass
class State:
    """Sizes in it mention no solved symbol. Assumptions work on a copy; the state of a Facts never changes."""

    solved: dict[Symbol, Size] = field(default_factory=dict)
    scales: dict[Symbol, Scale] = field(default_factory=dict)
    ranges: dict[Symbol, Interval] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    positive: tuple[Poly, ...] = ()  # each is 0 or more
    nonzero: tuple[Poly, ...] = ()
    multiples: tuple[tuple[Poly, Size], ...] = ()  # (n, k): k divides n
    fuel: int = 0  # how many more consequences an assumption may work out

    def copy(self, fuel: int) -> State:
        return State(
            self.solved.copy(), self.scales.copy(), self.ranges.copy(), self.rules, self.positive, self.nonzero, self.multiples, fuel
        )

    @property
    def empty(self) -> bool:
        return not (self.solved or self.ranges or self.rules or self.positive or self.nonzero or self.multiples)


def range_of(state: State, symbol: Symbol) -> Interval:
    return state.ranges.get(symbol, (symbol.low, symbol.high))


def zero_of(rule: Rule) -> Size:
    """The polynomial that the rule says is zero."""
    return Poly({rule.monomial: rule.times}, 0) - rule.rest
