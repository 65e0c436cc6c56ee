"""What an answer of the worker means for a finding."""

from __future__ import annotations

from typing import Any

import pytest

from shapecheck.confirm.ask import CALL, Run, alike, judge, runs
from shapecheck.findings.replay import Claim, Replay

FILE = "/code/net.py"
REPLAY = Replay(FILE, (FILE, 10, 12), "RuntimeError")
CPU, META = Run("cpu"), Run("meta")
SENTENCE = "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)"


def answer(kind: str = "", text: str = SENTENCE, line: int = 11, file: str = FILE, **more: Any) -> dict[str, Any]:
    raised = None
    if kind:
        frames = [[FILE, 30, 30], [file, line, line], ["/lib/python3.11/site-packages/torch/nn/modules/linear.py", 125, 125]]
        raised = {"kinds": [kind, "Exception", "BaseException", "object"], "text": text, "frames": frames}
    return {"raised": raised, "reached": False, "passed": False, "seen": [], "missing": None, **more}


@pytest.mark.parametrize(
    ("found", "run", "status"),
    [
        (answer("RuntimeError"), CPU, "confirmed"),
        (answer("RuntimeError", line=10), META, "confirmed"),
        (answer("RuntimeError", "other words"), META, "confirmed"),
        (answer("RuntimeError", line=13), CPU, "unclear"),
        (answer("RuntimeError", line=11, file="/code/other.py"), CPU, "unclear"),
        (answer("IndexError"), CPU, "unclear"),
        (answer("RuntimeError", "DefaultCPUAllocator: can't allocate memory: you tried"), CPU, "unclear"),
        (answer("RuntimeError", "Tensor.item() cannot be called on meta tensors"), META, "unclear"),
        (answer("NotImplementedError", "Cannot copy out of meta tensor; no data!"), META, "unclear"),
        (answer(passed=True, reached=True), CPU, "not reproduced"),
        (answer(reached=True), CPU, "unclear"),
        (answer(), CPU, "unclear"),
        (answer(passed=True, reached=True), META, "unclear"),
    ],
)
def test_a_predicted_exception(found: dict[str, Any], run: Run, status: str) -> None:
    verdict = judge(found, REPLAY, run)
    assert verdict.status == status
    assert (verdict.reason == "") == (status != "unclear")


def test_what_is_called_behind_the_slice() -> None:
    called = Replay(FILE, (FILE, 5, 5), "RuntimeError", at_call=True)
    behind = answer("RuntimeError")
    behind["raised"]["frames"] = [[CALL, 2, 2], ["/lib/python3.11/site-packages/torch/nn/modules/linear.py", 125, 125]]
    assert judge(behind, called, CPU).status == "confirmed"
    assert judge(answer("RuntimeError", line=5), called, CPU).status == "unclear"
    assert judge(answer(), called, CPU).status == "not reproduced"


def test_shapes_where_nothing_is_raised() -> None:
    claims = Replay(FILE, (FILE, 10, 10), claims=(Claim(10, 1, 10, 5, (2, 3)),))
    assert judge(answer(seen=[[[1, 3], [2, 3]]]), claims, CPU).status == "confirmed"
    assert judge(answer(seen=[[[2, 4]]]), claims, CPU).status == "not reproduced"
    assert judge(answer(seen=[[]]), claims, CPU).status == "unclear"
    # that something else is raised behind it does not matter
    assert judge(answer("ValueError", seen=[[[2, 3]]]), claims, CPU).status == "confirmed"


def test_reasons_are_words() -> None:
    assert (
        judge(answer("ModuleNotFoundError", "No module named 'wandb'", missing="wandb"), REPLAY, CPU).reason
        == "the module wandb is missing"
    )
    assert judge(answer("SystemExit", "3"), REPLAY, CPU).reason == "the program ends itself (sys.exit)"
    late = judge(answer("TimeIsUp", "more than 20 s"), REPLAY, CPU)
    assert late.reason == "it took more than 20 s" and late.ended


def test_a_predicted_kind_counts_even_if_it_usually_tells_of_a_limit() -> None:
    replay = Replay(FILE, (FILE, 10, 12), "NotImplementedError")
    found = answer("NotImplementedError", 'Module [ModuleList] is missing the required "forward" function')
    assert judge(found, replay, META).status == "confirmed"


def test_the_order_of_devices() -> None:
    assert [run.name for run in runs("auto", cuda=False)] == ["meta", "cpu", "cpu"]
    assert [run.name for run in runs("auto", cuda=True)][-1] == "cuda"
    assert {run.name for run in runs("cuda", cuda=True)} == {"cuda"}
    assert {run.name for run in runs("meta", cuda=True)} == {"meta"}


def test_sentences_with_other_numbers_are_alike() -> None:
    assert alike("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", "mat1 and mat2 shapes cannot be multiplied (Nx3 and 4x5)")
    assert not alike("a and b must have same reduction dim, but got [2, 3] X [4, 5].", SENTENCE)
