"""Statements of the IR: effects on a frame, and how control leaves them.

A statement returns None when control goes on behind it, or a `Leave`. Where an `if` is undecided both arms run from the same
state and are merged. An arm that leaves (return, break, continue) while the other goes on is kept in `frame.exits` with what it
had changed, and merged where the function or loop ends; an arm that raises is dropped, and what it would have meant becomes a
fact of the path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Class, PyRaise
from shapecheck.run.state import Delta, Knowledge, merge
from shapecheck.source import ir
from shapecheck.values import MISSING, Cond, DictValue, External, Instance, ListValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.run import Run


class Leave:
    """Control leaves a block: kind 'return', 'break', 'continue', or 'gone' when every arm has left and is kept in `exits`."""

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: Any = None) -> None:
        self.kind = kind
        self.value = value


BREAK, CONTINUE, GONE = Leave("break"), Leave("continue"), Leave("gone")


class Exit:
    """An arm that left while another went on.

    kind, value   how it left. guard   under which condition.
    delta         what it had changed since its function began.
    base          facts, pins and decisions at the outermost fork of this function that was open then.
    """

    __slots__ = ("base", "delta", "guard", "kind", "value")

    def __init__(self, kind: str, guard: Cond, value: Any, delta: Delta, base: Knowledge) -> None:
        self.kind = kind
        self.guard = guard
        self.value = value
        self.delta = delta
        self.base = base


def block(run: Run, statements: Sequence[Any], frame: Frame) -> Leave | None:
    """Run statements in order until one leaves."""
    for statement in statements:
        run.step()
        frame.node = statement
        leave = TABLE[type(statement)](run, statement, frame)
        if leave is not None:
            return leave  # type: ignore[no-any-return]
    return None


def expr_stmt(run: Run, node: Any, frame: Frame) -> None:
    run.evaluate(node.value, frame)


def assign(run: Run, node: Any, frame: Frame) -> None:
    value = run.evaluate(node.value, frame)
    for target in node.targets:
        run.assign(target, value, frame)


def ann_assign(run: Run, node: Any, frame: Frame) -> None:
    if node.value is not None:
        run.assign(node.target, run.evaluate(node.value, frame), frame)
    run.classes.note_annotation(node, frame)


def aug_assign(run: Run, node: Any, frame: Frame) -> None:
    target = node.target
    if type(target) is ir.Name:
        old = run.evaluate(target, frame)
        value = run.evaluate(node.value, frame)
        frame.node = node
        run.assign(target, run.augmented(node.op, old, value), frame)
    elif type(target) is ir.Attr:
        receiver = run.evaluate(target.value, frame)
        frame.node = target
        old = run.attribute(receiver, target.name)
        value = run.evaluate(node.value, frame)
        frame.node = node
        run.set_attribute(receiver, target.name, run.augmented(node.op, old, value))
    elif type(target) is ir.Subscript:
        receiver = run.evaluate(target.value, frame)
        index = run.evaluate(target.index, frame)
        frame.node = target
        old = run.subscript(receiver, index)
        value = run.evaluate(node.value, frame)
        frame.node = node
        run.set_item(receiver, index, run.augmented(node.op, old, value))


def if_(run: Run, node: Any, frame: Frame) -> Leave | None:
    value = run.evaluate(node.test, frame)
    truth = run.truth(value)
    if isinstance(truth, bool):
        return block(run, node.body if truth else node.orelse, frame)
    return fork(run, truth, lambda: block(run, node.body, frame), lambda: block(run, node.orelse, frame), frame)


def fork(run: Run, cond: Cond, yes: Callable[[], Leave | None], no: Callable[[], Leave | None], frame: Frame) -> Leave | None:
    """Run both arms of an undecided condition from the present state and merge what can go on."""
    run.reckon()
    state = run.state
    before = state.open()
    state.forks.append((state.facts, dict(state.pins), dict(state.decided)))
    arms: list[tuple[Leave | None, Delta] | PyRaise | None] = []
    doubts: list[int] = []
    exits: list[int] = []
    for holds, arm in ((True, yes), (False, no)):
        mark = state.mark()
        exits.append(len(frame.exits))
        doubts.append(len(run.arms.kept))
        try:
            with run.assuming(cond, holds) as possible:
                arms.append((arm(), state.delta(mark)) if possible else None)
        except PyRaise as raised:
            del frame.exits[exits[-1] :]
            arms.append(raised)
        finally:
            state.undo(mark)
    base = state.forks[frame.forks]
    state.forks.pop()
    if len(run.arms.kept) > doubts[0]:
        run.arms.alone(doubts[0], doubts[1], [isinstance(arm, PyRaise) for arm in arms])
        dead = run.arms.dead(doubts[0], doubts[1])
        if dead[0] != dead[1] and isinstance(arms[dead[0]], tuple):
            arms[dead[1]] = None
            del frame.exits[exits[dead[1]] : exits[1] if dead[0] else None]
    state.close(before, frame.exits)
    alive = [(holds, arm) for holds, arm in zip((True, False), arms, strict=True) if isinstance(arm, tuple)]
    if not alive:
        raised_first = next((arm for arm in arms if isinstance(arm, PyRaise)), None)
        raise raised_first or PyRaise("Unreachable")
    if len(alive) == 1:
        leave, delta = alive[0][1]
        state.redo(delta)
        return leave
    (leave_yes, delta_yes), (leave_no, delta_no) = alive[0][1], alive[1][1]
    run.steps += len(delta_yes) + len(delta_no)  # merging is work too
    if leave_yes is None and leave_no is None:
        merge(state, cond, delta_yes, delta_no)
        return None
    if leave_yes is not None and leave_no is not None and leave_yes.kind == leave_no.kind != "gone":
        merge(state, cond, delta_yes, delta_no)
        return Leave(leave_yes.kind, run.join(cond, leave_yes.value, leave_no.value))
    going: Delta | None = None
    for holds, leave, delta in ((True, leave_yes, delta_yes), (False, leave_no, delta_no)):
        if leave is None:
            going = delta
        elif leave.kind != "gone":
            guard = run.guard(cond if holds else cond.negated())
            frame.exits.append(Exit(leave.kind, guard, leave.value, {**state.delta(frame.mark), **delta}, base))
            state.open()
    if going is None:
        return GONE
    state.redo(going)
    return None


def settle(run: Run, frame: Frame, first: int, kinds: tuple[str, ...], live: bool) -> tuple[bool, Any]:
    """Merge the exits of these kinds, from number `first` on, into the present state.

    `live` says whether the present state can go on by itself. Returns whether anything goes on, and the exits' joined value
    (MISSING when there was none).
    """
    state = run.state
    mine = [item for item in frame.exits[first:] if item.kind in kinds]
    if not mine:
        return live, MISSING
    frame.exits[first:] = [item for item in frame.exits[first:] if item.kind not in kinds]
    merged: Delta | None = changes(state, state.delta(frame.mark)) if live else None
    value: Any = MISSING
    state.undo(frame.mark)
    for item in reversed(mine):
        delta = changes(state, item.delta)
        if merged is None:
            merged = delta
        else:
            before, mark = state.open(), state.mark()
            merge(state, item.guard, delta, merged)
            merged = state.delta(mark)
            state.undo(mark)
            state.close(before)
        value = item.value if value is MISSING else run.join(item.guard, item.value, value)
    state.redo(merged or {})
    facts, pins, decided = mine[0].base
    state.put(state, "facts", facts)
    for known, target in ((pins, state.pins), (decided, state.decided)):
        for key, entry in known.items():
            state.put(target, key, entry)
    return True, value


def changes(state: Any, delta: Delta) -> Delta:
    """Without facts, pins and decisions, which are settled by themselves."""
    return {
        place: entry
        for place, entry in delta.items()
        if entry[0] is not state.pins and entry[0] is not state.decided and entry[0] is not state
    }


def for_(run: Run, node: Any, frame: Frame) -> Leave | None:
    return run.loops.for_(node, frame)


def while_(run: Run, node: Any, frame: Frame) -> Leave | None:
    return run.loops.while_(node, frame)


def return_(run: Run, node: Any, frame: Frame) -> Leave:
    return Leave("return", None if node.value is None else run.evaluate(node.value, frame))


def raise_(run: Run, node: Any, frame: Frame) -> Leave:
    value = None if node.value is None else run.evaluate(node.value, frame)
    maker = run.resolve(run.evaluate(node.value.func, frame)) if type(node.value) is ir.Call else value
    raise PyRaise(kind_of(maker if isinstance(maker, (Class, External)) else value), value, (frame.namespace, frame.chunk, node.n))


def kind_of(value: Any) -> str:
    """The name of the exception class of a raised value."""
    if isinstance(value, Instance):
        return str(value.cls.name)
    if isinstance(value, Class):
        return value.name
    if isinstance(value, External):
        return value.name.rpartition(".")[2]
    return "Exception"


def assert_(run: Run, node: Any, frame: Frame) -> None:
    truth = run.truth(run.evaluate(node.test, frame))
    if truth is False or (truth is not True and not run.state.assume(truth, True)):
        raise PyRaise("AssertionError", None, (frame.namespace, frame.chunk, node.n))


CATCHES = {
    "Exception": ("Exception",),
    "BaseException": ("Exception",),
    "RuntimeError": ("RuntimeError", "NotImplementedError", "RecursionError"),
    "LookupError": ("IndexError", "KeyError"),
    "ArithmeticError": ("ZeroDivisionError", "OverflowError"),
    "ImportError": ("ImportError", "ModuleNotFoundError"),
    "OSError": ("OSError", "FileNotFoundError"),
}


def catches(run: Run, handler: Any, kind: str, frame: Frame) -> bool:
    """Whether an except clause takes an exception of this kind."""
    if handler.type is None:
        return True
    value = run.resolve(run.evaluate(handler.type, frame))
    for item in value if isinstance(value, tuple) else (value,):
        name = kind_of(item)
        if name in ("Exception", "BaseException") or name == kind or kind in CATCHES.get(name, ()):
            return True
        if isinstance(item, Unknown):
            return True
    return False


def try_(run: Run, node: Any, frame: Frame) -> Leave | None:
    leave: Leave | None = None
    try:
        try:
            run.guarded.append((node.handlers, frame))
            try:
                leave = block(run, node.body, frame)
            finally:
                run.guarded.pop()
        except PyRaise as raised:
            for handler in node.handlers:
                if catches(run, handler, raised.kind, frame):
                    if handler.name:
                        run.bind(frame, handler.name, raised.value if raised.value is not None else Unknown("an exception"))
                    leave = block(run, handler.body, frame)
                    break
            else:
                raise
        else:
            if leave is None:
                leave = block(run, node.orelse, frame)
    finally:
        final = block(run, node.final, frame) if node.final else None
    return final or leave


def with_(run: Run, node: Any, frame: Frame) -> Leave | None:
    return run.with_statement(node, frame)


def func_def(run: Run, node: Any, frame: Frame) -> None:
    value: Any = run.calls.make_function(node.name, node.params, node.body, node, frame)
    for decorator in reversed(node.decorators):
        value = run.classes.decorate(run.evaluate(decorator, frame), value, node)
    run.bind(frame, node.name, as_stated(run, node.name, value, frame))


def class_def(run: Run, node: Any, frame: Frame) -> None:
    value: Any = run.classes.define(node, frame)
    for decorator in reversed(node.decorators):
        value = run.classes.decorate(run.evaluate(decorator, frame), value, node)
    run.bind(frame, node.name, as_stated(run, node.name, value, frame))


def as_stated(run: Run, name: str, value: Any, frame: Frame) -> Any:
    """A function or class of a module, or the name of the signature that the user states for it."""
    stated = run.signatures.within(frame.namespace, name) if frame.label == "<module>" else None
    return value if stated is None else External(stated)


def import_(run: Run, node: Any, frame: Frame) -> None:
    run.imports.import_(node, frame)


def import_from(run: Run, node: Any, frame: Frame) -> None:
    run.imports.import_from(node, frame)


def global_(run: Run, node: Any, frame: Frame) -> None:
    run.names.share(node.names, frame, True)


def nonlocal_(run: Run, node: Any, frame: Frame) -> None:
    run.names.share(node.names, frame, False)


def delete(run: Run, node: Any, frame: Frame) -> None:
    for target in node.targets:
        if type(target) is ir.Name:
            run.state.remove(frame.env.names, target.id)
        elif type(target) is ir.Attr:
            receiver = run.resolve(run.evaluate(target.value, frame))
            if isinstance(receiver, Instance):
                run.state.remove(receiver.attrs, target.name)
        elif type(target) is ir.Subscript:
            receiver = run.resolve(run.evaluate(target.value, frame))
            index = run.resolve(run.evaluate(target.index, frame))
            if isinstance(receiver, ListValue) and isinstance(receiver.items, tuple) and isinstance(index, (int, slice)):
                items = list(receiver.items)
                try:
                    del items[index]
                except (IndexError, TypeError) as error:
                    raise PyRaise(type(error).__name__) from None
                run.state.put(receiver, "items", tuple(items))
            elif isinstance(receiver, DictValue):
                key = run.key(index)
                run.state.put(receiver, "items", {k: v for k, v in receiver.items.items() if k != key})
            elif isinstance(receiver, Instance):
                run.modules.delete_item(receiver, index)


def match(run: Run, node: Any, frame: Frame) -> Leave | None:
    from shapecheck.run.patterns import match_statement  # a rare statement: not loaded until a program has one

    return match_statement(run, node, frame)


def nothing(run: Run, node: Any, frame: Frame) -> None:
    return None


def break_(run: Run, node: Any, frame: Frame) -> Leave:
    return BREAK


def continue_(run: Run, node: Any, frame: Frame) -> Leave:
    return CONTINUE


TABLE: dict[type, Callable[[Any, Any, Any], Any]] = {
    ir.ExprStmt: expr_stmt,
    ir.Assign: assign,
    ir.AnnAssign: ann_assign,
    ir.AugAssign: aug_assign,
    ir.If: if_,
    ir.For: for_,
    ir.While: while_,
    ir.Return: return_,
    ir.Raise: raise_,
    ir.Assert: assert_,
    ir.Try: try_,
    ir.With: with_,
    ir.FuncDef: func_def,
    ir.ClassDef: class_def,
    ir.Import: import_,
    ir.ImportFrom: import_from,
    ir.Global: global_,
    ir.Nonlocal: nonlocal_,
    ir.Delete: delete,
    ir.Match: match,
    ir.Pass: nothing,
    ir.Break: break_,
    ir.Continue: continue_,
}
