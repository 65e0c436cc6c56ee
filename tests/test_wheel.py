"""The wheel holds everything, puts one package into site-packages, and works from another folder."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("pyproject.toml", "README.md", "LICENSE", "shapecheck", "rules")

WRONG = "import torch\nfrom torch import nn\n\nlayer = nn.Linear(20, 30)\nlayer(torch.randn(128, 21))\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that the checkout stays clean."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    tree.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree / part)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(tree)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment that holds the wheel, and sees the libcst of the one that runs the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    answer = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
    )
    site = Path(answer.stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    libcst = importlib.util.find_spec("libcst")
    assert libcst is not None
    assert libcst.origin is not None
    (site / "dependencies.pth").write_text(f"{Path(libcst.origin).parent.parent}\n")
    return python


def shapecheck(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run as a user would: from a folder that is not the checkout, without its environment variables."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [python, "-I", "-m", "shapecheck", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def test_every_module_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "shapecheck").rglob("*.py")}
    rules = {f"shapecheck/rules/{path.name}" for path in (ROOT / "rules").glob("*.py")}
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "shapecheck" / "docs").glob("*.md")}
    missing = (modules | rules | pages | {"shapecheck/py.typed", "shapecheck/rules/names.txt"}) - names
    assert not missing, f"add their packages to [tool.setuptools] in pyproject.toml: {sorted(missing)}"


def test_the_wheel_puts_one_package_into_site_packages(wheel: Path) -> None:
    top = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"shapecheck"}


def test_the_wheel_names_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        entry = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "shapecheck = shapecheck.cli:main" in archive.read(entry).decode()


def test_the_installed_rules_are_found(python: Path, tmp_path: Path) -> None:
    done = shapecheck(python, tmp_path, "rules", "nn.Linear")
    assert done.returncode == 0, done.stderr
    assert "written in rules/linear.py:" in done.stdout.replace("\\", "/")


def test_the_installed_command_finds_a_mistake(python: Path, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(WRONG)
    done = shapecheck(python, tmp_path, "net.py", "--format", "json")
    assert done.returncode == 1, done.stderr
    findings = json.loads(done.stdout)["findings"]
    assert [(finding["code"], finding["line"]) for finding in findings] == [("SHP101", 5)]
    assert findings[0]["torch"] == "mat1 and mat2 shapes cannot be multiplied (128x21 and 20x30)"
