"""What an expression came to, told the same way for torch and for shapecheck, so that the two can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shapecheck.book.examples import Constant, Several, Shaped, Value
from shapecheck.sizes import Poly, Size


@dataclass(frozen=True)
class Seen:
    """A tensor. A dtype or strides that are not known are None."""

    shape: tuple[Size, ...]
    dtype: str | None
    strides: tuple[Size, ...] | None


@dataclass(frozen=True)
class Raised:
    """An exception: the class's name, its sentence, and shapecheck's code for it."""

    error: str
    sentence: str
    code: str | None = None


@dataclass(frozen=True)
class Hidden:
    """A value that is not known, or that nothing is compared with (a layer, a device)."""

    why: str


@dataclass(frozen=True)
class Fault(Hidden):
    """An exception inside shapecheck."""


Answer = Any  # Seen | Raised | Hidden | tuple[Answer, ...] | a Python constant


def same_sentence(written: str, raised: str) -> bool:
    """Word for word; of a sentence of several lines the first is enough, and runs of blanks count as one."""
    firsts = [" ".join(text.strip().partition("\n")[0].split()) for text in (written, raised)]
    return " ".join(written.split()) in (" ".join(raised.split()), firsts[1]) or (firsts[0] == firsts[1] and "\n" in written)


def same_sizes(ours: tuple[Any, ...], written: tuple[Size, ...]) -> bool:
    """Equal as they read: what is written knows no bounds of a name."""
    return list(map(str, ours)) == list(map(str, written))


def differences(expected: Value, answer: Answer, shapes_only: bool = False) -> Iterator[str]:
    """How an answer differs from what an example says."""
    if isinstance(answer, (Hidden, Raised)):
        yield str(answer)
    elif isinstance(expected, Constant):
        if answer != expected.value or isinstance(answer, bool) != isinstance(expected.value, bool):
            yield f"{answer!r}, not {expected.value!r}"
    elif isinstance(expected, Several):
        if not isinstance(answer, tuple) or len(answer) != len(expected.items):
            yield f"{answer}, not {len(expected.items)} results"
        else:
            for wanted, got in zip(expected.items, answer, strict=True):
                yield from differences(wanted, got, shapes_only)
    elif isinstance(answer, tuple):
        if not same_sizes(answer, expected.sizes):
            yield f"{answer}, not {expected.sizes}"
    elif not isinstance(answer, Seen):
        yield f"{answer!r}, not a tensor"
    else:
        yield from _tensor_differences(expected, answer, shapes_only)


def _tensor_differences(expected: Shaped, answer: Seen, shapes_only: bool) -> Iterator[str]:
    if not same_sizes(answer.shape, expected.sizes):
        yield f"shape {answer.shape}, not {expected.sizes}"
    if not shapes_only and expected.dtype is not None and answer.dtype != expected.dtype:
        yield f"dtype {answer.dtype}, not {expected.dtype}"
    if not shapes_only and expected.strides is not None and not same_sizes(answer.strides or (), expected.strides):
        yield f"strides {answer.strides}, not {expected.strides}"


def contradictions(ours: Answer, torch: Answer) -> Iterator[str]:
    """Where shapecheck claims something of a value that torch does not bear out. What is not known contradicts nothing."""
    if isinstance(ours, Hidden) or isinstance(torch, Hidden):
        return
    if isinstance(ours, Seen) and isinstance(torch, Seen):
        yield from _claims(ours, torch)
    elif isinstance(ours, tuple) and isinstance(torch, tuple):
        if len(ours) != len(torch):
            yield f"{len(ours)} results, torch has {len(torch)}"
        else:
            for mine, true in zip(ours, torch, strict=True):
                yield from contradictions(mine, true)
    elif isinstance(ours, (Seen, tuple)) or isinstance(torch, (Seen, tuple)):
        yield f"{ours}, torch has {torch}"
    elif ours != torch and not (isinstance(ours, float) or isinstance(torch, float) or isinstance(ours, Poly)):
        yield f"{ours!r}, torch has {torch!r}"


def _claims(ours: Seen, torch: Seen) -> Iterator[str]:
    if len(ours.shape) != len(torch.shape):
        yield f"shape {ours.shape}, torch has {torch.shape}"
        return
    if any(isinstance(mine, int) and mine != true for mine, true in zip(ours.shape, torch.shape, strict=True)):
        yield f"shape {ours.shape}, torch has {torch.shape}"
    elif ours.dtype is not None and ours.dtype != torch.dtype:
        yield f"dtype {ours.dtype}, torch has {torch.dtype}"
    elif ours.strides is not None and torch.strides is not None and 0 not in torch.shape:
        pairs = zip(ours.strides, torch.strides, torch.shape, strict=True)
        if any(isinstance(mine, int) and mine != true and size != 1 for mine, true, size in pairs):
            yield f"strides {ours.strides}, torch has {torch.strides}"
