"""Modules as files, and where to look for them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from shapecheck.source.imports import Resolver, package_root, search_path


def tree(root: Path, *files: str) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("raise SystemExit('never run')\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    tree(
        tmp_path, "code/app.py", "code/pkg/__init__.py", "code/pkg/a.py", "code/pkg/sub/__init__.py", "code/pkg/sub/b.py", "code/space/c.py"
    )
    tree(tmp_path, "code/both.py", "code/both/__init__.py", "code/file.py", "code/file/x.txt")
    tree(tmp_path, "site/lib/__init__.py", "site/lib/d.py", "site/app.py", "site/space/e.py")
    return tmp_path


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("app", "code/app.py"),
        ("pkg", "code/pkg/__init__.py"),
        ("pkg.a", "code/pkg/a.py"),
        ("pkg.sub.b", "code/pkg/sub/b.py"),
        ("space", "code/space"),
        ("space.c", "code/space/c.py"),
        ("space.e", "site/space/e.py"),
        ("lib.d", "site/lib/d.py"),
        ("both", "code/both/__init__.py"),
        ("file", "code/file.py"),
        ("pkg.nothing", None),
        ("nothing.at.all", None),
        ("app.attribute", None),
        ("", None),
    ],
)
def test_absolute(project: Path, module: str, expected: str | None) -> None:
    resolver = Resolver([project / "code"], [project / "site"])
    found = resolver.find(module)
    assert (found and Path(found)) == (expected and project / expected)
    assert resolver.find(module) == found


@pytest.mark.parametrize(
    ("level", "name", "expected"),
    [
        (1, "", "code/pkg/sub/__init__.py"),
        (1, "b", "code/pkg/sub/b.py"),
        (2, "", "code/pkg/__init__.py"),
        (2, "a", "code/pkg/a.py"),
        (2, "sub.b", "code/pkg/sub/b.py"),
        (2, "nothing", None),
        (0, "pkg.a", "code/pkg/a.py"),
        (0, "lib", "site/lib/__init__.py"),
        (90, "a", None),
    ],
)
def test_relative(project: Path, level: int, name: str, expected: str | None) -> None:
    resolver = Resolver([], [project / "site"])
    found = resolver.resolve_relative(project / "code/pkg/sub/b.py", level, name)
    assert (found and Path(found)) == (expected and project / expected)


def test_a_script_finds_its_neighbours(project: Path) -> None:
    resolver = Resolver([], [project / "site"])
    assert resolver.find_from(project / "code/file.py", "app") == str(project / "code/app.py")
    assert resolver.find_from(project / "code/pkg/a.py", "app") == str(project / "code/app.py")


def test_names_and_roots(project: Path) -> None:
    resolver = Resolver()
    assert package_root(project / "code/pkg/sub/b.py") == project / "code"
    assert resolver.module_name(project / "code/pkg/sub/b.py") == "pkg.sub.b"
    assert resolver.module_name(project / "code/pkg/__init__.py") == "pkg"
    assert resolver.module_name(project / "code/app.py") == "app"


def environment(root: Path, base: Path, system: bool = False) -> None:
    tree(root, "lib/python3.11/site-packages/lib/__init__.py")
    tree(base, "lib/python3.11/os.py", "lib/python3.11/site-packages/more.py", "lib/python3.10/os.py")
    (root / "bin").mkdir()
    (root / "bin/python").symlink_to(base / "bin/python3.11")
    (root / "pyvenv.cfg").write_text(f"home = {base / 'bin'}\ninclude-system-site-packages = {str(system).lower()}\nversion = 3.11.7\n")


@pytest.mark.parametrize("given", ["bin/python", ""])
@pytest.mark.parametrize("system", [False, True])
def test_an_environment(tmp_path: Path, given: str, system: bool) -> None:
    root, base = tmp_path / "env", tmp_path / "base"
    environment(root, base, system)
    packages = root / "lib/python3.11/site-packages"
    tree(tmp_path, "editable/edited.py")
    (packages / "e.pth").write_text(f"# comment\nimport sys; sys.exit()\n{tmp_path / 'editable'}\n{tmp_path / 'gone'}\n")
    wanted = [packages, tmp_path / "editable", base / "lib/python3.11"] + ([base / "lib/python3.11/site-packages"] if system else [])
    assert sorted(search_path(root / given)) == sorted(map(str, wanted))


def test_the_running_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    found = search_path(beside=tmp_path)
    assert found == [entry for entry in dict.fromkeys(sys.path) if entry and os.path.isdir(entry)]
    assert Resolver([], found).find("ast") is not None


@pytest.mark.parametrize("active", [True, False])
def test_the_active_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, active: bool) -> None:
    environment(tmp_path / "code/.venv", tmp_path / "base")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    if active:
        monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "code/.venv"))
    found = search_path(beside=tmp_path if active else tmp_path / "code/src")
    assert found[0] == str(tmp_path / "code/.venv/lib/python3.11/site-packages")
    assert [entry for entry in sys.path if os.path.isdir(entry)][-1] in found  # an editable install adds a hook that is no folder
