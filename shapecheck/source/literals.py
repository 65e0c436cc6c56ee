"""The values of literals, worked out from their spelling.

`ast.literal_eval` would do, but it is slow for what is nearly always a plain word between quotes, and it warns about escapes that
Python does not know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]*)\}|([\s\S]))")
_BYTES_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|([\s\S]))")
_SIMPLE = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def _character(match: re.Match[str]) -> str:
    octal, hexadecimal, short, long, name, simple = match.groups()
    if simple is not None:
        return _SIMPLE.get(simple, match[0])
    if name is not None:
        import unicodedata  # a large table, and hardly any file names a character

        return unicodedata.lookup(name)
    return chr(int(octal, 8) if octal else int(hexadecimal or short or long, 16))


def _byte(match: re.Match[str]) -> str:
    octal, hexadecimal, simple = match.groups()
    if simple is not None:
        return _SIMPLE.get(simple, match[0])
    return chr(int(octal, 8) & 0xFF if octal else int(hexadecimal, 16))


def unescape(body: str) -> str:
    """The text that the inside of a string literal stands for. An unknown escape stays as it is. ValueError: no such character."""
    if "\\" not in body:
        return body
    try:
        return _ESCAPE.sub(_character, body)
    except (KeyError, OverflowError) as error:
        raise ValueError("no such character in a string") from error


def string(raw: str) -> str | bytes:
    """The value of one string or bytes literal as it is written, prefix and quotes included."""
    first = raw[0]
    if first not in "'\"":
        return _prefixed(raw)
    body = raw[3:-3] if raw.startswith(first * 3) and len(raw) >= 6 else raw[1:-1]
    return unescape(body) if "\\" in body else body


def _prefixed(raw: str) -> str | bytes:
    start = min(position for position in (raw.find("'"), raw.find('"')) if position >= 0)
    prefix, rest = raw[:start].lower(), raw[start:]
    quotes = 3 if rest.startswith(rest[0] * 3) and len(rest) >= 6 else 1
    body = rest[quotes:-quotes]
    if "b" not in prefix:
        return body if "r" in prefix else unescape(body)
    if "r" not in prefix:
        body = _BYTES_ESCAPE.sub(_byte, body)
    return body.encode("latin-1", "replace")


def integer(raw: str) -> int:
    """42, 1_000, 0x1F, 0o17, 0b1, 00. ValueError: more digits than Python converts."""
    return int(raw) if raw.isdigit() else int(raw, 0)


def imaginary(raw: str) -> complex:
    """3j, 1_0.5J."""
    return complex(0.0, float(raw[:-1]))


NUMBERS: dict[str, Callable[[str], int | float | complex]] = {"Integer": integer, "Float": float, "Imaginary": imaginary}
