"""Every example of every rule, once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shapecheck.book.examples import Example, Refusal, examples
from shapecheck.book.loader import load_rules
from shapecheck.book.rule import LAYERS, OPS, LayerRule, OpRule

Rule = OpRule | LayerRule


@dataclass(frozen=True)
class Case:
    """An example and where it is written."""

    file: str
    rule: str
    example: Example

    def __str__(self) -> str:
        return f"{self.file}-{self.rule}-{self.example.line}"

    @property
    def refused(self) -> bool:
        return isinstance(self.example.expected, Refusal)


def rules() -> list[Rule]:
    """Every rule once, whatever the number of its names."""
    load_rules()
    found: list[Rule] = [*OPS.values(), *LAYERS.values()]
    return list({id(rule): rule for rule in found}.values())


def file_of(rule: Rule) -> str:
    """The name of the rule's file: 'linear'."""
    written = rule.function if isinstance(rule, OpRule) else rule.cls
    return written.__module__.rpartition(".")[2]


def short(rule: Rule) -> str:
    return rule.names[0].removeprefix("torch.").removeprefix("nn.")


@cache
def cases() -> tuple[Case, ...]:
    """All examples; those of a docstring that several rules share come once. Of a docstring that cannot be read there are none."""
    return tuple({(case.file, case.example.source, case.example.expected): case for case in _cases()}.values())


def _cases() -> Iterator[Case]:
    for rule in rules():
        with contextlib.suppress(ValueError):  # test_a_rule_has_examples says so
            for example in examples(rule.doc):
                yield Case(file_of(rule), short(rule), example)


def by_file() -> dict[str, list[Case]]:
    """The examples of each rule file."""
    found: dict[str, list[Case]] = {}
    for case in cases():
        found.setdefault(case.file, []).append(case)
    return found
