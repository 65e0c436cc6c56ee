"""Asks torch about findings, and judges its answers."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from shapecheck.confirm.child import Child, Gone
from shapecheck.confirm.plan import import_root
from shapecheck.findings.replay import Program, Replay
from shapecheck.findings.report import Confirmation, Report

Where = Literal["meta", "cpu", "cuda", "auto"]
WHERE: tuple[Where, ...] = ("auto", "meta", "cpu", "cuda")
CALL = "<call>"
SKIPS = 8  # findings that are passed over on the way to one
QUICK = 3.0  # seconds for a better sentence of what meta has confirmed
# what a device, not the program, is at fault for
LIMITS = re.compile(
    r"meta tensor|Meta tensors|not implemented|NotImplemented|fake tensor|FakeTensor|data[- ]dependent|no data|Cannot copy out"
    r"|can't allocate|allocate memory|out of memory|not enough memory|while a finding is confirmed|CUDA driver|No CUDA GPUs"
    r"|compiled with CUDA"
)
INNOCENT = (
    "NotImplementedError",
    "MemoryError",
    "OutOfMemoryError",
    "TimeIsUp",
    "SystemExit",
    "KeyboardInterrupt",
    "ImportError",
    "ModuleNotFoundError",
)


@dataclass(frozen=True)
class Run:
    """How a program is run: the device, on tensors without data ('fake'), with autograd."""

    device: str
    fake: bool = False
    grad: bool = False

    @property
    def name(self) -> str:
        return "meta" if self.fake else self.device


def runs(where: Where, cuda: bool) -> list[Run]:
    """The runs of a program, in order. Meta is quick but accepts some wrong calls; the CPU is asked then."""
    if where == "meta":
        return [Run("meta"), Run("cpu", fake=True)]
    if where == "cpu":
        return [Run("cpu"), Run("cpu", grad=True)]
    if where == "cuda":
        return [Run("cuda"), Run("cuda", grad=True)]
    return [Run("meta"), Run("cpu"), Run("cpu", grad=True), *([Run("cuda")] if cuda else [])]


@dataclass(frozen=True)
class Verdict:
    """What one run says: 'confirmed', 'not reproduced', 'unclear' with a reason. `text` is torch's sentence, `weight` how much it says.

    ended: the process had to be ended, or the time was up: another try would end in the same way.
    """

    status: str
    run: Run
    text: str | None = None
    reason: str = ""
    weight: int = 0
    ended: bool = False
    program: Program | None = None


class Asker:
    """Confirms reports one after the other with one child. reports: all of them, since one may stand in the way of another."""

    def __init__(self, child: Child, where: Where, reports: Sequence[Report] = ()) -> None:
        self.child = child
        self.where = where
        self.reports = reports
        self._next = 0
        self._skips: list[Replay] = []

    def confirm(self, report: Report) -> Report:
        """The report with torch's word on it."""
        replay = report.replay
        if replay is None:
            return replace(report, confirmation=Confirmation("could not run", self._device(), None, "it is about the text alone"))
        if not replay.programs:
            return replace(report, confirmation=Confirmation("could not run", self._device(), None, replay.why_not))
        self.afresh()
        verdict = self._best(report, replay)
        if verdict.status == "unclear":
            reason = f"the finding in line {self._skips[0].accused[1]} comes first" if self._skips else verdict.reason
            return replace(report, confirmation=Confirmation("could not run", verdict.run.name, verdict.text, reason))
        status: Any = verdict.status
        if verdict.program is not None:  # the one that is shown
            replay = replace(replay, programs=(verdict.program, *(other for other in replay.programs if other is not verdict.program)))
        return replace(report, confirmation=Confirmation(status, verdict.run.name, verdict.text), replay=replay)

    def _device(self) -> str:
        return "meta" if self.where == "auto" else self.where

    def _best(self, report: Report, replay: Replay) -> Verdict:
        """The first run that confirms; else what the widest slice says, or the whole file where that says more.

        A narrow slice leaves calls out that might have changed what is accused: that it runs proves nothing where a wider one exists.
        """
        said: dict[str, Verdict] = {}
        for program in replay.programs:
            verdict = replace(self._of_program(report, replay, program), program=program)
            if verdict.status == "confirmed":
                return verdict
            before = said.get(program.how)
            if before is None or verdict.weight > before.weight:
                said[program.how] = verdict
            if verdict.ended and program.how != "module alone":
                return verdict
        widest = said.get("wider slice") or said.get("slice") or said.get("import") or said["module alone"]
        whole = said.get("import", widest)
        return whole if whole.status == "not reproduced" else widest

    def _of_program(self, report: Report, replay: Replay, program: Program) -> Verdict:
        """The first run of a program that confirms, else the one that says most."""
        best: Verdict | None = None
        for run in runs(self.where, bool(self.child.ready().get("cuda"))):
            verdict = self._verdict(report, replay, program, run)
            if verdict.status == "confirmed" and program.guessed and not alike(verdict.text or "", report.torch or ""):
                verdict = Verdict("unclear", run, None, f"something else is raised: {verdict.text}", 2)
            if verdict.status == "confirmed":
                if run.device == "meta" and self.where == "auto" and not alike(verdict.text or "", report.torch or ""):
                    return self._in_full(report, replay, program, verdict)
                return verdict
            if best is None or verdict.weight > best.weight:
                best = verdict
            if verdict.ended or (verdict.weight <= 1 and run.device != "meta"):
                break  # with autograd it would get no further
        assert best is not None
        return best

    def _in_full(self, report: Report, replay: Replay, program: Program, meta: Verdict) -> Verdict:
        """Torch's whole sentence: plain meta often has another one than the devices with data."""
        full = self._verdict(report, replay, program, Run("cpu"), QUICK)
        if full.ended:
            return meta
        if full.status == "unclear" and full.weight <= 1:
            full = self._verdict(report, replay, program, Run("cpu", fake=True))
        return full if full.status == "confirmed" else meta if full.weight <= 1 else full

    def _verdict(self, report: Report, replay: Replay, program: Program, run: Run, seconds: float | None = None) -> Verdict:
        """What a run says. Where another finding is raised on the way, that one is passed over: it was not the one in question."""
        while True:
            try:
                answer = self._answer(replay, program, run, seconds)
            except Gone as error:
                return Verdict("unclear", run, None, str(error), 9, ended=True)
            verdict = judge(answer, replay, run)
            if verdict.status != "unclear" or answer["raised"] is None or at_place(answer["raised"]["frames"], replay):
                return verdict
            first = self.predicted(answer["raised"], replay)
            if first is None:
                return verdict
            if not self.pass_over(first, replay):
                return replace(verdict, reason=f"the finding in line {first.accused[1]} comes first")

    def predicted(self, raised: dict[str, Any], running: Replay) -> Replay | None:
        """The finding that says of an exception that it will be raised where it was, if there is one besides the one that is run."""
        for report in self.reports:
            other = report.replay
            if other is None or other is running or other.error not in raised["kinds"]:
                continue
            if at_place(raised["frames"], other) and (not other.at_call or other.path == running.path):
                return other
        return None

    def pass_over(self, first: Replay, running: Replay) -> bool:
        """Let the next runs get behind a finding; False where that is not possible."""
        if (
            any(first is other for other in self._skips)
            or len(self._skips) >= SKIPS
            or first.at_call
            or not same_file(running.path, first.accused[0])
        ):
            return False
        self._skips.append(first)
        return True

    def run(self, replay: Replay, program: Program, run: Run) -> dict[str, Any] | None:
        """The answer to a run that is about no finding; None when the process did not live to give it."""
        try:
            return self._answer(replay, program, run, None)
        except Gone:
            return None

    def afresh(self) -> None:
        """Nothing is passed over any more."""
        self._skips = []

    def _answer(self, replay: Replay, program: Program, run: Run, seconds: float | None) -> dict[str, Any]:
        """One request to the child. Gone when it did not live to answer."""
        self._next += 1
        request = {
            "id": self._next,
            "text": program.text,
            "file": replay.path,
            "call": program.call,
            "name": program.name,
            "package": program.package,
            "bare": program.bare,
            "roots": list(dict.fromkeys([import_root(replay.path, program.package), os.path.dirname(replay.path), *replay.roots])),
            "device": run.device,
            "fake": run.fake,
            "grad": run.grad,
            "accused": list(replay.accused),
            "claims": [[claim.line, claim.column, claim.end_line, claim.end_column] for claim in replay.claims],
            "skips": [list(skipped.accused[1:]) for skipped in self._skips],
            "time": seconds or self.child.seconds,
        }
        return self.child.ask(request)


