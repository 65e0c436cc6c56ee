"""`nn.Sequential`, `nn.ModuleList`, `nn.ModuleDict` and their kin in every form in which code uses them."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

SEQUENTIAL = programs("""
### layers as arguments, starred, by name
from collections import OrderedDict

layers = [nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)]
plain = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))
starred = nn.Sequential(*layers)
named = nn.Sequential(OrderedDict([("fc1", nn.Linear(4, 8)), ("act", nn.ReLU()), ("fc2", nn.Linear(8, 2))]))
built = OrderedDict()
built["conv"] = nn.Conv2d(3, 4, 1)
built["norm"] = nn.BatchNorm2d(4)
from_dict = nn.Sequential(built)
empty = nn.Sequential()
>>> plain(T(1, 4)), starred(T(1, 4)), named(T(1, 4)), from_dict(T(1, 3, 2, 2)), empty(T(3)), named.fc2(T(1, 8)), named[0].weight, len(empty)
!!! named(T(1, 5))
!!! from_dict(T(1, 4, 2, 2))

### a chain that cannot work
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(9, 2))  # SHP101 where it is called
!!! net(T(1, 4))

### a list in place of its layers
>>> nn.Sequential()(T(1))
!!! nn.Sequential([nn.Linear(4, 8)])
!!! nn.Sequential(nn.Linear(4, 8), "relu")

### add_module, append, extend, insert
net = nn.Sequential()
net.add_module("0", nn.Linear(4, 8))
net.append(nn.ReLU())
net.extend([nn.Linear(8, 6), nn.ReLU()])
net.insert(0, nn.Linear(3, 4))
>>> net(T(1, 3)), len(net), net[0].in_features, net[-2].out_features
!!! net(T(1, 4))

### indexing, negative indexing, slicing, iteration, len
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 2))


class Head(nn.Module):
    def __init__(self, body):
        super().__init__()
        self.body = body[:3]
        self.head = body[-1]

    def forward(self, x):
        for layer in self.body:
            x = layer(x)
        for i in range(len(self.body), 4):
            x = net[i](x)
        return self.head(x)


>>> net[0](T(1, 4)), net[-1](T(1, 6)), net[:3](T(1, 4)), net[2:](T(1, 8)), net[::2](T(1, 4)), len(net[1:-1]), Head(net)(T(1, 4))
>>> [type(layer).__name__ for layer in net], nn.Sequential(*list(net)[:1])(T(1, 4)), nn.Sequential(*net[:1])(T(1, 4))
!!! net[:3](T(1, 8))
!!! net[5]

### items replaced and deleted
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 6))
net[0] = nn.Linear(5, 8)
net[-1] = nn.Linear(8, 3)
short = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 6))
del short[1]
del short[-1]
>>> net(T(1, 5)), short(T(1, 4)), len(short)
!!! net(T(1, 4))

### nested, and containers of containers
net = nn.Sequential(
    nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()),
    nn.Sequential(*[nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)) for _ in range(3)]),
    nn.Flatten(),
)
>>> net(T(1, 3, 6, 6)), net[1][0][1].num_features, len(net[1]), net[0][0](T(1, 3, 3, 3))
!!! net(T(1, 4, 6, 6))

### of functions and of modules of the user's
class Twice(nn.Module):
    def forward(self, x):
        return torch.cat([x, x], dim=1)


class Lambda(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


net = nn.Sequential(Twice(), Lambda(lambda x: x.transpose(0, 1)), nn.Linear(2, 5))
>>> net(T(2, 3))
!!! net(T(3, 3))

### joined with plus and multiplied
a, b = nn.Sequential(nn.Linear(4, 8)), nn.Sequential(nn.Linear(8, 2))
>>> (a + b)(T(1, 4)), len(a + b)

### the children of a model, the last left out
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flat = nn.Flatten()
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.flat(self.pool(self.conv(x))))


body = nn.Sequential(*list(Net().children())[:-1])
parts = nn.Sequential(*[m for name, m in Net().named_children() if name not in ("fc", "flat")])
modules = nn.Sequential(*(list(Net().children())[:-2] + [nn.Flatten(), nn.Linear(8, 3)]))
>>> body(T(2, 3, 6, 6)), parts(T(2, 3, 6, 6)), modules(T(1, 3, 5, 5)), [name for name, _ in Net().named_children()]
!!! body(T(2, 4, 6, 6))

### a layer of the model replaced
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.body(x))


net = Net()
before = net(T(1, 4))
net.fc = nn.Linear(net.fc.in_features, 3)
net.body[0] = nn.Linear(5, 8)
wrong = Net()
wrong.fc = nn.Identity()
wrong.body = nn.Linear(4, 7)
>>> before, net(T(1, 5)), wrong(T(1, 4))
!!! net(T(1, 4))
""")

LISTS = programs("""
### ModuleList in a loop
class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
        self.norms = nn.ModuleList()
        for size in sizes[1:]:
            self.norms.append(nn.LayerNorm(size))

    def forward(self, x):
        for i, (layer, norm) in enumerate(zip(self.layers, self.norms)):
            x = norm(layer(x))
            if i < len(self.layers) - 1:
                x = F.relu(x)
        return x


net = Net([4, 8, 6, 2])
>>> net(T(1, 4)), len(net.layers), net.layers[-1].weight, net.norms[0].normalized_shape
!!! net(T(1, 8))

### ModuleList by index, slice, extend, insert, plus
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.ModuleList([nn.Linear(4, 8)])
        self.a.extend([nn.Linear(8, 6), nn.Linear(6, 2)])
        self.a.insert(0, nn.Linear(3, 4))
        self.a[1] = nn.Linear(4, 8)
        self.a += [nn.Linear(2, 1)]

    def forward(self, x):
        for layer in self.a[:2]:
            x = layer(x)
        for i in range(2, len(self.a) - 1):
            x = self.a[i](x)
        return self.a[-1](x)


