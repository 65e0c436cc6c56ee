"""shapes: every tensor expression with its shape, as text and as JSON."""

from __future__ import annotations

import json
from itertools import groupby

from shapecheck.findings.outcome import Expression, Expressions
from shapecheck.show.concise import where
from shapecheck.show.json_ import place_json
from shapecheck.show.palette import PLAIN, Palette
from shapecheck.show.values import Json, plain, words

LONGEST_TEXT = 48


def expressions_text(found: Expressions, palette: Palette = PLAIN) -> str:
    """By file and definition, a line an expression: its place, its text, its shape or why that is not known."""
    blocks = []
    for (path, symbol), group in groupby(found.expressions, key=lambda e: (where(e.path, e.cell), e.symbol)):
        lines = [_line(expression, palette) for expression in group]
        title = f"{palette.paint('path', path)}{f': {symbol}' if symbol else ''}"
        blocks.append("\n".join([title, *lines]) + "\n")
    return "\n".join(blocks)


def _line(expression: Expression, palette: Palette) -> str:
    place = palette.paint("gutter", f"{f'{expression.range[0]}:{expression.range[1]}':>9}")
    return f"{place}  {_shortened(expression.text):{LONGEST_TEXT}}  {_shape(expression, palette)}".rstrip()


def _shape(expression: Expression, palette: Palette) -> str:
    if expression.shape is None:
        return palette.paint("faint", f"? {expression.why or ''}".rstrip())
    dtype = f" {palette.paint('faint', expression.dtype)}" if expression.dtype else ""
    return f"{words(expression.shape)}{dtype}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."


def expressions_json(found: Expressions) -> str:
    """The form that other programs rely on."""
    return json.dumps({"expressions": [_entry(expression) for expression in found.expressions]}, indent=2) + "\n"


def _entry(expression: Expression) -> Json:
    return {
        "path": expression.path,
        "cell": expression.cell,
        **place_json(expression.range),
        "text": expression.text,
        "shape": plain(expression.shape),
        "dtype": expression.dtype,
        "symbol": expression.symbol,
        "why": expression.why,
    }
