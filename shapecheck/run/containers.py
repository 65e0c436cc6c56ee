"""`nn.Sequential`, `nn.ModuleList`, `nn.ModuleDict`, `nn.ParameterList`, `nn.ParameterDict`: Python containers that register their items.

Items stand among the attributes under the names that torch gives them ("0", "1", … or the key). A list whose length is not known
is one attribute, "*", of type `Repeated`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.book.outcome import Refused
from shapecheck.run.objects import PyRaise, is_module
from shapecheck.values import MISSING, Choice, DictValue, Instance, ListValue, Repeated, Shape, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Function = Callable[["Run", list[Any], dict[str, Any]], Any]
SPECIAL = ("training", "?", "*")
DICTS = ("torch.nn.ModuleDict", "torch.nn.ParameterDict")


def names(self: Instance) -> list[str]:
    """The names of the items, in order."""
    return [name for name, value in self.attrs.items() if name not in SPECIAL and _is_item(value, name)]


def _is_item(value: Any, name: str) -> bool:
    if isinstance(value, Choice):
        return _is_item(value.yes, name) or _is_item(value.no, name)
    return is_module(value) or name.isdigit() or (isinstance(value, Tensor) and value.role == "parameter")


def parts(run: Run, self: Instance) -> list[Any]:
    """The items, in order."""
    return [run.settled(self.attrs[name]) for name in names(self)]


def repeated_part(run: Run, self: Instance) -> Repeated | None:
    """The item that stands for all of a list of unknown length, where the list is one."""
    value = self.attrs.get("*")
    if type(value) is Choice:
        value = run.settled(value)
    if type(value) is Choice:
        return Repeated(Unknown("an item of a list that depends on a condition"), Unknown("a list that depends on a condition"))
    return value if isinstance(value, Repeated) else None


def unknown(self: Instance) -> str | None:
    """Why not all items are known."""
    why = self.attrs.get("?", MISSING)
    if type(why) is Choice:  # not all are known on some path
        return "a list that depends on a condition"
    return why.why if isinstance(why, Unknown) else None


def _add(run: Run, self: Instance, name: str, value: Any) -> None:
    run.modules.set(self, name, value)


def _fail(run: Run, self: Instance, why: str) -> None:
    run.state.put(self.attrs, "?", Unknown(why))


def _extend(run: Run, self: Instance, items: Any) -> None:
    start = len(names(self))
    if isinstance(items, Repeated):
        if start == 0:
            run.state.put(self.attrs, "*", items)
        else:
            _fail(run, self, "a list of unknown length")
    elif isinstance(items, tuple):
        for place, item in enumerate(items):
            _add(run, self, str(start + place), item)
    else:
        _fail(run, self, items.why if isinstance(items, Unknown) else "a list of unknown length")


def sequential_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    self, rest = args[0], args[1:]
    run.modules.init(self)
    if len(rest) == 1:
        only = run.resolve(rest[0])
        if isinstance(only, DictValue):
            for name, value in only.items.items():
                _add(run, self, str(name), value)
            if only.open:
                _fail(run, self, only.open)
            return
        if isinstance(only, (ListValue, tuple)) and not isinstance(only, Shape):
            kind = "list" if isinstance(only, ListValue) else "tuple"
            run.refused(Refused("SHP202", f"{kind} is not a Module subclass", error="TypeError", hint="nn.Sequential(*layers)"))
            return
        if isinstance(only, Unknown):
            _fail(run, self, only.why)
            return
    for place, value in enumerate(rest):
        value = run.resolve(value)
        if isinstance(value, (ListValue, tuple, str, int, Tensor)) and not isinstance(value, bool):
            kind = {"ListValue": "list", "Shape": "torch.Size"}.get(type(value).__name__, type(value).__name__)
            name = "torch.FloatTensor" if kind == "Tensor" else kind
            run.refused(Refused("SHP202", f"{name} is not a Module subclass", error="TypeError"))
        _add(run, self, str(place), value)


def list_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    self = args[0]
    run.modules.init(self)
    given = args[1] if len(args) > 1 else kwargs.get("modules", kwargs.get("parameters", kwargs.get("values")))
    given = run.resolve(given)
    if given is not None:
        _extend(run, self, run.items(given))


def dict_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    run.modules.init(args[0])
    given = args[1] if len(args) > 1 else kwargs.get("modules", kwargs.get("parameters"))
    if given is not None:
        dict_update(run, [args[0], given], {})


def dict_update(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    self, given = args[0], run.resolve(args[1])
    if isinstance(given, DictValue):
        for name, value in given.items.items():
            _add(run, self, str(name), value)
        if given.open:
            _fail(run, self, given.open)
        return
    pairs = run.items(given)
    if not isinstance(pairs, tuple):
        _fail(run, self, pairs.why if isinstance(pairs, Unknown) else "a dict of unknown keys")
        return
    for pair in pairs:
        both = run.items(pair)
        if isinstance(both, tuple) and len(both) == 2 and isinstance(run.resolve(both[0]), str):
            _add(run, self, run.resolve(both[0]), both[1])
        else:
            _fail(run, self, "a dict of unknown keys")


def sequential_forward(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self, rest = args[0], args[1:]
    why = unknown(self)
    if why is not None:
        return Unknown(why)
    value = rest[0] if rest else kwargs.get("input", MISSING)
    if value is MISSING:
        return run.refused(Refused("SHP121", "Sequential.forward() missing 1 required positional argument: 'input'", error="TypeError"))
    repeated = repeated_part(run, self)
    if isinstance(repeated, Repeated):
        return run.repeat(repeated.element, value)
    for part in parts(run, self):
        value = run.call(part, [value], {})
    return value


def list_forward(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    kind = args[0].cls.name
    return run.refused(
        Refused(
            "SHP121",
            f'Module [{kind}] is missing the required "forward" function',
            error="NotImplementedError",
            message=f"a {kind} cannot be called",
        )
    )


def length(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    repeated = repeated_part(run, args[0])
    if isinstance(repeated, Repeated):
        return repeated.count
    why = unknown(args[0])
    return Unknown(why) if why else len(names(args[0]))


def iterate(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self = args[0]
    run.taken_apart.add(id(self))
    repeated = repeated_part(run, self)
    if isinstance(repeated, Repeated):
        return ListValue(repeated)
    why = unknown(self)
    return Unknown(why) if why else ListValue(tuple(parts(run, self)))


def get(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self, index = args[0], run.resolve(args[1])
    run.taken_apart.add(id(self))
    repeated = repeated_part(run, self)
    if isinstance(repeated, Repeated):
        return ListValue(repeated) if isinstance(index, slice) else repeated.element
    why = unknown(self)
    if why:
        return Unknown(why)
    found = names(self)
    if isinstance(index, slice):
        try:
            chosen = found[index]
        except TypeError:
            return Unknown("a slice that is not known")
        if self.cls.name == "Sequential" or self.cls.find("forward") is not None:
            made = run.classes.instantiate(self.cls.mro[-2] if self.cls.mro[-2].full_name in CLASSES else self.cls, [], {}, None)
            for name in chosen:
                run.state.put(made.attrs, name, self.attrs[name])
            return made
        return run.classes.instantiate(self.cls, [ListValue(tuple(self.attrs[name] for name in chosen))], {}, None)
    if isinstance(index, int):
        if not -len(found) <= index < len(found):
            return run.refused(Refused("SHP109", f"index {index} is out of range", error="IndexError"))
        return run.settled(self.attrs[found[index]])
    return Unknown("an item of a list of modules at an index that is not known")


def put(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    self, index, value = args[0], run.resolve(args[1]), args[2]
    found = names(self)
    if isinstance(index, int) and -len(found) <= index < len(found):
        run.state.put(self.attrs, found[index], value)
    elif isinstance(index, str):
        _add(run, self, index, value)
    else:
        _fail(run, self, "an item stored at an index that is not known")


def delete(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    self, index = args[0], run.resolve(args[1])
    found = names(self)
    doomed = found[index] if isinstance(index, slice) else [found[index]] if isinstance(index, int) else [index]
    kept = [self.attrs[name] for name in found if name not in doomed]
    for name in found:
        run.state.remove(self.attrs, name)
    # torch numbers what is left of a list, whatever names its items had
    renumber = not any(cls.full_name in DICTS for cls in self.cls.mro)
    left = [name for name in found if name not in doomed]
    for place, value in enumerate(kept):
        run.state.put(self.attrs, str(place) if renumber else left[place], value)


def append(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self = args[0]
    new = args[1] if len(args) > 1 else next(iter(kwargs.values()))
    repeated = repeated_part(run, self)
    if isinstance(repeated, Repeated):
        if is_module(new) and is_module(repeated.element) and new.call == repeated.element.call is not None:
            run.state.put(self.attrs, "*", Repeated(new, repeated.count))  # a later round of the loop that fills the list
        else:
            _fail(run, self, "a list of unknown length")
        return self
    _add(run, self, str(len(names(self))), new)
    return self


def extend(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    _extend(run, args[0], run.items(args[1]))
    return args[0]


def insert(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self, index = args[0], run.resolve(args[1])
    if not isinstance(index, int):
        _fail(run, self, "an item inserted at an index that is not known")
        return self
    items = parts(run, self)
    items.insert(index, args[2])
    for place, value in enumerate(items):
        run.state.put(self.attrs, str(place), value)
    return self


def pop(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self, index = args[0], run.resolve(args[1]) if len(args) > 1 else -1
    value = get(run, [self, index], {}) if isinstance(index, int) else run.settled(self.attrs.get(index, MISSING))
    delete(run, [self, index], {})
    return value


def dict_get(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self, key = args[0], run.resolve(args[1])
    if isinstance(key, str):
        if key in self.attrs:
            return run.settled(self.attrs[key])
        why = unknown(self)
        if why:
            return Unknown(why)
        if len(args) > 2:
            return args[2]
        raise PyRaise("KeyError")
    return Unknown("an item of a dict of modules under a key that is not known")


def contains(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    key = run.resolve(args[1])
    return key in names(args[0]) if isinstance(key, str) and not unknown(args[0]) else run.undecided()


def _listing(what: str) -> Function:
    def listing(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
        self = args[0]
        why = unknown(self)
        if why:
            return Unknown(why)
        found = names(self)
        if what == "keys":
            return ListValue(tuple(found))
        values = parts(run, self)
        return ListValue(tuple(values) if what == "values" else tuple(zip(found, values, strict=True)))

    return listing


_LIST: dict[str, Function] = {
    "__init__": list_init,
    "forward": list_forward,
    "__len__": length,
    "__iter__": iterate,
    "__getitem__": get,
    "__setitem__": put,
    "__delitem__": delete,
    "append": append,
    "extend": extend,
    "insert": insert,
    "pop": pop,
}
_DICT: dict[str, Function] = {
    "__init__": dict_init,
    "forward": list_forward,
    "__len__": length,
    "__iter__": _listing("keys"),
    "__getitem__": dict_get,
    "__setitem__": put,
    "__delitem__": delete,
    "__contains__": contains,
    "keys": _listing("keys"),
    "values": _listing("values"),
    "items": _listing("items"),
    "update": dict_update,
    "get": dict_get,
    "pop": pop,
}
CLASSES: dict[str, dict[str, Function]] = {
    "torch.nn.Sequential": {**_LIST, "__init__": sequential_init, "forward": sequential_forward},
    "torch.nn.ModuleList": _LIST,
    "torch.nn.ModuleDict": _DICT,
    "torch.nn.ParameterList": _LIST,
    "torch.nn.ParameterDict": _DICT,
}
