"""How much splitting and lowering cost over a bare libcst parse of the same files.

    python tests/bench/source_speed.py [directory]        # default: torchvision's models, where torchvision is installed

Prints lines a second and the ratio to `libcst.parse_module` alone; the budget is 1.5. Each figure is the best of several rounds, since
other work on the machine only ever adds time.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import libcst

from shapecheck.source.chunks import split
from shapecheck.source.lower import lower
from shapecheck.source.positions import positions
from shapecheck.source.text import read

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5
BUDGET = 1.5


def default_directory() -> Path:
    """torchvision's models, found without importing torchvision."""
    found = importlib.util.find_spec("torchvision")
    if found is None or found.origin is None:
        raise SystemExit("torchvision is not installed: give a directory")
    return Path(found.origin).parent / "models"


def split_and_lower(text: str) -> None:
    for chunk in split(text):
        lower(chunk)


def split_only(text: str) -> None:
    split(text)


def split_and_place(text: str) -> None:
    for chunk in split(text):
        positions(chunk)


def bare_parse(text: str) -> None:
    libcst.parse_module(text)


def seconds(work: Callable[[str], None], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - start


def main() -> int:
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else default_directory()
    texts = [read(path).text for path in sorted(directory.rglob("*.py"))]
    lines = sum(text.count("\n") for text in texts)
    works = (bare_parse, split_and_lower, split_only)
    best = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):  # in turns, so that a busy spell of the machine hits all of them
        for work in works:
            best[work] = min(best[work], seconds(work, texts))
    best[split_and_place] = seconds(split_and_place, texts)
    print(f"{len(texts)} files, {lines} lines")
    for work, spent in best.items():
        print(f"{work.__name__:16} {spent:7.3f} s {lines / spent:12,.0f} lines/s {spent / best[bare_parse]:6.2f} x")
    return 0 if best[split_and_lower] <= BUDGET * best[bare_parse] else 1


if __name__ == "__main__":
    raise SystemExit(main())
