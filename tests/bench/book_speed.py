"""Processor time of loading the book for a run that uses a dozen ops, against loading all of it; each in processes of their own.

python tests/bench/book_speed.py [REPEATS]        the goal: the dozen in less than 60 ms, also where Python keeps no bytecode
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

LAYERS = ("torch.nn.Conv2d", "torch.nn.BatchNorm2d", "torch.nn.MaxPool2d", "torch.nn.Linear")
OPS = (
    "torch.randn",
    "torch.zeros",
    "torch.flatten",
    "torch.Tensor.view",
    "torch.nn.functional.relu",
    "torch.nn.functional.dropout",
    "torch.nn.functional.log_softmax",
    "torch.nn.functional.nll_loss",
)
PROBE = """
import sys, time
words = sys.argv[1:]
import shapecheck.values, pathlib, functools
started = time.process_time()
import shapecheck.book
imported = time.process_time()
from shapecheck.book import loader
if words == ["all"]:
    loader.load_rules()
for word in words:
    rule = loader.find_op(word)
    if rule is not None:
        rule.signature
    layer = loader.find_layer(word)
    if layer is not None:
        layer.init_signature, layer.forward_signature
ended = time.process_time()
print(imported - started, ended - imported)
"""


def milliseconds(words: tuple[str, ...], environ: dict[str, str], repeats: int) -> tuple[float, float]:
    """The least time of importing the vocabulary of rules, and of finding these rules."""
    times = []
    for _ in range(repeats + 1):  # the first run writes the bytecode
        done = subprocess.run([sys.executable, "-c", PROBE, *words], env=environ, capture_output=True, text=True, check=True)
        vocabulary, rules = map(float, done.stdout.split())
        times.append((1000 * vocabulary, 1000 * rules))
    return min(time for time, _ in times[1:]), min(time for _, time in times[1:])


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        kept = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        bare = {**os.environ, "PYTHONPYCACHEPREFIX": os.path.join(folder, "none"), "PYTHONDONTWRITEBYTECODE": "1"}
        for label, environ in (("bytecode kept", kept), ("no bytecode", bare)):
            vocabulary, dozen = milliseconds((*LAYERS, *OPS), environ, repeats)
            _, everything = milliseconds(("all",), environ, repeats)
            print(
                f"{label:14} vocabulary {vocabulary:6.1f} ms, twelve rules {dozen:6.1f} ms, all rules {everything:6.1f} ms: "
                f"twelve cost {dozen / everything:.2f} of all"
            )


if __name__ == "__main__":
    main()
