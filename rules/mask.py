"""Masks: where, masked_fill, masked_select, masked_scatter, nonzero."""

from __future__ import annotations

import math

from shapecheck.book import (
    Any,
    Bool,
    Int,
    Number,
    Size,
    Tensor,
    broadcast,
    elementwise_layout,
    expand,
    expect,
    facts,
    fresh,
    inplace,
    into,
    layout_of,
    op,
    promote,
    python_type,
    refuse,
    true_product,
    type_name,
    written,
)
from shapecheck.book.bind import to_tensor_or_number

C_NAMES = {
    "float32": "float",
    "float64": "double",
    "float16": "c10::Half",
    "bfloat16": "c10::BFloat16",
    "int64": "long int",
    "int32": "int",
    "int16": "short int",
    "int8": "signed char",
    "uint8": "unsigned char",
}
HOLDS = {
    "int64": ("int64_t", 2**63),
    "int32": ("int", 2**31),
    "int16": ("int16_t", 2**15),
    "int8": ("int8_t", 2**7),
    "uint8": ("uint8_t", 2**8),
}
MOST_HALF = 65504


def _count(mask: Tensor) -> Size:
    """How many elements are not zero."""
    if mask.elements is not None:
        return sum(map(bool, mask.elements))
    size = mask.numel()
    return fresh("nonzero", low=0, high=size if isinstance(size, int) else None)


@op("torch.where")
def where(condition: Tensor, input: Any = None, other: Any = None, *, out: Any = None) -> Any:
    """Elements of one where the condition holds, of the other elsewhere; all three broadcast. With the condition alone: its indices.

    >>> torch.where(M(4, 1), T(5), 0.0)
    (4, 5)
    >>> torch.where(M(3), T(3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    >>> torch.where(I(3), T(3), 0.0)
    ! SHP117 where expected condition to be a boolean tensor, but got a tensor with dtype Long
    """
    if input is None and other is None:
        count = _count(condition)
        return tuple(Tensor((count,), "int64", offset=None) for _ in range(max(condition.rank, 1)))
    if input is None or other is None:
        given = "Tensor" if isinstance(input if other is None else other, Tensor) else str(python_type(input if other is None else other))
        sentence = f"where() received an invalid combination of arguments - got (Tensor, {given}), but expected one of:"
        refuse("SHP121", sentence, message="where wants the condition and both values", error="TypeError")
    return into(out, _where(condition, to_tensor_or_number(input), to_tensor_or_number(other)))


@op("Tensor.where")
def where_method(input: Tensor, condition: Tensor, other: Tensor | Number) -> Tensor:
    """`torch.where` with the first value in front.

    >>> T(4, 5).where(M(5), 0.0)
    (4, 5)
    >>> T(4, 5).where(M(4), 0.0)
    ! SHP103 The size of tensor a (4) must match the size of tensor b (5) at non-singleton dimension 1
    """
    return _where(condition, input, other)


def _where(condition: Tensor, input: Any, other: Any) -> Tensor:
    dtype = type_name(condition.dtype) if condition.dtype else ""
    fits = condition.dtype in (None, "bool", "uint8")
    wrong = f"where expected condition to be a boolean tensor, but got a tensor with dtype {dtype}"
    expect(fits, "SHP117", wrong, expected="bool", actual=condition.dtype)
    tensors = [value for value in (condition, input, other) if isinstance(value, Tensor)]
    shape = broadcast(*(tensor.shape for tensor in tensors))
    return Tensor(shape, promote((input, other)), elementwise_layout(shape, tensors), device=condition.device)


def _expect_mask(mask: Tensor) -> None:
    name = C_NAMES.get(mask.dtype or "", mask.dtype)
    sentence = f"masked_fill_ only supports boolean masks, but got mask with dtype {name}"
    expect(
        mask.dtype in (None, "bool"), "SHP117", sentence, message=f"the mask is {mask.dtype}, not bool", expected="bool", actual=mask.dtype
    )


