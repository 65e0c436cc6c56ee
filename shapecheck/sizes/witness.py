"""Numbers for names: an example that a person can run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from shapecheck.sizes.atoms import Symbol
from shapecheck.sizes.poly import Size
from shapecheck.sizes.replace import evaluate, symbols_of
from shapecheck.sizes.state import State, range_of

_LIKED = (2, 3, 5, 7, 4, 6, 8, 9, 10, 11, 13, 12, 16, 32, 64, 1, 14, 15, 17, 24, 28, 128, 224, 256, 512, 0)
_TRIES = 20_000


class Said(NamedTuple):
    """A fact as it was assumed: `size` is zero, nonzero, positive (0 or more), or a multiple of `divisor`."""

    kind: str
    size: Size
    text: str
    divisor: Size

    def holds(self, values: Mapping[str, int]) -> bool:
        try:
            value, divisor = evaluate(self.size, values), evaluate(self.divisor, values)
        except ZeroDivisionError:
            return False
        if self.kind == "multiple":
            return divisor != 0 and value % divisor == 0
        return {"zero": value == 0, "nonzero": value != 0, "positive": value >= 0}[self.kind]


def find(state: State, said: tuple[Said, ...], symbols: Iterable[Symbol], wanted: Mapping[Symbol, int]) -> dict[Symbol, int] | None:
    asked = sorted(set(symbols) | set(wanted), key=lambda symbol: symbol.order)
    search = _Search(state, said, asked, wanted)
    for distinct in (True, False):
        found = search.run(distinct)
        if found is not None:
            return {symbol: found[symbol.name] for symbol in asked}
    return None


class _Search:
    def __init__(self, state: State, said: tuple[Said, ...], asked: list[Symbol], wanted: Mapping[Symbol, int]) -> None:
        self.state = state
        self.said = said
        self.wanted = wanted
        everything = set(asked).union(*(symbols_of(fact.size) | symbols_of(fact.divisor) for fact in said))
        self.known = sorted(everything, key=lambda symbol: symbol.order)
        self.free = sorted(
            {inner for symbol in self.known for inner in symbols_of(state.solved.get(symbol, 0)) or {symbol} if inner not in state.solved},
            key=lambda symbol: symbol.order,
        )
        self.tries = _TRIES

    def run(self, distinct: bool) -> dict[str, int] | None:
        self.tries = _TRIES
        return next(self.extend(0, {}, distinct), None)

    def extend(self, place: int, values: dict[str, int], distinct: bool) -> Iterator[dict[str, int]]:
        if place == len(self.free):
            full = self.complete(values)
            if full is not None:
                yield full
            return
        symbol = self.free[place]
        for value in self.candidates(symbol):
            if self.tries <= 0:
                return
            self.tries -= 1
            if not (distinct and value in values.values()):
                yield from self.extend(place + 1, {**values, symbol.name: value}, distinct)

    def candidates(self, symbol: Symbol) -> list[int]:
        low, high = range_of(self.state, symbol)
        start = low if low is not None else 1 if high is None else min(1, high)
        pool = [*([self.wanted[symbol]] if symbol in self.wanted else []), *_LIKED, *range(start, start + 40)]
        return [v for v in dict.fromkeys(pool) if (low is None or v >= low) and (high is None or v <= high)]

    def complete(self, values: dict[str, int]) -> dict[str, int] | None:
        try:
            full = self.solved(values)
        except ZeroDivisionError:
            return None
        return full if full is not None and all(fact.holds(full) for fact in self.said) else None

    def solved(self, values: dict[str, int]) -> dict[str, int] | None:
        full = dict(values)
        for symbol in self.known:
            if symbol in self.state.solved:
                full[symbol.name] = evaluate(self.state.solved[symbol], values)
            value = full[symbol.name]
            if (symbol.low is not None and value < symbol.low) or (symbol.high is not None and value > symbol.high):
                return None
        return full
