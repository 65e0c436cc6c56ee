"""What CPython has to say about a text that cannot be parsed."""

from __future__ import annotations

import ast
import warnings

from .errors import SourceError


def complaint(text: str, start_line: int = 1) -> SourceError | None:
    """CPython's own syntax error, in the coordinates of a file in which the text starts at start_line; None when it has none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unknown escapes and the like: the checked code's affair, not ours
            ast.parse(text)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        message = error.msg.partition(" (<unknown>")[0]
        sentence = message if message.startswith("invalid syntax") else f"invalid syntax: {message}"
        return SourceError(start_line + line - 1, max(column, 1), sentence)
    except (RecursionError, MemoryError, ValueError) as error:
        return SourceError(start_line, 1, f"cannot be parsed: {str(error) or 'nested too deeply'}")
    return None
