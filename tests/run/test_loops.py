"""Loops: over everything that code loops over, with every way out; of unknown length they are widened."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

FOR = programs("""
### range, zip, enumerate, reversed, sorted, map
x = T(1, 2)
for _ in range(3):
    x = torch.cat([x, x], 1)
sizes = []
for a, b in zip([1, 2, 3], "abc"):
    sizes.append(a)
for i, (a, b) in enumerate(zip([4, 5], [6, 7]), start=1):
    sizes.append(i * a * b)
for n in reversed(range(2)):
    sizes.append(n)
for n in sorted([3, 1, 2], reverse=True):
    sizes.append(n)
for n in map(lambda n: n * 2, [1, 2]):
    sizes.append(n)
for n in filter(None, [0, 7]):
    sizes.append(n)
for n in range(10, 0, -4):
    sizes.append(n)
for key in {"a": 1, "b": 2}:
    sizes.append(key)
for key, value in {"a": 1}.items():
    sizes.append(value)
for name in sorted({"b": 1, "a": 2}):
    sizes.append(name)
for pair in sorted([(2, "b"), (1, "a")], key=lambda p: p[0]):
    sizes.append(pair[1])
>>> x, sizes

### break, continue, else
class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x, stop=None):
        for i, layer in enumerate(self.layers):
            if i == stop:
                break
            if layer.in_features == layer.out_features:
                continue
            x = layer(x)
        else:
            x = torch.cat([x, x], 1)
        return x


net = Net([4, 8, 8, 2])
>>> net(T(1, 4)), net(T(1, 4), 1), net(T(1, 4), 2)
!!! net(T(1, 8))

### return from a loop
def first_at_least(sizes, n):
    for i, size in enumerate(sizes):
        for _ in range(2):
            if size >= n:
                return nn.Linear(size, i + 1)
    return None


>>> first_at_least([2, 4, 8], 3)(T(1, 4)), first_at_least([1], 3) is None
!!! first_at_least([2, 4, 8], 3)(T(1, 8))

### layers of growing width
class Dense(nn.Module):
    def __init__(self, inp, growth, depth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(depth):
            self.layers.append(nn.Conv2d(inp + i * growth, growth, 3, padding=1))
        self.out = inp + depth * growth

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, 1)))
        return torch.cat(features, 1)


dense = Dense(4, 3, 3)
>>> dense(T(1, 4, 5, 5)), dense.out
!!! dense(T(1, 5, 5, 5))

### an encoder and a decoder with skips
class UNet(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.downs, self.ups = nn.ModuleList(), nn.ModuleList()
        inp = 3
        for width in widths:
            self.downs.append(nn.Conv2d(inp, width, 3, padding=1))
            inp = width
        for width in reversed(widths):
            self.ups.append(nn.ModuleList([nn.ConvTranspose2d(inp, width, 2, 2), nn.Conv2d(width * 2, width, 3, padding=1)]))
            inp = width

    def forward(self, x):
        skips = []
        for down in self.downs:
            x = F.relu(down(x))
            skips.append(x)
            x = F.max_pool2d(x, 2)
        for (up, conv), skip in zip(self.ups, skips[::-1]):
            x = conv(torch.cat([skip, up(x)], dim=1))
        return x


net = UNet([4, 8])
>>> net(T(1, 3, 8, 8))
!!! net(T(1, 3, 10, 10))

### over the rows of a tensor and the steps of a sequence
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(4, 6)

    def forward(self, x):
        h = x.new_zeros(x.size(0), 6)
        outs = []
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
            outs.append(h)
        return torch.stack(outs, dim=1)


>>> Net()(T(2, 5, 4)), [row for row in T(2, 3)]
!!! Net()(T(2, 5, 3))

### over a parameter of unknown length
def total(sizes):
    n = 0
    for size in sizes:
        n += size
    return n


>>> total([1, 2]), total(())
""")

WHILE = programs("""
### while with a count
x = T(1, 64)
steps = 0
while x.size(1) > 5:
    x = x[:, ::2]
    steps += 1
n = 100
while True:
    n //= 3
    if n < 4:
        break
else:
    n = 0
i = 0
while i < 5:
    i += 1
    if i == 3:
        continue
items = [1, 2, 3]
while items:
    items.pop()
>>> x, steps, n, i, items

### layers built in a while loop
class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        layers = []
        channels = 3
        while size > 4:
            layers += [nn.Conv2d(channels, channels * 2, 4, 2, 1), nn.ReLU()]
            channels *= 2
            size //= 2
        self.body = nn.Sequential(*layers)
        self.fc = nn.Linear(channels * size * size, 10)

    def forward(self, x):
        return self.fc(self.body(x).flatten(1))


>>> Net(16)(T(2, 3, 16, 16)), len(Net(32).body)
!!! Net(16)(T(2, 3, 32, 32))
""")

UNKNOWN = programs("""
### depth layers of one width
class Net(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])
        self.body = nn.Sequential(*[nn.Linear(dim, dim) for _ in range(depth)])
        more = []
        for i in range(depth):
            more.append(nn.Linear(dim, dim))
        self.more = nn.Sequential(*more)
        self.out = nn.Linear(dim, 2)

    def forward(self, x):
        for layer in self.layers:
            x = x + layer(x)
        for i in range(len(self.layers)):
            x = self.layers[i](x)
        return self.out(self.more(self.body(x)))


