"""What a run of a table came to, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from shapecheck.book.loader import load_rules
from shapecheck.book.rule import LAYERS, OPS
from tests.oracle.judge import Judged, partly
from tests.oracle.sample import Sample


def is_known(sample: Sample) -> bool:
    """Whether the book has a rule for what the sample calls."""
    load_rules()
    return sample.name in OPS or sample.name in LAYERS or sample.name.startswith("operator ") or "." not in sample.name


@dataclass
class Tally:
    """Counts of outcomes, of ops that the book knows and of those that it does not."""

    right: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    of_unknown_ops: int = 0
    seconds: float = 0.0

    def add(self, judged: Iterable[Judged]) -> None:
        for one in judged:
            if not is_known(one.sample) and one.outcome in ("unknown", "missed"):
                self.of_unknown_ops += 1
                continue
            (self.refused if one.refusing else self.right)[one.outcome] += 1
            if not one.refusing and one.outcome == "agrees":
                self.open.update(partly(one.ours))

    @property
    def wrong(self) -> int:
        return self.right["wrong"] + self.refused["wrong"]

    @property
    def answered(self) -> float:
        """The share of the right calls of known ops whose result is known."""
        return 1 - self.right["unknown"] / max(self.right.total(), 1)

    @property
    def worded(self) -> float:
        """The share of the refusals that are torch's own word for word."""
        return self.refused["agrees"] / max(self.refused["agrees"] + self.refused["reworded"], 1)

    @property
    def caught(self) -> float:
        """The share of the calls that torch refuses and shapecheck refuses."""
        return 1 - self.refused["missed"] / max(self.refused.total(), 1)


HEAD = f"{'':22}{'right calls':>12}{'answered':>10}{'wrong':>7}   {'refused by torch':>16}{'by shapecheck':>15}{'word for word':>15}{'of ops unknown':>16}{'seconds':>9}"


def row(name: str, tally: Tally) -> str:
    """A line of the table."""
    refused = tally.refused.total()
    caught = f"{refused - tally.refused['missed']} {tally.caught:.1%}" if refused else ""
    worded = f"{tally.refused['agrees']} {tally.worded:.1%}" if refused else ""
    answered = f"{tally.answered:.2%}" if tally.right else ""
    return (
        f"{name:22}{tally.right.total():>12}{answered:>10}{tally.wrong:>7}   {refused:>16}{caught:>15}{worded:>15}"
        f"{tally.of_unknown_ops:>16}{tally.seconds:>9.0f}"
    )
