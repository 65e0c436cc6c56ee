"""Variances, norms and distances over axes."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    Tensor,
    Unsure,
    asked_dtype,
    axes,
    brackets,
    broadcast,
    category,
    current,
    expect,
    expect_eq,
    facts,
    floating,
    into,
    is_float,
    kind_of,
    multiplied,
    name_of,
    op,
    promoted,
    real_part,
    reduced,
    reduced_axes,
    refuse,
    same,
    spelled,
    to_ints,
    type_name,
    word,
)


def _spread(input: Tensor, dim: Any, keepdim: bool, name: str) -> tuple[Any, ...]:
    if kind_of(input) < 2:
        refuse("SHP117", f"{name} only support floating point and complex dtypes", actual=input.dtype)
    return reduced(input.shape, reduced_axes(None if isinstance(dim, bool) else dim, input.rank), keepdim)


@op("torch.var", "Tensor.var", "torch.std", "Tensor.std")
def var(input: Tensor, dim: Any = None, unbiased: Any = True, keepdim: Bool = False, *, correction: Any = None, out: Any = None) -> Tensor:
    """Over all axes, or the named ones; a single bool is `unbiased`.

    >>> torch.var(T(2, 3), 1)
    (2,) float32
    >>> T(2, 3).std(dim=(0, 1), keepdim=True)
    (1, 1) float32
    >>> T(2, 3).var(False)
    () float32
    >>> torch.var(T(2, 3), 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> I(2, 3).std()
    ! SHP117 std and var only support floating point and complex dtypes
    """
    return into(out, Tensor(_spread(input, dim, keepdim, "std and var"), real_part(input.dtype), device=input.device))


@op("torch.var_mean", "torch.std_mean")
def var_mean(
    input: Tensor, dim: Any = None, unbiased: Any = True, keepdim: Bool = False, *, correction: Any = None, out: Any = None
) -> tuple[Tensor, Tensor]:
    """The variance or deviation, and the mean.

    >>> torch.var_mean(T(2, 3), 1)
    [(2,) float32, (2,) float32]
    >>> torch.std_mean(T(2, 3), 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    shape = _spread(input, dim, keepdim, spelled())
    return Tensor(shape, real_part(input.dtype), device=input.device), Tensor(shape, input.dtype, device=input.device)


def _norm_dtype(input: Tensor, dtype: Any, name: str) -> str | None:
    """The dtype of a norm: real, and not narrower than the input."""
    if kind_of(input) < 2:
        words = f"{name}: Expected a floating point or complex tensor as input. Got {name_of(input)}"
        refuse("SHP117", words, message=f"a norm of a {input.dtype} tensor", actual=input.dtype)
    wanted = asked_dtype(dtype)
    if dtype is None:
        return real_part(input.dtype)
    if wanted is not None and category(wanted) < 2:
        refuse("SHP117", f"{name}: dtype should be floating point or complex, but got {type_name(wanted)}", actual=wanted)
    if input.dtype == "float64" and wanted in ("float32", "float16", "bfloat16"):
        words = f"the dtype of the input (Double) should be convertible without narrowing to the specified dtype ({type_name(wanted)})"
        refuse("SHP117", f"{name}: {words}", expected=wanted, actual=input.dtype)
    return real_part(wanted)


def _vector_norm(input: Tensor, ord: Any, dim: Any, keepdim: bool, dtype: Any) -> Tensor:
    result = _norm_dtype(input, dtype, "linalg.vector_norm")
    if isinstance(ord, (int, float)) and (ord < 0 or ord == float("inf")):
        _expect_filled(input, ord, dim)
    return Tensor(reduced(input.shape, reduced_axes(dim, input.rank), keepdim), result, device=input.device)


def _expect_filled(input: Tensor, ord: float, dim: Any) -> None:
    empty = [place for place, size in enumerate(input.shape) if facts().eq(size, 0).yes]
    if not empty:
        return
    dims = None if dim is None else to_ints(dim)
    if not dims:
        words = f"linalg.vector_norm cannot compute the {ord:g} norm on an empty tensor because the operation does not have an identity"
        refuse("SHP118", words)
    for given, place in zip(dims, axes(dims, input.rank), strict=True):
        if place in empty:
            words = f"on the dimension {given}because this dimension is empty and the operation does not have an identity"
            refuse("SHP118", f"linalg.vector_norm cannot compute the {ord:g} norm {words}", axis=place)


def _matrix_norm(input: Tensor, ord: Any, dim: Any, keepdim: bool, dtype: Any) -> Tensor:
    name = "linalg.matrix_norm"
    if isinstance(ord, str):
        expect(ord in ("fro", "nuc"), "SHP118", f"{name}: Order {ord} not supported.", actual=ord)
    expect(input.rank >= 2, "SHP107", f"{name}: The input tensor A must have at least 2 dimensions.", actual=input.rank)
    result = _norm_dtype(input, dtype, name)
    dims = to_ints(dim)
    expect(len(dims) == 2, "SHP108", f"{name}: dim must be a 2-tuple. Got {' '.join(map(word, dims))}", actual=list(dims))
    places = tuple(axes((dim,), input.rank)[0] for dim in dims)
    expect(places[0] != places[1], "SHP108", f"{name}: dims must be different. Got ({places[0]}, {places[1]})", actual=list(dims))
    return Tensor(reduced(input.shape, places, keepdim), result, device=input.device)


@op("torch.norm")
def norm(input: Tensor, p: Any = "fro", dim: Any = None, keepdim: Bool = False, out: Any = None, dtype: Any = None) -> Tensor:
    """The norm of everything, or along axes.

    >>> torch.norm(T(2, 3))
    () float32
    >>> T(2, 3).norm(p=2, dim=-1, keepdim=True)
    (2, 1) float32
    >>> T(2, 3).norm(dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> I(2, 3).norm()
    ! SHP117 linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long
    """
    return into(out, _norm(input, p, dim, keepdim, dtype))


@op("Tensor.norm")
def norm_method(input: Tensor, p: Any = "fro", dim: Any = None, keepdim: Bool = False, dtype: Any = None) -> Tensor:
    """The norm of everything, or along axes.

    >>> T(2, 3).norm(2, 1)
    (2,) float32
    >>> T(2, 3).norm(dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _norm(input, p, dim, keepdim, dtype)


def _norm(input: Tensor, p: Any, dim: Any, keepdim: bool, dtype: Any) -> Tensor:
    if isinstance(p, str) and p != "fro":
        return _matrix_norm(input, p, tuple(range(input.rank)) if dim is None else dim, keepdim, dtype)
    if p == "fro" and dim is not None and len(to_ints(dim)) > 2:
        return _matrix_norm(input, p, dim, keepdim, dtype)
    return _vector_norm(input, 2 if isinstance(p, str) else p, dim, keepdim, dtype)


@op("torch.linalg.vector_norm")
def vector_norm(input: Tensor, ord: Any = 2, dim: Any = None, keepdim: Bool = False, *, dtype: Any = None, out: Any = None) -> Tensor:
    """The norm of everything, or along axes.

    >>> torch.linalg.vector_norm(T(2, 3), dim=1)
    (2,) float32
    >>> torch.linalg.vector_norm(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return into(out, _vector_norm(input, ord, dim, keepdim, dtype))


@op("torch.linalg.matrix_norm")
def matrix_norm(
    input: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: Bool = False, *, dtype: Any = None, out: Any = None
) -> Tensor:
    """The norms of the matrices in two axes.

    >>> torch.linalg.matrix_norm(T(2, 3, 4))
    (2,) float32
    >>> torch.linalg.matrix_norm(T(3))
    ! SHP107 linalg.matrix_norm: The input tensor A must have at least 2 dimensions.
    """
    return into(out, _matrix_norm(input, ord, dim, keepdim, dtype))


@op("torch.linalg.norm")
def linalg_norm(input: Tensor, ord: Any = None, dim: Any = None, keepdim: Bool = False, *, dtype: Any = None, out: Any = None) -> Tensor:
    """A vector norm for one axis, a matrix norm for two.

    >>> torch.linalg.norm(T(2, 3))
    () float32
    >>> torch.linalg.norm(T(2, 3, 4), dim=(1, 2))
    (2,) float32
    >>> torch.linalg.norm(T(2, 3, 4), 2)
    ! SHP107 linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got 3D.
    """
    dims = None if dim is None else to_ints(dim)
    if dims is not None:
        words = f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {brackets(dims)}"
        expect(len(dims) in (1, 2), "SHP108", words, actual=list(dims))
    elif ord is not None:
        words = f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {input.rank}D."
        expect(input.rank in (1, 2), "SHP107", words, actual=input.rank)
    if ord is not None and (len(dims) if dims is not None else input.rank) == 2:
        return into(out, _matrix_norm(input, ord, (0, 1) if dims is None else dims, keepdim, dtype))
    if isinstance(ord, str):
        raise Unsure("a matrix norm of vectors")
    return into(out, _vector_norm(input, 2 if ord is None else ord, dims, keepdim, dtype))


@op("torch.dist", "Tensor.dist")
def dist(input: Tensor, other: Tensor, p: Any = 2) -> Tensor:
    """The norm of the difference.

    >>> torch.dist(T(2, 3), T(3))
    () float32
    >>> torch.dist(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    masks = [part.dtype == "bool" for part in (input, other)]
    if any(masks) and input.dtype is not None and other.dtype is not None:
        raise Unsure("the distance of masks")
    broadcast(input.shape, other.shape)
    common = promoted((input, other))
    if common is not None and category(common) < 2:
        refuse("SHP117", f"norm(): input dtype should be either floating point or complex. Got {type_name(common)} instead.", actual=common)
    return Tensor((), real_part(common), device=input.device)


def _expect_weights(weights: Tensor, kind: str, input: Tensor) -> None:
    """One weight for each observation."""
    text = f"cov(): expected {kind} to have one or fewer dimensions but got {kind} with {weights.rank} dimensions"
    expect(weights.rank <= 1, "SHP107", text, actual=weights.rank, culprit=weights)
    if weights.dtype is not None:
        wanted = "integral" if kind == "fweights" else "floating point"
        text = f"cov(): expected {kind} to have {wanted} dtype but got {kind} with {type_name(weights.dtype)} dtype"
        inexact = category(weights.dtype) > 1
        fits = is_float(weights.dtype) is True if kind == "aweights" else not inexact
        expect(fits, "SHP117", text, actual=weights.dtype, culprit=weights)
    seen = input.shape[-1] if input.shape else 1
    text = (
        f"cov(): expected {kind} to have the same numel as there are observations in the input "
        f"but got {word(weights.numel())} != {word(seen)}"
    )
    expect_eq(weights.numel(), seen, "SHP102", text, expected=seen, actual=weights.numel(), culprit=weights)


@op("torch.cov", "Tensor.cov", "torch.corrcoef", "Tensor.corrcoef", ranks=(2, 1))
def cov(input: Tensor, *, correction: Any = 1, fweights: Any = None, aweights: Any = None) -> Tensor:
    """(variables, observations) -> (variables, variables); one variable gives a number.

    >>> torch.cov(T(3, 5))
    (3, 3) float32
    >>> torch.corrcoef(T(5))
    () float32
    >>> torch.cov(T(2, 3, 4))
    ! SHP107 cov(): expected input to have two or fewer dimensions but got an input with 3 dimensions
    """
    sentence = f"{spelled()}(): expected input to have two or fewer dimensions but got an input with {input.rank} dimensions"
    expect(input.rank <= 2, "SHP107", sentence, actual=input.rank)
    if input.dtype == "bool":
        refuse("SHP117", "cov(): bool dtype is not supported for input", actual="bool")
    for weights, kind in ((fweights, "fweights"), (aweights, "aweights")):
        if isinstance(weights, Tensor):
            _expect_weights(weights, kind, input)
    several = input.rank == 2
    if several:
        one = same(input.shape[0], 1)
        several = one.no
        if one.maybe:
            several = current().choose(("cov", input.shape[0]), 2) == 0
            current().learn(facts().assume_ne(input.shape[0], 1) if several else facts().assume_eq(input.shape[0], 1))
    shape = (input.shape[0], input.shape[0]) if several else ()
    multiplied(*shape, *input.shape[-1:])
    dtype = floating(input.dtype) if fweights is None and aweights is None else None
    return Tensor(shape, dtype, device=input.device)
