"""--add-noqa: comments that silence what is found today, so that a project can start with nothing found."""

from __future__ import annotations

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from shapecheck.findings.report import Report
from shapecheck.findings.suppression import Suppression, silenced
from shapecheck.options import Options
from shapecheck.rewrite import RefusedError, Text, rewrite
from shapecheck.source import scan
from shapecheck.source.comments import NOQA
from shapecheck.suppress import suppressions_in
from shapecheck.wanted import Wanted

NOT_BY_COMMENT = frozenset(("SHP901", "SHP902", "SHP904", "SHP905"))


@dataclass(frozen=True, slots=True)
class Added:
    """How many findings got a comment, in how many files; and a sentence for each thing that could not be done."""

    findings: int = 0
    files: int = 0
    problems: tuple[str, ...] = ()


def add_noqa(reports: Iterable[Report]) -> Added:
    """Write a comment `# noqa: CODE` on the line of each report. A file is written whole or not at all."""
    by_path: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.code not in NOT_BY_COMMENT:
            by_path[report.path].append(report)
    findings = files = 0
    problems = []
    for path, found in sorted(by_path.items()):
        try:
            rewrite(path, partial(with_noqa, reports=found))
        except RefusedError as refused:
            problems.append(f"{path}: no comments are written: {refused}")
        else:
            findings += len(found)
            files += 1
    return Added(findings, files, tuple(problems))


def with_noqa(text: Text, reports: Iterable[Report]) -> Text:
    """The text with a comment for each report. RefusedError when that would change the program, or silence not all of them."""
    wanted: dict[int, set[str]] = defaultdict(set)
    reports = [report for report in reports if report.code not in NOT_BY_COMMENT]
    before = text.plain
    glued = scan.spans(before, brackets=False)
    for report in reports:
        line = report.range.line
        wanted[glued.get(line, (line, line))[1]].add(report.code)
    comments = _comments(before)
    for line, codes in wanted.items():
        if line > len(text.lines):
            raise RefusedError("it has changed since it was checked")
        text.lines[line - 1] = _commented(text.lines[line - 1], comments.get(line), codes)
    _verify(before, text.plain, reports)
    return text


def _comments(text: str) -> Mapping[int, int]:
    """Line -> offset in the line of its comment."""
    return {text.count("\n", 0, start) + 1: start - (text.rfind("\n", 0, start) + 1) for start, _ in scan.comments(text)}


def _commented(line: str, comment: int | None, codes: set[str]) -> str:
    """The line with the codes in a comment at its end, or among those of the `# noqa: ...` that it has."""
    match = NOQA.search(line, comment) if comment is not None else None
    if match and match["codes"]:
        known = set(re.split(r"[,\s]+", match["codes"].upper()))
        missing = sorted(codes - known)
        return f"{line[: match.end('codes')]}{''.join(f', {code}' for code in missing)}{line[match.end('codes') :]}"
    if match:
        return line  # it silences everything
    bare = line.rstrip(" \t")
    return f"{bare}  # noqa: {', '.join(sorted(codes))}"


def _verify(before: str, after: str, reports: Iterable[Report]) -> None:
    try:
        same = ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise RefusedError("it cannot be parsed by this Python, so that nobody could see whether it stays the same") from None
    if not same:
        raise RefusedError("a comment would change the program; please report this")
    comments: tuple[Suppression, ...] = suppressions_in(after, "", Wanted(Options()), lambda line: False)
    if silenced(reports, {os.path.abspath(report.path): comments for report in reports}):
        raise RefusedError("a comment would not silence all that is found in it; please report this")
