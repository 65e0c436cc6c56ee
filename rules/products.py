"""Other products: tensordot, kron, chains of matrices, cross products."""

from __future__ import annotations

import itertools

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Int,
    Size,
    Tensor,
    Tensors,
    Unsure,
    axes,
    axis,
    brackets,
    broadcast,
    c_type_name,
    differ_in_kind,
    expect,
    expect_eq,
    facts,
    into,
    multiplied,
    op,
    promoted,
    refuse,
    same,
    shared_dtype,
    to_int,
    to_ints,
    to_sequence,
    word,
)


def _contracted(dims: Any, a: Tensor, b: Tensor) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The axes of both that are summed over: a number, or two lists."""
    pair = to_sequence(dims)
    if pair is not None:
        if len(pair) != 2 or to_sequence(pair[0]) is None or to_sequence(pair[1]) is None:
            raise Unsure("axes that are not two lists")
        return to_ints(pair[0]), to_ints(pair[1])
    if isinstance(dims, Tensor):
        raise Unsure("axes that are held in a tensor")
    count = to_int(dims)
    expect(count >= 0, "SHP118", f"tensordot expects dims >= 0, but got dims={count}", actual=count)
    expect(count <= min(a.rank, b.rank), "SHP108", f"tensordot expects dims < ndim_a or ndim_b, but got dims={count}", actual=count)
    return tuple(range(-count, 0)), tuple(range(count))


def _expect_contracts(a: Tensor, b: Tensor, first: int, second: int) -> None:
    """These two axes have one size, or one of them is 1."""
    size, other = a.shape[axis(first, a.rank)], b.shape[axis(second, b.rank)]
    if same(size, 1).yes or same(other, 1).yes:
        return
    expect_eq(
        size,
        other,
        "SHP102",
        lambda: (
            f"contracted dimensions need to match, but first has size {word(size)} in dim {first} "
            f"and second has size {word(other)} in dim {second}"
        ),
        expected=size,
        actual=other,
        axis=axis(first, a.rank),
    )


@op("torch.tensordot")
def tensordot(a: Tensor, b: Tensor, dims: Any = 2, out: Any = None) -> Tensor:
    """Sums over pairs of axes; an axis of 1 fits any.

    >>> torch.tensordot(T(2, 3, 4), T(3, 4, 5))
    (2, 5) float32
    >>> torch.tensordot(T(2, 3, 4), T(4, 3, 5), dims=([1], [1]))
    (2, 4, 4, 5)
    >>> torch.tensordot(T(2, 3, 4), T(3, 4, 5), dims=1)
    ! SHP102 contracted dimensions need to match, but first has size 4 in dim -1 and second has size 3 in dim 0
    >>> torch.tensordot(T(2, 3, 4), T(4, 3, 5), dims=([1, 2], [0]))
    ! SHP118 both dimension lists should have same length
    """
    left, right = _contracted(dims, a, b)
    expect(len(left) == len(right), "SHP118", "both dimension lists should have same length", actual=[list(left), list(right)])
    if differ_in_kind(a, b):
        refuse("SHP117", "both inputs should have same dtype", expected=a.dtype, actual=b.dtype)
    for tensor, dims_of in ((a, left), (b, right)):
        if tensor.rank == 0 and dims_of:
            refuse("SHP108", f"Dimension specified as {dims_of[0]} but tensor has no dimensions", error="IndexError")
    for first, second in zip(left, right, strict=True):
        _expect_contracts(a, b, first, second)
    gone_left, gone_right = axes(left, a.rank), axes(right, b.rank)
    rest_left = [size for place, size in enumerate(a.shape) if place not in gone_left]
    rest_right = [size for place, size in enumerate(b.shape) if place not in gone_right]
    both = [(a.shape[axis(first, a.rank)], b.shape[axis(second, b.rank)]) for first, second in zip(left, right, strict=True)]
    # where one of the two is 1 the other is summed beforehand
    multiplied(*rest_left, *rest_right, *(1 if other == 1 else size for size, other in both))
    return into(out, Tensor((*rest_left, *rest_right), shared_dtype(a, b), device=a.device))


@op("torch.kron", "Tensor.kron", refuses_nothing=True)
def kron(input: Tensor, other: Tensor, *, out: Any = None) -> Tensor:
    """Sizes multiply axis by axis, the shorter shape filled up with ones in front.

    >>> torch.kron(T(2, 3), T(4, 5))
    (8, 15) float32
    >>> torch.kron(T(2, 3), T(4))
    (2, 12)
    """
    if input.layout is not CONTIGUOUS or other.layout is not CONTIGUOUS:
        raise Unsure("kron views its operands in ways that depend on their strides")
    rank = max(input.rank, other.rank)
    left = (1,) * (rank - input.rank) + input.shape
    right = (1,) * (rank - other.rank) + other.shape
    dtype = promoted([Tensor((1,), part.dtype) for part in (input, other)])
    return into(out, Tensor([a * b for a, b in zip(left, right, strict=True)], dtype, device=input.device))


def _expect_multiply(left: Tensor, right: Tensor, place: int) -> None:
    expect_eq(
        left.shape[-1],
        right.shape[0],
        "SHP102",
        lambda: (
            f"multi_dot(): tensors {place} and {place + 1} with shapes {brackets(left.shape)} and {brackets(right.shape)} "
            "cannot be multiplied"
        ),
        expected=left.shape[-1],
        actual=right.shape[0],
    )


def _chain(tensors: list[Tensor]) -> Tensor:
    """Matrices in a row, a vector allowed at either end, as linalg.multi_dot checks them."""
    count = len(tensors)
    expect(count >= 2, "SHP118", f"multi_dot(): expected at least 2 tensors but got {count}", actual=count)
    first, last = tensors[0], tensors[-1]
    sentence = f"multi_dot(): the first tensor must be 1D or 2D but got {first.rank}D"
    expect(first.rank in (1, 2), "SHP107", sentence, actual=first.rank)
    sentence = f"multi_dot(): the last tensor must be 1D or 2D but got {last.rank}D"
    expect(last.rank in (1, 2), "SHP107", sentence, actual=last.rank)
    for place, tensor in enumerate(tensors[1:-1], 1):
        expect(tensor.rank == 2, "SHP107", f"multi_dot(): tensor {place} must be 2D but got {tensor.rank}D", actual=tensor.rank)
    for place, tensor in enumerate(tensors[1:], 1):
        if differ_in_kind(first, tensor):
            names = f"tensor 0 is {c_type_name(first.dtype or '')} and tensor {place} {c_type_name(tensor.dtype or '')}"
            refuse("SHP117", f"multi_dot(): all tensors must have be the same dtype but {names}", actual=tensor.dtype)
    for place in range(count - 1):
        _expect_multiply(tensors[place], tensors[place + 1], place)
    rows, columns = first.shape[0] if first.rank == 2 else 1, last.shape[1] if last.rank == 2 else 1
    multiplied(_fewest([rows, *(tensor.shape[0] for tensor in tensors[1:]), columns]))
    shape = (*first.shape[: first.rank - 1], *last.shape[1:])
    return Tensor(shape, shared_dtype(*tensors), device=first.device)


def _fewest(sizes: list[Size]) -> Size:
    """Multiply-adds of a chain of matrices, sizes[0] x sizes[1], sizes[1] x sizes[2], …, in the order that takes the fewest."""
    if not all(isinstance(size, int) for size in sizes):  # in the order in which they stand
        total: Size = 0
        for middle, right in itertools.pairwise(sizes[1:]):
            total = total + sizes[0] * middle * right
        return total
    count = len(sizes) - 1
    best: dict[tuple[int, int], Any] = {(place, place): 0 for place in range(count)}
    for length in range(1, count):
        for start in range(count - length):
            end = start + length
            best[start, end] = min(
                best[start, cut] + best[cut + 1, end] + sizes[start] * sizes[cut + 1] * sizes[end + 1] for cut in range(start, end)
            )
    return best[0, count - 1]  # type: ignore[no-any-return]


@op("torch.chain_matmul")
def chain_matmul(*matrices: Tensors, out: Any = None) -> Tensor:
    """Matrices in a row.

    >>> torch.chain_matmul(T(2, 3), T(3, 4), T(4, 5))
    (2, 5) float32
    >>> torch.chain_matmul(T(2, 3), T(4, 5))
    ! SHP102 multi_dot(): tensors 0 and 1 with shapes [2, 3] and [4, 5] cannot be multiplied
    """
    tensors: list[Tensor] = list(matrices)  # type: ignore[arg-type]
    for tensor in tensors:
        expect(tensor.rank == 2, "SHP107", f"Tensor dimension is {tensor.rank}, expected 2 instead.", actual=tensor.rank)
    if len(tensors) == 1:
        return Tensor(tensors[0].shape, tensors[0].dtype, CONTIGUOUS if tensors[0].layout is CONTIGUOUS else None, device=tensors[0].device)
    return into(out, _chain(tensors))


@op("torch.linalg.multi_dot")
def multi_dot(tensors: Tensors, *, out: Any = None) -> Tensor:
    """Matrices in a row, the first and the last possibly vectors.

    >>> torch.linalg.multi_dot([T(2, 3), T(3, 4), T(4)])
    (2,) float32
    >>> torch.linalg.multi_dot([T(2, 3), T(4, 5)])
    ! SHP102 multi_dot(): tensors 0 and 1 with shapes [2, 3] and [4, 5] cannot be multiplied
    """
    return into(out, _chain(list(tensors)))


@op("torch.cross", "Tensor.cross")
def cross(input: Tensor, other: Tensor, dim: Int | None = None, *, out: Any = None) -> Tensor:
    """Along an axis of 3, by default the first one.

    >>> torch.cross(T(2, 3), T(2, 3), dim=1)
    (2, 3) float32
    >>> torch.cross(T(2, 4), T(2, 4), dim=1)
    ! SHP102 linalg.cross: inputs dimension 1 must have length 3. Got 4 and 4
    """
    if dim is None:
        answers = [facts().eq(size, 3) for size in input.shape]
        place = next((place for place, answer in enumerate(answers) if not answer.no), None)
        expect(place is not None, "SHP102", "no dimension of size 3 in input", actual=list(input.shape))
        assert place is not None
        if not answers[place].yes:
            raise Unsure("which axis has 3 elements is not known")
        dim = place
    return into(out, _cross(input, other, dim))


@op("torch.linalg.cross")
def linalg_cross(input: Tensor, other: Tensor, *, dim: Int = -1, out: Any = None) -> Tensor:
    """Along an axis of 3, by default the last.

    >>> torch.linalg.cross(T(2, 3), T(1, 3))
    (2, 3) float32
    >>> torch.linalg.cross(T(2, 3), T(3))
    ! SHP107 linalg.cross: inputs must have the same number of dimensions.
    """
    return into(out, _cross(input, other, dim))


def _cross(input: Tensor, other: Tensor, dim: int) -> Tensor:
    expect(input.rank == other.rank, "SHP107", "linalg.cross: inputs must have the same number of dimensions.")
    expect(input.rank > 0, "SHP108", f"Dimension specified as {dim} but tensor has no dimensions", error="IndexError")
    place = axis(dim, input.rank)
    sizes = (input.shape[place], other.shape[place])
    for size in sizes:
        sentence = f"linalg.cross: inputs dimension {dim} must have length 3. Got {word(sizes[0])} and {word(sizes[1])}"
        expect_eq(size, 3, "SHP102", sentence, expected=3, actual=size, axis=place)
    shape = broadcast(input.shape, other.shape)
    layout = CONTIGUOUS if input.layout is CONTIGUOUS and other.layout is CONTIGUOUS else None
    return Tensor(shape, shared_dtype(input, other), layout, device=input.device)
