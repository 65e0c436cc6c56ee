"""Truth values, and expressions that have to be evaluated on two paths."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from shapecheck.book.outcome import Refused
from shapecheck.run.objects import Bound, FreeShape, PyRaise
from shapecheck.run.state import Delta, merge
from shapecheck.run.wider import flat
from shapecheck.sizes import Poly, Truth
from shapecheck.values import (
    MANY_PARTS,
    MISSING,
    Choice,
    Cond,
    DictValue,
    Free,
    Instance,
    ListValue,
    Repeated,
    SetValue,
    SymFloat,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MAX_GUARDS = 5  # conditions that the arguments of an op may depend on: with so many it is applied 32 times


class Assuming:
    """`with run.assuming(cond, holds) as possible`: an arm that runs under a condition."""

    __slots__ = ("cond", "holds", "run")

    def __init__(self, run: Run, cond: Cond, holds: bool) -> None:
        self.run = run
        self.cond = cond
        self.holds = holds

    def __enter__(self) -> bool:
        state = self.run.state
        state.assumed.append(self.cond if self.holds else self.cond.negated())
        self.run.arms.enter()
        return state.assume(self.cond, self.holds)

    def __exit__(self, *exception: object) -> None:
        self.run.state.assumed.pop()
        self.run.arms.began.pop()


def truth(run: Run, value: Any) -> bool | Cond:
    """Python's truth of a value: decided, or a condition."""
    value = run.resolve(value)
    kind = type(value)
    if kind is bool:
        return value  # type: ignore[no-any-return]
    if value is None:
        return False
    if kind in (int, float, str, bytes, complex):
        return bool(value)
    if kind is Cond:
        return run.known(value)
    if kind is Poly:
        answer = run.facts.eq(value, 0)
        return run.known(Cond("ne", (value, 0))) if answer.maybe else answer.no
    if kind is Choice:
        return _truth_of_choice(run, value)
    if isinstance(value, tuple):
        return bool(value)
    if kind is ListValue or kind is SetValue:
        return run.undecided() if isinstance(value.items, Repeated) else bool(value.items)
    if kind is DictValue:
        return bool(value.items) or (run.undecided() if value.open else False)
    if kind is Free:
        return run.free.truth(value)
    if kind is Tensor:
        return _truth_of_tensor(run, value)
    if kind is Instance:
        return _truth_of_instance(run, value)
    if kind in (Unknown, FreeShape, SymFloat) or value is MISSING:
        return run.undecided()
    return True


def _truth_of_choice(run: Run, value: Choice) -> bool | Cond:
    result = run.either(value.guard, lambda: truth(run, value.yes), lambda: truth(run, value.no))
    cond = as_condition(result)
    return run.known(cond) if isinstance(cond, Cond) else cond


def as_condition(value: Any) -> bool | Cond:
    """A condition from truth values joined by choices."""
    if not isinstance(value, Choice):
        assert isinstance(value, (bool, Cond)), value
        return value
    guard, yes, no = value.guard, as_condition(value.yes), as_condition(value.no)
    if yes is True:
        return guard if no is False else True if no is True else Cond("or", (guard, no))
    if yes is False:
        return guard.negated() if no is True else False if no is False else Cond("and", (guard.negated(), no))
    if no is True:
        return Cond("or", (guard.negated(), yes))
    if no is False:
        return Cond("and", (guard, yes))
    return Cond("or", (Cond("and", (guard, yes)), Cond("and", (guard.negated(), no))))


def _truth_of_tensor(run: Run, value: Tensor) -> bool | Cond:
    if run.facts.gt(value.numel(), 1).yes:
        run.refused(Refused("SHP118", "Boolean value of Tensor with more than one value is ambiguous"), None, (value,))
    if value.elements is not None and len(value.elements) == 1:
        return bool(value.elements[0])
    return run.undecided(free=True)


def _truth_of_instance(run: Run, value: Instance) -> bool | Cond:
    for name in ("__bool__", "__len__"):
        found = value.cls.find(name)
        if found is not None:
            return truth(run, run.call(Bound(found[0], value), [], {}))
    return run.undecided() if value.cls.open else True


