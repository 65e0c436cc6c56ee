"""Undecided conditions: both arms from one beginning, decided once, merged where they meet."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

SHORTCUT = """
class Block(nn.Module):
    def __init__(self, inp, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inp, out, 3, stride, 1)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1)
        {shortcut}

    def forward(self, x):
        y = self.conv2(F.relu(self.conv1(x)))
        {forward}
"""
IDIOMS = {
    "identity first": (
        """self.shortcut = nn.Identity()
        if stride != 1 or inp != out:
            self.shortcut = nn.Sequential(nn.Conv2d(inp, out, 1, stride), nn.BatchNorm2d(out))""",
        "return y + self.shortcut(x)",
    ),
    "an empty Sequential first": (
        """self.shortcut = nn.Sequential()
        if not (stride == 1 and inp == out):
            self.shortcut = nn.Sequential(nn.Conv2d(inp, out, 1, stride))""",
        "y += self.shortcut(x)\n        return y",
    ),
    "if and else": (
        """if stride != 1 or inp != out:
            self.shortcut = nn.Conv2d(inp, out, 1, stride)
        else:
            self.shortcut = nn.Identity()""",
        "return y + self.shortcut(x)",
    ),
    "None": (
        """self.downsample = None
        if inp != out or stride > 1:
            self.downsample = nn.Conv2d(inp, out, kernel_size=1, stride=stride)""",
        """identity = x
        if self.downsample is not None:
            identity = self.downsample(x)
        return y + identity""",
    ),
    "None as truth": (
        """downsample = nn.Conv2d(inp, out, 1, stride) if stride != 1 or inp != out else None
        self.downsample = downsample""",
        "return y + (self.downsample(x) if self.downsample else x)",
    ),
    "a ternary": (
        "self.shortcut = nn.Conv2d(inp, out, 1, stride) if inp != out or stride != 1 else nn.Identity()",
        "return F.relu(y + self.shortcut(x))",
    ),
    "a flag": (
        """self.same = inp == out and stride == 1
        if not self.same:
            self.proj = nn.Conv2d(inp, out, 1, stride)""",
        """if self.same:
            return x + y
        return self.proj(x) + y""",
    ),
    "use_res_connect": (
        "self.use_res_connect = stride == 1 and inp == out",
        """if self.use_res_connect:
            return x + y
        else:
            return y""",
    ),
    "a lambda": (
        """self.shortcut = lambda x: x
        if stride != 1 or inp != out:
            self.proj = nn.Conv2d(inp, out, 1, stride)
            self.shortcut = self.proj""",
        "return y + self.shortcut(x)",
    ),
    "hasattr": (
        """if stride != 1 or inp != out:
            self.proj = nn.Conv2d(inp, out, 1, stride)""",
        """if hasattr(self, "proj"):
            x = self.proj(x)
        return x + y""",
    ),
}
CONCRETE = "[Block(i, o, s)(T(1, i, 8, 8)) for i in (2, 4) for o in (2, 4) for s in (1, 2)]"


def shortcut(name: str, notes: str = "", change: tuple[str, str] = ("", "")) -> str:
    body = SHORTCUT.format(shortcut=IDIOMS[name][0], forward=IDIOMS[name][1])
    return body.replace(*change) if change[0] else body


RIGHT = programs("".join(f"### {name}\n{shortcut(name)}\n>>> {CONCRETE}\n!!! Block(2, 4, 1)(T(1, 3, 8, 8))\n" for name in IDIOMS))
FORGOTTEN = {
    "identity first": ("stride != 1 or inp != out", "inp != out"),
    "if and else": ("stride != 1 or inp != out", "inp != out"),
    "None": ("inp != out or stride > 1", "inp != out"),
    "a ternary": ("inp != out or stride != 1", "inp != out"),
    "a flag": ("inp == out and stride == 1", "inp == out"),
    "use_res_connect": ("stride == 1 and inp == out", "inp == out"),
}
WRONG = programs(
    "".join(
        f"### {name}\n{shortcut(name, change=change)}\n>>> Block(2, 2, 1)(T(1, 2, 8, 8)), Block(2, 4, 1)(T(1, 2, 8, 8))\n"
        "!!! Block(2, 2, 2)(T(1, 2, 8, 8))\n"
        for name, change in FORGOTTEN.items()
    )
)

DECIDED = programs("""
### one flag in the constructor and in forward
class Net(nn.Module):
    def __init__(self, dim, wide, norm=None):
        super().__init__()
        self.wide = wide
        self.norm = None
        if wide:
            self.fc = nn.Linear(dim, 2 * dim)
        else:
            self.fc = nn.Linear(dim, dim)
        if norm == "layer":
            self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(2 * dim, 3) if self.wide else nn.Linear(dim, 3)

    def forward(self, x):
        if self.norm is not None:
            x = self.norm(x)
        x = self.fc(x)
        if not self.wide:
            x = torch.cat([x, x], -1)[..., : x.shape[-1]]
        return self.out(x)


