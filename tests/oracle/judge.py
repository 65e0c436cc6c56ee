"""Torch's word on a sample, shapecheck's word on it, and what the two come to."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from shapecheck.findings.outcome import Outcome
from shapecheck.options import Options
from shapecheck.run.evidence import range_of
from tests.oracle.sample import Sample
from tests.oracle.written import copied
from tests.support import oracle
from tests.support.answers import Answer, Fault, Hidden, Raised, Seen, contradictions, same_sentence
from tests.support.endtoend import Keeping
from tests.support.engine import told

PRELUDE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n"
TOGETHER = 60  # samples in one program: a file's budget of work is for all of them


@dataclass
class Judged:
    """A sample with both answers. `outcome` is one of

    agrees     the same shape, dtype and strides, as far as shapecheck claims them; or a refusal in torch's words
    reworded   refused where torch refuses, in other words
    unknown    shapecheck does not know
    missed     torch refuses, shapecheck does not
    wrong      another shape, dtype or strides; a refusal of a valid call; a fault of shapecheck's own
    """

    sample: Sample
    ours: Answer
    torch: Answer
    outcome: str
    why: str = ""

    @property
    def refusing(self) -> bool:
        return isinstance(self.torch, Raised)

    def __str__(self) -> str:
        program = "; ".join([*self.sample.lines, self.sample.expression])
        return f"{self.sample.key}: {program}\n    torch {brief(self.torch)}\n    ours  {brief(self.ours)}\n    {self.why}"


def brief(answer: Answer) -> str:
    if isinstance(answer, Raised):
        return f"{answer.error}: {answer.sentence}"[:300]
    return str(answer)[:300]


def ask_torch(sample: Sample) -> Answer:
    """What torch makes of the program, with the tensors of the table for the inputs."""
    scope: dict[str, Any] = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "float": float}
    scope.update((name, copied(tensor)) for name, tensor in sample.tensors.items())
    torch.default_generator.manual_seed(0)
    with warnings.catch_warnings(), contextlib.redirect_stdout(None):
        warnings.simplefilter("ignore")
        try:
            for statement in sample.build:
                exec(statement, scope)
            return oracle.told(eval(sample.expression, scope))
        except Exception as error:  # whatever it is, it is the answer
            return Raised(type(error).__name__, str(error))


def ask_shapecheck(samples: Sequence[Sample]) -> list[Answer]:
    """What `shapecheck` makes of the programs, many to a file."""
    answers: list[Answer] = []
    for start in range(0, len(samples), TOGETHER):
        answers.extend(_one_file(samples[start : start + TOGETHER]))
    return answers


def _one_file(samples: Sequence[Sample]) -> list[Answer]:
    text, places = _program(samples)
    checker = Keeping(Options())
    outcome: Outcome = checker.text(text, "<string>")
    faults = [report for report in outcome.reports if report.code.startswith("SHP9")]
    analysis = checker.analysis
    if (faults or analysis is None or analysis.spent) and len(samples) > 1:
        half = len(samples) // 2  # what is wrong with one is not to cost the others
        return [*_one_file(samples[:half]), *_one_file(samples[half:])]
    if faults or analysis is None:
        return [Fault(faults[0].message if faults else "nothing was analysed") for _ in samples]
    errors: dict[int, Raised] = {}
    for refusal in analysis.refusals:
        refused = refusal.refused
        errors.setdefault(range_of(refusal.stack[0][0]).line, Raised(refused.error, refused.sentence, refused.code))
    reported = {report.range.line for report in outcome.reports}
    found: list[Answer] = []
    names = analysis.namespace.env.names
    for number, lines in enumerate(places):
        raised = [errors.get(line) or Raised("?", "a report without a refusal") for line in lines if line in errors or line in reported]
        value = names.get(f"result_{number}")
        if raised:
            found.append(raised[0])
        elif f"result_{number}" not in names:
            found.append(Hidden("nothing came of the line" if not analysis.spent else "over budget"))
        else:
            found.append(told(analysis.run.resolve(value)))
    return found


def _program(samples: Sequence[Sample]) -> tuple[str, list[range]]:
    """The programs of the samples one after the other, and the lines of each. No two share a name."""
    lines = PRELUDE.splitlines()
    places = []
    for number, sample in enumerate(samples):
        first = len(lines) + 1
        for statement in [*sample.lines, f"result = {sample.expression}"]:
            lines.append(_OWN.sub(lambda own: f"{own[0]}_{number}" if own[0] == "result" else f"s{number}_{own[0]}", statement))  # noqa: B023
        places.append(range(first, len(lines) + 1))
    return "\n".join(lines) + "\n", places


_OWN = re.compile(r"(?<![\w.\"'])(?:x_\d+|layer_\d+|result)\b")


def judge(samples: Sequence[Sample]) -> list[Judged]:
    """Both answers to each sample, compared. Torch's answer is what counts, not what its table says of it."""
    answers = ask_shapecheck(samples)
    return [verdict(sample, ours, ask_torch(sample)) for sample, ours in zip(samples, answers, strict=True)]


def verdict(sample: Sample, ours: Answer, truth: Answer) -> Judged:
    """What two answers come to."""
    if isinstance(ours, Fault):
        return Judged(sample, ours, truth, "wrong", ours.why)
    if isinstance(truth, Raised):
        if not isinstance(ours, Raised):
            return Judged(sample, ours, truth, "missed")
        same = ours.error == truth.error and same_sentence(ours.sentence, truth.sentence)
        return Judged(sample, ours, truth, "agrees" if same else "reworded")
    if isinstance(ours, Raised):
        return Judged(sample, ours, truth, "wrong", "a refusal of a call that torch takes")
    against = list(contradictions(ours, truth))
    if against:
        return Judged(sample, ours, truth, "wrong", "; ".join(against))
    why = unknown(ours, truth)
    return Judged(sample, ours, truth, "unknown" if why else "agrees", why or "")


def unknown(ours: Answer, truth: Answer) -> str | None:
    """Why shapecheck does not know something that it would have to say: the shape of a tensor, how many there are."""
    if isinstance(truth, Hidden):
        return None
    if isinstance(ours, Hidden):
        return ours.why
    if isinstance(ours, tuple) and isinstance(truth, tuple):
        return next((why for mine, true in zip(ours, truth, strict=True) if (why := unknown(mine, true))), None)
    return None


def partly(ours: Answer) -> set[str]:
    """What of the tensors in an answer is left open: 'size' (the data decide), 'dtype', 'strides'."""
    if isinstance(ours, tuple):
        return set().union(*map(partly, ours)) if ours else set()
    if not isinstance(ours, Seen):
        return set()
    found = {"size"} if any(not isinstance(size, int) for size in ours.shape) else set()
    return found | ({"dtype"} if ours.dtype is None else set()) | ({"strides"} if ours.strides is None else set())
