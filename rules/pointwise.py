"""Elementwise operators of one tensor: abs, sqrt, exp, isnan, round, … by a table of what each does with the dtype.

The shape is the input's, the strides are TensorIterator's. What differs is the dtype: some keep it, some make integers floating, some
answer with booleans; and each refuses a few.
"""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    NamedResult,
    Tensor,
    category,
    current,
    floating,
    inplace,
    into,
    mapped,
    new,
    not_implemented,
    op,
    reckoned,
    refuse,
    spelled,
    type_name,
    written,
)

KEEPS = "keeps"  # the input's dtype
FLOATS = "floats"  # the input's dtype, integers and booleans become floating
BOOLS = "bools"
REALS = "reals"  # FLOATS, and complex numbers become their real parts' dtype
CATEGORIES = {"b": 0, "i": 1, "f": 2, "c": 3}
PARTS = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}

# what an op does · what its kernel is called · the categories it refuses (bool, int, float, complex) · its names.
# A name with ~ has in-place spellings torch.x_ and Tensor.x_, one with ^ only Tensor.x_.
TABLE = [
    (FLOATS, "", "", "acos~ arccos~ acosh~ arccosh~ asin~ arcsin~ asinh~ arcsinh~ atan~ arctan~ atanh~ arctanh~ cos~ cosh~ exp~"),
    (FLOATS, "", "", "exp2~ expm1~ log~ log10~ log1p~ log2~ reciprocal~ rsqrt~ sigmoid~ sin~ sinc~ sinh~ sqrt~ tan~ tanh~"),
    (FLOATS, "", "", "special.expit special.exp2 special.expm1 special.log1p special.sinc F.sigmoid F.tanh"),
    (FLOATS, "digamma", "c", "digamma^ special.digamma special.psi"),
    (FLOATS, "erf_vml_cpu", "c", "erf~ special.erf special.ndtr"),
    (FLOATS, "erfc_vml_cpu", "c", "erfc~ special.erfc"),
    (FLOATS, "erfinv_vml_cpu", "c", "erfinv^ special.erfinv"),
    (FLOATS, "i0_vml_cpu", "c", "i0~ special.i0"),
    (FLOATS, "lgamma_vml_cpu", "c", "lgamma^ special.gammaln"),
    (FLOATS, "?_cpu", "c", "special.airy_ai special.bessel_j0 special.bessel_j1 special.bessel_y0 special.bessel_y1 special.entr"),
    (FLOATS, "?_cpu", "c", "special.erfcx special.i0e special.i1"),
    (FLOATS, "?_cpu", "c", "special.i1e special.log_ndtr special.modified_bessel_i0 special.modified_bessel_i1"),
    (FLOATS, "?_cpu", "c", "special.modified_bessel_k0 special.modified_bessel_k1 special.ndtri special.scaled_modified_bessel_k0"),
    (FLOATS, "?_cpu", "c", "special.scaled_modified_bessel_k1 special.spherical_bessel_j0"),
    (FLOATS, "? is not supported for complex tensors.", "c", "deg2rad~ rad2deg~"),
    (REALS, "", "", "angle"),
    (KEEPS, "", "", "sgn^"),
    (REALS + KEEPS, "abs_cpu", "b", "abs~ absolute^"),
    (KEEPS, "ceil_vml_cpu", "b", "ceil~"),
    (KEEPS, "floor_vml_cpu", "b", "floor~"),
    (KEEPS, "trunc_vml_cpu", "b", "trunc~ fix~"),
    (KEEPS, "frac_cpu", "bic", "frac~"),
    (KEEPS, "", "", "sign^"),
    (KEEPS, "bitwise_not_cpu", "fc", "bitwise_not^"),
    (KEEPS, "", "", "neg~ negative~ square~"),
    (BOOLS, "", "", "isfinite isinf isnan isreal logical_not^"),
    (BOOLS, "? does not support complex inputs.", "c", "isneginf isposinf"),
    (BOOLS, "", "", "signbit"),
]
# sentences of their own: (name, category) -> sentence, exception
_MINUS = (
    "Negation, the `-` operator, on a bool tensor is not supported. "
    "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
)
OWN = {
    ("neg", 0): (_MINUS, "RuntimeError"),
    ("negative", 0): (_MINUS, "RuntimeError"),
    ("ceil", 3): ("ceil is not supported for complex inputs", "NotImplementedError"),
    ("floor", 3): ("floor is not supported for complex inputs", "NotImplementedError"),
    ("trunc", 3): ("trunc is not supported for complex inputs", "NotImplementedError"),
    ("fix", 3): ("trunc is not supported for complex inputs", "NotImplementedError"),
    ("sign", 3): (
        "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead.",
        "NotImplementedError",
    ),
    ("signbit", 3): ("signbit is not implemented for complex tensors.", "NotImplementedError"),
}
NO_FLOAT8 = ("float8_e4m3fn", "float8_e5m2")


