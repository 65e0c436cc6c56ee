"""What is written in the comments of a fixture. See tests/test_fixtures.py for how they are written."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

from shapecheck.book.examples import Value, read_value

SIZE = re.compile(r"(\w+)=(\d+)")
FINDING = re.compile(r"# (SHP\d{3})(?: (\S.*))?")


@dataclass(frozen=True)
class Expected:
    """A finding on a line. The sentence is what torch raises there; None: torch raises nothing."""

    line: int
    code: str
    sentence: str | None


@dataclass(frozen=True)
class Noted:
    """The value of the statement that ends on a line: its statement's place, its expression's place (line and column from 1, end too)."""

    line: int
    value: Value
    statement: int
    place: tuple[int, int, int, int]


@dataclass(frozen=True)
class Asked:
    """An expression for torch alone: what the names of sizes are in it, and torch's sentence where shapecheck's has names."""

    line: int
    source: str
    sizes: dict[str, int]
    sentence: str | None


@dataclass
class Fixture:
    """A file and what is written in it. `code` is the text without the notes, so that nobody can read the answers there."""

    path: Path
    text: str
    code: str = ""
    findings: list[Expected] = field(default_factory=list)
    values: dict[int, Noted] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))


def read(path: Path) -> Fixture:
    """A fixture with its notes."""
    fixture = Fixture(path, path.read_text(encoding="utf-8"))
    statements = _statements(fixture.tree)
    lines = fixture.text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(fixture.text).readline):
        if token.type == tokenize.COMMENT and _take(fixture, token.start[0], token.string, statements):
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip() + "\n"
    fixture.code = "".join(lines)
    return fixture


def _take(fixture: Fixture, line: int, comment: str, statements: list[ast.stmt]) -> bool:
    """Whether a comment is a note, which is then kept."""
    finding = FINDING.fullmatch(comment)
    if finding:
        fixture.findings.append(Expected(line, finding[1], finding[2]))
    elif comment.startswith("#: "):
        fixture.values[line] = _noted(line, read_value(comment[3:]), statements)
    elif comment.startswith("# torch: "):
        call, _, sentence = comment.removeprefix("# torch: ").partition(" raises ")
        source, _, sizes = call.partition(" where ")
        fixture.asked.append(Asked(line, source, {name: int(size) for name, size in SIZE.findall(sizes)}, sentence or None))
    elif comment.startswith("# bug: "):
        fixture.bugs.append(comment.removeprefix("# bug: "))
    else:
        return False
    return True


def valued(statement: ast.stmt) -> ast.expr | None:
    """The expression whose value a statement assigns, returns or has."""
    return statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)) else None


def _statements(tree: ast.Module) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and valued(node) is not None]


def _noted(line: int, value: Value, statements: list[ast.stmt]) -> Noted:
    for statement in statements:
        expression = valued(statement)
        if statement.end_lineno == line and expression is not None:
            assert expression.end_lineno is not None
            assert expression.end_col_offset is not None
            place = (expression.lineno, expression.col_offset + 1, expression.end_lineno, expression.end_col_offset + 1)
            return Noted(line, value, statement.lineno, place)
    raise ValueError(f"line {line} assigns, returns and is nothing that has a value")
