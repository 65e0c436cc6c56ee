"""Torch's own word on an expression."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import warnings
from functools import cache
from typing import Any

from tests.support.answers import Answer, Hidden, Raised, Seen

EINOPS = importlib.util.find_spec("einops") is not None


@cache
def names() -> dict[str, Any]:
    """What an example may use."""
    import torch
    import torch.nn.functional as functional

    torch.set_num_threads(1)  # the tensors are small, and the tests may run side by side

    def some_floats(*sizes: int, dtype: Any = torch.float32) -> Any:
        return torch.rand(sizes).to(dtype)

    def some_integers(*sizes: int, high: int = 2) -> Any:
        return torch.randint(0, high, sizes)

    def some_mask(*sizes: int) -> Any:
        return torch.rand(sizes) > 0.5

    found = {"torch": torch, "nn": torch.nn, "F": functional, "T": some_floats, "I": some_integers, "M": some_mask}
    if EINOPS:
        found["einops"] = importlib.import_module("einops")
        importlib.import_module("einops.layers.torch")  # an attribute of einops from now on
    return found


@cache
def ask(source: str, device: str = "cpu") -> Answer:
    """What torch makes of an expression."""
    import torch

    torch.manual_seed(0)
    # not on the CPU: functions of torch go other ways under a device
    with warnings.catch_warnings(), contextlib.nullcontext() if device == "cpu" else torch.device(device):
        warnings.simplefilter("ignore")
        try:
            return told(eval(source, names()))
        except Exception as error:  # whatever it is, it is the answer
            return Raised(type(error).__name__, str(error))


def told(value: Any) -> Answer:
    """A value of torch's or Python's as an answer."""
    import torch

    if isinstance(value, torch.Tensor):
        dense = value.layout == torch.strided and not value.is_nested
        shape = () if value.is_nested else tuple(value.shape)
        return Seen(shape, short(value.dtype), tuple(value.stride()) if dense else None)
    if isinstance(value, (tuple, list)):
        return tuple(map(told, value))
    if isinstance(value, torch.dtype):
        return short(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return Hidden(f"an object of class {type(value).__name__}")


def short(dtype: Any) -> str:
    """`torch.float32` -> 'float32'"""
    return str(dtype).removeprefix("torch.")
