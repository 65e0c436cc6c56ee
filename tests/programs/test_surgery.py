"""Models that are taken from elsewhere and changed, frameworks around them, helpers and tests that call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs.whole import Whole, read, verify

PROGRAMS = read("""
### a model of another file gets a new head, freezing, wrappers, checkpoints
--- finetune.py
import copy
import os

import torch
import torch.nn as nn

from backbone import Backbone, resnet

device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
model = resnet(pretrained=False)
for param in model.parameters():
    param.requires_grad = False
num_ftrs = model.fc.in_features
model.fc = nn.Linear(num_ftrs, 7)
model.classifier[2] = nn.Linear(32, 5)
model = model.to(device)
if os.path.exists("weights.pt"):
    state = torch.load("weights.pt", map_location=device)
    model.load_state_dict(state["model"] if "model" in state else state, strict=False)
if torch.cuda.device_count() > 1:
    model = nn.DataParallel(model)
trainable = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.SGD(trainable, lr=0.01, momentum=0.9)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
best = copy.deepcopy(model.state_dict())
images = torch.randn(4, 3, 16, 16, device=device)
labels = torch.randint(0, 7, (4,), device=device)
criterion = nn.CrossEntropyLoss()
for phase in ["train", "val"]:
    model.train() if phase == "train" else model.eval()
    with torch.set_grad_enabled(phase == "train"):
        outputs = model(images)
        _, preds = torch.max(outputs, 1)
        loss = criterion(outputs, labels)
        if phase == "train":
            loss.backward()
            optimizer.step()
    corrects = torch.sum(preds == labels.data)
    accuracy = corrects.double() / len(images)
features = nn.Sequential(*list(model.children())[:-2])
flat = torch.flatten(features(images), 1)
probe = nn.Linear(32, 3)
scripted = torch.jit.script(probe)
scores = scripted(flat)
extra = model.classifier(flat)
--- backbone.py
import torch
from torch import nn


class Backbone(nn.Module):
    def __init__(self, block, widths, classes=1000):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, widths[0], 3, padding=1), nn.ReLU(inplace=True))
        self.layer1 = self._make_layer(block, widths[0], widths[1], 2)
        self.layer2 = self._make_layer(block, widths[1], widths[2], 2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(widths[2], classes)
        self.classifier = nn.Sequential(nn.Linear(widths[2], 32), nn.ReLU(True), nn.Linear(32, classes))

    def _make_layer(self, block, inp, out, count):
        return nn.Sequential(block(inp, out), *[block(out, out) for _ in range(1, count)])

    def forward(self, x):
        x = self.layer2(self.layer1(self.stem(x)))
        x = torch.flatten(self.avgpool(x), 1)
        return self.fc(x)


class Basic(nn.Module):
    def __init__(self, inp, out):
        super().__init__()
        self.conv = nn.Conv2d(inp, out, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(out)
        self.shortcut = nn.Identity() if inp == out else nn.Conv2d(inp, out, 1)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)) + self.shortcut(x))


def resnet(pretrained=False, **kwargs):
    return Backbone(Basic, (8, 16, 32), **kwargs)
!!! finetune.py: nn.Linear(num_ftrs, 7) => nn.Linear(2048, 7)
!!! finetune.py: probe = nn.Linear(32, 3) => probe = nn.Linear(64, 3)
!!! finetune.py: model.classifier[2] = nn.Linear(32, 5) => model.classifier[2] = nn.Linear(64, 5)
!!! finetune.py: list(model.children())[:-2] => list(model.children())[:-1]
!!! backbone.py: self.shortcut = nn.Identity() if inp == out else nn.Conv2d(inp, out, 1) => self.shortcut = nn.Identity()

