"""Builtins and the standard library, as far as code that builds models uses them."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

BUILTINS = programs("""
### a wrapper goes by the name of what it wraps
import functools
KNOWN = {}


def register(builder):
    if builder.__name__ in KNOWN:
        raise ValueError(builder.__name__)
    KNOWN[builder.__name__] = builder
    return builder


def legacy(builder):
    @functools.wraps(builder)
    def inner(*args, **kwargs):
        return builder(*args, **kwargs)
    return inner


@register
@legacy
def one():
    return nn.Linear(3, 4)


@register
@legacy
def two():
    return nn.Linear(3, 4)


>>> list(KNOWN), two.__name__, two()(T(2, 3))
!!! two()(T(2, 5))

### regular expressions on texts that are known
import re
>>> re.split(r"(\\d.*)", "k3x"), re.findall(r"[a-z]+", "a1bc2"), re.sub("a", "b", "banana", 2), int(re.split(r"(\\d.*)", "k3")[1]), re.split(",", "a,b,c", 1)
!!! T(int(re.findall(r"\\d+", "c12")[0])).view(5)

### numbers
>>> abs(-3), round(2.5), round(2.567, 2), int("7"), int(3.9), float("1.5"), bool([]), divmod(7, 2), pow(2, 3), max(1, 2, 3), min([3, 1]), max([1, 5], default=0), max([], default=4), sum([[1], [2]], [])
>>> max(["a", "bbb"], key=len), min([3, -4], key=abs), sorted(["b", "a"], reverse=True), sorted([3, 1, 2], key=lambda n: -n), hash(1) == hash(1) or True, bin(5), hex(255), chr(97), ord("a"), len("abc")
!!! T(int("4")).view(5)

### sequences
>>> list(range(3)), tuple([1, 2]), list("ab"), list({"a": 1}), dict(a=1)["a"], dict([("b", 2)])["b"], set([1, 1, 2]) == {1, 2}, len(set([1, 1])), frozenset([1]) == {1}, list(zip([1, 2], "ab")), list(enumerate("ab", 1)), list(reversed([1, 2])), list(map(str, [1, 2])), list(filter(lambda n: n > 1, [1, 2]))
>>> any([0, 1]), all([]), list(map(lambda a, b: a * b, [1, 2], [3, 4])), slice(1, 2).start, range(2, 10, 3)[1], len(range(5)), 3 in range(5), list(range(5))[::-1], [*range(3), *"ab"], (*[1], 2), {**{"a": 1}, "b": 2}["b"], list(zip(*[(1, 2), (3, 4)]))
!!! T(*range(2, 4)).view(5)

### local variables as a dict, sorted into two by their keys
def sorted_by(wanted, items):
    found = [dict(), dict()]
    for key in items.keys():
        found[int(not wanted(key))][key] = items[key]
    return (*found,)


def build(left_size=3, right_size=4, depth=2):
    options = dict(locals())
    left, others = sorted_by(lambda key: key.startswith("left_"), options)
    left = dict(map(lambda pair: (pair[0][len("left_"):], pair[1]), tuple(left.items())))
    return T(left["size"], others["right_size"], others["depth"])


>>> build(), build(left_size=5), sorted(locals() is not None for _ in [1])
!!! build(5).view(7)

### the rates of dropout by depth
import functools

rates = [rate.item() for rate in torch.linspace(0, 0.1, 4)]
listed = torch.linspace(0, 1, 3).tolist()
>>> [rate > 0 for rate in rates], len(rates), listed, float(rates[0]) == 0.0, torch.linspace(0.5, 0, 6).tolist()[0], torch.linspace(0, 0.1, 1).tolist()
>>> isinstance(functools.partial(nn.LayerNorm, eps=1e-6), functools.partial), isinstance(nn.LayerNorm, functools.partial), isinstance(3, functools.partial)
!!! T(2 if rates[1] > 0 else 3).view(3)

### types
class A:
    n = 1


a = A()
>>> isinstance(1, int), isinstance(True, int), isinstance(1.0, (int, float)), isinstance([], list), isinstance((), (list, tuple)), isinstance("a", str), isinstance(None, type(None)), isinstance(a, A), type(1) is int, type("a") == str, isinstance(T(1), Tensor), isinstance(T(1), torch.Tensor)
>>> callable(print), callable(3), hasattr(a, "n"), hasattr(a, "m"), getattr(a, "n"), getattr(a, "m", 5), issubclass(A, A), isinstance({}, dict), isinstance(T(1).shape, tuple), isinstance(nn.Parameter(T(1)), nn.Parameter), isinstance(T(1), nn.Parameter), isinstance({1}, set), isinstance(nn.ReLU, type)

