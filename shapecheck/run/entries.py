"""Where runs of a file begin: its module level, its functions without required parameters, and every module class that it defines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from shapecheck.findings.outcome import Chains
from shapecheck.run import folding
from shapecheck.run.began import Began, Knowledge
from shapecheck.run.containers import CLASSES as CONTAINERS
from shapecheck.run.containers import list_forward, names
from shapecheck.run.explore import Assignment, Explorer, other_beginnings
from shapecheck.run.frame import Frame
from shapecheck.run.imports import Library
from shapecheck.run.namespace import Namespace
from shapecheck.run.objects import Bound, Class, Function, Native, PyRaise, Spent, is_module
from shapecheck.run.refusal import Refusal
from shapecheck.run.run import Run
from shapecheck.run.stated import Stated
from shapecheck.run.statements import block
from shapecheck.source import ir
from shapecheck.source.errors import SourceError
from shapecheck.source.imports import Resolver
from shapecheck.source.module import SourceModule
from shapecheck.values import Cond, External, Free, Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.book.stated import StatedOp

FILE_BUDGET = 500_000  # steps of all runs of a file together: a few seconds
MAX_FORWARDS = 12
LEAST = 30_000  # steps that one run of a class may take before all the others had their turn
AT_MOST = 200_000  # … and after that
AT_EASE = 10_000  # steps of a run that may well be repeated


@dataclass
class Entry:
    """How a run began."""

    construct: str
    open_ended: bool = False  # a function with **kwargs was called with none: what is missing would come by them


@dataclass
class Analysis:
    """What a file's runs found."""

    refusals: list[Refusal]
    whys: Counter[str]
    run: Run
    namespace: Namespace
    chains: Chains = field(default_factory=Chains)
    spent: int = 0
    entries: int = 0
    steps: int = 0
    endings: list[Knowledge] = field(default_factory=list)


