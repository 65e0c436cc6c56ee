"""Whole slices written along one axis: index_add, index_copy, index_fill, index_reduce, select_scatter, slice_scatter."""

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
    ceildiv,
    expect,
    expect_eq,
    facts,
    inplace,
    into,
    op,
    preserved_layout,
    span,
    true_product,
    type_name,
    word,
    written,
)


def _name(tensor: Tensor) -> str:
    return type_name(tensor.dtype) if tensor.dtype else ""


def _expect_inside(index: Tensor, size: Size, place: int, sentence: str, error: str, negative: bool = False) -> None:
    """The values of a constant index lie inside; `{value}` in the sentence is the first that does not."""
    for value in index.elements or ():
        if isinstance(value, int) and isinstance(size, int) and size > 0:
            inside = (-size if negative else 0) <= value < size
            expect(inside, "SHP109", sentence.format(value=value), error=error, expected=size, actual=value, axis=place)


def _expect_same_type(input: Tensor, source: Tensor, sentence: str) -> None:
    same = input.dtype is None or source.dtype is None or input.dtype == source.dtype
    expect(same, "SHP117", sentence, expected=input.dtype, actual=source.dtype)


def _along(input: Tensor, dim: int, index: Tensor, source: Tensor, name: str) -> Tensor:
    """index_func_meta_impl of aten/src/ATen/native/TensorAdvancedIndexing.cpp."""
    place = axis(dim, input.rank)
    expect(
        index.rank <= 1,
        "SHP107",
        lambda: (
            f"{name}_(): Index is supposed to be a vector, but got dim: {index.rank} with type: {_name(index)} "
            f"and size: {brackets(index.shape)}"
        ),
        error="IndexError",
        actual=list(index.shape),
    )
    fits = index.dtype in (None, "int32", "int64")
    expect(fits, "SHP117", f"{name}_(): Expected dtype int32/int64 for index but got: {_name(index)}", actual=index.dtype)
    _expect_same_type(input, source, f"{name}_(): self ({_name(input)}) and source ({_name(source)}) must have the same scalar type")
    expect(
        place == 0 or place < source.rank,
        "SHP107",
        f"{name}_(): Indexing dim {place} is out of bounds of the source tensor with dim {source.rank}",
        expected=input.rank,
        actual=source.rank,
    )
    count = true_product(index.shape)
    if source.rank == 0:
        expect(not facts().eq(count, 1).no, "SHP109", "Dimension specified as 0 but tensor has no dimensions", error="IndexError")
    else:
        expect_eq(
            count,
            source.shape[place],
            "SHP109",
            lambda: (
                f"{name}_(): Number of indices ({word(count)}) should be equal to source.size(dim): ({word(source.shape[place])}), "
                f"for dim: {place}"
            ),
            expected=count,
            actual=source.shape[place],
            axis=place,
        )
    _expect_slices(
        input,
        source,
        place,
        place if source.rank and input.rank else None,
        lambda: (
            "source tensor shape must match self tensor shape, excluding the specified dimension. "
            f"Got self.shape = {brackets(input.shape)} source.shape = {brackets(source.shape)}"
        ),
    )
    size = input.shape[place] if input.rank else 1
    _expect_inside(index, size, place, f"index {{value}} is out of bounds for dimension {place} with size {word(size)}", "RuntimeError")
    return written(input) if inplace() else Tensor(input.shape, input.dtype, device=input.device)


def _expect_slices(input: Tensor, source: Tensor, place: int, cut: int | None, sentence: Any) -> None:
    """Without the axis `cut` the two shapes are the same."""
    own = _without(input.shape, cut)
    other = _without(source.shape, cut)
    details: dict[str, Any] = {"expected": list(input.shape), "actual": list(source.shape)}
    expect(len(own) == len(other), "SHP109", sentence, **details)
    for left, right in zip(own, other, strict=True):
        expect_eq(left, right, "SHP109", sentence, **details)


def _without(shape: Sequence[Size], place: int | None) -> tuple[Size, ...]:
    return tuple(shape) if place is None else (*shape[:place], *shape[place + 1 :])