### lists
a = [3, 1, 2]
a.append(4)
a.extend([5, 6])
a.insert(0, 9)
b = a.pop()
c = a.pop(0)
a.remove(1)
a.sort()
d = a.index(4)
e = a.count(2)
f = a.copy()
f.reverse()
g = a + [7]
f.clear()
del a[0]
h = [0] * 3
h[1:] = [5, 6, 7]
i, *j = a
k = [[]] * 2
k[0].append(1)
l = a == [3, 4, 5]
>>> a, b, c, d, e, f, g, h, i, j, k, l, [1, 2] < [1, 3], 4 in a, a[-1], len(a), [x for x in reversed(a)]

### dicts
d = {"a": 1}
d["b"] = 2
d.update({"c": 3}, e=5)
d.setdefault("f", []).append(6)
x = d.pop("a")
y = d.pop("zz", 7)
z = d.get("b"), d.get("q"), d.get("q", 8)
keys = list(d)
last = d.popitem()
copied = d.copy()
copied.clear()
merged = d | {"b": 9}
for k, v in d.items():
    w = (k, v)
inverted = {v: k for k, v in {"m": 1, "n": 2}.items()}
nested = {"a": {"b": [1, 2]}}
nested["a"]["b"][0] = 5
tupled = {(1, 2): "x", 3: "y", None: "z", True: "t"}
>>> x, y, z, keys, last, len(copied), merged["b"], w, inverted[2], nested["a"]["b"], tupled[1, 2], tupled[None], "b" in d, "a" not in d, list(d.keys()), list(d.values()), dict.fromkeys(["p", "q"], 0)["q"], list(d.items())[0]

### sets
s = {1, 2}
s.add(3)
s.add(3)
s.discard(1)
s.update([5, 6])
s.remove(5)
>>> len(s), 3 in s, s | {9} == {2, 3, 6, 9}, len(s & {2, 3}), len(s - {2}), sorted(s), {1} <= {1, 2}, len(s.union([8])), sorted({2, 3}.intersection({3})), sorted({2, 3}.difference({3}))

### strings
>>> "a,b".split(","), "-".join(["x", "y"]), "abc".replace("b", "z"), " a ".strip(), "Abc".lower(), "abc".startswith("a"), "{} {x}".format(1, x=2), "%d" % 5, "abc"[1:], "a" * 3, "layer3.0.conv".split(".")[0][-1], f"{3:03d}", "a" in "abc", "abc".index("c"), "x=1".partition("="), "ab".zfill(4), "abc".count("a")
>>> str(3), str(2.5), str(None), repr("a"), "a\\nb".splitlines(), "abc".upper().title(), ",".join(map(str, (1, 2))), "1 2".split(), "abc".find("z"), "ab".center(4), "{:>4}".format("a"), "%s-%s" % ("a", 2)

### next, iter and enumerate over what is consumed
it = iter(range(3))
a, b = next(it), next(it)
rest = list(it)
empty = list(it)
z = zip([1, 2], [3, 4])
first = next(z)
left = list(z)
m = map(lambda n: n * 2, [1, 2])
once, twice = sum(m), sum(m)
>>> a, b, rest, empty, first, left, once, twice, next(iter([]), 5), next((n for n in [1, 2] if n > 1), 0), [*iter((1, 2))]
""")

LIBRARY = programs("""
### math
import math
from math import ceil, log2, prod, sqrt

>>> math.ceil(7 / 2), ceil(3.2), math.floor(2.7), math.sqrt(16), int(sqrt(49)), math.prod([2, 3]), prod((4, 5)), int(log2(8)), math.gcd(12, 18), math.pi > 3, math.inf > 1, int(math.log(8, 2) + 0.1), math.pow(2, 3), math.trunc(2.5), math.isclose(1.0, 1.0), math.comb(5, 2), math.hypot(3, 4), math.log2(16), math.factorial(4)
!!! T(math.prod([2, 3])).view(5)

### functools and operator
import functools
import operator
from functools import partial, reduce
from operator import add, attrgetter, itemgetter, mul

