"""Working code of kinds that once gave a false alarm: by itself, with nothing that calls it, it is silent too."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

WORKING = programs("""
### tensors of a list from the last to the first, and sizes that only a caller knows
class Stage(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, maps, height=None, width=None):
        out = None
        for at, x in enumerate(maps[::-1]):
            x = x.reshape(x.shape[0], height, width, x.shape[-1])
            out = self.fc(x) if out is None else self.fc(out) + x
        return out


>>> Stage(4)([T(1, 6, 4), T(1, 6, 4)], 2, 3)

### a table of layers from which a name picks
WIDTHS = {"small": 4, "large": 8}


class Net(nn.Module):
    def __init__(self, size, activation):
        super().__init__()
        self.fc = nn.Linear(WIDTHS[size], 8)
        self.act = {"relu": nn.ReLU(), "flat": nn.Flatten(0)}[activation]
        self.out = nn.Linear(8, WIDTHS.get(size, 2))

    def forward(self, x):
        return self.out(self.act(self.fc(x)) + torch.zeros(3, 8))


>>> Net("large", "relu")(T(3, 8))

### a list of modules that grows with a parameter
class Stages(nn.Module):
    def __init__(self, widths, width):
        super().__init__()
        self.stages = nn.ModuleList()
        for _ in widths:
            self.stages.append(nn.Linear(width, width))
        self.more = nn.ModuleList([nn.Linear(width, width)])
        for _ in widths:
            self.more.append(nn.Linear(width, width))

    def forward(self, x):
        first = self.stages[0](x)
        third = self.stages[2](first)
        return self.more[3](third)


>>> Stages([1, 2, 3], 4)(T(2, 4))

### tensors of a list are not all of one shape
class Pyramid(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mix = nn.Conv2d(2 * width, width, 1)

    def forward(self, maps: list[Tensor]):
        maps = list(maps)
        out = [maps.pop()]
        while maps:
            up = F.interpolate(out[-1], scale_factor=2.0)
            out.append(self.mix(torch.cat([up, maps.pop()], 1)))
        return out


>>> Pyramid(4)([T(1, 4, 8, 8), T(1, 4, 4, 4), T(1, 4, 2, 2)])[0]

### the number of an item in a list of unknown length
class Positions(nn.Module):
    def __init__(self, depth: int, width: int = 8):
        super().__init__()
        self.first = nn.Linear(width, 2 * width)
        self.layers = nn.ModuleList([nn.Linear(2 * width, 2 * width) for _ in range(depth)])
        self.position = nn.Parameter(torch.zeros(2 * width))

    def forward(self, x):
        for place, layer in enumerate(self.layers):
            if place == 0:
                x = self.first(x)
            if place == 1:
                x = x + self.position
            x = layer(x)
        return x


>>> Positions(3)(T(2, 8))

### a container that others fill
class Parallel(nn.Sequential):
    def forward(self, x):
        return torch.cat([module(x) for module in self], dim=1)


def double(width):
    layers = Parallel()
    layers.add_module("a", nn.Linear(width, width))
    layers.add_module("b", nn.Linear(width, width))
    return layers


>>> double(4)(T(2, 4))

### a chain that is built backwards
class Net(nn.Module):
    def __init__(self, widths):
        super().__init__()
        up = nn.Sequential()
        for place, (a, b) in enumerate(zip(widths, widths[1:])):
            up.add_module(f"up{place}", nn.Linear(b, a))
        self.up = up[::-1]

    def forward(self, x):
        return self.up(x)


net = Net([2, 3, 4])
>>> net(T(1, 4))

### layers that are picked one by one
blocks = nn.Sequential(nn.Linear(4, 8), nn.Linear(4, 6))
heads = [blocks[0], blocks[1]]
>>> heads[0](T(1, 4)), heads[1](T(1, 4))

### a helper for numbers, tuples and tensors
def as_tensor(value):
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (int, float)):
        return torch.tensor(float(value))
    return torch.tensor(list(value))


class Scale(nn.Module):
    def __init__(self, scale: Tensor | tuple[float, float]):
        super().__init__()
        self.scale = scale

    def forward(self, x):
        scale = as_tensor(self.scale)
        return x * (scale[1] - scale[0])


>>> Scale((0.5, 1.0))(T(2, 3)), Scale(T(2))(T(2, 3))

### a None that has to be given
class Embed(nn.Module):
    def __init__(self, width=8, most=None):
        super().__init__()
        self.position = nn.Parameter(torch.zeros(1, most, width))

    def forward(self, x):
        return x + self.position[:, : x.shape[1]]


>>> Embed(most=9)(T(2, 4, 8))

### a default that callers replace without being seen
import json


