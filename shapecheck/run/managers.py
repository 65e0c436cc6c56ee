"""`with`: context managers that are objects, generator functions, or known by name.

The body of a `with` whose manager is a generator function runs where that function yields, so that what stands before, behind and
around the `yield` happens before, behind and around the body.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Bound, Function, Generated, PyRaise
from shapecheck.run.statements import Leave, block
from shapecheck.source import ir
from shapecheck.values import Choice, External, Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.run import Run


def with_statement(run: Run, node: Any, frame: Frame, place: int = 0) -> Leave | None:
    """Enter the managers from number `place` on, run the body, leave the managers."""
    if place == len(node.items):
        return block(run, node.body, frame)
    expr, target = node.items[place]
    manager = run.resolve(run.evaluate(expr, frame))
    if isinstance(manager, Generated):
        return _around(run, manager, node, frame, place)
    silenced = expects_error(expr, manager) or swallows(manager)
    value = enter(run, manager)
    if target is not None:
        run.assign(target, value, frame)
    run.silenced += silenced
    try:
        leave = with_statement(run, node, frame, place + 1)
    except PyRaise:
        leave_manager(run, manager)
        if silenced:
            return None
        raise
    finally:
        run.silenced -= silenced
    leave_manager(run, manager)
    return leave


def _around(run: Run, manager: Generated, node: Any, frame: Frame, place: int) -> Leave | None:
    """Run a generator function, and the body where it yields."""
    left: list[Leave | None] = []
    forks = len(run.state.forks)
    target = node.items[place][1]

    def body(value: Any) -> None:
        if left or len(run.state.forks) != forks:
            return  # a `yield` on an undecided arm: the body runs behind the call
        run.frames.append(frame)
        try:
            if target is not None:
                run.assign(target, value, frame)
            left.append(None)
            left[0] = with_statement(run, node, frame, place + 1)
        finally:
            run.frames.pop()

    yielded = run.calls.function(manager.function, manager.args, manager.kwargs, manager.unclear, body)
    if left:
        return left[0]
    if target is not None:
        value = (
            yielded
            if isinstance(yielded, Unknown)
            else run.join_all(yielded)
            if yielded
            else Unknown("a context manager that yields nothing")
        )
        run.assign(target, value, frame)
    return with_statement(run, node, frame, place + 1)


def expects_error(expr: Any, manager: Any) -> bool:
    """Whether a context manager swallows or expects exceptions: pytest.raises, unittest's assertRaises, contextlib.suppress."""
    if isinstance(manager, External) and manager.name == "pytest.raises()":
        return True
    name = getattr(getattr(expr, "func", None), "name", "") or getattr(getattr(expr, "func", None), "id", "")
    return isinstance(name, str) and (name.startswith("assertRaises") or name in ("raises", "suppress", "assertWarns"))


def swallows(manager: Any) -> bool:
    """Whether the `__exit__` of a class of the user's may take exceptions: it returns something."""
    found = manager.cls.find("__exit__") if isinstance(manager, Instance) else None
    return found is not None and isinstance(found[0], Function) and isinstance(found[0].body, tuple) and _returns(found[0].body)


def _returns(part: Any) -> bool:
    """Whether code has a `return` of something other than None and False."""
    if isinstance(part, tuple):
        return any(map(_returns, part))
    if type(part) is ir.Return:
        return part.value is not None and not (type(part.value) is ir.Const and not part.value.value)
    if not isinstance(part, (ir.Stmt, ir.Handler, ir.Case)) or isinstance(part, (ir.FuncDef, ir.ClassDef)):
        return False
    inner: Iterable[Any] = (getattr(part, field) for field in part.fields)
    return any(_returns(item) for item in inner if isinstance(item, tuple))


def enter(run: Run, manager: Any) -> Any:
    """What `with manager as x` binds."""
    if isinstance(manager, Instance):
        found = manager.cls.find("__enter__")
        if found is not None:
            return run.call(Bound(found[0], manager), [], {})
        return Unknown(f"a context manager of class {manager.cls.name}")
    if isinstance(manager, Choice):
        return run.lift(manager, lambda each: enter(run, each))
    return manager if isinstance(manager, Unknown) else Unknown(f"a context manager {run.describe(manager)}")


def leave_manager(run: Run, manager: Any) -> None:
    """`manager.__exit__(None, None, None)`"""
    found = manager.cls.find("__exit__") if isinstance(manager, Instance) else None
    if found is not None:
        run.call(Bound(found[0], manager), [None, None, None], {})
