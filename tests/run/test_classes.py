"""Classes: inheritance, `super()`, properties, methods of the class, decorators, dataclasses and their kin."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

SUPER = programs("""
### classes that inherit from dict
from collections import OrderedDict
from dataclasses import dataclass, fields, is_dataclass


class Output(OrderedDict):
    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                self[field.name] = value

    def __getitem__(self, key):
        if isinstance(key, str):
            return dict(self.items())[key]
        return self.to_tuple()[key]

    def __setitem__(self, key, value):
        super().__setitem__(key, value)

    def to_tuple(self):
        return tuple(self[key] for key in self.keys())


@dataclass
class Hidden(Output):
    last: Tensor = None
    loss: Tensor = None
    first: Tensor = None


class Layers(dict):
    def __getitem__(self, key):
        made = super().__getitem__(key)
        return made[0](**made[1]) if isinstance(made, tuple) else made()


layers = Layers({"fc": (nn.Linear, {"in_features": 4, "out_features": 8}), "act": nn.ReLU})
out = Hidden(last=layers["fc"](T(2, 4)), first=layers["act"](T(3)))
names = [field.name for field in fields(Hidden)]
>>> out[0], out["first"], out[1], out.last, len(out), names, is_dataclass(out), isinstance(out, dict), "loss" in out, len(layers)
!!! layers["fc"](T(2, 5))

### a mapping made of three methods
from collections.abc import MutableMapping


class Registry(MutableMapping):
    shared = {"plain": lambda x: x, "sum": torch.sum}

    def __init__(self):
        self.own = {}

    def __getitem__(self, key):
        return self.own[key] if key in self.own else self.shared[key]

    def __setitem__(self, key, value):
        self.own[key] = value

    def __delitem__(self, key):
        del self.own[key]

    def __iter__(self):
        return iter({**self.shared, **self.own})

    def __len__(self):
        return len({**self.shared, **self.own})


registry = Registry()
registry["flat"] = torch.flatten
>>> registry.get("flat", torch.sum)(T(2, 3)), registry.get("none", torch.sum)(T(2, 3)), "sum" in registry, "none" in registry
>>> list(registry.keys()), len(registry), [value(T(2)) for value in registry.values()]

### super without arguments
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)

    def forward(self, x):
        return self.fc(x)


net = Net()
>>> net(T(2, 4))
!!! net(T(2, 5))

### super with arguments
class Net(nn.Module):
    def __init__(self, width):
        super(Net, self).__init__()
        self.fc = nn.Linear(width, 8)

    def forward(self, x):
        return self.fc(x)


net = Net(6)
>>> net(T(2, 6))
!!! net(T(2, 5))

### the base called by its name
class Net(nn.Module):
    def __init__(self):
        nn.Module.__init__(self)
        self.fc = nn.Linear(4, 8)

    def forward(self, x):
        return self.fc(x)


net = Net()
>>> net(T(2, 4))
!!! net(T(2, 5))

