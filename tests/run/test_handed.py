"""The line where a wrong number stands, when a layer's constructor was only handed it."""

from __future__ import annotations

import pytest

from shapecheck import check_source

HEAD = """\
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, features, classes=10):
        super().__init__()
        {first}
        self.fc = nn.Linear(features, classes)

    def forward(self, x):
        return self.fc(x)


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.head = Head({given})

    def forward(self, x):
        return self.head(x)


Net({width})(torch.randn(2, 21))
"""


def made(program: str) -> list[tuple[int, str, str]]:
    """Line, marked text and words of each place where a number was given."""
    (report,) = check_source(program).reports
    assert report.code == "SHP101"
    lines = program.splitlines()
    steps = [step for step in report.trail if step.role == "made"]
    return [
        (step.range.line, lines[step.range.line - 1][step.range.column - 1 : step.range.end_column - 1], step.message) for step in steps
    ]


def program(given: str = "width", width: str = "20", first: str = "pass") -> str:
    return HEAD.format(given=given, width=width, first=first)


LAYER = (9, "features", "in_features is 20")


@pytest.mark.parametrize(
    ("given", "width", "outer"),
    [
        ("20", "7", [(18, "20", "features is 20")]),
        ("width", "20", [(18, "width", "features is 20"), (24, "20", "width is 20")]),
        ("width", "width=4 * 5", [(18, "width", "features is 20"), (24, "4 * 5", "width is 20")]),
        ("classes=3, features=width", "20", [(18, "width", "features is 20"), (24, "20", "width is 20")]),
        ("2 * width", "10", [(18, "2 * width", "features is 20")]),
        ("*(width, 3)", "20", []),  # which of them it is, the call does not say
        ("**dict(features=width)", "20", []),
    ],
)
def test_from_the_layer_to_the_number(given: str, width: str, outer: list[tuple[int, str, str]]) -> None:
    assert made(program(given, width)) == [LAYER, *outer]


@pytest.mark.parametrize(
    "first",
    ["features = features * 2", "features += features", "features, classes = features * 2, 3", "for features in (20,): pass"],
)
def test_a_name_that_was_given_another_value(first: str) -> None:
    """The call of `Head` does not have the number then."""
    assert made(program(width="10", first=first)) == [LAYER]


def test_the_object_that_was_called_is_the_one_that_is_shown() -> None:
    """Two of a class: the first fits."""
    two = program("21").replace("self.head = Head(21)", "self.head = nn.Sequential(Head(21, 21), Head(20))")
    assert made(two) == [LAYER, (18, "20", "features is 20"), (9, "classes", "out_features is 21")]


def test_the_constructor_of_a_base_is_handed_by_the_subclass() -> None:
    """What the subclass gives to `super().__init__` is not followed; what is said is true."""
    base = (
        program("20")
        .replace("Head(20)", "Wide(5)")
        .replace("class Net", "class Wide(Head):\n    def __init__(self, times):\n        super().__init__(times * 4)\n\n\nclass Net")
    )
    assert made(base) == [LAYER]
