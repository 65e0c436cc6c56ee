"""Programs whose sizes stand in options, dicts, dataclasses and modules of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs.whole import Whole, read, verify

PROGRAMS = read("""
### options of a command line, several files, a choice of models by name
--- train.py
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from models import build_model


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="cnn", choices=["cnn", "mlp"])
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--resume", default=None)
    return parser.parse_args()


def main():
    args = parse()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = build_model(args.model, width=args.width, classes=args.classes).to(device)
    if args.resume:
        model.load_state_dict(torch.load(args.resume))
    data = TensorDataset(torch.randn(20, 3, 16, 16), torch.randint(0, 10, (20,)))
    loader = DataLoader(data, batch_size=args.batch_size, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        model.train()
        total = 0.0
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * images.size(0)
        print(f"epoch {epoch}: {total / len(loader.dataset):.3f}")


if __name__ == "__main__":
    main()
--- models/__init__.py
from .cnn import SmallCNN
from .mlp import MLP

MODELS = {"cnn": SmallCNN, "mlp": MLP}


def build_model(name, **kwargs):
    if name not in MODELS:
        raise ValueError(f"no model is called {name}")
    return MODELS[name](**kwargs)
--- models/cnn.py
import torch.nn as nn
import torch.nn.functional as F

from .blocks import ConvBlock


class SmallCNN(nn.Module):
    def __init__(self, width=16, classes=10):
        super().__init__()
        self.block1 = ConvBlock(3, width)
        self.block2 = ConvBlock(width, width * 2)
        self.fc = nn.Linear(width * 2 * 4 * 4, classes)

    def forward(self, x):
        x = F.max_pool2d(self.block1(x), 2)
        x = F.max_pool2d(self.block2(x), 2)
        return self.fc(x.flatten(1))
--- models/blocks.py
from torch import nn


class ConvBlock(nn.Module):
    def __init__(self, inp, out):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(out)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))
--- models/mlp.py
from torch import nn


class MLP(nn.Module):
    def __init__(self, width=16, classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(3 * 16 * 16, width), nn.ReLU(), nn.Linear(width, classes))

    def forward(self, x):
        return self.net(x)
!!! models/cnn.py: nn.Linear(width * 2 * 4 * 4, classes) => nn.Linear(width * 4 * 4, classes)
!!! models/blocks.py: nn.BatchNorm2d(out) => nn.BatchNorm2d(inp)
!!! train.py: torch.randn(20, 3, 16, 16) => torch.randn(20, 1, 16, 16)
!!! train.py: model(images), labels) => model(images), labels.unsqueeze(1))
!!! train.py: torch.randn(20, 3, 16, 16) => torch.randn(20, 3, 32, 32)

### a dataclass of hyperparameters
--- main.py
from dataclasses import dataclass, field
from typing import List, Optional

import torch
from torch import nn


@dataclass
class EncoderConfig:
    vocab: int = 100
    dim: int = 32
    heads: int = 4
    layers: int = 2
    dropout: float = 0.1
    widths: List[int] = field(default_factory=lambda: [64, 48])
    out: Optional[int] = None

    def __post_init__(self):
        if self.out is None:
            self.out = self.dim // 2


class Encoder(nn.Module):
    def __init__(self, config: EncoderConfig):
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocab, config.dim)
        layer = nn.TransformerEncoderLayer(config.dim, config.heads, 4 * config.dim, config.dropout, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, config.layers)
        sizes = [config.dim, *config.widths]
        self.mlp = nn.Sequential(*[nn.Sequential(nn.Linear(a, b), nn.GELU()) for a, b in zip(sizes[:-1], sizes[1:])])
        self.head = nn.Linear(sizes[-1], config.out)

    def forward(self, tokens):
        x = self.encoder(self.embed(tokens))
        return self.head(self.mlp(x.mean(dim=1)))


config = EncoderConfig(dim=64, heads=8)
model = Encoder(config)
print(model(torch.randint(0, config.vocab, (2, 12))).shape)
small = Encoder(EncoderConfig())
target = torch.zeros(2, config.out)
loss = nn.functional.mse_loss(model(torch.randint(0, 100, (2, 5))), target)
!!! main.py: nn.Linear(sizes[-1], config.out) => nn.Linear(sizes[-2], config.out)
!!! main.py: nn.Embedding(config.vocab, config.dim) => nn.Embedding(config.vocab, 32)
!!! main.py: EncoderConfig(dim=64, heads=8) => EncoderConfig(dim=64, heads=7)
!!! main.py: x.mean(dim=1) => x.transpose(1, 2).mean(dim=1)

### a dict of settings, a class of constants, hyperparameters at the module level
--- main.py
import torch
from torch import nn, optim

from config import CONFIG, Settings

