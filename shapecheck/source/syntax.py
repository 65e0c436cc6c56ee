"""What CPython has to say about a text that cannot be parsed."""

from __future__ import annotations

import ast
import warnings

from .errors import SourceError
from .room import TooDeep, needs_room, with_room


def complaint(text: str, start_line: int = 1) -> SourceError | None:
    """CPython's own syntax error, in the coordinates of a file in which the text starts at start_line; None when it has none."""
    try:
        try:
            with_room(lambda: _parse(text)) if needs_room(text) else _parse(text)
        except TooDeep as error:
            if not error.brackets:  # CPython's parser could crash too
                return SourceError(start_line, 1, f"cannot be parsed: {error}")
            _parse(text)
    except SyntaxError as error:
        message = error.msg.partition(" (<unknown>")[0]
        sentence = message if message.startswith("invalid syntax") else f"invalid syntax: {message}"
        return SourceError(start_line + (error.lineno or 1) - 1, max(error.offset or 1, 1), sentence)
    except (RecursionError, MemoryError, ValueError) as error:
        return SourceError(start_line, 1, f"cannot be parsed: {str(error) or 'nested too deeply'}")
    return None


def _parse(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unknown escapes and the like: the checked code's affair, not ours
        ast.parse(text)
