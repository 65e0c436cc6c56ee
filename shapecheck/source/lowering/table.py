"""Which function lowers which kind of libcst node.

Functions register under the libcst class's name, so that importing them does not import libcst; `fill` puts the classes themselves in
the tables once libcst is there. A caller writes `EXPR[type(node)](node, t)`: a function of its own for that would cost a tenth.

`t` gives ordinals: `t(node)` is the ordinal of the IR node that is made from the libcst node (or span of libcst nodes) it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

    from ..ir import Expr, Pattern, Stmt


class Ticker(Protocol):
    """Gives out ordinals. `yielded` says whether a yield was lowered since it was last reset."""

    yielded: bool

    def __call__(self, node: Any, /) -> int: ...


class Ordinals(partial[int]):
    """The plain counter. `next(counter, node)` ignores its second argument, which keeps a call inside the interpreter's C code."""

    yielded: bool

    def __new__(cls) -> Ordinals:
        self = super().__new__(cls, next, count())
        self.yielded = False
        return self


EXPR: dict[type, Callable[[Any, Any], Expr]] = {}
STMT: dict[type, Callable[[Any, Any], Stmt]] = {}
PATTERN: dict[type, Callable[[Any, Any], Pattern]] = {}
OPERATOR: dict[type, str] = {}

_expressions: dict[str, Callable[[Any, Any], Expr]] = {}
_statements: dict[str, Callable[[Any, Any], Stmt]] = {}
_patterns: dict[str, Callable[[Any, Any], Pattern]] = {}
_operators: dict[str, str] = {}

F = TypeVar("F", bound=Callable[..., Any])


def expression(*names: str) -> Callable[[F], F]:
    """Registers the function for these libcst expression classes."""
    return _register(_expressions, names)


def statement(*names: str) -> Callable[[F], F]:
    """Registers the function for these libcst statement classes."""
    return _register(_statements, names)


def pattern(*names: str) -> Callable[[F], F]:
    """Registers the function for these libcst match pattern classes."""
    return _register(_patterns, names)


def operators(spellings: dict[str, str]) -> None:
    """Registers how operators are spelled, by libcst class name."""
    _operators.update(spellings)


def _register(table: dict[str, Any], names: tuple[str, ...]) -> Callable[[F], F]:
    def register(function: F) -> F:
        table.update(dict.fromkeys(names, function))
        return function

    return register


def fill(libcst: ModuleType) -> None:
    """Looks up the classes. A class that this libcst does not have yet cannot come out of its parser either."""
    tables: tuple[tuple[dict[str, Any], dict[type, Any]], ...] = (
        (_expressions, EXPR),
        (_statements, STMT),
        (_patterns, PATTERN),
        (_operators, OPERATOR),
    )
    for by_name, by_type in tables:
        for name, value in by_name.items():
            kind = getattr(libcst, name, None)
            if kind is not None:
                by_type[kind] = value
