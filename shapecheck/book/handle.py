"""`self` inside a layer rule: the attributes of the layer that the user's code sees and may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.book.outcome import Unsure
from shapecheck.values import Instance, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable


class Handle:
    """Reads and writes an instance's attributes; an attribute that is not known ends the rule as Unsure."""

    __slots__ = ("_instance", "_rule", "_store")

    def __init__(self, instance: Instance, rule: type, store: Callable[[Instance, str, Any], None]) -> None:
        object.__setattr__(self, "_instance", instance)
        object.__setattr__(self, "_rule", rule)
        object.__setattr__(self, "_store", store)

    def __getattr__(self, name: str) -> Any:
        instance: Instance = object.__getattribute__(self, "_instance")
        if name in instance.attrs:
            value = instance.attrs[name]
            if isinstance(value, Unknown):
                raise Unsure(value.why)
            return value
        method = getattr(object.__getattribute__(self, "_rule"), name, None)
        if method is None:
            raise Unsure(f"the layer has no attribute {name}")
        return method.__get__(self) if callable(method) else method

    def __setattr__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_store")(object.__getattribute__(self, "_instance"), name, value)

    @property
    def instance(self) -> Instance:
        """The layer itself, as a value."""
        instance: Instance = object.__getattribute__(self, "_instance")
        return instance
