"""Several tensors made one: cat, stack and their kin, block_diag."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Free,
    Int,
    ListValue,
    Poly,
    Repeated,
    Size,
    Tensor,
    Unknown,
    Unsure,
    at_least,
    axis,
    brackets,
    channels_last_strides,
    current,
    expect,
    expect_eq,
    facts,
    fresh,
    into,
    layout_of,
    op,
    promote,
    python_type,
    refuse,
    suggests_channels_last,
    to_sequence,
    to_tensor,
    word,
)


class Parts:
    """The tensors to join. Of a list of unknown length one tensor stands for all, and `count` says how many there are.

    even  whether all of them are as long as that one, along any axis
    """

    def __init__(self, tensors: Sequence[Tensor], count: Size | None = None, even: bool = True) -> None:
        self.tensors = list(tensors)
        self.count = count
        self.even = even

    def each(self, change: Any) -> Parts:
        return Parts([change(tensor) for tensor in self.tensors], self.count, self.even)


def parts(value: Any, function: str, empty: str, error: str = "RuntimeError") -> Parts:
    """The tensors of a list, refused as torch's argument parser does."""
    value = current().pinned(value)
    if isinstance(value, Tensor):
        sentence = f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor"
        refuse("SHP118", sentence, message=f"{function} wants a list of tensors", error="TypeError")
    if isinstance(value, ListValue) and isinstance(value.items, Repeated):
        count = value.items.count
        element = to_tensor(current().pinned(value.items.element))
        return Parts([element], count if isinstance(count, (int, Poly)) else fresh("count", low=1))
    if isinstance(value, Free) and value.kind in ("", "input", "list"):  # a list that is given: of tensors, or this would not work
        return Parts([to_tensor(current().pinned(Free(f"{value.name}[*]", "input", (value, "[*]"))))], fresh("count", low=1), False)
    items = to_sequence(value)
    if items is None:
        raise Unsure(value.why if isinstance(value, Unknown) else f"what {function} joins is not a list of known length")
    expect(len(items) > 0, "SHP106", empty, message=f"{function} of no tensors", error=error)
    given = [current().pinned(item) for item in items]
    rank = next((item.rank for item in given if isinstance(item, Tensor)), None)
    for place, item in enumerate(given):
        kind = python_type(item)
        if kind not in (None, "Tensor"):
            sentence = f"expected Tensor as element {place} in argument 0, but got {kind}"
            refuse("SHP118", sentence, message=f"{function} of a {kind}", error="TypeError")
    return Parts([to_tensor(item, (rank,)) if rank is not None else to_tensor(item) for item in given])


def _dtype(tensors: Sequence[Tensor]) -> str | None:
    first = tensors[0].dtype
    return first if all(tensor.dtype == first for tensor in tensors) else promote(tensors)


def _expect_fits(first: Tensor, tensor: Tensor, place: int, along: int) -> None:
    """The tensor at `place` of the list goes behind the first one along an axis."""
    expect(
        tensor.rank == first.rank,
        "SHP107",
        f"Tensors must have same number of dimensions: got {first.rank} and {tensor.rank}",
        message=lambda: f"cat of {brackets(first.shape)} and {brackets(tensor.shape)}",
        expected=first.rank,
        actual=tensor.rank,
    )
    for axis_, (wanted, size) in enumerate(zip(first.shape, tensor.shape, strict=True)):
        if axis_ != along:
            _expect_same(first, tensor, (axis_, wanted, size), place, along)


def _expect_same(first: Tensor, tensor: Tensor, other: tuple[int, Size, Size], place: int, along: int) -> None:
    """Two sizes of another axis are the same."""
    number, wanted, size = other
    expect_eq(
        wanted,
        size,
        "SHP106",
        lambda: (
            f"Sizes of tensors must match except in dimension {along}. Expected size {word(wanted)} but got size {word(size)} "
            f"for tensor number {place} in the list."
        ),
        message=lambda: f"cat along axis {along} of {brackets(first.shape)} and {brackets(tensor.shape)}: they differ at axis {number}",
        expected=wanted,
        actual=size,
        axis=number,
        culprit=tensor,
    )


