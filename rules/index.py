"""Reading parts of a tensor: x[…], select, narrow, index_select, take, gather."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    Int,
    Size,
    Tensor,
    as_spelled,
    axis,
    brackets,
    broadcast,
    ceildiv,
    current,
    expect,
    expect_ge,
    expect_le,
    facts,
    into,
    layout_of,
    likely_ranks,
    op,
    pick,
    refuse,
    span,
    to_size,
    to_tensor,
    true_product,
    type_name,
    word,
)


def _ranks_for(index: Any) -> tuple[int, ...]:
    """The ranks that a tensor of unknown rank may have when it is indexed so."""
    items = index if isinstance(index, tuple) else (index,)
    counts = [
        item.rank if isinstance(item, Tensor) and item.dtype in ("bool", "uint8") else 1
        for item in items
        if item is not None and item is not Ellipsis
    ]
    lowest = sum(counts)
    return likely_ranks(lowest, lowest) if lowest > 2 else likely_ranks(lowest, 3) if lowest == 2 else likely_ranks(lowest)


@op("Tensor.__getitem__")
def getitem(input: Any, index: Any) -> Tensor:
    """Integers take an axis away, slices shorten it, None adds one, tensors and lists pick from it.

    >>> T(4, 5, 6)[1:3, 0]
    (2, 6) strides (30, 1)
    >>> T(4, 5, 6)[..., None, ::2]
    (4, 5, 1, 3)
    >>> T(4, 5, 6)[I(7), :, [0, 1, 2, 0, 1, 2, 0]]
    (7, 5)
    >>> T(4, 5)[4]
    ! SHP109 index 4 is out of bounds for dimension 0 with size 4
    >>> T(4, 5)[0, 0, 0]
    ! SHP109 too many indices for tensor of dimension 2
    >>> T(4, 5)[M(5)]
    ! SHP109 The shape of the mask [5] at index 0 does not match the shape of the indexed tensor [4, 5] at index 0
    """
    input = to_tensor(input, _ranks_for(index))
    found = pick(input, index)
    found.expect_values()
    return Tensor(found.shape, input.dtype, found.layout, found.offset, found.elements, device=input.device)


def _without(input: Tensor, place: int, index: Size | None) -> Tensor:
    """The view at one index of an axis."""
    shape = (*input.shape[:place], *input.shape[place + 1 :])
    strides = input.strides
    layout = None if strides is None else layout_of(shape, (*strides[:place], *strides[place + 1 :]))
    offset = None if strides is None or index is None or input.offset is None else input.offset + index * strides[place]
    return as_spelled(Tensor(shape, input.dtype, layout, offset, device=input.device))


@op("torch.select", "Tensor.select", "torch.select_copy")
def select(input: Tensor, dim: Int, index: Size, *, out: Any = None) -> Tensor:
    """One index of an axis, which goes away.

    >>> T(2, 3, 4).select(1, 2)
    (2, 4) strides (12, 1)
    >>> T(2, 3, 4).select(1, 3)
    ! SHP109 select(): index 3 out of range for tensor of size [2, 3, 4] at dimension 1
    """
    expect(input.rank > 0, "SHP107", "select() cannot be applied to a 0-dim tensor.", error="IndexError")
    place = axis(dim, input.rank)
    size = input.shape[place]

    def sentence() -> str:
        return f"select(): index {word(index)} out of range for tensor of size {brackets(input.shape)} at dimension {place}"

    sign = facts().ge(index, 0)
    details: dict[str, Any] = {"error": "IndexError", "expected": size, "actual": index, "axis": place}
    if sign.yes:
        expect_ge(size, index + 1, "SHP109", sentence, **details)
    elif sign.no:
        expect_ge(size, -index, "SHP109", sentence, **details)
    else:
        expect(not facts().ge(index, size).yes, "SHP109", sentence, **details)
    return into(out, _without(input, place, index if sign.yes else size + index if sign.no else None))


@op("torch.narrow", "Tensor.narrow", "torch.narrow_copy", "Tensor.narrow_copy")
def narrow(input: Tensor, dim: Int, start: Any, length: Size, *, out: Any = None) -> Tensor:
    """`length` items of an axis from `start` on.

    >>> T(2, 5).narrow(1, 1, 3)
    (2, 3)
    >>> T(2, 5).narrow(1, -2, 2)
    (2, 2)
    >>> T(2, 5).narrow(1, 3, 3)
    ! SHP109 start (3) + length (3) exceeds dimension size (5).
    """
    expect(input.rank > 0, "SHP107", "narrow() cannot be applied to a 0-dim tensor.")
    if isinstance(start, Tensor):
        wanted = start.rank == 0 and (start.dtype is None or start.dtype.startswith(("int", "uint")))
        expect(wanted, "SHP118", "start must be an 0-dim integral Tensor.")
        start = start.elements[0] if start.elements is not None else current().fresh("start", None)
    first = to_size(start)
    expect_ge(length, 0, "SHP118", "narrow(): length must be non-negative.")
    place = axis(dim, input.rank)
    size = input.shape[place]

    def outside() -> str:
        return f"start out of range (expected to be in range of [{word(-size)}, {word(size)}], but got {word(first)})"

    sign = facts().ge(first, 0)
    details: dict[str, Any] = {"expected": size, "axis": place}
    if sign.no:
        expect_le(-first, size, "SHP109", outside, error="IndexError", actual=first, **details)
        first = size + first
    elif sign.yes:
        expect_le(first, size, "SHP109", outside, error="IndexError", actual=first, **details)
    else:
        expect_le(length, size, "SHP109", lambda: f"start ({word(first)}) + length ({word(length)}) exceeds dimension size ({word(size)}).")
        return into(out, _shortened(input, place, None, length))
    begin = first
    expect_le(
        begin + length,
        size,
        "SHP109",
        lambda: f"start ({word(begin)}) + length ({word(length)}) exceeds dimension size ({word(size)}).",
        message=lambda: f"narrow wants {word(length)} from {word(begin)} on, the axis has {word(size)}",
        actual=begin + length,
        **details,
    )
    return into(out, _shortened(input, place, first, length))


def _shortened(input: Tensor, place: int, start: Size | None, length: Size, step: Size = 1) -> Tensor:
    """The view of `length` items of an axis."""
    shape = (*input.shape[:place], length, *input.shape[place + 1 :])
    strides = input.strides
    layout = None if strides is None else layout_of(shape, (*strides[:place], strides[place] * step, *strides[place + 1 :]))
    offset = None if strides is None or start is None or input.offset is None else input.offset + start * strides[place]
    return as_spelled(Tensor(shape, input.dtype, layout, offset, device=input.device))


@op("torch.slice_copy")
def slice_copy(
    input: Tensor, dim: Int = 0, start: Size | None = None, end: Size | None = None, step: Int = 1, *, out: Any = None
) -> Tensor:
    """A slice of one axis, as new memory.

    >>> torch.slice_copy(T(2, 5), 1, 1, 4)
    (2, 3)
    >>> torch.slice_copy(T(2, 5), 2, 1, 4)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    expect(input.rank > 0, "SHP107", "slice() cannot be applied to a 0-dim tensor.")
    place = axis(dim, input.rank)
    expect(step > 0, "SHP118", "slice step must be positive")
    begin, length = span(start, end, input.shape[place])
    return into(out, _shortened(input, place, begin, ceildiv(length, step), step))


