"""Comments that silence findings, ready to be applied to the reports of all files together.

A finding may be told in a file by the run of another one, so that only the reports of all files say which comments are of use.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shapecheck.findings.report import Report

ALWAYS = "SHP905"  # a fault of shapecheck's own cannot be silenced: nothing is known about that file
UNUSED = "SHP904"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that silences, or one code of it.

    first, last  the lines whose findings it silences: those that have a line in common with them.
    code         the beginning of the codes; "" for all.
    if_unused    what is reported when it silences nothing, if that is to be reported.
    """

    first: int
    last: int
    code: str = ""
    if_unused: Report | None = None

    def silences(self, report: Report) -> bool:
        """Whether it silences the report, which is one of its file."""
        return report.range.line <= self.last and self.first <= report.range.end_line and report.code.startswith(self.code)


def silenced(reports: Iterable[Report], suppressions: Mapping[str, Sequence[Suppression]]) -> list[Report]:
    """The reports that no comment silences, and a report for each comment that silences none. `suppressions`: by absolute path."""
    used: set[int] = set()

    def kept(report: Report) -> bool:
        comments = suppressions.get(os.path.abspath(report.path), ())
        fitting = [comment for comment in comments if comment.silences(report)] if report.code != ALWAYS else []
        used.update(map(id, fitting))
        return not fitting

    left = [report for report in reports if kept(report)]
    for comments in suppressions.values():
        for comment in comments:
            unused = comment.if_unused
            if unused is None or id(comment) in used:
                continue
            # what silences SHP904 by its name, or everything, may stand in the same comment
            if not any(other is not comment and other.silences(unused) for other in comments):
                left.append(unused)
    return left
