"""The same elements in the same order, in other axes: view, reshape, flatten, unflatten."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book import (
    CONTIGUOUS,
    WIDTHS,
    Any,
    DType,
    Int,
    NoView,
    Size,
    Sizes,
    SymFloat,
    Tensor,
    as_spelled,
    axis,
    brackets,
    current,
    expect,
    expect_as_many,
    expect_divides,
    expect_eq,
    floordiv,
    inferred_shape,
    is_contiguous,
    layer,
    layout_of,
    learn_positive,
    op,
    python_type,
    quotient,
    refuse,
    same,
    sizes_argument,
    to_int,
    to_sequence,
    to_sizes,
    true_product,
    type_name,
    view_strides,
    word,
)

TOO_SPREAD = (
    "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). "
    "Use .reshape(...) instead."
)


def _regrouped(input: Tensor, shape: Sequence[Size], copy: bool) -> Tensor:
    """The tensor in another shape: as a view, or where none exists as a copy, or refused."""
    layout: Any = CONTIGUOUS
    offset = input.offset
    if input.layout is None:
        layout, offset = None, None if copy else offset
    elif input.layout is not CONTIGUOUS:
        try:
            layout = layout_of(shape, view_strides(input.shape, input.layout, shape))
        except NoView:
            expect(copy, "SHP105", TOO_SPREAD, message=f"no view of these strides {brackets(input.layout)} has that shape; use reshape")
            layout, offset = CONTIGUOUS, 0
        if layout is None and copy:
            offset = None
    return Tensor(shape, input.dtype, layout, offset, input.elements, device=input.device)


@op("Tensor.view", "torch.view_copy")
def view(input: Tensor, *size: Any, dtype: Any = None, out: Any = None) -> Tensor:
    """The same memory in another shape, or read as another dtype.

    >>> T(4, 16, 5, 5).view(-1, 400)
    (4, 400)
    >>> T(2, 3, 4).view((2, 12))
    (2, 12)
    >>> T(4, 6).transpose(0, 1).view(6, 2, 2)
    (6, 2, 2) strides (1, 12, 6)
    >>> T(2, 4).view(torch.int16)
    (2, 8) int16
    >>> T(2, 3, 4).view(5, 5)
    ! SHP104 shape '[5, 5]' is invalid for input of size 24
    >>> T(2, 3).t().view(6)
    ! SHP105 view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.
    """  # noqa: E501
    if dtype is None and len(size) == 1:
        dtype = current().pinned(size[0])
    if isinstance(dtype, DType):
        return _as_dtype(input, dtype.name)
    expect(
        len(size) > 0,
        "SHP121",
        "view() received an invalid combination of arguments - got (), but expected one of:",
        error="TypeError",
    )
    return as_spelled(
        _regrouped(input, inferred_shape(input.shape, sizes_argument(size, "view", "size", overloads="all"), "view"), copy=False)
    )


def _as_dtype(input: Tensor, dtype: str) -> Tensor:
    """view(dtype): the last axis shrinks or grows where the widths differ."""
    if input.dtype is None:
        return Tensor((*input.shape[:-1], current().fresh("view")), dtype, None, None, device=input.device)
    old, new = WIDTHS[input.dtype], WIDTHS[dtype]
    if old == new:
        return Tensor(input.shape, dtype, input.layout, input.offset, device=input.device)
    names = f"{type_name(input.dtype)} as {type_name(dtype)} (different element sizes)"
    expect(input.rank > 0, "SHP107", f"self.dim() cannot be 0 to view {names}")
    strides = input.strides
    if old > new:
        ratio = old // new
        if strides is not None and input.shape[-1] != 1:
            expect_eq(strides[-1], 1, "SHP105", lambda: f"self.stride(-1) must be 1 to view {names}, but got {word(strides[-1])}")
        layout = None if strides is None else (*(step * ratio for step in strides[:-1]), 1)
        shape = (*input.shape[:-1], input.shape[-1] * ratio)
        return Tensor(shape, dtype, layout_of(shape, layout), None if input.offset is None else input.offset * ratio, device=input.device)
    ratio = new // old
    last = input.shape[-1]
    expect_divides(ratio, last, "SHP104", lambda: f"self.size(-1) must be divisible by {ratio} to view {names}, but got {word(last)}")
    if strides is not None and last != 1:
        expect_eq(strides[-1], 1, "SHP105", lambda: f"self.stride(-1) must be 1 to view {names}, but got {word(strides[-1])}")
    shape = (*input.shape[:-1], floordiv(last, ratio))
    layout = CONTIGUOUS if input.layout is CONTIGUOUS else None
    return Tensor(shape, dtype, layout, None, device=input.device)


@op("Tensor.view_as")
def view_as(input: Tensor, other: Tensor) -> Tensor:
    """`view` with the shape of another tensor.

    >>> T(2, 6).view_as(T(3, 4))
    (3, 4)
    >>> T(2, 6).view_as(T(5))
    ! SHP104 shape '[5]' is invalid for input of size 12
    """
    return _regrouped(input, inferred_shape(input.shape, other.shape, "view_as"), copy=False)


@op("Tensor.reshape")
def reshape(input: Tensor, *shape: Any) -> Tensor:
    """`view` where the strides allow it, else a copy.

    >>> T(2, 3, 4).reshape(2, -1)
    (2, 12)
    >>> T(2, 3).t().reshape(6)
    (6,) strides (1,)
    >>> T(2, 3, 4).reshape(5, -1)
    ! SHP104 shape '[5, -1]' is invalid for input of size 24
    """
    expect(len(shape) > 0, "SHP121", 'reshape() missing 1 required positional arguments: "shape"', error="TypeError")
    return _regrouped(input, inferred_shape(input.shape, sizes_argument(shape, "reshape", "shape"), "reshape"), copy=True)


@op("torch.reshape")
def reshape_function(input: Tensor, shape: Any) -> Tensor:
    """torch.reshape takes one sequence of sizes.

    >>> torch.reshape(T(2, 3, 4), (-1,))
    (24,)
    >>> torch.reshape(T(2, 3, 4), (5, 5))
    ! SHP104 shape '[5, 5]' is invalid for input of size 24
    >>> torch.reshape(T(2, 3, 4), 24)
    ! SHP118 reshape(): argument 'shape' (position 2) must be tuple of ints, not int
    """
    if to_sequence(shape) is None and python_type(shape) in ("int", "float"):
        refuse("SHP118", f"reshape(): argument 'shape' (position 2) must be tuple of ints, not {python_type(shape)}", error="TypeError")
    return _regrouped(input, inferred_shape(input.shape, sizes_argument((shape,), "reshape", "shape", position=2), "reshape"), copy=True)


@op("Tensor.reshape_as")
def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """`reshape` with the shape of another tensor.

    >>> T(2, 6).reshape_as(T(3, 4))
    (3, 4)
    >>> T(2, 6).reshape_as(T(5))
    ! SHP104 shape '[5]' is invalid for input of size 12
    """
    return _regrouped(input, inferred_shape(input.shape, other.shape, "reshape_as"), copy=True)


@op("torch.flatten", "Tensor.flatten")
def flatten(input: Tensor, start_dim: Int = 0, end_dim: Int = -1) -> Tensor:
    """The axes from start_dim to end_dim, both included, become one. A tensor of no axes becomes one of one.

    >>> torch.flatten(T(2, 3, 4), 1)
    (2, 12)
    >>> torch.tensor(3.0).flatten()
    (1,)
    >>> T(2, 3, 4).flatten(2, 1)
    ! SHP108 flatten() has invalid args: start_dim cannot come after end_dim
    >>> T(2, 3).flatten(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    start, end = axis(start_dim, input.rank), axis(end_dim, input.rank)
    expect(start <= end, "SHP108", "flatten() has invalid args: start_dim cannot come after end_dim")
    if input.rank == 0:
        return _regrouped(input, (1,), copy=True)
    if start == end:
        return input
    return _regrouped(input, (*input.shape[:start], true_product(input.shape[start : end + 1]), *input.shape[end + 1 :]), copy=True)


@op("torch.ravel", "Tensor.ravel", refuses_nothing=True)
def ravel(input: Tensor) -> Tensor:
    """All axes become one.

    >>> T(2, 3, 4).ravel()
    (24,)
    """
    if is_contiguous(input).no:
        return Tensor((true_product(input.shape),), input.dtype, elements=input.elements, device=input.device)
    return _regrouped(input, (true_product(input.shape),), copy=True)


@op("torch.unflatten", "Tensor.unflatten")
def unflatten(input: Tensor, dim: Int, sizes: Sizes) -> Tensor:
    """One axis becomes several; one of their sizes may be -1.

    >>> T(2, 12, 4).unflatten(1, (3, -1))
    (2, 3, 4, 4)
    >>> T(2, 12).unflatten(-1, (3, 5))
    ! SHP104 unflatten: Provided sizes [3, 5] don't multiply up to the size of dim 1 (12) in the input tensor
    """
    expect(len(sizes) > 0, "SHP118", "unflatten: sizes must be non-empty")
    place = axis(dim, input.rank)
    none = f"unflatten got an unexpected error:\nDimension specified as {place} but tensor has no dimensions"
    expect(input.rank > 0, "SHP107", none, message="unflatten of a tensor without axes")
    size = input.shape[place]
    gap: list[int] = [index for index, part in enumerate(sizes) if isinstance(part, int) and part == -1]
    negative = next((index for index, part in enumerate(sizes) if isinstance(part, int) and part < -1), None)
    if negative is not None or len(gap) > 1:
        why = f"invalid shape dimension {sizes[negative]} at index {negative} of shape {brackets(sizes)}" if negative is not None else (
            "only one dimension can be inferred"
        )  # fmt: skip
        refuse("SHP118", f"unflatten got an unexpected error:\n{why}")

    def sentence() -> str:
        return (
            f"unflatten: Provided sizes {brackets(sizes)} don't multiply up to the size of dim {place} ({word(size)}) in the input tensor"
        )

    parts = sizes
    learn_positive(sizes, size)
    if not gap:
        expect_as_many((size,), sizes, "SHP104", sentence, expected=true_product(sizes), actual=size, axis=place)
    else:
        rest = tuple(part for index, part in enumerate(sizes) if index != gap[0])
        expect(not any(same(part, 0).yes for part in rest), "SHP104", sentence)
        missing = quotient((size,), rest, "SHP104", sentence, expected=true_product(rest), actual=size, axis=place)
        parts = (*sizes[: gap[0]], missing, *sizes[gap[0] + 1 :])
    shape = (*input.shape[:place], *parts, *input.shape[place + 1 :])
    if input.layout is CONTIGUOUS or input.layout is None:
        return Tensor(shape, input.dtype, input.layout, input.offset, input.elements, device=input.device)
    steps: list[Size] = [input.layout[place]]
    for part in reversed(parts[1:]):
        steps.append(steps[-1] * part)
    strides = (*input.layout[:place], *reversed(steps), *input.layout[place + 1 :])
    return Tensor(shape, input.dtype, layout_of(shape, strides), input.offset, input.elements, device=input.device)


@layer("nn.Flatten")
class Flatten:
    """Flattens all axes but the first, or the given ones.

    >>> nn.Flatten()(T(256, 1, 28, 28))
    (256, 784)
    >>> nn.Flatten(0, 1)(T(2, 3, 4))
    (6, 4)
    >>> nn.Flatten(2)(T(2, 3))
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """

    start_dim: Any
    end_dim: Any

    def __init__(self, start_dim: Any = 1, end_dim: Any = -1) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return flatten(input, to_int(self.start_dim), to_int(self.end_dim))


@layer("nn.Unflatten")
class Unflatten:
    """Opens one axis into several.

    >>> nn.Unflatten(1, (2, 5, 5))(T(8, 50))
    (8, 2, 5, 5)
    >>> nn.Unflatten(1, (2, 5))(T(8, 50))
    ! SHP104 unflatten: Provided sizes [2, 5] don't multiply up to the size of dim 1 (50) in the input tensor
    >>> nn.Unflatten(1, 3)
    ! SHP202 unflattened_size must be a tuple of ints, but found type int
    """

    dim: Any
    unflattened_size: Any

    def __init__(self, dim: Any, unflattened_size: Any) -> None:
        if isinstance(dim, str):
            return
        parts = to_sequence(unflattened_size)
        kind = python_type(unflattened_size)
        if parts is None and kind in ("int", "float", "str", "NoneType"):
            refuse(
                "SHP202", f"unflattened_size must be a tuple of ints, but found type {kind}", error="TypeError", blame="unflattened_size"
            )
        for place, part in enumerate(parts or ()):
            if isinstance(part, (float, SymFloat, str)):
                kind = python_type(part)
                found = f"unflattened_size must be tuple of ints, but found element of type {kind} at pos {place}"
                refuse("SHP202", found, error="TypeError", blame="unflattened_size")

    def forward(self, input: Tensor) -> Tensor:
        return unflatten(input, to_int(self.dim), to_sizes(self.unflattened_size))
