"""Torch itself signs the examples: it refuses each wrong one and runs each right one."""

from __future__ import annotations

import pytest

from shapecheck.findings.catalogue import all_findings, by_code
from shapecheck.findings.finding import Finding

pytest.importorskip("torch")

FINDINGS = [finding for finding in all_findings() if finding.bad]

# 3xx and 401 run, and are wrong; 904 is about a comment
RUNS = {finding.code for finding in FINDINGS if finding.code.startswith("SHP3")} | {"SHP401", "SHP904"}
NEVER_ENDS = {"SHP903"}
RAISES = {
    "SHP119": IndexError,
    "SHP120": NameError,
    "SHP121": TypeError,
    "SHP403": AssertionError,
    "SHP901": SyntaxError,
    "SHP902": SyntaxError,
}


def run(example: str, code: str) -> None:
    """As a file would be run: from bytes, so that a declared encoding counts."""
    exec(compile(example.encode(), f"<{code}>", "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("finding", [f for f in FINDINGS if f.code not in RUNS | NEVER_ENDS], ids=lambda f: f.code)
def test_the_wrong_example_is_refused(finding: Finding) -> None:
    with pytest.raises(RAISES.get(finding.code, (RuntimeError, ValueError, IndexError, AssertionError, AttributeError))):
        run(finding.bad, finding.code)


@pytest.mark.parametrize("finding", [f for f in FINDINGS if f.code in RUNS], ids=lambda f: f.code)
def test_the_silent_example_runs(finding: Finding) -> None:
    run(finding.bad, finding.code)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda f: f.code)
def test_the_right_example_runs(finding: Finding) -> None:
    run(finding.good, finding.code)


def test_the_folded_batch_is_as_large_as_said() -> None:
    import torch

    x = torch.randn(1, 3, 224, 224)
    folded = torch.nn.Conv2d(3, 32, 3, stride=4, padding=1)(x).view(-1, 32 * 8 * 8)
    assert folded.shape[0] == 49
    assert "49 rows" in by_code("SHP301").why
