"""Normalisation of parts of a sample: LayerNorm, RMSNorm, GroupNorm (aten/src/ATen/native/layer_norm.h, group_norm.cpp)."""

from __future__ import annotations

from shapecheck.book import (
    BOOL,
    INTS,
    Any,
    Poly,
    Size,
    Sizes,
    Tensor,
    Unknown,
    attribute,
    brackets,
    commas,
    expect,
    expect_divides,
    expect_eq,
    expect_ge,
    facts,
    floordiv,
    follow,
    layer,
    new,
    not_implemented,
    op,
    refuse,
    settled,
    spelled,
    to_sequence,
    true_product,
    weights,
    word,
)

MIXED = "mixed dtype (CPU): all inputs must share same datatype."


def _whole(input: Tensor) -> bool:
    """Whether the input surely holds integers or booleans."""
    return input.dtype in INTS or input.dtype == BOOL


def _normalized(value: Any, function: str) -> Sizes | None:
    """The normalized_shape of a function, which may not be an int; None where it is not known."""
    expect(
        not isinstance(value, (int, Poly)),
        "SHP118",
        f"{function}(): argument 'normalized_shape' (position 2) must be tuple of ints, not int",
        error="TypeError",
    )
    items = to_sequence(value)
    return None if items is None else tuple(settled(items, "normalized_shape", 1))


def _expect_shapes(input: Tensor, shape: Sizes, weight: Any, bias: Any, rms: bool, blame: str | None) -> None:
    """_check_layer_norm_inputs, and the same for RMS norm."""
    expect(
        len(shape) >= 1,
        "SHP118",
        "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []",
    )
    for name, tensor in (("weight", weight), ("bias", bias)):
        if not isinstance(tensor, Tensor):
            continue

        def sentence(name: str = name, tensor: Tensor = tensor) -> str:
            return (
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape {brackets(tensor.shape)} "
                f"and normalized_shape = {brackets(shape)}"
            )

        expect(tensor.rank == len(shape), "SHP101", sentence)
        for have, wanted in zip(tensor.shape, shape, strict=True):
            expect_eq(have, wanted, "SHP101", sentence, expected=list(shape), actual=list(tensor.shape))
    message = f"normalises the last {len(shape)} axes, but the input has {input.rank}"
    if rms:
        few = f"Input tensor must have at least {len(shape)} dimensions, but got {input.rank}"
        expect(input.rank >= len(shape), "SHP107", few, message=message, error="ValueError", actual=input.rank)

    def sentence_of_input() -> str:
        before = "*" if rms else "*, "
        return (
            f"Given normalized_shape={brackets(shape)}, expected input with shape [{before}{commas(shape)}], "
            f"but got input of size{brackets(input.shape)}"
        )

    expect(input.rank >= len(shape), "SHP107", sentence_of_input, message=message, actual=input.rank)
    for place, wanted in enumerate(shape, input.rank - len(shape)):
        expect_eq(
            input.shape[place],
            wanted,
            "SHP101",
            sentence_of_input,
            message=lambda place=place, wanted=wanted: f"{spelled()} wants {word(wanted)} features, gets {word(input.shape[place])}",
            expected=wanted,
            actual=input.shape[place],
            axis=place,
            blame=blame,
        )


def _layer_norm(input: Tensor, shape: Sizes | None, weight: Any, bias: Any, blame: str | None = None) -> Tensor:
    if shape is not None:
        _expect_shapes(input, shape, weight, bias, False, blame)
    if _whole(input) and not isinstance(weight, Unknown):
        assert input.dtype is not None
        if isinstance(weight, Tensor):
            refuse("SHP117", MIXED, message=f"layer norm of {input.dtype}", actual=input.dtype)
        not_implemented("LayerNormKernelImpl", input.dtype)
    return new(input.shape, like=input)


def _rms_norm(input: Tensor, shape: Sizes | None, weight: Any, blame: str | None = None) -> Tensor:
    if shape is not None:
        _expect_shapes(input, shape, weight, None, True, blame)
    if _whole(input):
        assert input.dtype is not None
        not_implemented("rms_norm", input.dtype)
    return follow(input.shape, input)


