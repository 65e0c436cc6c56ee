"""Files in their lowered form, kept by content: reading them back is many times faster than parsing, and needs no libcst."""

from __future__ import annotations

import gc
import pickle
from typing import TYPE_CHECKING

from shapecheck.cache.store import Store, digest
from shapecheck.source.module import SourceModule

if TYPE_CHECKING:
    from shapecheck.source.chunks import Chunk
    from shapecheck.source.lower import Lowered

KIND = "lowered"


class LoweredFile:
    """The chunks of one text; `unsaved` gets it when some are lowered that are not kept yet."""

    def __init__(self, store: Store, text: str, unsaved: set[LoweredFile]) -> None:
        self._store = store
        self._unsaved = unsaved
        self._name = digest(text.encode("utf-8", "surrogatepass")).hex()
        self._chunks: dict[int, Lowered] | None = None

    def lower(self, chunk: Chunk) -> Lowered:
        """The chunk's statements, as `shapecheck.source.lower.lower` gives them."""
        if self._chunks is None:
            self._chunks = self._read()
        found = self._chunks.get(chunk.index)
        if found is None:
            from shapecheck.source.lower import lower  # here: where everything is kept, nothing needs to be parsed

            found = self._chunks[chunk.index] = lower(chunk)
            self._unsaved.add(self)
        return found

    def _read(self) -> dict[int, Lowered]:
        data = self._store.get(KIND, self._name)
        if data is None:
            return {}
        collecting = gc.isenabled()
        gc.disable()  # only live objects are made
        try:
            chunks: dict[int, Lowered] = pickle.loads(data)
        except Exception:  # written by something else: as if it were not there
            return {}
        finally:
            if collecting:
                gc.enable()
        return chunks

    def save(self) -> None:
        """Keep what was lowered."""
        try:
            data = pickle.dumps(self._chunks, 5)
        except RecursionError:  # an expression nested too deep to be written down
            return
        self._store.put(KIND, self._name, data)


class LoweredFiles:
    """Modules whose lowered form comes from a store, and goes there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unsaved: set[LoweredFile] = set()

    def module(self, path: str, name: str, text: str) -> SourceModule:
        """A module that takes its chunks from the store."""
        module = SourceModule(path, name, text)
        module.lower_with(LoweredFile(self._store, module.text, self._unsaved).lower)
        return module

    def save(self) -> None:
        """Keep what was lowered since the last time."""
        for file in self._unsaved:
            file.save()
        self._unsaved.clear()
