"""What a path knows and has changed: facts, pins, decided conditions, and a trail to undo and merge them.

Every write to anything that can change (variables, attributes, lists, facts) goes through `State.put`, which notes the old
value. So a path can be tried and taken back, and two arms of an `if` can be run from the same beginning and merged. Objects and
variables that were made since the innermost arm began need no notes: whoever takes the arm back cannot see them, and whoever
merges it finds them only in what it changed of older things. A clock tells which those are (`State.open`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapecheck.run.objects import Class, Spent
from shapecheck.sizes import Facts, Truth, symbol
from shapecheck.values import (
    MANY_PARTS,
    MISSING,
    Attrs,
    Choice,
    Cond,
    DictValue,
    Free,
    Instance,
    IteratorValue,
    ListValue,
    Repeated,
    SetValue,
    Shape,
    Tensor,
    Unknown,
    Variables,
)

Location = tuple[Any, Any]
Delta = dict[tuple[int, Any], tuple[Any, Any, Any]]  # (id, key) -> target, key, new value
Knowledge = tuple[Facts, dict[str, Any], dict[Cond, bool]]  # facts, pins, decisions
FREE_KINDS = {"int": "int", "float": "float", "bool": "bool", "str": "str", "torch.Tensor": "tensor", "list": "list", "tuple": "list"}
MAX_LEAVES = 6


class State:
    """The state of one path. Slots of `State` itself (`facts`) are written through `put` as well."""

    __slots__ = (
        "_clock",
        "_worlds",
        "assumed",
        "birth",
        "decided",
        "effort",
        "facts",
        "floor",
        "forks",
        "joined",
        "pins",
        "shared",
        "trail",
        "world",
    )

    def __init__(self) -> None:
        self.facts = Facts()
        self.pins: dict[str, Any] = {}
        self.decided: dict[Cond, bool] = {}
        self.trail: list[tuple[Any, Any, Any]] = []
        self.assumed: list[Cond] = []  # conditions of the undecided arms that are being run, outermost first
        self.forks: list[Knowledge] = []  # what was known where each of the open forks began
        self.shared: set[int] = set()  # what can be reached from the names of modules, by identity
        self.world = 0  # the version of all that: what is computed without it in sight holds for one version
        self._worlds = 0
        self._clock = 1
        self.birth = 1  # when what is made now is made
        self.floor = 1  # what was made since then belongs to the arm that is being run
        self.joined = 0  # shapes that two paths left in one tensor
        self.effort = 0  # how many changes were gone through to compare paths, since somebody last asked

    # writing and undoing

    def put(self, target: Any, key: Any, value: Any) -> None:
        """Write a dict's item or an object's slot, and note what it was."""
        kind = type(target)
        if kind is Attrs or kind is Variables:
            if target.born >= self.floor:
                target[key] = value
                if kind is Attrs:
                    target.signature = None
                return
            self.trail.append((target, key, target.get(key, MISSING)))
            target[key] = value
            if kind is Attrs:
                target.signature = None
            if id(target) in self.shared and (kind is Attrs or self.trail[-1][2] is not MISSING):
                self.change_world()
        elif kind is dict:
            self.trail.append((target, key, target.get(key, MISSING)))
            target[key] = value
            if id(target) in self.shared and self.trail[-1][2] is not MISSING:
                self.change_world()
        else:
            self.trail.append((target, key, getattr(target, key)))
            setattr(target, key, value)
            if id(target) in self.shared:
                self.change_world()

    def change_world(self) -> None:
        """Something that functions may read without being given it has changed."""
        self._worlds += 1
        self.trail.append((self, "world", self.world))
        self.world = self._worlds

    def share(self, value: Any) -> None:
        """A module's name is bound to a value: what is reached from it may be read anywhere."""
        pending = [value]
        while pending:
            value = pending.pop()
            kind = type(value)
            if kind in (tuple, Shape):
                pending.extend(value)
                continue
            if kind is Class:
                self.shared.add(id(value.namespace))
                continue
            held: Any = value.attrs if kind is Instance else value
            if kind not in (Instance, ListValue, DictValue, SetValue) or id(held) in self.shared:
                continue
            if kind is Instance:
                held.born = 0  # whatever arm made it: it is in sight of all
            self.shared.add(id(held))
            items = held if kind is Instance else held.items
            pending.extend(items.values() if isinstance(items, dict) else items if isinstance(items, tuple) else ())

    def remove(self, target: dict[Any, Any], key: Any) -> None:
        """Take an item out of a dict, and note what it was."""
        if key in target:
            kind = type(target)
            if kind is Attrs:
                target.signature = None  # type: ignore[attr-defined]
            if (kind is Attrs or kind is Variables) and target.born >= self.floor:  # type: ignore[attr-defined]
                del target[key]
                return
            self.trail.append((target, key, target.pop(key)))
            if id(target) in self.shared:
                self.change_world()

    def mark(self) -> int:
        return len(self.trail)

    def open(self) -> int:
        """Begin what may be taken back or compared: from here on, changes of what exists now are noted. Returns what `close` wants."""
        before = self.floor
        self._clock += 1
        self.floor = self._clock
        if self.birth:
            self.birth = self._clock
        return before

    def close(self, before: int, exits: Sequence[Any] = ()) -> None:
        """The end of what `open` began; but while arms that left a function wait to be merged, changes go on to be noted."""
        if not exits:
            self.floor = before

    def delta(self, mark: int) -> Delta:
        """What has changed since the mark."""
        self.effort += len(self.trail) - mark
        changed: Delta = {}
        for target, key, _ in self.trail[mark:]:
            place = (id(target), key)
            if place not in changed:
                changed[place] = (target, key, self.read(target, key))
        return changed

    @staticmethod
    def read(target: Any, key: Any) -> Any:
        return target.get(key, MISSING) if isinstance(target, dict) else getattr(target, key)

    @staticmethod
    def _restore(target: Any, key: Any, value: Any) -> None:
        kind = type(target)
        if kind is not dict and kind is not Attrs and kind is not Variables:
            setattr(target, key, value)
            return
        if kind is Attrs:
            target.signature = None
        if value is MISSING:
            target.pop(key, None)
        else:
            target[key] = value

    def undo(self, mark: int) -> None:
        """Back to how it was at the mark. A dict that lost and regained an item may have it at its end."""
        trail = self.trail
        while len(trail) > mark:
            target, key, old = trail.pop()
            self._restore(target, key, old)

    def commit(self, mark: int) -> None:
        """Keep what was written since the mark, whatever is undone later."""
        del self.trail[mark:]

    def join_part(self, key: str, a: Any, b: Any) -> Any:
        """A slot of one tensor that ops in place have changed in two ways. Ranks that differ end the path: no tensor has both."""
        if a is b or _equal(a, b) or key in ("role", "made"):
            return a
        if key != "shape":
            return None
        if len(a) != len(b):
            raise Spent
        self.joined += 1
        return tuple(x if x == y else symbol(f"joined{self.joined}.{axis}", 0) for axis, (x, y) in enumerate(zip(a, b, strict=True)))

    def redo(self, delta: Delta) -> None:
        for target, key, value in delta.values():
            self.put(target, key, value)
            if value is MISSING and isinstance(target, dict):
                del target[key]

    # conditions

    def decide(self, cond: Cond) -> Truth:
        """Whether a condition is known on this path."""
        answer = self.decided.get(cond)
        if answer is not None:
            return Truth.YES if answer else Truth.NO
        op, args = cond.op, cond.args
        if op in ("eq", "ne", "lt", "le", "gt", "ge"):
            result: Truth = getattr(self.facts, op)(*args)
            return result
        if cond.parts > MANY_PARTS:
            return Truth.MAYBE
        if op == "not":
            return ~self.decide(args[0])
        if op == "and":
            return self.decide(args[0]) & self.decide(args[1])
        if op == "or":
            return self.decide(args[0]) | self.decide(args[1])
        if op == "none" and args[0] in self.pins:
            pinned = self.pins[args[0]]
            return Truth.YES if pinned is None else Truth.MAYBE if isinstance(pinned, Free) else Truth.NO
        return Truth.MAYBE

    def assume(self, cond: Cond, holds: bool) -> bool:
        """Continue under a condition. False when it contradicts what is known."""
        known = self.decide(cond)
        if not known.maybe:
            return known.yes is holds
        self.put(self.decided, cond, holds)
        if cond.parts > MANY_PARTS:
            return True
        op, args = cond.op, cond.args
        if op == "not":
            return self.assume(args[0], not holds)
        if op == ("and" if holds else "or"):
            return self.assume(args[0], holds) and self.assume(args[1], holds)
        if op in ("and", "or"):
            # one side is settled the other way: the other side carries the condition
            for one, other in (args, args[::-1]):
                known = self.decide(one)
                if (known.yes and op == "and") or (known.no and op == "or"):
                    return self.assume(other, holds)
            return True
        if op == "none":
            if holds:
                self.put(self.pins, args[0], None)
            return True
        if op == "is":
            if holds:
                self.put(self.pins, args[0], args[1])
            return True
        if op == "isinstance":
            kind = FREE_KINDS.get(args[1], "object") if holds else "object" if args[1] == "torch.Tensor" else None
            if kind is not None and args[0] not in self.pins:
                self.put(self.pins, args[0], Free(args[0], kind))
            return True
        if op in ("eq", "ne", "lt", "le", "gt", "ge"):
            return self._assume_order(op if holds else cond.negated().op, *args)
        return True

    def _assume_order(self, op: str, a: Any, b: Any) -> bool:
        if op in ("gt", "ge"):
            op, a, b = ("lt" if op == "gt" else "le"), b, a
        if op == "ne":
            # that two sizes differ is only decided, not a fact to reason from: what then fails wants them equal, which is a
            # constraint on them (`use_residual = inp == out`) and no error
            return not self.facts.eq(a, b).yes
        facts = getattr(self.facts, "assume_" + op)(a, b)
        if facts is None:
            return False
        self.put(self, "facts", facts)
        return True


