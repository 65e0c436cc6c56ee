"""Source lines to show, read again from the files that have reports."""

from __future__ import annotations

from collections.abc import Mapping

from shapecheck.source.errors import SourceError
from shapecheck.source.text import read


class Lines:
    """`lines(path, number)`: a line of a file, from 1, or None. Files are read once; `texts` holds those that are no files."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._texts = {path: text.split("\n") for path, text in (texts or {}).items()}

    def __call__(self, path: str, number: int) -> str | None:
        lines = self._of(path)
        return lines[number - 1] if 0 < number <= len(lines) else None

    def text(self, path: str) -> str:
        """A whole file, its line ends `\\n`; empty where it cannot be read."""
        return "\n".join(self._of(path))

    def _of(self, path: str) -> list[str]:
        if path not in self._texts:
            self._texts[path] = _read(path)
        return self._texts[path]


def _read(path: str) -> list[str]:
    try:
        return read(path).text.split("\n")
    except (OSError, SourceError):
        return []
