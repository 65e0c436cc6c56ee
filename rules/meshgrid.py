"""Tensors spread over each other's axes: meshgrid, cartesian_prod, combinations, broadcast_tensors, atleast_1d."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from shapecheck.book import (
    Any,
    Bool,
    Int,
    Shape,
    Size,
    Tensor,
    at_least,
    brackets,
    broadcast,
    broadcast_size,
    current,
    expand,
    expect,
    facts,
    floordiv,
    fresh,
    known_items,
    op,
    parens,
    refuse,
    spelled,
    to_sequence,
    to_sizes,
    to_tensor,
    true_product,
    word,
)


def _tensors(values: Sequence[Any], what: str, ranks: Sequence[int] = (4, 3, 2, 5, 1)) -> list[Tensor]:
    """Tensors given one by one or as a list."""
    items = known_items(values[0], what) if len(values) == 1 and not isinstance(current().pinned(values[0]), Tensor) else values
    return [to_tensor(current().pinned(item), ranks) for item in items]


@op("torch.meshgrid")
def meshgrid(*tensors: Any, indexing: Any = None) -> Any:
    """Each vector spread over the axes of all the others; with "xy" the first two axes change places.

    >>> torch.meshgrid(T(2), T(3), indexing="ij")
    [(2, 3), (2, 3)]
    >>> torch.meshgrid([T(2), T(3)], indexing="xy")
    [(3, 2), (3, 2)]
    >>> torch.meshgrid(T(2), T(3), indexing="yx")
    ! SHP118 torch.meshgrid: indexing must be one of "xy" or "ij", but received: yx
    """
    parts = _tensors(tensors, "what meshgrid spreads", (1, 0)) if tensors else []
    expect(len(parts) > 0, "SHP118", "meshgrid expects a non-empty TensorList")
    for tensor in parts:
        expect(tensor.rank <= 1, "SHP107", "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got:", actual=tensor.rank)
    _expect_one_dtype(parts)
    if isinstance(indexing, str):
        wrong = f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}'
        expect(indexing in ("ij", "xy"), "SHP118", wrong, actual=indexing)
    elif indexing is not None and len(parts) > 1:
        return tuple(Tensor((fresh("grid"),) * len(parts), tensor.dtype, None, None) for tensor in parts)
    order = list(range(len(parts)))
    if indexing == "xy" and len(parts) > 1:
        order[:2] = [1, 0]
    sizes = [parts[place].shape[0] if parts[place].rank else 1 for place in order]
    made = []
    for place, tensor in enumerate(parts):
        axis = order.index(place)
        steps = (1,) if tensor.rank == 0 else tensor.strides
        shape = tuple(size if other == axis else 1 for other, size in enumerate(sizes))
        layout: Any = None
        if steps is not None:
            layout = tuple([steps[0] * sizes[axis]] * axis + [steps[0]] + [1] * (len(parts) - axis - 1))
        made.append(expand(Tensor(shape, tensor.dtype, layout, tensor.offset, device=tensor.device), sizes))
    return tuple(made)


def _expect_one_dtype(tensors: Sequence[Tensor]) -> None:
    dtypes = {tensor.dtype for tensor in tensors if tensor.dtype}
    expect(len(dtypes) <= 1, "SHP117", "meshgrid expects all tensors to have the same dtype", actual=sorted(dtypes))


def _expect_vector(tensor: Tensor) -> None:
    expect(tensor.rank == 1, "SHP107", lambda: f"Expect a 1D vector, but got shape {brackets(tensor.shape)}", actual=tensor.rank)


@op("torch.cartesian_prod")
def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All combinations of the elements of vectors, a row each.

    >>> torch.cartesian_prod(T(2), T(3))
    (6, 2)
    >>> torch.cartesian_prod(T(2, 2))
    ! SHP107 Expect a 1D vector, but got shape [2, 2]
    """
    for tensor in tensors:
        _expect_vector(tensor)
    if len(tensors) == 1:
        return tensors[0]
    expect(len(tensors) > 0, "SHP118", "meshgrid expects a non-empty TensorList")
    _expect_one_dtype(tensors)
    rows = true_product(tensor.shape[0] for tensor in tensors)
    return Tensor((rows, len(tensors)), tensors[0].dtype, device=tensors[0].device)


