"""Shapes that a user states: comments to the checker, jaxtyping annotations."""

from __future__ import annotations

import pytest

from shapecheck.check import check_source

HEAD = """
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.dim = dim
        self.embed = nn.Embedding(100, dim)
        self.norm = nn.LayerNorm(dim)
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8 * 30 * 30, 10)

"""


def found(body: str) -> list[tuple[str, str | None]]:
    return [(report.code, report.torch) for report in check_source(HEAD + body).reports]


RIGHT = [
    "    def forward(self, x):  # shapecheck: x = (N, 3, 32, 32)\n        return self.fc(self.conv(x).flatten(1))\n",
    "    def forward(self, x):\n        # shapecheck: x = (N, L, self.dim)\n        return self.norm(x)\n",
    "    # shapecheck: x = (N, L):int64\n    def forward(self, x):\n        return self.norm(self.embed(x))\n",
    '    def forward(self, x: Float[Tensor, "batch 3 32 32"]):\n        return self.fc(self.conv(x).flatten(1))\n',
    '    def forward(self, x: Int[Tensor, "n l"], mask: Bool[Tensor, "n l"]):\n        return self.embed(x) * mask.unsqueeze(-1)\n',
    '    def forward(self, x: Float[Tensor, "... d"]):\n        return self.norm(x)\n',
    "    def forward(self, x):\n        # shapecheck: y = (N, 3)\n        return self.norm(x)\n",
    "    def forward(self, x):\n        # shapecheck: x = (anything at all!)\n        return self.norm(x)\n",
]
WRONG = [
    (
        "    def forward(self, x):  # shapecheck: x = (N, 3, 28, 28)\n        return self.fc(self.conv(x).flatten(1))\n",
        "mat1 and mat2 shapes cannot be multiplied (Nx5408 and 7200x10)",
    ),
    (
        "    def forward(self, x):\n        # shapecheck: x = (N, L, 2*dim)\n        return self.norm(x)\n",
        "Given normalized_shape=[64], expected input with shape [*, 64], but got input of size[N, L, 128]",
    ),
    (
        '    def forward(self, x: Float[Tensor, "batch 1 h w"]):\n        return self.conv(x)\n',
        "Given groups=1, weight of size [8, 3, 3, 3], expected input[batch, 1, h, w] to have 3 channels, but got 1 channels instead",
    ),
    (
        '    def forward(self, x: Float[Tensor, "n 2*c"], y: Float[Tensor, "n 2*c+1"]):\n        return x + y\n',
        "The size of tensor a (2*c) must match the size of tensor b (2*c + 1) at non-singleton dimension 1",
    ),
    (
        "    def forward(self, x, mask=None):\n        # shapecheck: x = (N, 5)\n        # shapecheck: mask = (N, 6)\n        return x if mask is None else x * mask\n",
        "The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 1",
    ),
    (
        "\n\ndef attend(q, k):\n    # shapecheck: q = (N, L, D)\n    # shapecheck: k = (N, S, D + 1)\n    return q @ k.transpose(1, 2)\n",
        "Expected size for first two dimensions of batch2 tensor to be: [N, D] but got: [N, D + 1].",
    ),
]


@pytest.mark.parametrize("body", RIGHT)
def test_what_is_stated_and_right(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize(("body", "sentence"), WRONG)
def test_what_is_stated_and_wrong(body: str, sentence: str) -> None:
    assert [said for _, said in found(body)] == [sentence]


def test_a_class_that_is_called_is_judged_by_what_is_stated_too() -> None:
    body = "    def forward(self, x):  # shapecheck: x = (N, 4, H, W)\n        return self.conv(x)\n\n\nNet()(torch.zeros(1, 3, 9, 9))\n"
    assert len(found(body)) == 1
