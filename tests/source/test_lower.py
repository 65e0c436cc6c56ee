"""Text to IR, held to CPython's `ast`."""

from __future__ import annotations

import ast
import contextlib
import gc
import warnings
from pathlib import Path
from typing import Any

import pytest

from shapecheck.source import ir
from shapecheck.source.chunks import Chunk, split, whole
from shapecheck.source.errors import SourceError
from shapecheck.source.lower import lower
from shapecheck.source.text import read
from tests.source.corpus import SAMPLE, names
from tests.source.oracle import FromAst, differences
from tests.source.snippets import SNIPPETS


def known(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError:
        return False
    return True


KNOWN = [text for text in SNIPPETS if known(text)]


def nodes(item: Any) -> list[ir.Node]:
    """Every node in a value, without recursion."""
    found = []
    stack = [item]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            stack += top
        elif isinstance(top, ir.Node):
            found.append(top)
            stack += [getattr(top, field) for field in top.fields]
    return found


def statement(text: str) -> Any:
    (only,) = lower(whole(text)).statements
    return only


def expression(text: str) -> Any:
    return statement(text).value


@pytest.mark.parametrize("text", KNOWN)
def test_snippets_are_what_ast_says(text: str) -> None:
    expected = FromAst(text)
    assert differences(lower(whole(text)).statements, expected.statements, [], expected.ranges) == []


def test_most_snippets_are_known_to_this_python() -> None:
    assert len(KNOWN) > 0.9 * len(SNIPPETS)


@pytest.mark.parametrize("path", SAMPLE, ids=names(SAMPLE))
def test_real_files_are_what_ast_says(path: Path) -> None:
    text = read(path).text
    if not known(text):
        pytest.skip("not for this Python")
    if "(no_such_global): int" in text:
        pytest.skip("libcst does not read an annotated name in parentheses")
    expected = FromAst(text)
    assert differences(lower(whole(text)).statements, expected.statements, [], expected.ranges) == []


@pytest.mark.parametrize("text", KNOWN)
def test_ordinals_are_one_to_a_node_and_the_same_every_time(text: str) -> None:
    lowered = lower(whole(text))
    ordinals = sorted(node.n for node in nodes(lowered.statements))
    assert len(set(ordinals)) == len(ordinals)
    assert all(0 <= n < lowered.count for n in ordinals)
    again = lower(whole(text))
    assert [node.n for node in nodes(again.statements)] == [node.n for node in nodes(lowered.statements)]


def test_a_docstring_is_recorded_and_no_statement() -> None:
    function = statement("def f():\n    'what ' 'it does'\n    return 1\n")
    assert function.doc == "what it does"
    assert [type(each) for each in function.body] == [ir.Return]
    empty = statement("class A:\n    '''doc'''\n")
    assert (empty.doc, empty.body) == ("doc", ())


@pytest.mark.parametrize(
    ("body", "expected"),
    [("yield", True), ("return lambda: (yield)", False), ("x = [lambda: (yield), (yield)]", True), ("def g():\n        yield", False)],
)
def test_a_generator_yields_in_its_own_body(body: str, expected: bool) -> None:
    assert statement(f"def f():\n    {body}\n").is_generator is expected


def test_neighbouring_strings_are_one_constant() -> None:
    assert expression("'a' \"b\" r'\\n'").value == "ab\\n"
    assert expression("b'a' B'b'").value == b"ab"
    assert repr(expression("'a' f'{x}' 'b' 'c'")) == "FString('a', (Name('x'), None, None), 'bc')".replace("('a'", "(('a'") + ")"


def test_type_statements_are_assignments() -> None:
    assert repr(statement("type X[T] = list[T]")) == "Assign((Name('X'),), Subscript(Name('list'), Name('T')))"


def test_type_parameters_are_ignored() -> None:
    assert repr(statement("def f[T](x: T): pass").params) == repr(statement("def f(x: T): pass").params)


def test_an_elif_is_a_nested_if() -> None:
    ladder = statement("if a: 1\nelif b: 2\nelse: 3\n")
    assert isinstance(ladder.orelse[0], ir.If)
    assert repr(ladder.orelse[0].orelse) == "(ExprStmt(Const(3)),)"


def test_long_sums_do_not_recurse() -> None:
    depth = 0
    node = expression(" + ".join(f"a{i}" for i in range(2000)))
    while isinstance(node, ir.Bin):
        node, depth = node.left, depth + 1
    assert depth == 1999


def test_long_conjunctions_are_flat() -> None:
    assert len(expression(" and ".join(f"a{i}" for i in range(2000))).values) == 2000


def test_long_ladders_of_elif() -> None:
    node, arms = statement("if a: pass\n" + "elif b: pass\n" * 1000), 0
    while isinstance(node, ir.If):
        node, arms = node.orelse[0] if node.orelse else None, arms + 1
    assert arms == 1001


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("[", "]"), ("f(", ")")])
def test_brackets_beyond_what_python_reads(opening: str, closing: str) -> None:
    with pytest.raises(SourceError, match="too many nested parentheses"):
        lower(whole(opening * 500 + "1" + closing * 500 + "\n"))
    assert lower(whole(opening * 150 + "1" + closing * 150 + "\n")).count >= 2


