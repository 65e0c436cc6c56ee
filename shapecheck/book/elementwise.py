"""Results of elementwise operators: their strides, their dtypes' names in messages, writing in place and into `out=`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.context import current
from shapecheck.book.dtypes import category
from shapecheck.book.expect import expect, expect_eq
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.words import brackets
from shapecheck.sizes import Size
from shapecheck.values import CONTIGUOUS, Tensor

# c10::ScalarType's own names, as messages spell them
TYPE_NAMES = {
    "bool": "Bool", "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int", "int64": "Long", "uint16": "UInt16",
    "uint32": "UInt32", "uint64": "UInt64", "float16": "Half", "bfloat16": "BFloat16", "float32": "Float", "float64": "Double",
    "complex32": "ComplexHalf", "complex64": "ComplexFloat", "complex128": "ComplexDouble",
    "float8_e4m3fn": "Float8_e4m3fn", "float8_e5m2": "Float8_e5m2",
}  # fmt: skip


# the C++ types, where a message prints caffe2::TypeMeta
C_TYPE_NAMES = {
    "bool": "bool", "uint8": "unsigned char", "int8": "signed char", "int16": "short int", "int32": "int", "int64": "long int",
    "float16": "c10::Half", "bfloat16": "c10::BFloat16", "float32": "float", "float64": "double", "complex32": "c10::complex<c10::Half>",
    "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip


class _Undecided(Exception):
    """Two strides whose order is not known."""


def type_name(dtype: str) -> str:
    """`float32` -> `Float`, as messages spell it."""
    return TYPE_NAMES.get(dtype, dtype)


def c_type_name(dtype: str) -> str:
    """`int64` -> `long int`, as some messages spell it."""
    return C_TYPE_NAMES.get(dtype, dtype)


def not_implemented(kernel: str, dtype: str) -> None:
    """Refuse as a kernel does that was not compiled for a dtype."""
    refuse("SHP117", f"\"{kernel}\" not implemented for '{type_name(dtype)}'", error="NotImplementedError", actual=dtype)


def elementwise(shape: Sequence[Size], operands: Sequence[Any], dtype: str | None) -> Tensor:
    """The new tensor that an elementwise operator makes from these operands (tensors; anything else counts as a number)."""
    tensors = [operand for operand in operands if type(operand) is Tensor]
    device = next((tensor.device for tensor in tensors if tensor.device), None)
    layout = elementwise_layout(tuple(shape), operands)
    if layout is not CONTIGUOUS and len(tensors) > 1:
        first = tensors[0].dtype
        converted = any(tensor.dtype != first for tensor in tensors) or dtype not in (first, "bool")
        if converted and not all(is_dense(tensor) for tensor in tensors):  # the CPU lays such an operand out anew first
            layout = None
    return Tensor(shape, dtype, layout=layout, device=device)


def mapped(input: Tensor, dtype: str | None) -> Tensor:
    """The new tensor that an elementwise operator makes from one tensor."""
    return Tensor(input.shape, dtype, layout=elementwise_layout(input.shape, (input,)), device=input.device)


def elementwise_layout(shape: tuple[Size, ...], operands: Sequence[Any]) -> Any:
    """The layout that TensorIterator gives to a new result; None where it is not known (ATen/TensorIterator.cpp)."""
    tensors = [operand for operand in operands if type(operand) is Tensor]
    if all(tensor.layout is CONTIGUOUS for tensor in tensors) or len(shape) < 2 or 0 in shape:
        return CONTIGUOUS
    if len(tensors) == len(operands) and all(tensor.shape == shape for tensor in tensors):
        if all(is_contiguous(tensor) for tensor in tensors):
            return CONTIGUOUS
        first = tensors[0]
        if all(tensor.layout is not None and tensor.strides == first.strides for tensor in tensors) and is_dense(first):
            return first.layout
    try:
        order = _order(shape, tensors)
    except _Undecided:
        return None
    if order == list(reversed(range(len(shape)))):
        return CONTIGUOUS
    strides: list[Size] = [1] * len(shape)
    step: Size = 1
    for axis in order:
        strides[axis] = step
        step = step * shape[axis]
    return tuple(strides)


def is_contiguous(tensor: Tensor) -> bool:
    """Whether the strides are surely row-major, where axes of size 1 may have any."""
    if tensor.layout is CONTIGUOUS:
        return True
    strides = tensor.strides
    if strides is None:
        return False
    facts = current().facts
    step: Size = 1
    for size, stride in zip(reversed(tensor.shape), reversed(strides), strict=True):
        if size == 1:
            continue
        if stride != step and not facts.eq(stride, step).yes:
            return False
        step = step * size
    return True


def is_dense(tensor: Tensor) -> bool:
    """Whether the elements surely fill their storage without gaps or overlaps, in some order of the axes."""
    if tensor.layout is CONTIGUOUS:
        return True
    strides = tensor.strides
    if strides is None:
        return False
    facts = current().facts
    left = [(stride, size) for stride, size in zip(strides, tensor.shape, strict=True) if size != 1]
    step: Size = 1
    while left:
        found = next((pair for pair in left if pair[0] == step), None) or next((pair for pair in left if facts.eq(pair[0], step).yes), None)
        if found is None:
            return False
        left.remove(found)
        step = step * found[1]
    return True


def _order(shape: tuple[Size, ...], tensors: Sequence[Tensor]) -> list[int]:
    """The axes from the innermost to the outermost, as TensorIterator::reorder_dimensions sorts them."""
    rank = len(shape)
    columns = [_strides_in(shape, tensor) for tensor in tensors]
    order = list(reversed(range(rank)))
    for start in range(1, rank):
        moving = start
        for place in range(start - 1, -1, -1):
            answer = _swap(order[place], order[moving], columns, shape)
            if answer > 0:
                order[place], order[moving] = order[moving], order[place]
                moving = place
            elif answer < 0:
                break
    return order


def _strides_in(shape: tuple[Size, ...], tensor: Tensor) -> tuple[Size, ...] | None:
    """The strides of an operand seen in the broadcast shape: 0 along the axes in which it is repeated."""
    strides = tensor.strides
    if strides is None:
        return None
    missing = len(shape) - tensor.rank
    seen = (0 if size == 1 and wanted != 1 else stride for size, wanted, stride in zip(tensor.shape, shape[missing:], strides, strict=True))
    return (0,) * missing + tuple(seen)


def _swap(inner: int, outer: int, columns: Sequence[tuple[Size, ...] | None], shape: tuple[Size, ...]) -> int:
    for strides in columns:
        if strides is None:
            raise _Undecided
        a, b = strides[inner], strides[outer]
        if (isinstance(a, int) and a == 0) or (isinstance(b, int) and b == 0):
            continue
        answer = _compare(a, b)
        if answer:
            return answer
        if _compare(shape[inner], shape[outer]) > 0:
            return 1
    return 0


def _compare(a: Size, b: Size) -> int:
    if isinstance(a, int) and isinstance(b, int):
        return (a > b) - (a < b)
    if a == b:
        return 0
    facts = current().facts
    if facts.eq(a, b).yes:
        return 0
    if facts.le(a, b).yes:  # where they are equal for some sizes, an axis of size 1 lies between, and its stride does not matter
        return -1
    if facts.ge(a, b).yes:
        return 1
    raise _Undecided


def written(input: Tensor, shape: Sequence[Size] | None = None, dtype: str | None = None) -> Tensor:
    """The tensor that an operator writes in place, refused as TensorIterator refuses it.

    shape   the shape of the result, where it may differ from the tensor's.
    dtype   the dtype of the result, where torch checks that it can be cast to the tensor's.
    """
    facts = current().facts
    strides = () if input.layout is CONTIGUOUS else input.strides or ()
    for size, stride in zip(input.shape, strides, strict=False):
        if isinstance(stride, int) and stride == 0 and facts.ge(size, 2).yes and all(facts.ge(other, 1).yes for other in input.shape):
            refuse(
                "SHP118",
                "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
                "Please clone() the tensor before performing the operation.",
                message="writing in place to an expanded tensor",
            )
    if shape is not None:

        def sentence() -> str:
            return f"output with shape {brackets(input.shape)} doesn't match the broadcast shape {brackets(shape)}"

        details: dict[str, Any] = {"expected": list(input.shape), "actual": list(shape)}
        expect(len(shape) == input.rank, "SHP103", sentence, **details)
        for size, wanted in zip(input.shape, shape, strict=True):
            expect_eq(size, wanted, "SHP103", sentence, **details)
    expect_cast(dtype, input.dtype)
    input.elements = None
    return input


def expect_cast(dtype: str | None, wanted: str | None) -> None:
    """A result of `dtype` may be written into a tensor of the dtype `wanted` (c10::canCast)."""
    if dtype is None or wanted is None or dtype == wanted:
        return
    lost = category(dtype) > category(wanted) and (category(dtype) >= 2 or category(wanted) == 0)
    if lost:
        refuse(
            "SHP117",
            f"result type {type_name(dtype)} can't be cast to the desired output type {type_name(wanted)}",
            message=f"a {dtype} result does not fit into a {wanted} tensor",
            expected=wanted,
            actual=dtype,
        )


def into(out: Any, result: Tensor) -> Tensor:
    """What an operator with `out=` returns."""
    if out is None:
        return result
    if type(out) is not Tensor:
        raise Unsure("out= is not followed")
    expect_cast(result.dtype, out.dtype)
    if out.rank == result.rank and all(current().facts.eq(a, b).yes for a, b in zip(out.shape, result.shape, strict=True)):
        out.elements = None
        return out
    raise Unsure("out= of another shape")
