"""What a module's forward gave before: networks repeat their blocks, and a block of the same make gives the same for the same input.

A call is remembered by everything it may depend on: the attributes of the module and of its parts, the arguments, and what the path
knows. It is kept only if it did nothing but compute: no refusal, no case picked, no new name, no attribute set. What it learned about
sizes is learned again with the result. Where a refusal is met, `Explorer` runs the entry once more without this, so that every report
rests on calls that were followed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Bound, Class, FileModule, Function, Native
from shapecheck.sizes import Facts, Poly
from shapecheck.values import (
    Attrs,
    DictValue,
    DType,
    External,
    Free,
    Instance,
    ListValue,
    NamedResult,
    SetValue,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MAX_CALLS = 4_000
MAX_ELEMENTS = 64
PLAIN = frozenset((int, float, bool, str, bytes, complex, type(None), type(Ellipsis), DType, External, Poly))
BY_IDENTITY = frozenset((Function, Class, Native, FileModule))


class Unsigned(Exception):
    """A value that has no signature: what it is depends on the path."""


class Memory:
    """The calls of a run's modules that may be needed again."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.calls: dict[Any, tuple[Any, Facts]] = {}
        self.active = True
        self.hits = 0
        self._numbers: dict[Any, int] = {}
        self._held: dict[int, Any] = {}  # what signatures name by identity stays alive, so that no other object gets its number
        self._mutable: list[Any] = []

    def forward(self, instance: Instance, args: list[Any], kwargs: dict[str, Any], work: Callable[[], Any]) -> Any:
        """The result of `work`, which is the call of a module, or of an earlier call that was the same."""
        run = self.run
        if not self.active or run.trace is not None or run.recorder is not None or run.sites_ok is not None or run.guarded or run.silenced:
            return work()
        state = run.state
        self._mutable = []
        try:
            key = (
                self._instance(instance, ()),
                tuple([self._value(value, ()) for value in args]),
                tuple([(name, self._value(value, ())) for name, value in kwargs.items()]),
                self._identity(state.facts),
                tuple([(name, self._value(value, ())) for name, value in state.pins.items()]),
                tuple(state.decided.items()),
                tuple(state.assumed),
                run.lenient > 0,
            )
        except Unsigned:
            return work()
        known = self.calls.get(key)
        if known is not None:
            self.hits += 1
            result, facts = known
            if facts is not state.facts:
                state.put(state, "facts", facts)
            return _again(result)
        mutable = {id(value) for value in self._mutable}
        before = self._doings()
        mark = state.mark()
        result = work()
        if self._doings() == before and self._only_computed(mark, mutable) and _repeatable(result, mutable):
            if len(self.calls) >= MAX_CALLS:
                self.calls.clear()
            self.calls[key] = (result, state.facts)
        return result

    # what a call did

    def _doings(self) -> tuple[Any, ...]:
        """Counts of what cannot be repeated by putting a result in a call's place."""
        run = self.run
        return len(run.refusals), len(run.constructed), run.asked, run.named, run.halted

    def _only_computed(self, mark: int, mutable: set[int]) -> bool:
        """Whether nothing was changed since the mark but sizes' facts and the variables of the functions that were called."""
        run = self.run
        state = run.state
        outside = {id(frame.env.names) for frame in run.frames}
        outside.update(id(namespace.env.names) for namespace in run.imports.loaded.values())
        outside.update((id(state.pins), id(state.decided)))
        for target, key, old in state.trail[mark:]:
            if target is state or target is run.forwarded:
                continue
            kind = type(target)
            if kind is Attrs or kind is Tensor or id(target) in outside or id(target) in mutable:
                if state.read(target, key) is not old:
                    return False
        return True

    # signatures

    def _instance(self, instance: Instance, above: tuple[Instance, ...]) -> int:
        """A number for an object: equal for objects of one class, made at one place, whose attributes are equal."""
        if instance in above:
            raise Unsigned
        attrs = instance.attrs
        above = (*above, instance)
        known = attrs.signature
        if known is None:
            parts: list[Any] = []
            plain: list[Any] = []
            for name, value in attrs.items():
                if type(value) in PLAIN:
                    plain.append((name, type(value), value))
                elif type(value) is Tensor:
                    plain.append((name, self._value(value, above)))
                else:
                    parts.append((name, value))
            place = instance.call
            made = None if place is None else (self._identity(place[0]), place[1], place[2].n if place[2] is not None else 0)
            known = (self._number((self._identity(instance.cls), made, tuple(plain))), parts)
            attrs.signature = known
        own: int = known[0]
        parts = known[1]
        if not parts:
            return own
        return self._number((own, tuple([(name, self._value(value, above)) for name, value in parts])))

    def _value(self, value: Any, above: tuple[Instance, ...]) -> Any:
        kind = type(value)
        if kind in PLAIN:
            return (kind, value)
        if kind is Tensor:
            if value.elements is not None and len(value.elements) > MAX_ELEMENTS:
                raise Unsigned
            return (
                value.shape,
                value.dtype,
                value.layout,
                value.offset,
                None if value.elements is None else tuple(map(repr, value.elements)),
                value.role,
                value.trainable,
                value.device,
            )
        if kind is Instance:
            return ("object", self._instance(value, above))
        if kind in (tuple, Shape):
            return (kind, tuple([self._value(item, above) for item in value]))
        if kind in (ListValue, SetValue):
            self._mutable.append(value)
            if type(value.items) is not tuple:
                raise Unsigned
            return (kind, tuple([self._value(item, above) for item in value.items]))
        if kind is DictValue:
            self._mutable.append(value)
            items = tuple([(key, type(key), self._value(item, above)) for key, item in value.items.items()])
            return (kind, items, value.open, self._value(value.factory, above))
        if kind is Unknown:
            return (kind, value.why)
        if kind is Free:  # what it became stands among the pins
            return (kind, value.name, value.kind)
        if kind is SymFloat:
            return (kind, value.factor, value.size)
        if kind is Bound:
            return (kind, self._value(value.function, above), self._value(value.receiver, above))
        if kind in BY_IDENTITY:
            return (kind, self._identity(value))
        raise Unsigned

    def _identity(self, value: Any) -> int:
        self._held[id(value)] = value
        return id(value)

    def _number(self, content: Any) -> int:
        return self._numbers.setdefault(content, len(self._numbers))


