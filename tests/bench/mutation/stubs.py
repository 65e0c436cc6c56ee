"""Packages that a program imports and does not need here: anything may be imported from them, and nothing of it does anything."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any

ABSENT = "PIL huggingface_hub safetensors loguru regex tokenizers tqdm requests scipy pandas httpx cv2 matplotlib".split()


class _Nothing(type):
    """A class of which every attribute is the class again."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing

    def __getitem__(cls, item: object) -> Any:
        return Nothing

    def __or__(cls, other: object) -> Any:
        return Nothing

    __ror__ = __or__


class Nothing(metaclass=_Nothing):
    """As a decorator it leaves what it decorates as it is; as a base class it adds nothing."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Nothing and len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        return object.__new__(cls)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "99.0"
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Last in line: only what is not installed is made up."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None) -> Any:
        if name.partition(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = _Module(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def install() -> None:
    """Make the absent packages importable, and torchvision too where its compiled part does not load."""
    sys.meta_path.append(_Finder())
    try:
        import torchvision  # noqa: F401
    except ImportError:
        return
    except RuntimeError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        spec = importlib.machinery.PathFinder.find_spec("torchvision")
        assert spec is not None
        bare = types.ModuleType("torchvision")
        bare.__spec__, bare.__file__ = spec, spec.origin
        bare.__path__ = list(spec.submodule_search_locations or ())
        sys.modules["torchvision"] = bare
