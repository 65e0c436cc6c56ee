"""Vectors of evenly spaced numbers: arange, range, linspace, logspace, and the windows of signal processing."""

from __future__ import annotations

import math
import struct

from shapecheck.book import (
    COMPLEX,
    Any,
    Free,
    Poly,
    Size,
    SymFloat,
    Tensor,
    Unknown,
    Unsure,
    category,
    ceildiv,
    current,
    device_argument,
    dtype_argument,
    expect,
    expect_ge,
    expect_gradient,
    facts,
    floordiv,
    fresh,
    op,
    python_type,
    refuse,
    spelled,
    word,
)

MOST_ELEMENTS = 1024
SIGN = "upper bound and lower bound inconsistent with step sign"


def _number(value: Any, name: str, place: int, function: str) -> Any:
    """A bound: an int, size, float or SymFloat; a name for what is an integer and no more; None for a float that is not known."""
    value = current().pinned(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float, Poly, SymFloat)):
        return value
    if isinstance(value, Tensor):
        wrong = f"{function}(): argument '{name}' (position {place}) must be Number, not Tensor"
        one = all(facts().eq(size, 1).yes for size in value.shape)
        expect(value.rank == 0 or one, "SHP118", wrong, message=f"{function} to a tensor of several elements", error="TypeError")
        if value.elements:
            return value.elements[0]
        if value.dtype is None:
            raise Unsure("a bound whose dtype is not known")
        return fresh(name, None) if category(value.dtype) < 2 else None
    if isinstance(value, Free):
        return None if value.kind == "float" else current().integer(value)
    if isinstance(value, Unknown):
        raise Unsure(value.why)
    raise Unsure(f"{function} to a {python_type(value) or type(value).__name__}")


def _count(start: Any, end: Any, step: Any) -> Size:
    """ceil((end - start) / step), refused where the step leads away from the end."""
    if None in (start, end, step):
        return fresh("arange", low=0)
    if all(isinstance(value, (int, float)) for value in (start, end, step)):
        expect(step != 0, "SHP118", "step must be nonzero")
        for value in (start, end):
            expect(math.isfinite(value), "SHP118", f"unsupported range: {start} -> {end}")
        expect(end >= start if step > 0 else end <= start, "SHP118", SIGN, message=f"arange from {start} to {end} in steps of {step}")
        if all(isinstance(value, int) for value in (start, end, step)):
            return ceildiv(end - start, step) if step > 0 else ceildiv(start - end, -step)
        count: int = math.ceil((end - start) / step)
        return count
    if isinstance(end, SymFloat) and isinstance(start, int) and isinstance(step, int) and step > 0:
        top = end.size * end.factor.numerator - start * end.factor.denominator
        expect_ge(top, 0, "SHP118", SIGN)
        return ceildiv(top, end.factor.denominator * step)
    if not all(isinstance(value, (int, Poly)) for value in (start, end, step)):
        return fresh("arange", low=0)
    known = facts()
    sign = known.ge(step, 1)
    if sign.maybe:
        expect(not known.eq(step, 0).yes, "SHP118", "step must be nonzero")
        if known.le(step, -1).maybe and current().choose(("sign", step), 2) != 0:
            return fresh("arange", low=0)
        current().learn(known.assume_le(1, step))
    if sign.no:
        expect(not known.eq(step, 0).yes, "SHP118", "step must be nonzero")
        expect_ge(start, end, "SHP118", SIGN, message=lambda: f"arange from {word(start)} to {word(end)} in steps of {word(step)}")
        return facts().simplify(ceildiv(start - end, -step))
    expect_ge(end, start, "SHP118", SIGN, message=lambda: f"arange from {word(start)} to {word(end)}", expected=start, actual=end)
    return facts().simplify(ceildiv(end - start, step))


def _is_float(value: Any) -> bool:
    return value is None or isinstance(value, (float, SymFloat))


