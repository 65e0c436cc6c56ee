"""--fix and --diff: what is certain is mended, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck import check_paths, check_source
from shapecheck.cli import main
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.report import Edit, Fix, Range, Report
from shapecheck.fix import Fixed, _written, changed, fix
from shapecheck.options import Options
from shapecheck.rewrite import RefusedError, Text

HEAD = "import torch\nfrom torch import nn\n\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fixed(body: str, unsafe: bool = True, name: str = "net.py") -> str:
    """What becomes of a body after one --fix."""
    Path(name).write_text(HEAD + body)
    fix(check_paths(["."]).reports, lambda path: Options(), unsafe, write=True)
    text = Path(name).read_text()
    assert text.startswith(HEAD)
    return text.removeprefix(HEAD)


NET = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(10, 30)
        self.two = nn.Linear({two}, 5)
        self.three = nn.Linear({three}, 1)

    def forward(self, x):
        return self.three(self.two(self.one(x)))
"""


def test_a_number_of_features() -> None:
    assert fixed(NET.format(two=20, three=5)) == NET.format(two=30, three=5)


def test_a_chain_is_followed_to_its_end() -> None:
    assert fixed(NET.format(two=20, three=7)) == NET.format(two=30, three=5)
    assert check_paths(["."]).reports == ()


def test_a_number_is_not_safe() -> None:
    body = NET.format(two=20, three=5)
    assert fixed(body, unsafe=False) == body


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nn.Linear(\n    20,\n    5)(torch.randn(2, 21))\n", "nn.Linear(\n    21,\n    5)(torch.randn(2, 21))\n"),
        (
            "nn.Linear(out_features=5, in_features=20)(torch.randn(2, 21))\n",
            "nn.Linear(out_features=5, in_features=21)(torch.randn(2, 21))\n",
        ),
        ("layer = nn.Linear(20, 5)  # é\nlayer(torch.randn(2, 21))\n", "layer = nn.Linear(21, 5)  # é\nlayer(torch.randn(2, 21))\n"),
        ("nn.Conv2d(3, 4, 3)(torch.randn(2, 5, 8, 8))\n", "nn.Conv2d(5, 4, 3)(torch.randn(2, 5, 8, 8))\n"),
    ],
)
def test_where_the_number_stands(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        # the other use of the layer is right as it is
        "layer = nn.Linear(20, 5)\nlayer(torch.randn(2, 20))\nlayer(torch.randn(2, 21))\n",
        # what it writes would not do for the layer that comes from it either
        "layer = nn.Linear(20, 5); layer(torch.randn(2, 21)); layer(torch.randn(2, 20))\n",
        # two findings that want different numbers
        "layer = nn.Linear(20, 5)\nlayer(torch.randn(2, 21))\nlayer(torch.randn(2, 22))\n",
        # no number stands there
        "n = 20\nlayer = nn.Linear(n, 5)\nlayer(torch.randn(2, 21))\n",
        # the channels stand last
        "nn.Conv2d(3, 4, 3)(torch.randn(2, 8, 8, 3))\n",
        # groups would not divide
        "nn.Conv2d(4, 4, 3, groups=2)(torch.randn(2, 5, 8, 8))\n",
    ],
)
def test_what_is_left_alone(body: str) -> None:
    assert fixed(body) == body


def test_what_another_file_brings_is_left_alone() -> None:
    """Whether it is mended cannot be seen from the file alone."""
    body = "class Net(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n"
    body += "        self.one = nn.Linear(10, width)\n        self.two = nn.Linear(20, 5)\n\n"
    body += "    def forward(self, x):\n        return self.two(self.one(x))\n"
    Path("train.py").write_text("import torch\nfrom net import Net\n\nNet(30)(torch.randn(2, 10))\n")
    assert fixed(body) == body
    assert [report.code for report in check_paths(["."]).reports] == ["SHP101"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("y = 1  # noqa: SHP101\n", "y = 1\n"),
        ("y = 1  # noqa: SHP101, E501\n", "y = 1  # noqa: E501\n"),
        ("y = 1  # noqa: E501, SHP101\n", "y = 1  # noqa: E501\n"),
        ("y = 1  # noqa: E501,SHP101,W605\n", "y = 1  # noqa: E501,W605\n"),
        ("y = 1  # noqa: SHP101, SHP104\n", "y = 1\n"),
        ("y = 1  # noqa: SHP101 because\n", "y = 1  # noqa: SHP101 because\n"),
        ("y = 1  # one  # noqa: SHP101\n", "y = 1  # one\n"),
        ("y = 1  # noqa: SHP101  # one\n", "y = 1  # one\n"),
        ("y = 1  # shapecheck: ignore[SHP101] because of weights\n", "y = 1\n"),
        ("y = 1  # shapecheck: ignore[SHP101, layer-input] why\n", "y = 1\n"),
        ("y = 1  # shapecheck: ignore\n", "y = 1\n"),
        ("# shapecheck: ignore[SHP101]\ny = 1\n", "y = 1\n"),
        ("y = 1  # shapecheck: ignore[SHP101]  # noqa: SHP104\n", "y = 1\n"),
        ("y = '# noqa: SHP101'  # noqa: SHP101\n", "y = '# noqa: SHP101'\n"),
        ("nn.Linear(3, 1)(torch.randn(2, 4))  # noqa: SHP104, SHP101\n", "nn.Linear(3, 1)(torch.randn(2, 4))  # noqa: SHP101\n"),
        ("def f():\n    # shapecheck: ignore[SHP101]\n    return 1\n", "def f():\n    return 1\n"),
    ],
)
def test_comments_that_silence_nothing_go(before: str, after: str) -> None:
    once = fixed(before, unsafe=False)
    while (again := fixed(once, unsafe=False)) != once:
        once = again
    assert once == after


