"""Functions and layers that are passed in: what they give is as free as an input is, and what follows is still checked."""

from __future__ import annotations

import pytest

from shapecheck.check import check_source

HEAD = """
import torch
from torch import nn
from somewhere import thing


class M(nn.Module):
"""

WHOLE = {
    "a layer, with a shortcut around it": """
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x, **kwargs):
        return self.fn(x, **kwargs) + x
""",
    "a class of layers": """
    def __init__(self, dim, norm_layer, act):
        super().__init__()
        self.norm = norm_layer(dim)
        self.net = nn.Sequential(nn.Linear(dim, 4 * dim), act(), nn.Linear(4 * dim, dim))

    def forward(self, x):
        return self.net(self.norm(x))
""",
    "an encoder that says how wide it is": """
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.head = nn.Linear(encoder.width, 10)

    def forward(self, x):
        z, skips = self.encoder(x)
        return self.head(self.decoder.decode(z, skips))
""",
    "one that may give a tuple": """
    def __init__(self, fn):
        super().__init__()
        self.fn = fn
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        x = self.fn(x)
        if isinstance(x, tuple):
            x = x[0]
        return self.head(x)
""",
    "options that are asked for twice": """
    def __init__(self, options):
        super().__init__()
        self.first = nn.Linear(options.get("wide"), options.get("deep"))
        self.second = nn.Linear(options.get("deep"), 5)

    def forward(self, x):
        return self.second(self.first(x))
""",
}


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
def test_is_followed(body: str) -> None:
    outcome = check_source(HEAD + body)
    assert not outcome.reports
    assert (outcome.chains.classes, outcome.chains.whole) == (1, 1), outcome.chains.gaps


def test_what_was_not_followed_stays_so() -> None:
    body = """
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        return self.fn(thing(x))
"""
    chains = check_source(HEAD + body).chains
    assert chains.whole == 0
    assert "thing" in next(iter(chains.gaps))


def test_what_follows_is_checked() -> None:
    body = """
    def __init__(self, encoder, dim):
        super().__init__()
        self.encoder = encoder
        self.first = nn.Linear(encoder.width, dim)
        self.second = nn.Linear(dim + 1, 3)

    def forward(self, x):
        return self.second(self.first(self.encoder(x)))
"""
    (report,) = check_source(HEAD + body).reports
    assert report.torch == "mat1 and mat2 shapes cannot be multiplied (Nxdim and (dim + 1)x3)"


SILENT = {
    "a call is asked for the same thing in two places": """
    def __init__(self, options):
        super().__init__()
        self.options = options
        if options.wants(self):
            self.extra = nn.Linear(5, 5)

    def forward(self, x):
        return self.extra(x) if self.options.wants(self) else x
""",
    "a function gives a number": """
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(3, width(self))
        self.second = nn.Linear(width(self), 3)

    def forward(self, x):
        return self.second(self.first(x))
""",
    "a layer gives another rank": """
    def __init__(self, fn):
        super().__init__()
        self.fn = fn
        self.conv = nn.Conv2d(3, 8, 3)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.fn(self.conv(x)))
""",
}


@pytest.mark.parametrize("body", SILENT.values(), ids=SILENT)
def test_nothing_is_made_up(body: str) -> None:
    assert not check_source(HEAD + body).reports


def test_ranks_are_spelled_out() -> None:
    """`t[:, None]` is a vector before it is anything else: the likeliest case is the one that works."""
    source = """
import torch
from torch import nn


class Embedding(nn.Module):
    def forward(self, t):
        frequencies = torch.exp(torch.arange(16))
        return torch.cat([(t[:, None] * frequencies[None, :]).sin(), t[:, None]], -1)


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = Embedding()
        self.conv = nn.Conv2d(3, 17, 1)

    def forward(self, x, t):
        return self.conv(x) + self.time(t)[:, :, None, None]
"""
    outcome = check_source(source)
    assert not outcome.reports
    assert outcome.chains.whole == 2, outcome.chains.gaps


LISTS = {
    "parts of a list that is given": """
    def __init__(self, widths=(64, 32)):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Conv2d(width, 8, 3) for width in widths])
        self.head = nn.Linear(16, 2)

    def forward(self, features: list[torch.Tensor]):
        features = features[1:][::-1]
        last, skips = features[0], features[1:]
        found = [block(skip) for block, skip in zip(self.blocks, skips)]
        return self.head(last), found
""",
    "any number of inputs": """
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 4)

    def forward(self, *parts):
        return self.head(torch.cat(parts, dim=1))
""",
    "a dict of tensors": """
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 4)

    def forward(self, batch: dict[str, torch.Tensor]):
        return self.head(batch["x"])
""",
    "a tensor against a number that is given": """
    def __init__(self, padding):
        super().__init__()
        self.padding = padding

    def forward(self, x: torch.Tensor, limit: float):
        return (x.long() != self.padding).sum(), torch.where(x > limit, x, 0)
""",
    "a stride that depends on a condition": """
    def __init__(self, width, down):
        super().__init__()
        if down:
            stride = 2
        else:
            stride = 1
        self.net = nn.Sequential(nn.Conv2d(width, width, 3, stride, 1), nn.MaxPool2d(stride))

    def forward(self, x):
        return self.net(x)
""",
    "a number made of a loss": """
    def forward(self, x, y):
        import math

        return 10 * math.log10(1 / nn.functional.mse_loss(x, y))
""",
}


