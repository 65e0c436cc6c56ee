"""The small intermediate representation that the interpreter runs.

A node holds only what evaluation needs. Its place in the text is an ordinal, `n`: the how-manieth node of its chunk (top-level
definition) it is, in the order of lowering. Lines and columns are worked out from the ordinal when something has to be shown (see
`positions.py`), so that a clean file never pays for them.

Every node is immutable once lowered, picklable, and free of libcst. The classes are written out, not generated: they are built for
every expression of a program, and read by type checkers and editors.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from types import EllipsisType
    from typing import TypeAlias

    Constant: TypeAlias = int | float | complex | bool | str | bytes | EllipsisType | None
    FPart: TypeAlias = "str | tuple[Expr, str | None, tuple[FPart, ...] | None]"


class Node:
    """A piece of the program. `n` is its ordinal within the chunk (top-level definition) it was lowered from."""

    __slots__ = ("n",)
    fields: ClassVar[tuple[str, ...]] = ()
    _values: ClassVar[Any]

    def __init__(self, n: int) -> None:
        self.n = n

    def __init_subclass__(cls) -> None:
        cls._values = attrgetter("n", *cls.fields)

    def __repr__(self) -> str:
        inside = ", ".join(repr(getattr(self, name)) for name in self.fields)
        return f"{type(self).__name__}({inside})"

    def __reduce__(self) -> tuple[type[Node], tuple[Any, ...]]:
        return self.__class__, self._values(self) if self.fields else (self.n,)


class Expr(Node):
    """An expression: evaluates to one value."""

    __slots__ = ()


class Stmt(Node):
    """A statement."""

    __slots__ = ()


# Expressions


class Const(Expr):
    """A literal. value: int, float, complex, bool, None, str, bytes or Ellipsis. Neighbouring literals come as one."""

    __slots__ = fields = ("value",)

    def __init__(self, n: int, value: Constant) -> None:
        self.n = n
        self.value = value


class Name(Expr):
    """A variable."""

    __slots__ = fields = ("id",)

    def __init__(self, n: int, id: str) -> None:
        self.n = n
        self.id = id


class Attr(Expr):
    """value.name"""

    __slots__ = fields = ("value", "name")

    def __init__(self, n: int, value: Expr, name: str) -> None:
        self.n = n
        self.value = value
        self.name = name


class Call(Expr):
    """func(*args): args are `Arg`s in source order."""

    __slots__ = fields = ("func", "args")

    def __init__(self, n: int, func: Expr, args: tuple[Arg, ...]) -> None:
        self.n = n
        self.func = func
        self.args = args


class Bin(Expr):
    """op is Python's own spelling: + - * / // % ** @ & | ^ << >>"""

    __slots__ = fields = ("op", "left", "right")

    def __init__(self, n: int, op: str, left: Expr, right: Expr) -> None:
        self.n = n
        self.op = op
        self.left = left
        self.right = right


class Unary(Expr):
    """op is '-', '+', '~' or 'not'."""

    __slots__ = fields = ("op", "value")

    def __init__(self, n: int, op: str, value: Expr) -> None:
        self.n = n
        self.op = op
        self.value = value


class Compare(Expr):
    """rest: tuple of (op, Expr); op as spelled, 'not in' and 'is not' included."""

    __slots__ = fields = ("left", "rest")

    def __init__(self, n: int, left: Expr, rest: tuple[tuple[str, Expr], ...]) -> None:
        self.n = n
        self.left = left
        self.rest = rest


class BoolOp(Expr):
    """op is 'and' or 'or'; chains of one operator are flat."""

    __slots__ = fields = ("op", "values")

    def __init__(self, n: int, op: str, values: tuple[Expr, ...]) -> None:
        self.n = n
        self.op = op
        self.values = values


class IfExp(Expr):
    """then if test else orelse"""

    __slots__ = fields = ("test", "then", "orelse")

    def __init__(self, n: int, test: Expr, then: Expr, orelse: Expr) -> None:
        self.n = n
        self.test = test
        self.then = then
        self.orelse = orelse


