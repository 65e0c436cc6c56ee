"""Ordinals to places, held to CPython's `ast`."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck.source.chunks import split, whole
from shapecheck.source.errors import SourceError
from shapecheck.source.lower import lower
from shapecheck.source.positions import Range, positions
from shapecheck.source.text import read
from tests.source.corpus import SAMPLE, names
from tests.source.oracle import FromAst, differences
from tests.source.test_lower import KNOWN, known, nodes


@pytest.mark.parametrize("text", KNOWN)
def test_snippets_stand_where_ast_says(text: str) -> None:
    expected = FromAst(text)
    lowered, places = lower(whole(text)), positions(whole(text))
    assert len(places) == lowered.count
    assert differences(lowered.statements, expected.statements, places, expected.ranges) == []


@pytest.mark.parametrize("path", SAMPLE[::2], ids=names(SAMPLE[::2]))
def test_real_files_stand_where_ast_says(path: Path) -> None:
    text = read(path).text
    if not known(text) or "(no_such_global): int" in text:
        pytest.skip("not for this Python, or not for libcst")
    expected = FromAst(text)
    wanted = iter(expected.statements)
    for chunk in split(text):
        lowered, places = lower(chunk), positions(chunk)
        assert len(places) == lowered.count
        theirs = tuple(next(wanted) for _ in lowered.statements)
        assert differences(lowered.statements, theirs, places, expected.ranges) == []
    assert next(wanted, None) is None


def test_what_ast_gives_no_place_for() -> None:
    text = "f(a, b=1)\ndef g(x, *y): pass\nmatch z:\n    case 1: pass\n"
    places = positions(whole(text))
    found = {(type(node).__name__, places[node.n]) for node in nodes(lower(whole(text)).statements)}
    assert ("Arg", Range(1, 3, 1, 4)) in found
    assert ("Arg", Range(1, 6, 1, 9)) in found
    assert ("Params", Range(2, 7, 2, 12)) in found
    assert ("Case", Range(4, 5, 4, 17)) in found


def test_places_inside_f_strings() -> None:
    text = "x = f'{a + b:>{c}}'\n"
    places = positions(whole(text))
    found = {repr(node): places[node.n] for node in nodes(lower(whole(text)).statements)}
    assert found["Name('a')"] == Range(1, 8, 1, 9)
    assert found["Name('c')"] == Range(1, 16, 1, 17)


def test_columns_count_characters_and_lines_the_files() -> None:
    chunk = split("x = 1\n\ndef f():\n    return 'é' + ü\n")[1]
    places = positions(chunk)
    name = next(node for node in nodes(lower(chunk).statements) if repr(node) == "Name('ü')")
    assert places[name.n] == Range(4, 18, 4, 19)


@pytest.mark.parametrize("text", [" + ".join("a" * 600), "(" * 100 + "a" + ")" * 100, "if a: pass\n" + "elif b: pass\n" * 400])
def test_deep_nesting(text: str) -> None:
    assert len(positions(whole(text + "\n"))) == lower(whole(text + "\n")).count


def test_syntax_errors() -> None:
    with pytest.raises(SourceError):
        positions(whole("x = = 1\n"))
