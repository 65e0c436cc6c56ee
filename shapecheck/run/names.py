"""Variables: looking them up, binding them, sharing them with an outer scope."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from shapecheck.book.outcome import Refused
from shapecheck.run.objects import Env
from shapecheck.values import MISSING, Choice, Unknown

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.run import Run

EVERY_MODULE = frozenset(
    ("__name__", "__file__", "__doc__", "__package__", "__spec__", "__loader__", "__path__", "__builtins__", "__class__")
)


class Names:
    """Variables of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def lookup(self, node: Any, frame: Frame) -> Any:
        """The value of a variable; an undefined name is reported where it is certain."""
        name = node.id
        env: Env | None = frame.env
        while env is not None:
            value = env.names.get(name, MISSING)
            if value is not MISSING:
                return value if type(value) is not Choice else self._chosen(value, name)
            env = env.outer
        return self._global(name, node, frame)

    def _chosen(self, value: Choice, name: str) -> Any:
        return self.run.settled(value)

    def _global(self, name: str, node: Any, frame: Frame) -> Any:
        run = self.run
        namespace = frame.namespace
        value = namespace.get(run, name)
        if value is not MISSING:
            return run.settled(value) if type(value) is Choice else value
        native = run.builtins.get(name)
        if native is not None:
            return native
        if hasattr(builtins, name) or name in EVERY_MODULE:
            return Unknown(f"the builtin {name}")
        hidden = namespace.hidden()
        if hidden is not None:
            return run.opaque_name(hidden, name)
        if name in namespace.makers or self._bound_somewhere(name, frame):
            return Unknown(f"{name} is not set on this path")
        frame.node = node
        return run.refused(
            Refused("SHP120", f"name '{name}' is not defined", message=f"the name '{name}' is not defined anywhere", error="NameError")
        )

    def _bound_somewhere(self, name: str, frame: Frame) -> bool:
        """Whether code that did not run (another arm, a function's own later line, `global`) may bind the name."""
        return name in self.run.global_names(frame.namespace) or name in self.run.local_names(frame)

    def bind(self, frame: Frame, name: str, value: Any) -> None:
        env = frame.env
        if env.shared is not None and name in env.shared:
            target = env.shared[name]
            names = frame.namespace.env.names if target is None else target.names
        else:
            names = env.names
        state = self.run.state
        state.put(names, name, value)
        if names is frame.namespace.env.names:
            state.shared.add(id(names))
            state.share(value)

    def share(self, names: tuple[str, ...], frame: Frame, is_global: bool) -> None:
        """`global a, b` and `nonlocal a, b`."""
        env = frame.env
        if env.shared is None:
            env.shared = {}
        for name in names:
            if is_global:
                env.shared[name] = None
                env.names.pop(name, None)
                continue
            outer = env.outer
            while outer is not None and name not in outer.names:
                outer = outer.outer
            if outer is not None:
                env.shared[name] = outer
