"""Expressions given to the interpreter, each for itself: no example knows what another has taught the path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapecheck.run.entries import FileRuns
from shapecheck.run.frame import Frame
from shapecheck.run.objects import Native
from shapecheck.sizes import Facts, Poly, Size, evaluate, symbol
from shapecheck.source import ir
from shapecheck.source.module import SourceModule
from shapecheck.values import Cond, DType, ListValue, Repeated, Shape, Tensor, Unknown
from tests.support.answers import Answer, Fault, Hidden, Raised, Seen

PRELUDE = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nimport einops\n"


@dataclass
class Result:
    """What an expression came to, and what the path then took for given."""

    answer: Answer
    facts: Facts


def run(sources: Sequence[str], sizes: Mapping[str, Size] | None = None) -> list[Result]:
    """What shapecheck makes of each expression. `sizes` are names that stand for sizes."""
    module = SourceModule("<examples>", "__main__", PRELUDE + "".join(f"({source})\n" for source in sources))
    runs = FileRuns(module, None, None)
    runs.namespace.env.names.update(_natives(), **(sizes or {}))
    return _Expressions(runs).all()


class _Expressions:
    """Runs the expression statements of a file one at a time."""

    def __init__(self, runs: FileRuns) -> None:
        self.runs = runs
        self.run = runs.run

    def all(self) -> list[Result]:
        answers = []
        for chunk in self.runs.module.chunks:
            if chunk.kind == "import":
                self.run.run_chunk(self.runs.namespace, chunk.index)
                continue
            for statement in self.runs.module.lowered(chunk.index).statements:
                assert isinstance(statement, ir.ExprStmt)
                answers.append(self.one(statement.value, chunk.index))
        return answers

    def one(self, node: ir.Expr, chunk: int) -> Result:
        first: list[Result] = []

        def work() -> None:
            frame = Frame(self.runs.namespace, self.runs.namespace.env, chunk, "<module>", None, self.run.state.mark(), 0)
            self.run.frames.append(frame)
            value = self.run.evaluate(node, frame)
            if not first:
                first.append(Result(told(self.run.resolve(value)), self.run.facts))
            self.run.frames.pop()

        self.runs.explorer.budget = 10_000_000
        try:
            refusals, spent = self.runs.explorer.entry(work)
        except Exception as fault:  # a fault of a rule's is the answer to this expression, not to the others
            return Result(Fault(f"{type(fault).__name__}: {fault}"), Facts())
        if refusals:
            refused = refusals[0].refused
            return Result(Raised(refused.error, refused.sentence, refused.code), Facts())
        return first[0] if first and not spent else Result(Hidden("nothing came of it"), Facts())


def _natives() -> dict[str, Native]:
    """T, I and M as values of the interpreter, so that no example leans on the rules of torch.rand and its kin."""

    def some_floats(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Tensor:
        dtype = kwargs.get("dtype")
        return Tensor(args, dtype.name if isinstance(dtype, DType) else "float32")

    def some_integers(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Tensor:
        return Tensor(args, "int64")

    def some_mask(run: Any, args: list[Any], kwargs: dict[str, Any]) -> Tensor:
        return Tensor(args, "bool")

    return {"T": Native("T", some_floats), "I": Native("I", some_integers), "M": Native("M", some_mask)}


def told(value: Any) -> Answer:
    """A value of the interpreter's as an answer."""
    if isinstance(value, Tensor):
        return Seen(value.shape, value.dtype, value.strides)
    if isinstance(value, ListValue):
        return Hidden("a list of unknown length") if isinstance(value.items, Repeated) else tuple(map(told, value.items))
    if isinstance(value, (tuple, Shape)):
        return tuple(map(told, value))
    if isinstance(value, DType):
        return value.name
    if value is None or isinstance(value, (bool, int, float, str, Poly)):
        return value
    if isinstance(value, Unknown) and " failed: " in value.why:
        return Fault(value.why)
    return Hidden(
        getattr(value, "why", None) or ("a condition" if isinstance(value, Cond) else f"an object of class {type(value).__name__}")
    )


def at(answer: Answer, point: Mapping[str, int]) -> Answer:
    """An answer with numbers put in for names. A size with other names in it stays as it is, and is compared with nothing."""
    if isinstance(answer, Seen):
        strides = None if answer.strides is None else tuple(_number(stride, point) for stride in answer.strides)
        return Seen(tuple(_number(size, point) for size in answer.shape), answer.dtype, strides)
    if isinstance(answer, tuple):
        return tuple(at(item, point) for item in answer)
    return _number(answer, point) if isinstance(answer, Poly) else answer


def _number(size: Size, point: Mapping[str, int]) -> Size:
    if isinstance(size, int):
        return size
    try:
        return evaluate(size, dict(point))
    except KeyError:
        return size


def allows(facts: Facts, point: Mapping[str, int]) -> bool:
    """Whether the numbers fit what the path took for given. Where they do not, it followed another case than theirs."""
    known: Facts | None = facts
    for name, value in point.items():
        known = known.assume_eq(symbol(name), value) if known is not None else None
    return known is not None
