"""What real code uses most is known: every op and layer of the counted lists."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shapecheck.book.loader import load_rules
from shapecheck.book.rule import LAYERS, OPS
from shapecheck.options import Options
from tests.support.answers import Seen
from tests.support.endtoend import Keeping
from tests.support.engine import told

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LISTS = tomllib.loads((Path(__file__).parent / "coverage.toml").read_text(encoding="utf-8"))
FIRST = 200  # of each list
PLACES = ("torch.", "torch.Tensor.", "torch.nn.functional.", "")

# What is part of the language rather than of the book: a program, and the shape that `x` has at its end.
OF_THE_LANGUAGE = {
    "finfo": ("x = torch.full((2, 3), torch.finfo(torch.float32).min)", (2, 3)),
    "is_grad_enabled": ("x = torch.zeros(2, 3) if torch.is_grad_enabled() else torch.ones(2, 3)", (2, 3)),
    "no_grad": ("with torch.no_grad():\n    x = torch.zeros(2, 3)", (2, 3)),
    "values": ("x = torch.zeros(2, 3).max(1).values", (2,)),
    "nn.Module": ("class M(nn.Module):\n    def forward(self, x):\n        return x[0]\nx = M()(torch.zeros(2, 3))", (3,)),
    "nn.ModuleList": ("x = torch.zeros(2, 3)\nfor layer in nn.ModuleList([nn.Linear(3, 4), nn.Linear(4, 5)]):\n    x = layer(x)", (2, 5)),
    "nn.ModuleDict": ("x = nn.ModuleDict({'a': nn.Linear(3, 4)})['a'](torch.zeros(2, 3))", (2, 4)),
    "nn.Sequential": ("x = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 5))(torch.zeros(2, 3))", (2, 5)),
    "nn.Parameter": ("x = nn.Parameter(torch.zeros(2, 3)).t()", (3, 2)),
    "nn.ParameterList": ("x = nn.ParameterList([torch.zeros(2, 3), torch.zeros(4)])[0]", (2, 3)),
    "nn.Buffer": ("x = nn.Buffer(torch.zeros(2, 3)).t()", (3, 2)),
    # what it is before it is materialised has no shape
    "nn.UninitializedParameter": ("p = nn.UninitializedParameter()\nx = torch.zeros(2, 3)", (2, 3)),
}


def names(used: str) -> list[str]:
    """The names under which the book may have what is counted as `used`."""
    if used.startswith("nn."):
        return [f"torch.{used}"]
    if used.startswith("einops."):
        return [used, used.replace("einops.", "einops.layers.torch.")]
    return [f"{place}{used}{end}" for place in PLACES for end in ("", "_")]


def test_what_is_used_most_is_known() -> None:
    load_rules()
    unknown = [
        f"{used}, rank {rank} of {title}"
        for title, uses in LISTS.items()
        for rank, (used, _) in enumerate(uses[:FIRST], 1)
        if not any(name in OPS or name in LAYERS for name in names(used)) and used not in OF_THE_LANGUAGE
    ]
    assert not unknown


@pytest.mark.parametrize("used", OF_THE_LANGUAGE)
def test_the_language(used: str) -> None:
    text, shape = OF_THE_LANGUAGE[used]
    checker = Keeping(Options())
    outcome = checker.text(f"import torch\nfrom torch import nn\n\n{text}\n", "<string>")
    assert not outcome.reports
    assert checker.analysis is not None
    answer = told(checker.analysis.run.resolve(checker.analysis.namespace.env.names["x"]))
    assert isinstance(answer, Seen)
    assert answer.shape == shape
