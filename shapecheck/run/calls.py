"""Calls: functions of the user's, bound methods, classes, layers, ops of the book, natives."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shapecheck.book.bind import too_few, too_many
from shapecheck.book.outcome import Refused
from shapecheck.run.frame import Frame
from shapecheck.run.objects import (
    Bound,
    Class,
    ClassMethodValue,
    Env,
    Function,
    Generated,
    Native,
    Partial,
    PyRaise,
    StaticValue,
    TensorMethod,
)
from shapecheck.run.presence import ARGUMENTS_OF_AN_ENTRY
from shapecheck.run.statements import Leave, block, settle
from shapecheck.source import ir
from shapecheck.values import (
    MISSING,
    Choice,
    Cond,
    DictValue,
    External,
    Free,
    Instance,
    IteratorValue,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MAX_DEPTH = 70
MAX_DOUBTFUL = 2


def qualified(function: Function) -> str:
    """A function's name as Python's messages have it."""
    return f"{function.owner.name}.{function.name}" if function.owner else function.name


class Calls:
    """Calls of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.given: dict[str, Any] = {}  # the keyword arguments of the call that is being bound

    def make_function(self, name: str, params: Any, body: Any, node: Any, frame: Frame) -> Function:
        defaults = {param.name: self.run.evaluate(param.default, frame) for param in params.params if param.default is not None}
        made = Function(
            name,
            params.params,
            body,
            frame.env,
            frame.chunk,
            node,
            defaults,
            bool(getattr(node, "is_generator", False)),
        )
        frame.defined.append(made)
        return made

    def call(self, function: Any, args: list[Any], kwargs: dict[str, Any], unclear: str | None = None) -> Any:
        """Call any value. `unclear` is a reason why more arguments than these may be passed."""
        run = self.run
        function = run.resolve(function)
        kind = type(function)
        if kind is Function:
            return self.function(function, args, kwargs, unclear)
        if kind is Bound:
            return self.call(function.function, [function.receiver, *args], kwargs, unclear)
        if kind is Choice:
            return run.lift(function, lambda f: self.call(f, args, kwargs, unclear))
        if kind is Partial:
            return self.call(function.function, [*function.args, *args], {**function.kwargs, **kwargs}, unclear)
        if kind is Class:
            return run.classes.instantiate(function, args, kwargs, unclear)
        if kind is Instance:
            return self.instance(function, args, kwargs, unclear)
        if kind is Native:
            if function.tolerant:
                return function.call(run, args, kwargs, unclear)
            if unclear is None:
                return function.call(run, args, kwargs)
            if args and isinstance(args[0], Instance):  # a method that changes its object in a way that is not known
                run.modules.init(args[0])
                run.state.put(args[0].attrs, "?", Unknown(unclear))
            return Unknown(unclear)
        if kind is TensorMethod:
            return run.tensors.method(function.tensor, function.name, args, kwargs, unclear)
        if kind is External:
            return run.external(function.name, args, kwargs, unclear)
        if kind in (StaticValue, ClassMethodValue):
            return self.call(function.function, args, kwargs, unclear)
        if kind is Unknown:
            return function
        if kind is Free:
            return run.free.call(function, args, kwargs)
        return Unknown(f"a call of {run.describe(function)}")

    # functions of the user's

    def function(
        self,
        function: Function,
        args: list[Any],
        kwargs: dict[str, Any],
        unclear: str | None,
        at_yield: Callable[[Any], None] | None = None,
    ) -> Any:
        """Run a function's body. at_yield: what a `with` does where a context manager's function yields."""
        run = self.run
        if function.context_manager and at_yield is None:
            return Generated(function, args, kwargs, unclear)
        open_already = [frame for frame in run.frames if frame.function is function]
        if len(run.frames) >= MAX_DEPTH or len(open_already) > 8 or (open_already and self._doubtful_recursion(open_already)):
            return Unknown("calls nested too deep")
        env = Env(function.env.globals, function.env)
        env.names.born = run.state.birth
        namespace = function.env.globals
        owner = function.owner
        label = f"{owner.name}.{function.name}" if owner else function.name
        frame = Frame(namespace, env, function.chunk, label, function, run.state.mark(), len(run.state.forks))
        if not self.bind(function, args, kwargs, unclear, env):
            return Unknown(unclear or "arguments that do not fit")
        if args:
            frame.receiver = args[0]
        frame.arguments = dict(env.names)
        if len(open_already) > 1 and self._goes_in_circles(frame):
            return Unknown("a recursion on what is not known")
        frame.at_yield = at_yield
        run.called.add(function.node)
        if at_yield is None and not open_already and run.memory.pays(function):
            return run.memory.function(function, frame, lambda: self._activation(function, frame))
        return self._activation(function, frame)

    def _doubtful_recursion(self, activations: list[Frame]) -> bool:
        """Whether a function has called itself several times under conditions that are not decided: each time doubles the paths."""
        forks = [*(frame.forks for frame in activations), len(self.run.state.forks)]
        return sum(after > before for before, after in pairwise(forks)) > MAX_DOUBTFUL

    def _activation(self, function: Function, frame: Frame) -> Any:
        run = self.run
        floor = run.state.floor
        run.frames.append(frame)
        try:
            return self._body(function, frame)
        finally:
            run.frames.pop()
            if frame.at_yield is None:  # otherwise the body of a `with` ran here, of which arms may wait to be merged
                run.state.floor = floor

    def _goes_in_circles(self, frame: Frame) -> bool:
        """Whether a recursive call has only what its caller had, and unknown values: nothing in sight would ever end it."""
        outer = next(other for other in reversed(self.run.frames) if other.function is frame.function).arguments
        mine = frame.arguments
        if outer.keys() != mine.keys():
            return False
        vague = [name for name, value in mine.items() if type(value) is Unknown and type(outer[name]) is Unknown]
        return bool(vague) and all(name in vague or value is outer[name] for name, value in mine.items())

    def _body(self, function: Function, frame: Frame) -> Any:
        run = self.run
        if isinstance(function.body, ir.Expr):
            return run.evaluate(function.body, frame)
        leave: Leave | None
        try:
            leave = block(run, function.body, frame)
        except PyRaise:
            # this path raises; what returned on another arm is what the call returns
            if not any(item.kind == "return" for item in frame.exits):
                raise
            leave = Leave("gone")
        live = leave is None or leave.kind != "gone"
        last = leave.value if leave is not None and leave.kind == "return" else None
        exits = [item for item in frame.exits if item.kind == "return"]
        value = last if live else MISSING
        if exits:
            guards = [(item.guard, item.value) for item in exits]
            settle(run, frame, 0, ("return",), live)
            for guard, returned in reversed(guards):
                value = returned if value is MISSING else run.join(guard, returned, value)
        if function.is_generator:
            return tuple(frame.yielded) if function.context_manager else IteratorValue(tuple(frame.yielded))
        return None if value is MISSING else value

    def bind(self, function: Function, args: list[Any], kwargs: dict[str, Any], unclear: str | None, env: Env) -> bool:
        """Arguments to variables, as Python does it; a call that cannot be right is refused."""
        run = self.run
        names = env.names
        self.given = kwargs
        if unclear is None and function.veiled and not fits(function, args, kwargs):
            unclear = "arguments that a decorator which is not known turns into others"
        open_ended = unclear or (ARGUMENTS_OF_AN_ENTRY if function.node is run.entry_node else None)
        if unclear is None and not self._takes(function, args, kwargs):
            return False
        placed = 0
        used: set[str] = set()
        rest: tuple[Any, ...] | None = None
        var_kw: str | None = None
        for param in function.params:
            if param.kind in ("pos_only", "pos_or_kw"):
                if placed < len(args):
                    names[param.name] = args[placed]
                    placed += 1
                    continue
                if param.kind == "pos_or_kw" and param.name in kwargs:
                    names[param.name] = kwargs[param.name]
                    used.add(param.name)
                    continue
                if not self._default(function, param, unclear, names):
                    return False
            elif param.kind == "var_pos":
                rest = tuple(args[placed:])
                placed = len(args)
                names[param.name] = rest if open_ended is None else Unknown(open_ended)
                if unclear is None and open_ended is not None and not rest:
                    names[param.name] = run.free.parameter(function, param, tensor=run.entry_takes_tensors)
            elif param.kind == "kw_only":
                if param.name in kwargs:
                    names[param.name] = kwargs[param.name]
                    used.add(param.name)
                elif not self._default(function, param, unclear, names):
                    return False
            else:
                var_kw = param.name
        if var_kw is not None:
            names[var_kw] = DictValue({key: value for key, value in kwargs.items() if key not in used}, open_ended)
        return True

    def _takes(self, function: Function, args: list[Any], kwargs: dict[str, Any]) -> bool:
        """Whether a function has parameters for these arguments; refused where not, what is wrong with keywords first, as Python does."""
        positional = [param for param in function.params if param.kind in ("pos_only", "pos_or_kw")]
        kinds = {param.kind for param in function.params}
        sentence = ""
        if "var_kw" not in kinds:
            named = {param.name for param in function.params if param.kind in ("pos_or_kw", "kw_only")}
            extra = next((key for key in kwargs if key not in named), None)
            sentence = f"{qualified(function)}() got an unexpected keyword argument '{extra}'" if extra is not None else ""
        if not sentence:
            twice = next((param.name for param in positional[: len(args)] if param.kind == "pos_or_kw" and param.name in kwargs), None)
            sentence = f"{qualified(function)}() got multiple values for argument '{twice}'" if twice is not None else ""
        if not sentence and len(args) > len(positional) and "var_pos" not in kinds:
            least = sum(param.default is None for param in positional)
            sentence = too_many(f"{qualified(function)}()", len(positional), least, len(args), False)
        if sentence:
            self.run.refused(Refused("SHP121", sentence, error="TypeError"))
        return not sentence

    def _given_another(self, function: Function) -> bool:
        """Whether a call that may pass more than is seen passes something for the parameters of which nothing is seen.

        That it does not is the likelier case; what is refused then has to be refused otherwise too.
        """
        return bool(self.run.choose(("passed unseen", str(function.env.globals.module.path), function.chunk, function.node.n), 2))

    def _default(self, function: Function, param: Any, unclear: str | None, names: dict[str, Any]) -> bool:
        if unclear is not None and (param.default is None or param.name not in function.defaults):
            names[param.name] = Unknown(unclear)
            return True
        if unclear is not None and self._given_another(function):
            names[param.name] = self.run.free.parameter(function, param)
            if function.defaults[param.name] is not None:  # what takes the default's place is not None either
                self.run.state.put(self.run.state.decided, Cond("none", (param.name,)), False)
            return True
        if param.name in function.defaults:
            names[param.name] = function.defaults[param.name]
            return True
        missing = [
            other.name
            for other in function.params
            if other.kind in ("pos_only", "pos_or_kw")
            and other.default is None
            and other.name not in names
            and other.name not in self.given
        ]
        sentence = too_few(f"{qualified(function)}()", missing)
        if param.kind == "kw_only":
            sentence = f"{qualified(function)}() missing 1 required keyword-only argument: '{param.name}'"
        self.run.refused(Refused("SHP121", sentence, error="TypeError"))
        return False

    # objects

    def instance(self, instance: Instance, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        run = self.run
        cls = instance.cls
        found = cls.find("__call__")
        if found is None:
            found = cls.find("forward")
            if found is not None and cls.open and not fits(found[0], [instance, *args], kwargs):
                return Unknown(cls.open)  # the base class that is not known may call it in a way of its own
            if found is not None or (cls.rule is not None and cls.rule.module):
                return run.modules.forward(instance, found, args, kwargs, unclear)
        if found is None:
            return Unknown(cls.open or f"a call of an object of class {cls.name}")
        return self.call(Bound(found[0], instance), args, kwargs, unclear)


def fits(function: Any, args: list[Any], kwargs: dict[str, Any]) -> bool:
    """Whether a function of the user's takes these arguments, none of them missing."""
    if not isinstance(function, Function):
        return True
    kinds = {param.kind for param in function.params}
    positional = [param.name for param in function.params if param.kind in ("pos_only", "pos_or_kw")]
    named = {param.name for param in function.params if param.kind in ("pos_or_kw", "kw_only")}
    given = {*positional[: len(args)], *kwargs}
    needed = {param.name for param in function.params if param.kind not in ("var_pos", "var_kw") and param.name not in function.defaults}
    return (len(args) <= len(positional) or "var_pos" in kinds) and (named >= kwargs.keys() or "var_kw" in kinds) and needed <= given