class FileRuns:
    """All the runs of one file."""

    def __init__(
        self,
        module: SourceModule,
        resolver: Resolver | None,
        library: Library | None,
        stated: Sequence[Any] = (),
        trace: Any = None,
        ops: Sequence[StatedOp] = (),
    ) -> None:
        self.run = Run(resolver, library, ops=ops)
        self.run.trace = trace
        self.run.float_is_open = "torch.set_default_" in module.text
        self.module = module
        self.namespace = Namespace(module, module.name, True)
        self.run.imports.loaded[str(module.path)] = self.namespace
        self.explorer = Explorer(self.run, FILE_BUDGET)
        self.stated = Stated(self.run, self.namespace, stated)
        self.result = Analysis([], self.run.whys, self.run, self.namespace)

    def all(self) -> Analysis:
        """Run everything there is to run."""
        self._module_level()
        self._forwards_of_constructed()
        self._functions()
        self._classes()
        self.result.chains = self.run.followed.count(self.namespace)
        self.result.steps = FILE_BUDGET - self.explorer.budget
        return self.result

    def _entry(self, work: Callable[[], None], entry: Entry, keep: bool = False, start: Assignment | None = None) -> None:
        if self.explorer.budget <= 0:
            self.result.spent += 1
            return
        self.result.entries += 1
        endings: list[Knowledge] = []

        def noted() -> None:
            try:
                work()
            finally:
                if not endings:  # the other attempts only make sure of what was refused
                    state = self.run.state
                    conditions = {**state.decided, **dict.fromkeys(state.assumed, True)}
                    endings.append(Knowledge(self.run.began, state.facts, dict(state.pins), conditions))

        refusals, spent = self.explorer.entry(noted, keep, start)
        self.result.endings += endings
        if entry.open_ended:
            refusals = [refusal for refusal in refusals if refusal.refused.code != "SHP121"]
        self.result.spent += spent
        for refusal in refusals:
            refusal.entry = entry
        self.result.refusals.extend(refusals)

    def _frame(self, label: str, node: Any = None, chunk: int = 0) -> Frame:
        frame = Frame(self.namespace, self.namespace.env, chunk, label, None, self.run.state.mark(), len(self.run.state.forks))
        frame.node = node
        return frame

    # the module level

    def _module_level(self) -> None:
        entry = Entry("<module>")
        for chunk in self.module.chunks:
            index = self.namespace.now = chunk.index
            once = chunk.name is None or not self.namespace.defined_twice(chunk.name)
            if once and chunk.kind in ("class", "def") and not chunk.text.lstrip().startswith("@"):
                continue  # defined when somebody asks
            if index in self.namespace.done:
                continue

            def work(index: int = index) -> None:
                self.namespace.running.add(index)
                try:
                    self._statements(index)
                finally:
                    self.namespace.running.discard(index)

            self._entry(work, entry, keep=True)
            self.namespace.done.add(index)
            self.run.state.commit(0)
        self.namespace.now = None
        for chunk in self.module.chunks:
            if chunk.kind in ("class", "def") and chunk.name:
                try:
                    self.namespace.get(self.run, chunk.name)
                except (PyRaise, Spent):
                    self.run.steps = 0

    def _statements(self, index: int) -> None:
        """Statements of a chunk one by one: an exception that the program raises ends its statement, not the file."""
        run = self.run
        try:
            lowered = self.module.lowered(index).statements
        except SourceError:
            return
        frame = self._frame("<module>", None, index)
        run.frames.append(frame)
        run.began = Began("module")
        for statement in lowered:
            depth = len(run.frames)
            try:
                block(run, (statement,), frame)
            except PyRaise:
                del run.frames[depth:]
        run.frames.pop()

    # functions

    def _functions(self) -> None:
        """Functions of this file that can be called without arguments, as their decorators left them."""
        for chunk in self.module.chunks:
            if chunk.kind != "def" or not chunk.name:
                continue
            try:
                node = next((s for s in self.module.lowered(chunk.index).statements if isinstance(s, ir.FuncDef)), None)
            except SourceError:
                continue
            value = self.namespace.env.names.get(chunk.name)
            if node is None or not isinstance(value, (Function, Bound)) or node in self.run.called:
                continue
            stated = isinstance(value, Function) and self.stated.says_everything(value)
            if not stated and not callable_with_nothing(node):
                continue
            if self.explorer.budget < FILE_BUDGET * 2 // 5:
                break  # the rest is for the classes
            open_ended = any(param.kind == "var_kw" for param in node.params.params)
            self._entry(partial(self._call_function, value, node, chunk.index), Entry(f"{node.name}()", open_ended))

    def _call_function(self, function: Any, node: Any, chunk: int) -> None:
        run = self.run
        frame = self._frame(node.name, node, chunk)
        run.frames.append(frame)
        run.began = Began("function", function)
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        if isinstance(function, Function):
            for param in function.params:
                value = self.stated.tensor(function, param)
                if value is not None and param.kind in ("pos_only", "pos_or_kw") and len(args) == function.params.index(param):
                    args.append(value)
                elif value is not None:
                    kwargs[param.name] = value
        result = run.resolve(run.call(function, args, kwargs))
        if is_module(result) and id(result) not in run.forwarded:
            self._forward(result)
        run.frames.pop()

    # classes

    def _forwards_of_constructed(self) -> None:
        """Modules that the module level built and never called."""
        if self.result.spent:
            return  # the module level did not get to its end: what it built may be half-built
        seen: Counter[Any] = Counter()
        inner: set[int] = set()
        for instance, _, _ in self.run.constructed:
            if is_module(instance):
                inner.update(id(child) for _, child in self.run.modules.children(instance))
        held = {id(value) for value in self.namespace.env.names.values()}
        for instance, _, _ in self.run.constructed:
            cls = instance.cls
            if cls.full_name in CONTAINERS and (id(instance) not in held or id(instance) in self.run.taken_apart):
                continue  # a list of layers as likely as a chain
            if (
                id(instance) in self.run.unfinished
                or not is_module(instance)
                or id(instance) in self.run.forwarded
                or id(instance) in inner
                or cls.full_name.startswith("torch.nn.Module")
            ):
                continue
            seen[cls.node] += 1
            if seen[cls.node] <= MAX_FORWARDS and (cls.find("forward") is not None):
                self._entry(partial(self._forward_entry, instance), Entry(cls.name))

    def _forward_entry(self, instance: Instance) -> None:
        _, chunk, node = instance.call or (None, 0, None)
        frame = self._frame("<module>", node, chunk)
        self.run.frames.append(frame)
        self.run.began = Began("object", instance)
        self._forward(instance)
        self.run.frames.pop()

    def _classes(self) -> None:
        run = self.run
        classes = [
            cls
            for cls in run.classes_seen
            if cls.env is not None
            and cls.env.globals is self.namespace
            and cls.env.outer is None
            and self._is_module(cls)
            and not self._replaced(cls)
        ]
        again: list[Class] = []
        self.explorer.at_once = LEAST  # what takes long has to wait: the classes that come after it are worth as much
        for cls in reversed(list(dict.fromkeys(classes))):
            if id(cls.node) not in run.forwarded_classes or self._stated_class(cls):
                spent = self.result.spent
                self._entry(partial(self._class_entry, cls), Entry(cls.name))
                if self.result.spent > spent:
                    self.result.spent = spent
                    again.append(cls)
                else:
                    self._begin_elsewhere(cls)
        self.explorer.at_once = AT_MOST
        for cls in again:
            self._entry(partial(self._class_entry, cls), Entry(cls.name))

    def _begin_elsewhere(self, cls: Class) -> None:
        """Begin a class anew, with arguments or ranks that are less likely, until it is followed from input to output."""
        clean = self.explorer.clean
        if clean is None or clean.spent or clean.steps > AT_EASE:
            return
        for start in other_beginnings(clean):
            if self.explorer.budget < FILE_BUDGET // 2 or not self.run.followed.broken(cls):
                return
            self._entry(partial(self._class_entry, cls), Entry(cls.name), start=start)

    def _stated_class(self, cls: Class) -> bool:
        """Whether something is stated about what a class is called with."""
        found = cls.find("forward")
        named = any(stated.target.startswith(f"{cls.name}.") for stated in self.stated.inputs)
        return named or (found is not None and isinstance(found[0], Function) and self.stated.says_something(found[0]))

    def _replaced(self, cls: Class) -> bool:
        """Whether the file gave its name to another class further down: nothing builds it any more."""
        return self.namespace.defined_twice(cls.name) and self.namespace.env.names.get(cls.name) is not cls

    def _is_module(self, cls: Class) -> bool:
        return self.run.modules.is_module_class(cls) and cls.node is not None

    def _class_entry(self, cls: Class) -> None:
        try:
            self._latent(cls)
        except (PyRaise, Spent, RecursionError) as end:
            self.run.followed.ended(cls, end)
            raise

    def _latent(self, cls: Class) -> None:
        """Build a class that nothing builds, with its defaults and free values, and call it."""
        run = self.run
        frame = self._frame(cls.name, cls.node, cls.chunk)
        run.frames.append(frame)
        found = run.classes.constructor(cls)
        kwargs: dict[str, Any] = {}
        args: list[Any] = []
        if found is not None and isinstance(found[0], Function):
            called = behind_wrappers(found[0])
            self._free_arguments(called, None, args, kwargs, tensor=False)
            run.entry_node, run.entry_takes_tensors = called.node, False
        elif cls.rule is not None:
            signature = cls.rule.init_signature
            args.extend(Free(name) for name in signature.positional if name not in signature.defaults)
        run.began = Began("class", cls, tuple(args), kwargs)
        instance = run.classes.instantiate(cls, args, kwargs, None)
        run.entry_node = None
        if isinstance(instance, Instance) and any(base.full_name in CONTAINERS for base in cls.mro) and not names(instance):
            run.state.put(instance.attrs, "?", Unknown("a container that other code fills"))
        if isinstance(instance, Instance) and id(instance) not in run.forwarded:
            self._forward(instance)
        run.frames.pop()

    def _forward(self, instance: Instance) -> None:
        """Call a module with free inputs."""
        run = self.run
        found = instance.cls.find("forward")
        if found is not None and isinstance(found[0], Native) and found[0].call is list_forward:
            return  # a list of modules, of which nobody says that it is called
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        if found is not None and isinstance(found[0], Function):
            called = behind_wrappers(found[0])
            self._free_arguments(called, instance, args, kwargs, tensor=True)
            run.entry_node, run.entry_takes_tensors = called.node, True
        elif found is not None or (instance.cls.rule is not None and instance.cls.rule.module):
            signature = instance.cls.rule.forward_signature if instance.cls.rule is not None and instance.cls.rule.module else None
            names = [name for name in signature.positional if name not in signature.defaults] if signature else ["x"]
            args.extend(Free(name, "input") for name in names)
        else:
            return
        if run.began is not None:
            run.began = replace(run.began, inputs=tuple(args), named_inputs=kwargs)
        result = run.call(Bound(found[0], instance) if found is not None and isinstance(found[0], Function) else instance, args, kwargs)
        run.followed.returned(instance, result)
        if run.began is not None:
            run.began = replace(run.began, returned=result)
        folding.look(run, instance, args, result)
        run.entry_node = None
        run.note_forward(instance, args)

    def _free_arguments(self, function: Function, receiver: Any, args: list[Any], kwargs: dict[str, Any], tensor: bool) -> None:
        """Free values for the parameters of an entry that have no default; what the user states for those of which it is stated.

        The defaults of a constructor that cannot be called without arguments are only the likeliest case: what is refused has to
        be refused without them too. That is said of numbers and None, which go together with the arguments that have to be given; a flag,
        the name of a mode or a class of layers is as it is.
        """
        params = [param for param in function.params[1:] if param.kind not in ("var_pos", "var_kw")]
        required = [param for param in params if param.default is None]
        nothing = [param for param in params if type(param.default) is ir.Const and param.default.value is None]
        given = 0
        if not tensor and required and len(params) > len(required):
            given = self.run.choose(("defaults", function.node.n, function.chunk), 3 if nothing else 2)
        if given == 1:
            required = [param for param in params if param.default is None or not _is_a_mode(function.defaults.get(param.name))]
        if tensor and not required and nothing and nothing[0] is params[0]:
            required = nothing[:1]  # some input it has: by convention the first
        if given == 2 or (nothing and (tensor or not required) and self.run.choose(("none", function.node.n, function.chunk), 2)):
            required = [*required, *nothing]  # that something has to be given for a None is no error
            for param in nothing:
                self.run.state.put(self.run.state.decided, Cond("none", (param.name,)), False)
        for param in params:
            value: Any = self.stated.tensor(function, param, receiver) if tensor else None
            if value is None:
                if param not in required:
                    continue
                value = self.run.free.parameter(function, param, tensor=tensor)
            else:
                value.made = self.run.made_here(param.name, ())
            if param.kind == "kw_only" or param.default is not None:
                kwargs[param.name] = value
            else:
                args.append(value)


def _is_a_mode(default: Any) -> bool:
    """Whether a default says what is done, and not how big something is."""
    return isinstance(default, (bool, str, Class, Function, Native, External))


def behind_wrappers(function: Function) -> Function:
    """The function whose parameters a call has to fit: what `functools.wraps` says that a wrapper stands for."""
    while function.params and function.params[-1].kind in ("var_pos", "var_kw") and isinstance(function.wrapped, Function):
        function = function.wrapped
    return function


def callable_with_nothing(node: ir.FuncDef) -> bool:
    """Whether a function takes a call without arguments; one that lives on `*args` is not meant to."""
    return all(param.kind == "var_kw" or (param.kind != "var_pos" and param.default is not None) for param in node.params.params)


def analyse(
    module: SourceModule,
    resolver: Resolver | None = None,
    library: Library | None = None,
    stated: Sequence[Any] = (),
    trace: Any = None,
    ops: Sequence[StatedOp] = (),
) -> Analysis:
    """Run a file from every beginning it has."""
    return FileRuns(module, resolver, library, stated, trace, ops).all()