def conjunction(run: Run, a: Any, b: Any) -> Any:
    """`a and b` of two answers."""
    if a is False or b is False:
        return False
    if a is True:
        return b
    if b is True:
        return a
    if isinstance(a, Cond) and isinstance(b, Cond):
        return Cond("and", (a, b))
    return run.undecided()


def under(run: Run, cond: Cond, holds: bool, work: Callable[[], Any]) -> Any:
    """Evaluate something that runs only under a condition; MISSING when it cannot be reached or raises."""
    state = run.state
    before, mark = state.open(), state.mark()
    state.forks.append((state.facts, dict(state.pins), dict(state.decided)))
    value: Any = MISSING
    delta: Delta = {}
    try:
        with run.assuming(cond, holds) as possible:
            if possible:
                value = work()
                delta = state.delta(mark)
    except PyRaise:
        value = MISSING
    finally:
        state.undo(mark)
        state.forks.pop()
    state.close(before, run.frames[-1].exits if run.frames else ())
    if value is not MISSING:
        merge(state, cond if holds else cond.negated(), delta, {})
    elif not state.assume(cond, not holds):
        raise PyRaise("Unreachable")
    return value


def either(run: Run, cond: Cond, yes: Callable[[], Any], no: Callable[[], Any]) -> Any:
    """Evaluate an expression on both sides of a condition and join the values and the changes."""
    run.reckon()
    state = run.state
    before = state.open()
    state.forks.append((state.facts, dict(state.pins), dict(state.decided)))
    outcomes: list[tuple[Any, Delta] | None] = []
    failure: PyRaise | None = None
    doubts: list[int] = []
    raised: list[bool] = []
    try:
        for holds, work in ((True, yes), (False, no)):
            mark = state.mark()
            doubts.append(len(run.arms.kept))
            raised.append(False)
            try:
                with run.assuming(cond, holds) as possible:
                    outcomes.append((work(), state.delta(mark)) if possible else None)
            except PyRaise as error:
                failure = failure or error
                raised[-1] = True
                outcomes.append(None)
            finally:
                state.undo(mark)
    finally:
        state.forks.pop()
    if len(run.arms.kept) > doubts[0]:
        run.arms.alone(doubts[0], doubts[1], raised)
        dead = run.arms.dead(doubts[0], doubts[1])
        if dead[0] != dead[1] and outcomes[dead[0]] is not None:
            outcomes[dead[1]] = None
    state.close(before, run.frames[-1].exits if run.frames else ())
    first, second = outcomes
    if first is None and second is None:
        raise failure or PyRaise("Unreachable")
    if first is None or second is None:
        value, delta = first or second  # type: ignore[misc]
        state.redo(delta)
        return value
    merge(state, cond, first[1], second[1])
    return run.join(cond, first[0], second[0])


def lifted(run: Run, args: list[Any], kwargs: dict[str, Any], work: Callable[[list[Any], dict[str, Any]], Any]) -> Any:
    """Apply to arguments of which some may be choices, once for each side."""
    if len(_open_guards(run, args, kwargs)) > MAX_GUARDS:
        args = [flat(run, value) for value in args]
        kwargs = {key: flat(run, value) for key, value in kwargs.items()}
    return _lifted(run, args, kwargs, work)


def _open_guards(run: Run, args: list[Any], kwargs: dict[str, Any]) -> set[Cond]:
    """The conditions on which arguments depend: each may double the work."""
    guards: set[Cond] = set()
    for value in (*args, *kwargs.values()):
        items = value.items if type(value) is ListValue else value
        for item in items if isinstance(items, tuple) else (value,):
            while type(item) is Choice:
                guards.add(item.guard)
                item = item.yes if type(item.yes) is Choice else item.no
    return guards


def _lifted(run: Run, args: list[Any], kwargs: dict[str, Any], work: Callable[[list[Any], dict[str, Any]], Any]) -> Any:
    for place, value in enumerate(args):
        found = _choice_in(run, value)
        if found is not None:
            return run.lift(found, partial(_again, run, args, kwargs, place, found, work))
    for key, value in kwargs.items():
        found = _choice_in(run, value)
        if found is not None:
            return run.lift(found, partial(_again_by_name, run, args, kwargs, key, found, work))
    return work(args, kwargs)


