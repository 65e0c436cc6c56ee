"""--add-noqa: comments that silence what is found today, so that a project can start with nothing found."""

from __future__ import annotations

import ast
import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shapecheck.findings.report import Report
from shapecheck.findings.suppression import Suppression, silenced
from shapecheck.options import Options
from shapecheck.source import scan
from shapecheck.source.comments import NOQA
from shapecheck.source.errors import SourceError
from shapecheck.source.text import read
from shapecheck.suppress import suppressions_in
from shapecheck.wanted import Wanted

NOT_BY_COMMENT = frozenset(("SHP901", "SHP902", "SHP904", "SHP905"))
PYTHON = (".py", ".pyi", ".pyw")

_ENDS = re.compile("(\r\n|\r|\n)")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Added:
    """How many findings got a comment, in how many files; and a sentence for each thing that could not be done."""

    findings: int = 0
    files: int = 0
    problems: tuple[str, ...] = ()


class RefusedError(Exception):
    """A file that comments cannot be written to, and why."""


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
            _add_to_file(path, found)
        except RefusedError as refused:
            problems.append(f"{path}: no comments are written: {refused}")
        else:
            findings += len(found)
            files += 1
    return Added(findings, files, tuple(problems))


def _add_to_file(path: str, reports: list[Report]) -> None:
    if not path.endswith(PYTHON) or not os.path.isfile(path):
        raise RefusedError("it is no Python file")
    try:
        source = read(path)
        with open(path, "rb") as file:
            data = file.read()
        mark = _BOM if data.startswith(_BOM) else b""
        text = data[len(mark) :].decode(source.encoding)
        data = mark + with_noqa(text, reports).encode(source.encoding)
    except (OSError, SourceError, UnicodeError) as error:
        raise RefusedError(getattr(error, "sentence", None) or getattr(error, "strerror", None) or str(error)) from None
    _replace(path, data)


def with_noqa(text: str, reports: Iterable[Report]) -> str:
    """The text with a comment for each report. RefusedError when that would change the program, or silence not all of them."""
    wanted: dict[int, set[str]] = defaultdict(set)
    reports = [report for report in reports if report.code not in NOT_BY_COMMENT]
    lines = _ENDS.split(text)  # a line, its end, a line, ...
    plain = "\n".join(lines[::2])
    glued = scan.spans(plain, brackets=False)
    for report in reports:
        line = report.range.line
        wanted[glued.get(line, (line, line))[1]].add(report.code)
    comments = _comments(plain)
    for line, codes in wanted.items():
        place = 2 * (line - 1)
        if place >= len(lines):
            raise RefusedError("it has changed since it was checked")
        lines[place] = _commented(lines[place], comments.get(line), codes)
    changed = "".join(lines)
    _verify(plain, "\n".join(lines[::2]), reports)
    return changed


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


def _replace(path: str, data: bytes) -> None:
    """Write beside the file and put it in its place: a full disk leaves the old file."""
    path = os.path.realpath(path)
    try:
        handle, beside = tempfile.mkstemp(prefix=".shapecheck-", dir=os.path.dirname(path))
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            shutil.copymode(path, beside)
            os.replace(beside, path)
        except OSError:
            os.unlink(beside)
            raise
    except OSError as error:
        raise RefusedError(error.strerror or str(error)) from None
