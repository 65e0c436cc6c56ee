"""Expressions: comprehensions, ternaries, boolean operators, comparisons, walrus, f-strings, slices and unpacking."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

COMPREHENSIONS = programs("""
### lists
sizes = [4, 8, 2]
layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
nested = [[i * j for j in range(3)] for i in range(2)]
flat = [j for row in nested for j in row if j]
chosen = [n for n in range(10) if n % 2 == 0 if n > 3]
either = [nn.Linear(4, n) if n > 1 else nn.Identity() for n in (1, 2)]
x = 7
inner = [x for x in range(3)]
>>> nn.Sequential(*layers)(T(1, 4)), nested, flat, chosen, [e(T(1, 4)) for e in either], x, inner, [(a, b) for a in "ab" for b in range(2)]
!!! [layer(T(1, 8)) for layer in layers]

### dicts
heads = {f"head{i}": nn.Linear(4, n) for i, n in enumerate([1, 2])}
swapped = {value: key for key, value in {"a": 1, "b": 2}.items()}
kept = {k: v for k, v in swapped.items() if k > 1}
module = nn.ModuleDict(heads)
>>> heads["head1"](T(1, 4)), swapped[2], len(kept), {k: h(T(1, 4)) for k, h in module.items()}["head0"]
!!! {k: h(T(1, 3)) for k, h in module.items()}

### sets and generators
kinds = {n % 3 for n in range(10)}
total = sum(n * n for n in range(4))
out = nn.Sequential(*(nn.Linear(4, 4) for _ in range(3)))
features = torch.cat(tuple(T(2, n) for n in (1, 2, 3)), dim=1)
first = next(n for n in range(5) if n > 2)
>>> len(kinds), total, out(T(1, 4)), features, first, any(n > 3 for n in range(3)), all(n < 3 for n in range(3)), max(n * 2 for n in (1, 5, 3))
>>> ", ".join(str(n) for n in range(3)), dict((str(n), n) for n in range(3))["2"], tuple(n for n in (1, 2))
!!! torch.cat([T(n, n) for n in (1, 2)])

### over tensors
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, xs):
        return torch.stack([self.fc(x) for x in xs]), [part.sum() for part in xs.unbind(0)], [row[0] for row in xs[0]]


>>> Net()(T(3, 5, 4)), len([x for x in T(4, 2)]), [i for i, _ in enumerate(T(2, 2))], [a + b for a, b in zip(T(2, 3), T(2, 3))]
!!! Net()(T(3, 4, 5))
""")

OPERATORS = programs("""
### ternaries
class Net(nn.Module):
    def __init__(self, norm, out=None):
        super().__init__()
        self.norm = nn.BatchNorm1d(4) if norm == "batch" else nn.LayerNorm(4) if norm == "layer" else nn.Identity()
        self.fc = nn.Linear(4, 2 if out is None else out)

    def forward(self, x):
        return self.fc(self.norm(x) if x.dim() == 2 else x)


>>> Net("batch")(T(2, 4)), Net("layer", 5)(T(2, 4)), Net(None).norm(T(2, 3)), Net("layer")(T(2, 3, 4))
!!! Net("layer")(T(2, 3))

### and, or, not
a = None or 4
b = 0 or "" or [] or 5
c = 3 and 6
d = not a
e = [] and 1
>>> nn.Linear(a, b)(T(1, 4)), c, d, e, (a == 4) or missing, (a > 9 and a < 20), not (a and not b)

### comparisons
x = T(2, 3, 4)
n = 5
>>> 1 < n <= 5, n in (1, 5), n not in [5], "b" in "abc", "a" in {"a": 1}, x.shape == (2, 3, 4), x.shape[1:] == torch.Size([3, 4]), x.size() != x.shape
>>> n is None, n is not None, x.ndim == 3, len(x.shape) > 2, (1, 2) < (1, 3), [1, 2] == [1, 2], x.dtype == torch.float32, x.shape[0] == x.shape[1] - 1

### arithmetic
n = 7
>>> n // 2, n % 4, n / 2, 2**5, -n, +n, abs(-n), divmod(n, 3), int(n / 2), round(n / 2), 1 << 4, n & 3, n | 8, n ^ 1, int(n * 0.5), float(n), 7 // -2, -7 % 3
>>> max(n, 9), min([4, 2]), sum([1, 2], 3), "a" + "b", "ab" * 2, [0] * 3, (1,) + (2,), [1] + [2], "%d-%s" % (1, "x")

