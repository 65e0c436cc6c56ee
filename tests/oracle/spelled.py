"""How a user writes the call that an entry of `op_db` makes: as a function, as a method, in place, as an operator, by its other names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, resolve_name

from tests.oracle.written import CannotWriteError, Writer

OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "div": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@", "and": "&",
    "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip
UNARY = {"neg": "-", "pos": "+", "invert": "~", "inv": "~"}


class _Listening(TorchFunctionMode):
    """Hears which of torch's functions are called, with what, and what came of it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[Any, Sequence[Any], Mapping[str, Any], Any]] = []

    def __torch_function__(self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
        try:
            result = func(*args, **(kwargs or {}))
        except Exception as error:
            self.heard.append((func, args, kwargs or {}, error))
            raise
        self.heard.append((func, args, kwargs or {}, result))
        return result


def heard(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[str, Sequence[Any], Mapping[str, Any]]:
    """The call of a public function that a private one makes and whose result, or exception, becomes its own."""
    with _Listening() as listening:
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            result = error
    for called, arguments, keywords, outcome in reversed(listening.heard):
        name = resolve_name(called)
        if outcome is result and name and not name.startswith("torch._"):
            return name, arguments, keywords
    raise CannotWriteError("a function of the test suite's own")


def call(writer: Writer, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """The text of a call."""
    if not name.startswith("torch.Tensor."):
        return f"{name}({writer.arguments(args, kwargs)})"
    method = name.removeprefix("torch.Tensor.")
    receiver = writer.value(args[0]) if isinstance(args[0], torch.Tensor) else f"({writer.value(args[0])})"
    if method.endswith(".__get__"):
        return f"{receiver}.{method.removesuffix('.__get__')}"
    if method == "__getitem__":
        return f"{receiver}[{writer.subscript(args[1])}]"
    if method.startswith("__") and len(args) == 2 and not kwargs:
        bare = method.strip("_")
        other = writer.value(args[1])
        if bare in OPERATORS:
            return f"{receiver} {OPERATORS[bare]} {other}"
        if bare[:1] == "r" and bare[1:] in OPERATORS:
            return f"{other} {OPERATORS[bare[1:]]} {receiver}"
    if method.startswith("__") and len(args) == 1 and method.strip("_") in UNARY:
        return f"{UNARY[method.strip('_')]}{receiver}"
    return f"{receiver}.{method}({writer.arguments(args[1:], kwargs)})"


def operator(writer: Writer, function: Any, args: Sequence[Any]) -> str | None:
    """The text of an application of a function of the module `operator`."""
    bare = getattr(function, "__name__", "").strip("_")
    if len(args) == 2 and bare in OPERATORS:
        return f"{writer.value(args[0])} {OPERATORS[bare]} {writer.value(args[1])}"
    if len(args) == 1 and bare in UNARY:
        return f"{UNARY[bare]}{writer.value(args[0])}"
    return None
