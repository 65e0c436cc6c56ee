"""Which names a piece of the program needs when it runs, and which when the functions in it are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .bindings import bound_names
from .ir import (
    AnnAssign,
    Assign,
    Attr,
    AugAssign,
    Call,
    ClassDef,
    Comprehension,
    Delete,
    Expr,
    For,
    FuncDef,
    Global,
    LambdaExpr,
    ListExpr,
    Name,
    Node,
    Starred,
    Subscript,
    TupleExpr,
    Walrus,
    With,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING: frozenset[str] = frozenset()


class Reads(NamedTuple):
    """now: names that are looked up when the piece itself runs; later: those that only bodies of functions look up."""

    now: set[str]
    later: set[str]


def reads(piece: Any) -> Reads:
    """The names that a node, or a tuple of nodes, needs from around it. What a function binds itself is not among them."""
    found = Reads(set(), set())
    stack: list[tuple[Any, bool, frozenset[str]]] = [(piece, False, NOTHING)]
    while stack:
        item, deferred, hidden = stack.pop()
        if isinstance(item, tuple):
            stack += [(part, deferred, hidden) for part in item]
        elif isinstance(item, Name):
            if item.id not in hidden:
                (found.later if deferred else found.now).add(item.id)
        elif isinstance(item, (FuncDef, LambdaExpr)):
            stack += _of_function(item, deferred, hidden)
        elif isinstance(item, Comprehension):
            inner = hidden | {name for target, _, _ in item.generators for name in _names(target)}
            stack += [(item.element, deferred, inner), (item.generators[0][1], deferred, hidden)]
            stack += [(part, deferred, inner) for target, iterable, tests in item.generators for part in (iterable, tests)]
        elif isinstance(item, Global):
            found.later.update(item.names)
        elif isinstance(item, Node):
            targets = _targets(item)
            stack += [(part, deferred, hidden) for target in targets for part in _looked_up(target)]
            stack += [(part, deferred, hidden) for part in _parts(item) if not any(part is target for target in targets)]
    return found


def _of_function(item: FuncDef | LambdaExpr, deferred: bool, hidden: frozenset[str]) -> Iterator[tuple[Any, bool, frozenset[str]]]:
    inner = hidden | {param.name for param in item.params.params}
    for param in item.params.params:
        yield (param.default, param.annotation), deferred, hidden
    if isinstance(item, FuncDef):
        yield (item.decorators, item.params.returns), deferred, hidden
        inner = (inner | set(bound_names(item.body))) - set(_declared(item.body))
    yield item.body, True, inner


def _declared(body: Any) -> Iterator[str]:
    """Names that a function's body declares global."""
    stack = list(body)
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack += item
        elif isinstance(item, Global):
            yield from item.names
        elif isinstance(item, Node) and not isinstance(item, (FuncDef, ClassDef, LambdaExpr, Expr)):
            stack += [getattr(item, field) for field in item.fields]


def declared_global(function: FuncDef) -> list[str]:
    """The names that a function assigns outside of itself."""
    return list(_declared(function.body))


def _targets(item: Node) -> list[Any]:
    """What a statement assigns to; the target of an augmented assignment is read as well."""
    if isinstance(item, Assign):
        return list(item.targets)
    if isinstance(item, (AnnAssign, For, Walrus)):
        return [item.target]
    if isinstance(item, With):
        return [target for _, target in item.items if target is not None]
    return []


def _parts(item: Node) -> Iterator[Any]:
    """What a node consists of, tuples taken apart."""
    stack = [getattr(item, field) for field in item.fields]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack += part
        elif isinstance(part, Node):
            yield part


def _looked_up(target: Any) -> Iterator[Any]:
    """What an assignment to a target reads: of `a.b[i], c = …` it is `a` and `i`."""
    if isinstance(target, (TupleExpr, ListExpr)):
        for item in target.items:
            yield from _looked_up(item)
    elif isinstance(target, Starred):
        yield from _looked_up(target.value)
    elif not isinstance(target, Name):
        yield target


def _names(target: Any) -> Iterator[str]:
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, (TupleExpr, ListExpr)):
        for item in target.items:
            yield from _names(item)
    elif isinstance(target, Starred):
        yield from _names(target.value)


def root(expression: Any) -> str | None:
    """The variable that `model.layers[0].fc` begins with; also through calls: `model.modules()`."""
    while True:
        if isinstance(expression, (Attr, Subscript, Starred)):
            expression = expression.value
        elif isinstance(expression, Call):
            expression = expression.func
        else:
            return expression.id if isinstance(expression, Name) else None


def parts_changed(item: Node) -> Iterator[str]:
    """The variables of whose objects a statement assigns or deletes a part: `model` of `model.fc = …` and of `del model[0]`."""
    targets = _targets(item)
    if isinstance(item, AugAssign):
        targets = [item.target]
    elif isinstance(item, Delete):
        targets = list(item.targets)
    while targets:
        target = targets.pop()
        if isinstance(target, (TupleExpr, ListExpr)):
            targets += target.items
        elif isinstance(target, (Attr, Subscript, Starred)):
            name = root(target)
            if name is not None:
                yield name


def inside(piece: Any, kinds: Any, functions: bool = False) -> Iterator[Any]:
    """The nodes of some kinds in a piece, those in bodies of functions and classes only if `functions`."""
    stack = [piece]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack += item
        elif isinstance(item, Node):
            if isinstance(item, kinds):
                yield item
            if functions or not isinstance(item, (FuncDef, ClassDef, LambdaExpr)):
                stack += [getattr(item, field) for field in item.fields]