def _group_norm(input: Tensor, groups: Size, weight: Any, bias: Any, python: bool, blame: str | None = None) -> Tensor:
    """(N, C, *) with the C channels in groups; `python` says that the check of the batch size comes first."""
    if python:
        sentence = f"Expected at least 2 dimensions for input tensor but received {input.rank}"
        expect(input.rank >= 2, "SHP107", sentence, message="group norm wants channels", actual=input.rank)
        if isinstance(groups, int) and groups == 0:
            refuse("SHP118", "integer division or modulo by zero", error="ZeroDivisionError", blame="num_groups")
        share = floordiv(input.shape[0] * input.shape[1], groups)
        if facts().eq(true_product((share, *input.shape[2:])), 1).yes:
            refuse(
                "SHP113",
                f"Expected more than 1 value per channel when training, got input size {brackets((share, groups, *input.shape[2:]))}",
                message="group norm of one value a group",
                error="ValueError",
                actual=list(input.shape),
            )
    expect(
        input.rank >= 2,
        "SHP107",
        f"Dimension out of range (expected to be in range of [{-max(input.rank, 1)}, {max(input.rank, 1) - 1}], but got 1)",
        error="IndexError",
    )
    channels = input.shape[1]
    expect_ge(groups, 1, "SHP118", f"Expected num groups to be greater than 0, got {word(groups)}", actual=groups, blame="num_groups")
    expect_divides(
        groups,
        channels,
        "SHP112",
        lambda: (
            f"Expected number of channels in input to be divisible by num_groups, but got input of shape {brackets(input.shape)} "
            f"and num_groups={word(groups)}"
        ),
        message=lambda: f"{word(channels)} channels do not divide into {word(groups)} groups",
        expected=groups,
        actual=[channels],
        axis=1,
        blame=blame,
    )
    for name, tensor in (("weight", weight), ("bias", bias)):
        if not isinstance(tensor, Tensor):
            continue

        def sentence_of(name: str = name, tensor: Tensor = tensor) -> str:
            shown = brackets(weight.shape if isinstance(weight, Tensor) else (0,))  # torch shows the weight's shape here, whichever it is
            return (
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {shown} and input of shape {brackets(input.shape)}"
            )

        expect(tensor.rank == 1, "SHP107", sentence_of)
        expect_eq(
            channels,
            tensor.shape[0],
            "SHP101",
            sentence_of,
            message=lambda tensor=tensor: f"{spelled()} wants {word(tensor.shape[0])} channels, gets {word(channels)}",
            expected=tensor.shape[0],
            actual=channels,
            axis=1,
            blame=blame,
        )
    if _whole(input) and not isinstance(weight, Unknown):
        assert input.dtype is not None
        if isinstance(weight, Tensor):
            refuse("SHP117", MIXED, message=f"group norm of {input.dtype}", actual=input.dtype)
        not_implemented("GroupNormKernelImpl", input.dtype)
    return follow(input.shape, input)


def _set_up_last(layer: Any, shape: Any, affine: Any, bias: Any, dtype: Any) -> None:
    """normalized_shape as a tuple, and a weight (and bias) of that shape."""
    if isinstance(shape, float) or shape is None:
        sentence = f"'{type(shape).__name__}' object is not iterable"
        refuse("SHP202", sentence, message=f"normalized_shape is {shape}", error="TypeError", blame="normalized_shape")
    layer.normalized_shape = shape = settled(shape, "normalized_shape", 1)
    flag = Unknown("whether the layer has this is not known")
    made = weights(*shape, dtype=dtype) if isinstance(shape, tuple) else flag
    layer.weight = made if affine is True else None if affine is False else flag
    if bias is not None:
        layer.bias = flag if affine is not False and bias is not False else None
        if affine is True and bias is True:
            layer.bias = made


