"""`argparse`: a script is followed as it runs when no option is given."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

SCRIPTS = programs("""
### options with defaults, in a function, groups, flags
import argparse


def options():
    parser = argparse.ArgumentParser(description="train")
    model = parser.add_argument_group("model")
    model.add_argument("--hidden-dim", "-d", type=int, default=64, help="width")
    model.add_argument("--layers", type=int, default="3")
    parser.add_argument("--sizes", nargs="+", type=int, default=[3, 4])
    parser.add_argument("--widths", type=lambda text: [int(part) for part in text.split(",")], default="8,16")
    parser.add_argument("--no-cuda", action="store_true")
    parser.add_argument("--quiet", dest="loud", action="store_false")
    parser.add_argument("--checkpoint")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.set_defaults(epochs=5)
    return parser.parse_args([])


args = options()
net = nn.Sequential(*[nn.Linear(args.hidden_dim, args.hidden_dim) for _ in range(args.layers)])
>>> args.hidden_dim, args.layers, tuple(args.sizes), tuple(args.widths), args.no_cuda, args.loud, args.checkpoint, args.lr, args.epochs
>>> net(T(2, 64)), vars(args)["hidden_dim"], getattr(args, "missing", 4)
!!! net(T(2, 32))

### parse_known_args, a namespace, parents
import argparse

common = argparse.ArgumentParser(add_help=False)
common.add_argument("--width", type=int, default=8)
parser = argparse.ArgumentParser(parents=[common])
parser.add_argument("--depth", type=int, default=2)
args, rest = parser.parse_known_args([])
own = parser.parse_args([], argparse.Namespace(depth=7))
>>> T(args.width, args.depth), T(own.width, own.depth)

### words that are given
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=8)
parser.add_argument("--depth", type=int, default=2)
parser.add_argument("--size", type=int, default=3)
args = parser.parse_args(["--width", "4"])
short = parser.parse_args(["--depth=5", "--si", "9"])
>>> T(args.depth)
~~~ T(args.width)
~~~ T(short.depth)

### what has to be given is not known
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, required=True)
parser.add_argument("data")
args = parser.parse_args(["--width", "4", "here"])
~~~ T(args.width)

### options that are not seen
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--width", type=int, default=8)
for name in os.environ.get("OPTIONS", "depth").split():
    parser.add_argument(f"--{name}", type=int, default=5)
args = parser.parse_args([])
>>> T(args.width)
~~~ T(args.depth)

### the defaults do not fit
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=32)
args = parser.parse_args([])
net = nn.Sequential(nn.Linear(8, args.hidden), nn.ReLU(), nn.Linear(64, 2))  # SHP101 where it is called
!!! net(T(2, 8))
""")


@pytest.mark.parametrize("program", SCRIPTS)
def test_command_lines(program: Program) -> None:
    verify(program)
