"""Colours of the terminal. Plain escape codes: the whole need is a handful of styles, and start-up time counts."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "path": "1",
    "gutter": "34",
    "made": "1;34",
    "label": "1",
    "faint": "2",
    "good": "32",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """Paints a piece of text in a named style, or leaves it as it is."""

    coloured: bool = False

    def paint(self, style: str, text: str) -> str:
        if not self.coloured or not text:
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


PLAIN = Palette(False)


def palette_for(stream: IO[str], environ: Mapping[str, str] = os.environ) -> Palette:
    """Colour on a terminal. NO_COLOR (https://no-color.org) turns it off, FORCE_COLOR on; NO_COLOR wins."""
    if environ.get("NO_COLOR"):
        return PLAIN
    if environ.get("FORCE_COLOR") not in (None, "", "0"):
        return Palette(True)
    if not stream.isatty() or environ.get("TERM") == "dumb":
        return PLAIN
    # the old Windows console prints escape codes as they are; the new one and the shells of Unix descent set one of these
    return Palette(sys.platform != "win32" or bool({"WT_SESSION", "TERM", "ANSICON"} & environ.keys()))
