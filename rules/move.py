"""Elements in other places of the same axes, and views with strides of their own: flip, roll, rot90, unfold, as_strided, contiguous."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Int,
    Ints,
    Size,
    Sizes,
    Tensor,
    as_spelled,
    axes,
    axis,
    brackets,
    channels_last_strides,
    expect,
    expect_divides,
    expect_eq,
    expect_le,
    facts,
    floordiv,
    into,
    is_channels_last,
    is_contiguous,
    layout_of,
    op,
    preserved_layout,
    python_type,
    refuse,
    sizes_argument,
    suggests_channels_last,
    to_int,
    to_sequence,
    type_name,
    word,
)


@op("Tensor.contiguous", lazy=True)
def contiguous(input: Tensor, memory_format: Any = None) -> Tensor:
    """The tensor itself where its strides are row-major, else a copy that has such strides.

    >>> T(2, 3).t().contiguous()
    (3, 2) strides (2, 1)
    >>> T(2, 3, 4, 5).contiguous(memory_format=torch.channels_last)
    (2, 3, 4, 5) strides (60, 1, 15, 3)
    >>> T(2, 3).contiguous(memory_format=torch.channels_last)
    ! SHP107 required rank 4 tensor to use channels_last format
    """
    name = getattr(memory_format, "name", "contiguous_format" if memory_format is None else "").rpartition(".")[2]
    if name.startswith("channels_last"):
        rank = 5 if name.endswith("3d") else 4
        if input.layout is not None and input.rank == rank and is_channels_last(input).yes:
            return input
        expect(input.rank == rank, "SHP107", f"required rank {rank} tensor to use {name} format", expected=rank, actual=input.rank)
        return Tensor(input.shape, input.dtype, layout_of(input.shape, channels_last_strides(input.shape)), 0, device=input.device)
    if name != "contiguous_format":
        return Tensor(input.shape, input.dtype, None, None, device=input.device)
    answer = is_contiguous(input)
    if answer.yes:
        return input
    return Tensor(input.shape, input.dtype, CONTIGUOUS, 0 if answer.no else None, device=input.device)


def _moved(input: Tensor) -> Tensor:
    return Tensor(input.shape, input.dtype, preserved_layout(input), device=input.device)


@op("Tensor.flip")
def flip(input: Tensor, *dims: Any) -> Tensor:
    """Axes in reverse.

    >>> T(2, 3).flip(0, 1)
    (2, 3)
    >>> T(2, 3).flip(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    expect(len(dims) > 0, "SHP121", 'flip() missing 1 required positional arguments: "dims"', error="TypeError")
    axes([to_int(dim) for dim in sizes_argument(dims, "flip", "dims")], input.rank)
    return _moved(input)


@op("torch.flip")
def flip_function(input: Tensor, dims: Any) -> Tensor:
    """torch.flip takes one sequence of axes.

    >>> torch.flip(T(2, 3), (0,))
    (2, 3)
    >>> torch.flip(T(2, 3), [0, -2])
    ! SHP108 dim 0 appears multiple times in the list of dims
    """
    if to_sequence(dims) is None and python_type(dims) == "int":
        refuse("SHP118", "flip(): argument 'dims' (position 2) must be tuple of ints, not int", error="TypeError")
    axes([to_int(dim) for dim in sizes_argument((dims,), "flip", "dims", position=2)], input.rank)
    return _moved(input)


@op("torch.fliplr", "Tensor.fliplr", ranks=(2, 3, 4))
def fliplr(input: Tensor) -> Tensor:
    """The second axis in reverse.

    >>> torch.fliplr(T(2, 3))
    (2, 3)
    >>> torch.fliplr(T(3))
    ! SHP107 Input must be >= 2-d.
    """
    expect(input.rank >= 2, "SHP107", "Input must be >= 2-d.", actual=input.rank)
    return _moved(input)


@op("torch.flipud", "Tensor.flipud")
def flipud(input: Tensor) -> Tensor:
    """The first axis in reverse.

    >>> torch.flipud(T(2, 3))
    (2, 3)
    >>> torch.flipud(torch.tensor(1.0))
    ! SHP107 Input must be >= 1-d.
    """
    expect(input.rank >= 1, "SHP107", "Input must be >= 1-d.", actual=input.rank)
    return _moved(input)


@op("torch.rot90", "Tensor.rot90", ranks=(4, 3, 2))
def rot90(input: Tensor, k: Int = 1, dims: Ints = (0, 1)) -> Tensor:
    """Quarter turns in the plane of two axes.

    >>> torch.rot90(T(2, 3), 1, (0, 1))
    (3, 2)
    >>> torch.rot90(T(2, 3, 4), 2, (1, 2))
    (2, 3, 4)
    >>> torch.rot90(T(2, 3), 1, (0, 0))
    ! SHP108 expected rotation dims to be different, but got dim0 = 0 and dim1 = 0
    """
    expect(len(dims) == 2, "SHP118", f"expected total rotation dims == 2, but got dims = {len(dims)}", actual=len(dims))
    expect(input.rank >= 2, "SHP107", f"expected total dims >= 2, but got total dims = {input.rank}", actual=input.rank)
    first, second = (axis(dim, input.rank) for dim in dims)
    alike = f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}"
    expect(first != second, "SHP108", alike, message="a rotation in the plane of one axis")
    if k % 2 == 0:
        return Tensor(input.shape, input.dtype, preserved_layout(input) if k % 4 else CONTIGUOUS, device=input.device)
    order = list(range(input.rank))
    order[first], order[second] = order[second], order[first]
    turned = _moved(input)
    shape = tuple(turned.shape[place] for place in order)
    strides = turned.strides
    layout = None if strides is None else layout_of(shape, tuple(strides[place] for place in order))
    return Tensor(shape, input.dtype, layout, device=input.device)