net = Net()
>>> net(T(1, 3)), len(net.a), len(net.a[1:3]), [layer.in_features for layer in net.a], len(net.a + net.a), isinstance(net.a[:1], nn.ModuleList)
!!! net(T(1, 4))
!!! net.a[7]

### ModuleList from a generator, a map, and of lists
lists = nn.ModuleList([nn.ModuleList([nn.Linear(i + 1, j + 1) for j in range(3)]) for i in range(2)])
generated = nn.ModuleList(nn.Linear(4, n) for n in (1, 2))
mapped = nn.ModuleList(map(lambda n: nn.Linear(n, n), [3, 5]))
>>> lists[1][2](T(1, 2)), len(lists), sum(len(inner) for inner in lists), generated[1](T(1, 4)), mapped[-1](T(1, 5)), torch.cat([g(T(1, 4)) for g in generated], 1)
!!! lists[1][2](T(1, 3))

### ModuleList reversed, popped and deleted
layers = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 3), nn.Linear(3, 2)])
last = layers.pop(-1)
del layers[0]
names = [layer.out_features for layer in reversed(nn.ModuleList([nn.Linear(1, 2), nn.Linear(1, 3)]))]
>>> last(T(1, 3)), len(layers), layers[0](T(1, 4)), names

### a ModuleList cannot be called
layers = nn.ModuleList([nn.Linear(4, 4)])
>>> layers[0](T(1, 4))
!!! layers(T(1, 4))

### a plain list of layers
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.layers = [nn.Linear(4, 4) for _ in range(n)]
        self.heads = {"a": nn.Linear(4, 2), "b": nn.Linear(4, 3)}

    def forward(self, x, head="a"):
        for layer in self.layers:
            x = layer(x)
        return self.heads[head](x)


net = Net(3)
>>> net(T(1, 4)), net(T(1, 4), "b"), len(list(net.parameters()))
!!! net(T(1, 5), "b")

### ModuleDict
class Net(nn.Module):
    def __init__(self, names):
        super().__init__()
        self.heads = nn.ModuleDict({name: nn.Linear(4, i + 1) for i, name in enumerate(names)})
        self.acts = nn.ModuleDict([["relu", nn.ReLU()], ["none", nn.Identity()]])
        self.heads["extra"] = nn.Linear(4, 9)
        self.heads.update({"more": nn.Linear(4, 10)})

    def forward(self, x, name, act="relu"):
        return self.heads[name](self.acts[act](x))

    def all(self, x):
        return {name: head(x) for name, head in self.heads.items()}


net = Net(["a", "b"])
>>> net(T(1, 4), "b"), net(T(1, 4), "extra"), net.all(T(2, 4))["more"], len(net.heads), "a" in net.heads, "z" in net.heads, list(net.heads.keys())
>>> [head.out_features for head in net.heads.values()], net.heads.pop("a")(T(1, 4)), [name for name in net.acts], net.heads.a.weight if hasattr(net.heads, "a") else 0
!!! net(T(1, 3), "b")

### ParameterList and ParameterDict
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.ParameterList([nn.Parameter(torch.zeros(4, n)) for n in (2, 3)])
        self.weights.append(nn.Parameter(torch.zeros(4, 5)))
        self.named = nn.ParameterDict({"left": nn.Parameter(torch.zeros(5, 4))})
        self.named["right"] = nn.Parameter(torch.zeros(5, 1))

    def forward(self, x):
        return [x @ w for w in self.weights]


net = Net()
>>> net(T(1, 4)), len(net.weights), net.weights[1], net.named["left"], net.named["right"] * net.named["left"], sum(p.numel() for p in net.parameters())
!!! net(T(1, 5))
""")


@pytest.mark.parametrize("program", SEQUENTIAL)
def test_sequential(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", LISTS)
def test_lists_and_dicts(program: Program) -> None:
    verify(program)


DICTS = programs("""
### keys that are there on some paths only
import os

extra = {"width": 8}
if os.environ.get("WIDE"):
    extra["depth"] = 5
extra.setdefault("depth", 3)
maybe = {}
if os.environ.get("NARROW"):
    maybe["width"] = 4
width = maybe.get("width", 6)
count, there = len(maybe), "width" in maybe
taken = maybe.pop("width", 7)
>>> T(extra["width"]), len(maybe), [key for key in maybe]
~~~ T(extra["depth"]), T(width), T(taken), there, count

### keys that are not known
import os

options = {"width": 8}
for name in os.environ.get("NAMES", "").split():
    options.setdefault(name, 3)
changed = {"width": 8, "depth": 2}
changed.pop(os.environ.get("GONE", "depth"), None)


def build(width, depth=2):
    return nn.Sequential(*[nn.Linear(width, width) for _ in range(depth)])


>>> T(options["width"])
~~~ len(options), "depth" in changed, build(**changed)(T(1, 8))

### a loop over one of two lists
import os

names = ("a",)
if os.environ.get("BOTH"):
    names += ("b",)
sizes = {}
for name in names:
    sizes[name] = 4
>>> T(sizes["a"])
~~~ len(sizes)

### a dict that is updated by what is not known
import os

settings = {"width": 8}
settings.update({key: 4 for key in os.environ if key == "width"})
layer = nn.Linear(settings["width"], 4)
>>> layer(T(1, 8))
~~~ T(settings["width"])
""")


@pytest.mark.parametrize("program", DICTS)
def test_dicts_that_differ_between_paths(program: Program) -> None:
    verify(program)
