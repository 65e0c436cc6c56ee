"""What torch says of the numbers it has (`torch.finfo`, `torch.iinfo`, the default dtype) and of the mode it is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from shapecheck.book.dtypes import SYNONYMS
from shapecheck.run.objects import Class
from shapecheck.values import DType, Free, Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Call = Callable[["Run", list[Any], dict[str, Any]], Any]

# bits, bits of the fraction, the largest exponent, the smallest exponent of a normal number, decimal digits that are sure
FLOATS = {
    "float16": (16, 10, 15, -14, 3),
    "bfloat16": (16, 7, 127, -126, 2),
    "float32": (32, 23, 127, -126, 6),
    "float64": (64, 52, 1023, -1022, 15),
    "float8_e5m2": (8, 2, 15, -14, 0),
}
PARTS = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}
INTEGERS = {"uint8": (0, 8), "int8": (1, 8), "int16": (1, 16), "int32": (1, 32), "int64": (1, 64), "uint16": (0, 16), "uint32": (0, 32)}
FLOAT_NAMES = ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution")
INTEGER_NAMES = ("bits", "max", "min")


def float_limits(dtype: str) -> dict[str, Any] | None:
    """The attributes of torch.finfo(dtype), None where they are not known here."""
    dtype = PARTS.get(dtype, dtype)
    if dtype not in FLOATS:
        return None
    bits, fraction, most, least, digits = FLOATS[dtype]
    largest = (2.0 - 2.0**-fraction) * 2.0**most
    tiny = 2.0**least
    return {
        "bits": bits, "eps": 2.0**-fraction, "max": largest, "min": -largest, "tiny": tiny, "smallest_normal": tiny,
        "resolution": 10.0**-digits, "dtype": dtype,
    }  # fmt: skip


def integer_limits(dtype: str) -> dict[str, Any] | None:
    """The attributes of torch.iinfo(dtype), None where they are not known here."""
    if dtype not in INTEGERS:
        return None
    signed, bits = INTEGERS[dtype]
    half = 2 ** (bits - signed)
    return {"bits": bits, "max": half - 1, "min": -half * signed, "dtype": dtype}


def _limits(name: str, attributes: tuple[str, ...], kind: str, known: Callable[[str], Mapping[str, Any] | None]) -> Call:
    def make(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
        dtype = run.resolve(args[0] if args else kwargs.get("type", kwargs.get("dtype", DType("float32"))))
        found = known(SYNONYMS.get(dtype.name, dtype.name)) if isinstance(dtype, DType) else None
        if isinstance(dtype, DType) and found is None:
            return Unknown(f"torch.{name} of {dtype.name}")
        made = Instance(Class(name, (), {}, f"torch.{name}"))
        made.attrs.update(found or {attribute: Free(f"{name}.{attribute}", kind) for attribute in attributes})
        return made

    return make


DEVICE = Class("device", (), {}, "a part of torch.device")


def _device(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`torch.device("cuda:0")`: an object of which the kind is known where it is written."""
    made = Instance(DEVICE)
    name = run.resolve(args[0]) if args else run.resolve(kwargs.get("type", kwargs.get("device")))
    if isinstance(name, str):
        made.attrs["type"] = name.partition(":")[0]
    return made


def _mode(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return run.undecided()


def _set_default(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    run.float_is_open = True


def _default(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Unknown("the default dtype") if run.float_is_open else DType("float32")


TABLE: dict[str, Call] = {
    "torch.finfo": _limits("finfo", FLOAT_NAMES, "float", float_limits),
    "torch.iinfo": _limits("iinfo", INTEGER_NAMES, "int", integer_limits),
    "torch.device": _device,
    "torch.get_default_dtype": _default,
    "torch.set_default_dtype": _set_default,
    "torch.set_default_tensor_type": _set_default,
    **{
        f"torch.{name}": _mode
        for name in (
            "is_grad_enabled",
            "is_inference_mode_enabled",
            "is_autocast_enabled",
            "is_autocast_cpu_enabled",
            "are_deterministic_algorithms_enabled",
            "accelerator.is_available",
            "xpu.is_available",
            "distributed.is_available",
            "distributed.is_initialized",
        )
    },
}
