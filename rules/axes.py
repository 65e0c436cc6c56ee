"""Axes of one: squeeze, unsqueeze, expand, and the copies repeat and tile."""

from __future__ import annotations

from collections.abc import Sequence

from shapecheck.book import (
    Any,
    Int,
    Poly,
    Size,
    Tensor,
    as_spelled,
    axes,
    axis,
    brackets,
    current,
    expand,
    expect,
    expect_eq,
    expect_ge,
    facts,
    fresh,
    into,
    layout_of,
    likely_ranks,
    not_implemented,
    op,
    pinned_ranks,
    python_type,
    refuse,
    sizes_argument,
    to_int,
    to_sequence,
    to_size,
    to_sizes,
    to_tensor,
    true_product,
    word,
)


def is_one(size: Size, named: bool = False) -> bool:
    """Whether an axis goes when it is squeezed.

    Where that is open: who names an axis expects it to go; of the others those go whose size was worked out, by a pooling say, and
    those stay that somebody chose (a batch, a width).
    """
    if isinstance(size, int):
        return size == 1
    context = current()
    answer = context.facts.eq(size, 1)
    if not answer.maybe:
        return answer.yes
    simple = context.facts.simplify(size)
    chosen = isinstance(simple, Poly) and not simple.constant and simple.terms == {(name,): 1 for name in list(simple.symbols)[:1]}
    likely = named or not chosen
    if (context.choose(("squeeze", simple), 2) == 0) == likely:
        context.learn(context.facts.assume_eq(size, 1))
        return True
    context.learn(context.facts.assume_ne(size, 1))
    return False


def _only(input: Tensor, keep: Sequence[int]) -> Tensor:
    """The view that has these axes alone, the others being of size 1."""
    if len(keep) == input.rank:
        return as_spelled(input)
    shape = tuple(input.shape[place] for place in keep)
    strides = input.strides
    layout = None if strides is None else layout_of(shape, tuple(strides[place] for place in keep))
    return as_spelled(Tensor(shape, input.dtype, layout, input.offset, input.elements, device=input.device))