@pytest.mark.parametrize(
    "text", ["not " * 900 + "a", "-" * 900 + "a", "a" + ".b" * 900, "lambda: " * 300 + "a", "a if b else " * 300 + "c"]
)
def test_other_deep_nesting(text: str) -> None:
    assert lower(whole(text + "\n")).count > 300


@pytest.mark.parametrize("text", ["a" + " + a" * 10_000, "not " * 10_000 + "a", "a" + "()" * 10_000, "a" + ".b" * 10_000])
def test_absurd_nesting_is_an_error_and_no_crash(text: str) -> None:
    with pytest.raises(SourceError, match="more than 2500 terms"):
        lower(whole(text + "\n"))


def test_lowering_works_from_deep_in_a_recursion() -> None:
    chunk = whole("x = " + "[" * 40 + "]" * 40 + "\n")

    def dig(depth: int) -> int:
        return dig(depth - 1) if depth else lower(chunk).count

    def deepest() -> int:
        depth = 0
        with contextlib.suppress(RecursionError):
            depth = 1 + deepest()
        return depth

    assert dig(deepest() - 60) == 42


@pytest.mark.parametrize(
    ("text", "line", "column", "sentence"),
    [
        ("x = (1\n", 1, 5, "invalid syntax: '(' was never closed"),
        ("def f():\n    return 1 +\n", 2, 15, "invalid syntax"),
        ("x = 'abc\n", 1, 5, "invalid syntax: unterminated string literal (detected at line 1)"),
    ],
)
def test_syntax_errors(text: str, line: int, column: int, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        lower(Chunk(11, text, "other", None))
    assert (caught.value.line, caught.value.column, caught.value.sentence) == (line + 10, column, sentence)


@pytest.mark.parametrize(
    "text",
    [r"'\N{no such character}'", r"'\U99999999'", "b'a' 'b'", "9" * 5000, "def f(:\n", "\x00", "x = \x01\n", "  x\n y\n", "print 1\n"],
)
def test_what_has_no_value_is_an_error(text: str) -> None:
    with pytest.raises(SourceError):
        lower(whole(text))


def test_nothing_is_warned_about(recwarn: pytest.WarningsRecorder) -> None:
    lower(whole("x = '\\d' + b'\\d' + 1if x else 2\n"))
    assert not recwarn.list


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if enabled else gc.disable()
        lower(whole("x = 1\n"))
        with pytest.raises(SourceError):
            lower(whole("x = = 1\n"))
        assert gc.isenabled() is enabled
    finally:
        gc.enable() if before else gc.disable()


def test_a_long_file() -> None:
    text = "".join(f"def f{i}(x):\n    y = x.reshape({i}, -1)\n    return y + 1\n\n\n" for i in range(10_000))
    chunks = split(text)
    assert len(chunks) == 10_000
    assert chunks[-1].start_line == 49_996
    assert lower(chunks[-1]).statements[0].name == "f9999"  # type: ignore[attr-defined]
