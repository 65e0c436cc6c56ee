"""101, 113, 114, 115, 119: a layer gets an input that it was not built for."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

LAYER_INPUT = Finding(
    code="SHP101",
    slug="layer-input",
    title="a layer was built for another number of features or channels",
    severity="error",
    why="""\
The layer's weight has a size that was fixed when it was built, and the input's axis of features or channels has another one. It
happens after a kernel, a stride or an image size was changed and the number in the next layer was not.""",
    bad="""
        import torch
        from torch import nn

        conv = nn.Conv2d(5, 4, kernel_size=4)
        conv(torch.randn(8, 3, 227, 227))
    """,
    good="""
        import torch
        from torch import nn

        conv = nn.Conv2d(3, 4, kernel_size=4)
        conv(torch.randn(8, 3, 227, 227))
    """,
    fix="Build the layer with the number of features that arrives, or bring the features to the axis where the layer looks for them.",
)

ONE_VALUE = Finding(
    code="SHP113",
    slug="one-value",
    title="batch norm in training with one value a channel",
    severity="error",
    why="""\
In training, batch norm and instance norm measure the spread of the values of a channel, and one value has none. A batch of one
sample, often the last of a loader, is the usual cause.""",
    bad="""
        import torch
        from torch import nn

        norm = nn.BatchNorm1d(16)
        norm(torch.randn(1, 16))
    """,
    good="""
        import torch
        from torch import nn

        norm = nn.BatchNorm1d(16)
        norm(torch.randn(2, 16))
    """,
    fix="Use more than one sample (`drop_last=True` in the loader), switch the model to eval(), or use another kind of norm.",
)

HIDDEN_STATE = Finding(
    code="SHP114",
    slug="hidden-state",
    title="the state given to a recurrent layer has another shape than it needs",
    severity="error",
    why="""\
A hidden or cell state is (layers * directions, batch, hidden size), also when batch_first=True, and its batch has to be the
input's.""",
    bad="""
        import torch
        from torch import nn

        gru = nn.GRU(10, 20, num_layers=2, batch_first=True)
        gru(torch.randn(8, 5, 10), torch.zeros(8, 2, 20))
    """,
    good="""
        import torch
        from torch import nn

        gru = nn.GRU(10, 20, num_layers=2, batch_first=True)
        gru(torch.randn(8, 5, 10), torch.zeros(2, 8, 20))
    """,
    fix="Make the state from the input: `x.new_zeros(layers * directions, x.size(0), hidden_size)` with batch_first=True.",
)

ATTENTION = Finding(
    code="SHP115",
    slug="attention",
    title="queries, keys, values or masks of attention do not fit together",
    severity="error",
    why="""\
Keys and values need the same length, queries and keys the same width, and a mask needs one row a query and one column a key.""",
    bad="""
        import torch
        from torch import nn

        attention = nn.MultiheadAttention(32, 4, batch_first=True)
        x = torch.randn(2, 10, 32)
        attention(x, x, x, attn_mask=torch.zeros(12, 12))
    """,
    good="""
        import torch
        from torch import nn

        attention = nn.MultiheadAttention(32, 4, batch_first=True)
        x = torch.randn(2, 10, 32)
        attention(x, x, x, attn_mask=torch.zeros(10, 10))
    """,
    fix="Make the mask from the lengths of the tensors at hand, and take keys and values from the same tensor.",
)

LOOKUP = Finding(
    code="SHP119",
    slug="lookup",
    title="an index outside an embedding's table",
    severity="error",
    why="""\
An embedding with n rows takes indices from 0 to n - 1. Special tokens that were added later and positions beyond the longest
sequence are the usual causes; on a GPU it ends in a device assertion that names no line.""",
    bad="""
        import torch
        from torch import nn

        positions = nn.Embedding(512, 32)
        positions(torch.arange(513))
    """,
    good="""
        import torch
        from torch import nn

        positions = nn.Embedding(513, 32)
        positions(torch.arange(513))
    """,
    fix="Give the table one row for each index that can occur.",
)
