"""Methods of lists, dicts, sets, strings, tuples and shapes."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run import sets
from shapecheck.run.builtins import sorting
from shapecheck.run.iteration import another
from shapecheck.run.objects import FreeShape, Native, PyRaise
from shapecheck.run.operators import is_short
from shapecheck.run.presence import ARGUMENTS_OF_AN_ENTRY, MAY_BE_MISSING, filled, look_up, present, uncertain
from shapecheck.sizes import Poly, true_product
from shapecheck.values import MISSING, Choice, DictValue, Free, ListValue, NamedResult, Repeated, SetValue, Shape, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Args = list[Any]
Kwargs = dict[str, Any]
MANY_KEYS = 60


def method(run: Run, value: Any, name: str) -> Any:
    """`value.name` of a collection."""
    if isinstance(value, NamedResult) and name in value.names:
        return value[value.names.index(name)]
    if isinstance(value, FreeShape):
        if name == "numel":
            value = run.rank_now(value)
        else:
            return Unknown(f"{name} of a shape of unknown rank")
    table: dict[str, Callable[..., Any]] = LIST if isinstance(value, ListValue) else DICT if isinstance(value, DictValue) else {}
    if isinstance(value, DictValue) and name not in table and name in value.items:
        return value.items[name]
    if name in table:
        function = table[name]
        return Native(name, lambda r, args, kwargs: function(r, value, args, kwargs))
    if isinstance(value, SetValue):
        return Native(name, lambda r, args, kwargs: sets.method(r, value, name, args))
    if isinstance(value, (ListValue, DictValue)) and hasattr(deque if isinstance(value, ListValue) else OrderedDict, name):
        return Native(name, lambda r, args, kwargs: _changed(r, value, name))
    if isinstance(value, str):
        return Native(name, lambda r, args, kwargs: _string(r, value, name, args, kwargs))
    if isinstance(value, Shape) and name == "numel":
        return Native(name, lambda r, args, kwargs: _numel(r, value))
    if isinstance(value, tuple) and name in ("index", "count"):
        return Native(name, lambda r, args, kwargs: _tuple(r, value, name, args))
    return Unknown(f"{name} of {run.describe(value)}")


def _changed(run: Run, self: ListValue | DictValue, name: str) -> Any:
    """A method that is not known: what the collection holds is not known either from then on."""
    why = f"{name} of {run.describe(self)}"
    if isinstance(self, DictValue):
        run.state.put(self, "open", why)
    else:
        run.state.put(self, "items", Repeated(Unknown(why), Unknown(why)))
    return Unknown(why)


def _string(run: Run, value: str, name: str, args: Args, kwargs: Kwargs) -> Any:
    plain = [run.resolve(arg) for arg in args]
    if name == "join" and plain:
        items = run.items(plain[0])
        return value.join(items) if isinstance(items, tuple) and all(isinstance(item, str) for item in items) else Unknown("joined text")
    if name in ("format", "encode", "decode") or not hasattr(value, name):
        named = {key: run.resolve(arg) for key, arg in kwargs.items()}
        given = [*plain, *named.values()]
        if name == "format" and all(isinstance(arg, (str, int, float)) for arg in given) and is_short(value, given):
            try:
                return value.format(*plain, **named)
            except (IndexError, KeyError, ValueError):
                return Unknown("formatted text")
        return Unknown("text")
    if not all(isinstance(arg, (str, int, tuple)) or arg is None for arg in plain):
        return Unknown("text")
    try:
        result = getattr(value, name)(*plain)
    except (TypeError, ValueError, OverflowError, MemoryError) as error:
        raise PyRaise(type(error).__name__) from None
    return ListValue(tuple(result)) if isinstance(result, list) else result


def _tuple(run: Run, value: tuple[Any, ...], name: str, args: Args) -> Any:
    item = run.resolve(args[0]) if args else MISSING
    if all(isinstance(other, (int, str, float)) for other in (*value, item)):
        try:
            return getattr(value, name)(item)
        except ValueError:
            raise PyRaise("ValueError") from None
    return Unknown(f"{name} of a tuple")


def _grow(run: Run, self: ListValue, added: Any, front: bool = False) -> None:
    items = self.items
    if isinstance(items, tuple) and isinstance(added, tuple):
        run.state.put(self, "items", added + items if front else items + added)
    elif isinstance(items, Repeated) and isinstance(added, tuple):
        run.state.put(self, "items", Repeated(run.join_all((items.element, *added)), Unknown("a list of unknown length")))
    elif isinstance(added, Repeated) and items == ():
        run.state.put(self, "items", added)
    else:
        run.state.put(self, "items", Repeated(Unknown("items of a list of unknown length"), Unknown("a list of unknown length")))


def _append(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> None:
    _grow(run, self, (args[0],))


def _extend(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> None:
    _grow(run, self, run.items(args[0]))


def _insert(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> None:
    place = run.resolve(args[0])
    if isinstance(self.items, tuple) and isinstance(place, int):
        changed = list(self.items)
        changed.insert(place, args[1])
        run.state.put(self, "items", tuple(changed))
    else:
        _grow(run, self, Unknown("a list of unknown order"))


def _pop(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> Any:
    place = run.resolve(args[0]) if args else -1
    items = self.items
    if isinstance(items, Repeated):
        return another(run, items.element)
    if isinstance(place, int):
        if not -len(items) <= place < len(items):
            raise PyRaise("IndexError")
        changed = list(items)
        value = changed.pop(place)
        run.state.put(self, "items", tuple(changed))
        return value
    _grow(run, self, Unknown("a list of unknown order"))
    return Unknown("an item of a list")


def _reverse(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> None:
    if isinstance(self.items, tuple):
        run.state.put(self, "items", self.items[::-1])


def _clear(run: Run, self: Any, args: Args, kwargs: Kwargs) -> None:
    run.state.put(self, "items", {} if isinstance(self, DictValue) else ())


def _copy_list(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> Any:
    return ListValue(self.items)


def _sort(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> None:
    if isinstance(self.items, tuple):
        order = sorting(run, self.items, kwargs)
        sorted_items = (
            [self.items[place] for place in order] if order is not None else [Unknown("an item of a sorted list")] * len(self.items)
        )
        run.state.put(self, "items", tuple(sorted_items))


def _append_left(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> None:
    _insert(run, self, [0, args[0]], {})


def _pop_left(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> Any:
    return _pop(run, self, [0], {})


def _list_index(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> Any:
    return _tuple(run, self.items, "index", args) if isinstance(self.items, tuple) else Unknown("index in a list")


def _list_count(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> Any:
    return _tuple(run, self.items, "count", args) if isinstance(self.items, tuple) else Unknown("count in a list")


def _remove(run: Run, self: ListValue, args: Args, kwargs: Kwargs) -> None:
    place = _list_index(run, self, args, kwargs)
    if isinstance(place, int) and isinstance(self.items, tuple):
        run.state.put(self, "items", self.items[:place] + self.items[place + 1 :])
    else:
        _grow(run, self, Unknown("a list of unknown length"))


LIST: dict[str, Callable[..., Any]] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "reverse": _reverse,
    "clear": _clear,
    "copy": _copy_list,
    "sort": _sort,
    "appendleft": _append_left,
    "popleft": _pop_left,
    "index": _list_index,
    "count": _list_count,
    "remove": _remove,
}


def under_a_free_key(run: Run, self: DictValue, key: Any) -> Any:
    """An item under a key that is free: any of them. What is refused then has to be refused with each of them."""
    key = run.resolve(key)
    places = list(self.items)
    if isinstance(key, Free) and 1 < len(places) <= MANY_KEYS:
        return run.resolve(self.items[places[run.choose(("key", key.name, tuple(places)), len(places))]])
    return run.join_all(tuple(self.items.values())) if places else Unknown("an item of an empty dict")


def _get(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> Any:
    key = run.key(args[0])
    if key is MISSING and not self.open and isinstance(run.resolve(args[0]), (Free, Unknown)):
        default = args[1] if len(args) > 1 else kwargs.get("default")
        return default if run.free.is_not_a_key(args[0]) else under_a_free_key(run, self, args[0])
    if key is not MISSING and look_up(run, self, key) is not MISSING:
        return filled(run, self.items[key], args[1] if len(args) > 1 else kwargs.get("default"))
    if self.open or key is MISSING:
        return Unknown(self.open or "a key that is not known")
    return args[1] if len(args) > 1 else kwargs.get("default")


def _pop_key(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> Any:
    key = run.key(args[0])
    if key is not MISSING and key in self.items:
        value = self.items[key]
        run.state.put(self, "items", {name: item for name, item in self.items.items() if name != key})
        return filled(run, value, args[1] if len(args) > 1 else Unknown(MAY_BE_MISSING))
    if key is MISSING and self.items:  # any of them may be gone
        items = {name: Choice(run.undecided(), item, MISSING) for name, item in self.items.items()}
        run.state.put(self, "items", items)
    if self.open or key is MISSING:
        return Unknown(self.open or "a key that is not known")
    if len(args) > 1:
        return args[1]
    raise PyRaise("KeyError")


def _set_default(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> Any:
    key = run.key(args[0])
    default = args[1] if len(args) > 1 else None
    if key is MISSING:
        run.state.put(self, "open", self.open or "a key that is not known")
        return Unknown("a key that is not known")
    if self.open and key not in self.items:
        return Unknown(self.open)
    if present(run, self.items.get(key, MISSING)) is not True:
        run.state.put(self, "items", {**self.items, key: filled(run, self.items.get(key, MISSING), default)})
    return run.resolve(self.items[key])


def _update(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> None:
    items = {**self.items}
    unclear = self.open
    if args:
        other = run.resolve(args[0])
        if isinstance(other, DictValue):
            if other.open and other.open != ARGUMENTS_OF_AN_ENTRY:  # any key may be among those that are not seen
                items = dict.fromkeys(items, Unknown(other.open))
            items.update({key: filled(run, item, items.get(key, MISSING)) for key, item in other.items.items()})
            unclear = unclear or other.open
        else:
            unclear = "an update from a dict that is not known"
            items = dict.fromkeys(items, Unknown(unclear))
    items.update(kwargs)
    run.state.put(self, "items", items)
    if unclear != self.open:
        run.state.put(self, "open", unclear)


def _view(what: str) -> Callable[..., Any]:
    def view(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> Any:
        unclear = uncertain(run, self)
        if unclear:
            return Unknown(unclear)
        if what == "keys":
            return tuple(self.items)
        return tuple(self.items.values()) if what == "values" else tuple(self.items.items())

    return view


def _copy_dict(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> Any:
    copied = DictValue(dict(self.items), self.open)
    copied.factory = self.factory
    return copied


def _pop_item(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> Any:
    if self.open or not self.items:
        return Unknown("popitem")
    key = list(self.items)[-1]
    return (key, _pop_key(run, self, [key], {}))


def _move_to_end(run: Run, self: DictValue, args: Args, kwargs: Kwargs) -> Any:
    key, last = run.key(args[0]), run.resolve(args[1] if len(args) > 1 else kwargs.get("last", True))
    if key is MISSING or key not in self.items or not isinstance(last, bool):
        return _changed(run, self, "move_to_end")
    rest = {name: item for name, item in self.items.items() if name != key}
    moved = {key: self.items[key]}
    run.state.put(self, "items", {**rest, **moved} if last else {**moved, **rest})
    return None


DICT: dict[str, Callable[..., Any]] = {
    "get": _get,
    "pop": _pop_key,
    "setdefault": _set_default,
    "update": _update,
    "keys": _view("keys"),
    "values": _view("values"),
    "items": _view("items"),
    "copy": _copy_dict,
    "clear": _clear,
    "popitem": _pop_item,
    "move_to_end": _move_to_end,
    "__getitem__": lambda run, self, args, kwargs: run.subscript(self, args[0]),
    "__contains__": lambda run, self, args, kwargs: run.compare("in", args[0], self),
}


def _numel(run: Run, shape: Shape) -> Any:
    sizes = [run.resolve(size) for size in shape]
    if not all(isinstance(size, (int, Poly)) for size in sizes):
        return Unknown("the number of elements of a shape that depends on a condition")
    return true_product(sizes)
