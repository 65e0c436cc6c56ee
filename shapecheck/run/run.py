"""The interpreter: one run over the IR of a file, from one beginning. It knows Python; what an op does it asks the book."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shapecheck.book import context as book_context
from shapecheck.book.loader import is_known
from shapecheck.book.outcome import Refused, Unsure
from shapecheck.run import access, builtins, conditions, consistency, expressions, library, managers, operators, statements
from shapecheck.run.arms import NOT_SIZES, Arms, doubtful
from shapecheck.run.began import Began
from shapecheck.run.calls import Calls
from shapecheck.run.chains import Followed
from shapecheck.run.classes import Classes
from shapecheck.run.context import RuleContext
from shapecheck.run.frame import Frame
from shapecheck.run.free import FreeValues
from shapecheck.run.giver import giver
from shapecheck.run.imports import Imports, Library
from shapecheck.run.loops import Loops
from shapecheck.run.memory import Memory
from shapecheck.run.modules import Modules
from shapecheck.run.names import Names
from shapecheck.run.objects import Class, FreeShape, Function, Native, PyRaise, Spent, is_module
from shapecheck.run.refusal import BEHIND, DOUBTED, UNFIT, EntryCall, Refusal, way
from shapecheck.run.signatures import Signatures
from shapecheck.run.state import State, join
from shapecheck.run.tensors import Tensors, forget_float, stamp
from shapecheck.sizes import Facts, Poly, symbol
from shapecheck.source.bindings import bound_names
from shapecheck.source.errors import SourceError
from shapecheck.values import (
    MISSING,
    Choice,
    Cond,
    DictValue,
    DType,
    External,
    Free,
    Instance,
    ListValue,
    Made,
    SetValue,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.book.stated import StatedOp
    from shapecheck.run.namespace import Namespace
    from shapecheck.run.record import Recorder
    from shapecheck.source.imports import Resolver

MAX_STEPS = 400_000
CHANGES_A_STEP = 8
NUMBERS_HAVE_NONE = ("SHP107", "SHP109", "SHP111")  # refusals for axes and items that are not there
DTYPES = frozenset(
    (
        "float32 float64 float16 bfloat16 float double half int8 int16 int32 int64 uint8 uint16 uint32 uint64 long int short bool "
        "complex32 complex64 complex128 cfloat cdouble chalf float8_e4m3fn float8_e5m2"
    ).split()
)
SAME_DTYPE = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "chalf": "complex32",
}


def left_to_subclasses(cls: str, word: str, text: str) -> bool:
    """Whether a text has classes below this one that may bring the attribute: one that defines it, or one that has other bases too."""
    below = re.findall(rf"^[ \t]*class[ \t]+\w+[ \t]*\(([^()]*\b{re.escape(cls)}\b[^()]*)\)[ \t]*:", text, re.MULTILINE)
    if any(len([base for base in bases.split(",") if base.strip() and "=" not in base]) > 1 for bases in below):
        return True
    return bool(below) and re.search(rf"^[ \t]+(?:(?:async[ \t]+)?def[ \t]+{word}\b|{word}[ \t]*[:=])", text, re.MULTILINE) is not None


class Run:
    """One interpreter. `resolver` finds imported files (None: none are followed); `library` shares what was read."""

    def __init__(
        self, resolver: Resolver | None = None, library: Library | None = None, training: bool = True, ops: Sequence[StatedOp] = ()
    ) -> None:
        self.training = training
        self.float_is_open = False  # the program sets torch's default dtype: what the book calls float32 may be another
        self.signatures = Signatures(ops)
        self.state = State()
        self.frames: list[Frame] = []
        self.depths: Counter[int] = Counter()
        self.guarded: list[tuple[Any, Frame]] = []
        self.silenced = 0
        self.lenient = 0
        self.steps = 0
        self.budget = MAX_STEPS  # of what is being run
        self.whole_budget = MAX_STEPS  # of the entry
        self.serials: Counter[str] = Counter()
        self.choices: dict[Any, int] = {}
        self.made_choices: dict[Any, int] = {}
        self.asked: list[tuple[Any, int, int]] = []  # every case that was picked or looked up: key, choice, how many there are
        self.named = 0  # how many new names were made
        self.doubts = 0  # how many new conditions
        self.refusals: list[Refusal] = []
        self.suspicions: dict[Any, Refusal] = {}  # what runs and is wrong, by place
        self.whys: Counter[str] = Counter()
        self.called: set[Any] = set()
        self.constructed: list[tuple[Instance, tuple[Any, ...], dict[str, Any]]] = []
        self.unfinished: dict[int, Instance] = {}  # objects whose constructor has not come to its end
        self.forwarded: dict[int, Instance] = {}  # modules whose forward ran
        self.taken_apart: set[int] = set()  # containers whose items are used one by one
        self.halted = False  # torch would have stopped this run, on whatever arm
        self.forwarded_classes: set[int] = set()
        self.vague: dict[int, Instance] = {}  # objects that were built from unknown arguments
        self.classes_seen: list[Class] = []
        self.entry_node: Any = None  # the function whose starred arguments an entry leaves open
        self.entry_takes_tensors = False  # it is a forward
        self.began: Began | None = None  # how the entry that is being run began
        self.trace: Any = None
        self.recorder: Recorder | None = None  # notes the calls of modules (`summary`)
        self.sites_ok: Counter[Any] | None = None  # how often a place passed, by the way to it; of places that are asked about
        self.sites_wanted: frozenset[Any] = frozenset()
        self.first_refusal_ends = False
        self.ways_wanted: frozenset[Any] = frozenset()  # the beginnings of the ways to places that are asked about
        self.builtins = builtins.table()
        self.members: dict[tuple[str, str], Any] = {}  # what the names of libraries' modules stand for
        self.context = RuleContext(self)
        self.names = Names(self)
        self.loops = Loops(self)
        self.calls = Calls(self)
        self.free = FreeValues(self)
        self.classes = Classes(self)
        self.modules = Modules(self)
        self.memory = Memory(self)
        self.tensors = Tensors(self)
        self.imports = Imports(self, resolver, library or Library())
        self.followed = Followed(self)
        self.arms = Arms(self)
        self._local_names: dict[int, frozenset[str]] = {}

    # budget

    def step(self) -> None:
        """Count one step of work; the budget of an entry is finite."""
        self.steps += 1
        if self.steps > self.budget:
            raise Spent

    def reckon(self) -> None:
        """Count the comparing of paths as work, too: where loops hold conditions it is most of it."""
        self.steps += self.state.effort // CHANGES_A_STEP
        self.state.effort = 0

    # evaluation

    def evaluate(self, node: Any, frame: Frame) -> Any:
        """The value of an expression."""
        self.steps += 1
        if self.steps > self.budget:
            raise Spent
        value = expressions.TABLE[type(node)](self, node, frame)
        if self.trace is not None:
            self.trace.record(frame, node, value)
        if self.sites_ok is not None and not is_behind(value):
            self.passed(frame, node)
        return value

    def run_chunk(self, namespace: Namespace, index: int) -> None:
        """Run the statements of one chunk at module level."""
        try:
            lowered = namespace.module.lowered(index).statements
        except SourceError:
            return
        frame = Frame(namespace, namespace.env, index, "<module>", None, self.state.mark(), len(self.state.forks))
        self.frames.append(frame)
        try:
            statements.block(self, lowered, frame)
        except PyRaise:
            if namespace.main:
                raise
        finally:
            self.frames.pop()

    def run_import(self, namespace: Namespace, index: int, statement: Any, name: str) -> None:
        """Run what binds one name of an import at module level."""
        frame = Frame(namespace, namespace.env, index, "<module>", None, self.state.mark(), len(self.state.forks))
        frame.node = statement
        self.frames.append(frame)
        try:
            self.step()
            self.imports.one(statement, name, frame)
        except PyRaise:
            pass
        finally:
            self.frames.pop()

    # facts and names

    @property
    def facts(self) -> Facts:
        return self.state.facts

    def learn(self, facts: Facts | None) -> None:
        """Continue with more facts; None, a contradiction, cannot happen on a path that is possible."""
        if facts is None:
            raise Unsure("facts of the path contradict each other")
        if facts is not self.state.facts:
            self.state.put(self.state, "facts", facts)

    def serial(self, name: str) -> int:
        """How often this name was asked for before, from 0: the same in every rerun of the same path."""
        number = self.serials[name]
        self.serials[name] += 1
        self.named += 1
        return number

    def fresh(self, name: str, low: int | None = 0, high: int | None = None) -> Poly:
        """A new size about which only its bounds are known."""
        number = self.serial(name)
        made: Poly = symbol(f"{name}'{number}" if number else f"{name}'", low, high)
        return made

    def choose(self, key: Any, options: int) -> int:
        """Pick one of several cases; the driver of the entry tries the others when something is refused."""
        chosen = self.choices.get(key)
        if chosen is None:
            chosen = 0
            self.choices[key] = 0
        self.asked.append((key, chosen, options))
        self.made_choices[key] = options
        return chosen

    # values

    def resolve(self, value: Any) -> Any:
        """A value with what the path knows about it: pins of free values, decided choices."""
        kind = type(value)
        if kind is Free:
            pinned = self.state.pins.get(value.name, MISSING)
            if pinned is MISSING:
                return value
            return pinned
        if kind is Choice:
            return self.settled(value)
        return value

    def settled(self, value: Any) -> Any:
        """A choice with its decided guards taken away."""
        while type(value) is Choice:
            answer = self.state.decide(value.guard)
            if answer.yes:
                value = value.yes
            elif answer.no:
                value = value.no
            else:
                return value
        return self.resolve(value) if type(value) is Free else value

    def join(self, guard: Cond | None, a: Any, b: Any) -> Any:
        return join(guard, a, b)

    def join_all(self, values: tuple[Any, ...]) -> Any:
        """One value for any of several."""
        if not values:
            return Unknown("an item of an empty list")
        joined = self.resolve(values[0])
        for value in values[1:]:
            joined = join(None, joined, self.resolve(value))
        return joined

    def describe(self, value: Any) -> str:
        """A few words for a value, for a why."""
        if isinstance(value, Unknown):
            return value.why
        if isinstance(value, (Free, External)):
            return value.name
        if isinstance(value, Instance):
            return f"an object of class {value.cls.name}"
        if isinstance(value, (Function, Class, Native)):
            return value.name
        words = {Tensor: "a tensor", ListValue: "a list", DictValue: "a dict", SetValue: "a set", SymFloat: "a float", Poly: "a size"}
        return words.get(type(value), f"a {type(value).__name__}")

    # conditions and paths: see conditions.py

    def truth(self, value: Any) -> bool | Cond:
        return conditions.truth(self, value)

    def known(self, cond: Cond) -> bool | Cond:
        """A condition, decided if the path decides it."""
        answer = self.state.decide(cond)
        return cond if answer.maybe else answer.yes

    def undecided(self, free: bool = False) -> Cond:
        """A condition about which nothing is known, not even whether it was asked before.

        free: it depends on data (a tensor's values), so that either answer is possible. Otherwise it may well be settled by what
        is known, in a way that was not followed, and a refusal on one of its arms is not certain.
        """
        number = self.serials["condition"]
        self.serials["condition"] += 1
        self.doubts += 1
        return Cond("opaque", ("data" if free else "unclear", number))

    def negate(self, value: Any) -> Any:
        if isinstance(value, bool):
            return not value
        if isinstance(value, Cond):
            return value.negated()
        return operators.unary(self, "not", value)

    def conjunction(self, a: Any, b: Any) -> Any:
        return conditions.conjunction(self, a, b)

    def guard(self, cond: Cond) -> Cond:
        """The condition together with those of the arms that are open in the present function."""
        start = self.frames[-1].forks if self.frames else 0
        for other in self.state.assumed[start:]:
            if other != cond:
                cond = Cond("and", (other, cond))
        return cond

    def assuming(self, cond: Cond, holds: bool) -> conditions.Assuming:
        return conditions.Assuming(self, cond, holds)

    def under(self, cond: Cond, holds: bool, work: Callable[[], Any]) -> Any:
        return conditions.under(self, cond, holds, work)

    def either(self, cond: Cond, yes: Callable[[], Any], no: Callable[[], Any]) -> Any:
        return conditions.either(self, cond, yes, no)

    def lift(self, value: Choice, work: Callable[[Any], Any]) -> Any:
        """Do something for both sides of a choice, each under its condition."""
        settled = self.settled(value)
        if type(settled) is not Choice:
            return work(settled)
        return self.either(settled.guard, lambda: work(settled.yes), lambda: work(settled.no))

    def lifted(self, args: list[Any], kwargs: dict[str, Any], work: Callable[[list[Any], dict[str, Any]], Any]) -> Any:
        return conditions.lifted(self, args, kwargs, work)

    # operators and access

    def binary(self, op: str, a: Any, b: Any) -> Any:
        return operators.binary(self, op, a, b)

    def augmented(self, op: str, a: Any, b: Any) -> Any:
        return operators.augmented(self, op, a, b)

    def unary(self, op: str, value: Any) -> Any:
        return operators.unary(self, op, value)

    def compare(self, op: str, a: Any, b: Any) -> Any:
        return operators.compare(self, op, a, b)

    def attribute(self, value: Any, name: str) -> Any:
        return access.attribute(self, value, name)

    def set_attribute(self, value: Any, name: str, new: Any) -> None:
        access.set_attribute(self, value, name, new)

    def subscript(self, value: Any, index: Any) -> Any:
        return access.subscript(self, value, index)

    def set_item(self, value: Any, index: Any, new: Any) -> None:
        access.set_item(self, value, index, new)

    def items(self, value: Any) -> Any:
        return access.items(self, value)

    def key(self, value: Any, named: bool = False) -> Any:
        return access.key(self, value, named)

    def assign(self, target: Any, value: Any, frame: Frame) -> None:
        access.assign(self, target, value, frame)

    def bind(self, frame: Frame, name: str, value: Any) -> None:
        self.names.bind(frame, name, value)

    def rank_now(self, value: FreeShape) -> Shape:
        """The shape of a free tensor, whose rank has to be settled now."""
        return Shape(self.free.tensor(value.tensor, (4, 3, 2, 5, 1)).shape)

    # calls

    def call(self, function: Any, args: list[Any], kwargs: dict[str, Any], unclear: str | None = None) -> Any:
        return self.calls.call(function, args, kwargs, unclear)

    def repeat(self, module: Any, value: Any) -> Any:
        """A module applied an unknown number of times: its first use is checked; the result is known where it does not change."""
        once = self.call(module, [value], {})
        before, after = self.resolve(value), self.resolve(once)
        if isinstance(before, Tensor) and isinstance(after, Tensor) and before.shape == after.shape:
            return once
        return Unknown("a layer applied an unknown number of times")

    def external_member(self, base: str, name: str) -> Any:
        """`torch.nn` + `Linear`: constants, dtypes, or a name."""
        full = f"{base}.{name}"
        if full in library.CONSTANTS:
            return library.CONSTANTS[full]
        if base == "torch" and name in DTYPES:
            return DType(SAME_DTYPE.get(name, name))
        return External(canonical(full))

    def is_known(self, name: str) -> bool:
        """Whether something of a library is known to exist."""
        name = canonical(name)
        return name in library.TABLE or name in self.signatures.ops or is_known(name) or self.classes.external(name) is not None

    def opaque_name(self, source: str, name: str) -> Any:
        """A name that may come from a star import of a library."""
        full = canonical(f"{source}.{name}")
        if source.split(".")[0] == "torch" or full in library.TABLE or full in library.CONSTANTS:
            return self.external_member(source, name)
        return Unknown(f"{name} of {full.rpartition('.')[0]}")

    def external(self, name: str, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        """Call a function or class of a library by its name."""
        cls = self.classes.external(name)
        if cls is not None:
            return self.classes.instantiate(cls, args, kwargs, unclear)
        native = (library.TABLE.get(name) or builtins.CALLS.get(name)) if name not in self.signatures.ops else None
        if native is not None:
            if unclear is not None and name != "print":
                return Unknown(unclear)
            return native(self, args, kwargs) if name not in builtins.OF_EACH else conditions.of_each(self, args, kwargs, native)
        if name in library.RAISES:
            return External("pytest.raises()")
        if unclear is not None:
            return Unknown(unclear)
        result = self.tensors.op(name, args, kwargs)
        if isinstance(result, Unknown) and result.why.endswith("is not known"):
            for value in args:
                if isinstance(value, Instance) and value.cls.node is not None:
                    self.state.put(value.attrs, "?", Unknown(f"{name} may set attributes"))
        return result

    # the book

    def book(self, work: Callable[[], Any], name: str, instance: Instance | None, args: list[Any]) -> Any:
        """Let a rule speak: its value, a refusal noted, or Unknown."""
        self.step()
        context = self.context
        book_context.enter(context)
        outer = context.spelled
        context.spelled = name
        tensors = tuple(value for value in args if type(value) is Tensor)
        if not tensors and args and isinstance(args[0], (ListValue, tuple)):
            inner = self.items(args[0])
            tensors = tuple(value for value in inner if type(value) is Tensor) if isinstance(inner, tuple) else ()
        try:
            value = work()
        except Refused as refused:
            return self.refused(refused, instance, tensors)
        except Unsure as unsure:
            return self.unknown(unsure.why)
        except (PyRaise, Spent, RecursionError):
            raise
        except Exception as fault:  # a rule's own fault costs its result, not the file's; tests look for these whys
            return self.unknown(f"the rule of {name} failed: {type(fault).__name__}: {fault}")
        finally:
            context.spelled = outer
        if self.float_is_open:
            forget_float(value)
        stamp(self, value, instance if instance is not None else name, tensors)
        return value

    def not_misused(self, work: Callable[[], Any]) -> Any:
        """Do something in which a call with wrong arguments is no proof of an error."""
        self.lenient += 1
        try:
            return work()
        finally:
            self.lenient -= 1

    def passed(self, frame: Frame, node: Any) -> None:
        """Note a place that was evaluated; whether it was refused is noted elsewhere."""
        if self.sites_ok is None or (self.halted and self.first_refusal_ends):
            return
        if (str(frame.namespace.module.path), frame.chunk, node.n) in self.sites_wanted and frame is self.frames[-1]:
            self.sites_ok[way([*(outer.place for outer in self.frames[:-1]), (frame.namespace, frame.chunk, node.n)])] += 1

    def unknown(self, why: str) -> Unknown:
        """An Unknown that begins here, counted."""
        self.whys[why] += 1
        return Unknown(why)

    @property
    def doubtful(self) -> bool:
        """Whether something was assumed on the way that may never be so."""
        return doubtful(self, self.state.assumed) or any(
            conditions.unclear(gone.guard) or conditions.degenerate(gone.guard, False, self.state.decide)
            for frame in self.frames
            for gone in frame.exits  # what is behind `if …: return` runs only where that is not taken
        )

    def refused(self, refused: Refused, instance: Instance | None = None, tensors: tuple[Tensor, ...] = ()) -> Any:
        """Note a refusal. Inside a `try` that takes it, the handler runs instead; what follows is unknown.

        What is only said to be wrong (`refused.raises` is false) is noted alike, but ends nothing.
        """
        doubted = self.doubtful
        if doubted:
            self.whys["refused only under a condition that is not known"] += 1
        if refused.code in NUMBERS_HAVE_NONE and any(conditions.of_a_number(cond, True) for cond in self.state.assumed):
            return Unknown("a parameter that may be a number")
        if refused.code in NOT_SIZES and any(cond.op == "none" for cond in self.state.assumed):
            return Unknown("a parameter that may be None")  # that it may not be None is a constraint, not an error
        if refused.code == "SHP121" and any(cond.op == "isinstance" and cond.args[1] != "torch.Tensor" for cond in self.state.assumed):
            return Unknown("a parameter that may be of another kind")  # that it may not be is a constraint, too
        if self.lenient and refused.code == "SHP121":
            return Unknown("a call that tensors do not take")
        if doubted and (self.silenced or not refused.raises):
            return Unknown(DOUBTED)
        if self.state.decided and consistency.impossible(self.state):
            return Unknown("a path that cannot be")
        if not self.silenced:
            for handlers, frame in reversed(self.guarded) if refused.raises else ():
                for handler in handlers:
                    if statements.catches(self, handler, refused.error, frame):
                        if doubted:
                            return Unknown(DOUBTED)
                        raise PyRaise(refused.error)
            self.halted = self.halted or (refused.raises and not self.state.assumed)
            stack = [(frame.place, frame.label) for frame in self.frames]
            if stack:
                refusal = Refusal(
                    refused,
                    stack,
                    instance,
                    tensors,
                    facts=self.facts,
                    choices=tuple(self.made_choices),
                    call=self._entry_call(),
                    began=self.began,
                    giver=giver(refused, tensors, self.facts) if instance is not None else None,
                    receivers=tuple([frame.receiver for frame in self.frames if isinstance(frame.receiver, Instance)]),
                    pins=dict(self.state.pins),
                    conditions={**self.state.decided, **dict.fromkeys(self.state.assumed, True)},
                    forward=self._outermost_forward(),
                    assumed=tuple(self.state.assumed),
                )
                if self.sites_ok is not None:
                    refusal.turn, refusal.passed = self.sites_ok[refusal.way], dict(self.sites_ok)
                if not doubted:
                    self.refusals.append(refusal)
                if self.state.assumed:
                    self.arms.keep(refusal, not doubted)
                if self.first_refusal_ends and self.halted and refused.raises:
                    raise PyRaise(refused.error)  # only wanted to know whether a later place passes: it is not reached
        if self.silenced and refused.raises:
            raise PyRaise(refused.error)
        if doubted:
            return Unknown(DOUBTED)
        return Unknown(BEHIND if refused.raises else UNFIT)

    def _outermost_forward(self) -> Began | None:
        """How the outermost module whose forward is open was built and called, where both are known."""
        for frame in self.frames:
            function, module = frame.function, frame.receiver
            if function is None or function.name != "forward" or not is_module(module):
                continue
            built = next((built for built in reversed(self.constructed) if built[0] is module), None)
            params = [param for param in function.params[1:] if param.name in frame.arguments]
            if built is None or any(param.kind not in ("pos_only", "pos_or_kw") for param in params):
                return None
            inputs = tuple(self.resolve(frame.arguments[param.name]) for param in params)
            return Began("class", module.cls, built[1], built[2], inputs, {})
        return None

    def _entry_call(self) -> EntryCall | None:
        """The outermost call of a module or function that is open: what the witness of a report shows."""
        for frame in self.frames:
            if frame.function is not None:
                receiver = frame.receiver if isinstance(frame.receiver, Instance) else None
                if receiver is not None and frame.function.name == "__init__":
                    continue
                return EntryCall(frame.label, receiver, {name: self.resolve(value) for name, value in frame.arguments.items()})
        return None

    # where things are made

    def made_here(self, label: Any, parents: tuple[Tensor, ...]) -> Made:
        return Made(self.frames[-1].place if self.frames else None, label, parents)

    def call_site(self) -> Any:
        """The call expression being evaluated, with its namespace and chunk."""
        if not self.frames:
            return None
        frame = self.frames[-1]
        return (frame.namespace, frame.chunk, frame.node)

    def note_forward(self, instance: Instance, args: list[Any]) -> None:
        """Remember that a module's forward ran with something that may be a tensor."""
        if any(isinstance(self.resolve(value), (Tensor, Free)) for value in args):
            self.state.put(self.forwarded, id(instance), instance)
            if id(instance) not in self.vague:  # built from what is not known, it says little of its class
                self.forwarded_classes.add(id(instance.cls.node))

    # attributes and names that other code may set

    def finished(self, instance: Instance) -> bool:
        return id(instance) not in self.unfinished

    def set_somewhere(self, cls: Class, name: str) -> bool:
        """Whether any text that could see the class may set this attribute."""
        word = re.escape(name)
        pattern = re.compile(
            rf"\.{word}[ \t]*(?:,[ \t]*[\w.\[\]]+[ \t]*)*\)?[ \t]*(?:=(?!=)|[-+*/@|&^]=|\[|:[ \t]*\w)"
            rf"|['\"]{word}['\"]|setattr|__dict__|__getattr|\bfor\b[^\n]*\.{word}\b"
        )
        texts = {id(namespace.module): namespace.module.text for namespace in self.imports.loaded.values()}
        for frame in self.frames:
            texts[id(frame.namespace.module)] = frame.namespace.module.text
        for base in cls.mro:
            if base.env is not None:
                texts[id(base.env.globals.module)] = base.env.globals.module.text
        if any(pattern.search(text) for text in texts.values()):
            return True
        # a class that nobody builds may be there for its subclasses only
        latent = self.began is not None and self.began.kind == "class" and self.began.subject is cls
        return latent and any(left_to_subclasses(cls.name, word, text) for text in texts.values())

    def global_names(self, namespace: Namespace) -> frozenset[str]:
        """Names that functions of a file declare global, and everything when it plays with `globals()`."""
        key = id(namespace)
        if key not in self._local_names:
            text = namespace.module.text
            found = {name for match in re.finditer(r"\bglobal\s+([\w\s,]+)", text) for name in re.split(r"[\s,]+", match.group(1))}
            if re.search(r"\b(globals|exec|eval|vars)\s*\(|__import__|sys\.modules", text):
                found |= set(re.findall(r"\w+", text))
            self._local_names[key] = frozenset(found)
        return self._local_names[key]

    def local_names(self, frame: Frame) -> frozenset[str]:
        """Names that the present function or one around it assigns somewhere."""
        found: set[str] = set()
        function = frame.function
        if function is not None and isinstance(function.body, tuple):
            key = id(function.node)
            if key not in self._local_names:
                self._local_names[key] = frozenset(bound_names(function.body))
            found |= self._local_names[key]
        for other in self.frames[:-1]:
            if other.function is not None and isinstance(other.function.body, tuple) and other is not frame:
                found |= set(bound_names(other.function.body))
        return frozenset(found)

    def with_statement(self, node: Any, frame: Frame) -> statements.Leave | None:
        return managers.with_statement(self, node, frame)


def is_behind(value: Any, whys: tuple[str, ...] = (BEHIND, UNFIT)) -> bool:
    """Whether a value is missing, on some path, because of a refusal: that is no way to pass the place where it is missing. Paths that
    may never be taken say so only together with all others."""
    if type(value) is not Choice:
        return type(value) is Unknown and (value.why in whys or value.why == DOUBTED)
    yes, no = is_behind(value.yes, whys), is_behind(value.no, whys)
    return (yes and no) or (yes and not is_behind(value.yes, ())) or (no and not is_behind(value.no, ()))


def canonical(name: str) -> str:
    """The public name of something of torch that is imported from where it is defined."""
    if not name.startswith("torch."):
        return name
    if name.startswith("torch.nn.modules."):
        last = name.rpartition(".")[2]
        return f"torch.nn.{last}" if last[:1].isupper() else name
    if name.startswith("torch.nn.parameter."):
        return "torch.nn." + name.rpartition(".")[2]
    if name.startswith("torch.functional."):
        return "torch." + name[len("torch.functional.") :]
    if name.startswith("torch.nn.parallel.") and name.endswith("DataParallel"):
        return "torch.nn.DataParallel"
    return name
