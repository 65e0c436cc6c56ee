"""How wide the output may be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import IO

PIPED = 200
NARROWEST = 40


def width_for(stream: IO[str], environ: Mapping[str, str] = os.environ) -> int:
    """COLUMNS, the terminal's width, or 200 where there is no terminal: enough for any sane line, a bound for the others."""
    columns = environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return max(int(columns), NARROWEST)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns, NARROWEST)
    except (OSError, ValueError, AttributeError):
        return PIPED