>>> Net(4, 3)(T(1, 4))
!!! Net(4, 3)(T(1, 5))

### a mistake behind such a loop
class Net(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(depth)])
        self.out = nn.Linear(dim + 1, 2)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.out(x)
!!! Net(4, 3)(T(1, 4))

### a mistake in such a loop
class Net(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.first = nn.Linear(8, dim)
        self.layers = nn.ModuleList([nn.Linear(dim, 2 * dim) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        x = self.first(x)
        for layer in self.layers:
            x = self.norm(layer(x))  # SHP101
        return x
!!! Net(4, 3)(T(1, 8))

### a width that grows with every round
class Net(nn.Module):
    def __init__(self, inp, growth, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(inp + i * growth, growth, 1) for i in range(depth)])
        self.out = nn.Conv2d(inp + depth * growth, 10, 1)

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return self.out(x)


>>> Net(3, 4, 5)(T(1, 3, 2, 2))

### a width kept in a variable
class Net(nn.Module):
    def __init__(self, dim, depth, classes=5):
        super().__init__()
        layers = []
        width = 3
        for _ in range(depth):
            layers.append(nn.Conv2d(width, dim, 3, padding=1))
            width = dim
        self.body = nn.Sequential(*layers)
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        return self.head(self.body(x))


>>> Net(8, 2)(T(1, 3, 6, 6)), Net(8, 0)(T(1, 3, 6, 6))
!!! Net(8, 2)(T(1, 4, 6, 6))

### a while loop of unknown length
def shrink(x, size):
    while x.shape[-1] > size:
        x = F.max_pool2d(x, 2)
    return x


class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return shrink(self.conv(x), self.size)


>>> Net(4)(T(1, 3, 18, 18)), shrink(T(1, 1, 4, 4), 9)
!!! Net(4)(T(1, 4, 18, 18))

### a dict and a list filled in a loop of unknown length
class Net(nn.Module):
    def __init__(self, names, dim):
        super().__init__()
        self.heads = nn.ModuleDict()
        for name in names:
            self.heads[name] = nn.Linear(dim, 2)
        self.table = {name: i for i, name in enumerate(names)}

    def forward(self, x):
        outs = []
        for name, head in self.heads.items():
            outs.append(head(x))
        return torch.cat(outs, 1), len(self.table)


>>> Net(["a", "b"], 4)(T(1, 4))
!!! Net(["a", "b"], 4)(T(1, 5))
""")


@pytest.mark.parametrize("program", FOR)
def test_for(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", WHILE)
def test_while(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", UNKNOWN)
def test_unknown_length(program: Program) -> None:
    verify(program)
