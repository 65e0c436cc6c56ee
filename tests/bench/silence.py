"""Checks installed packages and prints a table: findings, faults, time, memory, whole chains. Working code is to give no error.

python tests/bench/silence.py PATH… [--sample N] [--whys N] [--markdown]

Each path is a package (a folder, or a file); it is checked in a process of its own, so that the peak memory is that of one worker.
`--sample N` takes every N-th file. Every finding is printed with its witness: it is either a false alarm, or torch raises there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from shapecheck.check import Checker
from shapecheck.findings.outcome import Chains, Outcome
from shapecheck.options import Options

HEAD = (
    "package",
    "files",
    "with torch",
    "errors",
    "warnings",
    "faults",
    "classes",
    "whole",
    "share",
    "methods whole",
    "seconds",
    "slowest",
    "MB",
)


@dataclass
class Swept:
    """What checking one package came to. times: seconds of processor time by file, memory: peak in MB."""

    name: str
    outcome: Outcome = field(default_factory=Outcome)
    by_part: dict[str, Chains] = field(default_factory=dict)
    times: list[tuple[float, str]] = field(default_factory=list)
    memory: float = 0.0


def sweep(root: str, every: int, send: object) -> None:
    """Check a package; runs in a child process."""
    path = Path(root)
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    swept = Swept(path.name)
    checker = Checker(Options())
    for file in files[::every]:
        began = time.process_time()
        found = checker.file(str(file))
        swept.times.append((time.process_time() - began, str(file)))
        swept.outcome = swept.outcome + found
        part = file.relative_to(path).parts[0] if path.is_dir() and file != path else ""
        swept.by_part[part] = swept.by_part.get(part, Chains()) + found.chains
    swept.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    send.send(swept)  # type: ignore[attr-defined]


def row(swept: Swept) -> tuple[str, ...]:
    kinds = Counter(report.finding.severity for report in swept.outcome.reports)
    faults = sum(report.code == "SHP905" for report in swept.outcome.reports)
    chains = swept.outcome.chains
    return (
        swept.name,
        str(swept.outcome.files),
        str(swept.outcome.files - swept.outcome.skipped),
        str(kinds["error"] - faults),
        str(kinds["warning"]),
        str(faults),
        str(chains.classes),
        str(chains.whole),
        f"{100 * chains.whole / chains.classes:.1f} %" if chains.classes else "-",
        f"{chains.whole_methods}/{chains.methods}",
        f"{sum(seconds for seconds, _ in swept.times):.0f}",
        f"{max(swept.times)[0]:.1f}" if swept.times else "-",
        f"{swept.memory:.0f}",
    )


def general(why: str) -> str:
    """A reason without the names in it, so that reasons of one kind are counted together."""
    why = re.sub(r"(the parameter|of class|of the module|object of class) [\w.\[\]'*]+", r"\1 …", why)
    return re.sub(r"^\S+ has no attribute \S+ here", "… has no attribute … here", why)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--sample", type=int, default=1, metavar="N")
    parser.add_argument("--whys", type=int, default=30, metavar="N")
    parser.add_argument("--markdown", action="store_true", help="the table alone, as Markdown")
    args = parser.parse_args()
    everything: list[Swept] = []
    for path in args.paths:
        receive, send = multiprocessing.Pipe(False)
        child = multiprocessing.Process(target=sweep, args=(path, args.sample, send))
        child.start()
        send.close()
        try:
            everything.append(receive.recv())
        except EOFError:
            print(f"{path}: the process ended without a result")
        child.join()
        if not args.markdown and everything:
            tell(everything[-1], args.whys)
    rows = [HEAD, *map(row, everything)]
    if args.markdown:
        rows.insert(1, ("---",) * len(HEAD))
        print("\n".join("| " + " | ".join(cells) + " |" for cells in rows))
        return
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEAD))]
    for cells in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())


def tell(swept: Swept, most: int) -> None:
    """Findings, slow files and reasons of one package."""
    print(f"== {swept.name}")
    for report in swept.outcome.reports:
        witness = report.witness
        with_ = f"{witness.construct} { ({name: str(size) for name, size in witness.inputs.items()}) } {witness.note}" if witness else ""
        print(f"{report.path}:{report.range.line} {report.code} {report.symbol} | {report.message} | {report.torch} | {with_}")
    for seconds, file in sorted(swept.times, reverse=True)[:5]:
        if seconds > 5:
            print(f"  {seconds:6.1f} s  {file}")
    gaps: Counter[str] = Counter()
    for why, count in swept.outcome.chains.gaps.items():
        gaps[general(why)] += count
    for why, count in gaps.most_common(most):
        print(f"  {count:5}  {why[:150]}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
