"""What is kept between runs: the outcome of a file, and its lowered form (floor 4). Losing it costs time, never an answer."""

from __future__ import annotations

from shapecheck.cache.lowered import LoweredFiles
from shapecheck.cache.outcomes import Outcomes
from shapecheck.cache.store import Store, default_folder
from shapecheck.source.imports import Listings

__all__ = ["Cache"]


class Cache:
    """The cache of one run, in a folder; None: where the platform wants it. See `Store` for what goes wrong with folders."""

    def __init__(self, folder: str | None = None) -> None:
        self.folder = folder if folder is not None else default_folder()
        self.listings = Listings()
        store = Store(self.folder)
        self.outcomes = Outcomes(store, self.listings)
        self.lowered = LoweredFiles(store)
