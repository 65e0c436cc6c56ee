"""The façade: an outcome in, the same outcome with torch's word on each of its findings out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shapecheck.confirm.ask import Asker, Where
from shapecheck.confirm.child import Child, NotReady
from shapecheck.confirm.runs import run_entries
from shapecheck.findings.outcome import Outcome

Progress = Callable[[int, int], None]
MEMORY = 4 << 30  # bytes that a program may take
SECONDS = 20.0  # for one finding, on one device


@dataclass(frozen=True, slots=True)
class Settings:
    """How to confirm. python: the interpreter. seconds: for one run of one finding. memory: bytes of address space, 0 for no limit.
    runs: run the entries of the files too.
    """

    python: str
    where: Where = "auto"
    seconds: float = SECONDS
    memory: int = MEMORY
    runs: bool = False


class Confirmer:
    """`with Confirmer(settings) as confirmer:` NotReady is raised at once where there is no torch.

    The process starts here, and imports torch while the files are checked.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # a context of CUDA takes more address space than any program
        memory = 0 if settings.where == "cuda" else settings.memory
        self.child = Child(settings.python, memory, settings.seconds, settings.where in ("auto", "meta"))
        self.started = time.monotonic()

    def __enter__(self) -> Confirmer:
        try:
            self.child.begin()
        except NotReady:
            self.child.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *error: Any) -> None:
        self.child.__exit__(*error)

    def confirm(self, outcome: Outcome, progress: Progress | None = None) -> tuple[Outcome, str]:
        """The outcome with what torch says of each finding, and a line about the work. NotReady when torch cannot be imported."""
        about = self.child.ready()
        if self.settings.where == "cuda" and not about["cuda"]:
            raise NotReady(f"{self.settings.python}: its torch sees no CUDA device")
        asker = Asker(self.child, self.settings.where, outcome.reports)
        started = time.monotonic()
        reports = []
        for number, report in enumerate(outcome.reports):
            if progress is not None:
                progress(number, len(outcome.reports))
            reports.append(report if report.code.startswith("SHP9") else asker.confirm(report))
        if progress is not None:
            progress(len(reports), len(reports))
        confirmed = replace(outcome, reports=tuple(reports))
        if self.settings.runs:
            missed, ran = run_entries(asker, outcome.entries)
            confirmed = replace(confirmed, missed=missed)
        note = self._note(confirmed, about, time.monotonic() - started)
        return confirmed, f"{note}; {ran} of {len(outcome.entries)} entries ran" if self.settings.runs else note

    def _note(self, outcome: Outcome, about: dict[str, Any], seconds: float) -> str:
        total = counted(outcome).total()
        starts = "1 start" if self.child.starts == 1 else f"{self.child.starts} starts"
        rate = f", {total / seconds:.1f} a second" if total and seconds > 0 else ""
        what = "1 finding" if total == 1 else f"{total} findings"
        return f"confirmed with torch {about['torch']} of {self.settings.python}: {what} in {seconds:.1f} s{rate}, {starts} of the worker"


def counted(outcome: Outcome) -> Counter[str]:
    """How many findings have which confirmation."""
    return Counter(report.confirmation.status for report in outcome.reports if report.confirmation is not None)


__all__ = ["Confirmer", "NotReady", "Settings"]
