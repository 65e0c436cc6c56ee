"""What the elementwise activations do with dtypes, for their functions and their layers alike."""

from __future__ import annotations

from typing import Any

from shapecheck.book.dtypes import category, floating
from shapecheck.book.elementwise import mapped, not_implemented, written
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.values import CONTIGUOUS, Tensor

# the kernel, and the categories of dtypes it was not compiled for (0 bool, 1 integer, 3 complex)
KERNELS: dict[str, tuple[str, tuple[int, ...]]] = {
    "relu": ("", ()),
    "relu6": ("", ()),
    "hardtanh": ("", ()),
    "selu": ("elu_cpu", (0, 1, 3)),
    "elu": ("elu_cpu", (0, 1, 3)),
    "celu": ("elu_cpu", (0, 1, 3)),
    "gelu": ("GeluKernelImpl", (0, 1, 3)),
    "silu": ("silu_cpu", (0, 1)),
    "mish": ("mish_cpu", (0, 1, 3)),
    "hardswish": ("hardswish_cpu", (0, 1, 3)),
    "hardsigmoid": ("hardsigmoid_cpu", (0, 1, 3)),
    "leaky_relu": ("leaky_relu_cpu", (0, 1, 3)),
    "rrelu": ("leaky_relu_cpu", (0, 1, 3)),
    "softplus": ("softplus_cpu", (0, 1, 3)),
    "softsign": ("abs_cpu", (0,)),
    "softshrink": ("softshrink_check", (0, 1, 3)),
    "hardshrink": ("hardshrink_cpu", (0, 1, 3)),
    "tanhshrink": ("", ()),
    "logsigmoid": ("log_sigmoid_cpu", (0, 1, 3)),
    "threshold": ("threshold_cpu", (0, 3)),
    "sigmoid": ("", ()),
    "tanh": ("", ()),
}
PROMOTING = ("softsign", "tanhshrink", "sigmoid", "tanh")  # integers become floating
ROW_MAJOR = ("rrelu", "logsigmoid")  # their results are row-major whatever the input is
ONE_BOOL = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. "
    "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
)


def activate(name: str, input: Tensor, in_place: Any = False, training: bool = False) -> Tensor:
    """The result of an elementwise activation: the input itself when it is written in place."""
    in_place = in_place is True
    dtype = input.dtype
    kind = None if dtype is None else category(dtype)
    if name in ("relu", "relu6", "hardtanh"):
        if kind == 0:
            words = "Boolean inputs not supported for relu" if name == "relu" else "Bool inputs not supported for hardtanh"
            refuse("SHP117", words, actual=dtype)
        if kind == 3:
            refuse("SHP117", "clamp is not supported for complex types", error="NotImplementedError", actual=dtype)
    if name == "tanhshrink" and kind == 0:
        refuse("SHP117", ONE_BOOL, message="tanhshrink of a mask")
    if in_place and name != "threshold":
        written(input)
    kernel, refused = KERNELS[name]
    if dtype is not None and kind in refused:
        not_implemented("rrelu_with_noise_out_cpu" if name == "rrelu" and training else kernel, dtype)
    if in_place:
        input.elements = None
        return input
    made = mapped(input, floating(dtype) if name in PROMOTING else dtype)
    if name in ROW_MAJOR:
        made.layout = CONTIGUOUS
    return made


def attribute_or_none(layer: Any, name: str) -> Any:
    """An attribute of a layer on which the shape does not depend: None where it is not known."""
    try:
        return getattr(layer, name)
    except Unsure:
        return None
