"""Models of torchvision with another head: its own source is followed, where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs.whole import Whole, read, verify

pytest.importorskip("torch")

PROGRAMS = read("""
### another head for models of torchvision
--- transfer.py
import torch
import torch.nn as nn
import torchvision
from torchvision import models
from torchvision.models import resnet18

model = models.resnet18(weights=None)
for param in model.parameters():
    param.requires_grad_(False)
model.fc = nn.Linear(512, 10)
model(torch.zeros(2, 3, 64, 64, device="cpu"))
alex = torchvision.models.alexnet()
alex.classifier[6] = nn.Linear(4096, 10)
alex.eval()(torch.zeros(1, 3, 96, 96))
body = nn.Sequential(*list(resnet18().children())[:-1])
scores = nn.Linear(512, 3)(body(torch.zeros(2, 3, 64, 64)).flatten(1))
!!! transfer.py: model.fc = nn.Linear(512, 10) => model.fc = nn.Linear(256, 10)
!!! transfer.py: nn.Linear(4096, 10) => nn.Linear(2048, 10)
!!! transfer.py: torch.zeros(2, 3, 64, 64)).flatten(1) => torch.zeros(2, 3, 64, 64))
""")


@pytest.fixture(autouse=True, scope="module")
def _torchvision() -> None:
    zoo = pytest.importorskip("tests.bench.zoos")
    try:
        zoo.torchvision()
    except ImportError:
        pytest.skip("torchvision is not installed")


@pytest.mark.parametrize("program", PROGRAMS)
def test_models_of_torchvision(program: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(program, tmp_path, monkeypatch)