def _repeatable(result: Any, mutable: set[int]) -> bool:
    """Whether another value of the same contents does as well."""
    kind = type(result)
    if kind in PLAIN or kind in (Tensor, Unknown):
        return True
    if kind in (tuple, Shape, NamedResult):
        return all(_repeatable(item, mutable) for item in result)
    if kind is ListValue:
        return id(result) not in mutable and type(result.items) is tuple and all(_repeatable(item, mutable) for item in result.items)
    if kind is DictValue:
        return id(result) not in mutable and all(_repeatable(item, mutable) for item in result.items.values())
    return False


def _again(result: Any) -> Any:
    kind = type(result)
    if kind is Tensor:
        return _copy(result)
    if kind in (tuple, Shape):
        return kind(_again(item) for item in result)
    if kind is NamedResult:
        return NamedResult(result.names, tuple(_again(item) for item in result))
    if kind is ListValue:
        return ListValue(tuple(_again(item) for item in result.items))
    if kind is DictValue:
        made = DictValue({key: _again(item) for key, item in result.items.items()}, result.open)
        made.factory = result.factory
        return made
    return result


def _copy(tensor: Tensor) -> Tensor:
    copied = Tensor(tensor.shape, tensor.dtype, tensor.layout, tensor.offset, tensor.elements, tensor.role, tensor.device)
    copied.made = tensor.made
    copied.trainable = tensor.trainable
    return copied
