"""Elementwise operators of two tensors, or of a tensor and a number: arithmetic, comparisons, logic, bits.

The shapes broadcast; the dtype is promoted from both (numbers count for their kind only), and then a table says what becomes of it.
"""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    NUMBERS,
    Any,
    Tensor,
    category,
    combine,
    current,
    floating,
    number_name,
    op,
    pair,
    promoted,
    refuse,
    spelled,
)

SAME = "same"  # the promoted dtype
FLOATS = "floats"  # the same, integers and booleans become floating
BOOLS = "bools"

# what becomes of the dtype · the kernel · the categories that it refuses (bool, int, float, complex) · where a number may stand
# (l, r) · names. A name with ^ has an in-place spelling Tensor.x_, one with ~ also torch.x_.
TABLE = [
    (SAME, "", "", "lr", "mul^ multiply^"),
    (SAME, "remainder_cpu", "bc", "lr", "remainder^"),
    (SAME, "fmod_cpu", "bc", "r", "fmod^"),
    (SAME, "div_floor_cpu", "bc", "lr", "floor_divide^"),
    (FLOATS, "atan2_cpu", "c", "", "atan2^ arctan2^"),
    (SAME, "? not implemented for complex tensors.", "c", "", "maximum minimum fmax fmin"),
    (SAME, "?_cpu", "bic", "", "hypot^ nextafter^ igamma^ igammac^"),
    (SAME, "igamma_cpu", "bic", "", "special.gammainc"),
    (SAME, "igammac_cpu", "bic", "", "special.gammaincc"),
    (FLOATS, "copysign_cpu", "c", "r", "copysign^"),
    (SAME, "?_cpu", "bfc", "", "gcd~ lcm~"),
    (SAME, "logaddexp_cpu", "bi", "", "logaddexp"),
    (SAME, "logaddexp2_cpu", "bic", "", "logaddexp2"),
    (FLOATS, "xlogy_cpu", "c", "lr", "xlogy~ special.xlogy"),
    (FLOATS, "?_cpu", "c", "lr", "special.xlog1py special.zeta"),
    (BOOLS, "", "", "lr", "eq^ ne^ not_equal^"),
    (BOOLS, "lt_cpu", "c", "lr", "lt^ less^"),
    (BOOLS, "le_cpu", "c", "lr", "le^ less_equal^"),
    (BOOLS, "gt_cpu", "c", "lr", "gt^ greater^"),
    (BOOLS, "ge_cpu", "c", "lr", "ge^ greater_equal^"),
    (BOOLS, "", "", "", "logical_and^ logical_or^ logical_xor^"),
    (SAME, "?_cpu", "fc", "lr", "bitwise_and^ bitwise_or^ bitwise_xor^"),
    (SAME, "lshift_cpu", "bfc", "lr", "bitwise_left_shift^"),
    (SAME, "rshift_cpu", "bfc", "lr", "bitwise_right_shift^"),
]
BOTH_BOOL = "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead."
ONE_BOOL = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. "
    "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
)


def _spellings() -> tuple[dict[str, tuple[str, str, str, str]], list[str]]:
    entries: dict[str, tuple[str, str, str, str]] = {}
    names: list[str] = []
    for does, kernel, refused, numbers, words in TABLE:
        for word in words.split():
            short = word.rstrip("~^")
            plain = short.rpartition(".")[2]
            entries[plain] = (does, kernel.replace("?", plain), refused, numbers)
            names.append(f"torch.{short}")
            if "." in short:
                continue
            names.append(f"Tensor.{plain}")
            if word != short:
                names.append(f"Tensor.{plain}_")
            if word.endswith("~"):
                names.append(f"torch.{plain}_")
    return entries, names


ENTRIES, NAMES = _spellings()


@op(*NAMES)
def binary(input: Any, other: Any, *, out: Any = None) -> Tensor:
    """Two operands broadcast against each other; either may be a number where torch has such an overload.

    >>> torch.mul(T(2, 1, 3), T(4, 1))
    (2, 4, 3) float32
    >>> T(2, 3) > 0
    (2, 3) bool
    >>> I(2, 3) * 2.5
    (2, 3) float32
    >>> I(2, 3) % 2
    (2, 3) int64
    >>> torch.mul(T(3, 2).transpose(0, 1), T(2, 1))
    (2, 3) strides (1, 2)
    >>> T(2, 3).mul_(I(3))
    (2, 3) float32
    >>> T(2, 3) * T(2, 4)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> T(3).mul_(T(2, 3))
    ! SHP103 output with shape [3] doesn't match the broadcast shape [2, 3]
    >>> torch.maximum(T(2, 3), 0)
    ! SHP121 maximum(): argument 'other' (position 2) must be Tensor, not int
    >>> T(3) & M(3)
    ! SHP117 "bitwise_and_cpu" not implemented for 'Float'
    """
    name = spelled().rstrip("_")
    does, kernel, refused, numbers = ENTRIES[name]
    a, b = pair(input, other)
    if "r" not in numbers and isinstance(b, NUMBERS):
        position = 1 if current().spelled.startswith("torch.Tensor.") else 2
        sentence = f"{spelled()}(): argument 'other' (position {position}) must be Tensor, not {number_name(b)}"
        refuse("SHP121", sentence, message=f"{name} takes two tensors, not a number", error="TypeError")
    if not numbers and isinstance(a, NUMBERS):
        refuse("SHP121", f"{name}(): argument 'input' (position 1) must be Tensor, not {number_name(a)}", error="TypeError")
    common = promoted((a, b))
    if " " in kernel and common is not None and category(common) == 3:
        refuse("SHP117", kernel, actual=common)
    result = "bool" if does == BOOLS else floating(common) if does == FLOATS else common
    return combine(input, a, b, result, kernel, refused, common, out, cast=does != BOOLS)


