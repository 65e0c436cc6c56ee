"""Small user programs, run by torch and read by shapecheck. What is expected of shapecheck is what torch does.

A text holds several programs. Each begins with a line `### what it is about`; lines at its end say what to ask of it:

    >>> net(T(2, 3))        torch computes this; shapecheck knows the same shape (or number, text, tuple…) and reports nothing
    ~~~ net(T(2, 3))        torch computes this; shapecheck reports nothing, and does not know the shape today
    !!! net(T(2, 4))        torch raises here; shapecheck reports it on the same line in the same words

A program's text by itself is checked as well: `# SHP101` at the end of one of its lines expects that finding there, and then some
`!!!` has to show that torch raises on this line; lines without such a note expect nothing. `# SHP101 where it is called` is for a
line that builds what torch refuses to call.
"""

from __future__ import annotations

import linecache
import re
import sys
import traceback
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from shapecheck.check import Checker
from shapecheck.findings.report import Report
from shapecheck.options import Options
from tests.support import engine, oracle
from tests.support.answers import Answer, Hidden, Raised, Seen, same_sentence

if TYPE_CHECKING:
    from shapecheck.run.entries import Analysis
    from shapecheck.source.module import SourceModule

PRELUDE = """\
import torch
import torch.nn.functional as F
from torch import nn, Tensor


def T(*sizes):
    return torch.zeros(sizes)


"""
FIRST = PRELUDE.count("\n") + 1
NOTE = re.compile(r"# (SHP\d{3})( where it is called)?$")
NAME = "<program>"


@dataclass(frozen=True)
class Program:
    """One program and what is asked of it."""

    name: str
    text: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    refused: tuple[str, ...]

    def __str__(self) -> str:
        return self.name.replace(" ", "-")

    @property
    def notes(self) -> set[tuple[int, str]]:
        """Lines, counted from the prelude's first, and the codes that are expected there."""
        lines = enumerate(self.text.splitlines(), FIRST)
        return {(line, found[1]) for line, text in lines if (found := NOTE.search(text))}

    @property
    def raising(self) -> set[int]:
        """Lines on which torch has to be shown to raise."""
        lines = enumerate(self.text.splitlines(), FIRST)
        return {line for line, text in lines if (found := NOTE.search(text)) and found[2] is None}


def programs(text: str) -> list[Any]:
    """The programs of a text, ready for `pytest.mark.parametrize`."""
    found = []
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        asked: dict[str, list[str]] = {">>> ": [], "~~~ ": [], "!!! ": []}
        lines = []
        for line in rest.splitlines():
            asked[line[:4]].append(line[4:]) if line[:4] in asked else lines.append(line)
        program = Program(name.strip(), "\n".join(lines) + "\n", *(tuple(each) for each in asked.values()))
        found.append(pytest.param(program, id=str(program)))
    return found


@dataclass
class Raising:
    """What torch raised, and on which line of the program."""

    raised: Raised
    line: int
    file: str = NAME


class Keeping(Checker):
    """Keeps the analysis of the text that it checks."""

    analysis: Analysis | None = None

    def __init__(self, checked: Iterable[str] = ()) -> None:
        super().__init__(Options(), checked)

    def analyse(self, module: SourceModule, path: str, trace: object = None) -> Analysis:
        self.analysis = super().analyse(module, path, trace)
        return self.analysis


def run(program: Program, asked: Iterable[str]) -> list[Answer | Raising]:
    """Torch's answers to expressions, after the program has run; the same module for all of them."""
    import torch

    torch.manual_seed(0)
    text = PRELUDE + program.text
    module = ModuleType(NAME)
    names = module.__dict__
    answers: list[Answer | Raising] = []
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        # where dataclasses and torch.jit.script look for the program
        patch.setitem(sys.modules, NAME, module)
        patch.setitem(linecache.cache, NAME, (len(text), None, text.splitlines(keepends=True), NAME))
        exec(compile(text, NAME, "exec"), names)
        for source in asked:
            line = FIRST + program.text.count("\n")
            try:
                answers.append(oracle.told(eval(compile("\n" * (line - 1) + source, NAME, "eval"), names)))
            except Exception as error:  # whatever it is, it is the answer
                places = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == NAME]
                answers.append(Raising(Raised(type(error).__name__, str(error)), places[-1] or 0))
    return answers


