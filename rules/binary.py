"""Elementwise operators of two tensors, or of a tensor and a number: arithmetic, comparisons, logic, bits.

The shapes broadcast; the dtype is promoted from both (numbers count for their kind only), and then a table says what becomes of it.
"""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    NUMBERS,
    Any,
    Tensor,
    Unsure,
    broadcast,
    category,
    current,
    elementwise,
    expect,
    floating,
    inplace,
    into,
    not_implemented,
    number_name,
    op,
    operands,
    promoted,
    refuse,
    spelled,
    type_name,
    written,
)

SAME = "same"  # the promoted dtype
FLOATS = "floats"  # the same, integers and booleans become floating
BOOLS = "bools"
CATEGORIES = {"b": 0, "i": 1, "f": 2, "c": 3}

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


def _shapes(a: Any, b: Any) -> tuple[Any, ...]:
    if not isinstance(b, Tensor):
        shape: tuple[Any, ...] = a.shape
        return shape
    if not isinstance(a, Tensor):
        return b.shape
    return a.shape if a.shape == b.shape else broadcast(a.shape, b.shape)


def _pair(input: Any, other: Any) -> tuple[Any, Any]:
    a, b = operands(input, other)
    if not isinstance(a, Tensor) and not isinstance(b, Tensor):
        raise Unsure("an operator of tensors applied to two numbers")
    return a, b


def _finish(
    input: Any, a: Any, b: Any, result: str | None, kernel: str, refused: str, common: str | None, out: Any, cast: bool = True
) -> Tensor:
    """Broadcast, check what is written into, check the kernel; in the order in which torch does."""
    in_place = inplace()
    if in_place:
        written(input)
    shape = _shapes(a, b)
    if in_place:
        written(input, shape, result if cast else None)
    if common is not None and category(common) in (CATEGORIES[letter] for letter in refused) and "float8" not in common:
        not_implemented(kernel, common)
    return input if in_place else into(out, elementwise(shape, (a, b), result))


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
    a, b = _pair(input, other)
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
    return _finish(input, a, b, result, kernel, refused, common, out, cast=does != BOOLS)


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
    a, b = _pair(input, exponent)
    common = promoted((a, b))
    if isinstance(b, int) and b < 0 and common is not None and category(common) < 2:
        refuse("SHP118", "Integers to negative integer powers are not allowed.", actual=b)
    tensors = isinstance(a, Tensor) and isinstance(b, Tensor)
    made = _finish(input, a, b, common, "pow", "b" if tensors else "", common, out)
    if not isinstance(a, Tensor):
        made.layout = CONTIGUOUS
    return made


POLYNOMIALS = (
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h hermite_polynomial_he "
    "laguerre_polynomial_l legendre_polynomial_p shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u "
    "shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w"
).split()


