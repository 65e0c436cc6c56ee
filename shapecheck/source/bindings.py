"""Which names a run of statements binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .ir import (
    AnnAssign,
    Assign,
    AugAssign,
    ClassDef,
    For,
    FuncDef,
    Handler,
    Import,
    ImportFrom,
    LambdaExpr,
    ListExpr,
    Name,
    Node,
    Pattern,
    Starred,
    TupleExpr,
    Walrus,
    With,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .ir import Stmt


def bound_names(statements: Iterable[Stmt]) -> list[str]:
    """Names in order of their first binding, those in nested blocks included, those in nested scopes not."""
    found: dict[str, None] = {}
    stack: list[Any] = list(statements)[::-1]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack += item[::-1]
        elif isinstance(item, Node):
            found.update(dict.fromkeys(_own(item)))
            if not isinstance(item, (FuncDef, ClassDef, LambdaExpr)):
                stack += [getattr(item, field) for field in reversed(item.fields)]
    return list(found)


def _own(node: Node) -> Iterator[str]:
    """The names that the node itself binds."""
    if isinstance(node, (FuncDef, ClassDef)):
        yield node.name
    elif isinstance(node, Import):
        yield from (as_name or name.partition(".")[0] for name, as_name in node.names)
    elif isinstance(node, ImportFrom):
        yield from (as_name or name for name, as_name in node.names if name != "*")
    elif isinstance(node, Assign):
        for target in node.targets:
            yield from targets(target)
    elif isinstance(node, (AugAssign, For, Walrus)):
        yield from targets(node.target)
    elif isinstance(node, AnnAssign):
        if node.value is not None:
            yield from targets(node.target)
    elif isinstance(node, With):
        for _, into in node.items:
            yield from targets(into)
    elif isinstance(node, Handler):
        if node.name is not None:
            yield node.name
    elif isinstance(node, Pattern) and node.kind in ("star", "as", "mapping"):
        if node.parts[-1] is not None:
            yield node.parts[-1]


def targets(target: Node | None) -> Iterator[str]:
    """The names in an assignment target; attributes and items bind none."""
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, (TupleExpr, ListExpr)):
        for item in target.items:
            yield from targets(item)
    elif isinstance(target, Starred):
        yield from targets(target.value)
