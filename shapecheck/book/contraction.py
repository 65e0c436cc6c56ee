"""Contractions as torch.einsum writes them: subscripts, ellipses, repeated and implicit subscripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from shapecheck.book.arithmetic import broadcast_size
from shapecheck.book.bind import to_tensor
from shapecheck.book.context import counting, current, multiplied
from shapecheck.book.expect import expect, expect_eq
from shapecheck.book.outcome import refuse
from shapecheck.book.words import word
from shapecheck.sizes import Size
from shapecheck.values import Tensor

DOTS = "..."


def _read(text: str, whose: str, start: int, described: str) -> list[str]:
    """The subscripts of one operand or of the output: letters and at most one ellipsis. `start` is where the text begins."""
    labels: list[str] = []
    place = 0
    while place < len(text):
        letter = text[place]
        if letter == ".":
            expect(DOTS not in labels, "SHP116", f"einsum(): found '.' for {whose} {described} already found")
            missing = "that is not part of any ellipsis" + (" (...)" if whose == "output" else "")
            expect(text[place : place + 3] == DOTS, "SHP116", f"einsum(): found '.' for {whose} {missing}")
            labels.append(DOTS)
            place += 2
        elif letter != " ":
            expect(
                letter.isascii() and letter.isalpha(),
                "SHP116",
                f"einsum(): invalid subscript given at index {start + place} in the equation string, subscripts must be in [a-zA-Z]",
            )
            labels.append(letter)
        place += 1
    return labels


def _inputs(left: str, count: int) -> list[list[str]]:
    """The subscripts of each operand."""
    operands: list[list[str]] = []
    start = 0
    for number, part in enumerate(left.split(",")):
        expect(number < count, "SHP116", "einsum(): fewer operands were provided than specified in the equation")
        operands.append(_read(part, f"operand {number}", start, "for which an ellipsis was"))
        start += len(part) + 1
    expect(len(operands) == count, "SHP116", "einsum(): more operands were provided than specified in the equation")
    return operands


def _output(right: str | None, start: int, operands: list[list[str]]) -> list[str]:
    """The subscripts of the output: those written, or an ellipsis and the letters that occur once, in order of letters."""
    seen = [label for labels in operands for label in labels if label != DOTS]
    if right is None:
        letters = sorted(set(seen), key=lambda letter: (letter.islower(), letter))
        return [DOTS, *(letter for letter in letters if seen.count(letter) == 1)]
    output: list[str] = []
    for label in _read(right, "output", start, "but an ellipsis (...) was"):
        if label != DOTS:
            expect(label not in output, "SHP116", f"einsum(): output subscript {label} appears more than once in the output")
            text = f"einsum(): output subscript {label} does not appear in the equation for any input operand"
            expect(label in seen, "SHP116", text, actual=label)
        output.append(label)
    return output


def _ranks(labels: list[str]) -> tuple[int, ...]:
    """The ranks that an operand with these subscripts may have, likeliest first."""
    count = len(labels)
    return (count, count + 1, count - 1) if DOTS in labels else (count,)


class _Sizes:
    """What each subscript stands for, as the operands tell it one after the other."""

    def __init__(self) -> None:
        self.letters: dict[str, Size] = {}
        self.covered: list[Size] = []  # by ellipses, aligned at the end

    def add(self, number: int, labels: list[str], tensor: Tensor) -> None:
        places: dict[str, int] = {}
        axis = 0
        for label in labels:
            if label == DOTS:
                for back in range(tensor.rank - len(labels) + 1, 0, -1):
                    self._cover(number, axis, back, tensor)
                    axis += 1
                continue
            size = tensor.shape[axis]
            if label in places:
                before = tensor.shape[places[label]]
                text = f"einsum(): subscript {label} is repeated for operand {number} but the sizes don't match, "
                text += f"{word(size)} != {word(before)}"
                expect_eq(size, before, "SHP116", text, expected=before, actual=size, axis=axis, culprit=tensor)
            else:
                places[label] = axis
                self._meet(number, label, axis, tensor)
            axis += 1

    def _meet(self, number: int, label: str, axis: int, tensor: Tensor) -> None:
        size = tensor.shape[axis]
        before = self.letters.get(label, 1)
        joined = broadcast_size(before, size)
        if joined is None:
            refuse(
                "SHP116",
                f"einsum(): subscript {label} has size {word(size)} for operand {number} "
                f"which does not broadcast with previously seen size {word(before)}",
                message=f"{label} is {word(before)} in one operand and {word(size)} in operand {number}",
                expected=before,
                actual=size,
                axis=axis,
                culprit=tensor,
            )
        self.letters[label] = joined

    def _cover(self, number: int, axis: int, back: int, tensor: Tensor) -> None:
        size = tensor.shape[axis]
        before = self.covered[-back]
        joined = broadcast_size(before, size)
        if joined is None:
            refuse(
                "SHP116",
                f"einsum(): dimension {axis} covered by ellipsis in operand {number}has size {word(size)} "
                f"which does not broadcast with previously seen ellipsis with size {word(before)} for the respective dimension",
                expected=before,
                actual=size,
                axis=axis,
                culprit=tensor,
            )
        self.covered[-back] = joined


def _extents(labels: list[str], tensor: Tensor) -> dict[Any, Size]:
    """The subscripts of an operand, the axes under its ellipsis counted from the end, with their sizes; those of size 1 take no part."""
    names: list[Any] = []
    for label in labels:
        names.extend(range(tensor.rank - len(labels) + 1, 0, -1) if label == DOTS else (label,))
    found = dict(zip(names, tensor.shape, strict=True))
    return {name: size for name, size in found.items() if not (isinstance(size, int) and size == 1)}


def _multiply(operands: list[dict[Any, Size]], kept: set[Any]) -> None:
    """The products of matrices that torch makes of a contraction: two operands at a time, from the left (sumproduct_pair)."""
    counts = Counter(name for operand in operands for name in operand)
    while len(operands) > 1:
        a, b, *operands = operands
        summed = set()
        for name in sorted((a.keys() | b.keys()) - kept, key=str):
            if name in a and name in b:
                counts[name] -= 1
                if counts[name] == 1:
                    summed.add(name)
            elif counts[name] == 1:  # nobody else has it: it is summed beforehand
                a.pop(name, None)
                b.pop(name, None)
        together = {**a, **b}
        if summed:
            multiplied(*together.values())
        operands.append({name: size for name, size in together.items() if name not in summed})


def contract(equation: str, operands: list[Any]) -> Tensor:
    """The result of an einsum; the checks in the order of aten/src/ATen/native/Linear.cpp."""
    arrow = equation.find("->")
    left, right = (equation, None) if arrow < 0 else (equation[:arrow], equation[arrow + 2 :])
    subscripts = _inputs(left, len(operands))
    tensors = [to_tensor(value, _ranks(labels)) for value, labels in zip(operands, subscripts, strict=True)]
    sizes = _Sizes()
    widest = 0
    for number, (labels, tensor) in enumerate(zip(subscripts, tensors, strict=True)):
        letters = len(labels) - labels.count(DOTS)
        if DOTS in labels:
            fits, words, end = letters <= tensor.rank, "is more than", ""
            widest = max(widest, tensor.rank - letters)
        else:
            fits, words, end = letters == tensor.rank, "does not match", " and no ellipsis was given"
        expect(
            fits,
            "SHP116",
            f"einsum(): the number of subscripts in the equation ({letters}) {words} the number of dimensions ({tensor.rank}) "
            f"for operand {number}{end}",
            message=f"operand {number} has {tensor.rank} axes, the equation names {letters}",
            expected=letters,
            actual=tensor.rank,
            culprit=tensor,
        )
    output = _output(right, arrow + 2, subscripts)
    sizes.covered = [1] * widest
    for number, (labels, tensor) in enumerate(zip(subscripts, tensors, strict=True)):
        sizes.add(number, labels, tensor)
    shape: list[Size] = []
    for label in output:
        shape.extend(sizes.covered if label == DOTS else (sizes.letters[label],))
    if counting():
        kept = set(output) | (set(range(1, widest + 1)) if DOTS in output else set())
        _multiply([_extents(labels, tensor) for labels, tensor in zip(subscripts, tensors, strict=True)], kept)
    summed = any(label not in output for labels in subscripts for label in labels)
    shape = [current().facts.simplify(size) if not isinstance(size, int) else size for size in shape]
    return Tensor(shape, _dtype(tensors, summed), layout=None, device=tensors[0].device)


def _dtype(tensors: Sequence[Tensor], summed: bool) -> str | None:
    """The dtype of a sum of products. A sum of whole numbers is int64, a product of matrices of them is what they are."""
    dtypes = {tensor.dtype for tensor in tensors}
    dtype = dtypes.pop() if len(dtypes) == 1 else None
    if dtype is None or not summed or dtype.startswith(("float", "bfloat", "complex")):
        return dtype
    return "int64" if len(tensors) == 1 or dtype == "int64" else None
