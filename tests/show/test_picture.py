"""Marks stand under what they mark, whatever the line is made of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapecheck.show.columns import columns_of
from shapecheck.show.picture import CUT, TAB, Picture, draw


def marked(line: str, piece: str, width: int = 200) -> Picture:
    start = line.index(piece) + 1
    return draw(line, (1, start, 1, start + len(piece)), width)


def shown_columns(text: str) -> int:
    return sum(map(columns_of, text))


@pytest.mark.parametrize(
    ("line", "piece", "before", "length"),
    [
        ("x = f(y)", "f(y)", 4, 4),
        ("\tx = f(y)", "f(y)", TAB + 4, 4),
        ("ab\tf(y)", "f(y)", TAB, 4),
        ("s = '日本' + f(y)", "f(y)", 13, 4),
        ("日本 = 1", "日本", 0, 4),
        ("e\u0301 = f(y)", "f(y)", 4, 4),
    ],
)
def test_where_the_mark_stands(line: str, piece: str, before: int, length: int) -> None:
    assert marked(line, piece)[1:] == (before, length)


def test_several_lines_are_marked_to_the_end_of_the_first() -> None:
    picture = draw("    x = f(  ", (3, 9, 5, 2), 80)
    assert picture == ("    x = f(", 8, 2)


def test_an_empty_or_outdated_place_still_has_a_mark() -> None:
    assert draw("x", (1, 1, 1, 1), 80) == ("x", 0, 1)
    assert draw("x", (1, 50, 1, 60), 80) == ("x", 1, 1)
    assert draw("", (1, 1, 2, 1), 80) == ("", 0, 1)


def test_control_characters_cannot_reach_the_terminal() -> None:
    assert draw("a\x1b[31mb\x0cc", (1, 1, 1, 2), 80).text == "a?[31mb?c"


@pytest.mark.parametrize("at", [0, 10, 500, 990])
def test_long_lines_are_cut_around_the_mark(at: int) -> None:
    line = "x" * at + "FOUND" + "y" * (1000 - at)
    picture = marked(line, "FOUND", 60)
    assert shown_columns(picture.text) <= 60
    assert picture.text[picture.before :][: picture.length] == "FOUND"
    assert picture.text.startswith(CUT) == (at > 40)
    assert picture.text.endswith(CUT) == (at < 960)


def test_a_mark_that_is_itself_too_long_shows_its_start() -> None:
    picture = draw("a = " + "b" * 500, (1, 5, 1, 505), 50)
    assert shown_columns(picture.text) <= 50
    assert picture.text[picture.before] == "b"
    assert picture.length <= 50 - picture.before


@given(
    line=st.text(st.sampled_from("ab \t日é\u0301\x1b,()"), max_size=120),
    start=st.integers(1, 130),
    size=st.integers(0, 40),
    width=st.integers(20, 90),
)
@settings(deadline=None)
def test_never_wider_than_told_and_always_in_sight(line: str, start: int, size: int, width: int) -> None:
    picture = draw(line, (1, start, 1, start + size), width)
    assert shown_columns(picture.text) <= width
    assert 0 <= picture.before <= width
    assert picture.length >= 1
    assert picture.before + picture.length <= width + 1


def test_indentation_goes_before_code_does() -> None:
    line = " " * 30 + "x = layer(y)"
    assert draw(line, (1, 35, 1, 43), 20) == ("x = layer(y)", 4, 8)
    assert draw(line, (1, 35, 1, 43), 80) == (line, 34, 8)