def joined(found: Parts, dim: int) -> Tensor:
    """cat (aten/src/ATen/native/TensorShape.cpp): all sizes but those along `dim` are the same; empty vectors do not count."""
    tensors = found.tensors
    for place, tensor in enumerate(tensors):
        scalar = f"zero-dimensional tensor (at position {place}) cannot be concatenated"
        expect(tensor.rank > 0, "SHP107", scalar, message="cat of a tensor without axes; stack makes one", actual=0)
    counted = [(place, tensor) for place, tensor in enumerate(tensors) if not (tensor.rank == 1 and facts().eq(tensor.shape[0], 0).yes)]
    if not counted:
        return Tensor((0,), _dtype(tensors), device=tensors[0].device)
    first = counted[0][1]
    along = axis(dim, first.rank)
    total: Size = 0
    for place, tensor in counted:
        if tensor.rank != first.rank and tensor.rank == 1 and not facts().ge(tensor.shape[0], 1).yes:
            current().learn(facts().assume_eq(tensor.shape[0], 0))
            continue
        _expect_fits(first, tensor, place, along)
        total = total + tensor.shape[along]
    if found.count is not None:
        total = first.shape[along] * found.count if found.even else fresh("size")
    shape = (*first.shape[:along], facts().simplify(total), *first.shape[along + 1 :])
    return Tensor(shape, _dtype(tensors), _joined_layout(shape, tensors), device=first.device)


def _joined_layout(shape: Sequence[Size], tensors: Sequence[Tensor]) -> Any:
    """channels_last where all parts are so, row-major else."""
    answers = [suggests_channels_last(tensor) for tensor in tensors]
    if any(answer.no for answer in answers):
        return CONTIGUOUS
    return layout_of(shape, channels_last_strides(shape)) if all(answer.yes for answer in answers) else None


@op("torch.cat", "torch.concat", "torch.concatenate")
def cat(tensors: Any, dim: Int = 0, *, out: Any = None) -> Tensor:
    """Tensors one behind the other along an axis.

    >>> torch.cat((T(2, 3), T(4, 3)))
    (6, 3)
    >>> torch.cat([T(2, 3), T(2, 5), T(0)], dim=1)
    (2, 8)
    >>> torch.cat((T(2, 3, 8, 8), T(2, 5, 9, 8)), 1)
    ! SHP106 Sizes of tensors must match except in dimension 1. Expected size 8 but got size 9 for tensor number 1 in the list.
    >>> torch.cat((T(2, 3), T(3)))
    ! SHP107 Tensors must have same number of dimensions: got 2 and 1
    """
    return into(out, joined(parts(tensors, "cat", "torch.cat(): expected a non-empty list of Tensors", error="ValueError"), dim))


@op("torch.stack")
def stack(tensors: Any, dim: Int = 0, *, out: Any = None) -> Tensor:
    """Tensors of one shape along a new axis.

    >>> torch.stack([T(3, 4), T(3, 4)], dim=1)
    (3, 2, 4)
    >>> torch.stack([T(3, 4), T(3, 5)])
    ! SHP106 stack expects each tensor to be equal size, but got [3, 4] at entry 0 and [3, 5] at entry 1
    """
    found = parts(tensors, "stack", "stack expects a non-empty TensorList")
    first = found.tensors[0]
    place = axis(dim, first.rank + 1)
    for entry, tensor in enumerate(found.tensors[1:], 1):

        def sentence(entry: int = entry, tensor: Tensor = tensor) -> str:
            both = f"{brackets(first.shape)} at entry 0 and {brackets(tensor.shape)} at entry {entry}"
            return f"stack expects each tensor to be equal size, but got {both}"

        details: dict[str, Any] = {"expected": list(first.shape), "actual": list(tensor.shape), "culprit": tensor}
        expect(tensor.rank == first.rank, "SHP106", sentence, **details)
        for other, (left, right) in enumerate(zip(first.shape, tensor.shape, strict=True)):
            expect_eq(left, right, "SHP106", sentence, axis=other, **details)
    count = len(found.tensors) if found.count is None else found.count
    shape = (*first.shape[:place], count, *first.shape[place:])
    elements = None
    if first.rank == 0 and found.count is None and all(tensor.elements is not None for tensor in found.tensors):
        elements = tuple(item for tensor in found.tensors for item in tensor.elements or ())
    return into(out, Tensor(shape, _dtype(found.tensors), elements=elements, device=first.device))


