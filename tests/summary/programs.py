"""A module whose models the tests of `summary` read."""

NETS = '''\
import copy

import torch
import torch.nn.functional as F
from torch import nn


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.out = nn.Linear(256, 10)

    def forward(self, x):
        x = x.view(-1, 784)
        return self.out(F.relu(self.hidden(x)))


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2))
        self.second = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2))
        self.hidden = nn.Linear(32 * 8 * 8, 64)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        x = self.second(self.first(x)).view(-1, 32 * 8 * 8)
        return self.out(F.relu(self.hidden(x)))


class Again(nn.Module):
    def __init__(self, d_in, h, d_out, n=3):
        super().__init__()
        self.first = nn.Linear(d_in, h)
        self.middle = self.also = nn.Linear(h, h)
        self.last = nn.Linear(h, d_out)
        self.n = n

    def forward(self, x):
        x = self.first(x)
        for _ in range(self.n):
            x = self.also(x).relu()
        return self.last(x)


class Wrong(nn.Module):
    def __init__(self, channels=16):
        super().__init__()
        self.stem = nn.Conv2d(3, channels, 3, padding=1)
        self.body = nn.Sequential(nn.ReLU(), nn.Conv2d(5, 4, 1), nn.ReLU())

    def forward(self, x):
        return self.body(self.stem(x)).flatten(1)


class WrongCat(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)

    def forward(self, x):
        return torch.cat([self.a(x), x[:-1]], 1)


class Unbuildable(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, groups=3)

    def forward(self, x):
        return self.conv(x)


class Raises(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)

    def forward(self, x):
        x = self.a(x)
        if x.shape[0] != 4:
            raise ValueError("four samples are wanted")
        return x


class Several(nn.Module):
    """Two inputs; a dict with a list, a tuple and None comes back."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 8)
        self.lstm = nn.LSTM(8, 6, batch_first=True)

    def forward(self, tokens, extra):
        out, (h, c) = self.lstm(self.embed(tokens))
        return {"out": out, "states": (h, c), "extra": [extra], "nothing": None}


class Unclear(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
        self.b = nn.Linear(3, 3)

    def forward(self, x):
        import somelibrary

        return self.b(somelibrary.turn(self.a(x)))


class Made(nn.Module):
    """One layer is made in forward: it is no part of the model. One is frozen, one never called."""

    def __init__(self):
        super().__init__()
        self.frozen = nn.Linear(3, 5)
        self.unused = nn.Linear(7, 7)
        for parameter in self.frozen.parameters():
            parameter.requires_grad = False

    def forward(self, x):
        return nn.Linear(5, 2)(self.frozen(x))


class Branch(nn.Module):
    def __init__(self):
        super().__init__()
        self.train_only = nn.Linear(3, 3)
        self.always = nn.Linear(3, 4)

    def forward(self, x):
        if self.training:
            x = self.train_only(x)
        return self.always.forward(x) + self.always(x)


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)

    def forward(self, x):
        return self.a(x)


class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()

    def forward(self, x):
        return self.part(x)


class Alike(nn.Module):
    """Parts of one make, in wholes of one make: each has its own parameters."""

    def __init__(self):
        super().__init__()
        self.first = Part()
        self.rest = nn.Sequential(Whole(), Whole(), Whole())

    def forward(self, x):
        return self.rest(self.first(x))


def shortened():
    """What is left of a list is numbered anew, whatever the names were."""
    named = nn.Sequential()
    for name in ("stem", "body", "head"):
        named.add_module(name, nn.Linear(4, 4))
    del named[-1]
    return named


class Fixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3, 4))
        self.mask = nn.Parameter(torch.ones(3, 4), requires_grad=False)
        self.register_parameter("other", nn.Parameter(torch.ones(3, 5), False))

    def forward(self, x):
        return x @ (self.weight * self.mask)


def fixed():
    return nn.ModuleList([Fixed()]).append(copy.deepcopy(Fixed()))[1]


def many():
    """More modules than any loop is followed over, but for what it sets in them."""
    model = nn.Sequential(*[nn.Conv1d(2, 2, 3) for _ in range(200)], *[nn.Identity() for _ in range(200)])
    for module in model.modules():
        if isinstance(module, nn.Conv1d):
            module.padding = (1,)
    return model


def build(width):
    return nn.Sequential(nn.Linear(4, width), nn.Linear(width, 2))


ready = build(9)
number = 5
'''
