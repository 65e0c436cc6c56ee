"""A program's text with its syntax tree: where a node's text is, and what stands around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """Put `new` in place of text[start:end]."""

    operator: str
    start: int
    end: int
    new: str
    line: int

    def apply(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]


class Source:
    """Text, tree and parents of a file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def _offset(self, line: int, column: int) -> int:
        """ast counts columns in bytes."""
        text = self._lines[line - 1]
        return self._starts[line - 1] + (column if text.isascii() else len(text.encode()[:column].decode()))

    def span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def of(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def edit(self, operator: str, node: ast.AST, new: str) -> Edit:
        """Another text for a node. Parentheses around the node stay where they are."""
        start, end = self.span(node)
        return Edit(operator, start, end, new, node.lineno)  # type: ignore[attr-defined]

    def without(self, operator: str, node: ast.AST, siblings: list[ast.AST]) -> Edit:
        """An item of a list of items left out, with a comma."""
        place = siblings.index(node)
        start, end = self.span(node)
        if place + 1 < len(siblings):
            end = self.span(siblings[place + 1])[0]
        elif place:
            start = self.span(siblings[place - 1])[1]
        return Edit(operator, start, end, "", node.lineno)  # type: ignore[attr-defined]

    def statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def function(self, node: ast.AST) -> ast.FunctionDef | None:
        """The innermost function around a node."""
        found: ast.AST | None = self.parents.get(node)
        while found is not None and not isinstance(found, ast.FunctionDef):
            found = self.parents.get(found)
        return found

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        found: ast.AST | None = self.parents.get(node)
        while found is not None and not isinstance(found, ast.ClassDef):
            found = self.parents.get(found)
        return found

    def nodes(self, lines: set[int]) -> Iterator[ast.AST]:
        """The expressions and statements on lines that ran, decorators and annotations left out."""
        stack: list[ast.AST] = [self.tree]
        while stack:
            node = stack.pop()
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                children: list[ast.AST] = list(node.body)
                if isinstance(node, ast.FunctionDef):
                    children = [*(default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None), *children]
            elif isinstance(node, ast.AnnAssign):
                children = [node.value] if node.value is not None else []
            elif isinstance(node, (ast.Import, ast.ImportFrom, ast.Raise, ast.Assert, ast.JoinedStr)):
                continue
            else:
                children = list(ast.iter_child_nodes(node))
            stack.extend(reversed(children))
            if isinstance(node, (ast.expr, ast.stmt)) and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                statement = self.statement(node)
                if not lines.isdisjoint(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)):
                    yield node
