"""The slice of a finding as a program of its own, to be pasted into a bug report: runnable as it stands."""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections import Counter
from collections.abc import Sequence

from shapecheck.confirm.plan import import_root
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.replay import Program, Replay
from shapecheck.findings.report import Report

RELATIVE = re.compile(r"^(\s*)from\s+(\.+)\s*([\w.]*)\s+import\b")
IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)


def reproducer(report: Report) -> str:
    """The program that shows a finding, under comments that say what it is."""
    where = f"{report.path}:{report.range.line}:{report.range.column}"
    head = [f"# {report.code} {where}: {' '.join(report.message.split())}"]
    if report.torch:
        head += [f"# torch: {line}" for line in report.torch.splitlines()]
    replay = report.replay
    if replay is None or not replay.programs:
        reason = replay.why_not if replay is not None else "it is about the text alone"
        return "\n".join([*head, f"# no program shows it: {reason}", ""])
    program = replay.programs[0]
    if program.how == "import":
        head.append("# the whole file: it could not be cut down")
    return "\n".join([*head, *program_lines(program, replay), ""])


def slices_page(outcome: Outcome) -> str:
    """The programs of all findings, one after the other."""
    return "\n\n".join(reproducer(report) for report in outcome.reports)


def save_slices(outcome: Outcome, folder: str) -> list[str]:
    """Write each program to a file of its own; what could not be written."""
    problems = []
    taken: Counter[str] = Counter()
    for report in outcome.reports:
        stem = re.sub(r"\W+", "_", os.path.splitext(report.path)[0]).strip("_")
        name = f"{stem}_{report.range.line}_{report.code}"
        taken[name] += 1
        path = os.path.join(folder, f"{name}_{taken[name]}.py" if taken[name] > 1 else f"{name}.py")
        try:
            os.makedirs(folder, exist_ok=True)
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(reproducer(report))
        except OSError as error:
            problems.append(f"{path}: cannot be written: {error.strerror}")
    return problems


def program_lines(program: Program, replay: Replay) -> list[str]:
    """The lines of a program without the gaps, with the call behind it and the folders that its imports need."""
    lines = _compact([_absolute(line, program.package) for line in program.text.split("\n")])
    call = program.call.split("\n") if program.call else []
    future = [line for line in lines if line.startswith("from __future__")]
    rest = [line for line in lines if line not in future]
    while rest and not rest[0]:
        del rest[0]
    roots = _needed_roots("\n".join(lines), program, replay)
    added = ["import sys", "", f"sys.path[:0] = {roots!r}", ""] if roots else []
    imports = [line for line in call if line.startswith("import ")]
    calls = [line for line in call if line not in imports]
    if calls:
        indented = next((line for line in reversed(rest) if line), "").startswith((" ", "\t"))
        rest += ["", ""] if indented else [""]
    return [*future, *added, *imports, *rest, *calls]


def _absolute(line: str, package: str) -> str:
    """A relative import as an absolute one: the slice stands in no package."""
    found = RELATIVE.match(line)
    if found is None or not package:
        return line
    indentation, dots, module = found.groups()
    parts = package.split(".")
    base = ".".join(filter(None, [*parts[: len(parts) - len(dots) + 1], module]))
    return f"{indentation}from {base} import{line[found.end() :]}"


def _needed_roots(text: str, program: Program, replay: Replay) -> list[str]:
    """The folders below which some import of the program finds a file of the user's."""
    roots = dict.fromkeys([import_root(replay.path, program.package), os.path.dirname(replay.path), *replay.roots])
    names = set(IMPORT.findall(text))
    return [root for root in roots if root and any(_is_there(root, name) for name in names)]


def _is_there(root: str, name: str) -> bool:
    return os.path.isfile(os.path.join(root, f"{name}.py")) or os.path.isdir(os.path.join(root, name))


def _compact(lines: Sequence[str]) -> list[str]:
    """Lines with what was left out closed up: one empty line where there was a gap, two around definitions."""
    text = _inside_strings(lines)
    found: list[str] = []
    gap = False
    for number, line in enumerate(lines, 1):
        if number in text:
            found.append(line)
            gap = False
        elif not line.strip():
            gap = True
        else:
            if gap and found:
                top = not line.startswith((" ", "\t", ")", "]", "}"))
                definition = line.startswith(("def ", "class ", "@", "async def ")) or found[-1].startswith((" ", "\t"))
                found += ["", ""] if top and definition else [""]
            found.append(line.rstrip())
            gap = False
    return found


def _inside_strings(lines: Sequence[str]) -> set[int]:
    """The lines, from 1, that begin inside of a string: they stay as they are."""
    inside: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.start[0] != token.end[0] and token.type not in (tokenize.NL, tokenize.NEWLINE):
                inside.update(range(token.start[0] + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):  # only the looks depend on it
        pass
    return inside
