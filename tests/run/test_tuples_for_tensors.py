"""A layer that gets a tuple or a list where it takes one tensor: torch's own words, for each kind of layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.run.programs import Program, programs, verify
from tests.support import engine, oracle
from tests.support.answers import Raised, same_sentence
from tests.support.cases import cases

LAYERS = {
    "Linear(4, 2)": "T(1, 4)",
    "Flatten()": "T(2, 3, 4)",
    "Unflatten(1, (2, 2))": "T(1, 4)",
    "Embedding(10, 4)": "torch.zeros(2, dtype=torch.long)",
    "EmbeddingBag(10, 4)": "torch.zeros(2, 3, dtype=torch.long)",
    "Conv1d(3, 4, 1)": "T(1, 3, 4)",
    "Conv2d(3, 4, 1)": "T(1, 3, 4, 4)",
    "Conv2d(3, 4, 1, padding=1, padding_mode='circular')": "T(1, 3, 4, 4)",
    "Conv3d(3, 4, 1)": "T(1, 3, 4, 4, 4)",
    "ConvTranspose2d(3, 4, 1)": "T(1, 3, 4, 4)",
    "LayerNorm(4)": "T(1, 4)",
    "RMSNorm(4)": "T(1, 4)",
    "GroupNorm(2, 4)": "T(1, 4, 3)",
    "BatchNorm1d(4)": "T(2, 4)",
    "BatchNorm2d(4)": "T(2, 4, 3, 3)",
    "InstanceNorm2d(4)": "T(2, 4, 3, 3)",
    "MaxPool1d(2)": "T(1, 4, 4)",
    "MaxPool2d(2)": "T(1, 4, 4, 4)",
    "AvgPool1d(2)": "T(1, 4, 4)",
    "AvgPool2d(2)": "T(1, 4, 4, 4)",
    "AdaptiveAvgPool1d(2)": "T(1, 4, 4)",
    "AdaptiveAvgPool2d(2)": "T(1, 4, 4, 4)",
    "AdaptiveAvgPool2d((1, 1))": "T(1, 4, 4, 4)",
    "AdaptiveMaxPool2d(2)": "T(1, 4, 4, 4)",
    "Dropout(0.5)": "T(1, 4)",
    "Dropout(0.0)": "T(1, 4)",
    "Dropout2d(0.5)": "T(1, 4, 3, 3)",
    "AlphaDropout()": "T(1, 4)",
    "ReLU()": "T(1, 4)",
    "ReLU(inplace=True)": "T(1, 4)",
    "ReLU6()": "T(1, 4)",
    "LeakyReLU()": "T(1, 4)",
    "PReLU()": "T(1, 4)",
    "ELU()": "T(1, 4)",
    "SELU()": "T(1, 4)",
    "CELU()": "T(1, 4)",
    "GELU()": "T(1, 4)",
    "SiLU()": "T(1, 4)",
    "Mish()": "T(1, 4)",
    "Sigmoid()": "T(1, 4)",
    "Tanh()": "T(1, 4)",
    "Softplus()": "T(1, 4)",
    "Hardtanh()": "T(1, 4)",
    "Hardswish()": "T(1, 4)",
    "Hardsigmoid()": "T(1, 4)",
    "Softsign()": "T(1, 4)",
    "LogSigmoid()": "T(1, 4)",
    "GLU()": "T(1, 4)",
    "Softmax(-1)": "T(1, 4)",
    "LogSoftmax(-1)": "T(1, 4)",
    "Upsample(scale_factor=2)": "T(1, 3, 4, 4)",
    "PixelShuffle(2)": "T(1, 4, 2, 2)",
    "ZeroPad2d(1)": "T(1, 4, 2, 2)",
    "ReflectionPad2d(1)": "T(1, 4, 2, 2)",
    "LSTM(4, 6)": "T(3, 2, 4)",
    "GRU(4, 6)": "T(3, 2, 4)",
    "RNN(4, 6)": "T(3, 2, 4)",
    "LSTMCell(4, 6)": "T(2, 4)",
    "TransformerEncoderLayer(4, 2, 8)": "T(3, 2, 4)",
}
PROGRAMS = programs(
    "".join(
        f"### {layer}\nlayer = nn.{layer}\n>>> layer({tensor})\n!!! layer(({tensor}, {tensor}))\n!!! layer([{tensor}])\n"
        for layer, tensor in LAYERS.items()
    )
)

INSIDE = programs("""
### the output of an LSTM straight into a Linear
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(10, 20, batch_first=True)
        self.fc = nn.Linear(20, 2)

    def forward(self, x):
        return self.fc(self.lstm(x))  # SHP121
!!! Net()(T(2, 5, 10))

### an LSTM in a Sequential
net = nn.Sequential(nn.LSTM(10, 20, batch_first=True), nn.Linear(20, 2))  # SHP121 where it is called
!!! net(T(2, 5, 10))

### attention into a norm
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.LayerNorm(8)

    def forward(self, x):
        return self.norm(self.attn(x, x, x))  # SHP121
!!! Net()(T(2, 5, 8))

### the right part of it
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(10, 20, batch_first=True)
        self.attn = nn.MultiheadAttention(20, 2, batch_first=True)
        self.fc = nn.Linear(20, 2)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(self.attn(out, out, out)[0])


>>> Net()(T(2, 5, 10))

### a layer of the user's takes what it likes
class Last(nn.Module):
    def forward(self, pair):
        return pair[0][:, -1]


net = nn.Sequential(nn.LSTM(10, 20, batch_first=True), Last(), nn.Linear(20, 2))
>>> net(T(2, 5, 10)), nn.Identity()((T(1), T(2)))
!!! net(T(2, 5, 11))
""")


@pytest.mark.parametrize("program", PROGRAMS)
def test_layer(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", INSIDE)
def test_inside_a_model(program: Program) -> None:
    verify(program)


def misplaced() -> Iterator[str]:
    """The examples of every layer with their first argument given twice, as a tuple and as a list."""
    for case in cases():
        call = ast.parse(case.example.source, mode="eval").body
        if not case.refused and isinstance(call, ast.Call) and isinstance(call.func, ast.Call) and call.args:
            first = call.args[0]
            for kind in (ast.Tuple, ast.List):
                call.args[0] = kind([first, first], ast.Load())
                yield ast.unparse(ast.fix_missing_locations(call))


def test_every_layer_of_the_book() -> None:
    sources = list(dict.fromkeys(misplaced()))
    wrong = []
    refused = 0
    for source, result in zip(sources, engine.run(sources), strict=True):
        ours, true = result.answer, oracle.ask(source)
        if isinstance(ours, Raised):
            refused += 1
            if not isinstance(true, Raised) or ours.error != true.error or not same_sentence(ours.sentence, true.sentence):
                wrong.append(f"{source}: {ours}\ntorch: {true}")
    assert not wrong, "\n".join(wrong)
    assert refused > 200
