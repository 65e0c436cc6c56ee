"""The calls of a summary as a tree, repeated parts folded into one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from shapecheck.summary.result import Row, Summary

FEWEST = 3  # so many alike in a row are folded


@dataclass
class Node:
    """A call and the calls that it made, in order.

    last    the last of the calls that this one stands for, where several that are alike are folded into it; their number is `count`.
    hidden  how many calls below it are not shown, because they lie too deep.
    """

    row: Row
    name: str
    children: list[Node] = field(default_factory=list)
    last: str = ""
    count: int = 1
    hidden: int = 0

    @cached_property
    def likeness(self) -> tuple[object, ...]:
        """Equal for two calls of the same kind of module on the same shapes."""
        row = self.row
        kind = (row.class_name, repr(row.inputs), repr(row.output), str(row.total_params), str(row.total_flops), row.again, row.failed)
        return (*kind, *((child.name, child.likeness) for child in self.children))

    @property
    def title(self) -> str:
        """`blocks.0…11` for parts of one name that are numbered."""
        if self.count == 1 or self.last == self.name:
            return self.name
        first, last = (re.fullmatch(r"(.*?)(\d+)", name) for name in (self.name, self.last))
        return f"{self.name}…{last[2]}" if first and last and first[1] == last[1] else f"{self.name} … {self.last}"


def tree_of(summary: Summary, depth: int | None = None, fold: bool = True) -> list[Node]:
    """The outermost calls, each with what it called down to `depth` levels below the model."""
    roots: list[Node] = []
    above: list[Node] = []
    for row in sorted((*summary.rows, *summary.open_rows), key=lambda row: row.begun):
        del above[row.depth :]
        node = Node(row, _name(row, above[-1].row if above else None))
        (above[-1].children if above else roots).append(node)
        above.append(node)
    if fold:
        _fold(roots)
    if depth is not None:
        _cut(roots, depth)
    return roots


def _name(row: Row, parent: Row | None) -> str:
    """The path as seen from the module that makes the call."""
    if parent is None or not parent.path:
        return row.path
    return row.path[len(parent.path) + 1 :] if row.path.startswith(f"{parent.path}.") else row.path


def _fold(nodes: list[Node]) -> None:
    for node in nodes:
        _fold(node.children)
    place = 0
    while place < len(nodes):
        end = place + 1
        while end < len(nodes) and nodes[end].likeness == nodes[place].likeness:
            end += 1
        if end - place >= FEWEST and not nodes[place].row.failed:
            nodes[place].last, nodes[place].count = nodes[end - 1].name, end - place
            del nodes[place + 1 : end]
        place += 1


def _cut(nodes: Sequence[Node], depth: int) -> None:
    for node in nodes:
        if depth > 0 or any(inner.row.failed for inner in below(node)):
            _cut(node.children, depth - 1)
        else:
            node.hidden = sum(1 for _ in below(node))
            node.children = []


def below(node: Node) -> Iterator[Node]:
    """All calls under one."""
    for child in node.children:
        yield child
        yield from below(child)
