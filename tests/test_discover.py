"""Which files are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shapecheck.discover import discover


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    names = """
        a.py b.txt script
        pkg/__init__.py pkg/net.py pkg/build/__init__.py pkg/build/inner.py
        build/made.py dist/made.py .git/hook.py .venv/lib/x.py node_modules/y.py pkg/__pycache__/z.py name.egg-info/w.py
        env/pyvenv.cfg env/lib/site-packages/torch/nn.py
        tests/test_net.py tests/data/gen.py
    """
    for name in names.split():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    discovered = discover(paths, exclude)
    assert not discovered.problems
    return [file.replace(os.sep, "/") for file in discovered.files]


EVERYTHING = [
    "a.py",
    "pkg/__init__.py",
    "pkg/build/__init__.py",
    "pkg/build/inner.py",
    "pkg/net.py",
    "tests/data/gen.py",
    "tests/test_net.py",
]


def test_a_folder(tree: Path) -> None:
    assert found(".") == EVERYTHING
    assert found(str(tree)) == [f"{tree.as_posix()}/{name}" for name in EVERYTHING]
    assert found("pkg/") == found("./pkg") == found("pkg") == EVERYTHING[1:5]


def test_a_named_file_is_always_taken(tree: Path) -> None:
    assert found("script", "build/made.py", "b.txt") == ["b.txt", "build/made.py", "script"]
    assert found("a.py", exclude=("a.py",)) == ["a.py"]


def test_a_named_folder_is_always_entered(tree: Path) -> None:
    assert found("env/lib/site-packages") == ["env/lib/site-packages/torch/nn.py"]
    assert found("build") == ["build/made.py"]


def test_each_file_once_as_it_was_first_spelled(tree: Path) -> None:
    assert found("pkg", "./pkg/net.py", str(tree / "pkg")) == EVERYTHING[1:5]
    assert found("./pkg/net.py", "pkg/net.py") == ["./pkg/net.py"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("tests", EVERYTHING[:5]),
        ("tests/", EVERYTHING[:5]),
        ("./tests/*", EVERYTHING[:5]),
        ("tests/**", EVERYTHING[:5]),
        ("**/gen.py", [*EVERYTHING[:5], "tests/test_net.py"]),
        ("**/tests/*", EVERYTHING[:5]),
        ("test_*.py", EVERYTHING[:6]),
        ("pkg/build", [name for name in EVERYTHING if "build" not in name]),
        ("*", []),
        ("nothing", EVERYTHING),
    ],
)
def test_patterns_leave_out(tree: Path, pattern: str, left: list[str]) -> None:
    assert found(".", exclude=(pattern,)) == left


def test_patterns_are_seen_from_the_named_folder_too(tree: Path) -> None:
    assert found(str(tree / "tests"), exclude=("data",)) == [f"{tree.as_posix()}/tests/test_net.py"]
    assert found("tests", exclude=("tests/data",)) == ["tests/test_net.py"]


def test_what_is_not_there_does_not_stop_the_rest(tree: Path) -> None:
    discovered = discover(["gone.py", "a.py", "gone/"])
    assert discovered.files == ("a.py",)
    assert discovered.problems == ("gone.py: no such file or folder", "gone/: no such file or folder")


@pytest.mark.parametrize("name", ["notes.ipynb", "README.md"])
def test_kinds_that_are_not_read_are_said(tree: Path, name: str) -> None:
    (tree / name).touch()
    discovered = discover([name, "."])
    assert [file.replace(os.sep, "/") for file in discovered.files] == EVERYTHING
    assert discovered.problems == (f"{name}: only Python files are read",)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links(tree: Path) -> None:
    (tree / "pkg" / "loop").symlink_to(tree)
    (tree / "pkg" / "linked.py").symlink_to(tree / "a.py")
    (tree / "pkg" / "broken.py").symlink_to(tree / "gone.py")
    (tree / "way").symlink_to(tree / "tests")
    assert found(".") == sorted([*EVERYTHING, "pkg/linked.py"])
    assert found("way") == ["way/data/gen.py", "way/test_net.py"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that the user cannot read")
def test_a_folder_that_cannot_be_read_is_said(tree: Path) -> None:
    (tree / "tests").chmod(0)
    try:
        discovered = discover(["."])
    finally:
        (tree / "tests").chmod(0o755)
    assert discovered.problems
