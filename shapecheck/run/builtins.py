"""Python's builtins, as far as code that builds and runs models uses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.book.reckon import whole
from shapecheck.run import operators, records
from shapecheck.run.free import from_call
from shapecheck.run.objects import (
    Bound,
    Class,
    ClassMethodValue,
    FileModule,
    FreeShape,
    Function,
    Native,
    Partial,
    PropertyValue,
    PyRaise,
    StaticValue,
    Super,
    is_module,
)
from shapecheck.run.presence import uncertain
from shapecheck.run.sets import set_of
from shapecheck.sizes import Poly, maximum, minimum
from shapecheck.values import (
    MISSING,
    Choice,
    Cond,
    DictValue,
    External,
    Free,
    Instance,
    IteratorValue,
    ListValue,
    Missing,
    Repeated,
    SetValue,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.run import Run

DICTS = ("dict", "builtins.dict", "collections.OrderedDict", "typing.OrderedDict", "collections.UserDict")
Args = list[Any]
Kwargs = dict[str, Any]
MAX_RANGE = 5000
PASSED_ON = (
    "ValueError",
    "TypeError",
    "RuntimeError",
    "Exception",
    "KeyError",
    "IndexError",
    "AttributeError",
    "NotImplementedError",
    "AssertionError",
    "ImportError",
    "ModuleNotFoundError",
    "StopIteration",
    "OSError",
    "FileNotFoundError",
    "ZeroDivisionError",
    "OverflowError",
    "Warning",
    "UserWarning",
    "DeprecationWarning",
    "FutureWarning",
    "RuntimeWarning",
    "BaseException",
    "KeyboardInterrupt",
    "SystemExit",
    "LookupError",
    "ArithmeticError",
    "EOFError",
    "UnicodeDecodeError",
    "PermissionError",
    "TimeoutError",
    "ConnectionError",
    "MemoryError",
    "RecursionError",
    "object",
    "int",
    "float",
    "bool",
    "str",
    "bytes",
    "complex",
    "list",
    "tuple",
    "dict",
    "set",
    "frozenset",
    "type",
    "slice",
    "property",
    "staticmethod",
    "classmethod",
    "range",
    "__import__",
    "Ellipsis",
    "NotImplemented",
)


def _one(run: Run, args: Args) -> Any:
    return run.resolve(args[0]) if args else MISSING


def length(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if isinstance(value, Instance):
        found = value.cls.find("__len__")
        return run.call(Bound(found[0], value), [], {}) if found else Unknown("len() of an object")
    if isinstance(value, Class) and records.is_enum(value):
        return len(records.members(value))
    if isinstance(value, Tensor):
        if not value.shape:
            raise PyRaise("TypeError")
        return value.shape[0]
    if isinstance(value, FreeShape):
        value = run.rank_now(value)
    if isinstance(value, Free) and value.kind in ("input", "tensor"):
        return run.free.size(value, 0) if value.kind == "tensor" else Unknown(f"len() of the parameter {value.name}")
    if isinstance(value, Free) and value.kind in ("", "list", "object"):
        return run.free.integer(Free(f"len({value.name})", "int"))
    if isinstance(value, (str, tuple)):
        return len(value)
    if isinstance(value, (ListValue, SetValue)):
        return value.items.count if isinstance(value.items, Repeated) else len(value.items)
    if isinstance(value, DictValue):
        unclear = uncertain(run, value)
        return Unknown(unclear) if unclear else len(value.items)
    return value if isinstance(value, Unknown) else Unknown(f"len() of {run.describe(value)}")


def range_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    values = [run.resolve(value) for value in args]
    values = [run.free.integer(value) if isinstance(value, Free) and value.kind in ("", "int") else value for value in values]
    values = [run.facts.simplify(value) if isinstance(value, Poly) else value for value in values]
    if values and all(isinstance(value, int) for value in values):
        try:
            span = range(*values)
        except (ValueError, TypeError) as error:
            raise PyRaise(type(error).__name__) from None
        if len(span) <= MAX_RANGE:
            return tuple(span)
        return ListValue(Repeated(run.fresh("i", None), len(span)))
    for value in values:
        if isinstance(value, Unknown):
            return value
    low = values[0] if len(values) > 1 and isinstance(values[0], int) else 0 if len(values) == 1 else None
    count = values[0] if len(values) == 1 and isinstance(values[0], Poly) else Unknown("a range of unknown length")
    first = values[0] if len(values) > 1 and isinstance(values[0], (int, Poly)) else 0 if len(values) == 1 else None
    return ListValue(Repeated(run.fresh("i", low), count, first=first))


def int_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if value is MISSING:
        return 0
    if isinstance(value, (int, float, str)) and len(args) == 1:
        try:
            return int(value)
        except (ValueError, OverflowError) as error:
            raise PyRaise(type(error).__name__) from None
    if isinstance(value, Poly):
        return value
    if isinstance(value, SymFloat):
        return operators.to_int(run, value)
    if isinstance(value, Free):
        return operators.to_int(run, value) if value.kind == "float" else run.free.integer(value)
    if isinstance(value, Tensor) and value.elements and len(value.elements) == 1:
        number = whole(value.elements[0])
        return number if number is not None else Unknown("the value of a tensor")
    return value if isinstance(value, Unknown) else Unknown("int() of a value that is not known")


def float_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if isinstance(value, (int, float, str)):
        try:
            return float(value)
        except (ValueError, OverflowError) as error:
            raise PyRaise(type(error).__name__) from None
    if isinstance(value, Poly):
        return operators.binary(run, "/", value, 1)
    if isinstance(value, (SymFloat, Unknown)) or (isinstance(value, Free) and value.kind == "float"):
        return value
    return Unknown("float() of a value that is not known")


def bool_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return run.truth(args[0]) if args else False


def str_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if value is MISSING:
        return ""
    return str(value) if isinstance(value, (str, int, float, bool)) or value is None else Unknown("text of a value")


def list_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    if not args:
        return ListValue()
    items = run.items(args[0])
    return items if isinstance(items, Unknown) else ListValue(items)


def tuple_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    if not args:
        return ()
    items = run.items(args[0])
    return items if isinstance(items, (tuple, Unknown)) else ListValue(items)


def set_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    if not args:
        return SetValue()
    return set_of(run, run.items(args[0]))


def dict_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    made = DictValue(dict(kwargs))
    if not args:
        return made
    value = run.resolve(args[0])
    if isinstance(value, DictValue):
        return DictValue({**value.items, **kwargs}, value.open)
    if isinstance(value, Instance) and value.cls.find("keys") is not None:
        value = run.call(run.attribute(value, "items"), [], {})
    pairs = run.items(value)
    items: dict[Any, Any] = {}
    if isinstance(pairs, tuple):
        for pair in pairs:
            both = run.items(pair)
            key = run.key(both[0]) if isinstance(both, tuple) and len(both) == 2 else MISSING
            if key is MISSING:
                return DictValue({**items, **kwargs}, "a key that is not known")
            items[key] = both[1]
        return DictValue({**items, **kwargs})
    return DictValue(dict(kwargs), "a dict of unknown keys")


def enumerate_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[0])
    start = run.resolve(args[1] if len(args) > 1 else kwargs.get("start", 0))
    if isinstance(items, tuple):
        return IteratorValue(tuple((operators.binary(run, "+", start, place), item) for place, item in enumerate(items)))
    if isinstance(items, Repeated):
        place = run.fresh("i", 0)
        last = MISSING if items.last is MISSING else (place, items.last)
        first = (start, items.element if items.first is MISSING else items.first)
        return IteratorValue(Repeated((place, items.element), items.count, last, first))
    return items


def zip_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    values = [run.resolve(value) for value in args]
    lists = [run.items(value) for value in values]
    if lists and all(isinstance(items, tuple) for items in lists):
        return IteratorValue(tuple(zip(*lists, strict=False)))
    free = [value.name for value in values if isinstance(value, Free)]
    rounds = min((len(items) for items in lists if isinstance(items, tuple)), default=None)
    if rounds is not None and all(isinstance(items, tuple) or isinstance(value, Free) for value, items in zip(values, lists, strict=True)):
        if run.choose(("zip", *free), 2) == 0:  # a list that is given is as long as what it goes with
            columns = [
                items if isinstance(items, tuple) else tuple(run.free.item(value, place) for place in range(rounds))
                for value, items in zip(values, lists, strict=True)
            ]
            return IteratorValue(tuple(zip(*columns, strict=False)))
    for items in lists:
        if isinstance(items, Unknown):
            return items
    elements = tuple(items.element if isinstance(items, Repeated) else run.join_all(items) for items in lists)
    return IteratorValue(Repeated(elements, Unknown("a zip of unknown length")))


def reversed_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[0])
    if isinstance(items, tuple):
        return IteratorValue(tuple(reversed(items)))
    return _iterator(items)


def sorted_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[0])
    if not isinstance(items, tuple):
        return items if isinstance(items, Unknown) else Unknown("a sorted list")
    order = sorting(run, items, kwargs)
    return Unknown("a sorted list") if order is None else ListValue(tuple(items[place] for place in order))


def sorting(run: Run, items: tuple[Any, ...], kwargs: Kwargs) -> list[int] | None:
    """The places of items in the order of `sorted(items, key=…, reverse=…)`, or None when that is not known."""
    ranks = _ranks(run, items, kwargs)
    reverse = run.resolve(kwargs.get("reverse", False))
    if ranks is None or not isinstance(reverse, (bool, int)):
        return None
    return sorted(range(len(items)), key=ranks.__getitem__, reverse=bool(reverse))


def _ranks(run: Run, items: tuple[Any, ...], kwargs: Kwargs) -> list[Any] | None:
    """What items are ordered by (`key=…`), where all of it is known and can be ordered."""
    by = run.resolve(kwargs.get("key"))
    keys = [run.key(item if by is None else run.call(by, [item], {})) for item in items]
    try:
        sorted(keys)
    except TypeError:
        return None
    return keys


def map_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    lists = [run.items(value) for value in args[1:]]
    if lists and all(isinstance(items, tuple) for items in lists):
        return IteratorValue(tuple(run.call(args[0], list(row), {}) for row in zip(*lists, strict=False)))
    if lists and all(isinstance(items, Repeated) for items in lists):
        return IteratorValue(Repeated(run.call(args[0], [run.loops.element_of(items) for items in lists], {}), lists[0].count))
    return next((items for items in lists if isinstance(items, Unknown)), Unknown("a map of unknown length"))


def filter_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[1])
    if not isinstance(items, tuple):
        return items if isinstance(items, Unknown) else Unknown("a filtered list of unknown length")
    kept = []
    for item in items:
        truth = run.truth(item if args[0] is None else run.call(args[0], [item], {}))
        if not isinstance(truth, bool):
            return Unknown("a filter with an undecided condition")
        if truth:
            kept.append(item)
    return IteratorValue(tuple(kept))


def sum_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[0])
    if not isinstance(items, tuple):
        return items if isinstance(items, Unknown) else Unknown("a sum of unknown length")
    total: Any = args[1] if len(args) > 1 else kwargs.get("start", 0)
    for item in items:
        total = operators.binary(run, "+", total, item)
    return total


def _extreme(largest: bool) -> Callable[[Run, Args, Kwargs], Any]:
    def extreme(run: Run, args: Args, kwargs: Kwargs) -> Any:
        items = run.items(args[0]) if len(args) == 1 else tuple(run.resolve(value) for value in args)
        if not isinstance(items, tuple):
            return items if isinstance(items, Unknown) else Unknown("max() or min() of values that are not known")
        if "key" in kwargs:
            ranks = _ranks(run, items, kwargs)
            if not ranks:
                return Unknown("max() or min() of values that are not known")
            return items[(max if largest else min)(range(len(items)), key=ranks.__getitem__)]
        items = tuple(run.free.integer(item) if isinstance(item, Free) and item.kind in ("", "int") else item for item in items)
        if not items:
            if "default" in kwargs:
                return kwargs["default"]
            raise PyRaise("ValueError")
        if all(isinstance(item, (int, float)) for item in items) or all(isinstance(item, str) for item in items):
            return max(items) if largest else min(items)
        if all(isinstance(item, (int, Poly)) for item in items):
            return run.facts.simplify(maximum(*items) if largest else minimum(*items))
        return next((item for item in items if isinstance(item, Unknown)), Unknown("max() or min() of values that are not known"))

    return extreme


def abs_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if isinstance(value, (int, float)):
        return abs(value)
    if isinstance(value, (Tensor, Free)):
        return run.tensors.op("torch.abs", [value], {})
    if isinstance(value, Poly):
        low, _ = run.facts.bounds(value)
        return value if low is not None and low >= 0 else run.fresh("abs", 0)
    return value if isinstance(value, Unknown) else Unknown("abs()")


def round_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    digits = run.resolve(args[1]) if len(args) > 1 else None
    if isinstance(value, (int, float)) and (digits is None or isinstance(digits, int)):
        try:
            return round(value, digits) if digits is not None else round(value)
        except (ValueError, OverflowError) as error:
            raise PyRaise(type(error).__name__) from None
    if isinstance(value, Poly):
        return value
    return Unknown("round()")


def divmod_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return (operators.binary(run, "//", args[0], args[1]), operators.binary(run, "%", args[0], args[1]))


def _of_constants(function: Callable[..., Any]) -> Callable[[Run, Args, Kwargs], Any]:
    """A builtin that is applied as it is, where all that it gets is known."""

    def apply(run: Run, args: Args, kwargs: Kwargs) -> Any:
        values = [run.resolve(value) for value in args]
        if kwargs or not all(isinstance(value, (int, float, str)) for value in values):
            return next((value for value in values if isinstance(value, Unknown)), Unknown(f"{function.__name__}()"))
        try:
            return function(*values)
        except (TypeError, ValueError, OverflowError) as error:
            raise PyRaise(type(error).__name__) from None

    return apply


def from_keys(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`dict.fromkeys(names, value)`"""
    items = run.items(args[0]) if args else ()
    value = args[1] if len(args) > 1 else None
    return dict_(run, [tuple((item, value) for item in items)], {}) if isinstance(items, tuple) else DictValue({}, "a dict of unknown keys")


