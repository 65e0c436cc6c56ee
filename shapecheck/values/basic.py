"""What an expression can be, besides a plain Python constant, a size (`int | Poly`) or a tensor.

Python's own immutable constants stand for themselves: int, float, bool, str, bytes, None, Ellipsis, tuple, slice. A symbolic
integer is a `Poly`. Everything else has a class here or, where it needs the program's text, in `shapecheck.run`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from shapecheck.sizes import Poly

Value = Any  # the union would be unreadable; the classes below and in run/ are its members


class Unknown:
    """A value that could not be followed, and why. It spreads and never becomes an error."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why

    def __repr__(self) -> str:
        return f"Unknown({self.why!r})"


class Free:
    """A value of which only the name is known: a parameter, or what is read from one (`config.hidden_size`).

    It becomes an integer, a tensor, a tuple… by the way it is used; the run remembers what it became (`pins`).
    Two `Free`s of one name are the same value. `kind` is what an annotation says: 'int', 'float', 'bool', 'str', 'tensor',
    'module', 'callable', 'list' or '' for nothing.
    """

    __slots__ = ("kind", "name", "parent")

    def __init__(self, name: str, kind: str = "", parent: tuple[Free, str] | None = None) -> None:
        self.name = name
        self.kind = kind
        self.parent = parent

    def __repr__(self) -> str:
        return f"Free({self.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Free) and self.name == other.name

    def __hash__(self) -> int:
        return hash(("Free", self.name))


class SymFloat:
    """`factor * size`, a float whose exact value is known up to the size (`dim * 0.5`)."""

    __slots__ = ("factor", "size")

    def __init__(self, size: Poly, factor: Fraction) -> None:
        self.size = size
        self.factor = factor

    def __repr__(self) -> str:
        return f"{self.factor}*({self.size})"


@dataclass(frozen=True)
class DType:
    """A torch dtype by its short name: 'float32', 'int64', 'bool'…"""

    name: str

    def __repr__(self) -> str:
        return f"torch.{self.name}"


@dataclass(frozen=True)
class External:
    """A function, class, module or constant of a library whose source is not followed, by its full name: 'torch.nn.Linear'."""

    name: str


class Shape(tuple[Any, ...]):
    """A `torch.Size`: a tuple of sizes that also answers `numel()`."""

    __slots__ = ()


class Near(float):
    """A number that is known but for its last bits: an element of a tensor to which a function like `log` was applied."""

    __slots__ = ()


class NamedResult(tuple[Any, ...]):
    """A tuple whose items have names too, as `torch.max(x, dim)` returns (`.values`, `.indices`)."""

    names: tuple[str, ...]

    def __new__(cls, names: tuple[str, ...], items: tuple[Any, ...]) -> NamedResult:
        self = super().__new__(cls, items)
        self.names = names
        return self


class Repeated:
    """The items of a list whose length is not known: `element` stands for each of them, `count` is how many there are.

    `first` and `last` are the first and the last of them where these are known to be others (number 0 of `enumerate`, the short batch
    of a loader), else MISSING.
    """

    __slots__ = ("count", "element", "first", "last")

    def __init__(self, element: Value, count: Any, last: Value | None = None, first: Value | None = None) -> None:
        self.element = element
        self.count = count
        self.first = MISSING if first is None else first
        self.last = MISSING if last is None else last


class ListValue:
    """A list. `items` is a tuple, replaced as a whole on every change (so that a path can be undone), or `Repeated`."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Value, ...] | Repeated = ()) -> None:
        self.items = items


class DictValue:
    """A dict. `items` is replaced as a whole on every change. `open` is a reason when keys may be missing from it.

    `factory` makes the value of a key that is not there (`defaultdict`).
    """

    __slots__ = ("factory", "items", "open")

    def __init__(self, items: dict[Any, Value] | None = None, open: str | None = None) -> None:
        self.items = items if items is not None else {}
        self.open = open
        self.factory: Value = None


class SetValue:
    """A set. `items` as in `ListValue`; those of a tuple are all different."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Value, ...] | Repeated = ()) -> None:
        self.items = items


MANY_PARTS = 64


class Cond:
    """A condition that is not decided. Structural equality: the same question asked twice is the same object.

    `op` and `args`: ('eq'|'ne'|'lt'|'le'|'gt'|'ge', sizes) ('truthy'|'none', a name) ('is', a name, a constant)
    ('isinstance', a name, type names) ('opaque', a key) ('not'|'and'|'or', conditions). `parts` is how many conditions it is made of:
    where they are more than MANY_PARTS nobody looks into it, and it is as good as one that was not followed.
    """

    __slots__ = ("_hash", "args", "op", "parts")

    def __init__(self, op: str, args: tuple[Any, ...]) -> None:
        self.op = op
        self.args = args
        self._hash = hash((op, args))  # conditions nest and are looked up often
        self.parts: int = sum([part.parts for part in args]) if op in ("not", "and", "or") else 1

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Cond) and self._hash == other._hash and self.op == other.op and self.args == other.args)

    def __repr__(self) -> str:
        return f"Cond({self.op!r}, {self.args!r})"

    def negated(self) -> Cond:
        opposite = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "le": "gt", "gt": "le"}.get(self.op)
        if opposite:
            return Cond(opposite, self.args)
        if self.op == "not":
            inner: Cond = self.args[0]
            return inner
        return Cond("not", (self,))


class Attrs(dict[str, Value]):
    """The attributes of an object. `signature` is what somebody worked out from them; every change takes it away.

    `born` is when the object was made, by the clock of the path; 0: before everything.
    """

    __slots__ = ("born", "signature")

    def __init__(self, items: Mapping[str, Value] | None = None) -> None:
        super().__init__(items or {})
        self.born = 0
        self.signature: Any = None


class Variables(dict[str, Value]):
    """The variables of a function call, class body or module. `born`: as of `Attrs`."""

    __slots__ = ("born",)

    def __init__(self) -> None:
        super().__init__()
        self.born = 0


class Instance:
    """An object: its class, its attributes, and the place where it was made.

    `cls` is a class of the run (user's or the book's); `call` is the expression that made it, for pointing at its arguments.
    """

    __slots__ = ("attrs", "call", "cls", "made")

    def __init__(self, cls: Any, made: Any = None, call: Any = None) -> None:
        self.cls = cls
        self.attrs = Attrs()
        self.made = made
        self.call = call

    def __repr__(self) -> str:
        return f"<{getattr(self.cls, 'name', self.cls)}>"


class IteratorValue:
    """An iterator: what is left of it. `items` as in `ListValue`; iterating takes them away."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Value, ...] | Repeated) -> None:
        self.items = items


class Missing:
    """The mark for an attribute or variable that a path did not set."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


@dataclass(eq=False)
class Choice:
    """One value where `guard` holds, another where it does not: what is left where two arms of an `if` meet."""

    guard: Cond
    yes: Value
    no: Value
    why: str = field(default="depends on a condition", repr=False)
