"""Every definite answer, bound, simplification and contradiction is checked against all small admissible values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shapecheck.sizes import Facts, Truth, evaluate
from tests.sizes.trees import ANY, FEW, ZERO, H, Tree, W, assignments, number, program, size, trees

KINDS = ("eq", "ne", "le", "lt", "ge", "gt", "divides")
FEWER = (H, W, ANY)
GENERIC = (H, W)
Said = tuple[str, Tree, Tree]
Program = Callable[[dict[str, int]], int]


PAIRS = st.tuples(trees(GENERIC, 4), trees(GENERIC, 4))


def holds(kind: str, a: int, b: int) -> bool:
    if kind == "divides":
        return a != 0 and b % a == 0
    return {"eq": a == b, "ne": a != b, "le": a <= b, "lt": a < b, "ge": a >= b, "gt": a > b}[kind]


def facts_and_points(said: list[Said], symbols: tuple[Any, ...], reach: int) -> tuple[Facts | None, list[dict[str, int]]]:
    """The facts after every assumption that can be computed, and all small assignments under which they hold."""
    facts: Facts | None = Facts()
    points = list(assignments(symbols, reach))
    for kind, left, right in said:
        try:
            a, b = size(left), size(right)
        except ZeroDivisionError:
            continue
        if facts is not None:
            facts = getattr(facts, f"assume_{kind}")(a, b)
        first, second = program(left), program(right)
        points = [point for point in points if both_hold(kind, first, second, point)]
    return facts, points


def both_hold(kind: str, left: Program, right: Program, point: dict[str, int]) -> bool:
    try:
        return holds(kind, left(point), right(point))
    except ZeroDivisionError:
        return False


def said_with(symbols: tuple[Any, ...], leaves: int = 4) -> st.SearchStrategy[Said]:
    tree = trees(symbols, leaves)
    return st.tuples(st.sampled_from(KINDS), tree, st.one_of(tree, st.integers(-3, 12)))


def check(said: list[Said], questions: list[tuple[Tree, Tree]], symbols: tuple[Any, ...], reach: int) -> None:
    facts, points = facts_and_points(said, symbols, reach)
    if facts is None:
        assert not points, "a contradiction that is none"
        return
    for left, right in questions:
        try:
            a, b = size(left), size(right)
        except ZeroDivisionError:
            continue
        answers: dict[str, Truth] = {kind: getattr(facts, kind)(a, b) for kind in ("eq", "le", "lt", "divides")}
        low, high = facts.bounds(a)
        simple = facts.simplify(a)
        first, second = program(left), program(right)
        for point in points:
            try:
                x, y = first(point), second(point)
            except ZeroDivisionError:
                continue
            for kind, answer in answers.items():
                if not answer.maybe and not (kind == "divides" and x == 0 and not isinstance(a, int)):
                    assert holds(kind, x, y) == answer.yes, (kind, str(a), str(b), answer, point)
            assert low is None or low <= x, (str(a), low, point)
            assert high is None or x <= high, (str(a), high, point)
            if simple != a:
                try:
                    assert evaluate(simple, point) == x, (str(a), str(simple), point)
                except ZeroDivisionError:
                    continue


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(trees((H, W, ANY, FEW, ZERO)), trees((H, W, ANY, FEW, ZERO))), min_size=2, max_size=4))
def test_without_facts(questions: list[tuple[Tree, Tree]]) -> None:
    check([], questions, (H, W, ANY, FEW, ZERO), 2)


@settings(max_examples=180, deadline=None)
@given(st.lists(said_with(FEWER), min_size=1, max_size=3), st.lists(st.tuples(trees(FEWER), trees(FEWER)), min_size=2, max_size=4))
def test_with_facts(said: list[Said], questions: list[tuple[Tree, Tree]]) -> None:
    check(said, questions, FEWER, 6)


@settings(max_examples=150, deadline=None)
@given(st.lists(said_with((H, W), 3), min_size=1, max_size=5), st.lists(PAIRS, min_size=2, max_size=3))
def test_with_many_small_facts(said: list[Said], questions: list[tuple[Tree, Tree]]) -> None:
    check(said, questions, GENERIC, 16)


@settings(max_examples=150, deadline=None)
@given(trees(GENERIC, 5, "+ - * //"), trees(GENERIC, 5, "+ - * //"))
def test_what_differs_generically_differs(left: Tree, right: Tree) -> None:
    try:
        a, b = size(left), size(right)
    except ZeroDivisionError:
        return
    if not Facts().differ_generically(a, b):
        return
    for point in assignments(GENERIC, 24):
        if min(point.values()) >= 3:
            try:
                assert number(left, point) != number(right, point)
            except ZeroDivisionError:
                continue


@settings(max_examples=150, deadline=None)
@given(st.lists(said_with(FEWER), min_size=1, max_size=3))
def test_witness_is_one(said: list[Said]) -> None:
    facts, _ = facts_and_points(said, FEWER, 0)
    if facts is None:
        return
    found = facts.witness(FEWER)
    if found is not None:
        values = {symbol.name: value for symbol, value in found.items()}
        for symbol in FEWER:
            assert symbol.low is None or values[symbol.name] >= symbol.low
        for kind, left, right in said:
            try:
                a, b = size(left), size(right)
                if not getattr(facts, kind)(a, b).yes:
                    continue
                assert holds(kind, evaluate(a, values), evaluate(b, values)), (values, kind, str(a), str(b))
            except ZeroDivisionError:
                continue
