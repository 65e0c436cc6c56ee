"""The table on the terminal, its JSON, and the command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shapecheck import cli
from shapecheck.show.columns import width_of
from shapecheck.show.summary import counted, rounded
from tests.summary.programs import NETS


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nets.py").write_text(NETS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert cli.main(["summary", *words]) == status
    return capsys.readouterr().out


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    page = said(capsys, "nets.py:CNN", "--input", "2,3,32,32", "--depth", "1")
    assert page == (
        """\
nets.py:CNN  on (2, 3, 32, 32), evaluation mode

layer                  output            params      %   FLOPs      %
CNN                    (2, 10)          136,970  100.0  7.01 M  100.0
├─ first: Sequential   (2, 16, 16, 16)      480    0.4  1.77 M   25.2
├─ second: Sequential  (2, 32, 8, 8)      4,704    3.4  4.72 M   67.3
├─ hidden: Linear      (2, 64)          131,136   95.7   524 k    7.5
└─ out: Linear         (2, 10)              650    0.5  2.56 k

parameters  136,970, all of them trainable, 547.9 kB as float32
FLOPs       7,014,912 (7.01 M) in one call of the model, two for a multiply-add
modules     13 calls
"""
    )


def test_parts_that_are_alike_are_folded(capsys: pytest.CaptureFixture[str]) -> None:
    page = said(capsys, "nets.py:Again(4, 8, 2, n=5)", "--input", "2,4")
    assert "├─ middle: Linear     (2, 8)      72" in page
    assert re.search(r"├─ middle: Linear ×4 +\(2, 8\) +again +1.02 k", page)
    assert said(capsys, "nets.py:Again(4, 8, 2, n=5)", "--input", "2,4", "--no-fold").count("middle: Linear") == 5


def test_a_failing_layer_is_marked_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    page = said(capsys, "nets.py:Wrong", "--input", "1,3,8,8", status=1)
    table, _, finding = page.partition("\nparameters")
    assert table.splitlines()[3:] == [
        "Wrong                ·",
        "├─ stem: Conv2d      (1, 16, 8, 8)     448  94.9  55.3 k  100.0",
        "└─ body: Sequential  ·",
        "   ├─ 0: ReLU        (1, 16, 8, 8)       ·             ·",
        "   └─ ✗ 1: Conv2d    Conv2d wants 5 channels, gets 16",
    ]
    assert "2 calls before it ends" in finding
    assert "nets.py:54:16: SHP101 Conv2d wants 5 channels, gets 16" in finding
    assert "torch: Given groups=1, weight of size [4, 5, 1, 1]" in finding


def test_a_program_that_raises_shows_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    page = said(capsys, "nets.py:Raises", "--input", "1,3", status=1)
    assert re.search(r"nets\.py:\d+: the program raises ValueError\n  raise ValueError\(", page)


def test_what_is_unknown_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    page = said(capsys, "nets.py:Unclear", "--input", "1,3")
    assert re.search(r"└─ b: Linear +unknown", page)
    assert "b: somelibrary.turn is not known" in page
    assert "at least 18 in one call" in page


@pytest.mark.parametrize("width", [40, 50, 64, 80, 200])
@pytest.mark.parametrize("target", ["nets.py:CNN", "nets.py:Wrong", "nets.py:nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), 3)"])
def test_the_table_fits_the_width(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, target: str) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shape = "4,N,8" if "Transformer" in target else "N,3,32,32"
    cli.main(["summary", target, "--input", shape])
    table = capsys.readouterr().out.partition("\nlayer")[2].partition("\nparameters")[0]
    assert max(map(width_of, table.splitlines())) <= width


def test_colours_and_plain_letters(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = said(capsys, "nets.py:CNN", "--input", "2,3,32,32")
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = said(capsys, "nets.py:CNN", "--input", "2,3,32,32")
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(said(capsys, "nets.py:CNN", "--input", "N,3,32,32", "--format", "json"))
    assert {"target", "inputs", "output", "rows", "params", "trainable", "flops", "unknown"} <= document.keys()
    assert (document["inputs"], document["output"], document["params"]) == ([["N", 3, 32, 32]], ["N", 10], 136_970)
    assert (document["flops"], document["unknown"], document["failed"]) == ("3507456*N", [], None)
    first = document["rows"][0]
    assert {key: first[key] for key in ("path", "class", "inputs", "output", "params", "flops")} == {
        "path": "first.0", "class": "Conv2d", "inputs": [["N", 3, 32, 32]], "output": ["N", 16, 32, 32], "params": 448, "flops": "884736*N",
    }  # fmt: skip
    assert document["rows"][-1]["path"] == ""


def test_json_of_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(said(capsys, "nets.py:Wrong", "--input", "1,3,8,8", "--format", "json", status=1))
    assert document["failed"] == {"path": "body.1", "message": "Conv2d wants 5 channels, gets 16"}
    assert [finding["code"] for finding in document["findings"]] == ["SHP101"]
    assert [row["path"] for row in document["rows"]] == ["stem", "body.0"]


@pytest.mark.parametrize("mode", ["--train", "--eval"])
def test_the_mode(capsys: pytest.CaptureFixture[str], mode: str) -> None:
    document = json.loads(said(capsys, "nets.py:Branch", "--input", "2,3", "--format", "json", mode))
    assert [row["path"] for row in document["rows"]] == [*["train_only"] * (mode == "--train"), "always", ""]


def test_bad_usage_is_one_sentence_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["summary", "nets.py:Nothing", "--input", "1"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    with pytest.raises(SystemExit) as ended:
        cli.main(["summary", "nets.py:CNN", "--depth", "x", "--input", "1"])
    assert ended.value.code == 2


def test_output_goes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert said(capsys, "nets.py:MLP", "--input", "1,784", "--output", "table.txt") == ""
    assert "203,530" in (tmp_path / "table.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0  "),
        (999, "999  "),
        (1000, "1.00 k"),
        (9_994, "9.99 k"),
        (9_996, "10.0 k"),
        (99_949, "99.9 k"),
        (99_960, "100 k"),
        (999_499, "999 k"),
        (999_600, "1.00 M"),
        (3_628_146_688, "3.63 G"),
        (10**15, "1000 T"),
    ],
)
def test_rounded_numbers(number: int, text: str) -> None:
    assert rounded(number) == text
    assert counted(number) == f"{number:,}"
