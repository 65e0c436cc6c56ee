"""`nn.Module` objects: building, calling, their registered parts and the methods every module has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from shapecheck.book.bind import Signature
from shapecheck.book.dtypes import FLOATS
from shapecheck.book.handle import Handle
from shapecheck.book.outcome import Refused
from shapecheck.run import containers, folding
from shapecheck.run.free import from_call
from shapecheck.run.objects import Bound, Class, Native, PyRaise, is_module
from shapecheck.run.tensors import forget_float
from shapecheck.values import MISSING, Choice, DictValue, DType, Free, Instance, ListValue, Repeated, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.book.rule import LayerRule
    from shapecheck.run.run import Run

Method = Callable[["Run", Instance, list[Any], dict[str, Any]], Any]


class Modules:
    """Modules of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def is_module_class(self, cls: Class) -> bool:
        return self.run.classes.module in cls.mro

    def container(self, name: str) -> Class | None:
        """`nn.Sequential` and its kin, which the interpreter itself knows."""
        methods = containers.CLASSES.get(name)
        if methods is None:
            return None
        cls = Class(name.rpartition(".")[2], (self.run.classes.module,), {}, None)
        cls.full_name = name
        for key, function in methods.items():
            cls.namespace[key] = Native(key, function)
        return cls

    # building

    def init(self, instance: Instance) -> None:
        """`nn.Module.__init__`"""
        if "training" not in instance.attrs:
            self.run.state.put(instance.attrs, "training", self.run.training)

    def construct(self, instance: Instance, rule: LayerRule, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        """Build a layer of the book, as itself or as the base of a class of the user's."""
        run = self.run
        if rule.module:
            self.init(instance)
        if unclear is not None:
            run.state.put(instance.attrs, "?", Unknown(unclear))
            return instance
        for position, value in enumerate((*args, *kwargs.values())):
            value = run.resolve(value)
            if type(value) is Choice:
                return self._construct_either(instance, rule, args, kwargs, position, value)
        instance.call = run.call_site()
        args = [run.resolve(value) for value in args]
        kwargs = {key: run.resolve(value) for key, value in kwargs.items()}
        built = run.book(lambda: rule.construct(self.handle(instance, rule), args, kwargs), rule.names[0], instance, args)
        if isinstance(built, Unknown):  # refused, or not followed to its end: attributes may be missing
            run.state.put(instance.attrs, "?", built)
        return instance

    def rule_attribute(self, instance: Instance, rule: LayerRule, name: str) -> Any:
        """A method of a layer besides forward, where its rule has one (`lstm.flatten_parameters`)."""
        method = getattr(rule.cls, name, None)
        if "?" in instance.attrs:
            return Unknown(getattr(instance.attrs["?"], "why", "a layer built from unknown arguments"))
        if name.startswith("_") or not callable(method):
            return Unknown(f"{name} of a {rule.name}")
        found = method

        def call(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
            def apply(given: list[Any], named: dict[str, Any]) -> Any:
                positional, keywords = Signature(found, skip_first=True).bind(given, named, f"{rule.name}.{name}()", {})
                return found(self.handle(instance, rule), *positional, **keywords)

            return run.lifted(
                args, kwargs, lambda given, named: run.book(lambda: apply(given, named), f"{rule.names[0]}.{name}", instance, given)
            )

        return Native(name, call)

    def _construct_either(
        self, instance: Instance, rule: Any, args: list[Any], kwargs: dict[str, Any], position: int, value: Choice
    ) -> Any:
        def with_value(chosen: Any) -> Any:
            new_args = list(args)
            new_kwargs = dict(kwargs)
            if position < len(args):
                new_args[position] = chosen
            else:
                new_kwargs[list(kwargs)[position - len(args)]] = chosen
            return self.construct(instance, rule, new_args, new_kwargs, None)

        self.run.lift(value, with_value)
        return instance

    def handle(self, instance: Instance, rule: LayerRule) -> Any:
        return Handle(instance, rule.cls, self._store)

    def _store(self, target: Instance, name: str, value: Any) -> None:
        """An attribute that a rule sets: a tensor of its own, even where a rule makes one for two names."""
        if isinstance(value, Tensor) and value.role and any(other is value for other in target.attrs.values()):
            value = copy_of(value, value.dtype)
        if isinstance(value, Tensor) and not isinstance(target.attrs.get(name), Tensor):
            self.run.state.remove(target.attrs, name)  # `bias=True` was an argument; the parameter is registered only now
        if self.run.float_is_open:
            forget_float(value)
        self.run.state.put(target.attrs, name, value)

    # calling

    def forward(self, instance: Instance, found: Any, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        """Call a module: its own `forward`, or the rule of the layer it is."""
        recorder = self.run.recorder
        if recorder is None:
            return self._forward(instance, found, args, kwargs, unclear)
        return recorder.call(instance, args, kwargs, lambda: self._forward(instance, found, args, kwargs, unclear))

    def _forward(self, instance: Instance, found: Any, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        run = self.run
        rule = instance.cls.rule
        order = instance.cls.mro
        layer_at = next((place for place, cls in enumerate(order) if cls.layer is not None), len(order))
        if found is not None and order.index(found[1]) <= layer_at:
            run.note_forward(instance, args)
            if unclear is None:
                result = run.memory.forward(instance, args, kwargs, lambda: run.calls.call(Bound(found[0], instance), args, kwargs))
                folding.look(run, instance, args, result)
            else:
                result = run.calls.call(Bound(found[0], instance), args, kwargs, unclear)
            run.followed.returned(instance, result)
            return result
        if unclear is not None:
            return Unknown(unclear)
        assert rule is not None
        result = self.layer_forward(instance, rule, args, kwargs)
        run.followed.returned(instance, result)
        return result

    def layer_forward(self, instance: Instance, rule: LayerRule, args: list[Any], kwargs: dict[str, Any]) -> Any:
        run = self.run
        if not rule.module:
            return Unknown(f"forward of {rule.name}, which is no module")
        unclear = run.resolve(instance.attrs.get("?", MISSING))
        if unclear is not MISSING and type(unclear) is not Choice:
            return Unknown(getattr(unclear, "why", "a layer built from unknown arguments"))
        for name, value in instance.attrs.items():
            if type(value) is tuple:
                value = choice_among(value)
            if type(value) is Choice:
                return run.lift(value, partial(self._with_attribute, instance, name, rule, args, kwargs))
        args = [run.resolve(value) for value in args]
        kwargs = {key: run.resolve(value) for key, value in kwargs.items()}
        if rule.lazy and args and isinstance(args[0], Free):
            return run.free.like(args[0])
        return run.lifted(
            args, kwargs, lambda a, k: run.book(lambda: rule.forward(self.handle(instance, rule), a, k), rule.names[0], instance, a)
        )

    def _with_attribute(self, instance: Instance, name: str, rule: Any, args: list[Any], kwargs: dict[str, Any], value: Any) -> Any:
        run = self.run
        old = instance.attrs[name]
        run.state.put(instance.attrs, name, value)
        try:
            return self.layer_forward(instance, rule, args, kwargs)
        finally:
            run.state.put(instance.attrs, name, old)

    # registered parts

    def children(self, module: Instance) -> list[tuple[str, Any]]:
        """Direct submodules with their names, in the order in which they were registered."""
        result = []
        for name, value in module.attrs.items():
            if type(value) is Choice:
                value = self.run.settled(value)
            if type(value) is Instance and is_module(value):
                result.append((name, value))
        return result

    def registered(self, module: Instance, kind: str) -> Any:
        """`module._modules`, `_parameters` or `_buffers`: what is registered directly."""
        if kind == "_modules":
            return DictValue(dict(self.children(module)), self._unclear(module))
        role = "parameter" if kind == "_parameters" else "buffer"
        return DictValue(
            {name: value for name, value in module.attrs.items() if isinstance(value, Tensor) and value.role == role}, self._unclear(module)
        )

    def _unclear(self, module: Instance) -> str | None:
        """Why a module may have more direct parts than are seen."""
        if isinstance(module.attrs.get("*"), Repeated):
            return "a list of modules of unknown length"
        why = module.attrs.get("?")
        return why.why if isinstance(why, Unknown) else None

    def walk(self, module: Instance, prefix: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Instance]]:
        """`named_modules()`: each module once, parents first."""
        seen = set() if seen is None else seen
        if id(module) in seen:
            return
        seen.add(id(module))
        yield prefix, module
        for name, child in self.children(module):
            yield from self.walk(child, f"{prefix}.{name}" if prefix else name, seen)

    def tensors(self, module: Instance, role: str) -> list[tuple[str, Tensor]]:
        """`named_parameters()` or `named_buffers()`: each tensor once."""
        found: list[tuple[str, Tensor]] = []
        seen: set[int] = set()
        for prefix, part in self.walk(module):
            for name, value in part.attrs.items():
                if isinstance(value, Tensor) and value.role == role and id(value) not in seen:
                    seen.add(id(value))
                    found.append((f"{prefix}.{name}" if prefix else name, value))
        return found

    def incomplete(self, module: Instance) -> str | None:
        """Why the parts of a module may not all be known."""
        for _, part in self.walk(module):
            for value in part.attrs.values():
                kind = type(value)
                if kind is Unknown:
                    return str(value.why)
                if kind is Repeated or kind is Choice:
                    return "a part that depends on a condition"
                if kind is Free and from_call(value):
                    return f"what {value.name} gives"
            if part.cls.open:
                return str(part.cls.open)
        return None

    def method(self, instance: Instance, name: str) -> Any:
        """A method of `nn.Module`, bound to the instance, or None."""
        function = METHODS.get(name)
        if function is None:
            return None
        if name == "__init__":
            return Native(name, lambda run, args, kwargs, unclear=None: function(run, instance, args, kwargs), tolerant=True)
        return Native(name, lambda run, args, kwargs: function(run, instance, args, kwargs))

    def contains(self, container: Instance, item: Any) -> Any:
        found = container.cls.find("__contains__")
        if found is None:
            return self.run.undecided()
        return self.run.call(Bound(found[0], container), [item], {})

    def delete_item(self, container: Instance, index: Any) -> None:
        found = container.cls.find("__delitem__")
        if found is not None:
            self.run.call(Bound(found[0], container), [index], {})

    def concatenate(self, a: Instance, b: Any) -> Any:
        items = [*containers.parts(self.run, a)]
        more = self.run.items(b)
        if not isinstance(more, tuple):
            return Unknown("a list of modules of unknown length")
        return self.run.classes.instantiate(
            a.cls, [*items, *more] if a.cls.name == "Sequential" else [ListValue((*items, *more))], {}, None
        )

    def set(self, instance: Instance, name: str, value: Any) -> None:
        """`module.name = value`, with torch's own refusal before `super().__init__()` has run."""
        run = self.run
        if "training" not in instance.attrs and instance.cls.open is None and not any(isinstance(v, Unknown) for v in (value,)):
            what = "module" if is_module(value) else "parameter" if isinstance(value, Tensor) and value.role == "parameter" else None
            if what is not None:
                plural = {"module": "module", "parameter": "parameters"}[what]
                run.refused(
                    Refused(
                        "SHP203",
                        f"cannot assign {plural} before Module.__init__() call",
                        message="a layer is assigned before super().__init__() has run",
                        error="AttributeError",
                        hint="call super().__init__() first",
                    )
                )
                self.init(instance)
        if name in instance.attrs and is_module(instance.attrs[name]) is False and is_module(value):
            run.state.remove(instance.attrs, name)
        run.state.put(instance.attrs, name, value)


def choice_among(items: tuple[Any, ...]) -> Any:
    """A tuple, or where items of it depend on a condition a choice of two tuples: `stride=(s, s)` with s of 1 or 2."""
    guard = next((item.guard for item in items if type(item) is Choice), None)
    if guard is None:
        return items
    yes = tuple(item.yes if type(item) is Choice and item.guard == guard else item for item in items)
    no = tuple(item.no if type(item) is Choice and item.guard == guard else item for item in items)
    return Choice(guard, yes, no)


# The methods of nn.Module


def _itself(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return self


def _mode(training: bool) -> Method:
    def set_mode(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
        mode = training
        if training and (args or kwargs):
            truth = run.truth(args[0] if args else next(iter(kwargs.values())))
            mode = truth if isinstance(truth, bool) else None  # type: ignore[assignment]
        for _, module in list(run.modules.walk(self)):
            run.state.put(module.attrs, "training", mode if mode is not None else Unknown("the mode is not known"))
        return self

    return set_mode


def _register_buffer(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    name, value = _name_and_value(args, kwargs, "tensor")
    return _register(run, self, name, value, "buffer")


def _register_parameter(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    name, value = _name_and_value(args, kwargs, "param")
    return _register(run, self, name, value, "parameter")


def _name_and_value(args: list[Any], kwargs: dict[str, Any], key: str) -> tuple[Any, Any]:
    given = list(args)
    name = given.pop(0) if given else kwargs.get("name", MISSING)
    value = given.pop(0) if given else kwargs.get(key, MISSING)
    return name, value


def _register(run: Run, self: Instance, name: Any, value: Any, role: str) -> None:
    name, value = run.resolve(name), run.resolve(value)
    if not isinstance(name, str) or value is MISSING:
        run.state.put(self.attrs, "?", Unknown("a name that is not known"))
        return
    if isinstance(value, Tensor):
        marked = Tensor(value.shape, value.dtype, value.layout, value.offset, value.elements, role, value.device)
        marked.made, marked.trainable = value.made, value.trainable
        value = marked
    run.state.put(self.attrs, name, value)


def _add_module(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    name, value = _name_and_value(args, kwargs, "module")
    name = run.resolve(name)
    if isinstance(name, int):
        name = str(name)
    if isinstance(name, str):
        run.modules.set(self, name, value)
    elif (
        self.cls.find("append") is not None and not containers.parts(run, self) and "*" not in self.attrs and is_module(run.resolve(value))
    ):
        run.modules.set(self, "0", value)  # the first part of a chain, whatever it is called
    else:
        run.state.put(self.attrs, "?", Unknown("a submodule under a name that is not known"))


def _parts(named: bool, deep: bool) -> Method:
    def collect(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
        why = run.modules.incomplete(self) if deep else None
        if why is not None:
            return Unknown(why)
        pairs = list(run.modules.walk(self)) if deep else run.modules.children(self)
        return ListValue(tuple(pairs if named else (module for _, module in pairs)))

    return collect


def _tensors(named: bool, role: str) -> Method:
    def collect(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
        why = run.modules.incomplete(self)
        if why is not None:
            return Unknown(why)
        pairs = run.modules.tensors(self, role)
        return ListValue(tuple(pairs if named else (tensor for _, tensor in pairs)))

    return collect


def _apply(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    for _, module in list(run.modules.walk(self)):
        try:
            run.call(args[0], [module], {})
        except PyRaise:
            break
    return self


def _submodule(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    path = run.resolve(args[0]) if args else None
    if not isinstance(path, str):
        return Unknown("a submodule that is not known by name")
    value: Any = self
    for name in filter(None, path.split(".")):
        value = run.attribute(value, name)
    return value


def _state_dict(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    why = run.modules.incomplete(self)
    items = dict(run.modules.tensors(self, "parameter") + run.modules.tensors(self, "buffer"))
    return DictValue(dict(items), why)


def _getattr(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    name = run.resolve(args[0]) if args else None
    return run.classes.attribute(self, name, hooked=False) if isinstance(name, str) else Unknown("an attribute that is not known by name")


def _setattr(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) == 2 and isinstance(args[0], str):
        run.modules.set(self, args[0], args[1])


def _nothing(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return None


def _unknown(why: str) -> Method:
    return lambda run, self, args, kwargs: Unknown(why)


def _init(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    run.modules.init(self)


def _requires_grad(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    truth = run.truth(args[0] if args else kwargs.get("requires_grad", True))
    for _, tensor in run.modules.tensors(self, "parameter"):
        run.state.put(tensor, "trainable", truth if isinstance(truth, bool) else Unknown("requires_grad is not known"))
    return self


def _cast_to(dtype: str | None) -> Method:
    """`module.double()`: floating parameters and buffers get the dtype."""

    def cast(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return _cast(run, self, dtype)

    return cast


def _to(run: Run, self: Instance, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`module.to(device)`, `module.to(dtype)`, `module.to(device, dtype)`"""
    given = [run.resolve(value) for value in (*args, *kwargs.values())]
    dtype = next((value for value in given if isinstance(value, DType)), None)
    if dtype is not None:
        return _cast(run, self, dtype.name)
    unsure = any(
        isinstance(value, (Unknown, Free, Choice)) for key, value in zip(kwargs, given[len(args) :], strict=True) if key == "dtype"
    )
    return _cast(run, self, None) if unsure or any(isinstance(value, Tensor) for value in given) else self


def _cast(run: Run, self: Instance, dtype: str | None) -> Any:
    for _, part in list(run.modules.walk(self)):
        for name, value in list(part.attrs.items()):
            if isinstance(value, Tensor) and value.role and value.dtype != dtype and value.dtype in FLOATS:
                run.state.put(part.attrs, name, copy_of(value, dtype))
    return self


def copy_of(tensor: Tensor, dtype: str | None) -> Tensor:
    """A tensor like another, of its own."""
    made = tensor.copy()
    made.dtype, made.elements = dtype, None
    return made


METHODS: dict[str, Method] = {
    "__init__": _init,
    "train": _mode(True),
    "eval": _mode(False),
    "register_buffer": _register_buffer,
    "register_parameter": _register_parameter,
    "add_module": _add_module,
    "register_module": _add_module,
    "children": _parts(False, False),
    "named_children": _parts(True, False),
    "modules": _parts(False, True),
    "named_modules": _parts(True, True),
    "parameters": _tensors(False, "parameter"),
    "named_parameters": _tensors(True, "parameter"),
    "buffers": _tensors(False, "buffer"),
    "named_buffers": _tensors(True, "buffer"),
    "apply": _apply,
    "get_submodule": _submodule,
    "get_parameter": _submodule,
    "get_buffer": _submodule,
    "state_dict": _state_dict,
    "load_state_dict": _unknown("the keys that load_state_dict returns"),
    "__getattr__": _getattr,
    "__setattr__": _setattr,
    "extra_repr": _unknown("text"),
    "zero_grad": _nothing,
    "compile": _nothing,
    **dict.fromkeys(
        ("cuda", "cpu", "share_memory", "to_empty", "xpu", "ipu"),
        _itself,
    ),
    "requires_grad_": _requires_grad,
    "to": _to,
    "type": _to,
    "float": _cast_to("float32"),
    "double": _cast_to("float64"),
    "half": _cast_to("float16"),
    "bfloat16": _cast_to("bfloat16"),
    **{
        name: _unknown("a hook")
        for name in (
            "register_forward_hook",
            "register_forward_pre_hook",
            "register_full_backward_hook",
            "register_backward_hook",
            "_register_load_state_dict_pre_hook",
            "register_load_state_dict_post_hook",
            "register_state_dict_pre_hook",
        )
    },
}
