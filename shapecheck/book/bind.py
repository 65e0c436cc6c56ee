"""From the arguments of a call to the parameters of a rule.

A rule is a Python function whose parameter names, order and defaults are torch's own. Its annotations, from the small vocabulary
below, say what each argument is made into before the rule sees it:

    Tensor            a tensor of known rank                    Size     int | Poly
    Tensor | None                                               Sizes    tuple of sizes, from a tuple, list, torch.Size or one int
    Tensor | Number   a tensor, or a Python number as it is     Pair / Triple / Single: 2, 3, 1 sizes, from one or from a tuple
    Tensors           a tuple of tensors, from a list or tuple  Ints     tuple of concrete ints    Int   a concrete int
    Bool Float Str DType                                        Any      the value as it stands, Unknown included

`| None` may follow each; a starred parameter (`*shape: Sizes`) takes either separate arguments or one sequence.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from shapecheck.book.context import current
from shapecheck.book.outcome import Refused, Unsure
from shapecheck.sizes import Opaque, Poly, Size, of_atom
from shapecheck.values import DType, Free, Instance, ListValue, Repeated, SymFloat, Tensor, Unknown

DEFAULT_RANKS = (4, 3, 2, 5, 1)
ALIASES = {"axis": "dim", "axes": "dim", "keepdims": "keepdim", "x": "input", "x1": "input", "x2": "other", "a": "input", "self": "input"}
# ops that may still have their numbers before the tensors: `torch.addcmul(input, value, tensor1, tensor2)`
OLDER = frozenset(("add", "sub", "addbmm", "addcdiv", "addcmul", "addmm", "addmv", "addr", "baddbmm"))


def to_tensor(value: Any, ranks: Sequence[int] = DEFAULT_RANKS) -> Tensor:
    if type(value) is Tensor:
        return value
    if isinstance(value, Free):
        return current().tensor(value, ranks)
    raise _unsure(value, "a tensor")


def to_size(value: Any, ranks: Sequence[int] = ()) -> Size:
    if type(value) is int or isinstance(value, Poly):
        return value
    if type(value) is bool:
        return int(value)
    if isinstance(value, Free):
        return current().integer(value)
    if isinstance(value, Tensor) and value.elements is not None and len(value.elements) == 1 and isinstance(value.elements[0], int):
        return value.elements[0]
    raise _unsure(value, "a size")


def to_sequence(value: Any) -> tuple[Any, ...] | None:
    """The items of a list or tuple value, or None when it is neither or of unknown length."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, ListValue) and not isinstance(value.items, Repeated):
        return value.items
    return None


def is_one_size(value: Free) -> bool:
    """Whether a value that may be one size or a sequence of them is one: the likelier case where nothing says that it is a list."""
    return value.kind == "int" or (value.kind == "" and current().choose(("one size", value.name), 2) == 0)


def to_sizes(value: Any, ranks: Sequence[int] = ()) -> tuple[Size, ...]:
    items = to_sequence(value)
    if items is None:
        if isinstance(value, Free) and not is_one_size(value):
            raise Unsure(f"the parameter {value.name} may be one size or several")
        if isinstance(value, Tensor) and value.elements is None:
            raise Unsure("sizes held in a tensor")
        return (to_size(value),)
    return tuple(to_size(current().pinned(item)) for item in items)


def to_int(value: Any, ranks: Sequence[int] = ()) -> int:
    size = to_size(value)
    if isinstance(size, int):
        return size
    size = current().facts.simplify(size)
    if isinstance(size, int):
        return size
    raise Unsure(f"the number {size} is not known")


def to_ints(value: Any, ranks: Sequence[int] = ()) -> tuple[int, ...]:
    items = to_sequence(value)
    return (to_int(value),) if items is None else tuple(to_int(current().pinned(item)) for item in items)


def to_tensors(value: Any, ranks: Sequence[int] = DEFAULT_RANKS) -> tuple[Tensor, ...]:
    items = to_sequence(value)
    if items is None:
        raise _unsure(value, "a list of tensors")
    return tuple(to_tensor(current().pinned(item), ranks) for item in items)


def to_bool(value: Any, ranks: Sequence[int] = ()) -> bool:
    if isinstance(value, (bool, int)) or value is None:
        return bool(value)
    raise _unsure(value, "true or false")


def to_float(value: Any, ranks: Sequence[int] = ()) -> Any:
    if isinstance(value, (int, float, Poly, SymFloat)):
        return value
    if isinstance(value, (Unknown, Free)):  # some number: shapes hardly ever depend on which
        return SymFloat(current().fresh("float", None), Fraction(1))
    raise _unsure(value, "a number")


def to_str(value: Any, ranks: Sequence[int] = ()) -> str:
    if isinstance(value, str):
        return value
    raise _unsure(value, "a string")


def to_dtype(value: Any, ranks: Sequence[int] = ()) -> str:
    """A dtype by its short name."""
    if isinstance(value, DType):
        return value.name
    raise _unsure(value, "a dtype")


