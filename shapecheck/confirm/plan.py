"""From a refusal to programs that bring it about: what to keep of the file, and what to call behind it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from shapecheck.confirm.effects import Effects
from shapecheck.confirm.emit import emit
from shapecheck.confirm.inputs import NoNumbers, NoText, Writer
from shapecheck.confirm.numbering import PRIMES, ROUND
from shapecheck.confirm.outline import Item, find, find_line, outline
from shapecheck.confirm.slicing import Slice, cut
from shapecheck.findings.replay import Claim, Program, Replay
from shapecheck.findings.report import Report
from shapecheck.run.began import Began, Knowledge
from shapecheck.run.entries import Analysis
from shapecheck.run.evidence import range_of
from shapecheck.run.objects import Bound, Class, Function
from shapecheck.run.refusal import Refusal
from shapecheck.run.trace import Trace
from shapecheck.source import ir
from shapecheck.source.imports import package_root
from shapecheck.source.module import SourceModule
from shapecheck.source.reads import inside, reads
from shapecheck.values import Instance, ListValue, Tensor

DEPTH = 3  # how deep in attributes and lists of global variables an object is looked for


@dataclass(frozen=True)
class Start:
    """Where a slice ends: a statement, or names at the end of the file with lines to run behind it; `guess` is one of those lines."""

    target: Item | None
    names: frozenset[str] = frozenset()
    calls: tuple[str, ...] = ("",)
    guess: str | None = None


class Planner:
    """Plans the replays of the findings of one analysed file."""

    def __init__(self, module: SourceModule, analysis: Analysis, roots: Sequence[str]) -> None:
        self.module = module
        self.analysis = analysis
        self.roots = tuple(roots)

    @cached_property
    def items(self) -> list[Item]:
        return outline(self.module)

    @cached_property
    def effects(self) -> tuple[Effects, Effects]:
        return Effects(self.items, careful=False), Effects(self.items, careful=True)

    @cached_property
    def globals(self) -> dict[int, str]:
        """The names of the file's own functions and classes, by identity."""
        values = self.analysis.namespace.env.names.items()
        return {id(value): name for name, value in values if isinstance(value, (Function, Class, Bound))}

    @cached_property
    def asked(self) -> dict[str, set[str]]:
        """The attributes that the file asks of what variables and attributes hold: those of `config` in `self.config.dropout`."""
        found: dict[str, set[str]] = {}
        statements = tuple(tuple(item.statements) for item in self.items)
        for node in inside(statements, ir.Attr, functions=True):
            holder = node.value.id if isinstance(node.value, ir.Name) else node.value.name if isinstance(node.value, ir.Attr) else None
            if holder is not None:
                found.setdefault(holder, set()).add(node.name)
        return found

    def of_refusal(self, report: Report, refusal: Refusal) -> Replay:
        """What shows a refusal."""
        try:
            start = self._start(refusal)
            if not refusal.refused.raises:
                return self._replay(report, self._programs(replace(start, calls=start.calls[:1])), claims=self._claims(refusal))
        except (NoText, NoNumbers) as error:
            return self._replay(report, why_not=str(error))
        whole, alone = self._programs(start), self._shortcut(refusal)
        # the one that runs less of the user's code goes first
        programs = (*alone, *whole) if alone and _length(alone[0]) < _length(whole[0]) else (*whole, *alone)
        behind = refusal.began is not None and refusal.began.kind != "module" and report.range == range_of(refusal.stack[0][0])
        return replace(self._replay(report, programs, refusal.refused.error), at_call=behind)

    def of_entries(self, trace: Trace) -> tuple[Replay, ...]:
        """What runs the entries of the file: statements at module level that call on tensors, and what began runs of their own.

        What was begun with inputs that the code does not show is left out unless it was followed to its end: the numbers chosen for it
        may be ones that it was never meant for.
        """
        found = [self._entry(Start(item), self._label(item)) for item in self._calling(trace)]
        for known in self.analysis.endings:
            began = known.began
            if began is None or began.kind == "module" or (began.inputs is not None and not isinstance(began.returned, Tensor)):
                continue
            try:
                start = self._from(began, known)
            except (NoText, NoNumbers):
                continue
            found.append(self._entry(replace(start, calls=start.calls[:1]), start.calls[0]))
        return tuple(found)

    def _entry(self, start: Start, label: str) -> Replay:
        programs = tuple(program for program in self._programs(start) if program.how != "import")
        return Replay(str(self.module.path), ("", 0, 0), "", programs, self.roots, label=label)

    def _calling(self, trace: Trace) -> list[Item]:
        """Statements at module level that come to a tensor by a call, without those that a later one includes."""
        made: dict[int, set[int]] = {}
        for (namespace, chunk, ordinal), (value, label) in trace.records.items():
            if namespace.module is self.module and label == "<module>" and isinstance(value, Tensor):
                made.setdefault(chunk, set()).add(ordinal)
        chosen: list[Item] = []
        covered: set[Item] = set()
        every = [each for item in self.items for each in (item, *item.within()) if not each.blocks]
        for item in reversed(every):
            calls = [node.n for statement in item.statements for node in inside(statement, ir.Call)]
            if item not in covered and not made.get(item.chunk, set()).isdisjoint(calls):
                chosen.append(item)
                covered |= cut(self.items, self.effects[0], item).kept
        return chosen[::-1]

    def _label(self, item: Item) -> str:
        return self.module.line_text(item.first).strip()

    def of_value(self, report: Report) -> Replay:
        """What shows the shape of an expression at module level, for a finding that raises nothing."""
        item = find_line(self.items, report.range.line)
        shape = report.actual
        if item is None or isinstance(item.statement, (ir.FuncDef, ir.ClassDef)):
            return self._replay(report, why_not="what is accused is not at module level")
        if not isinstance(shape, tuple) or not all(isinstance(size, int) for size in shape):
            return self._replay(report, why_not="it states no shape in numbers")
        return self._replay(report, self._programs(Start(item)), claims=(Claim(*report.range, shape),))

    def _shortcut(self, refusal: Refusal) -> tuple[Program, ...]:
        """The module alone, built and called as on the way to the refusal: what lies before may need data, a network, other modules."""
        if refusal.forward is None or refusal.began is None or refusal.began.kind not in ("module", "function"):
            return ()
        try:
            start = self._from(refusal.forward, refusal.knowledge)
        except (NoText, NoNumbers):
            return ()
        found = self._programs(replace(start, calls=start.calls[:1], guess=None))
        return tuple(replace(program, how="module alone") for program in found if program.how == "slice")

    def _claims(self, refusal: Refusal) -> tuple[Claim, ...]:
        """Expressions and their shapes, in the numbers of the first call."""
        writer = next(self._writers(refusal.knowledge))
        if not refusal.claims or any(place[0].module is not self.module for place, _ in refusal.claims):
            raise NoText("it states no shape that can be looked at")
        return tuple(Claim(*range_of(place), writer.sizes(tensor.shape)) for place, tensor in refusal.claims)

    def _replay(
        self, report: Report, programs: tuple[Program, ...] = (), error: str = "", claims: tuple[Claim, ...] = (), why_not: str = ""
    ) -> Replay:
        accused = (os.path.abspath(report.path), report.range.line, report.range.end_line)
        if not programs and not why_not:
            why_not = "no program shows it"
        return Replay(str(self.module.path), accused, error, programs, self.roots, claims, why_not=why_not)

    # where it begins

    def _start(self, refusal: Refusal) -> Start:
        began = refusal.began
        if began is None:
            raise NoText("how the run began is not known")
        if began.kind == "module":
            (_, chunk, ordinal), _ = refusal.stack[0]
            item = find(self.items, chunk, ordinal)
            if item is None:
                raise NoText("the statement that leads there was not found")
            return Start(item)
        return self._from(began, refusal.knowledge)

    def _from(self, began: Began, known: Knowledge) -> Start:
        """The call that a run began with."""
        if began.kind == "function":
            name = self.globals.get(id(began.subject))
            if name is None:
                raise NoText("the function that leads there has no name")
            return self._called(f"{name}()", {name}, began, known)
        if began.kind == "class":
            name = self.globals.get(id(began.subject))
            if name is None:
                raise NoText("the class that leads there has no name")
            built = [f"{name}({writer.arguments(began.args, began.kwargs or {})})" for writer in self._writers(known)]
            return self._called(built, {name}, began, known)
        return self._object(began, known)

    def _object(self, began: Began, known: Knowledge) -> Start:
        """A module that the file builds: by the variable that holds it, or by the call that builds it."""
        path = path_to(began.subject, self.analysis.namespace.env.names)
        if path is not None:
            return self._called(path, {path.partition(".")[0].partition("[")[0]}, began, known)
        call = began.subject.call
        if call is None or call[0].module is not self.module or find(self.items, call[1], call[2].n) is None:
            raise NoText("the module is built inside of a function and kept nowhere")
        place = range_of((call[0], call[1], call[2].n))
        lines = self.module.text.split("\n")[place.line - 1 : place.end_line]
        lines[-1] = lines[-1][: place.end_column - 1]
        lines[0] = lines[0][place.column - 1 :]
        found = reads(call[2])
        return self._called(f"({' '.join(line.strip() for line in lines)})", found.now | found.later, began, known)

    def _called(self, subject: str | list[str], names: set[str], began: Began, known: Knowledge) -> Start:
        writers = list(self._writers(known))
        subjects = [subject] * len(writers) if isinstance(subject, str) else subject
        if began.inputs is None:
            calls = subjects
        else:
            given = [writer.arguments(began.inputs, began.named_inputs or {}) for writer in writers]
            calls = [f"{subject}({inputs})" for subject, inputs in zip(subjects, given, strict=True)]
        return Start(None, frozenset(names), tuple(dict.fromkeys(calls)), calls[-1] if calls[-1] not in calls[:-1] else None)

    def _writers(self, known: Knowledge) -> Iterator[Writer]:
        yield Writer(known, self.globals, self.asked)
        yield Writer(known, self.globals, self.asked, ROUND)
        yield Writer(known, self.globals, self.asked, PRIMES, whole=True)

    # the programs

    def _programs(self, start: Start) -> tuple[Program, ...]:
        narrow, wide = (self._sliced(start, effects) for effects in self.effects)
        package, level = self._package(narrow)
        found = []
        for bare in (True, False) if level else (False,):
            found += [
                Program(narrow, self._call(narrow, call), "__main__", package, "slice", bare, call == start.guess) for call in start.calls
            ]
            if wide != narrow:
                found.append(Program(wide, self._call(wide, start.calls[0]), "__main__", package, "wider slice", bare))
        name = Path(self.module.path).stem
        whole = self.module.text
        found.append(Program(whole, self._call(whole, start.calls[0]), f"{package}.{name}" if package else name, package, "import"))
        return tuple(found)

    def _sliced(self, start: Start, effects: Effects) -> str:
        kept: Slice = cut(self.items, effects, start.target, start.names)
        return "\n".join(emit(self.module, self.items, kept))

    def _call(self, text: str, call: str) -> str:
        """The lines behind a slice, with the imports that they need themselves."""
        needs = [module for module in ("torch", "types") if f"{module}." in call and not _imports(text, module)]
        return "\n".join([*(f"import {module}" for module in needs), call]) if call else ""

    def _package(self, text: str) -> tuple[str, int]:
        """The package that the file is in, for its relative imports, and how many levels up these reach; '' and 0 without any."""
        dots = [
            statement.level
            for item in self.items
            for each in (item, *item.within())
            for statement in each.statements
            if isinstance(statement, ir.ImportFrom) and statement.level and text.split("\n")[each.first - 1].strip()
        ]
        level = max(dots, default=0)
        if not level:
            return "", 0
        folder = Path(self.module.path).absolute().parent
        parts = list(folder.relative_to(package_root(self.module.path)).parts)
        while len(parts) < level:  # folders without `__init__.py` are packages as well
            above = folder
            for _ in parts:
                above = above.parent
            parts.insert(0, above.name)
        return ".".join(parts), level


def import_root(path: str, package: str) -> str:
    """The folder from which a file of this package is imported."""
    place = Path(path).absolute().parent
    for _ in filter(None, package.split(".")):
        place = place.parent
    return str(place)


def path_to(value: Any, names: dict[str, Any]) -> str | None:
    """The expression under which an object can be reached from global variables: `model`, `models[0]`, `trainer.net`."""
    level: list[tuple[str, Any]] = [(name, found) for name, found in names.items() if name.isidentifier() and not name.startswith("__")]
    for _ in range(DEPTH):
        for path, found in level:
            if found is value:
                return path
        level = [step for path, found in level for step in _steps(path, found)]
    return None


def _steps(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Instance):
        for name, part in value.attrs.items():
            if name.isidentifier():
                yield f"{path}.{name}", part
    elif isinstance(value, ListValue) and isinstance(value.items, tuple):
        for place, part in enumerate(value.items):
            yield f"{path}[{place}]", part


def _length(program: Program) -> int:
    return sum(bool(line.strip()) for line in program.text.split("\n"))


def _imports(text: str, module: str) -> bool:
    return any(line.split()[:2] == ["import", module] and line.split()[2:3] in ([], ["#"]) for line in text.split("\n"))
