"""102, 103, 116: two tensors meet whose sizes do not fit."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

MATMUL = Finding(
    code="SHP102",
    slug="matmul",
    title="the inner sizes of a matrix product differ",
    severity="error",
    why="""\
In a @ b the last axis of a has to be as long as the last but one of b, and the batch axes before them have to broadcast.""",
    bad="""
        import torch

        q = torch.randn(8, 10, 64)
        k = torch.randn(8, 12, 64)
        q @ k
    """,
    good="""
        import torch

        q = torch.randn(8, 10, 64)
        k = torch.randn(8, 12, 64)
        q @ k.transpose(1, 2)
    """,
    fix="Transpose the operand whose axes are the wrong way round, or project it to the size that is needed.",
)

BROADCAST = Finding(
    code="SHP103",
    slug="broadcast",
    title="sizes that do not broadcast",
    severity="error",
    why="""\
Sizes are compared from the last axis backwards; each pair has to be equal, or one of the two has to be 1. Residual additions after
a stride and position tables shorter than the sequence are the usual causes.""",
    bad="""
        import torch
        from torch import nn

        x = torch.randn(4, 16, 32, 32)
        nn.Conv2d(16, 16, 3, stride=2, padding=1)(x) + x
    """,
    good="""
        import torch
        from torch import nn

        x = torch.randn(4, 16, 32, 32)
        nn.Conv2d(16, 16, 3, stride=1, padding=1)(x) + x
    """,
    fix="Bring both tensors to the same size, or put an axis of 1 (`unsqueeze`, `None`) where they should broadcast.",
)

EINSUM = Finding(
    code="SHP116",
    slug="einsum",
    title="an einsum or einops pattern does not fit the shapes",
    severity="error",
    why="""\
Each letter of a pattern stands for one size everywhere, and a tensor needs as many axes as its part of the pattern has letters.""",
    bad="""
        import torch

        torch.einsum("bqd,bkd->bqk", torch.randn(8, 10, 64), torch.randn(8, 12, 32))
    """,
    good="""
        import torch

        torch.einsum("bqd,bkd->bqk", torch.randn(8, 10, 64), torch.randn(8, 12, 64))
    """,
    fix="Write the pattern in the order of the tensor's axes, and give the axes that share a letter the same size.",
)
