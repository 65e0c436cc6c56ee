"""Real files to hold the front end to: torchvision and libcst where installed, and the standard library. A sample; EVERY widens it."""

from __future__ import annotations

import importlib.util
import os
import sysconfig
from pathlib import Path

EVERY = int(os.environ.get("SHAPECHECK_CORPUS_EVERY", "20"))
"""One file in so many is looked at; 1 takes all, and minutes."""


def _package(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found is not None and found.origin is not None else None


def sample() -> list[Path]:
    """A deterministic sample of files."""
    library = Path(sysconfig.get_paths()["stdlib"])
    places = [
        (_package("torchvision"), "**/*.py"),
        (_package("libcst"), "**/*.py"),
        (library, "*.py"),
        (library / "test", "test_[f-u]*.py"),
    ]
    found: list[Path] = []
    for place, pattern in places:
        if place is not None and place.is_dir():
            found += sorted(place.glob(pattern))[:: EVERY if "test" not in pattern else EVERY * 4]
    return found


def names(paths: list[Path]) -> list[str]:
    """Short test ids."""
    return ["/".join(path.parts[-2:]) for path in paths]


SAMPLE = sample()
