"""Names, attributes, operators, and what else is built from one to three expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import literals
from ..ir import Attr, AwaitExpr, Bin, BoolOp, Compare, Const, Expr, IfExp, Name, Unary, Walrus, YieldExpr
from ..words import word
from .table import EXPR, OPERATOR, Ticker, expression, operators

if TYPE_CHECKING:
    import libcst as cst

_CONSTANTS = {"None": None, "True": True, "False": False}

operators(
    {"Add": "+", "Subtract": "-", "Multiply": "*", "Divide": "/", "FloorDivide": "//", "Modulo": "%", "Power": "**"}
    | {"MatrixMultiply": "@", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "LeftShift": "<<", "RightShift": ">>"}
    | {"Plus": "+", "Minus": "-", "BitInvert": "~", "Not": "not", "And": "and", "Or": "or"}
    | {"Equal": "==", "NotEqual": "!=", "LessThan": "<", "LessThanEqual": "<=", "GreaterThan": ">", "GreaterThanEqual": ">="}
    | {"In": "in", "NotIn": "not in", "Is": "is", "IsNot": "is not"}
)


@expression("Name")
def name(node: cst.Name, t: Ticker) -> Expr:
    spelled = node.value
    if spelled in _CONSTANTS:
        return Const(t(node), _CONSTANTS[spelled])
    return Name(t(node), word(spelled))


@expression("Attribute")
def attribute(node: cst.Attribute, t: Ticker) -> Expr:
    value = node.value
    return Attr(t(node), EXPR[type(value)](value, t), word(node.attr.value))


@expression("Integer")
def integer(node: cst.Integer, t: Ticker) -> Expr:
    return Const(t(node), literals.integer(node.value))


@expression("Float")
def real(node: cst.Float, t: Ticker) -> Expr:
    return Const(t(node), float(node.value))


@expression("Imaginary")
def imaginary(node: cst.Imaginary, t: Ticker) -> Expr:
    return Const(t(node), literals.imaginary(node.value))


@expression("Ellipsis")
def ellipsis(node: cst.Ellipsis, t: Ticker) -> Expr:
    return Const(t(node), ...)


@expression("BinaryOperation")
def binary(node: cst.BinaryOperation, t: Ticker) -> Expr:
    kind = type(node)
    left = node.left
    if type(left) is not kind:
        right = node.right
        return Bin(t(node), OPERATOR[type(node.operator)], EXPR[type(left)](left, t), EXPR[type(right)](right, t))
    # a + b + c + …: a sum of thousands of terms is as deep as it is long, so it is walked and not recursed into
    chain = [node]
    while type(left) is kind:
        chain.append(left)
        left = left.left
    result = EXPR[type(left)](left, t)
    for link in reversed(chain):
        right = link.right
        result = Bin(t(link), OPERATOR[type(link.operator)], result, EXPR[type(right)](right, t))
    return result


@expression("BooleanOperation")
def boolean(node: cst.BooleanOperation, t: Ticker) -> Expr:
    n = t(node)
    kind, operator = type(node), type(node.operator)
    rights = [node.right]
    left = node.left
    while type(left) is kind and type(left.operator) is operator and not left.lpar:
        rights.append(left.right)
        left = left.left
    values = [EXPR[type(left)](left, t)]
    values += [EXPR[type(right)](right, t) for right in reversed(rights)]
    return BoolOp(n, OPERATOR[operator], tuple(values))


@expression("UnaryOperation")
def unary(node: cst.UnaryOperation, t: Ticker) -> Expr:
    value = node.expression
    return Unary(t(node), OPERATOR[type(node.operator)], EXPR[type(value)](value, t))


@expression("Comparison")
def comparison(node: cst.Comparison, t: Ticker) -> Expr:
    n = t(node)
    left = node.left
    first = EXPR[type(left)](left, t)
    rest = [(OPERATOR[type(part.operator)], EXPR[type(part.comparator)](part.comparator, t)) for part in node.comparisons]
    return Compare(n, first, tuple(rest))


@expression("IfExp")
def if_expression(node: cst.IfExp, t: Ticker) -> Expr:
    test, then, orelse = node.test, node.body, node.orelse
    return IfExp(t(node), EXPR[type(test)](test, t), EXPR[type(then)](then, t), EXPR[type(orelse)](orelse, t))


@expression("NamedExpr")
def walrus(node: cst.NamedExpr, t: Ticker) -> Expr:
    target, value = node.target, node.value
    return Walrus(t(node), EXPR[type(target)](target, t), EXPR[type(value)](value, t))


@expression("Await")
def await_(node: cst.Await, t: Ticker) -> Expr:
    value = node.expression
    return AwaitExpr(t(node), EXPR[type(value)](value, t))


@expression("Yield")
def yield_(node: cst.Yield, t: Ticker) -> Expr:
    n = t(node)
    t.yielded = True
    value = node.value
    if value is None:
        return YieldExpr(n, None, False)
    item = getattr(value, "item", None)  # `From`, and only that, has one
    if item is not None:
        return YieldExpr(n, EXPR[type(item)](item, t), True)
    return YieldExpr(n, EXPR[type(value)](value, t), False)
