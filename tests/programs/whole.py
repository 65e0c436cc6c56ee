"""Whole programs of one or several files, run by torch and read by shapecheck.

A text holds several programs. Each begins with a line `### what it is about`; `--- train.py` begins a file, the first of which is run;
`--- torch only: name.py` is a stand-in for a library that is not installed, which shapecheck does not see. Lines at the end break it:

    !!! net/model.py: nn.Linear(64, 10) => nn.Linear(32, 10)

The program as it stands runs, and shapecheck finds nothing in it. With one of the breaks torch raises, and shapecheck reports an error of one kind:
on a line of torch's traceback, in torch's words.
"""

from __future__ import annotations

import io
import os
import re
import runpy
import sys
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shapecheck.check import check_paths
from shapecheck.findings.report import Report
from tests.support.answers import same_sentence

TORCH_ONLY = "torch only: "


@dataclass(frozen=True)
class Break:
    """A piece of one file, and what is written there instead."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Whole:
    """A program: its files by name, in order, and the ways to break it."""

    name: str
    files: dict[str, str]
    breaks: tuple[Break, ...]

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


@dataclass(frozen=True)
class Raising:
    """What torch raised, and the places of the program that its traceback goes through."""

    sentence: str
    places: frozenset[tuple[str, int]]


def read(text: str) -> list[Any]:
    """The programs of a text, ready for `pytest.mark.parametrize`."""
    found = []
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        files: dict[str, str] = {}
        breaks: list[Break] = []
        current = "main.py"
        for line in rest.splitlines():
            if line.startswith("--- "):
                current = line[4:].strip()
                files[current] = ""
            elif line.startswith("!!! "):
                file, _, change = line[4:].partition(": ")
                old, _, new = change.partition(" => ")
                breaks.append(Break(file, old, new))
            elif line.strip() or current in files:
                files[current] = files.get(current, "") + line + "\n"
        program = Whole(name.strip(), files, tuple(breaks))
        found.append(pytest.param(program, id=str(program)))
    return found


def written(program: Whole, folder: Path, broken: Break | None = None) -> Path:
    """The program's files in a folder; what only torch sees is beside it. Returns the first file."""
    for name, text in program.files.items():
        if broken is not None and broken.file == name:
            assert text.count(broken.old) == 1, f"{broken.old} stands in {name} {text.count(broken.old)} times"
            text = text.replace(broken.old, broken.new)
        hidden = name.startswith(TORCH_ONLY)
        path = folder / ("stand_ins" if hidden else "program") / name.removeprefix(TORCH_ONLY)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "program" / next(iter(program.files))


def run(main: Path, monkeypatch: pytest.MonkeyPatch) -> Raising | None:
    """Run a program as a script; what it raises."""
    import torch

    folder = main.parent
    before = set(sys.modules)
    torch.manual_seed(0)
    with monkeypatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.chdir(folder)
        patch.setattr(sys, "argv", [main.name])
        patch.setattr(sys, "path", [str(folder), str(folder.parent / "stand_ins"), *sys.path])
        patch.setattr(sys, "stdout", io.StringIO())
        try:
            runpy.run_path(str(main), run_name="__main__")
        except Exception as error:  # whatever it is, it is the answer
            frames = traceback.extract_tb(error.__traceback__)
            places = {
                (os.path.relpath(frame.filename, folder), frame.lineno or 0) for frame in frames if frame.filename.startswith(str(folder))
            }
            sentence = str(error)
            if "TorchScript interpreter" in sentence:  # what is compiled tells its own traceback first
                sentence = sentence.rpartition("RuntimeError: ")[2].strip()
            return Raising(sentence, frozenset(places))
        finally:
            for name in set(sys.modules) - before:
                file = getattr(sys.modules[name], "__file__", None) or ""
                if file.startswith(str(folder.parent)):
                    del sys.modules[name]
    return None


def found(main: Path, monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    """What shapecheck reports for the folder of a program."""
    with monkeypatch.context() as patch:
        patch.chdir(main.parent)
        outcome = check_paths(["."])
    assert not outcome.problems
    return list(outcome.reports)


def verify(program: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold shapecheck to what torch does with a program and each of its breaks."""
    main = written(program, tmp_path / "right")
    raised = run(main, monkeypatch)
    assert raised is None, f"torch raises: {raised}"
    assert [told(report) for report in found(main, monkeypatch)] == []
    wrong = []
    for number, broken in enumerate(program.breaks):
        main = written(program, tmp_path / str(number), broken)
        raised = run(main, monkeypatch)
        assert raised is not None, f"torch accepts {broken}"
        reports = found(main, monkeypatch)
        fits = [
            report
            for report in reports
            if (os.path.normpath(report.path), report.range.line) in raised.places and fitting(report.torch or "", raised.sentence)
        ]
        if not fits or len({report.code for report in reports}) != 1:  # one mistake may show in several places
            wrong.append(f"{broken}\n  torch: {raised}\n  reported: {[told(report) for report in reports]}")
    assert not wrong, "\n".join(wrong)


def fitting(ours: str, theirs: str) -> bool:
    """Whether a sentence is torch's; where ours has names of sizes, all but the sizes."""
    return same_sentence(ours, theirs) or (without_sizes(ours) == without_sizes(theirs) and len(ours) > len(without_sizes(ours)))


def without_sizes(sentence: str) -> str:
    """A sentence with everything in brackets taken out, from the inside."""
    before = ""
    while before != sentence:
        before, sentence = sentence, re.sub(r"\([^()]*\)|\[[^][]*\]", "", sentence)
    return sentence.strip()


def told(report: Report) -> str:
    return f"{report.path}:{report.range.line} {report.code} {report.torch or report.message}"
