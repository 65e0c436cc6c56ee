"""Notebooks: the cells in order are one program, and what is found in it is said of the cell and its line."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from shapecheck.check import check_paths, check_source, shapes_in_source
from shapecheck.cli import main
from shapecheck.findings.outcome import Outcome
from shapecheck.source.pages.notebook import read_notebook
from shapecheck.source.syntax import complaint
from tests.pages.notebooks import notebook

NET = """\
#md
# A net
---
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(20, 30)

    def forward(self, x):
        return self.fc(x)
---
%time y = Net()(torch.randn(2, 21))"""

Place = tuple[str, int | None, int, int]


def check(text: str) -> Outcome:
    return check_source(notebook(text), "net.ipynb")


def places(outcome: Outcome) -> list[Place]:
    return [(report.code, report.cell, report.range.line, report.range.column) for report in outcome.reports]


def test_a_finding_stands_in_its_cell() -> None:
    (report,) = check(NET).reports
    assert (report.path, report.cell, report.range) == ("net.ipynb", 2, (11, 16, 11, 26))
    assert report.text == "        return self.fc(x)"
    assert report.witness is not None
    assert report.witness.note == "from line 1 of cell 3"
    steps = [(step.cell, step.range, step.text) for step in report.trail]
    assert steps == [
        (2, (8, 29, 8, 31), "        self.fc = nn.Linear(20, 30)"),
        (3, (1, 17, 1, 35), "%time y = Net()(torch.randn(2, 21))"),
    ]


TEXT = """\
net.ipynb:cell 2:11:16: SHP101 Linear wants 20 features, gets 21
  net.ipynb:cell 3:1
   1 | %time y = Net()(torch.randn(2, 21))
     |                 ------------------ (2, 21): randn
  net.ipynb:cell 2:11
  11 |         return self.fc(x)
     |                ^^^^^^^^^^ x is (2, 21)
   8 |         self.fc = nn.Linear(20, 30)
     |                             ^^ in_features is 20
  torch: mat1 and mat2 shapes cannot be multiplied (2x21 and 20x30)
  with:  Net(), x = (2, 21) from line 1 of cell 3
  hint:  nn.Linear(21, 30)

1 error in 1 file (1 checked)
"""


def test_the_forms_of_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.ipynb").write_text(notebook(NET), encoding="utf-8")
    assert main(["."]) == 1
    assert capsys.readouterr().out == TEXT
    assert main(["net.ipynb", "--format", "concise"]) == 1
    assert capsys.readouterr().out == "net.ipynb:cell 2:11:16: SHP101 Linear wants 20 features, gets 21\n"
    assert main(["net.ipynb", "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["path"], finding["cell"], finding["line"], finding["trail"][1]["cell"]) == ("net.ipynb", 2, 11, 3)


def test_services_know_no_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.ipynb").write_text(notebook(NET), encoding="utf-8")
    main(["net.ipynb", "--format", "github"])
    (line,) = filter(None, capsys.readouterr().out.splitlines())
    assert "line=1,endLine=1" in line
    assert "cell 2, line 11: Linear wants 20 features, gets 21" in line
    main(["net.ipynb", "--format", "sarif"])
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["message"]["text"].startswith("cell 2, line 11: Linear wants 20 features")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    main(["net.ipynb", "--format", "junit"])
    assert "cell 2, line 11" in capsys.readouterr().out
    main(["net.ipynb", "--format", "gitlab"])
    assert json.loads(capsys.readouterr().out)[0]["location"]["lines"]["begin"] == 1


def test_a_comment_that_silences_nothing_stands_in_its_cell() -> None:
    assert places(check("import torch\n---\ny = torch.zeros(6)  # noqa: SHP104")) == [("SHP904", 2, 1, 29)]


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(notebook(NET).encode())))
    assert main(["-", "--stdin-filename", "net.ipynb"]) == 1
    assert capsys.readouterr().out == TEXT


def test_shapes() -> None:
    found = shapes_in_source(notebook(NET), "net.ipynb").expressions
    assert sorted((entry.cell, entry.range.line, entry.text, entry.shape) for entry in found if entry.shape) == [
        (2, 11, "x", (2, 21)),
        (3, 1, "torch.randn(2, 21)", (2, 21)),
    ]


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("x.view(7)", 1),
        ("  x.view(7)", 3),
        ("%matplotlib inline\n%load_ext autoreload\nx.view(7)", 1),
        ("!pip install \\\n  torch \\\n  einops\nx.view(7)", 1),
        ("files = !ls\na, b = %sql select\nx.view(7)", 1),
        ("?x\nx?\nx??\ntorch.nn?\nx.view(7)", 1),
        ("pip install torch\ncd ..\nx.view(7)", 1),
        ("if True:\n    !ls\n    %cd ..\nx.view(7)", 1),
        ("%%time\nx.view(7)", 1),
        ("\n%%capture out\nx.view(7)", 1),
        ("%time x.view(7)", 7),
        ("    %time x.view(7)", 11),
        ("for i in [1]:\n    %time x.view(7)", 11),
        ("await x\nx.view(7)", 1),
        ("async with x: pass\nx.view(7)", 1),
        ("y = (5\n% 3)\n!ls\nx.view(7)", 1),
        ('s = """\n%magic\n!ls\n"""\n!ls\nx.view(7)', 1),
        ("y = 5 % 3; y %= 3; z = 'a?'\nx.view(7)", 1),
        ("x.view(7);", 1),
    ],
)
def test_what_ipython_adds(cell: str, column: int) -> None:
    """Nothing else of the cell is lost, and the column is the notebook's."""
    line = len(cell.split("\n"))
    assert places(check(f"import torch\nx = torch.zeros(6)\n---\n{cell}")) == [("SHP104", 2, line, column)]


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile net.py", "%%html", "%%timeit -n 3", "%%script python"])
def test_cells_that_are_not_for_this_python(magic: str) -> None:
    outcome = check(f"import torch\n---\n{magic}\ntorch.zeros(6).view(7)\nno python (\n---\ntorch.zeros(6).view(8)")
    assert places(outcome) == [("SHP104", 3, 1, 1)]
    assert dict(outcome.unknown) == {"a block or cell that is not Python": 1}


