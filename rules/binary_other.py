"""More elementwise operators of two operands: float_power, ldexp, heaviside, complex and polar, nearness, orthogonal polynomials."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Tensor,
    Unsure,
    category,
    combine,
    elementwise,
    expect,
    floating,
    inplace,
    into,
    joined_shape,
    op,
    pair,
    promoted,
    refuse,
    spelled,
    type_name,
)

POLYNOMIALS = (
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h "
    "hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u "
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
    a, b = pair(input, n)
    common = promoted((a, b))
    return combine(input, a, b, floating(common), f"{spelled()}_cpu", "c", common, out)


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
    a, b = pair(input, exponent)
    common = promoted((a, b))
    result = None if common is None else "complex128" if category(common) == 3 else "float64"
    if inplace() and result is not None and input.dtype != result:
        names = f"has dtype {type_name(input.dtype)} but the operation's result requires dtype {type_name(result)}"
        refuse("SHP117", f"the base given to float_power_ {names}", actual=input.dtype)
    made = combine(input, a, b, result, "", "", common, out)
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
    made = combine(input, input, other, result, "", "", common, out, cast=False)
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
    return combine(input, input, values, input.dtype, "", "", None, out)


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
    return into(out, elementwise(joined_shape(input, other), (input, other), result))


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
    return elementwise(joined_shape(input, other), (input, other), "bool")


@op("torch.allclose", "Tensor.allclose", "torch.equal", "Tensor.equal")
def allclose(input: Tensor, other: Tensor, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: Any = False) -> Any:
    """Whether two tensors are near, or the same: it depends on the data, but their shapes have to broadcast.

    >>> torch.isclose(T(2, 3), T(3))
    (2, 3)
    >>> torch.allclose(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    if spelled() == "allclose":
        joined_shape(input, other)
    raise Unsure("whether two tensors are the same")
