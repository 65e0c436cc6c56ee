"""Functions called again and again, loops over many layers: what was remembered of them must not hide what changed in between.

What is remembered can only hide an error, never make one: an entry in which something is refused is run again without it.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from shapecheck.check import Checker
from shapecheck.options import Options
from tests.run.programs import Program, programs, verify

CHANGES = programs("""
### a variable of the module
width = 4


def chosen():
    value = width
    value = value + 0
    value = value * 1
    value = max(value, 1)
    return value


for _ in range(40):
    chosen()
width = 5

>>> chosen()

### an attribute of a class and one of an object
class Config:
    width = 4


class Holder:
    def __init__(self):
        self.width = 4


def of_class():
    a = Config.width
    b = a + 0
    c = b * 1
    return max(c, 1)


def of_object(holder):
    a = holder.width
    b = a + 0
    c = b * 1
    return max(c, 1)


holder = Holder()
for _ in range(40):
    of_class(), of_object(holder)
Config.width = 5
holder.width = 6

>>> of_class()
>>> of_object(holder)

### an object's attribute behind a method and behind a property
class Sizes:
    def __init__(self, width):
        self._width = width

    @property
    def width(self):
        return self._width

    def half(self):
        return self._width // 2


def first(sizes):
    a = sizes.width
    b = a + 0
    c = b * 1
    return max(c, 1)


def second(sizes):
    a = sizes.half()
    b = a + 0
    c = b * 1
    return max(c, 1)


sizes = Sizes(4)
for _ in range(40):
    first(sizes), second(sizes)
other = Sizes(10)

>>> first(other)
>>> second(other)

### a variable of the function around it
def counter():
    count = 0

    def following():
        nonlocal count
        count += 1
        a = count + 0
        b = a * 1
        return max(b, 1)

    def present():
        a = count + 0
        b = a * 1
        c = b + 0
        return max(c, 1)

    return following, present


following, present = counter()
for _ in range(40):
    present()
for _ in range(40):
    following()

>>> present()
>>> following()

### a list that is passed, one that is a default, one that is returned
def grow(items):
    items.append(1)
    a = len(items)
    b = a + 0
    return max(b, 1)


def keep(item, kept=[]):
    kept.append(item)
    a = len(kept)
    b = a + 0
    return max(b, 1)


def made(n):
    items = []
    for _ in range(n):
        items.append(1)
    return items


shared = []
for _ in range(40):
    grow(shared), keep(1), made(3)
one = made(3)
one.append(1)
another = made(3)
another.append(1)

>>> grow(shared)
>>> keep(1)
>>> len(another)

### a function that another one of the same name replaces
def build():
    a = 4
    b = a + 0
    c = b * 1
    return max(c, 1)


def ask():
    a = build()
    b = a + 0
    c = b * 1
    return max(c, 1)


for _ in range(40):
    ask()
build = lambda: 7

>>> ask()

### rounds of a loop over layers that count
net = nn.Sequential(*[nn.Linear(4, 4) for _ in range(40)])
count = 0
widest = 0
for m in net.modules():
    if isinstance(m, nn.Linear):
        count += 1
        widest = max(widest, m.out_features)

>>> count
>>> widest

### rounds of a loop that change the layers
def change():
    layers = [nn.Linear(4, 4) for _ in range(20)]
    for m in layers:
        if isinstance(m, nn.Linear):
            m.weight = nn.Parameter(torch.zeros(4, 5))
    x = T(1, 4)
    return layers[13](x)  # SHP101


!!! change()

### rounds of a loop that collect
def collected():
    sizes = []
    layers = [nn.Linear(4, 4) for _ in range(20)]
    for m in layers:
        if isinstance(m, nn.Linear):
            sizes.append(m.out_features)
    return len(sizes)

>>> collected()

### rounds that leave: break, return, raise
def found(limit):
    number = 0
    for m in [nn.Linear(4, 4) for _ in range(20)]:
        if number == limit:
            break
        number = number + 1
    return number


