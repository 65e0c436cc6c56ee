"""flake8 as editors call it, with the plugin in it: Python LSP Server, and VS Code's extension, whose process stays.

What the two do was read in their sources (`pylsp/plugins/flake8_lint.py`, `bundled/tool/lsp_server.py`), and is done here the same way,
so that neither has to be installed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.hosts.installed import environment

pytest.importorskip("flake8")

PYTHON = os.environ.get("SHAPECHECK_FLAKE8", sys.executable)

BLOCKS = "from torch import nn\n\n\ndef head(width):\n    return nn.Linear(width, 10)\n"
NET = "import torch\nfrom .blocks import head\n\nx = head({})(torch.randn(2, 32))\n"
SENTENCE = "SHP101 Linear wants {} features, gets 32 (torch: mat1 and mat2 shapes cannot be multiplied (2x32 and {}x10))"


class Found(NamedTuple):
    """A finding as the editor shows it: line and column from 0."""

    line: int
    column: int
    code: str
    message: str


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("installed"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "blocks.py").write_text(BLOCKS)
    return tmp_path


_PYLSP = re.compile(r"(.*):(\d*):(\d*): (\w*) (.*)")


def pylsp(folder: Path, environ: dict[str, str], name: str, text: str) -> list[Found]:
    """The text of a document on standard input, its path from the root of the workspace, in which flake8 runs."""
    command = [PYTHON, "-m", "flake8", "-", "--max-line-length=100", "--stdin-display-name", name]
    done = subprocess.run(command, cwd=folder, env=environ, input=text.encode(), capture_output=True, timeout=120, check=False)
    assert done.stderr == b""
    found = []
    for line in done.stdout.decode().splitlines():
        match = _PYLSP.match(line)
        assert match is not None, line
        found.append(Found(int(match[2]) - 1, int(match[3]) - 1, match[4], f"{match[4]} {match[5]}"))
    return found


def test_pylsp_sees_a_document_that_is_not_saved(folder: Path, environ: dict[str, str]) -> None:
    """What stands on the disk is another text; what it imports is read from there."""
    name = os.path.join("pkg", "net.py")
    assert pylsp(folder, environ, name, NET.format(64)) == [Found(3, 4, "SHP101", SENTENCE.format(64, 64))]
    (folder / name).write_text(NET.format(64))
    assert pylsp(folder, environ, name, NET.format(32)) == []
    assert pylsp(folder, environ, name, NET.format(16)) == [Found(3, 4, "SHP101", SENTENCE.format(16, 16))]
    (folder / "pkg" / "blocks.py").write_text(BLOCKS.replace("nn.Linear(width", "nn.Linear(2 * width"))
    assert pylsp(folder, environ, name, NET.format(16)) == []


VSCODE = r"""
import contextlib, io, json, os, runpy, sys

for line in sys.stdin:
    asked = json.loads(line)
    os.chdir(asked["cwd"])
    out, given, real = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(asked["text"].encode()), "utf-8"), sys.stdin
    sys.argv = asked["argv"]
    try:
        sys.stdin = given
        with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
            runpy.run_module("flake8", run_name="__main__")
    finally:
        sys.stdin = real
    out.flush()
    print(json.dumps(out.buffer.getvalue().decode()), flush=True)
"""
_VSCODE = re.compile(r"(?P<line>\d+),(?P<column>-?\d+),(?P<type>\w+),(?P<code>\w+\d+):(?P<message>[^\r\n]*)")


class VSCode:
    """Its runner: a process that lives as long as the editor and runs flake8 as a module again and again."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [PYTHON, "-c", VSCODE], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __call__(self, path: Path, text: str | None = None) -> list[Found]:
        """A file, as it is when it has been opened or saved; or the text of one cell of a notebook."""
        argv = ["flake8", "--format='%(row)d,%(col)d,%(code).1s,%(code)s:%(text)s'"]
        argv += [str(path)] if text is None else ["--stdin-display-name", str(path), "-"]
        asked: dict[str, Any] = {"cwd": str(self.folder), "argv": argv, "text": text or ""}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        found = []
        for line in json.loads(self.process.stdout.readline()).splitlines():
            match = _VSCODE.match(line[1:-1] if line.startswith("'") and line.endswith("'") else line)
            assert match is not None, line
            found.append(Found(int(match["line"]) - 1, int(match["column"]) - 1, match["code"], f"{match['code']} {match['message']}"))
        return found

    def close(self) -> None:
        self.process.communicate(timeout=60)


def test_vs_code_s_process_sees_what_changes_between_its_runs(folder: Path, environ: dict[str, str]) -> None:
    """The file itself, what it imports, the project's settings, flake8's own."""
    code = VSCode(folder, environ)
    try:
        net = folder / "pkg" / "net.py"
        net.write_text(NET.format(64))
        wrong = [Found(3, 4, "SHP101", SENTENCE.format(64, 64))]
        assert code(net) == wrong
        net.write_text(NET.format(32))
        assert code(net) == []
        (folder / "pkg" / "blocks.py").write_text(BLOCKS.replace("nn.Linear(width", "nn.Linear(2 * width"))
        assert code(net) == wrong
        (folder / "pyproject.toml").write_text('[tool.shapecheck]\nignore = ["SHP1"]\n')
        assert code(net) == []
        (folder / "pyproject.toml").unlink()
        assert code(net) == wrong
        (folder / ".flake8").write_text("[flake8]\nextend-ignore = SHP1\n")
        assert code(net) == []
    finally:
        code.close()


def test_a_cell_that_vs_code_hands_over_is_python(folder: Path, environ: dict[str, str]) -> None:
    """It is called like its notebook, is no notebook, and uses what other cells define."""
    notebook = folder / "net.ipynb"
    notebook.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    code = VSCode(folder, environ)  # for one cell: flake8 keeps what it read from standard input for the life of a process
    try:
        cell = "from torch import randn, zeros\n\ny = layer(randn(2, 21))\nx = zeros(3, 4) @ randn(5, 6)\n"
        assert [(place.line, place.code) for place in code(notebook, cell)] == [(2, "F821"), (3, "SHP102")]
    finally:
        code.close()
