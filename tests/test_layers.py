"""The floors of the house: a lower number never imports a higher one.

Read from the import statements themselves, those inside functions and under TYPE_CHECKING included: what a module mentions, it knows.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "shapecheck"
RULES = ROOT / "rules"

FLOORS = {
    "version": 0,
    "installed": 0,
    "sizes": 0,
    "values": 1,
    "findings": 1,
    "book": 2,
    "source": 2,
    "run": 3,
    "config": 4,
    "inputs": 4,
    "selection": 4,
    "options": 4,
    "patterns": 4,
    "gitignore": 4,
    "discover": 4,
    "relevance": 4,
    "pages": 4,
    "editor": 4,
    "parts": 4,
    "wanted": 4,
    "suppress": 4,
    "rewrite": 4,
    "takeout": 4,
    "noqa": 4,
    "fix": 4,
    "baseline": 4,
    "cache": 4,
    "workers": 4,
    "check": 4,
    "gather": 4,
    "confirm": 4,
    "show": 4,
    "summary": 4,
    "arguments": 5,
    "cli": 5,
    "flake8_plugin": 5,
    "lsp": 5,
    "__main__": 5,
    "__init__": 5,
}
FACES = 5

# packages that are slow to load, or must not be needed at all, and who may mention them
GUARDED = {
    "torch": ("confirm/worker.py",),
    "libcst": ("source/",),
    "numpy": (),
    "sympy": (),
    "z3": (),
    "pygls": ("lsp/",),
    "lsprotocol": ("lsp/",),
}


class Import(NamedTuple):
    """An import statement: who, where, and the dotted name of the module."""

    path: Path
    line: int
    module: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.module}"


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imports(path: Path) -> list[Import]:
    """Every module that a file imports; `from package import name` counts as package.name where that is a module."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [Import(path, node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])]) if node.level else node.module or ""
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found.append(Import(path, node.lineno, whole if is_module(whole) else base))
    return found


def is_module(dotted: str) -> bool:
    place = ROOT.joinpath(*dotted.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def floor(module: str) -> int:
    """The floor of a dotted name inside shapecheck; shapecheck itself is a face."""
    _, _, rest = module.partition(".")
    return FLOORS[rest.partition(".")[0] or "__init__"]


def floor_of_file(path: Path) -> int:
    return FLOORS[path.relative_to(HOUSE).parts[0].removesuffix(".py")]


def inside(module: str) -> bool:
    return module.partition(".")[0] == "shapecheck"


EVERY = [found for path in files(HOUSE) for found in imports(path)]


def test_every_module_stands_on_a_floor() -> None:
    rooms = {path.relative_to(HOUSE).parts[0].removesuffix(".py") for path in files(HOUSE)}
    assert rooms <= FLOORS.keys(), f"not placed on a floor: {sorted(rooms - FLOORS.keys())}"


def test_no_floor_imports_a_higher_one() -> None:
    wrong = [found for found in EVERY if inside(found.module) and floor(found.module) > floor_of_file(found.path)]
    # the package's own __init__ runs before any of its modules, whoever imports them
    assert not wrong, "\n".join(map(str, wrong))


def test_faces_import_the_floor_below_them_and_nothing_deeper() -> None:
    faces = [found for found in EVERY if floor_of_file(found.path) == FACES and inside(found.module)]
    wrong = [found for found in faces if floor(found.module) < FACES - 1 and found.module != "shapecheck.version"]
    assert not wrong, "\n".join(map(str, wrong))


def test_sizes_import_nothing_but_themselves_and_the_standard_library() -> None:
    sizes = [found for found in EVERY if found.path.is_relative_to(HOUSE / "sizes")]
    wrong = [found for found in sizes if not standard(found.module) and not found.module.startswith("shapecheck.sizes")]
    assert not wrong, "\n".join(map(str, wrong))


def standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("package", GUARDED)
def test_guarded_packages(package: str) -> None:
    def allowed(path: Path) -> bool:
        return path.relative_to(HOUSE).as_posix().startswith(GUARDED[package])

    wrong = [found for found in EVERY if found.module.partition(".")[0] == package and not (GUARDED[package] and allowed(found.path))]
    assert not wrong, "\n".join(map(str, wrong))


def test_rules_import_the_book_only() -> None:
    found = [each for path in files(RULES) for each in imports(path)]
    wrong = [each for each in found if not standard(each.module) and not f"{each.module}.".startswith("shapecheck.book.")]
    assert not wrong, "\n".join(map(str, wrong))


def test_nothing_imports_a_rule() -> None:
    everywhere = [*EVERY, *(found for path in [*files(RULES), *files(ROOT / "tests")] for found in imports(path))]
    rules = ("rules", "shapecheck.rules", "shapecheck_rules")
    wrong = [found for found in everywhere if found.module in rules or found.module.startswith(tuple(f"{rule}." for rule in rules))]
    assert not wrong, "\n".join(map(str, wrong))
