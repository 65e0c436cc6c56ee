"""Work that is only followed as long as it is short: decorators, the module level of imported files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Spent

if TYPE_CHECKING:
    from shapecheck.run.run import Run

A_DECORATOR = 3_000  # steps; one that writes documentation or looks at signatures takes more, and says nothing of shapes
AN_IMPORT = 40_000  # steps that one statement of an imported file's module level may take


def short(run: Run, most: int, work: Callable[[], Any], otherwise: Any) -> Any:
    """What `work` gives if it takes no more than `most` steps; else `otherwise`, and what it changed is taken back."""
    budget, serials, mark = run.budget, run.serials.copy(), run.state.mark()
    back = _place(run)
    run.budget = min(budget, run.steps + most)
    try:
        return work()
    except Spent:
        if run.steps > budget:
            raise
        back()
        run.state.undo(mark)
        run.serials = serials
        return otherwise
    finally:
        run.budget = budget


def aside(run: Run, work: Callable[[], None]) -> None:
    """Work that somebody's budget does not pay for, because others need it too: it has one of its own."""
    budget, before = run.budget, run.steps
    back = _place(run)
    run.budget = min(run.whole_budget, before + AN_IMPORT)
    try:
        work()
    except Spent:
        if run.steps > run.whole_budget:
            raise
        back()
    finally:
        run.budget = min(run.whole_budget, budget + run.steps - before)


def _place(run: Run) -> Callable[[], None]:
    """Something that brings the interpreter back to where it is now, its state aside."""
    state = run.state
    depths = len(run.frames), len(state.forks), len(state.assumed), len(run.guarded)
    silenced, lenient = run.silenced, run.lenient

    def back() -> None:
        for stack, depth in zip((run.frames, state.forks, state.assumed, run.guarded), depths, strict=True):
            del stack[depth:]  # type: ignore[attr-defined]
        run.silenced, run.lenient = silenced, lenient

    return back
