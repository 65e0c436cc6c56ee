"""Copies of results and of built objects, so that what is remembered is nobody's to change."""

from __future__ import annotations

from typing import Any

from shapecheck.run.likeness import PLAIN
from shapecheck.run.objects import Bound, Class, Function, Partial
from shapecheck.values import (
    Choice,
    Cond,
    DictValue,
    Free,
    Instance,
    ListValue,
    NamedResult,
    Repeated,
    SetValue,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
)


class Uncopied(Exception):
    """A value of which no other can be made: it remembers what it was made in."""


def is_copied(result: Any, mutable: set[int], choices: bool = True) -> bool:
    """Whether a copy does as well as a call's result.

    mutable  what was there before the call.
    choices  whether it may depend on a condition: not if the call made new ones, for another call has others.
    """
    kind = type(result)
    if kind in PLAIN or kind in (Tensor, Unknown):
        return True
    if kind in (tuple, Shape, NamedResult):
        return all(is_copied(item, mutable, choices) for item in result)
    if kind is ListValue:
        return id(result) not in mutable and type(result.items) is tuple and all(is_copied(item, mutable, choices) for item in result.items)
    if kind is DictValue:
        return id(result) not in mutable and all(is_copied(item, mutable, choices) for item in result.items.values())
    if kind is Choice:
        return choices and is_copied(result.yes, mutable) and is_copied(result.no, mutable)
    if kind is Cond:
        return choices
    if kind is Function or kind is Class:  # what is defined within a call is another one in the next
        return result.env is None or result.env.outer is None
    return False


def copied_result(result: Any) -> Any:
    """A copy of what a call gave."""
    kind = type(result)
    if kind is Tensor:
        return result.copy()
    if kind in (tuple, Shape):
        return kind(copied_result(item) for item in result)
    if kind is NamedResult:
        return NamedResult(result.names, tuple(copied_result(item) for item in result))
    if kind is ListValue:
        return ListValue(tuple(copied_result(item) for item in result.items))
    if kind is Choice:
        return Choice(result.guard, copied_result(result.yes), copied_result(result.no))
    if kind is DictValue:
        made = DictValue({key: copied_result(item) for key, item in result.items.items()}, result.open)
        made.factory = result.factory
        return made
    return result


class Copies:
    """An object as its constructor left it, with the objects made for it; `again` gives another one the same.

    made    the objects that the constructor made, itself included: they are copied, others are shared.
    vague   objects that were built from what is not known, by identity.
    shared  what modules hold, by identity: shared as well.
    choices whether values that depend on a condition are copied: not if the condition is new, for another object has another.
    """

    def __init__(self, instance: Instance, made: list[Instance], vague: dict[int, Instance], shared: set[int], choices: bool) -> None:
        self._shared = shared
        new = {id(other) for other in made}
        copier = _Copier(new, shared, choices)
        self._kept = copier.instance(instance)
        self._new = {id(copy) for original, copy in copier.copies.items() if original in new}
        self._vague = [copy for original, copy in copier.copies.items() if original in new and original in vague and copy is not self._kept]

    def again(self, instance: Instance) -> tuple[list[Instance], list[Instance]]:
        """Fill a new object; the objects made with it, and those of them that are vague."""
        copier = _Copier(self._new, self._shared)
        copier.copies[id(self._kept)] = instance
        copier.fill(instance, self._kept)
        made = [copy for kept, copy in copier.copies.items() if kept in self._new]
        return made, [copier.copies[id(kept)] for kept in self._vague if id(kept) in copier.copies]


class _Copier:
    def __init__(self, new: set[int], shared: set[int], choices: bool = True) -> None:
        self.new = new
        self.choices = choices
        self.shared = shared
        self.copies: dict[int, Any] = {}

    def instance(self, instance: Instance) -> Instance:
        known: Instance | None = self.copies.get(id(instance))
        if known is None:
            known = Instance(instance.cls, instance.made, instance.call)
            self.copies[id(instance)] = known
            self.fill(known, instance)
            signature = instance.attrs.signature
            if signature is not None and not signature[1]:
                known.attrs.signature = signature
        return known

    def fill(self, copied: Instance, instance: Instance) -> None:
        attrs = copied.attrs
        for name, value in instance.attrs.items():
            attrs[name] = value if type(value) in PLAIN else self.value(value)

    def value(self, value: Any) -> Any:
        kind = type(value)
        if kind in PLAIN or kind in (Unknown, Free, SymFloat, Class):
            return value
        if kind is Instance:
            return self.instance(value) if id(value) in self.new else value
        if kind in (tuple, Shape):
            return kind(self.value(item) for item in value)
        if kind is Function:
            if value.env.outer is not None:
                raise Uncopied  # it sees variables of the constructor, `self` among them
            return value
        if kind is Bound:
            return Bound(self.value(value.function), self.value(value.receiver))
        if kind is Partial:
            named = {name: self.value(item) for name, item in value.kwargs.items()}
            return Partial(self.value(value.function), self.value(value.args), named)
        if kind is Choice and self.choices:
            return Choice(value.guard, self.value(value.yes), self.value(value.no))
        if kind is Repeated:
            return Repeated(self.value(value.element), value.count)
        return self._container(kind, value)

    def _container(self, kind: type, value: Any) -> Any:
        if id(value) in self.shared:
            return value
        known = self.copies.get(id(value))
        if known is None:
            known = self.copies[id(value)] = self._made_like(kind, value)
            if kind in (ListValue, SetValue):
                known.items = self.value(value.items)
            elif kind is DictValue:
                known.items = {key: self.value(item) for key, item in value.items.items()}
        return known

    def _made_like(self, kind: type, value: Any) -> Any:
        if kind is Tensor:
            return value.copy()
        if kind in (ListValue, SetValue):
            return kind()
        if kind is DictValue:
            made = DictValue({}, value.open)
            made.factory = self.value(value.factory)
            return made
        raise Uncopied
