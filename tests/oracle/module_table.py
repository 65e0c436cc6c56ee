"""`module_db`, torch's table of layers: how they are built and called, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

from tests.oracle.op_table import Take, Unwritten, all_of_them, drawn
from tests.oracle.sample import Sample
from tests.oracle.written import CannotWriteError, Writer

# the random samples that the table gives to these layers have the double precision that it takes for the default
DTYPES = {torch.nn.FractionalMaxPool2d: torch.float64, torch.nn.FractionalMaxPool3d: torch.float64}


def title(info: Any) -> str:
    return str(info.formatted_name).replace("_", ".")


def entries() -> list[Any]:
    return sorted(module_db, key=title)


def class_name(info: Any) -> str:
    """`torch.nn.Conv2d`, as a user writes it."""
    cls = info.module_cls
    return f"torch.nn.{cls.__name__}" if getattr(torch.nn, cls.__name__, None) is cls else f"{cls.__module__}.{cls.__name__}"


def samples(info: Any, unwritten: Unwritten, take: Take = all_of_them) -> Iterator[Sample]:
    """Every way in which the table builds and calls a layer, in training and not."""
    dtype = DTYPES.get(info.module_cls, torch.float32)
    for training in (True, False):
        inputs = drawn(lambda: info.module_inputs_func(info, "cpu", dtype, False, training))  # noqa: B023
        for number, given in enumerate(inputs):
            built, called = given.constructor_input, given.forward_input
            if called is None or not take(number):
                continue
            key = f"{class_name(info)}[{'train' if training else 'eval'}]#{number}"
            yield from _sample(info, key, built, called, training, None, unwritten)


def error_samples(info: Any, unwritten: Unwritten) -> Iterator[Sample]:
    """What a layer refuses: to be built, or to be called."""
    if info.module_error_inputs_func is None:
        return
    for training in (True, False):
        errors = drawn(lambda: info.module_error_inputs_func(info, "cpu", torch.float32, False, training))  # noqa: B023
        for number, error in enumerate(errors):
            given = error.module_error_input
            built = given.constructor_input
            called = given.forward_input if error.error_on is ModuleErrorEnum.FORWARD_ERROR else None
            key = f"{class_name(info)}[{'train' if training else 'eval'}]!{number}"
            yield from _sample(info, key, built, called, training, error.error_regex, unwritten)


def _sample(info: Any, key: str, built: Any, called: Any, training: bool, pattern: str | None, unwritten: Unwritten) -> Iterator[Sample]:
    writer = Writer("x")
    name = class_name(info)
    try:
        construct = f"{name}({_given(writer, built)})"
        if called is None:
            yield Sample(name, name, key, writer.statements, construct, writer.tensors, [], pattern)
            return
        build = [f"layer_0 = {construct}", *([] if training else ["layer_0.eval()"])]
        expression = f"layer_0({_given(writer, called)})"
    except CannotWriteError as why:
        unwritten.whys[name, str(why)] += 1
        return
    yield Sample(name, name, key, writer.statements, expression, writer.tensors, build, pattern)


def _given(writer: Writer, given: Any) -> str:
    args: Sequence[Any] = given.args if given is not None else ()
    return writer.arguments(args, given.kwargs if given is not None else {})
