"""How long shapecheck and its peers take, side by side in one run: a small file, a long one, and a tree, cold, warm and after one edit.

python tests/bench/peers_speed.py TREE --peers VENV [--slow]

TREE   a package to check, such as timm (`pip install --no-deps --target FOLDER timm`): FOLDER/timm
VENV   a virtual environment with the peers: python -m venv VENV, then
       VENV/bin/pip install --no-deps torchshapeflow pyrefly pyrefly-torch-stubs pyrefly-shape-extensions torchfix flake8 pycodestyle \
           pyflakes mccabe libcst pyyaml
--slow also the peers that take minutes for a tree.

What is not installed is left out. Each command runs in a process of its own, for a file three times, of which the best counts, and with
bytecode that an earlier run left, as after an installation. Seconds are wall-clock and, in brackets, processor time of the process and its
children. The last column compares processor time with shapecheck's cold run of the same files.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SMALL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8 * 30 * 30, 10)

    def forward(self, x):
        x = torch.relu(self.conv(x))
        return self.fc(x.flatten(1))


print(Net()(torch.randn(2, 3, 32, 32)).shape)
"""
LONG_LINES = 900
ROOT = Path(__file__).resolve().parents[2]


class Spent(NamedTuple):
    """Seconds of a command."""

    wall: float
    processor: float


def measure(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Spent:
    """Run a command to its end, whatever it says."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env={**os.environ, **environment}, cwd=folder, capture_output=True, check=False)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def best(times: int, run: Callable[[], Spent]) -> Spent:
    """The run that took the least processor time."""
    return min((run() for _ in range(times)), key=lambda spent: spent.processor)


def shapecheck(scratch: Path, target: Path, cold: bool) -> Spent:
    """One run of the command; cold: without anything kept."""
    cache = scratch / "cache"
    if cold:
        shutil.rmtree(cache, ignore_errors=True)
    environment = {
        "SHAPECHECK_CACHE_DIR": str(cache),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(scratch / "bytecode"),
    }
    return measure([sys.executable, "-m", "shapecheck", "--format", "concise", str(target)], environment, scratch)


def row(name: str, spent: Spent, base: Spent) -> None:
    print(f"  {name:38} {spent.wall:8.2f} s ({spent.processor:7.2f} s) {spent.processor / base.processor:8.3f} x", flush=True)


def ours(scratch: Path, target: Path) -> Spent:
    """Cold, warm, and after an edit of one file: in a tree of the biggest, which much of it may import, and of the one in the middle."""
    times = 3 if target.is_file() else 1
    base = best(times, lambda: shapecheck(scratch, target, True))
    row("shapecheck, cold", base, base)
    row("shapecheck, warm", best(3, lambda: shapecheck(scratch, target, False)), base)
    files = [target] if target.is_file() else sorted(target.rglob("*.py"), key=lambda path: path.stat().st_size)
    for edited in dict.fromkeys((files[-1], files[len(files) // 2])):
        with edited.open("a", encoding="utf-8") as file:
            file.write("\n# edited\n")
        row(f"shapecheck, {edited.name} edited", shapecheck(scratch, target, False), base)
    return base


def peers(venv: Path | None, scratch: Path, target: Path, base: Spent, slow: bool) -> None:
    """The peers that the environment has."""
    if venv is None:
        return
    commands = {
        "torchshapeflow": ["tsf", "check", str(target)],
        "Pyrefly with torch stubs": ["pyrefly", "check", "--python-interpreter-path", str(venv / "bin" / "python"), str(target)],
        "TorchFix": ["torchfix", "--select=ALL", str(target)],
    }
    for name, (program, *rest) in commands.items():
        if not (venv / "bin" / program).exists():
            print(f"  {name:38} not installed")
        elif name == "TorchFix" and target.is_dir() and not slow:
            print(f"  {name:38} takes minutes: --slow")
        else:
            command = [str(venv / "bin" / program), *rest]
            row(name, best(3 if target.is_file() else 1, lambda command=command: measure(command, {}, scratch)), base)  # type: ignore[misc]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--peers", type=Path, metavar="VENV")
    parser.add_argument("--slow", action="store_true")
    args = parser.parse_args()
    venv = args.peers.absolute() if args.peers else None
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tree = Path(shutil.copytree(args.tree, scratch / "site" / args.tree.name))
        files = sorted(tree.rglob("*.py"))
        long = min(files, key=lambda path: abs(len(path.read_text(encoding="utf-8").splitlines()) - LONG_LINES))
        small = scratch / "small.py"
        small.write_text(SMALL, encoding="utf-8")
        whole = sum(path.read_bytes().count(b"\n") for path in files)
        shapecheck(scratch, small, True)  # for the bytecode
        for title, target in (
            (f"a small file, {len(SMALL.splitlines())} lines", small),
            (f"{long.name}, {len(long.read_text(encoding='utf-8').splitlines())} lines", long),
            (f"{tree.name}: {len(files)} files, {whole} lines", tree),
        ):
            print(title, flush=True)
            peers(venv, scratch, target, ours(scratch, target), args.slow)


if __name__ == "__main__":
    main()
