"""Writes what is generated: python -m tests.docs (`make docs`). tests/test_docs.py fails where it is out of date.

rules/README.md                   every op and layer that is known, with its examples, and what torch has besides
rules/names.txt                   the index by which a rule file is loaded only when one of its names is asked for
shapecheck/docs/findings.md       the catalogue of findings
shapecheck/docs/configuration.md  its tables of settings
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import torch

from shapecheck.book.examples import Refusal, examples
from shapecheck.book.index import NAME, compose
from shapecheck.book.loader import is_known, rules_folder
from shapecheck.book.rule import LayerRule
from shapecheck.run import library
from shapecheck.show.markdown import findings_page
from shapecheck.show.rules import Rule, every_rule, file_of, short_name
from shapecheck.show.settings import settings_tables

PAGE = """\
# The rules

{ops} names of ops and {layers} of layers, in {files} files: {rules} rules with {values} examples of what they give and {refusals} of what
torch refuses. Torch itself ({torch}, on the CPU) is asked about every example by the tests. `shapecheck rules NAME` shows a rule.

This page is generated from the rules (`make docs`).

{sections}
## Not in the book

What torch {torch} has besides. A result of one of these is unknown, and nothing is reported about it.

{missing}"""

NAMESPACES: tuple[tuple[str, object], ...] = (
    ("torch", torch._C._VariableFunctions),
    ("torch.Tensor", torch.Tensor),
    ("torch.nn.functional", torch.nn.functional),
    ("torch.nn", torch.nn),
    ("torch.nn.init", torch.nn.init),
    ("torch.linalg", torch.linalg),
    ("torch.fft", torch.fft),
    ("torch.special", torch.special),
)
# what `dir` shows in these namespaces and is no op: classes to build layers from, machinery, other modules' names
NO_OPS = frozenset(
    "Container Module ModuleDict ModuleList ParameterDict ParameterList RNNBase RNNCellBase Sequential LinAlgError Tensor "
    "module_load reinforce".split()
)


def rules_by_file() -> dict[Path, list[Rule]]:
    """The rules of shapecheck's own files, in order."""
    found: dict[Path, list[Rule]] = defaultdict(list)
    for rule in every_rule():
        found[Path(file_of(rule))].append(rule)
    return {path: rules for path, rules in found.items() if path.parent == rules_folder()}


def index_text() -> str:
    """rules/names.txt"""
    names = {path.stem: [name for rule in rules for name in rule.names] for path, rules in rules_by_file().items()}
    return compose(rules_folder(), names)


def page_text() -> str:
    """rules/README.md"""
    files = rules_by_file()
    rules = [rule for found in files.values() for rule in found]
    counts = [_counts(rule) for rule in rules]
    return PAGE.format(
        ops=sum(len(rule.names) for rule in rules if not isinstance(rule, LayerRule)),
        layers=sum(len(rule.names) for rule in rules if isinstance(rule, LayerRule)),
        files=len(files),
        rules=len(rules),
        values=sum(values for values, _ in counts),
        refusals=sum(refusals for _, refusals in counts),
        torch=torch.__version__.partition("+")[0],
        sections="\n".join(_section(path, found) for path, found in files.items()),
        missing="".join(_missing(name, space) for name, space in NAMESPACES),
    )


def _section(path: Path, rules: Iterable[Rule]) -> str:
    lines = [f"## [{path.name}]({path.name})", ""]
    lines += ["| | | examples | refusals |", "|---|---|---|---|"]
    for rule in rules:
        values, refusals = _counts(rule)
        kind = "layer" if isinstance(rule, LayerRule) else "op"
        names = ", ".join(f"`{short_name(name)}`" for name in rule.names)
        lines.append(f"| {names} | {kind} | {values} | {refusals or ('accepts everything' if rule.refuses_nothing else 0)} |")
    return "\n".join(lines) + "\n"


def _counts(rule: Rule) -> tuple[int, int]:
    """How many examples of a rule end in a value, and how many in a refusal."""
    found = examples(rule.doc)
    refusals = sum(isinstance(example.expected, Refusal) for example in found)
    return len(found) - refusals, refusals


def _missing(name: str, space: object) -> str:
    """A line of what a namespace of torch has and the book has not."""
    names = [member for member in dir(space) if _is_op(space, member) and not _followed(f"{name}.{member}")]
    return f"- `{name}`: {', '.join(names) or 'nothing'}\n"


def _is_op(space: object, name: str) -> bool:
    if name.startswith("_") or name in NO_OPS:
        return False
    value = getattr(space, name)
    if space is torch.nn:
        return inspect.isclass(value) and issubclass(value, torch.nn.Module)
    if space is torch.nn.init:
        return name.endswith("_")
    module = getattr(value, "__module__", None)
    elsewhere = inspect.ismodule(space) and module is not None and module.startswith(("typing", "torch._jit", "torch.overrides"))
    return callable(value) and not inspect.isclass(value) and not elsewhere


def _followed(name: str) -> bool:
    return is_known(name) or name in library.TABLE


def settings_page_text() -> str:
    """shapecheck/docs/configuration.md: its own words, and the tables between the marks."""
    words = (ROOT / CONFIGURATION).read_text(encoding="utf-8")
    before, mark, rest = words.partition("<!-- settings: make docs -->\n")
    _, end, after = rest.partition("<!-- /settings -->")
    assert mark, "the mark before the tables is gone"
    assert end, "the mark after the tables is gone"
    return f"{before}{mark}\n{settings_tables()}\n{end}{after}"


ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = "shapecheck/docs/configuration.md"
GENERATED: Mapping[str, Callable[[], str]] = {
    "rules/README.md": page_text,
    f"rules/{NAME}": index_text,
    "shapecheck/docs/findings.md": findings_page,
    CONFIGURATION: settings_page_text,
}


def main() -> None:
    for name, text in GENERATED.items():
        (ROOT / name).write_text(text(), encoding="utf-8", newline="\n")
        print(f"wrote {name}")


if __name__ == "__main__":
    main()
