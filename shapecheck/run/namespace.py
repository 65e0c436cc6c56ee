"""The names of one file, defined when somebody asks for them.

A checked file runs all its statements in order; a file that is only imported runs what is asked for: the definition of a name,
or the statements that assign it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from shapecheck.run.bounded import aside
from shapecheck.run.objects import Class, Env
from shapecheck.source import ir
from shapecheck.source.bindings import bound_names
from shapecheck.source.errors import SourceError
from shapecheck.values import MISSING, DictValue, Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapecheck.run.run import Run
    from shapecheck.source.module import SourceModule


REGISTRATION = re.compile(r"^@(\w+)\.\w+\(", re.MULTILINE)  # a decorator that is a method of an object
FILLED_ELSEWHERE = "a dict that functions of another file fill"


class Namespace:
    """A module's names. `name` is its dotted name, `main` whether it runs as `__main__`."""

    def __init__(self, module: SourceModule, name: str, main: bool) -> None:
        self.module = module
        self.name = name
        self.main = main
        self.env = Env(self, None)
        self.env.names.update({"__name__": "__main__" if main else name, "__file__": str(module.path), "__doc__": None})
        self.done: set[int] = set()
        self.running: set[int] = set()
        self.importing: set[str] = set()  # names whose import is being run
        self.now: int | None = None  # the chunk of the module level that is being run: what comes after it has not happened yet
        self.stars: list[Namespace] = []  # modules imported with a star
        # what could bring any name: a star import that could not be followed, what a page does not show
        self.opaque_star: str | None = None if module.page is None else f"the page {name}"
        self._makers: dict[str, list[int]] | None = None
        self._imports: dict[str, tuple[int, Any]] = {}  # the import that binds a name, where nothing else does
        self._for_checkers: dict[str, tuple[int, Any]] | None = None  # imports that only type checkers read, by the names they bind
        self.whole: set[str] = set()  # names that were asked for: whatever changes their values has run

    @property
    def makers(self) -> dict[str, list[int]]:
        """Which chunks bind which names."""
        if self._makers is None:
            self._makers = {}
            for index, chunk in enumerate(self.module.chunks):
                if chunk.kind in ("class", "def") and chunk.name:
                    names = [chunk.name]
                else:
                    try:
                        statements = self.module.lowered(index).statements
                    except SourceError:  # what it would have defined is not known
                        self.opaque_star = self.opaque_star or f"the file {self.name}"
                        continue
                    if not self.main:
                        statements = tuple(part for statement in statements for part in that_runs(statement))
                    names = [*bound_names(statements), *touched(statements)]
                    if not self.main:
                        self._note_imports(index, statements)
                for name in names:
                    self._makers.setdefault(name, []).append(index)
            self._add_registrations(self._makers)
        return self._makers

    def _note_imports(self, index: int, statements: tuple[Any, ...]) -> None:
        """Find the names of a chunk that one import binds and nothing else touches."""
        found: dict[str, Any] = {}
        others: list[Any] = []
        for statement in statements:
            if type(statement) not in (ir.Import, ir.ImportFrom):
                others.append(statement)
                continue
            for name in bound_names((statement,)):
                found[name] = None if name in found else statement
        for name in (*bound_names(others), *touched(tuple(others))):
            found.pop(name, None)
        self._imports.update((name, (index, statement)) for name, statement in found.items() if statement is not None)

    def _add_registrations(self, makers: dict[str, list[int]]) -> None:
        """`@store.register("name")` above a definition changes the object `store` of this file."""
        for index, chunk in enumerate(self.module.chunks):
            if chunk.kind not in ("class", "def") or not chunk.text.lstrip().startswith("@"):
                continue
            for store in dict.fromkeys(REGISTRATION.findall(chunk.text)):
                if store != chunk.name and store in makers and self._assigns(makers[store][0], store):
                    makers[store] = sorted({*makers[store], index})

    def _assigns(self, index: int, name: str) -> bool:
        """Whether a chunk gives a name its value itself, and does not import it or define it."""
        if self.module.chunks[index].kind in ("class", "def"):
            return False
        statements = self.module.lowered(index).statements
        return any(type(statement) in (ir.Assign, ir.AnnAssign) and name in bound_names((statement,)) for statement in statements)

    def get(self, run: Run, name: str) -> Any:
        """The value of a global name, or MISSING."""
        names = self.env.names
        if name in names and (self.main or name in self.whole or name not in self.makers):
            return names[name]
        self.whole.add(name)
        if name not in names and self._imported(run, name):
            return names[name]
        for index in self.makers.get(name, ()) if name not in self.importing else ():
            if self.now is not None and index > self.now and name in names:
                break  # a second definition, further down
            self.define(run, index)
        if name in names:
            return names[name]
        if not self.main:
            for index in self.makers.get("*", ()):
                self.define(run, index)
        for other in self.stars:
            value = other.get(run, name)
            if value is not MISSING:
                return value
        return MISSING if self.main else self._lazily(run, name)

    def _imported(self, run: Run, name: str) -> bool:
        """Bind a name that only an import binds, without running the imports beside it, which nobody asked for."""
        makers = self.makers.get(name, ())
        if len(makers) != 1 or name not in self._imports or name in self.importing:
            return False
        index, statement = self._imports[name]
        if index in self.done or index in self.running:
            return False
        return self._import(run, name, index, statement)

    def _import(self, run: Run, name: str, index: int, statement: Any) -> bool:
        mark = run.state.mark()
        self.importing.add(name)
        try:
            run.run_import(self, index, statement, name)
        finally:
            self.importing.discard(name)
            run.state.commit(mark)
        return name in self.env.names

    def hidden(self, seen: frozenset[int] = frozenset()) -> str | None:
        """What could bring any name, to this module or to one whose names it takes with a star, and so on."""
        if self.opaque_star is None and self._handed_over():
            self.opaque_star = f"the code that is given the name of {self.name}"
        if self.opaque_star is not None or id(self) in seen:
            return self.opaque_star
        return next((found for found in (star.hidden(seen | {id(self)}) for star in self.stars) if found is not None), None)

    def _lazily(self, run: Run, name: str) -> Any:
        """What `if TYPE_CHECKING:` imports under a name: a package that reads its files when they are asked for gives the same."""
        if self._for_checkers is None:
            self._for_checkers = {}
            for chunk in self.module.chunks if "TYPE_CHECKING" in self.module.text else ():
                if "TYPE_CHECKING" in chunk.text and chunk.kind not in ("class", "def"):
                    for found, statement in checkers_imports(self.module.lowered(chunk.index).statements):
                        self._for_checkers.setdefault(found, (chunk.index, statement))
        if name not in self._for_checkers or name in self.importing:
            return MISSING
        return self.env.names[name] if self._import(run, name, *self._for_checkers[name]) else MISSING

    def _handed_over(self) -> bool:
        """Whether a statement gives the module's own name to a function, which can then set names in it."""
        path = str(self.module.path).removesuffix(".py").removesuffix("/__init__").replace("/", ".").replace("\\", ".")
        given = re.findall(r"^[A-Za-z_][\w.]*\([^()\n]*?(__name__|['\"][\w.]+['\"])", self.module.text, re.MULTILINE)
        return any(name == "__name__" or path == name[1:-1] or path.endswith("." + name[1:-1]) for name in given)

    def defined_twice(self, name: str) -> bool:
        """Whether more than one chunk binds the name, so that what it means depends on when it is asked for."""
        return len(self.makers.get(name, ())) > 1

    def define(self, run: Run, index: int) -> None:
        """Run one chunk, once."""
        if index in self.done or index in self.running:
            return
        self.running.add(index)
        mark = run.state.mark()
        birth, run.state.birth = run.state.birth, 0  # what a module defines belongs to no path
        try:
            if self.main:
                run.run_chunk(self, index)
            else:
                aside(run, lambda: run.run_chunk(self, index))
        finally:
            run.state.birth = birth
            self.running.discard(index)
            self.done.add(index)
            # what a module defines does not depend on the path on which it was first asked for: it stays when the path is undone
            run.state.commit(mark)
            if not self.main:
                self._filled_elsewhere(index)

    def _filled_elsewhere(self, index: int) -> None:
        """Open the dicts of a chunk that functions of the file fill (a registry): in a file that is only imported nobody calls those."""
        for name, indices in self.makers.items():
            if index not in indices:
                continue
            value = self.env.names.get(name)
            if isinstance(value, DictValue):
                self._open(value, rf"\b{re.escape(name)}", name)
            elif isinstance(value, (Instance, Class)):
                parts = value.attrs if isinstance(value, Instance) else value.namespace
                for attribute, part in parts.items():
                    if isinstance(part, DictValue) and isinstance(attribute, str):
                        self._open(part, rf"\.{re.escape(attribute)}", attribute)

    def _open(self, value: DictValue, spelled: str, name: str) -> None:
        text = self.module.text
        if value.open is not None or not any(f"{name}{how}" in text for how in ("[", ".update(", ".setdefault(")):
            return
        stored = rf"^[ \t]+.*{spelled}(?:\[[^\]]*\][ \t]*=(?!=)|\.(?:update|setdefault)\()"
        if re.search(stored, text, re.MULTILINE):
            value.open = FILLED_ELSEWHERE

    def register(self, run: Run, name: str) -> None:
        """Define what is decorated and mentions a name: its decorator may put it into a registry."""
        if self.main or name not in self.module.text:
            return
        word = re.compile(rf"\b{re.escape(name)}\b")
        for index, chunk in enumerate(self.module.chunks):
            if chunk.kind in ("class", "def") and chunk.text.lstrip().startswith("@") and word.search(chunk.text):
                self.define(run, index)


