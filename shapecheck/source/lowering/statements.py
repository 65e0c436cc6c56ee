"""Simple statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ir import (
    AnnAssign,
    Assert,
    Assign,
    AugAssign,
    Break,
    Continue,
    Delete,
    ExprStmt,
    Global,
    Import,
    ImportFrom,
    Nonlocal,
    Pass,
    Raise,
    Return,
    Stmt,
)
from ..words import word
from .table import EXPR, OPERATOR, Ticker, operators, statement

if TYPE_CHECKING:
    import libcst as cst

operators(
    {"AddAssign": "+", "SubtractAssign": "-", "MultiplyAssign": "*", "MatrixMultiplyAssign": "@", "DivideAssign": "/"}
    | {"FloorDivideAssign": "//", "ModuloAssign": "%", "PowerAssign": "**", "BitAndAssign": "&", "BitOrAssign": "|"}
    | {"BitXorAssign": "^", "LeftShiftAssign": "<<", "RightShiftAssign": ">>"}
)


@statement("Expr")
def expression(node: cst.Expr, t: Ticker) -> Stmt:
    return ExprStmt(t(node), EXPR[type(node.value)](node.value, t))


@statement("Assign")
def assign(node: cst.Assign, t: Ticker) -> Stmt:
    n = t(node)
    targets = tuple([EXPR[type(target.target)](target.target, t) for target in node.targets])
    return Assign(n, targets, EXPR[type(node.value)](node.value, t))


@statement("TypeAlias")
def type_alias(node: cst.TypeAlias, t: Ticker) -> Stmt:
    """type X[T] = value binds X; the parameters have no say in shapes."""
    return Assign(t(node), (EXPR[type(node.name)](node.name, t),), EXPR[type(node.value)](node.value, t))


@statement("AnnAssign")
def annotated_assign(node: cst.AnnAssign, t: Ticker) -> Stmt:
    n = t(node)
    target, annotation, value = node.target, node.annotation.annotation, node.value
    lowered = EXPR[type(target)](target, t), EXPR[type(annotation)](annotation, t)
    return AnnAssign(n, *lowered, EXPR[type(value)](value, t) if value is not None else None)


@statement("AugAssign")
def augmented_assign(node: cst.AugAssign, t: Ticker) -> Stmt:
    target, value = node.target, node.value
    return AugAssign(t(node), EXPR[type(target)](target, t), OPERATOR[type(node.operator)], EXPR[type(value)](value, t))


@statement("Return")
def return_(node: cst.Return, t: Ticker) -> Stmt:
    value = node.value
    return Return(t(node), EXPR[type(value)](value, t) if value is not None else None)


@statement("Raise")
def raise_(node: cst.Raise, t: Ticker) -> Stmt:
    n = t(node)
    value = EXPR[type(node.exc)](node.exc, t) if node.exc is not None else None
    cause = node.cause.item if node.cause is not None else None
    return Raise(n, value, EXPR[type(cause)](cause, t) if cause is not None else None)


@statement("Assert")
def assert_(node: cst.Assert, t: Ticker) -> Stmt:
    n = t(node)
    test = EXPR[type(node.test)](node.test, t)
    return Assert(n, test, EXPR[type(node.msg)](node.msg, t) if node.msg is not None else None)


@statement("Del")
def delete(node: cst.Del, t: Ticker) -> Stmt:
    n = t(node)
    target: Any = node.target
    if hasattr(target, "elements") and type(target).__name__ == "Tuple" and not target.lpar:
        return Delete(n, tuple([EXPR[type(item)](item, t) for item in target.elements]))
    return Delete(n, (EXPR[type(target)](target, t),))


@statement("Global")
def global_(node: cst.Global, t: Ticker) -> Stmt:
    return Global(t(node), tuple([word(item.name.value) for item in node.names]))


@statement("Nonlocal")
def nonlocal_(node: cst.Nonlocal, t: Ticker) -> Stmt:
    return Nonlocal(t(node), tuple([word(item.name.value) for item in node.names]))


@statement("Pass")
def pass_(node: cst.Pass, t: Ticker) -> Stmt:
    return Pass(t(node))


@statement("Break")
def break_(node: cst.Break, t: Ticker) -> Stmt:
    return Break(t(node))


@statement("Continue")
def continue_(node: cst.Continue, t: Ticker) -> Stmt:
    return Continue(t(node))


@statement("Import")
def import_(node: cst.Import, t: Ticker) -> Stmt:
    return Import(t(node), tuple([(_dotted(alias.name), _as_name(alias)) for alias in node.names]))


@statement("ImportFrom")
def import_from(node: cst.ImportFrom, t: Ticker) -> Stmt:
    names = node.names
    module = _dotted(node.module) if node.module is not None else ""
    pairs: tuple[tuple[str, str | None], ...]
    pairs = tuple([(_dotted(alias.name), _as_name(alias)) for alias in names]) if isinstance(names, (list, tuple)) else (("*", None),)
    return ImportFrom(t(node), module, len(node.relative), pairs)


def _dotted(node: Any) -> str:
    parts = []
    while hasattr(node, "attr"):
        parts.append(node.attr.value)
        node = node.value
    parts.append(node.value)
    return word(".".join(reversed(parts)))


def _as_name(alias: cst.ImportAlias) -> str | None:
    if alias.asname is None:
        return None
    name: Any = alias.asname.name
    return word(name.value)
