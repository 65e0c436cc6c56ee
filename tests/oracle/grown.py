"""Grown programs given to shapecheck: as a script, or as a module whose layers are built in `__init__`."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable

from shapecheck.options import Options
from shapecheck.run.evidence import range_of
from tests.oracle.grown_programs import Grower, Program, bumped
from tests.support.answers import Raised, Seen, same_sentence
from tests.support.endtoend import Keeping
from tests.support.engine import told

HEAD = ["import torch", "import torch.nn.functional as F", "from torch import nn", ""]


def text_of(program: Program) -> tuple[str, list[int]]:
    """The program as a file, and the line of each statement."""
    if program.seed % 2 == 0:
        return "\n".join([*HEAD, *program.statements]) + "\n", list(range(len(HEAD) + 1, len(HEAD) + 1 + len(program.statements)))
    inputs = [place for place, text in enumerate(program.statements) if re.match(r"v\d+ = torch\.rand\(", text) and place < 3]
    layers = [place for place, text in enumerate(program.statements) if text.startswith("layer")]
    steps = [place for place in range(len(program.statements)) if place not in inputs and place not in layers]
    given = ", ".join(f"v{place}" for place in inputs)
    lines, places = [*HEAD, "class Net(nn.Module):", "    def __init__(self):", "        super().__init__()"], [0] * len(program.statements)
    for place in layers:
        lines.append(f"        self.{program.statements[place]}")
        places[place] = len(lines)
    lines += ["", f"    def forward(self, {given}):"]
    for place in steps:
        lines.append("        " + re.sub(r"\b(layer\d+)\(", r"self.\1(", program.statements[place]))
        places[place] = len(lines)
    made = [name for place in steps if (name := program.statements[place].partition(" = ")[0])]
    lines += [f"        return ({''.join(f'{name}, ' for name in made)})", "", ""]
    for place in inputs:
        lines.append(program.statements[place])
        places[place] = len(lines)
    lines.append(f"{''.join(f'{name}, ' for name in made).rstrip()} = Net()({given})" if made else f"Net()({given})")
    return "\n".join(lines) + "\n", places


def verdict(program: Program) -> tuple[str, str]:
    """What shapecheck makes of a program: 'agrees', 'reworded', 'missed', 'unknown' or 'wrong', and why."""
    text, places = text_of(program)
    checker = Keeping(Options())
    outcome = checker.text(text, "<string>")
    analysis = checker.analysis
    if analysis is None or any(report.code.startswith("SHP9") for report in outcome.reports):
        return "wrong", f"{text}\n{outcome.reports}"
    errors = [
        (range_of(refusal.stack[-1][0]).line, Raised(refusal.refused.error, refusal.refused.sentence)) for refusal in analysis.refusals
    ]
    errors = [(line, raised) for line, raised in errors if raised.sentence]
    expected = places[program.line] if program.line is not None else None
    for line, raised in errors:
        if line != expected:
            return "wrong", f"{text}\nline {line} refused: {raised}\ntorch: line {expected}: {program.error}"
    unknown = ""
    for name, shape in program.shapes.items():
        if program.seed % 2 and program.error is not None:
            break  # forward does not return
        value = analysis.namespace.env.names.get(name)
        answer = told(analysis.run.resolve(value)) if value is not None else None
        if not isinstance(answer, Seen):
            unknown = f"{name}: {answer}"
        elif len(answer.shape) != len(shape) or any(isinstance(a, int) and a != b for a, b in zip(answer.shape, shape, strict=True)):
            return "wrong", f"{text}\n{name} is {answer.shape}, torch has {shape}"
    if program.error is None:
        return ("unknown", f"{text}\n{unknown}") if unknown else ("agrees", "")
    if not errors:
        return "missed", f"{text}\nline {expected}: {program.error}"
    raised = errors[0][1]
    if raised.error != program.error[0] or not same_sentence(raised.sentence, program.error[1]):
        return "reworded", f"{text}\nline {expected}: {program.error}\nours: {raised}"
    return "agrees", ""


def judge(seeds: Iterable[int]) -> tuple[Counter[tuple[str, str]], dict[str, list[str]]]:
    """Outcomes over grown programs and the same with one size bumped; and the programs behind what does not agree."""
    count: Counter[tuple[str, str]] = Counter()
    shown: dict[str, list[str]] = {}
    for seed in seeds:
        program = Grower(seed).grow()
        for kind, one in (("grown", program), ("bumped", bumped(program))):
            if one is None:
                continue
            outcome, why = verdict(one)
            count[f"{kind}, {'refused' if one.error else 'right'}", outcome] += 1
            if why:
                shown.setdefault(outcome, []).append(f"seed {seed} {kind}\n{why}")
    return count, shown


def main() -> int:
    """`python -m tests.oracle.grown [FIRST LAST]`: print what comes of the programs with these seeds, and those that are wrong."""
    words = sys.argv[1:]
    count, shown = judge(range(int(words[0]), int(words[1])) if len(words) == 2 else range(2000))
    for (kind, outcome), number in sorted(count.items()):
        print(f"{kind:18}{outcome:10}{number:>7}")
    for outcome in ("wrong", "missed", "reworded"):
        print(*(f"\n== {outcome}: {text}" for text in shown.get(outcome, [])[:20]), sep="\n")
    return 1 if shown.get("wrong") else 0


if __name__ == "__main__":
    sys.exit(main())
