"""`op_db`, torch's table of ops: the calls that are right, and those that torch refuses."""

from __future__ import annotations

import itertools
import random
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import numpy
import torch
from torch.testing._internal import common_utils
from torch.testing._internal.common_methods_invocations import op_db

from tests.oracle import public, spelled
from tests.oracle.sample import Sample
from tests.oracle.written import CannotWriteError, Writer, remembering

Take = Callable[[int], bool]


def all_of_them(number: int) -> bool:
    return True


@dataclass
class Unwritten:
    """What could not be written as a program, and why."""

    whys: Counter[tuple[str, str]] = field(default_factory=Counter)


def title(op: Any) -> str:
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else str(op.name)


def dtype_of(op: Any) -> Any:
    """The dtype of the samples: float32 where the op takes it."""
    for dtype in (torch.float32, torch.int64, torch.bool, torch.complex64):
        if dtype in op.dtypes:
            return dtype
    return min(op.dtypes, key=str, default=None)


def other_dtypes(op: Any) -> list[Any]:
    """Further dtypes under which the first samples are asked."""
    chosen = dtype_of(op)
    wanted = (torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool, torch.complex64)
    return [dtype for dtype in wanted if dtype in op.dtypes and dtype != chosen]


def entries() -> list[Any]:
    return sorted(op_db, key=title)


def samples(
    op: Any, dtype: Any, unwritten: Unwritten, spellings: int = 4, first: int | None = None, take: Take = all_of_them
) -> Iterator[Sample]:
    """The right calls of an entry: as the table has them, and a few of them in every other spelling.

    `first`: no more than so many are drawn. `take`: which of them are written, by their numbers.
    """
    short = str(dtype).removeprefix("torch.")
    for number, sample in enumerate(drawn(lambda: op.sample_inputs("cpu", dtype, requires_grad=False), first)):
        if not take(number):
            continue
        args, kwargs = (sample.input, *sample.args), sample.kwargs
        forms = [("", op.op)] if number >= spellings else [("", op.op), *_other_spellings(op)]
        for form, function in forms:
            yield from _sample(op, f"{title(op)}[{short}]{form}#{number}", function, args, kwargs, None, unwritten)


def error_samples(op: Any, unwritten: Unwritten) -> Iterator[Sample]:
    """The calls of an entry that torch refuses."""
    if op.error_inputs_func is None:
        return
    for number, error in enumerate(drawn(lambda: op.error_inputs("cpu"))):
        sample = error.sample_input
        args = (sample.input, *sample.args)
        yield from _sample(op, f"{title(op)}!{number}", op.op, args, sample.kwargs, error.error_regex, unwritten)


def _other_spellings(op: Any) -> list[tuple[str, Any]]:
    found = [(".method", op.method_variant), (".inplace", op.inplace_variant), (".operator", op.operator_variant)]
    found.append((".inplace_operator", op.inplace_operator_variant))
    for alias in op.aliases:
        found.append((f".{alias.name}", alias.op))
        found.append((f".{alias.name}.method", alias.method_variant))
        found.append((f".{alias.name}.inplace", alias.inplace_variant))
    return [(form, function) for form, function in found if function is not None]


def seed(number: int | None = None) -> None:
    """What torch's own does before every sample, for the CPU alone: told of every device, torch writes down a stack for each."""
    torch.default_generator.manual_seed(number or 0)
    random.seed(number or 0)
    numpy.random.seed(number or 0)


def drawn(draw: Callable[[], Iterable[Any]], first: int | None = None) -> list[Any]:
    """What a table yields, the same every time: also what it leaves uninitialised."""
    seed()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        with (
            warnings.catch_warnings(),
            remembering(),
            mock.patch.object(common_utils, "set_rng_seed", seed),
            mock.patch.object(common_utils, "extract_test_fn", return_value=None),  # it reads the source of all callers
        ):
            warnings.simplefilter("ignore")
            return list(itertools.islice(draw(), first))
    finally:
        torch.use_deterministic_algorithms(False)


def _sample(
    op: Any, key: str, function: Any, args: Sequence[Any], kwargs: Any, pattern: str | None, unwritten: Unwritten
) -> Iterator[Sample]:
    writer = Writer("x")
    try:
        name, text = _call(op, writer, function, args, kwargs)
    except CannotWriteError as why:
        unwritten.whys[title(op), str(why)] += 1
        return
    yield Sample(title(op), name, key, writer.statements, text, writer.tensors, [], pattern)


def _call(op: Any, writer: Writer, function: Any, args: Sequence[Any], kwargs: Any) -> tuple[str, str]:
    """The name of what is called, and the text of the call."""
    text = spelled.operator(writer, function, args) if getattr(function, "__module__", "") == "_operator" and not kwargs else None
    if text is not None:
        return f"operator {function.__name__}", text
    names = public.names(function)
    name = next((name for name in names if name.removeprefix("torch.") == op.name), names[0] if names else None)
    if name is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            name, args, kwargs = spelled.heard(function, args, kwargs)
    if not name.startswith("torch."):
        raise CannotWriteError("an op without a public name")
    return name, spelled.call(writer, name, args, kwargs)
