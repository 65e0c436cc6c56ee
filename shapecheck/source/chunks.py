"""Top-level statements, found without parsing: the unit of parsing, and of what is kept between runs.

An edit of one definition costs one definition, and a definition that nobody calls is never parsed. When anything is unusual the whole
file is one chunk, which is slower and never wrong.
"""

from __future__ import annotations

import re
from functools import cached_property
from hashlib import blake2b
from itertools import count

from . import scan
from .words import word

_MANY = 10_000
"""Characters of plain statements after which the next one begins a chunk: libcst takes a thousand times the memory of its text."""
_BRACKETS = b"()[]{}\0"
_TO_ROUND = bytes.maketrans(b"[]{}", b"()()")
_NOT_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))

_TOKEN = re.compile(
    rf"(?:{scan.STRING}|{scan.COMMENT}|{scan.JOIN}|(?P<open>{scan.OPEN})|(?P<start>\n(?=[^\s#)\]}}])))",
    re.DOTALL,
)
_FIRST = re.compile(r"[^\s#)\]}]")
_HEAD = re.compile(
    r"(?:async[ \t]+)?(?P<def>def)[ \t]+(?P<function>\w+)|class[ \t]+(?P<class>\w+)|(?P<import>(?:import|from)\b)"
    r"|(?P<decorator>@)|(?P<continued>(?:else|elif|except|finally)\b)"
)


class Chunk:
    """A piece of a file: one top-level definition with its decorators, or a run of other top-level statements."""

    def __init__(self, start_line: int, text: str, kind: str, name: str | None, index: int = 0) -> None:
        self.start_line = start_line
        self.text = text
        self.kind = kind
        self.name = name
        self.index = index

    @cached_property
    def digest(self) -> str:
        """Of the text alone: an unchanged definition keeps it wherever in the file it moves."""
        return blake2b(self.text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def __repr__(self) -> str:
        return f"Chunk({self.start_line}, {self.kind}, {self.name})"


def split(text: str) -> list[Chunk]:
    """The chunks, in order; their texts, joined, are the text (with `\\n` for every newline). No chunks: an empty text."""
    text = newlines(text)
    heads = _heads(text)
    if heads is None:
        return [whole(text)]
    pieces: list[tuple[int, str, str | None]] = []  # offset, kind, name
    decorated = False
    for offset in heads:
        match = _HEAD.match(text, offset)
        opening = match.lastgroup if match else None
        if opening == "continued" and pieces:
            continue
        if opening == "decorator":
            if not decorated:
                pieces.append((offset, "decorated", None))
            decorated = True
            continue
        kind, name = _kind(match)
        if decorated:
            if kind not in ("class", "def"):
                return [whole(text)]
            pieces[-1] = pieces[-1][0], kind, name
            decorated = False
        elif kind in ("class", "def") or not pieces or pieces[-1][1] != kind or offset - pieces[-1][0] > _MANY:
            pieces.append((offset, kind, name))
    if decorated:
        return [whole(text)]
    return _cut(text, pieces)


def whole(text: str) -> Chunk:
    """The file as one chunk."""
    return Chunk(1, text, "other", None)


def newlines(text: str) -> str:
    """Python's own reading of line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _heads(text: str) -> list[int] | None:
    """Offsets of the lines that begin a top-level statement, or None when the scan is in doubt."""
    if "\f" in text or "\0" in text:
        return None
    first = _FIRST.match(text) is not None
    starts, code, position = ([0], ["\0"], 0) if first else ([], [], 0)
    for match in _TOKEN.finditer(text):
        code.append(text[position : match.start()])
        position = match.end()
        group = match.lastgroup
        if group == "start":
            starts.append(position)
            code.append("\0")
        elif group == "open":
            return None
    code.append(text[position:])
    brackets = "".join(code).encode("ascii", "replace").translate(_TO_ROUND, _NOT_BRACKETS)
    heads = []
    depth = 0
    for before, start in zip(brackets.split(b"\0"), [*starts, -1], strict=True):
        depth += 2 * before.count(b"(") - len(before)
        if depth < 0:
            return None
        if depth == 0 and start >= 0:
            heads.append(start)
    return heads if depth == 0 else None


def _kind(match: re.Match[str] | None) -> tuple[str, str | None]:
    if match is None:
        return "other", None
    if match["def"]:
        return "def", word(match["function"])
    if match["class"]:
        return "class", word(match["class"])
    return ("import", None) if match["import"] else ("other", None)


def _cut(text: str, pieces: list[tuple[int, str, str | None]]) -> list[Chunk]:
    """What stands before the first statement goes with it; blank lines and comments go with the statement before them."""
    if not pieces:
        return [whole(text)] if text else []
    ends = [offset for offset, _, _ in pieces[1:]] + [len(text)]
    chunks = []
    start, line = 0, 1
    for index, (_, kind, name), end in zip(count(), pieces, ends, strict=False):
        part = text[start:end]
        chunks.append(Chunk(line, part, kind, name, index))
        line += part.count("\n")
        start = end
    return chunks