def test_a_shape_in_a_comment() -> None:
    before = "x = torch.randn(2, 3)\ny = x.flatten()\n# torch.Size([ 4 ]) after all\n"
    assert fixed(before, unsafe=False) == before.replace("[ 4 ]", "[6]")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "# no end"])
def test_files_stay_what_they_are(end: str, last: str) -> None:
    before = f"# coding: latin-1\n# \xe9\n{HEAD}nn.Linear(20, 5)(torch.randn(2, 21))\n{last}".replace("\n", end).encode("latin-1")
    Path("net.py").write_bytes(before)
    result = fix(check_paths(["net.py"]).reports, lambda path: Options(), unsafe=True, write=True)
    assert (result.findings, result.files, result.problems) == (1, 1, ())
    assert Path("net.py").read_bytes() == before.replace(b"(20,", b"(21,")


def test_a_file_that_changed_meanwhile_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("net.py").write_text(HEAD + "y = 1  # noqa: SHP101\n")
    reports = check_paths(["."]).reports
    Path("net.py").write_text(HEAD + "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy = 1\n")
    result = fix(reports, lambda path: Options(), unsafe=True, write=True)
    assert result.files == 0
    assert len(result.problems) == 1
    assert "# noqa" not in Path("net.py").read_text()


def test_what_is_no_file_is_left_alone() -> None:
    reports = check_source(HEAD + "y = 1  # noqa: SHP101\n", "page.txt").reports
    assert fix(reports, lambda path: Options(), unsafe=True, write=True) == Fixed()
    reports = check_source(HEAD + "y = 1  # noqa: SHP101\n", "gone.py").reports
    assert fix(reports, lambda path: Options(), unsafe=True, write=True).problems == ("gone.py: not changed: it is no Python file",)


def test_edits() -> None:
    text = Text("one\r\ntwo\rthree")
    edits = [Edit("a", Range(1, 2, 1, 4), "X"), Edit("a", Range(2, 1, 3, 1), ""), Edit("a", Range(3, 6, 3, 6), "!")]
    assert changed(text, edits).whole == "oX\r\nthree!"
    assert text.whole == "one\r\ntwo\rthree"
    with pytest.raises(RefusedError):
        changed(text, [Edit("a", Range(1, 2, 2, 1), "")])


def test_where_edits_write() -> None:
    edits = [
        Edit("a", Range(1, 1, 2, 1), ""),
        Edit("a", Range(3, 5, 3, 6), "12"),
        Edit("a", Range(3, 9, 3, 11), "7"),
        Edit("a", Range(4, 2, 4, 2), "x"),
    ]
    assert _written(edits) == {(2, 5), (2, 10), (3, 2)}


def test_edits_that_run_into_each_other_are_not_both_made() -> None:
    Path("net.py").write_text("y = 1  # one\n")
    comment = Range(1, 8, 1, 13)
    reports = [
        Report(by_code("SHP904"), str(number), None, "net.py", comment, fix=Fix("", (Edit("net.py", comment, f"# {number}"),), safe=True))
        for number in range(2)
    ]
    assert fix(reports, lambda path: Options(), unsafe=False, write=True).findings == 1
    assert Path("net.py").read_text() == "y = 1  # 0\n"


def test_nothing_to_fix() -> None:
    assert fix([], lambda path: Options(), unsafe=True, write=True) == Fixed()


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    text = HEAD + "nn.Linear(20, 5)(torch.randn(2, 21))\ny = 1  # noqa: SHP104"
    Path("net.py").write_text(text)
    assert main([".", "--diff"]) == 1
    captured = capsys.readouterr()
    assert captured.out == (
        "--- net.py\n+++ net.py\n@@ -2,4 +2,4 @@\n from torch import nn\n \n nn.Linear(20, 5)(torch.randn(2, 21))\n"
        "-y = 1  # noqa: SHP104\n\\ No newline at end of file\n+y = 1\n\\ No newline at end of file\n"
    )
    assert captured.err == "1 finding would be fixed in 1 file (for 1 more there is --unsafe-fixes)\n"
    assert main([".", "--diff", "--unsafe-fixes"]) == 1
    assert capsys.readouterr().err == "2 findings would be fixed in 1 file\n"
    assert Path("net.py").read_text() == text
    assert main([".", "--fix"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "1 finding fixed in 1 file (for 1 more there is --unsafe-fixes)\n"
    assert captured.out.endswith("1 error in 1 file (1 checked)\n")
    assert main([".", "--fix", "--unsafe-fixes"]) == 0
    assert capsys.readouterr().out == "no findings (1 file checked)\n"
    assert main([".", "--fix"]) == 0
    assert capsys.readouterr().err == "0 findings fixed in 0 files\n"
    assert main(["-", "--fix"]) == 2
