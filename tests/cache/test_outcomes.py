"""Outcomes that are kept: the same as those worked out, and worked out anew when anything they rest on changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shapecheck import check
from shapecheck.cache import Cache
from shapecheck.check import check_paths
from shapecheck.findings.outcome import Outcome
from shapecheck.options import Options

ROOT = Path(__file__).resolve().parents[2]
SIZES = "from pkg.inner import WIDTH\n"
INNER = "WIDTH = {}\n"
MAIN = """\
import torch
from torch import nn
from pkg.sizes import WIDTH

layer = nn.Linear(20, 30)
layer(torch.zeros(2, WIDTH))
"""
Runs = Callable[..., tuple[Outcome, int]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """main.py, which reads a number through two files of a package."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/__init__.py").write_text("")
    (tmp_path / "pkg/sizes.py").write_text(SIZES)
    (tmp_path / "pkg/inner.py").write_text(INNER.format(21))
    (tmp_path / "main.py").write_text(MAIN)
    return tmp_path


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Check main.py with the cache; the outcome, and how many files had to be analysed."""

    def run(options: Options | None = None, paths: tuple[str, ...] = ("main.py",)) -> tuple[Outcome, int]:
        analysed: list[str] = []
        original = check.Checker._analysed
        with monkeypatch.context() as patch:
            patch.setattr(check.Checker, "_analysed", lambda self, text, path: analysed.append(path) or original(self, text, path))
            outcome = check_paths(paths, options, cache=Cache(str(tmp_path / ".cache")))
        return outcome, len(analysed)

    return run


def widths(outcome: Outcome) -> list[str]:
    return [report.message for report in outcome.reports]


def test_nothing_is_worked_out_twice(project: Path, runs: Runs) -> None:
    first, worked = runs()
    assert worked == 1
    assert widths(first) == ["Linear wants 20 features, gets 21"]
    again, worked = runs()
    assert worked == 0
    assert again == first


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda at: (at / "main.py").write_text(MAIN + "# a comment\n"), 21),
        (lambda at: (at / "pkg/inner.py").write_text(INNER.format(22)), 22),
        (lambda at: (at / "pkg/sizes.py").write_text("WIDTH = 23\n"), 23),
        (lambda at: (at / "pkg/inner.py").unlink(), None),
        (lambda at: ((at / "pkg/inner").mkdir(), (at / "pkg/inner/__init__.py").write_text("WIDTH = 24\n")), 24),
    ],
    ids=["itself", "an import of an import", "an import", "an import that is gone", "a package before the file"],
)
def test_a_change_is_seen(project: Path, runs: Runs, change: Callable[[Path], object], expected: int | None) -> None:
    runs()
    change(project)
    outcome, worked = runs()
    assert worked == 1
    assert widths(outcome) == ([] if expected is None else [f"Linear wants 20 features, gets {expected}"])
    assert runs()[1] == 0


def test_what_it_does_not_import_may_change(project: Path, runs: Runs) -> None:
    runs()
    (project / "pkg/other.py").write_text("import torch\n")
    (project / "notes.txt").write_text("")
    assert runs()[1] == 0


def test_settings_and_the_working_folder_count(project: Path, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs()
    outcome, worked = runs(Options(ignore=("SHP101",)))
    assert (worked, outcome.reports) == (1, ())
    assert runs()[1] == 0
    monkeypatch.chdir(project / "pkg")
    assert runs(paths=("../main.py",))[1] == 1


def test_entries_that_cannot_be_read_are_worked_out(project: Path, runs: Runs, tmp_path: Path) -> None:
    first, _ = runs()
    for path in (tmp_path / ".cache").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-3])
    again, worked = runs()
    assert worked == 1
    assert again == first


def test_kept_reports_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every finding of the fixtures, with its trail, witness and hint, comes back as it was."""
    monkeypatch.chdir(ROOT)
    paths = ["fixtures/broken", "fixtures/models"]
    plain = check_paths(paths)
    cold = check_paths(paths, cache=Cache(str(tmp_path)))
    warm = check_paths(paths, cache=Cache(str(tmp_path)))
    assert plain.reports == cold.reports == warm.reports
    assert warm.unknown == plain.unknown
    assert warm.chains == plain.chains


def test_lowered_files_are_read_back(project: Path, runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit of one file parses that file; what it imports comes from the cache."""
    from shapecheck.source import lower

    first, _ = runs()
    lowered: list[str] = []
    original = lower.lower
    monkeypatch.setattr(lower, "lower", lambda chunk: lowered.append(chunk.text) or original(chunk))
    (project / "main.py").write_text(MAIN + "print(WIDTH)\n")
    again, worked = runs()
    assert worked == 1
    assert widths(again) == widths(first)
    assert lowered
    assert not any("WIDTH =" in text or "pkg.inner" in text for text in lowered)


def test_a_cache_can_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHAPECHECK_CACHE_DIR", str(tmp_path / "there"))
    assert Cache().folder == os.fspath(tmp_path / "there")
