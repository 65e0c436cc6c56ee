"""What was computed before: networks repeat their blocks, and the builders of a file build much the same networks.

A call of a module, or the building of an object, is remembered by everything it may depend on: the attributes of the module and of its
parts, the arguments, what the path knows, and the version of what modules hold (`State.world`). It is kept only if it did nothing but
compute: no refusal, no case picked, no new name, nothing changed that was there before. What it learned about sizes is learned again
with the result; objects are copied. Where a refusal is met, `Explorer` runs the entry once more without this, so that every report
rests on calls that were followed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.copies import Copies, Uncopied, copied_result, is_copied
from shapecheck.run.likeness import PLAIN, Signatures, Unsigned
from shapecheck.run.objects import Class
from shapecheck.sizes import Facts, Poly
from shapecheck.values import Attrs, Instance, Tensor

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MAX_KEPT = 4_000


class Memory:
    """The calls of a run's modules, and the objects built, that may be needed again."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.active = True
        self.signatures = Signatures()
        self._called: dict[Any, tuple[Any, Facts]] = {}
        self._built: dict[Any, tuple[Copies, Facts]] = {}
        self._building = False
        self._filled: list[Instance] = []  # objects that were copied for the one that is being built: they are its own

    @property
    def _off(self) -> bool:
        run = self.run
        listened = run.trace is not None or run.recorder is not None or run.sites_ok is not None
        return not self.active or listened or bool(run.guarded) or run.silenced > 0

    def forward(self, instance: Instance, args: list[Any], kwargs: dict[str, Any], work: Callable[[], Any]) -> Any:
        """The result of `work`, which is the call of a module, or of an earlier call that was the same."""
        if self._off:
            return work()
        run = self.run
        signatures = self.signatures
        signatures.mutable = []
        try:
            key = (
                signatures.instance(instance),
                tuple([signatures.value(value) for value in args]),
                tuple([(name, signatures.value(value)) for name, value in kwargs.items()]),
                *self._circumstances(),
            )
        except Unsigned:
            return work()
        known = self._called.get(key)
        if known is not None:
            result, facts = known
            run.learn(facts)
            return copied_result(result)
        mutable = {id(value) for value in signatures.mutable}
        before, built, mark = self._doings(), len(run.constructed), run.state.mark()
        result = work()
        if (
            self._doings() == before
            and len(run.constructed) == built
            and self._only_computed(mark, mutable, frozenset())
            and is_copied(result, mutable)
        ):
            _keep(self._called, key, (copied_result(result), run.facts))
        return result

    def build(self, instance: Instance, cls: Class, args: list[Any], kwargs: dict[str, Any], work: Callable[[], Any]) -> Any:
        """Give a new object what `work`, its constructor, gives it. cls: whose constructor that is, `instance.cls` or a base of it."""
        if self._off or instance.attrs:
            return work()
        run = self.run
        signatures = self.signatures
        signatures.mutable = []
        # a layer of the book asks nothing of the path where all its numbers are known
        plain = cls.layer is not None and all(type(value) in PLAIN and type(value) is not Poly for value in (*args, *kwargs.values()))
        try:
            key = (
                signatures.identity(instance.cls),
                tuple([signatures.argument(value) for value in args]),
                tuple([(name, signatures.argument(value)) for name, value in kwargs.items()]),
                *(() if plain else self._circumstances()),
            )
        except Unsigned:
            return work()
        known = self._built.get(key)
        if known is not None:
            copies, facts = known
            if not plain:
                run.learn(facts)
            filled, vague = copies.again(instance)
            if self._building:
                self._filled.extend(filled)
            for other in vague:
                run.state.put(run.vague, id(other), other)
            if cls.layer is not None:
                instance.call = run.call_site()
            return instance
        mutable = {id(value) for value in signatures.mutable}
        before, built, mark, doubts = self._doings(), len(run.constructed), run.state.mark(), run.doubts
        outer, filled_before = self._building, len(self._filled)
        self._building = True
        try:
            result = work()
        finally:
            self._building = outer
            filled = self._filled[filled_before:]
            if not outer:
                self._filled.clear()
        if result is not None and result is not instance:
            return result
        made = [instance, *(other for other, _, _ in run.constructed[built:]), *filled]
        if self._doings() == before and self._only_computed(mark, mutable, frozenset(id(other.attrs) for other in made)):
            try:
                copies = Copies(instance, made, run.vague, run.state.shared, doubts == run.doubts)
            except Uncopied:
                return result
            _keep(self._built, key, (copies, run.facts))
        return result

    def _circumstances(self) -> tuple[Any, ...]:
        """What the path knows, and how it is run."""
        state = self.run.state
        return (
            state.world,
            self.signatures.identity(state.facts),
            tuple([(name, self.signatures.value(value)) for name, value in state.pins.items()]),
            tuple(state.decided.items()),
            tuple(state.assumed),
            self.run.lenient > 0,
        )

    def _doings(self) -> tuple[Any, ...]:
        """Counts of what cannot be repeated by putting a result in a call's place."""
        run = self.run
        return len(run.refusals), len(run.doubted.kept), run.asked, run.named, run.halted, run.state.world

    def _only_computed(self, mark: int, mutable: set[int], new: frozenset[int]) -> bool:
        """Whether nothing that was there at the mark was changed but sizes' facts. new: attributes of objects made since."""
        run = self.run
        state = run.state
        outside = {id(frame.env.names) for frame in run.frames}
        outside.update(id(namespace.env.names) for namespace in run.imports.loaded.values())
        outside.update((id(state.pins), id(state.decided)))
        for target, key, old in state.trail[mark:]:
            if target is state or target is run.forwarded or target is run.unfinished or target is run.vague:
                continue
            kind = type(target)
            place = id(target)
            if (kind is Attrs and place not in new) or kind is Tensor or place in outside or place in mutable:
                if state.read(target, key) is not old:
                    return False
        return True


def _keep(memory: dict[Any, Any], key: Any, value: Any) -> None:
    if len(memory) >= MAX_KEPT:
        memory.clear()
    memory[key] = value
