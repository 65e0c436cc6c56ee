"""Where an environment keeps its modules, found without running it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def search_path(python: str | Path | None = None, beside: str | Path | None = None) -> list[str]:
    """Directories to find installed modules in, standard library included.

    python: an interpreter, or the root of an environment. Without it: the active virtual environment (VIRTUAL_ENV), else a `.venv` or
    `venv` in the directory `beside` or above it, and the path of the Python that runs this.
    """
    if python is not None:
        return _of_environment(_root(Path(python)))
    active = os.environ.get("VIRTUAL_ENV")
    root = Path(active) if active else environment_beside(Path(beside or "."))
    found = _of_environment(root) if root is not None and (root / "pyvenv.cfg").is_file() else []
    running = [entry for entry in sys.path if entry and os.path.isdir(entry)]
    return list(dict.fromkeys([*found, *running]))


def _root(python: Path) -> Path:
    """The environment of an interpreter. Its links are not followed: they lead out of a virtual environment."""
    if python.is_dir():
        return python
    place = python.absolute().parent
    return place.parent if place.name.lower() in ("bin", "scripts") else place


def environment_beside(place: Path) -> Path | None:
    """The root of a `.venv` or `venv` in a directory or above it, up to the top of the repository."""
    place = place.absolute()
    for directory in (place, *place.parents):
        for name in (".venv", "venv"):
            if (directory / name / "pyvenv.cfg").is_file():
                return directory / name
        if (directory / ".git").exists():
            break
    return None


def _of_environment(root: Path) -> list[str]:
    """site-packages and the standard library below a root, and of the installation that a virtual environment was made from."""
    places = list(_libraries(root))
    settings = _settings(root / "pyvenv.cfg")
    if "home" in settings:
        base = Path(settings["home"])
        base = base.parent if base.name.lower() in ("bin", "scripts") else base
        packages = settings.get("include-system-site-packages", "").lower() == "true"
        version = ".".join(settings.get("version", settings.get("version_info", "")).split(".")[:2])
        for place in _libraries(base):
            if version and "python3" in place and f"python{version}" not in place:
                continue
            if packages or not place.endswith("-packages"):
                places.append(place)
    return list({os.path.realpath(place): place for place in reversed(places)}.values())[::-1]  # lib64 is often a link to lib


def _libraries(root: Path) -> Iterator[str]:
    """Directories of modules below a root: POSIX, Debian and Windows layouts, .pth lines included."""
    for library in sorted([*root.glob("lib/python3*"), *root.glob("lib64/python3*"), *root.glob("Lib")]):
        if (library / "os.py").is_file():
            yield str(library)
        for name in ("site-packages", "dist-packages"):
            packages = library / name
            if packages.is_dir():
                yield str(packages)
                yield from _added(packages)
    if (root / "lib/python3/dist-packages").is_dir():
        yield str(root / "lib/python3/dist-packages")


def _added(packages: Path) -> Iterator[str]:
    """Directories that .pth files name: editable installs. Their `import` lines are code, and not run."""
    for file in sorted(packages.glob("*.pth")):
        try:
            lines = file.read_text("utf-8", "replace").splitlines()
        except OSError:
            continue
        for line in lines:
            line = line.strip()
            if line and not line.startswith(("#", "import ", "import\t")) and (packages / line).is_dir():
                yield str((packages / line).resolve())


def _settings(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}
