"""Text in columns of a terminal: how wide it is, and wrapped at words."""

from __future__ import annotations

import re
import unicodedata

_SHORT = re.compile(r"\([^()]{1,30}\)|\[[^\[\]]{1,30}\]")
_FIRM = "\0"  # a blank at which nothing is broken


def columns_of(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width_of(text: str) -> int:
    """The columns of a line without control characters."""
    return len(text) if text.isascii() else sum(map(columns_of, text))


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text that is wrapped at blanks, not within a shape; a word that is wider than a line stays whole."""
    lines: list[str] = []
    line, used = "", 0
    for word in _SHORT.sub(lambda found: found[0].replace(" ", _FIRM), text).split(" "):
        columns = width_of(word)
        if line and used + 1 + columns > width:
            lines.append(line)
            line, used = word, columns
        else:
            line, used = (f"{line} {word}", used + 1 + columns) if line else (word, columns)
    return [kept.replace(_FIRM, " ") for kept in (*lines, line)]