def expect_index_dtype(index: Tensor, allowed: tuple[str, ...], sentence: str, error: str = "RuntimeError") -> None:
    """An index tensor has one of the integer dtypes that this op takes."""
    expect(index.dtype is None or index.dtype in allowed, "SHP117", sentence, error=error, expected=allowed[-1], actual=index.dtype)


LONGS = ("int32", "int64")


@op("torch.index_select", "Tensor.index_select")
def index_select(input: Tensor, dim: Int, index: Tensor, *, out: Any = None) -> Tensor:
    """The items of an axis that a vector of indices names.

    >>> T(4, 5).index_select(1, I(7))
    (4, 7)
    >>> T(4, 5).index_select(0, I(2, 2))
    ! SHP107 index_select(): Index is supposed to be a vector
    >>> T(4, 5).index_select(0, torch.tensor([0, 4]))
    ! SHP109 index out of range in self
    """
    place = axis(dim, input.rank)
    expect(index.rank <= 1, "SHP107", "index_select(): Index is supposed to be a vector", error="IndexError", actual=list(index.shape))
    expect_index_dtype(index, LONGS, "index_select(): Expected dtype int32 or int64 for index")
    count = true_product(index.shape)
    if input.rank == 0:
        one = facts().eq(count, 1)
        expect(not one.no, "SHP118", lambda: f"index_select(): Index to scalar can have only 1 value, got {word(count)} value(s)")
        return into(out, Tensor((), input.dtype, device=input.device))
    if input.rank > 1 and facts().ge(count, 1).yes:
        positive = "index_select(): self indexing axis dim should be positive"
        expect(not facts().eq(input.shape[place], 0).yes, "SHP109", positive)
    _expect_selected(index, input.shape[place], place, input.rank)
    return into(out, Tensor((*input.shape[:place], count, *input.shape[place + 1 :]), input.dtype, device=input.device))


def _expect_values(
    index: Tensor, size: Size, sentence: str, place: int | None = None, negative: bool = True, error: str = "IndexError"
) -> None:
    """The values of a constant index tensor lie inside; `{value}` in the sentence is the first that does not."""
    if index.elements is None or not isinstance(size, int):
        return
    for value in index.elements:
        if isinstance(value, int) and not (-size if negative else 0) <= value < size:
            refuse("SHP109", sentence.format(value=value), error=error, expected=size, actual=value, axis=place)


