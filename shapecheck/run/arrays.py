"""Vectors of NumPy whose numbers are known: programs lay out rates and depths with `np.linspace(0, rate, depth).tolist()`.

Only what such a vector is read for is followed; whatever else is done with one is not known.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Class, Native
from shapecheck.values import Instance, IteratorValue, ListValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Call = Callable[["Run", list[Any], dict[str, Any]], Any]
MOST = 4096


def vector(numbers: Sequence[int | float]) -> Instance:
    made = Instance(CLASS)
    made.attrs["*numbers"] = tuple(numbers)
    return made


def _read(wanted: Callable[[Any], Any]) -> Call:
    """A method that gives the numbers in another form."""
    return lambda run, args, kwargs: wanted(args[0].attrs["*numbers"])


def _item(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    numbers, index = args[0].attrs["*numbers"], run.resolve(args[1])
    if isinstance(index, slice):
        ends = [run.resolve(end) for end in (index.start, index.stop, index.step)]
        return vector(numbers[slice(*ends)]) if all(end is None or isinstance(end, int) for end in ends) else Unknown("an array of NumPy")
    inside = isinstance(index, int) and -len(numbers) <= index < len(numbers)
    return numbers[index] if inside else Unknown("an item of an array of NumPy")


METHODS: dict[str, Call] = {"tolist": _read(ListValue), "__iter__": _read(IteratorValue), "__len__": _read(len), "__getitem__": _item}
CLASS = Class("ndarray", (), {name: Native(name, call) for name, call in METHODS.items()}, "an array of NumPy")


def _linspace(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    given = dict(zip(("start", "stop", "num"), map(run.resolve, args), strict=False))
    given.update((key, run.resolve(value)) for key, value in kwargs.items())
    count = given.pop("num", 50)
    ends = [given.pop("start", None), given.pop("stop", None)]
    if given or len(args) > 3 or not _number(count) or not all(map(_number, ends)) or not 1 <= count <= MOST or count != int(count):
        return Unknown("numpy.linspace")
    first, last = map(float, ends)
    step = (last - first) / (count - 1) if count > 1 else 0.0
    return vector([*(place * step + first for place in range(int(count) - 1)), last if count > 1 else first])


def _arange(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    bounds = [run.resolve(value) for value in args]
    if kwargs or not 1 <= len(bounds) <= 3 or not all(type(value) is int for value in bounds) or (len(bounds) == 3 and not bounds[2]):
        return Unknown("numpy.arange")
    numbers = range(*bounds)
    return vector(numbers) if len(numbers) <= MOST else Unknown("numpy.arange")


def _cumsum(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = run.items(args[0]) if args else None
    numbers = [run.resolve(item) for item in items] if isinstance(items, tuple) else []
    if kwargs or len(args) > 1 or not numbers or not all(type(number) is int for number in numbers):
        return Unknown("numpy.cumsum")
    return vector(list(itertools.accumulate(numbers)))


def _number(value: Any) -> bool:
    return type(value) in (int, float)


TABLE: dict[str, Call] = {"numpy.linspace": _linspace, "numpy.arange": _arange, "numpy.cumsum": _cumsum}
