"""The oracle by hand: `python -m tests.oracle` asks torch about everything and prints what came of it.

    python -m tests.oracle [--bounded] [--show wrong,missed,reworded,unknown] [TABLE...]

`--bounded` asks what the test suite asks. `--show` prints the samples with these outcomes. A table is `op_db`, `op_db errors`,
`module_db`, `module_db errors` or `one size bumped`; without one, all of them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import torch

from tests.oracle import misses
from tests.oracle.judge import Judged, judge
from tests.oracle.op_table import Unwritten
from tests.oracle.tables import TABLES
from tests.oracle.tally import HEAD, Tally, is_known, row

AT_ONCE = 600


def main() -> int:
    """Print the table. The status is 1 where something is wrong or the list of misses is not true."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description="Torch judges shapecheck.")
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--bounded", action="store_true", help="only what the test suite asks")
    parser.add_argument("--show", default="wrong", help="outcomes whose samples are printed")
    parser.add_argument("--keys", action="store_true", help="print only the keys of these samples")
    parser.add_argument("--like", default="", help="only samples whose key holds this text")
    options = parser.parse_args()
    torch.set_num_threads(1)
    unwritten, every, problems = Unwritten(), Tally(), []
    listed = misses.read()
    unknown_ops: Counter[str] = Counter()
    print(HEAD)
    for name in options.tables or TABLES:
        start = time.process_time()
        tally = Tally()
        drawn = [sample for sample in TABLES[name](unwritten, options.bounded) if options.like in sample.key]
        for first in range(0, len(drawn), AT_ONCE):
            judged = judge(drawn[first : first + AT_ONCE])
            tally.add(judged)
            every.add(judged)
            unknown_ops.update(one.sample.name for one in judged if one.outcome in ("unknown", "missed") and not is_known(one.sample))
            problems += misses.differences(
                ((one.sample.key, one.outcome) for one in judged if one.refusing and is_known(one.sample)), listed, options.bounded
            )
            show(judged, options.show.split(","), options.keys)
        tally.seconds = time.process_time() - start
        every.seconds += tally.seconds
        print(row(name, tally), flush=True)
    print(row("all", every))
    print(f"left open in right answers: {dict(every.open)}")
    print(f"not written as programs: {sum(unwritten.whys.values())}: " + "; ".join(f"{op}: {why}" for op, why in sorted(unwritten.whys)))
    print("ops that the book does not know: " + ", ".join(sorted(unknown_ops)))
    print(f"{len(problems)} calls differ from known_misses.toml", *problems[:20], sep="\n  ")
    return 1 if every.wrong or problems else 0


def show(judged: list[Judged], outcomes: list[str], keys: bool) -> None:
    for one in judged:
        if one.outcome in outcomes and (one.outcome == "wrong" or is_known(one.sample)):
            print(one.sample.key if keys else one)


if __name__ == "__main__":
    sys.exit(main())
