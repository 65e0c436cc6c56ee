"""From where to where a libcst node reaches, by the rules of CPython's `ast`: lines from 1, columns from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    Places: TypeAlias = Mapping[Any, Any]
    Point: TypeAlias = tuple[int, int]


def extent(node: Any, places: Places) -> tuple[Point, Point]:
    """Start and end of a node, or of a sequence of subscripts."""
    rule = _RULES.get(type(node).__name__)
    return rule(node, places) if rule is not None else _between(node, node, places)


def sole_argument(call: Any, places: Places) -> tuple[Point, Point]:
    """A generator that is all of a call's arguments, f(x for x in y), owns the parentheses of the call."""
    (line, column), end = _between(call.whitespace_before_args, call, places)
    return (line, column - len("(")), end


def _between(first: Any, last: Any, places: Places) -> tuple[Point, Point]:
    start, end = places[first].start, places[last].end
    return (start.line, start.column), (end.line, end.column)


def _bracketed(node: Any, places: Places) -> tuple[Point, Point]:
    """A tuple or a generator owns its parentheses; of several pairs the innermost."""
    return _between(node.lpar[-1], node.rpar[0], places) if node.lpar else _between(node, node, places)


def _parameter(node: Any, places: Places) -> tuple[Point, Point]:
    """The name and its annotation, without stars and default."""
    return _between(node.name, node.annotation or node.name, places)


def _subscripts(nodes: Any, places: Places) -> tuple[Point, Point]:
    """x[a, b,]: from the first index to the last, and the comma behind it."""
    first, last = nodes[0].slice, nodes[-1].slice
    comma = nodes[-1].comma
    end = _between(comma, comma, places) if hasattr(comma, "whitespace_after") else extent(last, places)
    return extent(first, places)[0], end[1]


def _slice(node: Any, places: Places) -> tuple[Point, Point]:
    """A slice ends with a colon where nothing follows; libcst counts the space behind it too."""
    last = node
    if node.step is None:
        colon = node.second_colon
        last = colon if hasattr(colon, "whitespace_after") else (node if node.upper is not None else node.first_colon)
    return _between(node if node.lower is not None else node.first_colon, last, places)


def _rest(node: Any, places: Places) -> tuple[Point, Point]:
    """The star of a sequence pattern: libcst counts the comma behind a nameless one."""
    start, end = _between(node, node.name or node.whitespace_before_name, places)
    return start, end if node.name else (end[0], end[1] + len("_"))


def _compound(node: Any, places: Places) -> tuple[Point, Point]:
    """A block reaches to the semicolon, if there is one, behind its last statement."""
    last = node
    while (inner := _last(last)) is not None:
        last = inner
    semicolon = getattr(last, "semicolon", None)
    return _between(node, semicolon if hasattr(semicolon, "whitespace_after") else node, places)


def _last(node: Any) -> Any:
    """What a block, or a statement with blocks, ends with; None for a simple statement."""
    for name in ("finalbody", "orelse", "handlers", "cases", "body"):
        inner = getattr(node, name, None)
        if inner:
            return inner[-1] if isinstance(inner, (list, tuple)) else inner
    return None


def _value(node: Any, places: Places) -> tuple[Point, Point]:
    """case (1): the parentheses belong to the expression."""
    return extent(node.value, places)


_RULES: dict[str, Callable[[Any, Places], tuple[Point, Point]]] = {
    "Tuple": _bracketed,
    "GeneratorExp": _bracketed,
    "MatchTuple": _bracketed,
    "Param": _parameter,
    "Slice": _slice,
    "MatchStar": _rest,
    "MatchValue": _value,
    "list": _subscripts,
    "tuple": _subscripts,
}
_RULES |= dict.fromkeys(
    ("If", "For", "While", "Try", "TryStar", "ExceptHandler", "ExceptStarHandler", "With", "Match", "MatchCase", "FunctionDef", "ClassDef"),
    _compound,
)
