"""Entry points of installed packages, found without importing anything of theirs."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "shapecheck.rules"
"""Packages that bring rules name them in this group."""


def entry_points(group: str, path: list[str]) -> Iterator[tuple[str, EntryPoint]]:
    """Entry points of a group with the packages they are of; of each package the first that the path has.

    importlib.metadata reads every package's metadata for that, and takes longer to import than this takes for a hundred packages.
    """
    seen: set[str] = set()
    here = os.getcwd()
    for place in path:
        if not place or os.path.abspath(place) == here:
            continue
        for folder in _metadata_folders(place):
            package = os.path.basename(folder).partition("-")[0].removesuffix(".egg-info")
            if package in seen:
                continue
            seen.add(package)
            try:
                with open(os.path.join(folder, "entry_points.txt"), encoding="utf-8") as file:
                    mentioned = group in file.read()
            except (OSError, UnicodeDecodeError):
                continue
            if mentioned:
                from importlib.metadata import PathDistribution  # here: hardly any environment has rules to bring

                found = PathDistribution(Path(folder)).entry_points.select(group=group)
                yield from ((package, entry) for entry in found)


def _metadata_folders(place: str) -> list[str]:
    try:
        names = os.listdir(place)
    except OSError:
        return []
    return [os.path.join(place, name) for name in sorted(names) if name.endswith((".dist-info", ".egg-info"))]


def place_of(module: str) -> str:
    """The path of a module without `.py`; of its packages none is imported."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None:
        raise ModuleNotFoundError(f"no module named '{top}'")
    if spec.submodule_search_locations is None and not rest and spec.origin:
        return spec.origin.removesuffix(".py")
    for folder in spec.submodule_search_locations or ():
        place = os.path.join(folder, *rest)
        if os.path.isfile(f"{place}.py") or os.path.isdir(place):
            return place
    raise ModuleNotFoundError(f"no module named '{module}'")


def rules_state(path: list[str]) -> str:
    """Words that change when other rules are installed, or the same in another form; "" where none are."""
    states = []
    for package, entry in entry_points(GROUP, path):
        try:
            place = Path(place_of(entry.module))
            files = [place.with_name(f"{place.name}.py")] if not place.is_dir() else sorted(place.glob("*.py"))
            states.append(f"{package} {entry.value} {[(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files]}")
        except (OSError, ImportError, ValueError) as error:
            states.append(f"{package} {entry.value} {error}")
    return "; ".join(states)
