"""Finds modules as files, by looking at directories only: nothing is ever imported or run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .environment import search_path

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Listings", "Resolver", "package_root", "search_path"]

_INIT = "__init__.py"
ANYTHING = "*"  # stands among the names of a folder that is not empty


class Listings:
    """What stands in folders; each is looked at once."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}

    def names(self, directory: str) -> frozenset[str]:
        """The names in a folder, and ANYTHING; none where it is empty, not there or cannot be read."""
        names = self._names.get(directory)
        if names is None:
            try:
                names = frozenset(os.listdir(directory))
            except OSError:
                names = frozenset()
            names = names | {ANYTHING} if names else names
            self._names[directory] = names
        return names


class Resolver:
    """Dotted module names to paths: first below the roots (the code that is checked), then below the search path.

    asked  folder -> name -> whether it was there: all that the answers rest on.
    """

    def __init__(self, roots: Iterable[str | Path] = (), search_path: Iterable[str | Path] = (), listings: Listings | None = None) -> None:
        self.roots = [str(root) for root in roots]
        self.search_path = [str(place) for place in search_path]
        self.asked: dict[str, dict[str, bool]] = {}
        self._listings = listings or Listings()
        self._found: dict[str, str | None] = {}

    def find(self, module: str) -> str | None:
        """The file of a module: name.py or name/__init__.py; the directory itself for a namespace package; None: no such module."""
        if module not in self._found:
            self._found[module] = self._search(module.split(".")) if module else None
        return self._found[module]

    def find_from(self, path: str | Path, module: str) -> str | None:
        """The same for an import in the file at path, whose own directory and package root come first, as when Python runs it."""
        parts = module.split(".")
        for place in dict.fromkeys((self.root_of(path), str(Path(path).parent))):
            found = self._below(place, parts)
            if found is not None and not self._is_directory(found):
                return found
        return self.find(module)

    def resolve_relative(self, path: str | Path, level: int, name: str = "") -> str | None:
        """The file that `from ..name import` means in the file at path; level counts the dots. None: there is none."""
        if level < 1:
            return self.find_from(path, name)
        place = Path(path).absolute().parent
        for _ in range(level - 1):
            place = place.parent
        if not name:
            return self._package(str(place))
        return self._below(str(place), name.split("."))

    def module_name(self, path: str | Path) -> str:
        """The dotted name of a file, by its place in its package."""
        path = Path(path).absolute()
        parts = list(path.relative_to(self.root_of(path)).with_suffix("").parts)
        if parts[-1] == "__init__" and len(parts) > 1:
            parts.pop()
        return ".".join(parts)

    def root_of(self, path: str | Path) -> str:
        """The directory that an absolute import of the file starts from: the first one up that is no package."""
        place = os.path.dirname(os.path.abspath(path))
        while self._has(place, _INIT) and os.path.dirname(place) != place:
            place = os.path.dirname(place)
        return place

    def is_installed(self, path: str) -> bool:
        """Whether a file was found on the search path rather than beside or below the code that is checked."""
        return any(path.startswith(place + os.sep) for place in self.search_path) and not any(
            path.startswith(root + os.sep) for root in self.roots
        )

    def _search(self, parts: list[str]) -> str | None:
        namespace = None
        for place in (*self.roots, *self.search_path):
            found = self._below(place, parts)
            if found is not None:
                if not self._is_directory(found):
                    return found
                namespace = namespace or found
        return namespace

    def _below(self, place: str, parts: list[str]) -> str | None:
        for part in parts[:-1]:
            if not self._has(place, part):
                return None
            place = os.path.join(place, part)
        last = parts[-1]
        if self._has(place, last):
            package = self._package(os.path.join(place, last))
            if package is not None and (not self._is_directory(package) or not self._has(place, f"{last}.py")):
                return package
        return os.path.join(place, f"{last}.py") if self._has(place, f"{last}.py") else None

    def _package(self, directory: str) -> str | None:
        """The file of a package, the directory of a namespace package."""
        if self._has(directory, _INIT):
            return os.path.join(directory, _INIT)
        return directory if self._has(directory, ANYTHING) else None

    def _is_directory(self, found: str) -> bool:
        return not found.endswith(".py")

    def _has(self, directory: str, name: str) -> bool:
        there = name in self._listings.names(directory)
        self.asked.setdefault(directory, {})[name] = there
        return there


def package_root(path: str | Path) -> Path:
    """The directory that an absolute import of the file starts from: the first one up that is no package."""
    place = Path(path).absolute().parent
    while (place / _INIT).is_file() and place.parent != place:
        place = place.parent
    return place