def is_for_checkers(statement: Any) -> bool:
    """`if TYPE_CHECKING:`"""
    test = statement.test if type(statement) is ir.If else None
    return (type(test) is ir.Name and test.id == "TYPE_CHECKING") or (type(test) is ir.Attr and test.name == "TYPE_CHECKING")


def that_runs(statement: Any) -> tuple[Any, ...]:
    """A statement of the module level without what only type checkers read."""
    return tuple(statement.orelse) if is_for_checkers(statement) else (statement,)


def checkers_imports(statements: Any, inside: bool = False) -> Iterator[tuple[str, Any]]:
    """Names that stand under `if TYPE_CHECKING:`, with the imports that bind them; what stars bring is not among them."""
    for statement in statements:
        kind = type(statement)
        if kind is ir.ImportFrom and inside:
            yield from ((alias or name, statement) for name, alias in statement.names if name != "*")
        elif kind is ir.If:
            yield from checkers_imports(statement.body, inside or is_for_checkers(statement))
            if inside:
                yield from checkers_imports(statement.orelse, inside)
        elif kind is ir.Try and inside:
            for block in (statement.body, *(handler.body for handler in statement.handlers), statement.orelse):
                yield from checkers_imports(block, inside)


def touched(statements: tuple[Any, ...]) -> list[str]:
    """Names whose values top-level statements change without binding them: `cfgs["a"] = …`, `cfgs.update(…)`; '*' for a star import."""
    found: list[str] = []
    for statement in statements:
        kind = type(statement)
        if kind is ir.ImportFrom:
            found.extend("*" for name, _ in statement.names if name == "*")
        elif kind is ir.Assign:
            found.extend(filter(None, (_root(target) for target in statement.targets)))
        elif kind is ir.ExprStmt and type(statement.value) is ir.Call and type(statement.value.func) is ir.Attr:
            found.extend(filter(None, (_root(statement.value.func),)))
        elif kind in (ir.If, ir.For, ir.While, ir.With, ir.Try):
            for block in (
                statement.body,
                getattr(statement, "orelse", ()),
                *(handler.body for handler in getattr(statement, "handlers", ())),
            ):
                found.extend(touched(block))
    return found


def _root(target: Any) -> str | None:
    """The variable that an attribute or item belongs to."""
    if type(target) not in (ir.Attr, ir.Subscript):
        return None
    while type(target) in (ir.Attr, ir.Subscript):
        target = target.value
    return target.id if type(target) is ir.Name else None
