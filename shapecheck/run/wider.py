"""One value for more cases than are kept apart: tensors of one rank become one whose sizes are unknown where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shapecheck.run.state import MAX_LEAVES
from shapecheck.sizes import Poly
from shapecheck.values import Choice, Cond, ListValue, Shape, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

TOO_MANY = "too many paths"


def wider(run: Run, *values: Any) -> Any:
    """A value that stands for any of these, of which some are choices. Which of its cases it is, is told by conditions of their own."""
    kinds: list[Any] = []
    for value in values:
        for leaf in leaves(run, value):
            _add(run, kinds, leaf)
            if len(kinds) > MAX_LEAVES:
                return Unknown(TOO_MANY)
    made = kinds[-1]
    for kind in reversed(kinds[:-1]):
        made = Choice(run.undecided(), kind, made)
    return made


def leaves(run: Run, value: Any) -> Iterator[Any]:
    """The cases of a value that the path leaves open."""
    value = run.resolve(value)
    if type(value) is Choice:
        yield from leaves(run, value.yes)
        yield from leaves(run, value.no)
    else:
        yield value


def _add(run: Run, kinds: list[Any], leaf: Any) -> None:
    for place, kind in enumerate(kinds):
        if is_alike(kind, leaf):
            kinds[place] = either_of(run, kind, leaf)
            return
    kinds.append(leaf)


def is_alike(a: Any, b: Any) -> bool:
    """Whether one value can stand for both without losing what they are."""
    if a is b:
        return True
    if is_size(a) and is_size(b):
        return True
    if isinstance(a, (bool, Cond)) and isinstance(b, (bool, Cond)):
        return True
    kind = type(a)
    if kind is not type(b):
        return False
    if kind is Tensor:
        return bool(a.rank == b.rank)
    if kind in (tuple, Shape):
        return len(a) == len(b) and all(is_alike(x, y) for x, y in zip(a, b, strict=True))
    if kind is Unknown:
        return True
    return kind in (float, str, bytes) and bool(a == b)


def is_size(value: Any) -> bool:
    return isinstance(value, (int, Poly)) and not isinstance(value, bool)


def either_of(run: Run, a: Any, b: Any) -> Any:
    """One value for two that are alike."""
    if a is b or isinstance(a, Unknown):
        return a
    if isinstance(a, Tensor):
        return _tensor(run, a, b)
    if isinstance(a, tuple):
        return type(a)(either_of(run, x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, (bool, Cond)):
        return a if a == b else run.undecided()
    return _size(run, a, b) if is_size(a) else a


def _size(run: Run, a: Any, b: Any) -> Any:
    if a == b:
        return a
    (low, high), (other_low, other_high) = (bounds(run, value) for value in (a, b))
    return run.fresh(
        "path",
        None if low is None or other_low is None else min(low, other_low),
        None if high is None or other_high is None else max(high, other_high),
    )


def bounds(run: Run, value: Any) -> tuple[int | None, int | None]:
    return (value, value) if isinstance(value, int) else run.facts.bounds(value)


def _tensor(run: Run, a: Tensor, b: Tensor) -> Tensor:
    if a.shape == b.shape and a.dtype == b.dtype and a.layout == b.layout and a.elements == b.elements and a.role == b.role:
        return a
    made = Tensor(
        tuple(_size(run, x, y) for x, y in zip(a.shape, b.shape, strict=True)),
        a.dtype if a.dtype == b.dtype else None,
        a.layout if a.layout == b.layout and a.shape == b.shape else None,
        None,
        role=a.role if a.role == b.role else "",
    )
    made.made = a.made
    return made


def flat(run: Run, value: Any) -> Any:
    """A value without choices, as far as one can stand for them; of a list or tuple its items."""
    if type(value) is Choice:
        made = wider(run, value)
        return Unknown(TOO_MANY) if type(made) is Choice else made
    if type(value) is ListValue and isinstance(value.items, tuple):
        return ListValue(tuple(flat(run, item) for item in value.items))
    return tuple(flat(run, item) for item in value) if type(value) is tuple else value
