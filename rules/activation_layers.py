"""Layers of elementwise activations: the shape passes; `inplace` returns the input itself."""

from __future__ import annotations

from shapecheck.book import Any, Tensor, activate, attribute_or_none, layer, refuse


class _Activation:
    """What all of them share: `kind` names the function."""

    kind: str

    def forward(self, input: Tensor) -> Tensor:
        return activate(self.kind, input)


class _InPlace:
    """The same with an attribute_or_none `inplace`."""

    kind: str

    def __init__(self, inplace: Any = False) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return activate(self.kind, input, attribute_or_none(self, "inplace"))


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@layer("nn.ReLU", lazy=True)
class ReLU(_InPlace):
    """Elementwise.

    >>> nn.ReLU(inplace=True)(T(2, 3))
    (2, 3) float32
    >>> nn.ReLU()(M(3))
    ! SHP117 Boolean inputs not supported for relu
    """

    kind = "relu"


@layer("nn.ReLU6", lazy=True)
class ReLU6:
    """Elementwise; between 0 and 6.

    >>> nn.ReLU6()(T(2, 3))
    (2, 3) float32
    >>> nn.ReLU6()(M(3))
    ! SHP117 Bool inputs not supported for hardtanh
    """

    def __init__(self, inplace: Any = False) -> None:
        self.min_val = 0.0
        self.max_val = 6.0

    def forward(self, input: Tensor) -> Tensor:
        return activate("relu6", input, attribute_or_none(self, "inplace"))


@layer("nn.SELU", lazy=True)
class SELU(_InPlace):
    """Elementwise.

    >>> nn.SELU()(T(2, 3))
    (2, 3) float32
    >>> nn.SELU()(I(3))
    ! SHP117 "elu_cpu" not implemented for 'Long'
    """

    kind = "selu"


@layer("nn.SiLU", lazy=True)
class SiLU(_InPlace):
    """Elementwise.

    >>> nn.SiLU()(T(2, 3))
    (2, 3) float32
    >>> nn.SiLU()(I(3))
    ! SHP117 "silu_cpu" not implemented for 'Long'
    """

    kind = "silu"


@layer("nn.Mish", lazy=True)
class Mish(_InPlace):
    """Elementwise.

    >>> nn.Mish()(T(2, 3))
    (2, 3) float32
    >>> nn.Mish()(I(3))
    ! SHP117 "mish_cpu" not implemented for 'Long'
    """

    kind = "mish"


@layer("nn.Hardswish", lazy=True)
class Hardswish(_InPlace):
    """Elementwise.

    >>> nn.Hardswish()(T(2, 3))
    (2, 3) float32
    >>> nn.Hardswish()(I(3))
    ! SHP117 "hardswish_cpu" not implemented for 'Long'
    """

    kind = "hardswish"


@layer("nn.Hardsigmoid", lazy=True)
class Hardsigmoid(_InPlace):
    """Elementwise.

    >>> nn.Hardsigmoid()(T(2, 3))
    (2, 3) float32
    >>> nn.Hardsigmoid()(I(3))
    ! SHP117 "hardsigmoid_cpu" not implemented for 'Long'
    """

    kind = "hardsigmoid"


@layer("nn.Sigmoid", lazy=True, refuses_nothing=True)
class Sigmoid(_Activation):
    """Elementwise.

    >>> nn.Sigmoid()(T(2, 3))
    (2, 3) float32
    """

    kind = "sigmoid"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


@layer("nn.Tanh", lazy=True, refuses_nothing=True)
class Tanh(_Activation):
    """Elementwise.

    >>> nn.Tanh()(I(2, 3))
    (2, 3) float32
    """

    kind = "tanh"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


@layer("nn.LogSigmoid", lazy=True)
class LogSigmoid(_Activation):
    """Elementwise.

    >>> nn.LogSigmoid()(T(2, 3))
    (2, 3) float32
    >>> nn.LogSigmoid()(I(3))
    ! SHP117 "log_sigmoid_cpu" not implemented for 'Long'
    """

    kind = "logsigmoid"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


@layer("nn.Softsign", lazy=True)
class Softsign(_Activation):
    """Elementwise.

    >>> nn.Softsign()(I(2, 3))
    (2, 3) float32
    >>> nn.Softsign()(M(3))
    ! SHP117 "abs_cpu" not implemented for 'Bool'
    """

    kind = "softsign"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


@layer("nn.Tanhshrink", lazy=True)
class Tanhshrink(_Activation):
    """Elementwise.

    >>> nn.Tanhshrink()(T(2, 3))
    (2, 3) float32
    >>> nn.Tanhshrink()(M(3))
    ! SHP117 Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.
    """  # noqa: E501

    kind = "tanhshrink"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


@layer("nn.ELU", lazy=True)
class ELU(_InPlace):
    """Elementwise.

    >>> nn.ELU(0.5)(T(2, 3))
    (2, 3) float32
    >>> nn.ELU()(I(3))
    ! SHP117 "elu_cpu" not implemented for 'Long'
    """

    kind = "elu"

    def __init__(self, alpha: Any = 1.0, inplace: Any = False) -> None:
        pass


