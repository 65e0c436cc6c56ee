"""The hash by which GitHub recognises a line when the lines above it change (`primaryLocationLineHash`).

Computed as GitHub's own upload action does, which would complain about another: a rolling hash over the hundred characters that begin
at the line, blanks left out, as 64 bits in hexadecimal, and which of the equal hashes of the file it is.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

_LENGTH = 100
_FACTOR = 37
_BITS = (1 << 64) - 1
_LEAVING = pow(_FACTOR, _LENGTH, 1 << 64)
_END = 0xFFFF


def line_hashes(text: str) -> list[str]:
    """The hash of every line of a text whose line ends are `\\n`."""
    hashes: list[str] = []
    seen: Counter[str] = Counter()
    window = deque([0] * _LENGTH)
    starts = deque([False] * _LENGTH)  # whether the character at that place of the window begins a line
    value = 0
    begins = True
    for unit in _units(text):
        _leave(starts, value, hashes, seen)
        starts.append(begins)
        begins = unit == 10
        value = (_FACTOR * value + unit - _LEAVING * window.popleft()) & _BITS
        window.append(unit)
    for _ in range(_LENGTH):
        _leave(starts, value, hashes, seen)
        starts.append(False)
        value = (_FACTOR * value - _LEAVING * window.popleft()) & _BITS
        window.append(0)
    return hashes


def _leave(starts: deque[bool], value: int, hashes: list[str], seen: Counter[str]) -> None:
    if starts.popleft():
        digits = f"{value:x}"
        seen[digits] += 1
        hashes.append(f"{digits}:{seen[digits]}")


def _units(text: str) -> Iterator[int]:
    """The UTF-16 units of a text without blanks and tabs, and its end."""
    data = text.replace(" ", "").replace("\t", "").encode("utf-16-le", "surrogatepass")
    yield from memoryview(data).cast("H") if data else ()
    yield _END
