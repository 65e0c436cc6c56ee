"""Variables: scopes, shadowing, deletion, names bound late or on one path."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

SCOPES = programs("""
### local, enclosing, global, builtin
n = 4


def outer():
    n = 5

    def inner():
        return n

    def shadow(n):
        return n

    class Local:
        n = 6
        m = n

        def read(self):
            return n, self.n, self.m

    return inner(), shadow(7), Local().read()


def later():
    return defined_below


defined_below = 8


def list_of(list):
    return list[0]


def len_of(x):
    len = 3
    return len


>>> n, outer(), later(), list_of([9]), len_of([]), [n for n in range(2)][-1], n

### nonlocal in two levels, global inside a nested function
count = 0


def a():
    total = 1

    def b():
        nonlocal total

        def c():
            nonlocal total
            global count
            total += 1
            count += 10

        c()
        c()

    b()
    return total


>>> a(), count, a(), count

### a loop variable, an except variable and a with variable afterwards
for i in range(3):
    pass
try:
    raise ValueError("x")
except ValueError as error:
    text = str(error)
with torch.no_grad() as g:
    y = T(2)
while True:
    z = 5
    break
>>> i, y, z

### deleted and bound again
a = T(2)
b = a
del a
a = T(3)
items = [1, 2, 3]
del items[0], items[-1]
>>> a, b, items
!!! (a + b)

### augmented names inside a function
total = T(2)


def add(x):
    x = x + T(2)
    x += 1
    return x


def concat(xs, x):
    xs += [x]
    return len(xs)


xs = [1]
>>> add(total), total, concat(xs, 2), xs

### a function defined under a condition, and redefined
if torch.__version__ > "1":

    def make():
        return nn.Linear(4, 2)

else:

    def make():
        return nn.Linear(4, 3)


def twice():
    return 1


def twice():
    return 2


class Net(nn.Module):
    def forward(self, x):
        return x

    def forward(self, x):
        return torch.cat([x, x])


>>> twice(), Net()(T(2))
~~~ make()(T(1, 4))

### what a name means while the module level runs
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        return self.fc(x)


first = Net()(T(2, 4))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 7)

    def forward(self, x):
        return self.fc(x)


second = Net()(T(2, 6))


class Net(Net):
    def forward(self, x):
        return super().forward(x).view(7, 2)


third = Net()(T(2, 6))


def width():
    return 3


before = T(width())


def width():
    return 4


>>> first, second, third, before, T(width())

### attributes of functions, modules and classes
import math


def f():
    return f.n


f.n = 4


class A:
    count = 0

    def __init__(self):
        A.count += 1
        self.id = A.count
        type(self).last = self.id


a, b = A(), A()
A.extra = 7
>>> A.count, b.id, a.extra, a.last, math.pi > 3, f.__name__, A.__name__, a.__class__.__name__
~~~ f()

### class bodies that compute
class Net(nn.Module):
    sizes = [4]
    for i in range(2):
        sizes.append(sizes[-1] * 2)
    table = {name: size for name, size in zip("abc", [4, 8, 16])}
    if len(sizes) > 2:
        kind = "deep"
    else:
        kind = "flat"

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(self.table["a"], Net.sizes[-1])

    def forward(self, x):
        return self.fc(x)


>>> Net()(T(1, 4)), Net.kind, Net.sizes
!!! Net()(T(1, 5))

### two names for one thing
a = [1]
b = a
b.append(2)
layer = nn.Linear(4, 2)
x = {"layer": layer, "same": [layer]}
layer.extra = 5
y = T(2, 3)
z = y
y.unsqueeze_(0)
w = y.t_() if False else y
>>> a, x["same"][0].extra, x["layer"] is layer, z, w
""")

UNDEFINED = programs("""
### a name that is set on one path only
def f(flag, x):
    if flag:
        y = x
    return y


>>> f(True, T(1))

### a name of another scope
class Net(nn.Module):
    width = 4

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(width, 2)  # SHP120
!!! Net()

### a name misspelt
class Net(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.fc = nn.Linear(hiden, 2)  # SHP120
!!! Net(3)

### names that come from somewhere else
import builtins
import sys

setattr(builtins, "INJECTED", 4)
globals()["MADE"] = 5
for key in ("P", "Q"):
    globals()[key] = 6


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(INJECTED, MADE + P)

    def forward(self, x):
        return self.fc(x)


~~~ Net()(T(1, 4))

### attributes that come from somewhere else
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.__dict__["hidden"] = 4
        self.__dict__.update(extra=2)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x) * self.hidden * self.extra


def prepare(net):
    net.scale = 3
    setattr(net, "shift", 1)


class Other(nn.Module):
    def forward(self, x):
        return x * self.scale + self.shift


other = Other()
prepare(other)
>>> other(T(1, 4))
~~~ Net()(T(1, 4))
""")


@pytest.mark.parametrize("program", SCOPES)
def test_scopes(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", UNDEFINED)
def test_undefined(program: Program) -> None:
    verify(program)
