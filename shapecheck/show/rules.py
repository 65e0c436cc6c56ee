"""rules: which ops and layers are known, and how one of them is written."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from difflib import get_close_matches
from itertools import groupby
from textwrap import dedent, indent

from shapecheck.book.loader import load_rules, rules_folder
from shapecheck.book.rule import LAYERS, OPS, LayerRule, OpRule, full_name
from shapecheck.show.palette import PLAIN, Palette

Rule = OpRule | LayerRule


def all_rules(palette: Palette = PLAIN) -> str:
    """By file, a line a rule: its names and the first sentence of its docstring."""
    load_rules()
    blocks = []
    for file, group in groupby(sorted(_rules(), key=_place), key=lambda rule: _place(rule)[0]):
        lines = [f"  {', '.join(map(_short, rule.names))}{_first_line(rule, palette)}" for rule in group]
        blocks.append("\n".join([palette.paint("path", os.path.basename(file)), *lines]) + "\n")
    return "\n".join(blocks)


def one_rule(name: str, palette: Palette = PLAIN) -> str | None:
    """All rules of that name ('Linear', 'nn.Linear', 'torch.Tensor.view'): where each is written, what it says and its text."""
    load_rules()
    full = full_name(name)
    exact = [rule for rule in _rules() if full in rule.names]
    loose = [rule for rule in _rules() if any(known.rpartition(".")[2] == name for known in rule.names)]
    pages = [_page(rule, palette) for rule in exact or loose]
    return "\n".join(pages) or None


def names_like(name: str) -> list[str]:
    """Known names that resemble one that is not known."""
    load_rules()
    ends = {known.rpartition(".")[2]: known for known in [*OPS, *LAYERS]}
    return [ends[end] for end in get_close_matches(name.rpartition(".")[2], ends, n=3)]


def _rules() -> list[Rule]:
    rules: list[Rule] = [*OPS.values(), *LAYERS.values()]
    return list({id(rule): rule for rule in rules}.values())


def _written(rule: Rule) -> Callable[..., object]:
    return rule.function if isinstance(rule, OpRule) else rule.cls


def _place(rule: Rule) -> tuple[str, int]:
    """The file in which the rule is written and, to sort by, a line of it; asking `inspect` would parse the file for each class."""
    written = _written(rule)
    file = sys.modules[written.__module__].__file__
    assert file is not None, f"{rule.names[0]} was not loaded from a file"
    functions = [rule.function] if isinstance(rule, OpRule) else [part for part in vars(rule.cls).values() if inspect.isfunction(part)]
    return file, min((function.__code__.co_firstlineno for function in functions), default=0)


def _short(name: str) -> str:
    return name.removeprefix("torch.") if name.startswith("torch.nn.") else name


def _first_line(rule: Rule, palette: Palette) -> str:
    first = rule.doc.strip().partition("\n")[0]
    return palette.paint("faint", f"  {first}") if first and not first.startswith(">>>") else ""


def _page(rule: Rule, palette: Palette) -> str:
    file, _ = _place(rule)
    source, line = inspect.getsourcelines(_written(rule))
    folder = os.path.dirname(rules_folder())
    where = os.path.relpath(file, folder) if file.startswith(folder) else file
    head = f"{palette.paint('path', ', '.join(rule.names))}\nwritten in {where}:{line}\n"
    return f"{head}\n{indent(dedent(''.join(source)), '    ')}"
