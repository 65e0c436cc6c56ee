"""Files as text."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from shapecheck.source.errors import SourceError
from shapecheck.source.text import decode, read


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        ("é = 1\n".encode(), "é = 1\n", "utf-8"),
        (codecs.BOM_UTF8 + "é".encode(), "é", "utf-8"),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", "# coding: utf-8\n", "utf-8"),
        (b"# -*- coding: latin-1 -*-\n# \xe9\n", "# -*- coding: latin-1 -*-\n# é\n", "iso8859-1"),
        (
            b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n",
            "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'\n",
            "cp1252",
        ),
        (b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n", "utf-8"),
        (b"# Andr\xe9\nx = 1\n", "# André\nx = 1\n", "latin-1"),
    ],
)
def test_encodings(data: bytes, text: str, encoding: str) -> None:
    found = decode(data)
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "newline"), [(b"a\nb\n", "\n"), (b"a\r\nb\r\n", "\r\n"), (b"a\rb\r", "\r"), (b"a", "\n"), (b"a\r\nb\n", "\r\n")]
)
def test_line_ends_are_pythons(data: bytes, newline: str) -> None:
    found = decode(data)
    assert found.newline == newline
    assert "\r" not in found.text


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"x = 1\ny = \x00\n", 2, 1, "NUL"),
        (b"\x7fELF\x02\x01\x01\x00\x00", 1, 1, "NUL"),
        (b"\x89\x01\x02\x03\x04\x05\xff\xfe", 1, 1, "cannot be decoded"),
        (b"# coding: utf-8\nx = '\xe9'\n", 2, 6, "cannot be decoded as utf-8"),
        (b"# coding: no-such-thing\n", 1, 1, "unknown encoding: no-such-thing"),
        (b"\n# coding: nope\n", 2, 1, "unknown encoding: nope"),
        (b"# coding: rot13\n", 1, 1, "cannot be decoded as rot"),
        (codecs.BOM_UTF16_LE + "x = 1\n".encode("utf-16-le"), 1, 1, "NUL"),
    ],
)
def test_what_is_no_text(data: bytes, line: int, column: int, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        decode(data)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"x = 1\r\n")
    assert read(file) == (str(file), "x = 1\n", "utf-8", "\r\n")
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "b.py")