def pow_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return operators.binary(run, "**", args[0], args[1]) if len(args) == 2 else Unknown("pow()")


def _quantified(wanted: bool) -> Callable[[Run, Args, Kwargs], Any]:
    def quantify(run: Run, args: Args, kwargs: Kwargs) -> Any:
        given = run.resolve(args[0])
        if type(given) is Choice:
            return run.lift(given, lambda value: quantify(run, [value], {}))
        items = run.items(given)
        if not isinstance(items, tuple):
            return run.undecided()
        unsure: Any = None
        for item in items:
            truth = run.truth(item)
            if truth is wanted:
                return wanted
            if not isinstance(truth, bool):
                unsure = truth if unsure is None else Cond("or" if wanted else "and", (unsure, truth))
        return unsure if unsure is not None else not wanted

    return quantify


TYPES: dict[str, Callable[[Any], bool | None]] = {
    "int": lambda v: isinstance(v, (int, Poly)),
    "float": lambda v: isinstance(v, (float, SymFloat)),
    "bool": lambda v: isinstance(v, (bool, Cond)),
    "str": lambda v: isinstance(v, str),
    "tuple": lambda v: isinstance(v, (tuple, FreeShape)),
    "list": lambda v: isinstance(v, ListValue),
    "dict": lambda v: isinstance(v, DictValue),
    "set": lambda v: isinstance(v, SetValue),
    "type": lambda v: isinstance(v, (Class, External)),
    "enum.EnumMeta": lambda v: (isinstance(v, Class) and records.is_enum(v)) if not isinstance(v, External) else None,
    "torch.Tensor": lambda v: isinstance(v, Tensor),
    "torch.nn.Parameter": lambda v: isinstance(v, Tensor) and v.role == "parameter",
    "torch.Size": lambda v: isinstance(v, (Shape, FreeShape)),
    "collections.abc.Sequence": lambda v: isinstance(v, (tuple, ListValue, str)),
    "collections.abc.Iterable": lambda v: isinstance(v, (tuple, ListValue, DictValue, SetValue, str, Tensor)),
    "collections.abc.Mapping": lambda v: isinstance(v, DictValue),
    "collections.abc.Collection": lambda v: isinstance(v, (tuple, ListValue, DictValue, SetValue, str)),
    "collections.abc.Hashable": lambda v: not isinstance(v, (ListValue, DictValue, SetValue)),
    "collections.abc.Callable": lambda v: isinstance(v, (Function, Bound, Class, Native, Partial)),
    "types.FunctionType": lambda v: isinstance(v, Function),
    "functools.partial": lambda v: isinstance(v, Partial),
    "NoneType": lambda v: v is None,
    "numbers.Number": lambda v: isinstance(v, (int, float, Poly, SymFloat)),
    "numbers.Integral": lambda v: isinstance(v, (int, Poly)),
    "collections.OrderedDict": lambda v: None if isinstance(v, DictValue) else False,
    "numpy.ndarray": lambda v: False if isinstance(v, (Tensor, int, float, str, tuple, ListValue, Poly)) else None,
}
ABSTRACT = {  # what makes an object one of these, whatever its class
    "collections.abc.Callable": "__call__",
    "collections.abc.Iterable": "__iter__",
    "collections.abc.Sequence": "__getitem__",
    "collections.abc.Mapping": "__getitem__",
}
SAME_TYPES = {
    "types.LambdaType": "types.FunctionType",
    "typing.Sequence": "collections.abc.Sequence",
    "typing.Iterable": "collections.abc.Iterable",
    "typing.Tuple": "tuple",
    "typing.List": "list",
    "typing.Dict": "dict",
    "typing.Callable": "collections.abc.Callable",
    "typing.Mapping": "collections.abc.Mapping",
    "enum.EnumType": "enum.EnumMeta",
    "typing.Collection": "collections.abc.Collection",
    "typing.Hashable": "collections.abc.Hashable",
    "torch.FloatTensor": "torch.Tensor",
    "torch.nn.parameter.Parameter": "torch.nn.Parameter",
}
FREE_KINDS = {
    "int": ("int",),
    "float": ("float",),
    "bool": ("bool",),
    "str": ("str",),
    "tensor": ("torch.Tensor",),
    "list": ("list", "tuple"),
}


