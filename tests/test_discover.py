"""Which files are read."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shapecheck.discover import discover
from shapecheck.options import Options


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


def found(*paths: str, **settings: Any) -> list[str]:
    discovered = discover(paths, Options(**settings))
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
        ("pkg/**/inner.py", [name for name in EVERYTHING if "inner" not in name]),
        ("pkg/**/net.py", [name for name in EVERYTHING if name != "pkg/net.py"]),
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


def test_notebooks_and_pages_are_read_as_files_are(tree: Path) -> None:
    for name in ("notes.ipynb", "README.md", "pkg/page.md", "node_modules/README.md"):
        (tree / name).touch()
    assert found(".") == ["README.md", *EVERYTHING[:1], "notes.ipynb", *EVERYTHING[1:5], "pkg/page.md", *EVERYTHING[5:]]


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


def test_what_is_included(tree: Path) -> None:
    assert found(".", include=("*.txt", "script")) == ["b.txt", "script"]
    assert found("pkg", include=("pkg/n*.py",)) == ["pkg/net.py"]
    assert found("pkg", include=()) == []


def test_more_is_excluded(tree: Path) -> None:
    assert found(".", exclude=("tests",), extend_exclude=("pkg",)) == ["a.py"]


@pytest.mark.parametrize("pattern", ["tests", "tests/data", "data", "gen.py", "*/data/*", "**/gen.py"])
def test_forced_exclusion_reaches_files_that_are_named(tree: Path, pattern: str) -> None:
    named = "tests/data/gen.py"
    assert found("a.py", named, exclude=(pattern,)) == ["a.py", named]
    assert found("a.py", named, exclude=(pattern,), force_exclude=True) == ["a.py"]
    assert found("a.py", str(tree / named), exclude=(pattern,), force_exclude=True) == ["a.py"]


def test_forced_exclusion_reaches_what_is_never_read(tree: Path) -> None:
    assert found("a.py", ".venv/lib/x.py", force_exclude=True) == ["a.py"]


IGNORED = """
# generated
*.gen.py
!keep.gen.py
/data/
pkg/old*
out/**/deep.py
[broken
\\
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With .gitignore files on two floors; what git itself would add to it is the expectation."""
    names = """
        a.py x.gen.py keep.gen.py data/d.py pkg/__init__.py pkg/data/e.py pkg/old.py pkg/older/f.py pkg/x.gen.py pkg/mine.py
        out/a/b/deep.py out/deep.py out/a/shallow.py sub/gen/x.gen.py sub/gen/y.py sub/private.py local.py
    """
    for name in names.split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text(IGNORED)
    (tmp_path / "sub" / ".gitignore").write_text("private.py\n!x.gen.py\n")
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    (tmp_path / ".git" / "info").mkdir(exist_ok=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("local.py\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def of_git(folder: Path) -> list[str]:
    """The files that git would add."""
    words = ["git", "ls-files", "--others", "--exclude-per-directory=.gitignore", "--exclude-from=.git/info/exclude"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    return sorted((name for name in done.stdout.splitlines() if name.endswith(".py")), key=lambda name: name.split("/"))


def test_what_git_ignores_is_left_out(repository: Path) -> None:
    assert found(".") == of_git(repository)
    assert found(str(repository)) == [f"{repository.as_posix()}/{name}" for name in of_git(repository)]
    assert found("pkg") == [name for name in of_git(repository) if name.startswith("pkg/")]
    assert found("sub/gen") == ["sub/gen/x.gen.py", "sub/gen/y.py"]


def test_gitignore_need_not_be_respected(repository: Path) -> None:
    assert len(found(".", respect_gitignore=False)) == 17


def test_a_folder_that_git_ignores_is_read_when_it_is_named(repository: Path) -> None:
    assert found("data") == ["data/d.py"]
    assert found("pkg/older") == ["pkg/older/f.py"]
    (repository / "env").mkdir()
    (repository / "env" / ".gitignore").write_text("*\n")
    (repository / "env" / "lib").mkdir()
    (repository / "env" / "lib" / "net.gen.py").touch()
    assert found("env/lib") == ["env/lib/net.gen.py"]


def test_a_file_that_git_ignores_is_read_when_it_is_named(repository: Path) -> None:
    assert found("x.gen.py", force_exclude=True) == ["x.gen.py"]


def test_files_below_count_without_a_repository_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tree" / "deep").mkdir(parents=True)
    for name in ("a.py", "b.py", "deep/b.py"):
        (tmp_path / "tree" / name).touch()
    (tmp_path / "tree" / ".gitignore").write_text("/b.py\n")
    (tmp_path / ".gitignore").write_text("a.py\n")
    assert found("tree") == ["tree/a.py", "tree/deep/b.py"]
    assert found(".") == ["tree/deep/b.py"]


def test_one_path_is_not_a_list_of_letters(tmp_path: Path) -> None:
    """`check_paths("models/")`: the last letter is the root of the file system."""
    (tmp_path / "a.py").write_text("x = 1\n")
    assert discover(str(tmp_path)) == discover([str(tmp_path)])
    assert discover(tmp_path).files == (str(tmp_path / "a.py"),)  # type: ignore[arg-type]
