"""Every example of every rule is walked: torch on the CPU and on the meta device, shapecheck from source text to report, with names
for sizes, and with other numbers."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache

import pytest

from shapecheck.book.examples import Refusal, examples
from shapecheck.sizes import symbol
from tests.support import endtoend, engine, oracle, vary
from tests.support.answers import Answer, Fault, Hidden, Raised, contradictions, differences, same_sentence
from tests.support.cases import Case, Rule, by_file, cases, rules, short

pytest.importorskip("torch")

# Of the calls that torch refuses when a size of an example is changed, this share has to be refused by shapecheck, and this share of
# those in torch's own words.
RECALL = 0.97
WORDS = 0.99

CASES = [case for case in cases() if oracle.EINOPS or "einops" not in case.example.source]

every_case = pytest.mark.parametrize("case", CASES, ids=str)


@every_case
def test_torch_agrees(case: Case) -> None:
    """On the CPU about everything, on the meta device about shapes: meta refuses less, and in its own words."""
    answer = oracle.ask(case.example.source)
    expected = case.example.expected
    if isinstance(expected, Refusal):
        assert isinstance(answer, Raised), f"torch raises nothing: {answer}"
        assert same_sentence(expected.sentence, answer.sentence), answer
        return
    assert not list(differences(expected, answer))
    drawn = oracle.ask(case.example.source, "meta")
    if not isinstance(drawn, Raised):  # what needs the numbers cannot run there
        assert not list(differences(expected, drawn, shapes_only=True))


@cache
def checked(file: str) -> dict[Case, endtoend.Checked]:
    """The examples of a rule file as one file of a user's."""
    of_file = by_file()[file]
    return dict(zip(of_file, endtoend.check([case.example.source for case in of_file]), strict=True))


@every_case
def test_from_text_to_report(case: Case) -> None:
    found = checked(case.file)[case]
    expected = case.example.expected
    said = [(report.code, report.torch or report.message) for report in found.reports]
    if isinstance(expected, Refusal):
        assert [code for code, _ in said] == [expected.code]
        assert same_sentence(expected.sentence, said[0][1]), said
        true = oracle.ask(case.example.source)
        assert isinstance(true, Raised)
        assert found.errors == {true.error}
    else:
        assert said == []
        assert not list(differences(expected, found.answer))


@every_case
def test_names_for_sizes(case: Case) -> None:
    """At the point, a symbolic result is the concrete one; and what is right for one admissible value is never refused."""
    variants = list(vary.symbolic(case.example.source))
    names = {name: symbol(name, 1) for variant in variants for name in variant.point}
    expected = case.example.expected
    for variant, result in zip(variants, engine.run([variant.source for variant in variants], names), strict=True):
        assert not isinstance(result.answer, Fault), variant.source
        if isinstance(expected, Refusal):
            continue
        assert not isinstance(result.answer, Raised), variant.source
        if engine.allows(result.facts, variant.point):
            true = oracle.ask(case.example.source)
            assert not list(contradictions(engine.at(result.answer, variant.point), true)), variant.source


@cache
def bumped(source: str) -> list[tuple[str, Answer, Answer]]:
    """Variations of an example with other numbers: the expression, what shapecheck says, what torch says."""
    variants = vary.bumped(source)
    return [(variant, result.answer, oracle.ask(variant)) for variant, result in zip(variants, engine.run(variants), strict=True)]


@every_case
def test_other_numbers_raise_no_false_alarm(case: Case) -> None:
    for source, ours, true in bumped(case.example.source):
        assert not isinstance(ours, Fault), source
        if not isinstance(true, Raised):
            assert not isinstance(ours, Raised), f"{source}: torch has {true}"
            assert not list(contradictions(ours, true)), source


def test_other_numbers_are_refused_where_torch_refuses() -> None:
    """Over the whole book: how much of what torch refuses is refused, and in how many cases in its words."""
    count: Counter[str] = Counter()
    missed, reworded = [], []
    for case in CASES:
        for source, ours, true in bumped(case.example.source):
            if not isinstance(true, Raised):
                continue
            count["torch"] += 1
            if not isinstance(ours, Raised):
                missed.append(f"{case}: {source}\n    torch {true.sentence}\n    ours  {ours}")
            elif ours.error != true.error or not same_sentence(ours.sentence, true.sentence):
                reworded.append(f"{case}: {source}\n    torch {true.error}: {true.sentence}\n    ours  {ours.error}: {ours.sentence}")
    refused = count["torch"] - len(missed)
    print(*missed, *reworded, sep="\n")
    print(f"{count['torch']} refused by torch, {refused} by shapecheck, {refused - len(reworded)} in the same words")
    assert refused >= RECALL * count["torch"]
    assert refused - len(reworded) >= WORDS * refused


@pytest.mark.parametrize("rule", rules(), ids=short)
def test_a_rule_has_examples(rule: Rule) -> None:
    found = examples(rule.doc)
    assert found, "a rule without an example"
    for example in found:
        ast.parse(example.source, mode="eval")
    refusing = any(isinstance(example.expected, Refusal) for example in found)
    assert refusing or rule.refuses_nothing, "a rule that refuses nothing says so"


def test_nothing_hides() -> None:
    """An example whose result shapecheck does not know proves little; none is written."""
    unknown = [str(case) for case in CASES if not case.refused and isinstance(checked(case.file)[case].answer, Hidden)]
    assert not unknown
