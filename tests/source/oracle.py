"""The IR made from CPython's `ast`: a second, independent way from text to IR, which the first is held to, positions included."""

from __future__ import annotations

import ast
import sys
import warnings
from typing import Any

from shapecheck.source import ir
from shapecheck.source.positions import Range

_OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.MatMult: "@",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>", ast.UAdd: "+", ast.USub: "-",
    ast.Invert: "~", ast.Not: "not", ast.And: "and", ast.Or: "or", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip
_KINDS = {"ListComp": "list", "SetComp": "set", "GeneratorExp": "generator"}
FSTRING_POSITIONS = sys.version_info >= (3, 12)


class FromAst:
    """Builds IR nodes whose ordinal is an index into `ranges`; a range is None where `ast` has none to compare with."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.ranges: list[Range | None] = []
        self.silent = 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse(text)
        self.statements = self.block(self.tree.body)

    def n(self, node: Any) -> int:
        place = None
        if hasattr(node, "lineno") and not self.silent:
            place = Range(
                node.lineno,
                self.column(node.lineno, node.col_offset),
                node.end_lineno,
                self.column(node.end_lineno, node.end_col_offset),
            )
        self.ranges.append(place)
        return len(self.ranges) - 1

    def column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1]
        return (offset if text.isascii() else len(text.encode()[:offset].decode())) + 1

    def expr(self, node: Any) -> Any:
        return getattr(self, type(node).__name__)(node) if node is not None else None

    def exprs(self, nodes: list[Any]) -> tuple[Any, ...]:
        return tuple(self.expr(node) for node in nodes)

    block = exprs

    # Expressions
    def Constant(self, node: ast.Constant) -> Any:
        return ir.Const(self.n(node), node.value)

    def Name(self, node: ast.Name) -> Any:
        return ir.Name(self.n(node), node.id)

    def Attribute(self, node: ast.Attribute) -> Any:
        return ir.Attr(self.n(node), self.expr(node.value), node.attr)

    def Call(self, node: ast.Call) -> Any:
        return ir.Call(self.n(node), self.expr(node.func), self.arguments(node.args, node.keywords))

    def arguments(self, args: list[Any], keywords: list[Any]) -> tuple[ir.Arg, ...]:
        found = sorted([*args, *keywords], key=lambda node: (node.lineno, node.col_offset))
        return tuple(self.argument(node) for node in found)

    def argument(self, node: Any) -> ir.Arg:
        if isinstance(node, ast.Starred):
            return ir.Arg(self.n(node), "*", None, self.expr(node.value))
        if isinstance(node, ast.keyword):
            return ir.Arg(self.n(node), "" if node.arg else "**", node.arg, self.expr(node.value))
        return ir.Arg(self.n(None), "", None, self.expr(node))

    def BinOp(self, node: ast.BinOp) -> Any:
        chain = [node]
        while isinstance(chain[-1].left, ast.BinOp):
            chain.append(chain[-1].left)
        result = self.expr(chain[-1].left)
        for link in reversed(chain):
            result = ir.Bin(self.n(link), _OPERATORS[type(link.op)], result, self.expr(link.right))
        return result

    def BoolOp(self, node: ast.BoolOp) -> Any:
        return ir.BoolOp(self.n(node), _OPERATORS[type(node.op)], self.exprs(node.values))

    def UnaryOp(self, node: ast.UnaryOp) -> Any:
        return ir.Unary(self.n(node), _OPERATORS[type(node.op)], self.expr(node.operand))

    def Compare(self, node: ast.Compare) -> Any:
        rest = tuple((_OPERATORS[type(op)], self.expr(right)) for op, right in zip(node.ops, node.comparators, strict=True))
        return ir.Compare(self.n(node), self.expr(node.left), rest)

    def IfExp(self, node: ast.IfExp) -> Any:
        return ir.IfExp(self.n(node), self.expr(node.test), self.expr(node.body), self.expr(node.orelse))

    def Subscript(self, node: ast.Subscript) -> Any:
        return ir.Subscript(self.n(node), self.expr(node.value), self.expr(node.slice))

    def Slice(self, node: ast.Slice) -> Any:
        return ir.SliceExpr(self.n(node), self.expr(node.lower), self.expr(node.upper), self.expr(node.step))

    def Tuple(self, node: ast.Tuple) -> Any:
        return ir.TupleExpr(self.n(node), self.exprs(node.elts))

    def List(self, node: ast.List) -> Any:
        return ir.ListExpr(self.n(node), self.exprs(node.elts))

    def Set(self, node: ast.Set) -> Any:
        return ir.SetExpr(self.n(node), self.exprs(node.elts))

    def Dict(self, node: ast.Dict) -> Any:
        items = tuple((self.expr(key), self.expr(value)) for key, value in zip(node.keys, node.values, strict=True))
        return ir.DictExpr(self.n(node), items)

    def Starred(self, node: ast.Starred) -> Any:
        return ir.Starred(self.n(node), self.expr(node.value))

    def comprehension(self, node: Any) -> Any:
        clauses = tuple((self.expr(part.target), self.expr(part.iter), self.exprs(part.ifs)) for part in node.generators)
        return ir.Comprehension(self.n(node), _KINDS[type(node).__name__], self.expr(node.elt), clauses)

    ListComp = SetComp = GeneratorExp = comprehension

    def DictComp(self, node: ast.DictComp) -> Any:
        clauses = tuple((self.expr(part.target), self.expr(part.iter), self.exprs(part.ifs)) for part in node.generators)
        return ir.Comprehension(self.n(node), "dict", (self.expr(node.key), self.expr(node.value)), clauses)

    def Lambda(self, node: ast.Lambda) -> Any:
        return ir.LambdaExpr(self.n(node), self.params(node.args, None), self.expr(node.body))

    def JoinedStr(self, node: ast.JoinedStr) -> Any:
        n = self.n(node)
        self.silent += not FSTRING_POSITIONS
        parts = self.parts(node)
        self.silent -= not FSTRING_POSITIONS
        return ir.FString(n, parts)

    def parts(self, node: Any) -> tuple[Any, ...]:
        parts: list[Any] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                if parts and isinstance(parts[-1], str):
                    parts[-1] += part.value
                elif part.value:
                    parts.append(part.value)
            elif isinstance(part, ast.JoinedStr):
                parts += self.parts(part)
            else:
                conversion = chr(part.conversion) if part.conversion >= 0 else None
                spec = self.parts(part.format_spec) if part.format_spec is not None else None
                parts.append((self.expr(part.value), conversion, spec))
        return tuple(parts)

    def NamedExpr(self, node: ast.NamedExpr) -> Any:
        return ir.Walrus(self.n(node), self.expr(node.target), self.expr(node.value))

    def Await(self, node: ast.Await) -> Any:
        return ir.AwaitExpr(self.n(node), self.expr(node.value))

    def Yield(self, node: ast.Yield) -> Any:
        return ir.YieldExpr(self.n(node), self.expr(node.value), False)

    def YieldFrom(self, node: ast.YieldFrom) -> Any:
        return ir.YieldExpr(self.n(node), self.expr(node.value), True)

    # Statements
    def Expr(self, node: ast.Expr) -> Any:
        return ir.ExprStmt(self.n(node), self.expr(node.value))

    def Assign(self, node: ast.Assign) -> Any:
        return ir.Assign(self.n(node), self.exprs(node.targets), self.expr(node.value))

    def TypeAlias(self, node: Any) -> Any:
        return ir.Assign(self.n(node), (self.expr(node.name),), self.expr(node.value))

    def AnnAssign(self, node: ast.AnnAssign) -> Any:
        return ir.AnnAssign(self.n(node), self.expr(node.target), self.expr(node.annotation), self.expr(node.value))

    def AugAssign(self, node: ast.AugAssign) -> Any:
        return ir.AugAssign(self.n(node), self.expr(node.target), _OPERATORS[type(node.op)], self.expr(node.value))

    def If(self, node: ast.If) -> Any:
        return ir.If(self.n(node), self.expr(node.test), self.block(node.body), self.block(node.orelse))

    def For(self, node: ast.For) -> Any:
        head = self.n(node), self.expr(node.target), self.expr(node.iter)
        return ir.For(*head, self.block(node.body), self.block(node.orelse))

    AsyncFor = For

    def While(self, node: ast.While) -> Any:
        return ir.While(self.n(node), self.expr(node.test), self.block(node.body), self.block(node.orelse))

    def Return(self, node: ast.Return) -> Any:
        return ir.Return(self.n(node), self.expr(node.value))

    def Raise(self, node: ast.Raise) -> Any:
        return ir.Raise(self.n(node), self.expr(node.exc), self.expr(node.cause))

    def Assert(self, node: ast.Assert) -> Any:
        return ir.Assert(self.n(node), self.expr(node.test), self.expr(node.msg))

    def Try(self, node: ast.Try) -> Any:
        n = self.n(node)
        handlers = tuple(ir.Handler(self.n(part), self.expr(part.type), part.name, self.block(part.body)) for part in node.handlers)
        return ir.Try(n, self.block(node.body), handlers, self.block(node.orelse), self.block(node.finalbody))

    TryStar = Try

    def With(self, node: ast.With) -> Any:
        items = tuple((self.expr(item.context_expr), self.expr(item.optional_vars)) for item in node.items)
        return ir.With(self.n(node), items, self.block(node.body))

    AsyncWith = With

    def Import(self, node: ast.Import) -> Any:
        return ir.Import(self.n(node), tuple((alias.name, alias.asname) for alias in node.names))

    def ImportFrom(self, node: ast.ImportFrom) -> Any:
        return ir.ImportFrom(self.n(node), node.module or "", node.level, tuple((alias.name, alias.asname) for alias in node.names))

    def Global(self, node: ast.Global) -> Any:
        return ir.Global(self.n(node), tuple(node.names))

    def Nonlocal(self, node: ast.Nonlocal) -> Any:
        return ir.Nonlocal(self.n(node), tuple(node.names))

    def Delete(self, node: ast.Delete) -> Any:
        return ir.Delete(self.n(node), self.exprs(node.targets))

    def Pass(self, node: ast.Pass) -> Any:
        return ir.Pass(self.n(node))

    def Break(self, node: ast.Break) -> Any:
        return ir.Break(self.n(node))

    def Continue(self, node: ast.Continue) -> Any:
        return ir.Continue(self.n(node))

    def FunctionDef(self, node: Any) -> Any:
        n = self.n(node)
        decorators, params = self.exprs(node.decorator_list), self.params(node.args, node.returns)
        doc, body = self.documented(node)
        is_async = isinstance(node, ast.AsyncFunctionDef)
        return ir.FuncDef(n, node.name, params, body, decorators, is_async, yields(node.body), doc)

    AsyncFunctionDef = FunctionDef

    def ClassDef(self, node: ast.ClassDef) -> Any:
        n = self.n(node)
        bases = tuple(self.argument(part) for part in [*node.bases, *node.keywords])
        doc, body = self.documented(node)
        return ir.ClassDef(n, node.name, bases, body, self.exprs(node.decorator_list), doc)

    def documented(self, node: Any) -> tuple[str | None, tuple[Any, ...]]:
        doc = ast.get_docstring(node, clean=False)
        return doc, self.block(node.body if doc is None else node.body[1:])

    def params(self, node: ast.arguments, returns: Any) -> ir.Params:
        plain = [*node.posonlyargs, *node.args]
        defaults = [None] * (len(plain) - len(node.defaults)) + list(node.defaults)
        found = [
            self.param(arg, "pos_only" if arg in node.posonlyargs else "pos_or_kw", default)
            for arg, default in zip(plain, defaults, strict=True)
        ]
        if node.vararg:
            found.append(self.param(node.vararg, "var_pos", None))
        found += [self.param(arg, "kw_only", default) for arg, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        if node.kwarg:
            found.append(self.param(node.kwarg, "var_kw", None))
        return ir.Params(self.n(None), tuple(found), self.expr(returns))

    def param(self, node: ast.arg, kind: str, default: Any) -> ir.Param:
        return ir.Param(self.n(node), node.arg, kind, self.expr(default), self.expr(node.annotation))

    def Match(self, node: ast.Match) -> Any:
        n = self.n(node)
        cases = tuple(ir.Case(self.n(None), self.expr(c.pattern), self.expr(c.guard), self.block(c.body)) for c in node.cases)
        return ir.Match(n, self.expr(node.subject), cases)

    def MatchValue(self, node: ast.MatchValue) -> Any:
        return ir.Pattern(self.n(node), "value", (self.expr(node.value),))

    def MatchSingleton(self, node: ast.MatchSingleton) -> Any:
        return ir.Pattern(self.n(node), "singleton", (node.value,))

    def MatchSequence(self, node: ast.MatchSequence) -> Any:
        return ir.Pattern(self.n(node), "sequence", self.exprs(node.patterns))

    def MatchMapping(self, node: ast.MatchMapping) -> Any:
        items = tuple((self.expr(key), self.expr(part)) for key, part in zip(node.keys, node.patterns, strict=True))
        return ir.Pattern(self.n(node), "mapping", (items, node.rest))

    def MatchClass(self, node: ast.MatchClass) -> Any:
        named = tuple((key, self.expr(part)) for key, part in zip(node.kwd_attrs, node.kwd_patterns, strict=True))
        return ir.Pattern(self.n(node), "class", (self.expr(node.cls), self.exprs(node.patterns), named))

    def MatchStar(self, node: ast.MatchStar) -> Any:
        return ir.Pattern(self.n(node), "star", (node.name,))

    def MatchAs(self, node: ast.MatchAs) -> Any:
        return ir.Pattern(self.n(node), "as", (self.expr(node.pattern), node.name))

    def MatchOr(self, node: ast.MatchOr) -> Any:
        return ir.Pattern(self.n(node), "or", self.exprs(node.patterns))


def yields(body: list[Any]) -> bool:
    """Whether a function with this body is a generator."""
    stack: list[Any] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            stack += [*node.decorator_list]
        elif not isinstance(node, ast.Lambda):
            stack += ast.iter_child_nodes(node)
    return False


def differences(ours: Any, theirs: Any, ranges: list[Range], wanted: list[Range | None]) -> list[str]:
    """How our nodes and the oracle's differ, in structure or place."""
    found: list[str] = []
    stack = [(ours, theirs)]
    while stack:
        a, b = stack.pop()
        if type(a) is not type(b):
            found.append(f"{a!r} is not {b!r}")
        elif isinstance(a, tuple):
            if len(a) != len(b):
                found.append(f"{a!r} is not {b!r}")
            stack += zip(a, b, strict=False)
        elif isinstance(a, ir.Node):
            place = wanted[b.n]
            if place is not None and ranges and ranges[a.n] != place:
                found.append(f"{type(a).__name__} at {tuple(ranges[a.n])}, wanted {tuple(place)}: {a!r}"[:300])
            stack += [(getattr(a, field), getattr(b, field)) for field in a.fields]
        elif repr(a) != repr(b):
            found.append(f"{a!r} is not {b!r}")
    return found