>>> reduce(mul, [2, 3, 4]), reduce(lambda a, b: a + b, [[1], [2]], []), functools.reduce(operator.mul, (2, 5), 1), add(2, 3), operator.itemgetter(1)([4, 5]), itemgetter("a", "b")({"a": 1, "b": 2}), attrgetter("in_features")(nn.Linear(3, 2)), list(map(itemgetter(0), [(1, 2), (3, 4)]))
>>> operator.matmul(T(2, 3), T(3, 4)), operator.getitem([7, 8], 1), partial(operator.add, 5)(6), operator.floordiv(7, 2), reduce(torch.matmul, [T(2, 3), T(3, 4), T(4, 5)]), operator.sub(5, 2), operator.neg(3), operator.eq(1, 1), operator.truediv(1, 2), attrgetter("conv.in_channels")(nn.ModuleDict({"conv": nn.Conv2d(3, 1, 1)})), sorted([(2, "b"), (1, "a")], key=itemgetter(0))[0][1]
!!! reduce(torch.matmul, [T(2, 3), T(4, 5)])

### itertools
import itertools
from itertools import accumulate, chain, islice, pairwise, product, zip_longest

>>> list(chain([1], (2, 3))), list(chain.from_iterable([[1], [2]])), list(accumulate([1, 2, 3])), list(product([1, 2], "ab")), list(pairwise([4, 8, 2])), list(islice([1, 2, 3, 4], 2)), list(islice(range(9), 1, 7, 2)), list(zip_longest([1, 2], [3], fillvalue=0)), list(itertools.combinations([1, 2, 3], 2)), list(itertools.permutations([1, 2])), list(itertools.repeat(4, 2))
>>> list(product([0, 1], repeat=2)), [next(c) for c in [itertools.count(5)]], list(itertools.takewhile(lambda n: n < 3, [1, 2, 3, 1])), list(itertools.dropwhile(lambda n: n < 2, [1, 2, 1])), list(itertools.starmap(pow, [(2, 3)])), list(accumulate([1, 2, 3], lambda a, b: a * b)), list(islice(itertools.cycle([1, 2]), 3)), list(zip([1, 2], itertools.count())), list(itertools.chain(*[[1], [2]]))
>>> nn.Sequential(*[nn.Linear(a, b) for a, b in pairwise([4, 8, 2])])(T(1, 4)), nn.Sequential(*chain.from_iterable((nn.Linear(n, n), nn.ReLU()) for n in (4, 4)))(T(1, 4))
!!! nn.Sequential(*[nn.Linear(a, b) for a, b in pairwise([4, 8, 2])])(T(1, 5))

### collections
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque

d = defaultdict(list)
d["a"].append(4)
d["a"].append(5)
n = defaultdict(int)
n["x"] += 3
o = OrderedDict(a=1)
o["b"] = 2
o.move_to_end("a")
q = deque([1, 2])
q.append(3)
q.appendleft(0)
c = Counter("aab")
>>> d["a"], n["x"], n["y"], list(o), nn.Linear(sum(d["a"]), 2)(T(1, 9)), len(d["zz"])
>>> list(q), q.popleft(), q.pop(), list(q)
~~~ c["a"], list(deque([1, 2, 3], maxlen=2))
!!! nn.Linear(sum(d["a"]), 2)(T(1, 8))

### copy, random, os, time, logging, warnings and typing
import copy
import logging
import os
import random
import time
import warnings
from typing import Any, Dict, List, Optional, Tuple, Union, cast

logger = logging.getLogger(__name__)
random.seed(0)
torch.manual_seed(0)
start = time.time()
logger.info("start %s", start)
warnings.warn("careful")
path = os.path.join("a", "b")


def f(x: Optional[Tensor] = None, sizes: List[int] = (), table: Dict[str, Tuple[int, ...]] = {}, y: Union[Tensor, None] = None) -> Tensor:
    n: int = cast(int, 4)
    print(f"{n} {time.time() - start:.2f}")
    return T(n) if x is None else x


>>> f(), f(T(2)), copy.copy([1, 2]), f(x=None), copy.deepcopy((1, [2]))
!!! f(T(2)).view(3)

### numpy basics
import numpy as np

rng = np.random.RandomState(0)
a = np.zeros((2, 3), dtype=np.float32)
sizes = np.array([4, 8])
>>> int(np.prod([2, 3])), int(np.ceil(2.5)), int(np.sqrt(16)), float(np.pi) > 3, nn.Linear(int(np.prod((2, 3))), 1)(T(1, 6))
~~~ torch.from_numpy(a), torch.tensor(np.linspace(0, 1, 5)), a.shape, nn.Linear(int(sizes[0]), 2)(T(1, 4))
!!! nn.Linear(int(np.prod((2, 3))), 1)(T(1, 7))

