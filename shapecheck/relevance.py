"""Whether a text can matter at all: what the faces ask before they load the engine."""

from __future__ import annotations

from shapecheck.source.prefilter import mentions_torch

__all__ = ["mentions_torch"]