def isinstance_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value, kind = run.resolve(args[0]), run.resolve(args[1])
    if type(value) is Choice:
        return run.lift(value, lambda v: isinstance_(run, [v, kind], {}))
    if isinstance(kind, tuple):
        result: Any = False
        for each in kind:
            answer = isinstance_(run, [value, each], {})
            if answer is True:
                return True
            if answer is not False:
                result = answer if result is False else Cond("or", (result, answer))
        return result
    name = SAME_TYPES.get(kind.name, kind.name) if isinstance(kind, External) else None
    if name == "NoneType":
        return run.compare("is", value, None)
    if isinstance(value, Free):
        return _free_isinstance(run, value, name)
    if isinstance(value, (Unknown, Missing)) or isinstance(kind, Unknown):
        return run.undecided()
    if isinstance(value, Instance):
        if name == "tuple" and records.is_named_tuple(value.cls):
            return True
        if name == "dict" and any(base.full_name in DICTS for base in value.cls.mro):
            return True
        cls = run.classes.external(name) if name else kind
        if isinstance(cls, Class):
            if cls in value.cls.mro:
                return True
            return run.undecided() if value.cls.open else False
        if name in ABSTRACT and value.cls.find(ABSTRACT[name]) is not None:
            return True if name in ("collections.abc.Callable", "collections.abc.Iterable") else run.undecided()
        if name == "collections.abc.Callable" and (run.modules.is_module_class(value.cls) or value.cls.rule is not None):
            return True
        return False if name in TYPES and not value.cls.open else run.undecided()
    if name == "torch.nn.Module" or (name and run.classes.external(name) is not None and name not in TYPES):
        return False
    check = TYPES.get(name or "")
    if isinstance(value, ListValue) and isinstance(value.items, Repeated) and name in ("list", "tuple"):
        return run.undecided()  # tuples of unknown length are kept as lists
    if check is None:
        return False if isinstance(kind, Class) else run.undecided()
    answer = check(value)
    return run.undecided() if answer is None else answer


