"""What is written about shapes against what they are: comments that have gone stale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from shapecheck.findings.catalogue import by_code
from shapecheck.findings.report import Edit, Fix, Range, Report, Step
from shapecheck.run.evidence import range_of
from shapecheck.run.trace import Trace
from shapecheck.source.comments import ShapeComment, shape_comments
from shapecheck.source.module import SourceModule

_PRINTS = re.compile(r"""\s*(?:>>>\s*)?(?:print\(\s*(?:[rf]?(?:"[^"]*"|'[^']*')\s*,\s*)?)?""")
_NAMES = re.compile(r"\s*(?:return\b|[\w.\[\]'\"]+\s*(?::[^=()]*)?=(?!=))\s*")
_ENDS = re.compile(r"\s*(?:\.shape|\.size\(\))?\s*;?\s*(?:#.*)?")
_ENDS_PRINT = re.compile(r"\s*(?:\.shape|\.size\(\))?\s*\)?\s*;?\s*(?:#.*)?")
_PRINTED = re.compile(r"(?:torch\.)?Size\(\s*\[[^\]]*\]\s*\)")


def claims(text: str) -> list[ShapeComment]:
    """Comments that begin with a shape as torch prints it, all numbers: `# torch.Size([128, 3, 14, 6])`."""
    if "Size([" not in text:
        return []
    return [
        comment
        for comment in shape_comments(text)
        if comment.style == "size" and not comment.before and all(map(str.isdigit, comment.items))
    ]


def stale_comments(module: SourceModule, trace: Trace) -> Iterator[Report]:
    """The comments that state a shape which nothing on their line, or on the line above a comment of its own, ever had.

    What they speak of has to be plain: the value of the whole statement, and known.
    """
    found = claims(module.text)
    if not found:
        return
    by_line: dict[int, list[tuple[Range, list[tuple[Any, ...]]]]] = {}
    for place, shapes in trace.shapes.items():
        if place[0].module is module:
            where = range_of(place)
            by_line.setdefault(where.end_line, []).append((where, shapes))
    for comment in found:
        here = by_line.get(_subject(module, comment), [])
        claimed = tuple(map(int, comment.items))
        known = [shape for _, shapes in here for shape in shapes]
        if not known or claimed in known or not all(isinstance(size, int) for shape in known for size in shape):
            continue
        where, shapes = max(here, key=lambda entry: (entry[0].end_line - entry[0].line, entry[0].end_column - entry[0].column))
        if not _is_subject(module, where, comment):
            continue
        column = comment.column
        said = Range(comment.line, column, comment.line, column + len(module.line_text(comment.line)[column - 1 :].rstrip()))
        right = f"torch.Size({list(shapes[0])})"
        match = _PRINTED.search(module.line_text(comment.line), column - 1)
        edits = (Edit(str(module.path), Range(comment.line, match.start() + 1, comment.line, match.end() + 1), right),) if match else ()
        yield Report(
            by_code("SHP401"),
            f"the comment says {claimed}, the shape is {shapes[0]}",
            None,
            str(module.path),
            where,
            expected=claimed,
            actual=shapes[0],
            hint=f"# {right}",
            fix=Fix("write the shape that the code makes", edits, safe=True) if edits and len(set(shapes)) == 1 else None,
            trail=(Step(str(module.path), said, f"says {claimed}", role="made"),),
            note=f"has shape {shapes[0]}",
        )


def _is_subject(module: SourceModule, where: Range, comment: ShapeComment) -> bool:
    """Whether an expression is all that a statement gives a name to, returns or prints: the one that a comment beside it speaks of."""
    before = module.line_text(where.line)[: where.column - 1]
    last = module.line_text(where.end_line)
    after = last[where.end_column - 1 : comment.column - 1 if comment.line == where.end_line else len(last)]
    printed = _PRINTS.fullmatch(before) is not None
    if not (printed or _NAMES.fullmatch(before)) or not (_ENDS_PRINT if "print" in before else _ENDS).fullmatch(after):
        return False
    # beneath `x = f(y)` and right above other code it may as well speak of that
    return not comment.alone or printed or not _code_follows(module, comment.line)


def _code_follows(module: SourceModule, line: int) -> bool:
    text = "#"
    while text.startswith("#"):
        line += 1
        text = module.line_text(line).strip()
    return bool(text)


def _subject(module: SourceModule, comment: ShapeComment) -> int:
    """The line of code that a comment is about: its own, or the one above the comments it stands among."""
    line = comment.line
    while comment.alone and line > 1:
        line -= 1
        text = module.line_text(line).strip()
        if text and not text.startswith("#"):
            break
        if not text:
            return 0
    return line
