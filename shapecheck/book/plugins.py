"""Rules that installed packages bring: an entry point of the group `shapecheck.rules` names a module, a rule file or a folder of them.

    [project.entry-points."shapecheck.rules"]
    mylib = "mylib.shapecheck_rules"

The files are loaded by their paths: the package itself, which may import torch, is not. They come from the environment that shapecheck
runs in, never from the working folder. What cannot be loaded is said in one sentence and costs its own rules only.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from shapecheck.book.index import rule_files
from shapecheck.book.rule import LAYERS, OPS

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "shapecheck.rules"
PREFIX = "shapecheck_rules_of_"


class PluginRules:
    """The rules of all installed packages, loaded once. `names` are theirs; `problems` are sentences about what could not be loaded."""

    def __init__(self, taken: Collection[str], path: list[str]) -> None:
        self.taken = taken
        self.names: set[str] = set()
        self.problems: list[str] = []
        for package, entry in _entry_points(path):
            self._load(package, entry)

    def _load(self, package: str, entry: EntryPoint) -> None:
        before = OPS.copy(), LAYERS.copy()
        try:
            _run(entry)
            new = {*OPS, *LAYERS} - {*before[0], *before[1]}
            clash = sorted(new & set(self.taken))
            if clash:
                raise ValueError(f"{clash[0]} has a rule already")
            _compile(sorted(new))
        except (Exception, SystemExit) as fault:  # whatever another package's code does, it costs its rules and no more
            for name in {*OPS, *LAYERS} - {*before[0], *before[1]}:
                OPS.pop(name, None)
                LAYERS.pop(name, None)
            what = f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
            self.problems.append(f"the rules of {package} ({entry.value}) cannot be loaded: {' '.join(what.split())}")
        else:
            self.names |= new


def plugins_state(path: list[str]) -> str:
    """Words that change when other rules are installed, or the same in another form; "" where none are."""
    states = []
    for package, entry in _entry_points(path):
        try:
            place = _place(entry.module)
            files = [Path(f"{place}.py")] if os.path.isfile(f"{place}.py") else rule_files(Path(place))
            states.append(f"{package} {entry.value} {[(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files]}")
        except (OSError, ImportError, ValueError) as error:
            states.append(f"{package} {entry.value} {error}")
    return "; ".join(states)


def _entry_points(path: list[str]) -> Iterator[tuple[str, EntryPoint]]:
    """Entry points of rules, of each package the first that the path has.

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
                    mentioned = GROUP in file.read()
            except (OSError, UnicodeDecodeError):
                continue
            if mentioned:
                from importlib.metadata import PathDistribution  # here: hardly any environment has rules to bring

                found = PathDistribution(Path(folder)).entry_points.select(group=GROUP)
                yield from ((package, entry) for entry in found)


def _metadata_folders(place: str) -> list[str]:
    try:
        names = os.listdir(place)
    except OSError:
        return []
    return [os.path.join(place, name) for name in sorted(names) if name.endswith((".dist-info", ".egg-info"))]


def _run(entry: EntryPoint) -> None:
    """Run the rule files that an entry point names."""
    place = _place(entry.module)
    package = PREFIX + entry.module.replace(".", "_")
    if os.path.isfile(f"{place}.py"):
        spec = importlib.util.spec_from_file_location(package, f"{place}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[package] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return
    if not os.path.isdir(place):
        raise ModuleNotFoundError(f"no module named '{entry.module}'")
    parent = importlib.util.spec_from_loader(package, loader=None, is_package=True)
    assert parent is not None
    sys.modules[package] = module = importlib.util.module_from_spec(parent)
    module.__path__ = [place]
    files = rule_files(Path(place))
    if not files:
        raise ModuleNotFoundError(f"no rule files in '{entry.module}'")
    for file in files:
        import_module(f"{package}.{file.name.removesuffix('.py')}")


def _place(module: str) -> str:
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


def _compile(names: Collection[str]) -> None:
    """Signatures that cannot be compiled are found now, not in the middle of somebody's file."""
    for name in names:
        if name in LAYERS:
            LAYERS[name].compile()
        elif not OPS[name].raw:
            OPS[name].compile()
