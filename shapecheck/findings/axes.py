"""107, 108, 109, 110: an axis that is not there, or not long enough."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

RANK = Finding(
    code="SHP107",
    slug="rank",
    title="the wrong number of axes",
    severity="error",
    why="""\
The op takes tensors of certain numbers of axes only. A missing batch or channel axis, and a squeeze that took one too many, are the
usual causes.""",
    bad="""
        import torch
        from torch import nn

        conv = nn.Conv2d(1, 8, 3)
        conv(torch.randn(28, 28))
    """,
    good="""
        import torch
        from torch import nn

        conv = nn.Conv2d(1, 8, 3)
        conv(torch.randn(28, 28)[None, None])
    """,
    fix="Add the axis that is missing with `unsqueeze`, or flatten those that are too many.",
)

AXIS = Finding(
    code="SHP108",
    slug="axis",
    title="an axis that the tensor does not have",
    severity="error",
    why="""\
A tensor with n axes has the axes -n to n - 1. An axis that was squeezed away or never added moves all those behind it.""",
    bad="""
        import torch

        scores = torch.randn(8, 10)
        scores.softmax(dim=2)
    """,
    good="""
        import torch

        scores = torch.randn(8, 10)
        scores.softmax(dim=1)
    """,
    fix="Count the axis again; from the end (`dim=-1`) it stays right when axes are added in front.",
)

INDEX = Finding(
    code="SHP109",
    slug="index",
    title="an index out of bounds, too many indices, or a mask of another shape",
    severity="error",
    why="""\
An index has to lie within its axis, there can be no more of them than axes, and a mask has to have the shape of what it selects
from.""",
    bad="""
        import torch

        x = torch.randn(8, 10)
        x[:, 10]
    """,
    good="""
        import torch

        x = torch.randn(8, 10)
        x[:, 9]
    """,
    fix="Indices count from 0, so the last one is the size minus one, or -1.",
)

WINDOW = Finding(
    code="SHP110",
    slug="window",
    title="a kernel bigger than its input, or nothing left of an axis",
    severity="error",
    why="""\
Convolutions and pools make an image smaller. Here a kernel is bigger than what is left of the image with its padding, or the
padding is more than the mode or the kernel allows.""",
    bad="""
        import torch
        from torch import nn

        net = nn.Sequential(nn.MaxPool2d(4), nn.MaxPool2d(4), nn.Conv2d(3, 8, 3))
        net(torch.randn(1, 3, 32, 32))
    """,
    good="""
        import torch
        from torch import nn

        net = nn.Sequential(nn.MaxPool2d(4), nn.MaxPool2d(4), nn.Conv2d(3, 8, 3, padding=1))
        net(torch.randn(1, 3, 32, 32))
    """,
    fix="Use bigger images, fewer or smaller strides, more padding, or an adaptive pool at the end.",
)
