"""The run as rules see it (`shapecheck.book.context.Context`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import FreeShape
from shapecheck.sizes import Facts, Poly, Size
from shapecheck.values import Free, Tensor

if TYPE_CHECKING:
    from shapecheck.run.run import Run


class RuleContext:
    """Adapts a run to what rules ask."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.spelled = ""

    @property
    def facts(self) -> Facts:
        return self.run.state.facts

    def learn(self, facts: Facts | None) -> None:
        self.run.learn(facts)

    def tensor(self, value: Free, ranks: Sequence[int]) -> Tensor:
        return self.run.free.tensor(value, ranks)

    def integer(self, value: Free) -> Size:
        return self.run.free.integer(value)

    def pinned(self, value: Any) -> Any:
        value = self.run.resolve(value)
        return self.run.rank_now(value) if isinstance(value, FreeShape) else value

    def choose(self, key: Any, options: int) -> int:
        return self.run.choose(key, options)

    def fresh(self, name: str, low: int | None = 0, high: int | None = None) -> Poly:
        return self.run.fresh(name, low, high)

    @property
    def counting(self) -> bool:
        return self.run.recorder is not None

    def multiplied(self, factors: tuple[Size, ...]) -> None:
        if self.run.recorder is not None:
            self.run.recorder.count(factors)

    def build(self, name: str, *args: Any, **kwargs: Any) -> Any:
        cls = self.run.classes.external(name)
        assert cls is not None, name
        return self._outside(lambda: self.run.classes.instantiate(cls, list(args), kwargs, None))

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return self._outside(lambda: self.run.call(function, list(args), kwargs))

    def _outside(self, work: Any) -> Any:
        """Run the interpreter from inside a rule; the rule's own name is restored afterwards."""
        spelled = self.spelled
        try:
            return work()
        finally:
            self.spelled = spelled
