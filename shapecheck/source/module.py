"""A file as the interpreter sees it: top-level statements in order, definitions lowered when they are first needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .bindings import bound_names
from .chunks import Chunk, newlines, split, whole
from .errors import SourceError
from .ir import ClassDef, FuncDef
from .syntax import complaint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from .ir import Stmt
    from .lower import Lowered
    from .pages.page import Page
    from .positions import Range

    Lowerer: TypeAlias = Callable[[Chunk], Lowered]


class Deferred:
    """A top-level class or function that is lowered on demand."""

    __slots__ = ("_module", "chunk", "kind", "name")

    def __init__(self, name: str, kind: str, chunk: Chunk, module: SourceModule) -> None:
        self.name = name
        self.kind = kind
        self.chunk = chunk
        self._module = module

    def lower(self) -> FuncDef | ClassDef:
        """The definition; the same object every time. SourceError when it is not Python."""
        for statement in self._module.lowered(self.chunk.index).statements:
            if isinstance(statement, (FuncDef, ClassDef)):
                return statement
        raise SourceError(self.chunk.start_line, 1, "invalid syntax")

    def __repr__(self) -> str:
        return f"Deferred({self.kind} {self.name})"


class SourceModule:
    """A module's text, its chunks, and their IR.

    page: where the text is the program of a notebook or of a Markdown page; such a program may leave out what defines a name.
    """

    def __init__(self, path: str, name: str, text: str) -> None:
        self.path = path
        self.page: Page | None = None
        self.name = name
        self.text = newlines(text)
        self._lower: Lowerer | None = None
        self._lowered: dict[int, Lowered] = {}
        self._ranges: dict[int, list[Range]] = {}

    @cached_property
    def chunks(self) -> list[Chunk]:
        """The file's chunks; a chunk's `index` is its place here."""
        return split(self.text)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _bindings(self) -> dict[str, int]:
        bound: dict[str, int] = {}
        for chunk in self.chunks:
            if chunk.name is not None:
                bound[chunk.name] = chunk.index
            else:
                bound.update(dict.fromkeys(bound_names(self.lowered(chunk.index).statements), chunk.index))
        return bound

    def lower_with(self, lower: Lowerer) -> None:
        """Take lowered chunks from elsewhere, from a cache."""
        self._lower = lower

    def lowered(self, chunk_index: int) -> Lowered:
        """The chunk's IR, lowered once. SourceError when it is not Python."""
        found = self._lowered.get(chunk_index)
        if found is None:
            if self._lower is None:
                from .lower import lower  # not at the top: whoever brings a cache may never need it

                self._lower = lower
            found = self._lowered[chunk_index] = self._lower(self.chunks[chunk_index])
        return found

    def statements(self) -> Iterator[Stmt | Deferred]:
        """Top-level statements in order; classes and functions unlowered. SourceError when the next statement is not Python."""
        return (statement for _, statement in self.placed_statements())

    def placed_statements(self) -> Iterator[tuple[int, Stmt | Deferred]]:
        """The same, each with the index of its chunk, as `range_of` wants it."""
        for chunk in self.chunks:
            if chunk.name is not None:
                yield chunk.index, self.deferred(chunk)
            else:
                for statement in self.lowered(chunk.index).statements:
                    yield chunk.index, statement

    def deferred(self, chunk: Chunk) -> Deferred:
        """The definition in a class or def chunk."""
        assert chunk.name is not None, chunk
        return Deferred(chunk.name, chunk.kind, chunk, self)

    def definition(self, name: str) -> Chunk | None:
        """The chunk that binds a top-level name: the last that does, as when the module has run. None: no statement names it."""
        index = self._bindings.get(name)
        return None if index is None else self.chunks[index]

    def names(self) -> list[str]:
        """Every name that a top-level statement binds, in order; what a star import brings is not among them."""
        return list(self._bindings)

    def range_of(self, chunk_index: int, n: int) -> Range:
        """Where the node with ordinal n of a chunk stands in the file."""
        ranges = self._ranges.get(chunk_index)
        if ranges is None:
            from .positions import positions  # wanted when there is something to show, which is rare

            ranges = self._ranges[chunk_index] = positions(self.chunks[chunk_index])
        return ranges[n]

    def line_text(self, line: int) -> str:
        """A line, from 1, without its end; empty beyond the file."""
        return self._lines[line - 1] if 1 <= line <= len(self._lines) else ""

    def line_name(self, line: int) -> str:
        """'line 40', 'line 2 of cell 3'"""
        return f"line {line}" if self.page is None else self.page.line_name(line)

    def syntax_error(self) -> SourceError | None:
        """What is wrong with the file as a whole. CPython is asked first, being fast; what only libcst can read is newer than CPython."""
        error = complaint(self.text)
        if error is None:
            return None
        from .lower import lower

        try:
            lower(whole(self.text))
        except SourceError:
            return error
        return None
