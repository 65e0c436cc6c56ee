"""Comments that silence findings, and those that silence nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shapecheck import check_paths, check_source
from shapecheck.findings.catalogue import by_code
from shapecheck.options import Options

HEAD = "import torch\nfrom torch import nn\n\nlayer = nn.Linear(20, 30)\nx = torch.randn(128, 21)\n"
CALL = "layer(x)"


def codes(body: str, **settings: Any) -> list[tuple[str, int]]:
    """Code and line of what is found; the body starts on line 6."""
    return [(report.code, report.range.line) for report in check_source(HEAD + body, options=Options(**settings)).reports]


def unused(body: str, **settings: Any) -> list[tuple[int, int, int, str]]:
    """Line, columns and message of the comments that are said to silence nothing."""
    reports = check_source(HEAD + body, options=Options(**settings)).reports
    return [(r.range.line, r.range.column, r.range.end_column, r.message) for r in reports if r.code == "SHP904"]


def test_what_there_is_to_silence() -> None:
    assert codes(CALL) == [("SHP101", 6)]


@pytest.mark.parametrize(
    "body",
    [
        "layer(x)  # noqa",
        "layer(x)  # noqa: SHP101",
        "layer(x)  # NOQA:shp101",
        "layer(x)  # noqa: E501, SHP101",
        "layer(x)  # noqa: SHP1",
        "layer(x)  # noqa: SHP101 because of old weights",
        "layer(x)  # shapecheck: ignore[SHP101] the weights are old",
        "layer(x)  # shapecheck: ignore[layer-input]",
        "layer(x)  # shapecheck: ignore[shp101]",
        "layer(x)  # shapecheck: ignore",
        "# shapecheck: ignore[SHP101] why\nlayer(x)",
        "# shapecheck: ignore[SHP101] why\n\n# more words\nlayer(x)",
        "# shapecheck: ignore[SHP101]\nprint(\n    'a',\n    layer(x),\n)",
        "print(\n    layer(x),  # shapecheck: ignore[SHP101]\n)",
        "print(\n    layer(x),  # noqa: SHP101\n)",
        "layer(\n    x,\n)  # noqa: SHP101",
        "y = 1 + \\\n    layer(x)  # noqa: SHP101",
        "y = layer(x), \\\n    1  # noqa: SHP101",
        "y = layer(x), '''\na\n'''  # noqa: SHP101",
        "# shapecheck: skip-file\nlayer(x)",
    ],
)
def test_comments_that_silence(body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "layer(x)  # noqa: E501",
        "layer(x)\n# noqa",
        "layer(x)\n# shapecheck: ignore[SHP101]",
        "'# noqa'; layer(x)",
        "'# shapecheck: skip-file'; layer(x)",
        "layer(x), '# noqa: SHP101'",
    ],
)
def test_comments_that_do_not(body: str) -> None:
    assert ("SHP101", 6) in codes(body)


def test_a_fault_of_our_own_is_never_silenced() -> None:
    from shapecheck.findings.report import Range, Report
    from shapecheck.findings.suppression import Suppression, silenced

    fault = Report(by_code("SHP905"), "failed", None, "/a.py", Range(1, 1, 1, 2))
    assert silenced([fault], {"/a.py": (Suppression(1, 9),)}) == [fault]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("y = 1  # noqa: SHP101", [(6, 16, 22, "there is no SHP101 here to silence")]),
        ("y = 1  # noqa: E501, SHP101,SHP104", [(6, 22, 28, "there is no SHP101 here to silence"), (6, 29, 35, "there is no SHP104 here to silence")]),
        ("layer(x)  # noqa: SHP101, SHP104", [(6, 27, 33, "there is no SHP104 here to silence")]),
        ("y = 1  # shapecheck: ignore[SHP101] why", [(6, 29, 35, "there is no SHP101 here to silence")]),
        ("y = 1  # shapecheck: ignore[layer-input, SHP5]",
         [(6, 29, 40, "there is no SHP101 here to silence"), (6, 42, 46, "there is no SHP5 here to silence")]),
        ("y = 1  # shapecheck: ignore why", [(6, 8, 32, "there is no finding here to ignore")]),
        ("y = 1  # shapecheck: ignore[SHP999]", [(6, 29, 35, "no finding is called 'SHP999'")]),
        ("y = 1  # noqa: SHP999", [(6, 16, 22, "no finding is called 'SHP999'")]),
        ("layer(x)  # shapecheck: ignore[SHP101, E501]", [(6, 40, 44, "no finding is called 'E501'")]),
        ("# shapecheck: ignore[SHP101]\nlayer(x)  # noqa: SHP101", []),
        ("y = 1  # noqa", []),
        ("y = 1  # noqa: E501", []),
        ("y = 1  # noqa: SHP101, SHP904", []),
        ("y = 1  # shapecheck: ignore[SHP101, SHP904]", []),
        ("y = 1  # noqa: SHP904", []),
        ("y = 1  # shapecheck: skip-file", []),
    ],
)  # fmt: skip
def test_comments_that_silence_nothing(body: str, expected: list[tuple[int, int, int, str]]) -> None:
    assert unused(body) == expected


def test_they_are_warnings_unless_said_otherwise() -> None:
    (report,) = check_source("import torch\ny = 1  # noqa: SHP101\n").reports
    assert report.finding.severity == "warning"
    (report,) = check_source("import torch\ny = 1  # noqa: SHP101\n", options=Options(severity=(("SHP904", "info"),))).reports
    assert report.finding.severity == "info"


def test_a_code_that_is_deselected_is_not_missed() -> None:
    body = "y = 1  # noqa: SHP101"
    assert unused(body, ignore=("SHP1",)) == []
    assert unused(body, select=("SHP2",)) == []
    assert unused(body, ignore=("SHP904",)) == []
    assert unused(body, per_file_ignores=(("*", ("SHP101",)),)) == []
    assert unused("y = 1  # noqa: SHP903") == []
    assert len(unused("y = 1  # noqa: SHP903", extend_select=("SHP903",))) == 1
    assert unused("y = 1  # noqa: SHP999", ignore=("SHP904",)) == []


def test_files_without_torch_are_looked_at() -> None:
    assert [report.code for report in check_source("y = 1  # noqa: SHP101\n").reports] == ["SHP904"]


def test_what_others_may_call_is_judged_with_them_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding of a file may come from the run of another: a lone file does not say what is of no use."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n"
        "        self.one = nn.Linear(10, width)\n        self.two = nn.Linear(20, 5)\n\n    def forward(self, x):\n"
        "        x = self.one(x)  # shapecheck: ignore[SHP101]\n        return self.two(x)  # shapecheck: ignore[SHP101] until the weights are new\n"
    )
    (tmp_path / "train.py").write_text("import torch\nfrom net import Net\n\nNet(30)(torch.randn(2, 10))\n")
    assert check_paths(["net.py"]).reports == ()
    assert [(report.code, report.range.line) for report in check_paths(["."]).reports] == [("SHP904", 12)]
    assert [(report.code, report.range.line) for report in check_paths(["net.py", "."]).reports] == [("SHP904", 12)]
    (tmp_path / "net.py").write_text((tmp_path / "net.py").read_text().replace("  # shapecheck: ignore[SHP101] until", "  # until"))
    assert [(r.path, r.code, r.range.line) for r in check_paths(["."]).reports] == [("net.py", "SHP904", 12), ("net.py", "SHP101", 13)]


def test_the_example_of_the_catalogue() -> None:
    finding = by_code("SHP904")
    assert [report.code for report in check_source(finding.bad).reports] == ["SHP904"]
    assert check_source(finding.good).reports == ()
