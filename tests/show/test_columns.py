"""Words in columns."""

from __future__ import annotations

import pytest

from shapecheck.show.columns import width_of, wrapped


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two", 10, ["one two"]),
        ("one two three", 7, ["one two", "three"]),
        ("unbreakable one", 5, ["unbreakable", "one"]),
        ("x is (1, 2, 3) here", 8, ["x is", "(1, 2, 3)", "here"]),
        ("size [1, 2] of f(a, b)", 9, ["size", "[1, 2] of", "f(a, b)"]),
        ("数据 数据 ab", 9, ["数据 数据", "ab"]),
    ],
)
def test_wrapped(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


def test_long_parentheses_are_broken() -> None:
    text = f"f({', '.join('abcdefgh')}, {', '.join('ijklmnop')})"
    assert len(wrapped(text, 20)) > 1
    assert " ".join(wrapped(text, 20)) == text


def test_width_of() -> None:
    assert width_of("größe") == 5
    assert width_of("数据") == 4
    assert width_of("e\u0301") == 1
