"""Rules that an installed package brings: a real package folder with its metadata, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shapecheck.book.loader import known_names
from shapecheck.book.plugins import PluginRules
from shapecheck.book.rule import LAYERS, OPS

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = '''
"""Rules of mylib."""

from __future__ import annotations

from shapecheck.book import Size, Tensor, expect_eq, layer, new, op


@op("mylib.fuse", "mylib.inner.fuse")
def fuse(image: Tensor, scale: Tensor) -> Tensor:
    """Multiplies each channel.

    >>> mylib.fuse(T(2, 3, 8, 8), T(3))
    (2, 3, 8, 8)
    """
    channels, scales = image.shape[1], scale.shape[0]
    expect_eq(channels, scales, "SHP102", f"fuse: {channels} channels, but {scales} scales")
    return new(image.shape, like=image)


@layer("mylib.Widen")
class Widen:
    """Repeats the last axis."""

    def __init__(self, times: Size) -> None: ...

    def forward(self, input: Tensor) -> Tensor:
        return new((*input.shape[:-1], input.shape[-1] * self.times), like=input)
'''
SHARED = "FACTOR = 2\n"
TWO_FILES = """
from __future__ import annotations

from shapecheck.book import Tensor, new, op

from .shared import FACTOR


@op("mylib.double")
def double(input: Tensor) -> Tensor:
    return new((*input.shape, FACTOR), like=input)
"""
PROGRAM = """
import torch
import mylib
from mylib import Widen
from torch import nn