@layer("nn.CELU", lazy=True)
class CELU(_InPlace):
    """Elementwise.

    >>> nn.CELU(0.5)(T(2, 3))
    (2, 3) float32
    >>> nn.CELU(0.0)(T(2, 3))
    ! SHP118 ZeroDivisionError: alpha cannot be 0 for CELU
    """

    kind = "celu"

    def __init__(self, alpha: Any = 1.0, inplace: Any = False) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        alpha = attribute_or_none(self, "alpha")
        if _number(alpha) and alpha == 0:
            refuse("SHP118", "ZeroDivisionError: alpha cannot be 0 for CELU", blame="alpha")
        return activate("celu", input, attribute_or_none(self, "inplace"))


@layer("nn.LeakyReLU", lazy=True)
class LeakyReLU(_InPlace):
    """Elementwise.

    >>> nn.LeakyReLU(0.2, inplace=True)(T(2, 3))
    (2, 3) float32
    >>> nn.LeakyReLU(0.2)(I(3))
    ! SHP117 "leaky_relu_cpu" not implemented for 'Long'
    """

    kind = "leaky_relu"

    def __init__(self, negative_slope: Any = 0.01, inplace: Any = False) -> None:
        pass


@layer("nn.RReLU", lazy=True)
class RReLU(_InPlace):
    """Elementwise, with random slopes in training.

    >>> nn.RReLU()(T(2, 3))
    (2, 3) float32
    >>> nn.RReLU(0.5, 0.1)(T(2, 3))
    ! SHP118 Lower bound should be less than or equal to the upper bound
    """

    kind = "rrelu"

    def __init__(self, lower: Any = 0.125, upper: Any = 1.0 / 3, inplace: Any = False) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        lower, upper = attribute_or_none(self, "lower"), attribute_or_none(self, "upper")
        if _number(lower) and _number(upper) and lower > upper:
            refuse("SHP118", "Lower bound should be less than or equal to the upper bound", blame="lower")
        return activate("rrelu", input, attribute_or_none(self, "inplace"), attribute_or_none(self, "training") is True)


@layer("nn.Hardtanh", lazy=True)
class Hardtanh(_InPlace):
    """Elementwise, between two numbers.

    >>> nn.Hardtanh(0, 6)(T(2, 3))
    (2, 3) float32
    >>> nn.Hardtanh(1, -1)
    ! SHP202 max_val (-1) must be greater than min_val (1)
    """

    kind = "hardtanh"

    def __init__(self, min_val: Any = -1.0, max_val: Any = 1.0, inplace: Any = False, min_value: Any = None, max_value: Any = None) -> None:
        low = min_val if min_value is None else min_value
        high = max_val if max_value is None else max_value
        if _number(low) and _number(high) and high <= low:
            sentence = f"max_val ({high}) must be greater than min_val ({low})"
            refuse("SHP202", sentence, error="AssertionError", blame="max_val", actual=[low, high])
        self.min_val = low
        self.max_val = high

    def forward(self, input: Tensor) -> Tensor:
        low = attribute_or_none(self, "min_val")
        if input.dtype == "uint8" and _number(low) and low < 0:
            refuse("SHP117", "cannot do hardtanh on an unsigned type with negative limits", actual=input.dtype)
        return activate("hardtanh", input, attribute_or_none(self, "inplace"))


@layer("nn.Threshold", lazy=True)
class Threshold(_InPlace):
    """Elementwise.

    >>> nn.Threshold(0.1, 20)(T(2, 3))
    (2, 3) float32
    >>> nn.Threshold(0.1, 20)(M(3))
    ! SHP117 "threshold_cpu" not implemented for 'Bool'
    """

    kind = "threshold"

    def __init__(self, threshold: Any, value: Any, inplace: Any = False) -> None:
        pass


@layer("nn.GELU", lazy=True)
class GELU:
    """Elementwise.

    >>> nn.GELU(approximate="tanh")(T(2, 3))
    (2, 3) float32
    >>> nn.GELU("sigmoid")(T(2, 3))
    ! SHP118 approximate argument must be either none or tanh.
    """

    def __init__(self, approximate: Any = "none") -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        approximate = attribute_or_none(self, "approximate")
        if isinstance(approximate, str) and approximate not in ("none", "tanh"):
            refuse("SHP118", "approximate argument must be either none or tanh.", blame="approximate", actual=approximate)
        return activate("gelu", input)


@layer("nn.Softplus", lazy=True)
class Softplus(_Activation):
    """Elementwise.

    >>> nn.Softplus()(T(2, 3))
    (2, 3) float32
    >>> nn.Softplus()(I(3))
    ! SHP117 "softplus_cpu" not implemented for 'Long'
    """

    kind = "softplus"

    def __init__(self, beta: Any = 1.0, threshold: Any = 20.0) -> None:
        pass


@layer("nn.Softshrink", lazy=True)
class Softshrink(_Activation):
    """Elementwise.

    >>> nn.Softshrink(0.1)(T(2, 3))
    (2, 3) float32
    >>> nn.Softshrink()(I(3))
    ! SHP117 "softshrink_check" not implemented for 'Long'
    """

    kind = "softshrink"

    def __init__(self, lambd: Any = 0.5) -> None:
        pass


@layer("nn.Hardshrink", lazy=True)
class Hardshrink(_Activation):
    """Elementwise.

    >>> nn.Hardshrink(0.1)(T(2, 3))
    (2, 3) float32
    >>> nn.Hardshrink()(I(3))
    ! SHP117 "hardshrink_cpu" not implemented for 'Long'
    """

    kind = "hardshrink"

    def __init__(self, lambd: Any = 0.5) -> None:
        pass
