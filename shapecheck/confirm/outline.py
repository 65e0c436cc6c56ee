"""A file's module level as a tree of statements, each with the lines that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shapecheck.source import ir
from shapecheck.source.module import SourceModule


class Item:
    """A statement at module level, or inside of an `if`, `for`, `with`… there; with those that share a line with it.

    first, last   its lines, decorators included, from 1.
    column        where it begins, from 1.
    blocks        of a compound statement: the items of each of its blocks. Definitions have none, they are kept or left as a whole.
    """

    __slots__ = ("blocks", "chunk", "column", "first", "last", "parent", "statements")

    def __init__(self, chunk: int, statement: Any, first: int, last: int, column: int, parent: Item | None) -> None:
        self.chunk = chunk
        self.statements: list[Any] = [statement]
        self.first = first
        self.last = last
        self.column = column
        self.parent = parent
        self.blocks: list[list[Item]] = []

    @property
    def statement(self) -> Any:
        return self.statements[0]

    def within(self) -> Iterator[Item]:
        """The items of its blocks, and so on down."""
        for block in self.blocks:
            for item in block:
                yield item
                yield from item.within()

    def head_lines(self) -> list[int]:
        """Its lines that belong to none of the statements in its blocks: `if x:`, `else:`, `except ValueError:`."""
        taken = {line for block in self.blocks for item in block for line in range(item.first, item.last + 1)}
        return [line for line in range(self.first, self.last + 1) if line not in taken]


def outline(module: SourceModule) -> list[Item]:
    """The statements of a file in order. SourceError when it is not Python."""
    items: list[Item] = []
    for chunk in module.chunks:
        items += _items(module, chunk.index, module.lowered(chunk.index).statements, None)
    return items


def find(items: Sequence[Item], chunk: int, ordinal: int) -> Item | None:
    """The innermost item that holds the node with this ordinal."""
    for item in items:
        if item.chunk == chunk and any(_holds(statement, ordinal) for statement in item.statements):
            inner = next((found for block in item.blocks if (found := find(block, chunk, ordinal)) is not None), None)
            return inner or item
    return None


def find_line(items: Sequence[Item], line: int) -> Item | None:
    """The innermost item on this line."""
    for item in items:
        if item.first <= line <= item.last:
            inner = next((found for block in item.blocks if (found := find_line(block, line)) is not None), None)
            return inner or item
    return None


def blocks_of(statement: Any) -> list[tuple[Any, ...]]:
    """The blocks of a compound statement that runs where it stands."""
    if isinstance(statement, (ir.If, ir.For, ir.While)):
        return [statement.body, statement.orelse]
    if isinstance(statement, ir.With):
        return [statement.body]
    if isinstance(statement, ir.Try):
        return [statement.body, *(handler.body for handler in statement.handlers), statement.orelse, statement.final]
    if isinstance(statement, ir.Match):
        return [case.body for case in statement.cases]
    return []


def head_of(statement: Any) -> tuple[Any, ...]:
    """What a compound statement evaluates besides its blocks."""
    if isinstance(statement, (ir.If, ir.While)):
        return (statement.test,)
    if isinstance(statement, ir.For):
        return (statement.iter,)
    if isinstance(statement, ir.With):
        return tuple(expression for expression, _ in statement.items)
    if isinstance(statement, ir.Try):
        return tuple(handler.type for handler in statement.handlers)
    if isinstance(statement, ir.Match):
        return (statement.subject, *((case.pattern, case.guard) for case in statement.cases))
    return ()


def _items(module: SourceModule, chunk: int, statements: Sequence[Any], parent: Item | None) -> list[Item]:
    items: list[Item] = []
    for statement in statements:
        place = module.range_of(chunk, statement.n)
        decorators = getattr(statement, "decorators", ())
        first = min([place.line, *(module.range_of(chunk, decorator.n).line for decorator in decorators)])
        last = place.end_line - 1 if place.end_column == 1 and place.end_line > place.line else place.end_line
        if items and items[-1].last >= first and not items[-1].blocks:
            items[-1].statements.append(statement)  # `a = 1; b = 2`
            items[-1].last = max(items[-1].last, last)
            continue
        item = Item(chunk, statement, first, last, place.column, parent)
        _add_blocks(module, item)
        items.append(item)
    return items


def _add_blocks(module: SourceModule, item: Item) -> None:
    """The blocks of a compound statement, unless one of them begins on the line of its head: then it is kept or left as a whole."""
    blocks = [_items(module, item.chunk, block, item) for block in blocks_of(item.statement) if block]
    above = item.first
    for block in blocks:
        if block[0].first <= above:
            return
        above = block[-1].last
    item.blocks = blocks


def _holds(piece: Any, ordinal: int) -> bool:
    stack = [piece]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack += part
        elif isinstance(part, ir.Node):
            if part.n == ordinal:
                return True
            stack += [getattr(part, field) for field in part.fields]
    return False
