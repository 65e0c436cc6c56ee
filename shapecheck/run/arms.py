"""Refusals on the arms of conditions. A condition that was not followed may always be decided the other way, so that one arm alone proves
nothing; where either arm is refused, or is the only one that does not raise, the refusal stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shapecheck.run import conditions
from shapecheck.run.objects import PyRaise
from shapecheck.run.refusal import Refusal
from shapecheck.values import Cond

if TYPE_CHECKING:
    from shapecheck.run.run import Run

NOT_SIZES = ("SHP117", "SHP118", "SHP120", "SHP121", "SHP202")  # refusals for what an argument is, not for its size
MAX_KEPT = 100


@dataclass(frozen=True)
class Kept:
    """A refusal under conditions. told: it, or what it was made of, is among the refusals of the run already."""

    refusal: Refusal
    told: bool


class Arms:
    """What is refused under conditions, and what follows from it: of two refusals, one where a condition holds and one where it does not,
    one is met, under the other conditions of both."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.kept: list[Kept] = []
        self.began: list[tuple[int, int]] = []  # where each of the open arms began: the open frames, and what had left the last of them

    def enter(self) -> None:
        """An arm begins."""
        frames = self.run.frames
        self.began.append((len(frames), len(frames[-1].exits) if frames else 0))

    def keep(self, refusal: Refusal, told: bool) -> None:
        """Remember a refusal, and note what is certain now. Where part of an arm has left before (`return`), the rest of the arm says
        nothing of the whole."""
        frames, (depth, exits) = self.run.frames, self.began[0]
        left = (depth > 0 and len(frames[depth - 1].exits) > exits) or any(frame.exits for frame in frames[depth:])
        if refusal.refused.raises and not left:
            self._add([Kept(refusal, told)])

    def alone(self, first: int, second: int, raised: Sequence[bool]) -> None:
        """Both arms of a condition are done, and so is its fork. Where one raises by itself, the other is the only one. Inside a `try` it
        may be taken all the same. `first`, `second`: how many refusals were kept when each arm began."""
        depth = len(self.run.state.assumed)
        if raised[0] != raised[1] and not self.run.guarded and not self.run.silenced:
            arm = [kept for kept in (self.kept[second:] if raised[0] else self.kept[first:second]) if len(kept.refusal.assumed) > depth]
            self._add([replace(kept, refusal=_without(kept.refusal, kept.refusal.assumed[depth])) for kept in arm])

    def dead(self, first: int, second: int) -> tuple[bool, bool]:
        """Which of the two arms of a condition need not be followed beyond their fork: what comes after it is certain to be refused, or not
        to be, on the other arm alone, where this one is refused and the condition is not known. Not both."""
        depth = len(self.run.state.assumed)
        yes, no = (
            any(not kept.told and len(kept.refusal.assumed) == depth + 1 for kept in arm)
            for arm in (self.kept[first:second], self.kept[second:])
        )
        return (yes, no) if yes != no else (False, False)

    def _add(self, pending: list[Kept]) -> None:
        run = self.run
        while pending and len(self.kept) < MAX_KEPT:
            new = pending.pop()
            assumed = set(new.refusal.assumed)
            if any(assumed.issuperset(old.refusal.assumed) for old in self.kept):
                continue
            if not doubtful(run, new.refusal.assumed):
                run.halted = run.halted or not assumed
                if not new.told:
                    run.refusals.append(new.refusal)
                    new = replace(new, told=True)
            pending += [either for old in self.kept if (either := _either(old, new)) is not None]
            self.kept.append(new)
        if run.first_refusal_ends and run.halted and run.refusals:
            raise PyRaise(run.refusals[-1].refused.error)  # only wanted to know whether a later place passes: it is not reached


def doubtful(run: Run, assumed: Sequence[Cond]) -> bool:
    """Whether something was assumed that may never be so."""
    return any(conditions.unclear(cond) or conditions.degenerate(cond, True, run.state.decide) for cond in assumed)


def _either(one: Kept, two: Kept) -> Kept | None:
    """What is refused whichever way the one condition is decided on which two refusals differ. A size that does not fit is named first."""
    opposed = [cond for cond in one.refusal.assumed if cond.negated() in two.refusal.assumed]
    if len(opposed) != 1:
        return None
    cond = opposed[0]
    if one.refusal.refused.code in NOT_SIZES and two.refusal.refused.code not in NOT_SIZES:
        one, two, cond = two, one, cond.negated()
    rest = tuple([other for other in two.refusal.assumed if other != cond.negated() and other not in one.refusal.assumed])
    refusal = _without(one.refusal, cond)
    return Kept(replace(refusal, assumed=(*refusal.assumed, *rest), other=two.refusal), one.told or two.told)


def _without(refusal: Refusal, gone: Cond) -> Refusal:
    """A refusal that no longer rests on a condition."""
    known = {cond: holds for cond, holds in refusal.conditions.items() if cond not in (gone, gone.negated())}
    return replace(refusal, assumed=tuple([cond for cond in refusal.assumed if cond != gone]), conditions=known)
