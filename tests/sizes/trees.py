"""Random expressions that can be computed twice: by Python on numbers, and by sizes on names."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from shapecheck.sizes import Size, Symbol, maximum, minimum, of_atom

Tree = Any  # an int, a Symbol, or (operation, tree, tree)

# Sizes as they are in shapes; any integer; a few values; a parameter that may be zero.
H, W, ANY, FEW, ZERO = Symbol("H"), Symbol("W"), Symbol("any", None), Symbol("few", 2, 4), Symbol("zero", 0)
SYMBOLS = (H, W, ANY, FEW, ZERO)

OPERATIONS: dict[str, tuple[Callable[[int, int], int], Callable[[Size, Size], Size]]] = {
    "+": (operator.add, operator.add),
    "-": (operator.sub, operator.sub),
    "*": (operator.mul, operator.mul),
    "//": (operator.floordiv, operator.floordiv),
    "%": (operator.mod, operator.mod),
    "min": (min, minimum),
    "max": (max, maximum),
}


def trees(symbols: tuple[Symbol, ...] = SYMBOLS, leaves: int = 7, operations: str = "+ - * // % min max") -> st.SearchStrategy[Tree]:
    names = operations.split()
    leaf = st.one_of(st.sampled_from(symbols), st.sampled_from(symbols), st.integers(-6, 9))

    def node(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        by_number = [name for name in names if name not in ("min", "max")]
        return st.one_of(
            st.tuples(st.sampled_from(names), children, children),
            st.tuples(st.sampled_from(by_number), children, st.integers(-4, 8)),
        )

    return st.recursive(leaf, node, max_leaves=leaves)


def number(tree: Tree, values: dict[str, int]) -> int:
    """What Python computes. ZeroDivisionError where Python has one."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, Symbol):
        return values[tree.name]
    name, left, right = tree
    return OPERATIONS[name][0](number(left, values), number(right, values))


def program(tree: Tree) -> Callable[[dict[str, int]], int]:
    """`number` of one tree, compiled."""
    return eval(f"lambda v: {_source(tree)}")  # type: ignore[no-any-return]


def _source(tree: Tree) -> str:
    if isinstance(tree, int):
        return f"({tree})"
    if isinstance(tree, Symbol):
        return f"v[{tree.name!r}]"
    name, left, right = tree
    return f"{name}({_source(left)}, {_source(right)})" if name in ("min", "max") else f"({_source(left)} {name} {_source(right)})"


def size(tree: Tree) -> Size:
    """What sizes make of it."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, Symbol):
        return of_atom(tree)
    name, left, right = tree
    return OPERATIONS[name][1](size(left), size(right))


def assignments(symbols: tuple[Symbol, ...], reach: int = 5) -> Iterator[dict[str, int]]:
    """All admissible values that are not far from the lower bounds."""
    spans = []
    for symbol in symbols:
        low = -reach if symbol.low is None else symbol.low
        high = low + 2 * reach if symbol.low is None else low + reach
        spans.append(range(low, min(high, high if symbol.high is None else symbol.high) + 1))
    for point in itertools.product(*spans):
        yield dict(zip((symbol.name for symbol in symbols), point, strict=True))


def samples(symbols: tuple[Symbol, ...] = SYMBOLS) -> st.SearchStrategy[dict[str, int]]:
    """One admissible assignment, large values included."""
    return st.fixed_dictionaries(
        {
            symbol.name: st.one_of(
                st.integers(-20 if symbol.low is None else symbol.low, 20 if symbol.high is None else symbol.high),
                st.integers(symbol.low if symbol.low is not None else -5000, symbol.high if symbol.high is not None else 5000),
            )
            for symbol in symbols
        }
    )