def _spellings() -> tuple[dict[str, tuple[str, str, str]], list[str]]:
    entries: dict[str, tuple[str, str, str]] = {}
    names: list[str] = []
    for does, kernel, refused, words in TABLE:
        for word in words.split():
            short = word.rstrip("~^")
            plain = short.rpartition(".")[2]
            entries[plain] = (does, kernel.replace("?", plain), refused)
            if "." in short:
                names.append(short if short.startswith("F.") else f"torch.{short}")
                continue
            names += [f"torch.{plain}", f"Tensor.{plain}"]
            if word.endswith(("~", "^")):
                names.append(f"Tensor.{plain}_")
            if word.endswith("~"):
                names.append(f"torch.{plain}_")
    return entries, names


ENTRIES, NAMES = _spellings()


def _result(does: str, dtype: str) -> str | None:
    if does == BOOLS:
        return "bool"
    if does in (REALS, REALS + KEEPS) and dtype in PARTS:
        return PARTS[dtype]
    return dtype if does in (KEEPS, REALS + KEEPS) else floating(dtype)


@op(*NAMES, lazy=True)
def pointwise(input: Tensor, *, out: Any = None) -> Tensor:
    """One number in, one number out; the table says what becomes of the dtype.

    >>> torch.sqrt(T(2, 3))
    (2, 3) float32
    >>> I(2, 3).exp()
    (2, 3) float32
    >>> torch.isnan(T(4))
    (4,) bool
    >>> torch.abs(T(2, 3, 4).transpose(1, 2))
    (2, 4, 3) strides (12, 1, 4)
    >>> torch.log_(T(5))
    (5,) float32
    >>> -M(3)
    ! SHP117 Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.
    >>> ~T(3)
    ! SHP117 ~ (operator.invert) is only implemented on integer and Boolean-type tensors
    >>> I(3).sqrt_()
    ! SHP117 result type Float can't be cast to the desired output type Long
    """  # noqa: E501
    name = spelled().rstrip("_")
    does, kernel, refused = ENTRIES[name]
    dtype = input.dtype
    in_place = inplace()
    if dtype is None or dtype in NO_FLOAT8:
        result = "bool" if does == BOOLS else None
        return written(input) if in_place else into(out, mapped(input, result))
    kind = category(dtype)
    if (name, kind) in OWN:
        sentence, error = OWN[name, kind]
        refuse("SHP117", sentence, message=f"{name} of a {dtype} tensor", error=error, actual=dtype)
    if in_place and name in ("abs", "absolute") and kind == 3:
        refuse("SHP117", "In-place abs is not supported for complex tensors.", actual=dtype)
    if kind >= 2 and current().spelled == "torch.bitwise_not":  # as `~x` says it
        refuse("SHP117", "~ (operator.invert) is only implemented on integer and Boolean-type tensors", error="TypeError", actual=dtype)
    mine = kind in (CATEGORIES[letter] for letter in refused)
    if mine and " " in kernel:
        refuse("SHP117", kernel, actual=dtype)
    result = _result(does, dtype)
    if name == "square" and kind == 0:
        result = "int64"
    if in_place:
        written(input, dtype=None if does == BOOLS else result)
    if mine:
        not_implemented(kernel, dtype)
    if in_place:
        return input
    made = mapped(input, result)
    made.elements = reckoned(name, made, input)
    if does == REALS and kind == 3:
        made.layout = CONTIGUOUS  # written into an empty tensor that is resized
    return into(out, made)


