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
from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from shapecheck.book.index import rule_files
from shapecheck.book.rule import LAYERS, OPS
from shapecheck.installed import GROUP, entry_points, place_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

PREFIX = "shapecheck_rules_of_"


class PluginRules:
    """The rules of all installed packages, loaded once. `names` are theirs; `problems` are sentences about what could not be loaded."""

    def __init__(self, taken: Collection[str], path: list[str]) -> None:
        self.taken = taken
        self.names: set[str] = set()
        self.problems: list[str] = []
        for package, entry in entry_points(GROUP, path):
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


def _run(entry: EntryPoint) -> None:
    """Run the rule files that an entry point names."""
    place = place_of(entry.module)
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


def _compile(names: Collection[str]) -> None:
    """Signatures that cannot be compiled are found now, not in the middle of somebody's file."""
    for name in names:
        if name in LAYERS:
            LAYERS[name].compile()
        elif not OPS[name].raw:
            OPS[name].compile()