class Subscript(Expr):
    """value[index]; several indices come as one `TupleExpr`."""

    __slots__ = fields = ("value", "index")

    def __init__(self, n: int, value: Expr, index: Expr) -> None:
        self.n = n
        self.value = value
        self.index = index


class SliceExpr(Expr):
    """lower:upper:step, each an Expr or None."""

    __slots__ = fields = ("lower", "upper", "step")

    def __init__(self, n: int, lower: Expr | None, upper: Expr | None, step: Expr | None) -> None:
        self.n = n
        self.lower = lower
        self.upper = upper
        self.step = step


class TupleExpr(Expr):
    """Items may be `Starred`."""

    __slots__ = fields = ("items",)

    def __init__(self, n: int, items: tuple[Expr, ...]) -> None:
        self.n = n
        self.items = items


class ListExpr(Expr):
    """Items may be `Starred`."""

    __slots__ = fields = ("items",)

    def __init__(self, n: int, items: tuple[Expr, ...]) -> None:
        self.n = n
        self.items = items


class SetExpr(Expr):
    """Items may be `Starred`."""

    __slots__ = fields = ("items",)

    def __init__(self, n: int, items: tuple[Expr, ...]) -> None:
        self.n = n
        self.items = items


class DictExpr(Expr):
    """items: tuple of (key, value); key None for a ** item."""

    __slots__ = fields = ("items",)

    def __init__(self, n: int, items: tuple[tuple[Expr | None, Expr], ...]) -> None:
        self.n = n
        self.items = items


class Starred(Expr):
    """*value, in a display, an index or an assignment target."""

    __slots__ = fields = ("value",)

    def __init__(self, n: int, value: Expr) -> None:
        self.n = n
        self.value = value


class Comprehension(Expr):
    """kind: 'list', 'set', 'dict' or 'generator'; element: for a dict a pair (key, value); generators: (target, iterable, conditions)."""

    __slots__ = fields = ("kind", "element", "generators")

    def __init__(
        self, n: int, kind: str, element: Expr | tuple[Expr, Expr], generators: tuple[tuple[Expr, Expr, tuple[Expr, ...]], ...]
    ) -> None:
        self.n = n
        self.kind = kind
        self.element = element
        self.generators = generators


class LambdaExpr(Expr):
    """lambda params: body"""

    __slots__ = fields = ("params", "body")

    def __init__(self, n: int, params: Params, body: Expr) -> None:
        self.n = n
        self.params = params
        self.body = body


class FString(Expr):
    """parts: str, or (Expr, conversion 's', 'r', 'a' or None, format spec: tuple of parts or None)."""

    __slots__ = fields = ("parts",)

    def __init__(self, n: int, parts: tuple[FPart, ...]) -> None:
        self.n = n
        self.parts = parts


class Walrus(Expr):
    """target := value"""

    __slots__ = fields = ("target", "value")

    def __init__(self, n: int, target: Expr, value: Expr) -> None:
        self.n = n
        self.target = target
        self.value = value


class AwaitExpr(Expr):
    """await value"""

    __slots__ = fields = ("value",)

    def __init__(self, n: int, value: Expr) -> None:
        self.n = n
        self.value = value


class YieldExpr(Expr):
    """yield value / yield from value; value may be None."""

    __slots__ = fields = ("value", "is_from")

    def __init__(self, n: int, value: Expr | None, is_from: bool) -> None:
        self.n = n
        self.value = value
        self.is_from = is_from


# Parts of nodes


class Arg(Node):
    """An argument of a call. star: '', '*' or '**'; name: keyword or None."""

    __slots__ = fields = ("star", "name", "value")

    def __init__(self, n: int, star: str, name: str | None, value: Expr) -> None:
        self.n = n
        self.star = star
        self.name = name
        self.value = value