@layer("nn.LayerNorm", ranks=(3, 4, 2, 5, 1))
class LayerNorm:
    """Normalises the last axes, which have normalized_shape.

    >>> nn.LayerNorm(4)(T(2, 3, 4))
    (2, 3, 4)
    >>> nn.LayerNorm((3, 4))(T(2, 3, 4))
    (2, 3, 4)
    >>> nn.LayerNorm(4)(T(2, 5))
    ! SHP101 Given normalized_shape=[4], expected input with shape [*, 4], but got input of size[2, 5]
    >>> nn.LayerNorm(4)(I(2, 4))
    ! SHP117 mixed dtype (CPU): all inputs must share same datatype.
    >>> nn.LayerNorm(4 / 2)
    ! SHP202 'float' object is not iterable
    """

    normalized_shape: Any

    def __init__(
        self,
        normalized_shape: Size,
        eps: Any = 1e-5,
        elementwise_affine: Any = True,
        bias: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        _set_up_last(self, normalized_shape, elementwise_affine, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        shape = _normalized(self.normalized_shape, "layer_norm")
        return _layer_norm(input, shape, attribute(self, "weight"), attribute(self, "bias"), "normalized_shape")


@layer("nn.RMSNorm", ranks=(3, 4, 2, 5, 1))
class RMSNorm:
    """Divides by the root mean square of the last axes, which have normalized_shape.

    >>> nn.RMSNorm(4)(T(2, 3, 4))
    (2, 3, 4)
    >>> nn.RMSNorm((3, 4))(T(2, 4, 3))
    ! SHP101 Given normalized_shape=[3, 4], expected input with shape [*3, 4], but got input of size[2, 4, 3]
    """

    normalized_shape: Any

    def __init__(
        self, normalized_shape: Size, eps: Any = None, elementwise_affine: Any = True, device: Any = None, dtype: Any = None
    ) -> None:
        _set_up_last(self, normalized_shape, elementwise_affine, None, dtype)

    def forward(self, x: Tensor) -> Tensor:
        shape = _normalized(self.normalized_shape, "rms_norm")
        return _rms_norm(x, shape, attribute(self, "weight"), "normalized_shape")


@layer("nn.GroupNorm", ranks=(4, 3, 5, 2))
class GroupNorm:
    """Normalises the channels of (N, C, *) in groups.

    >>> nn.GroupNorm(2, 4)(T(2, 4, 5))
    (2, 4, 5)
    >>> nn.GroupNorm(2, 4)(T(4))
    ! SHP107 Expected at least 2 dimensions for input tensor but received 1
    >>> nn.GroupNorm(3, 4)
    ! SHP201 num_channels (4) must be divisible by num_groups (3)
    """

    num_groups: Size

    def __init__(
        self,
        num_groups: Size,
        num_channels: Size,
        eps: Any = 1e-5,
        affine: Any = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: Any = True,
    ) -> None:
        if isinstance(num_groups, int) and num_groups == 0:
            refuse("SHP202", "integer modulo by zero", error="ZeroDivisionError", blame="num_groups")
        if isinstance(num_groups, (int, Poly)) and isinstance(num_channels, (int, Poly)):
            expect_divides(
                num_groups,
                num_channels,
                "SHP201",
                lambda: f"num_channels ({word(num_channels)}) must be divisible by num_groups ({word(num_groups)})",
                error="ValueError",
                expected=num_groups,
                actual=[num_channels],
                blame="num_groups",
            )
        flag = Unknown("whether the layer has this is not known")
        made = weights(num_channels, dtype=dtype, maker="empty_one") if affine is not False else None
        self.weight = made if affine is True else None if affine is False else flag
        self.bias = None if affine is False or bias is False else made if affine is True and bias is True else flag

    def forward(self, input: Tensor) -> Tensor:
        return _group_norm(input, self.num_groups, attribute(self, "weight"), attribute(self, "bias"), True, "num_channels")


@op("F.layer_norm", "torch.layer_norm", ranks={"input": (3, 4, 2, 5, 1), "weight": (1, 2), "bias": (1, 2)})
def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: Any = 1e-5,
    cudnn_enable: Any = True,
) -> Tensor:
    """Normalises the last axes, which have normalized_shape.

    >>> F.layer_norm(T(2, 3, 4), (3, 4))
    (2, 3, 4)
    >>> F.layer_norm(T(2, 4), (4,), T(3))
    ! SHP101 Expected weight to be of same shape as normalized_shape, but got weight of shape [3] and normalized_shape = [4]
    >>> F.layer_norm(T(2, 4), 4)
    ! SHP118 layer_norm(): argument 'normalized_shape' (position 2) must be tuple of ints, not int
    """
    return _layer_norm(input, _normalized(normalized_shape, "layer_norm"), weight, bias)


@op("F.rms_norm", "torch.rms_norm", ranks={"input": (3, 4, 2, 5, 1), "weight": (1, 2)})
def rms_norm(input: Tensor, normalized_shape: Any, weight: Tensor | None = None, eps: Any = None) -> Tensor:
    """Divides by the root mean square of the last axes, which have normalized_shape.

    >>> F.rms_norm(T(2, 3, 4), (4,))
    (2, 3, 4)
    >>> F.rms_norm(T(4), (3, 4))
    ! SHP107 Input tensor must have at least 2 dimensions, but got 1
    """
    return _rms_norm(input, _normalized(normalized_shape, "rms_norm"), weight)


@op("F.group_norm", ranks={"input": (4, 3, 5, 2), "weight": (1,), "bias": (1,)})
def group_norm(input: Tensor, num_groups: Size, weight: Tensor | None = None, bias: Tensor | None = None, eps: Any = 1e-5) -> Tensor:
    """Normalises the channels of (N, C, *) in groups.

    >>> F.group_norm(T(2, 4, 5), 2)
    (2, 4, 5)
    >>> F.group_norm(T(2, 4, 5), 3)
    ! SHP112 Expected number of channels in input to be divisible by num_groups, but got input of shape [2, 4, 5] and num_groups=3
    >>> F.group_norm(T(1, 4), 4)
    ! SHP113 Expected more than 1 value per channel when training, got input size [1, 4]
    """
    return _group_norm(input, num_groups, weight, bias, True)


@op("torch.group_norm", ranks={"input": (4, 3, 5, 2), "weight": (1,), "bias": (1,)})
def torch_group_norm(
    input: Tensor,
    num_groups: Size,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: Any = 1e-5,
    cudnn_enabled: Any = True,
) -> Tensor:
    """F.group_norm without the check of the batch size.

    >>> torch.group_norm(T(1, 4), 4)
    (1, 4)
    >>> torch.group_norm(T(2, 4, 5), 0)
    ! SHP118 Expected num groups to be greater than 0, got 0
    """
    return _group_norm(input, num_groups, weight, bias, False)
