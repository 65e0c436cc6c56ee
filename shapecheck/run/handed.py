"""Where a number comes from that a constructor was only handed: from `nn.Linear(features, 10)` to the `Head(512)` around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shapecheck.run.objects import Function
from shapecheck.source import ir
from shapecheck.values import Instance


class Handed(NamedTuple):
    """The expression that a parameter called `name` got in the call that built the object around."""

    namespace: Any
    chunk: int
    value: ir.Expr
    name: str


def handed(argument: Any, namespace: Any, chunk: int, receivers: Sequence[Instance]) -> Iterator[Handed]:
    """From the inside out, as long as the argument is a parameter of an `__init__` and nothing else was put in its place.

    receivers  the objects whose methods are open, outermost first: one of them built the layer.
    """
    for receiver in reversed(receivers):
        if type(argument) is not ir.Name:
            return
        found = receiver.cls.find("__init__")
        function = found[0] if found is not None else None
        if not isinstance(function, Function) or function.chunk != chunk or function.env.globals is not namespace:
            continue
        if all(node is not argument for node in _nodes(function.node)):
            continue
        value = _given(receiver, function, argument.id)
        if value is None:
            return
        namespace, chunk = receiver.call[0], receiver.call[1]
        yield Handed(namespace, chunk, value, argument.id)
        argument = value


def _given(receiver: Instance, function: Function, name: str) -> ir.Expr | None:
    """What the call that built an object has for a parameter, where the call says it and the body leaves the name alone."""
    call = receiver.call[2] if receiver.call is not None else None
    params = [param.name for param in function.params if param.kind in ("pos_only", "pos_or_kw")][1:]
    if type(call) is not ir.Call or name in _assigned(function.node):
        return None
    for arg in call.args:
        if arg.name == name:
            return arg.value
    if name not in params or any(arg.star for arg in call.args):
        return None
    positional = [arg.value for arg in call.args if arg.name is None]
    return positional[params.index(name)] if params.index(name) < len(positional) else None


def _assigned(node: ir.Node) -> set[str]:
    """Names that stand in targets."""
    names = set()
    for inner in _nodes(node):
        for field in ("targets", "target"):
            if field in inner.fields:
                names |= {name.id for name in _nodes(getattr(inner, field)) if isinstance(name, ir.Name)}
        if isinstance(inner, ir.With):
            names |= {name.id for name in _nodes(inner.items) if isinstance(name, ir.Name)}
    return names


def _nodes(item: Any) -> Iterator[Any]:
    stack = [item]
    while stack:
        item = stack.pop()
        if isinstance(item, ir.Node):
            yield item
            stack.extend(getattr(item, field) for field in item.fields)
        elif isinstance(item, tuple):
            stack.extend(item)