class Param(Node):
    """kind: 'pos_only', 'pos_or_kw', 'var_pos', 'kw_only' or 'var_kw'."""

    __slots__ = fields = ("name", "kind", "default", "annotation")

    def __init__(self, n: int, name: str, kind: str, default: Expr | None, annotation: Expr | None) -> None:
        self.n = n
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation


class Params(Node):
    """params in order; returns: annotation or None."""

    __slots__ = fields = ("params", "returns")

    def __init__(self, n: int, params: tuple[Param, ...], returns: Expr | None) -> None:
        self.n = n
        self.params = params
        self.returns = returns


class Handler(Node):
    """except type as name: body"""

    __slots__ = fields = ("type", "name", "body")

    def __init__(self, n: int, type: Expr | None, name: str | None, body: tuple[Stmt, ...]) -> None:
        self.n = n
        self.type = type
        self.name = name
        self.body = body


class Case(Node):
    """case pattern if guard: body"""

    __slots__ = fields = ("pattern", "guard", "body")

    def __init__(self, n: int, pattern: Pattern, guard: Expr | None, body: tuple[Stmt, ...]) -> None:
        self.n = n
        self.pattern = pattern
        self.guard = guard
        self.body = body


class Pattern(Node):
    """'value' (Expr,) · 'singleton' (value,) · 'sequence' (patterns...) · 'mapping' (((Expr, pattern)...), rest name or None) ·
    'class' (Expr, (patterns...), ((name, pattern)...)) · 'star' (name or None,) · 'as' (pattern or None, name or None) · 'or'
    (patterns...)"""

    __slots__ = fields = ("kind", "parts")

    def __init__(self, n: int, kind: str, parts: tuple[Any, ...]) -> None:
        self.n = n
        self.kind = kind
        self.parts = parts


# Statements


class ExprStmt(Stmt):
    """An expression for its effect."""

    __slots__ = fields = ("value",)

    def __init__(self, n: int, value: Expr) -> None:
        self.n = n
        self.value = value


class Assign(Stmt):
    """a = b = value: targets is (a, b)."""

    __slots__ = fields = ("targets", "value")

    def __init__(self, n: int, targets: tuple[Expr, ...], value: Expr) -> None:
        self.n = n
        self.targets = targets
        self.value = value


class AnnAssign(Stmt):
    """target: annotation = value"""

    __slots__ = fields = ("target", "annotation", "value")

    def __init__(self, n: int, target: Expr, annotation: Expr, value: Expr | None) -> None:
        self.n = n
        self.target = target
        self.annotation = annotation
        self.value = value


class AugAssign(Stmt):
    """target op= value; op without the '='."""

    __slots__ = fields = ("target", "op", "value")

    def __init__(self, n: int, target: Expr, op: str, value: Expr) -> None:
        self.n = n
        self.target = target
        self.op = op
        self.value = value


class If(Stmt):
    """orelse holds the elif as a nested If."""

    __slots__ = fields = ("test", "body", "orelse")

    def __init__(self, n: int, test: Expr, body: tuple[Stmt, ...], orelse: tuple[Stmt, ...]) -> None:
        self.n = n
        self.test = test
        self.body = body
        self.orelse = orelse


class For(Stmt):
    """async for is the same node."""

    __slots__ = fields = ("target", "iter", "body", "orelse")

    def __init__(self, n: int, target: Expr, iter: Expr, body: tuple[Stmt, ...], orelse: tuple[Stmt, ...]) -> None:
        self.n = n
        self.target = target
        self.iter = iter
        self.body = body
        self.orelse = orelse


class While(Stmt):
    """while test: body"""

    __slots__ = fields = ("test", "body", "orelse")

    def __init__(self, n: int, test: Expr, body: tuple[Stmt, ...], orelse: tuple[Stmt, ...]) -> None:
        self.n = n
        self.test = test
        self.body = body
        self.orelse = orelse


class Return(Stmt):
    """return value"""

    __slots__ = fields = ("value",)

    def __init__(self, n: int, value: Expr | None) -> None:
        self.n = n
        self.value = value


