"""Reductions over axes: sum, mean, prod, amax, all, any, count_nonzero, logsumexp. Results are row-major."""

from __future__ import annotations

import math

from shapecheck.book import (
    Any,
    Bool,
    Sizes,
    Tensor,
    Unsure,
    asked_dtype,
    brackets,
    category,
    expand_to,
    expect,
    expect_ge,
    facts,
    floating,
    into,
    kind_of,
    name_of,
    not_implemented,
    op,
    reduced,
    reduced_axes,
    refuse,
    spelled,
    to_ints,
    to_sequence,
    type_name,
)


def _result(input: Tensor, dim: Any, keepdim: bool, dtype: str | None) -> Tensor:
    return Tensor(reduced(input.shape, reduced_axes(dim, input.rank), keepdim), dtype, device=input.device)


def _summed_dtype(input: Tensor, dtype: Any) -> str | None:
    """Integers are summed as int64; another dtype may be asked for."""
    if dtype is not None:
        return asked_dtype(dtype)
    if input.dtype is None:
        return None
    return "int64" if category(input.dtype) < 2 else input.dtype


def _constant(input: Tensor, dim: Any, dtype: Any, made: Tensor, function: Any) -> Tensor:
    """The number itself where all elements are known integers."""
    if input.elements is not None and dim is None and dtype is None and not made.shape:
        if input.elements and all(isinstance(element, int) for element in input.elements):
            made.elements = (function(input.elements),)
    return made


@op("torch.sum", "Tensor.sum", "torch.nansum", "Tensor.nansum", ranks=(4, 3, 2, 5, 1))
def sum_(input: Tensor, dim: Any = None, keepdim: Bool = False, *, dtype: Any = None, out: Any = None) -> Tensor:
    """Over all axes, or the named ones.

    >>> torch.sum(T(2, 3))
    () float32
    >>> I(2, 3, 4).sum((0, -1), keepdim=True)
    (1, 3, 1) int64
    >>> M(2, 3).sum(1)
    (2,) int64
    >>> T(2, 3).sum(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> T(2, 3).sum((0, -2))
    ! SHP108 dim 0 appears multiple times in the list of dims
    """
    if spelled() == "nansum" and kind_of(input) == 3:
        refuse("SHP117", "nansum on CPU does not support complex inputs", actual=input.dtype)
    made = _result(input, dim, keepdim, _summed_dtype(input, dtype))
    return into(out, _constant(input, dim, dtype, made, sum))


@op("torch.mean", "Tensor.mean", ranks=(4, 3, 2, 5, 1))
def mean(input: Tensor, dim: Any = None, keepdim: Bool = False, *, dtype: Any = None, out: Any = None) -> Tensor:
    """Over all axes, or the named ones; of floating tensors only.

    >>> torch.mean(T(2, 3, 4, 5), dim=(2, 3))
    (2, 3) float32
    >>> T(2, 3).mean(-1, keepdim=True)
    (2, 1) float32
    >>> I(2, 3).mean(dtype=torch.float32)
    () float32
    >>> torch.mean(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> I(2, 3).mean()
    ! SHP117 mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Long
    """
    wanted = asked_dtype(dtype) if dtype is not None else input.dtype
    if wanted is not None and category(wanted) < 2:
        which = "Input" if dtype is None else "Optional"
        words = f"{which} dtype must be either a floating point or complex dtype. Got: {type_name(wanted)}"
        message = f"the mean of a {wanted} tensor; convert it with .float() first"
        refuse("SHP117", f"mean(): could not infer output dtype. {words}", message=message, actual=wanted)
    return into(out, _result(input, dim, keepdim, wanted))


@op("torch.nanmean", "Tensor.nanmean")
def nanmean(input: Tensor, dim: Any = None, keepdim: Bool = False, *, dtype: Any = None, out: Any = None) -> Tensor:
    """The mean of what is a number.

    >>> torch.nanmean(T(2, 3), 1)
    (2,) float32
    >>> torch.nanmean(I(2, 3), 1)
    ! SHP117 nanmean(): expected input to have floating point or complex dtype but got Long
    """
    if kind_of(input) < 2:
        refuse("SHP117", f"nanmean(): expected input to have floating point or complex dtype but got {name_of(input)}", actual=input.dtype)
    wanted = asked_dtype(dtype) if dtype is not None else input.dtype
    if wanted is not None and category(wanted) < 2:
        words = f"Optional dtype must be either a floating point or complex dtype. Got: {type_name(wanted)}"
        refuse("SHP117", f"nanmean(): could not infer output dtype. {words}", actual=wanted)
    made = _result(input, dim, keepdim, wanted)
    if kind_of(input) == 3:
        refuse("SHP117", "nansum on CPU does not support complex inputs", actual=input.dtype)
    return into(out, made)


