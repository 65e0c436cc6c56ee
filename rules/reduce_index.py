"""Reductions that pick elements: max, min, argmax, median, mode, quantile, aminmax."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    NUMBERS,
    Any,
    Bool,
    Free,
    Int,
    NamedResult,
    Tensor,
    Unsure,
    axis,
    broadcast,
    category,
    contiguous_strides,
    elementwise,
    expect,
    expect_ge,
    facts,
    into,
    kind_of,
    not_implemented,
    op,
    operands,
    promoted,
    reduced,
    refuse,
    spelled,
    to_int,
)

PAIR = ("values", "indices")
NO_DIM = "Expected reduction dim to be specified for input.numel() == 0."


def _may_be_empty(input: Tensor) -> bool:
    return any(facts().eq(size, 0).yes for size in input.shape)


def _picked(input: Tensor, dim: int, keepdim: bool, says: str) -> tuple[Any, ...]:
    """The shape after picking along one axis, which must not be empty."""
    place = axis(dim, input.rank)
    if input.rank:
        sentence = f"{says} Expected reduction dim {place} to have non-zero size."
        expect_ge(input.shape[place], 1, "SHP118", sentence, error="IndexError", axis=place)
    return reduced(input.shape, (place,), keepdim)


def _pair(input: Tensor, shape: Any) -> NamedResult:
    device = input.device
    return NamedResult(PAIR, (Tensor(shape, input.dtype, device=device), Tensor(shape, "int64", device=device)))


@op("torch.max", "Tensor.max", "torch.min", "Tensor.min")
def max_(input: Tensor, dim: Any = None, keepdim: Bool = False, *, other: Any = None, out: Any = None) -> Any:
    """Three forms: of everything, along an axis with the indices, of two tensors.

    >>> torch.max(T(2, 3))
    () float32
    >>> T(2, 3).max(1).indices
    (2,) int64
    >>> torch.min(T(2, 3), dim=0, keepdim=True)
    [(1, 3) float32, (1, 3) int64]
    >>> torch.max(T(2, 3), T(3))
    (2, 3) float32
    >>> torch.max(T(2, 3), 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> torch.max(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> torch.max(T(2, 0), 1)
    ! SHP118 max(): Expected reduction dim 1 to have non-zero size.
    """
    name = spelled()
    if isinstance(dim, Tensor) or (isinstance(dim, Free) and dim.kind in ("tensor", "input")):
        (other,) = operands(dim)
    elif dim is not None:
        picked = _picked(input, to_int(dim), keepdim, f"{name}():")
        if kind_of(input) == 3:
            refuse("SHP117", f"{name}(): does not support complex input", actual=input.dtype)
        return _pair(input, picked)
    if isinstance(other, Tensor):
        common = promoted((input, other))
        if common is not None and category(common) == 3:
            refuse("SHP117", f"{name}imum not implemented for complex tensors.", actual=common)
        return into(out, elementwise(broadcast(input.shape, other.shape), (input, other), common))
    if other is not None:
        raise Unsure(f"{name} of a tensor and a number" if isinstance(other, NUMBERS) else f"{name} of something that is not a tensor")
    words = f"{NO_DIM} Specify the reduction dim with the 'dim' argument."
    expect(not _may_be_empty(input), "SHP118", f"{name}(): {words}")
    if kind_of(input) == 3 and input.dtype is not None:
        not_implemented(f"{name}_all", input.dtype)
    made = Tensor((), input.dtype, device=input.device)
    if input.elements and all(isinstance(element, int) for element in input.elements):
        made.elements = ((max if name == "max" else min)(input.elements),)
    return into(out, made)


@op("torch.argmax", "Tensor.argmax", "torch.argmin", "Tensor.argmin")
def argmax(input: Tensor, dim: Int | None = None, keepdim: Bool = False, *, out: Any = None) -> Tensor:
    """Where the largest or smallest stands, in everything or along an axis.

    >>> torch.argmax(T(2, 3), dim=1)
    (2,) int64
    >>> T(2, 3).argmin()
    () int64
    >>> torch.argmax(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> torch.argmax(M(3))
    ! SHP117 argmax(): does not support bool input
    """
    name = spelled()
    if kind_of(input) in (0, 3):
        refuse("SHP117", f"{name}(): does not support {'bool' if kind_of(input) == 0 else 'complex'} input", actual=input.dtype)
    if dim is None:
        expect(not _may_be_empty(input), "SHP118", f"{name}(): {NO_DIM}", error="IndexError")
        return into(out, Tensor((1,) * input.rank if keepdim else (), "int64", device=input.device))
    return into(out, Tensor(_picked(input, dim, keepdim, f"{name}():"), "int64", device=input.device))


@op("torch.median", "Tensor.median", "torch.nanmedian", "Tensor.nanmedian")
def median(input: Tensor, dim: Int | None = None, keepdim: Bool = False, *, out: Any = None) -> Any:
    """Of everything, or along an axis with the indices.

    >>> torch.median(T(2, 3))
    () float32
    >>> torch.median(T(2, 3), 1)
    [(2,) float32, (2,) int64]
    >>> torch.median(T(2, 3), 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if dim is None:
        if kind_of(input) in (0, 3) and input.dtype is not None and all(facts().ge(size, 1).yes for size in input.shape):
            not_implemented("median_cpu", input.dtype)
        return into(out, Tensor((), input.dtype, device=input.device))
    result = _pair(input, _picked(input, dim, keepdim, "median():"))
    if kind_of(input) in (0, 3) and input.dtype is not None:
        not_implemented("median_out", input.dtype)
    return result


@op("torch.mode", "Tensor.mode")
def mode(input: Tensor, dim: Int = -1, keepdim: Bool = False, *, out: Any = None) -> NamedResult:
    """The most frequent values along an axis, with indices.

    >>> torch.mode(T(2, 3))
    [(2,) float32, (2,) int64]
    >>> torch.mode(T(2, 3), 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _pair(input, _picked(input, dim, keepdim, "mode():"))


@op("torch.aminmax", "Tensor.aminmax")
def aminmax(input: Tensor, *, dim: Int | None = None, keepdim: Bool = False, out: Any = None) -> NamedResult:
    """The smallest and the largest, of everything or along an axis.

    >>> torch.aminmax(T(2, 3), dim=1)
    [(2,), (2,)]
    >>> torch.aminmax(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if dim is None:
        words = "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        expect(not _may_be_empty(input), "SHP118", words)
        shape: Any = (1,) * input.rank if keepdim else ()
    else:
        shape = _picked(input, dim, keepdim, "aminmax:")
    if kind_of(input) == 3 and input.dtype is not None:
        not_implemented("aminmax_cpu", input.dtype)
    return NamedResult(("min", "max"), (Tensor(shape, input.dtype, device=input.device), Tensor(shape, input.dtype, device=input.device)))


@op("torch.quantile", "Tensor.quantile", "torch.nanquantile", "Tensor.nanquantile")
def quantile(
    input: Tensor, q: Any, dim: Int | None = None, keepdim: Bool = False, *, interpolation: Any = "linear", out: Any = None
) -> Tensor:
    """One quantile, or a new first axis of several.

    >>> torch.quantile(T(2, 3), 0.5, dim=1)
    (2,) float32
    >>> torch.quantile(T(2, 3), T(5), dim=1, keepdim=True)
    (5, 2, 1) strides (1, 5, 5)
    >>> torch.quantile(T(2, 3), 0.5, dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> torch.quantile(I(2, 3), 0.5)
    ! SHP117 quantile() input tensor must be either float or double dtype
    """
    (amount,) = operands(q)
    if isinstance(amount, (int, float)) and not 0 <= amount <= 1:
        refuse("SHP118", f"quantile() q must be in the range [0, 1] but got {amount:g}", actual=amount)
    if isinstance(interpolation, str) and interpolation not in ("linear", "lower", "higher", "midpoint", "nearest"):
        words = f"quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {interpolation}"
        refuse("SHP118", words, actual=interpolation)
    several = isinstance(amount, Tensor)
    expect(not _may_be_empty(input), "SHP118", "quantile() input tensor must be non-empty")
    if several:
        expect(amount.rank <= 1, "SHP107", "quantile() q must be a scalar or 1D tensor", actual=amount.rank)
    if input.dtype is not None:
        expect(input.dtype in ("float32", "float64"), "SHP117", "quantile() input tensor must be either float or double dtype")
        if several and amount.dtype is not None:
            expect(amount.dtype == input.dtype, "SHP117", "quantile() q tensor must be same dtype as the input tensor")
    if dim is None:
        rest: tuple[Any, ...] = (1,) * input.rank if keepdim else ()
    else:
        rest = reduced(input.shape, (axis(dim, input.rank),), keepdim)
    if not several or amount.rank == 0:
        return into(out, Tensor(rest, input.dtype, device=input.device))
    *outer, inner = contiguous_strides((*rest, amount.shape[0]))  # the quantiles are computed as the last axis
    layout = (inner, *outer) if rest else CONTIGUOUS
    return into(out, Tensor((amount.shape[0], *rest), input.dtype, layout, device=input.device))
