"""`x[index]` as torch reads it: which axes remain, with which strides, and which axes come from index tensors.

torch/csrc/autograd/python_variable_indexing.cpp and aten/src/ATen/native/TensorAdvancedIndexing.cpp. Unlike NumPy's, an integer next
to an index tensor is taken out first and does not count as an index tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shapecheck.book.arithmetic import broadcast_size
from shapecheck.book.constants import Places, all_of, elements_at, sliced, small
from shapecheck.book.context import current
from shapecheck.book.elementwise import elementwise_layout
from shapecheck.book.expect import expect, expect_eq, expect_ge
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.slicing import clamped
from shapecheck.book.strides import layout_of, view_strides
from shapecheck.book.words import brackets, word
from shapecheck.sizes import Poly, Size
from shapecheck.values import Free, ListValue, Repeated, SymFloat, Tensor, Unknown

MASKS = ("bool", "uint8")
INDICES = ("int64", "int32", "bool", "uint8")


@dataclass
class Axis:
    """An axis on the way: its size, its stride (None when not known), and the index tensor that picks from it."""

    size: Size
    stride: Size | None
    index: Tensor | None = None  # an integer tensor, or a mask at the first of the axes that it covers
    covered: int = 0  # how many axes of the mask lie before this one


@dataclass
class Picked:
    """What an index leads to.

    base      the shape before index tensors pick from it: what a store expands to where there are none.
    advanced  whether index tensors take part, so that the result is new memory.
    mask      whether the only index tensor is a mask.
    expect_values   checks the values of constant index tensors, which torch does last.
    """

    shape: tuple[Size, ...]
    layout: Any
    offset: Size | None
    elements: tuple[Any, ...] | None
    base: tuple[Size, ...]
    advanced: bool
    mask: bool
    expect_values: Callable[[], None] = lambda: None


def pick(input: Tensor, index: Any) -> Picked:
    """Read an index. Refused where torch refuses it."""
    items, lone = _parts(index)
    if lone and input.rank == 0:
        _refuse_scalar(items[0])
    items = _told(items, input)
    wanted = sum(_consumed(item) for item in items)
    expect(
        wanted <= input.rank,
        "SHP109",
        f"too many indices for tensor of dimension {input.rank}",
        message=f"{wanted} indices for a tensor of {input.rank} axes",
        error="IndexError",
        expected=input.rank,
        actual=wanted,
    )
    strides = input.strides
    rest = [Axis(size, None if strides is None else strides[place]) for place, size in enumerate(input.shape)]
    offset = input.offset
    picked: Places | None = [] if input.elements is not None and small(input.shape) else None
    done: list[Axis] = []
    for place, item in enumerate(items):
        if item is Ellipsis:
            for _ in range(len(rest) - sum(_consumed(later) for later in items[place + 1 :])):
                picked = all_of(picked, rest[0].size)
                done.append(rest.pop(0))
        elif item is None:
            done.append(Axis(1, _inserted_stride(rest)))
        elif isinstance(item, bool):
            done.append(Axis(1, _inserted_stride(rest), Tensor((1 if item else 0,), "int64")))
            picked = None
        elif isinstance(item, slice):
            axis = rest.pop(0)
            start, size, step = clamped(item, axis.size)
            offset = _moved(offset, start, axis.stride)
            picked = sliced(picked, start, size, step)
            done.append(Axis(size, None if axis.stride is None else axis.stride * step))
        elif isinstance(item, Tensor):
            picked = None
            if item.rank == 0 and item.dtype in MASKS:
                done.append(Axis(1, _inserted_stride(rest), Tensor((_count(item),), "int64")))
                continue
            for covered in range(_consumed(item)):
                axis = rest.pop(0)
                done.append(Axis(axis.size, axis.stride, item, covered))
        else:
            axis = rest.pop(0)
            expect_inside(item, axis.size, place)
            low, _ = current().facts.bounds(item)
            start = None if low is None else item if low >= 0 else item + axis.size if isinstance(item, int) else None
            offset = _moved(offset, start, axis.stride)
            picked = None if picked is None or not isinstance(start, int) else [*picked, [start]]
    for axis in rest:
        picked = all_of(picked, axis.size)
    done += rest
    elements = elements_at(input, picked)
    shape = tuple(axis.size for axis in done)
    steps = [axis.stride for axis in done if axis.stride is not None]
    layout = layout_of(shape, tuple(steps)) if len(steps) == len(done) else None
    tensors = [axis.index for axis in done if axis.index is not None and not axis.covered]
    if not tensors:
        return Picked(shape, layout, offset, elements, shape, False, False)
    places, joined = _joined(done, shape)
    result, layout = _gathered(done, places, joined)
    mask = len(tensors) == 1 and tensors[0].dtype in MASKS
    return Picked(result, layout, 0, None, shape, True, mask, lambda: _expect_values(done, places, joined, shape))


def _parts(index: Any) -> tuple[tuple[Any, ...], bool]:
    """The items of an index, ready to be looked at, and whether it is a single one that torch treats by itself."""
    index = current().pinned(index)
    if isinstance(index, tuple):
        return tuple(_item(part) for part in index), False
    if isinstance(index, ListValue) and isinstance(index.items, tuple) and len(index.items) < 32:
        parts = [current().pinned(part) for part in index.items]
        if any(isinstance(part, (Tensor, ListValue, tuple, slice, str)) or part is None or part is Ellipsis for part in parts):
            return tuple(_item(part) for part in parts), False
    return (_item(index),), not isinstance(index, Tensor)


def _item(value: Any) -> Any:
    """None, Ellipsis, a bool, a size, a slice or a tensor."""
    value = current().pinned(value)
    if value is None or value is Ellipsis or isinstance(value, (bool, int, Poly, slice)):
        return value
    if isinstance(value, Tensor):
        if value.dtype is None:
            return value
        if value.rank == 0 and value.dtype not in MASKS and value.dtype.startswith(("int", "uint")):
            return (
                value.elements[0] if value.elements is not None and isinstance(value.elements[0], int) else current().fresh("index", None)
            )
        expect(
            value.dtype in INDICES,
            "SHP117",
            "tensors used as indices must be long, int, byte or bool tensors",
            message=f"a tensor of {value.dtype} is no index",
            error="IndexError",
            actual=value.dtype,
        )
        return value
    if isinstance(value, (ListValue, tuple)):
        return _tensor_of(value)
    if isinstance(value, Free):
        if value.kind == "int":
            return current().integer(value)
        raise Unsure(f"an index {value.name} of which nothing is known")
    if isinstance(value, Unknown):
        raise Unsure(value.why)
    if isinstance(value, (float, SymFloat)):
        sentence = "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got float)"
        refuse("SHP109", sentence, message="a float is no index", error="IndexError")
    if isinstance(value, str):
        refuse("SHP109", "new(): invalid data type 'str'", message="a string is no index of a tensor", error="TypeError")
    raise Unsure(f"an index that is a {type(value).__name__}")


def _tensor_of(value: Any) -> Tensor:
    """The index tensor that torch makes of a list of numbers."""
    if isinstance(value, ListValue):
        if isinstance(value.items, Repeated):
            if isinstance(value.items.count, (int, Poly)) and isinstance(value.items.element, (int, Poly)):
                return Tensor((value.items.count,), "bool" if isinstance(value.items.element, bool) else "int64")
            raise Unsure("an index that is a list of unknown length")
        value = value.items
    items = [current().pinned(item) for item in value]
    if any(isinstance(item, (ListValue, tuple)) for item in items):
        inner = [_tensor_of(item) for item in items]
        if any(tensor.shape != inner[0].shape for tensor in inner):
            raise Unsure("an index of lists of different lengths")
        elements = None if any(tensor.elements is None for tensor in inner) else tuple(e for tensor in inner for e in tensor.elements or ())
        return Tensor((len(inner), *inner[0].shape), inner[0].dtype, elements=elements)
    if not all(isinstance(item, (int, Poly)) for item in items):
        raise Unsure("a list of values that are not known as an index")
    mask = bool(items) and all(isinstance(item, bool) for item in items)
    numbers = tuple(items) if all(isinstance(item, int) for item in items) else None
    return Tensor((len(items),), "bool" if mask else "int64", elements=numbers)


def _told(items: tuple[Any, ...], input: Tensor) -> tuple[Any, ...]:
    """The items with each tensor of unknown dtype taken for integers or for a mask, the likelier one first.

    It is a mask, if anything, where it has the very sizes of the axes that it stands for.
    """
    context = current()
    told: list[Any] = []
    axis: int | None = 0
    for item in items:
        if isinstance(item, Tensor) and item.dtype is None:
            if item.rank == 0:
                item = context.fresh("index", None)
            else:
                sizes = () if axis is None else input.shape[axis : axis + item.rank]
                fits = len(sizes) == item.rank and all(context.facts.eq(a, b).yes for a, b in zip(sizes, item.shape, strict=True))
                mask = context.choose(("index", item.shape, sizes), 2) == (0 if fits else 1)
                item = Tensor(item.shape, "bool" if mask else "int64", item.layout, item.offset)
        told.append(item)
        axis = None if item is Ellipsis or axis is None else axis + _consumed(item)
    return tuple(told)


def _consumed(item: Any) -> int:
    """How many axes of the tensor an item speaks of."""
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    return item.rank if isinstance(item, Tensor) and item.dtype in MASKS else 1


def _refuse_scalar(item: Any) -> None:
    if isinstance(item, (int, Poly)) and not isinstance(item, bool):
        refuse(
            "SHP109",
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
            "to convert a 0-dim tensor to a number",
            message="a tensor of no axes has no items",
            error="IndexError",
        )
    if isinstance(item, slice):
        refuse("SHP109", "slice() cannot be applied to a 0-dim tensor.", error="IndexError")


def expect_inside(index: Size, size: Size, place: int) -> None:
    """-size <= index < size"""
    facts = current().facts

    def sentence() -> str:
        return f"index {word(index)} is out of bounds for dimension {place} with size {word(size)}"

    details: dict[str, Any] = {
        "message": lambda: f"index {word(index)} of an axis of {word(size)}",
        "error": "IndexError",
        "expected": size,
        "actual": index,
    }
    sign = facts.ge(index, 0)
    if sign.yes:
        expect_ge(size, index + 1, "SHP109", sentence, **details)
    elif sign.no:
        expect_ge(size, -index, "SHP109", sentence, **details)
    else:
        expect(not facts.ge(index, size).yes, "SHP109", sentence, **details)


def _inserted_stride(rest: Sequence[Axis]) -> Size | None:
    """The stride that unsqueeze gives to a new axis before these."""
    if not rest:
        return 1
    return None if rest[0].stride is None else rest[0].size * rest[0].stride


def _moved(offset: Size | None, start: Size | None, stride: Size | None) -> Size | None:
    return None if offset is None or start is None or stride is None else offset + start * stride


def _count(mask: Tensor) -> Size:
    """How many elements of a mask are true."""
    if mask.elements is not None:
        return sum(map(bool, mask.elements))
    size = mask.numel()
    return current().fresh("nonzero", low=0, high=size if isinstance(size, int) else None)


def _joined(axes: Sequence[Axis], shape: tuple[Size, ...]) -> tuple[list[int], tuple[Size, ...]]:
    """The axes that index tensors pick from, and the common shape of those tensors."""
    picking: list[tuple[Size, ...]] = []  # the shapes of the index tensors, a mask once for each of its axes
    places: list[int] = []
    counts: dict[int, Size] = {}
    for place, axis in enumerate(axes):
        tensor = axis.index
        if tensor is None:
            continue
        places.append(place)
        if tensor.dtype not in MASKS:
            picking.append(tensor.shape)
            continue
        first = len(picking) - axis.covered

        def sentence(tensor: Tensor = tensor, first: int = first, place: int = place, covered: int = axis.covered) -> str:
            return (
                f"The shape of the mask {brackets(tensor.shape)} at index {covered} does not match the shape of the indexed tensor "
                f"{brackets(shape)} at index {place}"
            )

        expect_eq(
            tensor.shape[axis.covered],
            axis.size,
            "SHP109",
            sentence,
            error="IndexError",
            expected=axis.size,
            actual=tensor.shape[axis.covered],
            axis=place,
        )
        if not axis.covered:
            counts[id(tensor)] = _count(tensor)
        picking.append((counts[id(tensor)],))
    return places, _broadcast(picking)


def _gathered(axes: Sequence[Axis], places: Sequence[int], joined: tuple[Size, ...]) -> tuple[tuple[Size, ...], Any]:
    """The shape and layout of the copy that index tensors pick."""
    together = places[-1] - places[0] + 1 == len(places)
    start = places[0] if together else 0
    kept = [axis for axis in axes if axis.index is None]
    before, after = kept[:start], kept[start:]
    result = (*(axis.size for axis in before), *joined, *(axis.size for axis in after))
    return result, _gathered_layout(axes, before, after, joined, result)


def _broadcast(shapes: Sequence[tuple[Size, ...]]) -> tuple[Size, ...]:
    rank = max(map(len, shapes))
    joined: list[Size] = [1] * rank
    for place in range(rank):
        for shape in shapes:
            if place < rank - len(shape):
                continue
            size = broadcast_size(joined[place], shape[place - rank + len(shape)])
            if size is None:
                words = ", ".join(brackets(shape) for shape in shapes)
                refuse(
                    "SHP109",
                    f"shape mismatch: indexing tensors could not be broadcast together with shapes {words}",
                    error="IndexError",
                    actual=[list(shape) for shape in shapes],
                )
            joined[place] = size
    return tuple(joined)


def _expect_values(axes: Sequence[Axis], places: Sequence[int], joined: tuple[Size, ...], shape: tuple[Size, ...]) -> None:
    """Known index values lie inside, unless nothing is picked at all."""
    if any(not isinstance(size, int) or size == 0 for size in joined):
        return
    facts = current().facts
    expect(
        not any(axes[place].size == 0 for place in places),
        "SHP109",
        "index is out of bounds for dimension with size 0",
        error="IndexError",
    )
    if any(not facts.ge(size, 1).yes for size in shape):
        return
    for number, place in enumerate(places):
        tensor, size = axes[place].index, axes[place].size
        if tensor is None or tensor.elements is None or tensor.dtype in MASKS or not isinstance(size, int):
            continue
        for value in tensor.elements:
            expect(
                not isinstance(value, int) or -size <= value < size,
                "SHP109",
                f"index {value} is out of bounds for dimension {number} with size {size}",
                error="IndexError",
                expected=size,
                actual=value,
                axis=place,
            )


def _gathered_layout(
    axes: Sequence[Axis], before: Sequence[Axis], after: Sequence[Axis], joined: tuple[Size, ...], result: tuple[Size, ...]
) -> Any:
    """TensorIterator's choice, from the strides of what is picked from (0 along the picked axes) and of the index tensors."""
    front = tuple(axis.stride for axis in before if axis.stride is not None)
    back = tuple(axis.stride for axis in after if axis.stride is not None)
    if len(front) < len(before) or len(back) < len(after):
        return None
    sizes = (*(axis.size for axis in before), *((1,) * len(joined)), *(axis.size for axis in after))
    operands = [Tensor(sizes, layout=(*front, *((0,) * len(joined)), *back))]
    shape = (*((1,) * len(before)), *joined, *((1,) * len(after)))
    for axis in axes:
        tensor = axis.index
        if tensor is None or axis.covered:
            continue
        picked = joined[-1:] if tensor.dtype in MASKS else tensor.shape
        strides = (1,) if tensor.dtype in MASKS else tensor.strides
        if strides is None:
            return None
        gap = len(joined) - len(picked)
        spread = [0 if size == 1 and wanted != 1 else stride for size, stride, wanted in zip(picked, strides, joined[gap:], strict=True)]
        steps = view_strides(joined, ((0,) * gap) + tuple(spread), shape)
        if steps is None:
            return None
        operands.append(Tensor(shape, layout=steps))
    layout = elementwise_layout(result, operands)
    return layout if isinstance(layout, bool) or layout is None else layout_of(result, layout)
