"""The samples with names for sizes: at the point where the names have their numbers, the answer is the sample's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapecheck.sizes import symbol
from tests.oracle.judge import ask_torch
from tests.oracle.sample import Sample
from tests.support import engine, vary
from tests.support.answers import Answer, Fault, Raised, contradictions

RANDOM = re.compile(r"torch\.rand\(([\d, ]+)\)$")
TOGETHER = 100


@dataclass(frozen=True)
class Named:
    """A sample whose sizes are partly names: its text as one expression, and the numbers that stood there."""

    sample: Sample
    variant: vary.Symbolic


def named(sample: Sample) -> Iterator[Named]:
    """Every size a name of its own; and one alone, another one for each sample."""
    source = as_expression(sample)
    variants = list(vary.symbolic(source)) if source is not None else []
    if variants:
        for place in sorted({len(variants) - 1, len(sample.key) % len(variants)}):
            yield Named(sample, variants[place])


def as_expression(sample: Sample) -> str | None:
    """The program of a sample as one expression, its random inputs as `T(2, 3)`. None where nothing is random."""
    text = sample.expression
    if sample.build:
        built = sample.build[0].removeprefix("layer_0 = ") + (".eval()" if len(sample.build) > 1 else "")
        text = re.sub(r"\blayer_0\b", lambda _: built, text)
    for statement in reversed(sample.statements):
        name, _, made = statement.partition(" = ")
        random = RANDOM.fullmatch(made)
        text = re.sub(rf"\b{name}\b", lambda _: f"T({random[1]})" if random else f"({made})", text)  # noqa: B023
    return text if "T(" in text else None


def judge(samples: Sequence[Named]) -> tuple[Counter[str], list[str]]:
    """How many agree, are unknown, or followed another case than the point's; and what is wrong."""
    count: Counter[str] = Counter()
    wrong: list[str] = []
    truths: dict[str, Answer] = {}
    for first in range(0, len(samples), TOGETHER):
        some = samples[first : first + TOGETHER]
        names = {name: symbol(name, 1) for one in some for name in one.variant.point}
        for one, result in zip(some, engine.run([one.variant.source for one in some], names), strict=True):
            truth = truths.setdefault(one.sample.key, ask_torch(one.sample))
            outcome, why = verdict(one, result, truth)
            count[outcome] += 1
            if outcome == "wrong":
                wrong.append(f"{one.sample.key}: {one.variant.source} at {one.variant.point}\n    {why}")
    return count, wrong


def verdict(one: Named, result: engine.Result, truth: Answer) -> tuple[str, str]:
    """What an answer with names comes to at its point."""
    if isinstance(result.answer, Fault):
        return "wrong", result.answer.why
    if isinstance(truth, Raised):
        return ("agrees" if isinstance(result.answer, Raised) else "missed"), ""
    if isinstance(result.answer, Raised):
        return "wrong", f"refused: {result.answer.sentence}"
    if not engine.allows(result.facts, one.variant.point):
        return "another case", ""
    answer = engine.at(result.answer, one.variant.point)
    against = list(contradictions(answer, truth))
    if against:
        return "wrong", "; ".join(against)
    return ("unknown" if isinstance(answer, engine.Hidden) else "agrees"), ""
