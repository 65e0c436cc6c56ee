"""Finds and loads the rule files, by path, each when one of its names is first asked for: in a checkout, an editable install and a
wheel alike."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path

from shapecheck.book.index import Index, rule_files
from shapecheck.book.plugins import PluginRules
from shapecheck.book.rule import LAYERS, OPS, LayerRule, OpRule

PREFIX = "shapecheck_rules"


def rules_folder() -> Path:
    """The folder of rule files: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def find_op(name: str) -> OpRule | None:
    """The rule of an op by its full name, or None."""
    rule = OPS.get(name)
    if rule is None and _fetch(name):
        rule = OPS.get(name)
    return rule


def find_layer(name: str) -> LayerRule | None:
    """The rule of a layer class by its full name, or None."""
    rule = LAYERS.get(name)
    if rule is None and _fetch(name):
        rule = LAYERS.get(name)
    return rule


def is_known(name: str) -> bool:
    """Whether there is a rule of this full name. No file of ours is loaded for the answer, but those that the index does not know."""
    return name in _index().places or name in OPS or name in LAYERS or name in plugin_rules().names


def known_names() -> set[str]:
    """Every full name that has a rule."""
    return {*_index().places, *plugin_rules().names, *OPS, *LAYERS}


def load_rules() -> None:
    """Load every rule file."""
    _load(file.name.removesuffix(".py") for file in rule_files(rules_folder()))
    plugin_rules()


@cache
def plugin_rules() -> PluginRules:
    """The rules of installed packages, loaded when they are first asked for."""
    return PluginRules({*_index().places, *OPS, *LAYERS}, sys.path)


def plugin_problems() -> tuple[str, ...]:
    """What could not be loaded of the rules of installed packages, as far as they were asked for."""
    return tuple(plugin_rules().problems) if plugin_rules.cache_info().currsize else ()


@cache
def _index() -> Index:
    """The index of the rules, once it can be relied on: files of which it says nothing are loaded."""
    folder = rules_folder()
    if not folder.is_dir():
        raise FileNotFoundError(f"the folder of rules is not there: {folder}")
    # names of modules are private to shapecheck, so that no package called `rules` can be hit
    spec = importlib.util.spec_from_loader(PREFIX, loader=None, is_package=True)
    assert spec is not None
    package = importlib.util.module_from_spec(spec)
    package.__path__ = [str(folder)]
    sys.modules[PREFIX] = package
    index = Index(folder)
    for stem in index.unlisted:
        import_module(f"{PREFIX}.{stem}")
    return index


def _fetch(name: str) -> bool:
    """Load the file that knows a name; whether there is one."""
    stem = _index().places.get(name)
    if stem is None:
        return name in OPS or name in LAYERS or name in plugin_rules().names
    _load((stem,))
    return True


def _load(stems: Iterable[str]) -> None:
    _index()
    for stem in stems:
        module = f"{PREFIX}.{stem}"
        if module not in sys.modules:
            import_module(module)
