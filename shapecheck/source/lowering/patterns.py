"""The patterns of a match statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ir import Pattern
from ..words import word
from .table import EXPR, PATTERN, Ticker, pattern

if TYPE_CHECKING:
    import libcst as cst

_SINGLETONS = {"None": None, "True": True, "False": False}


def _word(name: cst.Name | None) -> str | None:
    return word(name.value) if name is not None else None


@pattern("MatchValue")
def value(node: cst.MatchValue, t: Ticker) -> Pattern:
    return Pattern(t(node), "value", (EXPR[type(node.value)](node.value, t),))


@pattern("MatchSingleton")
def singleton(node: cst.MatchSingleton, t: Ticker) -> Pattern:
    return Pattern(t(node), "singleton", (_SINGLETONS[node.value.value],))


@pattern("MatchSequenceElement", "MatchOrElement")
def element(node: Any, t: Ticker) -> Pattern:
    inner = getattr(node, "value", None) or node.pattern
    return PATTERN[type(inner)](inner, t)


@pattern("MatchList", "MatchTuple")
def sequence(node: cst.MatchList | cst.MatchTuple, t: Ticker) -> Pattern:
    return Pattern(t(node), "sequence", tuple([PATTERN[type(item)](item, t) for item in node.patterns]))


@pattern("MatchStar")
def star(node: cst.MatchStar, t: Ticker) -> Pattern:
    return Pattern(t(node), "star", (_word(node.name),))


@pattern("MatchMapping")
def mapping(node: cst.MatchMapping, t: Ticker) -> Pattern:
    n = t(node)
    items = [(EXPR[type(item.key)](item.key, t), PATTERN[type(item.pattern)](item.pattern, t)) for item in node.elements]
    return Pattern(n, "mapping", (tuple(items), _word(node.rest)))


@pattern("MatchClass")
def class_(node: cst.MatchClass, t: Ticker) -> Pattern:
    n = t(node)
    kind = EXPR[type(node.cls)](node.cls, t)
    positional = tuple([PATTERN[type(item)](item, t) for item in node.patterns])
    named = tuple([(word(item.key.value), PATTERN[type(item.pattern)](item.pattern, t)) for item in node.kwds])
    return Pattern(n, "class", (kind, positional, named))


@pattern("MatchAs")
def as_(node: cst.MatchAs, t: Ticker) -> Pattern:
    n = t(node)
    inner = PATTERN[type(node.pattern)](node.pattern, t) if node.pattern is not None else None
    return Pattern(n, "as", (inner, _word(node.name)))


@pattern("MatchOr")
def or_(node: cst.MatchOr, t: Ticker) -> Pattern:
    return Pattern(t(node), "or", tuple([PATTERN[type(item)](item, t) for item in node.patterns]))
