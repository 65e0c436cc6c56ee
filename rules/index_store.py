"""Writing parts of a tensor: x[…] = v, index_put, scatter and its kin."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book import (
    Any,
    Bool,
    Int,
    Number,
    Size,
    Str,
    Tensor,
    axis,
    brackets,
    expand,
    expect,
    expect_eq,
    expect_expands,
    expect_le,
    facts,
    inplace,
    into,
    known_items,
    likely_ranks,
    op,
    pick,
    preserved_layout,
    python_type,
    refuse,
    to_tensor,
    true_product,
    type_name,
    word,
    written,
)


def _without_leading_ones(value: Tensor) -> Tensor:
    """The view of a stored value that torch expands: axes of size 1 in front do not count."""
    lead = 0
    while lead < value.rank and facts().eq(value.shape[lead], 1).yes:
        lead += 1
    return Tensor(value.shape[lead:], value.dtype) if lead else value


@op("Tensor.__setitem__")
def setitem(input: Any, index: Any, value: Any) -> None:
    """What is stored has to broadcast to what the index picks.

    >>> T(4, 5).__setitem__((slice(None), 0), T(4))
    None
    >>> T(4, 5).__setitem__((slice(None), 0), T(5))
    ! SHP103 The expanded size of the tensor (4) must match the existing size (5) at non-singleton dimension 0.  Target sizes: [4].  Tensor sizes: [5]
    >>> T(4, 5).__setitem__([0, 1], T(3, 5))
    ! SHP103 shape mismatch: value tensor of shape [3, 5] cannot be broadcast to indexing result of shape [2, 5]
    """  # noqa: E501
    items = index if isinstance(index, tuple) else (index,)
    lowest = sum(item is not None and item is not Ellipsis for item in items)
    input = to_tensor(input, likely_ranks(lowest))
    name = type_name(input.dtype) if input.dtype else "Float"
    kind = python_type(value)
    if kind in ("list", "tuple", "str", "dict", "NoneType"):
        refuse(
            "SHP118", f"can't assign a {kind} to a torch.{name}Tensor", message=f"a {kind} cannot be stored in a tensor", error="TypeError"
        )
    if index is False:
        return
    found = pick(input, None if index is True else index)
    if not isinstance(value, Tensor):
        found.expect_values()
        if not found.advanced:
            written(Tensor(found.shape, input.dtype, found.layout))
        input.elements = None
        return
    if not found.advanced:
        expand(_without_leading_ones(value), found.shape)
        written(Tensor(found.shape, input.dtype, found.layout))
        input.elements = None
        return
    one = found.mask and facts().eq(value.numel(), 1).yes  # a mask and one value: torch fills
    _expect_stored(input, _without_leading_ones(value), found.shape, check_dtype=not one)
    found.expect_values()
    input.elements = None


def _expect_stored(input: Tensor, value: Tensor, picked: Sequence[Size], check_dtype: bool = True) -> None:
    expect_expands(
        value.shape,
        picked,
        "SHP103",
        lambda: (
            f"shape mismatch: value tensor of shape {brackets(value.shape)} cannot be broadcast "
            f"to indexing result of shape {brackets(picked)}"
        ),
        message=lambda: f"{brackets(value.shape)} is stored where the index picks {brackets(picked)}",
        expected=list(picked),
        actual=list(value.shape),
    )
    if check_dtype and input.dtype and value.dtype:
        expect(
            input.dtype == value.dtype,
            "SHP117",
            f"Index put requires the source and destination dtypes match, got {type_name(input.dtype)} for the destination and "
            f"{type_name(value.dtype)} for the source.",
            expected=input.dtype,
            actual=value.dtype,
        )


@op("torch.index_put", "Tensor.index_put", "torch.index_put_", "Tensor.index_put_")
def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: Bool = False) -> Tensor:
    """`x[indices] = values` as a function; the indices are tensors.

    >>> T(4, 5).index_put((I(3),), T(3, 5))
    (4, 5)
    >>> T(4, 5).index_put((I(3),), T(2, 5))
    ! SHP103 shape mismatch: value tensor of shape [2, 5] cannot be broadcast to indexing result of shape [3, 5]
    >>> T(4, 5).index_put((I(3), I(2)), torch.tensor(1.0))
    ! SHP109 shape mismatch: indexing tensors could not be broadcast together with shapes [3], [2]
    """
    items = known_items(indices, "index_put's indices")
    wanted = sum(item.rank if isinstance(item, Tensor) and item.dtype in ("bool", "uint8") else 1 for item in items)
    expect(
        wanted <= input.rank,
        "SHP109",
        f"too many indices for tensor of dimension {input.rank} (got {wanted})",
        error="IndexError",
        expected=input.rank,
        actual=wanted,
    )
    vectors = [Tensor((1,), item.dtype) if isinstance(item, Tensor) and item.rank == 0 else item for item in items]
    found = pick(input, tuple(vectors))
    shape = found.shape
    if all(isinstance(item, Tensor) and item.rank == 0 for item in items):
        shape = shape[1:]
    _expect_stored(input, _without_leading_ones(values), shape)
    found.expect_values()
    return written(input) if inplace() else Tensor(input.shape, input.dtype, preserved_layout(input), device=input.device)


def _stored(input: Tensor) -> Tensor:
    """The tensor itself for an in-place op, else a new one of its shape."""
    return written(input) if inplace() else Tensor(input.shape, input.dtype, device=input.device)


def _expect_scatter(input: Tensor, dim: int, index: Tensor, src: Tensor | None) -> None:
    """scatter's checks (aten/src/ATen/native/ScatterGatherChecks.h)."""
    place = axis(dim, input.rank)
    empty = any(facts().eq(size, 0).yes for size in index.shape)
    expect(
        empty or index.dtype is None or index.dtype in ("int64", "int32"),
        "SHP117",
        "scatter(): Expected dtype int32/int64 for index",
        actual=index.dtype,
    )
    if src is not None and input.dtype and src.dtype:
        wrong = "scatter(): Expected self.dtype to be equal to src.dtype"
        expect(input.dtype == src.dtype, "SHP117", wrong, expected=input.dtype, actual=src.dtype)
    if empty:
        return
    expect(
        max(input.rank, 1) == max(index.rank, 1),
        "SHP107",
        "Index tensor must have the same number of dimensions as self tensor",
        expected=input.rank,
        actual=index.rank,
    )

    def sentence() -> str:
        start = f"Expected index {brackets(index.shape)} to be no larger than self {brackets(input.shape)} apart from dimension {place}"
        return start if src is None else f"{start} and to be no larger size than src {brackets(src.shape)}"

    for other in range(index.rank if input.rank else 0):
        if other != place:
            details = {"expected": input.shape[other], "actual": index.shape[other], "axis": other}
            expect_le(index.shape[other], input.shape[other], "SHP109", sentence, **details)
    if src is None:
        return
    for other, size in enumerate(index.shape):
        if src.rank and other >= src.rank:
            axis(other, src.rank)
        expect_le(size, src.shape[other] if src.rank else 1, "SHP109", sentence, expected=size, actual=list(src.shape), axis=other)
    expect(
        max(src.rank, 1) == max(index.rank, 1),
        "SHP107",
        "Index tensor must have the same number of dimensions as src tensor",
        expected=index.rank,
        actual=src.rank,
    )


