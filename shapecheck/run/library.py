"""Functions of the standard library and of torch that are about programs rather than tensors. Tensors are the book's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run import arrays, iteration, limits, loading, operators, parameters, records, regex
from shapecheck.run.builtins import CALLS
from shapecheck.run.objects import Bound, Class, Function, Native, Partial, PyRaise, is_module
from shapecheck.sizes import Poly, ceildiv, true_product
from shapecheck.values import (
    MISSING,
    Choice,
    DictValue,
    External,
    Free,
    Instance,
    ListValue,
    Repeated,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Args = list[Any]
Kwargs = dict[str, Any]
Call = Callable[["Run", Args, Kwargs], Any]


INTEGERS = ("gcd", "lcm", "factorial", "comb", "perm", "isqrt")
TRUTHS = ("isfinite", "isinf", "isnan", "isclose")
GREAT = 100_000  # a factorial beyond this takes minutes


def _math(function: Callable[..., Any]) -> Call:
    def apply(run: Run, args: Args, kwargs: Kwargs) -> Any:
        values = [run.resolve(value) for value in args]
        if any(isinstance(value, int) and abs(value) > GREAT for value in values):
            return Unknown(f"math.{function.__name__} of a huge number")
        if all(isinstance(value, (int, float)) for value in values):
            try:
                return function(*values)
            except (ValueError, OverflowError, TypeError) as error:
                raise PyRaise(type(error).__name__) from None
        name = function.__name__
        if not all(isinstance(value, (int, float, Free, Poly, SymFloat, Tensor)) for value in values) or name in TRUTHS:
            return next((value for value in values if isinstance(value, Unknown)), Unknown(f"math.{name}"))
        if name in INTEGERS:
            return run.fresh(name)
        if any(isinstance(value, (Free, Tensor)) for value in values):  # a number, and nobody knows which
            return Free(f"{name}()'{run.serial(name)}", "float")
        return Free(f"{name}({', '.join(map(str, values))})", "float")

    return apply


def _ceil(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = run.resolve(args[0])
    if isinstance(value, SymFloat) and value.factor >= 0:
        return ceildiv(value.size * value.factor.numerator, value.factor.denominator)
    if isinstance(value, (int, Poly)):
        return value
    return math.ceil(value) if isinstance(value, float) and math.isfinite(value) else _some_integer(run, value, "ceil")


def _floor(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = run.resolve(args[0])
    if isinstance(value, SymFloat):
        return operators.to_int(run, value)
    if isinstance(value, (int, Poly)):
        return value
    return math.floor(value) if isinstance(value, float) and math.isfinite(value) else _some_integer(run, value, "floor")


def _some_integer(run: Run, value: Any, name: str) -> Any:
    """What rounding a number that is not known comes to."""
    return run.fresh(name, None) if isinstance(value, Free) and value.kind in ("", "int", "float") else Unknown(f"math.{name}")


def _prod(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[0])
    if isinstance(items, tuple):
        sizes = [run.resolve(item) for item in items]
        if all(isinstance(size, (int, Poly)) for size in sizes):
            return true_product(sizes)
        if all(isinstance(size, (int, float)) for size in sizes):
            return math.prod(sizes)
    return Unknown("a product of values that are not known")


def partial(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return Partial(args[0], tuple(args[1:]), dict(kwargs))


def _reduce(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[1])
    if not isinstance(items, tuple):
        return items if isinstance(items, Unknown) else Unknown("functools.reduce of unknown length")
    rest = list(items)
    value = args[2] if len(args) > 2 else rest.pop(0) if rest else MISSING
    for item in rest:
        value = run.call(args[0], [value, item], {})
    return Unknown("functools.reduce of nothing") if value is MISSING else value


def _operator(op: str) -> Call:
    """`operator.add`"""
    return lambda run, args, kwargs: operators.binary(run, op, args[0], args[1])


def _comparison(op: str) -> Call:
    """`operator.eq`"""
    return lambda run, args, kwargs: operators.compare(run, op, args[0], args[1])


def _getter(get: Callable[[Run, Any, Any], Any]) -> Call:
    """`operator.itemgetter(1)`, `operator.attrgetter("a.b", "c")`"""

    def make(run: Run, args: Args, kwargs: Kwargs) -> Any:
        def apply(run: Run, given: Args, kwargs: Kwargs) -> Any:
            values = tuple(get(run, given[0], key) for key in args)
            return values[0] if len(values) == 1 else values

        return Native("getter", apply)

    return make


def _attributes(run: Run, value: Any, dotted: Any) -> Any:
    dotted = run.resolve(dotted)
    if not isinstance(dotted, str):
        return Unknown("an attribute that is not known by name")
    for name in dotted.split("."):
        value = run.attribute(value, name)
    return value


def deepcopy(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return _copy(run.resolve(args[0]), {})


def _copy(value: Any, memo: dict[int, Any]) -> Any:
    if id(value) in memo:
        return memo[id(value)]
    copied: Any = value
    if isinstance(value, Instance):
        copied = Instance(value.cls, value.made, value.call)
        memo[id(value)] = copied
        copied.attrs.update((name, _copy(item, memo)) for name, item in value.attrs.items())
    elif isinstance(value, ListValue):
        copied = ListValue()
        memo[id(value)] = copied
        copied.items = _copy(value.items, memo)
    elif isinstance(value, DictValue):
        copied = DictValue({}, value.open)
        memo[id(value)] = copied
        copied.items = {key: _copy(item, memo) for key, item in value.items.items()}
    elif isinstance(value, Repeated):
        copied = Repeated(_copy(value.element, memo), value.count)
    elif isinstance(value, Choice):
        copied = Choice(value.guard, _copy(value.yes, memo), _copy(value.no, memo))
    elif type(value) is tuple:
        copied = tuple(_copy(item, memo) for item in value)
    elif isinstance(value, Tensor) and value.role:
        copied = memo[id(value)] = value.copy()
    return copied


def shallow(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = run.resolve(args[0])
    if isinstance(value, ListValue):
        return ListValue(value.items)
    if isinstance(value, DictValue):
        return DictValue(dict(value.items), value.open)
    if isinstance(value, Instance):
        copied = Instance(value.cls, value.made, value.call)
        copied.attrs.update(value.attrs)
        return copied
    return value


def ordered_dict(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return CALLS["dict"](run, args, kwargs)


def default_dict(run: Run, args: Args, kwargs: Kwargs) -> Any:
    made = CALLS["dict"](run, args[1:], kwargs)
    made.factory = run.resolve(args[0]) if args else None
    return made


def deque(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`collections.deque(items)`, as a list that can also change at its front."""
    if len(args) > 1 or "maxlen" in kwargs:
        return Unknown("a deque of limited length")
    return CALLS["list"](run, args, kwargs)


