"""Classes whose objects hold named values: `SimpleNamespace`, `NamedTuple`, `namedtuple`, enumerations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Bound, Class, ClassMethodValue, Function, Native, PropertyValue, PyRaise, StaticValue
from shapecheck.values import MISSING, DictValue, External, Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Call = Callable[["Run", list[Any], dict[str, Any]], Any]
ENUMS = ("enum.Enum", "enum.StrEnum", "enum.Flag")
NOT_MEMBERS = (Function, Native, PropertyValue, StaticValue, ClassMethodValue, Class)
AUTO = External("enum.auto()")


def base_class(name: str) -> Class | None:
    """The class that stands for `typing.NamedTuple`, `types.SimpleNamespace` or an enumeration, or None."""
    if name == "typing.NamedTuple":
        return named_tuple("NamedTuple", ())
    if name in ("types.SimpleNamespace", "argparse.Namespace"):
        cls = Class("SimpleNamespace", (), {"__init__": Native("__init__", _keywords_as_attributes)})
        cls.full_name = name
        return cls
    if name == "contextlib.nullcontext":
        return Class("nullcontext", (), {key: Native(key, call) for key, call in NULL_CONTEXT.items()})
    if name in ENUMS:
        cls = Class(name.rpartition(".")[2], (), {})
        cls.full_name = name
        return cls
    return None


def _keywords_as_attributes(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    for name, value in kwargs.items():
        run.state.put(args[0].attrs, name, value)


def _keep_result(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    run.state.put(args[0].attrs, "enter_result", args[1] if len(args) > 1 else kwargs.get("enter_result"))


NULL_CONTEXT: dict[str, Call] = {"__init__": _keep_result, "__enter__": lambda run, args, kwargs: run.attribute(args[0], "enter_result")}


# named tuples


def named_tuple(name: str, fields: Iterable[tuple[str, Any, bool]]) -> Class:
    """A class of tuples whose items have names: (name, default, has a default)."""
    cls = Class(name, (), {key: Native(key, call) for key, call in TUPLE.items()})
    cls.full_name = "typing.NamedTuple"
    cls.fields = list(fields)
    return cls


def is_named_tuple(cls: Class) -> bool:
    return any(base.full_name == "typing.NamedTuple" for base in cls.mro)


def fields_of(cls: Class) -> list[tuple[str, Any, bool]]:
    """The fields of a dataclass or named tuple, those of its bases first."""
    found: dict[str, tuple[str, Any, bool]] = {}
    for base in reversed(cls.mro):
        for field in base.fields or ():
            found[field[0]] = field
    return list(found.values())


def _fill(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    self, rest = args[0], args[1:]
    fields = fields_of(self.cls)
    given = {**dict(zip((name for name, _, _ in fields), rest, strict=False)), **kwargs}
    for name, default, has_default in fields:
        if name not in given and not has_default:
            raise PyRaise("TypeError")
        run.state.put(self.attrs, name, given.get(name, default))


def _parts(self: Instance) -> tuple[Any, ...]:
    return tuple(self.attrs.get(name, MISSING) for name, _, _ in fields_of(self.cls))


def _replace(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return run.classes.instantiate(args[0].cls, list(_parts(args[0])), {}, None) if not kwargs else _changed(run, args[0], kwargs)


def _changed(run: Run, self: Instance, changes: dict[str, Any]) -> Any:
    values = {name: self.attrs.get(name, MISSING) for name, _, _ in fields_of(self.cls)}
    return run.classes.instantiate(self.cls, [], {**values, **changes}, None)


def _as_dict(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    names = [name for name, _, _ in fields_of(args[0].cls)]
    return DictValue(dict(zip(names, _parts(args[0]), strict=True)))


TUPLE: dict[str, Call] = {
    "__init__": _fill,
    "__len__": lambda run, args, kwargs: len(fields_of(args[0].cls)),
    "__iter__": lambda run, args, kwargs: _parts(args[0]),
    "__getitem__": lambda run, args, kwargs: run.subscript(_parts(args[0]), args[1]),
    "_replace": _replace,
    "_asdict": _as_dict,
}


def make_named_tuple(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`collections.namedtuple("Pair", "a b")`, `typing.NamedTuple("Pair", [("a", int)])`"""
    name = run.resolve(args[0]) if args else None
    given = run.resolve(args[1] if len(args) > 1 else kwargs.get("field_names"))
    names = given.replace(",", " ").split() if isinstance(given, str) else run.items(given)
    if not isinstance(name, str) or isinstance(names, Unknown):
        return Unknown("a named tuple whose fields are not known")
    parts = [run.resolve(part) for part in names]
    parts = [run.resolve(part[0]) if isinstance(part, tuple) and part else part for part in parts]
    defaults = run.items(kwargs["defaults"]) if "defaults" in kwargs else ()
    if not all(isinstance(part, str) for part in parts) or not isinstance(defaults, tuple):
        return Unknown("a named tuple whose fields are not known")
    first = len(parts) - len(defaults)
    return named_tuple(
        name, [(part, defaults[at - first], True) if at >= first else (part, MISSING, False) for at, part in enumerate(parts)]
    )


