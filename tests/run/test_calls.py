"""Calls: parameters of every kind, classes and functions as arguments, partial, lambda, closures, recursion."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

PARAMETERS = programs("""
### defaults and keywords
class Net(nn.Module):
    def __init__(self, inp=4, hidden=None, *, out=2, bias=True):
        super().__init__()
        hidden = hidden or inp * 2
        self.a = nn.Linear(inp, hidden, bias=bias)
        self.b = nn.Linear(out_features=out, in_features=hidden)

    def forward(self, x, scale=1.0, extra=None):
        x = self.b(self.a(x)) * scale
        if extra is not None:
            x = x + extra
        return x


>>> Net()(T(1, 4)), Net(3, out=5)(x=T(1, 3)), Net(3, 7, bias=False).a.bias, Net(hidden=6).a.weight
>>> Net()(T(1, 4), 2.0, T(3, 2)), Net()(T(1, 4), extra=T(5, 2))
!!! Net()(T(1, 4), extra=T(5, 3))
!!! Net(3)(T(1, 4))

### a parameter that none of the calls knows
def f(a, b=1):
    return a


>>> f(1)
!!! f(1, c=2)
!!! f()
!!! f(1, 2, 3)
!!! f(1, a=2)

### starred arguments
def build(*sizes, act=nn.ReLU):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), act()]
    return nn.Sequential(*layers)


sizes = [4, 8, 2]
>>> build(4, 8)(T(1, 4)), build(*sizes)(T(1, 4)), len(build(*sizes, 3, act=nn.Tanh)), build(*range(1, 4))(T(1, 1))
!!! build(*sizes)(T(1, 8))

### keyword arguments passed on
class Base(nn.Module):
    def __init__(self, inp, out, drop=0.0, **kwargs):
        super().__init__()
        self.fc = nn.Linear(inp, out, **kwargs)
        self.options = kwargs


class Net(Base):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def forward(self, x):
        return self.fc(x)


options = dict(bias=False)
net = Net(4, out=2, **options)
>>> net(T(1, 4)), net.fc.bias, len(net.options), Net(4, 2).fc.bias, Net(*[4, 2], **{"drop": 0.5})(T(1, 4))
!!! net(T(1, 5))
!!! Net(4, 2, depth=3)

### forward with starred arguments
class Join(nn.Module):
    def forward(self, *xs, dim=1, **options):
        return torch.cat(xs, dim=options.get("axis", dim))


join = Join()
>>> join(T(1, 2), T(1, 3)), join(*[T(1, 2)] * 3, dim=0), join(T(4), T(3), axis=0)
!!! join(T(1, 2), T(2, 2))

### positional only
def f(a, b, /, c, *, d):
    return torch.cat([a, b, c, d])


>>> f(T(1), T(2), c=T(3), d=T(4)), f(T(1), T(2), T(3), d=T(4))
!!! f(T(1), T(2), T(3), T(4))
!!! f(T(1), T(2), c=T(3))

### defaults are evaluated once
def f(x, seen=[]):
    seen.append(x)
    return len(seen)


first, second, third = f(1), f(2), f(3)
>>> first, second, third
""")

VALUES = programs("""
### classes of layers as arguments
from functools import partial


class Block(nn.Module):
    def __init__(self, dim, act_layer=nn.GELU, norm_layer=nn.LayerNorm, drop=0.0):
        super().__init__()
        self.norm = norm_layer(dim)
        self.act = act_layer()
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        return x + self.fc(self.act(self.norm(x)))


class Net(nn.Module):
    def __init__(self, dim, norm_layer=None):
        super().__init__()
        norm_layer = norm_layer or partial(nn.LayerNorm, eps=1e-6)
        self.blocks = nn.Sequential(*[Block(dim, norm_layer=norm_layer) for _ in range(2)])
        self.norm = norm_layer(dim)

    def forward(self, x):
        return self.norm(self.blocks(x))


class Conv(nn.Module):
    def __init__(self, dim, norm_layer=nn.BatchNorm2d):
        super().__init__()
        self.conv = nn.Conv2d(3, dim, 1)
        self.norm = norm_layer(dim)

    def forward(self, x):
        return self.norm(self.conv(x))


>>> Net(8)(T(2, 5, 8)), Net(8, nn.Identity)(T(1, 8)), Block(4, nn.ReLU, norm_layer=lambda d: nn.BatchNorm1d(d))(T(3, 4)), Net(8).norm.eps
>>> Conv(6)(T(1, 3, 4, 4)), Conv(6, partial(nn.GroupNorm, 3))(T(1, 3, 4, 4))
!!! Net(8)(T(2, 5, 7))
!!! Conv(8, partial(nn.GroupNorm, 3))
!!! Conv(8, norm_layer=lambda d: nn.BatchNorm2d(d + 1))(T(2, 3, 2, 2))

