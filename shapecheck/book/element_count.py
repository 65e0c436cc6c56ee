"""Shapes with equally many elements: what view, reshape and unflatten ask, and what a size of -1 stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapecheck.book.context import current
from shapecheck.book.expect import expect, expect_divides, expect_eq
from shapecheck.book.outcome import refuse
from shapecheck.book.words import brackets, word
from shapecheck.sizes import FloorDiv, Poly, Size, Symbol, exact_div, floordiv, of_atom, true_product


def _left_over(shape: Sequence[Size], target: Sequence[Size]) -> tuple[list[Size], list[Size]]:
    """The sizes of each side that do not stand on the other one too."""
    simplify = current().facts.simplify
    left = [simplify(size) for size in shape]
    right: list[Size] = []
    for size in map(simplify, target):
        if size in left and size != 0:
            left.remove(size)
        else:
            right.append(size)
    return left, right


def _cancelled(shape: Sequence[Size], target: Sequence[Size]) -> tuple[Size, Size]:
    """The two numbers of elements without the sizes that stand on both sides, so that what has to hold is as plain as can be."""
    left, right = _left_over(shape, target)
    return current().facts.simplify(true_product(left)), current().facts.simplify(true_product(right))


def _at_most(run: Poly, size: Size) -> bool:
    """run <= size, and that 8*(H//8) <= H whatever stands for the 8."""
    facts = current().facts
    if facts.le(run, size).yes:
        return True
    quotients = [atom for monomial in run.terms for atom in monomial if isinstance(atom, FloorDiv)]
    return any(atom.num == size and run == atom.den * of_atom(atom) and facts.ge(atom.den, 1).yes for atom in quotients)


def _by_parts(left: Sequence[Size], right: Sequence[Size]) -> list[tuple[Size, Size]] | None:
    """Runs of `right` of which each is at most one size of `left`: where the products are equal, so is each pair.

    (H, W) and (H//8, 8, W//8, 8): 8 divides H, and 8 divides W.
    """
    if not left:
        return [] if all(current().facts.eq(size, 1).yes for size in right) else None
    run: Size = 1
    for count, size in enumerate(right, 1):
        run = run * size
        if not isinstance(run, int) and _at_most(run, left[0]):
            rest = _by_parts(left[1:], right[count:])
            if rest is not None:
                return [(left[0], run), *rest]
    return None


def expect_as_many(shape: Sequence[Size], target: Sequence[Size], code: str, sentence: Any, **details: Any) -> None:
    """Two shapes have equally many elements."""
    left, right = _left_over(shape, target)
    if len(left) > 1 and len(right) > len(left):
        for have, wanted in _by_parts(left, right) or ():
            expect_eq(wanted, have, code, sentence, **details)
    expect_eq(*_cancelled(shape, target), code, sentence, **details)


def quotient(shape: Sequence[Size], rest: Sequence[Size], code: str, sentence: Any, **details: Any) -> Size:
    """The size of the one axis that is left when the others of a new shape are given; they have to divide the number of elements."""
    have, wanted = _cancelled(shape, rest)
    size = exact_div(have, wanted)
    if size is not None:
        return size
    expect_divides(wanted, have, code, sentence, **details)
    simplify = current().facts.simplify
    return simplify(floordiv(simplify(have), simplify(wanted)))


def _is_name(size: Poly) -> bool:
    return (
        size.constant == 0
        and len(size.terms) == 1
        and all(len(monomial) == 1 and isinstance(monomial[0], Symbol) for monomial in size.terms)
    )


def learn_positive(target: Sequence[Size], count: Size) -> None:
    """Sizes of a new shape that are names are 1 or more where the tensor has elements, since what follows runs only then."""
    context = current()
    if not context.facts.ge(count, 1).yes:
        return
    for size in target:
        if isinstance(size, Poly) and _is_name(size) and context.facts.ge(size, 1).maybe:
            known = context.facts.assume_le(1, size)
            if known is not None:
                context.learn(known)


def inferred_shape(shape: Sequence[Size], target: tuple[Size, ...], what: str) -> tuple[Size, ...]:
    """The target with its -1 replaced; refused where the numbers of elements differ (aten/src/ATen/InferSize.h)."""
    gap: int | None = None
    for place, size in enumerate(target):
        if isinstance(size, int) and size == -1:
            expect(gap is None, "SHP104", "only one dimension can be inferred", message=f"{what} with two sizes of -1")
            gap = place
        elif isinstance(size, int) and size < 0:
            refuse("SHP118", f"invalid shape dimension {size} at index {place} of shape {brackets(target)}", actual=size)

    def sentence() -> str:
        return f"shape '{brackets(target)}' is invalid for input of size {word(true_product(shape))}"

    learn_positive(target, true_product(shape))
    if gap is None:
        expect_as_many(
            shape,
            target,
            "SHP104",
            sentence,
            message=lambda: f"{what} to {brackets(target)} wants {word(true_product(target))} elements, gets {word(true_product(shape))}",
            expected=true_product(target),
            actual=true_product(shape),
        )
        return target
    rest = target[:gap] + target[gap + 1 :]
    if any(current().facts.eq(size, 0).yes for size in rest):
        empty = any(current().facts.eq(size, 0).yes for size in shape)
        ambiguous = (
            f"cannot reshape tensor of 0 elements into shape {brackets(target)} because the unspecified dimension size -1 "
            "can be any value and is ambiguous"
        )
        refuse("SHP104", ambiguous if empty else sentence())
    size = quotient(
        shape,
        rest,
        "SHP104",
        sentence,
        message=lambda: f"{what} to {brackets(target)}: {word(true_product(shape))} elements do not divide by {word(true_product(rest))}",
        expected=true_product(rest),
        actual=true_product(shape),
    )
    return (*target[:gap], size, *target[gap + 1 :])