BATCH_SIZE = 4
HIDDEN = 32
N_LAYERS = 2
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class Tagger(nn.Module):
    def __init__(self, vocab_size, embed_dim, hidden, tags):
        super(Tagger, self).__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim, padding_idx=0)
        self.lstm = nn.LSTM(embed_dim, hidden, num_layers=N_LAYERS, bidirectional=True, batch_first=True)
        self.dropout = nn.Dropout(CONFIG["dropout"])
        self.fc = nn.Linear(hidden * 2, tags)

    def forward(self, x):
        out, (h, c) = self.lstm(self.dropout(self.embedding(x)))
        return self.fc(out)


model = Tagger(CONFIG["vocab"], Settings.EMBED_DIM, HIDDEN, len(CONFIG["tags"])).to(DEVICE)
optimizer = optim.SGD(model.parameters(), lr=Settings.LR)
criterion = nn.CrossEntropyLoss()
for step in range(3):
    words = torch.randint(1, CONFIG["vocab"], (BATCH_SIZE, Settings.LENGTH), device=DEVICE)
    tags = torch.randint(0, len(CONFIG["tags"]), (BATCH_SIZE, Settings.LENGTH), device=DEVICE)
    scores = model(words)
    loss = criterion(scores.view(-1, scores.shape[-1]), tags.view(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
--- config.py
CONFIG = {"vocab": 50, "tags": ["O", "B", "I"], "dropout": 0.2}
CONFIG.update(seed=1)


class Settings:
    EMBED_DIM = 16
    LENGTH = 7
    LR = 0.1
!!! main.py: nn.Linear(hidden * 2, tags) => nn.Linear(hidden, tags)
!!! main.py: scores.view(-1, scores.shape[-1]), tags.view(-1) => scores, tags
!!! main.py: nn.LSTM(embed_dim, hidden, => nn.LSTM(hidden, hidden,

### a registry that decorators fill, and a factory
--- main.py
import torch

import nets
from registry import create

model = create("wide", classes=5)
print(model(torch.randn(2, 8)).argmax(1))
--- registry.py
REGISTRY = {}


def register(name):
    def add(cls):
        REGISTRY[name] = cls
        return cls

    return add


def create(name, **kwargs):
    return REGISTRY[name](**kwargs)
--- nets.py
from torch import nn

from registry import register


@register("narrow")
class Narrow(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.fc = nn.Linear(8, classes)

    def forward(self, x):
        return self.fc(x)


@register("wide")
class Wide(nn.Module):
    def __init__(self, classes, width=64):
        super().__init__()
        self.inp = nn.Linear(8, width)
        self.out = nn.Linear(width, classes)

    def forward(self, x):
        return self.out(self.inp(x).relu())
!!! nets.py: self.out = nn.Linear(width, classes) => self.out = nn.Linear(classes, width)
!!! main.py: torch.randn(2, 8) => torch.randn(2, 9)

### a registry that is an object
--- main.py
import torch

import blocks
from registry import BLOCKS

block = BLOCKS.build({"type": "Residual", "width": 6})
print(block(torch.randn(2, 6)), "Plain" in BLOCKS)
--- registry.py
class Registry:
    def __init__(self, name):
        self.name = name
        self.table = {}

    def register(self, cls):
        self.table[cls.__name__] = cls
        return cls

    def __contains__(self, name):
        return name in self.table

    def build(self, config):
        options = dict(config)
        kind = options.pop("type")
        if kind not in self.table:
            raise KeyError(f"{kind} is not in the {self.name} registry")
        return self.table[kind](**options)


BLOCKS = Registry("blocks")
--- blocks.py
from torch import nn

from registry import BLOCKS


@BLOCKS.register
class Plain(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x)


@BLOCKS.register
class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = Plain(width)
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        return x + self.norm(self.inner(x))
!!! main.py: torch.randn(2, 6) => torch.randn(2, 5)
!!! blocks.py: self.norm = nn.LayerNorm(width) => self.norm = nn.LayerNorm(width + 1)

### namespaces, nested dicts and a config file that is not there
--- main.py
import json
import os
from types import SimpleNamespace

import torch
from torch import nn

DEFAULTS = {"model": {"dim": 24, "depth": 2}, "train": {"batch": 3}}


def load(path="config.json"):
    if os.path.exists(path):
        with open(path) as file:
            return json.load(file)
    return DEFAULTS


class Model(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(cfg.dim, cfg.dim) for _ in range(cfg.depth)])
        self.norm = nn.LayerNorm(cfg.dim)

    def forward(self, x):
        for layer in self.layers:
            x = x + torch.relu(layer(self.norm(x)))
        return x


cfg = SimpleNamespace(**DEFAULTS["model"])
net = Model(cfg)
net(torch.randn(DEFAULTS["train"]["batch"], cfg.dim))
other = load()
big = Model(SimpleNamespace(**other["model"]))
!!! main.py: torch.randn(DEFAULTS["train"]["batch"], cfg.dim) => torch.randn(cfg.dim, DEFAULTS["train"]["batch"])
!!! main.py: nn.LayerNorm(cfg.dim) => nn.LayerNorm(2 * cfg.dim)
""")


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_with_configurations(program: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(program, tmp_path, monkeypatch)
