"""Shape signatures as a user writes them: `(dim, patch=16): b c h w -> b (h//patch * w//patch) dim`.

    [ (numbers): ] inputs -> outputs

    numbers   what a class's constructor takes, or a function beside its tensors, in order or by name: `patch`, `patch=16`
    inputs    tensors, with commas between them; `mask=b t` may be given by name, `mask?=b t` may be left out or be None; `any` is
              an argument that does not matter
    outputs   tensors, with commas between them; `same` has the shape and dtype of the first input, `None` is no tensor, `()` a tensor
              without axes
    a tensor  its axes, with spaces between them, and perhaps a dtype: `b t:int64`. An axis is a name, a number, `_` (any size), `...`
              (any number of axes), or an expression: `h//patch`, `2*c`. An expression without spaces is read as Python reads it; in
              parentheses spaces group and multiply: `(h w)`, `(h//p * w//p)`. `/` has to come out even, `//` rounds down.
              `?k` on the right is a size that nothing says, with a name.

Names on the right come from the left. On the left an expression may hold one name that nothing else says: `b (h d)` with d a number
says h, and that d divides the axis.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# A size: a number, a name, or an operator with its two sides. `_` is any size, `...` any number of axes, `?k` a new size.
Expression = int | str | tuple[str, "Expression", "Expression"]

TIMES = ("*", "//", "/", "%")
PLUS = ("+", "-")
DTYPES = {
    "float": "float32", "double": "float64", "half": "float16", "long": "int64", "int": "int32", "short": "int16",
    **{name: name for name in (
        "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex32 complex64 complex128"
    ).split()},
}  # fmt: skip
_TOKEN = re.compile(r"\s*(->|//|\.\.\.|\?[A-Za-z_]\w*|[A-Za-z_]\w*|\d+|\S)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_PREFIX = re.compile(rf"\s*\(([^()]*)\)\s*:(?!\s*(?:{'|'.join(DTYPES)})\s*(?:,|->))")  # `(n):int64 -> n` is a tensor with its dtype
_INPUT = re.compile(r"\s*([A-Za-z_]\w*)\s*(\?)?\s*=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One tensor: its axes, its dtype where one is written, and its text."""

    axes: tuple[Expression, ...]
    dtype: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """An argument: the name by which it may be given, whether it may be left out, and its pattern (None: it does not matter)."""

    name: str
    optional: bool
    pattern: Pattern | None


@dataclass(frozen=True, slots=True)
class Notation:
    """A signature that was read.

    numbers   names with their defaults (None: none).
    outputs   patterns, 'same' or None; one stands for itself, several for a tuple.
    """

    numbers: tuple[tuple[str, int | None], ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Pattern | str | None, ...]


def read_notation(text: str) -> Notation:
    """The signature that a text states; ValueError with a sentence where it states none."""
    numbers: tuple[tuple[str, int | None], ...] = ()
    prefix = _PREFIX.match(text)
    rest = text
    if prefix:
        numbers = tuple(_number(part) for part in _split(prefix[1]))
        rest = text[prefix.end() :]
    left, arrow, right = rest.partition("->")
    if not arrow or "->" in right:
        raise ValueError("a signature has one arrow: b c h w -> b (h w) c")
    if not right.strip():
        raise ValueError("nothing stands behind the arrow (write None where no tensor comes out)")
    inputs = tuple(_input(part) for part in _split(left))
    outputs = tuple(_output(part) for part in _split(right))
    notation = Notation(numbers, inputs, outputs)
    _check(notation)
    return notation


def _split(text: str) -> list[str]:
    """At the commas; nothing at all is no part."""
    return text.split(",") if text.strip() else []


def _number(text: str) -> tuple[str, int | None]:
    name, equals, default = (part.strip() for part in text.partition("="))
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' in front of the colon is no name of a number")
    if equals and not default.isdecimal():
        raise ValueError(f"the default of {name} is '{default}', which is no whole number")
    return name, int(default) if equals else None


def _input(text: str) -> Input:
    named = _INPUT.fullmatch(text)
    name, optional, text = (named[1], bool(named[2]), named[3]) if named else ("", False, text)
    if not text.strip():
        raise ValueError("an input is empty (write () for a tensor without axes)")
    return Input(name, optional, None if text.strip() == "any" else _pattern(text))


def _output(text: str) -> Pattern | str | None:
    if not text.strip():
        raise ValueError("an output is empty (write () for a tensor without axes)")
    if text.strip() == "None":
        return None
    return "same" if text.strip() == "same" else _pattern(text)


def _pattern(text: str) -> Pattern:
    axes, colon, dtype = text.partition(":")
    dtype = dtype.strip()
    if colon and dtype not in DTYPES:
        raise ValueError(f"'{dtype}' is no dtype of torch")
    axes = axes.strip()
    read = () if axes == "()" else _Axes(axes).read()
    return Pattern(read, DTYPES[dtype] if colon else None, axes)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    tight: bool  # nothing but text on both sides


