"""Taking a comment that silences nothing out of its line."""

from __future__ import annotations

import re

from shapecheck.findings.report import Edit, Range
from shapecheck.source.comments import NOQA

# a comment of ours as far as it reaches, with its codes and its reason
_OURS = re.compile(r"#\s*shapecheck:\s*ignore\b(?:\[(?P<codes>[^\]]*)\])?[^#]*", re.IGNORECASE)
_COMMENTS = (_OURS, NOQA)


def without(line: str, place: Range, path: str) -> Edit | None:
    """Takes a code out of the comment that names it, or the whole comment where it names no other; None where that is unclear."""
    start, end = place.column - 1, place.end_column - 1
    for pattern in _COMMENTS:
        for match in pattern.finditer(line):
            if not match.start() <= start < match.end():
                continue
            codes = match["codes"]
            if codes is not None and len(re.split(r"[,\s]+", codes.strip())) > 1:
                first, last = match.span("codes")
                before, after = line[first:start], line[end:last]
                if after.lstrip(", \t"):
                    end += len(after) - len(after.lstrip(", \t"))
                else:
                    start -= len(before) - len(before.rstrip(", \t"))
                return Edit(path, Range(place.line, start + 1, place.line, end + 1), "")
            rest = line[match.end() :]
            if rest.strip() and not rest.lstrip().startswith("#"):
                return None  # words behind it would no longer be a comment
            kept = line[: match.start()].rstrip()
            if not kept and not rest.strip():
                return Edit(path, Range(place.line, 1, place.line + 1, 1), "")  # a line of its own
            if rest.strip():
                return Edit(path, Range(place.line, match.start() + 1, place.line, len(line) - len(rest.lstrip()) + 1), "")
            return Edit(path, Range(place.line, len(kept) + 1, place.line, len(line) + 1), "")
    return None
