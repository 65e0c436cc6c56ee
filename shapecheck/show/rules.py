"""rules: which ops and layers are known, and how one of them is written."""

from __future__ import annotations

import ast
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from itertools import groupby
from textwrap import dedent, indent, wrap

from shapecheck.book.loader import known_names, load_rules, plugin_problems, rules_folder
from shapecheck.book.rule import LAYERS, OPS, SHORT, LayerRule, OpRule, full_name
from shapecheck.show.columns import wrapped
from shapecheck.show.palette import PLAIN, Palette
from shapecheck.show.width import NARROWEST

Rule = OpRule | LayerRule
LEGEND = " T(2, 3) is a float tensor of that shape, I(2, 3) an int64 one, M(2, 3) a mask; ! is what torch refuses"


def every_rule() -> list[Rule]:
    """All rules, each once, in the order of the files."""
    load_rules()
    rules: list[Rule] = [*OPS.values(), *LAYERS.values()]
    return sorted({id(rule): rule for rule in rules}.values(), key=_place)


def all_rules(palette: Palette = PLAIN, width: int = 200) -> str:
    """By file, a line a rule: its names and the first sentence of its docstring."""
    blocks = []
    for file, group in groupby(every_rule(), key=file_of):
        lines = [_listed(rule, palette, width) for rule in group]
        blocks.append("\n".join([palette.paint("path", os.path.basename(file)), *lines]) + "\n")
    return "\n".join(blocks)


def one_rule(name: str, palette: Palette = PLAIN, width: int = 200) -> str | None:
    """All rules of that name ('Linear', 'nn.Linear', 'torch.Tensor.view'): where each is written, what it says and its text."""
    full = full_name(name)
    exact = [rule for rule in every_rule() if full in rule.names]
    loose = [rule for rule in every_rule() if any(known.endswith(f".{name}") for known in rule.names)]
    pages = [_page(rule, name, palette, width) for rule in exact or loose]
    return "\n\n".join(pages) or None


def names_like(name: str) -> list[str]:
    """Known names that resemble one that is not known: by their last word, and nearest to the whole name where several have it."""
    ends: dict[str, list[str]] = {}
    for known in sorted(known_names()):
        ends.setdefault(_last(known), []).append(known)
    alike = get_close_matches(_last(name), ends, n=3)
    return [short_name(get_close_matches(full_name(name), ends[end], n=1, cutoff=0)[0]) for end in alike]


def rule_problems() -> list[str]:
    """What could not be loaded of the rules of installed packages."""
    return list(plugin_problems())


def file_of(rule: Rule) -> str:
    """The file in which a rule is written."""
    file = sys.modules[_written(rule).__module__].__file__
    assert file is not None, f"{rule.names[0]} was not loaded from a file"
    return file


def short_name(name: str) -> str:
    """`torch.nn.functional.relu` -> `F.relu`, as rule files and people write it."""
    for short in ("Tensor.", "F.", "nn."):
        if name.startswith(SHORT[short]):
            return short + name[len(SHORT[short]) :]
    return name


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _written(rule: Rule) -> Callable[..., object]:
    return rule.function if isinstance(rule, OpRule) else rule.cls


def _place(rule: Rule) -> tuple[str, int]:
    """The file of the rule and, to sort by, a line of it; asking `inspect` would parse the file for each class."""
    functions = [rule.function] if isinstance(rule, OpRule) else [part for part in vars(rule.cls).values() if inspect.isfunction(part)]
    return file_of(rule), min((function.__code__.co_firstlineno for function in functions), default=0)


def _listed(rule: Rule, palette: Palette, width: int) -> str:
    names = "\n".join(wrap(", ".join(map(short_name, rule.names)), width, initial_indent="  ", subsequent_indent="    "))
    first = rule.doc.strip().partition("\n")[0]
    return f"{names}{palette.paint('faint', f'  {first}')}" if first and not first.startswith(">>>") else names


def _page(rule: Rule, asked: str, palette: Palette, width: int) -> str:
    """The calls, the other names, the place, what the docstring says, its examples, and the text of the rule."""
    known = next((name for name in rule.names if name == full_name(asked)), None)
    name = known or next(name for name in rule.names if name.endswith(f".{asked}"))
    source, line = inspect.getsourcelines(_written(rule))
    folder = os.path.dirname(rules_folder())
    file = file_of(rule)
    where = os.path.relpath(file, folder) if file.startswith(folder) else file
    parts = ["\n".join(_calls(rule, name, palette, width))]
    others = [short_name(other) for other in rule.names if other != name]
    if others:
        parts[0] += "\n" + "\n".join(wrap("also " + ", ".join(others), width, subsequent_indent="     "))
    parts[0] += f"\nwritten in {where}:{line}"
    says, examples = _documentation(rule.doc)
    if says:
        parts.append(says)
    if examples:
        first, *rest = wrapped("Examples:" + LEGEND, width)
        head = palette.paint("label", "Examples:") + palette.paint("faint", first.removeprefix("Examples:"))
        parts.append("\n".join([head, *(palette.paint("faint", line) for line in rest), "", *_painted(examples, palette, width)]))
    text = _without_docstring(dedent("".join(source)))
    parts.append(f"{palette.paint('label', 'The rule:')}\n\n{indent(text, '    ')}")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _calls(rule: Rule, name: str, palette: Palette, width: int) -> list[str]:
    """`torch.bmm(input: Tensor, mat2: Tensor)`; a layer is built and called."""
    if isinstance(rule, OpRule):
        return [_call(name, rule.function, 0, palette, width)]
    forward = getattr(rule.cls, "forward", None)
    built = _call(name, rule.cls.__init__, 1, palette, width)  # type: ignore[misc]
    return [built] if forward is None else [built, _call("forward", forward, 1, palette, width)]


def _call(name: str, function: Callable[..., object], skip: int, palette: Palette, width: int) -> str:
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    plain = [each.replace(annotation=each.empty) if each.annotation == "Any" else each for each in parameters]
    text = name + re.sub(r": '([^']*)'", r": \1", str(inspect.Signature(plain)))
    lines = wrap(text, width, subsequent_indent="    ", break_long_words=False)
    return "\n".join(lines).replace(name, palette.paint("path", name), 1)


def _documentation(doc: str) -> tuple[str, list[str]]:
    """What a docstring says, and the lines of its examples."""
    lines = inspect.cleandoc(doc).splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith(">>>")), len(lines))
    return "\n".join(lines[:first]).strip(), [line for line in lines[first:] if line.strip()]


def _painted(examples: Iterable[str], palette: Palette, width: int) -> Iterable[str]:
    for line in examples:
        if line.startswith("! "):
            first, *rest = wrapped(line[2:], max(width, NARROWEST) - 6)
            yield from (f"    {palette.paint('error', words)}" for words in (f"! {first}", *(f"  {words}" for words in rest)))
        else:
            yield "    " + palette.paint("faint" if line.startswith((">>>", "...")) else "good", line)


def _without_docstring(source: str) -> str:
    """The text of a function or class without its docstring, which the page shows by itself."""
    definition = ast.parse(source).body[0]
    assert isinstance(definition, (ast.FunctionDef, ast.ClassDef))
    first = definition.body[0]
    if ast.get_docstring(definition, clean=False) is None or first.end_lineno is None:
        return source
    lines = source.splitlines()
    rest = lines[first.end_lineno :]
    while rest and not rest[0].strip():
        del rest[0]
    return "\n".join([*lines[: first.lineno - 1], *rest]) + "\n"
