"""TARGET: `FILE.py:EXPR` or `package.module:EXPR`, and the file that it means."""

from __future__ import annotations

import ast
import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapecheck.run.imports import BY_NAME
from shapecheck.run.namespace import Namespace
from shapecheck.source.environment import search_path
from shapecheck.source.errors import SourceError
from shapecheck.source.imports import Resolver, package_root
from shapecheck.source.module import SourceModule
from shapecheck.source.text import read
from shapecheck.values import MISSING

if TYPE_CHECKING:
    from shapecheck.run.run import Run

FILE = re.compile(r"(?P<place>.+?\.py):(?P<expression>.+)", re.DOTALL)


class TargetError(ValueError):
    """A target or its inputs cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Target:
    """A file, the dotted name under which it is imported, and the expression that makes the model.

    path   None for a library that is known by name, as torch is: its source is not read.
    """

    text: str
    place: str
    expression: str
    path: str | None
    name: str
    resolver: Resolver

    @property
    def is_name(self) -> bool:
        return all(part.isidentifier() for part in self.expression.split("."))

    @property
    def root(self) -> str:
        """The first name in the expression: that of the class or function, or of the module that has it."""
        found = re.match(r"\w+", self.expression)
        return found.group() if found else ""


def read_target(text: str, folder: str | None = None) -> Target:
    """Find the file of a target. TargetError where the text is none, or nothing is found."""
    folder = folder or os.getcwd()
    found = FILE.fullmatch(text.strip())
    place, _, expression = (found["place"], ":", found["expression"]) if found else text.strip().partition(":")
    place, expression = place.strip(), expression.strip()
    if not place or not expression:
        raise TargetError(f"'{text}' is no target: write it as FILE.py:Net(10) or package.module:resnet50()")
    _expect_expression(expression)
    installed = search_path(None, folder)
    if not found:
        if not all(part.isidentifier() for part in place.split(".")):
            raise TargetError(f"'{place}' is no file of Python and no name of a module")
        resolver = Resolver([folder], installed)
        if place.split(".")[0] in BY_NAME:
            return Target(text, place, expression, None, place, resolver)
        path = resolver.find(place)
        if path is None or not path.endswith(".py"):
            raise TargetError(f"no module {place} is found from here")
        return Target(text, place, expression, os.path.abspath(path), place, resolver)
    file = Path(folder, place)
    if not file.is_file():
        raise TargetError(f"there is no file {place}")
    resolver = Resolver(list(dict.fromkeys([str(package_root(file)), folder])), installed)
    return Target(text, place, expression, os.path.abspath(file), resolver.module_name(file), resolver)


def _expect_expression(expression: str) -> None:
    """A name, dotted or not, or a call of one."""
    try:
        node: ast.AST = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        node = ast.Pass()
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if not isinstance(node, ast.Name):
        raise TargetError(f"'{expression}' is neither a name nor a call: write it as Net or Net(10, width=64)")


def source_of(target: Target) -> SourceModule | None:
    """The target's file. TargetError where it cannot be read, or is no Python."""
    if target.path is None:
        return None
    try:
        text = read(target.path).text
    except SourceError as error:
        raise TargetError(f"{target.path}:{error.line}:{error.column}: {error.sentence}") from None
    except OSError as error:
        raise TargetError(f"{target.path} cannot be read: {error.strerror or error}") from None
    module = SourceModule(target.path, target.name, text)
    wrong = module.syntax_error()
    if wrong is not None:
        raise TargetError(f"{target.path}:{wrong.line}:{wrong.column}: {wrong.sentence}")
    return module


class Expression(Namespace):
    """The expression as a file of its own, in which the names of the target's file are seen, or those of a library known by name."""

    def __init__(self, target: Target, around: Namespace | None) -> None:
        super().__init__(SourceModule("<target>", target.name, f"{target.expression}\n"), target.name, False)
        self.around = around

    def get(self, run: Run, name: str) -> Any:
        if self.around is not None:
            return self.around.get(run, name)
        return run.external_member(self.name, name) if run.is_known(f"{self.name}.{name}") else MISSING


def expect_name(target: Target, namespace: Namespace, run: Run) -> None:
    """The file has the name with which the expression begins."""
    if isinstance(namespace, Expression) and namespace.around is not None:
        namespace = namespace.around
    if namespace.get(run, target.root) is not MISSING or namespace.opaque_star is not None:
        return
    alike = difflib.get_close_matches(target.root, [name for name in namespace.makers if name.isidentifier()], 3)
    hint = f"; do you mean {' or '.join(alike)}?" if alike else ""
    if target.root in alike:
        raise TargetError(f"what {target.root} is in {target.place} could not be followed")
    raise TargetError(f"{target.place} has no {target.root}{hint}")
