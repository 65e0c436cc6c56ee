"""The smallest and the largest of several sizes."""

from __future__ import annotations

from shapecheck.sizes.atoms import Max, Min
from shapecheck.sizes.limits import within
from shapecheck.sizes.poly import Poly, Size
from shapecheck.sizes.relax import relaxed


def minimum(*sizes: Size) -> Size:
    """The smallest size; what is never smaller than another one drops out."""
    kept = _kept(sizes, Min, -1)
    return kept[0] if len(kept) == 1 else within(Min(kept))


def maximum(*sizes: Size) -> Size:
    """The largest size; what is never larger than another one drops out."""
    kept = _kept(sizes, Max, 1)
    return kept[0] if len(kept) == 1 else within(Max(kept))


def _kept(sizes: tuple[Size, ...], kind: type[Min] | type[Max], sign: int) -> tuple[Size, ...]:
    if not sizes:
        raise ValueError("the smallest or largest of no sizes")
    flat: list[Size] = []
    for size in sizes:
        for part in _opened(size, kind):
            if part not in flat:
                flat.append(part)
    alive = list(flat)
    for size in flat:
        if any(_beats(other, size, sign) for other in alive if other is not size):
            alive.remove(size)
    return tuple(sorted(alive, key=_order))


def _opened(size: Size, kind: type[Min] | type[Max]) -> tuple[Size, ...]:
    if isinstance(size, Poly) and not size.constant and len(size.terms) == 1:
        [(monomial, count)] = size.terms.items()
        if count == 1 and len(monomial) == 1 and type(monomial[0]) is kind:
            return monomial[0].args
    return (size,)


def _beats(other: Size, size: Size, sign: int) -> bool:
    ahead = (other - size) * sign
    low = ahead if isinstance(ahead, int) else relaxed(ahead)[0]
    return low is not None and low >= 0


def _order(size: Size) -> tuple[bool, str]:
    return isinstance(size, int), str(size)
