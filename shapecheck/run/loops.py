"""Loops and comprehensions: unrolled while the items are known and few, widened where they are not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Env, PyRaise, is_module
from shapecheck.run.sets import set_of
from shapecheck.run.state import Delta
from shapecheck.run.statements import Exit, Leave, block, changes, fork, settle
from shapecheck.sizes import Poly
from shapecheck.values import (
    MISSING,
    Choice,
    Cond,
    DictValue,
    Free,
    IteratorValue,
    ListValue,
    Repeated,
    SetValue,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.run import Run

MAX_UNROLLED = 300
MAX_WHILE = 300
MAX_ROUNDS = 1_000  # of one loop in one call, where loops stand in loops: tables of numbers, worked out item by item
CUT = "cut"  # among a call's counts of rounds: how many loops were cut short
MAX_TOTAL = 2_000  # of one loop in all the calls of a run
MAX_OPEN = 8  # rounds of a `while` that may each have been the last
MANY = 8  # modules: many of them are alike
MAX_MODULES = 5_000  # what a loop over the parts of a large model sets in them must not be lost


def holds_modules(items: tuple[Any, ...]) -> bool:
    """Whether these are modules, or pairs of a name and a module: `model.modules()`, `model.named_modules()`."""
    last = items[-1] if items else None
    return is_module(last[-1] if type(last) is tuple and last else last)


class Loops:
    """Loops of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.serial = 0
        self.scopes: list[Env] = []  # variables of the comprehensions that are open
        self._total: Counter[Any] = Counter()  # rounds of every loop in this run

    def reset(self) -> None:
        """Forget how many rounds loops went in an earlier run."""
        self._total.clear()

    def for_(self, node: Any, frame: Frame) -> Leave | None:
        run = self.run
        return self._over(node, run.evaluate(node.iter, frame), frame)

    def _over(self, node: Any, iterable: Any, frame: Frame) -> Leave | None:
        run = self.run
        iterable = run.resolve(iterable)
        items = run.items(iterable)
        if type(iterable) is Choice and type(items) is Unknown:  # a loop for either list
            yes, no = iterable.yes, iterable.no
            return fork(run, iterable.guard, lambda: self._over(node, yes, frame), lambda: self._over(node, no, frame), frame)
        if type(items) is tuple and self._few(node.n, items, frame):
            return self._unrolled(node, items, frame)
        if not isinstance(items, Repeated):
            return self._widened(node, self.element_of(items), frame)
        return self._widened(node, items.element, frame, items.count, items.first, items.last)

    def _few(self, loop: Any, items: tuple[Any, ...], frame: Frame) -> bool:
        """Whether a loop may go through its items one by one; counts them for when it comes again in the same call."""
        if holds_modules(items):
            return len(items) <= MAX_MODULES
        if len(items) > MAX_UNROLLED:
            return False
        return self._rounds(loop, len(items), frame)

    def _rounds(self, loop: Any, more: int, frame: Frame) -> bool:
        """Whether a loop may go so many more rounds."""
        if frame.rounds is None:
            frame.rounds = {}
        frame.rounds[loop] = count = frame.rounds.get(loop, 0) + more
        place = (frame.namespace.module.path, frame.chunk, loop)
        if count > MAX_ROUNDS or self._total[place] + more > MAX_TOTAL:
            frame.rounds[CUT] = frame.rounds.get(CUT, 0) + 1
            return False
        self._total[place] += more
        return True

    def element_of(self, items: Any) -> Any:
        """What a widened loop's variable is."""
        if isinstance(items, Repeated):
            return items.element
        if isinstance(items, Unknown):
            return Unknown(items.why)
        return Unknown("an item of a long list")

    def _unrolled(self, node: Any, items: tuple[Any, ...], frame: Frame) -> Leave | None:
        run = self.run
        first = len(frame.exits)
        live = True
        broken = False
        modules = holds_modules(items)
        repeats = len(items) >= MANY and modules
        leave: Leave | None
        cut = frame.rounds.get(CUT, 0) if frame.rounds is not None else 0
        for item in items:
            if frame.rounds is not None and not modules and frame.rounds.get(CUT, 0) > cut:
                # a loop in this one has gone too many rounds: so has this one
                self._widened(node, self.element_of(items), frame)
                break
            run.assign(node.target, item, frame)
            if repeats:
                leave = run.memory.rounds.run(node, frame, lambda: block(run, node.body, frame))
            else:
                leave = block(run, node.body, frame)
            if leave is not None and leave.kind == "return":
                return leave
            if leave is not None and leave.kind == "break":
                broken = True
                break
            live = leave is None or leave.kind == "continue"
            live, _ = settle(run, frame, first, ("continue",), live)
            if not live:
                break
        return self._end(node, frame, first, live, broken)

    def _end(self, node: Any, frame: Frame, first: int, live: bool, broken: bool) -> Leave | None:
        if live and not broken and node.orelse:
            leave = block(self.run, node.orelse, frame)
            if leave is not None:
                return leave
        live, _ = settle(self.run, frame, first, ("break",), live)
        return None if live else Leave("gone")

    def while_(self, node: Any, frame: Frame) -> Leave | None:
        run = self.run
        first = len(frame.exits)
        live = True
        left = 0  # rounds on which the loop may have been left
        for _ in range(MAX_WHILE):
            truth = run.truth(run.evaluate(node.test, frame))
            if truth is False:
                return self._end(node, frame, first, live, False)
            if truth is not True or not self._rounds(node.n, 1, frame):
                break
            open_exits = len(frame.exits)
            leave = block(run, node.body, frame)
            if leave is not None and leave.kind == "return":
                return leave
            if leave is not None and leave.kind == "break":
                return self._end(node, frame, first, live, True)
            live = leave is None or leave.kind == "continue"
            live, _ = settle(run, frame, first, ("continue",), live)
            if not live:
                return self._end(node, frame, first, live, False)
            left += len(frame.exits) > open_exits
            if left == MAX_OPEN:
                break
        self._widened(node, MISSING, frame)
        settle(run, frame, first, ("break",), True)
        return None

    def _widened(self, node: Any, element: Any, frame: Frame, count: Any = None, first: Any = MISSING, last: Any = MISSING) -> Leave | None:
        """A loop of unknown length: the body once from here, once from a state in which what it changes is widened.

        `first` and `last` are the items of the first and the last round, where those are others.
        """
        state = self.run.state
        exits = len(frame.exits)
        changed = self._round(node, element if first is MISSING else first, frame)
        if isinstance(changed, PyRaise):  # whoever goes on has not run it once
            nothing = self.run.facts.assume_eq(count, 0) if isinstance(count, Poly) else self.run.facts
            if nothing is None:
                raise changed
            self.run.learn(nothing)
            return None
        wides: dict[tuple[int, Any], Any] = {}
        for target, key, value in changed.values():
            before = state.read(target, key)
            if is_new_item(target, key, before, value):  # a list of modules grows by some in each round
                more = sum(1 for other, name, item in changed.values() if other is target and is_new_item(other, name, MISSING, item))
                fits = more == 1 and key == "0" and "*" not in target
                key, before = ("*", target.get("*", MISSING)) if fits else ("?", target.get("?", MISSING))
                rounds = count if count is not None else Unknown("a list that grows in a loop")
                wides[id(target), key] = Repeated(value, rounds) if fits else Unknown("a list of modules that grows in a loop")
                put(self.run, target, key, wides[id(target), key])
                continue
            wide = widen_slot(self.run, target, before, value, count)
            if wide is not before:
                wides[id(target), key] = wide
                put(self.run, target, key, wide)
        if wides or first is not MISSING or last is not MISSING:
            del frame.exits[exits:]
            again = self._round(node, element if last is MISSING else last, frame)
            for target, key, value in again.values() if isinstance(again, dict) else ():
                wide = state.read(target, key)
                if type(target) in (ListValue, SetValue, DictValue, IteratorValue):
                    continue
                settled = value if key == "*" else widen(self.run, wide, value)  # items that are built in any round stand for all
                if settled is not wide:
                    put(self.run, target, key, settled)
        return None

    def _round(self, node: Any, element: Any, frame: Frame) -> Delta | PyRaise:
        """Run the body once as a path of its own and take it back; what it changed, knowledge aside, or what it raises in any case."""
        run, state = self.run, self.run.state
        self.serial += 1
        cond = Cond("opaque", ("loop", self.serial, frame.chunk, node.n))
        first = len(frame.exits)
        before, mark = state.open(), state.mark()
        state.forks.append((state.facts, dict(state.pins), dict(state.decided)))
        delta: Delta = {}
        try:
            with run.assuming(cond, True):
                if element is not MISSING:
                    run.assign(node.target, element, frame)
                leave = block(run, node.body, frame)
                live = leave is None or leave.kind in ("continue", "break")
                if leave is not None and leave.kind == "return":
                    base = state.forks[frame.forks]
                    frame.exits.append(Exit("return", run.guard(cond), leave.value, state.delta(frame.mark), base))
                live, _ = settle(run, frame, first, ("continue", "break"), live)
                if live:
                    delta = changes(state, state.delta(mark))
        except PyRaise as raised:
            if len(frame.exits) == first:
                return raised
        finally:
            state.undo(mark)
            state.forks.pop()
            state.close(before, frame.exits)
        return delta

    # comprehensions

    def comprehension(self, node: Any, frame: Frame) -> Any:
        return self._comprehension(node, self.run.evaluate(node.generators[0][1], frame), frame)

    def _comprehension(self, node: Any, over: Any, frame: Frame) -> Any:
        """over: what its first `for` goes through."""
        run = self.run
        over = run.resolve(over)
        if type(over) is Choice and type(run.items(over)) is Unknown:  # one of two lists
            return run.lift(over, lambda value: self._comprehension(node, value, frame))
        outer = frame.env
        frame.env = Env(outer.globals, outer)
        frame.env.names.born = run.state.birth
        self.scopes.append(frame.env)
        found: list[Any] = []
        try:
            shape = self._generate(node, 0, over, frame, found)
        finally:
            frame.env = outer
            self.scopes.pop()
        if isinstance(shape, Unknown):
            return shape if node.kind != "dict" else DictValue({}, shape.why)
        if isinstance(shape, Repeated):
            if node.kind == "dict":
                return DictValue({}, "a dict comprehension of unknown length")
            return ListValue(shape)
        if node.kind == "dict":
            items: dict[Any, Any] = {}
            unclear: str | None = None
            for key_value, value in found:
                key = run.key(key_value)
                if key is MISSING:
                    unclear = "a key that is not known"
                else:
                    items[key] = value
            return DictValue(items, unclear)
        if node.kind == "set":
            return set_of(run, tuple(found))
        return IteratorValue(tuple(found)) if node.kind == "generator" else ListValue(tuple(found))

    def scope_around(self, env: Env) -> Env:
        """Where `:=` binds: the scope around the comprehensions in which it stands."""
        while env.outer is not None and any(env is scope for scope in self.scopes):
            env = env.outer
        return env

    def _element(self, node: Any, frame: Frame) -> Any:
        if node.kind == "dict":
            key, value = node.element
            return (self.run.evaluate(key, frame), self.run.evaluate(value, frame))
        return self.run.evaluate(node.element, frame)

    def _next(self, node: Any, depth: int, frame: Frame) -> Any:
        """What the generator behind the one at `depth` goes through."""
        return self.run.evaluate(node.generators[depth + 1][1], frame) if depth + 1 < len(node.generators) else MISSING

    def _generate(self, node: Any, depth: int, over: Any, frame: Frame, found: list[Any]) -> Any:
        """Append what the generators from `depth` on yield; returns Repeated or Unknown where the number is not known.

        over: what the generator at `depth` goes through, evaluated; MISSING behind the last.
        """
        run = self.run
        if depth == len(node.generators):
            found.append(self._element(node, frame))
            return None
        target, _, conditions = node.generators[depth]
        items = run.items(over)
        if type(items) is not tuple or not self._few((node.n, depth), items, frame):
            run.assign(target, self.element_of(items), frame)
            for condition in conditions:
                run.evaluate(condition, frame)
            inner: list[Any] = []
            shape = self._generate(node, depth + 1, self._next(node, depth, frame), frame, inner)
            if shape is None and inner and not found and depth == 0:
                count = items.count if isinstance(items, Repeated) and not conditions else Unknown("a list of unknown length")
                return Repeated(inner[0], count)
            return Unknown("a comprehension of unknown length")
        result: Any = None
        for item in items:
            run.step()
            run.assign(target, item, frame)
            keep: Any = True
            for condition in conditions:
                keep = run.truth(run.evaluate(condition, frame))
                if keep is not True:
                    break
            if keep is False:
                continue
            shape = self._generate(node, depth + 1, self._next(node, depth, frame), frame, found)
            if keep is not True:
                result = Unknown("a comprehension with an undecided condition")
            if shape is not None:
                result = Unknown("a comprehension of unknown length")
        return result


