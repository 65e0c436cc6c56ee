"""A kind of finding: what `shapecheck explain` prints and what every report points at."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

Severity = Literal["error", "warning", "info"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of finding.

    code      'SHP101': the letters SHP and three digits, never given to another kind.
    slug      'layer-input': reads well after "allow ...".
    title     a few words for lists.
    severity  'error' only where torch (or Python) raises.
    why       one to three sentences: what goes wrong, and when.
    bad       the smallest program that has it; torch really refuses it where the severity is 'error'. May be empty.
    good      its right twin.
    fix       one sentence: the way out.
    """

    code: str
    slug: str
    title: str
    severity: Severity
    why: str
    bad: str
    good: str
    fix: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "why", " ".join(self.why.split()))
        for name in ("bad", "good"):
            object.__setattr__(self, name, dedent(getattr(self, name)).strip("\n"))

    @property
    def by_default(self) -> bool:
        """Whether it is reported unless it is selected: what is merely said for information is not."""
        return self.severity != "info"
