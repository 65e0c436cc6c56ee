"""Calls, their arguments, and parameter lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ir import Arg, Call, Expr, LambdaExpr, Param, Params
from ..words import word
from .table import EXPR, Ticker, expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst


@expression("Call")
def call(node: cst.Call, t: Ticker) -> Expr:
    n = t(node)
    func, args = node.func, node.args
    return Call(n, EXPR[type(func)](func, t), arguments(args, t) if args else ())


def arguments(nodes: Sequence[cst.Arg], t: Ticker) -> tuple[Arg, ...]:
    args = []
    for node in nodes:
        keyword, value = node.keyword, node.value
        name = word(keyword.value) if keyword is not None else None
        args.append(Arg(t(node), node.star, name, EXPR[type(value)](value, t)))
    return tuple(args)


@expression("Lambda")
def lambda_(node: cst.Lambda, t: Ticker) -> Expr:
    n = t(node)
    outside = t.yielded  # a yield in the body makes a generator of the lambda, not of the function around it
    params = parameters(node.params, None, t)
    result = LambdaExpr(n, params, EXPR[type(node.body)](node.body, t))
    t.yielded = outside
    return result


def parameters(node: cst.Parameters, returns: cst.Annotation | None, t: Ticker) -> Params:
    n = t(node)
    params = [_parameter(param, "pos_only", t) for param in node.posonly_params]
    params += [_parameter(param, "pos_or_kw", t) for param in node.params]
    star: Any = node.star_arg
    if hasattr(star, "default"):  # else a bare * or nothing
        params.append(_parameter(star, "var_pos", t))
    params += [_parameter(param, "kw_only", t) for param in node.kwonly_params]
    if node.star_kwarg is not None:
        params.append(_parameter(node.star_kwarg, "var_kw", t))
    return Params(n, tuple(params), annotation(returns, t))


def _parameter(node: cst.Param, kind: str, t: Ticker) -> Param:
    n = t(node)
    default = node.default
    value = EXPR[type(default)](default, t) if default is not None else None
    return Param(n, word(node.name.value), kind, value, annotation(node.annotation, t))


def annotation(node: cst.Annotation | None, t: Ticker) -> Expr | None:
    if node is None:
        return None
    return EXPR[type(node.annotation)](node.annotation, t)
