"""Which settings hold where."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from shapecheck.book.stated import read_ops
from shapecheck.config.errors import ConfigError
from shapecheck.config.projects import Projects
from shapecheck.config.table import SETTINGS, settings_of_files, settings_of_projects
from shapecheck.discover import discover
from shapecheck.options import Options
from shapecheck.show.settings import settings_page


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, one inside it, a pyproject.toml that says nothing to us, and a folder beside them."""
    for name in ("one/a.py", "one/deep/b.py", "one/inner/c.py", "one/silent/d.py", "beside/e.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "one" / "pyproject.toml").write_text('[tool.shapecheck]\nignore = ["SHP1"]\nformat = "concise"\nexclude = ["deep/x.py"]\n')
    (tmp_path / "one" / "inner" / "pyproject.toml").write_text('[tool.shapecheck]\nignore = ["SHP2"]\n')
    (tmp_path / "one" / "silent" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_table_and_the_options_are_one() -> None:
    options = {field.name for field in fields(Options)} - {"noqa", "replays", "entries"}  # hosts say the one, --confirm the others
    assert {setting.dest for setting in settings_of_projects()} == options
    defaults = Options()
    for setting in settings_of_projects():
        assert getattr(defaults, setting.dest) == setting.default, setting.name


def test_a_name_is_one_setting_for_each_command() -> None:
    for command in ("check", "shapes"):
        names = [setting.name for setting in SETTINGS if command in setting.commands]
        assert len(names) == len(set(names))


def test_the_nearest_file_counts(tree: Path) -> None:
    projects = Projects()
    assert projects.options("one/a.py").ignore == ("SHP1",)
    assert projects.options("one/deep/b.py").ignore == ("SHP1",)
    assert projects.options("one/inner/c.py").ignore == ("SHP2",)
    assert projects.options("one/inner/c.py").exclude == ()
    assert projects.options("one/silent/d.py").ignore == ("SHP1",)
    assert projects.options("beside/e.py") == Options()
    assert projects.options(str(tree / "one")).ignore == ("SHP1",)


def test_the_command_line_wins(tree: Path) -> None:
    projects = Projects({"ignore": ("SHP5",)})
    assert projects.options("one/a.py").ignore == ("SHP5",)
    assert projects.options("one/a.py").exclude == (f"{tree.as_posix()}/one/deep/x.py",)
    assert projects.options("beside/e.py").ignore == ("SHP5",)


def test_one_file_for_all(tree: Path) -> None:
    projects = Projects(config="one/inner/pyproject.toml")
    assert projects.options("one/a.py").ignore == projects.options("beside/e.py").ignore == ("SHP2",)


def test_no_file_at_all(tree: Path) -> None:
    assert Projects(isolated=True).options("one/a.py") == Options()


def test_what_a_run_is_told_once(tree: Path) -> None:
    projects = Projects()
    assert projects.of_all(["one/a.py"]).values["format"] == "concise"
    assert projects.of_all(["one/deep", "one/inner"]).values["format"] == "concise"
    assert projects.of_all(["one/inner"]).values["format"] == "text"
    assert projects.of_all(["one", "beside"]).values["format"] == "text"
    assert projects.of_all([]).values["format"] == "text"


def test_each_file_is_discovered_with_its_settings(tree: Path) -> None:
    found = discover(["."], Projects().options)
    assert [(file, its.ignore) for file, its in zip(found.files, found.options, strict=True)] == [
        ("beside/e.py", ()),
        ("one/a.py", ("SHP1",)),
        ("one/deep/b.py", ("SHP1",)),
        ("one/inner/c.py", ("SHP2",)),
        ("one/silent/d.py", ("SHP1",)),
    ]


def test_patterns_of_a_file_start_there(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "one" / "deep" / "x.py").touch()
    (tree / "deep").mkdir()
    (tree / "deep" / "x.py").touch()
    assert [file for file in discover(["."], Projects().options).files if "deep" in file] == ["deep/x.py", "one/deep/b.py"]
    monkeypatch.chdir(tree / "one" / "deep")
    assert discover(["."], Projects().options).files == ("b.py",)


def test_a_bad_file_costs_its_own_folder_only(tree: Path) -> None:
    (tree / "one" / "inner" / "pyproject.toml").write_text("[tool.shapecheck]\nx = 1\n")
    found = discover([".", "one/inner/c.py"], Projects().options)
    assert found.files == ("beside/e.py", "one/a.py", "one/deep/b.py", "one/silent/d.py")
    assert len(found.problems) == 1
    assert "has no setting 'x'" in found.problems[0]
    with pytest.raises(ConfigError):
        Projects().options("one/inner/c.py")


def test_what_is_shown_can_be_read_again(tree: Path) -> None:
    given = {
        "inputs": Projects(config=_write(tree, 'input = ["Net.forward x=N,3 m=():bool"]')).of(".").values["inputs"],
        "per_file_ignores": (("te\"st's*", ("SHP3", "SHP104")),),
        "severity": (("SHP301", "error"),),
        "select": ("SHP1",),
        "python": str(tree),
        "ops": read_ops({"a.b": "(n, m=2): x y, mask?=y:bool -> (x n) m, same", "a.C": "... -> None"}),
    }
    shown = Projects(given).of("one/a.py")
    page = settings_page([("one/a.py", shown)])
    assert f"# from {tree / 'one' / 'pyproject.toml'}" in page
    assert "# from the command line" in page
    again = Projects(config=_write(tree, page)).of("one/a.py")
    assert again.options == shown.options
    kept = {setting.dest for setting in settings_of_files().values()} - {"output"}
    assert {name: again.values[name] for name in kept} == {name: shown.values[name] for name in kept}


def _write(folder: Path, body: str) -> str:
    path = folder / "shown.toml"
    path.write_text(body, encoding="utf-8")
    return str(path)


def test_projects_are_shown_once(tree: Path) -> None:
    projects = Projects()
    page = settings_page([(path, projects.of(path)) for path in ("one/a.py", "beside", "one/deep")])
    assert page.count("[tool.shapecheck]") == 2
    assert f"# one/a.py, one/deep: settings of {tree / 'one' / 'pyproject.toml'}\n" in page
    assert "# beside: no configuration\n" in page
    assert "# select is not set\n" in page
