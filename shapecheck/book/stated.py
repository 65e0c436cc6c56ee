"""Rules from shape signatures that a user states: `[tool.shapecheck.ops]`, `"mylib.patchify" = "b c h w -> b (h w) c"`.

Nothing says what such a function raises: where a call does not fit, what was stated of it is false for that call, and that is what is
reported (SHP404).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapecheck.book.bind import Signature, to_size, to_tensor
from shapecheck.book.context import current, fresh
from shapecheck.book.expect import expect, expect_divides, expect_eq, expect_ge
from shapecheck.book.notation import PLUS, Expression, Notation, Pattern, names_in, read_notation, shown, solving_order
from shapecheck.book.outcome import Unsure
from shapecheck.book.rule import LayerRule, OpRule
from shapecheck.book.words import parens, word
from shapecheck.sizes import Size, floordiv, mod
from shapecheck.values import Tensor, Unknown

CODE = "SHP404"
ELLIPSIS = (1, 0, 2, 3)  # how many axes `...` may stand for where a tensor's rank is free, likeliest first


@dataclass(frozen=True, slots=True)
class StatedOp:
    """A dotted name, the signature that was stated for it, and its text."""

    name: str
    notation: Notation
    text: str

    @property
    def is_class(self) -> bool:
        """A name that begins with a capital is a class: it is built, and its objects are called."""
        return self.name.rpartition(".")[2].lstrip("_")[:1].isupper()


def read_ops(stated: Mapping[str, object]) -> tuple[StatedOp, ...]:
    """The signatures of a table of names; ValueError with one sentence that begins with the name where one cannot be read."""
    found = []
    for name, text in _flat(stated):
        parts = name.split(".")
        if len(parts) < 2 or not all(part.isidentifier() for part in parts):
            raise ValueError(f"'{name}' is no name of a function or class with its module, as mylib.layers.patchify is")
        if not isinstance(text, str):
            raise ValueError(f"'{name}' wants a signature in quotes, as in \"b c h w -> b (h w) c\"")
        try:
            found.append(StatedOp(name, read_notation(text), text))
        except ValueError as error:
            raise ValueError(f"'{name}' = '{text}': {error}") from None
    return tuple(found)


def _flat(stated: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Names and signatures; TOML makes tables in tables of names that are not quoted."""
    for name, text in stated.items():
        if isinstance(text, Mapping):
            yield from _flat(text, f"{above}{name}.")
        else:
            yield above + name, text


def stated_op(op: StatedOp) -> OpRule:
    """The rule of a function."""
    notation = op.notation

    def apply(*args: Any, **kwargs: Any) -> Any:
        names = [name for name, _ in notation.numbers]
        numbers = dict(zip(names, args[len(notation.inputs) :], strict=False))
        numbers |= {name: kwargs[name] for name in names if name in kwargs}
        return _Call(op, numbers).result(args, kwargs)

    return OpRule(apply, (op.name,), {}, refuses_nothing=False, lazy=False, raw=True)


