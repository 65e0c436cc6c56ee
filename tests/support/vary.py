"""Variations of an example: its literal sizes replaced, one at a time, by names and by other numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

MAKERS = ("T", "I", "M")


class Spot(NamedTuple):
    """A literal size in the text of an expression."""

    start: int
    end: int
    value: int


@dataclass(frozen=True)
class Symbolic:
    """An expression with names for sizes, and the numbers that stood there."""

    source: str
    point: Mapping[str, int]


def spots(source: str) -> list[Spot]:
    """The literal sizes given to T, I and M, from left to right."""
    found = []
    for node in ast.walk(ast.parse(source, mode="eval")):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and type(argument.value) is int and argument.end_col_offset is not None:
                    found.append(Spot(argument.col_offset, argument.end_col_offset, argument.value))
    return sorted(found)


def symbolic(source: str) -> Iterator[Symbolic]:
    """Each size alone as a name, then all of them. A name stands for a size of at least 1."""
    places = [spot for spot in spots(source) if spot.value > 0]
    for place in places:
        yield Symbolic(_replaced(source, {place: "S"}), {"S": place.value})
    if len(places) > 1:
        names = {place: f"S{number}" for number, place in enumerate(places)}
        yield Symbolic(_replaced(source, names), {names[place]: place.value for place in places})


def bumped(source: str) -> list[str]:
    """Each size one larger, and each size 1."""
    found = [_replaced(source, {place: str(value)}) for place in spots(source) for value in (place.value + 1, 1) if value != place.value]
    return list(dict.fromkeys(found))


def _replaced(source: str, texts: Mapping[Spot, str]) -> str:
    encoded = source.encode()  # ast counts bytes
    for place in sorted(texts, reverse=True):
        encoded = encoded[: place.start] + texts[place].encode() + encoded[place.end :]
    return encoded.decode()
