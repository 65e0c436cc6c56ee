"""Programs of several files: packages, relative and absolute imports, stars, circles. Torch runs the same files."""

from __future__ import annotations

import re
import sys
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.run.programs import PRELUDE, Keeping, Raising, same
from tests.support import engine, oracle
from tests.support.answers import Answer, Raised, same_sentence


@dataclass
class Files:
    """Texts by path, and what to ask behind main.py: `>>>`, `~~~` and `!!!` as in programs.py."""

    name: str
    texts: dict[str, str]
    known: list[str]
    unknown: list[str]
    refused: list[str]


def read(text: str) -> list[Any]:
    found = []
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        asked: dict[str, list[str]] = {">>> ": [], "~~~ ": [], "!!! ": []}
        kept = []
        for line in rest.splitlines():
            asked[line[:4]].append(line[4:]) if line[:4] in asked else kept.append(line)
        pieces = re.split(r"^=== (\S+)\n", "\n".join(kept) + "\n", flags=re.MULTILINE)[1:]
        texts = {path: PRELUDE + body for path, body in zip(pieces[::2], pieces[1::2], strict=True)}
        files = Files(name, texts, *asked.values())
        found.append(pytest.param(files, id=name.replace(" ", "-")))
    return found


PROGRAMS = read("""
### a module beside the program
=== layers.py
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, n)

    def forward(self, x):
        return self.fc(x)


WIDTH = 4
=== main.py
import layers
import layers as other
from layers import WIDTH, Block
from layers import Block as B

net = nn.Sequential(Block(WIDTH), layers.Block(4), B(other.WIDTH))
>>> net(T(1, 4)), layers.WIDTH, other.Block(2)(T(1, 2))
!!! net(T(1, 5))

### a package that reads its files when they are asked for
=== pkg/__init__.py
import sys
import types
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .config import WIDTH
    from .layers import Block as Layer
else:

    class Lazy(types.ModuleType):
        def __getattr__(self, name):
            import importlib

            if name.startswith("__") or name in ("layers", "config"):
                raise AttributeError(name)
            module, name = {"WIDTH": ("config", "WIDTH"), "Layer": ("layers", "Block")}[name]
            return getattr(importlib.import_module("pkg." + module), name)

    lazy = Lazy(__name__)
    lazy.__path__ = __path__
    lazy.__spec__ = __spec__
    sys.modules[__name__] = lazy
=== pkg/config.py
WIDTH = 4
=== pkg/layers.py
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, 2 * n)

    def forward(self, x):
        return self.fc(x)
=== main.py
from pkg import WIDTH, Layer

net = Layer(WIDTH)
>>> net(T(1, 4)), WIDTH
!!! net(T(1, 5))

### a package with relative imports
=== pkg/__init__.py
from .model import Net
from . import blocks
=== pkg/blocks/__init__.py
from .conv import Conv, make
from .. import config
=== pkg/blocks/conv.py
from ..config import CHANNELS
from ..util.sizes import double


def make(n):
    return nn.Conv2d(CHANNELS, n, 1)


class Conv(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv = make(double(n))

    def forward(self, x):
        return self.conv(x)
=== pkg/util/__init__.py
=== pkg/util/sizes.py
def double(n):
    return n * 2
=== pkg/config.py
CHANNELS = 3
SIZES = [CHANNELS * i for i in range(3)]
=== pkg/model.py
from .blocks import Conv
from .blocks.conv import Conv as Other


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(Conv(4), nn.ReLU())
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.body(x).mean((2, 3)))
=== main.py
import pkg
import pkg.util.sizes
from pkg import Net, blocks
from pkg.config import SIZES
from pkg.util import sizes as s

net = pkg.Net()
>>> net(T(2, 3, 4, 4)), blocks.make(5)(T(1, 3, 2, 2)), pkg.util.sizes.double(3), s.double(1), SIZES, blocks.config.CHANNELS
!!! Net()(T(2, 4, 4, 4))

### a store of another file that decorators fill
=== store.py
class Store:
    def __init__(self):
        self.made = {}

    def register(self, name):
        def keep(maker):
            self.made[name] = maker
            return maker

        return keep

    def add(self, name, maker):
        self.made[name] = maker

    def __getitem__(self, name):
        if name not in self.made:
            raise KeyError(name)
        return self.made[name]
=== kinds.py
from store import Store

Norm, Conv = Store(), Store()


@Norm.register("batch")
def batch(dim):
    return (nn.BatchNorm1d, nn.BatchNorm2d)[dim - 1]


@Conv.register("conv")
def conv(dim):
    return (nn.Conv1d, nn.Conv2d)[dim - 1]


Norm.add("none", lambda dim: nn.Identity)
=== main.py
from kinds import Conv, Norm


class Net(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = Conv["conv"](dim)(3, 4, 1)
        self.norm = Norm["batch"](dim)(4)

    def forward(self, x):
        return self.norm(self.conv(x))


>>> Net(2)(T(2, 3, 5, 5)), Net(1)(T(2, 3, 5)), Norm["none"](1)(4)(T(2))
!!! Net(2)(T(2, 4, 5, 5))

### star imports
=== shapes/__init__.py
from .a import *
from .b import *
=== shapes/a.py
__all__ = ["A", "width"]
width = 4


class A(nn.Module):
    def forward(self, x):
        return x[:, :width]


def hidden():
    return 0
=== shapes/b.py
_private = 1


def tail(x):
    return x[:, -2:]


class B(nn.Linear):
    pass
=== main.py
from shapes import *
from math import *

net = nn.Sequential(A(), B(width, 3))
>>> net(T(1, 6)), tail(T(1, 5)), ceil(2.5), int(sqrt(16))
!!! nn.Sequential(A(), B(5, 3))(T(1, 6))

### circular imports
=== left.py
import right

WIDTH = 4


class Left(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, right.DEPTH)

    def forward(self, x):
        return self.fc(x)
=== right.py
import left

DEPTH = 2


def make():
    return left.Left(left.WIDTH)
=== main.py
from left import Left
from right import make
>>> make()(T(1, 4)), Left(3)(T(1, 3))
!!! make()(T(1, 5))

### an import inside a function, and one of a base class
=== base.py
class Base(nn.Module):
    scale = 2

    def __init__(self, n):
        super().__init__()
        self.n = n * self.scale

    def widen(self, x):
        return torch.cat([x] * self.scale, -1)
=== main.py
def make(n):
    from base import Base

    class Net(Base):
        def forward(self, x):
            return self.widen(x) + torch.zeros(self.n)

    return Net(n)
>>> make(3)(T(2, 3))
!!! make(3)(T(2, 4))

### a registry filled by imports, a dict of configurations and functions that build
=== zoo/__init__.py
from .registry import create
from . import nets
=== zoo/registry.py
_models = {}


def register(fn):
    _models[fn.__name__] = fn
    return fn


def create(name, **kwargs):
    return _models[name](**kwargs)
=== zoo/nets.py
from .registry import register

cfgs = {"small": dict(width=4, depth=1), "large": {"width": 8, "depth": 3}}


class Net(nn.Module):
    def __init__(self, width, depth, classes=10):
        super().__init__()
        self.body = nn.Sequential(*[nn.Linear(width, width) for _ in range(depth)])
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.body(x))


def _net(cfg, **kwargs):
    return Net(**cfgs[cfg], **kwargs)


@register
def small(**kwargs):
    return _net("small", **kwargs)


@register
def large(classes=5, **kwargs):
    return _net("large", classes=classes, **kwargs)
=== main.py
from zoo import create
import zoo.nets

net = create("large")
>>> net(T(1, 8)), create("small", classes=3)(T(1, 4))
>>> zoo.nets.small()(T(1, 4)), len(zoo.nets.Net(**zoo.nets.cfgs["large"]).body)
!!! zoo.nets.large()(T(1, 4))

### a star behind a star, and what is not followed behind that
=== basics/__init__.py
from .inner import *
=== basics/inner.py
from .deep import *
WIDTH = 3
=== basics/deep.py
from sympy import *
DEPTH = 2
=== main.py
from basics import *

net = nn.Linear(WIDTH, DEPTH)
square = Symbol("a")
>>> net(T(1, 3)), DEPTH
!!! net(T(1, 2))

### names that a function sets in the module whose name it is given
=== named/__init__.py
=== named/ffi.py
import sys


def give(name, width):
    setattr(sys.modules[name], "WI" + "DTH", width)
=== named/core.py
from .ffi import give


def layer():
    return nn.Linear(WIDTH, 2)


give("named.core", 3)
=== main.py
from named.core import layer

net = layer()
>>> T(1, 3)

### a namespace package and a module named by if __name__
=== space/inner/mod.py
def width():
    return 6


if __name__ == "__main__":
    raise SystemExit(1)
=== main.py
from space.inner.mod import width
from space.inner import mod

if __name__ == "__main__":
    net = nn.Linear(width(), 2)
else:
    net = None
>>> net(T(1, 6)), mod.width()
!!! net(T(1, 7))
""")