@op("torch.roll", "Tensor.roll")
def roll(input: Tensor, shifts: Sizes, dims: Any = ()) -> Tensor:
    """Elements move along axes, and what leaves at an end comes in at the other; one axis for each shift, or none for the flat tensor.

    >>> T(2, 3).roll(1, 0)
    (2, 3)
    >>> torch.roll(T(2, 3), shifts=(1, -1), dims=(0, 1))
    (2, 3)
    >>> T(2, 3).roll((1, 2), 0)
    ! SHP118 shifts and dimensions must align. shifts: 2, dims:1
    >>> T(2, 3).roll(1, 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    places = () if dims is None else sizes_argument((dims,), "roll", "dims")
    expect(len(shifts) > 0, "SHP118", "`shifts` required")
    if not (len(places) == 0 and len(shifts) == 1):
        expect(
            len(shifts) == len(places),
            "SHP118",
            f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(places)}",
            expected=len(shifts),
            actual=len(places),
        )
        if not any(facts().eq(size, 0).yes for size in input.shape):
            for place in places:
                _expect_size(to_int(place), input.rank)
    return Tensor(input.shape, input.dtype, _rolled_layout(input, shifts, places), device=input.device)


def _rolled_layout(input: Tensor, shifts: Sizes, places: Sizes) -> Any:
    """roll is a cat of two parts: channels_last stays so, if none of the parts is empty."""
    answer = suggests_channels_last(input)
    if answer.no or not places:
        return CONTIGUOUS
    whole = (facts().divides(input.shape[to_int(place)], shift) for shift, place in zip(shifts, places, strict=True))
    if answer.maybe or not all(truth.no for truth in whole):
        return None
    return layout_of(input.shape, channels_last_strides(input.shape))


def _expect_size(dim: int, rank: int) -> None:
    """Tensor.size(dim) as C++ code asks for it: a tensor of no axes has none."""
    expect(rank > 0, "SHP108", f"Dimension specified as {dim} but tensor has no dimensions", error="IndexError")
    axis(dim, rank)


@op("Tensor.unfold", "torch.unfold_copy")
def unfold(input: Tensor, dimension: Int, size: Size, step: Size, *, out: Any = None) -> Tensor:
    """Windows along an axis, each in a new last axis.

    >>> T(2, 8).unfold(1, 3, 2)
    (2, 3, 3) strides (8, 2, 1)
    >>> T(2, 8).unfold(1, 9, 1)
    ! SHP110 maximum size for tensor at dimension 1 is 8 but size is 9
    """
    place = axis(dimension, input.rank)
    length = input.shape[place] if input.rank else 1
    expect_le(0, size, "SHP118", lambda: f"size is {word(size)} but must be >= 0", actual=size)
    expect_le(
        size,
        length,
        "SHP110",
        lambda: f"maximum size for tensor at dimension {place} is {word(length)} but size is {word(size)}",
        message=lambda: f"windows of {word(size)} in an axis of {word(length)}",
        expected=length,
        actual=size,
        axis=place,
    )
    expect_le(1, step, "SHP118", lambda: f"step is {word(step)} but must be > 0", actual=step)
    count = floordiv(length - size, step) + 1
    strides = input.strides
    if input.rank == 0:
        return into(out, Tensor((size,), input.dtype, CONTIGUOUS, input.offset, device=input.device))
    shape = (*input.shape[:place], count, *input.shape[place + 1 :], size)
    layout = None
    if strides is not None:
        layout = layout_of(shape, (*strides[:place], strides[place] * step, *strides[place + 1 :], strides[place]))
    return into(out, as_spelled(Tensor(shape, input.dtype, layout, input.offset, device=input.device)))


@op("torch.as_strided", "Tensor.as_strided", "Tensor.as_strided_", "torch.as_strided_", "torch.as_strided_copy")
def as_strided(input: Tensor, size: Sizes, stride: Sizes, storage_offset: Size | None = None, *, out: Any = None) -> Tensor:
    """A view of the storage with these sizes and strides.

    >>> T(4, 4).as_strided((2, 3), (1, 4))
    (2, 3) strides (1, 4)
    >>> T(4, 4).as_strided((2, 3), (1,))
    ! SHP118 mismatch in length of strides and shape
    """
    expect(len(size) == len(stride), "SHP118", "mismatch in length of strides and shape", expected=len(size), actual=len(stride))
    for step in stride:
        if facts().lt(step, 0).yes:
            refuse("SHP118", f"as_strided: Negative strides are not supported at the moment, got strides: {brackets(stride)}")
    offset = input.offset if storage_offset is None else storage_offset
    return into(out, as_spelled(Tensor(size, input.dtype, layout_of(size, stride), offset, device=input.device)))


@op("Tensor.resize_", refuses_nothing=True)
def resize_(input: Tensor, *size: Any, memory_format: Any = None) -> Tensor:
    """Another shape for the same storage, which grows where it is too small.

    >>> T(2, 3).resize_(4, 5)
    (4, 5)
    """
    return Tensor(sizes_argument(size, "resize_", "size"), input.dtype, CONTIGUOUS, input.offset, device=input.device)


@op("Tensor.resize_as_", "torch.resize_as_", refuses_nothing=True)
def resize_as_(input: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """The shape of another tensor for the same storage.

    >>> T(2, 3).resize_as_(T(4, 5))
    (4, 5)
    """
    return Tensor(the_template.shape, input.dtype, CONTIGUOUS, input.offset, device=input.device)


@op("torch.view_as_real")
def view_as_real(input: Tensor) -> Tensor:
    """A complex tensor as a real one with a last axis of 2.

    >>> torch.view_as_real(torch.view_as_complex(T(3, 2)))
    (3, 2) float32
    >>> torch.view_as_real(T(3))
    ! SHP117 view_as_real is only supported for complex tensors
    """
    parts = {"complex32": "float16", "complex64": "float32", "complex128": "float64", None: None}
    expect(input.dtype in parts, "SHP117", "view_as_real is only supported for complex tensors", actual=input.dtype)
    shape = (*input.shape, 2)
    strides = input.strides
    layout = None if strides is None else layout_of(shape, (*(step * 2 for step in strides), 1))
    return Tensor(shape, parts[input.dtype], layout, None if input.offset is None else input.offset * 2, device=input.device)


@op("torch.view_as_complex")
def view_as_complex(input: Tensor) -> Tensor:
    """A real tensor with a last axis of 2 as a complex one without it.

    >>> torch.view_as_complex(T(3, 2))
    (3,) complex64
    >>> torch.view_as_complex(T(3, 3))
    ! SHP104 Tensor must have a last dimension of size 2
    """
    wholes = {"float16": "complex32", "float32": "complex64", "float64": "complex128", None: None}
    dtype = type_name(input.dtype) if input.dtype else ""
    only = f"view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: {dtype}"
    expect(input.dtype in wholes, "SHP117", only, actual=input.dtype)
    expect(input.rank > 0, "SHP107", "Input tensor must have one or more dimensions")
    last = input.rank - 1
    wrong = "Tensor must have a last dimension of size 2"
    expect_eq(input.shape[-1], 2, "SHP104", wrong, expected=2, actual=input.shape[-1], axis=last)
    strides = input.strides
    layout: Any = None
    if strides is not None:
        expect_eq(strides[-1], 1, "SHP105", "Tensor must have a last dimension with stride 1", expected=1, actual=strides[-1])
        for step in strides[:-1]:
            expect_divides(2, step, "SHP105", "Tensor must have a stride divisible by 2 for all but last dimension")
        layout = layout_of(input.shape[:-1], tuple(floordiv(step, 2) for step in strides[:-1]))
    return Tensor(input.shape[:-1], wholes[input.dtype], layout, None, device=input.device)
