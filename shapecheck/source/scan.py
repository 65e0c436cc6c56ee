"""One regular expression that tells code from strings and comments, without tokenising."""

from __future__ import annotations

import re

# An f-string that holds its own kind of quote (Python 3.12) is seen as two strings with code between them. That is nearly always as
# good; where it is not, a quote or a bracket stays open, and whoever scans falls back to a way that does not depend on it.
_STRINGS = (
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""',
    r"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''",
    r'"(?!"")[^"\\\n]*(?:\\.[^"\\\n]*)*"',
    r"'(?!'')[^'\\\n]*(?:\\.[^'\\\n]*)*'",
)
STRING = "|".join(_STRINGS)
COMMENT = r"\#[^\n]*"
JOIN = r"\\\n"
OPEN = r"[\"']"  # a quote that nothing closes

_STRING = re.compile(f"{STRING}|{COMMENT}", re.DOTALL)
_FORMATTED = ("f", "fr", "t", "tr")
_NOT_CODE = re.compile(f"({STRING})|{COMMENT}|{JOIN}", re.DOTALL)
_COMMENTS = re.compile(f"(?:{STRING}|{JOIN}|(?P<open>{OPEN})|(?P<comment>{COMMENT}))", re.DOTALL)

_LINES = re.compile(rf"(?:{STRING}|{COMMENT}|{JOIN}|(?P<newline>\n)|(?P<bracket>[(\[{{)\]}}]))", re.DOTALL)


def skeleton(text: str) -> str:
    """The code alone: comments and line joins gone, each string a pair of quotes."""
    return _NOT_CODE.sub(lambda match: "''" if match[1] else "", text)


def formatted(text: str) -> list[str]:
    """The f-strings of a text, without their prefix."""
    return [match[0] for match in _STRING.finditer(text) if text[max(match.start() - 2, 0) : match.start()].lower().endswith(_FORMATTED)]


def comments(text: str) -> list[tuple[int, str]]:
    """Offset and text of every comment, hash sign included. In a broken file a quote that nothing closes ends with its line."""
    found = []
    position = 0
    while match := _COMMENTS.search(text, position):
        position = match.end()
        if match.lastgroup == "comment":
            found.append((match.start(), match[0]))
        elif match.lastgroup == "open":
            newline = text.find("\n", position)
            position = len(text) if newline < 0 else newline
    return found


def spans(text: str, brackets: bool) -> dict[int, tuple[int, int]]:
    """Lines that belong together, from 1: line -> (first, last), for those that are not alone.

    What spans lines is a string or a backslash, as flake8 sees it; with `brackets` an open bracket does too, so that a span is a
    logical line of Python.
    """
    found: dict[int, tuple[int, int]] = {}
    first = line = 1
    depth = 0
    for match in _LINES.finditer(text):
        kind = match.lastgroup
        if kind == "newline":
            if not brackets or depth <= 0:
                if line > first:
                    found.update(dict.fromkeys(range(first, line + 1), (first, line)))
                first, depth = line + 1, 0
            line += 1
        elif kind == "bracket":
            depth += 1 if match[0] in "([{" else -1
        else:
            line += match[0].count("\n")
    if line > first:
        found.update(dict.fromkeys(range(first, line + 1), (first, line)))
    return found
