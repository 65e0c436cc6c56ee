"""The plugin inside of flake8 itself. SHAPECHECK_FLAKE8 names the Python whose flake8 is asked (flake8_versions.py sets it)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from shapecheck.check import check_paths
from tests.hosts.installed import ROOT, environment

pytest.importorskip("flake8")

PYTHON = os.environ.get("SHAPECHECK_FLAKE8", sys.executable)

WRONG = """\
import torch
from torch import nn

layer = nn.Linear(20, 30)
x = layer(torch.randn(128, 21))
"""
FINDING = "SHP101 Linear wants 20 features, gets 21 (torch: mat1 and mat2 shapes cannot be multiplied (128x21 and 20x30))"
PLACED = f"net.py:5:5: {FINDING}"


class Done(NamedTuple):
    """How a run of flake8 ended."""

    status: int
    lines: list[str]
    errors: str

    @property
    def codes(self) -> list[str]:
        return [line.split(" ")[1] for line in self.lines]


class Flake8:
    """flake8 in a folder with this checkout as a plugin."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.environ = environ

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def __call__(self, *words: str, stdin: str | None = None) -> Done:
        command = [PYTHON, "-m", "flake8", *words]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr + done.stdout
        return Done(done.returncode, done.stdout.splitlines(), done.stderr)


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(tmp_path_factory.mktemp("installed"))


@pytest.fixture
def flake8(tmp_path: Path, environ: dict[str, str]) -> Flake8:
    return Flake8(tmp_path, environ)


def test_it_is_on_when_it_is_installed(flake8: Flake8) -> None:
    flake8.write("net.py", WRONG)
    assert flake8("net.py") == (1, [PLACED], "")
    assert "shapecheck" in " ".join(flake8("--version").lines)


def test_codes_lines_and_columns_are_those_of_the_command(flake8: Flake8) -> None:
    """Several processes, every broken fixture."""
    folder = ROOT / "fixtures" / "broken"
    done = flake8("--select=SHP", "--jobs=2", "--format=%(path)s:%(row)d:%(col)d:%(code)s", str(folder))
    reports = check_paths([str(folder)]).reports
    wanted = [f"{report.path}:{report.range.line}:{report.range.column}:{report.code}" for report in reports]
    assert len(wanted) > 40
    assert sorted(done.lines) == sorted(f"{folder.parent.parent / line}" for line in wanted)


def test_standard_input(flake8: Flake8) -> None:
    assert flake8("-", stdin=WRONG).lines == [f"stdin:5:5: {FINDING}"]
    assert flake8("--stdin-display-name", "net.py", "-", stdin=WRONG).lines == [PLACED]
    flake8.write("width.py", "WIDTH = 21\n")
    importing = WRONG.replace("21", "WIDTH").replace("import torch\n", "import torch\nfrom width import WIDTH\n", 1)
    assert flake8("--stdin-display-name", str(flake8.folder / "net.py"), "-", stdin=importing).codes == ["SHP101"]


def test_what_a_file_imports_is_read_from_disk(flake8: Flake8) -> None:
    flake8.write("pkg/__init__.py", "")
    flake8.write("pkg/blocks.py", "from torch import nn\n\n\ndef head(width):\n    return nn.Linear(width, 10)\n")
    flake8.write("pkg/net.py", "import torch\nfrom .blocks import head\n\nx = head(64)(torch.randn(2, 32))\n")
    assert flake8("pkg").lines == [
        "pkg/net.py:4:5: SHP101 Linear wants 64 features, gets 32 (torch: mat1 and mat2 shapes cannot be multiplied (2x32 and 64x10))"
    ]


COMMENTS = ["# noqa", "# noqa: SHP101", "# NOQA:SHP101,E501", "# noqa: SHP1", "# shapecheck: ignore[SHP101] meant"]


def test_comments_that_silence(flake8: Flake8) -> None:
    for number, comment in enumerate(COMMENTS):
        flake8.write(f"net{number}.py", WRONG.rstrip() + f"  {comment}\n")
    assert flake8(".").lines == []
    shown = flake8("--disable-noqa", ".").lines
    assert sorted(shown) == [f"./net{number}.py:5:5: {FINDING}" for number, comment in enumerate(COMMENTS) if "noqa" in comment.lower()]


def test_comments_that_silence_a_file(flake8: Flake8) -> None:
    flake8.write("net.py", f"# flake8: noqa\n{WRONG}")
    flake8.write("other.py", f"# shapecheck: skip-file\n{WRONG}")
    assert flake8(".").lines == []


def test_a_comment_for_another_code_silences_nothing(flake8: Flake8) -> None:
    flake8.write("net.py", WRONG.rstrip() + "  # noqa: SHP102\n")
    assert "SHP101" in flake8("net.py").codes


def test_the_selection_of_flake8(flake8: Flake8) -> None:
    flake8.write("net.py", WRONG)
    flake8.write("other.py", WRONG)
    assert flake8("--extend-ignore=SHP1", ".").lines == []
    assert flake8("--select=E,F", ".").lines == []
    assert flake8("--per-file-ignores=other.py:SHP", ".").lines == [f"./{PLACED}"]


