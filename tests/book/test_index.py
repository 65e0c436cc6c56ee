"""A rule file is loaded when one of its names is asked for, and the index that says which is never believed where it is stale."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from shapecheck.book.index import NAME, Index, compose, rule_files
from shapecheck.book.loader import known_names, rules_folder
from shapecheck.book.rule import LAYERS, OPS
from tests.support.cases import file_of, rules

ROOT = Path(__file__).resolve().parent.parent.parent
ADDED = '''
"""A rule that the index does not list."""

from shapecheck.book import Tensor, op


@op("torch.brand_new")
def brand_new(input: Tensor) -> Tensor:
    return input
'''
PROBE = """
import json, sys
from pathlib import Path
from shapecheck.book import loader
if sys.argv[1]:
    loader.rules_folder = lambda: Path(sys.argv[1])
answers = [bool(eval(question, vars(loader))) for question in sys.argv[2:]]
print(json.dumps([answers, sorted(name.partition(".")[2] for name in sys.modules if name.startswith("shapecheck_rules."))]))
"""


def ask(*questions: str, folder: Path | str = "") -> tuple[list[bool], list[str]]:
    """Ask a new process something of the loader; the answers, and the rule files it loaded for them."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(folder), *questions], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    answers, files = json.loads(done.stdout)
    return answers, files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the rules with an index that is right for it, also where the checkout's is out of date."""
    copy = tmp_path / "rules"
    copy.mkdir()
    for file in rule_files(rules_folder()):
        shutil.copy(file.path, copy)
    names: dict[str, list[str]] = {}
    for rule in rules():
        names.setdefault(file_of(rule), []).extend(rule.names)
    (copy / NAME).write_text(compose(copy, names))
    return copy


def touch(paths: Iterable[Path]) -> None:
    """Make files newer than the index."""
    for path in paths:
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 100))


def test_the_index_lists_every_name(folder: Path) -> None:
    index = Index(folder)
    assert index.unlisted == []
    assert set(index.places) == {*OPS, *LAYERS} == known_names()
    assert index.places == {name: file_of(rule) for rule in rules() for name in rule.names}


def test_one_file_is_loaded_for_one_op(folder: Path) -> None:
    assert ask("find_layer('torch.nn.Linear')", folder=folder) == ([True], ["linear"])
    assert ask("find_op('torch.nn.functional.linear')", "find_layer('torch.nn.Linear')", folder=folder) == ([True, True], ["linear"])


def test_no_file_is_loaded_to_say_what_is_known(folder: Path) -> None:
    questions = ("is_known('torch.Tensor.view')", "is_known('torch.Tensor.wiev')", "'torch.bmm' in known_names()", "find_op('torch.wiev')")
    assert ask(*questions, folder=folder) == ([True, False, True, False], [])


def test_a_new_file_is_found_without_a_command(folder: Path) -> None:
    (folder / "brand_new.py").write_text(ADDED)
    assert ask("find_op('torch.brand_new')", "is_known('torch.brand_new')", folder=folder) == ([True, True], ["brand_new"])


def test_a_file_of_another_size_is_read_again(folder: Path) -> None:
    file = folder / "linear.py"
    file.write_text(file.read_text().replace('@layer("nn.Linear"', '@layer("nn.Linear", "nn.StraightLine"'))
    answers, files = ask("find_layer('torch.nn.StraightLine')", "is_known('torch.nn.Linear')", folder=folder)
    assert (answers, files) == ([True, True], ["linear"])


def test_a_name_changed_in_as_many_letters_is_seen(folder: Path) -> None:
    file = folder / "linear.py"
    before = file.stat().st_size
    file.write_text(file.read_text().replace('@layer("nn.Linear"', '@layer("nn.Raenil"'))
    touch([file])
    assert file.stat().st_size == before
    assert ask("find_layer('torch.nn.Raenil')", "is_known('torch.nn.Linear')", folder=folder)[0] == [True, False]


def test_files_that_are_only_newer_are_believed(folder: Path) -> None:
    touch(folder.glob("*.py"))
    assert Index(folder).unlisted == []


def test_a_file_that_is_gone_knows_nothing(folder: Path) -> None:
    (folder / "linear.py").unlink()
    assert ask("find_layer('torch.nn.Linear')", "is_known('torch.nn.Linear')", folder=folder) == ([False, False], [])


@pytest.mark.parametrize("text", [None, "", "\0\xff nonsense\n  torch.nn.Linear\nlinear.py\n", "linear.py x y\n  torch.nn.Linear\n"])
def test_without_an_index_everything_is_loaded(folder: Path, text: str | None) -> None:
    if text is None:
        (folder / NAME).unlink()
    else:
        (folder / NAME).write_text(text, encoding="latin-1")
    index = Index(folder)
    assert index.places == {}
    assert set(index.unlisted) == {file.name.removesuffix(".py") for file in rule_files(folder)}
