"""Values of torch's tables as text of a program: tensors as the calls that make such tensors, everything else as literals."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch

from tests.oracle.public import names

BUILT = "_written_as"  # the attribute of a layer that says how it was built: its class's name and its arguments
REMEMBERED = (torch.nn.TransformerEncoderLayer, torch.nn.PairwiseDistance)  # layers that torch's tables give to other calls
LITERAL = 64  # a tensor of whole numbers is spelled out up to this many elements: they are indices, lengths, targets

Scope = dict[str, Any]


class CannotWriteError(Exception):
    """A value that has no text: a generator, a sparse tensor, a function."""


class Writer:
    """Writes the values of one call. Tensors become statements of their own, each with a name.

    prefix      what the names begin with, so that no two calls share one.
    statements  what has to stand before the call.
    tensors     the names, and the tensors that torch shall have under them.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.statements: list[str] = []
        self.tensors: Scope = {}
        self._names: dict[int, str] = {}

    def value(self, value: Any) -> str:
        """The text of a value."""
        if isinstance(value, torch.Tensor):
            return self._named(value)
        if isinstance(value, torch.Size):
            return f"torch.Size([{', '.join(map(self.value, value))}])"
        if isinstance(value, slice):
            return f"slice({', '.join(self.value(part) for part in (value.start, value.stop, value.step))})"
        if type(value) is tuple:
            return f"({', '.join(map(self.value, value))}{',' if len(value) == 1 else ''})"
        if isinstance(value, list):
            return f"[{', '.join(map(self.value, value))}]"
        if isinstance(value, (torch.dtype, torch.layout, torch.memory_format)):
            return str(value)
        if isinstance(value, torch.device):
            return f'torch.device("{value}")'
        if value is Ellipsis:
            return "..."
        if isinstance(value, torch.nn.Module) and hasattr(value, BUILT):
            name, args, kwargs = getattr(value, BUILT)
            return f"{name}({self.arguments(args, kwargs)})"
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            given = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return f"torch.nn.{type(value).__name__}({self.arguments((), given)})"
        if callable(value) and names(value):
            return names(value)[0]
        return _constant(value)

    def arguments(self, args: Iterable[Any], kwargs: Mapping[str, Any]) -> str:
        """The text between the parentheses of a call."""
        return ", ".join([*map(self.value, args), *(f"{name}={self.value(value)}" for name, value in kwargs.items())])

    def subscript(self, index: Any) -> str:
        """What stands between the brackets of `x[...]`."""
        parts = index if type(index) is tuple else (index,)
        if not parts:
            return "()"
        return ", ".join(map(self._part, parts)) + ("," if type(index) is tuple and len(parts) == 1 else "")

    def _part(self, part: Any) -> str:
        if not isinstance(part, slice):
            return self.value(part)
        start, stop, step = ("" if bound is None else self.value(bound) for bound in (part.start, part.stop, part.step))
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"

    def _named(self, tensor: torch.Tensor) -> str:
        name = self._names.get(id(tensor))
        if name is None:
            text = made(tensor)
            name = self._names[id(tensor)] = f"{self.prefix}_{len(self.tensors)}"
            self.tensors[name] = tensor
            self.statements.append(f"{name} = {text}")
        return name


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Layers that are built meanwhile know how, so that they can be written."""
    originals = [(cls, cls.__init__) for cls in REMEMBERED]

    def wrapped(cls: type, build: Any) -> Any:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            build(self, *args, **kwargs)
            self.__dict__[BUILT] = (f"torch.nn.{cls.__name__}", args, kwargs)

        return init

    for cls, build in originals:
        cls.__init__ = wrapped(cls, build)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for cls, build in originals:
            cls.__init__ = build  # type: ignore[method-assign]


def _constant(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, str)):
        return repr(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, complex) and math.isfinite(value.real) and math.isfinite(value.imag):
        return repr(value)
    if type(value).__module__ == "numpy" and hasattr(value, "item") and not getattr(value, "shape", ()):
        return _constant(value.item())
    raise CannotWriteError(f"a {type(value).__name__}")


def made(tensor: torch.Tensor) -> str:
    """A call that makes such a tensor: its shape, dtype and strides, and its elements where they are few and whole numbers."""
    if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
        raise CannotWriteError(f"a {type(tensor).__name__}")
    if tensor.layout != torch.strided or tensor.is_nested or tensor.is_quantized:
        raise CannotWriteError("a tensor that is sparse, nested or quantized")
    if tensor.device.type != "cpu":
        raise CannotWriteError(f"a tensor on {tensor.device.type}")
    shape, dtype = tuple(tensor.shape), tensor.dtype
    if tensor.stride() != torch.empty(shape).stride() or tensor.storage_offset():
        return _strided(tensor)
    whole = not (dtype.is_floating_point or dtype.is_complex)
    if tensor.numel() and ((whole and tensor.numel() <= LITERAL) or (tensor.dim() == 0 and dtype == torch.float32)):
        text = Writer("").value(tensor.tolist())
        return f"torch.tensor({text})" if dtype in (torch.int64, torch.bool, torch.float32) else f"torch.tensor({text}, dtype={dtype})"
    sizes = ", ".join(map(str, shape)) or "()"
    if dtype == torch.bool:
        return f"torch.rand({sizes}) > 0.5"
    if whole and tensor.numel():
        low, high = int(tensor.min()), int(tensor.max()) + 1
        return f"torch.randint({low}, {high}, ({', '.join(map(str, shape))},){'' if dtype == torch.int64 else f', dtype={dtype}'})"
    if dtype == torch.float32:
        return f"torch.rand({sizes})"
    return f"torch.empty({sizes}, dtype={dtype})"


def _strided(tensor: torch.Tensor) -> str:
    shape, strides, offset = tuple(tensor.shape), tensor.stride(), tensor.storage_offset()
    if not offset:
        return f"torch.empty_strided({shape}, {strides}, dtype={tensor.dtype})"
    reach = sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True)) if tensor.numel() else 0
    return f"torch.empty({offset + reach + 1}, dtype={tensor.dtype}).as_strided({shape}, {strides}, {offset})"


def copied(value: Any) -> Any:
    """A tensor that can be changed without changing this one: its elements, strides and offset."""
    if not isinstance(value, torch.Tensor):
        return value
    with torch.no_grad():
        fresh = torch.empty(0, dtype=value.dtype)
        fresh.set_(value.detach().untyped_storage().clone(), value.storage_offset(), value.shape, value.stride())  # type: ignore[call-overload]
    return fresh
