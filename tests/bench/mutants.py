"""Broken code, by name: working programs with one thing wrong at a time, what torch says of each, and what shapecheck says.

python -m tests.bench.mutants [--sample 300] [--seed 1] [--corpus FOLDER]... [--out FOLDER] [--only TEXT] [--show misses|alarms|lines|sentences|bare]

See README.md beside this file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shapecheck.confirm.ask import Asker
from shapecheck.confirm.child import Child
from tests.bench.mutation import judge as judging
from tests.bench.mutation import programs, verdicts
from tests.bench.mutation.edits import edits
from tests.bench.mutation.looking import look, planned
from tests.bench.mutation.programs import Program
from tests.bench.mutation.source import Edit, Source

MOST_CALLS = 40
SHOWN = {
    "misses": lambda r: r["kind"] == "shape" and "reported" not in verdicts.told(r),
    "alarms": lambda r: r["kind"] == "works" and bool(verdicts.errors(r)),
    "warned": lambda r: r["kind"] == "works" and any(report["severity"] == "warning" for report in r["reports"]),
    "lines": lambda r: r["kind"] == "shape" and bool(verdicts.errors(r)) and "line" not in verdicts.told(r),
    "sentences": lambda r: r["kind"] == "shape" and "line" in verdicts.told(r) and "sentence" not in verdicts.told(r),
    "bare": lambda r: r["kind"] == "shape" and bool(r.get("independent")) and not verdicts.errors(r, "bare"),
    "bare-alarms": lambda r: r["kind"] == "works" and bool(r.get("doubtful")),
    "sized": lambda r: r["kind"] == "shape" and bool(r.get("sized")) and not verdicts.errors(r, "bare"),
    "other": lambda r: r["kind"] in ("other", "own"),
}


class Judge:
    """Torch in a process of its own."""

    def __init__(self, folders: Iterable[Path], device: str = "cpu", seconds: float = 30) -> None:
        self.command = [sys.executable, judging.__file__, *(str(folder) for folder in folders)]
        self.device = device
        self.seconds = seconds
        self.process: subprocess.Popen[str] | None = None

    def ask(self, program: Program, text: str, lines: str | int = "") -> dict[str, Any]:
        """What becomes of a text that stands for the program's file."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        assert self.process.stdin is not None and self.process.stdout is not None
        request = {"text": text, "path": program.path, "module": program.module, "prelude": program.prelude, "device": self.device}
        self.process.stdin.write(json.dumps(request | {"seconds": self.seconds, "lines": lines}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(
            self.process.stdout.readline() or '{"outcome": "died", "type": "", "message": "", "seconds": 0}'
        )
        return answer

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Bench:
    """One program after the other, one mutant after the other."""

    def __init__(self, judge: Judge, bare: bool = True) -> None:
        self.judge = judge
        self.bare = bare
        self.child: Child | None = None

    def doubtful(self, program: Program, text: str) -> list[str]:
        """What is reported of a program without its driver, and torch does not confirm: of code that the driver never reaches."""
        if self.child is None:
            self.child = Child(sys.executable, 6 << 30, 20.0).__enter__()
            self.child.ready()
        asker = Asker(self.child, "auto", planned(program.without_driver(text), program.path, False))
        answers = [asker.confirm(report) for report in asker.reports if report.finding.severity == "error"]
        return [
            f"{report.range.line} {report.code} {said.status}"
            for report in answers
            if (said := report.confirmation) and said.status != "confirmed"
        ]

    def close(self) -> None:
        if self.child is not None:
            self.child.__exit__(None, None, None)

    def edits(self, program: Program) -> list[Edit]:
        """The edits of a program that works and in which nothing is found; none of another."""
        answer = self.judge.ask(program, program.whole(program.text), "functions" if program.drivers else "all")
        if answer["outcome"] != "works":
            print(f"{program.name}: does not work here: {answer.get('message', answer['outcome'])[:200]} {answer.get('frames', [])[-1:]}")
            return []
        reports, _ = look(program.whole(program.text), program.path, True)
        if reports:
            print(
                f"{program.name}: works, and shapecheck says:",
                *(f"{report['line']} {report['code']} {report['message']}" for report in reports),
            )
        return list(edits(Source(program.text), set(answer["lines"])))

    def variants(self, program: Program) -> list[int]:
        """The drivers with other sizes under which the program works."""
        return [place for place in program.variants if self.judge.ask(program, program.whole(program.text, place))["outcome"] == "works"]

    def record(self, program: Program, edit: Edit, variants: list[int]) -> dict[str, Any] | None:
        """What torch and shapecheck say of one mutant. None: the edit leaves no Python."""
        text = edit.apply(program.text)
        try:
            compile(text, program.path, "exec")
        except (SyntaxError, ValueError):
            return None
        whole = program.whole(text)
        answer = self.judge.ask(program, whole)
        answer.pop("lines", None)
        answer["frames"] = [frame for frame in answer.get("frames", ()) if frame[0] == program.path] + answer.get("frames", [])[-1:]
        sort = verdicts.kind(answer, program.path, whole.splitlines())
        reports, seconds = look(whole, program.path, True)
        found: dict[str, Any] = {
            "id": identity(program, edit),
            "corpus": program.corpus,
            "program": program.name,
            "path": program.path,
            "operator": edit.operator,
            "line": edit.line,
            "old": program.text[edit.start : edit.end],
            "new": edit.new,
            "start": edit.start,
            "kind": sort,
            "torch": answer,
            "reports": reports,
            "seconds": seconds,
        }
        if self.bare and sort == "shape" and program.without_driver(text) != program.bare:
            found["independent"] = bool(variants) and all(
                self.judge.ask(program, program.whole(text, place))["outcome"] == "raises" for place in variants
            )
            found["sized"] = found["independent"]
        if self.bare and ((sort == "works" and program.without_driver(text) != program.bare) or found.get("independent")):
            found["bare"], found["bare seconds"] = look(program.without_driver(text), program.path, False)
            if sort == "shape" and not verdicts.errors(found, "bare"):
                found["independent"] = found["independent"] and not self.depends(program, text, answer)
            if sort == "works" and verdicts.errors(found, "bare"):
                found["doubtful"] = self.doubtful(program, text)
        return found

    def depends(self, program: Program, text: str, answer: dict[str, Any]) -> bool:
        """Whether what crashes works when the program calls it with other numbers, whatever becomes of the rest of the program. Numbers
        of torch's sentence are tried first."""
        numbers = list(dict.fromkeys(int(found) for found in re.findall(r"\d+", answer["message"]) if 1 < int(found) < 4096))[:5]
        line, times = _place(program, answer), 1
        if line:
            times = self.judge.ask(program, program.whole(text), line).get("times", 1)
        for whole in programs.other_calls(program, text, numbers, MOST_CALLS):
            other = self.judge.ask(program, whole, line)
            if other["outcome"] == "works" or (
                other["outcome"] == "raises" and _place(program, other) != line and other.get("times", 0) >= times
            ):
                return True
        return False


def _place(program: Program, answer: dict[str, Any]) -> int:
    """The program's line that raises; 0: none does."""
    return next((frame[1] for frame in reversed(answer.get("frames", ())) if frame[0] == program.path), 0)


def identity(program: Program, edit: Edit) -> str:
    key = f"{program.name}\0{program.drivers[:1]}\0{edit.start}\0{edit.end}\0{edit.new}"
    return hashlib.sha1(key.encode()).hexdigest()[:10]


def sampled(found: list[Edit], most: int, chance: random.Random) -> list[Edit]:
    """At most so many edits, every operator in its turn."""
    groups: dict[str, list[Edit]] = {}
    for edit in found:
        groups.setdefault(edit.operator, []).append(edit)
    for group in groups.values():
        chance.shuffle(group)
    order = sorted(groups)
    chance.shuffle(order)
    chosen: list[Edit] = []
    while len(chosen) < most and any(groups.values()):
        for operator in order:
            if groups[operator] and len(chosen) < most:
                chosen.append(groups[operator].pop())
    return chosen


def run(bench: Bench, chosen: list[Program], each: int, seed: int, known: set[str]) -> Iterator[dict[str, Any]]:
    """The records of a sample of every program's mutants, without those that are known."""
    for program in chosen:
        chance = random.Random(f"{seed} {program.name} {program.drivers[:1]}")
        picked = [edit for edit in sampled(bench.edits(program), each, chance) if identity(program, edit) not in known]
        variants = bench.variants(program) if picked and bench.bare else []
        for edit in picked:
            record = bench.record(program, edit, variants)
            if record is not None:
                yield record


def again(chosen: list[Program], records: list[dict[str, Any]], seed: int, bare: bool) -> Iterator[dict[str, Any]]:
    """The records of programs that were chosen, in an order drawn by lot, with what shapecheck says today."""
    named: dict[str, list[Program]] = {}
    for program in chosen:
        named.setdefault(program.name, []).append(program)
    for record in random.Random(seed).sample(records, len(records)):
        edit = Edit(record["operator"], record["start"], record["start"] + len(record["old"]), record["new"], record["line"])
        program = next((program for program in named.get(record["program"], ()) if identity(program, edit) == record["id"]), None)
        if program is None:
            continue
        text = edit.apply(program.text)
        record["kind"] = verdicts.kind(record["torch"], program.path, program.whole(text).splitlines())
        record["reports"], record["seconds"] = look(program.whole(text), program.path, True)
        if bare and "bare" in record:
            record["bare"], record["bare seconds"] = look(program.without_driver(text), program.path, False)
        yield record


def corpora(folders: list[Path], only: str) -> list[Program]:
    found = [*programs.fixtures(), *programs.packaged([*programs.installed(), *folders])]
    return [program for program in found if only in f"{program.corpus} {program.name}"]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=300, help="how many mutants in all, evenly over the programs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, action="append", default=[], help="a folder with packages: vit_pytorch, pytorchcv, …")
    parser.add_argument(
        "--out", type=Path, default=Path("mutants.out"), help="where the results are kept; a run that stopped goes on there"
    )
    parser.add_argument("--only", default="", help="programs with this in their name")
    parser.add_argument("--no-bare", action="store_true", help="leave out the check of the mutants without their driver")
    parser.add_argument(
        "--again", action="store_true", help="ask shapecheck again about the results that are there, into again.jsonl; torch's answers stay"
    )
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--show", choices=sorted(SHOWN), help="list such mutants of the results, and run nothing")
    parser.add_argument("--most", type=int, default=30)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    results = asked.out / "results.jsonl"
    records = read(results)
    if asked.show:
        print(verdicts.listed([r for r in records if asked.only in f"{r['corpus']} {r['program']}"], SHOWN[asked.show], asked.most))
        return
    chosen = corpora(asked.corpus, asked.only)
    judge = Judge(asked.corpus)
    until = time.monotonic() + asked.minutes * 60
    bench = Bench(judge, not asked.no_bare)
    if asked.again:
        results = asked.out / "again.jsonl"
        judged, records = records, read(results)
        known = {r["id"] for r in records}
        found = again(chosen, [record for record in judged if record["id"] not in known], asked.seed, not asked.no_bare)
    else:
        known = {r["id"] for r in records}
        found = run(bench, chosen, -(-asked.sample // max(len(chosen), 1)), asked.seed, known)
    with results.open("a", encoding="utf-8") as out:
        for record in found:
            records.append(record)
            out.write(json.dumps(record) + "\n")
            out.flush()
            if time.monotonic() > until:
                break
    judge.close()
    bench.close()
    print(verdicts.table(records, "operator"), "", verdicts.table(records, "corpus"), sep="\n")
    seconds = Counter({"torch": sum(r["torch"]["seconds"] for r in records), "shapecheck": sum(r["seconds"] for r in records)})
    print(f"{len(records)} mutants of {len({r['program'] for r in records})} programs; seconds:", dict(seconds))


if __name__ == "__main__":
    main()
