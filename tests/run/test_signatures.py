"""Functions and classes whose shapes the user states. Torch runs real ones; shapecheck knows them by their signatures alone."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from shapecheck.book.stated import read_ops
from shapecheck.check import check_paths, check_source, shapes_in_source
from shapecheck.findings.report import Report
from shapecheck.options import Options


def patchify(x: Any, p: int = 2) -> Any:
    b, c, h, w = x.shape
    return x.unfold(2, p, p).unfold(3, p, p).permute(0, 2, 3, 1, 4, 5).reshape(b, (h // p) * (w // p), c * p * p)


def conv_size(x: Any, k: int, s: int = 1) -> Any:
    return F.max_pool2d(x, k, s)


class Patch(nn.Module):
    def __init__(self, dim: int, patch: int = 16) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, dim, patch, patch)

    def forward(self, x: Any) -> Any:
        return self.proj(x).flatten(2).transpose(1, 2)


class Plain(nn.Identity):
    def __init__(self, *args: Any) -> None:
        super().__init__()


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any, scale: Any) -> Any:
        return x * scale[:, None]

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return grad, None


REAL: dict[str, Any] = {
    "patchify": patchify,
    "conv_size": conv_size,
    "heads": lambda x, n: x.reshape(*x.shape[:-1], n, -1).transpose(1, 2),
    "join": lambda x: x.transpose(1, 2).flatten(2),
    "halves": lambda x: tuple(x.chunk(2, -1)),
    "gate": lambda x, mask=None: x if mask is None else x * mask[..., None],
    "ids": lambda x: F.one_hot(x, 7),
    "mean": lambda x: x.mean(),
    "nothing": lambda x: None,
    "grid": lambda n, m=3: torch.zeros(n * m, 2),
    "after": lambda config, x: x.flatten(1),
    "pairs": lambda x: x[:, None] - x[None],
    "cut": lambda x, n: x[..., n:],
    "Patch": Patch,
    "Plain": Plain,
    "Scale": Scale,
}
STATED = {
    "mylib.patchify": "(p=2): x=b c h w -> b (h//p * w//p) (c p p)",
    "mylib.conv_size": "(k, s=1): b c h w -> b c (h-k)//s+1 (w-k)//s+1",
    "mylib.heads": "(n): b t (n d) -> b n t d",
    "mylib.join": "b n t d -> b t (n d)",
    "mylib.halves": "... (2 d) -> ... d, ... d",
    "mylib.gate": "b t c, mask?=b t -> same",
    "mylib.ids": "...:int64 -> ... 7:int64",
    "mylib.mean": "... -> ()",
    "mylib.nothing": "... -> None",
    "mylib.grid": "(n, m=3): -> (n m) 2",
    "mylib.after": "any, b ... -> b _",
    "mylib.pairs": "n d -> n n d",
    "mylib.cut": "(n): ... d -> ... d-n",
    "mylib.Patch": "(dim, patch=16): b 3 h w -> b (h//patch * w//patch) dim",
    "mylib.Plain": "... -> same",
    "mylib.Scale.apply": "n d, n -> n d",
}
HEAD = "import torch, mylib\nfrom torch import nn\n\n\ndef T(*sizes):\n    return torch.zeros(sizes)\n\n\n"
LINE = HEAD.count("\n") + 1


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names of a program that torch runs, with a mylib that works."""
    module = ModuleType("mylib")
    vars(module).update(REAL)
    monkeypatch.setitem(sys.modules, "mylib", module)
    names: dict[str, Any] = {}
    exec(HEAD, names)
    return names


def options(stated: dict[str, str] | None = None) -> Options:
    return Options(ops=read_ops(STATED if stated is None else stated))


def reports(text: str, stated: dict[str, str] | None = None) -> list[Report]:
    return list(check_source(HEAD + text, "net.py", options(stated)).reports)


def shape(expression: str) -> Any:
    """The shape of an expression by its signature; None where it is not known."""
    found = shapes_in_source(f"{HEAD}result = {expression}\n", "net.py", options()).expressions
    return next((each.shape, each.dtype) for each in found if each.text == expression)


