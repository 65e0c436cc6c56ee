"""An independent prover agrees with the normal form, for all integers and not only for small ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from shapecheck.sizes import Facts, evaluate, parse
from tests.sizes.trees import ANY, H, Tree, W, size, trees

z3 = pytest.importorskip("z3")

LINEAR = (H, W, ANY)


class Number:
    """A z3 integer whose // and % are Python's for positive denominators."""

    def __init__(self, term: Any) -> None:
        self.term = term

    def __add__(self, other: Any) -> Number:
        return Number(self.term + term_of(other))

    def __radd__(self, other: Any) -> Number:
        return Number(term_of(other) + self.term)

    def __sub__(self, other: Any) -> Number:
        return Number(self.term - term_of(other))

    def __rsub__(self, other: Any) -> Number:
        return Number(term_of(other) - self.term)

    def __mul__(self, other: Any) -> Number:
        return Number(self.term * term_of(other))

    def __rmul__(self, other: Any) -> Number:
        return Number(term_of(other) * self.term)

    def __neg__(self) -> Number:
        return Number(-self.term)

    def __floordiv__(self, other: Any) -> Number:
        # z3 rounds so that the remainder is never negative: towards minus infinity for positive denominators, as Python does.
        return Number(self.term / term_of(other))

    def __mod__(self, other: Any) -> Number:
        return Number(self.term % term_of(other))


def term_of(value: Any) -> Any:
    return value.term if isinstance(value, Number) else z3.IntVal(value)


def chosen(left: Any, right: Any, smallest: bool) -> Number:
    a, b = term_of(left), term_of(right)
    return Number(z3.If(a <= b if smallest else a >= b, a, b))


def read(text: str, names: dict[str, Number]) -> Any:
    """The text as Python reads it, over z3 integers."""

    def smallest(*sizes: Any) -> Any:
        first, *rest = sizes
        for other in rest:
            first = chosen(first, other, True)
        return first

    def largest(*sizes: Any) -> Any:
        first, *rest = sizes
        for other in rest:
            first = chosen(first, other, False)
        return first

    return term_of(eval(text, {"min": smallest, "max": largest}, names))


def proved(claim: Any, *given: Any) -> bool:
    solver = z3.Solver()
    solver.set("timeout", 3000)
    solver.add(*given, z3.Not(claim))
    return bool(solver.check() == z3.unsat)


def variables(*names: str) -> dict[str, Number]:
    return {name: Number(z3.Int(name)) for name in names}


IDENTITIES = [
    "(H - 1)//2 + 1",
    "((H + 2*3 - 7)//2 + 1 + 2*1 - 3)//2 + 1",
    "(((H//2)//2)//2)//2",
    "((H//3 + 1)//5 + 2)//2",
    "(W - H//2)//3",
    "(W + 3*(H//2))//2",
    "(H//2 + W)//3 - (H//5)//7",
    "-(-H//3)",
    "-(-(H + 5)//4)",
    "(-H - W)//2",
    "(5*H - 7*W + 3)//6",
    "(2*H)//3",
    "(4*H + 6*W + 3)//4",
    "(6*H + 9)//6",
    "H % 7",
    "(H % 12) % 4",
    "(4 - H % 4) % 4",
    "H + (4 - H % 4) % 4",
    "(H + W) % 3 - H % 3",
    "((H + 3)//4*4 - H) % 4",
    "(H - 4*(H//4))//4",
    "(H//2 - H)//3",
    "(3*(H//4) + 1)//3",
    "(H//2 + W//2)//2",
    "min(H, W)//2 + max(H, W, 3)//2",
    "max(H - 1, 0)",
    "max(min(H, W), H)",
]


@pytest.mark.parametrize("text", IDENTITIES)
def test_normal_form_means_what_was_written(text: str) -> None:
    names = variables("H", "W")
    sizes = [one.term >= 1 for one in names.values()]
    assert proved(read(text, names) == read(str(parse(text)), names), *sizes)


@settings(max_examples=40, deadline=None)
@given(trees(LINEAR, 6, "+ -"))
def test_sums_and_quotients_by_constants(tree: Tree) -> None:
    for k in (2, 3, 8):
        form = size(("//", ("+", ("//", tree, k), tree), 3))
        names = variables("H", "W", "any")
        text = f"((({plain(tree)})//{k}) + ({plain(tree)}))//3"
        assert proved(read(text, names) == read(str(form), names), *(names[name].term >= 1 for name in ("H", "W")))


def plain(tree: Tree) -> str:
    if isinstance(tree, (int, str)):
        return f"({tree})"
    return f"({plain(tree[1])} {tree[0]} {plain(tree[2])})" if isinstance(tree, tuple) else str(tree.name)


PROOFS = [
    ("H % 32 == 0", "32*(((((H//2)//2)//2)//2)//2)", "H"),
    ("H % 32 == 0", "(((((H + 1)//2 + 1)//2 + 1)//2 + 1)//2 + 1)//2", "H//32"),
    ("H % 4 == 0", "(H//2)//2*4", "H"),
    ("H % 4 == 0", "2*(H//2) + (H + 2)//4*4", "2*H"),
    ("H % 6 == 5", "3*((H + 1)//3)", "H + 1"),
    ("(H + 1)//2 == 7", "(H + 3)//4", "4"),
    ("2*H == 3*W", "(H + W)//5*2", "W"),
]


@pytest.mark.parametrize(("fact", "a", "b"), PROOFS)
def test_answers_under_facts(fact: str, a: str, b: str) -> None:
    left, right = fact.split(" == ")
    facts = Facts().assume_eq(parse(left), parse(right))
    assert facts is not None
    assert facts.eq(parse(a), parse(b)).yes
    names = variables("H", "W")
    known = [read(left, names) == read(right, names), *(one.term >= 1 for one in names.values())]
    assert proved(read(a, names) == read(b, names), *known)


@settings(max_examples=30, deadline=None)
@given(trees((H, ANY), 5, "+ - //"), trees((H, ANY), 4, "+ -"))
def test_definite_answers_hold_everywhere(left: Tree, right: Tree) -> None:
    try:
        a, b = size(left), size(right)
    except ZeroDivisionError:
        return
    answer = Facts().eq(a, b)
    if answer.maybe or "//(" in str(a) + str(b) or any(f"//{name}" in str(a) for name in ("H", "any")):
        return
    names = variables("H", "any")
    same = read(str(a), names) == read(str(b), names)
    assert proved(same if answer.yes else z3.Not(same), names["H"].term >= 1)


def test_evaluate_is_what_the_prover_reads() -> None:
    text = "(7*H - 3*W)//5 - (H % 3)"
    names = variables("H", "W")
    for h, w in ((1, 9), (12, 5), (100, 1)):
        value = evaluate(parse(text), {"H": h, "W": w})
        assert proved(read(text, names) == value, names["H"].term == h, names["W"].term == w)
