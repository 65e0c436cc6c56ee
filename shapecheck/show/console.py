"""Where pages go: standard output or a file; complaints and the progress bar go to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import IO, NamedTuple

from shapecheck.show.palette import PLAIN, Palette, palette_for
from shapecheck.show.progress import Progress
from shapecheck.show.width import PIPED, width_for


class Look(NamedTuple):
    """How a page may look: colours, columns, and the encoding that its signs must be in."""

    palette: Palette
    width: int
    encoding: str = "utf-8"


class Console:
    """The two streams of the process."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            _accept_everything(stream)
        self.progress = Progress(sys.stderr)

    def look(self, output: str | None = None) -> Look:
        """Plain in a file; on standard output as it can show."""
        if output:
            return Look(PLAIN, PIPED)
        return Look(palette_for(sys.stdout), width_for(sys.stdout), sys.stdout.encoding or "ascii")

    def deliver(self, page: str, output: str | None = None) -> bool:
        """Write a page; False, after a complaint, when its file cannot be written."""
        self.progress.clear()
        if output:
            return self._write_file(page, output)
        try:
            sys.stdout.write(page)
            sys.stdout.flush()
        except BrokenPipeError:
            # nobody reads any more (`shapecheck ... | head`); without this Python would complain of it at exit
            _silence(sys.stdout)
        except OSError as error:  # the disk is full
            self.complain([f"standard output: cannot be written: {error.strerror}"])
            _silence(sys.stdout)
            return False
        return True

    def _write_file(self, page: str, output: str) -> bool:
        try:
            with open(output, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(page)
        except OSError as error:
            self.complain([f"{output}: cannot be written: {error.strerror}"])
            return False
        return True

    def complain(self, sentences: Iterable[str]) -> None:
        """What could not be done, a line each."""
        for sentence in sentences:
            self.say(f"shapecheck: {sentence}")

    def say(self, sentence: str) -> None:
        """A line for the person at the terminal."""
        self.progress.clear()
        print(sentence, file=sys.stderr, flush=True)


def _silence(stream: IO[str]) -> None:
    """Nothing that is left in the stream is written any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _accept_everything(stream: IO[str]) -> None:
    """A character that the terminal's encoding lacks is shown escaped instead of ending the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
