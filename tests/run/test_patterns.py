"""`match` statements."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

MATCH = programs("""
### literal patterns
def act(name):
    match name:
        case "relu" | "rectifier":
            return nn.ReLU()
        case "double":
            return nn.Linear(4, 8)
        case None:
            return nn.Identity()
        case _:
            raise ValueError(name)


>>> act("rectifier")(T(1, 4)), act("double")(T(1, 4)), act(None)(T(1, 3))
!!! act("double")(T(1, 5))

### in a constructor, with an attribute that no case sets
class Net(nn.Module):
    def __init__(self, kind):
        super().__init__()
        match kind:
            case 1:
                self.fc = nn.Linear(4, 2)
            case 2:
                self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(x)


>>> Net(1)(T(1, 4)), Net(2)(T(1, 4))
!!! Net(1)(T(1, 5))

### sequences
def make(spec):
    match spec:
        case [a, b]:
            return nn.Linear(a, b)
        case (a, *rest, z) if len(rest) == 1:
            return nn.Sequential(nn.Linear(a, rest[0]), nn.Linear(rest[0], z))
        case [a, *_]:
            return nn.Linear(a, a)


>>> make([4, 2])(T(1, 4)), make((4, 5, 6))(T(1, 4)), make([4, 1, 1, 1])(T(1, 4))
!!! make((4, 5, 6))(T(1, 6))

### the shape of a tensor
def flat(x):
    match x.shape:
        case (n, c):
            return x
        case (n, c, h, w):
            return x.reshape(n, c * h * w)
        case n, *_:
            return x.reshape(n, -1)


>>> flat(T(2, 3)), flat(T(2, 3, 4, 5)), flat(T(2, 3, 4))
!!! flat(T(2, 3)).view(7)

### mappings
def make(config):
    match config:
        case {"kind": "linear", "size": (a, b)}:
            return nn.Linear(a, b)
        case {"kind": "conv", **rest}:
            return nn.Conv2d(rest["inp"], 4, 1)
        case {}:
            return nn.Identity()


>>> make({"kind": "linear", "size": (3, 2), "x": 0})(T(1, 3)), make({"kind": "conv", "inp": 3})(T(1, 3, 2, 2)), make({"kind": 0})(T(1, 3))
!!! make({"kind": "linear", "size": (3, 2)})(T(1, 4))

### classes
from dataclasses import dataclass
from typing import NamedTuple


@dataclass
class Dense:
    width: int
    out: int = 2


class Conv(NamedTuple):
    inp: int
    out: int


class Other:
    __match_args__ = ("size",)

    def __init__(self, size):
        self.size = size


def make(spec):
    match spec:
        case Dense(width=w, out=2):
            return nn.Linear(w, 2)
        case Dense(w, out):
            return nn.Sequential(nn.Linear(w, out), nn.ReLU())
        case Conv(i, o):
            return nn.Conv2d(i, o, 1)
        case Other(n) as other if other.size > 3:
            return nn.Linear(n, 1)
        case int(n) | str(n):
            return nn.Linear(int(n), 1)
        case nn.Module():
            return spec


>>> make(Dense(4))(T(1, 4)), len(make(Dense(4, 5))), make(Conv(3, 2))(T(1, 3, 2, 2)), make(Other(4))(T(1, 4)), make(7)(T(1, 7)), make(nn.Linear(2, 3))(T(2)), make(Other(1)) is None
!!! make(Conv(3, 2))(T(1, 4, 2, 2))

### enum members and dotted names
from enum import Enum, auto


class Kind(Enum):
    SMALL = auto()
    LARGE = auto()


def width(kind):
    match kind:
        case Kind.SMALL:
            return 4
        case Kind.LARGE:
            return 8


>>> nn.Linear(width(Kind.LARGE), 2)(T(1, 8)), width(Kind.SMALL)

### an undecided subject: each case on its own path
class Net(nn.Module):
    def __init__(self, kind, dim):
        super().__init__()
        match kind:
            case "wide":
                self.fc = nn.Linear(dim, 2 * dim)
                self.out = nn.Linear(2 * dim, dim)
            case _:
                self.fc = nn.Linear(dim, dim)
                self.out = nn.Linear(dim, dim)

    def forward(self, x):
        return self.out(self.fc(x))


>>> Net("wide", 3)(T(1, 3)), Net("", 3)(T(1, 3))

### an undecided subject with a mistake in one case
class Net(nn.Module):
    def __init__(self, kind, dim):
        super().__init__()
        match kind:
            case "wide":
                self.fc = nn.Linear(dim, 2 * dim)
                self.out = nn.Linear(dim, dim)
            case _:
                self.fc = nn.Linear(dim, dim)
                self.out = nn.Linear(dim, dim)

    def forward(self, x):
        return self.out(self.fc(x))  # SHP101


>>> Net("", 3)(T(1, 3))
!!! Net("wide", 3)(T(1, 3))
""")


@pytest.mark.parametrize("program", MATCH)
def test_match(program: Program) -> None:
    verify(program)
