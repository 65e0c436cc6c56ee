"""Chunks: together the file, each what libcst would have made of it in place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapecheck.source.chunks import Chunk, newlines, split, whole
from shapecheck.source.errors import SourceError
from shapecheck.source.lower import lower
from shapecheck.source.text import read
from tests.source.corpus import SAMPLE, names
from tests.source.snippets import SNIPPETS


def outline(text: str) -> list[tuple[int, str, str | None]]:
    return [(chunk.start_line, chunk.kind, chunk.name) for chunk in split(text)]


def check(text: str) -> None:
    """The chunks cover the file, and lower to what the whole file lowers to."""
    chunks = split(text)
    assert "".join(chunk.text for chunk in chunks) == newlines(text)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    line = 1
    for chunk in chunks:
        assert chunk.start_line == line
        line += chunk.text.count("\n")
    try:
        together = lower(whole(newlines(text)))
    except SourceError:
        return
    apart = [lower(chunk) for chunk in chunks]
    assert repr(tuple(statement for lowered in apart for statement in lowered.statements)) == repr(together.statements)
    assert sum(lowered.count for lowered in apart) == together.count
    for chunk, lowered in zip(chunks, apart, strict=True):
        defined = [statement.name for statement in lowered.statements if type(statement).__name__ in ("FuncDef", "ClassDef")]  # type: ignore[attr-defined]
        assert (chunk.name is not None) == (chunk.kind in ("class", "def"))
        assert chunk.name is None or defined == [chunk.name]
        assert chunk.name is None or len(lowered.statements) == 1


def test_kinds() -> None:
    text = (
        "'''doc'''\nimport a\nfrom b import c\nx = 1\ny = 2\n\n@d\nclass A(B):\n    pass\n\nasync def f(): pass\nif x:\n    def g(): pass\n"
    )
    assert outline(text) == [
        (1, "other", None),
        (2, "import", None),
        (4, "other", None),
        (7, "class", "A"),
        (11, "def", "f"),
        (12, "other", None),
    ]
    check(text)


def test_decorators_belong_to_what_they_decorate() -> None:
    text = "x\n@a(\n1)\n# comment\n\n@b\n\ndef f():\n    pass\n@c\nclass D: pass\n"
    assert outline(text) == [(1, "other", None), (2, "def", "f"), (10, "class", "D")]
    check(text)


def test_continued_statements() -> None:
    text = (
        "try:\n    a\nexcept B:\n    c\n# x\nelse:\n    d\nfinally: e\nif a: b\nelif c: d\nelse: f\nfor x in y: z\nelse: w\ndef g(): pass\n"
    )
    assert outline(text) == [(1, "other", None), (14, "def", "g")]
    check(text)


def test_brackets_strings_and_joined_lines_hide_what_looks_like_a_statement() -> None:
    text = "x = [\nclass_,\ndef_]\ny = '''\nclass A: pass\n'''\nz = 1 + \\\n2\nw = '\\\ndef f(): pass'\n# class B\ndef g(): pass\n"
    assert outline(text) == [(1, "other", None), (12, "def", "g")]
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "def f(): pass\nx = 'unterminated\ndef g(): pass\n",
        "def f(): pass\nx = (1\ndef g(): pass\n",
        "def f(): pass\nx = 1)\ndef g(): pass\n",
        "def f(): pass\n\x0cdef g(): pass\n",
        "def f(): pass\n@decorates\nnothing\n",
        "def f(): pass\n@decorates\n",
        'def f(): pass\nx = """\ndef g(): pass\n',
    ],
)
def test_in_doubt_the_file_is_one_chunk(text: str) -> None:
    assert outline(text) == [(1, "other", None)]
    check(text)


def test_layouts() -> None:
    for text in (
        "",
        "\n",
        "# only\n",
        "x",
        "def f(): pass",
        "\n\n# c\ndef f():\n\tpass\n\n# end",
        "  x = 1\n",
        "class A: x = 1; y = 2\nz = 1; w = 2",
    ):
        check(text)
    assert outline("") == []
    assert outline("def f():\r\n    pass\r\nclass A: pass\r\n") == [(1, "def", "f"), (3, "class", "A")]
    assert outline("def f():\r    pass\rclass A: pass\r") == [(1, "def", "f"), (3, "class", "A")]
    check("def f():\r\n    x = '''a\r\nb'''\r\nclass A: pass\r\n")


def test_names_are_identifiers() -> None:
    assert outline("def ﬁ(): pass\nclass ｘ: pass\n") == [(1, "def", "fi"), (2, "class", "x")]


def test_long_runs_of_plain_statements_are_cut() -> None:
    text = "x = foo(1, a=2)\n" * 2000
    assert len(split(text)) == 4
    check(text)


def test_the_digest_is_of_the_text_alone() -> None:
    first, second = split("def f(): pass\n")[0], split("x = 1\ndef f(): pass\n")[1]
    assert first.digest == second.digest
    assert first.digest != split("def f(): pass \n")[0].digest
    assert len({chunk.digest for chunk in split("x\ndef f(): 1\ndef g(): 1\n")}) == 3


def test_lone_surrogates_have_a_digest() -> None:
    assert Chunk(1, "x = '\ud800'\n", "other", None).digest


@pytest.mark.parametrize("path", SAMPLE, ids=names(SAMPLE))
def test_real_files(path: Path) -> None:
    check(read(path).text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SNIPPETS), max_size=8), st.sampled_from(["\n", "\n\n", "\n# c\n", "\r\n", "\n  # c\n", "; "]))
def test_any_statements_in_a_row(snippets: list[str], between: str) -> None:
    check(between.join(snippets))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "def f():\n",
                "class A:\n",
                "    x\n",
                "x\n",
                "'",
                '"""',
                "(",
                ")",
                "[\n",
                "]\n",
                "@d\n",
                "#",
                "\\\n",
                "else:\n",
                "\n",
                "f'{",
                "}",
            ]
        ),
        max_size=12,
    )
)
def test_any_rubbish(pieces: list[str]) -> None:
    check("".join(pieces))
