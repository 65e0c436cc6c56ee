"""Runs a model on stated shapes and gathers its calls."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from shapecheck.book.dtypes import SYNONYMS
from shapecheck.findings.report import Report
from shapecheck.inputs import StatedShape, read_shape
from shapecheck.run.evidence import Evidence, range_of
from shapecheck.run.explore import Explorer
from shapecheck.run.frame import Frame
from shapecheck.run.imports import Library
from shapecheck.run.namespace import Namespace
from shapecheck.run.objects import Bound, Class, Function, Native, Partial, PyRaise, Spent, is_module
from shapecheck.run.record import Recorder, Stopped
from shapecheck.run.refusal import Refusal
from shapecheck.run.run import Run
from shapecheck.sizes import Size, symbol
from shapecheck.source import ir
from shapecheck.summary.gather import Finished, rows_of, unfollowed
from shapecheck.summary.result import Summary
from shapecheck.summary.target import Expression, Target, TargetError, expect_name, read_target, source_of
from shapecheck.values import Choice, Instance, Tensor, Unknown

MISUSE = ("SHP120", "SHP121")  # names that are not there, arguments that are missing or too many
BUDGET = 2_000_000  # steps: models of thousands of calls take some ten thousand


def summarize(
    target: str, *inputs: str | Sequence[int | str], training: bool = False, folder: str | None = None, library: Library | None = None
) -> Summary:
    """What a model does with inputs of these shapes, from its source alone: nothing is imported or built.

    target    `FILE.py:EXPR` or `package.module:EXPR`, where EXPR is a name or a call: `Net`, `Net(10)`, `resnet50(weights=None)`.
    inputs    the shape of each tensor that the model is called with, as text (`'1,3,224,224'`, `'N,10:int64'`) or as a sequence of sizes;
              a name is a size that is not known.
    training  the mode of the model. It is built in training mode, as in torch, and then switched.
    folder    where relative paths and imports begin; by default the working folder.
    library   files that were read before, to share them between calls.

    TargetError where the target or the inputs cannot be used.
    """
    if not inputs:
        raise TargetError("a summary needs the shape of an input, such as 1,3,224,224")
    stated = [_stated(given) for given in inputs]
    found = read_target(target, folder)
    return _Summarizer(found, stated, training, library or Library()).summary()


def _stated(given: str | Sequence[int | str]) -> StatedShape:
    text = given if isinstance(given, str) else f"({','.join(map(str, given))})"
    try:
        return read_shape(text)
    except ValueError as error:
        raise TargetError(str(error)) from None


class _Summarizer:
    """The summary of one target."""

    def __init__(self, target: Target, stated: list[StatedShape], training: bool, library: Library) -> None:
        self.target = target
        self.stated = stated
        self.training = training
        self.run = Run(target.resolver, library)
        module = source_of(target)
        namespace = Namespace(module, target.name, False) if module is not None else None
        if namespace is not None and module is not None:
            self.run.imports.loaded[str(module.path)] = namespace
        self.run.budget = self.run.whole_budget = BUDGET
        self.expression = Expression(target, namespace)
        self.done: list[Finished] = []

    def summary(self) -> Summary:
        run = self.run
        expect_name(self.target, self.expression, run)
        run.state.commit(0)
        explorer = Explorer(run, BUDGET, BUDGET)
        refusals, _ = explorer.entry(self._attempt)
        # where other cases are possible than the likeliest, and pass, theirs is the table
        passing = [done for done in self.done if not done.halted]
        best = self.done[0] if refusals or not self.done[0].halted or not passing else passing[0]
        return self._gathered(best, refusals)

    # running

    def _attempt(self) -> None:
        run = self.run
        run.recorder = None
        recorder = Recorder(run)
        done = Finished(recorder)
        self.done.append(done)
        frame = Frame(self.expression, self.expression.env, 0, "<module>", None, run.state.mark(), len(run.state.forks))
        run.frames.append(frame)
        try:
            model = self._build(frame)
            if model is None:
                return
            done.model = model
            run.recorder = recorder
            run.call(model, [self._input(stated) for stated in self.stated], {})
        except Stopped:
            pass
        except PyRaise as raised:
            done.raised = raised
        except (Spent, RecursionError):
            done.spent = True
        finally:
            run.recorder = None
            run.whole_budget += BUDGET
            run.budget = run.whole_budget  # what follows is bounded by the size of the model
            done.measure(run)

    def _build(self, frame: Frame) -> Instance | None:
        """The model; None where torch refuses to build it."""
        run = self.run
        statement = self.expression.module.lowered(0).statements[0]
        assert isinstance(statement, ir.ExprStmt)
        frame.node = statement.value
        value = run.resolve(run.evaluate(statement.value, frame))
        if isinstance(value, (Class, Function, Bound, Partial, Native)):
            value = run.resolve(run.call(value, [], {}))
        if run.halted:
            return None
        if isinstance(value, Choice):
            raise TargetError(f"{self.target.expression}: which model it makes depends on a condition that is not known")
        if not is_module(value):
            why = f": {value.why}" if isinstance(value, Unknown) else ""
            raise TargetError(f"{self.target.expression} is not seen to be an nn.Module{why}")
        model: Instance = value
        mode = "train" if self.training else "eval"
        found = model.cls.find(mode)
        run.call(Bound(found[0], model) if found is not None else run.modules.method(model, mode), [], {})
        return model

    def _input(self, stated: StatedShape) -> Tensor:
        shape = [size if isinstance(size, int) else symbol(size, 1) for size in stated.shape]
        dtype = SYNONYMS.get(stated.dtype, stated.dtype) if stated.dtype else "float32"
        return Tensor(shape, dtype)

    # gathering

    def _gathered(self, done: Finished, refusals: list[Refusal]) -> Summary:
        reports, failure = self._failure(done, refusals)
        rows, open_rows = rows_of(done)
        top = next((call for call in done.recorder.returned if call.module is done.model and call.parent is None), None)
        flops: Size = done.recorder.elsewhere
        for call in done.recorder.begun:
            flops = flops + call.flops
        return Summary(
            self.target.text,
            self.target.expression,
            tuple(self._input(stated).shape for stated in self.stated),
            top.output if top is not None else None,
            rows,
            done.params,
            done.trainable,
            flops,
            unfollowed(done),
            open_rows if failure is not None else (),
            tuple(reports),
            failure,
            self._raised(done) if not reports else None,
            self.training,
        )

    def _failure(self, done: Finished, refusals: list[Refusal]) -> tuple[list[Report], str | None]:
        """What torch, or the program itself, raises."""
        evidence = Evidence(self.run, lambda path: True)
        reports = []
        for refusal in refusals:
            if refusal.refused.code in MISUSE and all(place[0] is self.expression for place, _ in refusal.stack):
                raise TargetError(self._misused(refusal, done))
            report = evidence.report(refusal)
            if report is not None:
                reports.append(report)
        if reports:
            return [_shown(reports[0])], reports[0].message
        if done.raised is not None:
            return [], f"the program raises {done.raised.kind}"
        if done.halted and done.refusals:
            return [], done.refusals[0].refused.message
        return [], None

    def _raised(self, done: Finished) -> tuple[str, int, str] | None:
        place = done.raised.place if done.raised is not None else None
        if place is None:
            return None
        module, line = place[0].module, range_of(place).line
        return _relative(str(module.path)), line, module.line_text(line).strip()

    def _misused(self, refusal: Refusal, done: Finished) -> str:
        """The expression itself, or the number of inputs, does not fit."""
        sentence = refusal.refused.sentence
        if done.model is None:
            return f"{self.target.expression}: {sentence}"
        count = len(self.stated)
        return f"{done.model.cls.name} is called with {count} input{'s' * (count != 1)}: {sentence}"


def _shown(report: Report) -> Report:
    """The report as it is shown: paths below the working folder are relative, and its witness stands in the title of the table."""
    steps = tuple(replace(step, path=_relative(step.path)) for step in report.trail)
    witness = replace(report.witness, note="") if report.witness is not None else None
    return replace(report, path=_relative(report.path), trail=steps, witness=witness)


def _relative(path: str) -> str:
    relative = os.path.relpath(path) if os.path.isabs(path) else path
    return path if relative.startswith("..") else relative
