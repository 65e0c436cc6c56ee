"""Numbers for names: an example that a person can run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from shapecheck.sizes.atoms import Symbol
from shapecheck.sizes.poly import Size, of_atom
from shapecheck.sizes.replace import substitute, symbols_of
from shapecheck.sizes.state import State, range_of

_LIKED = (2, 3, 5, 7, 4, 6, 8, 9, 10, 11, 13, 12, 16, 32, 64, 1, 14, 15, 17, 24, 28, 128, 224, 256, 512, 0)
_SPAN = 40  # how many values from the lowest on are tried besides those
_TRIES = 4_000


class Said(NamedTuple):
    """A fact as it was assumed: `size` is zero, nonzero, positive (0 or more), or a multiple of `divisor`."""

    kind: str
    size: Size
    text: str
    divisor: Size

    def holds(self, values: Mapping[Symbol, Size]) -> bool:
        """Whether it holds for these values; True also where an opaque value leaves it open."""
        try:
            value, divisor = substitute(self.size, values), substitute(self.divisor, values)
        except ZeroDivisionError:
            return False
        if not isinstance(value, int) or not isinstance(divisor, int):
            return True
        if self.kind == "multiple":
            return divisor != 0 and value % divisor == 0
        return {"zero": value == 0, "nonzero": value != 0, "positive": value >= 0}[self.kind]


def find(state: State, said: tuple[Said, ...], symbols: Iterable[Symbol], wanted: Mapping[Symbol, int]) -> dict[Symbol, int] | None:
    """Values for the symbols, by trying; different values first, and the wanted ones before others."""
    asked = sorted(set(symbols) | set(wanted), key=lambda symbol: symbol.order)
    search = _Search(state, said, asked, wanted)
    for distinct in (True, False):
        found = search.run(distinct)
        if found is not None:
            return found
    return None


class _Search:
    def __init__(self, state: State, said: tuple[Said, ...], asked: list[Symbol], wanted: Mapping[Symbol, int]) -> None:
        self.state = state
        self.asked = asked
        self.checks = [
            Said(fact.kind, substitute(fact.size, state.solved), "", substitute(fact.divisor, state.solved))
            for fact in (*said, *_admitted(state))
        ]
        self.order = self.ordered()
        self.due = self.schedule()
        self.wanted: dict[Symbol, int] = {}
        for symbol, value in wanted.items():
            size = state.solved.get(symbol, of_atom(symbol))
            for inner in symbols_of(size):
                solution = _solution(size - value, inner)
                if solution is not None:
                    self.wanted[inner] = solution
        self.tries = 0

    def ordered(self) -> list[Symbol]:
        """The free symbols: those of one fact side by side, so that it is checked early."""
        order: dict[Symbol, None] = {}
        for check in self.checks:
            order.update(dict.fromkeys(sorted(symbols_of(check.size) | symbols_of(check.divisor), key=lambda symbol: symbol.order)))
        for symbol in self.asked:
            inner = symbols_of(self.state.solved.get(symbol, of_atom(symbol)))
            order.update(dict.fromkeys(sorted(inner, key=lambda symbol: symbol.order)))
        return list(order)

    def schedule(self) -> list[list[Said]]:
        """For each place in the order, the facts whose last symbol stands there."""
        place = {symbol: number for number, symbol in enumerate(self.order)}
        due: list[list[Said]] = [[] for _ in self.order]
        for check in self.checks:
            needed = symbols_of(check.size) | symbols_of(check.divisor)
            if needed:
                due[max(place[symbol] for symbol in needed)].append(check)
        return due

    def run(self, distinct: bool) -> dict[Symbol, int] | None:
        self.tries = _TRIES
        values = next(self.extend(0, {}, distinct), None)
        if values is None:
            return None
        found: dict[Symbol, int] = {}
        for symbol in self.asked:
            value = substitute(self.state.solved.get(symbol, of_atom(symbol)), values)
            if not isinstance(value, int):
                return None
            found[symbol] = value
        return found

    def extend(self, place: int, values: dict[Symbol, Size], distinct: bool) -> Iterator[dict[Symbol, Size]]:
        if place == len(self.order):
            yield values
            return
        symbol = self.order[place]
        for value in self.candidates(place, values):
            if self.tries <= 0:
                return
            self.tries -= 1
            if distinct and value in values.values():
                continue
            more = {**values, symbol: value}
            if all(check.holds(more) for check in self.due[place]):
                yield from self.extend(place + 1, more, distinct)

    def candidates(self, place: int, values: dict[Symbol, Size]) -> list[int]:
        symbol = self.order[place]
        low, high = range_of(self.state, symbol)
        start = low if low is not None else 1 if high is None else min(1, high)
        pool = [*_LIKED, *range(start, start + _SPAN + len(self.order))]
        if symbol in self.wanted:
            pool.insert(0, self.wanted[symbol])
        for check in self.due[place]:
            if check.kind == "zero":
                try:
                    solution = _solution(substitute(check.size, values), symbol)
                except ZeroDivisionError:
                    continue
                if solution is not None:
                    pool = [solution]
        return [value for value in dict.fromkeys(pool) if (low is None or value >= low) and (high is None or value <= high)]


def _admitted(state: State) -> list[Said]:
    """That solved symbols keep to their own bounds."""
    limits = [of_atom(symbol) - symbol.low for symbol in state.solved if symbol.low is not None]
    limits += [symbol.high - of_atom(symbol) for symbol in state.solved if symbol.high is not None]
    return [Said("positive", limit, "", 0) for limit in limits]


def _solution(size: Size, symbol: Symbol) -> int | None:
    """The zero of a size that is linear in this symbol and has no other."""
    if isinstance(size, int) or size.terms.keys() != {(symbol,)}:
        return None
    count = size.terms[(symbol,)]
    return None if size.constant % count else -size.constant // count