def leaves(value: Any) -> int:
    return leaves(value.yes) + leaves(value.no) if type(value) is Choice else 1


def join(guard: Cond | None, a: Any, b: Any) -> Any:
    """One value for two paths: a where `guard` holds, b where it does not. Without a guard what differs becomes Unknown."""
    if a is b:
        return a
    kind = type(a)
    if kind is type(b):
        if kind in (int, float, bool, str, bytes) or a is None:
            if a == b:
                return a
        elif kind is Tensor:
            if a.shape == b.shape:
                return _join_tensors(a, b)
        elif kind in (tuple, Shape):
            if len(a) == len(b):
                return kind(join(guard, x, y) for x, y in zip(a, b, strict=True))
        elif kind is Unknown:
            return a
        elif kind is Repeated:
            return Repeated(join(guard, a.element, b.element), a.count if a.count == b.count else Unknown("lists of different lengths"))
        elif kind not in (ListValue, DictValue, SetValue, Choice) and _equal(a, b):
            return a
    if guard is None:
        return Unknown("differs between two paths")
    if kind is Choice and a.guard == guard:
        a = a.yes
    if type(b) is Choice and b.guard == guard:
        b = b.no
    if a is b:
        return a
    if leaves(a) + leaves(b) > MAX_LEAVES:
        return Unknown("too many paths")
    return Choice(guard, a, b)


