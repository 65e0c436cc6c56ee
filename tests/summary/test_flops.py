"""FLOPs of every example of every rule, against torch.utils.flop_counter on the meta device."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import pytest

from shapecheck.book.examples import Refusal
from shapecheck.run.entries import FileRuns
from shapecheck.run.frame import Frame
from shapecheck.run.record import Recorder
from shapecheck.source import ir
from shapecheck.source.module import SourceModule
from tests.support import engine, oracle
from tests.support.cases import Case, by_file, cases

pytest.importorskip("torch")

# the labels decide how many rows go through the clusters; products inside of a factorisation are not followed
RULES_LEFT_OUT = ("AdaptiveLogSoftmaxWithLoss", "svd_lowrank", "pca_lowrank")
# how many elements a sparse tensor holds is not known; distributions are no layers
FILES_LEFT_OUT = ("sparse", "distributions")


def is_counted(case: Case) -> bool:
    if case.file.startswith(FILES_LEFT_OUT) or any(name in case.rule for name in RULES_LEFT_OUT):
        return False
    return not isinstance(case.example.expected, Refusal) and (oracle.EINOPS or "einops" not in case.example.source)


CASES = list(filter(is_counted, cases()))


def counted(sources: list[str]) -> list[Any]:
    """What shapecheck counts in each expression; None where something in it is not known."""
    module = SourceModule("<examples>", "__main__", engine.PRELUDE + "".join(f"({source})\n" for source in sources))
    runs = FileRuns(module, None, None)
    runs.namespace.env.names.update(engine._natives())
    runs.explorer.budget = 10_000_000
    run, found = runs.run, []

    def one(node: ir.Expr, chunk: int) -> Any:
        kept: list[Any] = []

        def work() -> None:
            run.recorder = recorder = Recorder(run)
            frame = Frame(runs.namespace, runs.namespace.env, chunk, "<module>", None, run.state.mark(), 0)
            run.frames.append(frame)
            run.evaluate(node, frame)
            run.frames.pop()
            kept.append(recorder.elsewhere + sum(call.flops for call in recorder.begun))

        runs.explorer.entry(work)
        return kept[0] if kept else None

    for chunk in module.chunks:
        if chunk.kind == "import":
            run.run_chunk(runs.namespace, chunk.index)
            continue
        for statement in module.lowered(chunk.index).statements:
            assert isinstance(statement, ir.ExprStmt)
            found.append(one(statement.value, chunk.index))
    return found


def true_count(source: str, device: str) -> int | None:
    """What torch counts; None where the device cannot run it."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with torch.device(device), FlopCounterMode(display=False) as counter:
                eval(source, oracle.names())
        except Exception:
            return None
    return int(counter.get_total_flops())


@cache
def of_file(file: str) -> dict[Case, Any]:
    wanted = [case for case in by_file()[file] if case in CASES]
    return dict(zip(wanted, counted([case.example.source for case in wanted]), strict=True))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_as_torch_counts(case: Case) -> None:
    true = true_count(case.example.source, "meta")
    if true is None:
        true = true_count(case.example.source, "cpu")
    if true is None:
        pytest.skip("torch's counter cannot run it")
    assert of_file(case.file)[case] == true
