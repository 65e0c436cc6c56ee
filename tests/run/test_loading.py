"""`torch.utils.data`: what loaders yield, the short last batch included."""

from __future__ import annotations

import pytest

from shapecheck.check import check_source
from tests.run.programs import Program, programs, verify

LOADERS = programs("""
### batches of tensors
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.rand(100, 1, 28, 28), torch.randint(0, 10, (100,)))
loader = DataLoader(data, batch_size=20, shuffle=True)
images, labels = next(iter(loader))
for batch in loader:
    inside = batch[0].flatten(1)
>>> images, labels, inside, len(loader), len(data), data[3], loader.batch_size, len(loader.dataset)
>>> len(DataLoader(data, 30)), len(DataLoader(data, 30, drop_last=True)), next(iter(DataLoader(data)))[0]
!!! nn.Linear(28 * 28, 10)(next(iter(loader))[0])

### a dataset of one's own
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self, count):
        self.x = torch.rand(count, 5)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return {"x": self.x[i], "y": int(i) % 3, "weight": 0.5, "pair": (self.x[i, 0], "name")}


batch = next(iter(DataLoader(Rows(64), 16)))
>>> batch["x"], batch["y"], batch["weight"], batch["pair"][0], len(Rows(64))

### a collate function
from torch.utils.data import DataLoader


def collate(samples):
    return torch.stack([x for x, _ in samples]), torch.tensor([y for _, y in samples])


pairs = [(torch.zeros(3), 1), (torch.zeros(3), 0), (torch.ones(3), 1)]
>>> next(iter(DataLoader(pairs, 2, collate_fn=collate))), next(iter(DataLoader(pairs, 8)))[0]

### parts of a dataset
from torch.utils.data import ConcatDataset, DataLoader, Subset, TensorDataset, random_split

data = TensorDataset(torch.rand(100, 4))
train, test = random_split(data, [80, 20])
first, second = random_split(data, [0.75, 0.25])
both = ConcatDataset([train, test])
few = Subset(data, range(10))
>>> len(train), len(test), len(first), len(second), len(both), len(few), next(iter(DataLoader(test, 8)))[0], few[0][0], both[1][0]

### the last batch is shorter
from torch.utils.data import DataLoader, TensorDataset

hidden = torch.zeros(30, 4)


def train(loader, hidden):
    for (x,) in loader:
        hidden = (hidden + x).detach()
    return hidden


data = TensorDataset(torch.rand(100, 4))
>>> train(DataLoader(data, 30, drop_last=True), hidden), train(DataLoader(data, 25), torch.zeros(25, 4))
!!! train(DataLoader(data, 30), hidden)

### batches that are counted
from torch.utils.data import DataLoader, TensorDataset

losses = []
for epoch in range(2):
    for step, (x, y) in enumerate(DataLoader(TensorDataset(torch.rand(10, 4), torch.rand(10, 1)), batch_size=4)):
        losses.append(F.mse_loss(nn.Linear(4, 1)(x), y))
>>> torch.stack(losses).mean()
""")


@pytest.mark.parametrize("program", LOADERS)
def test_loaders(program: Program) -> None:
    verify(program)


PICTURES = """
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

steps = [{steps}]
data = datasets.{dataset}, transform=transforms.Compose(steps))
for images, labels in DataLoader(data, batch_size={batch}):
    nn.Conv2d(9, 1, 1)(images)
    nn.Linear(4, 4)(labels.float())
"""


@pytest.mark.parametrize(
    ("dataset", "batch", "steps", "shape"),
    [
        ('FashionMNIST("data", train=True', 256, "transforms.ToTensor()", "[256, 1, 28, 28]"),
        (
            'MNIST("data", False',
            100,
            "transforms.Pad(2), transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))",
            "[100, 1, 32, 32]",
        ),
        ('CIFAR10("data"', 50, "transforms.RandomCrop(32, padding=4), transforms.ToTensor()", "[50, 3, 32, 32]"),
        ('CIFAR100("data"', 50, "transforms.Resize((64, 48)), transforms.Grayscale(), transforms.ToTensor()", "[50, 1, 64, 48]"),
        ('ImageFolder("data"', 8, "transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor()", "[8, 3, 224, 224]"),
    ],
)
def test_pictures_of_known_sets(dataset: str, batch: int, steps: str, shape: str) -> None:
    reports = check_source(PICTURES.format(dataset=dataset, batch=batch, steps=steps)).reports
    said = " ".join(report.torch or "" for report in reports)
    assert f"expected input{shape} to have 9 channels" in said, said
    assert f"(1x{batch} and 4x4)" in said, said


def test_a_mean_for_each_channel() -> None:
    text = PICTURES.format(dataset='MNIST("data"', batch=60, steps="transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)")
    reports = check_source(text).reports
    assert [report.torch for report in reports][:1] == ["output with shape [1, 28, 28] doesn't match the broadcast shape [3, 28, 28]"]


def test_tensors_of_different_lengths() -> None:
    text = "import torch\nfrom torch.utils.data import TensorDataset\nx = torch.rand(40, 6)\nTensorDataset(x, x.sum(AXIS))\n"
    assert not check_source(text.replace("AXIS", "1")).reports
    (report,) = check_source(text.replace("AXIS", "0")).reports
    assert (report.code, report.torch, report.range.line) == ("SHP504", "Size mismatch between tensors", 4)


NUMBERS = programs("""
### pieces of a long tensor, at places that are drawn
import random

data, block = torch.arange(500), 32
places = torch.randint(len(data) - block, (4,))
x = torch.stack([data[i : i + block] for i in places])
at = torch.randint(0, 400, (1,)).item()
start = random.randint(0, 400)
near = random.randrange(100)
>>> x, data[at : at + 8], data[start : start + 5], data[near : near + 2], torch.stack([data[i + 1 : i + 1 + block] for i in places])
!!! x @ torch.stack([data[i + 1 : i + block] for i in places]).T
""")


@pytest.mark.parametrize("program", NUMBERS)
def test_numbers_that_are_drawn(program: Program) -> None:
    verify(program)


def test_data_sets_that_depend_on_a_condition() -> None:
    """Which of two it is may not be known; what they have in common is, and nothing ends the run."""
    outcome = check_source("""
import sys
import torch
from torch.utils.data import TensorDataset
from torchvision import datasets, transforms

if len(sys.argv) > 1:
    pictures = datasets.CIFAR10("data", transform=transforms.ToTensor())
    tensors = TensorDataset(torch.zeros(5, 3))
    x = torch.zeros(2, 3)
    change = transforms.Resize(3)
else:
    pictures = datasets.MNIST("data", transform=transforms.ToTensor())
    tensors = TensorDataset(torch.zeros(6, 3), torch.zeros(6))
    x = torch.zeros(2, 4)
    change = transforms.CenterCrop(4)
pictures[0][0].shape, len(pictures), tensors[0], len(tensors)
x.shape.numel(), torch.Size(x.size()).numel()
change(torch.zeros(3, 8, 8))
torch.zeros(6).view(7)
""")
    assert [report.code for report in outcome.reports] == ["SHP104"]
