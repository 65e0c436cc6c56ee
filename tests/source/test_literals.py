"""Literal values, held to `ast.literal_eval`."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapecheck.source import literals

ESCAPES = [
    "\\n",
    "\\\\",
    "\\'",
    '\\"',
    "\\x41",
    "\\101",
    "\\8",
    "\\7",
    "\\u00e9",
    "\\U0001F600",
    "\\N{BULLET}",
    "\\d",
    "\\\n",
    "a",
    "é",
    " ",
    "{",
    "\\t\\r\\a\\b\\f\\v",
    "0",
]


def evaluated(raw: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.literal_eval(raw)


@given(
    st.lists(st.sampled_from(ESCAPES)),
    st.sampled_from(["", "r", "R", "u", "b", "B", "rb", "Rb", "bR"]),
    st.sampled_from(["'", '"', "'''", '"""']),
)
def test_strings(pieces: list[str], prefix: str, quotes: str) -> None:
    if "b" in prefix.lower():
        pieces = [piece for piece in pieces if piece.isascii()]
    if len(quotes) == 1 and "r" in prefix.lower():
        pieces = [piece for piece in pieces if piece not in ("\\\\",)]
    raw = prefix + quotes + "".join(pieces) + quotes
    try:
        expected = evaluated(raw)
    except (SyntaxError, ValueError):
        return
    assert literals.string(raw) == expected


@pytest.mark.parametrize("raw", ["''", "''''''", '""""""', "b''", "r''", "'''a'b'''", '"\'"', "b'\\777'", "'\\777'"])
def test_short_strings(raw: str) -> None:
    assert literals.string(raw) == evaluated(raw)


@pytest.mark.parametrize("raw", ["0", "00", "42", "1_000", "0x1F", "0X_ff", "0o17", "0b1_0"])
def test_integers(raw: str) -> None:
    assert literals.integer(raw) == evaluated(raw)


@pytest.mark.parametrize("raw", ["1j", "1.5J", "1_0e-3j", "0777j"])
def test_imaginary_numbers(raw: str) -> None:
    assert literals.imaginary(raw) == evaluated(raw)


@pytest.mark.parametrize("raw", [r"'\N{no such}'", r"'\UFFFFFFFF'"])
def test_what_stands_for_nothing(raw: str) -> None:
    with pytest.raises(ValueError, match="no such character"):
        literals.string(raw)
