"""Outcomes of files, kept together with all that they rest on: the file, what it imports, where that was looked for, the settings."""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass

from shapecheck.cache.store import Store, digest
from shapecheck.findings.outcome import Outcome
from shapecheck.source.imports import Listings

KIND = "outcomes"


@dataclass(frozen=True)
class Basis:
    """What an outcome rests on besides the file's own text.

    files    the other files that were read -> a digest of their bytes; None for one that could not be read.
    folders  folders that were searched -> the names that were found there, and those that were not.
    checked  those of the files that were checked in the same run: only then are findings in them reported.
    """

    files: Mapping[str, bytes | None]
    folders: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    checked: frozenset[str]


class Outcomes:
    """The outcomes that a store keeps. One object serves one run: the state of a file or folder is looked at once."""

    def __init__(self, store: Store, listings: Listings) -> None:
        self._store = store
        self._listings = listings
        self._digests: dict[str, bytes | None] = {}

    def get(self, path: str, text: str, settings: str, checked: set[str]) -> Outcome | None:
        """The outcome of a file, if nothing that it rests on has changed.

        settings  words for all that decides besides files: the options, the folder in which it runs, where packages are.
        checked   the files of this run.
        """
        data = self._store.get(KIND, _name(path, settings))
        if data is None:
            return None
        try:
            written, basis, outcome = pickle.loads(data)
            assert isinstance(basis, Basis) and isinstance(outcome, Outcome)
        except Exception:  # written by something else: as if it were not there
            return None
        if written != _text(text) or any(self.digest(file) != was for file, was in basis.files.items()):
            return None
        if basis.checked != checked.intersection(basis.files):
            return None
        for folder, (there, missing) in basis.folders.items():
            names = self._listings.names(folder)
            if not there <= names or not missing.isdisjoint(names):
                return None
        return outcome

    def put(self, path: str, text: str, settings: str, checked: set[str], files: set[str], folders: Mapping[str, Mapping[str, bool]],
            outcome: Outcome) -> None:  # fmt: skip
        """Keep an outcome. files: what else was read; folders: in which folders which names were there, or were not."""
        asked = {
            folder: (
                frozenset(name for name, there in names.items() if there),
                frozenset(name for name, there in names.items() if not there),
            )
            for folder, names in folders.items()
        }
        basis = Basis({file: self.digest(file) for file in files}, asked, frozenset(checked.intersection(files)))
        try:
            data = pickle.dumps((_text(text), basis, outcome), 5)
        except Exception:  # an outcome that cannot be written down is worked out every time
            return
        self._store.put(KIND, _name(path, settings), data)

    def digest(self, file: str) -> bytes | None:
        """A digest of a file's bytes; None where it cannot be read."""
        if file not in self._digests:
            try:
                with open(file, "rb") as opened:
                    self._digests[file] = digest(opened.read())
            except OSError:
                self._digests[file] = None
        return self._digests[file]


def _name(path: str, settings: str) -> str:
    return digest(f"{os.path.abspath(path)}\0{path}\0{settings}".encode("utf-8", "surrogatepass")).hex()


def _text(text: str) -> bytes:
    return digest(text.encode("utf-8", "surrogatepass"))