def to_tensor_or_number(value: Any, ranks: Sequence[int] = DEFAULT_RANKS) -> Any:
    if isinstance(value, (Tensor, int, float, complex, Poly, SymFloat)):
        return value
    if isinstance(value, Free):
        if value.kind in ("int", "bool"):
            return current().integer(value)
        if value.kind == "float":
            return SymFloat(of_atom(Opaque("float", (value.name,))), Fraction(1))
        return current().tensor(value, ranks)
    raise _unsure(value, "a tensor or a number")


def as_is(value: Any, ranks: Sequence[int] = ()) -> Any:
    return value


def _ntuple(count: int) -> Callable[..., tuple[Size, ...]]:
    def convert(value: Any, ranks: Sequence[int] = ()) -> tuple[Size, ...]:
        if isinstance(value, Free):
            value = _per_axis(value, count)
        items = to_sequence(value)
        if items is None:
            return (to_size(value),) * count
        if len(items) != count:
            raise Unsure(f"{len(items)} numbers where {count} are wanted")
        return tuple(to_size(current().pinned(item)) for item in items)

    return convert


def _per_axis(value: Free, count: int) -> Any:
    """A free value that may be an int or a tuple: one symbol an axis, unless it is known to be an int."""
    if value.kind == "int" or count == 1:
        return value
    return tuple(Free(f"{value.name}[{axis}]", "int", (value, f"[{axis}]")) for axis in range(count))


def _or_str(convert: Callable[..., Any]) -> Callable[..., Any]:
    def either(value: Any, ranks: Sequence[int] = ()) -> Any:
        return value if isinstance(value, str) else convert(value, ranks)

    return either


CONVERTERS: dict[str, Callable[..., Any]] = {
    "Tensor": to_tensor,
    "Tensor | Number": to_tensor_or_number,
    "Tensors": to_tensors,
    "Size": to_size,
    "Sizes": to_sizes,
    "Sizes | str": _or_str(to_sizes),
    "Single": _ntuple(1),
    "Pair": _ntuple(2),
    "Triple": _ntuple(3),
    "Single | str": _or_str(_ntuple(1)),
    "Pair | str": _or_str(_ntuple(2)),
    "Triple | str": _or_str(_ntuple(3)),
    "Int": to_int,
    "Ints": to_ints,
    "Bool": to_bool,
    "Float": to_float,
    "Str": to_str,
    "DType": to_dtype,
    "Any": as_is,
}


def _unsure(value: Any, wanted: str) -> Unsure:
    if isinstance(value, Unknown):
        return Unsure(value.why)
    kind = value.name if isinstance(value, (Free,)) else type(value).__name__
    if isinstance(value, Instance):
        kind = f"an object {getattr(value.cls, 'name', '')}"
    return Unsure(f"{kind} where {wanted} is wanted")


def too_many(name: str, most: int, least: int, given: int, method: bool) -> str:
    """Python's sentence for more positional arguments than a function takes; `self` counts."""
    most, least, given = most + method, least + method, given + method
    takes = f"{most} positional argument{'s' * (most != 1)}" if most == least else f"from {least} to {most} positional arguments"
    return f"{name} takes {takes} but {given} {'was' if given == 1 else 'were'} given"


def too_few(name: str, missing: Sequence[str]) -> str:
    """Python's sentence for parameters that got no argument."""
    words = [f"'{parameter}'" for parameter in missing]
    if len(words) > 2:
        listed = f"{', '.join(words[:-1])}, and {words[-1]}"
    else:
        listed = " and ".join(words)
    return f"{name} missing {len(words)} required positional argument{'s' * (len(words) != 1)}: {listed}"


