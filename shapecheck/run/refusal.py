"""What is kept of a refusal until it is reported: torch's reason, and where the program stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shapecheck.book.outcome import Refused
from shapecheck.run.began import Began, Knowledge
from shapecheck.run.giver import Giver
from shapecheck.values import Cond, Instance, Tensor

Place = tuple[Any, int, int]  # namespace, chunk, ordinal
BEHIND = "torch refuses what comes before"  # why a value is missing
DOUBTED = "torch may refuse what comes before"
UNFIT = "a call does not fit the signature that is stated for it"


def way(places: list[Place]) -> tuple[Any, ...]:
    """The places in every open frame, as they are in any run of the same beginning."""
    return tuple([(str(namespace.module.path), chunk, n) for namespace, chunk, n in places])


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value


@dataclass
class EntryCall:
    """The outermost call on the way to a refusal: its label, the object it belongs to, the parameters as they were."""

    label: str
    receiver: Instance | None
    arguments: dict[str, Any]


@dataclass
class Refusal:
    """A refusal met on a path.

    stack     the place in every open frame, outermost first, with the frame's label.
    instance  the layer that was built or called, if it was one.
    tensors   the tensor arguments.
    choices   the cases that had been picked before (`Run.choose`), in order.
    entry     how the run began: what was constructed and called with which inputs.
    began     the same with the values themselves, for whoever wants to begin it again.
    pins      what free values had become, by name.
    conditions  what had been assumed on the path.
    forward   the outermost call of a module's forward on the way, as if the run had begun with it.
    claims    where nothing raises: expressions, and the tensors that they are said to be.
    giver     the layer that gave a tensor the size which does not fit, and the argument it has it from.
    assumed   the conditions of the arms that were open.
    other     what is refused on the other arm of a condition that is not known.
    passed    how often the places that are asked about had passed until then.
    receivers  the objects whose methods were open, outermost first.
    turn      how often this place had passed before on the same way: a block that is used ten times passes nine.
    """

    refused: Refused
    stack: list[tuple[Place, str]]
    instance: Instance | None
    tensors: tuple[Tensor, ...]
    entry: Any = None
    facts: Any = None
    choices: tuple[Any, ...] = ()
    call: EntryCall | None = None
    began: Began | None = None
    pins: dict[str, Any] = field(default_factory=dict)
    conditions: dict[Cond, bool] = field(default_factory=dict)
    claims: tuple[tuple[Place, Tensor], ...] = ()
    forward: Began | None = None
    turn: int = 0
    giver: Giver | None = None
    receivers: tuple[Instance, ...] = ()
    assumed: tuple[Cond, ...] = ()
    other: Refusal | None = None
    passed: dict[Any, int] = field(default_factory=dict)

    @property
    def knowledge(self) -> Knowledge:
        """How the run began, and what was known when it was refused."""
        others = (self.refused.expected, self.refused.actual, *self.tensors)
        return Knowledge(self.began, self.facts, self.pins, self.conditions, others)

    @property
    def causes(self) -> set[tuple[Any, ...]]:
        """What two refusals have in common that one mistake brings about: a tensor that does not fit, in the same numbers, on the way of
        the same call. At module level every statement is a call of its own."""
        if len(self.stack) < 2 or self.refused.actual is None:
            return set()
        tensors = [tensor for tensor in (self.refused.culprit, *self.tensors) if isinstance(tensor, Tensor)]
        sizes = frozenset(repr(_single(size)) for size in (self.refused.expected, self.refused.actual))
        return {(self.stack[0][0], id(tensor), sizes) for tensor in tensors}

    @property
    def site(self) -> tuple[Any, int, int]:
        """The innermost place: what makes two refusals the same one."""
        namespace, chunk, n = self.stack[-1][0]
        return (str(namespace.module.path), chunk, n)

    @property
    def way(self) -> tuple[Any, ...]:
        """How the run came to the innermost place."""
        return way([place for place, _ in self.stack])
