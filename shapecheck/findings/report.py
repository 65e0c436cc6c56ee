"""A report: one finding at one place, with the evidence. Shared by the check, what shows it and what confirms it.

Sizes inside `expected`, `actual` and a witness are ints or sizes with names; whatever shows them writes the latter with `str`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from shapecheck.findings.finding import Finding, Severity
from shapecheck.findings.replay import Replay

StepRole = Literal["flow", "made"]
ConfirmationStatus = Literal["confirmed", "not reproduced", "could not run"]


class Range(NamedTuple):
    """A piece of text. Lines and columns count from 1, columns in characters; the end column is the first one after it."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Step:
    """A place that leads to the finding.

    role  'flow': a tensor got its shape here ("(256, 3, 217, 217): Conv2d(3, 3, 11) of (256, 3, 227, 227)");
          'made': a wrong number stands here, such as a layer's constructor argument ("in_channels is 5").
    text  the source line; empty: it is looked up when shown.
    cell  the cell of a notebook, in which the lines count.
    """

    path: str
    range: Range
    message: str
    text: str = ""
    role: StepRole = "flow"
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """The call under which it fails: `construct` ('Net(10)'), the inputs by name, and where they come from ('from line 40')."""

    construct: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What torch said when the accused code ran: `error` is its sentence, `reason` why it could not run."""

    status: ConfirmationStatus
    device: str = "meta"
    error: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace a range of a file by a text."""

    path: str
    range: Range
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends it; `safe` when it cannot change what right code does."""

    description: str
    edits: tuple[Edit, ...]
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One finding at one place.

    message   our one line: "Conv2d wants 5 channels, gets 3".
    torch     the sentence that torch raises, or None.
    symbol    the definition it is in: 'Net.forward'.
    trail     where each side of the mismatch was made, constructor lines first.
    note      what is said under the accused expression: "x is (256, 3, 217, 217)".
    replay    what torch would run to confirm it; only where that was asked for.
    cell      the cell of a notebook, from 1 and counting those of text too; the lines of the range count in it.
    text      the accused line, where it is not a line of the file.
    """

    finding: Finding
    message: str
    torch: str | None
    path: str
    range: Range
    symbol: str = ""
    expected: object = None
    actual: object = None
    hint: str | None = None
    witness: Witness | None = None
    trail: tuple[Step, ...] = ()
    confirmation: Confirmation | None = None
    fix: Fix | None = None
    fingerprint: str = ""
    note: str = ""
    replay: Replay | None = None
    cell: int | None = None
    text: str = ""

    @property
    def code(self) -> str:
        return self.finding.code

    @property
    def severity(self) -> Severity:
        """That of its kind; what ran without the predicted exception is only said for information."""
        return "info" if self.refuted else self.finding.severity

    @property
    def refuted(self) -> bool:
        """Whether torch ran what is accused and saw nothing of it."""
        return self.confirmation is not None and self.confirmation.status == "not reproduced"

    @property
    def place(self) -> tuple[str, int, int, int, str, str]:
        """What reports are sorted by."""
        return (self.path, self.cell or 0, self.range[0], self.range[1], self.finding.code, self.message)
