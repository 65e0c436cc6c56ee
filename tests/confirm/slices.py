"""Slicing for tests: the lines of a text that a line of it, or names at its end, depend on."""

from __future__ import annotations

from textwrap import dedent

from shapecheck.confirm.effects import Effects
from shapecheck.confirm.emit import emit
from shapecheck.confirm.outline import find_line, outline
from shapecheck.confirm.slicing import cut
from shapecheck.source.module import SourceModule


def sliced(text: str, *names: str, careful: bool = False) -> str:
    """What the line with `# here` depends on; without such a line, the names at the end of the text."""
    text = dedent(text).lstrip("\n")
    module = SourceModule("t.py", "t", text)
    items = outline(module)
    here = next((number for number, line in enumerate(text.split("\n"), 1) if "# here" in line), None)
    target = find_line(items, here) if here is not None else None
    lines = emit(module, items, cut(items, Effects(items, careful), target, names))
    assert len(lines) == len(text.split("\n"))
    compile("\n".join(lines), "t.py", "exec")
    return "\n".join(line for line in lines if line.strip())


def same(found: str, wanted: str) -> bool:
    """Whether two texts have the same lines, empty ones aside."""
    return found == "\n".join(line for line in dedent(wanted).split("\n") if line.strip())
