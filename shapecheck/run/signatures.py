"""Functions and classes whose source is not followed: the user states their shape signature (`[tool.shapecheck.ops]`), or their package
brings rules for them. They are found by the name under which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from shapecheck.book.loader import plugin_rules
from shapecheck.book.rule import LayerRule, OpRule

if TYPE_CHECKING:
    from shapecheck.book.stated import StatedOp
    from shapecheck.run.namespace import Namespace


class Signatures:
    """The signatures of a run. They come before the book; they and packages' rules come before the source of what they name."""

    def __init__(self, ops: Sequence[StatedOp] = ()) -> None:
        self.ops = {op.name: op for op in ops}
        self._by_last: dict[str, list[str]] = {}
        for name in (*self.ops, *plugin_rules().names):
            self._by_last.setdefault(name.rpartition(".")[2], []).append(name)
        self._ops: dict[str, OpRule] = {}
        self._layers: dict[str, LayerRule] = {}

    def op(self, name: str) -> OpRule | None:
        """The rule of a function by its dotted name."""
        op = self.ops.get(name)
        if op is None or op.is_class:
            return None
        if name not in self._ops:
            from shapecheck.book.stated import stated_op  # here: few runs have any

            self._ops[name] = stated_op(op)
        return self._ops[name]

    def layer(self, name: str) -> LayerRule | None:
        """The rule of a class by its dotted name."""
        op = self.ops.get(name)
        if op is None or not op.is_class:
            return None
        if name not in self._layers:
            from shapecheck.book.stated import StatedLayer  # here: few runs have any

            self._layers[name] = StatedLayer(op)
        return self._layers[name]

    def within(self, namespace: Namespace, name: str) -> str | None:
        """The full name of what a file defines or imports as `name`: by the module's name, or by the file's place (`mylib/layers.py`)."""
        candidates = self._by_last.get(name.rpartition(".")[2])
        if candidates is None:
            return None
        own = f"{namespace.name}.{name}"
        if own in candidates:
            return own
        path = PurePath(namespace.module.path).with_suffix("")
        place = path.parts[:-1] if path.name == "__init__" else path.parts
        for stated in candidates:
            module = stated.removesuffix(f".{name}")
            parts = tuple(module.split("."))
            if module != stated and place[-len(parts) :] == parts:
                return stated
        return None