def _free_isinstance(run: Run, value: Free, name: str | None) -> Any:
    if value.kind in FREE_KINDS and name in TYPES:
        return name in FREE_KINDS[value.kind] if value.kind != "list" or name not in ("list", "tuple") else run.undecided()
    return run.undecided() if from_call(value) else run.known(Cond("isinstance", (value.name, name)))


def issubclass_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    cls, kind = run.classes.base(args[0]), run.resolve(args[1])
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if cls is None or cls.open:
        return run.undecided()
    return any(run.classes.base(each) in cls.mro for each in kinds)


def hasattr_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value, name = run.resolve(args[0]), run.resolve(args[1])
    if isinstance(value, Instance) and isinstance(name, str):
        there = value.attrs.get(name, MISSING)
        if isinstance(there, Choice):
            return there.guard if there.yes is not MISSING and there.no is MISSING else run.undecided()
        if there is not MISSING or value.cls.find(name) is not None:
            return True
        if value.cls.open or "?" in value.attrs:
            return run.undecided()
        if run.modules.is_module_class(value.cls):
            return run.modules.method(value, name) is not None
        return False
    if isinstance(value, External) and isinstance(name, str) and run.is_known(f"{value.name}.{name}"):
        return True
    if isinstance(value, FileModule) and isinstance(name, str) and value.namespace.get(run, name) is not MISSING:
        return True
    if isinstance(value, Class) and isinstance(name, str):
        return True if value.find(name) else run.undecided() if value.open else False
    return run.undecided()


