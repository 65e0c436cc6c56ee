"""Axes in another order: permute, transpose, movedim, .T and its kin."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book import (
    Any,
    Int,
    Ints,
    Tensor,
    as_spelled,
    axis,
    current,
    expect,
    into,
    layout_of,
    likely_ranks,
    op,
    python_type,
    refuse,
    sizes_argument,
    spelled,
    to_int,
    to_sequence,
    to_tensor,
)


def reordered(input: Tensor, order: Sequence[int]) -> Tensor:
    """The view with the axes in this order."""
    if list(order) == list(range(input.rank)):
        return as_spelled(input)
    shape = tuple(input.shape[place] for place in order)
    strides = input.strides
    layout = None if strides is None else layout_of(shape, tuple(strides[place] for place in order))
    return as_spelled(Tensor(shape, input.dtype, layout, input.offset, device=input.device))


def _swapped(input: Tensor, a: int, b: int) -> Tensor:
    order = list(range(input.rank))
    if order:
        order[a], order[b] = order[b], order[a]
    return reordered(input, order)


def _permuted(value: Any, dims: Sequence[int]) -> Tensor:
    input = to_tensor(value, (len(dims),))
    expect(
        input.rank == len(dims),
        "SHP107",
        lambda: (
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions "
            f"i.e. input.dim() = {input.rank} is not equal to len(dims) = {len(dims)}"
        ),
        message=f"permute orders {len(dims)} axes, the tensor has {input.rank}",
        expected=input.rank,
        actual=len(dims),
    )
    order: list[int] = []
    for dim in dims:
        place = axis(dim, input.rank)
        expect(place not in order, "SHP108", "permute(): duplicate dims are not allowed.", message=f"permute names axis {place} twice")
        order.append(place)
    return reordered(input, order)


@op("Tensor.permute")
def permute(input: Any, *dims: Any) -> Tensor:
    """The axes in the given order; strides move with them.

    >>> T(2, 3, 4).permute(2, 0, 1)
    (4, 2, 3) strides (1, 12, 4)
    >>> T(2, 3, 4).permute((0, -1, 1))
    (2, 4, 3)
    >>> T(2, 3, 4).permute(0, 2)
    ! SHP107 permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = 3 is not equal to len(dims) = 2
    >>> T(2, 3).permute(0, 0)
    ! SHP108 permute(): duplicate dims are not allowed.
    """  # noqa: E501
    expect(len(dims) > 0, "SHP121", 'permute() missing 1 required positional arguments: "dims"', error="TypeError")
    return _permuted(input, tuple(to_int(dim) for dim in sizes_argument(dims, "permute", "dims")))


@op("torch.permute", "torch.permute_copy")
def permute_function(input: Any, dims: Any, *, out: Any = None) -> Tensor:
    """torch.permute takes one sequence of axes.

    >>> torch.permute(T(2, 3, 4), (2, 0, 1))
    (4, 2, 3)
    >>> torch.permute(T(2, 3, 4), (2, 0, 3))
    ! SHP108 Dimension out of range (expected to be in range of [-3, 2], but got 3)
    """
    if to_sequence(dims) is None and python_type(dims) in ("int", "float"):
        refuse("SHP118", f"permute(): argument 'dims' (position 2) must be tuple of ints, not {python_type(dims)}", error="TypeError")
    return into(
        out, _permuted(input, tuple(to_int(current().pinned(dim)) for dim in sizes_argument((dims,), "permute", "dims", position=2)))
    )


def _exchange(value: Any, a: int, b: int) -> Tensor:
    lowest = max(dim + 1 if dim >= 0 else -dim for dim in (a, b))
    input = to_tensor(value, likely_ranks(lowest, max(lowest, 3)))
    return _swapped(input, axis(a, input.rank), axis(b, input.rank))


@op(
    "torch.transpose",
    "Tensor.transpose",
    "torch.swapdims",
    "Tensor.swapdims",
    "Tensor.transpose_",
    "Tensor.swapdims_",
    "torch.transpose_copy",
)
def transpose(input: Any, dim0: Int, dim1: Int, *, out: Any = None) -> Tensor:
    """Two axes change places.

    >>> T(2, 3, 4).transpose(1, 2)
    (2, 4, 3) strides (12, 1, 4)
    >>> torch.transpose(T(2, 3), 0, -1)
    (3, 2)
    >>> T(2, 3).transpose(1, 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return into(out, _exchange(input, dim0, dim1))


@op("torch.swapaxes", "Tensor.swapaxes", "Tensor.swapaxes_")
def swapaxes(input: Any, axis0: Int, axis1: Int) -> Tensor:
    """`transpose` under NumPy's name.

    >>> T(2, 3, 4).swapaxes(0, 2)
    (4, 3, 2)
    >>> T(2, 3).swapaxes(0, 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _exchange(input, axis0, axis1)


@op("torch.t", "Tensor.t", "Tensor.t_", "torch.t_copy", ranks=(2, 1))
def t(input: Tensor, *, out: Any = None) -> Tensor:
    """Rows and columns change places; vectors and scalars stay.

    >>> T(2, 3).t()
    (3, 2) strides (1, 3)
    >>> T(3).t()
    (3,)
    >>> T(2, 3, 4).t()
    ! SHP107 t() expects a tensor with <= 2 dimensions, but self is 3D
    """
    expect(
        input.rank <= 2, "SHP107", f"{spelled().removesuffix('_copy')}() expects a tensor with <= 2 dimensions, but self is {input.rank}D"
    )
    return into(out, reordered(input, range(input.rank - 1, -1, -1)))


@op("Tensor.T", ranks=(2, 3, 4), refuses_nothing=True)
def upper_t(input: Tensor) -> Tensor:
    """All axes in reverse.

    >>> T(2, 3).T
    (3, 2) strides (1, 3)
    """
    return reordered(input, range(input.rank - 1, -1, -1))


@op("Tensor.mT", "Tensor.mH", ranks=(3, 2, 4))
def matrix_transpose(input: Tensor) -> Tensor:
    """The last two axes change places.

    >>> T(2, 3, 4).mT
    (2, 4, 3)
    >>> T(3).mT
    ! SHP107 tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.
    """
    if input.rank == 0:
        return input
    expect(
        input.rank >= 2, "SHP107", f"tensor.{spelled()} is only supported on matrices or batches of matrices. Got {input.rank}-D tensor."
    )
    return _swapped(input, input.rank - 2, input.rank - 1)


@op("Tensor.H", ranks=(2,))
def upper_h(input: Tensor) -> Tensor:
    """A matrix, transposed and conjugated.

    >>> T(2, 3).H
    (3, 2)
    >>> T(2, 3, 4).H
    ! SHP107 tensor.H is only supported on matrices (2-D tensors). Got 3-D tensor. For batches of matrices, consider using tensor.mH
    """
    if input.rank == 0:
        return input
    more = " For batches of matrices, consider using tensor.mH" if input.rank > 2 else ""
    expect(input.rank == 2, "SHP107", f"tensor.H is only supported on matrices (2-D tensors). Got {input.rank}-D tensor.{more}")
    return _swapped(input, 0, 1)


@op("torch.adjoint", "Tensor.adjoint", ranks=(3, 2, 4))
def adjoint(input: Tensor) -> Tensor:
    """The last two axes change places, and the elements are conjugated.

    >>> T(2, 3, 4).adjoint()
    (2, 4, 3)
    >>> T(3).adjoint()
    ! SHP107 tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor.
    """
    if input.rank == 0:
        return input
    expect(input.rank >= 2, "SHP107", f"tensor.adjoint() is only supported on matrices or batches of matrices. Got {input.rank}-D tensor.")
    return _swapped(input, input.rank - 2, input.rank - 1)


@op("torch.movedim", "Tensor.movedim", "torch.moveaxis", "Tensor.moveaxis")
def movedim(input: Any, source: Ints, destination: Ints) -> Tensor:
    """Some axes move to new places, the others keep their order.

    >>> T(2, 3, 4).movedim(0, 2)
    (3, 4, 2)
    >>> torch.movedim(T(2, 3, 4), (0, 1), (1, 2))
    (4, 2, 3)
    >>> T(2, 3, 4).movedim((0, 1), (2, 2))
    ! SHP108 movedim: repeated dim in `destination` ([2, 2])
    """
    lowest = max((dim + 1 if dim >= 0 else -dim for dim in (*source, *destination)), default=0)
    tensor = to_tensor(input, likely_ranks(lowest, max(lowest, 3)))
    expect(
        len(source) == len(destination),
        "SHP118",
        lambda: (
            f"movedim: Invalid source or destination dims: source ({list(source)} dims) should contain the same number of dims as "
            f"destination ({list(destination)} dims)"
        ),
    )
    places = {"source": [axis(dim, tensor.rank) for dim in source], "destination": [axis(dim, tensor.rank) for dim in destination]}
    for (name, own), dims in zip(places.items(), (source, destination), strict=True):
        expect(len(set(own)) == len(own), "SHP108", f"movedim: repeated dim in `{name}` ({list(dims)})")
    if tensor.rank == 0:
        return tensor
    order = [-1] * tensor.rank
    for start, end in zip(places["source"], places["destination"], strict=True):
        order[end] = start
    left = iter(place for place in range(tensor.rank) if place not in places["source"])
    return reordered(tensor, [place if place >= 0 else next(left) for place in order])
