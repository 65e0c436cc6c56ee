"""Keeps deeply nested code from exhausting the stack, which in libcst's parser ends the process and not in an exception.

Code that is written by people never gets here. What is generated can: sums of thousands of terms, ladders of `elif`.
"""

from __future__ import annotations

import re
import sys
import threading
from typing import TYPE_CHECKING, TypeVar

from .scan import formatted, skeleton

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

BRACKETS = 200
"""As deep as CPython's own tokenizer goes."""
TERMS = 2500
"""Not far above, CPython's compiler gives up too; libcst's time grows with the square."""
_DEEP = 50
_LONG = 200
_CRUDE = 2000
_STACKS = (512 << 20, 64 << 20)
_FRAME = 16 << 10

_TO_ROUND = bytes.maketrans(b"[]{}", b"()()")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"()[]{}"))
_NOT_OPERATORS = bytes(set(range(256)) - set(b"+-*/%@&|^~<>.(["))
_WORDS = (b" and", b" or", b"not ", b"lambda", b"else", b"elif")
_PIECE = re.compile(
    r"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<reset>[,\n])|(?P<term>\*\*|//|[-+*/%@&|^~<>.]|\b(?:and|or|not|lambda|else|await)\b)"
)
_lock = threading.Lock()


class TooDeep(Exception):
    """Nested more deeply than CPython itself reads. brackets: it is brackets that are, where CPython knows the place."""

    def __init__(self, sentence: str, brackets: bool = False) -> None:
        super().__init__(sentence)
        self.brackets = brackets


def needs_room(text: str) -> bool:
    """Whether the default stack might not do. TooDeep: no stack would."""
    code = text.encode("ascii", "replace")
    if _nesting(code) <= _DEEP and len(code.translate(None, _NOT_OPERATORS)) + sum(map(code.count, _WORDS)) <= _CRUDE:
        return False
    bare = skeleton(text)
    depth, terms = _measure(bare)
    depth = max([depth, *(_measure(string)[0] for string in formatted(text))])
    if depth > BRACKETS:
        raise TooDeep("too many nested parentheses", brackets=True)
    if terms > TERMS:
        raise TooDeep(f"an expression of more than {TERMS} terms")
    return depth > _DEEP or terms > _LONG or bare.count("elif") > _LONG


def with_room(work: Callable[[], T]) -> T:
    """The work's result, from a thread with a large stack of its own."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # handed over to the thread that waits
            failed.append(error)

    with _lock:  # stack size and recursion limit are settings of the whole process
        stack, recursion = threading.stack_size(), sys.getrecursionlimit()
        try:
            _start(run, recursion).join()
        finally:
            threading.stack_size(stack)
            sys.setrecursionlimit(recursion)
    if failed:
        raise failed[0]
    return done[0]


def _start(run: Callable[[], None], recursion: int) -> threading.Thread:
    for size in _STACKS:
        try:
            threading.stack_size(size)
            thread = threading.Thread(target=run, name="shapecheck-source")
            sys.setrecursionlimit(max(recursion, size // _FRAME))
            thread.start()
        except (ValueError, RuntimeError):  # more than this system gives
            continue
        return thread
    raise RecursionError("no room for a deep recursion")


def _nesting(code: bytes) -> int:
    """How deep brackets go, those in strings included: pairs are taken away from the inside, a level at a time."""
    brackets = code.translate(_TO_ROUND, _NOT_BRACKETS)
    depth = 0
    while b"()" in brackets and depth <= _DEEP:
        brackets = brackets.replace(b"()", b"")
        depth += 1
    return depth + brackets.count(b"(")


def _measure(code: str) -> tuple[int, int]:
    """The deepest nesting of brackets, and the most operators, calls and attributes in one unbracketed stretch of an expression."""
    counts = [0]
    depth = terms = 0
    for match in _PIECE.finditer(code):
        kind = match.lastgroup
        if kind == "open":
            counts[-1] += 1
            terms = max(terms, counts[-1])
            counts.append(0)
            depth = max(depth, len(counts) - 1)
        elif kind == "close":
            if len(counts) > 1:
                counts.pop()
        elif kind == "reset":
            counts[-1] = 0
        else:
            counts[-1] += 1
            terms = max(terms, counts[-1])
    return depth, terms
