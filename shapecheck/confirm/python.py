"""Which Python runs the accused code: the project's own, since shapecheck usually lives in another environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from shapecheck.source.environment import environment_beside, search_path


def interpreter(python: str | None, paths: list[str]) -> str:
    """The interpreter that is asked for; else the first of those that belong to the project which has torch, else the first of all."""
    if python is not None:
        place = Path(python)
        return str(_executable(place) or place) if place.is_dir() else str(place.absolute())
    found = list(dict.fromkeys(str(place) for place in _candidates(paths)))
    return next((place for place in found if _has_torch(place)), found[0])


def _candidates(paths: list[str]) -> Iterator[Path]:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        root = os.environ.get(variable)
        executable = _executable(Path(root)) if root else None
        if executable is not None:
            yield executable
    for path in paths or ["."]:
        root_beside = environment_beside(Path(path))
        executable = _executable(root_beside) if root_beside is not None else None
        if executable is not None:
            yield executable
    yield Path(sys.executable)


def _executable(root: Path) -> Path | None:
    """The interpreter of an environment. Links are not followed: they lead out of it."""
    for name in ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe"):
        if (root / name).is_file():
            return (root / name).absolute()
    return None


def _has_torch(python: str) -> bool:
    places = sys.path if python == sys.executable else search_path(python)
    return any(os.path.isfile(os.path.join(place, "torch", "__init__.py")) for place in places)
