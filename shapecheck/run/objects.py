"""Values that need the program's text: functions, classes, modules, and what binds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shapecheck.values import Free, Instance, Variables

if TYPE_CHECKING:
    from shapecheck.book.rule import LayerRule
    from shapecheck.run.namespace import Namespace
    from shapecheck.source import ir


class Env:
    """The variables of a function call, class body or module, and the scope around it."""

    __slots__ = ("globals", "names", "outer", "shared")

    def __init__(self, globals: Namespace, outer: Env | None) -> None:
        self.names = Variables()
        self.globals = globals
        self.outer = outer
        self.shared: dict[str, Env | None] | None = None  # names declared nonlocal (their scope) or global (None)


@dataclass(eq=False)
class Function:
    """A function or lambda of the user's. `chunk` is where its body's ordinals count."""

    name: str
    params: tuple[ir.Param, ...]
    body: tuple[ir.Stmt, ...] | ir.Expr
    env: Env
    chunk: int
    node: ir.Node
    defaults: dict[str, Any] = field(default_factory=dict)
    is_generator: bool = False
    owner: Class | None = None
    context_manager: bool = False
    wrapped: Any = None  # what `functools.wraps` says it stands for: it has its name
    veiled: bool = False  # a decorator that is not known may take other arguments than the function does


@dataclass(eq=False)
class Bound:
    """A function with its first argument."""

    function: Any
    receiver: Any


@dataclass(eq=False)
class Native:
    """A function that the interpreter itself carries out: `call(interpreter, args, kwargs)`.

    tolerant: it takes a fourth argument, the reason why not all arguments are known; others are not called then.
    """

    name: str
    call: Callable[..., Any]
    tolerant: bool = False


@dataclass(eq=False)
class Generated:
    """A call of a `@contextmanager` function: it begins when a `with` enters it."""

    function: Function
    args: list[Any]
    kwargs: dict[str, Any]
    unclear: str | None


@dataclass(eq=False)
class Partial:
    function: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(eq=False)
class PropertyValue:
    getter: Any
    setter: Any = None


@dataclass(eq=False)
class StaticValue:
    function: Any


@dataclass(eq=False)
class ClassMethodValue:
    function: Any


@dataclass(eq=False)
class Super:
    """`super()`: attributes are looked up after `cls` in the order of the receiver's classes."""

    cls: Any
    receiver: Any


@dataclass(eq=False)
class TensorMethod:
    """`x.view`, not yet called."""

    tensor: Any
    name: str


@dataclass(eq=False)
class FreeShape:
    """The shape of a free tensor whose rank nothing has told yet."""

    tensor: Free


@dataclass(eq=False)
class FileModule:
    """A module of the user's, as a value."""

    namespace: Namespace


class Class:
    """A class: the user's (with a body), a layer of the book, or one of the interpreter's own (`nn.Module`).

    `bases` are classes; `open` is a reason why it may have attributes that are not seen here (a base that is not followed).
    """

    def __init__(self, name: str, bases: tuple[Class, ...], namespace: dict[str, Any], open: str | None = None) -> None:
        self.name = name
        self.bases = bases
        self.namespace = namespace
        self.open: str | None = open or next((base.open for base in bases if base.open), None)
        self.layer: LayerRule | None = None
        self.meta: Class | None = next((base.meta for base in bases if base.meta is not None), None)  # the class's own class
        self.node: ir.ClassDef | None = None
        self.env: Env | None = None
        self.chunk = -1
        self.fields: list[tuple[str, Any, bool]] | None = None  # of a dataclass: name, default, has a default
        self.full_name = name
        self.mro: tuple[Class, ...] = self._linearise()
        self._is_module: bool | None = None

    def _linearise(self) -> tuple[Class, ...]:
        """Python's C3 order; where the bases contradict each other, depth first."""
        sequences = [list(base.mro) for base in self.bases] + [list(self.bases)]
        order: list[Class] = [self]
        while any(sequences):
            sequences = [sequence for sequence in sequences if sequence]
            for sequence in sequences:
                head = sequence[0]
                if not any(head in other[1:] for other in sequences):
                    break
            else:
                break
            order.append(head)
            for sequence in sequences:
                if sequence and sequence[0] is head:
                    del sequence[0]
        return tuple(order)

    def find(self, name: str, after: Class | None = None) -> tuple[Any, Class] | None:
        """A class attribute and the class that has it, in order of the classes, optionally only behind `after`."""
        order = self.mro
        if after is not None and after in order:
            order = order[order.index(after) + 1 :]
        for cls in order:
            if name in cls.namespace:
                return cls.namespace[name], cls
        return None

    @property
    def is_module(self) -> bool:
        """Whether objects of this class are `nn.Module`s."""
        if self._is_module is None:
            self._is_module = any(cls.full_name == "torch.nn.Module" for cls in self.mro)
        return self._is_module

    @property
    def rule(self) -> LayerRule | None:
        """The rule of the book's layer that this class is or inherits from."""
        return next((cls.layer for cls in self.mro if cls.layer is not None), None)

    def __repr__(self) -> str:
        return f"<class {self.name}>"


class PyRaise(Exception):
    """The program raises an exception of its own: `kind` is the class's name, `value` the exception object, `place` the statement."""

    def __init__(self, kind: str, value: Any = None, place: tuple[Any, int, int] | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.value = value
        self.place = place


class Spent(Exception):
    """The budget of this entry is used up."""


def is_module(value: Any) -> bool:
    """Whether a value is an `nn.Module` object."""
    return isinstance(value, Instance) and bool(value.cls.is_module)