### super forgotten
class Net(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(4, 8)  # SHP203

    def forward(self, x):
        return self.fc(x)
!!! Net()

### a method of the base, extended
class Base(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x)


class Net(Base):
    def __init__(self):
        super().__init__(4)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        return self.out(super().forward(x))


net = Net()
>>> net(T(3, 4))
!!! net(T(3, 2))

### super of a chain of three
class A(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def widen(self, x):
        return torch.cat([x] * self.n, -1)


class B(A):
    def __init__(self, n):
        super().__init__(n + 1)

    def widen(self, x):
        return super().widen(x)[..., 1:]


class C(B):
    def forward(self, x):
        return super(C, self).widen(x)


>>> C(2)(T(5, 4))

### super past a class
class A(nn.Module):
    def grow(self, x):
        return torch.cat([x, x], 1)


class B(A):
    def grow(self, x):
        return x


class C(B):
    def forward(self, x):
        return super(B, self).grow(x)
>>> C()(T(2, 3))
""")


@pytest.mark.parametrize("program", SUPER)
def test_super(program: Program) -> None:
    verify(program)


INHERITANCE = programs("""
### a class of its own between Module and the net
class Base(nn.Module):
    width = 4

    def make(self):
        return nn.Linear(self.width, 2 * self.width)


class Net(Base):
    width = 6

    def __init__(self):
        super().__init__()
        self.fc = self.make()

    def forward(self, x):
        return self.fc(x)


net = Net()
>>> net(T(2, 6))
!!! net(T(2, 4))

### from Conv2d
class Conv(nn.Conv2d):
    def __init__(self, inp, out, k, **kwargs):
        super().__init__(inp, out, k, padding=k // 2, bias=False, **kwargs)

    def forward(self, x):
        return F.relu(super().forward(x))


conv = Conv(3, 8, 5, stride=2)
>>> conv(T(1, 3, 15, 15))
>>> conv.weight
>>> conv.bias
!!! conv(T(1, 4, 15, 15))

### from Conv2d without a constructor
class Conv(nn.Conv2d):
    def forward(self, x):
        weight = self.weight - self.weight.mean(dim=(1, 2, 3), keepdim=True)
        return F.conv2d(x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


conv = Conv(4, 8, 3, 2, 1, groups=2)
>>> conv(T(1, 4, 9, 9))
!!! conv(T(1, 8, 9, 9))

### from Linear
class Scaled(nn.Linear):
    def __init__(self, inp, out):
        super().__init__(inp, out)
        self.scale = nn.Parameter(torch.ones(out))

    def forward(self, x):
        return super().forward(x) * self.scale


fc = Scaled(4, 6)
>>> fc(T(2, 3, 4))
>>> fc.in_features, fc.out_features
!!! fc(T(2, 4, 3))

### from Linear, used by a net
class Scaled(nn.Linear):
    pass


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Scaled(4, 6)
        self.b = Scaled(7, 2)

    def forward(self, x):
        return self.b(self.a(x))  # SHP101
!!! Net()(T(1, 4))

### from Sequential
class Block(nn.Sequential):
    def __init__(self, inp, out, k=3):
        super().__init__(
            nn.Conv2d(inp, out, k, padding=k // 2),
            nn.BatchNorm2d(out),
            nn.ReLU(inplace=True),
        )


block = Block(3, 8)
>>> block(T(2, 3, 6, 6))
>>> block[0].weight
>>> len(block)
!!! block(T(2, 4, 6, 6))

### from Sequential with a loop and add_module
class Stack(nn.Sequential):
    def __init__(self, sizes):
        super().__init__()
        for i, (a, b) in enumerate(zip(sizes[:-1], sizes[1:])):
            self.add_module("fc%d" % (i + 1), nn.Linear(a, b))


stack = Stack([4, 8, 2])
>>> stack(T(3, 4))
>>> stack.fc2.weight
!!! stack(T(3, 8))

### from Sequential with a forward of its own
class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)  # SHP103


good = Residual(nn.Linear(4, 4), nn.ReLU())
bad = Residual(nn.Linear(4, 5))
>>> good(T(2, 4))
!!! bad(T(2, 4))

### from LSTM
class Encoder(nn.LSTM):
    def __init__(self, inp, hidden):
        super().__init__(inp, hidden, num_layers=2, batch_first=True, bidirectional=True)

    def forward(self, x):
        output, (h, c) = super().forward(x)
        return torch.cat([h[-2], h[-1]], dim=1)


rnn = Encoder(10, 16)
>>> rnn(T(3, 7, 10))
>>> rnn.hidden_size
!!! rnn(T(3, 7, 11))

### from ModuleList
class Heads(nn.ModuleList):
    def forward(self, x):
        return [head(x) for head in self]


heads = Heads([nn.Linear(4, n) for n in (1, 2, 3)])
>>> heads(T(2, 4))
!!! heads(T(2, 3))

### several bases, one a mixin
class Pooling:
    def pool(self, x):
        return x.mean(dim=1)


class Named:
    label = "named"

    def describe(self):
        return f"{self.label}-{self.width}"


class Net(Pooling, Named, nn.Module):
    def __init__(self, width):
        super().__init__()
        self.width = width
        self.fc = nn.Linear(width, 2)

    def forward(self, x):
        return self.fc(self.pool(x))


net = Net(4)
>>> net(T(2, 9, 4))
>>> net.describe()
!!! net(T(2, 4, 9))

### a diamond
class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.sizes = []

    def note(self, n):
        self.sizes.append(n)


class Left(Base):
    def __init__(self):
        super().__init__()
        self.note(1)


class Right(Base):
    def __init__(self):
        super().__init__()
        self.note(2)


class Both(Left, Right):
    def __init__(self):
        super().__init__()
        self.note(3)


both = Both()
>>> both.sizes

### cooperative constructors with keywords
class A:
    def __init__(self, a=1, **kwargs):
        super().__init__(**kwargs)
        self.a = a


class B:
    def __init__(self, b=2, **kwargs):
        super().__init__(**kwargs)
        self.b = b


class Both(A, B, nn.Module):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fc = nn.Linear(self.a, self.b)


both = Both(a=3, b=5)
>>> both.fc(T(1, 3))

### an abstract base and its children
from abc import ABC, abstractmethod


class Base(nn.Module, ABC):
    def __init__(self):
        super().__init__()
        self.body = self.build()

    @abstractmethod
    def build(self):
        raise NotImplementedError

    def forward(self, x):
        return self.body(x)


class Small(Base):
    def build(self):
        return nn.Linear(4, 2)


class Large(Base):
    def build(self):
        return nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 2))


>>> Small()(T(1, 4))
!!! Large()(T(1, 4))

### a class in a class
class Net(nn.Module):
    class Block(nn.Module):
        def __init__(self, n):
            super().__init__()
            self.fc = nn.Linear(n, n)

        def forward(self, x):
            return x + self.fc(x)

    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(self.Block(4), Net.Block(4))

    def forward(self, x):
        return self.blocks(x)


net = Net()
>>> net(T(2, 4))
!!! net(T(2, 3))

### a class in a function
def make(n):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(n, 2)

        def forward(self, x):
            return self.fc(x)

    return Net()


>>> make(7)(T(1, 7))
!!! make(7)(T(1, 8))

### a class made by a call of type
Net = type("Net", (nn.Module,), {"forward": lambda self, x: x.flatten(1)})
~~~ Net()(T(2, 3, 4))

### isinstance of layers and bases
class Base(nn.Module):
    pass


class Net(Base):
    pass


net, conv = Net(), nn.Conv2d(1, 1, 1)
>>> isinstance(net, Base), isinstance(net, nn.Module), isinstance(conv, (nn.Linear, nn.Conv2d)), isinstance(conv, nn.Linear)
>>> issubclass(Net, Base), issubclass(Base, Net), type(net) is Net, net.__class__.__name__
""")

METHODS = programs("""
### helper methods
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 2)

    def features(self, x):
        return self._pool(self.conv(x))

    def _pool(self, x, keep=False):
        return x.mean((2, 3), keepdim=keep)

    def forward(self, x):
        return self.fc(self.features(x))


net = Net()
>>> net(T(2, 3, 8, 8))
>>> net.features(T(2, 3, 9, 9)), net._pool(T(2, 3, 4, 4), keep=True)
!!! net(T(2, 4, 8, 8))

### a builder of layers
class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.inp = 3
        self.layer1 = self._make_layer(8, 2, stride=1)
        self.layer2 = self._make_layer(sizes, 3, stride=2)
        self.fc = nn.Linear(16, 10)

    def _make_layer(self, planes, blocks, stride):
        layers = [nn.Conv2d(self.inp, planes, 3, stride, 1)]
        self.inp = planes
        for _ in range(1, blocks):
            layers.append(nn.Conv2d(self.inp, planes, 3, padding=1))
        return nn.Sequential(*layers)

    def forward(self, x):
        x = self.layer2(self.layer1(x))
        return self.fc(x.mean((-2, -1)))  # SHP101


good, bad = Net(16), Net(17)
>>> good(T(2, 3, 9, 9)), len(good.layer2), good.inp
!!! bad(T(2, 3, 9, 9))

### staticmethod and classmethod
class Net(nn.Module):
    sizes = {"tiny": 4, "big": 16}

    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(3, width)

    @classmethod
    def named(cls, name):
        return cls(cls.sizes[name])

    @staticmethod
    def double(x):
        return torch.cat([x, x], 1)

    def forward(self, x):
        return self.double(self.fc(x))


>>> Net.named("tiny")(T(1, 3)), Net.double(T(2, 2)), Net.named("big").fc.weight
!!! Net.named("big")(T(1, 4))

### properties
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self._width = 4
        self.fc = nn.Linear(self.width, 2)

    @property
    def width(self):
        return self._width

    @width.setter
    def width(self, value):
        self._width = value * 2
        self.fc = nn.Linear(self._width, 2)

    def forward(self, x):
        return self.fc(x)


net = Net()
first = net(T(1, 4))
net.width = 5
>>> first, net.width, net(T(1, 10))
!!! net(T(1, 4))

### a property without a decorator and a cached one
from functools import cached_property


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, self.out)

    def forward(self, x):
        return self.fc(x)

    def _wide(self):
        return 8

    wide = property(_wide)

    @cached_property
    def out(self):
        return self.wide * 2


