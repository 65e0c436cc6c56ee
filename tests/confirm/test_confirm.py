"""--confirm from end to end."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from shapecheck import confirm
from shapecheck.cli import main
from shapecheck.confirm.ask import Asker
from shapecheck.confirm.child import Child
from shapecheck.confirm.python import interpreter
from shapecheck.confirm.reproducer import reproducer
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Report
from shapecheck.show.text import full
from tests.confirm.conftest import Confirm

NET = """\
import argparse
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.a = nn.Linear(4, width)
        self.b = nn.Linear(9, 2)

    def forward(self, x):
        return self.b(self.a(x))
"""


def said(report: Report) -> tuple[str, str]:
    assert report.confirmation is not None
    return report.confirmation.status, report.confirmation.device


def test_the_text_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    (tmp_path / "net.py").write_text(NET)
    assert main(["--confirm", str(tmp_path), "--python", sys.executable, "--no-cache"]) == 1
    captured = capsys.readouterr()
    assert "  with:  Net, x = (N, 4)                                         confirmed on cpu\n" in captured.out
    assert captured.out.endswith("1 error in 1 file (1 checked); torch confirms 1\n")
    assert "1 finding in" in captured.err and "1 start of the worker" in captured.err


def test_the_json_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    # what main() does cannot be followed: it is only seen when it is run
    blind = "\n\ndef main():\n    return nn.Linear(eval('3'), 2)(torch.rand(2, eval('5')))\n"
    (tmp_path / "net.py").write_text(NET + blind)
    words = ["--confirm=cpu", "--runs", "--format", "json", "-q", str(tmp_path), "--python", sys.executable, "--no-cache"]
    assert main(words) == 1
    found = json.loads(capsys.readouterr().out)
    assert [finding["confirmation"] for finding in found["findings"]] == [
        {"status": "confirmed", "device": "cpu", "error": "mat1 and mat2 shapes cannot be multiplied (5x8 and 9x2)", "reason": None}
    ]
    (missed,) = found["missed"]
    assert missed["sentence"] == "mat1 and mat2 shapes cannot be multiplied (2x5 and 3x2)"
    assert (missed["line"], missed["entry"], missed["device"]) == (17, "main()", "cpu")


def test_without_torch_nothing_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "net.py").write_text(NET)
    empty = tmp_path / "empty"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(empty)], check=True)
    assert main(["--confirm", str(tmp_path / "net.py"), "--python", str(empty)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "it has no torch" in captured.err


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for an interpreter")
def test_what_is_no_python(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "net.py").write_text(NET)
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\nexit 3\n")
    other.chmod(0o755)
    assert main(["--confirm", str(tmp_path / "net.py"), "--python", str(other)]) == 2
    assert "does not start as a Python interpreter" in capsys.readouterr().err


def test_runs_without_confirm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "net.py").write_text(NET)
    assert main(["--runs", str(tmp_path / "net.py")]) == 2
    assert capsys.readouterr().err == "shapecheck: --runs belongs to --confirm\n"


def test_the_slice_is_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "sizes.py").write_text("WIDTH = 9\n")
    text = NET.replace("import argparse", "import argparse\nfrom .sizes import WIDTH").replace("nn.Linear(9", "nn.Linear(WIDTH")
    (package / "net.py").write_text(f"{text}\n\nprint(argparse)\n")
    monkeypatch.chdir(tmp_path)
    assert main(["--show-slice", "pack", "--save-slices", "slices"]) == 1
    shown = capsys.readouterr().out
    assert "argparse" not in shown
    assert shown.startswith("# SHP101 pack/net.py:14:16: Linear wants 9 features, gets 8\n# torch: mat1 and mat2")
    saved = tmp_path / "slices" / "pack_net_14_SHP101.py"
    assert saved.read_text() == shown
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be multiplied"):
        runpy.run_path(str(saved))


def test_a_finding_that_torch_does_not_share(child: Child, confirmed: Confirm) -> None:
    (report,) = confirmed(text=NET)
    assert report.replay is not None
    # the same finding about a program that is right
    right = tuple(replace(program, text=program.text.replace("(9, 2)", "(8, 2)")) for program in report.replay.programs)
    wrong = replace(report, replay=replace(report.replay, programs=right), confirmation=None)
    asked = Asker(child, "auto").confirm(wrong)
    assert said(asked) == ("not reproduced", "cpu")
    assert asked.severity == "info"
    assert Outcome((asked,), 1).status == 0
    page = full(asked, lambda path, line: None)
    assert "not reproduced on cpu" in page
    assert "  note:  the accused code ran without this error: shapecheck is wrong here\n" in page
    assert "`shapecheck --show-slice t.py`" in page


def test_the_second_mistake_is_confirmed_as_well(confirmed: Confirm) -> None:
    text = NET.replace("self.b(self.a(x))", "self.b(self.a(x)), self.c(x)")
    text = text.replace("        self.b =", "        self.c = nn.Linear(5, 2)\n        self.b =")
    reports = confirmed(text=text.replace("return self.b(self.a(x)), self.c(x)", "y = self.b(self.a(x))\n        return y, self.c(x)"))
    assert [said(report)[0] for report in reports] == ["confirmed", "confirmed"]


LOOP = """\
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3):
    loss = net(torch.rand(2, 4)).sum()
    loss.backward()
    opt.step()
