"""What layers share that slide over the last axes of (batch, channels, *axes)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.arguments import dtype_argument
from shapecheck.book.bind import to_sequence, to_sizes
from shapecheck.book.context import current
from shapecheck.book.dtypes import category
from shapecheck.book.expect import expect
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.strides import channels_last_strides, suggests_channels_last
from shapecheck.book.words import brackets
from shapecheck.sizes import Poly, Size
from shapecheck.values import CONTIGUOUS, Free, SymFloat, Tensor, Unknown, contiguous_strides

# C++ names of the dtypes, as some messages spell them
CPP_NAMES = {
    "bool": "bool", "uint8": "unsigned char", "int8": "signed char", "int16": "short int", "int32": "int", "int64": "long int",
    "float16": "c10::Half", "bfloat16": "c10::BFloat16", "float32": "float", "float64": "double",
}  # fmt: skip


def follow(shape: Sequence[Size], like: Tensor, dtype: str | None = None, images: bool = False) -> Tensor:
    """A new tensor of an op that keeps the memory format of `like`: row-major stays row-major, anything else is not known.

    images   the op works on (N, C, H, W) and keeps channels_last too, on every device.
    """
    layout: Any = None
    if like.layout is CONTIGUOUS or like.layout == contiguous_strides(like.shape):
        layout = CONTIGUOUS
    elif images and like.rank == len(shape) == 4 and suggests_channels_last(like).yes:
        layout = channels_last_strides(shape)
    return Tensor(shape, dtype or like.dtype, layout, device=like.device)


def each(value: Any, count: int) -> tuple[Size, ...]:
    """One number an axis from a single number; a sequence stays as it is, and what may be either gets a symbol an axis."""
    value = current().pinned(value)
    if isinstance(value, Free):
        if value.kind == "int" or count == 1:
            return (current().integer(value),) * count
        return tuple(current().integer(Free(f"{value.name}[{axis}]", "int", (value, f"[{axis}]"))) for axis in range(count))
    return (value,) * count if isinstance(value, (int, Poly)) else to_sizes(value)


def settled(value: Any, name: str, count: int) -> Any:
    """A constructor's `kernel_size` as the layer keeps it: a tuple, in which what is not known is a new symbol."""
    items = to_sequence(value)
    if items is None:
        return (value,) * count if isinstance(value, (int, Poly, float, SymFloat)) else value
    context = current()
    items = tuple(context.pinned(item) for item in items)
    items = tuple(context.integer(item) if isinstance(item, Free) else item for item in items)
    return tuple(context.fresh(f"{name}[{axis}]") if isinstance(item, Unknown) else item for axis, item in enumerate(items))


def kept(value: Any, name: str) -> Any:
    """An argument as a layer keeps it that makes no tuple of one number; in a sequence, what is not known is a new symbol."""
    return value if to_sequence(value) is None else settled(value, name, 1)


def weights(*shape: Any, dtype: Any = None, role: str = "parameter", maker: str = "empty") -> Any:
    """A new parameter or buffer of a layer, or Unknown where a size is not a number; refused as torch.empty refuses.

    maker   `empty_one` and `zeros_one` say that torch gets the one size as it is, not in a tuple.
    """
    for place, size in enumerate(shape):
        if isinstance(size, (float, SymFloat)):
            sentence = (
                f"{maker[:-4]}(): argument 'size' (position 1) must be tuple of ints, not float"
                if maker.endswith("_one")
                else "empty(): argument 'size' (position 1) must be tuple of ints, but found element of type float at pos 0"
                if place == 0
                else f"empty(): argument 'size' failed to unpack the object at pos {place + 1} with error "
                '"type must be tuple of ints,but got float"'
            )
            refuse("SHP202", sentence, message=f"{size} is a float where a size has to be an int", error="TypeError")
    if not all(isinstance(size, (int, Poly)) for size in shape):
        return Unknown("a layer's sizes are not known")
    for size in shape:
        if isinstance(size, int) and size < 0:
            refuse("SHP202", f"Trying to create tensor with negative dimension {size}: {brackets(shape)}", message=f"a size of {size}")
    return Tensor(shape, dtype_argument(dtype, "float32"), role=role)


def attribute(layer: Any, name: str) -> Any:
    """An attribute of a layer that a rule can do without: Unknown where it is not known."""
    try:
        return getattr(layer, name)
    except Unsure as unsure:
        return Unknown(unsure.why)


def expect_bias_dtype(input: Tensor, bias: Tensor | None) -> None:
    """A convolution's input and bias have one dtype; layers may have been cast unseen, but not to integers."""
    if bias is None or input.dtype is None or bias.dtype is None or input.dtype == bias.dtype:
        return
    if bias.role != "" and category(input.dtype) >= 2:
        return
    if input.dtype in CPP_NAMES and bias.dtype in CPP_NAMES:
        expect(
            False,
            "SHP117",
            f"Input type ({CPP_NAMES[input.dtype]}) and bias type ({CPP_NAMES[bias.dtype]}) should be the same",
            message=f"a convolution with a {bias.dtype} bias, but the input is {input.dtype}",
            expected=bias.dtype,
            actual=input.dtype,
        )
    raise Unsure(f"{input.dtype} and {bias.dtype}")