def getattr_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value, name = run.resolve(args[0]), run.resolve(args[1])
    if not isinstance(name, str):
        return Unknown("an attribute that is not known by name")
    if len(args) > 2:
        there = hasattr_(run, [value, name], {})
        if there is False:
            return args[2]
        if there is not True and not isinstance(value, (Tensor, FileModule, External)):
            if isinstance(value, Free):
                return run.attribute(value, name)
            return Unknown("an attribute that may be missing")
    return run.attribute(value, name)


def setattr_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value, name = run.resolve(args[0]), run.resolve(args[1])
    if isinstance(name, str):
        run.set_attribute(value, name, args[2])
    elif isinstance(value, Instance):
        run.state.put(value.attrs, "?", Unknown("an attribute set under a name that is not known"))
    return None


def callable_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if isinstance(value, (Function, Bound, Class, Native, Partial)) or is_module(value):
        return True
    if isinstance(value, External) and (value.name in CALLS or run.classes.external(value.name) is not None):
        return True
    return False if isinstance(value, (int, float, str, tuple, ListValue)) or value is None else run.undecided()


def type_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if isinstance(value, Instance):
        return run.classes.as_value(value.cls)
    name = next(
        (
            name
            for name in ("NoneType", "bool", "int", "float", "str", "torch.Size", "tuple", "list", "dict", "torch.Tensor")
            if TYPES[name](value)
        ),
        None,
    )
    return External(name) if name and not isinstance(value, Free) else Unknown("type() of a value that is not known")