def is_new_item(target: Any, key: Any, before: Any, after: Any) -> bool:
    """Whether a write adds an item to a list of modules, which is an attribute "0", "1", …"""
    return isinstance(target, dict) and isinstance(key, str) and key.isdigit() and before is MISSING and is_module(after)


def put(run: Run, target: Any, key: Any, value: Any) -> None:
    """Write a widened value; a dict that changes in a loop may have more keys than are seen."""
    if value is MISSING:
        run.state.remove(target, key)
    else:
        run.state.put(target, key, value)
    if type(target) is DictValue and key == "items":
        run.state.put(target, "open", "a dict that changes in a loop")


def widen_slot(run: Run, target: Any, before: Any, after: Any, count: Any) -> Any:
    """`widen` for what a variable, attribute, list or dict holds."""
    if before is after:
        return before
    if type(target) is DictValue:
        if isinstance(before, dict) and isinstance(after, dict):
            same = before.keys() == after.keys()
            return (
                before
                if same and all(before[key] is after[key] for key in before)
                else {key: widen(run, before[key], after.get(key)) for key in before}
            )
        return after
    if type(target) in (ListValue, SetValue, IteratorValue):
        return grown(run, before, after, count)
    return widen(run, before, after)


def grown(run: Run, before: Any, after: Any, count: Any) -> Repeated:
    """The items of a list after any number of rounds, each of which adds to it what the first did."""
    if isinstance(before, tuple) and isinstance(after, tuple) and len(after) > len(before) and after[: len(before)] == before:
        element = after[len(before)] if len(after) == 1 else run.join_all(after)
        if isinstance(count, (int, Poly)):
            return Repeated(element, len(before) + (len(after) - len(before)) * count)
        return Repeated(element, Unknown("a list that grows in a loop"))
    if isinstance(before, Repeated) and isinstance(after, Repeated):
        return Repeated(run.join_all((before.element, after.element)), Unknown("a list that grows in a loop"))
    return Repeated(Unknown("items of a list that grows in a loop"), Unknown("a list that grows in a loop"))


