"""Our side: shapecheck over a program's text, in this process."""

from __future__ import annotations

import signal
import time
from collections import OrderedDict
from collections.abc import Callable
from types import FrameType
from typing import Any

from shapecheck.check import Checker
from shapecheck.findings.report import Report
from shapecheck.options import Options
from shapecheck.run.entries import Analysis, FileRuns
from shapecheck.run.imports import Library
from shapecheck.source import lower as lowering
from shapecheck.source.chunks import Chunk
from shapecheck.source.lower import Lowered
from shapecheck.source.module import SourceModule

SECONDS = 60
_library = Library()
_lowered: OrderedDict[str, Lowered] = OrderedDict()
_lower = lowering.lower


def remembered(chunk: Chunk) -> Lowered:
    """A chunk's IR by its text: of a mutant all chunks but one are those of the program."""
    found = _lowered.get(chunk.text)
    if found is None:
        found = _lowered[chunk.text] = _lower(chunk)
        while len(_lowered) > 3000:
            _lowered.popitem(last=False)
    return found


class DriverRuns(FileRuns):
    """The module level alone: what the driver calls."""

    def all(self) -> Analysis:
        self._module_level()
        return self.result


class Looker(Checker):
    """A checker that shares what it reads from disk with all others of this process."""

    def __init__(self, driver_only: bool) -> None:
        super().__init__(Options())
        self.driver_only = driver_only

    @property
    def library(self) -> Library:
        return _library

    def analyse(self, module: SourceModule, path: str, trace: object = None) -> Analysis:
        if not self.driver_only:
            return super().analyse(module, path, trace)
        return DriverRuns(module, self.resolver(str(module.path)), self.library, (), trace).all()


class Late(BaseException):
    """Time is up. Not an Exception: those are caught on the way."""


def look(text: str, path: str, driver_only: bool) -> tuple[list[dict[str, Any]], float]:
    """What is reported of a text that stands for the file `path`, and in how many seconds."""
    lowering.lower = remembered
    started = time.monotonic()
    try:
        outcome = limited(lambda: Looker(driver_only).text(text, path))
    except Late:
        return [
            {
                "code": "LATE",
                "severity": "late",
                "message": f"not done in {SECONDS} s",
                "line": 0,
                "end_line": 0,
                "torch": None,
                "path": path,
            }
        ], SECONDS
    finally:
        lowering.lower = _lower
    reports = [
        {
            "code": report.code,
            "severity": report.finding.severity,
            "message": report.message,
            "torch": report.torch,
            "line": report.range.line,
            "end_line": report.range.end_line,
            "path": report.path,
        }
        for report in outcome.reports
    ]
    return reports, round(time.monotonic() - started, 2)


def planned(text: str, path: str, driver_only: bool) -> tuple[Report, ...]:
    """What is reported of a text, each with what torch would run to confirm it."""
    looker = Looker(driver_only)
    looker.options = Options(replays=True)
    lowering.lower = remembered
    try:
        return tuple(limited(lambda: looker.text(text, path)).reports)
    except Late:
        return ()
    finally:
        lowering.lower = _lower


def limited(work: Callable[[], Any]) -> Any:
    """work(), or Late: so many seconds of this process's own time."""

    def late(number: int, frame: FrameType | None) -> None:
        raise Late

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
