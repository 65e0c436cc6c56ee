"""From what the user names to the Python files to read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

NEVER = frozenset(
    ".git .hg .svn .bzr .venv venv .tox .nox .direnv .eggs .mypy_cache .pytest_cache .ruff_cache .pytype .ipynb_checkpoints "
    "__pycache__ __pypackages__ node_modules site-packages".split()
)
BUILT = frozenset(("build", "dist", "_build"))  # left out as well, unless a package has that name

NOT_YET = (".ipynb", ".md")


@dataclass(frozen=True, slots=True)
class Discovered:
    """Files in order, each once; and a sentence for each thing that could not be done."""

    files: tuple[str, ...]
    problems: tuple[str, ...] = ()


def discover(paths: Sequence[str], exclude: Iterable[str] = ()) -> Discovered:
    """Every .py file under `paths`. A file that is named itself is always taken, whatever it is called."""
    patterns = [spelling for pattern in exclude for spelling in _spellings(pattern)]
    found: dict[str, str] = {}
    problems: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            for file in _walk(path, patterns, problems):
                found.setdefault(os.path.abspath(file), file)
        elif not os.path.exists(path):
            problems.append(f"{path}: no such file or folder")
        elif path.endswith(NOT_YET):
            problems.append(f"{path}: only Python files are read")
        else:
            found.setdefault(os.path.abspath(path), path)
    return Discovered(tuple(sorted(found.values(), key=lambda file: file.split(os.sep))), tuple(problems))


def _spellings(pattern: str) -> set[str]:
    """fnmatch takes `**/` for at least one folder; people mean any number, none included."""
    pattern = pattern.replace(os.sep, "/").rstrip("/").removeprefix("./")
    return {pattern, pattern.removeprefix("**/"), pattern.removesuffix("/**")}


def _walk(root: str, patterns: Sequence[str], problems: list[str]) -> Iterator[str]:
    """Python files under a folder. Links to folders are not followed, so that no loop can arise."""

    def unreadable(error: OSError) -> None:
        problems.append(f"{error.filename}: {error.strerror}")

    for folder, folders, files in os.walk(root, onerror=unreadable):
        here = os.path.normpath(folder)
        folders[:] = sorted(name for name in folders if _entered(here, name) and not _excluded(here, name, root, patterns))
        for name in sorted(files):
            path = name if here == os.curdir else os.path.join(here, name)
            if name.endswith(".py") and os.path.isfile(path) and not _excluded(here, name, root, patterns):
                yield path


def _entered(folder: str, name: str) -> bool:
    path = os.path.join(folder, name)
    if name in NEVER or name.endswith(".egg-info") or os.path.exists(os.path.join(path, "pyvenv.cfg")):
        return False
    return name not in BUILT or os.path.exists(os.path.join(path, "__init__.py"))


def _excluded(folder: str, name: str, root: str, patterns: Sequence[str]) -> bool:
    """A pattern fits the name, the path from the folder that was named, or the path from here (* crosses folders)."""
    if not patterns:
        return False
    path = os.path.join(folder, name)
    spellings = {name, _relative(path, root), _relative(path, os.curdir)}
    return any(fnmatch(spelling.replace(os.sep, "/"), pattern) for spelling in spellings for pattern in patterns)


def _relative(path: str, start: str) -> str:
    try:
        return os.path.relpath(path, start)
    except ValueError:  # another drive of Windows
        return path
