"""Changing a user's file: its encoding, line ends, rights and links stay, and it is written whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable

from shapecheck.source.errors import SourceError
from shapecheck.source.text import read

PYTHON = (".py", ".pyi", ".pyw")

_ENDS = re.compile("(\r\n|\r|\n)")
_BOM = b"\xef\xbb\xbf"


class RefusedError(Exception):
    """A change that is not made, and why."""


class Text:
    """A text as its lines and what ends each of them."""

    def __init__(self, text: str) -> None:
        pieces = _ENDS.split(text)
        self.lines = pieces[::2]
        self.ends = [*pieces[1::2], ""]

    @property
    def plain(self) -> str:
        """With `\\n` for every line end, as the checker reads it."""
        return "\n".join(self.lines)

    @property
    def whole(self) -> str:
        """With its own line ends."""
        return "".join(line + end for line, end in zip(self.lines, self.ends, strict=True))

    def delete(self, line: int) -> None:
        """Take a line away, from 1."""
        del self.lines[line - 1], self.ends[line - 1]


def rewrite(path: str, change: Callable[[Text], Text]) -> None:
    """Change a Python file. RefusedError: it is not changed, and why."""
    mark, encoding, text = _read(path)
    try:
        data = mark + change(text).whole.encode(encoding)
    except UnicodeError:
        raise RefusedError(f"it could not be written as {encoding}") from None
    _replace(path, data)


def text_of(path: str) -> Text:
    """The text of a Python file, as `rewrite` hands it over. RefusedError when it is none."""
    return _read(path)[2]


def _read(path: str) -> tuple[bytes, str, Text]:
    """The byte order mark if there is one, the encoding, the text."""
    if not path.endswith(PYTHON) or not os.path.isfile(path):
        raise RefusedError("it is no Python file")
    try:
        encoding = read(path).encoding
        with open(path, "rb") as file:
            data = file.read()
        mark = _BOM if data.startswith(_BOM) else b""
        return mark, encoding, Text(data[len(mark) :].decode(encoding))
    except SourceError as error:
        raise RefusedError(error.sentence) from None
    except (OSError, UnicodeError) as error:
        raise RefusedError(getattr(error, "strerror", None) or str(error)) from None


def _replace(path: str, data: bytes) -> None:
    """Write beside the file and put it in its place: a full disk leaves the old file."""
    path = os.path.realpath(path)
    try:
        handle, beside = tempfile.mkstemp(prefix=".shapecheck-", dir=os.path.dirname(path))
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            shutil.copymode(path, beside)
            os.replace(beside, path)
        except OSError:
            os.unlink(beside)
            raise
    except OSError as error:
        raise RefusedError(error.strerror or str(error)) from None