@op("torch.squeeze", "Tensor.squeeze", "Tensor.squeeze_", "torch.squeeze_copy")
def squeeze(input: Tensor, *dim: Any, out: Any = None) -> Tensor:
    """Axes of size 1 go away: all of them, or those named that are of size 1.

    >>> T(1, 4, 1).squeeze()
    (4,)
    >>> T(1, 4, 1).squeeze(0)
    (4, 1)
    >>> torch.squeeze(T(1, 4, 1), (0, 1))
    (4, 1)
    >>> T(1, 4).squeeze(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if not dim or (len(dim) == 1 and dim[0] is None):
        return into(out, _only(input, [place for place, size in enumerate(input.shape) if not is_one(size)]))
    items = to_sequence(dim[0]) if len(dim) == 1 else dim
    named = axes([to_int(current().pinned(item)) for item in (dim if items is None else items)], input.rank)
    if input.rank == 0:
        return into(out, input)
    return into(out, _only(input, [place for place, size in enumerate(input.shape) if place not in named or not is_one(size, True)]))


@op("torch.unsqueeze", "Tensor.unsqueeze", "Tensor.unsqueeze_", "torch.unsqueeze_copy")
def unsqueeze(input: Any, dim: Int, *, out: Any = None) -> Tensor:
    """A new axis of size 1 at `dim`.

    >>> T(2, 3).unsqueeze(1)
    (2, 1, 3) strides (3, 3, 1)
    >>> T(2, 3).unsqueeze(-1)
    (2, 3, 1)
    >>> T(2, 3).unsqueeze(3)
    ! SHP108 Dimension out of range (expected to be in range of [-3, 2], but got 3)
    """
    input = to_tensor(input, likely_ranks(dim if dim >= 0 else -dim - 1))
    place = axis(dim, input.rank + 1)
    shape = (*input.shape[:place], 1, *input.shape[place:])
    if input.layout is True or input.layout is None:
        return into(out, as_spelled(Tensor(shape, input.dtype, input.layout, input.offset, input.elements, device=input.device)))
    step = 1 if place == input.rank else input.shape[place] * input.layout[place]
    strides = (*input.layout[:place], step, *input.layout[place:])
    return into(out, as_spelled(Tensor(shape, input.dtype, layout_of(shape, strides), input.offset, input.elements, device=input.device)))


@op("Tensor.expand")
def expand_method(input: Any, *size: Any, implicit: Any = False) -> Tensor:
    """Axes of size 1 are repeated without copying; -1 keeps a size, and new axes may stand in front.

    >>> T(3, 1).expand(-1, 4)
    (3, 4) strides (1, 0)
    >>> T(3).expand(2, 3)
    (2, 3)
    >>> T(3, 2).expand(3, 4)
    ! SHP103 The expanded size of the tensor (4) must match the existing size (2) at non-singleton dimension 1.  Target sizes: [3, 4].  Tensor sizes: [3, 2]
    >>> T(3, 1).expand(4)
    ! SHP107 expand(torch.FloatTensor{[3, 1]}, size=[4]): the number of sizes provided (1) must be greater or equal to the number of dimensions in the tensor (2)
    """  # noqa: E501
    expect(len(size) > 0, "SHP121", 'expand() missing 1 required positional arguments: "size"', error="TypeError")
    target = sizes_argument(size, "expand", "size")
    return expand(to_tensor(input, pinned_ranks(len(target))), target)


@op("torch.broadcast_to")
def broadcast_to(input: Any, size: Any) -> Tensor:
    """`expand` under NumPy's name.

    >>> torch.broadcast_to(T(3, 1), (2, 3, 4))
    (2, 3, 4)
    >>> torch.broadcast_to(T(3), (2, 4))
    ! SHP103 The expanded size of the tensor (4) must match the existing size (3) at non-singleton dimension 1.  Target sizes: [2, 4].  Tensor sizes: [3]
    """  # noqa: E501
    target = to_sizes(size)
    return expand(to_tensor(input, pinned_ranks(len(target))), target)


@op("Tensor.broadcast_to")
def broadcast_to_method(input: Any, *size: Any) -> Tensor:
    """`expand` under NumPy's name.

    >>> T(3, 1).broadcast_to(2, 3, 4)
    (2, 3, 4)
    >>> T(3).broadcast_to((2, 4))
    ! SHP103 The expanded size of the tensor (4) must match the existing size (3) at non-singleton dimension 1.  Target sizes: [2, 4].  Tensor sizes: [3]
    """  # noqa: E501
    target = sizes_argument(size, "broadcast_to", "size")
    return expand(to_tensor(input, pinned_ranks(len(target))), target)


@op("Tensor.expand_as")
def expand_as(input: Any, other: Tensor) -> Tensor:
    """`expand` to the shape of another tensor.

    >>> T(3, 1).expand_as(T(3, 4))
    (3, 4)
    >>> T(3, 2).expand_as(T(3, 4))
    ! SHP103 The expanded size of the tensor (4) must match the existing size (2) at non-singleton dimension 1.  Target sizes: [3, 4].  Tensor sizes: [3, 2]
    """  # noqa: E501
    return expand(to_tensor(input, pinned_ranks(other.rank)), other.shape)


def _repeated(input: Tensor, repeats: Sequence[Size]) -> Tensor:
    sizes = (1,) * (len(repeats) - input.rank) + input.shape
    shape = tuple(size * times for size, times in zip(sizes, repeats, strict=True))

    def sentence() -> str:
        worst = next(size for size in shape if facts().lt(size, 0).yes)
        return f"Trying to create tensor with negative dimension {word(worst)}: {brackets(shape)}"

    for times in repeats:
        if not isinstance(times, Poly):
            expect_ge(times, 0, "SHP118", sentence, message="a negative number of repeats")
    return Tensor(shape, input.dtype, device=input.device)


@op("Tensor.repeat")
def repeat(input: Any, *repeats: Any) -> Tensor:
    """Copies along each axis; more numbers than axes add axes in front.

    >>> T(3, 4).repeat(2, 1)
    (6, 4)
    >>> T(3).repeat(4, 2)
    (4, 6)
    >>> T(3, 4).repeat(2)
    ! SHP107 Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor
    """
    expect(len(repeats) > 0, "SHP121", 'repeat() missing 1 required positional arguments: "repeats"', error="TypeError")
    times = sizes_argument(repeats, "repeat", "repeats")
    input = to_tensor(input, pinned_ranks(len(times)))
    expect(
        len(times) >= input.rank,
        "SHP107",
        "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
        message=f"repeat gives {len(times)} numbers for {input.rank} axes",
        expected=input.rank,
        actual=len(times),
    )
    return _repeated(input, times)


@op("Tensor.tile")
def tile(input: Tensor, *dims: Any) -> Tensor:
    """`repeat` that fills missing numbers in front with 1.

    >>> T(3, 4).tile(2)
    (3, 8)
    >>> T(3).tile((2, 2))
    (2, 6)
    >>> T(3).tile(-1)
    ! SHP118 Trying to create tensor with negative dimension -3: [-3]
    """
    expect(len(dims) > 0, "SHP121", 'tile() missing 1 required positional arguments: "dims"', error="TypeError")
    times = sizes_argument(dims, "tile", "dims")
    return _repeated(input, (1,) * (input.rank - len(times)) + times)


@op("torch.tile")
def tile_function(input: Tensor, dims: Any) -> Tensor:
    """torch.tile takes one sequence of numbers.

    >>> torch.tile(T(3, 4), (2, 1))
    (6, 4)
    >>> torch.tile(T(3, 4), 2)
    ! SHP118 tile(): argument 'dims' (position 2) must be tuple of ints, not int
    """
    if to_sequence(dims) is None and python_type(dims) in ("int", "float"):
        refuse("SHP118", f"tile(): argument 'dims' (position 2) must be tuple of ints, not {python_type(dims)}", error="TypeError")
    times = to_sizes(dims)
    return _repeated(input, (1,) * (input.rank - len(times)) + times)


@op("torch.repeat_interleave", "Tensor.repeat_interleave")
def repeat_interleave(input: Tensor, repeats: Any = None, dim: Int | None = None, *, output_size: Size | None = None) -> Tensor:
    """Every item of an axis several times in a row; without `dim` of the flattened tensor. With repeats alone: each place so often.

    >>> T(2, 3).repeat_interleave(2, dim=1)
    (2, 6)
    >>> torch.repeat_interleave(T(2, 3), torch.tensor([1, 2]), 0)
    (3, 3)
    >>> T(2, 3).repeat_interleave(2)
    (12,)
    >>> T(2, 3).repeat_interleave(torch.tensor([1, 2]), 1)
    ! SHP109 repeats must have the same size as input along dim, but got repeats.size(0) = 2 and input.size(1) = 3
    >>> T(2, 3).repeat_interleave(2, 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if repeats is None:
        expect(input.rank == 1, "SHP107", "repeat_interleave only accept 1D vector as repeat", actual=input.rank)
        return Tensor((_total(input, output_size),), input.dtype, device=input.device)
    kind = python_type(repeats)
    if kind in ("float", "list", "tuple", "str"):
        rest = "" if dim is None else ", int"
        sentence = f"repeat_interleave() received an invalid combination of arguments - got ({kind}{rest}), but expected one of:"
        refuse("SHP118", sentence, message=f"repeat_interleave by a {kind}", error="TypeError")
    place = axis(dim or 0, 1 if dim is None else input.rank)
    size = true_product(input.shape) if dim is None or not input.rank else input.shape[place]
    count = _interleaved(repeats, size, place, output_size)
    shape = (count,) if dim is None or not input.rank else (*input.shape[:place], count, *input.shape[place + 1 :])
    return Tensor(shape, input.dtype, device=input.device)


def _interleaved(repeats: Any, size: Size, place: int, output_size: Size | None) -> Size:
    """How many items an axis of `size` has when each is repeated."""
    if not isinstance(repeats, Tensor):
        times = to_size(repeats)
        expect_ge(times, 0, "SHP118", "Repeats must be non-negative", actual=times)
        if output_size is not None:
            wrong = f"repeat_interleave: Invalid output_size, expected {word(size * times)} but got {word(output_size)}"
            expect_eq(size * times, output_size, "SHP118", wrong, expected=size * times, actual=output_size)
        return size * times
    expect(repeats.rank <= 1, "SHP107", "repeats must be 0-dim or 1-dim tensor", actual=repeats.rank)
    if repeats.dtype not in (None, "int32", "int64"):
        not_implemented("repeat_interleave_cpu", repeats.dtype)
    if repeats.rank == 0 or repeats.shape[0] == 1:
        return size * (repeats.elements[0] if repeats.elements else fresh("repeats", low=0))
    expect_eq(
        repeats.shape[0],
        size,
        "SHP109",
        lambda: (
            "repeats must have the same size as input along dim, but got "
            f"repeats.size(0) = {word(repeats.shape[0])} and input.size({place}) = {word(size)}"
        ),
        expected=size,
        actual=repeats.shape[0],
    )
    return _total(repeats, output_size)


def _total(repeats: Tensor, output_size: Size | None) -> Size:
    if repeats.elements is not None:
        expect(min(repeats.elements, default=0) >= 0, "SHP118", "repeats can not be negative")
        return sum(map(int, repeats.elements))
    return fresh("repeats", low=0) if output_size is None else output_size