def parameter(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`nn.Parameter(tensor)`: the same tensor, registered when it becomes an attribute."""
    value = run.resolve(args[0] if args else kwargs.get("data", MISSING))
    if type(value) is Choice:
        return run.lift(value, lambda v: parameter(run, [v, *args[1:]], kwargs))
    if isinstance(value, Free):
        value = run.free.tensor(value, (1, 2, 3, 4))
    if not isinstance(value, Tensor):
        return value if isinstance(value, Unknown) else Unknown("a parameter of a value that is not known")
    made = Tensor(value.shape, value.dtype, value.layout, value.offset, value.elements, "parameter", value.device)
    made.made = run.made_here("Parameter", (value,))
    learns = run.resolve(args[1] if len(args) > 1 else kwargs.get("requires_grad", True))
    made.trainable = False if learns is False else None
    return made


def buffer(run: Run, args: Args, kwargs: Kwargs) -> Any:
    value = parameter(run, args, kwargs)
    if isinstance(value, Tensor):
        value.role = "buffer"
    return value


def first(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """Functions that give back what they are given: `torch.compile`, `torch.jit.script`, `typing.cast` is `second`."""
    return args[0] if args else Native("decorator", first)


def progress(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`tqdm(items)` yields the items."""
    items = args[0] if args else kwargs.get("iterable")
    return Unknown("a progress bar") if items is None else items


def second(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return args[1] if len(args) > 1 else Unknown("typing.cast")


def nothing(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return None


def decorating(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """A context manager that also decorates: `torch.no_grad()`."""
    return args[0] if args and isinstance(args[0], (Function, Class)) else Native("decorator", lambda r, a, k: a[0] if a else None)


def dataclass(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`@dataclass(frozen=True)`"""

    def decorate(run: Run, args: Args, kwargs: Kwargs) -> Any:
        return run.classes.dataclass(args[0]) if args and isinstance(args[0], Class) else args[0] if args else None

    return decorate(run, args, {}) if args else Native("dataclass", decorate)


def wraps(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`functools.wraps(f)`: the function that is decorated goes by the name of `f`."""
    wrapped = run.resolve(args[0]) if args else kwargs.get("wrapped")

    def decorate(run: Run, args: Args, kwargs: Kwargs) -> Any:
        made = args[0] if args else None
        inner: Any = wrapped
        while isinstance(inner, (Function, Bound, Partial)) and inner is not made:
            inner = inner.wrapped if isinstance(inner, Function) else inner.function
        if isinstance(made, Function) and inner is not made:  # `wraps(f)(torch.compile(f))`: here that is f in f
            made.wrapped = wrapped
        return made

    return Native("decorator", decorate)


def import_module(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`importlib.import_module("package.module")`, by a name that is known and absolute."""
    name = run.resolve(args[0]) if args else run.resolve(kwargs.get("name"))
    if not isinstance(name, str) or not name or name.startswith(".") or not run.frames:
        return Unknown("a module whose name is not known")
    return run.imports.named(name, run.frames[-1])


def import_top(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`__import__("package.module")` gives the package."""
    if len(args) != 1 or kwargs:
        return Unknown("__import__()")
    found = import_module(run, args, kwargs)
    return found if isinstance(found, Unknown) else import_module(run, [run.resolve(args[0]).partition(".")[0]], {})


def make_object(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`type.__call__(cls, *args)`"""
    cls = run.resolve(args[0]) if args else None
    return run.classes.instantiate_itself(cls, args[1:], kwargs) if isinstance(cls, Class) else Unknown("type.__call__")


def copy_sign(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`math.copysign(x, size)`: the sign of a size is known more often than the size."""
    values = [run.resolve(value) for value in args]
    if len(values) == 2 and isinstance(values[0], (int, float)) and isinstance(values[1], Poly):
        low, high = run.facts.bounds(values[1])
        if low is not None and low >= 0:
            return math.copysign(values[0], 1)
        return math.copysign(values[0], -1) if high is not None and high < 0 else Unknown("math.copysign")
    return MATH["copysign"](run, args, kwargs)


def size(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[0]) if args else ()
    return Shape(items) if isinstance(items, tuple) else Unknown("torch.Size of values that are not known")


def is_tensor(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return CALLS["isinstance"](run, [args[0], External("torch.Tensor")], {})


def data_parallel(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`nn.DataParallel(model)` computes what the model computes."""
    model = run.resolve(args[0] if args else kwargs.get("module"))
    return model if is_module(model) else Unknown("nn.DataParallel")


def _kind_test(*kinds: type) -> Call:
    """`inspect.isfunction` and its kin."""

    def test(run: Run, args: Args, kwargs: Kwargs) -> Any:
        value = run.resolve(args[0]) if args else MISSING
        return run.undecided() if isinstance(value, (Unknown, Free, Choice, External)) else isinstance(value, kinds)

    return test


def _ntuple(count: int) -> Call:
    """`torch.nn.modules.utils._pair` and its kin: one value repeated, a sequence as a tuple."""

    def convert(run: Run, args: Args, kwargs: Kwargs) -> Any:
        value = run.resolve(args[0])
        if isinstance(value, (tuple, ListValue)):
            return run.items(value) if isinstance(run.items(value), tuple) else Unknown("a tuple of unknown length")
        if isinstance(value, Free) and value.kind != "int":
            return run.free.unpack(value, count)
        return value if isinstance(value, Unknown) else (value,) * count

    return convert


def _make_ntuple(run: Run, args: Args, kwargs: Kwargs) -> Any:
    count = run.resolve(args[0])
    return Native("ntuple", _ntuple(count)) if isinstance(count, int) else Unknown("_ntuple")


def checkpoint(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`torch.utils.checkpoint.checkpoint(function, *args)` calls the function."""
    options = ("use_reentrant", "preserve_rng_state", "context_fn", "determinism_check", "debug", "early_stop")
    return run.call(args[0], args[1:], {key: value for key, value in kwargs.items() if key not in options})


def undecided(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return run.undecided()


def asserted(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`torch._assert(condition, message)`"""
    truth = run.truth(args[0] if args else kwargs.get("condition"))
    if truth is False or (truth is not True and not run.state.assume(truth, True)):
        raise PyRaise("AssertionError", None, run.frames[-1].place if run.frames else None)


def random_integer(inclusive: bool) -> Call:
    """`random.randint(a, b)` with b, `random.randrange(a, b)` and `numpy.random.randint(a, b)` without it."""

    def draw(run: Run, args: Args, kwargs: Kwargs) -> Any:
        values = [run.resolve(value) for value in args]
        if kwargs or len(values) not in (1, 2) or not all(isinstance(value, int) for value in values):
            return next((value for value in values if isinstance(value, Unknown)), Unknown("a random number"))
        low, high = (0, values[0]) if len(values) == 1 else values
        high -= not inclusive
        if low > high:
            raise PyRaise("ValueError")
        return low if low == high else run.fresh("number", low, high)

    return draw


def false(run: Run, args: Args, kwargs: Kwargs) -> Any:
    return False


def field(run: Run, args: Args, kwargs: Kwargs) -> Any:
    """`dataclasses.field(default=…, default_factory=…)`"""
    made = Instance(Class("field", (), {}))
    made.attrs.update(kwargs)
    return made


MATH = {
    name: _math(getattr(math, name))
    for name in (
        "sqrt",
        "hypot",
        "factorial",
        "dist",
        "log",
        "log2",
        "log10",
        "exp",
        "pow",
        "sin",
        "cos",
        "tan",
        "atan",
        "atan2",
        "fabs",
        "gcd",
        "lcm",
        "isqrt",
        "erf",
        "radians",
        "comb",
        "isclose",
        "copysign",
    )
    if hasattr(math, name)
}
TABLE: dict[str, Call] = {
    **{f"math.{name}": call for name, call in MATH.items()},
    **{f"numpy.{name}": MATH[name] for name in ("sqrt", "log", "log2", "exp", "sin", "cos")},
    "math.copysign": copy_sign,
    "type.__call__": make_object,
    "importlib.import_module": import_module,
    "__import__": import_top,
    "math.ceil": _ceil,
    "math.floor": _floor,
    "math.trunc": _floor,
    "numpy.ceil": _ceil,
    "numpy.floor": _floor,
    "math.prod": _prod,
    "numpy.prod": _prod,
    "functools.partial": partial,
    "functools.reduce": _reduce,
    "functools.wraps": wraps,
    "functools.lru_cache": decorating,
    **iteration.TABLE,
    **limits.TABLE,
    **loading.TABLE,
    **arrays.TABLE,
    **regex.TABLE,
    **{f"operator.{name}": _operator(op) for op, name in operators.DUNDER.items() if name not in ("and", "or")},
    **{f"operator.{name}_": _operator(op) for op, name in operators.DUNDER.items() if name in ("and", "or")},
    **{f"operator.{name}": _comparison(op) for op, name in operators.COMPARE.items()},
    "operator.neg": lambda run, args, kwargs: operators.unary(run, "-", args[0]),
    "operator.not_": lambda run, args, kwargs: operators.unary(run, "not", args[0]),
    "operator.getitem": lambda run, args, kwargs: run.subscript(args[0], args[1]),
    "operator.itemgetter": _getter(lambda run, value, key: run.subscript(value, key)),
    "operator.attrgetter": _getter(_attributes),
    "copy.deepcopy": deepcopy,
    "copy.copy": shallow,
    "collections.OrderedDict": ordered_dict,
    "typing.OrderedDict": ordered_dict,
    "collections.defaultdict": default_dict,
    "collections.deque": deque,
    "collections.namedtuple": records.make_named_tuple,
    "dataclasses.dataclass": dataclass,
    "dataclasses.field": field,
    "dataclasses.replace": records.replace,
    "dataclasses.asdict": records.as_dict,
    "dataclasses.fields": records.fields,
    "dataclasses.is_dataclass": records.is_a_dataclass,
    "enum.auto": lambda run, args, kwargs: records.AUTO,
    "typing.cast": second,
    "typing.TypeVar": nothing,
    "warnings.warn": nothing,
    "torch.nn.Parameter": parameter,
    "torch.nn.Buffer": buffer,
    "torch.Size": size,
    "torch.is_tensor": is_tensor,
    "torch.nn.DataParallel": data_parallel,
    "torch.nn.parallel.DistributedDataParallel": data_parallel,
    "torch.utils.checkpoint.checkpoint": checkpoint,
    "torch.compile": first,
    "torch.autograd.Variable": first,
    **dict.fromkeys(("tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.notebook.tqdm", "tqdm.rich.tqdm", "tqdm.std.tqdm"), progress),
    **dict.fromkeys(("tqdm.trange", "tqdm.auto.trange"), CALLS["range"]),
    "torch.jit.script": first,
    "torch.jit.script_if_tracing": first,
    "torch.jit.annotate": second,
    "torch.jit.is_scripting": false,
    "torch.jit.is_tracing": false,
    "torch.compiler.is_compiling": false,
    "torch.onnx.is_in_onnx_export": false,
    "torch.overrides.has_torch_function": false,
    "torch.overrides.has_torch_function_unary": false,
    "torch.cuda.is_available": undecided,
    "torch.fx.wrap": first,
    "torch._assert": asserted,
    "torch._C._log_api_usage_once": nothing,
    **{f"torch.nn.modules.utils.{name}": _ntuple(n) for n, name in enumerate(("_single", "_pair", "_triple", "_quadruple"), 1)},
    "torch.nn.modules.utils._ntuple": _make_ntuple,
    "inspect.signature": parameters.signature,
    "inspect.isfunction": _kind_test(Function),
    "inspect.isclass": _kind_test(Class),
    "inspect.ismethod": _kind_test(Bound),
    "inspect.isroutine": _kind_test(Function, Bound, Native),
    "torch.manual_seed": nothing,
    "random.seed": nothing,
    "numpy.random.seed": nothing,
    "random.randint": random_integer(True),
    "random.randrange": random_integer(False),
    "numpy.random.randint": random_integer(False),
    "random.random": lambda run, args, kwargs: Free(f"random'{run.serial('random')}", "float"),
    "torch.set_grad_enabled": decorating,
    "torch.no_grad": decorating,
    "torch.inference_mode": decorating,
    "torch.enable_grad": decorating,
    "torch.autocast": decorating,
    "torch.cuda.amp.autocast": decorating,
    "torch.amp.autocast": decorating,
}
CONSTANTS = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.inf": math.inf,
    "math.nan": math.nan,
    "torch.pi": math.pi,
    "torch.inf": math.inf,
    "torch.e": math.e,
    "torch.nan": math.nan,
    "numpy.pi": math.pi,
    "numpy.inf": math.inf,
    "typing.TYPE_CHECKING": False,
    "numpy.newaxis": None,
    "torch.newaxis": None,
    "torch.backends.mps": Unknown("torch.backends"),
    "sys.version_info": Unknown("sys.version_info"),
}
RAISES = ("pytest.raises", "pytest.warns", "contextlib.suppress")