@pytest.mark.parametrize("body", LISTS.values(), ids=LISTS)
def test_is_followed_too(body: str) -> None:
    outcome = check_source(HEAD + body)
    assert not outcome.reports
    assert (outcome.chains.classes, outcome.chains.whole) == (1, 1), outcome.chains.gaps


def test_items_of_parts_are_the_items() -> None:
    """`features[1:][0]` and `features[1]` are one tensor: what is learned of it in one place is known in the other."""
    body = """
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(8, 2)
        self.other = nn.Linear(9, 2)

    def forward(self, features: list[torch.Tensor]):
        skips = features[1:]
        return self.one(skips[0]) + self.other(features[1])
"""
    (report,) = check_source(HEAD + body).reports
    assert report.code == "SHP101"


LOOPS = {
    "a part whose length depends on a condition": """
    def __init__(self, size, dim):
        super().__init__()
        height, width = size if isinstance(size, tuple) else (size, size)
        self.places = nn.Parameter(torch.randn(height * width, dim))

    def forward(self, x: torch.Tensor, short: bool):
        x = x.flatten(2).transpose(1, 2)
        x = x[:, 1:] if short else x
        return x + self.places[: x.shape[1]]
""",
    "data that is passed in": """
    def __init__(self, vectors, mean):
        super().__init__()
        self.words = nn.Embedding.from_pretrained(torch.tensor(vectors, dtype=torch.float))
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1))

    def forward(self, words, picture):
        return self.words(words), picture - self.mean
""",
    "rounds that depend on a parameter": """
    def __init__(self, dim, depth, patch):
        super().__init__()
        self.patch = patch
        self.layers = nn.ModuleList([])
        for _ in range(depth):
            self.layers.append(nn.ModuleList([nn.Linear(dim, dim), nn.Linear(dim, dim)]))

    def forward(self, x: torch.Tensor):
        x = x.flatten(1) if isinstance(self.patch, tuple) else x
        for first, second in self.layers:
            x = first(x) + x
            x = second(x) + x
        return x
""",
    "an equation that depends on a rank": """
    def forward(self, q, k):
        keys = "b j d" if k.ndim == 3 else "b h j d"
        return torch.einsum(f"b h i d, {keys} -> b h i j", q, k)
""",
    "one size, if nothing else is said": """
    def __init__(self, dim):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(dim))
        self.net = nn.Linear(dim, dim)

    def forward(self, x):
        return self.net(x) * self.scale
""",
    "what is raised where a default stays": """
    def __init__(self, width=None):
        super().__init__()
        if width is None:
            raise ValueError("width")
        self.net = nn.Linear(width, 3)

    def forward(self, x):
        return self.net(x)
""",
    "a rank that is not the likeliest": """
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(8, 16, batch_first=True)

    def forward(self, x, lengths: torch.Tensor):
        order = lengths.argsort()
        packed = nn.utils.rnn.pack_padded_sequence(x[order], lengths[order], batch_first=True)
        return nn.utils.rnn.pad_packed_sequence(self.rnn(packed)[0], batch_first=True)[0]
""",
}


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS)
def test_is_followed_in_the_end(body: str) -> None:
    outcome = check_source(HEAD + body)
    assert not outcome.reports
    assert (outcome.chains.classes, outcome.chains.whole) == (1, 1), outcome.chains.gaps


def test_one_class_does_not_take_the_time_of_all() -> None:
    """Classes whose paths are too many to follow come after those that are not."""
    body = "".join(f"        x = self.net(x) if self.flags[{place}] else x[{place}:]\n" for place in range(40))
    heavy = f"""
    def __init__(self, flags):
        super().__init__()
        self.flags = flags
        self.net = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor):
        for _ in range(200):
            x = self.net(x) * len(self.flags)
            for _ in range(200):
                x = self.net(x) + 1
{body}        return x
"""
    light = """
    def forward(self, x):
        return x.flatten(1)
"""
    chains = check_source(HEAD + light + (HEAD + heavy).replace("class M", "class A") + (HEAD + heavy).replace("class M", "class B")).chains
    assert chains.classes == 3
    assert chains.whole == 1, chains.gaps
