"""Where runs begin, what is reported once, and what is never reported: code that would work for some rank, size or kind of argument."""

from __future__ import annotations

import pytest

from shapecheck.check import check_source, shapes_in_source
from tests.run.programs import PRELUDE, Program, check, programs, verify

BEGINNINGS = programs("""
### a class that nothing builds
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 2)

    def forward(self, x):
        return self.b(self.a(x))  # SHP101
!!! Net()(T(1, 4))

### a block that passes at first, in a class that nothing builds
class Block(nn.Module):
    def __init__(self, inp, out):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3)
        self.norm = nn.BatchNorm2d(out)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))  # SHP101


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Block(3, 8)
        self.second = Block(8, 16)
        self.third = Block(8, 4)

    def forward(self, x):
        return self.third(self.second(self.first(x)))
!!! Net()(T(1, 3, 20, 20))

### with arguments that nothing gives
class Net(nn.Module):
    def __init__(self, inp, hidden, out=3):
        super().__init__()
        self.a = nn.Linear(inp, hidden)
        self.norm = nn.LayerNorm(hidden * 2)
        self.b = nn.Linear(hidden, out)

    def forward(self, x):
        return self.b(self.norm(self.a(x)))  # SHP101
!!! Net(4, 5)(T(1, 4))

### under if __name__
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, 2)

    def forward(self, x):
        return self.fc(x)


def main():
    net = Net(4)
    return net(T(1, 4))


if __name__ == "__main__":
    Net(3)(T(1, 4))
    main()
>>> main()

### functions without required parameters, and tests
def helper(n):
    return nn.Linear(n, 2)


def build():
    return nn.Sequential(helper(4), nn.Linear(2, 1))


def test_right():
    assert build()(T(3, 4)).shape == (3, 1)


def test_wrong():
    build()(T(3, 5))  # SHP101
>>> build()(T(1, 4))
!!! test_wrong()

### methods of a test class
import unittest


class TestNet(unittest.TestCase):
    def test_right(self):
        self.assertEqual(nn.Linear(4, 2)(T(1, 4)).shape, (1, 2))


>>> nn.Linear(4, 2)(T(1, 4))

### a module built at module level and never called
class Net(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.a = nn.Linear(4, a)
        self.b = nn.Linear(b, 2)

    def forward(self, x):
        return self.b(self.a(x))  # SHP101


right = Net(8, 8)
wrong = Net(8, 9)
!!! wrong(T(1, 4))
""")

ONCE = programs("""
### a block used ten times
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, n + 1)
        self.norm = nn.LayerNorm(n)

    def forward(self, x):
        return self.norm(self.fc(x))  # SHP101


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(4) for _ in range(10)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x


def test():
    return Net()(T(2, 4))


net = nn.Sequential(Block(5), Block(6))
!!! Net()(T(1, 4))
!!! test()
!!! net(T(1, 5))

### what follows a refusal
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(7, 6)
        self.c = nn.Linear(5, 2)

    def forward(self, x):
        x = self.b(self.a(x))  # SHP101
        x = self.c(x)
        return x.view(3, 3, 3)
!!! Net()(T(1, 4))

### an input that several layers refuse
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        q = self.q(x)
        k = self.k(x)
        return q @ k.transpose(-2, -1) @ self.v(x)


>>> Net()(T(1, 2, 4))
!!! Net()(T(1, 2, 5))
""")

LATENT = """
class Net(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.a = nn.Linear(dim, dim)
        self.b = nn.Linear(2 * dim, dim)

    def forward(self, x):
        return self.b(self.a(x))
"""


def test_the_same_bug_seen_latently_and_concretely() -> None:
    calls = "net = Net(4)\nnet(torch.zeros(1, 4))\nNet(8)(torch.zeros(1, 8))\n\n\ndef test():\n    Net(5)(torch.zeros(1, 5))\n"
    for behind in ("", calls):
        reports = check_source(PRELUDE + LATENT + behind).reports
        assert [(report.code, report.range.line) for report in reports] == [("SHP101", PRELUDE.count("\n") + 9)]