@op(*(f"torch.special.{name}" for name in POLYNOMIALS))
def polynomial(input: Any, n: Any, *, out: Any = None) -> Tensor:
    """Orthogonal polynomials.

    >>> torch.special.hermite_polynomial_h(T(2, 3), 2)
    (2, 3) float32
    >>> torch.special.legendre_polynomial_p(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    a, b = _pair(input, n)
    common = promoted((a, b))
    return _finish(input, a, b, floating(common), f"{spelled()}_cpu", "c", common, out)


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
    a, b = _pair(input, other)
    common = promoted((a, b))
    result = _finish(input, a, b, common, "", "", common, out)
    _check_alpha(alpha, common)
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
    a, b = _pair(input, other)
    masks = [value.dtype == "bool" if isinstance(value, Tensor) else isinstance(value, bool) for value in (a, b)]
    known = all(value.dtype is not None for value in (a, b) if isinstance(value, Tensor))
    if all(masks):
        refuse("SHP117", BOTH_BOOL, message="subtracting a mask from a mask")
    if any(masks) and known:
        refuse("SHP117", ONE_BOOL, message="subtracting with a mask")
    if spelled() == "rsub":
        a, b = b, a
    common = promoted((a, b))
    result = _finish(input, a, b, common, "", "", common, out)
    _check_alpha(alpha, common)
    return result


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
    a, b = _pair(input, other)
    common = promoted((a, b))
    if rounding_mode is None:
        return _finish(input, a, b, floating(common), "", "", common, out)
    if isinstance(rounding_mode, str) and rounding_mode not in ("trunc", "floor"):
        sentence = f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'"
        refuse("SHP118", sentence, actual=rounding_mode)
    if not isinstance(rounding_mode, str):
        common = None
    return _finish(input, a, b, common, f"div_{rounding_mode}_cpu", "bc", common, out)


@op("torch.float_power", "Tensor.float_power", "Tensor.float_power_")
def float_power(input: Any, exponent: Any, *, out: Any = None) -> Tensor:
    """A power in double precision.

    >>> torch.float_power(T(2, 3), 2)
    (2, 3) float64
    >>> torch.float_power(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> T(3).float_power_(2)
    ! SHP117 the base given to float_power_ has dtype Float but the operation's result requires dtype Double
    """
    a, b = _pair(input, exponent)
    common = promoted((a, b))
    result = None if common is None else "complex128" if category(common) == 3 else "float64"
    if inplace() and result is not None and input.dtype != result:
        names = f"has dtype {type_name(input.dtype)} but the operation's result requires dtype {type_name(result)}"
        refuse("SHP117", f"the base given to float_power_ {names}", actual=input.dtype)
    made = _finish(input, a, b, result, "", "", common, out)
    if made.layout is not CONTIGUOUS and not inplace():
        made.layout = None if isinstance(a, Tensor) else CONTIGUOUS
    return made


@op("torch.ldexp", "torch.ldexp_", "Tensor.ldexp", "Tensor.ldexp_")
def ldexp(input: Tensor, other: Tensor, *, out: Any = None) -> Tensor:
    """input * 2**other

    >>> torch.ldexp(T(2, 3), I(3))
    (2, 3) float32
    >>> torch.ldexp(T(2, 3), I(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    common = promoted((input, other))
    result = floating(common)
    if inplace() and result is not None and input.dtype is not None and category(input.dtype) < 2:
        refuse("SHP117", f"ldexp can't be cast to the desired output type {type_name(input.dtype)}", actual=input.dtype)
    made = _finish(input, input, other, result, "", "", common, out, cast=False)
    if made.layout is not CONTIGUOUS and not inplace():
        made.layout = None
    return made


@op("torch.heaviside", "Tensor.heaviside", "Tensor.heaviside_")
def heaviside(input: Tensor, values: Tensor, *, out: Any = None) -> Tensor:
    """The step function; both tensors have one dtype.

    >>> torch.heaviside(T(2, 3), T(3))
    (2, 3) float32
    >>> torch.heaviside(T(2, 3), I(3))
    ! SHP117 heaviside is not yet implemented for tensors with different dtypes.
    """
    if input.dtype is not None and values.dtype is not None:
        complexes = 3 in (category(input.dtype), category(values.dtype))
        expect(not complexes, "SHP117", "heaviside is not yet implemented for complex tensors.")
        expect(input.dtype == values.dtype, "SHP117", "heaviside is not yet implemented for tensors with different dtypes.")
    return _finish(input, input, values, input.dtype, "", "", None, out)


def _complex(input: Tensor, other: Tensor, out: Any) -> Tensor:
    wholes = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}
    result = None
    if input.dtype is not None and other.dtype is not None:
        names = (type_name(input.dtype), type_name(other.dtype))
        sentence = f"Expected both inputs to be Half, Float or Double tensors but got {names[0]} and {names[1]}"
        expect(input.dtype in wholes and other.dtype in wholes, "SHP117", sentence)
        sentence = f"Expected object of scalar type {names[0]} but got scalar type {names[1]} for second argument"
        expect(input.dtype == other.dtype, "SHP117", sentence)
        result = wholes[input.dtype]
    return into(out, elementwise(_shapes(input, other), (input, other), result))


@op("torch.complex")
def complex_of(real: Tensor, imag: Tensor, *, out: Any = None) -> Tensor:
    """A complex tensor from two real ones.

    >>> torch.complex(T(2, 3), T(3))
    (2, 3) complex64
    >>> torch.complex(T(2, 3), T(2))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1
    """
    return _complex(real, imag, out)


@op("torch.polar")
def polar(abs: Tensor, angle: Tensor, *, out: Any = None) -> Tensor:
    """A complex tensor from lengths and angles.

    >>> torch.polar(T(2, 3), T(3))
    (2, 3) complex64
    >>> torch.polar(T(2, 3), I(3))
    ! SHP117 Expected both inputs to be Half, Float or Double tensors but got Float and Long
    """
    return _complex(abs, angle, out)


@op("torch.isclose", "Tensor.isclose")
def isclose(input: Tensor, other: Tensor, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: Any = False) -> Tensor:
    """Elementwise nearness of two tensors of one dtype.

    >>> torch.isclose(T(2, 3), T(3))
    (2, 3) bool
    >>> torch.isclose(T(2, 3), I(3))
    ! SHP117 Float did not match Long
    """
    if input.dtype is not None and other.dtype is not None:
        expect(input.dtype == other.dtype, "SHP117", f"{type_name(input.dtype)} did not match {type_name(other.dtype)}")
    return elementwise(_shapes(input, other), (input, other), "bool")
