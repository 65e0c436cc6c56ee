"""Linear maps of the last axis: Linear, Bilinear, Identity and their functions."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    Size,
    Tensor,
    brackets,
    category,
    expect,
    expect_eq,
    is_float,
    layer,
    multiplied,
    new,
    op,
    parameter,
    refuse,
    times,
    true_product,
    word,
)


def _linear(input: Tensor, weight: Tensor, bias: Tensor | None, blame: str | None, code: str) -> Tensor:
    """(..., in) x (out, in) -> (..., out), as F.linear and nn.Linear compute it."""
    out_features, in_features = weight.shape
    expect(
        input.rank >= 1,
        code,
        lambda: f"both arguments to linear need to be at least 1D, but they are 0D and {weight.rank}D",
    )
    _expect_dtypes(input, weight)
    rows = true_product(input.shape[:-1])

    def sentence() -> str:
        return f"mat1 and mat2 shapes cannot be multiplied ({times((rows, input.shape[-1]))} and {times((in_features, out_features))})"

    expect_eq(
        input.shape[-1],
        in_features,
        code,
        sentence,
        message=lambda: f"Linear wants {word(in_features)} features, gets {word(input.shape[-1])}",
        expected=in_features,
        actual=input.shape[-1],
        axis=input.rank - 1,
        blame=blame,
    )
    multiplied(rows, in_features, out_features)
    return new((*input.shape[:-1], out_features), like=input)


def _expect_dtypes(input: Tensor, weight: Tensor) -> None:
    """Both have one dtype. Half precision is left alone: autocast brings it together."""
    a, b = input.dtype, weight.dtype
    if a is None or b is None or a == b or "16" in a + b or b not in ("float32", "float64"):
        return
    if is_float(a) or category(a) <= 1:
        sentence = f"mat1 and mat2 must have the same dtype, but got {NAMES[a]} and {NAMES[b]}" if a in NAMES else ""
        if sentence:
            refuse("SHP117", sentence, message=f"Linear wants {b}, gets {a}", expected=b, actual=a)


NAMES = {
    "float32": "Float",
    "float64": "Double",
    "int64": "Long",
    "int32": "Int",
    "int16": "Short",
    "int8": "Char",
    "uint8": "Byte",
    "bool": "Bool",
}


@layer("nn.Linear", ranks=(2, 3, 4, 1))
class Linear:
    """Maps the last axis; every other axis passes through.

    >>> nn.Linear(20, 30)(T(128, 20))
    (128, 30)
    >>> nn.Linear(8, 3)(T(128, 64, 16, 8))
    (128, 64, 16, 3)
    >>> nn.Linear(20, 30)(T(128, 21))
    ! SHP101 mat1 and mat2 shapes cannot be multiplied (128x21 and 20x30)
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, in_features: Size, out_features: Size, bias: Bool = True, device: Any = None, dtype: Any = None) -> None:
        self.weight = parameter(out_features, in_features)
        self.bias = parameter(out_features) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        return _linear(input, self.weight, self.bias, "in_features", "SHP101")


@layer("nn.LazyLinear", ranks=(2, 3, 4, 1))
class LazyLinear:
    """Linear that learns its input features from its first input.

    >>> nn.LazyLinear(5)(T(3, 7))
    (3, 5)
    >>> nn.LazyLinear(5)(T())
    ! SHP107 tuple index out of range
    """

    in_features: Size
    weight: Tensor
    bias: Tensor | None

    def __init__(self, out_features: Size, bias: Bool = True, device: Any = None, dtype: Any = None) -> None:
        self.in_features = 0
        self.weight = parameter(out_features, 0)
        self.bias = parameter(out_features) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        expect(input.rank > 0, "SHP107", "tuple index out of range", error="IndexError", message="LazyLinear gets a tensor without axes")
        if self.in_features == 0:
            self.in_features = input.shape[-1]
            self.weight = parameter(self.weight.shape[0], input.shape[-1])
        return _linear(input, self.weight, self.bias, "in_features", "SHP101")


@op("F.linear", "torch._C._nn.linear", ranks=(2, 3, 4, 1))
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """input (..., in), weight (out, in), bias (out).

    >>> F.linear(T(2, 5, 4), T(3, 4))
    (2, 5, 3)
    >>> F.linear(T(2, 5), T(3, 4))
    ! SHP102 mat1 and mat2 shapes cannot be multiplied (2x5 and 4x3)
    """
    expect(weight.rank in (1, 2), "SHP107", lambda: f"linear(): weight has to be 1D or 2D, got {brackets(weight.shape)}")
    if weight.rank == 1:
        expect_eq(input.shape[-1], weight.shape[0], "SHP102", lambda: f"size mismatch, got input ({word(input.shape[-1])})")
        return new(input.shape[:-1], like=input)
    return _linear(input, weight, bias, None, "SHP102")


@layer("nn.Identity", refuses_nothing=True, lazy=True)
class Identity:
    """What goes in comes out; constructor arguments are ignored.

    >>> nn.Identity(54, unused=1)(T(2, 3))
    (2, 3)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def forward(self, input: Any) -> Any:
        return input
