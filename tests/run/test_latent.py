"""Classes that nothing builds: what is certain of them although ranks, arguments and lengths are open, and what is not."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

CERTAIN = programs("""
### the likeliest rank is not admitted, and what is admitted fails further on
class Pool(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim * 2 + 1, 3, padding=1)
        self.token = nn.Linear(dim, dim * 2)

    def forward(self, x):
        token, rest = x[:, :1], x[:, 1:]
        rest = rest.transpose(1, 2).unflatten(2, (2, -1))
        rest = self.conv(rest).flatten(2).permute(0, 2, 1)
        return torch.cat((self.token(token), rest), dim=1)  # SHP106
!!! Pool(4)(T(1, 5, 4))

### flags and names of modes are as they are by default
class Gate(nn.Module):
    def __init__(self, width, kernel=7, mode="sigmoid", act=nn.ReLU, flat=False):
        super().__init__()
        self.conv = nn.Conv2d(width, 2, kernel, padding=kernel // 2)
        self.act = act()
        self.gate = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh}[mode]()
        self.flat = flat

    def forward(self, x):
        both = torch.cat([x.mean(1), x.amax(1, keepdim=True)], 1)  # SHP107
        return self.act(self.conv(x)) * self.gate(both.flatten(1) if self.flat else both)
!!! Gate(4)(T(2, 4, 8, 8))

### rows of a tensor, each given to a function
class Heads(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(dim, dim * 3)

    def forward(self, x: torch.Tensor):
        b, n, d = x.shape
        q, k, v = map(lambda t: t.unflatten(2, (self.heads, -1)), self.to_qkv(x))  # SHP108
        return q
!!! Heads(4, 2)(T(3, 3, 4))

### a tensor keeps its shape whatever is added to it in place
import pickle


class Positions(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.first = nn.Linear(dim, dim)
        self.table = pickle.loads(pickle.dumps(torch.ones(dim)))
        self.pool = nn.Linear(dim + 1, 2)

    def forward(self, x):
        x = self.first(x)
        x += self.table
        return self.pool(x)  # SHP101

!!! Positions(4)(T(3, 5, 4))

### an arm fails here, the other arm there
class Late(nn.Module):
    def __init__(self, fast):
        super().__init__()
        self.a = nn.Linear(8, 4)
        self.fast = bool(os.environ.get("SHAPECHECK_NOBODY_SETS_THIS"))

    def forward(self, x):
        x = x.flatten(1).reshape(-1, 9)
        if self.fast:
            x = self.a(x)
        x = x + 1
        return self.a(x)  # SHP101


import os
!!! Late(1)(T(9, 1))
""")

OPEN = programs("""
### what is None by default has to be given
class Fusion(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(2 * width, width, 1)
        self.first = nn.Conv2d(width, width, 1)

    def forward(self, x, skip=None):
        x = self.first(x)
        if skip is not None:
            x = torch.cat([x, skip], 1)
        return self.conv(x)
>>> Fusion(4)(T(1, 4, 2, 2), T(1, 4, 2, 2))

### a number that is there by default goes with the others
class Head(nn.Module):
    def __init__(self, dim, out=768):
        super().__init__()
        self.fc = nn.Linear(dim, out)
        self.norm = nn.LayerNorm(out)
        self.last = nn.Linear(dim * 0 + 64, out)

    def forward(self, x):
        return self.last(self.norm(self.fc(x)))
>>> Head(4, 64)(T(1, 4))
""")


@pytest.mark.parametrize("program", CERTAIN, ids=lambda program: program.name)
def test_what_fails_in_every_case(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", OPEN, ids=lambda program: program.name)
def test_what_works_in_some_case(program: Program) -> None:
    verify(program)
