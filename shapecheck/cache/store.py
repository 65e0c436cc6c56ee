"""Bytes under names in a folder. Nothing that goes wrong with the folder is an error: what cannot be read is not there.

Every entry is one file, written beside its place and moved there, so that several processes may share a folder; a digest in front
of it tells a torn or altered entry, which counts as none.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

TAG = "CACHEDIR.TAG"
SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n# What shapecheck keeps between runs; it may be deleted at any time.\n"
DIGEST = 16
MAX_BYTES = 256 * 2**20
MAX_AGE = 30 * 24 * 3600.0  # seconds after which entries of other versions are taken away
OFTEN = 24 * 3600.0  # seconds between two prunings


def digest(data: bytes) -> bytes:
    """A fingerprint of some bytes."""
    return blake2b(data, digest_size=DIGEST).digest()


def default_folder() -> str:
    """Where the platform wants caches; the variable SHAPECHECK_CACHE_DIR says otherwise."""
    told = os.environ.get("SHAPECHECK_CACHE_DIR")
    if told:
        return told
    from platformdirs import user_cache_dir  # here: a run without cache does not load it

    return user_cache_dir("shapecheck", appauthor=False)


def code_version() -> str:
    """A name for what computes the entries: the version, Python's, and the state of every source file, for a checkout that changes."""
    from shapecheck.version import __version__

    package = Path(__file__).parents[1]
    rules = package / "rules" if (package / "rules").is_dir() else package.parent / "rules"
    newest, size, count = 0, 0, 0
    for folder in (package, rules):
        for place, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in files:
                if name.endswith(".py"):
                    state = os.stat(os.path.join(place, name))
                    newest, size, count = max(newest, state.st_mtime_ns), size + state.st_size, count + 1
    return f"{__version__}-{sys.implementation.cache_tag}-{digest(f'{newest} {size} {count}'.encode()).hex()[:12]}"


class Store:
    """A folder of entries, those of one version of shapecheck in a folder of their own."""

    def __init__(self, folder: str) -> None:
        self.root = folder
        self.folder = os.path.join(folder, code_version())
        self._ready: bool | None = None

    def get(self, kind: str, name: str) -> bytes | None:
        """An entry as it was put, or None."""
        try:
            with open(self._path(kind, name), "rb") as file:
                data = file.read()
        except OSError:
            return None
        return data[DIGEST:] if digest(data[DIGEST:]) == data[:DIGEST] else None

    def put(self, kind: str, name: str, data: bytes) -> None:
        """Keep an entry, if the folder takes it."""
        if not self._prepared():
            return
        path = self._path(kind, name)
        part = f"{path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(part, "wb") as file:
                file.write(digest(data) + data)
            os.replace(part, path)
        except OSError:  # full, read-only, or somebody else's
            self._ready = False
            _remove(part)

    def _path(self, kind: str, name: str) -> str:
        return os.path.join(self.folder, kind, name[:2], name[2:])

    def _prepared(self) -> bool:
        """Whether the folder can be written; it is made, marked and pruned when that is first asked."""
        if self._ready is None:
            try:
                os.makedirs(self.folder, exist_ok=True)
                tag = os.path.join(self.root, TAG)
                if not os.path.exists(tag):
                    with open(tag, "w", encoding="utf-8") as file:
                        file.write(SIGNATURE)
                    with open(os.path.join(self.root, ".gitignore"), "w", encoding="utf-8") as file:
                        file.write("*\n")
                self._ready = True
                self._prune(tag)
            except OSError:
                self._ready = False
        return self._ready

    def _prune(self, tag: str) -> None:
        """Once a day: take away what other versions left long ago, and the oldest entries of what is too much."""
        now = time.time()
        marker = os.path.join(self.root, "pruned")
        try:
            if now - os.stat(marker).st_mtime < OFTEN:
                return
        except OSError:
            pass
        with open(marker, "w", encoding="utf-8"):
            pass
        entries = []
        for place, _, files in os.walk(self.root):
            for name in files:
                path = os.path.join(place, name)
                if place != self.root:
                    state = os.stat(path)
                    entries.append((state.st_mtime, state.st_size, path))
        entries.sort(reverse=True)
        total = 0
        for changed, size, path in entries:
            total += size
            if total > MAX_BYTES or (now - changed > MAX_AGE and not path.startswith(self.folder)):
                _remove(path)


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
