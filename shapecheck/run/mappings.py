"""Classes that inherit from `dict` and its kin, and what `MutableMapping` makes of the methods that a class has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.builtins import CALLS, DICTS
from shapecheck.run.objects import Class, Native, PyRaise
from shapecheck.values import MISSING, DictValue, Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Args = list[Any]
Kwargs = dict[str, Any]

ABSTRACT = tuple(f"{module}.{name}" for module in ("collections.abc", "typing") for name in ("Mapping", "MutableMapping"))
ITEMS = "the items of a dict"  # no attribute of a program's has this name


def base_class(name: str) -> Class | None:
    """The class that stands for `dict`, `OrderedDict`, `MutableMapping` as a base of the user's classes, or None."""
    if name in DICTS:
        methods = {method: Native(method, _of_the_items(method)) for method in METHODS}
        methods.update((method, Native(method, call)) for method, call in SPECIAL.items())
    elif name in ABSTRACT:
        methods = {method: Native(method, call) for method, call in MIXED_IN.items()}
    else:
        return None
    cls = Class(name.rpartition(".")[2], (), methods)
    cls.full_name = name
    return cls


def items_of(run: Run, self: Instance) -> DictValue:
    """The dict inside an object."""
    known = run.resolve(self.attrs.get(ITEMS, MISSING))
    if isinstance(known, DictValue):
        return known
    made = DictValue({}, self.cls.open or ("__missing__" if self.cls.find("__missing__") else None))
    run.state.put(self.attrs, ITEMS, made)
    return made


def _of_the_items(method: str) -> Callable[[Run, Args, Kwargs], Any]:
    def call(run: Run, args: Args, kwargs: Kwargs) -> Any:
        return run.call(run.attribute(items_of(run, args[0]), method), args[1:], kwargs)

    return call


def _fill(run: Run, args: Args, kwargs: Kwargs) -> None:
    self = args[0]
    made = CALLS["dict"](run, args[1:], kwargs)
    if self.cls.find("__missing__") is not None and isinstance(made, DictValue):
        made.open = made.open or "__missing__"
    run.state.put(self.attrs, ITEMS, made if isinstance(made, DictValue) else DictValue({}, "a dict that is not known"))


def _delete(run: Run, args: Args, kwargs: Kwargs) -> None:
    run.call(run.attribute(items_of(run, args[0]), "pop"), [args[1]], {})


METHODS = ("keys", "values", "items", "get", "pop", "update", "setdefault", "copy", "clear", "popitem", "move_to_end")
SPECIAL: dict[str, Callable[..., Any]] = {
    "__init__": _fill,
    "__getitem__": lambda run, args, kwargs: run.subscript(items_of(run, args[0]), args[1]),
    "__setitem__": lambda run, args, kwargs: run.set_item(items_of(run, args[0]), args[1], args[2]),
    "__delitem__": _delete,
    "__contains__": lambda run, args, kwargs: run.compare("in", args[1], items_of(run, args[0])),
    "__iter__": _of_the_items("keys"),
    "__len__": lambda run, args, kwargs: CALLS["len"](run, [items_of(run, args[0])], {}),
}


# what a mapping can do with `__getitem__`, `__iter__` and `__len__`


def _get(run: Run, args: Args, kwargs: Kwargs) -> Any:
    default = args[2] if len(args) > 2 else kwargs.get("default")
    if run.free.is_not_a_key(args[1]):
        return default
    try:
        return run.subscript(args[0], args[1])
    except PyRaise as raised:
        if raised.kind != "KeyError":
            raise
        return default


def _contains(run: Run, args: Args, kwargs: Kwargs) -> Any:
    if run.key(args[1]) is MISSING:
        return run.undecided()
    try:
        found = run.subscript(args[0], args[1])
    except PyRaise as raised:
        if raised.kind != "KeyError":
            raise
        return False
    return run.undecided() if isinstance(found, Unknown) else True


def _keys(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return run.items(args[0])


def _pairs(run: Run, args: Args, kwargs: Kwargs) -> Any:
    keys = run.items(args[0])
    return tuple((key, run.subscript(args[0], key)) for key in keys) if isinstance(keys, tuple) else Unknown("items of a mapping")


def _values(run: Run, args: Args, kwargs: Kwargs) -> Any:
    pairs = _pairs(run, args, kwargs)
    return tuple(value for _, value in pairs) if isinstance(pairs, tuple) else pairs


MIXED_IN: dict[str, Callable[..., Any]] = {"get": _get, "__contains__": _contains, "keys": _keys, "items": _pairs, "values": _values}
