"""`import` and `from … import`: files whose source is followed, libraries that are known by name."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from shapecheck.run import statements
from shapecheck.run.namespace import Namespace
from shapecheck.run.objects import FileModule, PyRaise
from shapecheck.run.pictures import FOLDERS
from shapecheck.source import ir
from shapecheck.source.errors import SourceError
from shapecheck.source.module import SourceModule
from shapecheck.source.text import read
from shapecheck.values import MISSING, External, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapecheck.run.frame import Frame
    from shapecheck.run.run import Run
    from shapecheck.source.imports import Resolver

# Libraries whose meaning is in the book or in the interpreter, or whose source would say nothing about shapes.
BY_NAME = frozenset(
    (
        "torch",
        "einops",
        "einx",
        "math",
        "numpy",
        "functools",
        "itertools",
        "copy",
        "collections",
        "typing",
        "typing_extensions",
        "dataclasses",
        "abc",
        "enum",
        "warnings",
        "contextlib",
        "os",
        "sys",
        "re",
        "time",
        "random",
        "logging",
        "json",
        "pathlib",
        "argparse",
        "pytest",
        "unittest",
        "inspect",
        "types",
        "operator",
        "string",
        "pickle",
        "io",
        "tempfile",
        "shutil",
        "glob",
        "datetime",
        "numbers",
        "scipy",
        "matplotlib",
        "pandas",
        "tqdm",
        "PIL",
        "cv2",
        "sklearn",
        "torchaudio",
        "triton",
        "jax",
        "tensorflow",
        "yaml",
        "requests",
        "subprocess",
        "threading",
        "multiprocessing",
        "queue",
        "socket",
        "builtins",
        "textwrap",
        "traceback",
        "hashlib",
        "platform",
        "struct",
        "uuid",
        "urllib",
        "zipfile",
        "csv",
        "gzip",
        "weakref",
        "gc",
        "ast",
        "tokenize",
        "importlib",
        "pkgutil",
        "statistics",
        "fractions",
        "decimal",
        "heapq",
        "bisect",
        "secrets",
        "signal",
        "ctypes",
        "__future__",
        "sympy",
        "mpmath",
        "networkx",
        "fsspec",
        "numba",
        "plotly",
        "seaborn",
        "IPython",
        "nltk",
        "wandb",
        "tensorboard",
        "h5py",
        "boto3",
        "botocore",
        "aiohttp",
        "httpx",
        "rich",
        "click",
        "jinja2",
        "packaging",
        "setuptools",
        "pkg_resources",
        "pydantic",
        "psutil",
        "huggingface_hub",
    )
)
MAX_FILE = 3_000_000


class Library:
    """Source modules by path, shared by all runs of a process: text, chunks and lowered IR are immutable."""

    def __init__(self, load: Callable[[str, str], SourceModule | None] | None = None) -> None:
        self._modules: dict[str, SourceModule | None] = {}
        self._load = load or read_module

    def module(self, path: str, name: str) -> SourceModule | None:
        """The module of a file, or None when it cannot be read."""
        if path not in self._modules:
            self._modules[path] = self._load(path, name)
        return self._modules[path]


def read_module(path: str, name: str, make: Callable[[str, str, str], SourceModule] = SourceModule) -> SourceModule | None:
    """A module from disk, or None when it is unreadable or absurdly long. make: what makes one of its path, name and text."""
    try:
        source = read(path)
    except (OSError, SourceError):
        return None
    return make(path, name, source.text) if len(source.text) <= MAX_FILE else None


class Imports:
    """Imports of a run."""

    def __init__(self, run: Run, resolver: Resolver | None, library: Library) -> None:
        self.run = run
        self.resolver = resolver
        self.library = library
        self.loaded: dict[str, Namespace] = {}
        self.asked: set[str] = set()  # files that were read, or could not be

    def import_(self, node: Any, frame: Frame) -> None:
        for dotted, alias in node.names:
            value = self.named(dotted if alias else dotted.split(".")[0], frame)
            if not alias and "." in dotted:
                self.named(dotted, frame)
            self.run.bind(frame, alias or dotted.split(".")[0], value)

    def named(self, dotted: str, frame: Frame) -> Any:
        """A module by its absolute name."""
        if dotted.split(".")[0] in BY_NAME:
            return External(dotted)
        path = self.resolver.find_from(frame.namespace.module.path, dotted) if self.resolver else None
        if path is None:
            if self.resolver is not None and self.optional(frame) and dotted.split(".")[0] not in sys.stdlib_module_names:
                raise PyRaise("ModuleNotFoundError")
            return External(dotted)
        if dotted.split(".")[0] in sys.stdlib_module_names and self.resolver is not None and self.resolver.is_installed(path):
            return External(dotted)  # the standard library's source says nothing about shapes
        return self.file(path, dotted)

    def optional(self, frame: Frame) -> bool:
        """Whether the code is ready for a module that is not there: the import stands in a `try` that takes ImportError."""
        tries = (handlers for handlers, within in self.run.guarded if within is frame)
        return any(statements.catches(self.run, handler, "ModuleNotFoundError", frame) for handlers in tries for handler in handlers)

    def file(self, path: str, dotted: str) -> Any:
        if dotted.startswith(FOLDERS):
            return External(dotted)
        namespace = self.namespace(path, dotted)
        return FileModule(namespace) if namespace is not None else External(dotted)

    def namespace(self, path: str, dotted: str) -> Namespace | None:
        """The names of a file, read once a run."""
        known = self.loaded.get(path)
        if known is not None:
            return known
        if not path.endswith(".py"):  # a package without __init__: only its submodules are there
            module: SourceModule | None = SourceModule(path + "/__init__.py", dotted, "")
        else:
            self.asked.add(path)
            module = self.library.module(path, dotted)
        if module is None:
            return None
        namespace = Namespace(module, dotted, False)
        self.loaded[path] = namespace
        return namespace

    def one(self, node: Any, name: str, frame: Frame) -> None:
        """Bind one of the names that an import binds."""
        if type(node) is ir.Import:
            self.import_(node, frame)
            return
        self.import_from(node, frame, name)

    def import_from(self, node: Any, frame: Frame, only: str | None = None) -> None:
        """`from module import names`; only: the one of them that is asked for."""
        run = self.run
        names = node.names
        dotted = node.module or ""
        if node.level:
            path = self.resolver.resolve_relative(frame.namespace.module.path, node.level, dotted) if self.resolver else None
            base = self._absolute(frame.namespace.name, node.level, dotted, frame.namespace.module.path)
            source = self.file(path, base) if path else External(base)
        else:
            source = self.named(dotted, frame)
        for name, alias in names:
            if only is not None and (alias or name) != only:
                continue
            if name == "*":
                self._star(source, frame)
            else:
                run.bind(frame, alias or name, self.member(source, name))

    def _absolute(self, name: str, level: int, dotted: str, path: str) -> str:
        parts = name.split(".")
        keep = len(parts) - level + (1 if str(path).endswith("__init__.py") else 0)
        return ".".join([*parts[: max(keep, 0)], *([dotted] if dotted else [])])

    def _star(self, source: Any, frame: Frame) -> None:
        if isinstance(source, FileModule):
            frame.namespace.stars.append(source.namespace)
        else:
            frame.namespace.opaque_star = source.name

    def member(self, source: Any, name: str) -> Any:
        """`source.name`, where source is a module."""
        run = self.run
        if isinstance(source, FileModule):
            stated = run.signatures.within(source.namespace, name)
            if stated is not None:
                return External(stated)
            value = source.namespace.get(run, name)
            if value is not MISSING:
                return value
            sub = self.submodule(source.namespace, name)
            if sub is not None:
                return sub
            hidden = source.namespace.hidden()
            if hidden:
                return run.opaque_name(hidden, name)
            return Unknown(f"{name} of the module {source.namespace.name}")
        return run.external_member(source.name, name)

    def by_name(self, name: str) -> Any:
        """`sys.modules[name]`"""
        for namespace in self.loaded.values():
            if namespace.name == name or (namespace.main and name == "__main__"):
                return FileModule(namespace)
        return Unknown("sys.modules")

    def submodule(self, namespace: Namespace, name: str) -> Any:
        """A file beside a package's `__init__`."""
        path = str(namespace.module.path)
        if not path.endswith("__init__.py") or self.resolver is None:
            return None
        found = self.resolver.resolve_relative(path, 1, name)
        return self.file(found, f"{namespace.name}.{name}") if found else None