class Own:
    """The files of one program in a folder of their own, run by torch and read by shapecheck."""

    def __init__(self, files: Files, folder: Path) -> None:
        self.files = files
        self.folder = folder
        for path, text in files.texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)

    def torch(self, source: str, patch: pytest.MonkeyPatch) -> Answer | Raising:
        """What the program makes of an expression, with fresh imports."""
        main = self.folder / "main.py"
        patch.syspath_prepend(str(self.folder))
        before = set(sys.modules)
        names: dict[str, Any] = {"__name__": "__main__", "__file__": str(main)}
        line = main.read_text().count("\n") + 1
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(main.read_text(), str(main), "exec"), names)
                return oracle.told(eval(compile("\n" * (line - 1) + source, str(main), "eval"), names))
        except Exception as error:  # whatever it is, it is the answer
            places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
            path, at = [place for place in places if place[0].startswith(str(self.folder))][-1]
            return Raising(Raised(type(error).__name__, str(error)), at or 0, Path(path).name)
        finally:
            for name in set(sys.modules) - before:
                if str(getattr(sys.modules[name], "__file__", None) or self.folder).startswith(str(self.folder)):
                    del sys.modules[name]

    def shapecheck(self, source: str) -> tuple[list[tuple[str, int, str | None]], Answer]:
        checker = Keeping(checked=[str(path) for path in self.folder.rglob("*.py")])
        text = (self.folder / "main.py").read_text() + f"result = {source}\n"
        reports = checker.text(text, str(self.folder / "main.py")).reports
        assert checker.analysis is not None, reports
        answer = engine.told(checker.analysis.run.resolve(checker.analysis.namespace.env.names.get("result")))
        return [(Path(report.path).name, report.range.line, report.torch) for report in reports], answer