def _expect_targets(input: Tensor, dim: int, index: Tensor) -> None:
    """The values of a constant index lie inside."""
    place = axis(dim, input.rank)
    size = input.shape[place] if input.rank else 1
    for value in index.elements or ():
        if isinstance(value, int) and isinstance(size, int):
            inside = 0 <= value < size
            sentence = f"index {value} is out of bounds for dimension {place} with size {word(size)}"
            expect(inside, "SHP109", sentence, expected=size, actual=value, axis=place)


@op("torch.scatter", "Tensor.scatter", "Tensor.scatter_")
def scatter(
    input: Tensor,
    dim: Int,
    index: Tensor,
    src: Tensor | Number | None = None,
    value: Any = None,
    reduce: Str | None = None,
    *,
    out: Any = None,
) -> Tensor:
    """Values go to where the index says along `dim`; the index is no longer than the tensor on the other axes.

    >>> T(4, 5).scatter(1, I(4, 2), T(4, 2))
    (4, 5)
    >>> T(4, 5).scatter(1, I(3, 9), 1.0)
    (4, 5)
    >>> T(4, 5).scatter(1, I(6, 2), T(6, 2))
    ! SHP109 Expected index [6, 2] to be no larger than self [4, 5] apart from dimension 1 and to be no larger size than src [6, 2]
    >>> T(4, 5).scatter(1, I(4), 1.0)
    ! SHP107 Index tensor must have the same number of dimensions as self tensor
    """
    if src is None and value is None:
        kinds = "scatter() received an invalid combination of arguments - got (int, Tensor), but expected one of:"
        refuse("SHP121", kinds, message="scatter wants src or value", error="TypeError")
    source = src if isinstance(src, Tensor) else None
    _expect_scatter(input, dim, index, source)
    expect(reduce in (None, "add", "multiply"), "SHP118", "reduce argument must be either add or multiply.", actual=reduce)
    _expect_targets(input, dim, index)
    return into(out, _stored(input))


