"""The layer from which a tensor has a size: the other end of a mismatch."""

from __future__ import annotations

from typing import Any

from shapecheck.book.outcome import Refused
from shapecheck.sizes import Facts, Poly
from shapecheck.values import Instance, Tensor

MAX_ANCESTORS = 12
Giver = tuple[Instance, str]


def giver(refused: Refused, tensors: tuple[Tensor, ...], facts: Facts) -> Giver | None:
    """The layer whose constructor's argument is the size that was refused, and the argument's name; None where no layer is seen.

    That is `out_features` and its like, or any argument where the layer's input has no such size.
    """
    size = refused.actual
    tensor = refused.culprit if isinstance(refused.culprit, Tensor) else tensors[0] if tensors else None
    if isinstance(size, bool) or not isinstance(size, (int, Poly)):
        return None
    for _ in range(MAX_ANCESTORS):
        if tensor is None or tensor.made is None or not _has(tensor, size, facts):
            return None
        parent = next((other for other in tensor.made.parents if _has(other, size, facts)), None)
        layer = tensor.made.label
        if isinstance(layer, Instance) and layer.cls.rule is not None:
            names = [name for name in layer.cls.rule.init_signature.positional if _is(layer.attrs.get(name), size, facts)]
            found = next((name for name in names if name.startswith("out_")), names[0] if names and parent is None else None)
            if found is not None:
                return layer, found
        tensor = parent
    return None


def _has(tensor: Tensor, size: Any, facts: Facts) -> bool:
    return any(_is(other, size, facts) for other in tensor.shape)


def _is(value: Any, size: Any, facts: Facts) -> bool:
    return isinstance(value, (int, Poly)) and not isinstance(value, bool) and facts.eq(value, size).yes
