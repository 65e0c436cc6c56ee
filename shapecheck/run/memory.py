"""What was computed before: networks repeat their blocks, and the builders of a file build much the same networks.

A call of a module or of a function, or the building of an object, is remembered by everything it may depend on: the attributes of the
module and of its parts, the arguments, what the path knows, and the version of what modules hold (`State.world`). It is kept only if it
did nothing but compute: no refusal, no new name, nothing changed that was there before. What it learned about sizes is learned again
with the result, and the cases that it picked are picked again; objects are copied. Where a refusal is met, `Explorer` runs the entry
once more without this, so that every report rests on calls that were followed; in its search for cases in which a refused place passes,
only the calls on the way to such a place are followed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shapecheck.run.copies import Copies, Uncopied, copied_result, is_copied
from shapecheck.run.likeness import PLAIN, Signatures, Unsigned
from shapecheck.run.objects import Class
from shapecheck.run.refusal import way
from shapecheck.run.rounds import Rounds
from shapecheck.sizes import Facts, Poly
from shapecheck.source.reads import reads
from shapecheck.values import Attrs, Choice, DictValue, Instance, ListValue, Tensor

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.objects import Function
    from shapecheck.run.run import Run

MAX_KEPT = 4_000
CREDIT = 24  # calls of a function that may be remembered for nothing; each that comes again earns four
NO_CASES: dict[Any, tuple[int, int]] = {}
MODULES_OWN = frozenset(("__init__", "forward", "__call__"))  # `build` and `forward` remember those
READ_ALL = frozenset(("super", "locals", "vars", "eval", "exec"))
SHORT = 12  # steps: a call that takes fewer is followed faster than it is looked up


class Memory:
    """The calls of a run's modules, and the objects built, that may be needed again."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.active = True
        self.signatures = Signatures()
        self._called: dict[Any, Known] = {}
        self._built: dict[Any, Known] = {}
        self._computed: dict[Any, Known] = {}
        self.rounds = Rounds(self)
        self._records: dict[Any, Record] = {}  # by the function's node
        self._building = False
        self._filled: list[Instance] = []  # objects that were copied for the one that is being built: they are its own

    @property
    def off(self) -> bool:
        run = self.run
        listened = run.trace is not None or run.recorder is not None or run.sites_ok is not None
        return not self.active or listened or bool(run.guarded) or run.silenced > 0

    @property
    def _barred(self) -> bool:
        """Whether a call that begins now has to be followed: like `off`, but where a run only looks whether places pass, calls that do not
        lie on the way to one of them need not be."""
        run = self.run
        if run.sites_ok is None or not run.first_refusal_ends:
            return self.off
        if not self.active or run.trace is not None or run.recorder is not None or run.guarded or run.silenced > 0:
            return True
        return way([frame.place for frame in run.frames]) in run.ways_wanted

    def forward(self, instance: Instance, args: list[Any], kwargs: dict[str, Any], work: Callable[[], Any]) -> Any:
        """The result of `work`, which is the call of a module, or of an earlier call that was the same."""
        if self._barred:
            return work()
        run = self.run
        signatures = self.signatures
        signatures.mutable = []
        try:
            key = (
                signatures.instance(instance),
                tuple([signatures.value(value) for value in args]),
                tuple([(name, signatures.value(value)) for name, value in kwargs.items()]),
                *self.circumstances(),
            )
        except Unsigned:
            return work()
        known = self._called.get(key)
        if known is not None and self.learned(known):
            return copied_result(known.result)
        mutable = {id(value) for value in signatures.mutable}
        before, built, mark, doubts, asked = self.doings(), len(run.constructed), run.state.mark(), run.doubts, len(run.asked)
        floor = run.state.open()
        result = work()
        run.state.close(floor, run.frames[-1].exits if run.frames else ())
        if (
            self.doings() == before
            and len(run.constructed) == built
            and self.only_computed(mark, mutable, frozenset())
            and is_copied(result, mutable, run.doubts == doubts)
        ):
            self.keep(self._called, key, Known(copied_result(result), run.facts, cases(run.asked, asked)))
        return result

    def pays(self, function: Function) -> bool:
        """Whether a function's calls are worth remembering: those of a module level, long enough, that come again."""
        if function.env.outer is not None or function.is_generator or function.name in MODULES_OWN or self._barred:
            return False
        record = self._records.get(function.node)
        return record is None or record.pays

    def function(self, function: Function, frame: Frame, work: Callable[[], Any]) -> Any:
        """The result of `work`, which runs a function in a frame that has its arguments, or of an earlier call that was the same."""
        run = self.run
        record = self._records.get(function.node)
        if record is None:
            record = self._records[function.node] = Record(read(function))
        signatures = self.signatures
        signatures.mutable = []
        given = frame.arguments
        try:
            key = (
                signatures.identity(function),
                tuple([(name, signatures.value(value)) for name, value in given.items() if name in record.read]),
                *self.circumstances(),
            )
        except Unsigned:
            record.followed += 1
            record.steps += SHORT
            return work()
        known = self._computed.get(key)
        if known is not None and self.learned(known):
            record.known += 1
            return given[known.result.name] if type(known.result) is Given else copied_result(known.result)
        mutable = {id(value) for value in signatures.mutable}
        before, built, mark, doubts, asked = self.doings(), len(run.constructed), run.state.mark(), run.doubts, len(run.asked)
        steps = run.steps
        floor = run.state.open()
        result = work()
        run.state.close(floor, run.frames[-1].exits if run.frames else ())
        record.followed += 1
        record.steps += run.steps - steps
        if self.doings() != before or len(run.constructed) != built or not self.only_computed(mark, mutable, frozenset()):
            return result
        same = next((name for name, value in given.items() if value is result), None)
        if same is not None and type(result) not in PLAIN:
            self.keep(self._computed, key, Known(Given(same), run.facts, cases(run.asked, asked)))
        elif is_copied(result, mutable, run.doubts == doubts) and not holds_given(result, given):
            self.keep(self._computed, key, Known(copied_result(result), run.facts, cases(run.asked, asked)))
        return result

    def build(self, instance: Instance, cls: Class, args: list[Any], kwargs: dict[str, Any], work: Callable[[], Any]) -> Any:
        """Give a new object what `work`, its constructor, gives it. cls: whose constructor that is, `instance.cls` or a base of it."""
        if self._barred or instance.attrs:
            return work()
        run = self.run
        signatures = self.signatures
        signatures.mutable = []
        # a layer of the book asks nothing of the path where all its numbers are known
        plain = cls.layer is not None and all(type(value) in PLAIN and type(value) is not Poly for value in (*args, *kwargs.values()))
        try:
            key = (
                signatures.identity(instance.cls),
                tuple([signatures.argument(value) for value in args]),
                tuple([(name, signatures.argument(value)) for name, value in kwargs.items()]),
                *(() if plain else self.circumstances()),
            )
        except Unsigned:
            return work()
        known = self._built.get(key)
        if known is not None and (plain or self.learned(known)):
            filled, vague = known.result.again(instance)
            for other in filled:
                other.attrs.born = run.state.birth
            if self._building:
                self._filled.extend(filled)
            for other in vague:
                run.state.put(run.vague, id(other), other)
            if cls.layer is not None:
                instance.call = run.call_site()
            return instance
        mutable = {id(value) for value in signatures.mutable}
        before, built, mark, doubts, asked = self.doings(), len(run.constructed), run.state.mark(), run.doubts, len(run.asked)
        outer, filled_before = self._building, len(self._filled)
        self._building = True
        floor = run.state.open()
        try:
            result = work()
        finally:
            run.state.close(floor, run.frames[-1].exits if run.frames else ())
            self._building = outer
            filled = self._filled[filled_before:]
            if not outer:
                self._filled.clear()
        if result is not None and result is not instance:
            return result
        made = [instance, *(other for other, _, _ in run.constructed[built:]), *filled]
        if self.doings() == before and self.only_computed(mark, mutable, frozenset(id(other.attrs) for other in made)):
            try:
                copies = Copies(instance, made, run.vague, run.state.shared, doubts == run.doubts)
            except Uncopied:
                return result
            self.keep(self._built, key, Known(copies, run.facts, cases(run.asked, asked)))
        return result

    @staticmethod
    def keep(kept: dict[Any, Any], key: Any, value: Any) -> None:
        """Remember one more, within bounds."""
        if len(kept) >= MAX_KEPT:
            kept.clear()
        kept[key] = value

    def learned(self, known: Known) -> bool:
        """Go on as if what is known had been followed; False where cases are picked otherwise now, so that it has to be."""
        run = self.run
        if any(run.choices.get(key, 0) != chosen for key, (chosen, _) in known.cases.items()):
            return False
        for key, (_, options) in known.cases.items():
            run.choose(key, options)
        run.learn(known.facts)
        return True

    def circumstances(self) -> tuple[Any, ...]:
        """What the path knows, and how it is run."""
        state = self.run.state
        return (
            state.world,
            self.signatures.identity(state.facts),
            tuple([(name, self.signatures.value(value)) for name, value in state.pins.items()]),
            tuple(state.decided.items()),
            tuple(state.assumed),
            self.run.lenient > 0,
        )

    def doings(self) -> tuple[Any, ...]:
        """Counts of what cannot be repeated by putting a result in a call's place."""
        run = self.run
        return len(run.refusals), len(run.arms.kept), run.named, run.halted, run.state.world

    def only_computed(self, mark: int, mutable: set[int], new: frozenset[int]) -> bool:
        """Whether nothing that was there at the mark was changed but sizes' facts. new: what may be, attributes of objects made since."""
        run = self.run
        state = run.state
        if len(state.trail) == mark:
            return True
        outside = {id(frame.env.names) for frame in run.frames}
        outside.update(id(namespace.env.names) for namespace in run.imports.loaded.values())
        outside.update((id(state.pins), id(state.decided)))
        for target, key, old in state.trail[mark:]:
            if target is state or target is run.forwarded or target is run.unfinished or target is run.vague:
                continue
            kind = type(target)
            place = id(target)
            if place not in new and (kind is Attrs or kind is Tensor or place in outside or place in mutable):
                if state.read(target, key) is not old:
                    return False
        return True


