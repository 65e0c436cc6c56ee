"""Paths as people are shown them."""

from __future__ import annotations

import os


def shown(path: str) -> str:
    """Relative to the working folder where it lies below it, else as it is."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive of Windows
        return path
    return path if relative == os.pardir or relative.startswith(os.pardir + os.sep) else relative
