"""Finds and loads the rule files, by path, once: in a checkout, an editable install and a wheel alike."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from shapecheck.book.rule import LAYERS, OPS, LayerRule, OpRule

PREFIX = "shapecheck_rules"


def rules_folder() -> Path:
    """The folder of rule files: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load_rules() -> None:
    """Load every rule file once. Names are private to shapecheck, so that no package called `rules` can be hit."""
    if PREFIX in sys.modules:
        return
    folder = rules_folder()
    if not folder.is_dir():
        raise FileNotFoundError(f"the folder of rules is not there: {folder}")
    spec = importlib.util.spec_from_loader(PREFIX, loader=None, is_package=True)
    assert spec is not None
    package = importlib.util.module_from_spec(spec)
    package.__path__ = [str(folder)]
    sys.modules[PREFIX] = package
    for path in sorted(folder.glob("*.py")):
        if path.stem != "__init__":
            importlib.import_module(f"{PREFIX}.{path.stem}")


def find_op(name: str) -> OpRule | None:
    """The rule of an op by its full name, or None."""
    load_rules()
    return OPS.get(name)


def find_layer(name: str) -> LayerRule | None:
    """The rule of a layer class by its full name, or None."""
    load_rules()
    return LAYERS.get(name)
