"""A view that folds features into the batch (SHP301): where it is said, and where rows are meant."""

from __future__ import annotations

import pytest

from shapecheck.check import check_source

NET = """\
import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, stride=4, padding=1)
        self.fc1 = nn.Linear(32 * 8 * 8, 20)
        self.fc2 = nn.Linear(20, 10)
        self.rows = nn.Linear(14, 5)

    def forward(self, x):
        FORWARD


net = Net()
"""

PLAIN = "x = F.relu(self.conv(x)); x = x.view(-1, 32 * 8 * 8); return self.fc2(F.relu(self.fc1(x)))"


def said(forward: str, calls: str) -> list[str]:
    """What is said of a program with this forward, called so."""
    text = NET.replace("FORWARD", forward) + calls + "\n"
    line = next(number for number, line in enumerate(text.splitlines(), 1) if forward in line)
    found = check_source(text, "net.py").reports
    assert all(report.range.line == line and report.finding.severity == "warning" and report.torch is None for report in found)
    return [f"{report.code} {report.message}; {report.hint}" for report in found]


@pytest.mark.parametrize(
    ("forward", "batch", "size", "rows"),
    [
        (PLAIN, 1, 224, "(32, 56, 56) is cut into 49 rows of 2048: a batch of 1 becomes 49"),
        (PLAIN, 4, 224, "(32, 56, 56) is cut into 49 rows of 2048: a batch of 4 becomes 196"),
        (PLAIN, 4, 64, "(32, 16, 16) is cut into 4 rows of 2048: a batch of 4 becomes 16"),
        (PLAIN.replace("view(", "reshape("), 2, 64, "(32, 16, 16) is cut into 4 rows of 2048: a batch of 2 becomes 8"),
        (
            PLAIN.replace("x.view(-1", "torch.reshape(x, (-1").replace("8);", "8));"),
            2,
            64,
            "(32, 16, 16) is cut into 4 rows of 2048: a batch",
        ),
        ("return torch.log_softmax(self.fc1(F.dropout(self.conv(x).view(-1, 2048))), 1)", 2, 64, "(32, 16, 16) is cut into 4 rows of 2048"),
    ],
)
def test_a_folded_batch(forward: str, batch: int, size: int, rows: str) -> None:
    torch = pytest.importorskip("torch")
    found = said(forward, f"net(torch.rand({batch}, 3, {size}, {size}))")
    assert len(found) == 1 and found[0].startswith(f"SHP301 {rows}")
    assert found[0].endswith(f"with {32 * (size // 4) ** 2} features; 2048 is 32*8*8, as images of 32x32 give")
    names: dict[str, object] = {}
    exec(NET.replace("FORWARD", forward), names)
    net = names["net"]
    assert callable(net)
    becomes = batch * (size // 32) ** 2
    assert net(torch.rand(batch, 3, size, size)).shape[0] == becomes and net(torch.rand(batch, 3, 32, 32)).shape[0] == batch
    assert str(becomes) in found[0] or "becomes" not in rows


@pytest.mark.parametrize("size", [32, 48])
def test_the_size_it_was_made_for_and_one_that_does_not_divide(size: int) -> None:
    text = NET.replace("FORWARD", PLAIN) + f"net(torch.rand(4, 3, {size}, {size}))\n"
    assert not [report for report in check_source(text, "net.py").reports if report.code == "SHP301"]


@pytest.mark.parametrize(
    ("forward", "call"),
    [
        ("return self.rows(self.conv(x).view(-1, 14))", "net(torch.rand(2, 3, 56, 56))"),  # the last axis survives
        ("return self.rows(self.conv(x).view(-1, 14))", "net(torch.rand(2, 3, 112, 112))"),  # the last axis in two pieces
        ("return self.fc1(self.conv(x).flatten(2).view(-1, 2048))", "net(torch.rand(2, 3, 256, 128))"),  # an axis of a matrix
        (
            PLAIN.replace("self.fc2(", "self.fc2(").replace("return ", "return (").replace("x)))", "x)))).view(2, -1, 10).mean(1)"),
            "net(torch.rand(2, 3, 64, 64))",
        ),
        ("return self.conv(x).view(-1, 2048)", "net(torch.rand(2, 3, 64, 64))"),  # nothing takes the rows for samples
        (PLAIN, "net(torch.rand(2, 3, 64, 64)[:, :, :32, :32])"),
        (PLAIN, ""),  # the image's size is not known
    ],
)
def test_rows_that_are_meant(forward: str, call: str) -> None:
    assert said(forward, call) == []


def test_a_caller_that_puts_the_rows_together_again() -> None:
    outer = """\
class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = Net()

    def forward(self, x):
        return self.net(x).view(x.shape[0], -1, 10).mean(1)


Outer()(torch.rand(4, 3, 64, 64))"""
    assert said(PLAIN, outer) == []
    assert len(said(PLAIN, outer.replace(".view(x.shape[0], -1, 10).mean(1)", ".relu()"))) == 1


def test_a_loader_has_any_number_of_samples() -> None:
    found = said(
        PLAIN,
        "data = torch.utils.data.TensorDataset(torch.rand(100, 3, 64, 64))\n"
        "for (images,) in torch.utils.data.DataLoader(data, batch_size=8, drop_last=True):\n    net(images)",
    )
    assert found and "is cut into 4 rows of 2048: a batch of 8 becomes 32" in found[0]
