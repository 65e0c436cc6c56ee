"""104, 105, 106, 111, 112: elements are regrouped in a way that does not come out even."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

ELEMENT_COUNT = Finding(
    code="SHP104",
    slug="element-count",
    title="view or reshape to another number of elements",
    severity="error",
    why="""\
A new shape has to hold exactly the elements of the old one; with a -1 in it the rest has to divide them. A number worked out by hand
for another image size, and a fixed batch size, are the usual causes.""",
    bad="""
        import torch
        from torch import nn

        x = nn.Conv2d(3, 16, 5)(torch.randn(4, 3, 32, 32))
        x.view(4, 16 * 32 * 32)
    """,
    good="""
        import torch
        from torch import nn

        x = nn.Conv2d(3, 16, 5)(torch.randn(4, 3, 32, 32))
        x.view(4, 16 * 28 * 28)
    """,
    fix="Use `flatten(1)`, or work the sizes out from `x.shape` instead of writing them down.",
)

VIEW_STRIDE = Finding(
    code="SHP105",
    slug="view-stride",
    title="view of a tensor whose memory is in another order",
    severity="error",
    why="""\
view never copies, so it can only merge axes that lie one after the other in memory. After transpose, permute or expand they often
do not.""",
    bad="""
        import torch

        x = torch.randn(8, 16, 32)
        x.transpose(1, 2).view(8, -1)
    """,
    good="""
        import torch

        x = torch.randn(8, 16, 32)
        x.transpose(1, 2).reshape(8, -1)
    """,
    fix="Use `reshape`, which copies where it must, or `contiguous()` before `view`.",
)

JOIN = Finding(
    code="SHP106",
    slug="join",
    title="the parts of cat or stack differ in size",
    severity="error",
    why="""\
cat wants all axes but the joined one equal, stack wants all of them equal. A skip connection in a U-Net whose image size is not a
multiple of 2 to the depth is the usual cause.""",
    bad="""
        import torch

        up = torch.randn(1, 64, 56, 56)
        skip = torch.randn(1, 64, 57, 57)
        torch.cat([up, skip], dim=1)
    """,
    good="""
        import torch

        up = torch.randn(1, 64, 56, 56)
        skip = torch.randn(1, 64, 57, 57)
        torch.cat([up, skip[:, :, :56, :56]], dim=1)
    """,
    fix="Join along the axis in which the parts differ, or crop, pad or resize the others to one size first.",
)

SPLIT = Finding(
    code="SHP111",
    slug="split",
    title="a tensor or a shape comes apart into another number of pieces",
    severity="error",
    why="""\
The sizes given to split have to add up to the axis, and the names on the left of an assignment have to be as many as the pieces on
its right.""",
    bad="""
        import torch

        x = torch.randn(8, 10, 64)
        b, c, h, w = x.shape
    """,
    good="""
        import torch

        x = torch.randn(8, 10, 64)
        b, t, d = x.shape
    """,
    fix="Unpack as many names as the tensor has axes or pieces, and let the sizes of a split add up.",
)

DIVISIBILITY = Finding(
    code="SHP112",
    slug="divisibility",
    title="an axis is not a multiple of what the op divides it by",
    severity="error",
    why="""\
pixel_shuffle, fold, grouped attention and their like cut an axis into equal parts, and the input's axis cannot be cut that way.""",
    bad="""
        import torch
        from torch import nn

        shuffle = nn.PixelShuffle(3)
        shuffle(torch.randn(1, 16, 8, 8))
    """,
    good="""
        import torch
        from torch import nn

        shuffle = nn.PixelShuffle(4)
        shuffle(torch.randn(1, 16, 8, 8))
    """,
    fix="Choose the factor, or the size of the axis before it, so that one divides the other.",
)