@op("torch.index_add", "Tensor.index_add", "Tensor.index_add_")
def index_add(input: Tensor, dim: Int, index: Tensor, source: Tensor, *, alpha: Any = 1, out: Any = None) -> Tensor:
    """Slices of the source are added where the index says.

    >>> T(4, 5).index_add(0, I(3), T(3, 5))
    (4, 5)
    >>> T(4, 5).index_add(0, I(3), T(2, 5))
    ! SHP109 index_add_(): Number of indices (3) should be equal to source.size(dim): (2), for dim: 0
    >>> T(4, 5).index_add(0, I(3), T(3, 6))
    ! SHP109 source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = [4, 5] source.shape = [3, 6]
    """  # noqa: E501
    return into(out, _along(input, dim, index, source, "index_add"))


@op("torch.index_reduce", "Tensor.index_reduce", "Tensor.index_reduce_")
def index_reduce(
    input: Tensor, dim: Int, index: Tensor, source: Tensor, reduce: Str, *, include_self: Bool = True, out: Any = None
) -> Tensor:
    """Slices of the source are reduced into where the index says.

    >>> T(4, 5).index_reduce(0, I(3), T(3, 5), "amax")
    (4, 5)
    >>> T(4, 5).index_reduce(0, I(3), T(3, 5), "sum")
    ! SHP118 index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got sum.
    """
    ways = ("prod", "mean", "amax", "amin")
    expect(
        reduce in ways, "SHP118", f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}.", actual=reduce
    )
    return into(out, _along(input, dim, index, source, "index_reduce"))


@op("torch.index_copy", "Tensor.index_copy", "Tensor.index_copy_")
def index_copy(input: Tensor, dim: Int, index: Tensor, source: Tensor, *, out: Any = None) -> Tensor:
    """Slices of the source go to where the index says.

    >>> T(4, 5).index_copy(0, I(3), T(3, 5))
    (4, 5)
    >>> T(4, 5).index_copy(0, I(3), T(2, 5))
    ! SHP109 index_copy_(): Number of indices (3) should be equal to source.size(dim) (2)
    """
    place = axis(dim, input.rank)
    count = true_product(index.shape)
    expect(index.rank < 2, "SHP107", f"index_copy_(): Index should have dimension 1 or 0 (got {index.rank})", error="IndexError")
    if source.rank == 0:
        one = f"index_copy_(): When source is scalar, index should have one element (got {word(count)})"
        expect(not facts().eq(count, 1).no, "SHP109", one, error="IndexError")
    elif input.rank:
        expect(
            source.rank == input.rank,
            "SHP107",
            "index_copy_(): When source and destination are not scalars, their dimensionality must match. "
            f"Source dimensionality ({source.rank}), destination dimensionality ({input.rank})",
            error="IndexError",
            expected=input.rank,
            actual=source.rank,
        )
    fits = index.dtype in (None, "int64")
    expect(fits, "SHP117", f"index_copy_(): Expected a long tensor for index, but got {_name(index)}", actual=index.dtype)
    same = f"index_copy_(): self and source expected to have the same dtype, but got (self) {_name(input)} and (source) {_name(source)}"
    _expect_same_type(input, source, same)
    own, other = _without(input.shape, place if input.rank else None), _without(source.shape, place if source.rank else None)

    def slices() -> str:
        return (
            "index_copy_(): Source/destination tensor must have same slice shapes. "
            f"Destination slice shape: {' '.join(map(word, own))} at dimension {place} "
            f"and source slice shape: {' '.join(map(word, other))} at dimension 0."
        )

    details: dict[str, Any] = {"expected": list(input.shape), "actual": list(source.shape)}
    expect(len(own) == len(other), "SHP109", slices, **details)
    for left, right in zip(own, other, strict=True):
        expect_eq(left, right, "SHP109", slices, **details)
    if source.rank:
        expect_eq(
            count,
            source.shape[place],
            "SHP109",
            lambda: f"index_copy_(): Number of indices ({word(count)}) should be equal to source.size(dim) ({word(source.shape[place])})",
            error="IndexError",
            expected=count,
            actual=source.shape[place],
            axis=place,
        )
    size = input.shape[place] if input.rank else 1
    outside = f"index_copy_(): index {{value}} is out of bounds for dimension {place} with size {word(size)}"
    _expect_inside(index, size, place, outside, "IndexError")
    return into(out, written(input) if inplace() else Tensor(input.shape, input.dtype, device=input.device))


