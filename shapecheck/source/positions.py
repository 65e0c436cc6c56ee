"""Where the nodes of a chunk stand: worked out when something is to be shown, by lowering the chunk once more.

Ordinals are given in the same order every time, so the second lowering only has to note which libcst node each of them was given for.
Ranges are those of CPython's `ast` (whose own are off inside of f-strings before 3.12). What has none there has libcst's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .extents import extent, sole_argument
from .lower import guarded, lower_tree

if TYPE_CHECKING:
    from .chunks import Chunk


class Range(NamedTuple):
    """A piece of a file, from the first character to behind the last one; lines and columns count from 1, columns in characters."""

    line: int
    column: int
    end_line: int
    end_column: int


class _Recorder:
    """Gives the ordinals that `Ordinals` gives, and keeps what they were given for."""

    def __init__(self) -> None:
        self.yielded = False
        self.nodes: list[Any] = []

    def __call__(self, node: Any, /) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1


def positions(chunk: Chunk) -> list[Range]:
    """The range of every node of the chunk, by ordinal. SourceError when the chunk is not Python."""
    return guarded(chunk, lambda text: _positions(text, chunk.start_line - 1))


def _positions(text: str, above: int) -> list[Range]:
    from libcst import parse_module
    from libcst.metadata import MetadataWrapper, PositionProvider

    module = parse_module(text)
    recorder = _Recorder()
    lower_tree(module, recorder)
    places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    calls = {node.args[0].value: node for node in recorder.nodes if type(node).__name__ == "Call" and len(node.args) == 1}
    ranges = []
    for node in recorder.nodes:
        bare = type(node).__name__ == "GeneratorExp" and not node.lpar
        (line, column), (end_line, end_column) = sole_argument(calls[node], places) if bare else extent(node, places)
        ranges.append(Range(line + above, column + 1, end_line + above, end_column + 1))
    return ranges