@pytest.mark.parametrize("files", PROGRAMS)
def test_files(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Own(files, tmp_path)
    for source in files.known:
        true = own.torch(source, monkeypatch)
        reports, mine = own.shapecheck(source)
        assert not reports
        assert same(mine, true), f"{source} is {true}, not {mine}"
    for source in files.unknown:
        true = own.torch(source, monkeypatch)
        assert not isinstance(true, Raising), f"torch raises {true}: {source}"
        reports, mine = own.shapecheck(source)
        assert not reports
        assert not same(mine, true), f"{source} is known now: move it"
    for source in files.refused:
        raising = own.torch(source, monkeypatch)
        assert isinstance(raising, Raising), f"torch accepts {source}: {raising}"
        reports, _ = own.shapecheck(source)
        assert [(path, line) for path, line, _ in reports] == [(raising.file, raising.line)], reports
        assert same_sentence(reports[0][2] or "", raising.raised.sentence)


def test_imports_nobody_asks_for_are_not_followed(tmp_path: Path) -> None:
    """Of a package that imports all it has, what a program uses is read; a circle through the package ends."""
    texts = {
        "pack/__init__.py": "from . import wide\nfrom .narrow import Narrow, pick\nfrom .other import Other\n",
        "pack/wide.py": PRELUDE + "from pack import narrow\nWIDTH = narrow.WIDTH + 1\n",
        "pack/narrow.py": PRELUDE + "WIDTH = 3\nfrom pack import wide\ndef pick():\n    return nn.Linear(wide.WIDTH, 2)\n",
        "pack/other.py": "class Other:\n    pass\n",
        "main.py": PRELUDE + "import pack\nfrom asyncio import Queue\nimport sympy\nnet = pack.pick()\n",
    }
    files = Files("lazy", texts, ["net(T(1, 4))"], [], ["net(T(1, 3))"])
    own = Own(files, tmp_path)
    checker = Keeping(checked=[str(path) for path in tmp_path.rglob("*.py")])
    reports = checker.text((tmp_path / "main.py").read_text() + "net(T(1, 3))\n", str(tmp_path / "main.py")).reports
    assert [report.code for report in reports] == ["SHP101"]
    assert checker.analysis is not None
    asked = {Path(path).name for path in checker.analysis.run.imports.asked}
    assert asked == {"__init__.py", "narrow.py", "wide.py"}, asked
    assert own.shapecheck("net(T(1, 4))") == ([], oracle.told(__import__("torch").zeros(1, 2)))