@op("torch.hstack")
def hstack(tensors: Any, *, out: Any = None) -> Tensor:
    """`cat` along the second axis, or along the only one of vectors.

    >>> torch.hstack([T(2, 3), T(2, 5)])
    (2, 8)
    >>> torch.hstack([T(2), T(3)])
    (5,)
    >>> torch.hstack([T(2, 3), T(3, 3)])
    ! SHP106 Sizes of tensors must match except in dimension 1. Expected size 2 but got size 3 for tensor number 1 in the list.
    """
    found = parts(tensors, "hstack", "hstack expects a non-empty TensorList").each(lambda tensor: at_least(tensor, 1))
    return into(out, joined(found, 0 if found.tensors[0].rank == 1 else 1))


@op("torch.vstack", "torch.row_stack")
def vstack(tensors: Any, *, out: Any = None) -> Tensor:
    """`cat` along the first axis, vectors counting as rows.

    >>> torch.vstack([T(3), T(2, 3)])
    (3, 3)
    >>> torch.vstack([T(3), T(2, 4)])
    ! SHP106 Sizes of tensors must match except in dimension 0. Expected size 3 but got size 4 for tensor number 1 in the list.
    """
    return joined(parts(tensors, "vstack", "vstack expects a non-empty TensorList").each(lambda tensor: at_least(tensor, 2)), 0)


@op("torch.dstack")
def dstack(tensors: Any, *, out: Any = None) -> Tensor:
    """`cat` along the third axis.

    >>> torch.dstack([T(2, 3), T(2, 3, 4)])
    (2, 3, 5)
    >>> torch.dstack([T(2, 3), T(2, 4)])
    ! SHP106 Sizes of tensors must match except in dimension 2. Expected size 3 but got size 4 for tensor number 1 in the list.
    """
    return joined(parts(tensors, "dstack", "dstack expects a non-empty TensorList").each(lambda tensor: at_least(tensor, 3)), 2)


@op("torch.column_stack")
def column_stack(tensors: Any, *, out: Any = None) -> Tensor:
    """`hstack`, vectors counting as columns.

    >>> torch.column_stack([T(3), T(3, 4)])
    (3, 5)
    >>> torch.column_stack([T(3), T(2, 4)])
    ! SHP106 Sizes of tensors must match except in dimension 1. Expected size 3 but got size 2 for tensor number 1 in the list.
    """

    def column(tensor: Tensor) -> Tensor:
        if tensor.rank > 1:
            return tensor
        layout = CONTIGUOUS if tensor.layout is CONTIGUOUS else None
        return Tensor((*(tensor.shape or (1,)), 1), tensor.dtype, layout, device=tensor.device)

    return into(out, joined(parts(tensors, "column_stack", "column_stack expects a non-empty TensorList").each(column), 1))


@op("torch.block_diag")
def block_diag(*tensors: Tensor) -> Tensor:
    """Matrices along the diagonal of a big one; vectors count as rows.

    >>> torch.block_diag(T(2, 3), T(4), T(5, 5))
    (8, 12)
    >>> torch.block_diag(T(2, 3, 4))
    ! SHP107 torch.block_diag: Input tensors must have 2 or fewer dimensions. Input 0 has 3 dimensions
    """
    rows: Size = 0
    columns: Size = 0
    for place, tensor in enumerate(tensors):
        many = f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {place} has {tensor.rank} dimensions"
        expect(tensor.rank <= 2, "SHP107", many, actual=tensor.rank)
        height, width = (1,) * (2 - tensor.rank) + tensor.shape
        rows, columns = rows + height, columns + width
    return Tensor((rows, columns), _dtype(tensors)) if tensors else Tensor((1, 0), "float32")
