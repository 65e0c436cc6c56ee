"""Markdown: the fenced blocks of Python in order are one program, as far as they are Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shapecheck.source.pages.magics import without_magics
from shapecheck.source.pages.page import Line, Page
from shapecheck.source.pages.pieces import bindings, dedented, is_python, untold, without_dots

# A page shows pieces: what it does not define may be defined all the same.
UNTOLD = frozenset(("SHP120", "SHP121"))

_FENCE = re.compile(r"(?P<before>[ \t]*(?:>[ \t]?)*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
_LANGUAGES = frozenset("python py python3 py3 pycon ipython ipython3 python-repl python-console pyi".split())
_DIRECTIVES = frozenset("code-block code-cell code sourcecode doctest testcode".split())
_PROMPT = re.compile(r"(?P<indent>[ \t]*)(?:>>>|\.\.\.)(?: |$)")
_PRINTED = re.compile(r"[ \t]*torch\.Size\(\[[\d, ]*\]\)[ \t]*$")


class Block(NamedTuple):
    """A fenced block: the index of its first line, its lines, how many characters stand before each, and what it says it is."""

    start: int
    lines: list[str]
    info: str
    before: str


def read_markdown(text: str) -> Page:
    """The program of a page; its lines are the lines of the page."""
    page = Page(untold=UNTOLD)
    texts = text.split("\n")
    codes = [Line("")] * len(texts)
    for block in _blocks(texts):
        lines = _program(block)
        if lines is None:
            page.left += _is_python_block(block.info)
            lines = [Line(bindings("\n".join(block.lines))), *[Line("")] * (len(block.lines) - 1)]
        codes[block.start : block.start + len(block.lines)] = lines
    for number, (source, line) in enumerate(zip(texts, codes, strict=True), 1):
        page.add(None, number, source, line)
        page.untold |= untold(line)
    return page


def _blocks(texts: list[str]) -> Iterator[Block]:
    """The fenced blocks that have lines. One that nothing closes ends with the page."""
    start, opening = 0, None
    for index, text in enumerate([*texts, None]):
        match = None if text is None else _FENCE.match(text)
        if opening is None:
            if match:
                start, opening = index + 1, match
            continue
        closes = match and match["fence"][0] == opening["fence"][0] and len(match["fence"]) >= len(opening["fence"]) and not match["info"]
        if closes or text is None:
            if start < index:
                yield Block(start, texts[start:index], opening["info"], opening["before"])
            opening = None


def _is_python_block(info: str) -> bool:
    """```python, ```py title="net.py", ```{python}, ```{.python .numberLines}, ```{code-block} python"""
    words = re.findall(r"[\w-]+", info.lower())
    if len(words) > 1 and words[0] in _DIRECTIVES:
        return words[1] in _LANGUAGES
    return bool(words) and (words[0] in _LANGUAGES or words[0] == "doctest")


def _program(block: Block) -> list[Line] | None:
    """The lines of the block as Python, or None when they are none."""
    if not _is_python_block(block.info):
        return None
    lines = dedented(_unquoted(block))
    if any(line.code.lstrip().startswith(">>>") for line in lines):
        lines = _session(lines)
    lines = _without_options(lines)
    if not is_python("\n".join(line.code for line in lines)):
        lines = without_magics(lines)
        if not is_python("\n".join(line.code for line in lines)):
            return None
    return without_dots(lines)


def _unquoted(block: Block) -> list[Line]:
    """The lines without what stands before the fence: indentation of a list, signs of a quotation."""
    if not block.before:
        return [Line(text) for text in block.lines]
    lines = []
    for text in block.lines:
        width = 0
        for sign in block.before:
            if text[width : width + 1] == sign or (sign.isspace() and text[width : width + 1].isspace()):
                width += 1
            else:
                break
        lines.append(Line(text[width:], 0, width))
    return lines


def _session(lines: list[Line]) -> list[Line]:
    """A session with prompts: what stands behind them is the program, the rest was printed. A printed shape stays, as a comment."""
    found = []
    typed = False  # whether the line before was typed
    for line in lines:
        match = _PROMPT.match(line.code)
        if match and (typed or ">>>" in match[0]):
            found.append(Line(line.code[match.end() :], 0, line.shift + match.end()))
            typed = True
        elif typed and _PRINTED.match(line.code):
            found.append(Line(f"# {line.code.strip()}", 0, line.shift - 2))
            typed = False
        else:
            found.append(line._replace(code=""))
            typed = typed and not line.code.strip()
    return found


def _without_options(lines: list[Line]) -> list[Line]:
    """A directive's options (`:linenos:`) at the top of its block taken out."""
    count = 0
    while count < len(lines) and re.match(r":[\w-]+:", lines[count].code):
        count += 1
    return [*(line._replace(code="") for line in lines[:count]), *lines[count:]]
