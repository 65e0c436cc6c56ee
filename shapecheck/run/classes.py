"""Classes: defining them, making objects, decorators, `super()`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from shapecheck.book.loader import find_layer
from shapecheck.book.outcome import Refused
from shapecheck.run import autograd, commandline, loading, mappings, pictures, records
from shapecheck.run.bounded import A_DECORATOR, short
from shapecheck.run.frame import Frame
from shapecheck.run.objects import (
    Bound,
    Class,
    ClassMethodValue,
    Env,
    Function,
    Native,
    Partial,
    PropertyValue,
    PyRaise,
    StaticValue,
    Super,
)
from shapecheck.run.statements import block
from shapecheck.source import ir
from shapecheck.values import MISSING, Choice, DictValue, External, Free, Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MODULE = "torch.nn.Module"
PLAIN_BASES = frozenset(
    (
        "object",
        "abc.ABC",
        "typing.Generic",
        "typing.Protocol",
        "typing.NamedTuple",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "collections.abc.Callable",
    )
)
# packages whose decorators leave a function's parameters as they are
PLAIN = frozenset((*sys.stdlib_module_names, "torch", "jaxtyping", "beartype", "typeguard", "typing_extensions"))


MADE = (
    records.base_class,
    autograd.base_class,
    commandline.parser_class,
    loading.data_class,
    pictures.picture_class,
)  # classes that are known by name


def _module_init(run: Run, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> None:
    """`nn.Module.__init__(self)`: it does not call the constructors of classes behind it."""
    receiver = run.resolve(args[0]) if args else None
    if isinstance(receiver, Instance):
        run.modules.init(receiver)


class Classes:
    """Classes of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.module = Class("Module", (), {}, None)
        self.module.full_name = MODULE
        self.module.namespace["__init__"] = Native("__init__", _module_init, tolerant=True)
        self.library: dict[str, Class] = {MODULE: self.module}
        self._no_class: set[str] = set()  # names that were asked for and are no class's
        self.mappings: dict[str, Class | None] = {}  # `dict` and its kin as bases of the user's classes

    # defining

    def external(self, name: str) -> Class | None:
        """The class of a library that the book or the interpreter knows: a layer, `nn.Module`, a container."""
        known = self.library.get(name)
        if known is not None or name in self._no_class:
            return known
        stated = self.run.signatures.layer(name)
        if stated is not None:
            cls = self.library[name] = Class(stated.name, (self.module,), {}, f"what {name} has besides its signature")
            cls.layer, cls.full_name = stated, name
            return cls
        container = self.run.modules.container(name)
        if container is not None:
            self.library[name] = container
            return container
        record = next((found for made in MADE if (found := made(name)) is not None), None)
        if record is not None:
            self.library[name] = record
            return record
        rule = find_layer(name)
        if rule is None:
            self._no_class.add(name)
            return None
        cls = Class(rule.name, (self.module,) if rule.module else (), {}, None)
        cls.layer = rule
        cls.full_name = rule.names[0]
        self.library[name] = cls
        return cls

    def as_value(self, cls: Class) -> Any:
        """A class as the program's text has it: one of a library is its name, so that it equals what is imported."""
        return External(cls.full_name) if self.library.get(cls.full_name) is cls else cls

    def base(self, value: Any) -> Class | None:
        """A base class from its value; None for one that adds nothing; an open class for one that is not followed."""
        value = self.run.resolve(value)
        if isinstance(value, Class):
            return value
        if isinstance(value, External):
            cls = self.external(value.name)
            if cls is not None or value.name in PLAIN_BASES:
                return cls
            if value.name not in self.mappings:
                self.mappings[value.name] = mappings.base_class(value.name)
            if self.mappings[value.name] is not None:
                return self.mappings[value.name]
            return Class(value.name.rpartition(".")[2], self._likely_bases(value.name), {}, f"the class {value.name}")
        if isinstance(value, Choice):
            return self.base(value.yes)
        why = value.why if isinstance(value, Unknown) else f"a base class {self.run.describe(value)}"
        return Class("?", (), {}, why)

    def _likely_bases(self, name: str) -> tuple[Class, ...]:
        """Frameworks whose module classes are `nn.Module`s with more methods."""
        last = name.rpartition(".")[2]
        return (self.module,) if last in ("LightningModule", "PreTrainedModel", "ModelMixin") or name.startswith("torch.nn.") else ()

    def define(self, node: Any, frame: Frame) -> Class:
        run = self.run
        bases: list[Class] = []
        unseen = False  # a metaclass that makes objects in a way of its own
        meta: Class | None = None
        for arg in node.bases:
            if arg.name is None:
                value = run.evaluate(arg.value, frame)
                if arg.star:
                    bases.append(Class("?", (), {}, "bases given with a star"))
                    continue
                cls = self.base(value)
                if cls is not None and cls not in bases:
                    bases.append(cls)
            elif arg.name == "metaclass":
                given = run.resolve(run.evaluate(arg.value, frame))
                meta = self.base(given)
                unseen = unseen or calls_in_its_own_way(given)
        env = Env(frame.namespace, frame.env)
        inner = Frame(frame.namespace, env, frame.chunk, node.name, None, run.state.mark(), len(run.state.forks))
        annotations: list[tuple[str, Any, bool]] = []
        inner.yielded = annotations  # annotated names of the body, for dataclasses
        run.frames.append(inner)
        try:
            block(run, node.body, inner)
        finally:
            run.frames.pop()
        cls = Class(node.name, tuple(bases), env.names, "a metaclass that makes objects in a way of its own" if unseen else None)
        cls.node, cls.env, cls.chunk = node, frame.env, frame.chunk
        cls.meta = meta or cls.meta
        cls.fields = annotations
        cls.full_name = f"{frame.namespace.name}.{node.name}"
        if records.is_enum(cls):
            records.make_members(run, cls)
        for function in inner.defined:
            function.owner = cls
            if function.env is env:  # a method's free names are looked up around the class, never in its body
                function.env = frame.env
        run.classes_seen.append(cls)
        return cls

    def note_annotation(self, node: Any, frame: Frame) -> None:
        """Remember an annotated name of a class body, in order, for a dataclass."""
        if frame.function is None and frame.label != "<module>" and type(node.target) is ir.Name:
            name = node.target.id
            frame.yielded.append((name, frame.env.names.get(name, MISSING), node.value is not None))

    def decorate(self, decorator: Any, value: Any, node: Any) -> Any:
        """What a decorator makes of a function or class; one that is not known is seen through."""
        run = self.run
        decorator = run.resolve(decorator)
        if isinstance(decorator, External):
            name = decorator.name
            if name in ("property", "functools.cached_property", "abc.abstractproperty", "torch.jit.unused_property"):
                return PropertyValue(value)
            if name == "staticmethod":
                return StaticValue(value)
            if name == "classmethod":
                return ClassMethodValue(value)
            if name in ("dataclasses.dataclass", "attr.s", "attrs.define", "attr.dataclass") and isinstance(value, Class):
                return self.dataclass(value)
            if name in ("contextlib.contextmanager", "contextlib.asynccontextmanager") and isinstance(value, Function):
                value.context_manager = True
                return value
            return value if name.partition(".")[0] in PLAIN else veiled(value)
        if isinstance(decorator, Native):
            return decorator.call(run, [value], {})
        if isinstance(decorator, Bound) and isinstance(decorator.receiver, PropertyValue):  # @x.setter
            decorator.receiver.setter = value
            return decorator.receiver
        if isinstance(decorator, Partial) and isinstance(decorator.function, (External, Native)):
            return self.decorate(decorator.function, value, node)
        if isinstance(decorator, (Function, Bound, Class)):
            result = short(run, A_DECORATOR, lambda: run.call(decorator, [value], {}), None)
            return veiled(value) if isinstance(result, (Unknown, Free)) or result is None else result
        return veiled(value)

    def dataclass(self, cls: Class) -> Class:
        """Give a class the constructor that `@dataclass` writes."""
        fields: list[tuple[str, Any, bool]] = []
        for base in reversed(cls.mro):
            for field in base.fields or ():
                fields = [other for other in fields if other[0] != field[0]] + [field]
        cls.namespace["__init__"] = Native(f"{cls.name}.__init__", lambda run, args, kwargs: self._fill(cls, fields, args, kwargs))
        return cls

    def _fill(self, cls: Class, fields: list[tuple[str, Any, bool]], args: list[Any], kwargs: dict[str, Any]) -> None:
        run = self.run
        instance, rest = args[0], args[1:]
        names = [name for name, _, _ in fields]
        given = dict(zip(names, rest, strict=False))
        given.update(kwargs)
        for name, default, has_default in fields:
            value = given.get(name, MISSING)
            if value is MISSING:
                value = default if has_default else Free(f"{cls.name}.{name}")
                if isinstance(value, Instance) and value.cls.name == "field":
                    maker = value.attrs.get("default_factory", MISSING)
                    value = (
                        run.call(maker, [], {}) if maker is not MISSING else value.attrs.get("default", Unknown("a field without default"))
                    )
            run.state.put(instance.attrs, name, value)
        after = cls.find("__post_init__")
        if after is not None:
            run.call(Bound(after[0], instance), [], {})

    # making objects

    def instantiate(self, cls: Class, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        """`cls(*args)`, as its metaclass has it where that says how its classes are called."""
        found = cls.meta.find("__call__") if cls.meta is not None else None
        if found is not None:
            return self.run.call(Bound(found[0], cls), args, kwargs, unclear)
        return self.instantiate_itself(cls, args, kwargs, unclear)

    def instantiate_itself(self, cls: Class, args: list[Any], kwargs: dict[str, Any], unclear: str | None = None) -> Any:
        """`type.__call__(cls, *args)`"""
        run = self.run
        if records.is_enum(cls):
            return records.member(run, cls, args)
        maker = cls.find("__new__")
        if maker is not None and maker[1] is not self.module:
            made = run.call(maker[0].function if isinstance(maker[0], StaticValue) else maker[0], [cls, *args], kwargs, unclear)
            if not (isinstance(made, Instance) and cls in made.cls.mro):
                return made
            instance = made
        else:
            instance = Instance(cls, run.made_here(cls.name, ()), run.call_site())
            instance.attrs.born = run.state.birth
        run.constructed.append((instance, tuple(args), dict(kwargs)))
        run.state.put(run.unfinished, id(instance), instance)
        if unclear is not None or any(isinstance(run.resolve(value), Unknown) for value in (*args, *kwargs.values())):
            run.state.put(run.vague, id(instance), instance)
        made = self._initialise(instance, cls, args, kwargs, unclear)
        run.state.remove(run.unfinished, id(instance))
        return made

    def constructor(self, cls: Class) -> tuple[Any, Class] | None:
        """The function that says what a class is built with: `__init__`, or a `__new__` that stands before it."""
        made, initialised = cls.find("__new__"), cls.find("__init__")
        if made is None or made[1] is self.module or (initialised is not None and cls.mro.index(initialised[1]) <= cls.mro.index(made[1])):
            return initialised
        return (made[0].function, made[1]) if isinstance(made[0], StaticValue) else made

    def blank(self, cls: Any) -> Any:
        """`object.__new__(cls)`"""
        cls = self.run.resolve(cls)
        return (
            Instance(cls, self.run.made_here(cls.name, ()), self.run.call_site()) if isinstance(cls, Class) else Unknown("object.__new__")
        )

    def _initialise(self, instance: Instance, cls: Class, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        run = self.run
        found = cls.find("__init__")
        rule = cls.rule
        if rule is not None and (found is None or cls.mro.index(found[1]) > next(i for i, c in enumerate(cls.mro) if c.layer is rule)):
            if unclear is not None:
                return run.modules.construct(instance, rule, args, kwargs, unclear)
            return run.memory.build(instance, cls, args, kwargs, lambda: run.modules.construct(instance, rule, args, kwargs, None))
        if found is not None:
            if unclear is not None or not isinstance(found[0], Function):
                run.call(Bound(found[0], instance), args, kwargs, unclear)
                return instance
            run.memory.build(instance, cls, args, kwargs, lambda: run.call(Bound(found[0], instance), args, kwargs))
        elif run.modules.is_module_class(cls):
            run.modules.init(instance)
        elif cls.open is not None:
            pass
        return instance

    def bare_super(self, frame: Frame) -> Any:
        """`super()` without arguments."""
        env: Env | None = frame.env
        if frame.owner is None:
            return Unknown("super() outside a class")
        function = frame.function
        receiver: Any = frame.receiver
        if function is not None and function.params:
            receiver = env.names.get(function.params[0].name, receiver) if env is not None else receiver
        return Super(frame.owner, receiver)

    def super_attribute(self, value: Super, name: str) -> Any:
        """An attribute looked up behind `value.cls`."""
        run = self.run
        receiver = value.receiver
        cls = receiver.cls if isinstance(receiver, Instance) else receiver
        if not isinstance(cls, Class):
            return Unknown("super() of something that is no object")
        if isinstance(receiver, Class) and receiver.meta is not None and value.cls in receiver.meta.mro:
            return self._behind_metaclass(receiver, receiver.meta, value.cls, name)
        found = cls.find(name, after=value.cls)
        behind = cls.mro[cls.mro.index(value.cls) + 1 :] if value.cls in cls.mro else ()
        rule = next((c.layer for c in behind if c.layer is not None), None)
        layer_first = rule is not None and found is not None and [c.layer is rule for c in behind].index(True) < behind.index(found[1])
        if found is not None and not (layer_first and name in ("__init__", "forward", "__call__")):
            return self.bind(found[0], receiver, cls)
        if isinstance(receiver, Instance) and rule is not None and name in ("__init__", "forward", "__call__"):
            layer_rule = rule
            if name == "__init__":
                return Native(
                    "__init__",
                    lambda run, args, kwargs, unclear=None: run.modules.construct(receiver, layer_rule, args, kwargs, unclear),
                    tolerant=True,
                )
            return Native("forward", lambda run, args, kwargs: run.modules.layer_forward(receiver, layer_rule, args, kwargs))
        if isinstance(receiver, Instance) and run.modules.is_module_class(cls):
            method = run.modules.method(receiver, name)
            if method is not None:
                return method
        if name == "__init__":
            return run.builtins["__nothing__"]
        if name == "__new__":
            return Native(name, lambda run, args, kwargs: self.blank(args[0] if args else cls))
        if isinstance(receiver, Instance) and name in ("__getattribute__", "__getattr__"):
            return Native(name, lambda run, args, kwargs: self._plain_attribute(receiver, args))
        if name in ("__setattr__", "__setitem__", "__init_subclass__"):
            return Native(name, lambda run, args, kwargs: run.set_attribute(receiver, args[0], args[1]) if len(args) == 2 else None)
        why = next((base.open for base in cls.mro if base.open), None)
        return Unknown(why or f"super().{name}")

    def _behind_metaclass(self, cls: Class, meta: Class, behind: Class, name: str) -> Any:
        """`super().name` in a method of a metaclass."""
        found = meta.find(name, after=behind)
        if found is not None:
            return Bound(found[0], cls) if isinstance(found[0], Function) else found[0]
        if name == "__call__":
            return Native(name, lambda run, args, kwargs, unclear=None: self.instantiate_itself(cls, args, kwargs, unclear), tolerant=True)
        return Unknown(f"super().{name} of a metaclass")

    def bind(self, value: Any, receiver: Any, cls: Class) -> Any:
        """A class attribute as it is seen through an object."""
        if isinstance(value, (Function, Native)):
            return Bound(value, receiver) if isinstance(receiver, Instance) else value
        if isinstance(value, PropertyValue):
            return self.run.call(value.getter, [receiver], {})
        if isinstance(value, StaticValue):
            return value.function
        if isinstance(value, ClassMethodValue):
            return Bound(value.function, receiver.cls if isinstance(receiver, Instance) else receiver)
        return value

    def _plain_attribute(self, instance: Instance, args: list[Any]) -> Any:
        """`super().__getattr__(name)`: what is there without the class's own hook."""
        name = self.run.resolve(args[0]) if args else MISSING
        return self.attribute(instance, name, hooked=False) if isinstance(name, str) else Unknown("an attribute that is not known by name")

    def attribute(self, instance: Instance, name: str, hooked: bool = True) -> Any:
        """`object.name`; refused where nothing can have set it. hooked: a `__getattr__` of the class is asked for what is not there."""
        run = self.run
        value = instance.attrs.get(name, MISSING)
        if value is not MISSING:
            if type(value) is Choice:
                value = run.settled(value)
            if value is not MISSING:
                return value
        cls = instance.cls
        found = cls.find(name)
        if found is not None:
            return self.bind(found[0], instance, cls)
        if name == "__class__":
            return self.as_value(cls)
        if name == "__module__":
            return module_of(cls)
        if name == "__dict__":
            return DictValue(dict(instance.attrs))
        if name == "__doc__":
            return Unknown("the text of a class")
        if name in ("_modules", "_parameters", "_buffers") and run.modules.is_module_class(cls):
            return run.modules.registered(instance, name)
        is_module = run.modules.is_module_class(cls)
        if is_module:
            method = run.modules.method(instance, name)
            if method is not None:
                return method
        if cls.rule is not None and hasattr(cls.rule.cls, name) and not name.startswith("_"):
            return run.modules.rule_attribute(instance, cls.rule, name)
        hook = cls.find("__getattr__") if hooked else None
        if hook is not None:
            return run.call(Bound(hook[0], instance), [name], {})
        if cls.open is not None:
            return Unknown(cls.open)
        if cls.layer is not None:
            return Unknown(f"{name} of a {cls.name}")
        if "?" in instance.attrs:
            return Unknown("attributes set under names that are not known")
        if not hooked:
            raise PyRaise("AttributeError")
        if not is_module or name.startswith("__") or run.set_somewhere(cls, name) or not run.finished(instance):
            return Unknown(f"{cls.name} has no attribute {name} here")
        return run.refused(
            Refused(
                "SHP120",
                f"'{cls.name}' object has no attribute '{name}'",
                message=f"{cls.name} has no attribute '{name}'",
                error="AttributeError",
            )
        )


def calls_in_its_own_way(metaclass: Any) -> bool:
    """Whether a metaclass may do other things than `type` with its classes; a `__call__` of its own is followed."""
    if isinstance(metaclass, Class):
        return any(name in base.namespace for base in metaclass.mro for name in ("__new__", "__init__", "__getattr__"))
    return not (isinstance(metaclass, External) and metaclass.name in ("type", "abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"))


def veiled(value: Any) -> Any:
    """A function behind a decorator that is not known: taken for the function itself, though its callers may see other parameters."""
    if isinstance(value, Function):
        value.veiled = True
    return value


def module_of(value: Class | Function) -> Any:
    """`__module__`: the dotted name of the file that defines a class or function, where it does not depend on how the file is run."""
    namespace = value.env.globals if value.env is not None else None
    if namespace is None or (namespace.main and "." not in namespace.name):
        return Unknown("__module__")
    return namespace.name  # a file of a package is imported, if anything is to be had of it
