"""Statements with blocks, except definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ir import Case, Expr, For, Handler, If, Match, Stmt, Try, While, With
from ..words import word
from .table import EXPR, PATTERN, STMT, Ticker, statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    import libcst as cst


def block(nodes: Iterable[Any], t: Ticker) -> tuple[Stmt, ...]:
    """The statements of a block; a line of libcst's holds several when they are parted by semicolons."""
    statements = []
    for node in nodes:
        lower = STMT.get(type(node))
        if lower is not None:
            statements.append(lower(node, t))
        else:
            statements += [STMT[type(part)](part, t) for part in node.body]
    return tuple(statements)


def _suite(node: Any, t: Ticker) -> tuple[Stmt, ...]:
    """The block of an else, a finally; or nothing."""
    return block(node.body.body, t) if node is not None else ()


@statement("If")
def if_(node: cst.If, t: Ticker) -> Stmt:
    arms: list[tuple[int, Expr, tuple[Stmt, ...]]] = []
    orelse: Any = node
    while type(orelse) is type(node):  # an elif: walked, so that a long ladder is not a deep recursion
        test = orelse.test
        arms.append((t(orelse), EXPR[type(test)](test, t), block(orelse.body.body, t)))
        orelse = orelse.orelse
    rest = _suite(orelse, t)
    for n, condition, body in reversed(arms):
        result = If(n, condition, body, rest)
        rest = (result,)
    return result


@statement("For")
def for_(node: cst.For, t: Ticker) -> Stmt:
    n = t(node)
    target, iterable = EXPR[type(node.target)](node.target, t), EXPR[type(node.iter)](node.iter, t)
    return For(n, target, iterable, block(node.body.body, t), _suite(node.orelse, t))


@statement("While")
def while_(node: cst.While, t: Ticker) -> Stmt:
    return While(t(node), EXPR[type(node.test)](node.test, t), block(node.body.body, t), _suite(node.orelse, t))


@statement("Try", "TryStar")
def try_(node: cst.Try, t: Ticker) -> Stmt:
    n = t(node)
    body = block(node.body.body, t)
    handlers = tuple([_handler(handler, t) for handler in node.handlers])
    return Try(n, body, handlers, _suite(node.orelse, t), _suite(node.finalbody, t))


def _handler(node: cst.ExceptHandler, t: Ticker) -> Handler:
    n = t(node)
    kind = EXPR[type(node.type)](node.type, t) if node.type is not None else None
    name: Any = node.name.name if node.name is not None else None
    return Handler(n, kind, word(name.value) if name is not None else None, block(node.body.body, t))


@statement("With")
def with_(node: cst.With, t: Ticker) -> Stmt:
    n = t(node)
    items = []
    for item in node.items:
        value = EXPR[type(item.item)](item.item, t)
        target = item.asname.name if item.asname is not None else None
        items.append((value, EXPR[type(target)](target, t) if target is not None else None))
    return With(n, tuple(items), block(node.body.body, t))


@statement("Match")
def match(node: cst.Match, t: Ticker) -> Stmt:
    n = t(node)
    subject = EXPR[type(node.subject)](node.subject, t)
    return Match(n, subject, tuple([_case(case, t) for case in node.cases]))


def _case(node: cst.MatchCase, t: Ticker) -> Case:
    n = t(node)
    pattern = PATTERN[type(node.pattern)](node.pattern, t)
    guard = EXPR[type(node.guard)](node.guard, t) if node.guard is not None else None
    return Case(n, pattern, guard, block(node.body.body, t))