@op(
    "torch.conj", "torch.resolve_conj", "torch.resolve_neg", "torch.conj_physical", "torch.conj_physical_",
    "Tensor.conj", "Tensor.resolve_conj", "Tensor.resolve_neg", "Tensor.conj_physical", "Tensor.conj_physical_",
    "torch.positive", "Tensor.positive", lazy=True,
)  # fmt: skip
def conj(input: Tensor, *, out: Any = None) -> Tensor:
    """Of a real tensor the tensor itself.

    >>> torch.conj(T(2, 3))
    (2, 3) float32
    >>> torch.positive(T(3, 2).transpose(0, 1))
    (2, 3) strides (1, 2)
    >>> torch.positive(M(3))
    ! SHP117 The `+` operator, on a bool tensor is not supported.
    """
    name = spelled()
    if name == "positive":
        if input.dtype == "bool":
            refuse("SHP117", "The `+` operator, on a bool tensor is not supported.", actual="bool")
        return input
    if input.dtype is not None and category(input.dtype) < 3:
        return into(out, input) if out is not None else input
    if name.startswith("conj_physical"):
        return written(input) if inplace() else into(out, mapped(input, input.dtype))
    return Tensor(input.shape, input.dtype, input.layout, input.offset, device=input.device)


@op("torch.real", "torch.imag", "Tensor.real", "Tensor.imag", lazy=True)
def part(input: Tensor) -> Tensor:
    """The real or imaginary part: every second number of the storage; a real tensor is its own real part.

    >>> torch.real(T(2, 3))
    (2, 3) float32
    >>> torch.real(torch.complex(T(4, 3), T(4, 3)))
    (4, 3) strides (6, 2)
    >>> torch.imag(T(2, 3))
    ! SHP117 imag is not implemented for tensors with non-complex dtypes.
    """
    if input.dtype is None:
        return Tensor(input.shape, None, layout=None, device=input.device)
    if input.dtype in PARTS:
        strides = input.strides
        layout = None if strides is None else tuple(2 * stride for stride in strides)
        return Tensor(input.shape, PARTS[input.dtype], layout=layout, offset=None, device=input.device)
    if spelled() == "imag":
        refuse("SHP117", "imag is not implemented for tensors with non-complex dtypes.", actual=input.dtype)
    return input


@op("torch.round", "torch.round_", "Tensor.round", "Tensor.round_", lazy=True)
def round(input: Tensor, *, decimals: Any = None, out: Any = None) -> Tensor:
    """Rounds to a number of decimals; integers pass unless decimals are asked for.

    >>> torch.round(T(2, 3), decimals=2)
    (2, 3) float32
    >>> torch.round(I(3))
    (3,) int64
    >>> torch.round(M(3))
    ! SHP117 "round_vml_cpu" not implemented for 'Bool'
    """
    return _rounded(input, decimals, out)


@op("torch.special.round", lazy=True)
def special_round(input: Tensor, *, decimals: Any = 0, out: Any = None) -> Tensor:
    """Rounds to a number of decimals.

    >>> torch.special.round(T(2, 3), decimals=2)
    (2, 3) float32
    >>> torch.special.round(I(3))
    ! SHP117 "round_vml_cpu" not implemented for 'Long'
    """
    return _rounded(input, decimals, out)


def _rounded(input: Tensor, decimals: Any, out: Any) -> Tensor:
    if inplace():
        written(input)
    if input.dtype is not None and category(input.dtype) in ((0, 3) if decimals is None else (0, 1, 3)):
        not_implemented("round_cpu" if isinstance(decimals, int) and decimals else "round_vml_cpu", input.dtype)
    if inplace():
        return input
    made = mapped(input, input.dtype)
    made.elements = reckoned("round", made, input) if not decimals else None
    return into(out, made)