head = nn.Linear(3, 1)
head(net(torch.rand(2, 4)))
"""
CASES: dict[str, tuple[str, tuple[str, str]]] = {
    "a warning, by the shape that is seen": (
        "import torch\nx = torch.rand(2, 3)\nprint(x.shape)  # torch.Size([2, 4])\n",
        ("confirmed", "meta"),
    ),
    "values are needed": (
        "import torch\nfrom torch import nn\nx = torch.arange(6.)\nif x.sum() > 3:\n    nn.Linear(4, 2)(x.reshape(2, 3))\n",
        ("confirmed", "cpu"),
    ),
    "meta does not look at indices": (
        "import torch\nfrom torch import nn\nnn.Embedding(3, 4)(torch.tensor([[1, 5]]))\n",
        ("confirmed", "cpu"),
    ),
    "cuda is written in the code": (
        "import torch\nfrom torch import nn\nnet = nn.Linear(4, 2).to('cuda')\nnet(torch.rand(2, 3, device='cuda').cuda())\n",
        ("confirmed", "cpu"),
    ),
    "a training loop": (LOOP, ("confirmed", "cpu")),
}


@pytest.mark.parametrize("name", CASES)
def test_case(confirmed: Confirm, name: str) -> None:
    text, wanted = CASES[name]
    (report,) = confirmed(text=text)
    assert said(report) == wanted, report.confirmation


def test_meta_alone_proves_nothing_by_silence(confirmed: Confirm) -> None:
    (report,) = confirmed(text=CASES["meta does not look at indices"][0], where="meta")
    assert said(report) == ("could not run", "meta")
    assert report.confirmation is not None
    assert "proves nothing" in (report.confirmation.reason or "")


def test_cuda(confirmed: Confirm, child: Child) -> None:
    if not child.ready()["cuda"]:
        pytest.skip("no CUDA device here")
    (report,) = confirmed(text=NET, where="cuda")
    assert said(report) == ("confirmed", "cuda")
    # a device assert costs its process, and nothing else
    (lookup,) = confirmed(text=CASES["meta does not look at indices"][0], where="cuda")
    assert lookup.confirmation is not None
    assert said(confirmed(text=NET, where="cuda")[0]) == ("confirmed", "cuda")


def test_one_process_for_all(child: Child, confirmed: Confirm) -> None:
    text = NET + "".join(
        f"\n\nclass Net{number}(Net):\n    def forward(self, x):\n        return self.b(self.a(x))\n" for number in range(30)
    )
    before = child.starts
    reports = confirmed(text=text)
    assert len(reports) == 31
    assert {said(report)[0] for report in reports} == {"confirmed"}
    assert child.starts <= before + 1


# which Python


def test_the_environment_beside_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setattr(sys, "path", [])
    root = tmp_path / ".venv"
    packages = root / "lib" / "python3.11" / "site-packages" / "torch"
    packages.mkdir(parents=True)
    (packages / "__init__.py").write_text("")
    (root / "bin").mkdir()
    (root / "bin" / "python").write_text("")
    (root / "pyvenv.cfg").write_text("")
    code = tmp_path / "code"
    code.mkdir()
    assert interpreter(None, [str(code)]) == str(root / "bin" / "python")
    assert interpreter(str(root), []) == str(root / "bin" / "python")
    # an active environment goes first, if it has torch
    other = tmp_path / "other"
    (other / "bin").mkdir(parents=True)
    (other / "bin" / "python").write_text("")
    monkeypatch.setenv("VIRTUAL_ENV", str(other))
    assert interpreter(None, [str(code)]) == str(root / "bin" / "python")
    monkeypatch.setenv("VIRTUAL_ENV", str(root))
    assert interpreter(None, [str(other)]) == str(root / "bin" / "python")


def test_no_neighbour_of_the_worker_hides_a_module() -> None:
    folder = Path(confirm.__file__).parent
    names = {path.stem for path in folder.glob("*.py")}
    assert names.isdisjoint(sys.stdlib_module_names)


SCRIPT = """\
import argparse
import torch
from torch import nn
from no_such_package import tracker


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Linear(4, width)
        self.b = nn.Linear(9, 2)

    def forward(self, x, mask=None):
        return self.b(self.a(x))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    args = parser.parse_args()
    tracker.log(args.data)
    net = Net(8).cuda()
    for epoch in range(10):
        net(torch.rand(16, 4))


if __name__ == "__main__":
    main()
"""


def test_the_module_alone_is_enough(confirmed: Confirm) -> None:
    (report,) = confirmed(text=SCRIPT)
    assert said(report) == ("confirmed", "cpu")
    assert report.replay is not None
    shown = reproducer(report)
    assert "tracker" not in shown and "argparse" not in shown
    assert shown.endswith("\n\n\nNet(8)(torch.rand(16, 4), None)\n")