SILENT = programs("""
### lists of modules and parameters that nobody calls
class Blocks(nn.ModuleList):
    def __init__(self, n=3):
        super().__init__([nn.Linear(3, 3) for _ in range(n)])


class Named(nn.ModuleDict):
    pass


parameters = nn.ParameterList([torch.zeros(2, 3), torch.zeros(4)])
named = nn.ParameterDict({"a": torch.zeros(2, 3)})
blocks = Blocks()
>>> blocks[0](T(2, 3))

### ranks: batched and unbatched inputs
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 8)
        self.conv = nn.Conv1d(3, 4, 3)
        self.fc = nn.Linear(8, 2)

    def forward(self, x, y):
        out, (h, c) = self.lstm(x)
        y = self.conv(y)
        return self.fc(out).squeeze(0), h[-1], y.transpose(-1, -2), y.mean(-1, keepdim=True)


>>> Net()(T(5, 2, 4), T(2, 3, 9)), Net()(T(5, 4), T(3, 9))

### an arm that only some ranks come to
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 2)

    def forward(self, x):
        x = self.a(x)
        if x.dim() == 2:
            return x
        return self.b(x)
>>> Net()(T(1, 4))

### an axis that some ranks have
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        x = self.fc(x)
        return x.permute(0, 2, 1), x.sum(2), x[:, :, 0], x.unbind(1)


>>> Net()(T(2, 3, 4))

### sizes that may broadcast
class Net(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.fc = nn.Linear(a, b)
        self.bias = nn.Parameter(torch.zeros(b))

    def forward(self, x, y, mask=None):
        z = self.fc(x) + y
        if mask is not None:
            z = z.masked_fill(mask == 0, -1e9)
        return z * self.bias + x.mean() - x


>>> Net(4, 4)(T(1, 4), T(4)), Net(4, 1)(T(1, 4), T(1, 1)), Net(1, 4)(T(1, 1), T(4))

### views that fit some sizes
class Net(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3, padding=1)
        self.fc = nn.Linear(256, 10)

    def forward(self, x):
        x = F.max_pool2d(self.conv(x), 2)
        x = x.view(-1, 256)
        return self.fc(x)


>>> Net(4)(T(2, 3, 16, 16))

### arguments that are no tensors
class Dataset:
    def __init__(self, image, table, transform=None):
        self.image = image.convert("RGB").resize((224, 224))
        self.table = table.astype("float32").reshape(-1, 7)
        self.width, self.height = image.size
        self.rows = table.shape[0] // 2

    def __getitem__(self, i):
        row = self.table[i].copy()
        return torch.from_numpy(row).float(), self.image.crop((0, 0, 5, 5))


def show(image, boxes, text):
    image = image.transpose(1, 2, 0)
    for x1, y1, x2, y2 in boxes:
        image[y1:y2, x1:x2] = 0
    return image.sum(axis=(0, 1)), text.split(",")


def train(model, loader, optimizer, device="cpu"):
    for i, (x, y) in enumerate(loader):
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


model = nn.Linear(4, 3)
batches = [(T(2, 4), torch.zeros(2, dtype=torch.long))]
>>> train(model, batches, torch.optim.SGD(model.parameters(), 0.1)) >= 0 or True

### numpy arrays in a forward
class Net(nn.Module):
    def forward(self, image, points):
        h, w = image.shape[:2]
        size = points.shape[0]
        flat = image.reshape((h * w, -1))
        return torch.as_tensor(flat).float(), image.astype("uint8"), points.max(axis=1), size


import numpy as np

~~~ Net()(np.zeros((2, 3, 4)), np.zeros((5, 2)))[0]

### configurations of unknown kind
class Net(nn.Module):
    def __init__(self, config, layers):
        super().__init__()
        self.embed = nn.Embedding(config.vocab, config.hidden_size)
        self.heads = config.hidden_size // config.num_heads
        self.body = nn.ModuleList([nn.Linear(config["hidden_size"], n) for n in layers])
        if config.get("norm"):
            self.norm = nn.LayerNorm(config.hidden_size)
        self.out = nn.Linear(config.hidden_size, config.num_labels if hasattr(config, "num_labels") else 2)

    def forward(self, ids, **kwargs):
        x = self.embed(ids)
        for layer in self.body:
            x = layer(x)
        return self.out(x[..., 0, :]), kwargs.get("labels")


class Config(dict):
    vocab, hidden_size, num_heads = 10, 4, 2

    def __getitem__(self, name):
        return getattr(self, name)


>>> Net(Config(), [4, 4])(torch.zeros(2, 3, dtype=torch.long))[1]
>>> Net(Config(), [4, 4])(torch.zeros(2, 3, dtype=torch.long))[0]
""")


@pytest.mark.parametrize("program", BEGINNINGS)
def test_beginnings(program: Program) -> None:
    if program.name == "under if __name__":  # torch runs it as a module, shapecheck as a program
        reports, _ = check(program)
        assert [report.code for report in reports] == ["SHP101"]
    else:
        verify(program)


@pytest.mark.parametrize("program", ONCE)
def test_reported_once(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", SILENT)
def test_not_accused(program: Program) -> None:
    verify(program)


def test_shapes_of_every_expression() -> None:
    text = PRELUDE + LATENT.replace("2 * dim", "dim") + "y = Net(4)(T(2, 4))\n"
    shapes = {found.text: found.shape for found in shapes_in_source(text).expressions if found.shape is not None}
    assert shapes["Net(4)(T(2, 4))"] == shapes["self.b(self.a(x))"] == (2, 4)
    assert shapes["T(2, 4)"] == (2, 4)


def test_super_with_its_arguments_the_wrong_way_round() -> None:
    """Python raises a TypeError there: nothing is said of the layers that would be assigned behind it."""
    text = (
        PRELUDE
        + "class Net(nn.Module):\n    def __init__(self):\n        super(self, Net).__init__()\n        self.a = nn.Linear(4, 2)\n\nNet()\n"
    )
    assert check_source(text).reports == ()