@op("torch.arange")
def arange(
    *bounds: Any,
    start: Any = None,
    end: Any = None,
    step: Any = 1,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """From start to before end; int64 where all are integers.

    >>> torch.arange(5)
    (5,) int64
    >>> torch.arange(1, 6, 2)
    (3,)
    >>> torch.arange(0, 1, 0.3)
    (4,) float32
    >>> torch.arange(5, 1)
    ! SHP118 upper bound and lower bound inconsistent with step sign
    """
    given = list(bounds)
    names = ["end"] if len(given) == 1 and end is None else ["start", "end", "step"]
    values = {"start": start, "end": end, "step": step}
    values.update(zip(names, given, strict=False))
    if values["end"] is None:
        kinds = ", ".join(python_type(value) or "int" for value in given)
        sentence = f"arange() received an invalid combination of arguments - got ({kinds}), but expected one of:"
        refuse("SHP121", sentence, message="arange without an end", error="TypeError")
    first = 0 if values["start"] is None else _number(values["start"], "start", 1, "arange")
    last = _number(values["end"], "end", len(names[:2]) if len(given) > 1 else 1, "arange")
    by = 1 if values["step"] is None else _number(values["step"], "step", 3, "arange")
    whole = not any(map(_is_float, (first, last, by)))
    name = dtype_argument(dtype, "int64" if whole else "float32")
    expect_gradient(name, requires_grad)
    if name == "bool":
        refuse("SHP117", "\"arange_cpu\" not implemented for 'Bool'", error="NotImplementedError", actual=name)
    if name == "int64" and not whole:  # only for int64 torch counts in integers
        first, last, by = (int(value) if isinstance(value, float) and math.isfinite(value) else value for value in (first, last, by))
    count = _count(first, last, by)
    elements = None
    if whole and isinstance(count, int) and count <= MOST_ELEMENTS and isinstance(first, int) and isinstance(by, int):
        numbers = range(first, first + by * count, by) if count else ()
        elements = tuple(map(float, numbers)) if name is not None and category(name) == 2 else tuple(numbers)
    return Tensor((count,), name, elements=elements, device=device_argument(device))


@op("torch.range")
def range_(
    start: Any,
    end: Any,
    step: Any = 1,
    *,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """From start to end, the end included.

    >>> torch.range(0, 5)
    (6,) float32
    >>> torch.range(5, 0)
    ! SHP118 upper bound and lower bound inconsistent with step sign
    """
    first, last, by = (_number(value, "end", 1, "range") for value in (start, end, step))
    count: Size
    if all(isinstance(value, (int, float)) for value in (first, last, by)):
        expect(by != 0, "SHP118", "step must be nonzero")
        expect(last >= first if by > 0 else last <= first, "SHP118", SIGN)
        count = math.floor((last - first) / by) + 1
    elif isinstance(by, int) and by > 0 and isinstance(first, (int, Poly)) and isinstance(last, (int, Poly)):
        expect_ge(last, first, "SHP118", SIGN)
        count = floordiv(last - first, by) + 1
    else:
        count = fresh("range", low=1)
    return Tensor((count,), dtype_argument(dtype, "float32"), device=device_argument(device))


MAX_RATES = 256


@op("torch.linspace", "torch.logspace")
def spaced(
    start: Any,
    end: Any,
    steps: Size,
    base: Any = 10.0,
    *,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """`steps` numbers from start to end, both included.

    >>> torch.linspace(0, 1, 5)
    (5,) float32
    >>> torch.logspace(0, 1, steps=5)
    (5,)
    >>> torch.linspace(0, 1, -1)
    ! SHP118 number of steps must be non-negative
    """
    ranks = {name: value.rank for name, value in (("start", start), ("end", end)) if isinstance(value, Tensor)}
    words = " and ".join(f"{name} with {rank} dimension(s)" for name, rank in ranks.items())
    only = f"{spelled()} only supports 0-dimensional start and end tensors, but got {words}."
    expect(not any(ranks.values()), "SHP107", only)
    expect_ge(steps, 0, "SHP118", "number of steps must be non-negative", actual=steps)
    complex_ = any(isinstance(value, complex) or (isinstance(value, Tensor) and value.dtype in COMPLEX) for value in (start, end))
    name = dtype_argument(dtype, "complex64" if complex_ else "float32")
    expect_gradient(name, requires_grad)
    rates = _rates(start, end, steps) if spelled() == "linspace" and name == "float32" else None
    return Tensor((steps,), name, elements=rates, device=device_argument(device))


def _rates(start: Any, end: Any, steps: Size) -> tuple[float, ...] | None:
    """The numbers of a linspace between 0 and 1, such as the rates of dropout by depth. Others may be rounded to the wrong integer."""
    if not isinstance(steps, int) or not 1 <= steps <= MAX_RATES:
        return None
    if not all(type(value) in (int, float) and 0 <= value <= 1 for value in (start, end)):
        return None
    step = (end - start) / (steps - 1) if steps > 1 else 0.0
    numbers = [start + step * place if place < steps // 2 or steps == 1 else end - step * (steps - place - 1) for place in range(steps)]
    return tuple(struct.unpack("f", struct.pack("f", number))[0] for number in numbers)


WINDOWS = ("hann_window", "hamming_window", "blackman_window", "bartlett_window", "kaiser_window")


@op(*(f"torch.{name}" for name in WINDOWS))
def window(
    window_length: Size,
    *args: Any,
    periodic: Any = True,
    alpha: Any = None,
    beta: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """A window of signal processing.

    >>> torch.hann_window(400)
    (400,) float32
    >>> torch.blackman_window(-5)
    ! SHP118 blackman_window requires non-negative window_length, got window_length=-5
    """
    name = spelled()
    wrong = f"{name} requires non-negative window_length, got window_length={word(window_length)}"
    expect_ge(window_length, 0, "SHP118", wrong, actual=window_length)
    return Tensor((window_length,), dtype_argument(dtype, "float32"), device=device_argument(device))
