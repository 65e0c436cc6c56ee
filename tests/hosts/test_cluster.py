"""The page about clusters: its program runs, and comes to what the command comes to."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shapecheck.check import check_paths
from shapecheck.parts import check_part, merged, parts, tree, written
from tests.hosts.installed import ROOT

PAGE = ROOT / "shapecheck" / "docs" / "cluster.md"

BLOCKS = "from torch import nn\n\n\nclass Head(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n        self.fc = nn.Linear(width, 10)\n\n    def forward(self, x):\n        return self.fc(x)\n"
USE = "import torch\nfrom blocks import Head\n\nHead(64)(torch.randn(2, {}))\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree in which files bring findings to one another."""
    monkeypatch.chdir(tmp_path)
    src = tmp_path / "src"
    src.mkdir()
    (src / "blocks.py").write_text(BLOCKS)
    for number, width in enumerate((64, 32, 16)):
        (src / f"use{number}.py").write_text(USE.format(width))
    for path in sorted((ROOT / "fixtures" / "broken").glob("c*.py")):
        shutil.copy(path, src)
    (src / "silent.py").write_text("import torch\n\ntorch.zeros(6).view(7)  # noqa: SHP104\n")
    return src


def test_parts_come_to_what_the_whole_comes_to(folder: Path) -> None:
    """In whatever order they come."""
    whole = check_paths(["src"])
    assert len(whole.reports) > 5
    assert any(report.path.endswith("blocks.py") for report in whole.reports)
    found = tree(["src", "gone"])
    outcomes = [check_part(part, found) for part in parts(found, 2)]
    for order in (outcomes, outcomes[::-1]):
        outcome = merged(order, found)
        assert outcome.reports == whole.reports
        assert (outcome.files, outcome.skipped, outcome.problems) == (whole.files, whole.skipped, ("gone: no such file or folder",))
    assert json.loads(written(merged(outcomes, found), "json"))["files"] == whole.files


def test_the_program_of_the_page(folder: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (pip install distributed)")
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    Path("check_tree.py").write_text(program)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "check_tree.py", "src", "out.sarif"], env=environ, capture_output=True, text=True, timeout=300, check=False
    )
    whole = check_paths(["src"])
    assert done.stdout == f"{len(whole.reports)} findings in {whole.files} files\n", done.stderr
    assert done.returncode == 1
    (run,) = json.loads(Path("out.sarif").read_text())["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places] == [
        (report.path, report.range.line) for report in whole.reports
    ]
