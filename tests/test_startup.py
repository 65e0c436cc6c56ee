"""What a user waits for: nothing slow is imported before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SLOW = {"torch", "libcst", "numpy", "sympy", "z3"}

WITHOUT_TORCH = "import os\n\n\ndef main():\n    return os.getcwd()\n"
WITH_TORCH = "import torch\nfrom torch import nn\n\nnn.Linear(20, 30)(torch.randn(128, 20))\n"

PROBE = """
import json, sys
from shapecheck.cli import main
try:
    status = main(sys.argv[1:])
except SystemExit as exit:
    status = exit.code
print("\\n" + json.dumps({"status": status or 0, "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded(*command: str) -> tuple[int, set[str]]:
    """The exit status of a command line and the packages that are loaded when it ends."""
    answer = json.loads(python("-c", PROBE, *command).rstrip().rpartition("\n")[2])
    return answer["status"], set(answer["modules"])


def test_importing_the_package_costs_nothing() -> None:
    def cost() -> float:
        code = "import time; t = time.perf_counter(); import shapecheck; print(time.perf_counter() - t)"
        return float(python("-c", code))

    assert min(cost() for _ in range(5)) < 0.005


def test_importing_the_package_loads_none_of_its_parts() -> None:
    modules = python("-c", "import sys, shapecheck; print(*(name for name in sys.modules if name.startswith('shapecheck')))")
    assert set(modules.split()) == {"shapecheck", "shapecheck.version"}


@pytest.mark.parametrize("command", [("--version",), ("explain",), ("explain", "SHP101"), ("--help",)])
def test_commands_that_read_no_code(command: tuple[str, ...]) -> None:
    status, modules = loaded(*command)
    assert status == 0
    assert not modules & SLOW


def test_a_file_without_torch_loads_no_parser(tmp_path: Path) -> None:
    path = tmp_path / "plain.py"
    path.write_text(WITHOUT_TORCH)
    status, modules = loaded(str(path))
    assert status == 0
    assert not modules & SLOW


def test_a_file_with_torch_loads_no_torch(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(WITH_TORCH)
    status, modules = loaded(str(path))
    assert status == 0
    assert not modules & (SLOW - {"libcst"})