@op("torch.combinations", ranks=(1,))
def combinations(input: Tensor, r: Int = 2, with_replacement: Bool = False) -> Tensor:
    """All ways to take r elements of a vector, a row each.

    >>> torch.combinations(T(4))
    (6, 2)
    >>> torch.combinations(T(3), 2, True)
    (6, 2)
    >>> torch.combinations(T(3, 2))
    ! SHP107 Expect a 1D vector, but got shape [3, 2]
    """
    _expect_vector(input)
    expect(r >= 0, "SHP118", f"Expect a non-negative number, but got {r}", actual=r)
    if r == 0:
        return Tensor((0,), input.dtype, device=input.device)
    size = facts().simplify(input.shape[0])
    rows: Size
    if isinstance(size, int):
        rows = comb(size + r - 1, r) if with_replacement and size else comb(size, r)
    elif r == 2:
        rows = floordiv(size * (size + (1 if with_replacement else -1)), 2)
    else:
        rows = size if r == 1 else fresh("combinations", low=0)
    return Tensor((rows, r), input.dtype, device=input.device)


@op("torch.broadcast_tensors")
def broadcast_tensors(*tensors: Any) -> Any:
    """Each tensor expanded to the common shape.

    >>> torch.broadcast_tensors(T(2, 1), T(3))
    [(2, 3), (2, 3)]
    >>> torch.broadcast_tensors(T(2), T(3))
    ! SHP103 The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0
    """
    parts = [to_tensor(tensor) for tensor in map(current().pinned, tensors)]
    if not parts:
        return ()
    shape = broadcast(*(tensor.shape for tensor in parts))
    return tuple(expand(tensor, shape) for tensor in parts)


@op("torch.broadcast_shapes")
def broadcast_shapes(*shapes: Any) -> Any:
    """The common shape of several.

    >>> torch.broadcast_shapes((2, 1), (3,))
    (2, 3)
    >>> torch.broadcast_shapes((5, 2), (3,))
    ! SHP103 Attempting to broadcast a dimension of length 3 at -1! Mismatching argument at index 1 had (3,); but expected shape should be broadcastable to [5, 2]
    """  # noqa: E501
    given = [to_sizes(current().pinned(shape)) for shape in shapes]
    rank = max(map(len, given), default=0)
    joined: list[Size] = [1] * rank
    for number, shape in enumerate(given):
        for back in range(-1, -len(shape) - 1, -1):
            size = broadcast_size(joined[back], shape[back])
            if size is None:
                wrong = (
                    f"Attempting to broadcast a dimension of length {word(shape[back])} at {back}! "
                    f"Mismatching argument at index {number} had {parens(shape)}; "
                    f"but expected shape should be broadcastable to {brackets(joined)}"
                )
                refuse("SHP103", wrong, expected=joined, actual=list(shape))
            joined[back] = size
    return Shape(joined)


@op("torch.atleast_1d", "torch.atleast_2d", "torch.atleast_3d", refuses_nothing=True)
def atleast(*tensors: Any) -> Any:
    """Axes of one are added where there are fewer than 1, 2 or 3; a vector becomes a row, and a (1, n, 1) of three axes.

    >>> torch.atleast_2d(T(3))
    (1, 3)
    >>> torch.atleast_3d(T(3), T(2, 3))
    [(1, 3, 1), (2, 3, 1)]
    """
    rank = int(spelled()[-2])
    alone = len(tensors) == 1 and to_sequence(current().pinned(tensors[0])) is None
    made = tuple(at_least(tensor, rank) for tensor in _tensors(tensors, "what atleast takes")) if tensors else ()
    return made[0] if alone else made
