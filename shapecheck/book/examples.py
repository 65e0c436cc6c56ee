"""Examples in the docstrings of rules: `>>> expression`, and on the line below what comes of it.

    (2, 3)                      a tensor of this shape, or a Python tuple of these numbers
    (2, 3) int64                with its dtype
    (3, 2) strides (1, 3)       with its strides
    [(5, 3), [(2, 3), None]]    several results, nested as they are returned
    12   True   'same'          a Python value
    torch.float32               a dtype: its short name, as a string
    ! SHP101 sentence           torch refuses, in these words

A size may have a name (`(N, 3, H//2)`), where who writes the example says what the names are. A long expression goes on in lines
that begin with `... `.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from shapecheck.sizes import Size, parse

_REFUSAL = re.compile(r"! (SHP\d{3}) +(\S.*)")
_SHAPED = re.compile(r"\((?P<sizes>.*?)\)(?: (?P<dtype>[a-z]+\d*(?:_e\dm\d\w*)?))??(?: strides \((?P<strides>[^()]*)\))?")
_DTYPE = re.compile(r"torch\.(\w+)")
_OPEN, _CLOSE = "([", ")]"


@dataclass(frozen=True, slots=True)
class Shaped:
    """A tensor, or a tuple of numbers. What is not written is None."""

    sizes: tuple[Size, ...]
    dtype: str | None = None
    strides: tuple[Size, ...] | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """A tuple or list of results."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A Python value."""

    value: object


Value = Shaped | Several | Constant


@dataclass(frozen=True, slots=True)
class Refusal:
    """A finding's code and the sentence that torch raises."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Example:
    """An expression and what comes of it; `line` counts from 1 in the docstring."""

    source: str
    expected: Value | Refusal
    line: int


def examples(docstring: str) -> list[Example]:
    """Every example of a docstring, in order. ValueError where something else stands below an expression."""
    lines = [line.strip() for line in docstring.splitlines()]
    found = []
    at = 0
    while at < len(lines):
        line = at + 1
        source, at = _source(lines, at)
        if source:
            expected = lines[at] if at < len(lines) else ""
            found.append(Example(source, read_expected(expected), line))
        at += 1
    return found


def _source(lines: list[str], at: int) -> tuple[str, int]:
    """The expression that begins on a line, '' for none, and the line after it."""
    if not lines[at].startswith(">>> "):
        return "", at
    parts = [lines[at][4:]]
    at += 1
    while at < len(lines) and lines[at].startswith("... "):
        parts.append(lines[at][4:])
        at += 1
    return " ".join(parts), at


def read_expected(text: str) -> Value | Refusal:
    """What is written below an expression."""
    refusal = _REFUSAL.fullmatch(text)
    return Refusal(refusal[1], refusal[2]) if refusal else read_value(text)


def read_value(text: str) -> Value:
    """A result as it is written: a shape, a list of results, or a Python value."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return Several(tuple(map(read_value, _split(text[1:-1]))))
    shaped = _SHAPED.fullmatch(text)
    if shaped:
        strides = shaped["strides"]
        return Shaped(_sizes(shaped["sizes"]), shaped["dtype"], None if strides is None else _sizes(strides))
    dtype = _DTYPE.fullmatch(text)
    if dtype:
        return Constant(dtype[1])
    try:
        return Constant(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        raise ValueError(f"not a result: {text!r}") from None


def _sizes(text: str) -> tuple[Size, ...]:
    return tuple(map(parse, _split(text)))


def _split(text: str) -> list[str]:
    """At the commas outside brackets; a comma at the end ends the last part."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in _OPEN) - (character in _CLOSE)
        if character == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts
