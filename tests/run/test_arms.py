"""Refusals on the arms of a condition that nobody can know: one arm proves nothing, both do. Torch runs every program with either answer."""

from __future__ import annotations

import pytest
import torch

from shapecheck.check import check_source

PROGRAM = """
import os
import torch
from torch import nn

FAST = bool(int(os.environ.get("SHAPECHECK_FAST", "0")))


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 4)
        self.b = nn.Linear(9, 4)
        self.fast = FAST

    def forward(self, x, flag=False):
        x = x.flatten(1)
{body}


Head()(torch.zeros(2, 3, 3))
"""

BOTH = {
    "both arms": """
if self.fast:
    x = self.a(x)
else:
    x = x @ self.b.weight
return x
""",
    "an expression": "return self.a(x) if self.fast else x @ self.b.weight",
    "a layer that is chosen": """
layer = self.a if self.fast else nn.Linear(10, 4)
return layer(x)
""",
    "the other arm raises": """
if self.fast:
    return self.a(x)
else:
    raise NotImplementedError
""",
    "either arm of a condition inside": """
if self.fast:
    if x.shape[0] == 2:
        x = self.a(x)
    else:
        x = x @ self.b.weight
else:
    x = self.a(x + 1)
return x
""",
    "an attribute that is missing, and what comes after": """
if self.fast:
    x = self.missing(x)
for _ in range(3):
    x = x + x
return self.a(x).relu()
""",
    "arms inside an arm": """
if self.fast:
    if FAST:
        x = self.a(x)
    else:
        x = self.a(x + 1)
else:
    x = self.a(x - 1)
return x
""",
}

ONE = {
    "one arm": """
if self.fast:
    x = self.a(x)
else:
    x = self.b(x)
return x
""",
    "only one of two conditions": """
if self.fast:
    x = self.b(x)
elif os.environ.get("SHAPECHECK_OTHER"):
    x = self.a(x)
else:
    x = x @ self.b.weight
return x
""",
    "part of an arm has left": """
if self.fast:
    if os.environ["SHAPECHECK_FAST"] == "1":
        return x
    x = self.a(x)
else:
    x = self.a(x)
return x
""",
    "part of an arm has left a function": """
def helped(x):
    if os.environ["SHAPECHECK_FAST"] == "1":
        return x
    return self.a(x)

return helped(x) if self.fast else self.a(x)
""",
    "caught on one arm": """
if self.fast:
    try:
        x = self.a(x)
    except RuntimeError:
        pass
else:
    x = self.a(x)
return x
""",
    "an arm that raises is taken": """
try:
    if self.fast:
        x = self.a(x)
    else:
        raise RuntimeError
except RuntimeError:
    pass
return x
""",
}


def indented(body: str) -> str:
    return PROGRAM.format(body="\n".join(" " * 8 + line for line in body.strip().splitlines()))


def crashes(text: str, fast: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str] | None:
    """The line on which torch, or the program, raises."""
    monkeypatch.setenv("SHAPECHECK_FAST", fast)
    try:
        exec(compile(text, "program.py", "exec"), {"__name__": "program", "torch": torch})
    except (RuntimeError, NotImplementedError, AttributeError) as error:
        trace = error.__traceback__
        line = 0
        while trace is not None:
            line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == "program.py" else line
            trace = trace.tb_next
        return line, str(error)
    return None


@pytest.mark.parametrize("name", BOTH)
def test_what_fails_on_either_arm_is_reported(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = indented(BOTH[name])
    either = [crashes(text, fast, monkeypatch) for fast in "10"]
    assert None not in either
    reports = check_source(text).reports
    assert len(reports) == 1
    assert (reports[0].range.line, reports[0].torch) in either


@pytest.mark.parametrize("name", ONE)
def test_what_works_on_one_arm_is_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = indented(ONE[name])
    assert None in [crashes(text, fast, monkeypatch) for fast in "10"]
    assert not check_source(text).reports


def test_the_other_arm_is_shown() -> None:
    report = check_source(indented(BOTH["both arms"])).reports[0]
    other = report.trail[-1]
    assert (other.range.line, other.message) == (report.range.line + 2, "otherwise: the inner sizes 9 and 4 of [2, 9] and [4, 9] differ")
