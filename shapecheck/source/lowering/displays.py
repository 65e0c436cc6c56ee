"""Tuples, lists, sets, dicts, comprehensions and subscripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ir import Comprehension, DictExpr, Expr, ListExpr, SetExpr, SliceExpr, Starred, Subscript, TupleExpr
from .table import EXPR, Ticker, expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst


@expression("Element")
def element(node: cst.Element, t: Ticker) -> Expr:
    value = node.value
    return EXPR[type(value)](value, t)


@expression("StarredElement")
def starred(node: cst.StarredElement, t: Ticker) -> Expr:
    value = node.value
    return Starred(t(node), EXPR[type(value)](value, t))


@expression("Tuple")
def tuple_(node: cst.Tuple, t: Ticker) -> Expr:
    return TupleExpr(t(node), tuple([EXPR[type(item)](item, t) for item in node.elements]))


@expression("List")
def list_(node: cst.List, t: Ticker) -> Expr:
    return ListExpr(t(node), tuple([EXPR[type(item)](item, t) for item in node.elements]))


@expression("Set")
def set_(node: cst.Set, t: Ticker) -> Expr:
    return SetExpr(t(node), tuple([EXPR[type(item)](item, t) for item in node.elements]))


@expression("Dict")
def dict_(node: cst.Dict, t: Ticker) -> Expr:
    n = t(node)
    items: list[tuple[Expr | None, Expr]] = []
    for item in node.elements:
        key: cst.BaseExpression | None = getattr(item, "key", None)
        lowered = EXPR[type(key)](key, t) if key is not None else None
        items.append((lowered, EXPR[type(item.value)](item.value, t)))
    return DictExpr(n, tuple(items))


_KINDS = {"ListComp": "list", "SetComp": "set", "GeneratorExp": "generator"}


@expression(*_KINDS)
def comprehension(node: cst.ListComp | cst.SetComp | cst.GeneratorExp, t: Ticker) -> Expr:
    n = t(node)
    value = node.elt
    return Comprehension(n, _KINDS[type(node).__name__], EXPR[type(value)](value, t), _generators(node.for_in, t))


@expression("DictComp")
def dict_comprehension(node: cst.DictComp, t: Ticker) -> Expr:
    n = t(node)
    pair = EXPR[type(node.key)](node.key, t), EXPR[type(node.value)](node.value, t)
    return Comprehension(n, "dict", pair, _generators(node.for_in, t))


def _generators(first: cst.CompFor, t: Ticker) -> tuple[tuple[Expr, Expr, tuple[Expr, ...]], ...]:
    generators = []
    clause: cst.CompFor | None = first
    while clause is not None:
        target = EXPR[type(clause.target)](clause.target, t)
        iterable = EXPR[type(clause.iter)](clause.iter, t)
        generators.append((target, iterable, tuple([EXPR[type(part.test)](part.test, t) for part in clause.ifs])))
        clause = clause.inner_for_in
    return tuple(generators)


@expression("Subscript")
def subscript(node: cst.Subscript, t: Ticker) -> Expr:
    n = t(node)
    base = node.value
    value = EXPR[type(base)](base, t)
    parts = node.slice
    if len(parts) == 1:
        only: Any = parts[0].slice
        if not hasattr(parts[0].comma, "whitespace_after") and not getattr(only, "star", None):
            return Subscript(n, value, EXPR[type(only)](only, t))
    return Subscript(n, value, _several(parts, t))


def _several(parts: Sequence[cst.SubscriptElement], t: Ticker) -> Expr:
    """x[a, b], x[a,] and x[*a] index with a tuple."""
    return TupleExpr(t(parts), tuple([EXPR[type(part.slice)](part.slice, t) for part in parts]))


@expression("Index")
def index(node: cst.Index, t: Ticker) -> Expr:
    value = node.value
    if node.star:
        return Starred(t(node), EXPR[type(value)](value, t))
    return EXPR[type(value)](value, t)


@expression("Slice")
def slice_(node: cst.Slice, t: Ticker) -> Expr:
    n = t(node)
    lower, upper, step = (EXPR[type(end)](end, t) if end is not None else None for end in (node.lower, node.upper, node.step))
    return SliceExpr(n, lower, upper, step)
