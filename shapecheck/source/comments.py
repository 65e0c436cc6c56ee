"""Comments that speak to the checker: suppressions, declared shapes, and shapes that people noted down.

Comments are found with the scanner that also finds chunks, so a file that does not parse has them too. What a noted shape means is
worked out elsewhere; here it is text, cut into items.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from . import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = r"[A-Z]+[0-9]+"
NOQA = re.compile(rf"#\s*noqa(?::\s?(?P<codes>{_CODE}(?:[,\s]+{_CODE})*))?", re.IGNORECASE)
_IGNORE = re.compile(r"#\s*shapecheck:\s*ignore\b(?:\[(?P<codes>[^\]]*)\])?(?P<reason>.*)")
_SKIP_FILE = re.compile(r"#\s*shapecheck:\s*skip-file\b")
_DECLARED = re.compile(
    r"#\s*shapecheck:\s*(?P<name>[A-Za-z_][\w.]*)\s*=\s*[(\[](?P<items>.*)[)\]]\s*(?::\s*(?:torch\.)?(?P<dtype>\w+)\s*)?$"
)

_ATOM = r"(?:\d+|[^\W\d][\w.]*(?:\[-?\d+\]|\(-?\d+\))?|-1|\?|\.\.\.)"
_ITEM = rf"(?:{_ATOM}|\*\w*)(?:(?:\s*(?://|\*\*|[-*+/%^×])\s*|\s+[xX]\s+){_ATOM})*"
_LIST = rf"\s*{_ITEM}\s*(?:,\s*{_ITEM}\s*)*,?\s*"
_TIMES = re.compile(r"\s+[xX×]\s+|\s*×\s*|(?<=[A-Z0-9])x(?=[A-Z0-9])")
_SHAPES = re.compile(
    rf"Size\(\s*\[(?P<size>{_LIST}|\s*)\]\s*\)"
    rf"|(?<![\w)\]])\((?P<round>{_LIST})\)"
    rf"|(?<![\w)\]])\[(?P<square>{_LIST})\]"
    r"|(?<![\w.])(?P<times>\w+(?:\s*×\s*\w+)+|[^\W_]\w*(?:\s+[xX]\s+[^\W_]\w*)+|[A-Z0-9]+(?:x[A-Z0-9]+)+)(?![\w.(])"
)


class Noqa(NamedTuple):
    """# noqa and # noqa: CODE: codes in capitals; None means every code."""

    line: int
    codes: frozenset[str] | None


class Ignore(NamedTuple):
    """# shapecheck: ignore[CODES] reason. It covers the line it trails or, alone on its own, the next line with code."""

    line: int
    column: int
    covers: int
    codes: tuple[str, ...]
    reason: str


class Suppressions(NamedTuple):
    """Everything in a file that silences; skip_file: the line that says so."""

    noqa: dict[int, Noqa]
    ignores: tuple[Ignore, ...]
    skip_file: int | None


class Declared(NamedTuple):
    """# shapecheck: x = (N, 3, H, W), or with a dtype: x = (N, 10):int64."""

    line: int
    column: int
    covers: int
    name: str
    items: tuple[str, ...]
    dtype: str | None = None


class ShapeComment(NamedTuple):
    """A shape in a comment. before: what the comment says up to it; style: 'size', 'round', 'square' or 'times', as it is written;
    alone: the comment stands on a line of its own. A comment with several shapes gives several, in order."""

    line: int
    column: int
    text: str
    before: str
    items: tuple[str, ...]
    style: str
    alone: bool


class _Comment(NamedTuple):
    line: int
    column: int
    text: str
    alone: bool
    covers: int


def suppressions(text: str) -> Suppressions:
    """The suppressions of a file."""
    noqa: dict[int, Noqa] = {}
    ignores: list[Ignore] = []
    skip_file = None
    lowered = text.lower() if "#" in text else ""
    if "noqa" not in lowered and "shapecheck:" not in lowered:
        return Suppressions(noqa, (), None)
    for comment in _comments(text):
        if match := NOQA.search(comment.text):
            codes = frozenset(re.split(r"[,\s]+", match["codes"].upper())) if match["codes"] else None
            noqa[comment.line] = Noqa(comment.line, codes)
        if match := _IGNORE.search(comment.text):
            listed = tuple(code.strip() for code in (match["codes"] or "").split(",") if code.strip())
            ignores.append(Ignore(comment.line, comment.column, comment.covers, listed, match["reason"].strip(" \t:-")))
        elif skip_file is None and _SKIP_FILE.search(comment.text):
            skip_file = comment.line
    return Suppressions(noqa, tuple(ignores), skip_file)


def declarations(text: str) -> list[Declared]:
    """The shapes that a file declares to the checker."""
    if "shapecheck:" not in text:
        return []
    found = []
    for comment in _comments(text):
        if match := _DECLARED.search(comment.text):
            found.append(Declared(comment.line, comment.column, comment.covers, match["name"], _items(match["items"]), match["dtype"]))
    return found


def shape_comments(text: str) -> list[ShapeComment]:
    """What looks like a shape in the comments of a file; single words in brackets count, function calls do not."""
    found = []
    for comment in _comments(text) if "#" in text else ():
        if "shapecheck:" in comment.text:
            continue
        words = comment.text.lstrip("#").strip()
        for match in _SHAPES.finditer(words):
            style = match.lastgroup or ""
            items = _items(match[style])
            if len(items) == 1 and _TIMES.search(items[0]):  # N x C x H, in brackets or not
                style, items = "times", tuple(_TIMES.split(items[0]))
            before = words[: match.start()].removesuffix("torch.").rstrip()
            found.append(ShapeComment(comment.line, comment.column, words, before, items, style, comment.alone))
    return found


def _items(listed: str) -> tuple[str, ...]:
    return tuple(item for item in (part.strip() for part in listed.split(",")) if item)


def _comments(text: str) -> Iterator[_Comment]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    line = offset = 0
    for start, comment in scan.comments(text):
        line += text.count("\n", offset, start)
        offset = start
        column = start - (text.rfind("\n", 0, start) + 1)
        alone = not lines[line][:column].strip()
        yield _Comment(line + 1, column + 1, comment, alone, _next_code(lines, line) if alone else line + 1)


def _next_code(lines: list[str], line: int) -> int:
    """The number of the first line below that is neither blank nor a comment."""
    for number in range(line + 1, len(lines)):
        words = lines[number].strip()
        if words and not words.startswith("#"):
            return number + 1
    return line + 1
