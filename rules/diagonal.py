"""Diagonals and triangles: diag, diagonal, diag_embed, tril, triu, their scatters and indices."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Int,
    Size,
    Tensor,
    as_spelled,
    axis,
    brackets,
    dtype_argument,
    expect,
    expect_eq,
    expect_ge,
    facts,
    floordiv,
    fresh,
    inplace,
    into,
    layout_of,
    maximum,
    minimum,
    op,
    spelled,
    true_product,
    word,
    written,
)


def _length(rows: Size, columns: Size, offset: Size) -> Size:
    """The elements of a diagonal that begins `offset` columns to the right (or rows down)."""
    known = facts()
    rows, columns = known.simplify(rows), known.simplify(columns)
    if known.ge(offset, 0).yes:
        columns = columns - offset
    elif known.le(offset, 0).yes:
        rows = rows + offset
    else:
        return fresh("diagonal", low=0)
    least = rows if known.le(rows, columns).yes else columns if known.le(columns, rows).yes else minimum(rows, columns)
    return least if known.ge(least, 0).yes else 0 if known.le(least, 0).yes else maximum(least, 0)


def _diagonal(input: Tensor, offset: Size, dim1: int, dim2: int) -> Tensor:
    first, second = axis(dim1, input.rank), axis(dim2, input.rank)
    expect(first != second, "SHP108", f"diagonal dimensions cannot be identical {dim1}, {dim2}", message="a diagonal of one axis")
    length = _length(input.shape[first], input.shape[second], offset)
    left = [place for place in range(input.rank) if place not in (first, second)]
    shape = (*(input.shape[place] for place in left), length)
    strides = input.strides
    layout = None
    start = input.offset
    if strides is not None:
        layout = layout_of(shape, (*(strides[place] for place in left), strides[first] + strides[second]))
        if not isinstance(offset, int):
            start = None
        elif start is not None and length != 0:
            start = start + (offset * strides[second] if offset >= 0 else -offset * strides[first])
    return as_spelled(Tensor(shape, input.dtype, layout, start if strides is not None else None, device=input.device))


@op("torch.diagonal", "Tensor.diagonal", "torch.diagonal_copy", ranks=(2, 3, 4))
def diagonal(input: Tensor, offset: Size = 0, dim1: Int = 0, dim2: Int = 1, *, out: Any = None) -> Tensor:
    """The diagonal of two axes as a new last axis.

    >>> T(2, 3, 4).diagonal(0, 1, 2)
    (2, 3) strides (12, 5)
    >>> T(3, 4).diagonal(2)
    (2,)
    >>> T(3).diagonal()
    ! SHP108 Dimension out of range (expected to be in range of [-1, 0], but got 1)
    """
    return into(out, _diagonal(input, offset, dim1, dim2))


@op("linalg.diagonal", ranks=(2, 3, 4))
def linalg_diagonal(A: Tensor, *, offset: Size = 0, dim1: Int = -2, dim2: Int = -1) -> Tensor:
    """The diagonal of the last two axes.

    >>> torch.linalg.diagonal(T(2, 3, 4))
    (2, 3)
    >>> torch.linalg.diagonal(T(3))
    ! SHP108 Dimension out of range (expected to be in range of [-1, 0], but got -2)
    """
    return _diagonal(A, offset, dim1, dim2)


@op("torch.diag", "Tensor.diag", ranks=(1, 2))
def diag(input: Tensor, diagonal: Size = 0, *, out: Any = None) -> Tensor:
    """A vector on the diagonal of a matrix, or the diagonal of a matrix as a vector.

    >>> torch.diag(T(3), 1)
    (4, 4)
    >>> torch.diag(T(3, 4), -1)
    (2,)
    >>> torch.diag(T(2, 3, 4))
    ! SHP107 diag(): Supports 1D or 2D tensors. Got 3D
    """
    expect(input.rank in (1, 2), "SHP107", f"diag(): Supports 1D or 2D tensors. Got {input.rank}D", actual=input.rank)
    if input.rank == 1:
        size = input.shape[0] + _distance(diagonal)
        return into(out, Tensor((size, size), input.dtype, device=input.device))
    return into(out, Tensor((_length(input.shape[0], input.shape[1], diagonal),), input.dtype, device=input.device))


def _distance(offset: Size) -> Size:
    known = facts()
    if known.ge(offset, 0).yes:
        return offset
    return -offset if known.le(offset, 0).yes else fresh("offset", low=0)


@op("torch.diag_embed", "Tensor.diag_embed")
def diag_embed(input: Tensor, offset: Size = 0, dim1: Int = -2, dim2: Int = -1) -> Tensor:
    """The last axis becomes the diagonal of two new ones.

    >>> torch.diag_embed(T(2, 3))
    (2, 3, 3)
    >>> torch.diag_embed(T(2, 3), -2, 0, 2)
    (5, 2, 5)
    >>> torch.diag_embed(T(2, 3), 0, 1, 1)
    ! SHP108 diagonal dimensions cannot be identical 1, 1
    """
    rank = input.rank + 1
    first, second = axis(dim1, rank), axis(dim2, rank)
    expect(first != second, "SHP108", f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    size = input.shape[-1] + _distance(offset)
    rest = iter(input.shape[:-1])
    return Tensor((size if place in (first, second) else next(rest) for place in range(rank)), input.dtype, device=input.device)


@op("torch.diagflat", "Tensor.diagflat", refuses_nothing=True)
def diagflat(input: Tensor, offset: Size = 0) -> Tensor:
    """All elements on the diagonal of a matrix.

    >>> torch.diagflat(T(2, 3))
    (6, 6)
    """
    size = true_product(input.shape) + _distance(offset)
    return Tensor((size, size), input.dtype, device=input.device)


@op("torch.diagonal_scatter", "Tensor.diagonal_scatter")
def diagonal_scatter(input: Tensor, src: Tensor, offset: Size = 0, dim1: Int = 0, dim2: Int = 1) -> Tensor:
    """A copy in which a diagonal is replaced.

    >>> torch.diagonal_scatter(T(3, 3), T(3))
    (3, 3)
    >>> torch.diagonal_scatter(T(3, 3), T(2))
    ! SHP109 expected src to have a size equal to the slice of self. src size = [2], slice size = [3]
    """
    wanted = _diagonal(input, offset, dim1, dim2).shape

    def sentence() -> str:
        return f"expected src to have a size equal to the slice of self. src size = {brackets(src.shape)}, slice size = {brackets(wanted)}"

    details: dict[str, Any] = {"expected": list(wanted), "actual": list(src.shape)}
    expect(src.rank == len(wanted), "SHP109", sentence, **details)
    for left, right in zip(src.shape, wanted, strict=True):
        expect_eq(left, right, "SHP109", sentence, **details)
    strides = input.strides  # kept as they are, gaps included
    layout = None if strides is None or 0 in strides else input.layout
    return Tensor(input.shape, input.dtype, layout, None if layout is None else input.offset, device=input.device)


@op(*(f"{prefix}.{name}" for prefix in ("torch", "Tensor") for name in ("tril", "triu")), "Tensor.tril_", "Tensor.triu_", ranks=(2, 3, 4))
def triangle(input: Tensor, diagonal: Any = 0, *, out: Any = None) -> Tensor:
    """The lower or upper triangle of the last two axes; the rest becomes zero.

    >>> torch.tril(T(2, 3, 4))
    (2, 3, 4)
    >>> torch.triu(T(5, 5), diagonal=1)
    (5, 5)
    >>> torch.triu(T(5))
    ! SHP107 triu: input tensor must have at least 2 dimensions
    """
    name = spelled().rstrip("_")
    expect(input.rank >= 2, "SHP107", f"{name}: input tensor must have at least 2 dimensions", expected=2, actual=input.rank)
    return written(input) if inplace() else into(out, Tensor(input.shape, input.dtype, CONTIGUOUS, device=input.device))


@op("torch.tril_indices", "torch.triu_indices")
def triangle_indices(
    row: Size,
    col: Size,
    offset: Size = 0,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = False,
    requires_grad: Any = False,
) -> Tensor:
    """The places of a triangle: a row of row numbers and a row of column numbers.

    >>> torch.tril_indices(3, 3)
    (2, 6) int64
    >>> torch.triu_indices(3, 4, 1)
    (2, 6)
    >>> torch.tril_indices(-3, 4)
    ! SHP118 row must be non-negative, got-3
    """
    expect_ge(row, 0, "SHP118", lambda: f"row must be non-negative, got{word(row)}", actual=row)
    expect_ge(col, 0, "SHP118", lambda: f"col must be non-negative, got{word(col)}", actual=col)
    lower = spelled() == "tril_indices"
    count = _triangle(facts().simplify(row), facts().simplify(col), facts().simplify(offset), lower)
    return Tensor((2, count), dtype_argument(dtype, "int64"))


def _triangle(row: Size, col: Size, offset: Size, lower: bool) -> Size:
    """How many elements lie in a triangle: exact for numbers and for squares of a named size."""
    if not isinstance(offset, int):
        return fresh("triangle", low=0)
    if isinstance(row, int) and isinstance(col, int):
        if lower:
            return sum(min(max(line + offset + 1, 0), col) for line in range(row))
        return sum(col - min(max(line + offset, 0), col) for line in range(row))
    if row != col or not facts().ge(row, abs(offset)).yes:
        return fresh("triangle", low=0)
    if not lower:
        return row * row - _triangle(row, col, offset - 1, True)
    if offset < 0:
        return floordiv((row + offset) * (row + offset + 1), 2)
    return row * row - floordiv((row - offset - 1) * (row - offset), 2)
