"""Keys for values: two values with one signature are the same to whatever is computed from them."""

from __future__ import annotations

from typing import Any

from shapecheck.run.objects import Bound, Class, FileModule, Function, Native, Partial
from shapecheck.sizes import Poly
from shapecheck.values import (
    MISSING,
    Choice,
    Cond,
    DictValue,
    DType,
    External,
    Free,
    Instance,
    ListValue,
    SetValue,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
)

MAX_ELEMENTS = 64
PLAIN = frozenset((int, float, bool, str, bytes, complex, type(None), type(Ellipsis), DType, External, Poly))
BY_IDENTITY = frozenset((Function, Class, Native, FileModule))


class Unsigned(Exception):
    """A value that has no signature: what it is depends on the path."""


class Signatures:
    """Gives values their signatures. `mutable` gathers the lists, sets and dicts that were met."""

    def __init__(self) -> None:
        self.mutable: list[Any] = []
        self._numbers: dict[Any, int] = {}
        self._held: dict[int, Any] = {}  # what is named by identity stays alive, so that no other object gets its number

    def identity(self, value: Any) -> int:
        self._held[id(value)] = value
        return id(value)

    def instance(self, instance: Instance, above: tuple[Instance, ...] = ()) -> int:
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
                    plain.append((name, self.value(value)))
                else:
                    parts.append((name, value))
            place = instance.call
            made = None if place is None else (self.identity(place[0]), place[1], place[2].n if place[2] is not None else 0)
            known = (self._number((self.identity(instance.cls), made, tuple(plain))), parts)
            attrs.signature = known
        own: int = known[0]
        parts = known[1]
        if not parts:
            return own
        return self._number((own, tuple([(name, self.value(value, above)) for name, value in parts])))

    def value(self, value: Any, above: tuple[Instance, ...] = ()) -> Any:
        """Something hashable for a value. `above`: the objects inside which it was found."""
        kind = type(value)
        if kind in PLAIN:
            return (kind, value)
        if kind is Tensor:
            return self._tensor(value)
        if kind is Instance:
            return ("object", self.instance(value, above))
        if kind in (tuple, Shape):
            return (kind, tuple([self.value(item, above) for item in value]))
        if kind in (ListValue, SetValue):
            self.mutable.append(value)
            if type(value.items) is not tuple:
                raise Unsigned
            return (kind, tuple([self.value(item, above) for item in value.items]))
        if kind is DictValue:
            self.mutable.append(value)
            items = tuple([(key, type(key), self.value(item, above)) for key, item in value.items.items()])
            return (kind, items, value.open, self.value(value.factory, above))
        if kind is Unknown:
            return (kind, value.why)
        if kind is Free:  # what it became stands among the pins
            return (kind, value.name, value.kind)
        if kind is SymFloat:
            return (kind, value.factor, value.size)
        if kind is Choice:
            return (kind, value.guard, self.value(value.yes, above), self.value(value.no, above))
        if kind is Cond or value is MISSING:
            return (kind, value)
        if kind is Bound:
            return (kind, self.value(value.function, above), self.value(value.receiver, above))
        if kind is Partial:
            named = tuple([(name, self.value(item, above)) for name, item in value.kwargs.items()])
            return (kind, self.value(value.function, above), self.value(value.args, above), named)
        if kind in BY_IDENTITY:
            return (kind, self.identity(value))
        raise Unsigned

    def argument(self, value: Any) -> Any:
        """A signature for what a constructor gets: objects and parameters that it may keep are the same only if they are the very same."""
        kind = type(value)
        if kind is Instance or (kind is Tensor and value.role):
            return (self.identity(value), self.value(value))
        if kind is tuple:
            return (kind, tuple([self.argument(item) for item in value]))
        if kind in (ListValue, SetValue) and type(value.items) is tuple:
            self.mutable.append(value)
            return (kind, tuple([self.argument(item) for item in value.items]))
        if kind is DictValue:
            self.mutable.append(value)
            items = tuple([(key, type(key), self.argument(item)) for key, item in value.items.items()])
            return (kind, items, value.open, self.value(value.factory))
        return self.value(value)

    def _tensor(self, tensor: Tensor) -> Any:
        elements = tensor.elements
        if elements is not None:
            if len(elements) > MAX_ELEMENTS:
                raise Unsigned
            elements = tuple(map(repr, elements))
        return (tensor.shape, tensor.dtype, tensor.layout, tensor.offset, elements, tensor.role, tensor.trainable, tensor.device)

    def _number(self, content: Any) -> int:
        return self._numbers.setdefault(content, len(self._numbers))
