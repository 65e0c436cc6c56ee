"""Glob patterns of files, as people write them in settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch


class Patterns:
    """Some patterns. One fits the name of a file or folder, its path from the working folder or from a folder `root`, or its whole path.
    A `*` crosses folders; `**/` is any number of folders, none included. What fits a folder fits all that is in it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = sorted({spelling for pattern in patterns for spelling in _spellings(pattern)})

    def fit(self, path: str, root: str | None = None) -> bool:
        """Whether a pattern fits exactly this file or folder."""
        if not self._patterns:
            return False
        return any(fnmatch(words.replace(os.sep, "/"), pattern) for words in _words(path, root) for pattern in self._patterns)

    def fit_within(self, path: str) -> bool:
        """Whether a pattern fits this file, or a folder that it is in."""
        if not self._patterns:
            return False
        whole = os.path.abspath(path)
        while not self.fit(whole):
            above = os.path.dirname(whole)
            if above == whole:
                return False
            whole = above
        return True


def _words(path: str, root: str | None) -> Iterator[str]:
    """What a pattern may fit, the cheapest first."""
    whole = os.path.abspath(path)
    yield os.path.basename(whole)
    yield whole
    yield relative(whole, os.curdir)
    if root:
        yield relative(whole, root)


def _spellings(pattern: str) -> set[str]:
    """fnmatch takes `**/` for at least one folder; people mean any number, none included."""
    pattern = pattern.replace(os.sep, "/").rstrip("/").removeprefix("./")
    none = pattern.replace("**/", "")
    return {pattern, none, pattern.removesuffix("/**"), none.removesuffix("/**")} - {""}


def relative(path: str, start: str) -> str:
    """The path from a folder."""
    try:
        return os.path.relpath(path, start)
    except ValueError:  # another drive of Windows
        return path
