"""Shapes and sizes as torch prints them in its messages."""

from __future__ import annotations

from collections.abc import Iterable

from shapecheck.book.context import current
from shapecheck.sizes import Size


def word(size: Size) -> str:
    """A size with what is known on the path put in: `3`, `N`, `H//2`."""
    if isinstance(size, int):
        return str(size)
    return str(current().facts.simplify(size))


def commas(shape: Iterable[Size]) -> str:
    """4, 5, 4, 4"""
    return ", ".join(map(word, shape))


def brackets(shape: Iterable[Size]) -> str:
    """[4, 5, 4, 4]"""
    return f"[{commas(shape)}]"


def parens(shape: Iterable[Size]) -> str:
    """(4, 5) and (4,)"""
    items = list(shape)
    return f"({commas(items)},)" if len(items) == 1 else f"({commas(items)})"


def times(shape: Iterable[Size]) -> str:
    """4x5, (2*N)x5"""
    words = map(word, shape)
    return "x".join(text if text.isidentifier() or text.lstrip("-").isdigit() else f"({text})" for text in words)


def torch_size(shape: Iterable[Size]) -> str:
    """torch.Size([4, 5])"""
    return f"torch.Size([{commas(shape)}])"
