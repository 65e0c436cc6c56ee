"""String literals, f-strings, and neighbours that Python joins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import literals
from ..ir import Const, Expr, FString
from .table import EXPR, Ticker, expression

if TYPE_CHECKING:
    from collections.abc import Iterable

    import libcst as cst

    from ..ir import FPart


@expression("SimpleString")
def simple(node: cst.SimpleString, t: Ticker) -> Expr:
    return Const(t(node), literals.string(node.value))


@expression("FormattedString", "TemplatedString")
def formatted(node: cst.FormattedString, t: Ticker) -> Expr:
    n = t(node)
    return FString(n, _joined(_parts(node.parts, "r" in node.start.lower(), t)))


@expression("ConcatenatedString")
def concatenated(node: cst.ConcatenatedString, t: Ticker) -> Expr:
    n = t(node)
    pieces: list[cst.BaseString] = [node.left]
    rest: Any = node.right
    while type(rest) is type(node):
        pieces.append(rest.left)
        rest = rest.right
    pieces.append(rest)
    if all(hasattr(piece, "value") for piece in pieces):
        values: list[Any] = [literals.string(piece.value) for piece in pieces]  # type: ignore[attr-defined]
        if len({type(value) for value in values}) > 1:
            raise ValueError("cannot mix bytes and nonbytes literals")
        return Const(n, type(values[0])().join(values))
    parts: list[FPart] = []
    for piece in pieces:
        if hasattr(piece, "value"):
            parts.append(str(literals.string(piece.value)))
        else:
            parts += _parts(piece.parts, "r" in piece.start.lower(), t)  # type: ignore[attr-defined]
    return FString(n, _joined(parts))


def _parts(nodes: Iterable[Any], raw: bool, t: Ticker) -> list[FPart]:
    parts: list[FPart] = []
    for node in nodes:
        if not hasattr(node, "expression"):
            text = node.value.replace("{{", "{").replace("}}", "}")
            parts.append(text if raw else literals.unescape(text))
            continue
        conversion, spec = node.conversion, node.format_spec
        if getattr(node, "equal", None) is not None:
            parts.append(_spelled(node))
            conversion = conversion or ("r" if spec is None else None)
        value = EXPR[type(node.expression)](node.expression, t)
        parts.append((value, conversion, _joined(_parts(spec, raw, t)) if spec is not None else None))
    return parts


def _joined(parts: list[FPart]) -> tuple[FPart, ...]:
    """Neighbouring texts as one, empty ones left out."""
    joined: list[FPart] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined)


def _spelled(node: cst.FormattedStringExpression) -> str:
    """f"{x=}" shows the expression as it is written, up to and with the equals sign."""
    from libcst import Module  # here already: the node is one of its own

    module = Module(body=())
    before, after = module.code_for_node(node.whitespace_before_expression), module.code_for_node(node.whitespace_after_expression)
    equal = module.code_for_node(node.equal) if node.equal is not None else ""
    return before + module.code_for_node(node.expression) + after + equal
