"""117, 118, 120, 121: torch, or Python, refuses a call for another reason than sizes."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

DTYPE = Finding(
    code="SHP117",
    slug="dtype",
    title="torch refuses the dtype",
    severity="error",
    why="The op is not defined for tensors of this dtype, or for two tensors of different dtypes.",
    bad="""
        import torch
        from torch import nn

        layer = nn.Linear(4, 2)
        layer(torch.ones(3, 4, dtype=torch.long))
    """,
    good="""
        import torch
        from torch import nn

        layer = nn.Linear(4, 2)
        layer(torch.ones(3, 4, dtype=torch.long).float())
    """,
    fix="Convert the tensor with `.float()`, `.long()` or `.to(dtype)` before the op.",
)

VALUE = Finding(
    code="SHP118",
    slug="value",
    title="an argument whose value torch refuses",
    severity="error",
    why="The sizes would fit, but another argument has a value that the op does not take.",
    bad="""
        import torch
        import torch.nn.functional as F

        F.dropout(torch.randn(8, 10), p=50)
    """,
    good="""
        import torch
        import torch.nn.functional as F

        F.dropout(torch.randn(8, 10), p=0.5)
    """,
    fix="Give the argument a value that torch's documentation of the op allows.",
)

UNDEFINED_NAME = Finding(
    code="SHP120",
    slug="undefined-name",
    title="a name, or an attribute of self, that nothing defines",
    severity="error",
    why="""\
The code uses a name that is neither assigned nor imported, or an attribute that no method of the class sets, so Python raises before
any shape matters. A forgotten `import torch.nn.functional as F` is the usual cause.""",
    bad="""
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(784, 10)

            def forward(self, x):
                return F.relu(self.fc(x))


        Net()(torch.randn(8, 784))
    """,
    good="""
        import torch
        import torch.nn.functional as F
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(784, 10)

            def forward(self, x):
                return F.relu(self.fc(x))


        Net()(torch.randn(8, 784))
    """,
    fix="Import or assign the name, or mend its spelling.",
)

CALL = Finding(
    code="SHP121",
    slug="call",
    title="a layer, function or method called with arguments that it does not take",
    severity="error",
    why="An argument is missing, there is one too many, or a keyword is not among the parameters, so Python raises a TypeError.",
    bad="""
        import torch
        from torch import nn

        layer = nn.Linear(10, 2)
        layer(torch.randn(8, 10), torch.randn(8, 10))
    """,
    good="""
        import torch
        from torch import nn

        layer = nn.Bilinear(10, 10, 2)
        layer(torch.randn(8, 10), torch.randn(8, 10))
    """,
    fix="Call it with the parameters that it declares.",
)
