"""What a user states about an input: `--input`, `# shapecheck: x = (N, 3, H, W)` on or under a `def`, a jaxtyping annotation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from shapecheck.book.dtypes import SYNONYMS
from shapecheck.run.evidence import range_of
from shapecheck.sizes import Poly, Size, parse, symbol
from shapecheck.source import ir
from shapecheck.source.comments import declarations
from shapecheck.values import Instance, Tensor

if TYPE_CHECKING:
    from shapecheck.run.namespace import Namespace
    from shapecheck.run.objects import Function
    from shapecheck.run.run import Run

# jaxtyping's names of dtypes; None: several dtypes have that name
DTYPES: dict[str, str | None] = {
    **dict.fromkeys(("Shaped", "Num", "Real", "Inexact", "Float", "Complex", "Integer", "UInt", "Int")),
    "Bool": "bool",
    **{f"{kind}{bits}": f"{kind.lower()}{bits}" for kind, widths in (("Float", (16, 32, 64)), ("Int", (8, 16, 32, 64))) for bits in widths},
    "BFloat16": "bfloat16",
    "UInt8": "uint8",
    "Complex64": "complex64",
    "Complex128": "complex128",
}
NAME = re.compile(r"[^\W\d][\w.]*")


class Stated:
    """What is stated in one file and on the command line."""

    def __init__(self, run: Run, namespace: Namespace, inputs: Sequence[Any]) -> None:
        self.run = run
        self.namespace = namespace
        self.inputs = inputs
        self.declared = declarations(namespace.module.text)

    def tensor(self, function: Function, param: Any, receiver: Any = None) -> Tensor | None:
        """The tensor that a parameter is said to be; names of sizes are sizes that are not known."""
        label = f"{function.owner.name}.{function.name}" if function.owner else function.name
        for stated in self.inputs:
            if stated.target == label and stated.parameter == param.name:
                shape = [size if isinstance(size, int) else symbol(size, 1) for size in stated.stated.shape]
                return self._made(shape, stated.stated.dtype or "float32")
        for declared in self._declared(function):
            if declared.name == param.name:
                sizes = self._sizes(declared.items, receiver)
                return None if sizes is None else self._made(sizes, declared.dtype)
        return self._annotated(param.annotation, receiver)

    def says_something(self, function: Function) -> bool:
        """Whether anything is stated about a parameter of a function."""
        return any(self.tensor(function, param) is not None for param in function.params)

    def says_everything(self, function: Function) -> bool:
        """Whether every parameter that has to be given is stated."""
        required = [param for param in function.params if param.default is None and param.kind not in ("var_pos", "var_kw")]
        return bool(required) and all(self.tensor(function, param) is not None for param in required)

    def _declared(self, function: Function) -> Iterable[Any]:
        """The comments on, above and under the head of a function, and in its body."""
        if not self.declared or function.env.globals is not self.namespace:
            return ()
        place = range_of((self.namespace, function.chunk, function.node.n))
        return (each for each in self.declared if place.line <= each.covers <= place.end_line or place.line <= each.line <= place.end_line)

    def _made(self, sizes: Iterable[Size], dtype: str | None) -> Tensor:
        return Tensor(sizes, SYNONYMS.get(dtype, dtype) if dtype else None)

    def _sizes(self, items: Iterable[str], receiver: Any) -> list[Size] | None:
        """Sizes from their texts; None where the number of axes is left open or a text is no size."""
        sizes: list[Size] = []
        for item in items:
            if item in ("?", "_"):
                sizes.append(self.run.fresh("size", 1))
                continue
            if not item or item[0] in "*.#":
                return None
            try:
                size = parse(item, {name: self._named(name, receiver) for name in NAME.findall(item)})
            except ValueError:
                return None
            if isinstance(size, int) and size < 0:
                return None
            sizes.append(size)
        return sizes

    def _named(self, name: str, receiver: Any) -> Size:
        """A size by its name: an attribute of the object, a parameter of its constructor, else a name."""
        value = self.run.state.pins.get(name)
        if isinstance(receiver, Instance):
            value = receiver.attrs.get(name.removeprefix("self."), value)
        value = self.run.resolve(value)
        return value if isinstance(value, (int, Poly)) and not isinstance(value, bool) else symbol(name, 1)

    def _annotated(self, annotation: Any, receiver: Any) -> Tensor | None:
        """`Float[Tensor, "batch channels 28 28"]`"""
        if type(annotation) is not ir.Subscript or type(annotation.index) is not ir.TupleExpr or len(annotation.index.items) != 2:
            return None
        head = annotation.value
        name = head.id if type(head) is ir.Name else head.name if type(head) is ir.Attr else ""
        axes = annotation.index.items[1]
        if name not in DTYPES or type(axes) is not ir.Const or not isinstance(axes.value, str):
            return None
        sizes = self._sizes((re.sub(r"^\w+=", "", axis) for axis in axes.value.split()), receiver)
        return None if sizes is None else self._made(sizes, DTYPES[name])
