"""Whole chains: for which module classes of a file the shapes are known from the input of forward to its output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.findings.outcome import Chains
from shapecheck.run.objects import Class, Function, PyRaise, Spent, is_module
from shapecheck.source import ir
from shapecheck.values import Choice, DictValue, Instance, IteratorValue, ListValue, Repeated, SetValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.namespace import Namespace
    from shapecheck.run.run import Run

DEEPEST = 4
NEVER = "nothing that was followed calls it"


class Followed:
    """What the calls of forward came to, by class: the best of all runs counts."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.gaps: dict[int, str | None] = {}  # id of a class's node -> why its chain is broken; None: it is whole

    def returned(self, instance: Instance, result: Any) -> None:
        """Note what a call of a module's forward gave."""
        node = id(instance.cls.node)
        if instance.cls.node is not None and self.gaps.get(node, NEVER) is not None:
            self.gaps[node] = self.gap(result)

    def ended(self, cls: Class, end: PyRaise | Spent | RecursionError) -> None:
        """Note that a run of a class came to no result."""
        if isinstance(end, PyRaise):
            why = f"it raises {end.kind} where nothing better is known of its arguments"
        else:
            why = "its budget of work is spent"
        self.gaps.setdefault(id(cls.node), why)

    def broken(self, cls: Class) -> bool:
        """Whether the chain of a class is not whole yet."""
        return self.gaps.get(id(cls.node), NEVER) is not None

    def gap(self, value: Any, depth: int = 0) -> str | None:
        """Why a value is not known in all its parts, or None."""
        value = self.run.resolve(value)
        kind = type(value)
        if kind is Unknown:
            return str(value.why)
        if depth > DEEPEST:
            return None
        parts: Any = ()
        if kind is Choice:
            parts = (value.yes, value.no)
        elif isinstance(value, tuple):
            parts = value
        elif kind in (ListValue, SetValue, IteratorValue):
            parts = (value.items.element,) if isinstance(value.items, Repeated) else value.items
        elif kind is DictValue:
            if value.open:
                return str(value.open)
            parts = value.items.values()
        elif kind is Instance and not is_module(value):
            parts = value.attrs.values()
        return next((why for why in (self.gap(part, depth + 1) for part in parts) if why is not None), None)

    def count(self, namespace: Namespace) -> Chains:
        """The classes and forward methods of one file."""
        whole: set[int] = set()
        methods: set[int] = set()
        whys: dict[str, int] = {}
        classes = 0
        for cls in dict.fromkeys(self.run.classes_seen):
            if cls.env is None or cls.env.globals is not namespace or not self.run.modules.is_module_class(cls):
                continue
            found = cls.find("forward")
            if found is None or not isinstance(found[0], Function) or is_abstract(found[0]):
                continue
            classes += 1
            own = found[1] is cls
            methods.update([id(found[0].node)] if own else ())
            why = self.gaps.get(id(cls.node), NEVER)
            if why is not None:
                whys[why] = whys.get(why, 0) + 1
                continue
            whole.add(id(cls.node))
            if own:
                whole.add(id(found[0].node))
        return Chains(classes, classes - sum(whys.values()), len(methods), len(methods & whole), whys)


def is_abstract(function: Function) -> bool:
    """Whether a method's body does nothing but raise or stand empty."""
    body = function.body
    return isinstance(body, tuple) and all(
        type(statement) in (ir.Raise, ir.Pass) or (type(statement) is ir.ExprStmt and type(statement.value) is ir.Const)
        for statement in body
    )
