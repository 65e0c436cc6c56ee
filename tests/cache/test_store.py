"""A folder of entries that several processes share, and that nothing may depend on."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from shapecheck.cache import store
from shapecheck.cache.store import MAX_AGE, Store

NAME = "ab" * 16


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.parent != folder]


def test_what_was_put_is_there(tmp_path: Path) -> None:
    Store(str(tmp_path)).put("kind", NAME, b"data")
    assert Store(str(tmp_path)).get("kind", NAME) == b"data"
    assert Store(str(tmp_path)).get("other", NAME) is None


def test_the_folder_is_marked_as_a_cache_and_ignored_by_git(tmp_path: Path) -> None:
    Store(str(tmp_path)).put("kind", NAME, b"data")
    assert (tmp_path / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert (tmp_path / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("damage", [b"", b"x", b"x" * 200], ids=["empty", "short", "altered"])
def test_a_damaged_entry_is_none(tmp_path: Path, damage: bytes) -> None:
    Store(str(tmp_path)).put("kind", NAME, b"data")
    [entry] = entries(tmp_path)
    entry.write_bytes(damage)
    assert Store(str(tmp_path)).get("kind", NAME) is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    kept = Store(str(blocked / "cache"))
    kept.put("kind", NAME, b"data")
    assert kept.get("kind", NAME) is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever is root may write everywhere")
def test_a_read_only_folder_is_no_error(tmp_path: Path) -> None:
    Store(str(tmp_path)).put("kind", NAME, b"data")
    for place, _, _ in os.walk(tmp_path):
        os.chmod(place, stat.S_IRUSR | stat.S_IXUSR)
    kept = Store(str(tmp_path))
    kept.put("kind", NAME[::-1], b"more")
    assert kept.get("kind", NAME) == b"data"
    for place, _, _ in os.walk(tmp_path):
        os.chmod(place, stat.S_IRWXU)


def test_a_full_disk_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*names: str) -> None:
        raise OSError(28, "No space left on device")

    kept = Store(str(tmp_path))
    monkeypatch.setattr(store.os, "replace", full)
    kept.put("kind", NAME, b"data")
    assert kept.get("kind", NAME) is None
    assert not entries(tmp_path)


def put_often(folder: str, byte: int) -> None:
    kept = Store(folder)
    for _ in range(50):
        kept.put("kind", NAME, bytes([byte]) * 100_000)


def test_processes_that_write_the_same_entry_leave_a_whole_one(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        list(pool.map(put_often, [str(tmp_path)] * 3, range(3)))
    data = Store(str(tmp_path)).get("kind", NAME)
    assert data in [bytes([byte]) * 100_000 for byte in range(3)]
    assert len(entries(tmp_path)) == 1


def test_entries_of_other_versions_go_when_they_are_old(tmp_path: Path) -> None:
    old, young = tmp_path / "0.0-other" / "kind" / "old", tmp_path / "0.0-other" / "kind" / "young"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    young.write_bytes(b"young")
    long_ago = young.stat().st_mtime - MAX_AGE - 60
    os.utime(old, (long_ago, long_ago))
    Store(str(tmp_path)).put("kind", NAME, b"data")
    assert not old.exists()
    assert young.exists()


def test_it_does_not_grow_without_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(str(tmp_path))
    for number in range(10):
        name = f"{number:02d}" * 16
        kept.put("kind", name, b"x" * 1000)
        os.utime(kept._path("kind", name), (number, number))
    (tmp_path / "pruned").unlink()
    monkeypatch.setattr(store, "MAX_BYTES", 3500)
    Store(str(tmp_path)).put("kind", NAME, b"data")
    left = [number for number in range(10) if kept.get("kind", f"{number:02d}" * 16) is not None]
    assert left == [7, 8, 9]
