"""The trace: every tensor expression that was evaluated, with the values it had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shapecheck.findings.outcome import Expression
from shapecheck.run.evidence import range_of, text_of
from shapecheck.source import ir
from shapecheck.values import Shape, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.source.module import SourceModule

SHOWN = (ir.Name, ir.Attr, ir.Call, ir.Bin, ir.Unary, ir.Subscript, ir.IfExp, ir.Compare)


class Trace:
    """Records tensor expressions by place; the first known value of a place is kept."""

    def __init__(self) -> None:
        self.records: dict[tuple[Any, int, int], tuple[Any, str]] = {}
        self.shapes: dict[tuple[Any, int, int], list[tuple[Any, ...]]] = {}  # every shape that a place had
        self.seen: dict[int, Unknown] = {}  # where an Unknown began is where it is listed

    def record(self, frame: Frame, node: Any, value: Any) -> None:
        """Note what an expression came to."""
        kind = type(value)
        if (kind is not Tensor and kind is not Unknown and kind is not Shape) or type(node) not in SHOWN:
            return
        if kind is not Unknown:
            shapes = self.shapes.setdefault((frame.namespace, frame.chunk, node.n), [])
            shape = value.shape if kind is Tensor else tuple(value)
            if shape not in shapes:
                shapes.append(shape)
            if kind is Shape:
                return
        if type(value) is Unknown:
            if type(node) is not ir.Call or id(value) in self.seen:
                return
            self.seen[id(value)] = value
        place = (frame.namespace, frame.chunk, node.n)
        known = self.records.get(place)
        if known is None or (type(known[0]) is Unknown and type(value) is Tensor):
            self.records[place] = (value, frame.label)

    def expressions(self, module: SourceModule, path: str) -> Iterator[Expression]:
        """The expressions of one file in order of place. An Unknown is listed where it begins: at a call."""
        for place, (value, label) in self.records.items():
            if place[0].module is not module:
                continue
            where = range_of(place)
            symbol = "" if label == "<module>" else label
            if isinstance(value, Tensor):
                yield Expression(path, where, text_of(place), value.shape, value.dtype, symbol)
            else:
                yield Expression(path, where, text_of(place), None, None, symbol, value.why)
