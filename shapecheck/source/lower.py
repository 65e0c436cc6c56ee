"""A chunk's text to IR. The only place, with `positions.py`, where libcst is imported: on first use, since a warm run needs none."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import SourceError
from .lowering.table import EXPR, Ordinals, Ticker, fill
from .room import TooDeep, needs_room, with_room
from .syntax import complaint

if TYPE_CHECKING:
    from collections.abc import Callable

    from .chunks import Chunk
    from .ir import Stmt

T = TypeVar("T")


class Lowered:
    """The statements of a chunk, and how many nodes there are in them (ordinals run from 0 to count - 1)."""

    __slots__ = ("count", "statements")

    def __init__(self, statements: tuple[Stmt, ...], count: int) -> None:
        self.statements = statements
        self.count = count


def lower(chunk: Chunk) -> Lowered:
    """The chunk's statements. SourceError, in the file's coordinates, when it is not Python."""
    return guarded(chunk, _lower)


def _lower(text: str) -> Lowered:
    from libcst import parse_module

    ordinals = Ordinals()
    statements = lower_tree(parse_module(text), ordinals)
    return Lowered(statements, ordinals(None))


def lower_tree(module: Any, t: Ticker) -> tuple[Stmt, ...]:
    """The statements of a libcst module."""
    from .lowering import calls, compound, definitions, displays, expressions, patterns, statements, strings  # noqa: F401

    if not EXPR:
        import libcst

        fill(libcst)
    return compound.block(module.body, t)


def guarded(chunk: Chunk, work: Callable[[str], T]) -> T:
    """work(chunk's text), with room on the stack where the text needs it, and what goes wrong said as a SourceError."""
    text = chunk.text
    collecting = gc.isenabled()
    gc.disable()  # a parse makes live objects only: looking for garbage among them costs a fifth of it
    try:
        if needs_room(text):
            return with_room(lambda: work(text))
        try:
            return work(text)
        except Exception as error:
            if not _ran_out(error):
                raise
            return with_room(lambda: work(text))  # who asks may be deep in a recursion already; a thread starts from the top
    except Exception as error:
        raise _explained(error, chunk) from None
    finally:
        if collecting:
            gc.enable()


def _ran_out(error: BaseException | None) -> bool:
    """Whether recursion went too deep. libcst's clean-up can hide that behind an error of its own."""
    while error is not None:
        if isinstance(error, RecursionError):
            return True
        error = error.__context__
    return False


def _explained(error: Exception, chunk: Chunk) -> Exception:
    """The same as a SourceError. CPython says best what is wrong with a text; libcst stands in where CPython has no complaint."""
    import libcst

    text, start = chunk.text, chunk.start_line
    if isinstance(error, TooDeep):
        return complaint(text, start) or SourceError(start, 1, f"cannot be parsed: {error}")
    if _ran_out(error):
        return SourceError(start, 1, "cannot be parsed: nested too deeply")
    if isinstance(error, libcst.ParserSyntaxError):
        return complaint(text, start) or SourceError(start + error.raw_line - 1, error.raw_column + 1, "cannot be parsed")
    if isinstance(error, (ValueError, SyntaxError)):  # a literal without a value, or what libcst finds after parsing
        return complaint(text, start) or SourceError(start, 1, f"cannot be parsed: {error}")
    return error