def super_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    cls = run.resolve(args[0]) if args else None
    if isinstance(cls, Class) and len(args) > 1:
        receiver = run.resolve(args[1])
        if isinstance(receiver, Instance) and cls not in receiver.cls.mro:
            return Unknown("super() of another class")  # the name was given to a second class since
        return Super(cls, receiver)
    if isinstance(cls, Instance):
        raise PyRaise("TypeError")  # super(self, Net): the arguments the wrong way round
    return Unknown("super() in an unusual form")


def slice_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return slice(*[run.resolve(value) for value in args]) if 1 <= len(args) <= 3 else Unknown("slice()")


def next_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if isinstance(value, Instance):
        found = value.cls.find("__next__")
        return run.call(Bound(found[0], value), [], {}) if found else Unknown(f"next() of an object of class {value.cls.name}")
    items = value.items if isinstance(value, IteratorValue) else run.items(value)
    if isinstance(items, tuple):
        if items:
            if isinstance(value, IteratorValue):
                run.state.put(value, "items", items[1:])
            return run.resolve(items[0])
        if len(args) > 1:
            return args[1]
        raise PyRaise("StopIteration")
    return items.element if isinstance(items, Repeated) else items


def iter_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    if len(args) != 1:
        return Unknown("iter()")
    value = _one(run, args)
    return value if isinstance(value, IteratorValue) else _iterator(run.items(value))