### walrus
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        if (half := n // 2) > 1:
            self.fc = nn.Linear(n, half)
        else:
            self.fc = nn.Linear(n, 1)

    def forward(self, x):
        return torch.cat([y := self.fc(x), y], 1)


items = [4, 8]
sizes = [last := n for n in items]
while (n := len(items)) > 0:
    items.pop()
>>> Net(6)(T(1, 6)), Net(2)(T(1, 2)), last, n
!!! Net(6)(T(1, 4))

### f-strings
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        for i, n in enumerate([3, 5]):
            setattr(self, f"fc{i + 1}", nn.Linear(4, n))
            self.add_module(f"norm_{n:02d}", nn.LayerNorm(n))

    def forward(self, x):
        return [getattr(self, f"norm_{n:02d}")(getattr(self, f"fc{i}")(x)) for i, n in zip((1, 2), (3, 5))]


name = "fc"
>>> Net()(T(1, 4)), f"{name}{1 + 1}-{name!r}-{3.14159:.2f}-{7:>3}", "{}.{}".format(name, 2), name.upper(), "a.b".split("."), f"{name + 's'}", "%s_%d" % (name, 3)
!!! Net()(T(1, 5))

### methods of strings
s = "conv_block_3"
>>> s.startswith("conv"), s.split("_")[-1], int(s.split("_")[-1]), s.replace("conv", "fc"), "_".join(["a", "b"]), s.endswith(("x", "3")), s.lower() == s, s[0], s[:4], len(s), s.strip("c"), s.find("b"), "3".isdigit(), s.rpartition("_")[2]
""")

SHAPES = programs("""
### unpacked shapes
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(12, 2)

    def forward(self, x):
        B, C, H, W = x.shape
        h, w = x.shape[-2:]
        b, *rest = x.size()
        n, c = x.shape[:2]
        assert h == H and w == W and rest[0] == C
        y = x.view(B, C * H * W)
        return self.fc(y), x.permute(0, 2, 3, 1).reshape(b, h * w, c), len(rest)


>>> Net()(T(2, 3, 2, 2))
!!! Net()(T(2, 3, 2, 3))

### a starred target in every place
x = T(2, 3, 4, 5)
a, *b = x.shape
*c, d = x.shape
e, *f, g = x.shape
(h, i), *j = (x.shape[:2], 1, 2)
*_, k, l = x.shape
>>> a, b, c, d, e, f, g, h, i, j, k, l, T(*b), T(*c, d)
!!! torch.zeros(*b).view(7)

### sizes by method and by index
x = T(2, 3, 4)
>>> x.size(0), x.size(-1), x.size()[1], x.shape[-1], x.ndim, x.dim(), x.numel(), len(x), x.shape.numel(), list(x.shape), tuple(x.size()), x.size(dim=1), x.nelement()
!!! x.size(3)
!!! x.shape[3]

### too few and too many names
x = T(2, 3, 4)


def two(x):
    a, b = x.shape
    return a


def four(x):
    a, b, c, d = x.shape
    return a


>>> two(T(2, 3))
!!! two(x)
!!! four(x)

### tensors unpacked
x = T(3, 2, 4)
a, b, c = x
q, k, v = x.unbind(0)
(u, w), rest = x.chunk(2, dim=1), 1
first, *others = x
>>> a, q, u, w, first, len(others), [t.shape[0] for t in x.split([1, 2])]
!!! [p for p, q in [x]]

### slices
x = T(4, 6, 8)
n = 2
items = list(range(6))
>>> x[1:], x[:, :n], x[..., -n:], x[0], x[:, 0], x[None], x[:, None, 1:3], x[::2, 1:-1], x[[0, 1]], x[..., 0, 1:], x[:n, n:][0]
>>> items[1:], items[-2:], items[::2], items[::-1], items[n:-1], "abc"[::-1], (1, 2, 3)[:2], items[slice(1, 3)]
!!! x[4]
!!! x[:, :, :, 0]

### nested targets, chained and augmented assignments
a = b = [1]
b.append(2)
(c, d), e = (1, [2]), 3
c, d = d, c
n = 4
n += 2
n *= 3
n //= 4
n -= 1
n **= 2
n %= 7
items = [1, 2]
items += [3]
items *= 2
items[0] += 10
t = (1,)
t += (2,)
x = T(2, 3)
x += 1
x *= T(3)
sizes = {"a": 1}
sizes["a"] += 4
>>> a, c, d, e, n, items, t, x, sizes["a"]
!!! T(2, 3).add_(T(4))

### items stored and deleted
x = T(4, 5)
x[0] = 1
x[:, 1:3] = T(4, 2)
x[1, ...] += T(5)
rows = [None] * 3
rows[1] = T(2, 3)
rows[-1] = T(4)
del rows[0]
names = {}
names["x"] = x
names["y"], names["z"] = 1, 2
del names["y"]
matrix = [[0] * 2 for _ in range(2)]
matrix[1][0] = 5


def store(x):
    x[:, 1:3] = T(4, 3)
    return x


>>> x, rows[0], len(rows), names["x"], len(names), matrix
!!! store(T(4, 5))
""")


@pytest.mark.parametrize("program", COMPREHENSIONS)
def test_comprehensions(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", OPERATORS)
def test_operators(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", SHAPES)
def test_shapes_and_targets(program: Program) -> None:
    verify(program)
