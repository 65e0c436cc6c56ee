"""2xx: torch raises while a layer is built."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

CONSTRUCT_DIVISIBILITY = Finding(
    code="SHP201",
    slug="construct-divisibility",
    title="channels or features are not a multiple of the groups or heads",
    severity="error",
    why="Groups of a convolution or a norm, and heads of attention, cut the channels into equal parts, and these do not come out even.",
    bad="""
        from torch import nn

        nn.MultiheadAttention(embed_dim=100, num_heads=8)
    """,
    good="""
        from torch import nn

        nn.MultiheadAttention(embed_dim=96, num_heads=8)
    """,
    fix="Choose a number of groups or heads that divides the channels.",
)

CONSTRUCT_VALUE = Finding(
    code="SHP202",
    slug="construct-value",
    title="a layer built with a value that torch refuses",
    severity="error",
    why="A size is negative, a mode is misspelt, or an argument has a value that the layer's constructor rejects.",
    bad="""
        from torch import nn

        nn.Conv2d(3, 8, 3, padding="full")
    """,
    good="""
        from torch import nn

        nn.Conv2d(3, 8, 3, padding="same")
    """,
    fix="Give the argument a value that torch's documentation of the layer allows.",
)

SUPER_INIT = Finding(
    code="SHP203",
    slug="super-init",
    title="layers assigned before super().__init__()",
    severity="error",
    why="nn.Module can only take layers and parameters after its own __init__ has run.",
    bad="""
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                self.fc = nn.Linear(784, 10)


        Net()
    """,
    good="""
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(784, 10)


        Net()
    """,
    fix="Call `super().__init__()` on the first line of `__init__`.",
)
