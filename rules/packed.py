"""Sequences of different lengths, packed for a recurrent layer and unpacked again."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    ListValue,
    Packed,
    Poly,
    Repeated,
    Size,
    Tensor,
    Tensors,
    Unsure,
    axis,
    contiguous_strides,
    current,
    expect,
    expect_eq,
    expect_ge,
    facts,
    fresh,
    maximum,
    new,
    op,
    refuse,
    to_sequence,
    to_size,
    to_tensor,
    word,
)

SORTED = (
    "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to "
    "pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability."
)
EMPTY = "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"


def _pack(input: Tensor, lengths: Any, batch_first: bool, enforce_sorted: Any) -> Packed:
    """(T, B, *) and B lengths -> data (sum of the lengths, *), batch_sizes (longest)."""
    batch_axis = 0 if batch_first else 1
    if enforce_sorted is False:
        axis(batch_axis, input.rank)
    if input.rank < 2:
        raise Unsure("a padded tensor with fewer than 2 axes")
    batch = input.shape[batch_axis]
    known, count = _lengths(lengths)
    if isinstance(lengths, Tensor):
        text = f"'lengths' argument should be a 1D CPU int64 tensor, but got {lengths.rank}D cpu Long tensor"
        expect(lengths.rank == 1, "SHP107", text, culprit=lengths)
    if count is not None:
        expect_eq(
            count,
            batch,
            "SHP118",
            lambda: f"Expected `len(lengths)` to be equal to batch_size, but got {word(count)} (batch_size={word(batch)})",
            message=lambda: f"{word(count)} lengths for a batch of {word(batch)}",
            expected=batch,
            actual=count,
        )
    rows: Size
    longest: Size
    if known:
        numbers = [length for length in known if isinstance(length, int)]
        if len(numbers) == len(known):
            if enforce_sorted is True:
                expect(numbers == sorted(numbers, reverse=True), "SHP118", SORTED, actual=numbers)
            expect(min(numbers) > 0, "SHP118", EMPTY, actual=numbers)
        padded = input.shape[1 - batch_axis]
        if not all(facts().le(length, padded).yes for length in numbers):
            known = None  # torch reads past the end of such a sequence
    if known:
        rows, longest = sum(known), maximum(*known)
    else:
        rows, longest = fresh("packed", low=1), fresh("longest", low=1)
    order = None if enforce_sorted is True else Tensor((batch,), "int64")
    back = None if enforce_sorted is True else Tensor((batch,), "int64")
    if not isinstance(enforce_sorted, bool):
        raise Unsure("enforce_sorted is not known")
    return Packed.make(new((rows, *input.shape[2:]), like=input), Tensor((longest,), "int64"), order, back, batch)


def _lengths(lengths: Any) -> tuple[tuple[Size, ...] | None, Size | None]:
    """The lengths where they are known, and how many there are where that is known."""
    if isinstance(lengths, Tensor):
        values = lengths.elements
        whole = values is not None and all(isinstance(value, (int, float)) for value in values)
        return tuple(int(value) for value in values or ()) if whole else None, lengths.shape[0] if lengths.rank == 1 else None
    items = to_sequence(lengths)
    if items is None:
        return None, None
    try:
        return tuple(to_size(current().pinned(item)) for item in items), len(items)
    except Unsure:
        return None, len(items)


@op("nn.utils.rnn.pack_padded_sequence", ranks=(3,))
def pack_padded_sequence(input: Tensor, lengths: Any, batch_first: Bool = False, enforce_sorted: Any = True) -> Any:
    """(T, B, *) and B lengths -> data (sum of the lengths, *), batch_sizes (longest), and the order of the batch or None.

    >>> nn.utils.rnn.pack_padded_sequence(T(3, 5, 10), [4, 4, 2], batch_first=True)
    [(10, 10) float32, (4,) int64, None, None]
    >>> nn.utils.rnn.pack_padded_sequence(T(5, 3, 10), [5, 4])
    ! SHP118 Expected `len(lengths)` to be equal to batch_size, but got 2 (batch_size=3)
    """
    return _pack(input, current().pinned(lengths), batch_first, current().pinned(enforce_sorted))


@op("nn.utils.rnn.pad_packed_sequence")
def pad_packed_sequence(sequence: Any, batch_first: Bool = False, padding_value: Any = 0.0, total_length: Any = None) -> Any:
    """A packed sequence -> (T, B, *) and the B lengths. T is the longest length or `total_length`.

    >>> nn.utils.rnn.pad_packed_sequence(nn.utils.rnn.pack_padded_sequence(T(5, 3, 10), [4, 4, 2]))
    [(4, 3, 10) float32, (3,) int64]
    >>> nn.utils.rnn.pad_packed_sequence(nn.utils.rnn.pack_padded_sequence(T(5, 3, 10), [4, 4, 2]), batch_first=True, total_length=5)
    [(3, 5, 10) float32, (3,) int64]
    >>> nn.utils.rnn.pad_packed_sequence(T(5, 3, 10))
    ! SHP118 'Tensor' object has no attribute 'batch_sizes'
    """
    sequence = current().pinned(sequence)
    if not isinstance(sequence, Packed):
        if type(sequence) in (Tensor, tuple, ListValue):
            kind = {Tensor: "Tensor", tuple: "tuple", ListValue: "list"}[type(sequence)]
            text = f"'{kind}' object has no attribute 'batch_sizes'"
            refuse("SHP118", text, error="AttributeError", message=f"a packed sequence is wanted, a {kind} is given")
        raise Unsure("a packed sequence that is not followed")
    data, batch_sizes, sorted_indices, _ = sequence
    if not isinstance(batch_sizes, Tensor) or batch_sizes.rank != 1:
        raise Unsure("the steps of a packed sequence are not known")
    steps = batch_sizes.shape[0]
    total_length = current().pinned(total_length)
    if total_length is not None:
        total, longest = to_size(total_length), steps
        expect_ge(
            total,
            longest,
            "SHP118",
            lambda: (
                "Expected total_length to be at least the length of the longest sequence in input, but got "
                f"total_length={word(total)} and max sequence length being {word(longest)}"
            ),
            error="ValueError",
            expected=longest,
            actual=total,
        )
        steps = total
    rest = data.shape[1:]
    lengths = Tensor((sequence.batch,), "int64")
    if not batch_first:
        return new((steps, sequence.batch, *rest), like=data), lengths
    padded = new((sequence.batch, steps, *rest), like=data)
    if sorted_indices is None:  # filled with the steps in front, then seen through a transposition
        strides = contiguous_strides((steps, sequence.batch, *rest))
        padded.layout = (strides[1], strides[0], *strides[2:])
    return padded, lengths


@op("nn.utils.rnn.PackedSequence", refuses_nothing=True)
def packed_sequence(data: Tensor, batch_sizes: Any = None, sorted_indices: Any = None, unsorted_indices: Any = None) -> Any:
    """The named parts of a packed sequence, put together by hand.

    >>> nn.utils.rnn.PackedSequence(T(9, 4), torch.tensor([3, 3, 2, 1]))
    [(9, 4) float32, (4,) int64, None, None]
    """
    batch: Size
    indices = sorted_indices if isinstance(sorted_indices, Tensor) else unsorted_indices
    if isinstance(indices, Tensor) and indices.rank == 1:
        batch = indices.shape[0]
    elif isinstance(batch_sizes, Tensor) and batch_sizes.elements:
        batch = batch_sizes.elements[0]
    else:
        batch = fresh("sequences", low=1)
    if unsorted_indices is None and isinstance(sorted_indices, Tensor):
        unsorted_indices = Tensor(sorted_indices.shape, "int64")
    return Packed.make(data, batch_sizes, sorted_indices, unsorted_indices, batch)


@op("nn.utils.rnn.pack_sequence")
def pack_sequence(sequences: Tensors, enforce_sorted: Any = True) -> Any:
    """B tensors (L_i, *) -> a packed sequence.

    >>> nn.utils.rnn.pack_sequence([T(5, 3), T(4, 3)])
    [(9, 3) float32, (5,) int64, None, None]
    >>> nn.utils.rnn.pack_sequence([])
    ! SHP118 received an empty list of sequences
    """
    expect(len(sequences) > 0, "SHP118", "received an empty list of sequences")
    first = sequences[0]
    if first.rank == 0 or any(tensor.rank != first.rank for tensor in sequences):
        raise Unsure("sequences with different numbers of axes")
    if not all(facts().eq(a, b).yes for tensor in sequences for a, b in zip(tensor.shape[1:], first.shape[1:], strict=True)):
        raise Unsure("sequences whose other axes may differ")
    lengths = tuple(tensor.shape[0] for tensor in sequences)
    padded = new((maximum(*lengths), len(sequences), *first.shape[1:]), like=first)
    return _pack(padded, lengths, False, current().pinned(enforce_sorted))


@op("nn.utils.rnn.pad_sequence")
def pad_sequence(sequences: Any, batch_first: Bool = False, padding_value: Any = 0.0, padding_side: Any = "right") -> Tensor:
    """B tensors (L_i, *) -> (longest, B, *), or (B, longest, *) with batch_first.

    >>> nn.utils.rnn.pad_sequence([T(4, 3), T(5, 3)])
    (5, 2, 3)
    >>> nn.utils.rnn.pad_sequence([T(4), T(5), T(2)], batch_first=True)
    (3, 5)
    >>> nn.utils.rnn.pad_sequence([T(4, 3), T(5, 2)])
    ! SHP103 The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1
    """
    tensors, count = _sequences(current().pinned(sequences))
    if padding_side not in ("left", "right") and isinstance(padding_side, str):
        refuse("SHP118", f"Expected padding_side to be one of left or right, but got {padding_side}.", actual=padding_side)
    first = tensors[0]
    text = "ArrayRef: invalid slice, N = 1; size = 0"
    expect(first.rank > 0, "SHP107", text, message="pad_sequence of tensors without axes")
    for tensor in tensors[1:]:
        if tensor.rank != first.rank:
            raise Unsure("sequences with different numbers of axes")
        for place in range(first.rank - 1, 0, -1):
            size, wanted = tensor.shape[place], first.shape[place]
            if facts().eq(size, 1).yes:
                continue
            text = f"The size of tensor a ({word(wanted)}) must match the size of tensor b ({word(size)})"
            details = {"expected": list(first.shape), "actual": list(tensor.shape), "axis": place, "culprit": tensor}
            expect_eq(size, wanted, "SHP103", f"{text} at non-singleton dimension {place}", **details)
    known = count is not None and len(tensors) == count
    longest = maximum(*(tensor.shape[0] for tensor in tensors)) if known else fresh("longest", low=1)
    batch = count if count is not None else fresh("sequences", low=1)
    return new((*((batch, longest) if batch_first else (longest, batch)), *first.shape[1:]), like=first)


def _sequences(value: Any) -> tuple[Tensors, Size | None]:
    """The tensors of a list (one that stands for all where it is not known how many there are), and their number."""
    if isinstance(value, Tensor):  # its rows
        expect(value.rank > 0, "SHP107", "iteration over a 0-d tensor", error="TypeError")
        row = new(value.shape[1:], like=value)
        return (row,) * (value.shape[0] if isinstance(value.shape[0], int) else 1), value.shape[0]
    if isinstance(value, ListValue) and isinstance(value.items, Repeated):
        element = to_tensor(current().pinned(value.items.element), (2, 1))
        count = value.items.count
        return (element,), count if isinstance(count, Poly) else None
    items = to_sequence(value)
    if items is None:
        raise Unsure("a list of sequences of unknown length")
    expect(len(items) > 0, "SHP118", "received an empty list of sequences")
    return tuple(to_tensor(current().pinned(item), (2, 1)) for item in items), len(items)
