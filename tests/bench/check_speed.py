"""Processor time of a whole check against libcst's bare parse of the same files, in one run.

python tests/bench/check_speed.py [FOLDER]        default: the models of the installed torchvision
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path

import libcst

from shapecheck.check import Checker
from shapecheck.options import Options


def default_folder() -> Path | None:
    """torchvision's models, found without importing them."""
    spec = importlib.util.find_spec("torchvision")
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "models"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default_folder()
    if folder is None or not folder.is_dir():
        print("no folder to read: name one, or install torchvision (pip install --no-deps torchvision==0.28.0)")
        return
    files = sorted(folder.rglob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    started = time.process_time()
    for text in texts:
        libcst.parse_module(text)
    parse = time.process_time() - started
    checker = Checker(Options())
    slowest: list[tuple[float, str]] = []
    findings = 0
    for path in files:
        began = time.process_time()
        findings += len(checker.file(str(path)).reports)
        slowest.append((time.process_time() - began, path.name))
    check = sum(seconds for seconds, _ in slowest)
    lines = sum(text.count("\n") for text in texts)
    print(f"{len(files)} files, {lines} lines, {findings} findings")
    print(f"libcst.parse_module {parse:.2f} s, check {check:.2f} s: {check / parse:.1f} x")
    print("slowest:", ", ".join(f"{name} {seconds:.2f} s" for seconds, name in sorted(slowest, reverse=True)[:5]))


if __name__ == "__main__":
    main()
