"""Elementwise operators of three operands: clamp, lerp, addcmul, addcdiv."""

from __future__ import annotations

from shapecheck.book import (
    FLOATS,
    INTS,
    NUMBER,
    Any,
    Tensor,
    broadcast,
    c_type_name,
    category,
    current,
    elementwise,
    expect,
    inplace,
    into,
    not_implemented,
    number_name,
    op,
    operands,
    promoted,
    refuse,
    spelled,
    type_name,
    written,
)

INTEGER_DIVISION = (
    "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and "
    "tensor2. The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for "
    "integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter "
    "implementation: (input + value * tensor1 / tensor2), for all dtypes."
)
# a tensor without axes beside a number is taken for a number
STAND_INS: dict[str | None, Any] = {**dict.fromkeys(INTS, 1), **dict.fromkeys(FLOATS, 1.0), "bool": True}


def _apply(input: Tensor, parts: list[Any], result: str | None, out: Any) -> Tensor:
    in_place = inplace()
    if in_place:
        written(input)
    shape = broadcast(*(part.shape for part in parts if isinstance(part, Tensor)))
    if in_place:
        return written(input, shape, result)
    return into(out, elementwise(shape, parts, result))


def _clamped(input: Tensor, low: Any, high: Any, out: Any) -> Tensor:
    """Between two bounds, of which either may be None."""
    given = operands(*(bound for bound in (low, high) if bound is not None))
    numbers = [bound for bound in given if not isinstance(bound, Tensor)]
    if numbers and len(numbers) < len(given):
        if any(isinstance(bound, Tensor) and bound.rank for bound in given):
            names = ["Tensor" if isinstance(bound, Tensor) else number_name(bound) for bound in given]
            words = ", ".join(names if current().spelled.startswith("torch.Tensor.") else ["Tensor", *names])
            sentence = f"{spelled()}() received an invalid combination of arguments - got ({words}), but expected one of:"
            refuse("SHP121", sentence, message="the bounds are two tensors or two numbers", error="TypeError")
        given = [STAND_INS.get(bound.dtype, NUMBER) if isinstance(bound, Tensor) else bound for bound in given]
    parts = [input, *given]
    common = promoted(parts)
    name = spelled()
    if common is not None and category(common) == 3:
        if "_m" in name and isinstance(given[0], Tensor):
            _apply(input, parts, common, out)
            not_implemented("maximum_cpu" if "min" in name else "minimum_cpu", common)
        refuse("SHP117", "clamp is not supported for complex types", error="NotImplementedError", actual=common)
    if not any(isinstance(bound, Tensor) for bound in given):
        # a floating tensor stays as it is, whatever the numbers
        result = input.dtype if input.dtype is not None and category(input.dtype) == 2 else common
        if inplace() and result is not None and input.dtype is not None and result != input.dtype:
            sentence = f"result type {type_name(result)} can't be cast to the desired output type {c_type_name(input.dtype)}"
            refuse("SHP117", sentence, message=f"a {result} bound for a {input.dtype} tensor", expected=input.dtype, actual=result)
        if result == "bool":
            side = "" if len(given) == 2 else "_min" if low is not None else "_max"
            not_implemented(f"clamp{side}_scalar_cpu", "bool")
        return _apply(input, parts, result, out)
    made = _apply(input, parts, common, out)
    if common == "bool" and len(given) == 2:
        not_implemented("clamp_cpu", "bool")
    return made


@op("torch.clamp", "torch.clamp_", "torch.clip", "torch.clip_", "Tensor.clamp", "Tensor.clamp_", "Tensor.clip", "Tensor.clip_")
def clamp(input: Tensor, min: Any = None, max: Any = None, *, out: Any = None) -> Tensor:
    """Bounds are numbers, or tensors that broadcast.

    >>> torch.clamp(T(2, 3), min=0)
    (2, 3) float32
    >>> I(2, 3).clamp(0, 0.5)
    (2, 3) float32
    >>> T(2, 3).clamp(min=T(4, 1, 1))
    (4, 2, 3) float32
    >>> torch.clamp(T(2, 3))
    ! SHP118 torch.clamp: At least one of 'min' or 'max' must not be None
    >>> T(2, 3).clamp(min=T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> I(2, 3).clamp_(min=0.5)
    ! SHP117 result type Float can't be cast to the desired output type long int
    """
    expect(min is not None or max is not None, "SHP118", "torch.clamp: At least one of 'min' or 'max' must not be None")
    return _clamped(input, min, max, out)


