"""The text of a slice: the file's own lines, each where it was, with nothing on the others."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.confirm.outline import Item
from shapecheck.confirm.slicing import Slice
from shapecheck.source import ir
from shapecheck.source.module import SourceModule


def emit(module: SourceModule, items: Sequence[Item], cut: Slice) -> list[str]:
    """Lines, as many as the file has: what is left out is empty, so that line numbers stay what they are."""
    lines = module.text.split("\n")
    kept = [""] * len(lines)

    def copy(numbers: Sequence[int]) -> None:
        for number in numbers:
            kept[number - 1] = lines[number - 1]

    def write(item: Item) -> None:
        if not item.blocks:
            if not _narrowed(item, cut, kept, lines[item.first - 1]):
                copy(range(item.first, item.last + 1))
            return
        opened = item in cut.opened
        if not opened:
            copy(item.head_lines())
            if item.parent in cut.opened and lines[item.first - 1].lstrip().startswith("elif"):
                kept[item.first - 1] = lines[item.first - 1].replace("elif", "if", 1)
        for block in item.blocks:
            chosen = [inner for inner in block if inner in cut.kept]
            first = block[0]
            if not chosen and not opened:
                kept[first.first - 1] = " " * (first.column - 1) + "pass"
            if chosen and opened and first.column != item.column:
                kept[first.first - 2] = " " * (item.column - 1) + "if True:"
            for inner in chosen:
                write(inner)

    for item in items:
        if item in cut.kept:
            write(item)
    return kept


def _narrowed(item: Item, cut: Slice, kept: list[str], line: str) -> bool:
    """Write an import with those of its names only that something needs; False when all of them are, or it cannot be said."""
    statement = item.statement
    if len(item.statements) > 1 or not isinstance(statement, (ir.Import, ir.ImportFrom)):
        return False
    if isinstance(statement, ir.ImportFrom) and (statement.module == "__future__" or statement.names[0][0] == "*"):
        return False
    wanted = [
        (name, alias)
        for name, alias in statement.names
        if (alias or (name.partition(".")[0] if isinstance(statement, ir.Import) else name)) in cut.needed
    ]
    if not wanted or len(wanted) == len(statement.names):
        return False
    names = ", ".join(f"{name} as {alias}" if alias else name for name, alias in wanted)
    head = "import" if isinstance(statement, ir.Import) else f"from {'.' * statement.level}{statement.module} import"
    kept[item.first - 1] = f"{line[: item.column - 1]}{head} {names}"
    return True
