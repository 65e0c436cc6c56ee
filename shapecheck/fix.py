"""--fix and --diff: the fixes of findings, tried on the text before they touch the file.

A fix is made when the checker, asked again about the changed text, no longer has its finding and accuses nothing that the fix wrote. What
it finds further on (the next layer of a chain) is no reason against it; what can be fixed there is fixed in the same go.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff

from shapecheck import check
from shapecheck.findings.report import Edit, Report
from shapecheck.options import Options, OptionsOf
from shapecheck.rewrite import PYTHON, RefusedError, Text, rewrite, text_of

ROUNDS = 10
TRIES = 40  # how often a file is checked again at most

Kind = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was, or would be, fixed.

    findings  how many findings.
    files     in how many files.
    diff      the changes as a unified diff.
    problems  a sentence for each file that could not be changed.
    """

    findings: int = 0
    files: int = 0
    diff: str = ""
    problems: tuple[str, ...] = ()


def fix(reports: Iterable[Report], options_of: OptionsOf, unsafe: bool, write: bool) -> Fixed:
    """Fix what can be fixed; `unsafe`: also what may not be meant. Without `write` nothing is changed."""
    by_path: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if _offers(report, unsafe):
            by_path[report.path].append(report)
    findings, files, diff, problems = 0, 0, "", []
    for path, found in sorted(by_path.items()):
        try:
            mender = _Mender(path, text_of(path), options_of(path), unsafe)
            mender.mend(found)
            if not mender.count:
                continue
            if write:
                rewrite(path, mender.change)
        except RefusedError as refused:
            problems.append(f"{path}: not changed: {refused}")
            continue
        findings += mender.count
        files += 1
        diff += "".join(_diff(mender.before, mender.text, path))
    return Fixed(findings, files, diff, tuple(problems))


def _offers(report: Report, unsafe: bool) -> bool:
    fix = report.fix
    if not report.path.endswith(PYTHON):
        return False
    return fix is not None and bool(fix.edits) and (fix.safe or unsafe) and all(edit.path == report.path for edit in fix.edits)


def _diff(before: Text, after: Text, path: str) -> Iterable[str]:
    """The lines of a diff with `\\n` as their end; a last line without one is said to have none, as diff says it."""
    old, new = (text.plain.splitlines(keepends=True) for text in (before, after))
    for line in unified_diff(old, new, path, path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


class Found(list[Report]):
    """What is found in a text. Never false: that nothing is left is an answer, too."""

    def __bool__(self) -> bool:
        return True


class _Mender:
    """The fixes of one file."""

    def __init__(self, path: str, text: Text, options: Options, unsafe: bool) -> None:
        self.path = path
        self.before = text
        self.text = text
        self.count = 0
        self._options = replace(options, baseline=None)
        self._unsafe = unsafe
        self._tries = TRIES

    def change(self, text: Text) -> Text:
        """What `rewrite` asks for. RefusedError when the file is no longer the one that was checked."""
        if text.whole != self.before.whole:
            raise RefusedError("it has changed since it was checked")
        return self.text

    def mend(self, reports: Sequence[Report]) -> None:
        """Make the fixes of these reports, and those of what is found after them."""
        self._comments([report for report in reports if report.fix and report.fix.safe])
        if not self._unsafe:
            return
        wanted = {_kind(report) for report in reports}
        left = self._found(self.text)
        for _ in range(ROUNDS):
            offered = [report for report in left if _offers(report, unsafe=True) and _kind(report) in wanted]
            after = self._try(offered, left) or next(filter(None, (self._try([report], left) for report in offered)), None)
            if after is None:
                return
            wanted |= {_kind(report) for report in after} - {_kind(report) for report in left}
            left = after

    def _comments(self, reports: Sequence[Report]) -> None:
        """Fixes of comments: the program stays the same, and the checker has nothing new to say."""
        edits, made = _apart(reports)
        if not edits:
            return
        text = changed(self.text, edits)
        if _program(text) is None or _program(text) != _program(self.text):
            raise RefusedError("a fix of a comment would change the program; please report this")
        self.text = text
        self.count += len(made)

    def _try(self, offered: Sequence[Report], left: Sequence[Report]) -> Found | None:
        """Make these fixes if that mends: what is found then, or None."""
        edits, made = _apart(offered)
        if not edits or not self._tries:
            return None
        self._tries -= 1
        text = changed(self.text, edits)
        if _program(text) is None:
            return None
        after = self._found(text)
        gone = Counter(map(_kind, left)) - Counter(map(_kind, after))
        if Counter(map(_kind, made)) - gone:
            return None
        if any(self._accuses(report, _written(edits), set(map(_kind, left))) for report in after):
            return None
        self.text = text
        self.count += len(made)
        return after

    def _accuses(self, report: Report, written: set[tuple[int, int]], known: set[Kind]) -> bool:
        """Whether a report is about what a fix wrote: it points at it as the place of a wrong number, or is a new one on its line."""
        if any(step.role == "made" and step.path == self.path and step.range[:2] in written for step in report.trail):
            return True
        return _kind(report) not in known and any(report.range.line <= line <= report.range.end_line for line, _ in written)

    def _found(self, text: Text) -> Found:
        return Found(check.check_source(text.plain, self.path, self._options).reports)


def _kind(report: Report) -> Kind:
    """A report without its place, which moves when lines are taken away."""
    return report.code, report.symbol, report.message


def _apart(reports: Sequence[Report]) -> tuple[list[Edit], list[Report]]:
    """The edits of the reports whose edits do not run into each other; equal edits are one."""
    edits: list[Edit] = []
    made = []
    for report in reports:
        assert report.fix is not None
        new = [edit for edit in report.fix.edits if edit not in edits]
        if not any(_meet(edit, other) for edit in new for other in edits):
            edits += new
            made.append(report)
    return edits, made


def _meet(one: Edit, other: Edit) -> bool:
    return one.range[:2] < other.range[2:] and other.range[:2] < one.range[2:]


def changed(text: Text, edits: Iterable[Edit]) -> Text:
    """The text with the edits made. An edit is within a line, or takes whole lines away."""
    result = Text(text.whole)
    for edit in sorted(edits, key=lambda edit: edit.range, reverse=True):
        line, column, end_line, end_column = edit.range
        if end_line > line:
            if (column, end_column, edit.text) != (1, 1, "") or end_line > len(result.lines):
                raise RefusedError("a fix spans lines")
            for number in range(end_line - 1, line - 1, -1):
                result.delete(number)
        else:
            old = result.lines[line - 1]
            result.lines[line - 1] = old[: column - 1] + edit.text + old[end_column - 1 :]
    return result


def _written(edits: Sequence[Edit]) -> set[tuple[int, int]]:
    """Where what the edits wrote begins, when all are made: line and column."""

    def place(edit: Edit) -> tuple[int, int]:
        line, column = edit.range[:2]
        above = sum(min(other.range.end_line, line) - other.range.line for other in edits if other.range.line < line)
        before = [other for other in edits if other.range.line == other.range.end_line == line and other.range.column < column]
        shift = sum(len(other.text) - (other.range.end_column - other.range.column) for other in before)
        return line - above, column + shift

    return {place(edit) for edit in edits if edit.text}


def _program(text: Text) -> str | None:
    """The program without its comments; None where there is none."""
    try:
        return ast.dump(ast.parse(text.plain))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
