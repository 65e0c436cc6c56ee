"""9xx: limits of shapecheck itself, and of the files that it is given."""

from __future__ import annotations

from shapecheck.findings.finding import Finding

SYNTAX_ERROR = Finding(
    code="SHP901",
    slug="syntax-error",
    title="the file is not valid Python",
    severity="error",
    why="The file cannot be parsed, so nothing in it was checked. The other files were.",
    bad="""
        import torch

        x = torch.randn(8, 10
    """,
    good="""
        import torch

        x = torch.randn(8, 10)
    """,
    fix="Mend the syntax where the report points.",
)

UNREADABLE_FILE = Finding(
    code="SHP902",
    slug="unreadable-file",
    title="the file cannot be read as text",
    severity="error",
    why="The file cannot be opened, is binary, or its bytes do not fit the encoding that it declares (UTF-8 without a declaration).",
    bad="""
        # -*- coding: utf-9 -*-
        import torch
    """,
    good="""
        # -*- coding: utf-8 -*-
        import torch
    """,
    fix="Save the file as UTF-8, declare its encoding, or leave it out with --exclude.",
)

GAVE_UP = Finding(
    code="SHP903",
    slug="gave-up",
    title="the code needs more steps than shapecheck spends on it",
    severity="info",
    why="""\
Following this code took longer than the budget of one file allows; what comes after it counts as unknown, and nothing is reported
there. Shown only when selected.""",
    bad="""
        import torch

        x = torch.zeros(3)
        for seed in range(10**12):
            x = x + seed
    """,
    good="""
        import torch

        x = torch.zeros(3)
        for seed in range(10):
            x = x + seed
    """,
    fix="Nothing is wrong with the code; what is not followed here is not checked.",
)

UNUSED_SUPPRESSION = Finding(
    code="SHP904",
    slug="unused-suppression",
    title="a suppression comment that suppresses nothing",
    severity="warning",
    why="The line has no finding of the code that its comment names, so the comment would only hide a later one.",
    bad="""
        import torch

        x = torch.randn(8, 10).view(80)  # noqa: SHP104
    """,
    good="""
        import torch

        x = torch.randn(8, 10).view(80)
    """,
    fix="Take the comment away, or the code out of its list.",
)

INTERNAL_FAULT = Finding(
    code="SHP905",
    slug="internal-fault",
    title="shapecheck itself failed on this file",
    severity="error",
    why="""\
A fault of shapecheck, not of the file. The other files were checked; the exit status is 2. It cannot be ignored, because nothing is
known about the file.""",
    bad="",
    good="",
    fix="Please report it with the file, or with the part of it that is enough; --exclude leaves the file out until it is mended.",
)