@op("torch.clamp_min", "torch.clamp_min_", "Tensor.clamp_min", "Tensor.clamp_min_")
def clamp_min(input: Tensor, min: Any, *, out: Any = None) -> Tensor:
    """A lower bound.

    >>> T(2, 3).clamp_min(1e-6)
    (2, 3) float32
    >>> torch.clamp_min(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    return _clamped(input, min, None, out)


@op("torch.clamp_max", "torch.clamp_max_", "Tensor.clamp_max", "Tensor.clamp_max_")
def clamp_max(input: Tensor, max: Any, *, out: Any = None) -> Tensor:
    """An upper bound.

    >>> T(2, 3).clamp_max(1)
    (2, 3) float32
    >>> torch.clamp_max(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    return _clamped(input, None, max, out)


@op("torch.lerp", "Tensor.lerp", "Tensor.lerp_")
def lerp(input: Tensor, end: Tensor, weight: Any, *, out: Any = None) -> Tensor:
    """input + weight * (end - input); tensors of one dtype.

    >>> torch.lerp(T(2, 3), T(3), 0.5)
    (2, 3) float32
    >>> T(3).lerp(T(2, 3), T(2, 1))
    (2, 3) float32
    >>> torch.lerp(T(2, 3), T(4), 0.5)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> torch.lerp(T(3), I(3), 0.5)
    ! SHP117 expected dtype float for `end` but got dtype long int
    """
    (amount,) = operands(weight)

    def sentence(name: str, dtype: str) -> str:
        return f"expected dtype {c_type_name(input.dtype or '')} for `{name}` but got dtype {c_type_name(dtype)}"

    if input.dtype is not None:
        if end.dtype is not None and end.dtype != input.dtype:
            refuse("SHP117", sentence("end", end.dtype), expected=input.dtype, actual=end.dtype)
        if isinstance(amount, Tensor) and amount.rank and amount.dtype is not None and amount.dtype != input.dtype:
            refuse("SHP117", sentence("weight", amount.dtype), expected=input.dtype, actual=amount.dtype)
    parts = [input, end, amount] if isinstance(amount, Tensor) else [input, end]
    result = promoted(parts)
    made = _apply(input, parts, result, out)
    if result is not None and category(result) < 2:
        not_implemented("lerp_kernel_tensor" if isinstance(amount, Tensor) else "lerp_kernel_scalar", result)
    return made


@op("torch.addcmul", "Tensor.addcmul", "Tensor.addcmul_")
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1, out: Any = None) -> Tensor:
    """input + value * tensor1 * tensor2

    >>> torch.addcmul(T(2, 3), T(2, 1), T(3), value=0.1)
    (2, 3) float32
    >>> torch.addcmul(T(2, 3), T(2, 1), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    parts = [input, tensor1, tensor2]
    common = promoted(parts)
    made = _apply(input, parts, common, out)
    if common == "bool":
        not_implemented("addcmul_cpu_out", common)
    return made


@op("torch.addcdiv", "Tensor.addcdiv", "Tensor.addcdiv_")
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1, out: Any = None) -> Tensor:
    """input + value * tensor1 / tensor2; two integer tensors are refused.

    >>> T(2, 3).addcdiv_(T(2, 1), T(3), value=0.1)
    (2, 3) float32
    >>> torch.addcdiv(T(2, 3), T(2, 1), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    whole = all(part.dtype is not None and category(part.dtype) < 2 for part in (tensor1, tensor2))
    expect(not whole, "SHP117", INTEGER_DIVISION, message="addcdiv of two integer tensors")
    parts = [input, tensor1, tensor2]
    return _apply(input, parts, promoted(parts), out)
