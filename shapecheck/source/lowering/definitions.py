"""Functions and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ir import ClassDef, Const, ExprStmt, FuncDef, Stmt
from ..words import word
from .calls import arguments, parameters
from .compound import block
from .table import EXPR, Ticker, statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst

    from ..ir import Expr


@statement("FunctionDef")
def function(node: cst.FunctionDef, t: Ticker) -> Stmt:
    n = t(node)
    decorators = _decorators(node.decorators, t)
    params = parameters(node.params, node.returns, t)
    outside, t.yielded = t.yielded, False
    body = block(node.body.body, t)
    is_generator, t.yielded = t.yielded, outside
    doc, body = _documented(body)
    name = word(node.name.value)
    return FuncDef(n, name, params, body, decorators, node.asynchronous is not None, is_generator, doc)


@statement("ClassDef")
def class_(node: cst.ClassDef, t: Ticker) -> Stmt:
    n = t(node)
    decorators = _decorators(node.decorators, t)
    bases = arguments((*node.bases, *node.keywords), t)
    doc, body = _documented(block(node.body.body, t))
    return ClassDef(n, word(node.name.value), bases, body, decorators, doc)


def _decorators(nodes: Sequence[cst.Decorator], t: Ticker) -> tuple[Expr, ...]:
    return tuple([EXPR[type(node.decorator)](node.decorator, t) for node in nodes])


def _documented(body: tuple[Stmt, ...]) -> tuple[str | None, tuple[Stmt, ...]]:
    """A string that opens a body is its documentation, and no statement."""
    first = body[0] if body else None
    if isinstance(first, ExprStmt) and isinstance(first.value, Const) and isinstance(first.value.value, str):
        return first.value.value, body[1:]
    return None, body
