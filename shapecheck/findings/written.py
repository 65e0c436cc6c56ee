"""4xx: what is written about a shape is false."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

STALE_SHAPE_COMMENT = Finding(
    code="SHP401",
    slug="stale-shape-comment",
    title="a comment states another shape than the code makes",
    severity="warning",
    why="The comment was right once, or for other code; whoever trusts it is led astray.",
    bad="""
        import torch
        from torch import nn

        conv = nn.Conv2d(3, 3, (11, 11))
        out = conv(torch.randn(256, 3, 227, 227))
        # torch.Size([128, 3, 14, 6])
    """,
    good="""
        import torch
        from torch import nn

        conv = nn.Conv2d(3, 3, (11, 11))
        out = conv(torch.randn(256, 3, 227, 227))
        # torch.Size([256, 3, 217, 217])
    """,
    fix="Write the shape that the code makes, or drop the comment.",
)

FALSE_ASSERTION = Finding(
    code="SHP403",
    slug="false-assertion",
    title="an assertion about a shape that cannot hold",
    severity="warning",
    why="For every input that reaches it the assertion is false, so either it or the code before it is wrong.",
    bad="""
        import torch

        x = torch.randn(8, 16).unsqueeze(1)
        assert x.shape == (8, 16, 1)
    """,
    good="""
        import torch

        x = torch.randn(8, 16).unsqueeze(2)
        assert x.shape == (8, 16, 1)
    """,
    fix="Mend the side that is wrong: the assertion, or the code that makes the shape.",
)

BROKEN_SIGNATURE = Finding(
    code="SHP404",
    slug="broken-signature",
    title="a call does not fit the shape signature that is stated for it",
    severity="warning",
    why="""`[tool.shapecheck.ops]` says what shapes this function or class takes, and this call brings others. Either the call is wrong or
what is stated is; what the function would do is not known, so this is no error.""",
    bad="",
    good="",
    fix="Mend the call, or the signature in `[tool.shapecheck.ops]`.",
)
