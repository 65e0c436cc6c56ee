"""What is computed once: functions called again alike are not followed again, and nobody can tell from the results."""

from __future__ import annotations

import pytest

from tests.run.programs import Keeping, Program, programs, verify

AGAIN = programs("""
### the same numbers, again and again
def padding(kernel, stride=1, dilation=1):
    if any([isinstance(value, (tuple, list)) for value in (kernel, stride)]):
        return tuple(padding(k, s) for k, s in zip(kernel, stride))
    return ((stride - 1) + dilation * (kernel - 1)) // 2


layers = [nn.Conv2d(4, 4, 3, padding=padding(3)) for _ in range(5)]
odd = [nn.Conv2d(4, 4, (3, 5), padding=padding((3, 5), (1, 1))) for _ in range(5)]


>>> [padding(3, dilation=2) for _ in range(4)], [layer(T(1, 4, 8, 8)) for layer in layers], odd[4](T(1, 4, 8, 8))
!!! nn.Linear(padding(5) + padding(5), 3)(T(2, padding(5)))

### a tensor that comes back is the one that was given
def same(x, times):
    for _ in range(times):
        y = x
    return y

a, b = T(2, 3), T(4, 3)
for _ in range(3):
    p, q = same(a, 3), same(b, 3)
p.unsqueeze_(0)
q.t_()


>>> a, b, p, q, same(a, 3), same(b, 3)
!!! nn.Linear(4, 2)(a)

### a list that comes back is the one that was given
def grown(items, item):
    if len(items) < 9:
        items.append(item)
    return items

kept = []
for _ in range(3):
    grown(kept, 4)
others = [grown([], 4) for _ in range(3)]
others[0].append(5)


>>> kept, others, len(grown(kept, 4))

### a list that is made anew every time
def sizes(n):
    made = [n]
    for _ in range(2):
        made.append(made[-1] * 2)
    return made

first, second, third = sizes(4), sizes(4), sizes(4)
first.append(7)
second[0] = 1


>>> first, second, third, sizes(4)

### an object that a function changes
class Holder:
    def __init__(self):
        self.count = 0
        self.width = 4

    def widen(self):
        self.count += 1
        self.width = self.width * 2 if self.count < 3 else self.width
        return self.width

holder = Holder()
widths = [holder.widen() for _ in range(4)]


>>> widths, holder.count, holder.width

### a variable of the module that changes between two calls
WIDTH = 4

def width(factor):
    total = 0
    for _ in range(factor):
        total = total + WIDTH
    return total

before = [width(3) for _ in range(3)]
WIDTH = 5
after = [width(3) for _ in range(3)]


>>> before, after

### a default that remembers
def counted(x, seen=[]):
    seen.append(x)
    if len(seen) > 2:
        return len(seen)
    return x

counts = [counted(1) for _ in range(5)]


>>> counts

### a parameter of a module, found by a function
def weight_of(layer):
    found = None
    for name, value in layer.named_parameters():
        found = value if name == "weight" else found
    return found

layer = nn.Linear(3, 4)
weights = [weight_of(layer) for _ in range(3)]


>>> [weight.shape for weight in weights], weights[0] is weights[1]

### conditions that nobody knows
def wide(flag, dim):
    if flag:
        return dim * 2
    return dim

class Net(nn.Module):
    def __init__(self, dim, flag):
        super().__init__()
        self.a = nn.Linear(wide(flag, dim), wide(flag, dim))
        self.b = nn.Linear(wide(flag, dim), wide(flag, dim) + 1)
        self.c = nn.Linear(wide(flag, dim) + 1, wide(flag, dim))

    def forward(self, x):
        return self.c(self.b(self.a(x)))

class Wrong(Net):
    def forward(self, x):
        return self.a(self.b(self.a(x)))  # SHP101

>>> Net(4, True)(T(2, 8)), Net(4, False)(T(2, 4))
!!! Wrong(4, False)(T(2, 4))

### every layer given its first weights
def init_weights(module, gain=1.0):
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight, gain)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.LayerNorm):
        nn.init.ones_(module.weight)

class Net(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4)) for _ in range(depth)])
        self.apply(init_weights)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


>>> Net(6)(T(2, 4))
!!! Net(6)(T(2, 5))

### layers that a function changes, each time the same
def widen(layer, out):
    if layer.out_features < out:
        layer.out_features = out
        layer.weight = nn.Parameter(T(out, layer.in_features))
        layer.bias = None
    return layer

layers = [widen(nn.Linear(3, 2), 6) for _ in range(4)]


>>> [layer(T(5, 3)) for layer in layers]
""")


