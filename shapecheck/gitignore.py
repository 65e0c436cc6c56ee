"""What .gitignore files leave out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

NAME = ".gitignore"
EXCLUDE = os.path.join(".git", "info", "exclude")


class Ignored:
    """What is left out under a folder: by the .gitignore files in it, and by those above it as far as its repository reaches.

    A folder that is itself left out was named on purpose: the files above it do not count then.
    """

    def __init__(self, root: str) -> None:
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        self._root = root
        self._top = ""

    def _start(self) -> None:
        """How far up files count; only when first asked, since not every walk asks."""
        root = os.path.abspath(self._root)
        above = list(_up_to_repository(root))
        self._top = above[-1] if above else root
        if any(self._ignores(folder, True) for folder in [root, *above[:-1]]):
            self._top = root

    def ignores(self, path: str, folder: bool) -> bool:
        """Whether this file or folder is left out; of what holds it nothing may be left out already, as in a walk from above."""
        if not self._top:
            self._start()
        return self._ignores(os.path.abspath(path), folder)

    def _ignores(self, path: str, folder: bool) -> bool:
        here = os.path.dirname(path)
        while here.startswith(self._top):
            spec = self._spec(here)
            if spec is not None:
                name = os.path.relpath(path, here).replace(os.sep, "/")
                verdict = spec.check_file(f"{name}/" if folder else name).include
                if verdict is not None:  # the nearest file that says anything decides
                    return verdict
            if here == self._top:
                break
            here = os.path.dirname(here)
        return False

    def _spec(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            lines = [*_lines(os.path.join(folder, EXCLUDE)), *_lines(os.path.join(folder, NAME))]
            if lines:
                self._specs[folder] = _read(lines)
            else:
                self._specs[folder] = None
        return self._specs[folder]


def _read(lines: list[str]) -> GitIgnoreSpec:
    # here: many runs meet no such file. It is a library because the patterns have corners that nobody should write twice
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:  # git ignores a line that means nothing
        return GitIgnoreSpec.from_lines([line for line in lines if _means_something(line)])


def _means_something(line: str) -> bool:
    from pathspec import GitIgnoreSpec  # here: as above

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _up_to_repository(folder: str) -> Iterator[str]:
    """The folders above, up to the one with the repository; none where there is no repository."""
    above = []
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        above.append(parent)
        folder = parent
    yield from above


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []
