"""Refusals on arms of a condition that was not followed. It may always be decided the other way, so one arm alone proves nothing; where
either arm is refused, or is the only one that does not raise, the refusal stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from shapecheck.run import conditions
from shapecheck.run.objects import PyRaise
from shapecheck.run.refusal import Refusal
from shapecheck.values import Cond

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MAX_TRIED = 8  # refusals of an arm


class Doubted:
    """The refusals of a run that were met only under a condition that is not known."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.kept: list[Refusal] = []

    def settle(self, first: int, second: int, yes_raised: bool, no_raised: bool) -> None:
        """Both arms of a condition are done, and so is its fork. `first`, `second`: how many refusals were kept when each arm began.

        An arm that raises by itself leaves the other as the only one; inside a `try` it may be taken, and leaves nothing.
        """
        run = self.run
        yes, no = self.kept[first:second][:MAX_TRIED], self.kept[second:][:MAX_TRIED]
        lonely = not run.guarded and not run.silenced
        depth = len(run.state.assumed)
        if yes and no:
            standing = self._of_both(yes, no, depth)
        elif yes and no_raised and lonely:
            standing = [_without(refusal, depth) for refusal in yes]
        elif no and yes_raised and lonely:
            standing = [_without(refusal, depth) for refusal in no]
        else:
            return
        for refusal in standing:
            if doubtful(run, refusal.assumed):
                self.kept.append(refusal)
                continue
            run.halted = run.halted or not refusal.assumed
            run.refusals.append(refusal)
        if run.first_refusal_ends and run.halted and run.refusals:
            raise PyRaise(run.refusals[-1].refused.error)  # only wanted to know whether a later place passes: it is not reached

    def _of_both(self, yes: Sequence[Refusal], no: Sequence[Refusal], depth: int) -> list[Refusal]:
        """Refusals of one arm, each with one of the other that is met under the same further conditions or under fewer."""
        found = []
        for one in yes:
            rest = one.assumed[depth + 1 :]
            other = next((other for other in no if not _exclude(rest, other.assumed[depth + 1 :])), None)
            if other is not None:
                more = tuple(cond for cond in other.assumed[depth + 1 :] if cond not in rest)
                found.append(replace(_without(one, depth), assumed=(*one.assumed[:depth], *rest, *more), other=other))
        return found


def doubtful(run: Run, assumed: Sequence[Cond]) -> bool:
    """Whether something was assumed that may never be so."""
    return any(conditions.unclear(cond) or conditions.degenerate(cond, True, run.state.decide) for cond in assumed)


def _exclude(one: Sequence[Cond], other: Sequence[Cond]) -> bool:
    return any(cond.negated() in other for cond in one)


def _without(refusal: Refusal, depth: int) -> Refusal:
    """A refusal of an arm, no longer resting on the arm's condition."""
    gone = refusal.assumed[depth]
    known = {cond: holds for cond, holds in refusal.conditions.items() if cond not in (gone, gone.negated())}
    return replace(refusal, assumed=(*refusal.assumed[:depth], *refusal.assumed[depth + 1 :]), conditions=known)
