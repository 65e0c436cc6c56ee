"""The public names of torch's functions and methods."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping
from functools import cache
from typing import Any

import torch

PLACES: Mapping[str, Any] = {
    "torch": torch,
    "torch.nn.functional": torch.nn.functional,
    "torch.linalg": torch.linalg,
    "torch.special": torch.special,
    "torch.fft": torch.fft,
    "torch.masked": torch.masked,
    "torch.signal.windows": torch.signal.windows,
    "torch.Tensor": torch.Tensor,
}


@cache
def _all() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for place, holder in PLACES.items():
        for name in dir(holder):
            if place != "torch.Tensor" and name.startswith("_"):
                continue
            value = inspect.getattr_static(holder, name, None) if isinstance(holder, type) else getattr(holder, name, None)
            if callable(value) and not isinstance(value, (type, types.ModuleType)):
                found.setdefault(id(value), []).append(f"{place}.{name}")
    return found


def names(function: Any) -> list[str]:
    """The names under which torch has a function: `['torch.relu']`."""
    return _all().get(id(function), [])