@op("torch.prod", "Tensor.prod")
def prod(input: Tensor, dim: Any = None, keepdim: Bool = False, *, dtype: Any = None, out: Any = None) -> Tensor:
    """Over everything, or one axis.

    >>> torch.prod(I(2, 3), 1)
    (2,) int64
    >>> T(2, 3).prod()
    () float32
    >>> T(2, 3).prod(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if dim is not None and to_sequence(dim) is not None:
        raise Unsure("the product over a list of axes")
    made = _result(input, dim, keepdim, _summed_dtype(input, dtype))
    return into(out, _constant(input, dim, dtype, made, math.prod))


@op("torch.amax", "Tensor.amax", "torch.amin", "Tensor.amin")
def amax(input: Tensor, dim: Any = (), keepdim: Bool = False, *, out: Any = None) -> Tensor:
    """The largest or smallest over all axes, or the named ones, of which none may be empty.

    >>> torch.amax(T(2, 3, 4), dim=(1, 2))
    (2,) float32
    >>> T(2, 3).amin(0, keepdim=True)
    (1, 3) float32
    >>> torch.amax(T(2, 3), 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> torch.amax(T(2, 0), 1)
    ! SHP118 amax(): Expected reduction dim 1 to have non-zero size.
    """
    name = spelled()
    dims = None if dim is None else to_ints(dim)
    if not dims:
        words = "Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument."
        expect(not any(facts().eq(size, 0).yes for size in input.shape), "SHP118", f"{name}(): {words}")
    places = reduced_axes(dims, input.rank)
    for given, place in zip(dims or places, places, strict=True):
        if place < input.rank:
            sentence = f"{name}(): Expected reduction dim {given} to have non-zero size."
            expect_ge(input.shape[place], 1, "SHP118", sentence, error="IndexError", axis=place)
    if kind_of(input) == 3 and input.dtype is not None and all(facts().ge(size, 1).yes for size in input.shape):
        not_implemented("max_values_cpu" if name == "amax" else "min_values_cpu", input.dtype)
    return into(out, _result(input, dims, keepdim, input.dtype))


@op("torch.all", "Tensor.all", "torch.any", "Tensor.any")
def all_(input: Tensor, dim: Any = None, keepdim: Bool = False, *, out: Any = None) -> Tensor:
    """Truth over all axes, or the named ones; uint8 stays uint8.

    >>> torch.all(M(2, 3))
    () bool
    >>> (T(2, 3) > 0).any(dim=1)
    (2,) bool
    >>> M(2, 3).any(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    dtype = None if input.dtype is None else "uint8" if input.dtype == "uint8" else "bool"
    if dim is not None and to_ints(dim) == ():  # an empty list reduces nothing here
        return into(out, Tensor(input.shape, dtype, device=input.device))
    return into(out, _result(input, dim, keepdim, dtype))


@op("torch.count_nonzero")
def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many are not 0, over all axes, or the named ones.

    >>> torch.count_nonzero(T(2, 3), dim=1)
    (2,) int64
    >>> torch.count_nonzero(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _result(input, dim, False, "int64")


@op("Tensor.count_nonzero")
def count_nonzero_method(input: Tensor, *dim: Any) -> Tensor:
    """How many are not 0; the axes may stand one by one.

    >>> T(2, 3, 4).count_nonzero(0, 1)
    (4,) int64
    >>> T(2, 3).count_nonzero(dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    only = dim[0] if len(dim) == 1 else dim
    return _result(input, None if only is None or only == () else only, False, "int64")


@op("torch.logsumexp", "Tensor.logsumexp", "torch.special.logsumexp")
def logsumexp(input: Tensor, dim: Any, keepdim: Bool = False, *, out: Any = None) -> Tensor:
    """Over the named axes.

    >>> torch.logsumexp(T(2, 3), dim=1)
    (2,) float32
    >>> torch.logsumexp(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    dims = to_ints(dim)
    if not dims:
        raise Unsure("logsumexp over no axes")
    return into(out, _result(input, dims, keepdim, floating(input.dtype)))


@op("torch.trace", "Tensor.trace", ranks=(2,))
def trace(input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal.

    >>> torch.trace(T(3, 4))
    () float32
    >>> torch.trace(T(3))
    ! SHP107 trace: expected a matrix, but got tensor with dim 1
    """
    if input.dtype == "bool":
        not_implemented("trace", "bool")
    expect(input.rank == 2, "SHP107", f"trace: expected a matrix, but got tensor with dim {input.rank}", actual=input.rank)
    return Tensor((), _summed_dtype(input, None), device=input.device)


@op("Tensor.sum_to_size")
def sum_to_size(input: Tensor, *size: Sizes) -> Tensor:
    """Sums until the tensor has a shape that broadcasts to its own.

    >>> T(2, 3).sum_to_size(1, 3)
    (1, 3)
    >>> T(2, 3).sum_to_size(4, 3)
    ! SHP103 size {[4, 3]} is not expandable to size {[2, 3]}.
    """
    wanted: Sizes = tuple(size)  # type: ignore[arg-type]
    sentence = f"size {{{brackets(wanted)}}} is not expandable to size {{{brackets(input.shape)}}}."
    expect(not expand_to(wanted, input.shape).no, "SHP103", sentence, expected=list(input.shape), actual=list(wanted))
    if tuple(wanted) == input.shape and wanted:
        return input
    return Tensor(wanted, None, layout=None, device=input.device)