class Raise(Stmt):
    """raise value from cause"""

    __slots__ = fields = ("value", "cause")

    def __init__(self, n: int, value: Expr | None, cause: Expr | None) -> None:
        self.n = n
        self.value = value
        self.cause = cause


class Assert(Stmt):
    """assert test, message"""

    __slots__ = fields = ("test", "message")

    def __init__(self, n: int, test: Expr, message: Expr | None) -> None:
        self.n = n
        self.test = test
        self.message = message


class Try(Stmt):
    """except* is the same."""

    __slots__ = fields = ("body", "handlers", "orelse", "final")

    def __init__(
        self, n: int, body: tuple[Stmt, ...], handlers: tuple[Handler, ...], orelse: tuple[Stmt, ...], final: tuple[Stmt, ...]
    ) -> None:
        self.n = n
        self.body = body
        self.handlers = handlers
        self.orelse = orelse
        self.final = final


class With(Stmt):
    """items: tuple of (Expr, target or None). async with is the same node."""

    __slots__ = fields = ("items", "body")

    def __init__(self, n: int, items: tuple[tuple[Expr, Expr | None], ...], body: tuple[Stmt, ...]) -> None:
        self.n = n
        self.items = items
        self.body = body


class Import(Stmt):
    """names: tuple of (dotted name, as-name or None)."""

    __slots__ = fields = ("names",)

    def __init__(self, n: int, names: tuple[tuple[str, str | None], ...]) -> None:
        self.n = n
        self.names = names


class ImportFrom(Stmt):
    """names: tuple of (name, as-name or None); ('*', None) for a star. module is '' in `from . import x`."""

    __slots__ = fields = ("module", "level", "names")

    def __init__(self, n: int, module: str, level: int, names: tuple[tuple[str, str | None], ...]) -> None:
        self.n = n
        self.module = module
        self.level = level
        self.names = names


class FuncDef(Stmt):
    """doc: the docstring, which is then not in the body; the body can be empty."""

    __slots__ = fields = ("name", "params", "body", "decorators", "is_async", "is_generator", "doc")

    def __init__(
        self,
        n: int,
        name: str,
        params: Params,
        body: tuple[Stmt, ...],
        decorators: tuple[Expr, ...],
        is_async: bool,
        is_generator: bool,
        doc: str | None,
    ) -> None:
        self.n = n
        self.name = name
        self.params = params
        self.body = body
        self.decorators = decorators
        self.is_async = is_async
        self.is_generator = is_generator
        self.doc = doc


class ClassDef(Stmt):
    """bases: keywords too (metaclass=...); doc as in `FuncDef`."""

    __slots__ = fields = ("name", "bases", "body", "decorators", "doc")

    def __init__(
        self, n: int, name: str, bases: tuple[Arg, ...], body: tuple[Stmt, ...], decorators: tuple[Expr, ...], doc: str | None
    ) -> None:
        self.n = n
        self.name = name
        self.bases = bases
        self.body = body
        self.decorators = decorators
        self.doc = doc


class Global(Stmt):
    """global names"""

    __slots__ = fields = ("names",)

    def __init__(self, n: int, names: tuple[str, ...]) -> None:
        self.n = n
        self.names = names


class Nonlocal(Stmt):
    """nonlocal names"""

    __slots__ = fields = ("names",)

    def __init__(self, n: int, names: tuple[str, ...]) -> None:
        self.n = n
        self.names = names


class Delete(Stmt):
    """del targets"""

    __slots__ = fields = ("targets",)

    def __init__(self, n: int, targets: tuple[Expr, ...]) -> None:
        self.n = n
        self.targets = targets


class Match(Stmt):
    """match subject: cases"""

    __slots__ = fields = ("subject", "cases")

    def __init__(self, n: int, subject: Expr, cases: tuple[Case, ...]) -> None:
        self.n = n
        self.subject = subject
        self.cases = cases


class Pass(Stmt):
    """pass"""

    __slots__ = ()


class Break(Stmt):
    """break"""

    __slots__ = ()


class Continue(Stmt):
    """continue"""

    __slots__ = ()