def _join_slot(guard: Cond | None, a: Any, b: Any) -> Any:
    """The contents of a list, set or dict on two paths: what a slot holds stays of the slot's kind."""
    if a is b:
        return a
    if isinstance(a, dict) and isinstance(b, dict):
        return {key: join(guard, a.get(key, MISSING), b.get(key, MISSING)) for key in {**a, **b}}
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return tuple(join(guard, x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, (tuple, Repeated)) and isinstance(b, (tuple, Repeated)):
        return Repeated(Unknown("an item of a list that differs between two paths"), Unknown("a list that differs between two paths"))
    return a or b  # why a dict is open


def _equal(a: Any, b: Any) -> bool:
    try:
        return bool(a == b)
    except TypeError:
        return False


def _join_tensors(a: Tensor, b: Tensor) -> Tensor:
    same_layout = a.layout is b.layout or a.layout == b.layout
    if a.dtype == b.dtype and same_layout and a.elements == b.elements:
        return a
    joined = Tensor(
        a.shape,
        a.dtype if a.dtype == b.dtype else None,
        a.layout if same_layout else None,
        a.offset if a.offset == b.offset else None,
        role=a.role if a.role == b.role else "",
    )
    joined.made = a.made
    return joined


def merge(state: State, guard: Cond | None, first: Delta, second: Delta, joiner: Callable[[Cond | None, Any, Any], Any] = join) -> None:
    """Write the outcome of two arms that began at the present state. Facts, pins and decisions stay only where both agree."""
    for place in {**first, **second}:
        target, key, _ = first.get(place) or second[place]
        base = state.read(target, key)
        a = first[place][2] if place in first else base
        b = second[place][2] if place in second else base
        if target is state and key == "world":
            state.change_world()
            continue
        if target is state or target is state.pins or target is state.decided:
            value = a if a is b or (type(a) is type(b) and _equal(a, b)) else base
            if target is state.pins and type(a) is Tensor and type(b) is Tensor and a.shape == b.shape:
                value = a
        elif type(target) in (ListValue, SetValue, DictValue, IteratorValue):
            value = _join_slot(guard, a, b)
        elif type(target) is Tensor:
            value = state.join_part(key, a, b)
        else:
            value = joiner(guard, a, b)
        if value is base:
            continue
        if value is MISSING:
            state.remove(target, key)
        else:
            state.put(target, key, value)