def widen(run: Run, before: Any, after: Any) -> Any:
    """A value for any number of rounds of a loop, from what it was before and after the first."""
    if before is after:
        return before
    if before is MISSING:
        return after
    if type(after) is Choice or type(before) is Choice:
        return _widen_choice(run, before, after)
    if isinstance(before, Free) and isinstance(after, Tensor) and before.kind in ("input", "tensor"):
        before = run.free.tensor(before, (after.rank,))
    kind = type(before)
    if kind is type(after):
        if kind is Tensor:
            if before.shape == after.shape:
                return before if before.layout == after.layout and before.dtype == after.dtype else _loose(before, before.shape)
            if len(before.shape) == len(after.shape):
                sizes = tuple(a if a == b else run.fresh("loop", 0) for a, b in zip(before.shape, after.shape, strict=True))
                return _loose(before, sizes)
        elif kind is tuple and len(before) == len(after):
            return tuple(widen(run, a, b) for a, b in zip(before, after, strict=True))
        elif kind is tuple and len(after) > len(before):  # `states = states + (x,)`
            return ListValue(grown(run, before, after, None))
        elif kind is ListValue and isinstance(before.items, Repeated) and isinstance(after.items, Repeated):
            return ListValue(grown(run, before.items, after.items, None))
        elif kind in (int, float, str, bool, Poly) and before == after:
            return before
        elif kind is Repeated or kind is Unknown:
            return before
    if isinstance(before, int) and isinstance(after, (int, Poly)) and not isinstance(before, bool):
        return run.fresh("loop", None)
    return Unknown("changes in a loop of unknown length")


