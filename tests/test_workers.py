"""Worker processes find what one process finds, and one that dies costs one file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shapecheck import check, workers
from shapecheck.cache import Cache
from shapecheck.check import check_paths

ROOT = Path(__file__).resolve().parent.parent
FORKS = pytest.mark.skipif(workers.sys.platform != "linux", reason="what is patched here reaches workers only by a fork")


@pytest.fixture(autouse=True)
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FEWEST_BYTES", 0)


@pytest.mark.parametrize("cached", [False, True])
def test_workers_find_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cached: bool) -> None:
    monkeypatch.chdir(ROOT)
    paths = ["fixtures/broken", "fixtures/limits"]
    progress: list[tuple[int, int]] = []
    cache = Cache(str(tmp_path)) if cached else None
    alone = check_paths(paths)
    together = check_paths(paths, None, lambda done, of: progress.append((done, of)), cache, jobs=2)
    assert together == alone
    told = [done for done, _ in progress]
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, alone.files)
    assert {of for _, of in progress} == {alone.files}
    if cache is not None:
        assert check_paths(paths, cache=cache, jobs=2) == alone


@FORKS
def test_a_worker_that_dies_costs_one_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("a", "b", "deadly", "d", "e"):
        (tmp_path / f"{name}.py").write_text("import torch\n\ntorch.zeros(2, 3).view(5)\n")
    original = check.Checker.file

    def file(self: check.Checker, path: str) -> object:
        if "deadly" in path:
            os._exit(9)
        return original(self, path)

    monkeypatch.setattr(check.Checker, "file", file)
    monkeypatch.setattr(workers.threading, "active_count", lambda: 1)
    outcome = check_paths([str(tmp_path)], jobs=2)
    found = {Path(report.path).stem: report.code for report in outcome.reports}
    assert found == {"a": "SHP104", "b": "SHP104", "d": "SHP104", "deadly": "SHP905", "e": "SHP104"}
    assert outcome.status == 2


def test_few_or_small_files_start_no_workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workers, "FEWEST_BYTES", 100_000)
    for name in "abcdef":
        (tmp_path / f"{name}.py").write_text("import torch\n")
    files = sorted(map(str, tmp_path.iterdir()))
    assert not workers.pay_off(files)
    (tmp_path / "a.py").write_text("import torch\n" + "# long\n" * 20_000)
    assert workers.pay_off(files)
    assert not workers.pay_off(files[:3])
