"""Comments that state a shape: stale ones are told, and only where it is plain what they speak of."""

from __future__ import annotations

import pytest

from shapecheck import check_source

HEAD = "import torch\nfrom torch import nn\nfrom mylib import unknown\n\nx = torch.zeros(2, 6)\nlayer = nn.Linear(6, 4)\n"


def stale(line: str) -> list[str]:
    return [report.message for report in check_source(HEAD + line + "\n").reports if report.code == "SHP401"]


@pytest.mark.parametrize(
    "line",
    [
        "y = layer(x)  # torch.Size([2, 9])",
        "y: torch.Tensor = layer(x)  # torch.Size([2, 9])",
        "print(layer(x).shape)  # torch.Size([2, 9])",
        "print(layer(x).size())  # torch.Size([2, 9])",
        'print("out:", layer(x).shape)  # torch.Size([2, 9])',
        "layer(x).shape  # torch.Size([2, 9])",
        "layer(x)  # torch.Size([2, 9])",
        "layer(x).shape\n# torch.Size([2, 9])\nz = 1",
        "y = layer(x)\n# torch.Size([2, 9])",
        "y = layer(\n    x\n)  # torch.Size([2, 9])",
        "def f():\n    return layer(x)  # torch.Size([2, 9])\n\n\nf()",
    ],
)
def test_what_is_stale(line: str) -> None:
    assert stale(line) == ["the comment says (2, 9), the shape is (2, 4)"]


@pytest.mark.parametrize(
    "line",
    [
        "y = layer(x)  # torch.Size([2, 4])",
        "y = unknown(layer(x))  # torch.Size([2, 9])",  # it speaks of what is not known
        "print(unknown(layer(x)).shape)  # torch.Size([2, 9])",
        'print("out:", unknown(x), layer(x).shape)  # torch.Size([2, 9])',
        "y = layer(x).numpy()  # torch.Size([2, 9])",
        "y = layer(x).view(3)  # torch.Size([3])",  # torch refuses; what would come out is said nowhere
        "y, z = layer(x).chunk(2, 1)  # torch.Size([2, 2])",  # each of them
        "for row in layer(x):  # torch.Size([4])\n    print(row)",
        "y = [layer(x)]  # torch.Size([1, 2, 4])",
        "y = unknown(1); layer(x)  # torch.Size([9])",
        "if layer(x).shape[0] > 1:  # torch.Size([2, 9])\n    pass",
        "y = layer(x)\n# torch.Size([2, 9])\nz = unknown(y)",  # it may speak of the line below
        "unknown(layer(x))\n# torch.Size([2, 9])",
        "assert layer(x).shape == unknown(x)  # torch.Size([2, 9])",
    ],
)
def test_what_is_not_plain(line: str) -> None:
    assert stale(line) == []