def judge(answer: dict[str, Any], replay: Replay, run: Run) -> Verdict:
    """What an answer of the worker means for a finding."""
    raised = answer["raised"]
    if not replay.error:
        return _compared(answer, replay, run)
    sure = run.device != "meta" and not run.fake
    if raised is None:
        if not sure:
            return Verdict("unclear", run, None, "meta accepts it, which proves nothing: it does not check everything", 2)
        if answer["passed"] or replay.at_call:
            return Verdict("not reproduced", run, weight=5)
        reached = "does not come to an end there" if answer["reached"] else "does not come by the accused line"
        return Verdict("unclear", run, None, f"the run {reached}", 2)
    sentence = f"{raised['kinds'][0]}: {raised['text']}".strip().split("\n")[0]
    if blames_limits(raised, replay.error):
        late = raised["kinds"][0] == "TimeIsUp"
        return Verdict("unclear", run, None, reason_of(answer, sentence), 9 if late else 1, ended=late)
    if not at_place(raised["frames"], replay):
        return Verdict("unclear", run, None, f"something else is raised: {sentence}", 3 if answer["passed"] else 2)
    if replay.error in raised["kinds"]:
        return Verdict("confirmed", run, raised["text"], weight=9)
    return Verdict("unclear", run, raised["text"], f"another exception is raised there: {sentence}", 4)


