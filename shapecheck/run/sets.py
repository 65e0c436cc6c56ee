"""Sets: of values of which it is known whether they are equal. One that gets any other value has unknown items from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import PyRaise
from shapecheck.values import MISSING, Repeated, SetValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Keys = tuple[Any, ...]
LOST = "a set of unknown items"


def keys_of(run: Run, items: Any) -> Keys | None:
    """Each different value once, or None when that is not known."""
    keys = [run.key(item) for item in items] if isinstance(items, tuple) else [MISSING]
    return None if MISSING in keys else tuple(dict.fromkeys(keys))


def set_of(run: Run, items: Any) -> Any:
    """A set of these items."""
    keys = keys_of(run, items)
    return Unknown(LOST) if keys is None else SetValue(keys)


def _union(a: Keys, b: Keys) -> Keys:
    return tuple(dict.fromkeys((*a, *b)))


def _intersection(a: Keys, b: Keys) -> Keys:
    return tuple(key for key in a if key in b)


def _difference(a: Keys, b: Keys) -> Keys:
    return tuple(key for key in a if key not in b)


def _symmetric(a: Keys, b: Keys) -> Keys:
    return _union(_difference(a, b), _difference(b, a))


COMBINE: dict[str, Callable[[Keys, Keys], Keys]] = {
    "union": _union,
    "intersection": _intersection,
    "difference": _difference,
    "symmetric_difference": _symmetric,
}
OPERATORS = {"|": "union", "&": "intersection", "-": "difference", "^": "symmetric_difference"}
IN_PLACE = {
    "update": "union",
    "intersection_update": "intersection",
    "difference_update": "difference",
    "symmetric_difference_update": "symmetric_difference",
}
COMPARE: dict[str, Callable[[set[Any], set[Any]], bool]] = {
    "==": set.__eq__,
    "!=": set.__ne__,
    "<=": set.__le__,
    "<": set.__lt__,
    ">=": set.__ge__,
    ">": set.__gt__,
    "issubset": set.__le__,
    "issuperset": set.__ge__,
    "isdisjoint": set.isdisjoint,
}


def binary(run: Run, op: str, a: SetValue, b: SetValue) -> Any:
    """`a | b` and its kin."""
    return _combined(run, OPERATORS[op], a, (b,)) if op in OPERATORS else Unknown(f"{op} of sets")


def compare(run: Run, op: str, a: SetValue, b: Any) -> Any:
    left, right = keys_of(run, a.items), keys_of(run, run.items(b))
    return run.undecided() if left is None or right is None else COMPARE[op](set(left), set(right))


def _combined(run: Run, name: str, self: SetValue, others: tuple[Any, ...]) -> Any:
    keys = keys_of(run, self.items)
    for other in others:
        more = keys_of(run, run.items(other))
        if keys is None or more is None:
            return Unknown(LOST)
        keys = COMBINE[name](keys, more)
    return Unknown(LOST) if keys is None else SetValue(keys)


def _change(run: Run, self: SetValue, changed: Any) -> None:
    items = changed.items if isinstance(changed, SetValue) else Repeated(Unknown(LOST), Unknown("the length of " + LOST))
    run.state.put(self, "items", items)


def method(run: Run, self: SetValue, name: str, args: list[Any]) -> Any:
    """`self.name(*args)`"""
    if name in COMBINE:
        return _combined(run, name, self, tuple(args))
    if name in COMPARE and args:
        return compare(run, name, self, args[0])
    if name == "copy":
        return SetValue(self.items)
    changed: Any = Unknown(LOST)
    result: Any = None
    if name in IN_PLACE:
        changed = _combined(run, IN_PLACE[name], self, tuple(args))
    elif name == "clear":
        changed = SetValue()
    elif name == "add":
        changed = _combined(run, "union", self, ((args[0],),))
    elif name in ("discard", "remove"):
        key = run.key(args[0])
        if name == "remove" and isinstance(self.items, tuple) and key is not MISSING and key not in self.items:
            raise PyRaise("KeyError")
        changed = _combined(run, "difference", self, ((args[0],),))
    else:
        result = Unknown(f"{name} of a set")
    _change(run, self, changed)
    return result
