"""The comments of a file that silence findings: `# noqa: SHP101`, `# shapecheck: ignore[SHP101] why`, `# shapecheck: skip-file`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from shapecheck.findings.catalogue import all_findings, by_code
from shapecheck.findings.report import Fix, Range, Report
from shapecheck.findings.suppression import UNUSED, Suppression
from shapecheck.source import scan
from shapecheck.wanted import Wanted

if TYPE_CHECKING:
    from shapecheck.source.comments import Suppressions

EVERYWHERE = Suppression(1, 1 << 60)

Sure = Callable[[int], bool]
"""Whether nothing but this file can bring findings to a line."""


def speaks(text: str) -> bool:
    """Whether a text may hold comments that silence findings of ours: a quick look."""
    return "#" in text and ("shapecheck:" in text or "noqa" in text.lower())


def skips(text: str) -> bool:
    """Whether a text says `# shapecheck: skip-file`."""
    if "skip-file" not in text:
        return False
    from shapecheck.source.comments import suppressions  # here: most files have no such comment

    return suppressions(text).skip_file is not None


def suppressions_in(text: str, path: str, wanted: Wanted, sure: Sure) -> tuple[Suppression, ...]:
    """The comments of a text that silence. That one silences nothing is reported where `sure` says that it can be known."""
    if not speaks(text):
        return ()
    from shapecheck.source.comments import suppressions  # here: as above

    found = suppressions(text)
    if found.skip_file is not None:
        return (EVERYWHERE,)
    return tuple(_Reader(text, path, wanted, sure).read(found))


class _Reader:
    """Turns the comments of a file into what they silence."""

    def __init__(self, text: str, path: str, wanted: Wanted, sure: Sure) -> None:
        self.lines = text.split("\n")
        self.path = path
        self.wanted = wanted
        self.sure = sure
        self.glued = scan.spans(text, brackets=False)
        self.statements = scan.spans(text, brackets=True)

    def read(self, found: Suppressions) -> Iterator[Suppression]:
        for noqa in found.noqa.values() if self.wanted.options.noqa else ():
            first, last = self.glued.get(noqa.line, (noqa.line, noqa.line))
            if noqa.codes is None:
                yield Suppression(first, last)  # other checkers may want it
            for code in sorted(noqa.codes or ()):
                if code.startswith("SHP"):
                    yield self._suppression(first, last, code, noqa.line, "noqa")
        for ignore in found.ignores:
            first, last = self._covered(ignore.line, ignore.covers)
            for word in ignore.codes:
                yield self._suppression(first, last, word, ignore.line, "shapecheck:")
            if not ignore.codes:
                place = Range(ignore.line, ignore.column, ignore.line, len(self.lines[ignore.line - 1]) + 1)
                yield Suppression(first, last, "", self._unused("there is no finding here to ignore", place, first))

    def _covered(self, line: int, covers: int) -> tuple[int, int]:
        """The lines of a comment of ours: its own, or where it stands alone the statement below."""
        if covers != line:
            first, last = self.statements.get(covers, (covers, covers))
            if first == covers:
                return first, last
        return self.glued.get(covers, (covers, covers))

    def _suppression(self, first: int, last: int, word: str, line: int, after: str) -> Suppression:
        code = code_of(word)
        place = self._place(word, line, after)
        if code is None:
            return Suppression(first, last, word, self._report(f"no finding is called '{word}'", place))
        if code == UNUSED or not any(self.wanted.wants(known.code, self.path) for known in all_findings() if known.code.startswith(code)):
            return Suppression(first, last, code)  # deselected: whether it would be found is not known
        return Suppression(first, last, code, self._unused(f"there is no {code} here to silence", place, first))

    def _place(self, word: str, line: int, after: str) -> Range:
        text = self.lines[line - 1]
        match = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE).search(text, max(text.lower().rfind(after), 0))
        start, end = match.span() if match else (0, len(text))
        return Range(line, start + 1, line, end + 1)

    def _unused(self, message: str, place: Range, line: int) -> Report | None:
        return self._report(message, place) if self.sure(line) else None

    def _report(self, message: str, place: Range) -> Report | None:
        if not self.wanted.wants(UNUSED, self.path):
            return None
        from shapecheck.takeout import without  # here: few comments are of no use

        edit = without(self.lines[place.line - 1], place, self.path)
        fix = Fix("take it out", (edit,), safe=True) if edit else None
        return self.wanted.severe(Report(by_code(UNUSED), message, None, self.path, place, fix=fix))


def code_of(word: str) -> str | None:
    """The code, or the beginning of codes, that a word of a comment means; None when there is no such finding."""
    for finding in all_findings():
        if finding.slug == word.lower() or finding.code == word.upper():
            return finding.code
    known = word.upper().startswith("SHP") and any(finding.code.startswith(word.upper()) for finding in all_findings())
    return word.upper() if known else None