def test_beside_the_rest_of_flake8(flake8: Flake8) -> None:
    flake8.write("net.py", "import os\n" + WRONG.rstrip() + "; y = 1\n")
    done = flake8("--max-line-length=20", "net.py")
    assert set(done.codes) == {"F401", "E501", "E702", "SHP101"}


def test_a_file_that_is_no_python_is_the_affair_of_flake8(flake8: Flake8) -> None:
    flake8.write("net.py", WRONG + "x = = 1\n")
    flake8.write("other.py", WRONG)
    done = flake8(".")
    assert "E999" in done.codes
    assert [line for line in done.lines if "SHP" in line] == [f"./other.py:5:5: {FINDING}"]


CONFIGURED = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(20, width)

    def forward(self, x):
        return self.fc(x)
"""


def test_options_in_configuration_files(flake8: Flake8) -> None:
    name = "setup.cfg"
    flake8.write("net.py", CONFIGURED)
    assert flake8("net.py").codes == ["F401"]
    flake8.write(name, "[flake8]\nextend-ignore = F401\nshapecheck-input =\n    Net.forward x=N,21\n    Other.forward x=N,3,224,224\n")
    assert flake8("net.py").codes == ["SHP101"]
    flake8.write(
        name, "[flake8]\nextend-ignore = F401\nshapecheck-input = Net.forward x=N,21\nshapecheck-ignore = SHP1, stale-shape-comment\n"
    )
    assert flake8("net.py").codes == []


def test_the_project_s_settings_hold(flake8: Flake8) -> None:
    """Those of the nearest pyproject.toml, under flake8's own options."""
    flake8.write("net.py", CONFIGURED.replace("import torch\n", ""))
    flake8.write("left/net.py", WRONG)
    flake8.write("pyproject.toml", '[tool.shapecheck]\nexclude = ["left"]\n[tool.shapecheck.input]\n"Net.forward" = { x = "N,21" }\n')
    assert flake8(".").codes == ["SHP101"]
    flake8.write("pyproject.toml", '[tool.shapecheck]\nignore = ["SHP1"]\n')
    assert flake8("left").codes == []
    assert flake8("--shapecheck-ignore=SHP2", "left").codes == ["SHP101"]


def test_options_of_the_command_line(flake8: Flake8) -> None:
    flake8.write("net.py", CONFIGURED)
    assert flake8("--select=SHP", "--shapecheck-input=Other.forward x=2,20; Net.forward x=2,21", "net.py").codes == ["SHP101"]
    flake8.write("net.py", WRONG)
    assert flake8("--shapecheck-select=SHP2", "net.py").codes == []
    assert flake8("--shapecheck-select=layer-input", "net.py").codes == ["SHP101"]
    assert flake8("--shapecheck-select=SHP2", "--shapecheck-extend-select=SHP101", "net.py").codes == ["SHP101"]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--shapecheck-select=SHQ1", "no finding is called 'SHQ1' (`shapecheck explain` lists them)"),
        ("--shapecheck-input=Net.forward", "'Net.forward' is no input: write it as 'Net.forward x=2,3,224,224'"),
    ],
)
def test_an_option_that_means_nothing(flake8: Flake8, option: str, sentence: str) -> None:
    flake8.write("net.py", WRONG)
    done = flake8(option, "net.py")
    assert done.status == 2
    assert done.errors.rstrip().endswith(f"error: shapecheck: {sentence}")


PROBE = """
import json, sys
from flake8.main.cli import main
try:
    main(["--jobs=1", "net.py"])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""


def loaded(flake8: Flake8) -> set[str]:
    """The modules that are there when flake8 has read net.py."""
    done = subprocess.run(
        [PYTHON, "-c", PROBE], cwd=flake8.folder, env=flake8.environ, capture_output=True, text=True, timeout=120, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_a_file_without_torch_loads_nothing(flake8: Flake8) -> None:
    flake8.write("net.py", "import os\n\nprint(os.getcwd())\n")
    ours = {name for name in loaded(flake8) if name.startswith(("shapecheck", "libcst"))}
    parts = "flake8_plugin relevance source source.prefilter version"
    assert ours <= {"shapecheck", *(f"shapecheck.{part}" for part in parts.split())}


def test_a_file_with_torch_loads_no_torch(flake8: Flake8) -> None:
    flake8.write("net.py", WRONG)
    modules = loaded(flake8)
    assert "shapecheck.run.run" in modules
    assert not modules & {"torch", "numpy", "sympy", "z3"}


def test_a_message_is_one_line(flake8: Flake8) -> None:
    """What torch says does not always fit; our own words always stand."""
    flake8.write("net.py", WRONG.replace("20, 30", "20 * 10 ** 60, 30"))
    (line,) = flake8("net.py").lines
    assert re.fullmatch(r"net\.py:5:5: SHP101 Linear wants \d+ features, gets 21", line)
