"""What a loop's body uses: the names that it reads, and of which of them only attributes or the class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapecheck.source import ir

OF_CLASS = frozenset(("isinstance", "type", "issubclass"))  # builtins that look at the class of their first argument
OF_ATTRIBUTE = frozenset(("hasattr", "getattr"))  # at one attribute of it
OPEN = frozenset(("super", "locals", "vars", "eval", "exec", "globals", "__class__", "dir"))  # nobody sees from the text what these read


class Usage:
    """names: every name that occurs. parts: for names of which only attributes or the class are used, which attributes.

    closed: whether that is all there is to see: no `super()`, `locals()`, `global` or the like.
    builtins: those that are taken for what they are usually.
    """

    __slots__ = ("builtins", "closed", "names", "parts")

    def __init__(self, names: tuple[str, ...], parts: dict[str, tuple[str, ...]], closed: bool, builtins: frozenset[str]) -> None:
        self.names = names
        self.parts = parts
        self.closed = closed
        self.builtins = builtins


def usage_of(pieces: Iterable[Any]) -> Usage:
    """What statements or expressions use, those in functions and comprehensions inside them included."""
    parts: dict[str, set[str]] = {}
    whole: set[str] = set()
    builtins: set[str] = set()
    closed = True
    stack: list[Any] = list(pieces)
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is tuple:
            stack.extend(item)
        elif kind is ir.Name:
            whole.add(item.id)
        elif kind is ir.Attr and type(item.value) is ir.Name:
            parts.setdefault(item.value.id, set()).add(item.name)
        elif kind is ir.Call and _looks_at_part(item):
            named, looked = item.func.id, item.args[0].value.id
            builtins.add(named)
            found = parts.setdefault(looked, set())
            if named in OF_ATTRIBUTE:
                found.add(item.args[1].value.value)
            stack.extend(item.args[1:])
        elif isinstance(item, ir.Node):
            if kind in (ir.Global, ir.Nonlocal, ir.YieldExpr, ir.AwaitExpr, ir.ClassDef, ir.Import, ir.ImportFrom):
                closed = False
            stack.extend([getattr(item, name) for name in item.fields])
    names = tuple(sorted(whole | parts.keys()))
    only = {name: tuple(sorted(found)) for name, found in parts.items() if name not in whole}
    return Usage(names, only, closed and OPEN.isdisjoint(names), frozenset(builtins))


def _looks_at_part(call: ir.Call) -> bool:
    """Whether this is `isinstance(x, …)`, `type(x)`, `hasattr(x, "name")` or `getattr(x, "name", …)`."""
    if type(call.func) is not ir.Name or not call.args or any(arg.star or arg.name for arg in call.args):
        return False
    if type(call.args[0].value) is not ir.Name:
        return False
    if call.func.id in OF_CLASS:
        return len(call.args) <= 2
    return (
        call.func.id in OF_ATTRIBUTE
        and len(call.args) >= 2
        and type(call.args[1].value) is ir.Const
        and isinstance(call.args[1].value.value, str)
    )
