"""The values of a witness as Python text: `Net(10)`, `torch.rand(2, 3, 5, 7)`, a configuration with the attributes that are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shapecheck.confirm.numbering import PRIMES, NoNumbers, number, numbers_for, symbols_in
from shapecheck.run.began import Knowledge
from shapecheck.run.objects import Class, FreeShape, Function
from shapecheck.sizes import Poly, Symbol
from shapecheck.values import DictValue, DType, External, Free, ListValue, Repeated, SetValue, SymFloat, Tensor

INTEGERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
# names that people give to tensors of whole numbers, where nothing else tells
WHOLE = re.compile(r"(^|_)(ids?|idx|index|indices|tokens?|labels?|targets?|lengths?|timesteps?|positions?|words?|input_ids)($|_)")
LIKELY = (
    (re.compile(r"drop|prob|rate|eps|scale|alpha|beta|momentum|ratio|std|theta"), "float"),
    (re.compile(r"^(use|is|has|with|no|do|return|output)_|bias$|flag|causal"), "bool"),
    (re.compile(r"device|dtype|path|name$|mode|type"), "str"),
)
PART = re.compile(r"^(?:\.(?P<attribute>\w+)|\[(?P<key>-?\d+|'[^']*'|\"[^\"]*\")\])")


class NoText(Exception):
    """A value that cannot be written down; the text says why."""


class Writer:
    """Writes the values of one run.

    names   the functions and classes of the file: id -> name.
    asked   the attributes that the file asks of objects, by the name of the variable or attribute that holds them.
    liked   the numbers that sizes become.
    whole   tensors of unknown dtype are whole numbers.
    """

    def __init__(
        self,
        known: Knowledge,
        names: Mapping[int, str],
        asked: Mapping[str, set[str]],
        liked: tuple[int, ...] = PRIMES,
        whole: bool = False,
    ) -> None:
        self.known = known
        self.names = names
        self.asked = asked
        self.liked = liked
        self.whole = whole
        self.numbers = self._numbers()

    def _numbers(self) -> dict[Symbol, int]:
        began, values = self.known.began, list(_leaves(list(self.known.pins.values())))
        if began is not None:
            given = [*began.args, *(began.kwargs or {}).values(), *(began.inputs or ()), *(began.named_inputs or {}).values()]
            values += _leaves(given)
        values += _leaves(self.known.others)
        return numbers_for(symbols_in(values), self.known.facts, self.known.conditions, self.liked)

    def arguments(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        """What stands between the parentheses of a call."""
        return ", ".join([*map(self.text, args), *(f"{name}={self.text(value)}" for name, value in kwargs.items())])

    def text(self, value: Any) -> str:
        """A value as an expression. NoText, NoNumbers."""
        if isinstance(value, Free):
            return self._free(value)
        if isinstance(value, Poly):
            return str(number(value, self.numbers))
        if value is None or isinstance(value, (bool, int, float, complex, str, bytes, slice)) or value is Ellipsis:
            return repr(value)
        if isinstance(value, Tensor):
            return self._tensor(value.shape, value.dtype)
        if isinstance(value, SymFloat):
            return repr(float(value.factor * number(value.size, self.numbers)))
        if isinstance(value, DType):
            return f"torch.{value.name}"
        if isinstance(value, External) and value.name.startswith("torch."):
            return value.name
        if isinstance(value, (tuple, list)):
            items = [self.text(item) for item in value]
            return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        if isinstance(value, (ListValue, SetValue)) and not isinstance(value.items, Repeated):
            left, right = "[]" if isinstance(value, ListValue) else ("{", "}")
            return f"{left}{', '.join(map(self.text, value.items))}{right}"
        if isinstance(value, DictValue):
            return "{" + ", ".join(f"{self.text(key)}: {self.text(item)}" for key, item in value.items.items()) + "}"
        if isinstance(value, (Function, Class)) and id(value) in self.names:
            return self.names[id(value)]
        raise NoText(f"an argument cannot be written down ({type(value).__name__})")

    def sizes(self, shape: tuple[Any, ...]) -> tuple[int, ...]:
        """A shape in numbers."""
        return tuple(number(size, self.numbers) for size in shape)

    def _tensor(self, shape: tuple[Any, ...], dtype: str | None) -> str:
        sizes = ", ".join(map(str, self.sizes(shape)))
        if dtype == "bool" or dtype in INTEGERS:
            return f"torch.zeros({sizes or '()'}, dtype=torch.{dtype})"  # 0 is an index that every table has
        made = f"torch.rand({sizes})" if sizes else "torch.rand(())"
        return made if dtype in (None, "float32") else f"{made}.to(torch.{dtype})"

    def _free(self, value: Free) -> str:
        pins = self.known.pins
        pinned = pins.get(value.name, value)
        if isinstance(pinned, Tensor) and pinned.dtype is None:
            whole = self.whole or WHOLE.search(value.name.rpartition(".")[2]) is not None
            return self._tensor(pinned.shape, "int64" if whole else None)
        if not isinstance(pinned, Free):
            return self.text(pinned)
        parts = self._parts(value.name)
        if parts:
            return self._composed(value, parts)
        return self._likely(pinned)

    def _parts(self, name: str) -> dict[str, Free]:
        """What was read from a free value: `.hidden_size`, `[0]`, as free values of their own."""
        known = {*self.known.pins, *(arg for cond in self.known.conditions for arg in cond.args if isinstance(arg, str))}
        parts: dict[str, Free] = {}
        for other in known:
            if other.startswith(name):
                found = PART.match(other[len(name) :])
                if found is not None:
                    parts[found[0]] = Free(name + found[0])
        return parts

    def _composed(self, value: Free, parts: dict[str, Free]) -> str:
        if all(part.startswith("[") for part in parts):
            keys = {part[1:-1]: part for part in parts}
            if all(key.isdigit() for key in keys):
                last = max(map(int, keys))
                items = [self._free(Free(f"{value.name}[{place}]", "input")) for place in range(last + 1)]
                return f"({', '.join(items)},)"
            return "{" + ", ".join(f"{key}: {self._free(parts[part])}" for key, part in keys.items()) + "}"
        if not all(part.startswith(".") for part in parts):
            raise NoText(f"{value.name} is asked for attributes and for items")
        fields = {part[1:]: self._free(free) for part, free in sorted(parts.items())}
        for name in sorted(self.asked.get(value.name.rpartition(".")[2], set()) - fields.keys()):
            fields[name] = self._free(Free(f"{value.name}.{name}", kind_by_name(name)))
        return f"types.SimpleNamespace({', '.join(f'{name}={text}' for name, text in fields.items())})"

    def _likely(self, value: Free) -> str:
        """A value for what nothing that was followed depends on."""
        truth = {cond.args[0]: holds for cond, holds in self.known.conditions.items() if cond.op == "truthy"}.get(value.name)
        none = {cond.args[0]: holds for cond, holds in self.known.conditions.items() if cond.op == "none"}.get(value.name)
        if value.kind == "bool" or (value.kind == "" and truth is not None):
            return str(bool(truth))
        if value.kind == "str":
            return "''" if truth is False else f"'{value.name.rpartition('.')[2]}'"
        if value.kind == "float":
            return "0.5"
        if value.kind == "list":
            return "[]" if truth is False else "[1]"
        if value.kind in ("input", "tensor"):
            if truth is False and none is not False:
                return "None"
            return self._tensor((2, 3, 8, 8), "int64" if WHOLE.search(value.name) else None)
        if value.kind in ("callable", "module"):
            return "torch.nn.Identity" if value.kind == "callable" else "torch.nn.Identity()"
        return "1"


def kind_by_name(name: str) -> str:
    """What an attribute probably is, where nothing that was followed depends on it: `config.dropout`."""
    for words, kind in LIKELY:
        if words.search(name):
            return kind
    return ""


def _leaves(values: Any) -> Iterator[Any]:
    """Sizes and other plain values in nested ones, the sizes of tensors included."""
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, Tensor):
            stack += value.shape
        elif isinstance(value, (tuple, list)):
            stack += value
        elif isinstance(value, (ListValue, SetValue)):
            stack += value.items if not isinstance(value.items, Repeated) else ()
        elif isinstance(value, DictValue):
            stack += value.items.values()
        elif isinstance(value, SymFloat):
            yield value.size
        elif not isinstance(value, FreeShape):
            yield value


__all__ = ["NoNumbers", "NoText", "Writer"]