@dataclass(frozen=True)
class Known:
    """What a call gave, and what the path knew then. cases: those that were picked, each with how many there are."""

    result: Any
    facts: Facts
    cases: dict[Any, tuple[int, int]]


def cases(asked: list[tuple[Any, int, int]], start: int) -> dict[Any, tuple[int, int]]:
    """The cases that were picked since some moment, in order."""
    return {key: (chosen, options) for key, chosen, options in asked[start:]} if len(asked) > start else NO_CASES


@dataclass
class Record:
    """How the calls of a function went: how many had to be followed, their steps, and how many were known. read: the parameters
    that its body reads; nothing depends on the others."""

    read: frozenset[str]
    followed: int = 0
    steps: int = 0
    known: int = 0

    @property
    def pays(self) -> bool:
        long_enough = self.followed < 4 or self.steps >= SHORT * self.followed
        return long_enough and self.followed <= CREDIT + 4 * self.known


def read(function: Function) -> frozenset[str]:
    """The parameters that a function's body reads; `super()` and the like read all of them."""
    found = reads(function.body)
    names = found.now | found.later
    params = frozenset(param.name for param in function.params)
    return params if names & READ_ALL else params & names


@dataclass(frozen=True)
class Given:
    """A result that is one of the arguments, by the parameter's name."""

    name: str


def holds_given(result: Any, given: dict[str, Any]) -> bool:
    """Whether a result holds a parameter of a module, or a tensor that the call was given: who changes the one changes the other."""
    kind = type(result)
    if kind is Tensor:
        return bool(result.role) or any(result is value for value in given.values())
    if kind is Choice:
        return holds_given(result.yes, given) or holds_given(result.no, given)
    items = result.items if kind is ListValue else result.items.values() if kind is DictValue else result
    return not isinstance(items, (str, bytes)) and isinstance(items, Collection) and any(holds_given(item, given) for item in items)
