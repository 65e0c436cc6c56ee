"""Linear maps of the last axis: Linear, Bilinear, Identity and their functions."""

from __future__ import annotations

from shapecheck.book import Any, Bool, Size, Tensor, brackets, expect, expect_eq, layer, new, op, parameter, times, true_product, word


def _linear(input: Tensor, weight: Tensor, bias: Tensor | None, blame: str | None, code: str) -> Tensor:
    """(..., in) x (out, in) -> (..., out), as F.linear and nn.Linear compute it."""
    out_features, in_features = weight.shape
    expect(
        input.rank >= 1,
        code,
        lambda: f"both arguments to linear need to be at least 1D, but they are 0D and {weight.rank}D",
    )
    rows = true_product(input.shape[:-1])

    def sentence() -> str:
        if input.rank == 1:  # a vector goes through mv
            return f"size mismatch, got input ({word(out_features)}), mat ({times(weight.shape)}), vec ({word(input.shape[0])})"
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
    return new((*input.shape[:-1], out_features), like=input)


@layer("nn.Linear")
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
