"""A file for the interpreter."""

from __future__ import annotations

import ast

import pytest

from shapecheck.source import ir
from shapecheck.source.chunks import Chunk
from shapecheck.source.errors import SourceError
from shapecheck.source.lower import Lowered, lower
from shapecheck.source.module import Deferred, SourceModule

TEXT = """\
import torch.nn as nn, os.path
from a import b as c, d
from e import *

x, (y, *z) = 1, (2, 3)
w: int
v: int = 1

class A(nn.Module):
    def forward(self, x):
        return x


def f():
    pass

if x:
    def g(): pass
    import h
else:
    for i in x:
        with i as j, k as (l, m):
            n = 1
try:
    (o := 1)
except E as p:
    q += 1

class A(A): pass
"""
LAST_LINE = TEXT.count("\n")


def module(text: str = TEXT) -> SourceModule:
    return SourceModule("m.py", "m", text)


def test_statements_in_order_with_definitions_deferred() -> None:
    found = list(module().statements())
    kinds = [each.name if isinstance(each, Deferred) else type(each).__name__ for each in found]
    assert kinds == ["Import", "ImportFrom", "ImportFrom", "Assign", "AnnAssign", "AnnAssign", "A", "f", "If", "Try", "A"]


def test_a_definition_is_lowered_when_asked_for_and_once() -> None:
    asked: list[str | None] = []

    def counting(chunk: Chunk) -> Lowered:
        asked.append(chunk.name)
        return lower(chunk)

    read = SourceModule("m.py", "m", TEXT)
    read.lower_with(counting)
    first = next(each for each in read.statements() if isinstance(each, Deferred))
    assert asked == [None, None]
    assert isinstance(first.lower(), ir.ClassDef)
    assert first.lower() is first.lower()
    assert asked == [None, None, "A"]


def test_what_binds_a_name() -> None:
    read = module()
    found = {name: chunk.start_line for name in read.names() if (chunk := read.definition(name))}
    assert found == {
        "nn": 1, "os": 1, "c": 1, "d": 1, "x": 5, "y": 5, "z": 5, "v": 5, "A": LAST_LINE, "f": 14,
        "g": 17, "h": 17, "i": 17, "j": 17, "l": 17, "m": 17, "n": 17, "o": 17, "p": 17, "q": 17,
    }  # fmt: skip
    assert read.definition("nothing") is None


def test_names_of_patterns() -> None:
    read = module("match x:\n    case [a, *b] | {'k': c, **d} | E(f=g) as h: pass\n    case _: pass\n")
    assert set(read.names()) == {"a", "b", "c", "d", "g", "h"}


def test_places_and_lines() -> None:
    read = module()
    placed = [(index, each) for index, each in read.placed_statements() if isinstance(each, ir.Assign)]
    ((index, assign),) = placed
    assert read.range_of(index, assign.n) == (5, 1, 5, 23)
    deferred = next(each for each in read.statements() if isinstance(each, Deferred))
    body = deferred.lower().body[0]
    assert read.range_of(deferred.chunk.index, body.n) == (10, 5, 11, 17)
    assert read.line_text(11) == "        return x"
    assert (read.line_text(0), read.line_text(10_000)) == ("", "")


def test_lines_are_pythons() -> None:
    assert module("a\x0bb\x1cc\u2028d\ne\r\nf").line_text(2) == "e"


@pytest.mark.parametrize("text", ["x = 1\n", "", "'\\d'\n", "x = (\n1)\n"])
def test_no_syntax_error(text: str, recwarn: pytest.WarningsRecorder) -> None:
    assert module(text).syntax_error() is None
    assert not recwarn.list


def test_a_syntax_error() -> None:
    error = module("x = 1\ndef f(:\n    pass\n").syntax_error()
    assert error is not None
    assert (error.line, error.column, error.sentence) == (2, 7, "invalid syntax")
    with pytest.raises(SourceError):
        list(module("x = = 1\n").statements())


def test_syntax_newer_than_the_python_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def old(text: str) -> ast.AST:
        raise SyntaxError("invalid syntax", ("<unknown>", 1, 1, text, 1, 2))

    monkeypatch.setattr(ast, "parse", old)
    assert module("type X = int\n").syntax_error() is None
    assert module("type X == int =\n").syntax_error() is not None
