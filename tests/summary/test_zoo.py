"""A few cheap models of torchvision, call by call against forward hooks; tests/bench/zoo.py does all of them."""

from __future__ import annotations

import pytest

from shapecheck.run.imports import Library
from shapecheck.summary import summarize
from tests.bench import zoo, zoos

pytest.importorskip("torch")
try:
    CASES = list(zoos.of_torchvision())
except ImportError:
    pytest.skip("torchvision is not installed", allow_module_level=True)

SAMPLE = (
    "alexnet squeezenet1_1 resnet18 mobilenet_v3_small shufflenet_v2_x0_5 mnasnet0_5 densenet121 googlenet regnet_x_400mf regnet_y_400mf "
    "efficientnet_b0 convnext_tiny swin_t swin_v2_t vit_b_32 maxvit_t lraspp_mobilenet_v3_large r3d_18 mvit_v2_s"
).split()
LIBRARY = Library()


@pytest.mark.parametrize("case", [case for case in CASES if case.name in SAMPLE], ids=lambda case: case.name)
def test_as_forward_hooks_see_it(case: zoos.Case) -> None:
    true = zoo.truth(case)
    ours = summarize(case.target, true.shape, library=LIBRARY)
    agree, said = zoo.differences(true, ours)
    assert not said
    assert not ours.unknown
    assert agree == len(true.calls) > 0


def test_the_sample_is_there() -> None:
    assert {case.name for case in CASES} >= set(SAMPLE)
