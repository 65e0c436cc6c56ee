"""One tensor made several: split, chunk, unbind, tensor_split."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book import (
    Any,
    Int,
    ListValue,
    Poly,
    Repeated,
    Size,
    Sizes,
    SymFloat,
    Tensor,
    Unsure,
    axis,
    brackets,
    ceildiv,
    current,
    exact_div,
    expect,
    expect_divides,
    expect_eq,
    expect_ge,
    facts,
    floordiv,
    fresh,
    layout_of,
    op,
    refuse,
    span,
    spelled,
    to_sequence,
    to_size,
    to_sizes,
    word,
)

MAX_PIECES = 4096  # beyond that one piece stands for all
Pieces = Any  # a tuple of tensors, or a list of unknown length


def _piece(input: Tensor, place: int, start: Size | None, length: Size) -> Tensor:
    """The view of a part of an axis."""
    shape = (*input.shape[:place], length, *input.shape[place + 1 :])
    strides = input.strides
    layout = None if strides is None else layout_of(shape, strides)
    offset = None if start is None or strides is None or input.offset is None else input.offset + start * strides[place]
    return Tensor(shape, input.dtype, layout, offset, device=input.device)


def _pieces(input: Tensor, place: int, lengths: Sequence[Size]) -> tuple[Tensor, ...]:
    start: Size = 0
    made = []
    for length in lengths:
        made.append(_piece(input, place, start, length))
        start = start + length
    return tuple(made)


def _by_size(input: Tensor, size: Size, place: int) -> Pieces:
    """Pieces of `size`, the last one with what is left."""
    known = facts()
    total, size = known.simplify(input.shape[place]), known.simplify(size)
    if isinstance(size, int) and isinstance(total, int):
        if size == 0:
            return _pieces(input, place, [total])
        full, rest = divmod(total, size)
        return _pieces(input, place, [size] * full + ([rest] if rest or not full else []))
    if known.ge(size, total).yes:
        return _pieces(input, place, [total])
    count = exact_div(total, size)
    if count is None and _divides(size, total):
        count = facts().simplify(floordiv(facts().simplify(total), facts().simplify(size)))
    if isinstance(count, int):
        return _pieces(input, place, [size] * count)
    if count is not None:
        return ListValue(Repeated(_piece(input, place, None, size), count))
    full_count = facts().simplify(floordiv(total, size))
    if isinstance(full_count, int):  # 2*k + 1 by k: two whole pieces and what is left
        return _pieces(input, place, [size] * full_count + [facts().simplify(total - full_count * size)])
    return ListValue(Repeated(_piece(input, place, None, fresh("piece", low=1)), ceildiv(total, size)))


def _divides(size: Size, total: Size) -> bool:
    """Whether the pieces come out even; where that is open, the likeliest case is that they do."""
    context = current()
    answer = context.facts.divides(size, total)
    if not answer.maybe:
        return answer.yes
    assumed = context.facts.assume_divides(size, total)
    if assumed is None or context.choose(("divides", size, total), 2) != 0:
        return False
    context.learn(assumed)
    return True


def _by_sizes(input: Tensor, sizes: Sequence[Size], dim: int) -> Pieces:
    expect(input.rank > 0, "SHP107", "split expects at least a 1-dimensional tensor")
    place = axis(dim, input.rank)
    for size in sizes:
        negative = f"split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes={brackets(sizes)}"
        expect(not (isinstance(size, int) and size < 0), "SHP111", negative, actual=size)
    total: Size = 0
    for size in sizes:
        total = total + size
    expect_eq(
        total,
        input.shape[place],
        "SHP111",
        lambda: (
            f"split_with_sizes expects split_sizes to sum exactly to {word(input.shape[place])} (input tensor's size at dimension {dim}), "
            f"but got split_sizes={brackets(sizes)}"
        ),
        message=lambda: f"split into {brackets(sizes)} of an axis of {word(input.shape[place])}",
        expected=input.shape[place],
        actual=total,
        axis=place,
    )
    return _pieces(input, place, sizes)


def _split(input: Tensor, size: Any, dim: int) -> Pieces:
    items = to_sequence(size)
    if items is not None:
        return _by_sizes(input, to_sizes(items), dim)
    if isinstance(size, (float, SymFloat)):
        sentence = "split_with_sizes(): argument 'split_sizes' (position 2) must be tuple of ints, not float"
        refuse("SHP118", sentence, message="split wants a whole size", error="TypeError")
    length = to_size(size)
    expect(input.rank > 0, "SHP107", "split expects at least a 1-dimensional tensor")
    expect_ge(length, 0, "SHP111", lambda: f"split expects split_size be non-negative, but got split_size={word(length)}", actual=length)
    place = axis(dim, input.rank)
    total = input.shape[place]
    if facts().eq(length, 0).yes:
        zero = f"split_size can only be 0 if dimension size is 0, but got dimension size of {word(total)}"
        expect_eq(total, 0, "SHP111", zero, expected=0, actual=total)
    return _by_size(input, length, place)


@op("torch.split")
def split_function(tensor: Tensor, split_size_or_sections: Any, dim: Int = 0) -> Pieces:
    """Pieces of one size, or of the given sizes, which have to add up.

    >>> torch.split(T(5, 4), 2)
    [(2, 4), (2, 4), (1, 4)]
    >>> torch.split(T(5, 4), [1, 4])
    [(1, 4), (4, 4)]
    >>> torch.split(T(5, 4), [1, 3])
    ! SHP111 split_with_sizes expects split_sizes to sum exactly to 5 (input tensor's size at dimension 0), but got split_sizes=[1, 3]
    """
    return _split(tensor, split_size_or_sections, dim)


@op("Tensor.split", "torch.unsafe_split", "Tensor.unsafe_split")
def split(input: Tensor, split_size: Any, dim: Int = 0) -> Pieces:
    """Pieces of one size, or of the given sizes, which have to add up.

    >>> T(2, 12).split(4, dim=-1)
    [(2, 4), (2, 4), (2, 4)]
    >>> T(2, 12).split([4, 4], 1)
    ! SHP111 split_with_sizes expects split_sizes to sum exactly to 12 (input tensor's size at dimension 1), but got split_sizes=[4, 4]
    """
    return _split(input, split_size, dim)


@op("torch.split_with_sizes", "Tensor.split_with_sizes", "torch.unsafe_split_with_sizes", "Tensor.unsafe_split_with_sizes")
def split_with_sizes(input: Tensor, split_sizes: Sizes, dim: Int = 0) -> Pieces:
    """Pieces of the given sizes.

    >>> T(5, 4).split_with_sizes([1, 4])
    [(1, 4), (4, 4)]
    >>> T(5, 4).split_with_sizes([2, 4])
    ! SHP111 split_with_sizes expects split_sizes to sum exactly to 5 (input tensor's size at dimension 0), but got split_sizes=[2, 4]
    """
    return _by_sizes(input, split_sizes, dim)


@op("torch.chunk", "Tensor.chunk", "torch.unsafe_chunk", "Tensor.unsafe_chunk")
def chunk(input: Tensor, chunks: Int, dim: Int = 0) -> Pieces:
    """At most `chunks` pieces of one size, the last one with what is left: 4 in 3 chunks are 2 pieces.

    >>> T(2, 12).chunk(3, dim=1)
    [(2, 4), (2, 4), (2, 4)]
    >>> T(4).chunk(3)
    [(2,), (2,)]
    >>> T(4).chunk(0)
    ! SHP111 chunk expects `chunks` to be greater than 0, got: 0
    """
    expect(input.rank > 0, "SHP107", "chunk expects at least a 1-dimensional tensor")
    expect(chunks > 0, "SHP111", f"chunk expects `chunks` to be greater than 0, got: {chunks}", actual=chunks)
    place = axis(dim, input.rank)
    total = facts().simplify(input.shape[place])
    if isinstance(total, int):
        if total == 0:
            return _pieces(input, place, [0] * chunks)
        return _by_size(input, -(-total // chunks), place)
    if chunks == 1:
        return (input,)
    if _divides(chunks, total):
        return _pieces(input, place, [facts().simplify(floordiv(facts().simplify(total), chunks))] * chunks)
    size = facts().simplify(ceildiv(total, chunks))
    last = facts().simplify(total - (chunks - 1) * size)
    context = current()
    if not context.facts.ge(last, 1).yes:  # 4 in 3 chunks: fewer pieces than asked for
        enough = context.facts.assume_le(1, last)
        if enough is None or context.choose(("chunk", chunks, total), 2) != 0:
            raise Unsure("fewer pieces than chunk was asked for")
        context.learn(enough)
    return _pieces(input, place, [size] * (chunks - 1) + [last])


@op("torch.unbind", "Tensor.unbind")
def unbind(input: Tensor, dim: Int = 0) -> Pieces:
    """Every item of an axis as a tensor of its own.

    >>> T(3, 2, 4).unbind(0)
    [(2, 4), (2, 4), (2, 4)]
    >>> T(3, 2).unbind(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    expect(input.rank > 0, "SHP107", f"Dimension specified as {dim} but tensor has no dimensions", error="IndexError")
    place = axis(dim, input.rank)
    count = facts().simplify(input.shape[place])
    shape = (*input.shape[:place], *input.shape[place + 1 :])
    strides = input.strides
    layout = None if strides is None else layout_of(shape, (*strides[:place], *strides[place + 1 :]))

    def item(index: int | None) -> Tensor:
        offset = None if index is None or strides is None or input.offset is None else input.offset + index * strides[place]
        elements = (input.elements[index],) if input.rank == 1 and input.elements is not None and index is not None else None
        return Tensor(shape, input.dtype, layout, offset, elements, device=input.device)

    if isinstance(count, int) and count <= MAX_PIECES:
        return tuple(item(index) for index in range(count))
    return ListValue(Repeated(item(None), count))


def _sections(input: Tensor, count: int, place: int) -> Pieces:
    """tensor_split by a number: the first pieces are one longer where it does not come out even."""
    expect(count > 0, "SHP111", f"number of sections must be larger than 0, got {count}", actual=count)
    total = facts().simplify(input.shape[place])
    if count > MAX_PIECES:
        raise Unsure("thousands of pieces")
    if isinstance(total, int):
        size, longer = divmod(total, count)
        return _pieces(input, place, [size + 1] * longer + [size] * (count - longer))
    if _divides(count, total):
        return _pieces(input, place, [facts().simplify(floordiv(facts().simplify(total), count))] * count)
    return _pieces(input, place, [facts().simplify(floordiv(total + count - 1 - index, count)) for index in range(count)])


def _at(input: Tensor, indices: Sequence[Size], place: int) -> Pieces:
    """tensor_split at indices, clamped as slices are."""
    made = []
    start: Size | None = 0
    for index in (*indices, None):
        begin, length = span(start, index, input.shape[place])
        made.append(_piece(input, place, begin, length))
        start = index
    return tuple(made)


def _tensor_split(input: Tensor, where: Any, place: int) -> Pieces:
    items = to_sequence(where)
    if items is not None:
        return _at(input, to_sizes(items), place)
    count = facts().simplify(to_size(where))
    if isinstance(count, Poly):
        raise Unsure("the number of pieces is not known")
    return _sections(input, count, place)


@op("torch.tensor_split", "Tensor.tensor_split")
def tensor_split(input: Tensor, indices_or_sections: Any = None, dim: Int = 0, indices: Any = None, sections: Any = None) -> Pieces:
    """Pieces of about one size, or cut at the given indices.

    >>> T(7, 2).tensor_split(3)
    [(3, 2), (2, 2), (2, 2)]
    >>> T(7, 2).tensor_split((1, 5))
    [(1, 2), (4, 2), (2, 2)]
    >>> T(7).tensor_split(0)
    ! SHP111 number of sections must be larger than 0, got 0
    """
    where = next((value for value in (indices_or_sections, indices, sections) if value is not None), None)
    less = f"tensor_split expected at least a 1-dimensional tensor, but got a tensor with {input.rank} dims"
    expect(input.rank > 0, "SHP107", less)
    place = axis(dim, input.rank)
    if isinstance(where, Tensor) and where.rank == 1:
        if where.elements is None:
            raise Unsure("the indices at which tensor_split cuts are not known")
        return _at(input, where.elements, place)
    return _tensor_split(input, where, place)


@op(
    *(f"{prefix}.{name}" for prefix in ("torch", "Tensor") for name in ("hsplit", "vsplit", "dsplit")),
    ranks=(3, 4, 2),
)
def split_along(input: Tensor, indices_or_sections: Any = None, indices: Any = None, sections: Any = None) -> Pieces:
    """`tensor_split` along the second, first or third axis; a number has to divide it.

    >>> T(2, 6).hsplit(3)
    [(2, 2), (2, 2), (2, 2)]
    >>> T(4, 6).vsplit((1,))
    [(1, 6), (3, 6)]
    >>> T(2, 6).hsplit(4)
    ! SHP112 torch.hsplit attempted to split along dimension 1, but the size of the dimension 6 is not divisible by the split_size 4!
    """
    name = spelled()
    where = next((value for value in (indices_or_sections, indices, sections) if value is not None), None)
    least = {"hsplit": 1, "vsplit": 2, "dsplit": 3}[name]
    less = f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor with {input.rank} dimensions!"
    expect(input.rank >= least, "SHP107", less, expected=least, actual=input.rank)
    place = {"hsplit": 1 if input.rank > 1 else 0, "vsplit": 0, "dsplit": 2}[name]
    if to_sequence(where) is None:
        count = to_size(where)
        size = input.shape[place]

        def sentence() -> str:
            return (
                f"torch.{name} attempted to split along dimension {place}, but the size of the dimension {word(size)} "
                f"is not divisible by the split_size {word(count)}!"
            )

        expect(count != 0, "SHP112", sentence)
        expect_divides(count, size, "SHP112", sentence, expected=count, actual=size, axis=place)
    return _tensor_split(input, where, place)
