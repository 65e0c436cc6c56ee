"""Activation functions: elementwise ones, PReLU and GLU."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Int,
    Size,
    Tensor,
    activate,
    axis,
    category,
    elementwise,
    expect,
    expect_divides,
    expect_eq,
    facts,
    floordiv,
    into,
    is_dense,
    layer,
    mapped,
    not_implemented,
    op,
    parameter,
    refuse,
    spelled,
    to_int,
    true_product,
    type_name,
    word,
)
from shapecheck.book import inplace as called_in_place

PLAIN = ("relu", "relu6", "selu", "silu", "mish", "hardswish", "hardsigmoid")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@op(
    *(f"F.{name}" for name in PLAIN), "F.relu_", "F.selu_", "torch.relu", "torch.relu_", "Tensor.relu", "Tensor.relu_", "torch.selu",
    "torch.selu_", "torch._C._nn.silu", "torch._C._nn.mish", "torch._C._nn.hardswish", "torch._C._nn.hardsigmoid", "torch._C._nn.relu6",
    lazy=True,
)  # fmt: skip
def plain(input: Tensor, inplace: Any = False, *, out: Any = None) -> Tensor:
    """Elementwise, without parameters.

    >>> F.relu(T(2, 3))
    (2, 3) float32
    >>> F.silu(T(3, 2).transpose(0, 1), inplace=True)
    (2, 3) strides (1, 2)
    >>> I(3).relu_()
    (3,) int64
    >>> F.relu(M(3))
    ! SHP117 Boolean inputs not supported for relu
    >>> F.hardswish(I(3))
    ! SHP117 "hardswish_cpu" not implemented for 'Long'
    """
    return into(out, activate(spelled().rstrip("_"), input, inplace is True or called_in_place()))


@op("F.elu", "F.elu_", "F.celu", "F.celu_", "torch.celu", "torch.celu_", lazy=True)
def elu(input: Tensor, alpha: Any = 1.0, inplace: Any = False) -> Tensor:
    """Elementwise.

    >>> F.elu(T(2, 3), 0.5)
    (2, 3) float32
    >>> F.elu(I(3))
    ! SHP117 "elu_cpu" not implemented for 'Long'
    >>> F.celu(T(3), 0.0)
    ! SHP118 ZeroDivisionError: alpha cannot be 0 for CELU
    """
    name = spelled().rstrip("_")
    _expect_alpha(name, alpha)
    return activate(name, input, inplace is True or called_in_place())


def _expect_alpha(name: str, alpha: Any) -> None:
    if name == "celu" and _number(alpha) and alpha == 0:
        refuse("SHP118", "ZeroDivisionError: alpha cannot be 0 for CELU", actual=alpha)


@op("F.leaky_relu", "F.leaky_relu_", lazy=True)
def leaky_relu(input: Tensor, negative_slope: Any = 0.01, inplace: Any = False) -> Tensor:
    """Elementwise.

    >>> F.leaky_relu(T(2, 3), 0.2)
    (2, 3) float32
    >>> F.leaky_relu(I(3), 0.2)
    ! SHP117 "leaky_relu_cpu" not implemented for 'Long'
    """
    return activate("leaky_relu", input, inplace is True or called_in_place())


@op("F.hardtanh", "F.hardtanh_", lazy=True)
def hardtanh(input: Tensor, min_val: Any = -1.0, max_val: Any = 1.0, inplace: Any = False) -> Tensor:
    """Elementwise, between two numbers.

    >>> F.hardtanh(T(2, 3), 0, 6)
    (2, 3) float32
    >>> F.hardtanh(T(2, 3), 1.0, -1.0)
    ! SHP118 min_val cannot be greater than max_val
    """
    if _number(min_val) and _number(max_val) and min_val > max_val and not called_in_place():
        refuse("SHP118", "min_val cannot be greater than max_val", error="ValueError", actual=[min_val, max_val])
    return _hardtanh(input, min_val, inplace is True or called_in_place())


def _hardtanh(input: Tensor, low: Any, in_place: bool) -> Tensor:
    if input.dtype == "uint8" and _number(low) and low < 0:
        refuse("SHP117", "cannot do hardtanh on an unsigned type with negative limits", actual=input.dtype)
    return activate("hardtanh", input, in_place)


@op("F.threshold", "F.threshold_", "torch.threshold", "torch.threshold_", lazy=True)
def threshold(input: Tensor, threshold: Any, value: Any, inplace: Any = False, *, out: Any = None) -> Tensor:
    """Elementwise.

    >>> F.threshold(T(2, 3), 0.1, 20)
    (2, 3) float32
    >>> F.threshold(M(3), 0.1, 20)
    ! SHP117 "threshold_cpu" not implemented for 'Bool'
    """
    return into(out, activate("threshold", input, inplace is True or called_in_place()))


@op("F.rrelu", lazy=True)
def rrelu(input: Tensor, lower: Any = 0.125, upper: Any = 1.0 / 3, training: Any = False, inplace: Any = False) -> Tensor:
    """Elementwise, with random slopes in training.

    >>> F.rrelu(T(2, 3))
    (2, 3) float32
    >>> F.rrelu(T(2, 3), 0.5, 0.1)
    ! SHP118 Lower bound should be less than or equal to the upper bound
    """
    return _rrelu(input, lower, upper, training, inplace is True or called_in_place())


def _rrelu(input: Tensor, lower: Any, upper: Any, training: Any, in_place: bool) -> Tensor:
    if _number(lower) and _number(upper) and lower > upper:
        refuse("SHP118", "Lower bound should be less than or equal to the upper bound", actual=[lower, upper])
    return activate("rrelu", input, in_place, training is True)


@op("torch.rrelu", "torch.rrelu_", "F.rrelu_", lazy=True)
def torch_rrelu(input: Tensor, lower: Any = 0.125, upper: Any = 1.0 / 3, training: Any = False, generator: Any = None) -> Tensor:
    """Elementwise, with random slopes in training.

    >>> torch.rrelu(T(2, 3))
    (2, 3) float32
    >>> torch.rrelu(T(2, 3), 0.5, 0.1)
    ! SHP118 Lower bound should be less than or equal to the upper bound
    """
    return _rrelu(input, lower, upper, training, called_in_place())


@op("F.softsign", "F.tanhshrink", "F.logsigmoid", "torch._C._nn.log_sigmoid", lazy=True)
def without_inplace(input: Tensor, *, out: Any = None) -> Tensor:
    """Elementwise.

    >>> F.logsigmoid(T(2, 3))
    (2, 3) float32
    >>> F.softsign(I(3))
    (3,) float32
    >>> F.logsigmoid(I(3))
    ! SHP117 "log_sigmoid_cpu" not implemented for 'Long'
    """
    return into(out, activate(spelled().replace("log_sigmoid", "logsigmoid"), input))


@op("F.softplus", "torch._C._nn.softplus", lazy=True)
def softplus(input: Tensor, beta: Any = 1, threshold: Any = 20, *, out: Any = None) -> Tensor:
    """Elementwise.

    >>> F.softplus(T(2, 3))
    (2, 3) float32
    >>> F.softplus(I(3))
    ! SHP117 "softplus_cpu" not implemented for 'Long'
    """
    return into(out, activate("softplus", input))


@op("F.softshrink", "F.hardshrink", "torch.hardshrink", "Tensor.hardshrink", lazy=True)
def shrink(input: Tensor, lambd: Any = 0.5, *, out: Any = None) -> Tensor:
    """Elementwise.

    >>> F.hardshrink(T(2, 3), 0.1)
    (2, 3) float32
    >>> F.softshrink(I(3))
    ! SHP117 "softshrink_check" not implemented for 'Long'
    """
    return into(out, activate(spelled(), input))


@op("F.gelu", "torch._C._nn.gelu", lazy=True)
def gelu(input: Tensor, *, approximate: Any = "none", out: Any = None) -> Tensor:
    """Elementwise.

    >>> F.gelu(T(2, 3), approximate="tanh")
    (2, 3) float32
    >>> F.gelu(I(3))
    ! SHP117 "GeluKernelImpl" not implemented for 'Long'
    >>> F.gelu(T(2, 3), approximate="sigmoid")
    ! SHP118 approximate argument must be either none or tanh.
    """
    return into(out, _gelu(input, approximate))


def _gelu(input: Tensor, approximate: Any) -> Tensor:
    if isinstance(approximate, str) and approximate not in ("none", "tanh"):
        refuse("SHP118", "approximate argument must be either none or tanh.", actual=approximate)
    return activate("gelu", input)


def _prelu(input: Tensor, weight: Tensor, blame: str | None) -> Tensor:
    """One slope, or one a channel: axis 1, or no axis of a vector."""
    if input.dtype is not None and weight.dtype is not None and input.dtype != weight.dtype:
        names = f"{type_name(input.dtype)} and {type_name(weight.dtype)}"
        refuse("SHP117", f"prelu: Type promoting not supported. Got {names}", expected=weight.dtype, actual=input.dtype)
    count = true_product(weight.shape)
    if not (isinstance(count, int) and count == 1):
        expect(input.rank > 0, "SHP107", "Not allow zero-dim input tensor.")
        channels = input.shape[1] if input.rank > 1 else 1
        one = weight.rank == 1 and not isinstance(count, int)  # it may be one slope for everything
        if not (one and _may_be_one(count, channels)):
            expect_eq(
                channels,
                count,
                "SHP101",
                lambda: (
                    f"Mismatch of parameter numbers and input channel size. Found parameter numbers = {word(count)} "
                    f"and channel size = {word(channels)}."
                ),
                message=lambda: f"PReLU has {word(count)} slopes for {word(channels)} channels",
                expected=count,
                actual=channels,
                axis=1,
                blame=blame,
            )
    expect(weight.rank <= 1, "SHP107", f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.rank}")
    if input.dtype is not None and category(input.dtype) != 2:
        not_implemented("prelu_cpu", input.dtype)
    made = mapped(input, input.dtype)
    if made.layout is not CONTIGUOUS and not is_dense(input):
        made.layout = None
    return made


def _may_be_one(count: Any, channels: Any) -> bool:
    known = facts()
    return not known.eq(count, 1).no and not known.eq(count, channels).yes


@op("F.prelu", "torch.prelu", "Tensor.prelu")
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """One slope, or one a channel.

    >>> F.prelu(T(2, 3, 4), T(3))
    (2, 3, 4) float32
    >>> F.prelu(T(2, 3, 4), T(4))
    ! SHP101 Mismatch of parameter numbers and input channel size. Found parameter numbers = 4 and channel size = 3.
    """
    return _prelu(input, weight, None)


@layer("nn.PReLU")
class PReLU:
    """One slope, or one a channel.

    >>> nn.PReLU()(T(2, 3, 4))
    (2, 3, 4)
    >>> nn.PReLU(3)(T(2, 3, 4))
    (2, 3, 4)
    >>> nn.PReLU(4)(T(2, 3, 4))
    ! SHP101 Mismatch of parameter numbers and input channel size. Found parameter numbers = 4 and channel size = 3.
    >>> nn.PReLU(-1)
    ! SHP202 Trying to create tensor with negative dimension -1: [-1]
    """

    weight: Tensor

    def __init__(self, num_parameters: Size = 1, init: Any = 0.25, device: Any = None, dtype: Any = None) -> None:
        if isinstance(num_parameters, int) and num_parameters < 0:
            sentence = f"Trying to create tensor with negative dimension {num_parameters}: [{num_parameters}]"
            refuse("SHP202", sentence, blame="num_parameters", actual=num_parameters)
        self.weight = parameter(num_parameters)

    def forward(self, input: Tensor) -> Tensor:
        return _prelu(input, self.weight, "num_parameters")


def _glu(input: Tensor, dim: int, blame: str | None) -> Tensor:
    expect(input.rank > 0, "SHP107", "glu does not support scalars because halving size must be even")
    place = axis(dim, input.rank)
    size = input.shape[place]
    expect_divides(
        2,
        size,
        "SHP112",
        lambda: f"Halving dimension must be even, but dimension {place} is size {word(size)}",
        message=lambda: f"GLU halves axis {place} of {word(size)}",
        actual=size,
        axis=place,
        blame=blame,
    )
    if input.dtype is not None and category(input.dtype) != 2:
        not_implemented("glu_cpu", input.dtype)
    shape = (*input.shape[:place], floordiv(size, 2), *input.shape[place + 1 :])
    if input.layout is CONTIGUOUS:
        return Tensor(shape, input.dtype, device=input.device)
    half = Tensor(shape, input.dtype, input.strides if input.layout is not None else None)
    return elementwise(shape, (half, half), input.dtype)


@op("F.glu", "torch._C._nn.glu", ranks=(3, 4, 2, 5, 1))
def glu(input: Tensor, dim: Int = -1, *, out: Any = None) -> Tensor:
    """One half gates the other.

    >>> F.glu(T(2, 6))
    (2, 3)
    >>> F.glu(T(2, 6, 4), dim=1)
    (2, 3, 4)
    >>> F.glu(T(2, 5))
    ! SHP112 Halving dimension must be even, but dimension 1 is size 5
    """
    return into(out, _glu(input, dim, None))


@layer("nn.GLU", ranks=(3, 4, 2, 5, 1))
class GLU:
    """One half gates the other.

    >>> nn.GLU(dim=1)(T(2, 6, 4))
    (2, 3, 4)
    >>> nn.GLU()(T(2, 5))
    ! SHP112 Halving dimension must be even, but dimension 1 is size 5
    """

    dim: Any

    def __init__(self, dim: Int = -1) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _glu(input, to_int(self.dim), "dim")