>>> Net(4, True)(T(1, 4)), Net(4, False)(T(1, 4)), Net(4, False, "layer")(T(1, 4))
!!! Net(4, True)(T(1, 5))

### a layer that only one arm makes, used under the same flag
class Net(nn.Module):
    def __init__(self, dim, bn):
        super().__init__()
        self.bn = bn
        if bn:
            self.norm = nn.BatchNorm1d(dim)
        self.fc = nn.Linear(dim, 2)

    def forward(self, x):
        if self.bn:
            x = self.norm(x)
        return self.fc(x)


>>> Net(4, True)(T(2, 4)), Net(4, False)(T(2, 4))

### a comparison asked twice, the second time the other way round
class Net(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.a, self.b = a, b
        if a < b:
            self.fc = nn.Linear(a, b)
        self.kind = "up" if a < b else "down"

    def forward(self, x):
        if self.b > self.a:
            x = self.fc(x)
        if not self.a >= self.b:
            return x
        return x * 2


>>> Net(2, 4)(T(1, 2)), Net(4, 2)(T(1, 4))

### strings that choose, else raises
class Net(nn.Module):
    def __init__(self, dim, pool="cls", act="relu"):
        super().__init__()
        assert pool in ("cls", "mean")
        self.pool = pool
        if act == "relu":
            self.act = nn.ReLU()
        elif act == "glu":
            self.act = nn.GLU()
        else:
            raise ValueError(act)
        self.fc = nn.Linear(dim if act != "glu" else dim // 2, 3)

    def forward(self, x):
        x = x.mean(dim=1) if self.pool == "mean" else x[:, 0]
        return self.fc(self.act(x))


>>> Net(4)(T(2, 5, 4)), Net(4, "mean", "glu")(T(2, 5, 4))
!!! Net(4)(T(2, 4, 5))

### self.training
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
        self.aux = nn.Linear(4, 3)

    def forward(self, x):
        if self.training:
            return self.fc(x), self.aux(x)
        return self.fc(x)


net = Net()
trained = net(T(1, 4))
net.eval()
>>> trained, net(T(1, 4)), net.training, net.fc.training, net.train()(T(1, 4)), net.train(False)(T(1, 4)), Net().eval()(T(1, 4))
!!! Net().train()(T(1, 3))
""")

MERGES = programs("""
### a variable, an attribute, a list and a dict that one arm changes
class Net(nn.Module):
    def __init__(self, dim, flag):
        super().__init__()
        width = dim
        layers = [nn.Linear(dim, dim)]
        options = {"bias": True}
        self.scale = 1
        if flag:
            layers.append(nn.ReLU())
            layers.append(nn.Linear(dim, 2 * dim))
            width = 2 * dim
            options["bias"] = False
            self.scale = 2
        else:
            layers.append(nn.Tanh())
        self.body = nn.Sequential(*layers)
        self.out = nn.Linear(width, 3, **options)

    def forward(self, x):
        return self.out(self.body(x)) * self.scale


>>> Net(4, True)(T(1, 4)), Net(4, False)(T(1, 4)), Net(4, True).out.bias, len(Net(4, False).body)
!!! Net(4, True)(T(1, 5))

### a size that both arms agree on
class Net(nn.Module):
    def __init__(self, flag):
        super().__init__()
        self.flag = flag
        self.a = nn.Linear(4, 8)
        self.b = nn.Sequential(nn.Linear(4, 6), nn.Linear(6, 8))
        self.out = nn.Linear(9, 2)

    def forward(self, x):
        if self.flag:
            x = self.a(x)
        else:
            x = self.b(x)
        return self.out(x)  # SHP101
!!! Net(True)(T(1, 4))

### sizes that the arms do not agree on, one of them wrong
class Net(nn.Module):
    def __init__(self, flag):
        super().__init__()
        self.flag = flag
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(4, 7)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        x = self.a(x) if self.flag else self.b(x)
        return self.out(x)  # SHP101


>>> Net(True)(T(1, 4))
!!! Net(False)(T(1, 4))

### an attribute deleted on one arm, a variable set on one
class Net(nn.Module):
    def __init__(self, flag, dim):
        super().__init__()
        self.flag = flag
        self.fc = nn.Linear(dim, dim)
        if flag:
            del self.fc
            extra = dim
        if flag:
            self.up = nn.Linear(dim, extra)

    def forward(self, x):
        if self.flag:
            return self.up(x)
        return self.fc(x)


>>> Net(True, 4)(T(1, 4)), Net(False, 4)(T(1, 4))

### mutable values shared by both arms
class Net(nn.Module):
    def __init__(self, flag, dim):
        super().__init__()
        sizes = [dim, dim]
        alias = sizes
        if flag:
            sizes[1] = 3 * dim
        self.fc = nn.Linear(alias[0], alias[1])
        self.out = nn.Linear(sizes[-1], 2)

    def forward(self, x):
        return self.out(self.fc(x))


>>> Net(True, 4)(T(1, 4)), Net(False, 4)(T(1, 4))

### a condition on data
def f(x):
    if x.sum() > 0:
        y = torch.cat([x, x], 1)
    else:
        y = torch.cat([x, x * 2], 1)
    if x.mean() > 1:
        y = y[:, :2]
    return y[:, :1]


>>> f(T(2, 3))

### both arms return a tuple
class Net(nn.Module):
    def __init__(self, flag, dim):
        super().__init__()
        self.flag = flag
        self.fc = nn.Linear(dim, 8)
        self.out = nn.Linear(8, 2)

    def encode(self, x):
        if self.flag:
            return self.fc(x), None
        return self.fc(x), x

    def forward(self, x):
        y, rest = self.encode(x)
        if rest is not None:
            y = y + rest.mean()
        return self.out(y)


>>> Net(True, 4)(T(1, 4)), Net(False, 4)(T(1, 4))
!!! Net(False, 4)(T(1, 5))
""")


MANY = programs("""
### tensors of one rank on many paths
def pick(x, kind):
    if kind == "a":
        return x[:, :1]
    if kind == "b":
        return x[:, :2]
    if kind == "c":
        return x[:, :3]
    if kind == "d":
        return x[:, :4]
    if kind == "e":
        return x[:, :5]
    if kind == "f":
        return x[:, :6]
    if kind == "g":
        return x[:, :7]
    return x


class Net(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def forward(self, x):
        return torch.stack([pick(x, self.kind).sum((1, 2)), x[:, 0, 0]])


>>> Net("c")(T(2, 8, 9))

### an op of many arguments each of which depends on a condition
class Net(nn.Module):
    def __init__(self, flags):
        super().__init__()
        self.flags = flags

    def forward(self, x):
        parts = []
        for number in range(12):
            part = x[number]
            if self.flags[number]:
                part = part * 2
            else:
                part = part.clone()
            parts.append(part if self.flags[0] else part + 1)
        return torch.stack(parts)


>>> Net([True] * 12)(T(12, 3))

### a tensor compared with what is not known
class Net(nn.Module):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def forward(self, x):
        mask = x > self.threshold
        return torch.where(mask, x, 0.0), mask.float().sum(-1)


>>> Net(0.5)(T(2, 3)), Net(T(2, 1))(T(2, 3))
!!! Net(T(2, 2))(T(2, 3))
""")


@pytest.mark.parametrize("program", MANY)
def test_many_paths(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", RIGHT)
def test_the_shortcut_idiom(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", WRONG)
def test_a_shortcut_that_forgets_the_stride(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", DECIDED)
def test_decided_once(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", MERGES)
def test_merges(program: Program) -> None:
    verify(program)
