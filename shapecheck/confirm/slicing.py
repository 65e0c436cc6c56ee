"""The smallest part of a file's module level on which something depends: a backward slice over names.

A statement is kept when it binds a name that is needed behind it, or changes the object of such a name. Names that only bodies of
functions look up are needed whenever the function is called, so every statement that binds one of them is kept.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shapecheck.confirm.effects import Effects
from shapecheck.confirm.outline import Item, head_of
from shapecheck.source import ir
from shapecheck.source.bindings import targets
from shapecheck.source.reads import Reads, inside, reads, root

BUILTINS = frozenset(dir(builtins))
ROUNDS = 30


@dataclass
class Slice:
    """kept: the items that belong to it. opened: compound statements whose head is left out, because the path leads through them.

    needed: every name that something in it looks up.
    """

    kept: set[Item] = field(default_factory=set)
    opened: set[Item] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)


def cut(items: Sequence[Item], effects: Effects, target: Item | None, names: Iterable[str] = ()) -> Slice:
    """What `target`, and the names behind it, depend on; without a target the names at the end of the file."""
    return _Cut(items, effects, target, set(names)).result()


class _Cut:
    def __init__(self, items: Sequence[Item], effects: Effects, target: Item | None, names: set[str]) -> None:
        self.items = items
        self.effects = effects
        self.target = target
        self.names = names
        self.slice = Slice()
        self.later: set[str] = set()
        self.forced: set[Item] = set()
        self.ever: set[str] = set()  # an object that was needed earlier may be part of what is needed later, whoever changes it

    def result(self) -> Slice:
        for _ in range(ROUNDS):
            before = len(self.later), len(self.forced), len(self.ever)
            self.slice = Slice()
            self._once()
            self._force_exits()
            self.ever |= self.slice.needed
            if (len(self.later), len(self.forced), len(self.ever)) == before:
                break
        self.slice.needed |= self.later
        return self.slice

    def _once(self) -> None:
        needed = set(self.names)
        self.slice.needed |= needed
        item = self.target
        if item is None:
            self._back(self.items, needed)
            return
        self._keep(item, reads(tuple(item.statements) if not item.blocks else head_of(item.statement)), needed)
        while item is not None:
            siblings = self._siblings(item)
            self._back(siblings[: siblings.index(item)], needed)
            above = item.parent
            if above is not None:
                if isinstance(above.statement, (ir.For, ir.While)):
                    self._back(siblings, needed)
                    self._back(siblings, needed)
                self._open(above, item, needed)
            item = above

    def _siblings(self, item: Item) -> list[Item]:
        if item.parent is None:
            return list(self.items)
        return next(block for block in item.parent.blocks if item in block)

    def _open(self, item: Item, inner: Item, needed: set[str]) -> None:
        """A statement around the target: its head is kept where the path depends on it."""
        statement = item.statement
        self.slice.kept.add(item)
        if isinstance(statement, ir.Try) and inner in item.blocks[0]:
            self._need(reads(head_of(statement)), needed)  # what it takes is no finding
            return
        if isinstance(statement, (ir.Try, ir.Match)) or (isinstance(statement, ir.If) and not is_main_check(statement)):
            self.slice.opened.add(item)
        elif isinstance(statement, ir.With) and not self._matters(item, needed):
            self.slice.opened.add(item)
        else:
            self._bound_by_head(item, needed)
            self._need(reads(head_of(statement)), needed)

    def _matters(self, item: Item, needed: set[str]) -> bool:
        """Whether a `with` is torch's, the user's own, or binds something that is needed."""
        known = self.effects
        for expression, target in item.statement.items:
            if needed & set(targets(target)) or known.is_local(expression) or root(expression) in ("torch", "nullcontext"):
                return True
        return False

    def _bound_by_head(self, item: Item, needed: set[str]) -> None:
        if isinstance(item.statement, ir.For):
            needed -= set(targets(item.statement.target))

    def _back(self, items: Sequence[Item], needed: set[str]) -> bool:
        """Go through statements from the last to the first; whether any of them is kept."""
        found = False
        for item in reversed(items):
            found = (self._block(item, needed) if item.blocks else self._simple(item, needed)) or found
        return found

    def _simple(self, item: Item, needed: set[str]) -> bool:
        if not self._relevant(item, needed):
            return False
        needed -= self.effects.binds_surely(item) - self.later
        self._keep(item, reads(tuple(item.statements)), needed)
        return True

    def _relevant(self, item: Item, needed: set[str]) -> bool:
        wanted = needed | self.later
        if item in self.forced or not wanted.isdisjoint(self.effects.binds(item)):
            return True
        if not (wanted | self.ever).isdisjoint(self.effects.changes(item)):
            return True
        statement = item.statement
        if not isinstance(statement, ir.ImportFrom):
            return False
        if statement.module == "__future__":
            return True
        # a star may bring whatever nothing else binds
        return statement.names[0][0] == "*" and not wanted <= self.effects.bound_somewhere | BUILTINS

    def _block(self, item: Item, needed: set[str]) -> bool:
        statement = item.statement
        inner: set[str] = set()
        found = False
        for block in item.blocks:
            rounds = 2 if isinstance(statement, (ir.For, ir.While)) else 1
            wanted = set(needed)
            for _ in range(rounds):
                found = self._back(block, wanted) or found
            inner |= wanted
        bound: set[str] = set()
        if isinstance(statement, ir.For):
            bound = set(targets(statement.target))
        elif isinstance(statement, ir.With):
            bound = {name for _, target in statement.items for name in targets(target)}
        if not found and bound.isdisjoint(needed | self.later) and item not in self.forced:
            return False
        needed |= inner - bound
        if isinstance(statement, ir.With) and not self._matters(item, needed | inner):
            self.slice.kept.add(item)
            self.slice.opened.add(item)
        else:
            self._keep(item, reads(head_of(statement)), needed)
        return True

    def _force_exits(self) -> None:
        """Loops that are kept end where they ended: `break` and `continue`, and the conditions around them."""
        for loop in [item for item in self.slice.kept if isinstance(item.statement, (ir.For, ir.While))]:
            for item in loop.within():
                if any(isinstance(each, (ir.Break, ir.Continue)) for each in inside(tuple(item.statements), ir.Stmt)):
                    self.forced.add(item)

    def _keep(self, item: Item, read: Reads, needed: set[str]) -> None:
        self.slice.kept.add(item)
        self._need(read, needed)

    def _need(self, read: Reads, needed: set[str]) -> None:
        needed |= read.now
        self.later |= read.later
        self.slice.needed |= read.now


def is_main_check(statement: ir.If) -> bool:
    """`if __name__ == "__main__":`, which holds in a slice too."""
    test = statement.test
    if not isinstance(test, ir.Compare) or len(test.rest) != 1 or test.rest[0][0] != "==":
        return False
    sides = (test.left, test.rest[0][1])
    return any(isinstance(side, ir.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ir.Const) and side.value == "__main__" for side in sides
    )
