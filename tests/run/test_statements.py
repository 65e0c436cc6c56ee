"""Statements: early returns, raise and assert, try, with, generators."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

RETURNS = programs("""
### early returns
class Net(nn.Module):
    def __init__(self, mode):
        super().__init__()
        self.mode = mode
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        if self.mode == "none":
            return
        if self.mode == "raw":
            return x
        x = self.fc(x)
        if self.mode == "pair":
            return x, x.sum()
        return x


>>> Net("none")(T(1, 4)) is None, Net("raw")(T(1, 3)), Net("pair")(T(1, 4)), Net("")(T(1, 4))
!!! Net("")(T(1, 3))

### a return in nested undecided ifs
class Net(nn.Module):
    def __init__(self, a, b, dim):
        super().__init__()
        self.a, self.b = a, b
        self.fc = nn.Linear(dim, dim)
        self.up = nn.Linear(dim, 2 * dim)

    def features(self, x):
        if self.a:
            if self.b:
                return self.up(x)
            x = self.fc(x)
        elif self.b:
            return self.up(x)
        return x

    def forward(self, x):
        y = self.features(x)
        if self.b:
            return y[..., : x.shape[-1]] + x
        return y + x


>>> [Net(a, b, 4)(T(1, 4)) for a in (True, False) for b in (True, False)]
!!! Net(True, True, 4)(T(1, 5))

### a mistake after such a return
class Net(nn.Module):
    def __init__(self, a, dim):
        super().__init__()
        self.a = a
        self.fc = nn.Linear(dim, dim)
        self.up = nn.Linear(dim, 3 * dim)

    def features(self, x):
        if self.a:
            return self.up(x)
        return self.fc(x)

    def forward(self, x):
        return self.fc(self.features(x))  # SHP101


>>> Net(False, 4)(T(1, 4))
!!! Net(True, 4)(T(1, 4))

### a return in a loop under an undecided if
class Net(nn.Module):
    def __init__(self, stop, dim):
        super().__init__()
        self.stop = stop
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(3)])
        self.out = nn.Linear(dim, 2)

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if self.stop and i == 1:
                return self.out(x)
        return self.out(x)


>>> Net(True, 4)(T(1, 4)), Net(False, 4)(T(1, 4))
!!! Net(True, 4)(T(1, 5))
""")

RAISES = programs("""
### raise as a fact of the path
class Net(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        if dim % heads != 0:
            raise ValueError("dim must be divisible by heads")
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        q, k, v = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        attn = (q @ k.transpose(-2, -1)).softmax(-1)
        return self.out((attn @ v).transpose(1, 2).reshape(B, N, C))


>>> Net(8, 2)(T(2, 5, 8))
!!! Net(8, 2)(T(2, 5, 6))

### assert as a fact of the path
class Attention(nn.Module):
    def __init__(self, embed, heads):
        super().__init__()
        self.head_dim = embed // heads
        self.heads = heads
        assert self.head_dim * heads == embed, "embed must be divisible by heads"
        self.q = nn.Linear(embed, embed)

    def forward(self, x):
        n, l, _ = x.shape
        assert x.size(2) == self.heads * self.head_dim
        return self.q(x.reshape(n, l, self.heads, self.head_dim).flatten(2))


>>> Attention(8, 4)(T(2, 3, 8))

### what cannot pass its assert is not reached
class Net(nn.Module):
    def __init__(self, kind):
        super().__init__()
        assert kind in ("a", "b")
        if kind == "a":
            self.fc = nn.Linear(4, 2)
        elif kind == "b":
            self.fc = nn.Linear(4, 3)
        else:
            raise NotImplementedError(kind)

    def forward(self, x):
        if x.shape[-1] != 4:
            raise ValueError(f"wants 4 features, gets {x.shape[-1]}")
        return self.fc(x)


>>> Net("a")(T(1, 4)), Net("b")(T(1, 4))

### a refusal behind a check that always fails
def check(x):
    if x.dim() != 3:
        raise ValueError("3-D only")
    return x.permute(0, 2, 1)


>>> check(T(2, 3, 4))
""")

TRIES = programs("""
### except takes a refusal
def safe(x):
    try:
        return nn.Linear(4, 2)(x)
    except RuntimeError:
        return T(7)


def typed(x):
    try:
        return x.view(7)
    except (ValueError, RuntimeError) as error:
        message = str(error)
        return T(3)


def every(x):
    try:
        y = x @ T(9, 9)
    except Exception:
        y = x
    else:
        y = T(1)
    finally:
        z = y
    return z


def bare(x):
    try:
        return torch.cat([x, T(2, 2, 2)])
    except:
        return x


def in_a_loop(xs):
    for x in xs:
        try:
            x = nn.Linear(4, 2)(x)
        except RuntimeError:
            continue
        return x


>>> safe(T(1, 4)), safe(T(1, 5)), typed(T(2, 2)), every(T(2, 2)), every(T(9, 9)), bare(T(3)), in_a_loop([T(1, 5), T(3, 4), T(2)])

### except of another kind does not
def wrong(x):
    try:
        return x.view(7)
    except KeyError:
        return x


>>> wrong(T(7))
!!! wrong(T(6))

### a refusal in a function that is called under try
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)


