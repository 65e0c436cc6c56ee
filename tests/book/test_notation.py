"""The language of shape signatures: what it reads, and what it says to what it cannot read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapecheck.book.notation import Expression, Input, Pattern, read_notation, shown
from shapecheck.book.stated import read_ops


def axes(text: str) -> tuple[Expression, ...]:
    """The axes of a tensor on the left, all of whose names are given by a second one."""
    pattern = read_notation(f"{text}, h w p n d -> ()").inputs[0].pattern
    assert pattern is not None
    return pattern.axes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h w", ("h", "w")),
        ("3 h _ 10", (3, "h", "_", 10)),
        ("()", ()),
        ("... h", ("...", "h")),
        ("(h w)", (("*", "h", "w"),)),
        ("( h  w )", (("*", "h", "w"),)),
        ("(2 h w)", (("*", ("*", 2, "h"), "w"),)),
        ("h//p", (("//", "h", "p"),)),
        ("h/2 w%2", (("/", "h", 2), ("%", "w", 2))),
        ("h+1 w-1", (("+", "h", 1), ("-", "w", 1))),
        # without spaces: as Python reads it
        ("h*w//p", (("//", ("*", "h", "w"), "p"),)),
        ("h//p*w//p", (("//", ("*", ("//", "h", "p"), "w"), "p"),)),
        ("h+2*p", (("+", "h", ("*", 2, "p")),)),
        ("(h+2)*p", (("*", ("+", "h", 2), "p"),)),
        # in parentheses spaces group
        ("(h//p * w//p)", (("*", ("//", "h", "p"), ("//", "w", "p")),)),
        ("(h//p w//p)", (("*", ("//", "h", "p"), ("//", "w", "p")),)),
        ("(h w + 1)", (("+", ("*", "h", "w"), 1),)),
        ("(h - p + 1)", (("+", ("-", "h", "p"), 1),)),
        ("(h + 2*p - n)//d+1", (("+", ("//", ("-", ("+", "h", ("*", 2, "p")), "n"), "d"), 1),)),
        ("(h //p)", (("//", "h", "p"),)),
    ],
)
def test_axes(text: str, expected: tuple[Expression, ...]) -> None:
    assert axes(text) == expected


def test_a_whole_signature() -> None:
    read = read_notation("(dim, patch=16): x=b c h w:float32, mask?=b h, any -> b (h//patch * w//patch) dim, same, None, ():bool")
    assert read.numbers == (("dim", None), ("patch", 16))
    image = Pattern(("b", "c", "h", "w"), "float32", "b c h w")
    assert read.inputs == (Input("x", False, image), Input("mask", True, Pattern(("b", "h"), None, "b h")), Input("", False, None))
    tokens = Pattern(("b", ("*", ("//", "h", "patch"), ("//", "w", "patch")), "dim"), None, "b (h//patch * w//patch) dim")
    assert read.outputs == (tokens, "same", None, Pattern((), "bool", "()"))


def test_parentheses_in_front_are_numbers_only_before_a_colon() -> None:
    assert read_notation("(n): -> n 4").numbers == (("n", None),)
    assert read_notation("(2 n) -> n").numbers == ()
    assert read_notation("(n):long -> n").numbers == ()
    assert read_notation("(n):long -> n").inputs[0].pattern == Pattern(("n",), "int64", "(n)")
    assert read_notation("(): b -> b").inputs[0].pattern == Pattern(("b",), None, "b")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("b c", "a signature has one arrow: b c h w -> b (h w) c"),
        ("b -> b -> b", "a signature has one arrow: b c h w -> b (h w) c"),
        ("b -> ", "nothing stands behind the arrow (write None where no tensor comes out)"),
        ("b, -> b", "an input is empty (write () for a tensor without axes)"),
        ("b -> b,", "an output is empty (write () for a tensor without axes)"),
        ("b -> b:int46", "'int46' is no dtype of torch"),
        ("(a=x): b -> b", "the default of a is 'x', which is no whole number"),
        ("(2): b -> b", "'2' in front of the colon is no name of a number"),
        ("(a, a): b -> b", "the number a is there twice"),
        ("b h // 2 -> b", "'b h // 2': write // without spaces, or in parentheses"),
        ("(b c -> b", "'(b c': a parenthesis is not closed"),
        ("b c) -> b", "'b c)': ')' is no axis"),
        ("b $ -> b", "'b $': '$' is no axis"),
        ("(b +) -> b", "'(b +)': ')' is no axis"),
        ("(b + -> b", "'(b +': something is missing at the end"),
        ("... b ... -> b", "'... b ...' on the left has '...' twice"),
        ("b -> ... b", "'...' on the right needs one on the left"),
        ("b (2 ...) -> b", "'...' cannot be part of an expression: 'b (2 ...)'"),
        ("b -> (2 _)", "'_' cannot be part of an expression: '(2 _)'"),
        ("b -> c", "'c' on the right is not on the left (write ?c for a size that nothing says)"),
        ("b ?k -> b", "'?' names a size on the right that nothing says; on the left write _"),
        ("b (h w) -> b h w", "'h*w' on the left does not say what h and w are"),
        ("b h//2 -> b h", "'h//2' on the left does not say what h is"),
        ("b h*h -> b h", "'h*h' on the left does not say what h is"),
        ("b 4/h -> b h", "'4/h' on the left does not say what h is"),
        ("mask?= b -> b -> c", "a signature has one arrow: b c h w -> b (h w) c"),
        (" -> same", "nothing on the left that 'same' could be the same as"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        read_notation(text)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"patchify": "b -> b"}, "'patchify' is no name of a function or class with its module, as mylib.layers.patchify is"),
        ({"my lib.f": "b -> b"}, "'my lib.f' is no name of a function or class with its module, as mylib.layers.patchify is"),
        ({"a.b": 3}, "'a.b' wants a signature in quotes, as in \"b c h w -> b (h w) c\""),
        ({"a": {"b": {"c": 3}}}, "'a.b.c' wants a signature in quotes, as in \"b c h w -> b (h w) c\""),
        ({"a.b": "b"}, "'a.b' = 'b': a signature has one arrow: b c h w -> b (h w) c"),
    ],
)
def test_a_table_that_cannot_be_read_names_the_key(table: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        read_ops(table)


def test_names_without_quotes_are_tables_in_toml() -> None:
    assert read_ops({"a": {"b": {"f": "n -> n"}, "C": "n -> n"}}) == read_ops({"a.b.f": "n -> n", "a.C": "n -> n"})


expressions = st.recursive(
    st.one_of(st.integers(0, 99), st.sampled_from("hwpnd")),
    lambda inner: st.tuples(st.sampled_from(["*", "//", "/", "%", "+", "-"]), inner, inner),
    max_leaves=6,
)


@given(expressions)
def test_what_is_shown_is_read_as_it_was(size: Expression) -> None:
    assert axes(shown(size)) == (size,)
