"""A bar on a terminal while many files are read."""

from __future__ import annotations

import time
from typing import IO

PATIENCE = 0.5
BETWEEN = 0.1
CELLS = 30


class Progress:
    """Call it with (files done, files in all). It draws only on a terminal, and only when the work takes long enough to wonder."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._shows = stream.isatty()
        self._next = time.monotonic() + PATIENCE
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._shows or now < self._next or not total:
            return
        self._next = now + BETWEEN
        self._drawn = True
        filled = CELLS * done // total
        self._stream.write(f"\r[{'#' * filled}{' ' * (CELLS - filled)}] {done}/{total} files")
        self._stream.flush()

    def clear(self) -> None:
        """Wipe the bar, before anything else is written."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False
