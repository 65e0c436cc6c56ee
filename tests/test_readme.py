"""What the documentation says can be typed: commands are understood, settings can be read, workflows are YAML."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from shapecheck import arguments
from shapecheck.cli import main
from shapecheck.config.file import read_pyproject
from shapecheck.inputs import StatedInput

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "shapecheck/docs/configuration.md", "shapecheck/docs/confirm.md")
PARSERS = {
    "shapes": arguments.shapes_parser,
    "explain": arguments.explain_parser,
    "rules": arguments.rules_parser,
    "check": arguments.check_parser,
}

# a command at the start of a line or of a step, or between backquotes; what stands in capitals or brackets is a form, not a command
_COMMAND = re.compile(r"(?:^(?:    |\$ |- |- run: |\s+- run: |\s+- )|`)shapecheck +([^`\n#]*)", re.MULTILINE)
_FORM = re.compile(r"[A-Z]{4,}(?![^\s]*[\d.])|\[|\.\.\.")


def commands() -> list[str]:
    found = []
    for page in PAGES:
        for match in _COMMAND.finditer((ROOT / page).read_text(encoding="utf-8")):
            words = match[1].strip()
            if words and not _FORM.search(words):
                found.append(words)
    return list(dict.fromkeys(found))


def test_there_are_commands() -> None:
    assert any("--format sarif" in command for command in commands())
    assert len(commands()) > 10


@pytest.mark.parametrize("command", commands())
def test_commands_are_understood(command: str) -> None:
    words = shlex.split(command)
    if words[0] in ("summary", "server"):
        pytest.skip("another command")
    parser = PARSERS[words.pop(0)]() if words[0] in PARSERS else arguments.check_parser()
    if parser.prog in ("shapecheck", "shapecheck check") and all(word.startswith("-") for word in words):
        words.append(".")  # what the text speaks of is the option
    parser.parse_intermixed_args(arguments.spelled_out(words))


NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 3, 11)
        self.conv2 = nn.Conv2d(5, 4, 4)

    def forward(self, images):
        x = self.conv1(images)
        return self.conv2(x)


Net()(torch.randn(256, 3, 227, 227))
"""
BLOCK = """\
from torch import nn


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, dim * 4)
        self.down = nn.Linear(dim * 3, dim)

    def forward(self, x):
        return x + self.down(self.up(self.norm(x)).relu())
"""


@pytest.mark.parametrize(("name", "program"), [("net.py", NET), ("block.py", BLOCK)])
def test_what_it_prints_is_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, program: str
) -> None:
    (shown,) = re.findall(rf"```\n\$ shapecheck {name}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(program)
    assert main([name]) == 1
    assert capsys.readouterr().out == shown


@pytest.mark.skipif(find_spec("torchvision") is None, reason="torchvision is not installed")
def test_the_layers_that_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    words, shown = re.findall(r"```\n\$ shapecheck (summary .*?)\n(.*?)```", page, re.DOTALL)[0]
    assert main(shlex.split(words)) == 0
    assert capsys.readouterr().out == shown


def toml_blocks() -> list[str]:
    texts = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    return [block for text in texts for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[tool.shapecheck" in block]


@pytest.mark.parametrize("block", toml_blocks())
def test_settings_can_be_read(tmp_path: Path, block: str) -> None:
    (tmp_path / "pyproject.toml").write_text(block, encoding="utf-8")
    found = read_pyproject(str(tmp_path))
    assert found
    assert all(isinstance(stated, StatedInput) for stated in found.get("inputs", ()))


def yaml_blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def test_workflows_are_yaml() -> None:
    yaml = pytest.importorskip("yaml")
    github, gitlab = (next(block for block in yaml_blocks() if name in block) for name in (".github/workflows", ".gitlab-ci.yml"))
    steps = yaml.safe_load(github)["jobs"]["shapecheck"]["steps"]
    assert {"run", "uses"} >= {next(iter(step)) for step in steps}
    assert yaml.safe_load(github)["permissions"]["security-events"] == "write"
    job = yaml.safe_load(gitlab)["shapecheck"]
    assert job["artifacts"]["reports"]["codequality"] in job["script"][-1]
    action = yaml.safe_load((ROOT / ".ci" / "action" / "action.yml").read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" for step in action["runs"]["steps"])


SCHEMAS = {
    "github-workflows": [],
    "gitlab-ci": ["--data-transform", "gitlab-ci"],
    "github-actions": [],
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_workflows_are_what_the_services_take(tmp_path: Path, schema: str) -> None:
    """By the schemas that the services' users keep for them (schemastore.org)."""
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    if schema == "github-actions":
        file = ROOT / ".ci" / "action" / "action.yml"
    else:
        file = tmp_path / "workflow.yml"
        file.write_text(
            next(block for block in yaml_blocks() if {"github-workflows": "runs-on", "gitlab-ci": "artifacts:"}[schema] in block)
        )
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *SCHEMAS[schema], str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hook_that_the_page_shows_is_the_one_that_a_clone_offers(tmp_path: Path) -> None:
    clientlib = pytest.importorskip("pre_commit.clientlib")
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(next(block for block in yaml_blocks() if "repo: local" in block))
    ((shown,),) = (list(repo["hooks"]) for repo in clientlib.load_config(str(file))["repos"])
    offered = clientlib.load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))[0]
    for key in ("id", "name", "entry", "language", "types_or", "require_serial"):
        assert shown[key] == offered[key], key
