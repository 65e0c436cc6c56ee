"""A piece of a page (a cell, a block) as lines of Python: indentation taken away, what was left out made unknown."""

from __future__ import annotations

import re

from shapecheck.source import scan
from shapecheck.source.pages.page import Line
from shapecheck.source.syntax import complaint

UNKNOWN = "___"
"""A name that nothing defines, as wide as the three dots it stands for: what a page does not show, the checker does not know."""

_DOTS = re.compile(rf"(?P<skip>{scan.STRING}|{scan.COMMENT})|(?P<dots>\.\.\.)|(?P<open>[(\[{{])|(?P<close>[)\]}}])", re.DOTALL)
_DOTS_ALONE = re.compile(r"([ \t]+)\.\.\.[ \t]*(?:#.*)?$")
_HEAD = re.compile(r"([ \t]*)(async[ \t]+def|def|class)?\b")
_BOUND = re.compile(
    r"^[ \t]*(?:>>>[ \t]*)?(?:(?P<names>[^\W\d]\w*(?:[ \t]*,[ \t]*[^\W\d]\w*)*)[ \t]*(?::[^=\n]*)?[-+*/@%|&]?=(?!=)"
    r"|(?:async[ \t]+)?(?:def|class)[ \t]+(?P<defined>\w+)|for[ \t]+(?P<loop>\w+))",
    re.MULTILINE,
)
_WORDS = frozenset("if else elif for while return import from lambda not and or in is None True False def class with try except".split())


def dedented(lines: list[Line]) -> list[Line]:
    """The lines without the indentation of the first that has words, which IPython and Markdown's lists allow."""
    first = next((line.code for line in lines if line.code.strip()), "")
    width = len(first) - len(first.lstrip())
    if not width:
        return lines
    return [_cut(line, min(width, len(line.code) - len(line.code.lstrip()))) for line in lines]


def _cut(line: Line, width: int) -> Line:
    return Line(line.code[width:], 0, line.shift + width)


def is_python(text: str) -> bool:
    """Whether a piece parses."""
    return complaint(text) is None


def without_dots(lines: list[Line]) -> list[Line]:
    """`...` for "what goes here does not matter" as an unknown value; in an index, where it has a meaning, it stays."""
    text = "\n".join(line.code for line in lines)
    if "..." not in text:
        return lines
    pieces: list[str] = []
    opened: list[str] = []
    position = 0
    for match in _DOTS.finditer(text):
        pieces.append(text[position : match.start()])
        position = match.end()
        found = match[0]
        if match["open"]:
            opened.append("x" if found == "[" and re.search(r"[\w)\]}\"'][ \t]*$", "".join(pieces[-2:])) else found)
        elif match["close"] and opened:
            opened.pop()
        elif match["dots"] and "x" not in opened[-1:] and text[match.start() - 1 : match.start()] != ".":
            found = UNKNOWN
        pieces.append(found)
    pieces.append(text[position:])
    codes = "".join(pieces).split("\n")
    return [
        line._replace(code=_perhaps_more(lines, number) or code)
        for number, (line, code) in enumerate(zip(lines, codes, strict=True))
    ]  # fmt: skip


def _perhaps_more(lines: list[Line], number: int) -> str | None:
    """For `...` alone on a line of a function: statements that are not shown, so that what follows in it cannot be judged."""
    match = _DOTS_ALONE.match(lines[number].code)
    if match is None:
        return None
    width = len(match[1])
    for line in reversed(lines[:number]):
        head = _HEAD.match(line.code)
        if line.code.strip() and head is not None and len(head[1]) < width:
            width = len(head[1])
            if head[2]:
                return None if head[2] == "class" else f"{match[1]}return {UNKNOWN}"
    return None


def untold(line: Line) -> frozenset[str]:
    """The findings that a line gives no reason for any more: what it leaves out may set an attribute."""
    return frozenset(("SHP120",)) if line.code.endswith(f"return {UNKNOWN}") else frozenset()


def bindings(text: str) -> str:
    """For a piece that is left out: a statement after which the names that it seems to bind are unknown, or nothing."""
    names: dict[str, None] = {}
    for match in _BOUND.finditer(text):
        words = match["names"] or match["defined"] or match["loop"]
        names.update(dict.fromkeys(word.strip() for word in words.split(",")))
    return "".join(f"{name} = " for name in names if name not in _WORDS and name.isidentifier()) + UNKNOWN if names else ""
