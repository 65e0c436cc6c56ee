"""Records the calls of modules, for `summary`: what came in, what went out, and the work that was done in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from shapecheck.run.evidence import settled
from shapecheck.run.objects import PyRaise
from shapecheck.sizes import Size, true_product
from shapecheck.values import Choice, DictValue, Instance, ListValue, Repeated, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run


class Stopped(Exception):
    """Torch, or the program itself, would have raised: nothing after this place is reached."""


class ModuleCall:
    """One call of a module, while it is open and when it has returned.

    inputs    the shapes of the tensors among its arguments.
    output    the shape of what it returned: a tuple of sizes, a list or dict of such, None for what is no tensor.
    why       why the output, or a part of it, is not known.
    flops     the work of the call itself, without that of the modules that it calls.
    parent    the call that made this one.
    raised    the class of the exception with which it ended, '' where torch refuses something in it.
    """

    __slots__ = ("conditional", "flops", "inputs", "module", "output", "parent", "raised", "why")

    def __init__(self, module: Instance, inputs: tuple[Any, ...], parent: ModuleCall | None) -> None:
        self.module = module
        self.inputs = inputs
        self.output: Any = None
        self.why: str | None = None
        self.flops: Size = 0
        self.parent = parent
        self.conditional = False
        self.raised: str | None = None


class Recorder:
    """Hangs in a run as `run.recorder`; the run tells it of every call of a module, the rules of their work.

    begun     calls in the order in which they began.
    returned  calls in the order in which they returned.
    failed    the innermost call in which the run came to an end.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.begun: list[ModuleCall] = []
        self.returned: list[ModuleCall] = []
        self.failed: ModuleCall | None = None
        self.elsewhere: Size = 0  # work outside any module
        self._open: list[ModuleCall] = []

    def call(self, module: Instance, args: list[Any], kwargs: dict[str, Any], work: Callable[[], Any]) -> Any:
        """Carry out a module's call and note it."""
        run = self.run
        inputs = tuple(self._inputs([*args, *kwargs.values()]))
        call = ModuleCall(module, inputs, self._open[-1] if self._open else None)
        call.conditional = bool(run.state.assumed)
        self.begun.append(call)
        self._open.append(call)
        depth = len(self._open)
        try:
            result = work()
        except PyRaise as raised:
            if not run.state.assumed:
                self.failed = self.failed or call
                call.raised = raised.kind
            raise
        finally:
            del self._open[depth - 1 :]
        if run.halted:
            self.failed = self.failed or call
            call.raised = call.raised or ""
            raise Stopped
        call.output = self.outline(result, call)
        self.returned.append(call)
        return result

    def count(self, factors: Iterable[Size]) -> None:
        """Note a product of matrices, or what comes to one, of this many multiply-adds."""
        flops = 2 * true_product(factors)
        if self._open:
            self._open[-1].flops = self._open[-1].flops + flops
        else:
            self.elsewhere = self.elsewhere + flops

    # shapes of values

    def shape(self, tensor: Tensor) -> tuple[Any, ...]:
        shape: tuple[Any, ...] = settled(tensor.shape, self.run.facts)
        return shape

    def _inputs(self, values: Iterable[Any]) -> Iterable[Any]:
        for value in values:
            inside = self.outline(value, None)
            if not _empty(inside):
                yield inside

    def outline(self, value: Any, call: ModuleCall | None) -> Any:
        """Shapes in place of tensors: in tuples and lists as lists, in dicts as dicts; None for all else."""
        value = self.run.resolve(value)
        if isinstance(value, Choice):
            yes, no = self.outline(value.yes, call), self.outline(value.no, call)
            if yes == no:
                return yes
            value = Unknown("depends on a condition that is not known")
        if isinstance(value, Tensor):
            return self.shape(value)
        if isinstance(value, DictValue):
            return {str(key): self.outline(item, call) for key, item in value.items.items()}
        if isinstance(value, ListValue):
            value = value.items
        if isinstance(value, Repeated):
            value = Unknown("a list of unknown length")
        if isinstance(value, tuple):
            return [self.outline(item, call) for item in value]
        if isinstance(value, Unknown) and call is not None:
            call.why = call.why or value.why
        if isinstance(value, Instance) and value.cls.fields is not None:
            return {name: self.outline(value.attrs.get(name), call) for name, _, _ in value.cls.fields}
        return None


def _empty(outline: Any) -> bool:
    """Whether there is no tensor in it. A tensor without axes has the shape (), a tuple; lists and dicts are those of Python."""
    if isinstance(outline, (list, dict)):
        return all(_empty(part) for part in (outline.values() if isinstance(outline, dict) else outline))
    return outline is None