def _iterator(items: Any) -> Any:
    return IteratorValue(items) if isinstance(items, (tuple, Repeated)) else items


def object_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return Instance(Class("object", (), {}))


def property_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return PropertyValue(args[0]) if args else Unknown("property()")


def static_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return StaticValue(args[0])


def classmethod_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return ClassMethodValue(args[0])


def nothing(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return None


def vars_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = _one(run, args)
    if not isinstance(value, Instance):
        return Unknown("vars()")
    why = value.attrs.get("?")
    return DictValue({name: item for name, item in value.attrs.items() if name != "?"}, why.why if isinstance(why, Unknown) else None)


def locals_(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """The variables of the function that asks, as they are now."""
    names = run.frames[-1].env.names
    return DictValue({name: run.resolve(value) for name, value in names.items() if value is not MISSING})


CALLS: dict[str, Callable[[Run, Args, Kwargs], Any]] = {
    "len": length,
    "range": range_,
    "int": int_,
    "float": float_,
    "bool": bool_,
    "str": str_,
    "list": list_,
    "tuple": tuple_,
    "set": set_,
    "frozenset": set_,
    "dict": dict_,
    "enumerate": enumerate_,
    "zip": zip_,
    "reversed": reversed_,
    "sorted": sorted_,
    "map": map_,
    "filter": filter_,
    "sum": sum_,
    "max": _extreme(True),
    "min": _extreme(False),
    "abs": abs_,
    "round": round_,
    "divmod": divmod_,
    "pow": pow_,
    "any": _quantified(True),
    "all": _quantified(False),
    "isinstance": isinstance_,
    "issubclass": issubclass_,
    "hasattr": hasattr_,
    "getattr": getattr_,
    "setattr": setattr_,
    "callable": callable_,
    "type": type_,
    "super": super_,
    "slice": slice_,
    "next": next_,
    "iter": iter_,
    "object": object_,
    "print": nothing,
    "property": property_,
    "staticmethod": static_,
    "classmethod": classmethod_,
    "vars": vars_,
    "locals": locals_,
    "dict.fromkeys": from_keys,
    **{function.__name__: _of_constants(function) for function in (bin, hex, oct, chr, ord, repr, ascii, hash)},
}


# of a value that depends on a condition they are taken on each of its sides
OF_EACH = frozenset(
    (
        "len range int float str list tuple reversed sum max min abs round type callable math.ceil math.floor math.sqrt math.log2 math.prod"
    ).split()
)


def table() -> dict[str, Any]:
    """Every builtin by name: callables as externals, so that they can be compared and used as types."""
    names: dict[str, Any] = {name: External(name) for name in (*CALLS, *PASSED_ON)}
    names["Ellipsis"] = ...
    names["NotImplemented"] = Unknown("NotImplemented")
    names["__nothing__"] = Native("nothing", nothing)
    return names