def _expect_selected(index: Tensor, size: Size, place: int, rank: int) -> None:
    """The second axis has a loop of its own, with words of its own."""
    if rank > 1 and place == 1:
        words = f"INDICES element is out of DATA bounds, id={{value}} axis_dim={word(size)}"
        _expect_values(index, size, words, place, negative=False, error="RuntimeError")
    else:
        _expect_values(index, size, "index out of range in self", place, negative=False)


@op("torch.take", "Tensor.take")
def take(input: Tensor, index: Tensor, *, out: Any = None) -> Tensor:
    """Elements of the flattened tensor, in the shape of the index.

    >>> T(4, 5).take(I(2, 3))
    (2, 3)
    >>> T(4, 5).take(torch.tensor(30))
    ! SHP109 out of range: tried to access index 30 on a tensor of 20 elements.
    """
    dtype = type_name(index.dtype) if index.dtype else ""
    expect_index_dtype(index, ("int64",), f"take(): Expected a long tensor for index, but got {dtype}")
    count = true_product(input.shape)
    empty = facts().eq(count, 0).yes and facts().ge(true_product(index.shape), 1).yes
    expect(not empty, "SHP109", "take(): tried to take from an empty tensor", error="IndexError")
    _expect_values(index, count, f"out of range: tried to access index {{value}} on a tensor of {word(count)} elements.")
    return into(out, Tensor(index.shape, input.dtype, device=input.device))


def expect_index_fits(input: Tensor, index: Tensor, place: int) -> None:
    """gather's check (aten/src/ATen/native/ScatterGatherChecks.h): no axis of the index but `place` is longer than the tensor's."""
    expect(
        max(index.rank, 1) == max(input.rank, 1),
        "SHP107",
        "Index tensor must have the same number of dimensions as input tensor",
        expected=input.rank,
        actual=index.rank,
    )
    for other in range(index.rank if input.rank else 0):
        if other != place:
            _expect_no_larger(input, index, other, place)


def _expect_no_larger(input: Tensor, index: Tensor, other: int, place: int) -> None:
    expect_le(
        index.shape[other],
        input.shape[other],
        "SHP109",
        lambda: (
            f"Size does not match at dimension {other} expected index {brackets(index.shape)} to be no larger than self "
            f"{brackets(input.shape)} apart from dimension {place}"
        ),
        expected=input.shape[other],
        actual=index.shape[other],
        axis=other,
    )


@op("torch.gather", "Tensor.gather")
def gather(input: Tensor, dim: Int, index: Tensor, sparse_grad: Bool = False, *, out: Any = None) -> Tensor:
    """The result has the shape of the index, which may be smaller than the input on every axis but `dim`.

    >>> T(4, 5).gather(1, I(4, 9))
    (4, 9)
    >>> T(4, 5).gather(1, I(4))
    ! SHP107 Index tensor must have the same number of dimensions as input tensor
    >>> T(4, 5).gather(1, I(6, 2))
    ! SHP109 Size does not match at dimension 0 expected index [6, 2] to be no larger than self [4, 5] apart from dimension 1
    """
    place = axis(dim, input.rank)
    if not any(facts().eq(size, 0).yes for size in index.shape):
        expect_index_dtype(index, LONGS, "gather(): Expected dtype int32/int64 for index")
        expect_index_fits(input, index, place)
        size = input.shape[place] if input.rank else 1
        _expect_values(
            index, size, f"index {{value}} is out of bounds for dimension {place} with size {word(size)}", place, error="RuntimeError"
        )
    return into(out, Tensor(index.shape, input.dtype, device=input.device))


@op("torch.take_along_dim", "Tensor.take_along_dim")
def take_along_dim(input: Tensor, indices: Tensor, dim: Int | None = None, *, out: Any = None) -> Tensor:
    """`gather` with indices and input broadcast to each other on the other axes; without `dim` on the flattened tensors.

    >>> T(4, 5).take_along_dim(I(1, 2), 1)
    (4, 2)
    >>> T(4, 5).take_along_dim(I(7))
    (7,)
    >>> T(4, 5).take_along_dim(I(3, 2), 1)
    ! SHP103 The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 0
    """
    dtype = type_name(indices.dtype) if indices.dtype else ""
    if dim is None:
        expect_index_dtype(indices, ("int64",), f"torch.take_along_dim(): dtype of indices should be Long but got {dtype}")
        return into(out, Tensor((true_product(indices.shape),), input.dtype, device=input.device))
    expect(
        input.rank == indices.rank,
        "SHP107",
        "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
        f"{input.rank} dimensions for input, and {indices.rank} dimensions for indices",
        expected=input.rank,
        actual=indices.rank,
    )
    expect_index_dtype(indices, ("int64",), f"torch.take_along_dim(): dtype of indices should be Long but got {dtype}")
    place = axis(dim, input.rank)
    none = f"Dimension specified as {place} but tensor has no dimensions"
    expect(input.rank > 0, "SHP108", none, error="IndexError")
    own = (*input.shape[:place], indices.shape[place], *input.shape[place + 1 :])
    return into(out, Tensor(broadcast(own, indices.shape), input.dtype, device=input.device))