class _Axes:
    """Reads the axes of one tensor."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[_Token] = []
        for found in _TOKEN.finditer(text):
            start, end = found.span(1)
            tight = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
            self.tokens.append(_Token(found[1], tight))
        self.at = 0

    def read(self) -> tuple[Expression, ...]:
        if not self.tokens:
            raise ValueError("a tensor without axes is written ()")
        axes: list[Expression] = []
        while self.at < len(self.tokens):
            if self.peek() in (*TIMES, *PLUS):
                raise ValueError(f"'{self.text}': write {self.peek()} without spaces, or in parentheses")
            axes.append(self.tight())
        return tuple(axes)

    def peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def next(self) -> str:
        word = self.peek()
        self.at += 1
        return word

    def _operator(self, operators: tuple[str, ...], tight: bool) -> bool:
        return self.peek() in operators and self.tokens[self.at].tight is tight

    def tight(self) -> Expression:
        """Terms with + and - between them, without spaces."""
        left = self._tight_product()
        while self._operator(PLUS, True):
            left = (self.next(), left, self._tight_product())
        return left

    def _tight_product(self) -> Expression:
        left = self._atom()
        while self._operator(TIMES, True):
            left = (self.next(), left, self._atom())
        return left

    def _loose(self) -> Expression:
        """What stands in parentheses: terms, with spaces around + and -."""
        left = self._loose_product()
        while self._operator(PLUS, False):
            left = (self.next(), left, self._loose_product())
        return left

    def _loose_product(self) -> Expression:
        left = self.tight()
        while True:
            if self._operator(TIMES, False):
                left = (self.next(), left, self.tight())
            elif self.peek() and self.peek() not in (")", *PLUS, *TIMES):
                left = ("*", left, self.tight())
            else:
                return left

    def _atom(self) -> Expression:
        word = self.next()
        if word == "(":
            inside = self._loose()
            if self.next() != ")":
                raise ValueError(f"'{self.text}': a parenthesis is not closed")
            return inside
        if word.isdecimal():
            return int(word)
        if word == "..." or _NAME.fullmatch(word.removeprefix("?")):
            return word
        raise ValueError(f"'{self.text}': {f'{word!r} is no axis' if word else 'something is missing at the end'}")


def names_in(size: Expression) -> Iterator[str]:
    """The names in a size, `_`, `...` and `?k` among them."""
    if isinstance(size, str):
        yield size
    elif isinstance(size, tuple):
        yield from names_in(size[1])
        yield from names_in(size[2])


def shown(size: Expression) -> str:
    """A size as it can be written."""
    if not isinstance(size, tuple):
        return str(size)
    operator, left, right = size
    first = f"({shown(left)})" if isinstance(left, tuple) and left[0] != operator else shown(left)
    return f"{first}{operator}{f'({shown(right)})' if isinstance(right, tuple) else shown(right)}"


def solvable(size: Expression, name: str) -> bool:
    """Whether a size says what the one name in it is, where all others are known."""
    if not isinstance(size, tuple):
        return size == name
    operator, left, right = size
    inside = list(names_in(left)) + list(names_in(right))
    if inside.count(name) != 1 or operator not in ("*", "/", "+", "-"):
        return False
    return solvable(left if name in names_in(left) else right, name) and (operator != "/" or name in names_in(left))


def _check(notation: Notation) -> None:
    """ValueError where a name comes from nowhere or stands where it cannot."""
    numbers = [name for name, _ in notation.numbers]
    twice = next((name for name in numbers if numbers.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"the number {twice} is there twice")
    if any(given.optional and not given.name for given in notation.inputs):
        raise ValueError("an input that may be left out needs a name")
    given = [each.pattern for each in notation.inputs if each.pattern is not None]
    known = {*numbers, *(axis for pattern in given for axis in pattern.axes if isinstance(axis, str))}
    for pattern in given:
        _check_wild(pattern, "left")
        if any(name.startswith("?") for axis in pattern.axes for name in names_in(axis)):
            raise ValueError("'?' names a size on the right that nothing says; on the left write _")
    _solve([axis for pattern in given for axis in pattern.axes if isinstance(axis, tuple)], known)
    for made in notation.outputs:
        if made == "same" and not given:
            raise ValueError("nothing on the left that 'same' could be the same as")
        if not isinstance(made, Pattern):
            continue
        _check_wild(made, "right")
        for name in (name for axis in made.axes for name in names_in(axis)):
            if name == "..." and "..." not in known:
                raise ValueError("'...' on the right needs one on the left")
            if name not in known and name != "_" and not name.startswith("?"):
                raise ValueError(f"{name!r} on the right is not on the left (write ?{name} for a size that nothing says)")


def _check_wild(pattern: Pattern, side: str) -> None:
    """`...` once a tensor, and neither it nor `_` within an expression."""
    if pattern.axes.count("...") > 1:
        raise ValueError(f"'{pattern.text}' on the {side} has '...' twice")
    for axis in pattern.axes:
        wild = next((name for name in names_in(axis) if name in ("...", "_")), None)
        if isinstance(axis, tuple) and wild is not None:
            raise ValueError(f"{wild!r} cannot be part of an expression: '{pattern.text}'")


def _solve(sizes: Sequence[Expression], known: set[str]) -> None:
    """Add the names that expressions on the left say; ValueError for one that says too little."""
    for size, name in solving_order(sizes, known):
        if name is not None:
            known.add(name)
        elif not set(names_in(size)) <= known:
            missing = sorted(set(names_in(size)) - known)
            raise ValueError(
                f"'{shown(size)}' on the left does not say what {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'}"
            )


def solving_order(sizes: Iterable[Expression], known: Iterable[str]) -> Iterator[tuple[Expression, str | None]]:
    """The expressions in an order in which each says at most one new name, with that name; those that say none come last."""
    have = set(known)
    left = list(sizes)
    while True:
        for size in left:
            new = {name for name in names_in(size) if name not in have}
            if len(new) == 1 and solvable(size, next(iter(new))):
                name = new.pop()
                have.add(name)
                left.remove(size)
                yield size, name
                break
        else:
            yield from ((size, None) for size in left)
            return