def returned():
    number = 0
    for m in [nn.Linear(4, 4) for _ in range(20)]:
        number = number + 1
        if number == 7:
            return number
    return 4

>>> found(9)
>>> returned()

### layers of one kind with other numbers
def last_width(m):
    width = 0
    if isinstance(m, nn.Linear):
        width = m.out_features
    elif isinstance(m, nn.Sequential):
        width = 3
    return max(width, 1)


widths = [last_width(m) for m in [*[nn.Linear(4, 4) for _ in range(40)], nn.Linear(4, 5), nn.Sequential(nn.Linear(1, 1))]]

>>> widths[-2]
>>> widths[-1]
""")

# Objects and variables that an arm makes for itself are not noted: what it did to older ones must be.
ARMS = programs("""
### an arm that leaves, and what comes behind it changes what it made
class Net(nn.Module):
    def __init__(self, flag=None, width=4):
        super().__init__()
        self.flag = flag
        self.a = nn.Linear(width, 6)

    def forward(self, x):
        h = self.a(x)
        if self.flag is None:
            return h
        h = h[:, :3]
        return h


>>> Net()(T(1, 4)), Net(1)(T(1, 4))

### an object that both arms fill
class Box:
    pass


class Net(nn.Module):
    def __init__(self, wide):
        super().__init__()
        box = Box()
        if wide:
            box.width = 8
            box.layer = nn.Linear(8, 2)
        else:
            box.width = 4
            box.layer = nn.Linear(4, 2)
        self.layer = box.layer
        self.width = box.width

    def forward(self, x):
        if x.shape[0] > 2:
            made = Box()
            made.first = self.layer(x)
            made.second = made.first[:, :1]
            return made.second
        other = Box()
        other.first = self.layer(x)
        return other.first


>>> Net(True)(T(1, 8)), Net(False)(T(1, 4)), Net(True)(T(3, 8)), Net(False)(T(3, 4))
!!! Net(True)(T(1, 4))
!!! Net(False)(T(3, 8))

### a dict of the module that is first seen in an arm
TABLE = {}


def fill(n):
    TABLE.setdefault("n", n)
    return TABLE["n"]


class Net(nn.Module):
    def __init__(self, n=None):
        super().__init__()
        if n:
            width = fill(n)
        else:
            width = fill(4)
        self.a = nn.Linear(width, 2)

    def forward(self, x):
        return self.a(x)


>>> Net()(T(1, 4))
!!! Net()(T(1, 5))
""")

PACKAGE = {
    "registered/__init__.py": "from registered.models import small\n",
    "registered/registry.py": """
import sys

KNOWN = {}
CONFIGS = {}


def register(fn):
    module = sys.modules[fn.__module__]
    name = fn.__name__
    if name in module.default_cfgs:
        CONFIGS[name] = module.default_cfgs[name]
    KNOWN[name] = fn
    return fn


def config(name):
    return CONFIGS[name]
""",
}


@pytest.mark.parametrize("program", [*CHANGES, *ARMS])
def test_repeats(program: Program) -> None:
    verify(program)


MODELS = """
import torch
from torch import nn

from .registry import config, register

default_cfgs = {"small": {"width": 4}}


@register
def small():
    return nn.Linear(config("small")["width"], 2)


def run():
    return small()(torch.zeros(1, 5))
"""


def test_a_registry_reads_the_module_of_what_it_registers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of a package is imported, so that `sys.modules[fn.__module__]` is the file itself: torch and we meet the same error."""

    for place, text in {**PACKAGE, "registered/models.py": MODELS}.items():
        path = tmp_path / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (report,) = Checker(Options()).file(str(tmp_path / "registered" / "models.py")).reports
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(RuntimeError) as raised:
        importlib.import_module("registered.models").run()
    assert report.torch == str(raised.value)
    assert report.range.line == MODELS.splitlines().index("    return small()(torch.zeros(1, 5))") + 1
