"""For which classes every value between input and output is known, and why not for the others."""

from __future__ import annotations

from shapecheck.check import check_source
from shapecheck.findings.outcome import Chains

CLASSES = """
import torch
from torch import nn
import elsewhere


class Whole(nn.Module):
    def forward(self, x):
        return x.flatten(1)


class Child(Whole):
    pass


class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = elsewhere.Layer()

    def forward(self, x):
        return {"hidden": x, "out": self.layer(x)}


class Never(nn.Module):
    def __init__(self, size=None):
        super().__init__()
        raise ValueError("size")

    def forward(self, x):
        return x


class Raising(nn.Module):
    def __init__(self, size=None):
        super().__init__()
        if size is None:
            raise ValueError("size")

    def forward(self, x):
        return x


class Abstract(nn.Module):
    def forward(self, x):
        raise NotImplementedError


class Plain:
    def forward(self, x):
        return x
"""


def test_chains_of_a_file() -> None:
    assert check_source(CLASSES).chains == Chains(
        classes=5,
        whole=3,
        methods=4,
        whole_methods=2,
        gaps={
            "elsewhere.Layer is not known": 1,
            "it raises ValueError where nothing better is known of its arguments": 1,
        },
    )


def test_the_best_run_of_a_class_counts() -> None:
    called = CLASSES + "\n\nimage = torch.zeros(1, 3)\nRaising(3)(image)\nRaising(elsewhere.size)(elsewhere.tensor)\n"
    chains = check_source(called).chains
    assert (chains.whole, chains.whole_methods) == (3, 2)


def test_a_file_without_modules_has_no_chains() -> None:
    assert check_source("import torch\n\nx = torch.zeros(3)\n").chains == Chains()


FREE = """
import functools
from collections.abc import MutableMapping
import torch
from torch import nn

TABLE = {"relu": nn.ReLU, "gelu": nn.GELU}


class Ways(MutableMapping):
    ways = {"other": torch.sum}

    def __getitem__(self, key):
        return self.ways[key]


WAYS = Ways()


def plain(x):
    return x


def checked(function):
    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        return function(self, *args, **kwargs)

    return wrapper


class Picked(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.act = TABLE[config.act]()

    def forward(self, x):
        return WAYS.get(self.config.way, plain)(self.act(x.flatten(1)))


class Layers(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.words = nn.Embedding(100, config.width)
        self.layers = nn.ModuleList([nn.Linear(config.width, config.width) for _ in range(config.depth)])

    def forward(self, ids):
        x = self.words(ids)
        states = ()
        masks = {"full": None, "part": x}
        for place, layer in enumerate(self.layers):
            states = states + (x,)
            x = layer(x if masks[self.config.kinds[place]] is None else x + 1)
        return {"last": x, "states": states + (x,)}


class Named:
    def __init__(self, last):
        self.last = last


class Either(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.config = config

    def inner(self, x):
        return Named(self.fc(x)) if self.config.named else (self.fc(x),)

    def forward(self, x):
        return self.inner(x).last


class Given(nn.Module):
    @checked
    def forward(self, ids=None, embeds=None):
        if (ids is None) == (embeds is None):
            raise ValueError("one of them")
        return (ids if embeds is None else embeds).flatten(1)
"""


def test_what_is_free_is_taken_for_the_likeliest() -> None:
    """A key of a table, no key where there is a default, the first of inputs that may each be missing, behind a wrapper too;
    what grows in a loop; a tuple is not what has the attribute that is asked for."""
    assert check_source(FREE).chains == Chains(classes=4, whole=4, methods=4, whole_methods=4, gaps={})


PATHS = """
import torch
from torch import nn


class Stacked(nn.Module):
    def __init__(self, flags):
        super().__init__()
        self.flags = flags

    def forward(self, x):
        y = x.flatten(1)
        return torch.stack([y[n] if self.flags[n] else y[n] * 2 for n in range(13)])


class Compared(nn.Module):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def forward(self, x):
        return torch.where(torch.relu(x) > self.threshold, x, 0.0)
"""


def test_many_paths_are_no_gap() -> None:
    assert check_source(PATHS).chains == Chains(classes=2, whole=2, methods=2, whole_methods=2)
