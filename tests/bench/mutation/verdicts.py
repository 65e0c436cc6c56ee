"""What a mutant counts as, and the tables."""

from __future__ import annotations

import linecache
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tests.support.answers import same_sentence

Record = dict[str, Any]
LIBRARY = re.compile(r"/(torch|einops)/")
NO_SHAPE = re.compile(
    r"dtype|scalar type|same type|leaf Variable|inplace operation|not implemented for|data type|expected type|Expected all tensors|allocate|memory|device|index out of range in self|between 0 and 1"
)
UNPACKED = re.compile(r"values to unpack")


def kind(answer: Record, path: str, lines: list[str]) -> str:
    """'works', 'shape' (torch refuses a size), 'own' (the program's own raise or assert), 'other' (another exception), 'neither' (no answer)."""
    if answer["outcome"] == "works":
        return "works"
    if answer["outcome"] != "raises":
        return "neither"
    if not answer["frames"]:
        return "other"
    file, line = answer["frames"][-1][:2]
    text = lines[line - 1].strip() if file == path and line <= len(lines) else linecache.getline(file, line).strip()
    error = answer["type"]
    if answer["frames"][-1][3] == "_assert":
        return "own"  # torch._assert says what the program wants
    if LIBRARY.search(file):
        sized = error in ("RuntimeError", "ValueError", "IndexError", "AssertionError", "EinopsError")
        return "shape" if sized and not NO_SHAPE.search(answer["message"]) else "other"
    if text.startswith(("raise", "assert")):
        return "own"
    if error == "ValueError" and UNPACKED.search(answer["message"]):
        return "shape" if re.search(r"shape|size\(|chunk|split|unbind", text) else "other"
    if error == "IndexError" and not answer["message"].startswith(
        ("Dimension", "too many", "index ", "select", "The shape", "tensors used")
    ):
        return "other"
    if error not in ("RuntimeError", "ValueError", "IndexError"):
        return "other"
    return "other" if NO_SHAPE.search(answer["message"]) else "shape"


def errors(record: Record, which: str = "reports") -> list[Record]:
    return [report for report in record.get(which) or () if report["severity"] == "error"]


def on_line(report: Record, record: Record) -> bool:
    """Whether a report stands on a line of torch's traceback."""
    return any(
        report["path"].endswith(file.rpartition("/")[2]) and report["line"] <= end and start <= report["end_line"]
        for file, start, end, _ in record["torch"].get("frames", ())
        if file == record["path"]
    )


def said(report: Record, record: Record) -> bool:
    return report["torch"] is not None and same_sentence(report["torch"], record["torch"]["message"])


def told(record: Record) -> set[str]:
    """What is right about the reports of a mutant that crashes: 'reported', 'line', 'sentence' (of a report on the line)."""
    found = errors(record)
    right = {"reported"} if found else set()
    placed = [report for report in found if on_line(report, record)]
    if placed:
        right.add("line")
    if any(said(report, record) for report in placed):
        right.add("sentence")
    return right


def share(part: int, whole: int) -> str:
    return f"{part / whole:7.1%}" if whole else "      -"


def table(records: Iterable[Record], by: str) -> str:
    """A row a group: how many of which kind, and what was made of them."""
    groups: dict[str, Counter[str]] = {}
    for record in records:
        for name in (record[by], "all"):
            count = groups.setdefault(name, Counter())
            count["mutants"] += 1
            count[record["kind"]] += 1
            if record["kind"] == "shape":
                count.update(told(record))
                if record.get("sized"):
                    count["sized"] += 1
                    count["sized bare"] += bool(errors(record, "bare"))
                if record.get("independent"):
                    count["independent"] += 1
                    count["bare"] += bool(errors(record, "bare"))
            elif record["kind"] == "works":
                count["alarms"] += bool(errors(record))
                count["warned"] += any(report["severity"] == "warning" for report in record["reports"])
                count["bare alarms"] += bool(record.get("doubtful"))
    heads = (
        "mutants",
        "crash",
        "reported",
        "on line",
        "sentence",
        "works",
        "alarms",
        "warned",
        "own",
        "other",
        "neither",
        "| sized",
        "reported",
        "| bare",
        "reported",
        "alarms",
    )
    lines = [f"{by:28}" + "".join(f"{head:>9}" for head in heads)]
    for name, count in sorted(groups.items(), key=lambda item: (item[0] == "all", item[0])):
        crash = count["shape"]
        cells: list[object] = [count["mutants"], crash, *(share(count[what], crash) for what in ("reported", "line", "sentence"))]
        cells += [count["works"], count["alarms"], count["warned"], count["own"], count["other"], count["neither"]]
        cells += [count["sized"], share(count["sized bare"], count["sized"])]
        cells += [count["independent"], share(count["bare"], count["independent"]), count["bare alarms"]]
        lines.append(f"{name:28}" + "".join(f"{cell!s:>9}" for cell in cells))
    return "\n".join(lines)


def listed(records: Iterable[Record], wanted: Callable[[Record], bool], most: int) -> str:
    """A few lines a record, to look into."""
    lines = []
    for record in records:
        if not wanted(record):
            continue
        lines.append(
            f"{record['id']} {record['program']}:{record['line']} {record['operator']}: {record['old'][:60]!r} -> {record['new'][:60]!r}"
        )
        if record["torch"]["outcome"] == "raises":
            places = [frame[1] for frame in record["torch"]["frames"] if frame[0] == record["path"]]
            lines.append(f"    torch: {record['torch']['type']}: {record['torch']['message'][:160]!r} at {places}")
        for which in ("reports", "bare"):
            lines.extend(
                f"    {which}: {report['line']} {report['code']} {report['message'][:100]} | {(report['torch'] or '')[:160]}"
                for report in (record.get(which) or ())[:3]
            )
        most -= 1
        if not most:
            break
    return "\n".join(lines)