def of_each(run: Run, args: list[Any], kwargs: dict[str, Any], work: Callable[[Run, list[Any], dict[str, Any]], Any]) -> Any:
    """Apply a function to positional arguments that are choices, once for each side; what they hold stays as it is."""
    place = next((place for place, value in enumerate(args) if type(value) is Choice), None)
    if place is None:
        return work(run, args, kwargs)
    return run.lift(args[place], lambda one: of_each(run, [*args[:place], one, *args[place + 1 :]], kwargs, work))


def _again_by_name(run: Run, args: list[Any], kwargs: dict[str, Any], key: str, found: Choice, work: Any, chosen: Any) -> Any:
    return _lifted(run, args, {**kwargs, key: _replace(kwargs[key], found, chosen)}, work)


def _again(run: Run, args: list[Any], kwargs: dict[str, Any], place: int, found: Choice, work: Any, chosen: Any) -> Any:
    replaced = list(args)
    replaced[place] = _replace(args[place], found, chosen)
    return _lifted(run, [run.resolve(value) for value in replaced], kwargs, work)


def _choice_in(run: Run, value: Any) -> Choice | None:
    if type(value) is Choice:
        return value
    items = value.items if type(value) is ListValue else bounds(value) if type(value) is slice else value
    if isinstance(items, tuple):
        for item in items:
            if type(item) is Choice:
                settled = run.settled(item)
                if type(settled) is Choice:
                    return item
            elif type(item) is slice and (found := _choice_in(run, item)) is not None:
                return found
    return None


def bounds(value: slice) -> tuple[Any, Any, Any]:
    """Where a slice starts and stops, and its step."""
    return value.start, value.stop, value.step


def _replace(value: Any, old: Choice, new: Any) -> Any:
    if value is old:
        return new
    if type(value) is ListValue and isinstance(value.items, tuple):
        return ListValue(tuple(_replace(item, old, new) for item in value.items))
    if type(value) is tuple:
        return tuple(_replace(item, old, new) for item in value)
    if type(value) is slice:
        return slice(*(_replace(item, old, new) for item in bounds(value)))
    return value


def unclear(cond: Cond) -> bool:
    """Whether a condition rests on something that was not followed."""
    if cond.op == "opaque":
        return bool(cond.args[0] == "unclear")
    return cond.parts > MANY_PARTS or (cond.op in ("and", "or", "not") and any(unclear(part) for part in cond.args))


def degenerate(cond: Cond, holds: bool, decide: Callable[[Cond], Truth]) -> bool:
    """Whether a size is 0 or less where a condition holds (or does not): the way not taken of `hidden or dim`. What fails there proves
    nothing. What the path has decided of a part is asked of `decide`."""
    op, args = cond.op, cond.args
    if cond.parts > MANY_PARTS:
        return False
    if op == "not":
        return degenerate(args[0], not holds, decide)
    if op in ("and", "or"):
        if (op == "and") is holds:  # every part is as `holds` says
            return any(degenerate(part, holds, decide) for part in args)
        open_parts = [part for part in args if not (decide(part).no if holds else decide(part).yes)]
        return bool(open_parts) and all(degenerate(part, holds, decide) for part in open_parts)
    if op not in ORDER:
        return False
    op = op if holds else cond.negated().op
    left, right = args if op in ("eq", "le", "lt") else args[::-1]
    op = ORDER[op]
    if op in ("eq", "ne"):
        return op == "eq" and 0 in args
    return isinstance(right, int) and isinstance(left, Poly) and right <= (0 if op == "le" else 1)


def of_a_number(cond: Cond, holds: bool) -> bool:
    """Whether a condition, where it holds (or does not), says of a free value that it is a number: the arm of a function for callers of all
    kinds. That this caller gives it one is not said, and what then has too few axes proves nothing."""
    op, args = cond.op, cond.args
    if op == "not":
        return of_a_number(args[0], not holds)
    if op in ("and", "or"):
        return (any if (op == "and") is holds else all)(of_a_number(part, holds) for part in args)
    return holds and op == "isinstance" and args[1] in ("int", "float", "bool", "torch.SymInt", "torch.SymFloat")


ORDER = {"eq": "eq", "ne": "ne", "lt": "lt", "gt": "lt", "le": "le", "ge": "le"}