class Embed(nn.Module):
    def __init__(self, size=224, patch=16, width=8):
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, patch)
        self.position = nn.Parameter(torch.zeros(1, width, size // patch, size // patch))

    def forward(self, x):
        return self.patches(x) + self.position


def build(text='{"size": 32}'):
    return Embed(**json.loads(text))


def small():
    return build()(T(1, 3, 32, 32))


>>> Embed()(T(1, 3, 224, 224))
~~~ small()

### two or three results
import os


def head(width, classes, rate=None):
    pool, fc = nn.AdaptiveAvgPool2d(1), nn.Linear(width, classes)
    if rate is not None:
        return pool, nn.Dropout(rate), fc
    return pool, fc


class Net(nn.Module):
    def __init__(self, classes=10, rate=0.0, **others):
        super().__init__()
        self.pool, self.drop, self.fc = head(8, classes, rate=rate)

    def forward(self, x):
        return self.fc(self.drop(self.pool(x).flatten(1)))


def build(**options):
    options.update({key: 1 for key in os.environ if key == "NOTHING"})
    return Net(**options)


>>> Net()(T(1, 8, 2, 2))
>>> build()(T(1, 8, 2, 2))

### no classes, no head
class Net(nn.Module):
    def __init__(self, classes: int, widths=(4, 6)):
        super().__init__()
        self.classes = classes
        self.heads = nn.ModuleList([nn.Linear(width, classes) if classes > 0 else nn.Identity() for width in widths])

    def forward(self, x, y):
        if self.classes == 0:
            return torch.cat([x, y], 1)
        return torch.stack([self.heads[0](x), self.heads[1](y)]).sum(0)


>>> Net(3)(T(1, 4), T(1, 6)), Net(0)(T(1, 4), T(1, 6))

### a width of nothing
class Blur(nn.Module):
    def __init__(self, channels: int, wide: bool):
        super().__init__()
        half = channels // 2 if wide else channels // 4
        self.half = half
        self.register_buffer("kernel", torch.empty(half or 1, 1, 3, 3))
        kernel = torch.ones(1, 1, 3, 3)
        if half is not None:
            kernel = kernel.repeat(half, 1, 1, 1)
        self.kernel.copy_(kernel)

    def forward(self, x):
        return F.conv2d(x, self.kernel, groups=self.half)


>>> Blur(8, True)(T(1, 4, 5, 5))

### torch._assert is a fact of the path
from torch import _assert


class Tokens(nn.Module):
    def forward(self, x, size):
        b, n, c = x.shape
        h, w = size
        _assert(n == 1 + h * w, "tokens and size do not fit")
        return x[:, 1:].transpose(1, 2).reshape(b, c, h, w)


>>> Tokens()(T(2, 5, 3), (2, 2))

### what subclasses define, and what another base does
class Frame(nn.Module):
    def forward(self, x):
        y = self.encode(x)
        return y if y is None else self.decode(y)


class Doubling(Frame):
    decode = nn.ReLU()

    def encode(self, x):
        return torch.cat([x, x], 1)


class Scored(nn.Module):
    def forward(self, x):
        return self.score(x)


class Summing:
    def score(self, x):
        return x.sum(1)


class Both(Scored, Summing):
    pass


>>> Doubling()(T(2, 3)), Both()(T(2, 3))
!!! Frame()(T(2, 3))

### a decorator that is not known passes arguments of its own
from unittest import mock


@mock.patch("os.getcwd")
def wide(x, getcwd):
    return torch.cat([x, x], 1)


def test_wide():
    assert wide(T(2, 3)).shape == (2, 6)


test_wide()
>>> T(2, 3)

### a size or two: what the constructor refuses is no path of forward
class Bank(nn.Module):
    def __init__(self, size):
        super().__init__()
        sizes = (size,) if isinstance(size, int) else tuple(size)
        if any(x < 0 for x in sizes):
            raise ValueError("no size")
        if isinstance(size, int) and size > 0:
            raise ValueError("the other size is not there")
        if sizes != (0,) and len(sizes) != 2:
            raise ValueError("one size or two")
        self.sizes = sizes
        self.register_buffer("bank", torch.empty(size=sizes))

    def forward(self, x):
        if self.sizes[0] == 0:
            return x
        return F.normalize(self.bank.t(), dim=1)


>>> Bank(0)(T(2, 3)), Bank((2, 3))(T(2, 3))

### results written into a tensor that is there
x = T(2, 3)
joined, product, summed, numbers, unknown = (torch.empty(0) for _ in range(5))
torch.cat([x, x], out=joined)
torch.matmul(x, T(3, 4), out=product)
torch.add(x, x, out=summed)
torch.arange(1, 5, out=numbers).mul_(0.5)
torch.stack(list({T(2, 1), T(2, 1)}), out=unknown)
values, places = torch.empty(0), torch.empty(0, dtype=torch.long)
torch.max(T(5, 2), 1, out=(values, places))

>>> joined @ T(3, 1), product @ T(4, 1), summed + T(2, 3), numbers, values + T(5), places
>>> torch.zeros(3, out=torch.empty(3, dtype=torch.long))
~~~ unknown @ T(1, 4)
!!! joined @ T(4, 1)

### a class whose __new__ makes another
class Score(nn.Module):
    def __init__(self, **options):
        super().__init__()

    def forward(self, x):
        return x.sum(1)


class Half(Score):
    def __init__(self, threshold, **options):
        super().__init__(**options)


class Chosen(Score):
    def __new__(cls, task, threshold=0.5):
        if task == "half":
            return Half(threshold)
        raise ValueError("no such task")


class Sized(nn.Module):
    def __new__(cls, size):
        made = super().__new__(cls)
        return made

    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(size, 4)

    def forward(self, x):
        return self.fc(x)


>>> Chosen("half")(T(2, 3)), Sized(3)(T(2, 3))
!!! Sized(3)(T(2, 4))

### a metaclass that prepares its objects
class Prepared(type):
    def __call__(cls, *args, **kwargs):
        made = cls.__new__(cls)
        nn.Module.__init__(made)
        made.__init__(*args, **kwargs)
        return made


class Net(nn.Module, metaclass=Prepared):
    def __init__(self, size):
        self.fc = nn.Linear(size, 4)

    def forward(self, x):
        return self.fc(x)


net = Net(3)
>>> net(T(2, 3))

### an input that is nothing unless it is given, and one that a helper takes in two ways
class Scaled(nn.Module):
    def forward(self, x, scale=None):
        if not isinstance(scale, Tensor):
            scale = torch.tensor(scale)
        return x * scale


def both(x):
    return {key: value for key, value in x.items()} if isinstance(x, dict) else x


class Kinds(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)

    def forward(self, x):
        return self.fc(both(x))


>>> Scaled()(T(2, 3), 2.0), Kinds()(T(2, 3))
!!! Scaled()(T(2, 3))

### a table that is the attribute of an input
def total(graph, name, kind=None):
    return graph.nodes[kind].data[name].sum(0)


class Readout(nn.Module):
    def forward(self, graph, x):
        graph.nodes[None].data["h"] = x
        return total(graph, "h")


>>> T(2, 3)

### a list of unknown length that is one of two
class Cells(nn.Module):
    def __init__(self, depth, width, kind="linear"):
        super().__init__()
        if kind == "linear":
            self.cells = nn.ModuleList([nn.Linear(width, width)] + [nn.Linear(width, width) for _ in range(depth - 1)])
        else:
            self.cells = nn.ModuleList([nn.GRUCell(width, width)] + [nn.GRUCell(width, width) for _ in range(depth - 1)])
        self.depth = depth

    def forward(self, x):
        x = self.cells[0](x)
        for place in range(1, self.depth):
            x = self.cells[place](x)
        return x


class Around(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.cells = Cells(config.depth, config.width, config.kind)

    def forward(self, x):
        return self.cells(x)


>>> Cells(3, 4)(T(2, 4))

### a loop that raises if it runs at all
class Stages(nn.Module):
    def __init__(self, width, stages):
        super().__init__()
        self.convs = nn.ModuleList()
        for _ in range(stages):
            conv = nn.Conv2d(width, width, 3, bias=False)
            conv.bias.data.zero_()
            self.convs.append(conv)
        self.stages = stages

    def forward(self, x):
        for i in range(self.stages):
            x = self.convs[i](x)
        return x


>>> Stages(3, 0)(T(1, 3, 8, 8))

### a tensor that one path resizes
def stretched(flag):
    x = torch.zeros(2, 3)
    if flag:
        x.resize_(2, 5)
    return x @ torch.zeros(x.shape[1], 1)


def raised(flag):
    x = torch.zeros(2, 3)
    if flag:
        x.unsqueeze_(0)
    return x.sum(-1)


import os

stretched("NOBODY" in os.environ)


def test_raised():
    raised("NOBODY" in os.environ)


>>> T(2, 3)

### the older order of arguments
scaled = torch.addcmul(T(2, 3), -1, T(2, 3), T(2, 3))
T(2, 3).addcdiv_(2, T(2, 3), T(2, 3))
torch.addmm(1, T(2, 4), 2, T(2, 3), T(3, 4))
>>> T(2, 3)
!!! torch.addcmul(T(2, 3), T(2, 3), T(2, 4))

### a distribution that is a module
from torch.distributions import MultivariateNormal, Normal


class Prior(nn.Module, MultivariateNormal):
    def __init__(self, loc, cov):
        nn.Module.__init__(self)
        MultivariateNormal.__init__(self, loc, cov)


class Noise(nn.Module, Normal):
    def __init__(self, loc, scale):
        nn.Module.__init__(self)
        Normal.__init__(self, loc, scale)


Noise(torch.zeros(2), torch.ones(2))
>>> T(2, 3)
""")


@pytest.mark.parametrize("program", WORKING)
def test_working_code_is_silent(program: Program) -> None:
    verify(program)
