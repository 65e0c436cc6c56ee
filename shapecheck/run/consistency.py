"""Whether what a path took for given can all be true at once: looked at where something is refused, which is rare."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapecheck.run.state import State
    from shapecheck.values import Cond

ORDERS = ("eq", "ne", "lt", "le", "gt", "ge")
ROUNDS = 6
MOST = 400  # conditions


def impossible(state: State) -> bool:
    """Whether the decided conditions of the path contradict each other.

    `not (a and b)` says nothing of either when it is decided; once `a` holds, `b` does not. That is carried on until nothing is new;
    then each comparison has to agree with what is known of the sizes.
    """
    if len(state.decided) > MOST:
        return False
    mark = state.mark()
    try:
        for _ in range(ROUNDS):
            before = len(state.decided)
            for cond, holds in tuple(state.decided.items()):
                if any(not state.assume(part, value) for part, value in _forced(state, cond, holds)):
                    return True
            if len(state.decided) == before:
                break
        return any(_denied(state, cond, holds) for cond, holds in state.decided.items() if cond.op in ORDERS)
    finally:
        state.undo(mark)


def _forced(state: State, cond: Cond, holds: bool) -> Iterator[tuple[Cond, bool]]:
    """What has to hold of the parts of a condition that is decided."""
    if cond.op == "not":
        yield cond.args[0], not holds
    elif cond.op in ("and", "or"):
        if holds is (cond.op == "and"):
            yield from ((part, holds) for part in cond.args)
            return
        for one, other in (cond.args, cond.args[::-1]):
            known = state.decide(one)
            if not known.maybe and known.yes is not holds:
                yield other, holds


def _denied(state: State, cond: Cond, holds: bool) -> bool:
    answer = getattr(state.facts, cond.op)(*cond.args)
    return not answer.maybe and answer.yes is not holds