class StatedLayer(LayerRule):
    """The rule of a class. What its constructor was given is kept under names that no program can read."""

    __slots__ = ("op",)

    def __init__(self, op: StatedOp) -> None:
        super().__init__(_Nothing, (op.name,), {}, refuses_nothing=False, lazy=False)
        self.op = op
        self._init = Signature(_called_with((name, default) for name, default in op.notation.numbers), skip_first=False)
        self._forward = Signature(
            _called_with((each.name or f"input{place}", None) for place, each in enumerate(op.notation.inputs)), skip_first=False
        )

    @property
    def takes_tensor(self) -> bool:
        return False

    def construct(self, handle: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        for place, (name, _) in enumerate(self.op.notation.numbers):
            if place < len(args) or name in kwargs:
                setattr(handle, f"({name})", args[place] if place < len(args) else kwargs[name])

    def forward(self, handle: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        kept = handle.instance.attrs
        numbers = {name: kept[f"({name})"] for name, _ in self.op.notation.numbers if f"({name})" in kept}
        return _Call(self.op, numbers).result(args, kwargs)


class _Nothing:
    """The class behind a stated layer has no methods that are known."""


def _called_with(parameters: Any) -> Callable[..., Any]:
    """A function with these parameters, for who asks for a signature."""

    def function() -> None: ...

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    found = {
        name: inspect.Parameter(name, kind, default=inspect.Parameter.empty if default is None else default, annotation="Any")
        for name, default in parameters
    }
    given = sorted(found.values(), key=lambda parameter: parameter.default is not parameter.empty)
    function.__signature__ = inspect.Signature(given)  # type: ignore[attr-defined]
    return function


class _Call:
    """One call: the sizes that its names have turned out to stand for."""

    def __init__(self, op: StatedOp, numbers: Mapping[str, Any]) -> None:
        self.op = op
        self.name = op.name.rpartition(".")[2]
        self.sizes: dict[str, Size] = {}
        self.said: dict[str, str] = {}  # the text of the tensor in which a name was seen first; '' for a number
        self.rest: tuple[Size, ...] | None = None  # what `...` stands for
        self.rest_of = ""
        for name, default in op.notation.numbers:
            value = numbers.get(name, default)
            self.sizes[name] = fresh(name) if value is None or isinstance(value, Unknown) else self._number(name, value)
            self.said[name] = ""

    def _number(self, name: str, value: Any) -> Size:
        try:
            return to_size(current().pinned(value))
        except Unsure:
            return fresh(name)

    def result(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """What comes out; Refused (SHP404) where a tensor does not fit."""
        tensors = self._tensors(args, kwargs)
        for tensor, pattern in tensors:
            self._plain(tensor, pattern)
        self._expressions(tensors)
        made = [self._made(output, tensors) for output in self.op.notation.outputs]
        return made[0] if len(made) == 1 else tuple(made)

    def _tensors(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[tuple[Tensor, Pattern]]:
        """The tensors that were given, with their patterns."""
        found = []
        for place, given in enumerate(self.op.notation.inputs):
            missing = place >= len(args) and (not given.name or given.name not in kwargs)
            if given.pattern is None or (missing and given.optional):
                continue
            if missing:
                raise Unsure(f"{self.op.name} is called without its tensor {given.name or place + 1}")
            value = current().pinned(args[place] if place < len(args) else kwargs[given.name])
            if value is None and given.optional:
                continue
            found.append((to_tensor(value, _ranks(given.pattern)), given.pattern))
        return found

    def _plain(self, tensor: Tensor, pattern: Pattern) -> None:
        """The rank, the dtype, and the axes that are a number or a name."""
        axes = _laid(pattern, tensor.rank)
        self._expect(axes is not None, pattern.text, parens(tensor.shape), tensor, tensor.shape)
        assert axes is not None
        if pattern.dtype is not None and tensor.dtype is not None:
            self._expect(tensor.dtype == pattern.dtype, f"{pattern.dtype} ({pattern.text})", tensor.dtype, tensor, tensor.dtype)
        if "..." in pattern.axes:
            taken = tuple(size for axis, size in zip(axes, tensor.shape, strict=True) if axis == "...")
            self._same_rest(taken, tensor, pattern)
        for place, (axis, size) in enumerate(zip(axes, tensor.shape, strict=True)):
            if isinstance(axis, int):
                self._equal(size, axis, f"{axis} on axis {place} of {pattern.text}", tensor, place)
            elif isinstance(axis, str) and axis not in ("_", "..."):
                self._named(axis, size, tensor, pattern, place)

    def _same_rest(self, taken: tuple[Size, ...], tensor: Tensor, pattern: Pattern) -> None:
        if self.rest is None:
            self.rest, self.rest_of = taken, pattern.text
            return
        both = f"{parens(self.rest)} in {self.rest_of} and {parens(taken)} in {pattern.text}"
        self._expect(len(taken) == len(self.rest), "the same ... everywhere", both, tensor, taken)
        for size, other in zip(taken, self.rest, strict=True):
            self._equal(size, other, "the same ... everywhere", tensor, None, both)

    def _named(self, name: str, size: Size, tensor: Tensor, pattern: Pattern, place: int) -> None:
        if name not in self.sizes:
            self.sizes[name] = size
            self.said[name] = pattern.text
            return
        known, first = self.sizes[name], self.said[name]
        if not first:
            self._equal(size, known, f"{name} = {word(known)} on axis {place} of {pattern.text}", tensor, place, blame=name)
        else:
            both = f"{word(known)} in {first} and {word(size)} in {pattern.text}" if first != pattern.text else ""
            self._equal(size, known, f"one {name}", tensor, place, both or f"{word(known)} and {word(size)} in {first}")

    def _expressions(self, tensors: list[tuple[Tensor, Pattern]]) -> None:
        """The axes that are expressions: each says a name, or has to come out as it says."""
        found = [
            (axis, size, tensor, pattern, place)
            for tensor, pattern in tensors
            for place, (axis, size) in enumerate(zip(_laid(pattern, tensor.rank) or (), tensor.shape, strict=True))
            if isinstance(axis, tuple)
        ]
        places = {id(entry[0]): entry for entry in found}
        for axis, name in solving_order([entry[0] for entry in found], self.sizes):
            _, size, tensor, pattern, place = places[id(axis)]
            if name is not None:
                self.sizes[name] = self._solved(axis, name, size, tensor, f"on axis {place} of {pattern.text}")
                self.said[name] = pattern.text
                continue
            for new in names_in(axis):
                self.sizes.setdefault(new, fresh(new))  # of an input that was left out
            self._equal(size, self._value(axis), f"{shown(axis)} on axis {place} of {pattern.text}", tensor, place)

    def _solved(self, size: Expression, name: str, value: Size, tensor: Tensor, where: str) -> Size:
        """What `name` is where `size` is `value`."""
        if not isinstance(size, tuple):
            return value
        operator, left, right = size
        first = name in names_in(left)
        side = self._value(right if first else left)
        inner = left if first else right
        if operator == "*":
            factor = shown(right if first else left)
            said = factor if factor == word(side) else f"{factor} = {word(side)}"
            self._divides(side, value, f"{self.name} is stated to take a multiple of {said} {where}, gets {word(value)}", tensor)
            return self._solved(inner, name, floordiv(value, side), tensor, where)
        turned = value * side if operator == "/" else value - side if operator == "+" else value + side if first else side - value
        return self._solved(inner, name, turned, tensor, where)

    def _value(self, size: Expression) -> Size:
        if isinstance(size, int):
            return size
        if isinstance(size, str):
            return self.sizes[size]
        operator, left, right = size
        a, b = self._value(left), self._value(right)
        if operator == "*":
            return a * b
        if operator in PLUS:
            return a + b if operator == "+" else a - b
        if current().facts.eq(b, 0).yes:
            raise Unsure(f"{self.op.name}: {shown(size)} divides by zero")
        if operator == "/":
            sides = f"{self.name} is stated to divide {shown(left)} by {shown(right)}"
            self._divides(b, a, f"{sides}, which does not come out even: {word(a)} by {word(b)}", None)
        return mod(a, b) if operator == "%" else floordiv(a, b)

    def _made(self, output: Pattern | str | None, tensors: list[tuple[Tensor, Pattern]]) -> Any:
        if output is None:
            return None
        device = tensors[0][0].device if tensors else None
        if isinstance(output, str):
            if not tensors:
                raise Unsure(f"{self.op.name} is called without tensors")
            return Tensor(tensors[0][0].shape, tensors[0][0].dtype, None, None, device=device)
        shape: list[Size] = []
        for axis in output.axes:
            if axis == "...":
                if self.rest is None:
                    raise Unsure(f"{self.op.name}: what '...' stands for was left out")
                shape.extend(self.rest)
                continue
            for name in names_in(axis):
                if name not in self.sizes and name != "_":
                    self.sizes[name] = fresh(name.removeprefix("?"))
            size = fresh("size") if axis == "_" else self._value(axis)
            if axis != "_":
                self._at_least_zero(size, axis)
            shape.append(size)
        return Tensor(shape, output.dtype, None, None, device=device)

    # what does not fit

    def _say(self, wanted: str, actual: str) -> str:
        return f"{self.name} is stated to take {wanted}, gets {actual}"

    def _expect(self, held: bool, wanted: str, words: str, tensor: Tensor, actual: Any) -> None:
        expect(held, CODE, lambda: self._say(wanted, words), expected=wanted, actual=actual, culprit=tensor, raises=False)

    def _equal(
        self, size: Size, other: Size, wanted: str, tensor: Tensor, axis: int | None, actual: str = "", blame: str | None = None
    ) -> None:
        sentence = self._say(wanted, actual or word(size))
        expect_eq(size, other, CODE, sentence, expected=other, actual=size, blame=blame, culprit=tensor, axis=axis, raises=False)

    def _divides(self, divisor: Size, size: Size, sentence: str, tensor: Tensor | None) -> None:
        if current().facts.eq(divisor, 0).yes:
            raise Unsure(f"{self.op.name}: division by zero")
        expect_divides(divisor, size, CODE, sentence, expected=divisor, actual=size, culprit=tensor, raises=False)

    def _at_least_zero(self, size: Size, axis: Expression) -> None:
        sentence = f"{self.name} is stated to give an axis of {shown(axis)}, which is {word(size)} here"
        expect_ge(size, 0, CODE, sentence, actual=size, raises=False)


def _ranks(pattern: Pattern) -> Sequence[int]:
    """The ranks that a free tensor may have here, likeliest first."""
    if "..." not in pattern.axes:
        return (len(pattern.axes),)
    least = len(pattern.axes) - 1
    return [least + more for more in ELLIPSIS]


def _laid(pattern: Pattern, rank: int) -> tuple[Expression, ...] | None:
    """The pattern's axes with `...` as often as the rank wants it; None where the rank does not fit."""
    more = rank - len(pattern.axes)
    if "..." not in pattern.axes:
        return pattern.axes if more == 0 else None
    if more < -1:
        return None
    place = pattern.axes.index("...")
    return (*pattern.axes[:place], *("...",) * (more + 1), *pattern.axes[place + 1 :])