def _expect_holds(dtype: str | None, value: Any) -> None:
    """The number that is filled in fits the dtype: -inf fits no integer, and -1e9 no float16."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return
    if dtype == "float16":
        over, name = math.isfinite(value) and abs(value) > MOST_HALF, "c10::Half"
    elif dtype in HOLDS:
        name, most = HOLDS[dtype]
        over = not math.isfinite(value) or not -most <= value < most
    else:
        return
    sentence = f"value cannot be converted to type {name} without overflow"
    expect(not over, "SHP117", sentence, message=f"{value} does not fit into {dtype}", expected=dtype, actual=value)


@op("torch.masked_fill", "Tensor.masked_fill", "Tensor.masked_fill_")
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """One number where the mask holds; mask and tensor broadcast, in place the mask alone.

    >>> T(2, 4, 5).masked_fill(M(4, 1), 0.0)
    (2, 4, 5)
    >>> T(2, 4, 5).masked_fill(M(4), 0.0)
    ! SHP103 The size of tensor a (4) must match the size of tensor b (5) at non-singleton dimension 2
    >>> T(5).masked_fill(I(5), 0.0)
    ! SHP117 masked_fill_ only supports boolean masks, but got mask with dtype long int
    """
    if isinstance(value, Tensor):
        sentence = f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.rank} dimension(s)."
        expect(value.rank == 0, "SHP107", sentence, actual=value.rank)
    if inplace():
        _expect_mask(mask)
        shape = broadcast(input.shape, mask.shape)
        written(Tensor(input.shape, input.dtype), shape)
        _expect_holds(input.dtype, value)
        input.elements = None
        return input
    shape = broadcast(mask.shape, input.shape)
    _expect_mask(mask)
    _expect_holds(input.dtype, value)
    return Tensor(shape, input.dtype, device=input.device)


@op("torch.masked_select", "Tensor.masked_select")
def masked_select(input: Tensor, mask: Tensor, *, out: Any = None) -> Tensor:
    """The elements where the mask holds, in a vector.

    >>> len(T(4, 5).masked_select(M(4, 5)).shape)
    1
    >>> T(4, 5).masked_select(M(4))
    ! SHP103 The size of tensor a (4) must match the size of tensor b (5) at non-singleton dimension 1
    """
    expect(mask.dtype in (None, "bool"), "SHP117", "masked_select: expected BoolTensor for mask", expected="bool", actual=mask.dtype)
    broadcast(mask.shape, input.shape)
    same = mask.shape == input.shape
    return into(out, Tensor((_count(mask) if same else fresh("nonzero", low=0),), input.dtype, device=input.device))


@op("torch.masked_scatter", "Tensor.masked_scatter", "Tensor.masked_scatter_")
def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """Elements of the source go, in order, to where the mask holds.

    >>> T(4, 5).masked_scatter(M(4, 5), T(20))
    (4, 5)
    >>> T(4, 5).masked_scatter(M(4), T(20))
    ! SHP103 The size of tensor a (4) must match the size of tensor b (5) at non-singleton dimension 1
    >>> T(4, 5).masked_scatter(I(5), T(20))
    ! SHP117 masked_scatter_ only supports boolean masks, but got mask with dtype Long
    """
    if inplace():
        expand(mask, input.shape)
        shape = input.shape
    else:
        shape = broadcast(mask.shape, input.shape)
    own, other = type_name(input.dtype or ""), type_name(source.dtype or "")
    same = input.dtype is None or source.dtype is None or input.dtype == source.dtype
    sentence = f"masked_scatter: expected self and source to have same dtypes but got{own} and {other}"
    expect(same, "SHP117", sentence, expected=input.dtype, actual=source.dtype)
    dtype = type_name(mask.dtype or "")
    only = f"masked_scatter_ only supports boolean masks, but got mask with dtype {dtype}"
    expect(mask.dtype in (None, "bool"), "SHP117", only, expected="bool", actual=mask.dtype)
    if mask.elements is not None and mask.shape == tuple(shape):
        ones, given = sum(map(bool, mask.elements)), true_product(source.shape)
        expect(not facts().lt(given, ones).yes, "SHP118", "Number of elements of source < number of ones in mask")
    return written(input) if inplace() else Tensor(shape, input.dtype, device=input.device)


@op("torch.nonzero", "Tensor.nonzero", refuses_nothing=True)
def nonzero(input: Tensor, *, out: Any = None, as_tuple: Bool = False) -> Any:
    """The places of the elements that are not zero: a row each, or a vector of places for each axis.

    >>> torch.nonzero(T(4, 5)).shape[1]
    2
    >>> len(T(4, 5, 6).nonzero(as_tuple=True))
    3
    """
    count = _count(input)
    if as_tuple:
        return tuple(Tensor((count,), "int64", offset=None) for _ in range(max(input.rank, 1)))
    shape = (count, input.rank)
    layout: Any = layout_of(shape, (1, count)) if input.rank > 0 else True
    return into(out, Tensor(shape, "int64", layout, device=input.device))


@op("torch.argwhere", "Tensor.argwhere", refuses_nothing=True)
def argwhere(input: Tensor) -> Tensor:
    """`nonzero` under NumPy's name.

    >>> torch.argwhere(T(4, 5)).shape[1]
    2
    """
    found: Tensor = nonzero(input)
    return found


@op("torch.nonzero_static", "Tensor.nonzero_static")
def nonzero_static(input: Tensor, *, size: Int, fill_value: Any = -1, out: Any = None) -> Tensor:
    """`nonzero` with a fixed number of rows.

    >>> torch.nonzero_static(T(4, 5), size=7)
    (7, 2)
    >>> torch.nonzero_static(T(4, 5), size=-1)
    ! SHP118 nonzero_static: 'size' must be an non-negative integer
    """
    expect(size >= 0, "SHP118", "nonzero_static: 'size' must be an non-negative integer", actual=size)
    return into(out, Tensor((size, input.rank), "int64", device=input.device))
