"""Rounds of loops that were run before with the same: the initialising of each layer of a model.

The conditions are those of `memory.py`. What a round reads is seen from its text (`usage.py`), so that a large object of which only the
class or a number is asked does not have to be compared as a whole. A loop whose rounds seldom meet the same is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.copies import copied_result, is_copied
from shapecheck.run.likeness import PLAIN, Unsigned
from shapecheck.run.usage import Usage, usage_of
from shapecheck.values import MISSING, Instance, Tensor

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.memory import Memory
    from shapecheck.run.objects import Env

TRIES = 60  # so often a loop is tried before it has to show that it repeats itself
SHORT = 10  # steps: what takes fewer is run sooner than compared
MAX_READ = 12  # names


class Body:
    """A loop's body, and how often it met the same."""

    __slots__ = ("closed", "hits", "node", "steps", "tries", "usage")

    def __init__(self, node: Any) -> None:
        self.node = node  # kept alive: it is known by its identity
        self.usage: Usage = usage_of(node.body)
        self.closed = self.usage.closed and len(self.usage.names) <= MAX_READ
        self.tries = self.hits = self.steps = 0

    @property
    def worth(self) -> bool:
        """Whether to look for the same again."""
        if self.tries < TRIES:
            return True
        return self.hits * 4 >= self.tries and self.steps >= SHORT * (self.tries - self.hits)


class Rounds:
    """What rounds of loops did."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._bodies: dict[int, Body] = {}
        self._known: dict[Any, Any] = {}

    def run(self, node: Any, frame: Frame, work: Callable[[], Any]) -> Any:
        """What `work` returns, one round of a loop whose variable is bound; None where it went on behind the body."""
        memory = self.memory
        body = self._bodies.get(id(node))
        if body is None:
            body = self._bodies[id(node)] = Body(node)
        if not body.closed or memory.off or not body.worth:
            return work()
        run = memory.run
        names = frame.env.names
        signatures = memory.signatures
        signatures.mutable = []
        body.tries += 1
        try:
            key = (id(node), self._read(body.usage, frame.env), *memory.circumstances())
        except Unsigned:
            return work()
        known = self._known.get(key)
        if known is not None:
            body.hits += 1
            bound, facts = known
            run.learn(facts)
            for name, value in bound:
                run.state.put(names, name, copied_result(value))
            return None
        mutable = {id(value) for value in signatures.mutable}
        before, mark, steps, exits = self._doings(), run.state.mark(), run.steps, len(frame.exits)
        floor = run.state.open()
        leave = work()
        run.state.close(floor, frame.exits)
        body.steps += run.steps - steps
        if leave is not None or len(frame.exits) != exits or self._doings() != before:
            return leave
        written = dict.fromkeys(key for target, key, _ in run.state.trail[mark:] if target is names)
        values = [(name, names.get(name, MISSING)) for name in written]
        if memory.only_computed(mark, mutable, frozenset((id(names),))) and all(is_copied(value, mutable) for _, value in values):
            memory.keep(self._known, key, ([(name, copied_result(value)) for name, value in values], run.facts))
        return leave

    def _doings(self) -> tuple[Any, ...]:
        """What cannot be repeated by leaving a round out, picked cases and built objects included."""
        run = self.memory.run
        return (*self.memory.doings(), len(run.asked), run.doubts, len(run.constructed))

    def _read(self, usage: Usage, env: Env | None) -> tuple[Any, ...]:
        """What stands for the variables of functions that are read; those of modules are in the version of the world."""
        found: list[Any] = []
        for name in usage.names:
            scope = env
            while scope is not None and scope.outer is not None and name not in scope.names:
                scope = scope.outer
            if scope is None or scope is scope.globals.env or name not in scope.names:
                continue
            value = scope.names[name]
            found.append((name, self._object(usage, name, value) if type(value) is Instance else self.memory.signatures.value(value)))
        return tuple(found)

    def _object(self, usage: Usage, name: str, value: Instance) -> Any:
        """What stands for an object: what is read of it where that is seen, else all of it."""
        signatures = self.memory.signatures
        parts = usage.parts.get(name)
        attrs = value.attrs
        known = attrs.signature
        if parts is None:
            if known is None:
                signatures.instance(value)  # notes what is plain of it
                known = attrs.signature
            if known[1]:
                raise Unsigned
            return known[0]
        cls = value.cls
        if cls.find("__getattr__") is not None or cls.find("__getattribute__") is not None:
            raise Unsigned
        read: list[Any] = []
        for part in parts:
            held = attrs.get(part, MISSING)
            if held is MISSING:
                found = cls.find(part)
                if (found is not None and type(found[0]) not in PLAIN) or self.memory.run.modules.method(value, part) is not None:
                    raise Unsigned
            elif type(held) not in PLAIN and type(held) is not Tensor and type(held) is not tuple:
                raise Unsigned
            else:
                read.append((part, signatures.value(held)))
        return (signatures.identity(cls), "?" in attrs, tuple(read))
