"""Finds modules as files, by looking at directories only: nothing is ever imported or run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .environment import search_path

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Resolver", "package_root", "search_path"]

_INIT = "__init__.py"


class Resolver:
    """Dotted module names to paths: first below the roots (the code that is checked), then below the search path."""

    def __init__(self, roots: Iterable[str | Path] = (), search_path: Iterable[str | Path] = ()) -> None:
        self.roots = [str(root) for root in roots]
        self.search_path = [str(place) for place in search_path]
        self._listings: dict[str, frozenset[str]] = {}
        self._found: dict[str, str | None] = {}

    def find(self, module: str) -> str | None:
        """The file of a module: name.py or name/__init__.py; the directory itself for a namespace package; None: no such module."""
        if module not in self._found:
            self._found[module] = self._search(module.split(".")) if module else None
        return self._found[module]

    def find_from(self, path: str | Path, module: str) -> str | None:
        """The same for an import in the file at path, whose own directory and package root come first, as when Python runs it."""
        parts = module.split(".")
        for place in dict.fromkeys((str(package_root(path)), str(Path(path).parent))):
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
        parts = list(path.relative_to(package_root(path)).with_suffix("").parts)
        if parts[-1] == "__init__" and len(parts) > 1:
            parts.pop()
        return ".".join(parts)

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
            if part not in self._listing(place):
                return None
            place = os.path.join(place, part)
        last = parts[-1]
        names = self._listing(place)
        if last in names:
            package = self._package(os.path.join(place, last))
            if package is not None and (not self._is_directory(package) or f"{last}.py" not in names):
                return package
        return os.path.join(place, f"{last}.py") if f"{last}.py" in names else None

    def _package(self, directory: str) -> str | None:
        """The file of a package, the directory of a namespace package."""
        names = self._listing(directory)
        if _INIT in names:
            return os.path.join(directory, _INIT)
        return directory if names else None

    def _is_directory(self, found: str) -> bool:
        return not found.endswith(".py")

    def _listing(self, directory: str) -> frozenset[str]:
        names = self._listings.get(directory)
        if names is None:
            try:
                names = frozenset(os.listdir(directory))
            except OSError:
                names = frozenset()
            self._listings[directory] = names
        return names


def package_root(path: str | Path) -> Path:
    """The directory that an absolute import of the file starts from: the first one up that is no package."""
    place = Path(path).absolute().parent
    while (place / _INIT).is_file() and place.parent != place:
        place = place.parent
    return place
