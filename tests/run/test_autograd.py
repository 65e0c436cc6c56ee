"""Functions with a gradient of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck.summary import summarize

NET = """\
import torch
from torch import nn


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, layer, times=2):
        ctx.save_for_backward(x)
        ctx.times = times
        return torch.cat([layer(x)] * times, 1)

    @staticmethod
    def backward(ctx, grad):
        return grad


class Later(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x[:, :3]

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(5, 6)
        self.turn = Double.apply
        self.out = nn.Linear(18, 4)

    def forward(self, x):
        return self.out(self.turn(torch.autograd.Variable(x), self.inner, 3)), Later.apply(x)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.py").write_text(NET)
    return tmp_path


def test_apply_is_forward(folder: Path) -> None:
    found = summarize("net.py:Net", "2,5", folder=str(folder))
    assert found.output == [(2, 4), (2, 3)]
    assert [row.path for row in found.rows] == ["inner", "out", ""]
    assert found.unknown == ()


def test_what_does_not_fit_behind_it_is_refused(folder: Path) -> None:
    (folder / "net.py").write_text(NET.replace("Linear(18", "Linear(17"))
    found = summarize("net.py:Net", "2,5", folder=str(folder))
    assert found.failure == "Linear wants 17 features, gets 18"