@pytest.mark.parametrize(
    "expression",
    [
        "mylib.patchify(T(2, 3, 8, 6))",
        "mylib.patchify(T(2, 3, 9, 7))",
        "mylib.patchify(T(2, 3, 8, 6), 1)",
        "mylib.patchify(x=T(2, 3, 9, 7), p=3)",
        "mylib.conv_size(T(1, 3, 17, 19), 3)",
        "mylib.conv_size(T(1, 3, 17, 19), k=3, s=2)",
        "mylib.heads(T(2, 5, 12), 4)",
        "mylib.join(mylib.heads(T(2, 5, 12), n=3))",
        "mylib.gate(T(2, 5, 3))",
        "mylib.gate(T(2, 5, 3), None)",
        "mylib.gate(T(2, 5, 3), mask=T(2, 5))",
        "mylib.gate(T(2, 5, 3), T(2, 5))",
        "mylib.ids(torch.zeros(3, 4, dtype=torch.long))",
        "mylib.mean(T(3, 4))",
        "mylib.mean(T())",
        "mylib.grid(4)",
        "mylib.grid(n=4, m=5)",
        "mylib.pairs(T(3, 4))",
        "mylib.cut(T(2, 9), 4)",
        "mylib.Patch(8)(T(2, 3, 32, 48))",
        "mylib.Patch(dim=8, patch=7)(T(2, 3, 33, 48))",
        "mylib.Plain(1, 'two')(T(2, 3))",
        "nn.Sequential(mylib.Patch(8, 4), nn.Linear(8, 2))(T(1, 3, 8, 8))",
        "mylib.Scale.apply(T(2, 3), T(2))",
    ],
)
def test_what_comes_out_is_what_torch_says(expression: str, real: dict[str, Any]) -> None:
    assert reports(f"{expression}\n") == []
    sizes, dtype = shape(expression)
    true = eval(expression, real)
    assert sizes == tuple(true.shape)
    assert dtype in (None, str(true.dtype).removeprefix("torch."))


def test_several_results_and_none(real: dict[str, Any]) -> None:
    text = "a, b = mylib.halves(T(2, 3, 8))\nc = mylib.nothing(a)\nassert c is None\nd = nn.Linear(4, 1)(torch.cat([a, b], 0))\n"
    exec(text, real)
    assert reports(text) == []
    found = {each.text: each.shape for each in shapes_in_source(HEAD + text, "net.py", options()).expressions}
    assert found["nn.Linear(4, 1)(torch.cat([a, b], 0))"] == tuple(real["d"].shape) == (4, 3, 1)


def test_a_size_that_nothing_says_is_one_size() -> None:
    stated = {"mylib.nms": "n 4, n -> ?k 4, ?k"}
    text = "boxes, scores = mylib.nms(T(9, 4), T(9))\nboxes * scores[:, None]\nboxes.view(9, 4)\nnn.Linear(5, 1)(boxes)\n"
    assert [(report.code, report.range.line - LINE) for report in reports(text, stated)] == [("SHP101", 3)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("mylib.patchify(T(3, 8, 6))", "patchify is stated to take b c h w, gets (3, 8, 6)"),
        ("mylib.Patch(8)(T(2, 4, 32, 32))", "Patch is stated to take 3 on axis 1 of b 3 h w, gets 4"),
        ("mylib.heads(T(2, 5, 12), 5)", "heads is stated to take a multiple of n = 5 on axis 2 of b t (n d), gets 12"),
        ("mylib.halves(T(2, 7))", "halves is stated to take a multiple of 2 on axis 1 of ... (2 d), gets 7"),
        ("mylib.gate(T(2, 5, 3), T(2, 6))", "gate is stated to take one t, gets 5 in b t c and 6 in b t"),
        ("mylib.gate(T(2, 5, 3), mask=T(2))", "gate is stated to take b t, gets (2,)"),
        ("mylib.ids(T(3, 4))", "ids is stated to take int64 (...), gets float32"),
        ("mylib.cut(T(2, 3), 4)", "cut is stated to give an axis of d-n, which is -1 here"),
        ("mylib.Scale.apply(T(2, 3), T(3))", "apply is stated to take one n, gets 2 in n d and 3 in n"),
    ],
)
def test_a_call_that_does_not_fit(call: str, message: str) -> None:
    (report,) = reports(f"{call}\n")
    assert (report.code, report.finding.severity, report.message, report.torch) == ("SHP404", "warning", message, None)