@op("torch.index_fill", "Tensor.index_fill", "Tensor.index_fill_")
def index_fill(input: Tensor, dim: Int, index: Tensor, value: Tensor | Number) -> Tensor:
    """One value goes to whole slices.

    >>> T(4, 5).index_fill(0, I(3), 1.0)
    (4, 5)
    >>> T(4, 5).index_fill(0, I(3, 3), 1.0)
    ! SHP107 Index has to be a vector/scalar
    """
    if isinstance(value, Tensor):
        only = f"index_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.rank} dimension(s)."
        expect(value.rank == 0, "SHP107", only, actual=value.rank)
    expect(
        index.dtype in (None, "int64"), "SHP117", "index_fill_(): Expected dtype int64 for index.", error="IndexError", actual=index.dtype
    )
    place = axis(dim, input.rank)
    expect(index.rank <= 1, "SHP107", "Index has to be a vector/scalar", actual=list(index.shape))
    size = input.shape[place] if input.rank else 1
    outside = f"index {{value}} is out of bounds for dimension {place} with size {word(size)}"
    _expect_inside(index, size, place, outside, "IndexError", negative=True)
    if inplace():
        input.elements = None
        return input
    return Tensor(input.shape, input.dtype, preserved_layout(input), device=input.device)


def _expect_slice(src: Tensor, wanted: Sequence[Size]) -> None:
    def sentence() -> str:
        return f"expected src to have a size equal to the slice of self. src size = {brackets(src.shape)}, slice size = {brackets(wanted)}"

    details: dict[str, Any] = {"expected": list(wanted), "actual": list(src.shape)}
    expect(src.rank == len(wanted), "SHP109", sentence, **details)
    for left, right in zip(src.shape, wanted, strict=True):
        expect_eq(left, right, "SHP109", sentence, **details)


def _cloned(input: Tensor) -> Tensor:
    """A copy with the very strides and offset of the tensor (clone_preserve_strides)."""
    strides = input.strides
    layout = None if strides is None or 0 in strides else input.layout
    return Tensor(input.shape, input.dtype, layout, None if layout is None else input.offset, device=input.device)


@op("torch.select_scatter", "Tensor.select_scatter")
def select_scatter(input: Tensor, src: Tensor, dim: Int, index: Int) -> Tensor:
    """A copy in which one index of an axis is replaced.

    >>> torch.select_scatter(T(2, 3, 4), T(2, 4), 1, 0)
    (2, 3, 4)
    >>> torch.select_scatter(T(2, 3, 4), T(3, 4), 1, 0)
    ! SHP109 expected src to have a size equal to the slice of self. src size = [3, 4], slice size = [2, 4]
    """
    expect(input.rank > 0, "SHP107", "select() cannot be applied to a 0-dim tensor.", error="IndexError")
    place = axis(dim, input.rank)
    size = input.shape[place]
    inside = facts().ge(size, index + 1 if index >= 0 else -index)
    expect(
        not inside.no,
        "SHP109",
        lambda: f"select(): index {index} out of range for tensor of size {brackets(input.shape)} at dimension {place}",
        error="IndexError",
        expected=size,
        actual=index,
        axis=place,
    )
    _expect_slice(src, _without(input.shape, place))
    return _cloned(input)


@op("torch.slice_scatter", "Tensor.slice_scatter")
def slice_scatter(
    input: Tensor, src: Tensor, dim: Int = 0, start: Size | None = None, end: Size | None = None, step: Int = 1, *, out: Any = None
) -> Tensor:
    """A copy in which a slice of an axis is replaced.

    >>> T(2, 6).slice_scatter(T(2, 2), 1, 1, 3)
    (2, 6)
    >>> T(2, 6).slice_scatter(T(2, 3), 1, 1, 3)
    ! SHP109 expected src to have a size equal to the slice of self. src size = [2, 3], slice size = [2, 2]
    """
    expect(input.rank > 0, "SHP107", "slice() cannot be applied to a 0-dim tensor.", error="IndexError")
    place = axis(dim, input.rank)
    expect(step > 0, "SHP118", "slice step must be positive")
    _, length = span(start, end, input.shape[place])
    _expect_slice(src, (*input.shape[:place], ceildiv(length, step), *input.shape[place + 1 :]))
    return into(out, _cloned(input))
