"""Arguments that many ops take in the same way: sizes one by one or in a tuple, a dtype, a device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.bind import is_one_size, to_sequence, to_size
from shapecheck.book.context import current
from shapecheck.book.dtypes import NAMES, SYNONYMS
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.sizes import Poly, Size
from shapecheck.values import DictValue, DType, Free, ListValue, SymFloat, Tensor, Unknown

PYTHON_TYPES = {"float": "float64", "int": "int64", "bool": "bool", "complex": "complex128"}


def python_type(value: Any) -> str | None:
    """The name of the Python type of a value, where it is certain."""
    if isinstance(value, (bool, int, float, str, complex, tuple, list, dict, slice)) or value is None:
        return type(value).__name__
    if isinstance(value, Poly):
        return "int"
    for kind, name in ((SymFloat, "float"), (Tensor, "Tensor"), (ListValue, "list"), (DictValue, "dict")):
        if isinstance(value, kind):
            return name
    return "NoneType" if value is None else None


def sizes_argument(values: Sequence[Any], function: str, argument: str, overloads: str = "", position: int = 1) -> tuple[Size, ...]:
    """`*size` of a call: separate sizes or one sequence of them. A float among them is refused as torch's argument parser does.

    overloads   what torch answers with `received an invalid combination` where the first size is wrong: "" nothing, "many" several
                sizes, "all" any.
    position    where the parser counts the sequence: 2 for functions, whose first argument is the tensor.
    """
    items = [current().pinned(value) for value in values]
    packed = to_sequence(items[0]) if len(items) == 1 else None
    if len(items) == 1 and isinstance(items[0], Free) and not is_one_size(items[0]):
        raise Unsure(f"the parameter {items[0].name} may be one size or several")
    given = items if packed is None else [current().pinned(item) for item in packed]
    for place, item in enumerate(given):
        if isinstance(item, (float, SymFloat, str)) or item is None:
            kind = python_type(item) or ""
            sentence = (
                f"{function}(): argument '{argument}' failed to unpack the object at pos {place + 1} "
                f'with error "type must be tuple of ints,but got {kind}"'
            )
            if place == 0:
                sentence = _wrong_first(items, packed is not None, kind, function, argument, overloads, position)
            refuse("SHP118", sentence, message=f"{function} wants whole sizes, gets a {kind}", error="TypeError", actual=kind)
    return tuple(to_size(item) for item in given)


def _wrong_first(items: Sequence[Any], packed: bool, kind: str, function: str, argument: str, overloads: str, position: int) -> str:
    """What the parser says when the first size already rules the signature out."""
    if overloads == "all" or (overloads == "many" and len(items) > 1):
        kinds = ", ".join(python_type(item) or "int" for item in items)
        return f"{function}() received an invalid combination of arguments - got ({kinds}), but expected one of:"
    if packed:
        return f"{function}(): argument '{argument}' (position {position}) must be tuple of ints, but found element of type {kind} at pos 0"
    if len(items) > 1:
        return f"{function}() takes 1 positional argument but {len(items)} were given"
    return f"{function}(): argument '{argument}' (position {position}) must be tuple of ints, not {kind}"


def dtype_argument(value: Any, default: str | None) -> str | None:
    """The short name of a `dtype=` argument; `default` where none is given, None where it is not known."""
    value = current().pinned(value)
    if value is None:
        return default
    if isinstance(value, DType):
        return SYNONYMS.get(value.name, value.name)
    name = getattr(value, "name", None) if not isinstance(value, type) else value.__name__
    if isinstance(name, str):
        name = name.rpartition(".")[2]
        if name in PYTHON_TYPES:
            return PYTHON_TYPES[name]
        return name if name in NAMES else SYNONYMS.get(name)
    return None


def device_argument(value: Any, default: str | None = None) -> str | None:
    """A `device=` argument where it is a plain string."""
    value = current().pinned(value)
    return default if value is None else value if isinstance(value, str) else None


def known_items(value: Any, what: str) -> tuple[Any, ...]:
    """The items of a list or tuple, or Unsure."""
    items = to_sequence(current().pinned(value))
    if items is None:
        raise Unsure(value.why if isinstance(value, Unknown) else f"{what} is not a list of known length")
    return items


def likely_ranks(lowest: int, *likeliest: int) -> tuple[int, ...]:
    """The ranks from `lowest` on that a tensor of unknown rank may have here, likeliest first."""
    order = dict.fromkeys((*likeliest, 4, 3, 2, 5, 1, 6))
    return tuple(rank for rank in order if rank >= lowest) or (lowest,)


def pinned_ranks(highest: int) -> tuple[int, ...]:
    """The ranks up to `highest` that a tensor of unknown rank may have here, the highest first."""
    return tuple(range(highest, -1, -1)) or (0,)