@op("torch.scatter_add", "Tensor.scatter_add", "Tensor.scatter_add_")
def scatter_add(input: Tensor, dim: Int, index: Tensor, src: Tensor, *, out: Any = None) -> Tensor:
    """Values are added where the index says along `dim`.

    >>> T(4, 5).scatter_add(0, I(3, 5), T(3, 5))
    (4, 5)
    >>> T(4, 5).scatter_add(0, I(3, 5), T(2, 5))
    ! SHP109 Expected index [3, 5] to be no larger than self [4, 5] apart from dimension 0 and to be no larger size than src [2, 5]
    """
    _expect_scatter(input, dim, index, src)
    _expect_targets(input, dim, index)
    return into(out, _stored(input))


@op("torch.scatter_reduce", "Tensor.scatter_reduce", "Tensor.scatter_reduce_")
def scatter_reduce(
    input: Tensor, dim: Int, index: Tensor, src: Tensor, reduce: Str, include_self: Bool = True, *, out: Any = None
) -> Tensor:
    """Values are reduced where the index says along `dim`.

    >>> T(4, 5).scatter_reduce(0, I(3, 5), T(3, 5), reduce="mean")
    (4, 5)
    >>> T(4, 5).scatter_reduce(0, I(3, 5), T(3, 5), reduce="average")
    ! SHP118 reduce argument must be either sum, prod, mean, amax or amin, got average
    """
    _expect_scatter(input, dim, index, src)
    expect(
        reduce in ("sum", "prod", "mean", "amax", "amin"),
        "SHP118",
        f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}",
        actual=reduce,
    )
    _expect_targets(input, dim, index)
    return into(out, _stored(input))


@op("torch.put", "Tensor.put", "Tensor.put_")
def put(input: Tensor, index: Tensor, source: Tensor, accumulate: Bool = False) -> Tensor:
    """Elements of the flattened tensor are replaced by those of the source, one for each index.

    >>> T(4, 5).put(I(2, 3), T(6))
    (4, 5)
    >>> T(4, 5).put(I(2), T(3))
    ! SHP109 put_(): Expected source and index to have the same number of elements, but got source.numel() = 3, index.numel() = 2
    """
    dtype = type_name(index.dtype) if index.dtype else ""
    expect(index.dtype in (None, "int64"), "SHP117", f"put_(): Expected a long tensor for index, but got {dtype}", actual=index.dtype)
    if input.dtype and source.dtype:
        expect(
            input.dtype == source.dtype,
            "SHP117",
            f"put_(): self and source expected to have the same dtype, but got self.dtype = {type_name(input.dtype)} and source.dtype = "
            f"{type_name(source.dtype)}",
        )
    wanted, given = true_product(index.shape), true_product(source.shape)
    expect_eq(
        wanted,
        given,
        "SHP109",
        lambda: (
            "put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{word(given)}, index.numel() = {word(wanted)}"
        ),
        error="IndexError",
        expected=wanted,
        actual=given,
    )
    total = true_product(input.shape)
    for value in index.elements or ():
        if isinstance(total, int) and isinstance(value, int):
            sentence = f"out of range: tried to access index {value} on a tensor of {total} elements."
            expect(-total <= value < total, "SHP109", sentence, error="IndexError")
    return written(input) if inplace() else Tensor(input.shape, input.dtype, preserved_layout(input), device=input.device)
