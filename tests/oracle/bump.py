"""A call with one size of one input changed by one: mostly torch refuses it then, and sometimes it does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import torch

from tests.oracle.sample import Sample
from tests.oracle.written import CannotWriteError, made


def bumped(sample: Sample) -> Iterator[Sample]:
    """The sample with one size one larger, which one drawn from the sample's key; none where no input has axes."""
    places = [(name, axis) for name, tensor in sample.tensors.items() for axis in range(tensor.dim())]
    if not places:
        return
    draw = int.from_bytes(hashlib.sha256(sample.key.encode()).digest()[:8], "big")
    name, axis = places[draw % len(places)]
    tensor = grown(sample.tensors[name], axis)
    try:
        text = made(tensor)
    except CannotWriteError:
        return
    statements = [f"{name} = {text}" if statement.startswith(f"{name} = ") else statement for statement in sample.statements]
    yield replace(sample, key=f"{sample.key}+{name}.{axis}", statements=statements, tensors={**sample.tensors, name: tensor}, pattern=None)


def grown(tensor: torch.Tensor, axis: int) -> torch.Tensor:
    """One larger on an axis; what is new repeats the last of what was there, so that indices stay in range."""
    size = tensor.shape[axis]
    if size == 0 or tensor.numel() == 0:
        return torch.zeros([count + (number == axis) for number, count in enumerate(tensor.shape)], dtype=tensor.dtype)
    return tensor.detach().index_select(axis, torch.arange(size + 1).clamp(max=size - 1))