>>> Net().fc(T(1, 4))
!!! Net()(T(1, 3))

### call, len, getitem and iter of a class of the user's
class Bag:
    def __init__(self, items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __iter__(self):
        return iter(self.items)

    def __contains__(self, item):
        return item in self.items

    def __call__(self, x):
        for item in self:
            x = item(x)
        return x


bag = Bag([nn.Linear(4, 8), nn.Linear(8, 2)])
>>> bag(T(1, 4)), len(bag), bag[1].weight, [layer.out_features for layer in bag]
!!! bag(T(1, 5))

### operators of a class of the user's
class Size:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return Size(self.n + other.n)

    def __mul__(self, k):
        return Size(self.n * k)

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    def __int__(self):
        return self.n


a, b = Size(2), Size(3)
>>> (a + b).n, (a * 4).n, nn.Linear((a + b).n, 2)(T(1, 5))
>>> a == b, a < b

### __getattr__ that passes on
class Wrapped(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(self.model, name)

    def forward(self, x):
        return self.fc(x)


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)


net = Wrapped(Inner())
>>> net(T(1, 4))
!!! net(T(1, 5))

### __call__ of a module
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def __call__(self, x, y):
        return self.fc(x) + y


>>> Net()(T(1, 4), T(3, 2))
!!! Net()(T(1, 4), T(3, 3))

### __new__ and __init_subclass__
class Base:
    kinds = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)

    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)