@pytest.mark.parametrize("program", AGAIN)
def test_again(program: Program) -> None:
    verify(program)


WORK = """\
import torch
from torch import nn


def much(n):
    total = 0
    for i in range(40):
        total = total + (n if i % 2 else 1)
    return total


widths = [much({number}) for i in range({times})]
"""


def steps(text: str) -> int:
    checker = Keeping()
    checker.text(text, "<string>")
    assert checker.analysis is not None
    return checker.analysis.steps


def test_calls_that_come_again_cost_little() -> None:
    once, often, other = (steps(WORK.format(number=number, times=times)) for number, times in (("3", 1), ("3", 20), ("i", 20)))
    assert often < 2 * once + 20 * 20
    assert other > 10 * once


NESTED = """\
import torch
from torch import nn


def padding(kernel, stride, dilation):
    if any([isinstance(value, (tuple, list)) for value in (kernel, stride, dilation)]):
        return [padding(*each) for each in zip(pair(kernel), pair(stride), pair(dilation))]
    return (stride - 1 + dilation * (kernel - 1)) // 2


def pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


class Net(nn.Module):
    def __init__(self, settings, name):
        super().__init__()
        stride = {**settings}[name] if name in settings else 1
        dilation = {**settings}["dilation"] if "dilation" in settings else 1
        self.conv = nn.Conv2d(3, 4, 3, padding=padding(3, stride, dilation))

    def forward(self, x):
        return self.conv(x)
"""


def test_recursion_under_conditions_that_are_not_known_ends_soon() -> None:
    assert steps(NESTED) < 1_500


TABLE = """\
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, side=14, heads=4):
        super().__init__()
        points = [(i, j) for i in range(side) for j in range(side)]
        offsets, index = {}, []
        for one in points:
            for other in points:
                offset = (abs(one[0] - other[0]), abs(one[1] - other[1]))
                if offset not in offsets:
                    offsets[offset] = len(offsets)
                index.append(offsets[offset])
        self.register_buffer("index", torch.tensor(index).view(len(points), len(points)))
        self.bias = nn.Parameter(torch.zeros(heads, len(offsets)))
        self.proj = nn.Linear(8, 8)

    def forward(self, x):
        return self.proj(x), self.bias[:, self.index]


def build():
    return nn.ModuleList([Attention(heads=heads) for heads in range(9)])
"""


WRONG = """

class Wrong(Attention):
    def __init__(self):
        super().__init__(side=4)
        self.out = nn.Linear(9, 2)

    def forward(self, x):
        x, bias = super().forward(x)
        return self.out(x), bias
"""


def test_tables_that_loops_work_out_do_not_use_up_the_file() -> None:
    assert steps(TABLE) < 150_000  # of half a million, which were not enough
    found = Keeping().text(TABLE + WRONG, "<string>").reports
    assert [report.code for report in found] == ["SHP101"]


DEEP = """\
import torch
from torch import nn


def table(n):
    total = 0
    for i in range(250):
        total = total + (n if i % 2 else 1)
    return total


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.wide = table(dim)
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        return self.fc(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(width) for width in range(8, 24)])
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 2)

    def forward(self, x):
        return self.b(self.a(x))
"""


def test_a_search_does_not_build_the_model_again() -> None:
    checker = Keeping()
    assert [report.code for report in checker.text(DEEP, "<string>").reports] == ["SHP101"]
    assert checker.analysis is not None and checker.analysis.steps < 100_000