### partial
from functools import partial
import functools

linear = partial(nn.Linear, 4, bias=False)
wide = partial(linear, 8)
double = functools.partial(torch.cat, dim=1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = partial(self.run, 2)

    def run(self, times, x):
        return torch.cat([x] * times)

    def forward(self, x):
        return self.first(x)


>>> linear(2)(T(1, 4)), wide()(T(1, 4)), wide().bias, double([T(1, 2), T(1, 3)]), Net()(T(3)), linear.args, linear.keywords["bias"]
!!! wide()(T(1, 5))

### lambdas
double = lambda x: torch.cat([x, x], -1)
scaled = lambda x, n=2, *rest, **options: x.repeat(n, *rest)
acts = {"double": lambda x: double(x), "same": lambda x: x}


class Net(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


>>> double(T(1, 2)), scaled(T(3)), scaled(T(3), 3), scaled(T(3), 2, 2), acts["double"](T(2, 2)), Net(lambda t: t[0])(T(4, 5))
>>> (lambda: 4)(), [f(2) for f in (lambda a: a + 1, lambda a: a * 5)]
!!! Net(lambda t: t @ T(3, 2))(T(4, 5))

### closures and nonlocal
def counter():
    count = 0

    def step(n=1):
        nonlocal count
        count += n
        return count

    return step


def make(width):
    def layer(out):
        return nn.Linear(width, out)

    return layer


step = counter()
one, two = step(), step(5)
layer = make(4)
fs = [lambda x, n=n: x + n for n in range(3)]
late = [lambda x: x + n for n in range(3)]
>>> one, two, step(), layer(2)(T(1, 4)), make(5)(3)(T(1, 5)), [f(1) for f in fs], [f(1) for f in late]
!!! layer(2)(T(1, 5))

### global variables
WIDTH = 4


def widen():
    global WIDTH
    WIDTH = 8


def fresh():
    global NEW
    NEW = 3


before = nn.Linear(WIDTH, 2)
widen()
fresh()
after = nn.Linear(WIDTH, NEW)
>>> before(T(1, 4)), after(T(1, 8))
!!! after(T(1, 4))

### functions as arguments
def apply(f, *args, **kwargs):
    return f(*args, **kwargs)


def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x

    return run


>>> apply(torch.cat, [T(1), T(2)], dim=0), apply(nn.Linear, 4, 2)(T(1, 4)), compose(nn.Linear(4, 8), F.relu, nn.Linear(8, 2))(T(1, 4)), apply(T, 2, 3)
!!! compose(nn.Linear(4, 8), torch.relu, nn.Linear(4, 2))(T(1, 4))

### functions in a dict, methods as strings
class Net(nn.Module):
    modes = {"sum": torch.sum, "mean": torch.mean}

    def __init__(self, mode, act="relu"):
        super().__init__()
        self.pool = self.modes[mode]
        self.act = getattr(F, act)
        self.layer = getattr(nn, "Linear")(4, 2)

    def forward(self, x):
        return self.layer(self.pool(self.act(x), dim=1))


>>> Net("mean")(T(2, 3, 4)), Net("sum", "gelu")(T(2, 3, 4))
!!! Net("sum")(T(2, 4, 3))

### recursion
class Tree(nn.Module):
    def __init__(self, depth, dim):
        super().__init__()
        self.fc = nn.Linear(dim, dim * 2)
        self.next = Tree(depth - 1, dim * 2) if depth > 1 else nn.Identity()

    def forward(self, x):
        return self.next(self.fc(x))


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


>>> Tree(3, 2)(T(1, 2)), factorial(5), len(list(Tree(4, 1).modules()))
!!! Tree(3, 2)(T(1, 3))

### unpacking of results
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 8, batch_first=True)

    def forward(self, x):
        out, (h, c) = self.lstm(x)
        return out, {"h": h, "last": out[:, -1]}, [c]


net = Net()
out, named, (c,) = net(T(2, 5, 4))
>>> out, named["h"], named["last"], c, net(T(2, 5, 4))[1]["h"], net(T(1, 1, 4))[-1][0]
!!! net(T(2, 5, 5))
!!! net(T(2, 5, 4))[0].view(7)
""")


@pytest.mark.parametrize("program", PARAMETERS)
def test_parameters(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", VALUES)
def test_functions_as_values(program: Program) -> None:
    verify(program)
