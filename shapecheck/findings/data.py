"""5xx: losses, labels, data."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

LOSS_SHAPE = Finding(
    code="SHP501",
    slug="loss-shape",
    title="the input and the target of a loss do not fit",
    severity="error",
    why="""\
Each loss pairs its input with its target in its own way: cross entropy wants (N, C) with (N,), or (N, C, ...) with (N, ...); most
others want two tensors of one shape.""",
    bad="""
        import torch
        from torch import nn

        logits = torch.randn(8, 20, 100)  # batch, sequence, vocabulary
        target = torch.randint(100, (8, 20))
        nn.CrossEntropyLoss()(logits, target)
    """,
    good="""
        import torch
        from torch import nn

        logits = torch.randn(8, 20, 100)  # batch, sequence, vocabulary
        target = torch.randint(100, (8, 20))
        nn.CrossEntropyLoss()(logits.transpose(1, 2), target)
    """,
    fix="Bring both to the shapes that the loss pairs: transpose, flatten, squeeze or unsqueeze one of them.",
)

LOSS_DTYPE = Finding(
    code="SHP502",
    slug="loss-dtype",
    title="the target of a loss has a dtype that it does not take",
    severity="error",
    why="""\
Class indices have to be integers (torch.long), class probabilities and the targets of binary and regression losses floats.""",
    bad="""
        import torch
        from torch import nn

        logits = torch.randn(8, 10)
        target = torch.zeros(8)
        nn.CrossEntropyLoss()(logits, target)
    """,
    good="""
        import torch
        from torch import nn

        logits = torch.randn(8, 10)
        target = torch.zeros(8, dtype=torch.long)
        nn.CrossEntropyLoss()(logits, target)
    """,
    fix="Convert the target: `.long()` for class indices, `.float()` for probabilities and numbers.",
)

CLASS_WEIGHT = Finding(
    code="SHP503",
    slug="class-weight",
    title="the weight of a loss does not have one entry a class",
    severity="error",
    why="A weight for each class needs exactly as many entries as the input has classes.",
    bad="""
        import torch
        from torch import nn

        loss = nn.CrossEntropyLoss(weight=torch.ones(9))
        loss(torch.randn(8, 10), torch.randint(10, (8,)))
    """,
    good="""
        import torch
        from torch import nn

        loss = nn.CrossEntropyLoss(weight=torch.ones(10))
        loss(torch.randn(8, 10), torch.randint(10, (8,)))
    """,
    fix="Make the weight as long as the number of classes, which is the size of axis 1 of the input.",
)

DATASET_LENGTHS = Finding(
    code="SHP504",
    slug="dataset-lengths",
    title="the tensors of a dataset do not have the same number of rows",
    severity="error",
    why="A TensorDataset pairs row with row: its tensors need one size along the first axis.",
    bad="""
        import torch
        from torch.utils.data import TensorDataset

        images = torch.randn(100, 784)
        labels = torch.randint(10, (90,))
        TensorDataset(images, labels)
    """,
    good="""
        import torch
        from torch.utils.data import TensorDataset

        images = torch.randn(100, 784)
        labels = torch.randint(10, (100,))
        TensorDataset(images, labels)
    """,
    fix="Take as many labels as there are samples; a reduction over the samples' axis (`sum(0)` for `sum(1)`) is the usual cause.",
)
