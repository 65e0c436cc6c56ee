"""What is known about sizes on one path, and the questions that can be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shapecheck.sizes import assume, decide
from shapecheck.sizes.atoms import Interval, Symbol
from shapecheck.sizes.interval import empty, meet, size_range
from shapecheck.sizes.poly import Size, of_atom
from shapecheck.sizes.rewrite import normal, shown
from shapecheck.sizes.state import State
from shapecheck.sizes.text import operand
from shapecheck.sizes.truth import Truth, truth
from shapecheck.sizes.witness import Said, find

_FUEL = 40
_TRIAL = 6
_GENERIC = 3
_MEMO = 20_000
_GREW = 1_000
_ADD = {"zero": assume.add_zero, "nonzero": assume.add_nonzero, "positive": assume.add_positive}


class Facts:
    """Known equalities, inequalities and divisibilities. Immutable: assuming gives a new one, or None for a contradiction.

    A size that divides by what the facts make zero has no value: every answer about it is MAYBE.
    """

    __slots__ = ("_grew", "_memo", "_said", "_state")

    def __init__(self) -> None:
        self._state = State()
        self._said: tuple[Said, ...] = ()
        self._memo: dict[tuple[str, Size], Truth] = {}
        self._grew: dict[tuple[str, Size, Size], Facts | None] = {}  # paths that assume the same share what they work out

    def bounds(self, size: Size) -> Interval:
        """The lowest and the highest value of the size; None where there is no bound or none is known."""
        if isinstance(size, int):
            return size, size
        try:
            found = decide.bounds(self._state, normal(self._state, size))
        except ZeroDivisionError:
            return None, None
        # Facts that contradict each other without our seeing it may leave nothing: then they count for nothing.
        return size_range(size) if empty(found) else found

    def simplify(self, size: Size) -> Size:
        """The size as the facts allow to write it."""
        if isinstance(size, int) or self._state.empty:
            return size
        try:
            return shown(self._state, size)
        except ZeroDivisionError:
            return size

    def eq(self, a: Size, b: Size) -> Truth:
        if isinstance(a, int) and isinstance(b, int):
            return truth(a == b)
        return self._ask("zero", a - b)

    def ne(self, a: Size, b: Size) -> Truth:
        return ~self.eq(a, b)

    def le(self, a: Size, b: Size) -> Truth:
        return self._ask("positive", b - a)

    def lt(self, a: Size, b: Size) -> Truth:
        return self._ask("positive", b - a - 1)

    def ge(self, a: Size, b: Size) -> Truth:
        return self.le(b, a)

    def gt(self, a: Size, b: Size) -> Truth:
        return self.lt(b, a)

    def divides(self, k: Size, a: Size) -> Truth:
        """Whether k divides a. NO for the constant 0; a symbolic k is taken not to be zero, as in a % k."""
        try:
            return decide.divides(self._state, normal(self._state, k), normal(self._state, a))
        except ZeroDivisionError:
            return Truth.MAYBE

    def differ_generically(self, a: Size, b: Size) -> bool:
        """Whether both sides depend on a common symbol and provably differ for all values of 3 and more of every symbol in a - b.

        Small sizes meet by accident ((H - 1)//2 + 1 is H for H == 1): what differs for all others is a mistake.
        """
        if isinstance(a, int) or isinstance(b, int) or a.symbols.isdisjoint(b.symbols):
            return False
        difference = a - b
        if isinstance(difference, int):
            return difference != 0
        if self._state.empty:
            ranges = {symbol: meet((symbol.low, symbol.high), (_GENERIC, None)) for symbol in difference.symbols}
            return not any(map(empty, ranges.values())) and decide.is_zero(State(ranges=ranges), difference).no
        facts: Facts | None = self
        for symbol in sorted(difference.symbols, key=lambda symbol: symbol.order):
            facts = facts and facts.assume_le(_GENERIC, of_atom(symbol))
        return facts is not None and facts._ask("zero", difference).no

    def assume_eq(self, a: Size, b: Size) -> Facts | None:
        return self._with("zero", a - b, a, "==", b)

    def assume_ne(self, a: Size, b: Size) -> Facts | None:
        return self._with("nonzero", a - b, a, "!=", b)

    def assume_le(self, a: Size, b: Size) -> Facts | None:
        return self._with("positive", b - a, a, "<=", b)

    def assume_lt(self, a: Size, b: Size) -> Facts | None:
        return self._with("positive", b - a - 1, a, "<", b)

    def assume_ge(self, a: Size, b: Size) -> Facts | None:
        return self._with("positive", a - b, a, ">=", b)

    def assume_gt(self, a: Size, b: Size) -> Facts | None:
        return self._with("positive", a - b - 1, a, ">", b)

    def assume_divides(self, k: Size, a: Size) -> Facts | None:
        """k divides a, and is not zero."""
        facts = self.assume_ne(k, 0)
        if facts is None:
            return None
        answer = facts.divides(k, a)
        if not answer.maybe:
            return facts if answer.yes else None
        return facts._grown(Said("multiple", a, f"{operand(a)} % {operand(k)} == 0", k))

    def known(self) -> list[str]:
        """The facts in words, in the order in which they were assumed."""
        return [said.text for said in self._said]

    def witness(self, symbols: Iterable[Symbol], wanted: Mapping[Symbol, int] | None = None) -> dict[Symbol, int] | None:
        """Small values for the symbols, different ones where possible, within bounds and facts; None when none were found."""
        try:
            return find(self._state, self._said, symbols, wanted or {})
        except ZeroDivisionError:
            return None

    def __reduce__(self) -> tuple[Any, ...]:
        # The order inside a monomial is one of this process: another one works everything out again.
        return _replayed, (self._said,)

    def __repr__(self) -> str:
        return f"Facts({', '.join(self.known())})"

    def _ask(self, kind: str, size: Size) -> Truth:
        if isinstance(size, int):
            return truth(size == 0 if kind == "zero" else size >= 0)
        key = (kind, size)
        found = self._memo.get(key)
        if found is None:
            if len(self._memo) >= _MEMO:
                self._memo.clear()
            decision = decide.is_zero if kind == "zero" else decide.is_positive
            try:
                found = decision(self._state, normal(self._state, size))
                if found.maybe and assume.involved(self._state, size):
                    found = self._refuted(kind, size)
            except ZeroDivisionError:
                found = Truth.MAYBE
            self._memo[key] = found
        return found

    def _refuted(self, kind: str, size: Size) -> Truth:
        """NO where the answer yes contradicts the facts, YES where the answer no does."""
        if not _ADD[kind](self._state.copy(_TRIAL), size):
            return Truth.NO
        if kind == "positive" and not assume.add_positive(self._state.copy(_TRIAL), -size - 1):
            return Truth.YES
        return Truth.MAYBE

    def _with(self, kind: str, size: Size, a: Size, sign: str, b: Size) -> Facts | None:
        answer = self._ask("positive" if kind == "positive" else "zero", size)
        if kind == "nonzero":
            answer = ~answer
        if not answer.maybe:
            return self if answer.yes else None
        return self._grown(Said(kind, size, f"{a} {sign} {b}", 0))

    def _grown(self, said: Said) -> Facts | None:
        key = (said.kind, said.size, said.divisor)
        if key not in self._grew:
            if len(self._grew) >= _GREW:
                self._grew.clear()
            self._grew[key] = self._with_fact(said)
        return self._grew[key]

    def _with_fact(self, said: Said) -> Facts | None:
        state = self._state.copy(_FUEL)
        try:
            if said.kind == "multiple":
                fits = assume.add_multiple(state, said.divisor, said.size)
            else:
                fits = _ADD[said.kind](state, said.size)
        except ZeroDivisionError:
            # Under this fact something known is divided by zero. Python would say so before we do: nothing new is known here.
            return self
        if not fits:
            return None
        new = Facts()
        new._state = state
        new._said = (*self._said, said)
        return new


def _replayed(said: tuple[Said, ...]) -> Facts:
    facts = Facts()
    for fact in said:
        facts = facts._grown(fact) or facts
    return facts
