"""[tool.shapecheck] of pyproject.toml: what it may say, and what is said about what it may not."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import pytest

from shapecheck.book.stated import read_ops
from shapecheck.config.errors import ConfigError
from shapecheck.config.file import read_config, read_pyproject
from shapecheck.config.table import settings_of_files
from shapecheck.inputs import StatedInput, StatedShape


def read(folder: Path, body: str) -> dict[str, Any] | None:
    (folder / "pyproject.toml").write_text(body, encoding="utf-8")
    return read_pyproject(str(folder))


def settings(folder: Path, body: str) -> dict[str, Any]:
    found = read(folder, f"[tool.shapecheck]\n{body}\n")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("body", "name", "value"),
    [
        ('select = ["SHP1", "folded-batch"]', "select", ("SHP1", "SHP301")),
        ('select = "shp1, SHP301"', "select", ("SHP1", "SHP301")),
        ("select = []", "select", ()),
        ('select = ["ALL"]', "select", ("SHP",)),
        ('ignore = ["SHP301"]', "ignore", ("SHP301",)),
        ('extend-select = ["gave-up"]', "extend_select", ("SHP903",)),
        ('exclude = ["tests", "*.gen.py"]', "exclude", ("tests", "*.gen.py")),
        ('exclude = "tests/"', "exclude", ("tests/",)),
        ("force-exclude = true", "force_exclude", True),
        ("respect-gitignore = false", "respect_gitignore", False),
        ('severity = { SHP301 = "error", SHP1 = "info" }', "severity", (("SHP301", "error"), ("SHP1", "info"))),
        ('per-file-ignores = { "*_test.py" = ["SHP3", "SHP104"] }', "per_file_ignores", (("*_test.py", ("SHP3", "SHP104")),)),
        ('per-file-ignores = { "*_test.py" = "SHP3" }', "per_file_ignores", (("*_test.py", ("SHP3",)),)),
        ('input = "Net.forward x=N,3"', "inputs", (StatedInput("Net.forward", "x", StatedShape(("N", 3))),)),
        ('input = ["Net.forward x=()", "f y=2:bool"]', "inputs",
         (StatedInput("Net.forward", "x", StatedShape(())), StatedInput("f", "y", StatedShape((2,), "bool")))),
        ('[tool.shapecheck.input]\n"Net.forward" = "x=N,3"', "inputs", (StatedInput("Net.forward", "x", StatedShape(("N", 3))),)),
        ('[tool.shapecheck.input."Net.forward"]\nx = "N,3"\nm = "2:bool"', "inputs",
         (StatedInput("Net.forward", "x", StatedShape(("N", 3))), StatedInput("Net.forward", "m", StatedShape((2,), "bool")))),
        ('format = "concise"', "format", "concise"),
        ("statistics = true", "statistics", True),
        ('[tool.shapecheck.ops]\n"pkg.f" = "a b -> b a"', "ops", read_ops({"pkg.f": "a b -> b a"})),
        ('[tool.shapecheck.ops]\npkg.sub.f = "a b -> b a"', "ops", read_ops({"pkg.sub.f": "a b -> b a"})),
    ],
)  # fmt: skip
def test_settings(tmp_path: Path, body: str, name: str, value: object) -> None:
    assert settings(tmp_path, body) == {name: value}


def test_paths_and_patterns_with_folders_start_at_the_file(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    found = settings(tmp_path, 'exclude = ["./old/*.py", "/abs/x", "name"]\npython = ".venv"\noutput = "out/report.txt"')
    assert found["exclude"] == (f"{tmp_path.as_posix()}/old/*.py", "/abs/x", "name")
    assert found["python"] == str(tmp_path / ".venv")
    assert found["output"] == str(tmp_path / "out" / "report.txt")


def test_a_folder_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "a[b]"
    folder.mkdir()
    (pattern,) = settings(folder, 'exclude = ["old/x"]')["exclude"]
    from shapecheck.patterns import Patterns

    assert Patterns([pattern]).fit(str(folder / "old" / "x"))


@pytest.mark.parametrize("body", ["", "[project]\nname = 'x'\n", "[tool.other]\nshapecheck = 1\n", "# shapecheck\n", "= not TOML\n"])
def test_files_that_do_not_speak_of_us(tmp_path: Path, body: str) -> None:
    assert read(tmp_path, body) is None


def test_an_empty_table_is_a_configuration(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == {}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('slect = ["SHP1"]', "[tool.shapecheck] has no setting 'slect'; do you mean 'select'?"),
        ("extend_select = []", "[tool.shapecheck] has no setting 'extend_select'; do you mean 'extend-select'?"),
        ("inputs = []", "[tool.shapecheck] has no setting 'inputs'; do you mean 'input'?"),
        ("frobnicate = 1", "[tool.shapecheck] has no setting 'frobnicate'"),
        ("isolated = true", "[tool.shapecheck] has no setting 'isolated'; --isolated is for the command line only"),
        ("select = 1", '[tool.shapecheck] select: it is a list of codes, such as ["SHP1", "SHP301"], not a number'),
        ("select = [1]", '[tool.shapecheck] select: it is a list of codes, such as ["SHP1", "SHP301"], not a list of other things than strings'),
        ('select = ["SHP7"]', "[tool.shapecheck] select: no finding is called 'SHP7' (`shapecheck explain` lists them)"),
        ('select = ["layer-inptu"]',
         "[tool.shapecheck] select: no finding is called 'layer-inptu'; do you mean layer-input? (`shapecheck explain` lists them)"),
        ('force-exclude = "yes"', "[tool.shapecheck] force-exclude: it is true or false, not a string"),
        ("force-exclude = 1", "[tool.shapecheck] force-exclude: it is true or false, not a number"),
        ('format = "jsn"', "[tool.shapecheck] format: 'jsn' is none of text, concise, json, sarif, github, gitlab, junit; do you mean 'json'?"),
        ('severity = { SHP301 = "eror" }', "[tool.shapecheck] severity: 'eror' is none of error, warning, info; do you mean 'error'?"),
        ('severity = "error"', '[tool.shapecheck] severity: it is a table of codes and severities, such as {"SHP301" = "error"}, not a string'),
        ("exclude = 2001-01-01", '[tool.shapecheck] exclude: it is a list of glob patterns, such as ["tests", "old/*.py"], not a date'),
        ('python = "gone/python"', "[tool.shapecheck] python: there is no '{folder}/gone/python'"),
        ('input = "x"', "[tool.shapecheck] input: 'x' is no input: write it as 'Net.forward x=2,3,224,224'"),
        ("ops = 1",
         '[tool.shapecheck] ops: it is a table of names and shape signatures, such as {"mylib.patchify" = "b c h w -> b (h w) c"}, not a number'),
        ('ops = { "a.b" = 1 }', "[tool.shapecheck] ops: 'a.b' wants a signature in quotes, as in \"b c h w -> b (h w) c\""),
        ('ops = { "a.b" = "n -> m" }', "[tool.shapecheck] ops: 'a.b' = 'n -> m': 'm' on the right is not on the left (write ?m for a size that nothing says)"),
        ("select = [", "not valid TOML: "),
    ],
)  # fmt: skip
def test_mistakes_are_one_sentence(tmp_path: Path, body: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        settings(tmp_path, body)
    said = str(error.value)
    assert said.startswith(f"{tmp_path / 'pyproject.toml'}: ")
    assert sentence.replace("{folder}", str(tmp_path)) in said.replace("\\", "/")
    assert "\n" not in said


def test_the_table_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tool\.shapecheck is no table"):
        read(tmp_path, "[tool]\nshapecheck = 1\n")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.shapecheck]\nx = '\xff'\n")
    with pytest.raises(ConfigError, match="it is not UTF-8"):
        read_pyproject(str(tmp_path))


def test_a_named_file(tmp_path: Path) -> None:
    named = tmp_path / "strict.toml"
    named.write_text('select = ["SHP1"]\n')
    assert read_config(str(named)) == {"select": ("SHP1",)}
    named.write_text('[tool.shapecheck]\nselect = ["SHP2"]\n')
    assert read_config(str(named)) == {"select": ("SHP2",)}
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file"):
        read_config(str(tmp_path / "gone.toml"))
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(ConfigError, match=r"it has no \[tool\.shapecheck\]"):
        read_config(str(tmp_path / "pyproject.toml"))


VALUES: list[Any] = [
    "text", os.sep, "", "SHP1", "x", "a=b", 0, 1, -1, 1.5, True, False, [], [""], ["SHP1"], [1], [[]], [{}], {}, {"a": 1}, {"a": "b"}, {"a": []}, {"SHP1": "error"},
    {"Net.forward": {"x": 1}}, {"Net.forward": {"x": "N"}}, {"": ""}, {"a": {"b": {"c": 1}}}, datetime.date(2001, 1, 1), "\0", "é" * 99, float("nan"),
]  # fmt: skip


@pytest.mark.parametrize("key", sorted(settings_of_files()))
def test_any_value_is_read_or_refused(key: str) -> None:
    setting = settings_of_files()[key]
    taken, refused = 0, []
    for value in VALUES:
        try:
            read = setting.kind.from_toml(value, "/base")
        except ValueError as error:
            refused.append(str(error))
        else:
            taken += 1
            assert setting.kind.to_toml(read).isprintable()
    assert taken
    assert refused
    assert not any("\n" in sentence for sentence in refused)