x = torch.zeros(2, 3, 8, 8)
nn.Linear(7, 1)(mylib.fuse(x, torch.zeros(3)))
mylib.fuse(x, torch.zeros(4))
nn.Linear(7, 1)(Widen(2)(x))
"""
FOUND = """\
net.py:8:1: SHP101 Linear wants 7 features, gets 8
net.py:9:1: SHP102 fuse: 3 channels, but 4 scales
net.py:10:1: SHP101 Linear wants 7 features, gets 16
"""


class Site:
    """A folder of packages as pip leaves it, and a folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.packages = folder / "site-packages"
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        (self.work / "net.py").write_text(PROGRAM)
        self.install("mylib", "mylib.shapecheck_rules", {"__init__.py": "raise SystemError('mylib is imported')\n"})

    def install(self, name: str, module: str, files: dict[str, str], kind: str = "dist-info") -> None:
        for path, text in files.items():
            file = self.packages / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        metadata = self.packages / f"{name}-1.0.{kind}"
        metadata.mkdir(exist_ok=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[console_scripts]\nx = y:z\n\n[shapecheck.rules]\n{name} = {module}\n")

    def shapecheck(self, *arguments: str) -> tuple[int, str, str]:
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(self.packages), str(ROOT)])}
        done = subprocess.run(
            [sys.executable, "-m", "shapecheck", *arguments],
            cwd=self.work, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.mark.parametrize("kind", ["dist-info", "egg-info"])
def test_rules_of_one_file(site: Site, kind: str) -> None:
    site.install("mylib", "mylib.shapecheck_rules", {"shapecheck_rules.py": RULES}, kind)
    assert site.shapecheck("net.py", "--format", "concise") == (1, FOUND, "")


def test_rules_of_a_folder_may_share_a_file(site: Site) -> None:
    files = {"extra/rules/one.py": RULES, "extra/rules/two.py": TWO_FILES, "extra/rules/shared.py": SHARED}
    site.install("mylib", "mylib.extra.rules", files)
    (site.work / "net.py").write_text(PROGRAM + "nn.Linear(3, 1)(mylib.double(x))\n")
    status, out, err = site.shapecheck("net.py", "--format", "concise")
    assert (status, out, err) == (1, FOUND + "net.py:11:1: SHP101 Linear wants 3 features, gets 2\n", "")


def test_rules_come_before_the_source(site: Site) -> None:
    """The package is beside the code and could be followed; its rules say it better."""
    source = {"__init__.py": "from .inner import fuse\nclass Widen: ...\n", "inner.py": "def fuse(a, b):\n    return a.view(7)\n"}
    site.install("mylib", "mylib.shapecheck_rules", {"shapecheck_rules.py": RULES, **source})
    assert site.shapecheck("net.py", "--format", "concise") == (1, FOUND, "")


def test_rules_are_listed_with_the_others(site: Site) -> None:
    site.install("mylib", "mylib.shapecheck_rules", {"shapecheck_rules.py": RULES})
    status, out, err = site.shapecheck("rules", "fuse")
    assert (status, err) == (0, "")
    assert out.startswith("mylib.fuse(image: Tensor, scale: Tensor)\nalso mylib.inner.fuse\n")
    assert os.path.join("mylib", "shapecheck_rules.py") + ":9" in out
    assert site.shapecheck("rules", "mylib.fues")[2] == "shapecheck: no rule is called 'mylib.fues'; do you mean mylib.fuse?\n"


@pytest.mark.parametrize(
    ("files", "module", "fault"),
    [
        ({"bad.py": "import torch_that_is_not_there\n"}, "mylib.bad", "ModuleNotFoundError: No module named 'torch_that_is_not_there'"),
        ({"bad.py": "def f(:\n"}, "mylib.bad", "SyntaxError: "),
        ({"bad.py": "raise SystemExit(3)\n"}, "mylib.bad", "SystemExit: 3"),
        ({"bad.py": "raise ValueError\n"}, "mylib.bad", "ValueError"),
        ({"bad.py": RULES.replace("mylib.fuse", "torch.bmm")}, "mylib.bad", "ValueError: torch.bmm has "),
        ({"bad.py": RULES.replace("scale: Tensor", "scale: Tenser")},
         "mylib.bad", "TypeError: fuse: no converter for the annotation 'Tenser' of scale"),
        ({"bad.py": RULES.replace("scale: Tensor", "scale")}, "mylib.bad", "TypeError: fuse: scale has no annotation"),
        ({"bad.py": RULES.replace("from __future__", "from math import e #")}, "mylib.bad", "TypeError: Widen.__init__: times has no annotation that is text"),
        ({}, "mylib.gone", "ModuleNotFoundError: no module named 'mylib.gone'"),
        ({}, "other_lib.rules", "ModuleNotFoundError: no module named 'other_lib'"),
        ({"empty/__init__.py": ""}, "mylib.empty", "ModuleNotFoundError: no rule files in 'mylib.empty'"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_broken_package(
    site: Site, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], module: str, fault: str
) -> None:
    site.install("mylib", module, files)
    site.install("sound", "sound.rules", {"rules.py": RULES.replace("mylib.", "sound.")})
    taken, before = known_names(), {*OPS, *LAYERS}
    monkeypatch.syspath_prepend(site.packages)
    rules = PluginRules(taken, [str(site.packages)])
    try:
        assert rules.names == {"sound.fuse", "sound.inner.fuse", "sound.Widen"} == {*OPS, *LAYERS} - before
        assert [problem.partition(fault)[0] for problem in rules.problems] == [f"the rules of mylib ({module}) cannot be loaded: "]
        assert all("\n" not in problem and fault in problem for problem in rules.problems)
    finally:
        for name in {*OPS, *LAYERS} - before:
            OPS.pop(name, None)
            LAYERS.pop(name, None)


def test_a_broken_package_costs_its_own_rules(site: Site) -> None:
    site.install("mylib", "mylib.rules", {"rules.py": RULES + "torch\n"})
    site.install("sound", "sound.rules", {"rules.py": RULES.replace("mylib.", "sound.")})
    (site.work / "net.py").write_text(PROGRAM + "import sound\nsound.fuse(x, torch.zeros(4))\ntorch.bmm(x, x)\n")
    complaint = "shapecheck: the rules of mylib (mylib.rules) cannot be loaded: NameError: name 'torch' is not defined\n"
    found = "net.py:12:1: SHP102 fuse: 3 channels, but 4 scales\nnet.py:13:1: SHP107 bmm of a tensor with 4 axes\n"
    assert site.shapecheck("net.py", "net.py", "--format", "concise") == (2, found, complaint)
    assert site.shapecheck("rules", "torch.bmm")[::2] == (2, complaint)
    assert site.shapecheck("shapes", "net.py")[::2] == (2, complaint)


def test_a_fault_in_a_rule_costs_its_result(site: Site) -> None:
    site.install("mylib", "mylib.rules", {"rules.py": RULES.replace("channels, scales =", "channels, scales = 1 / 0,")})
    status, out, err = site.shapecheck("net.py", "--format", "concise")
    assert (status, err) == (1, "")
    assert out == FOUND.splitlines(keepends=True)[2]


def test_the_working_folder_brings_no_rules(site: Site) -> None:
    metadata = site.work / "sly-1.0.dist-info"
    metadata.mkdir()
    (metadata / "entry_points.txt").write_text("[shapecheck.rules]\nsly = sly\n")
    (site.work / "sly.py").write_text("raise SystemError('code of the checked project runs')\n")
    site.install("mylib", "mylib.shapecheck_rules", {"shapecheck_rules.py": RULES})
    assert site.shapecheck("net.py", "--format", "concise") == (1, FOUND, "")
