"""What batch and instance normalisation share (torch/nn/modules/batchnorm.py, aten/src/ATen/native/Normalization.cpp)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.context import spelled
from shapecheck.book.expect import expect_eq
from shapecheck.book.spatial import weights
from shapecheck.book.words import word
from shapecheck.sizes import Size
from shapecheck.values import Tensor, Unknown


def set_up_norm(layer: Any, features: Any, affine: Any, tracks: Any, bias: Any, dtype: Any) -> None:
    """_NormBase.__init__: parameters and buffers; what depends on a flag that is not known is Unknown."""
    flag = Unknown("whether the layer has this is not known")
    made = weights(features, dtype=dtype, maker="empty_one") if affine is True else flag if affine is not False else None
    layer.weight = made
    layer.bias = made if bias is True or made is None else None if bias is False else flag
    mean = weights(features, dtype=dtype, role="buffer", maker="zeros_one") if tracks is True else flag if tracks is not False else None
    layer.running_mean = mean
    layer.running_var = mean
    layer.num_batches_tracked = None if mean is None else Tensor((), "int64", role="buffer")


def expect_numel(tensor: Any, name: str, count: Size, shape: Sequence[Size], repeats: Size = 1, blame: str | None = None) -> None:
    """A normalisation's statistics, weight and bias hold one number a channel."""
    if not isinstance(tensor, Tensor):
        return
    have = tensor.numel()
    expect_eq(
        have,
        count,
        "SHP101",
        lambda: f"{name} should contain {word(count * repeats)} elements not {word(have * repeats)}",
        message=lambda: f"{spelled()} wants {word(have)} channels, gets {word(count)}",
        expected=have,
        actual=count,
        axis=1 if len(shape) > 1 else None,
        blame=blame,
        hint="the channels seem to stand last" if len(shape) > 2 and shape[-1] == have != count else None,
    )