# dataclasses


def replace(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`dataclasses.replace(object, **changes)`"""
    value = run.resolve(args[0]) if args else None
    return _changed(run, value, kwargs) if isinstance(value, Instance) else Unknown("dataclasses.replace")


def as_dict(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`dataclasses.asdict(object)`, without a look into its values."""
    value = run.resolve(args[0]) if args else None
    return _as_dict(run, [value], {}) if isinstance(value, Instance) else Unknown("dataclasses.asdict")


def fields(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`dataclasses.fields(object or class)`"""
    value = run.resolve(args[0]) if args else None
    cls = value.cls if isinstance(value, Instance) else value
    if not isinstance(cls, Class) or not is_dataclass(cls):
        return Unknown("the fields of something that is no dataclass")
    found = []
    for name, default, has_default in fields_of(cls):
        made = Instance(FIELD)
        made.attrs.update({"name": name, "default": default if has_default else External("dataclasses.MISSING")})
        found.append(made)
    return tuple(found)


def is_dataclass(cls: Class) -> bool:
    return any(base.fields is not None for base in cls.mro) and not is_named_tuple(cls)


def is_a_dataclass(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`dataclasses.is_dataclass(object or class)`"""
    value = run.resolve(args[0]) if args else None
    cls = value.cls if isinstance(value, Instance) else value
    return is_dataclass(cls) or (run.undecided() if cls.open else False) if isinstance(cls, Class) else run.undecided()


FIELD = Class("Field", (), {}, "what a dataclass's field says")


# enumerations


def is_enum(cls: Class) -> bool:
    return any(base.full_name in ENUMS for base in cls.mro)


def make_members(run: Run, cls: Class) -> None:
    """Turn the plain values of an enumeration's body into its members."""
    cls.open = None  # a `str` or `int` beside `Enum` adds nothing that matters here
    last: Any = 0
    for name, value in list(cls.namespace.items()):
        if name.startswith("_") or isinstance(value, NOT_MEMBERS):
            continue
        if value == AUTO:
            value = last + 1 if isinstance(last, int) else Unknown("enum.auto")
        last = value
        member = Instance(cls, run.made_here(f"{cls.name}.{name}", ()), None)
        member.attrs.update({"name": name, "value": value, "_name_": name, "_value_": value})
        cls.namespace[name] = member


def members(cls: Class) -> tuple[Any, ...]:
    """The members of an enumeration, in order."""
    return tuple(value for base in reversed(cls.mro) for value in base.namespace.values() if is_member(value) and value.cls is base)


def is_member(value: Any) -> bool:
    return isinstance(value, Instance) and "_value_" in value.attrs and is_enum(value.cls)


def member(run: Run, cls: Class, args: list[Any]) -> Any:
    """`Kind("small")`"""
    wanted = run.resolve(args[0]) if args else MISSING
    if is_member(wanted):
        return wanted
    for value in members(cls):
        if run.truth(run.compare("==", value.attrs["value"], wanted)) is True:
            return value
    if isinstance(wanted, (str, int, float)):
        raise PyRaise("ValueError")
    return Unknown(f"a member of {cls.name}")


def plain(value: Any) -> Any:
    """A member of an enumeration that is a `str` as well, as its text; any other value as it is."""
    if is_member(value) and any(base.name in ("str", "int", "StrEnum") for base in value.cls.mro):
        return value.attrs["value"]
    return value


def compare(run: Run, op: str, a: Any, b: Any) -> Any:
    """`a < b` and its kin by a method of either's class, or MISSING."""
    own, mirrored = COMPARE[op]
    for receiver, name, argument in ((a, own, b), (b, mirrored, a)):
        found = receiver.cls.find(name) if isinstance(receiver, Instance) else None
        if found is not None:
            return run.call(Bound(found[0], receiver), [argument], {})
    return MISSING


COMPARE = {
    "<": ("__lt__", "__gt__"),
    ">": ("__gt__", "__lt__"),
    "<=": ("__le__", "__ge__"),
    ">=": ("__ge__", "__le__"),
    "==": ("__eq__", "__eq__"),
    "!=": ("__ne__", "__ne__"),
}
