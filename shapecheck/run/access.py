"""Attributes, items, iteration, assignment: what `.`, `[]`, `for` and `=` do to each kind of value."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from shapecheck.book.loader import find_op
from shapecheck.book.outcome import Refused
from shapecheck.run import collections, library, records
from shapecheck.run.classes import module_of
from shapecheck.run.frame import Frame
from shapecheck.run.iteration import another
from shapecheck.run.objects import (
    Bound,
    Class,
    FileModule,
    FreeShape,
    Function,
    Native,
    Partial,
    PropertyValue,
    PyRaise,
    Super,
    TensorMethod,
)
from shapecheck.run.presence import filled, look_up, uncertain
from shapecheck.sizes import Poly
from shapecheck.source import ir
from shapecheck.values import (
    MISSING,
    Choice,
    DictValue,
    DType,
    External,
    Free,
    Instance,
    IteratorValue,
    ListValue,
    NamedResult,
    Repeated,
    SetValue,
    Shape,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MAX_ROWS = 256
MAX_PLACES = 4
GENERIC = ("collections.deque", "collections.defaultdict", "functools.partial", "array.array", "numpy.ndarray", "numpy.dtype")


def _attribute_on_a_path(run: Run, value: Any, name: str) -> Any:
    """`value.name` where the value is one of several: a tuple that has no such attribute is not the one."""
    if type(value) is tuple and not hasattr(value, name) and not hasattr(deque, name):
        raise PyRaise("AttributeError")
    return attribute(run, value, name)


def attribute(run: Run, value: Any, name: str) -> Any:
    """`value.name`"""
    value = run.resolve(value)
    kind = type(value)
    if kind is Instance:
        return run.classes.attribute(value, name)
    if kind is Tensor:
        return run.tensors.attribute(value, name)
    if kind is External:
        member = run.members.get((value.name, name))
        if member is not None:
            return member
        cls = run.classes.external(value.name) if f"{value.name}.{name}" not in library.TABLE else None
        if cls is not None:
            return _class_attribute(run, cls, name)
        run.members[value.name, name] = member = run.external_member(value.name, name)
        return member
    if kind is Choice:
        return run.lift(value, lambda v: _attribute_on_a_path(run, v, name))
    if kind is Free:
        return run.free.attribute(value, name)
    if kind is Unknown:
        return value
    if kind is Super:
        return run.classes.super_attribute(value, name)
    if kind is Class:
        stated = run.signatures.within(value.env.globals, f"{value.name}.{name}") if value.env is not None else None
        return _class_attribute(run, value, name) if stated is None else External(stated)
    if kind is FileModule:
        return run.imports.member(value, name)
    if kind in (ListValue, DictValue, SetValue, str, tuple, Shape, NamedResult, FreeShape):
        return collections.method(run, value, name)
    if kind in (Function, Bound, Native, Partial):
        return _function_attribute(value, name)
    if kind is PropertyValue and name == "setter":
        return Bound(Native("setter", lambda r, a, k: a[0]), value)
    if kind is TensorMethod or value is None:
        if value is None and name not in ("__class__", "__doc__"):
            raise PyRaise("AttributeError")
        return Unknown(f"{name} of {run.describe(value)}")
    if isinstance(value, (int, float, Poly)):
        return Unknown(f"{name} of a number")
    if kind is slice and name in ("start", "stop", "step"):
        return getattr(value, name)
    if kind is DType:
        return value.name.startswith(("float", "bfloat")) if name == "is_floating_point" else Unknown(f"{name} of a dtype")
    if value is MISSING:
        return Unknown("a variable that this path did not set")
    return Unknown(f"{name} of {run.describe(value)}")


def _class_attribute(run: Run, cls: Class, name: str) -> Any:
    found = cls.find(name)
    if found is not None:
        return run.classes.bind(found[0], cls, cls)
    if name == "__name__":
        return cls.name
    if name == "__module__":
        return module_of(cls)
    if cls.layer is not None and find_op(f"{cls.full_name}.{name}") is not None:
        return External(f"{cls.full_name}.{name}")
    found = cls.meta.find(name) if cls.meta is not None else None
    if found is not None:
        return Bound(found[0], cls) if isinstance(found[0], Function) else run.classes.bind(found[0], cls, cls)
    if name == "__new__":
        return Native(name, lambda run, args, kwargs: run.classes.blank(args[0] if args else cls))
    if run.modules.is_module_class(cls) or cls.rule is not None:
        return _unbound_method(run, cls, name)
    return Unknown(cls.open or f"{cls.name} has no attribute {name} here")


def _unbound_method(run: Run, cls: Class, name: str) -> Any:
    """`nn.Module.__init__(self)`, `nn.Conv2d.forward(self, x)`"""
    rule = cls.rule

    def call(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
        receiver = run.resolve(args[0]) if args else None
        if not isinstance(receiver, Instance):
            return Unknown(f"{cls.name}.{name} of no object")
        if rule is not None and name == "__init__":
            return run.modules.construct(receiver, rule, args[1:], kwargs, None)
        if rule is not None and name == "forward":
            return run.modules.layer_forward(receiver, rule, args[1:], kwargs)
        method = run.modules.method(receiver, name)
        return run.call(method, args[1:], kwargs) if method is not None else Unknown(f"{cls.name}.{name}")

    return Native(name, call)


def _function_attribute(value: Any, name: str) -> Any:
    if name == "__name__":
        inner = value
        while isinstance(inner, (Bound, Partial)) or (isinstance(inner, Function) and inner.wrapped is not None):
            inner = inner.wrapped if isinstance(inner, Function) else inner.function
        return getattr(inner, "name", Unknown("the name of a function"))
    if isinstance(value, Partial) and name in ("func", "args", "keywords"):
        return {"func": value.function, "args": value.args, "keywords": DictValue(dict(value.kwargs))}[name]
    if isinstance(value, Function) and name == "__module__" and value.wrapped is None:
        return module_of(value)
    if isinstance(value, Bound) and name == "__self__":
        return value.receiver
    return Unknown(f"{name} of a function")


def set_attribute(run: Run, value: Any, name: str, new: Any) -> None:
    """`value.name = new`"""
    value = run.resolve(value)
    if isinstance(value, Instance):
        found = value.cls.find(name)
        if found is not None and isinstance(found[0], PropertyValue):
            if found[0].setter is not None:
                run.call(found[0].setter, [value, new], {})
            return
        if run.modules.is_module_class(value.cls):
            run.modules.set(value, name, new)
        else:
            run.state.put(value.attrs, name, new)
    elif isinstance(value, Choice):
        run.lift(value, lambda v: set_attribute(run, v, name, new))
    elif isinstance(value, Class):
        run.state.put(value.namespace, name, new)
    elif isinstance(value, FileModule):
        run.state.put(value.namespace.env.names, name, new)
    elif isinstance(value, Tensor):
        if name == "requires_grad":
            truth = run.truth(new)
            run.state.put(value, "trainable", truth if isinstance(truth, bool) else Unknown("requires_grad is not known"))
    elif isinstance(value, Free):
        run.state.put(run.state.pins, f"{value.name}.{name}", new)


def subscript(run: Run, value: Any, index: Any) -> Any:
    """`value[index]`"""
    value, index = run.resolve(value), run.resolve(index)
    kind = type(value)
    if kind is Choice:
        return run.lift(value, lambda v: subscript(run, v, index))
    if kind is Tensor:
        return index if isinstance(index, Unknown) else run.tensors.subscript(value, index)
    if type(index) is Choice:
        return run.lift(index, lambda i: subscript(run, value, i))
    if isinstance(value, (tuple, str)):
        return _sequence_item(run, value, index)
    if kind is Class and records.is_enum(value):
        return value.namespace.get(index, Unknown(f"a member of {value.name}"))
    if kind is ListValue:
        if isinstance(value.items, Repeated):
            return ListValue(value.items) if isinstance(index, slice) else another(run, value.items.element)
        item = _sequence_item(run, value.items, index)
        return ListValue(item) if isinstance(index, slice) and isinstance(item, tuple) else item
    if kind is DictValue:
        return _dict_item(run, value, index)
    if kind is FreeShape:
        return _free_shape_item(run, value, index)
    if kind is Free:
        return run.free.item(value, index)
    if kind is Instance:
        found = value.cls.find("__getitem__")
        if found is not None:
            return run.call(Bound(found[0], value), [index], {})
        return Unknown(value.cls.open or f"an item of an object of class {value.cls.name}")
    if kind is External and value.name == "sys.modules" and type(index) is str:
        return run.imports.by_name(index)
    if kind is External and value.name.rpartition(".")[2].islower() and "." in value.name and value.name not in GENERIC:
        return Unknown(f"an item of {value.name}")  # os.environ["…"]
    if kind in (Class, External, Function):
        return value
    if kind is Unknown:
        return value
    return Unknown(f"an item of {run.describe(value)}")


def _sequence_item(run: Run, items: Any, index: Any) -> Any:
    if isinstance(index, Poly):
        index = run.facts.simplify(index)
    if isinstance(index, Tensor) and index.elements and len(index.elements) == 1:
        index = index.elements[0]
    if isinstance(index, int):
        if -len(items) <= index < len(items):
            item = items[index]
            return run.resolve(item)
        if isinstance(items, Shape):
            return run.refused(
                Refused(
                    "SHP109",
                    "tuple index out of range",
                    message=f"the shape has {len(items)} axes, there is no axis {index}",
                    error="IndexError",
                    expected=len(items),
                    actual=index,
                )
            )
        raise PyRaise("IndexError")
    if isinstance(index, slice) and not items:
        return items
    if isinstance(index, slice):
        parts = [run.free.integer(p) if isinstance(p, Free) else p for p in (index.start, index.stop, index.step)]
        parts = [run.facts.simplify(p) if isinstance(p, Poly) else p for p in parts]
        if all(part is None or isinstance(part, int) for part in parts):
            try:
                chosen = items[slice(*parts)]
            except ValueError:
                raise PyRaise("ValueError") from None
            return type(items)(chosen) if isinstance(items, Shape) else tuple(chosen) if isinstance(items, tuple) else chosen
        return Unknown("a slice whose bounds are not known")
    if isinstance(items, tuple) and isinstance(index, (Poly, Free, Unknown)) and items:
        chosen = _likely_place(run, items, index)
        if chosen is not None:
            return run.resolve(items[chosen])
        for item in items:
            if type(item) is DictValue and item.open is None and len(items) > 1:
                run.state.put(item, "open", "a dict that may have been changed as one of several")
        return run.join_all(items)
    return Unknown("an item at an index that is not known")


def _likely_place(run: Run, items: tuple[Any, ...], index: Any) -> int | None:
    """Which item of a short sequence an argument picks (`(Conv1d, Conv2d, Conv3d)[dim - 1]`): a likely one first, the others where
    something is refused. None where the index is no argument, or says nothing of which of the items it is."""
    if isinstance(index, Free) and index.kind in ("", "int"):
        index = run.free.integer(index)
    if not isinstance(index, Poly) or len(items) > MAX_PLACES or any("'" in name.name for name in index.symbols):
        return None
    if not all(isinstance(item, (Class, External, Function)) for item in items):
        return None
    middle = len(items) // 2
    order = [place for place in (middle, *range(middle), *range(middle + 1, len(items))) if not run.facts.eq(index, place).no]
    while order:
        place: int = order[run.choose(("place", str(index), len(items)), len(order))] if len(order) > 1 else order[0]
        facts = run.facts.assume_eq(index, place)
        if facts is not None:
            run.learn(facts)
            return place
        order.remove(place)
    return None


def _dict_item(run: Run, value: DictValue, index: Any) -> Any:
    name = key(run, index)
    if name is MISSING:
        named = key(run, index, True)
        if value.items.get(named, MISSING) is not MISSING:
            others = tuple(item for other, item in value.items.items() if other != named)
            known = value.items[named]  # where it is not there under its own name, the size equals another key
            return run.resolve(filled(run, known, run.join_all(others)) if others else known)
        unclear = not value.items or value.open
        return Unknown("a dict's item under a key that is not known") if unclear else collections.under_a_free_key(run, value, index)
    found = look_up(run, value, name)
    if found is not MISSING:
        return run.resolve(found)
    if value.open:
        return Unknown(value.open)
    if value.factory is not None:
        made = run.call(value.factory, [], {})
        run.state.put(value, "items", {**value.items, name: made})
        return made
    raise PyRaise("KeyError")


def _free_shape_item(run: Run, value: FreeShape, index: Any) -> Any:
    free = value.tensor
    if isinstance(index, int):
        return run.free.size(free, index)
    if isinstance(index, slice) and index.step is None:
        start, stop = index.start, index.stop
        if isinstance(start, int) and start < 0 and stop is None:
            return Shape(run.free.size(free, axis) for axis in range(start, 0))
        if isinstance(stop, int) and stop > 0 and start is None and stop <= 2:
            return Shape(run.free.size(free, axis) for axis in range(stop))
        if isinstance(start, int) and isinstance(stop, int) and start < 0 and stop < 0:
            return Shape(run.free.size(free, axis) for axis in range(start, stop))
    return subscript(run, run.rank_now(value), index)


def set_item(run: Run, value: Any, index: Any, new: Any) -> None:
    """`value[index] = new`"""
    value, index = run.resolve(value), run.resolve(index)
    if (
        isinstance(value, Free)
        and not isinstance(index, str)
        and (value.kind == "tensor" or (value.kind == "input" and not isinstance(index, int)))
    ):
        value = run.free.tensor(value, (4, 3, 2, 5, 1))  # `x[0] = …` may as well be a list of tensors
    if isinstance(value, Tensor):
        run.tensors.store(value, index, new)
    elif isinstance(value, ListValue):
        _set_list_item(run, value, index, new)
    elif isinstance(value, DictValue):
        name = key(run, index)
        if name is MISSING:
            name = key(run, index, True)
            if name is not MISSING:  # a size, which may be any of the keys that are there
                run.state.put(value, "items", {**{other: run.join(None, old, new) for other, old in value.items.items()}, name: new})
            run.state.put(value, "open", "an item under a key that is not known")
        else:
            run.state.put(value, "items", {**value.items, name: new})
    elif isinstance(value, Instance):
        found = value.cls.find("__setitem__")
        if found is not None:
            run.call(Bound(found[0], value), [index, new], {})
    elif isinstance(value, Choice):
        run.lift(value, lambda v: set_item(run, v, index, new))
    elif isinstance(value, Free) and isinstance(index, (int, str)):
        run.state.put(run.state.pins, f"{value.name}[{index!r}]", new)


def _set_list_item(run: Run, value: ListValue, index: Any, new: Any) -> None:
    items = value.items
    if isinstance(items, Repeated):
        run.state.put(value, "items", Repeated(run.join_all((items.element, new)), items.count))
    elif isinstance(index, int) and -len(items) <= index < len(items):
        changed = list(items)
        changed[index] = new
        run.state.put(value, "items", tuple(changed))
    elif isinstance(index, slice):
        replacement = run.items(new)
        if isinstance(replacement, tuple) and all(part is None or isinstance(part, int) for part in (index.start, index.stop, index.step)):
            changed = list(items)
            try:
                changed[index] = replacement
            except ValueError:
                raise PyRaise("ValueError") from None
            run.state.put(value, "items", tuple(changed))
        else:
            run.state.put(value, "items", Repeated(Unknown("items of a changed list"), Unknown("a list of unknown length")))
    elif isinstance(index, int):
        raise PyRaise("IndexError")
    else:
        run.state.put(value, "items", tuple(Unknown("an item of a changed list") for _ in items))


def key(run: Run, value: Any, named: bool = False) -> Any:
    """A dict key, or MISSING when it is not known. named: a size counts as known, by its name; it may equal another key."""
    value = run.resolve(value)
    if named and isinstance(value, Poly):
        return value
    if isinstance(value, (str, int, float, bool, bytes, Class, External, DType)) or value is None:
        return value
    if records.is_member(value):
        return records.plain(value)
    if isinstance(value, tuple):
        parts = tuple(key(run, item, named) for item in value)
        return MISSING if any(part is MISSING for part in parts) else parts
    return MISSING


def items(run: Run, value: Any) -> Any:
    """What iterating a value yields: a tuple, `Repeated`, or Unknown."""
    value = run.resolve(value)
    kind = type(value)
    if isinstance(value, tuple):
        return tuple(value)
    if kind is ListValue:
        return value.items
    if kind is DictValue:
        unclear = uncertain(run, value)
        return Unknown(unclear) if unclear else tuple(value.items)
    if kind is SetValue:
        return value.items
    if kind is IteratorValue:
        return _consumed(run, value)
    if kind is Repeated:
        return value
    if kind is str:
        return tuple(value)
    if kind is Tensor:
        return _rows(run, value)
    if kind is Instance:
        return _instance_items(run, value)
    if kind is Class and records.is_enum(value):
        return records.members(value)
    if kind is FreeShape:
        return tuple(run.rank_now(value))
    if kind is Free:
        if value.kind in ("int", "float", "bool", "module"):
            return Unknown(f"iteration over {value.name}")
        inner = run.free.kind_of_items(value)
        return Repeated(Free(f"{value.name}[*]", inner, (value, "[*]")), Unknown("a parameter of unknown length"))
    if kind is Choice:
        if IteratorValue in (type(run.resolve(value.yes)), type(run.resolve(value.no))):
            return Unknown("an iterator that depends on a condition")  # to look into it would use it up
        sides = items(run, value.yes), items(run, value.no)
        if all(isinstance(side, tuple) for side in sides) and len(sides[0]) == len(sides[1]):
            return tuple(run.join(value.guard, a, b) for a, b in zip(*sides, strict=True))
        if all(isinstance(side, Repeated) for side in sides):
            count = sides[0].count if sides[0].count == sides[1].count else Unknown("a list that depends on a condition")
            return Repeated(run.join(value.guard, sides[0].element, sides[1].element), count)
        return Unknown("a list that depends on a condition")
    if kind is Unknown:
        return value
    return Unknown(f"iteration over {run.describe(value)}")


def _consumed(run: Run, value: IteratorValue) -> Any:
    """What is left of an iterator; nothing is left then."""
    left = value.items
    run.state.put(value, "items", ())
    return left


def _rows(run: Run, value: Tensor) -> Any:
    if not value.shape:
        return run.refused(Refused("SHP107", "iteration over a 0-d tensor", error="TypeError"), None, (value,))
    count = run.facts.simplify(value.shape[0]) if isinstance(value.shape[0], Poly) else value.shape[0]
    if isinstance(count, int) and count <= MAX_ROWS:
        return tuple(run.tensors.subscript(value, place) for place in range(count))
    return Repeated(run.tensors.subscript(value, 0), count)


def _instance_items(run: Run, value: Instance) -> Any:
    found = value.cls.find("__iter__")
    if found is not None:
        return items(run, run.call(Bound(found[0], value), [], {}))
    found = value.cls.find("__getitem__")
    length = value.cls.find("__len__")
    if found is not None and length is not None:
        count = run.call(Bound(length[0], value), [], {})
        if isinstance(count, int) and count <= 64:
            return tuple(run.call(Bound(found[0], value), [place], {}) for place in range(count))
        return Repeated(run.call(Bound(found[0], value), [0], {}), count)
    return Unknown(value.cls.open or f"iteration over an object of class {value.cls.name}")


# assignment


def assign(run: Run, target: Any, value: Any, frame: Frame) -> None:
    """Bind a target of an assignment, a loop or a `with`."""
    kind = type(target)
    if kind is ir.Name:
        run.bind(frame, target.id, value)
    elif kind in (ir.TupleExpr, ir.ListExpr):
        _unpack(run, target, value, frame)
    elif kind is ir.Attr:
        receiver = run.evaluate(target.value, frame)
        frame.node = target
        set_attribute(run, receiver, target.name, value)
    elif kind is ir.Subscript:
        receiver = run.evaluate(target.value, frame)
        index = run.evaluate(target.index, frame)
        frame.node = target
        set_item(run, receiver, index, value)
    elif kind is ir.Starred:
        assign(run, target.value, value, frame)


def _unpack(run: Run, target: Any, value: Any, frame: Frame) -> None:
    targets = target.items
    star = next((place for place, item in enumerate(targets) if type(item) is ir.Starred), None)
    count = len(targets)
    value = run.resolve(value)
    frame.node = target
    if isinstance(value, FreeShape) and star is None and _fits(run, value, count):
        run.free.tensor(value.tensor, (count,), [item.id if type(item) is ir.Name and item.id != "_" else "" for item in targets])
    parts = _parts(run, value, count, star)
    run.passed(frame, target)
    if isinstance(parts, Unknown):
        for item in targets:
            assign(run, item, parts, frame)
        return
    if star is None and len(parts) == count:
        for item, part in zip(targets, parts, strict=True):
            assign(run, item, part, frame)
        return
    if star is None or len(parts) < count - 1:
        for item in targets:
            assign(run, item.value if type(item) is ir.Starred else item, Unknown("parts that do not fit their names"), frame)
        return
    behind = count - star - 1
    for item, part in zip(targets[:star], parts[:star], strict=True):
        assign(run, item, part, frame)
    middle = parts[star : len(parts) - behind]
    assign(run, targets[star].value, ListValue(middle), frame)
    for item, part in zip(targets[star + 1 :], parts[len(parts) - behind :], strict=True):
        assign(run, item, part, frame)


def _parts(run: Run, value: Any, count: int, star: int | None) -> Any:
    """The parts of a value that is unpacked into `count` targets, or Unknown."""
    if isinstance(value, FreeShape):
        if star is None:
            return (
                tuple(run.free.tensor(value.tensor, (count,)).shape[:count])
                if _fits(run, value, count)
                else _mismatch(run, run.rank_now(value), count)
            )
        ranks = tuple(rank for rank in (4, 3, 2, 5, 1) if rank >= count - 1)
        return tuple(run.free.tensor(value.tensor, ranks or (count,)).shape)
    if isinstance(value, Free):
        return run.free.unpack(value, count) if star is None else Unknown(f"unpacking {value.name}")
    if isinstance(value, Choice):
        parts = run.lift(value, lambda side: _side(_parts(run, side, count, star), count, star))
        return parts if isinstance(parts, (tuple, Unknown)) else Unknown("unpacking a value that depends on a condition")
    if isinstance(value, Tensor) and star is None and value.shape:
        size = value.shape[0]
        answer = run.facts.eq(size, count)
        if answer.maybe:
            run.learn(run.facts.assume_eq(size, count))
        if not answer.no:
            return tuple(run.tensors.subscript(value, place) for place in range(count))
    found = run.items(value)
    if isinstance(found, Repeated):
        return tuple(another(run, found.element) for _ in range(count))
    if not isinstance(found, tuple):
        return found
    if (star is None and len(found) != count) or (star is not None and len(found) < count - 1):
        return _mismatch(run, found if not isinstance(value, (Shape, Tensor)) else value, count, star is not None)
    return found


def _side(parts: Any, count: int, star: int | None) -> Any:
    """The parts of one side of a choice, as many as the other side has."""
    return (parts,) * count if isinstance(parts, Unknown) and star is None else parts


def _fits(run: Run, value: FreeShape, count: int) -> bool:
    pinned = run.state.pins.get(value.tensor.name)
    return not isinstance(pinned, Tensor) or pinned.rank == count


def _mismatch(run: Run, value: Any, count: int, starred: bool = False) -> Any:
    """Python's own refusal of an unpacking whose numbers do not fit."""
    have = len(value.shape) and value.shape[0] if isinstance(value, Tensor) else len(value)
    if starred:
        sentence = f"not enough values to unpack (expected at least {count - 1}, got {have})"
    elif isinstance(have, int) and have < count:
        sentence = f"not enough values to unpack (expected {count}, got {have})"
    else:
        sentence = f"too many values to unpack (expected {count})"
    what = "the shape" if isinstance(value, Shape) else "the tensor" if isinstance(value, Tensor) else "the value"
    return run.refused(
        Refused(
            "SHP111", sentence, message=f"{what} has {have} parts, {count} names take them", error="ValueError", expected=count, actual=have
        ),
        None,
        (value,) if isinstance(value, Tensor) else (),
    )