### a Lightning module
--- train.py
import pytorch_lightning as pl
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Classifier(pl.LightningModule):
    def __init__(self, inputs=784, hidden=128, classes=10, lr=1e-3):
        super().__init__()
        self.save_hyperparameters()
        self.layer_1 = nn.Linear(inputs, hidden)
        self.layer_2 = nn.Linear(hidden, classes)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return self.layer_2(F.relu(self.layer_1(x)))

    def training_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        loss = F.cross_entropy(logits, y)
        self.log("train_loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3)


class Data(pl.LightningDataModule):
    def train_dataloader(self):
        data = TensorDataset(torch.randn(10, 1, 28, 28), torch.randint(0, 10, (10,)))
        return DataLoader(data, batch_size=5)


model = Classifier()
batch = next(iter(Data().train_dataloader()))
model.training_step(batch, 0)
trainer = pl.Trainer(max_epochs=1)
trainer.fit(model, Data())
--- torch only: pytorch_lightning.py
from torch import nn


class LightningModule(nn.Module):
    def save_hyperparameters(self):
        pass

    def log(self, name, value):
        pass


class LightningDataModule:
    pass


class Trainer:
    def __init__(self, **kwargs):
        pass

    def fit(self, model, data):
        for index, batch in enumerate(data.train_dataloader()):
            model.training_step(batch, index)
!!! train.py: nn.Linear(hidden, classes) => nn.Linear(inputs, classes)
!!! train.py: F.cross_entropy(logits, y) => F.cross_entropy(logits, y.unsqueeze(1))
!!! train.py: x.view(x.size(0), -1) => x
!!! train.py: torch.randn(10, 1, 28, 28) => torch.randn(10, 3, 28, 28)

### a model with a configuration of the Hugging Face kind
--- modeling.py
import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class TinyConfig(PretrainedConfig):
    model_type = "tiny"

    def __init__(self, vocab_size=100, hidden_size=32, num_attention_heads=4, intermediate_size=64, num_labels=3, **kwargs):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.intermediate_size = intermediate_size
        self.num_labels = num_labels
        super().__init__(**kwargs)


class SelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        if config.hidden_size % config.num_attention_heads != 0:
            raise ValueError("the hidden size is not a multiple of the number of heads")
        self.heads = config.num_attention_heads
        self.head_size = config.hidden_size // config.num_attention_heads
        self.all_head_size = self.heads * self.head_size
        self.query = nn.Linear(config.hidden_size, self.all_head_size)
        self.key = nn.Linear(config.hidden_size, self.all_head_size)
        self.value = nn.Linear(config.hidden_size, self.all_head_size)

    def transpose_for_scores(self, x):
        new_shape = x.size()[:-1] + (self.heads, self.head_size)
        return x.view(new_shape).permute(0, 2, 1, 3)

    def forward(self, hidden_states, attention_mask=None):
        query = self.transpose_for_scores(self.query(hidden_states))
        key = self.transpose_for_scores(self.key(hidden_states))
        value = self.transpose_for_scores(self.value(hidden_states))
        scores = torch.matmul(query, key.transpose(-1, -2)) / self.head_size**0.5
        if attention_mask is not None:
            scores = scores + attention_mask
        context = torch.matmul(scores.softmax(-1), value).permute(0, 2, 1, 3).contiguous()
        return context.view(context.size()[:-2] + (self.all_head_size,))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attention = SelfAttention(config)
        self.intermediate = nn.Linear(config.hidden_size, config.intermediate_size)
        self.output = nn.Linear(config.intermediate_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=1e-12)

    def forward(self, hidden_states, attention_mask=None):
        attended = self.attention(hidden_states, attention_mask)
        hidden_states = self.norm(hidden_states + attended)
        return hidden_states + self.output(nn.functional.gelu(self.intermediate(hidden_states)))


class TinyForClassification(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layer = Layer(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, input_ids, attention_mask=None, labels=None):
        if attention_mask is not None:
            attention_mask = (1.0 - attention_mask[:, None, None, :].float()) * -10000.0
        hidden = self.layer(self.embeddings(input_ids), attention_mask)
        logits = self.classifier(hidden[:, 0])
        loss = None
        if labels is not None:
            loss = nn.CrossEntropyLoss()(logits.view(-1, logits.size(-1)), labels.view(-1))
        return {"loss": loss, "logits": logits}


if __name__ == "__main__":
    model = TinyForClassification(TinyConfig(hidden_size=48))
    ids = torch.randint(0, 100, (2, 9))
    out = model(ids, attention_mask=torch.ones(2, 9), labels=torch.tensor([0, 2]))
    print(out["logits"].shape)
--- torch only: transformers.py
from torch import nn


class PretrainedConfig:
    def __init__(self, **kwargs):
        pass


class PreTrainedModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config

    def post_init(self):
        pass
!!! modeling.py: self.output = nn.Linear(config.intermediate_size, config.hidden_size) => self.output = nn.Linear(config.hidden_size, config.hidden_size)
!!! modeling.py: attention_mask[:, None, None, :].float() => attention_mask[:, None, :].float()
!!! modeling.py: torch.ones(2, 9) => torch.ones(2, 8)
!!! modeling.py: logits.view(-1, logits.size(-1)), labels.view(-1) => logits.view(-1), labels.view(-1)
!!! modeling.py: nn.LayerNorm(config.hidden_size, eps=1e-12) => nn.LayerNorm(config.intermediate_size, eps=1e-12)

### helper functions and tests that call a model
--- test_net.py
import pytest
import torch
import torch.nn as nn

from net import Net, conv_bn, pairwise, pool_mask


@pytest.fixture
def model():
    return Net(base=8)


def test_conv_bn():
    block = conv_bn(3, 8, stride=2)
    assert block(torch.zeros(1, 3, 8, 8)).shape == (1, 8, 4, 4)


def test_net():
    net = Net(base=8)
    x = torch.randn(2, 3, 32, 32)
    y = net(x)
    assert y.shape == (2, 5)


def test_pairwise():
    assert pairwise(torch.randn(4, 6), torch.randn(3, 6)).shape == (4, 3)


def test_mask():
    assert pool_mask(torch.randn(2, 7, 5), torch.ones(2, 7)).shape == (2, 5)


@pytest.mark.parametrize("size", [32, 64])
def test_sizes(size):
    assert Net(base=4)(torch.randn(1, 3, size, size)).shape == (1, 5)


if __name__ == "__main__":
    test_conv_bn()
    test_net()
    test_pairwise()
    test_mask()
--- net.py
import torch
from torch import nn


def conv_bn(inp, out, stride=1, act=nn.ReLU6):
    return nn.Sequential(nn.Conv2d(inp, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), act(inplace=True))


def pairwise(a, b):
    return ((a[:, None] - b[None]) ** 2).sum(-1)


def pool_mask(x, mask):
    return (x * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)


class Net(nn.Module):
    def __init__(self, base=16, classes=5):
        super().__init__()
        layers, inp = [], 3
        for index, out in enumerate([base, base * 2, base * 4]):
            layers.append(conv_bn(inp, out, stride=2 if index else 1))
            inp = out
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(inp, classes)

    def forward(self, x):
        return self.head(self.features(x).mean([2, 3]))
!!! net.py: mask.unsqueeze(-1) => mask
!!! net.py: self.head = nn.Linear(inp, classes) => self.head = nn.Linear(base, classes)
!!! net.py: .mean([2, 3]) => .mean([1, 2])
!!! test_net.py: torch.randn(3, 6)).shape => torch.randn(3, 5)).shape
!!! test_net.py: torch.randn(2, 3, 32, 32) => torch.randn(2, 32, 32, 3)
""")


@pytest.mark.parametrize("program", PROGRAMS)
def test_surgery_and_frameworks(program: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(program, tmp_path, monkeypatch)
