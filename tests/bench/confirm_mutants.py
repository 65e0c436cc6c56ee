"""What torch confirms of what shapecheck reports on broken code: the mutants of mutants.py, each finding confirmed as `--confirm` does it.

python -m tests.bench.confirm_mutants [--sample 300] [--seed 1] [--corpus FOLDER]... [--only TEXT] [--where auto] [--bare]

With --bare the mutants are checked without the lines that call the model, so that classes are built from what the analysis assumes.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shapecheck.confirm.ask import Asker
from shapecheck.confirm.child import Child
from shapecheck.source import lower as lowering
from tests.bench.mutants import Bench, Judge, corpora, sampled
from tests.bench.mutation.looking import planned, remembered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=300, help="how many mutants in all, evenly over the programs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--only", default="")
    parser.add_argument("--where", default="auto", choices=("auto", "meta", "cpu", "cuda"))
    parser.add_argument("--bare", action="store_true", help="without the lines that call the model")
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args()
    lowering.lower = remembered
    judge = Judge(asked.corpus)
    bench = Bench(judge)
    chosen = corpora(asked.corpus, asked.only)
    counts: Counter[str] = Counter()
    codes: Counter[tuple[str, str]] = Counter()
    spent = 0.0
    with Child(sys.executable, 6 << 30, asked.seconds) as child:
        child.ready()
        asker = Asker(child, asked.where)
        for program in chosen:
            chance = random.Random(f"{asked.seed} {program.name} {program.drivers[:1]}")
            for edit in sampled(bench.edits(program), -(-asked.sample // len(chosen)), chance):
                text = edit.apply(program.text)
                try:
                    compile(text, program.path, "exec")
                except (SyntaxError, ValueError):
                    continue
                text = program.without_driver(text) if asked.bare else program.whole(text)
                reports = asker.reports = planned(text, program.path, not asked.bare)
                for report in reports:
                    started = time.monotonic()
                    said = asker.confirm(report).confirmation
                    spent += time.monotonic() - started
                    assert said is not None
                    counts[said.status] += 1
                    codes[report.code, said.status] += 1
                    if said.status != "confirmed":
                        print(
                            f"{program.name}:{report.range.line}: {report.code} {report.message} | {said.status} on {said.device}: {said.reason}"
                            f" {said.error or ''} | line {edit.line} {edit.operator}: {program.text[edit.start : edit.end]!r} -> {edit.new!r}",
                            flush=True,
                        )
    judge.close()
    total = sum(counts.values())
    for (code, status), count in sorted(codes.items()):
        print(f"{code} {status:16} {count}")
    for status, count in counts.most_common():
        print(f"{status:16} {count:5} {count / total:7.1%}")
    print(f"{total} findings, {total / max(spent, 1e-9):.1f} a second, {child.starts} starts of the worker")


if __name__ == "__main__":
    main()