@pytest.mark.parametrize(
    ("signature", "call", "message"),
    [
        ("n n -> n", "f(T(3, 4))", "f is stated to take one n, gets 3 and 4 in n n"),
        ("(dim): b dim -> b", "f(T(3, 4), dim=5)", "f is stated to take dim = 5 on axis 1 of b dim, gets 4"),
        ("(p): b h -> b h/p", "f(T(3, 7), 2)", "f is stated to divide h by p, which does not come out even: 7 by 2"),
        ("h w h*w -> h", "f(T(2, 3, 5))", "f is stated to take h*w on axis 2 of h w h*w, gets 5"),
        ("... n, ... -> n", "f(T(2, 3), T(4))", "f is stated to take the same ... everywhere, gets (2,) in ... n and (4,) in ..."),
        ("... n, ... -> n", "f(T(2, 3), T(2, 4))", "f is stated to take the same ... everywhere, gets (2,) in ... n and (2, 4) in ..."),
        ("() -> ()", "f(T(1))", "f is stated to take (), gets (1,)"),
    ],
)
def test_more_calls_that_do_not_fit(signature: str, call: str, message: str) -> None:
    assert [report.message for report in reports(f"mylib.{call}\n", {"mylib.f": signature})] == [message]


@pytest.mark.parametrize(
    ("signature", "size"),
    [("h+1 -> h", 6), ("1+h -> h", 6), ("h-2 -> h", 9), ("9-h -> h", 2), ("2*h+1 -> h", 3), ("h/2 -> h", 14), ("(3*(h-1)-2) -> h", 4)],
)
def test_an_expression_on_the_left_says_its_name(signature: str, size: int) -> None:
    found = shapes_in_source(f"{HEAD}mylib.f(T(7))\n", "net.py", options({"mylib.f": signature})).expressions
    assert next(each.shape for each in found if each.text == "mylib.f(T(7))") == (size,)


@pytest.mark.parametrize(
    "text",
    [
        "mylib.patchify()\n",
        "mylib.patchify(image=T(2))\n",  # a name that the signature does not have
        "mylib.patchify('text')\n",
        "mylib.patchify(T(2, 3, 8, 6), 0)\n",
        "mylib.patchify(*open('x'))\n",
        "mylib.heads(T(2, 5, 12), None)\n",
        "mylib.heads(T(2, 5, 12), (3, 4))\n",
        "mylib.Patch(dim=None)(T(2, 3, 8, 8)).view(2, -1)\n",
        "mylib.Patch(8).anything(T(2)).else_\nmylib.Patch(8).proj.weight.view(3)\n",
        "mylib.halves(T(2, 8), 3, more=4)\n",
        "def f(x, y):\n    return mylib.gate(x, y) + mylib.pairs(x)\n",
    ],
)
def test_what_is_not_known_is_silent(text: str) -> None:
    assert reports(text) == []


def test_it_ends_nothing() -> None:
    text = """
try:
    mylib.patchify(T(3, 8, 6))
except RuntimeError:
    nn.Linear(2, 3)(T(1, 4))
nn.Linear(2, 3)(T(1, 5))
"""
    assert [(report.code, report.actual) for report in reports(text)] == [("SHP404", (3, 8, 6)), ("SHP101", 5)]


def test_both_ends_of_a_mismatch_with_names() -> None:
    text = """
class Net(nn.Module):
    def __init__(self, dim=96):
        super().__init__()
        self.patch = mylib.Patch(dim, patch=4)
        self.head = nn.Linear(dim * 2, 10)

    def forward(self, x):
        return self.head(self.patch(x))
"""
    (report,) = reports(text)
    assert (report.code, report.message) == ("SHP101", "Linear wants 192 features, gets 96")
    assert any("Patch(dim, patch=4)" in step.message for step in report.trail)