### functions that are registered under names
LAYERS = {"conv": nn.Conv2d, "linear": nn.Linear, "relu": nn.ReLU}
ACTS = nn.ModuleDict({"relu": nn.ReLU(), "gelu": nn.GELU()})


def build(spec):
    layers = []
    for kind, *args in spec:
        cls = LAYERS[kind]
        layers.append(cls(*args))
    return nn.Sequential(*layers)


def by_name(name, *args, **kwargs):
    return getattr(nn, name)(*args, **kwargs)


>>> build([("linear", 4, 8), ("relu",), ("linear", 8, 2)])(T(1, 4)), by_name("Linear", 4, out_features=2)(T(1, 4))
~~~ nn.__dict__["Linear"](4, 2)(T(1, 4)), eval("nn.Linear")(4, 2)(T(1, 4)), globals()["LAYERS"]["relu"]()(T(1))
!!! build([("linear", 4, 8), ("linear", 9, 2)])(T(1, 4))
""")


SIGNATURES = programs("""
### what a layer takes
import inspect


def norm(kind, channels):
    given = {}
    if "num_features" in inspect.signature(kind).parameters:
        given["num_features"] = channels
    if all(name in inspect.signature(kind).parameters for name in ("num_channels", "num_groups")):
        given.update(num_channels=channels, num_groups=2)
    return kind(**given)


class Own(nn.Module):
    def __init__(self, num_features, *, bias=True):
        super().__init__()
        self.fc = nn.Linear(num_features, 1, bias=bias)

    def forward(self, x):
        return self.fc(x)


>>> norm(nn.BatchNorm2d, 4)(T(2, 4, 5, 5)), norm(nn.GroupNorm, 4)(T(2, 4, 5, 5)), norm(nn.ReLU, 4)(T(2, 4)), norm(Own, 4)(T(2, 4))
>>> [name for name in inspect.signature(Own).parameters], inspect.signature(Own).parameters["bias"].default
!!! norm(nn.BatchNorm2d, 4)(T(2, 5, 5, 5))

### sizes as keys
import math


def filled(x):
    made = {}
    for size in (x.shape[0], x.shape[1], x.shape[0]):
        key = (size, math.copysign(1.0, size))
        if key not in made:
            made[key] = torch.full((), size)
    return torch.stack([made[(size, math.copysign(1.0, size))] for size in x.shape])


class Net(nn.Module):
    def forward(self, x):
        return filled(x)


>>> Net()(T(2, 3)), Net()(T(3, 3))

### a module by its name
import importlib

functional = importlib.import_module("torch.nn.functional")
>>> functional.relu(T(2, 3)), importlib.import_module("torch.nn").Linear(3, 4)(T(2, 3))
!!! importlib.import_module("torch.nn").Linear(3, 4)(T(2, 4))

### builtins of values that depend on a condition
class Net(nn.Module):
    def __init__(self, wide):
        super().__init__()
        self.sizes = (4, 8) if wide else (4,)

    def forward(self, x):
        return x.reshape(*([1] * len(self.sizes)), -1), max(self.sizes), list(self.sizes)


>>> Net(True)(T(2, 3)), Net(False)(T(2, 3))

### a layer for each number of axes
class Net(nn.Module):
    def __init__(self, dims, width):
        super().__init__()
        self.conv = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[dims - 1](3, width, 1)

    def forward(self, x):
        return self.conv(x)


>>> Net(1, 4)(T(2, 3, 8)), Net(2, 4)(T(2, 3, 8, 8)), Net(3, 4)(T(2, 3, 8, 8, 8))
!!! Net(2, 4)(T(2, 4, 8, 8))

### devices
device = torch.device("cpu")


class Net(nn.Module):
    device = None

    def __init__(self):
        super().__init__()
        if self.device != device:
            self.fc = nn.Linear(3, 4)

    def forward(self, x):
        return self.fc(x.to(device))


>>> Net()(T(2, 3)), device is None, device.type
!!! Net()(T(2, 4))
""")


@pytest.mark.parametrize("program", SIGNATURES)
def test_signatures(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", BUILTINS)
def test_builtins(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", LIBRARY)
def test_library(program: Program) -> None:
    verify(program)
