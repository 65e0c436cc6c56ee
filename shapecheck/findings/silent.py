"""3xx: it runs, and is wrong."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

FOLDED_BATCH = Finding(
    code="SHP301",
    slug="folded-batch",
    title="a view folds features into the batch",
    severity="warning",
    why="""\
view(-1, k) lets torch choose the first axis. Where a sample has more than k elements, it is cut into several rows, and from then on
the batch has more rows than there are samples; nothing raises. Here one image of 224 by 224 becomes 49 rows.""",
    bad="""
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3, stride=4, padding=1)
                self.fc = nn.Linear(32 * 8 * 8, 10)

            def forward(self, x):
                x = self.conv(x)
                x = x.view(-1, 32 * 8 * 8)
                return self.fc(x)


        Net()(torch.randn(1, 3, 224, 224))
    """,
    good="""
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 32, 3, stride=4, padding=1)
                self.fc = nn.Linear(32 * 56 * 56, 10)

            def forward(self, x):
                x = self.conv(x)
                x = x.flatten(1)
                return self.fc(x)


        Net()(torch.randn(1, 3, 224, 224))
    """,
    fix="Keep the batch axis: `x.flatten(1)` or `x.view(x.size(0), -1)`, and build the next layer for the size that results.",
)
