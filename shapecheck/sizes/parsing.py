"""Reads what `str` writes: Python's own syntax, with names that may carry dots and brackets."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from shapecheck.sizes.atoms import Argument, Opaque
from shapecheck.sizes.division import floordiv, mod
from shapecheck.sizes.extremes import maximum, minimum
from shapecheck.sizes.poly import Size, of_atom, symbol
from shapecheck.sizes.text import FLOAT

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_INT = re.compile(r"(0x[0-9a-f]+|\d+)(?![\w.])")
_STRING = re.compile(r"'(\\.|[^'\\])*'|\"(\\.|[^\"\\])*\"")
_SIGN = re.compile(r"\*\*|//|[-+*%(),]")
_NESTING = 100


def parse(text: str, names: Mapping[str, Size] | None = None) -> Size:
    """The size that the text spells; ValueError when it spells none. A name that is not in `names` is a symbol of at least 1."""
    reader = _Reader(text, names or {})
    size = reader.sum()
    if reader.position < len(text):
        raise reader.fault("nothing more")
    return size


class _Reader:
    def __init__(self, text: str, names: Mapping[str, Size]) -> None:
        self.text = text
        self.names = names
        # Names that are no Python names (an opaque value with its arguments, say) are found by their text.
        self.odd = sorted((name for name in names if not _NAME.fullmatch(name)), key=len, reverse=True)
        self.position = 0
        self.depth = 0
        self.skip()

    def sum(self) -> Size:
        self.depth += 1
        if self.depth > _NESTING:
            raise self.fault("less nesting")
        total = self.product()
        while (sign := self.sign("+", "-")) is not None:
            part = self.product()
            total = total + part if sign == "+" else total - part
        self.depth -= 1
        return total

    def product(self) -> Size:
        total = self.signed()
        while (sign := self.sign("*", "//", "%")) is not None:
            part = self.signed()
            total = total * part if sign == "*" else floordiv(total, part) if sign == "//" else mod(total, part)
        return total

    def signed(self) -> Size:
        negative = False
        while (sign := self.sign("-", "+")) is not None:
            negative ^= sign == "-"
        size = self.power()
        return -size if negative else size

    def power(self) -> Size:
        base = self.atom()
        if self.sign("**") is None:
            return base
        exponent = self.signed()
        if not isinstance(exponent, int) or exponent < 0:
            raise self.fault("an exponent that is a number")
        return base**exponent

    def atom(self) -> Size:
        for name in self.odd:
            if self.text.startswith(name, self.position):
                self.advance(len(name))
                return self.names[name]
        if self.sign("(") is not None:
            size = self.sum()
            self.expect(")")
            return size
        found = _INT.match(self.text, self.position)
        if found:
            self.advance(len(found[0]))
            return int(found[0], 0) if found[0].startswith("0x") else int(found[0])
        return self.named()

    def named(self) -> Size:
        start = self.position
        found = _NAME.match(self.text, start)
        if not found:
            raise self.fault("a size")
        end = found.end()
        while self.text[end : end + 1] in ("[", "."):
            end = self.bracket(end) if self.text[end] == "[" else self.dotted(end)
        name = self.text[start:end]
        self.advance(end - start)
        if self.sign("(") is not None:
            return self.call(name)
        return self.names[name] if name in self.names else symbol(name)

    def bracket(self, start: int) -> int:
        depth = 0
        end = start
        while end < len(self.text):
            string = _STRING.match(self.text, end)
            if string:
                end = string.end()
                continue
            depth += {"[": 1, "]": -1}.get(self.text[end], 0)
            end += 1
            if not depth:
                return end
        raise self.fault("a closing bracket")

    def dotted(self, start: int) -> int:
        found = _NAME.match(self.text, start + 1)
        if not found:
            raise self.fault("a name after the dot")
        return found.end()

    def call(self, function: str) -> Size:
        args: list[Argument] = []
        while self.sign(")") is None:
            if args:
                self.expect(",")
            args.append(self.argument())
        if function in ("min", "max"):
            sizes = [arg for arg in args if not isinstance(arg, str)]
            if not sizes or len(sizes) < len(args):
                raise self.fault("sizes to compare")
            return minimum(*sizes) if function == "min" else maximum(*sizes)
        return of_atom(Opaque(function, tuple(args)))

    def argument(self) -> Argument:
        for pattern in (FLOAT, _STRING):
            found = pattern.match(self.text, self.position)
            if found:
                self.advance(len(found[0]))
                return found[0] if pattern is FLOAT else str(ast.literal_eval(found[0]))
        return self.sum()

    def sign(self, *wanted: str) -> str | None:
        found = _SIGN.match(self.text, self.position)
        if not found or found[0] not in wanted:
            return None
        self.advance(len(found[0]))
        return found[0]

    def expect(self, wanted: str) -> None:
        if self.sign(wanted) is None:
            raise self.fault(wanted)

    def advance(self, count: int) -> None:
        self.position += count
        self.skip()

    def skip(self) -> None:
        while self.text[self.position : self.position + 1].isspace():
            self.position += 1

    def fault(self, wanted: str) -> ValueError:
        return ValueError(f"{self.text!r} is no size: {wanted} expected at column {self.position + 1}")