def _widen_choice(run: Run, before: Any, after: Any) -> Any:
    """`widen` where a value depends on a condition: the same one in every round, or another one in each."""
    if type(after) is Choice and type(before) is Choice and before.guard == after.guard:
        yes, no = widen(run, before.yes, after.yes), widen(run, before.no, after.no)
        return before if yes is before.yes and no is before.no else Choice(before.guard, yes, no)
    if type(before) is Choice:  # stable, where each side of what comes out is like one of what goes in
        sides = (before.yes, before.no)
        came = (after.yes, after.no) if type(after) is Choice else (after,)
        stable = all(any(widen(run, side, other) is side for side in sides) for other in came)
        return before if stable else Unknown("changes in a loop of unknown length")
    yes, no = widen(run, before, after.yes), widen(run, before, after.no)
    if yes is no or yes is before:
        return no
    guard = after.guard if lasting(after.guard) else run.undecided()
    return yes if no is before and not lasting(after.guard) and type(yes) is Unknown else Choice(guard, yes, no)


def lasting(cond: Cond) -> bool:
    """Whether a condition is about parameters, so that it is the same in every round of a loop."""
    if cond.op in ("not", "and", "or"):
        return all(lasting(part) for part in cond.args)
    return cond.op in ("truthy", "none", "is", "isinstance") and "[*]" not in cond.args[0]


def _loose(tensor: Tensor, shape: tuple[Any, ...]) -> Tensor:
    wide = Tensor(shape, tensor.dtype, None, None)
    wide.made = tensor.made
    return wide