class Signature:
    """The parameters of a rule, compiled once."""

    __slots__ = ("converters", "defaults", "keyword_only", "method", "names", "nullable", "positional", "var_keyword", "var_positional")

    def __init__(self, function: Callable[..., Any], skip_first: bool) -> None:
        parameters = list(inspect.signature(function).parameters.values())[1 if skip_first else 0 :]
        self.method = skip_first
        self.positional: list[str] = []
        self.keyword_only: list[str] = []
        self.var_positional: str | None = None
        self.var_keyword: str | None = None
        self.defaults: dict[str, Any] = {}
        self.converters: dict[str, Callable[..., Any]] = {}
        self.nullable: set[str] = set()
        for parameter in parameters:
            if not isinstance(parameter.annotation, str):
                raise TypeError(
                    f"{function.__qualname__}: {parameter.name} has no annotation that is text "
                    "(`from __future__ import annotations` makes them so)"
                )
            annotation = parameter.annotation
            base = annotation.removesuffix(" | None")
            if base != annotation:
                self.nullable.add(parameter.name)
            if base not in CONVERTERS:
                raise TypeError(f"{function.__qualname__}: no converter for the annotation {annotation!r} of {parameter.name}")
            self.converters[parameter.name] = CONVERTERS[base]
            if parameter.default is not parameter.empty:
                self.defaults[parameter.name] = parameter.default
            if parameter.kind is parameter.VAR_POSITIONAL:
                self.var_positional = parameter.name
            elif parameter.kind is parameter.VAR_KEYWORD:
                self.var_keyword = parameter.name
            elif parameter.kind is parameter.KEYWORD_ONLY:
                self.keyword_only.append(parameter.name)
            else:
                self.positional.append(parameter.name)
        self.names = [*self.positional, *self.keyword_only]

    def _optional(self) -> int:
        """How many positional parameters have a default."""
        return sum(parameter in self.defaults for parameter in self.positional)

    def place(self, args: Sequence[Any], kwargs: Mapping[str, Any], name: str) -> tuple[dict[str, Any], tuple[Any, ...], dict[str, Any]]:
        """Arguments by parameter name, and what is left for parameters with one and with two stars.

        Raises Refused where Python would raise TypeError.
        """
        extra: dict[str, Any] = {}
        placed: dict[str, Any] = dict(zip(self.positional, args, strict=False))
        rest = tuple(args[len(self.positional) :])
        if rest and self.var_positional is None:
            if name.rpartition(".")[2].strip("()_") in OLDER:
                raise Unsure("an order of arguments that torch still takes, with a warning")
            raise Refused(
                "SHP121",
                too_many(name, len(self.positional), len(self.positional) - self._optional(), len(args), self.method),
                error="TypeError",
            )
        for key, value in kwargs.items():
            target = key if key in self.converters and key not in (self.var_positional, self.var_keyword) else ALIASES.get(key, key)
            if target not in self.names:
                if self.var_keyword is not None:
                    extra[key] = value
                    continue
                if self.var_positional == target:
                    rest = to_sequence(value) or (value,)
                    continue
                if key == "out":
                    raise Unsure("a result written into a given tensor")
                raise Refused("SHP121", f"{name} got an unexpected keyword argument '{key}'", error="TypeError")
            if target in placed:
                raise Refused("SHP121", f"{name} got multiple values for argument '{key}'", error="TypeError")
            placed[target] = value
        missing = [parameter for parameter in self.names if parameter not in placed and parameter not in self.defaults]
        if missing:
            raise Refused("SHP121", too_few(name, missing), error="TypeError")
        return placed, rest, extra

    def bind(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], name: str, ranks: Mapping[str, Sequence[int]], lenient: bool = False
    ) -> tuple[list[Any], dict[str, Any]]:
        """Converted positional and keyword arguments.

        lenient: a size that is not known becomes a fresh symbol, and any other argument that cannot be converted stays as it is;
        for constructors, whose layers should not be lost over one unknown number.
        """
        placed, rest, extra = self.place(args, kwargs, name)
        context = current()
        converted: dict[str, Any] = {}
        for parameter in self.names:
            if parameter not in placed:
                converted[parameter] = self.defaults[parameter]
                continue
            value = context.pinned(placed[parameter])
            if value is None and (parameter in self.nullable or self.defaults.get(parameter, 0) is None):
                converted[parameter] = None
                continue
            convert = self.converters[parameter]
            try:
                converted[parameter] = convert(value, ranks.get(parameter, DEFAULT_RANKS))
            except Unsure:
                if not lenient:
                    raise
                converted[parameter] = self._stand_in(parameter, value, convert)
        positional = [converted[parameter] for parameter in self.positional]
        if self.var_positional is not None:
            positional.extend(self._starred(rest, ranks))
        keywords = {parameter: converted[parameter] for parameter in self.keyword_only}
        return positional, keywords | {key: context.pinned(value) for key, value in extra.items()}

    def _stand_in(self, parameter: str, value: Any, convert: Callable[..., Any]) -> Any:
        context = current()
        if convert is to_size and isinstance(value, (Unknown, Free)):
            return context.fresh(parameter)
        count = {CONVERTERS["Single"]: 1, CONVERTERS["Pair"]: 2, CONVERTERS["Triple"]: 3}.get(convert)
        if count and isinstance(value, (Unknown, Free)):
            return tuple(context.fresh(f"{parameter}[{axis}]") for axis in range(count))
        return value

    def _starred(self, rest: tuple[Any, ...], ranks: Mapping[str, Sequence[int]]) -> list[Any]:
        assert self.var_positional is not None
        context = current()
        convert = self.converters[self.var_positional]
        if len(rest) == 1:
            only = context.pinned(rest[0])
            if isinstance(only, Free) and convert in (to_sizes, to_ints) and not is_one_size(only):
                raise Unsure(f"the parameter {only.name} may be one size or several")
            items = to_sequence(only)
            if items is not None and convert is not as_is:
                rest = items
        singular: Callable[..., Any] = {to_sizes: to_size, to_ints: to_int, to_tensors: to_tensor}.get(convert, convert)
        wanted = ranks.get(self.var_positional, DEFAULT_RANKS)
        return [singular(context.pinned(item), wanted) for item in rest]