def _compared(answer: dict[str, Any], replay: Replay, run: Run) -> Verdict:
    """A finding that raises nothing: the shapes that are claimed against those that were seen."""
    if any(not seen for seen in answer["seen"]) or not replay.claims:
        raised = answer["raised"]
        reason = reason_of(answer, f"{raised['kinds'][0]}: {raised['text']}".split("\n")[0]) if raised else "the run does not come by it"
        return Verdict("unclear", run, None, reason, 1)
    wrong = [
        (claim, seen)
        for claim, seen in zip(replay.claims, answer["seen"], strict=True)
        if not any(tuple(shape) == claim.shape for shape in seen)
    ]
    if not wrong:
        return Verdict("confirmed", run, weight=9)
    claim, seen = wrong[0]
    return Verdict("not reproduced", run, f"the shape is {tuple(seen[0])}, not {claim.shape}", weight=5)


def blames_limits(raised: dict[str, Any], predicted: str = "") -> bool:
    """Whether an exception tells of what the device or the worker cannot do, and not of the program."""
    kinds = raised["kinds"]
    innocent = kinds[0] in INNOCENT or "ImportError" in kinds or "MemoryError" in kinds
    return (innocent and kinds[0] != predicted) or bool(LIMITS.search(raised["text"]))


def reason_of(answer: dict[str, Any], sentence: str) -> str:
    """Why it could not run, in words."""
    if answer["missing"]:
        return f"the module {answer['missing']} is missing"
    kind, _, text = sentence.partition(": ")
    if kind == "TimeIsUp":
        return f"it took {text}"
    if kind == "SystemExit":
        return "the program ends itself (sys.exit)"
    return sentence


def at_place(frames: Sequence[Sequence[Any]], replay: Replay) -> bool:
    """Whether an exception came through the accused place, and no deeper place of that file."""
    path, first, last = replay.accused
    inside = [frame for frame in frames if same_file(frame[0], path)]
    if replay.at_call:
        return any(frame[0] == CALL for frame in frames) and not inside
    if not inside:
        return False
    line, end_line = inside[-1][1:]
    return bool(line <= last and end_line >= first)


def same_file(one: str, other: str) -> bool:
    """Whether two paths lead to one file."""
    return one == other or (os.path.basename(one) == os.path.basename(other) and os.path.realpath(one) == os.path.realpath(other))


def alike(one: str, other: str) -> bool:
    """Whether two sentences are the same but for numbers and names of sizes."""
    words = [re.findall(r"[A-Za-z_]{2,}", sentence) for sentence in (one, other)]
    later = iter(words[1])
    return all(word in later for word in words[0])


__all__ = ["WHERE", "Asker", "Where"]