def test_blame_stands_where_the_number_was_given() -> None:
    text = "layer = mylib.Norm(16)\nlayer(T(2, 32))\n"
    (report,) = reports(text, {"mylib.Norm": "(dim): ... dim -> same"})
    assert report.message == "Norm is stated to take dim = 16 on axis 1 of ... dim, gets 32"
    assert [(step.range.line - LINE, step.message) for step in report.trail if step.role == "made"] == [(0, "dim is 16")]
    assert report.hint == "mylib.Norm(32)"


def test_of_cases_that_cannot_be_told_apart_each_has_to_break_it() -> None:
    stated = {"mylib.f": "b c h w -> b c"}
    assert reports("class N(nn.Module):\n    def forward(self, x):\n        return mylib.f(x.squeeze(1))\n", stated) == []
    text = "class N(nn.Module):\n    def forward(self, x):\n        return mylib.f(nn.Conv2d(3, 4, 1)(x).flatten(1))\n"
    assert [report.code for report in reports(text, stated)] == ["SHP404"]


# names

LAYERS = """
import torch
from torch import nn


def cut(x, p=2):
    return x.view(3, 4, 5)


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(dim, dim)

    def forward(self, x):
        return self.fc(x).view(3, 4, 5, 6)


class Wide(Block):
    def forward(self, x):
        return torch.cat([super().forward(x)] * 2, -1)


inside = cut(torch.zeros(8))
"""
USES = {
    "import": "import pkg.layers\nresult = pkg.layers.cut(torch.zeros(8))\n",
    "import as": "import pkg.layers as layers\nresult = layers.cut(torch.zeros(8))\n",
    "from": "from pkg.layers import cut\nresult = cut(torch.zeros(8))\n",
    "from as": "from pkg.layers import cut as other\nresult = other(torch.zeros(8))\n",
    "from package": "from pkg import layers\nresult = layers.cut(torch.zeros(8))\n",
    "star": "from pkg.layers import *\nresult = cut(torch.zeros(8))\n",
    "class": "from pkg.layers import Block\nresult = Block(4)(torch.zeros(4, 2))\n",
    "subclass": "from pkg.layers import Wide\nresult = Wide(4)(torch.zeros(4, 2))\n",
    "partial": "import functools\nfrom pkg.layers import cut\nresult = functools.partial(cut, p=4)(torch.zeros(8))\n",
}
SHAPES = {"class": (4, 2, 7), "subclass": (4, 2, 14), "partial": (2,)}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pkg"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "layers.py").write_text(LAYERS)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("relative", [False, True])
def test_names_wherever_they_are_imported_from(use: str, relative: bool, package: Path) -> None:
    text = "import torch\n" + USES[use]
    if relative and use not in ("import", "import as"):
        text = text.replace("from pkg.layers import", "from .layers import").replace("from pkg import", "from . import")
    file = package / "main.py" if relative else package.parent / "main.py"
    file.write_text(text)
    stated = Options(ops=read_ops({"pkg.layers.cut": "(p=2): n -> n/p", "pkg.layers.Block": "(dim): n m -> n m 7"}))
    assert check_paths([str(file)], stated).reports == ()
    found = shapes_in_source(text, str(file), stated).expressions
    assert [each.shape for each in found if each.text.startswith(text.rpartition("result = ")[2].strip())] == [SHAPES.get(use, (4,))]


def test_names_of_the_file_that_is_checked(package: Path) -> None:
    """The signature holds where the file itself uses the name; the body behind it is checked all the same."""
    stated = Options(ops=read_ops({"pkg.layers.cut": "n -> n", "pkg.layers.Block": "(dim): n m -> n m 7"}))
    without = check_paths([str(package / "layers.py")], Options()).reports
    assert [report.range.line for report in without] == [7]
    assert check_paths([str(package / "layers.py")], stated).reports == ()
    broken = LAYERS.replace("nn.Linear(dim, dim)", "nn.Linear(dim, dim)(torch.zeros(3, dim + 1))")
    (package / "layers.py").write_text(broken)
    assert [report.code for report in check_paths([str(package / "layers.py")], stated).reports] == ["SHP101"]


def test_a_signature_comes_before_the_book() -> None:
    text = "nn.Linear(2, 3)(T(4, 5))\n"
    assert [report.code for report in reports(text, {})] == ["SHP101"]
    assert reports(text, {"torch.nn.Linear": "(a, b): n m -> n b"}) == []