@op("torch.pow", "Tensor.pow", "Tensor.pow_")
def pow(input: Any, exponent: Any, *, out: Any = None) -> Tensor:
    """A power; integers to negative integers are refused.

    >>> T(2, 3) ** 2
    (2, 3) float32
    >>> torch.pow(2, I(3))
    (3,) int64
    >>> T(2, 3).pow(T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> I(3) ** -1
    ! SHP118 Integers to negative integer powers are not allowed.
    """
    a, b = pair(input, exponent)
    common = promoted((a, b))
    if isinstance(b, int) and b < 0 and common is not None and category(common) < 2:
        refuse("SHP118", "Integers to negative integer powers are not allowed.", actual=b)
    tensors = isinstance(a, Tensor) and isinstance(b, Tensor)
    made = combine(input, a, b, common, "pow", "b" if tensors else "", common, out)
    if not isinstance(a, Tensor):
        made.layout = CONTIGUOUS
    return made


@op("torch.add", "Tensor.add", "Tensor.add_")
def add(input: Any, other: Any, *, alpha: Any = 1, out: Any = None) -> Tensor:
    """input + alpha * other

    >>> torch.add(T(2, 1, 3), T(4, 1))
    (2, 4, 3) float32
    >>> T(2, 3) + 1
    (2, 3) float32
    >>> I(2, 3) + True
    (2, 3) int64
    >>> T(8, 64, 56, 56) + T(8, 64, 28, 28)
    ! SHP103 The size of tensor a (56) must match the size of tensor b (28) at non-singleton dimension 3
    >>> T(3).add_(T(2, 3))
    ! SHP103 output with shape [3] doesn't match the broadcast shape [2, 3]
    >>> I(3).add_(0.5)
    ! SHP117 result type Float can't be cast to the desired output type Long
    """
    a, b = pair(input, other)
    common = promoted((a, b))
    result = combine(input, a, b, common, "", "", common, out)
    _check_alpha(alpha, common)
    return _scaled(result, alpha)


def _scaled(result: Tensor, alpha: Any) -> Tensor:
    if alpha != 1:
        result.elements = None
    return result


def _check_alpha(alpha: Any, common: str | None) -> None:
    if isinstance(alpha, float) and common is not None and category(common) < 2:
        refuse("SHP118", "For integral input tensors, argument alpha must not be a floating point number.", actual=alpha)


@op("torch.sub", "torch.subtract", "Tensor.sub", "Tensor.subtract", "Tensor.sub_", "Tensor.subtract_", "torch.rsub")
def sub(input: Any, other: Any, *, alpha: Any = 1, out: Any = None) -> Tensor:
    """input - alpha * other; masks are refused.

    >>> T(2, 3) - T(3)
    (2, 3) float32
    >>> 1 - I(4)
    (4,) int64
    >>> T(2, 3) - T(2)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1
    >>> M(3) - M(3)
    ! SHP117 Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.
    """
    a, b = pair(input, other)
    masks = [value.dtype == "bool" if isinstance(value, Tensor) else isinstance(value, bool) for value in (a, b)]
    known = all(value.dtype is not None for value in (a, b) if isinstance(value, Tensor))
    if all(masks):
        refuse("SHP117", BOTH_BOOL, message="subtracting a mask from a mask")
    if any(masks) and known:
        refuse("SHP117", ONE_BOOL, message="subtracting with a mask")
    if spelled() == "rsub":
        a, b = b, a
    common = promoted((a, b))
    result = combine(input, a, b, common, "", "", common, out)
    _check_alpha(alpha, common)
    return _scaled(result, alpha)


@op(
    "torch.div", "torch.divide", "torch.true_divide", "Tensor.div", "Tensor.divide", "Tensor.true_divide",
    "Tensor.div_", "Tensor.divide_", "Tensor.true_divide_",
)  # fmt: skip
def div(input: Any, other: Any, *, rounding_mode: Any = None, out: Any = None) -> Tensor:
    """True division makes integers floating; with a rounding mode they stay.

    >>> I(2, 3) / 2
    (2, 3) float32
    >>> torch.div(I(2, 3), 2, rounding_mode="floor")
    (2, 3) int64
    >>> T(2, 3) / T(2)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1
    >>> I(3).div_(2)
    ! SHP117 result type Float can't be cast to the desired output type Long
    >>> torch.div(T(3), 2, rounding_mode="up")
    ! SHP118 div expected rounding_mode to be one of None, 'trunc', or 'floor' but found 'up'
    """
    a, b = pair(input, other)
    common = promoted((a, b))
    if rounding_mode is None:
        return combine(input, a, b, floating(common), "", "", common, out)
    if isinstance(rounding_mode, str) and rounding_mode not in ("trunc", "floor"):
        sentence = f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'"
        refuse("SHP118", sentence, actual=rounding_mode)
    if not isinstance(rounding_mode, str):
        common = None
    made = combine(input, a, b, common, f"div_{rounding_mode}_cpu", "bc", common, out)
    made.elements = None
    return made
