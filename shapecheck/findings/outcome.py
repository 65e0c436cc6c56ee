"""What a run of shapecheck over some files comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shapecheck.findings.replay import Missed, Replay
from shapecheck.findings.report import Range, Report
from shapecheck.findings.suppression import Suppression


@dataclass(frozen=True, slots=True)
class Chains:
    """For how many module classes and forward methods every value between input and output is known.

    gaps  why the chains of the other classes are not whole -> how many classes.
    """

    classes: int = 0
    whole: int = 0
    methods: int = 0
    whole_methods: int = 0
    gaps: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Chains) -> Chains:
        return Chains(
            self.classes + other.classes,
            self.whole + other.whole,
            self.methods + other.methods,
            self.whole_methods + other.whole_methods,
            Counter(self.gaps) + Counter(other.gaps),
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing with a baseline.

    missing  there was no such file.
    stale    a sentence for each entry that is no longer found.
    text     the file as it should be now.
    listed   how many findings it lists.
    """

    path: str
    missing: bool
    stale: tuple[str, ...]
    text: str
    listed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Reports in order of place, and what was looked at.

    files         how many files were read.
    skipped       how many of them were not analysed, because nothing in them mentions torch.
    unknown       why a value could not be followed -> how often.
    problems      sentences about what could not be done (a path that is not there): exit status 2.
    chains        how many module classes were followed from input to output.
    suppressions  the comments that silence findings, by path, while they are not applied yet.
    known         reports that a baseline lists; they are not among `reports`.
    compared      the baselines.
    entries       what can be run besides the findings; only where that was asked for.
    missed        what torch raised there although no finding says so; None: nobody asked.
    """

    reports: tuple[Report, ...] = ()
    files: int = 0
    skipped: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    chains: Chains = field(default_factory=Chains)
    suppressions: Mapping[str, Sequence[Suppression]] = field(default_factory=dict)
    known: tuple[Report, ...] = ()
    compared: tuple[Compared, ...] = ()
    entries: tuple[Replay, ...] = ()
    missed: tuple[Missed, ...] | None = None

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            tuple(sorted(self.reports + other.reports, key=lambda r: r.place)),
            self.files + other.files,
            self.skipped + other.skipped,
            Counter(self.unknown) + Counter(other.unknown),
            self.problems + other.problems,
            self.chains + other.chains,
            {**self.suppressions, **other.suppressions},
            self.known + other.known,
            self.compared + other.compared,
            self.entries + other.entries,
        )

    @property
    def status(self) -> int:
        """0 nothing found, 1 findings, 2 shapecheck itself could not do its work."""
        if self.problems or any(report.code == "SHP905" for report in self.reports):
            return 2
        return 1 if not all(report.refuted for report in self.reports) else 0


def total(outcomes: Sequence[Outcome]) -> Outcome:
    """What several outcomes come to together."""
    unknown: Counter[str] = Counter()
    suppressions: dict[str, Sequence[Suppression]] = {}
    for outcome in outcomes:
        unknown.update(outcome.unknown)
        suppressions.update(outcome.suppressions)
    return Outcome(
        tuple(sorted((report for outcome in outcomes for report in outcome.reports), key=lambda report: report.place)),
        sum(outcome.files for outcome in outcomes),
        sum(outcome.skipped for outcome in outcomes),
        unknown,
        tuple(problem for outcome in outcomes for problem in outcome.problems),
        sum((outcome.chains for outcome in outcomes), Chains()),
        suppressions,
        entries=tuple(entry for outcome in outcomes for entry in outcome.entries),
    )


@dataclass(frozen=True, slots=True)
class Expression:
    """A tensor expression of the trace with its shape, or with why that is not known."""

    path: str
    range: Range
    text: str
    shape: tuple[object, ...] | None
    dtype: str | None = None
    symbol: str = ""
    why: str | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Expressions:
    """Every tensor expression of some files, in order of place."""

    expressions: tuple[Expression, ...] = ()
    files: int = 0
    problems: tuple[str, ...] = ()

    def __add__(self, other: Expressions) -> Expressions:
        both = sorted(self.expressions + other.expressions, key=lambda e: (e.path, e.cell or 0, e.range, e.text))
        return Expressions(tuple(both), self.files + other.files, self.problems + other.problems)
