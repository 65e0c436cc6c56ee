"""From the recorded calls of a run to the rows of a summary."""

from __future__ import annotations

from shapecheck.run.evidence import settled
from shapecheck.run.objects import PyRaise
from shapecheck.run.record import ModuleCall, Recorder
from shapecheck.run.refusal import Refusal
from shapecheck.run.run import Run
from shapecheck.sizes import Size
from shapecheck.summary.result import Row, Unfollowed
from shapecheck.values import Instance, Tensor


class Finished:
    """One run of the model that came to its end, or to where torch raises. `measure` has to read it before the run is undone."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.model: Instance | None = None
        self.names: dict[int, str] = {}
        self.own: dict[int, tuple[Size, Size]] = {}  # of a module: elements of its own parameters, of those that learn
        self.whole: dict[int, tuple[Size, Size]] = {}  # the same with its parts
        self.params: Size = 0
        self.trainable: Size = 0
        self.incomplete: str | None = None
        self.halted = False
        self.spent = False
        self.raised: PyRaise | None = None
        self.refusals: list[Refusal] = []

    def measure(self, run: Run) -> None:
        """Names, parameters and refusals as they are now."""
        self.halted = run.halted or self.raised is not None
        self.refusals = list(run.refusals)
        model = self.model
        if model is None:
            return
        for call in self.recorder.begun:
            call.flops = settled(call.flops, run.facts)  # what the path learned later counts as well
        modules = list(run.modules.walk(model))
        self.names = {id(module): path for path, module in modules}
        held = {id(module): _parameters(module) for _, module in modules}
        self.own = {key: _counted(tensors, run) for key, tensors in held.items()}
        for call in self.recorder.begun:
            if id(call.module) in self.names and id(call.module) not in self.whole:
                self.whole[id(call.module)] = _counted(_all(call.module, held, run), run)
        self.params, self.trainable = _counted(_all(model, held, run), run)
        self.incomplete = run.modules.incomplete(model)


def _parameters(module: Instance) -> list[Tensor]:
    """The parameters that a module itself holds, each once."""
    found = {id(value): value for value in module.attrs.values() if isinstance(value, Tensor) and value.role == "parameter"}
    return list(found.values())


def _all(module: Instance, held: dict[int, list[Tensor]], run: Run) -> list[Tensor]:
    """The parameters of a module and its parts, each once."""
    found = {id(tensor): tensor for _, part in run.modules.walk(module) for tensor in held[id(part)]}
    return list(found.values())


def _counted(tensors: list[Tensor], run: Run) -> tuple[Size, Size]:
    """Elements of all, and of those that learn."""
    total: Size = 0
    trainable: Size = 0
    for tensor in tensors:
        total = total + tensor.numel()
        if tensor.trainable is not False:
            trainable = trainable + tensor.numel()
    return settled(total, run.facts), settled(trainable, run.facts)


def rows_of(done: Finished) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The calls that returned, in that order, and those that did not, in the order in which they began.

    A module that is no part of the model (one made in a forward) has no row: its work is that of the nearest caller that has one.
    """
    return _Rows(done).both()


class _Rows:
    def __init__(self, done: Finished) -> None:
        self.done = done
        self.begun = done.recorder.begun
        self.order = {call: place for place, call in enumerate(self.begun)}
        self.above = {call: self._above(call) for call in self.begun}
        self.returned = [call for call in done.recorder.returned if self._named(call)]
        self.place = {call: place for place, call in enumerate(self.returned)}
        self.own: dict[ModuleCall, Size] = {}
        self.total: dict[ModuleCall, Size] = {}
        self._add_up()
        met: set[int] = set()
        self.again: set[ModuleCall] = set()
        for call in self.begun:
            if id(call.module) in met:
                self.again.add(call)
            met.add(id(call.module))

    def both(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        hanging = [call for call in self.begun if self._named(call) and call not in self.place]
        return tuple(map(self.row, self.returned)), tuple(map(self.row, hanging))

    def _named(self, call: ModuleCall) -> bool:
        return id(call.module) in self.done.names

    def _above(self, call: ModuleCall) -> ModuleCall | None:
        """The nearest open call around this one that has a row."""
        parent = call.parent
        while parent is not None and not self._named(parent):
            parent = parent.parent
        return parent

    def _add_up(self) -> None:
        for call in reversed(self.begun):
            owner = call if self._named(call) else self.above[call]
            if owner is not None:
                self.own[owner] = self.own.get(owner, 0) + call.flops
            self.total[call] = self.total.get(call, 0) + call.flops
            if call.parent is not None:
                self.total[call.parent] = self.total.get(call.parent, 0) + self.total[call]

    def row(self, call: ModuleCall) -> Row:
        done, above = self.done, self.above[call]
        depth, around = 0, above
        while around is not None:
            depth, around = depth + 1, self.above[around]
        params, trainable = done.own[id(call.module)]
        total_params, total_trainable = done.whole[id(call.module)]
        return Row(
            path=done.names[id(call.module)],
            class_name=call.module.cls.name,
            inputs=call.inputs,
            output=call.output,
            params=params,
            trainable=trainable,
            flops=self.own.get(call, 0),
            total_params=total_params,
            total_trainable=total_trainable,
            total_flops=self.total[call],
            parent=self.place.get(above) if above is not None else None,
            begun=self.order[call],
            depth=depth,
            again=call in self.again,
            failed=call is done.recorder.failed,
        )


def unfollowed(done: Finished) -> tuple[Unfollowed, ...]:
    """Where something begins not to be known; what only follows from it is not listed."""
    found: dict[Unfollowed, None] = {}
    if done.spent:
        found[Unfollowed("", "the budget of work was used up")] = None
    whys: set[str] = set()

    def name(call: ModuleCall) -> str:
        return done.names.get(id(call.module)) or str(call.module.cls.name)

    for call in done.recorder.returned:
        if call.why is not None and call.why not in whys:
            whys.add(call.why)
            found[Unfollowed(name(call), call.why)] = None
    if done.incomplete is not None and done.incomplete not in whys:
        found[Unfollowed("", f"parameters may be missing: {done.incomplete}")] = None
    conditional = [call for call in done.recorder.begun if call.conditional]
    if conditional:
        found[Unfollowed(name(conditional[0]), "called only under a condition that is not known")] = None
    return tuple(found)
