"""The whole command on real files, engine included, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

RIGHT = "import torch\nfrom torch import nn\n\nlayer = nn.Linear(20, 30)\nlayer(torch.randn(128, 20))\n"
WRONG = "import torch\nfrom torch import nn\n\nlayer = nn.Linear(20, 30)\nlayer(torch.randn(128, 21))\n"
SENTENCE = "mat1 and mat2 shapes cannot be multiplied (128x21 and 20x30)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    (tmp_path / "plain.py").write_text("import os\n\nprint(os.getcwd())\n")
    return tmp_path


def shapecheck(folder: Path, *words: str, data: bytes | None = None) -> tuple[int, str, str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "shapecheck", *words]
    done = subprocess.run(command, cwd=folder, env=environ, input=data, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_nothing_found(folder: Path) -> None:
    assert shapecheck(folder, "right.py", "plain.py") == (0, "no findings (2 files checked)\n", "")


def test_a_finding(folder: Path) -> None:
    status, out, err = shapecheck(folder, ".")
    assert (status, err) == (1, "")
    assert out.startswith("wrong.py:5:")
    assert f"\n  torch: {SENTENCE}\n" in out
    assert "\n   4 | layer = nn.Linear(20, 30)\n" in out
    assert out.endswith("\n1 error in 1 file (3 checked)\n")


def test_a_finding_as_json(folder: Path) -> None:
    status, out, _ = shapecheck(folder, ".", "--format", "json")
    document = json.loads(out)
    finding = document["findings"][0]
    assert status == 1
    assert (document["files"], document["skipped"]) == (3, 1)
    assert (finding["code"], finding["path"], finding["line"], finding["torch"]) == ("SHP101", "wrong.py", 5, SENTENCE)
    assert (finding["expected"], finding["actual"]) == (20, 21)
    assert finding["trail"][0]["line"] == 4
    assert len(finding["fingerprint"]) == 16


def test_a_path_that_is_not_there_does_not_stop_the_rest(folder: Path) -> None:
    status, out, err = shapecheck(folder, "gone.py", "wrong.py")
    assert status == 2
    assert SENTENCE in out
    assert err == "shapecheck: gone.py: no such file or folder\n"


def test_files_that_are_no_python_are_findings(folder: Path) -> None:
    (folder / "syntax.py").write_text("import torch\nx = (\n")
    (folder / "binary.py").write_bytes(b"import torch\n\x00\xff\xfe")
    status, out, err = shapecheck(folder, ".", "--format", "json")
    assert (status, err) == (1, "")
    assert {(f["path"], f["code"]) for f in json.loads(out)["findings"]} == {
        ("syntax.py", "SHP901"),
        ("binary.py", "SHP902"),
        ("wrong.py", "SHP101"),
    }


def test_standard_input(folder: Path) -> None:
    status, out, _ = shapecheck(folder, "-", "--stdin-filename", "models/net.py", data=WRONG.encode())
    assert status == 1
    assert out.startswith("models/net.py:5:")
    assert "   5 | layer(torch.randn(128, 21))\n" in out


def test_selection(folder: Path) -> None:
    assert shapecheck(folder, "wrong.py", "--ignore", "SHP101")[0] == 0
    assert shapecheck(folder, "wrong.py", "--select", "SHP2")[0] == 0
    assert shapecheck(folder, "wrong.py", "--select", "layer-input")[0] == 1
    assert shapecheck(folder, "wrong.py", "--exit-zero")[0] == 0


def test_an_empty_folder(tmp_path: Path) -> None:
    assert shapecheck(tmp_path, ".") == (0, "no findings (0 files checked)\n", "")


def test_shapes(folder: Path) -> None:
    status, out, _ = shapecheck(folder, "shapes", "right.py", "--format", "json")
    shapes = {entry["text"]: entry["shape"] for entry in json.loads(out)["expressions"]}
    assert status == 0
    assert shapes["layer(torch.randn(128, 20))"] == [128, 30]


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way there")
def test_a_reader_that_goes_away(folder: Path) -> None:
    many = "".join(f"layer(torch.randn({n}, 21))\n" for n in range(1, 400))
    (folder / "many.py").write_text(WRONG + many)
    command = f"{sys.executable} -m shapecheck many.py | head -n 1"
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, shell=True, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
