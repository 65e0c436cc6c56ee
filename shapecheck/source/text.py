"""Files as text, the way Python itself reads them."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from .chunks import newlines
from .errors import SourceError

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")


class SourceText(NamedTuple):
    """A file's text, every line end a `\\n`, without byte order mark; `newline` is the line end that the file itself uses."""

    path: str
    text: str
    encoding: str
    newline: str = "\n"


def read(path: str | Path) -> SourceText:
    """The file, decoded. SourceError: it is no text, or cannot be decoded. OSError as usual."""
    return decode(Path(path).read_bytes(), str(path))


def decode(data: bytes, path: str = "") -> SourceText:
    """Bytes as Python reads them: byte order mark, then the coding comment, then UTF-8, and Latin-1 when that fails on text."""
    if b"\0" in data:
        raise SourceError(data.count(b"\n", 0, data.index(b"\0")) + 1, 1, "not a text file: it contains a NUL byte")
    encoding = _declared(data)
    if data.startswith(codecs.BOM_UTF8):
        data, encoding = data[len(codecs.BOM_UTF8) :], "utf-8"
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None or not _looks_like_text(data):
            raise _undecodable(data, error) from None
        text, encoding = data.decode("latin-1"), "latin-1"  # Python would refuse; a reader would not
    except (LookupError, ValueError) as error:  # a codec that is not for texts, or no decoder at heart
        raise SourceError(1, 1, f"cannot be decoded as {encoding}: {error}") from None
    first = re.search("\r\n|\r|\n", text)
    return SourceText(path, newlines(text), encoding or "utf-8", first[0] if first else "\n")


def _declared(data: bytes) -> str | None:
    """The encoding of the coding comment (PEP 263: in the first two lines), under its codec's name."""
    for number, line in enumerate(data.splitlines()[:2] if len(data) < 4096 else data[:4096].splitlines()[:2], 1):
        match = _COOKIE.match(line)
        if match:
            name = match[1].decode("ascii")
            try:
                return codecs.lookup(name).name
            except LookupError:
                raise SourceError(number, 1, f"unknown encoding: {name}") from None
        if not _BLANK.match(line):
            return None
    return None


def _looks_like_text(data: bytes) -> bool:
    """Few control characters: what a program file in an old encoding has, and a compiled one has not."""
    control = sum(data.count(bytes((code,))) for code in range(32) if code not in (9, 10, 12, 13))
    return control * 100 <= len(data)


def _undecodable(data: bytes, error: UnicodeDecodeError) -> SourceError:
    line_start = data.rfind(b"\n", 0, error.start) + 1
    return SourceError(
        data.count(b"\n", 0, error.start) + 1, error.start - line_start + 1, f"cannot be decoded as {error.encoding}: {error.reason}"
    )