def attempt(x):
    try:
        return Net()(x)
    except RuntimeError:
        return None


>>> attempt(T(1, 4)), attempt(T(1, 5)) is None

### exceptions of the program's own
class Missing(Exception):
    pass


def find(table, name):
    try:
        return table[name]
    except KeyError:
        raise Missing(name)


def width(name):
    try:
        return find({"a": 4}, name)
    except Missing:
        return 8
    finally:
        pass


def number(text):
    try:
        return int(text)
    except ValueError as error:
        return 0


def item(items, i):
    try:
        return items[i]
    except IndexError:
        return items[-1]


>>> nn.Linear(width("a"), 1)(T(1, 4)), nn.Linear(width("b"), 1)(T(1, 8)), number("5"), number("x"), item([1, 2], 5)

### an optional import
try:
    import surely_not_installed_anywhere as missing

    HAS = True
except ImportError:
    missing = None
    HAS = False


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        if HAS:
            x = missing.op(x)
        return self.fc(x)


>>> Net()(T(1, 4))
!!! Net()(T(1, 5))

### an exception is what its call names
def width(size):
    try:
        if size > 4:
            raise ValueError(f"{size} is too wide")
        raise KeyError("size")
    except ValueError:
        return 4
    except KeyError:
        return 2


>>> T(width(5)), T(width(3))

### pytest.raises and contextlib.suppress
import contextlib
import unittest

import pytest


def test_refused():
    with pytest.raises(RuntimeError):
        nn.Linear(4, 2)(T(1, 5))
    with pytest.raises(RuntimeError, match="shapes") as info:
        T(2, 3) @ T(2, 3)


def test_suppressed():
    with contextlib.suppress(RuntimeError):
        T(2, 3).view(7)
    return T(1)


class TestCase(unittest.TestCase):
    def test(self):
        with self.assertRaises(RuntimeError):
            T(2, 3).view(7)
        with self.assertRaisesRegex(RuntimeError, "dimensions"):
            torch.cat([T(2, 3), T(3)])


test_refused()
TestCase("test").test()
>>> test_suppressed()
""")

WITH = programs("""
### of torch
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        with torch.no_grad():
            x = x * 2
        with torch.autocast("cpu", enabled=False), torch.set_grad_enabled(True):
            y = self.fc(x)
        with torch.inference_mode(mode=True):
            z = y.sum(-1)
        with torch.autograd.set_detect_anomaly(False):
            w = z + 1
        return y, z, w


>>> Net()(T(3, 4))
!!! Net()(T(3, 5))

### a class with __enter__ and __exit__
class Scale:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.n = 1
        return False

    def __call__(self, x):
        return x.repeat(self.n, 1)


scale = Scale(3)
with scale as s:
    a = s(T(2, 4))
b = scale(T(2, 4))
>>> a, b

### __exit__ that swallows
class Swallow:
    def __enter__(self):
        return 5

    def __exit__(self, kind, value, trace):
        return True


def run(x):
    with Swallow() as n:
        return x.view(n)
    return T(1)


>>> run(T(5))

### contextmanager and nullcontext
from contextlib import contextmanager, nullcontext, ExitStack


@contextmanager
def width(n):
    state = {"n": n}
    try:
        yield state["n"]
    finally:
        state["n"] = 0


def run(flag):
    with torch.no_grad() if flag else nullcontext():
        with width(4) as n, nullcontext(2) as m:
            return nn.Linear(n, m)


with width(3) as w:
    x = T(w)
>>> run(True)(T(1, 4)), run(False)(T(1, 4)), x
!!! run(True)(T(1, 5))
""")

GENERATORS = programs("""
### a generator of layers
def layers(sizes):
    for a, b in zip(sizes, sizes[1:]):
        yield nn.Linear(a, b)
        if b > 4:
            yield nn.ReLU()


def both():
    yield from layers([4, 8])
    yield nn.Linear(8, 1)


def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1


net = nn.Sequential(*layers([4, 8, 2]))
gen = numbers(3)
first = next(gen)
>>> net(T(1, 4)), len(net), nn.Sequential(*both())(T(1, 4)), list(numbers(3)), sum(numbers(4)), [n * 2 for n in numbers(2)], first, next(iter([5, 6]))
!!! net(T(1, 5))

### an iterator consumed in steps
it = iter([nn.Linear(4, 8), nn.Linear(8, 2)])
one = next(it)
two = next(it)
none = next(it, None)
>>> one(T(1, 4)), two(T(1, 8)), none
!!! two(T(1, 4))

### a data set and a loader of batches
def batches(n):
    for _ in range(n):
        yield torch.zeros(8, 4), torch.zeros(8, dtype=torch.long)


net = nn.Linear(4, 3)
losses = []
for x, y in batches(2):
    losses.append(F.cross_entropy(net(x), y))
>>> losses, x, y
""")


@pytest.mark.parametrize("program", RETURNS)
def test_returns(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", RAISES)
def test_raise_and_assert(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", TRIES)
def test_try(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", WITH)
def test_with(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", GENERATORS)
def test_generators(program: Program) -> None:
    verify(program)