@op("torch.nan_to_num", "torch.nan_to_num_", "Tensor.nan_to_num", "Tensor.nan_to_num_", lazy=True, refuses_nothing=True)
def nan_to_num(input: Tensor, nan: Any = None, posinf: Any = None, neginf: Any = None, *, out: Any = None) -> Tensor:
    """Replaces what is not a number.

    >>> torch.nan_to_num(T(2, 3), nan=0.0)
    (2, 3) float32
    >>> T(2, 3).nan_to_num_(0.0)
    (2, 3)
    """
    if inplace():  # integers are left as they are, whatever their layout
        return written(input) if input.dtype is not None and category(input.dtype) >= 2 else input
    return into(out, mapped(input, input.dtype))


@op("torch.logit", "torch.logit_", "Tensor.logit", "Tensor.logit_", "torch.special.logit", lazy=True)
def logit(input: Tensor, eps: Any = None, *, out: Any = None) -> Tensor:
    """log(x / (1 - x))

    >>> torch.logit(T(2, 3), eps=1e-6)
    (2, 3) float32
    >>> I(3).logit_()
    ! SHP117 result type Float can't be cast to the desired output type Long
    """
    result = floating(input.dtype)
    if inplace():
        written(input, dtype=result)
    if input.dtype is not None and category(input.dtype) == 3:
        not_implemented("logit_cpu", input.dtype)
    return input if inplace() else into(out, mapped(input, result))


@op("torch.mvlgamma", "Tensor.mvlgamma", "Tensor.mvlgamma_", "torch.special.multigammaln", lazy=True)
def mvlgamma(input: Tensor, p: Any, *, out: Any = None) -> Tensor:
    """The multivariate log-gamma function.

    >>> torch.mvlgamma(torch.clamp(T(2, 3), min=5), 2)
    (2, 3) float32
    >>> torch.mvlgamma(T(2, 3), 0)
    ! SHP118 p has to be greater than or equal to 1
    """
    if isinstance(p, int) and p < 1:
        refuse("SHP118", "p has to be greater than or equal to 1", actual=p)
    result = floating(input.dtype)
    if not inplace():
        return into(out, new(input.shape, input, result))
    if input.dtype is not None and result != input.dtype:
        words = f"mvlgamma: result type {type_name(input.dtype)} can't be cast to the desired output type Float"
        refuse("SHP117", words, actual=input.dtype)
    return written(input)


@op("torch.polygamma", "torch.special.polygamma")
def polygamma(n: Any, input: Tensor, *, out: Any = None) -> Tensor:
    """The n-th derivative of digamma.

    >>> torch.polygamma(1, T(2, 3))
    (2, 3) float32
    >>> torch.polygamma(-1, T(2, 3))
    ! SHP118 polygamma(n, x) does not support negative n.
    """
    if isinstance(n, int) and n < 0:
        refuse("SHP118", "polygamma(n, x) does not support negative n.", actual=n)
    return into(out, mapped(input, floating(input.dtype)))


@op("Tensor.polygamma", "Tensor.polygamma_", lazy=True)
def polygamma_method(input: Tensor, n: Any) -> Tensor:
    """The n-th derivative of digamma, as a method.

    >>> T(2, 3).polygamma(1)
    (2, 3) float32
    >>> T(2, 3).polygamma(-1)
    ! SHP118 polygamma(n, x) does not support negative n.
    """
    if isinstance(n, int) and n < 0:
        refuse("SHP118", "polygamma(n, x) does not support negative n.", actual=n)
    result = floating(input.dtype)
    return written(input, dtype=result) if inplace() else mapped(input, result)


@op("torch.frexp", "Tensor.frexp")
def frexp(input: Tensor, *, out: Any = None) -> NamedResult:
    """Mantissa and exponent.

    >>> torch.frexp(T(2, 3))
    [(2, 3) float32, (2, 3) int32]
    >>> torch.frexp(I(2, 3))
    ! SHP117 torch.frexp() only supports floating-point dtypes
    """
    if input.dtype is not None and category(input.dtype) != 2:
        refuse("SHP117", "torch.frexp() only supports floating-point dtypes", actual=input.dtype)
    return NamedResult(("mantissa", "exponent"), (mapped(input, input.dtype), mapped(input, "int32")))
