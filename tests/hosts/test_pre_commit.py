"""The hooks inside of pre-commit itself: it clones this checkout, builds an environment without torch, and stops a commit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts.installed import ROOT

pytest.importorskip("pre_commit")
if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

PARTS = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE", "shapecheck", "rules")
OFFLINE = ("Failed to establish a new connection", "No matching distribution found", "Temporary failure in name resolution")

BLOCKS = "from torch import nn\n\n\ndef head(width):\n    return nn.Linear(width, 10)\n"
NET = "import torch\nfrom blocks import head\n\nlogits = head(64)(torch.randn(2, {width}))\n"


class Repository:
    """A git repository of a user with the hook in it."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.environ = environ
        folder.mkdir()
        self.git("init", "--quiet")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environ, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
        )

    def git(self, *words: str) -> str:
        done = self.run("git", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "--all")

    def commit(self) -> tuple[int, str]:
        """Try to commit what is staged: git's status, and all that was said."""
        done = self.run("git", "commit", "--quiet", "--message", "a change")
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("home")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_", "PRE_COMMIT", "SKIP"))}
    who = {f"GIT_{role}_{key}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    places = {"PRE_COMMIT_HOME": str(folder / "pre-commit"), "SHAPECHECK_CACHE_DIR": str(folder / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
    return {**ours, **who, **places, "PYTHONUTF8": "1"}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Repository:
    """With the hook installed from a clone of this checkout."""
    folder = tmp_path_factory.mktemp("repositories")
    hooks = Repository(folder / "shapecheck", environ)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, hooks.folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, hooks.folder / part)
    hooks.git("add", "--all")
    hooks.git("commit", "--quiet", "--message", "hooks")
    user = Repository(folder / "user", environ)
    hook = {"id": "shapecheck"}
    config = {"repos": [{"repo": str(hooks.folder), "rev": hooks.git("rev-parse", "HEAD"), "hooks": [hook]}]}
    user.write(".pre-commit-config.yaml", json.dumps(config))  # JSON is YAML
    done = user.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    if any(words in done.stdout + done.stderr for words in OFFLINE):
        pytest.skip("the environment of the hook cannot be built: no package index in reach")
    assert done.returncode == 0, done.stdout + done.stderr
    user.write("blocks.py", BLOCKS)
    user.write("net.py", NET.format(width=64))
    assert user.commit()[0] == 0
    return user


def test_a_bad_commit_is_stopped_and_a_good_one_passes(repository: Repository) -> None:
    repository.write("net.py", NET.format(width=32))
    status, said = repository.commit()
    assert status == 1
    assert "shapecheck...............................................................Failed" in said
    assert "net.py:4:10: SHP101 Linear wants 64 features, gets 32" in said
    assert "torch: mat1 and mat2 shapes cannot be multiplied (2x32 and 64x10)" in said
    assert "Traceback" not in said
    repository.write("net.py", NET.format(width=64) + "\n")
    assert repository.commit()[0] == 0


def test_only_what_changed_is_checked_and_notebooks_are(repository: Repository) -> None:
    repository.write("old.py", NET.format(width=32))
    repository.git("commit", "--quiet", "--no-verify", "--message", "an old mistake")
    repository.write("docs/notes.txt", "text\n")
    assert repository.commit()[0] == 0
    repository.write("use.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": NET.format(width=16).replace("blocks", "old")}]}))
    status, said = repository.commit()
    assert status == 1
    assert "use.ipynb:cell 1:4:10: SHP101 Linear wants 64 features, gets 16" in said
    assert "old.py:4" not in said
    repository.git("reset", "--quiet", "--hard")


def test_what_is_excluded_stays_excluded(repository: Repository) -> None:
    repository.write("pyproject.toml", '[tool.shapecheck]\nexclude = ["vendored"]\n')
    repository.write("vendored/net.py", NET.format(width=8))
    assert repository.commit()[0] == 0


def test_the_environment_of_the_hook_has_no_torch(repository: Repository) -> None:
    home = Path(repository.environ["PRE_COMMIT_HOME"])
    assert [path.name for path in home.rglob("site-packages/shapecheck")] == ["shapecheck"]
    assert not list(home.rglob("site-packages/torch"))