def check(program: Program, asked: Iterable[str] = ()) -> tuple[list[Report], list[Answer]]:
    """Shapecheck's reports on the program with these expressions behind it, and what it makes of each."""
    asked = tuple(asked)
    checker = Keeping()
    lines = "".join(f"result_{number} = {source}\n" for number, source in enumerate(asked))
    reports = checker.text(PRELUDE + program.text + lines, "<string>").reports
    assert checker.analysis is not None, reports
    names = checker.analysis.namespace.env.names
    answers = []
    for number in range(len(asked)):
        name = f"result_{number}"
        answers.append(engine.told(checker.analysis.run.resolve(names[name])) if name in names else Hidden("the line set nothing"))
    return list(reports), answers


def told(reports: Iterable[Report]) -> set[tuple[int, str]]:
    return {(report.range.line, report.code) for report in reports}


def verify(program: Program) -> None:
    """Hold shapecheck to what torch does."""
    accepted = (*program.known, *program.unknown)
    theirs = run(program, accepted)
    raised = run(program, program.refused) if program.refused else []
    wrong = [f"torch raises {answer}: {source}" for source, answer in zip(accepted, theirs, strict=True) if isinstance(answer, Raising)]
    wrong += [
        f"torch accepts {source}: {answer}"
        for source, answer in zip(program.refused, raised, strict=True)
        if not isinstance(answer, Raising)
    ]
    lines = {answer.line for answer in raised if isinstance(answer, Raising)}
    wrong += [f"nothing shows that torch raises on line {line}" for line in sorted(program.raising - lines)]
    wrong += ["nothing shows that torch raises"] if program.notes and not raised else []
    assert not wrong, "\n".join(wrong)
    notes = program.notes
    by_itself, _ = check(program)
    assert told(by_itself) == notes, "\n".join(
        ["by itself:", *map(str, notes), "is", *(f"{r.range.line}: {r.code} {r.message}" for r in by_itself)]
    )
    if accepted:
        _verify_values(program, accepted, theirs)
    for source, answer in zip(program.refused, raised, strict=True):
        assert isinstance(answer, Raising)
        _verify_refusal(program, source, answer)


def _verify_values(program: Program, accepted: tuple[str, ...], theirs: list[Any]) -> None:
    reports, ours = check(program, accepted)
    wrong = [f"line {r.range.line}: {r.code} {r.message}" for r in reports if (r.range.line, r.code) not in program.notes]
    for number, (source, mine, true) in enumerate(zip(accepted, ours, theirs, strict=True)):
        if number >= len(program.known):
            if same(mine, true):
                wrong.append(f"{source} is known now: move it")
        elif not same(mine, true):
            wrong.append(f"{source} is {true}, not {mine}")
    assert not wrong, "\n".join(wrong)


def same(mine: Answer, true: Answer) -> bool:
    """Whether shapecheck's answer is torch's: the shape of a tensor, each part of a tuple, else the value."""
    if isinstance(true, Seen):
        return isinstance(mine, Seen) and mine.shape == true.shape and mine.dtype in (None, true.dtype)
    if isinstance(true, tuple):
        return isinstance(mine, tuple) and len(mine) == len(true) and all(map(same, mine, true))
    return bool(mine == true)


def _verify_refusal(program: Program, source: str, true: Raising) -> None:
    reports, _ = check(program, [source])
    fitting = [r for r in reports if r.range.line == true.line and same_sentence(r.torch or "", true.raised.sentence)]
    others = [r for r in reports if r not in fitting and (r.range.line, r.code) not in program.notes]
    shown = "\n".join(f"line {r.range.line}: {r.code} {r.torch}" for r in reports) or "nothing"
    assert len(fitting) == 1 and not others, f"{source}: torch raises on line {true.line}: {true.raised}\nreported: {shown}"
