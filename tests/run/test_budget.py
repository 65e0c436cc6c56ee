"""Programs that branch, loop and recurse without end: shapecheck ends soon, and still sees what stands beside them."""

from __future__ import annotations

import time

import pytest

from shapecheck.check import check_source
from tests.run.programs import PRELUDE, Keeping

SECONDS = 10  # on a machine that does other things too; each takes well under one when it is alone
MISTAKE = """

class Wrong(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 2)

    def forward(self, x):
        return self.b(self.a(x))
"""

ENDLESS = {
    "thirty undecided ifs": """
class Net(nn.Module):
    def __init__(self, dim, {flags}):
        super().__init__()
        self.fc = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, 2)
        {store}

    def forward(self, x):
        {ifs}
        return self.out(x)
""".format(
        flags=", ".join(f"f{i}" for i in range(30)),
        store="\n        ".join(f"self.f{i} = f{i}" for i in range(30)),
        ifs="\n        ".join(f"if self.f{i}:\n            x = self.fc(x)\n        else:\n            x = x * 2" for i in range(30)),
    ),
    "thirty undecided ifs that change sizes": """
class Net(nn.Module):
    def __init__(self, {flags}):
        super().__init__()
        n = 1
        {ifs}
        self.fc = nn.Linear(n, 2)

    def forward(self, x):
        return self.fc(x)
""".format(
        flags=", ".join(f"f{i}" for i in range(30)),
        ifs="\n        ".join(f"if f{i}:\n            n += {2**i}" for i in range(30)),
    ),
    "ifs in ifs": "def f(x, a):\n"
    + "".join(f"{'    ' * (i + 1)}if a[{i}]:\n" for i in range(18))
    + "    " * 19
    + "return x\n    return x + 1\n",
    "recursion without end": "def f(n):\n    return f(n + 1)\n\n\nf(0)\n\n\ndef g(n):\n    return g(n) + g(n) + 1\n\n\ng(3)\n",
    "a recursion with two branches": "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n\n\nx = T(f(24), 3)\n",
    "mutual recursion on a tensor": """
def a(x):
    if x.sum() > 0:
        return b(x + 1)
    return x


def b(x):
    return a(torch.cat([x, x]))


a(T(2))
""",
    "huge ranges": """
total = 0
for i in range(10**9):
    total += i
xs = [i for i in range(10**8)]
net = nn.Sequential(*[nn.Linear(4, 4) for _ in range(10**7)])
for i in range(10**6):
    for j in range(10**6):
        total *= 2
""",
    "while without end": "x = T(2, 3)\nwhile True:\n    x = torch.cat([x, x])\n",
    "a long loop of layers": "x = T(2, 4)\nfor _ in range(250):\n    x = torch.relu(nn.Linear(4, 4)(x))\n    y = torch.cat([x] * 50)\n",
    "loops in loops": "n = 0\nfor i in range(200):\n    for j in range(200):\n        for k in range(200):\n            n += i * j * k\n",
    "a list that doubles": "items = [1]\nfor _ in range(100):\n    items = items + items\n",
    "numbers that explode": "n = 3\nfor _ in range(200):\n    n = n * n\nx = 10 ** 10 ** 10\n",
    "a generator without end": "def g():\n    i = 0\n    while True:\n        yield i\n        i += 1\n\n\nfor i in g():\n    T(i + 1)\n",
    "loops of unknown length in each other": """
class Net(nn.Module):
    def __init__(self, depths, dim):
        super().__init__()
        self.layers = nn.ModuleList([nn.ModuleList([nn.Linear(dim, dim) for _ in range(d)]) for d in depths])

    def forward(self, x):
        for layers in self.layers:
            for layer in layers:
                for _ in range(x.shape[0]):
                    x = layer(x) + x
        return x
""",
    "a function that wraps itself": """
import functools


def lazily(fn):
    @functools.wraps(fn)
    def hook(*args):
        compiled = torch.compile(fn)
        globals()[fn.__name__] = functools.wraps(fn)(compiled)
        print(fn.__name__)
        return compiled(*args)

    return hook


@lazily
def double(x):
    return torch.cat([x, x])


double(T(2, 3))
functools.wraps(double)()
""",
    "a recursion over what is not known": """
import reading


def show(kind):
    parts = []
    if reading.is_union(kind):
        for part in reading.args(kind):
            parts.append(show(part))
    elif reading.is_list(kind):
        for outer in reading.args(kind):
            for inner in reading.args(outer):
                parts.append(show(inner))
                parts.append(show(outer))
    else:
        parts.append(show(reading.first(kind)) or show(reading.second(kind)))
    return parts


show(reading.thing)
""",
    "conditions made of themselves": """
def f(a, b, c, x):
    ok = a is None
    for _ in range(40):
        ok = (ok or b is None) and (not ok or c is None)
        if ok:
            x = x + 1
    return x


class Net(nn.Module):
    def __init__(self, a, b, c):
        super().__init__()
        self.a, self.b, self.c = a, b, c

    def forward(self, x):
        return f(self.a, self.b, self.c, x)
""",
    "many unknown ranks": "def f({args}):\n    return {sum}\n\n\nclass Net(nn.Module):\n    def forward(self, {args}):\n        return {sum}\n".format(
        args=", ".join(f"x{i}" for i in range(12)), sum=" + ".join(f"x{i}.flatten(1)" for i in range(12))
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_ends_and_goes_on(name: str) -> None:
    begun = time.process_time()
    reports = check_source(PRELUDE + ENDLESS[name] + MISTAKE).reports
    assert time.process_time() - begun < SECONDS
    found = [(report.code, report.torch) for report in reports if report.code != "SHP903"]
    assert [code for code, _ in found] == ["SHP101"], found
    assert reports[-1].symbol == "Wrong.forward"


def test_a_loop_that_each_round_may_leave_is_widened_soon() -> None:
    """Three hundred rounds, each of which is compared with all that left before, cost some million steps."""
    program = """
def copy(source, x):
    while True:
        chunk = source.read(10)
        if not chunk:
            break
        source.seen = torch.cat([x, x])
    return x @ torch.zeros(4, 4)


import reading

y = copy(reading, T(2, 4))
copy(reading, T(2, 5))
"""
    checker = Keeping()
    reports = checker.text(PRELUDE + program, "copying.py").reports
    assert [(report.code, report.torch) for report in reports] == [("SHP102", "mat1 and mat2 shapes cannot be multiplied (2x5 and 4x4)")]
    assert checker.analysis is not None
    assert checker.analysis.run.steps < 2_000, checker.analysis.run.steps


def test_a_decorator_that_does_much_is_seen_through() -> None:
    """One that writes documentation asks for much of which nothing is known, and gives back what it was given."""
    depth = 15
    loops = "".join(f"{'    ' * i}for n{i} in reading.names(n{i - 1}):\n" for i in range(1, depth))
    program = f"""
import reading


def documented(made):
    text, n0 = "", made
{loops}{"    " * depth}text += reading.long(n{depth - 1}) if reading.is_long(n1) else reading.code(n2)
    made.__doc__ = text
    return made


@documented
class Wrong(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 2)

    @documented
    def forward(self, x):
        return self.b(self.a(x))
"""
    checker = Keeping()
    reports = checker.text(PRELUDE + program, "x.py").reports
    assert [(report.code, report.symbol) for report in reports] == [("SHP101", "Wrong.forward")]
    assert checker.analysis is not None
    assert checker.analysis.spent == 0