def test_a_cell_that_is_no_python() -> None:
    """It is reported; the other cells are checked, and what it would have bound is not known."""
    outcome = check("import torch\nx = torch.zeros(6)\n---\ny = 1\nx = x.view(2, 3\n---\nx.view(7)\ntorch.zeros(2).view(3)")
    assert places(outcome) == [("SHP901", 2, 2, 11), ("SHP104", 3, 2, 1)]
    assert outcome.reports[0].text == "x = x.view(2, 3"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not a notebook: Expecting property name enclosed in double quotes"),
        ("", "not a notebook: Expecting value"),
        ("[]", "not a notebook: it has no cells"),
        ('{"cells": 3}', "not a notebook: it has no cells"),
        ("[" * 100_000, "not a notebook: maximum recursion depth exceeded"),
    ],
)
def test_what_is_no_notebook(text: str, sentence: str) -> None:
    (report,) = check_source(text, "net.ipynb").reports
    assert report.code == "SHP902"
    assert report.message.startswith(sentence)


def test_odd_notebooks_are_read() -> None:
    cells = [
        None,
        3,
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "source": 3},
        {"cell_type": "code", "source": ["import torch\r\n", 3]},
    ]
    cells.append({"cell_type": "code", "source": "torch.zeros(6).view(7)"})
    assert places(check_source(json.dumps({"cells": cells}), "net.ipynb")) == [("SHP104", 7, 1, 1)]
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["import torch\n", "torch.zeros(6).view(7)"]}]}], "nbformat": 3}
    assert places(check_source(json.dumps(old), "net.ipynb")) == [("SHP104", 1, 2, 1)]
    assert check_source('{"cells": []}', "net.ipynb").reports == ()


def test_notebooks_of_other_languages_are_left_alone() -> None:
    text = notebook("library(torch)\nx <- (1\n", {"kernelspec": {"language": "R"}})
    assert check_source(text, "net.ipynb").reports == ()


@pytest.mark.parametrize("comment", ["# noqa: SHP104", "# shapecheck: ignore[SHP104] meant"])
def test_comments_that_silence(comment: str) -> None:
    assert places(check(f"import torch\n---\ntorch.zeros(6).view(7)  {comment}\ntorch.zeros(6).view(8)")) == [("SHP104", 2, 2, 1)]
    assert places(check("import torch\n---\ntorch.zeros(6).view(7)\n---\n# shapecheck: skip-file\n---\nx = (")) == []


def test_a_class_that_is_written_again() -> None:
    """A name means in each cell what it meant there."""
    layer = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear({}, 5)\n    def forward(self, x):\n        return self.fc(x)"
    call = "Net()(torch.randn(2, {}))"
    cells = ["import torch\nfrom torch import nn", layer.format(10), call.format(10), layer.format(20), call.format(20), call.format(10)]
    assert places(check("\n---\n".join(cells[:5]))) == []
    assert places(check("\n---\n".join(cells))) == [("SHP101", 4, 6, 16)]


def test_a_class_that_was_replaced_is_not_run_with_what_replaced_it() -> None:
    """Nobody builds it any more, and its `super(Net, self)` means the other class by now."""
    net = "class Net({base}):\n    def __init__(self, width):\n        super(Net, self).__init__()\n        self.fc = nn.Linear(width, 5)\n    def forward(self, x):\n        return self.fc(x)"
    other = "class Net(nn.Module):\n    def forward(self, x):\n        return x"
    assert (
        places(check(f"import torch\nfrom torch import nn\n---\n{net.format(base='nn.Module')}\n---\n{other}\n---\nNet()(torch.zeros(2))"))
        == []
    )


def test_names_may_come_from_elsewhere() -> None:
    """From a magic, from IPython, from a cell that was run and deleted."""
    assert places(check("import torch\n%run setup.py\nmodel = make(torch.zeros(3))\ndisplay(model)\nOut[3].view(In, _)")) == []


def test_what_is_left_out_is_not_known() -> None:
    assert places(
        check("import torch\nfrom torch import nn\nnet = nn.Linear(..., 3)\nx = ...\nnet(x).view(2, 3)\ntorch.zeros(2, 3)[..., 5]")
    ) == [("SHP109", 1, 6, 1)]


def test_a_notebook_without_torch_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "plain.ipynb").write_text(notebook("#md\nabout torch\n---\nprint(1)"))
    outcome = check_paths([str(tmp_path)])
    assert (outcome.files, outcome.skipped, outcome.reports) == (1, 1, ())


def test_every_line_of_the_program_has_its_place() -> None:
    page = read_notebook(notebook(NET))
    assert complaint(page.text) is None
    assert len(page.text.splitlines()) == len(page.origins) == 12
    assert [(origin.cell, origin.number) for origin in page.origins[-2:]] == [(2, 11), (3, 1)]