class Net(Base):
    def __init__(self, n):
        self.n = n


>>> Net(3).n

### a method as a value
class Net(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.act = self._relu if kind else self._double
        self.table = {"relu": self._relu, "double": self._double}

    def _relu(self, x):
        return x.relu()

    def _double(self, x):
        return torch.cat([x, x])

    def forward(self, x, name):
        return self.table[name](self.act(x))


>>> Net(False)(T(2, 3), "double"), Net(True)(T(2, 3), "relu"), Net._double(None, T(1))
""")

CONFIGS = programs("""
### dataclass
from dataclasses import dataclass, field


@dataclass
class Config:
    width: int = 4
    depth: int = 2
    sizes: list = field(default_factory=lambda: [4, 8])
    name: str = field(default="net")
    drop: float = 0.1

    @property
    def hidden(self):
        return self.width * 2

    def __post_init__(self):
        self.last = self.sizes[-1]


class Net(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.a = nn.Linear(config.width, config.hidden)
        self.b = nn.Linear(config.last, 3)

    def forward(self, x):
        return self.b(self.a(x))


>>> Net(Config())(T(1, 4)), Config(2, name="x").name, Config(depth=5).depth
!!! Net(Config(width=5))(T(1, 5))

### frozen dataclass with a base, replaced
from dataclasses import dataclass, replace, asdict


@dataclass(frozen=True)
class Base:
    width: int = 4


@dataclass(frozen=True)
class Config(Base):
    out: int = 2


small = Config()
large = replace(small, width=8)
>>> nn.Linear(small.width, small.out)(T(1, 4)), nn.Linear(large.width, large.out)(T(1, 8)), asdict(large)["width"]

### NamedTuple by class
from typing import NamedTuple


class Config(NamedTuple):
    width: int
    out: int = 2


config = Config(4)
width, out = config
>>> nn.Linear(config.width, config.out)(T(1, 4)), nn.Linear(width, out)(T(1, 4)), config[0], len(config), config._replace(out=7).out

### namedtuple by function
from collections import namedtuple

Config = namedtuple("Config", ["width", "out"])
Pair = namedtuple("Pair", "a b")
config, pair = Config(4, out=2), Pair(b=1, a=2)
>>> nn.Linear(config.width, config.out)(T(1, 4)), pair.a, pair[1]

### a namedtuple as a result
from typing import NamedTuple


class Output(NamedTuple):
    logits: Tensor
    hidden: Tensor


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        hidden = self.fc(x)
        return Output(logits=self.out(hidden), hidden=hidden)


net = Net()
result = net(T(3, 4))
>>> result.logits, result.hidden, net(T(1, 4))[0]

### a plain class
class Config:
    width = 4
    layers = [4, 8]

    def __init__(self, out=2):
        self.out = out
        self.hidden = self.width * 2


config = Config(out=5)
>>> nn.Linear(config.width, config.hidden)(T(1, 4)), nn.Linear(config.layers[-1], config.out)(T(1, 8)), Config.width

### SimpleNamespace
from types import SimpleNamespace

config = SimpleNamespace(width=4, out=2)
config.hidden = 8
>>> nn.Linear(config.width, config.hidden)(T(1, 4)), config.out, hasattr(config, "depth"), getattr(config, "depth", 3)

### a dict
config = {"width": 4, "out": 2}
config["hidden"] = config["width"] * 2
config.update(depth=3)
config |= {"heads": 2}
defaults = {"width": 1, "drop": 0.5, **config}
>>> nn.Linear(config["width"], config["hidden"])(T(1, 4)), config.get("heads"), config.get("none", 9), defaults["width"], len(defaults)
!!! nn.Linear(config["width"], 2)(T(1, 5))

### a list of numbers and letters
cfg = [8, "M", 16, 16, "M"]


def make(cfg, channels=3):
    layers = []
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            layers += [nn.Conv2d(channels, v, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
            channels = v
    return nn.Sequential(*layers)


>>> make(cfg)(T(1, 3, 16, 16)), make([4])(T(1, 3, 5, 5)), len(make(cfg))
!!! make(cfg)(T(1, 4, 16, 16))

### a list of tuples and dicts
spec = [(4, 8, dict(bias=False)), (8, 2, {})]
net = nn.Sequential(*[nn.Linear(a, b, **options) for a, b, options in spec])
>>> net(T(1, 4)), net[0].bias, net[1].bias

### an enum
from enum import Enum, IntEnum


class Kind(Enum):
    SMALL = "small"
    LARGE = "large"


class Width(IntEnum):
    SMALL = 4
    LARGE = 8


def make(kind):
    if kind == Kind.SMALL:
        return nn.Linear(4, 2)
    elif kind is Kind.LARGE:
        return nn.Linear(8, 2)
    raise ValueError(kind)


>>> make(Kind.SMALL)(T(1, 4)), make(Kind.LARGE)(T(1, 8)), Kind.SMALL.value, Kind.LARGE.name, Kind("large") is Kind.LARGE
>>> nn.Linear(Width.SMALL, Width.LARGE)(T(1, 4)), [k.value for k in Kind]
!!! make(Kind.SMALL)(T(1, 8))

### argparse
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=4)
args = parser.parse_args([])
net = nn.Linear(args.width, 2)
>>> net(T(1, 4))
""")

DECORATORS = programs("""
### decorators of torch and the library
from functools import lru_cache, cache


@lru_cache(maxsize=None)
def width():
    return 4


@lru_cache
def depth():
    return 2


@cache
def out(n):
    return n + 1


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(width(), out(depth()))

    @torch.no_grad()
    def forward(self, x):
        return self.fc(x)

    @torch.inference_mode()
    def predict(self, x):
        return self(x).argmax(1)

    @torch.jit.export
    def extra(self, x):
        return self.fc(x)


net = Net()
>>> net(T(2, 4)), net.predict(T(2, 4)), net.extra(T(1, 4))
!!! net.predict(T(2, 3))

### torch.jit.script of a function
@torch.jit.script
def double(x):
    return torch.cat([x, x], 1)


>>> double(T(2, 3))

### a decorator of the user's with wraps
import functools


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def repeated(times):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(self, x):
            for _ in range(times):
                x = function(self, x)
            return x

        return wrapper

    return decorate


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    @timed
    def forward(self, x):
        return self.twice(x)

    @repeated(times=2)
    def twice(self, x):
        return torch.cat([self.fc(x), x], 0)


net = Net()
>>> net(T(1, 4)), net.twice(T(3, 4))
!!! net(T(1, 3))

### a decorator that registers
registry = {}


def register(name):
    def decorate(cls):
        registry[name] = cls
        return cls

    return decorate


def register_plain(cls):
    registry[cls.__name__.lower()] = cls
    return cls


@register("wide")
class Wide(nn.Module):
    def __init__(self, n=8):
        super().__init__()
        self.fc = nn.Linear(4, n)

    def forward(self, x):
        return self.fc(x)


@register_plain
class Narrow(Wide):
    def __init__(self):
        super().__init__(2)


>>> registry["wide"]()(T(1, 4)), registry["narrow"]()(T(1, 4)), len(registry)
!!! registry["wide"](3)(T(1, 5))

### a registry of functions that another decorator wraps, and that refuses a name it has
import functools

builders = {}


def register(function):
    if function.__name__ in builders:
        raise ValueError(f"{function.__name__} is there already")
    builders[function.__name__] = function
    return function


def with_defaults(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **{"wide": 4, **kwargs})

    return wrapper


@register
@with_defaults
def small(wide):
    return nn.Linear(wide, 2)


@register
@with_defaults
def large(wide):
    return nn.Linear(wide, 20)


>>> large()(T(3, 4)), builders["small"](wide=5)(T(3, 5)), sorted(builders), large.__name__
!!! builders["large"]()(T(3, 5))

### a class as a decorator
class Doubled:
    def __init__(self, function):
        self.function = function

    def __call__(self, x):
        return torch.cat([self.function(x)] * 2)


@Doubled
def identity(x):
    return x


>>> identity(T(2, 3))
""")


METACLASSES = programs("""
### a metaclass that finishes its objects
class Finished(type):
    def __call__(cls, *args, **kwargs):
        made = type.__call__(cls, *args, **kwargs)
        made.finish()
        return made


class Base(nn.Module, metaclass=Finished):
    def finish(self):
        self.layer = nn.Linear(self.width, 2)


class Net(Base):
    def __init__(self, width):
        super().__init__()
        self.width = width

    def forward(self, x):
        return self.layer(x)


>>> Net(3)(T(5, 3))
!!! Net(3)(T(5, 4))

### one object of each class
class Single(type):
    made = {}

    def __call__(cls, *args):
        if cls not in cls.made:
            cls.made[cls] = super().__call__(*args)
        return cls.made[cls]


class Net(nn.Module, metaclass=Single):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(width, 2)

    def forward(self, x):
        return self.layer(x)


Net(3)
>>> Net(4)(T(5, 3))

### a hook for attributes that falls back on the ordinary way
class Store:
    def __init__(self):
        self.parts = {"CONV": nn.Conv2d}

    def __getattr__(self, name):
        if name in self.parts:
            return self.parts[name]
        return super().__getattribute__(name)


>>> Store().CONV(3, 4, 3)(T(1, 3, 8, 8)), list(Store().parts)
""")


@pytest.mark.parametrize("program", METACLASSES)
def test_metaclasses(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", INHERITANCE)
def test_inheritance(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", METHODS)
def test_methods(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", CONFIGS)
def test_configurations(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", DECORATORS)
def test_decorators(program: Program) -> None:
    verify(program)
