"""The pattern language of einops: reading a pattern, and what it does to a tensor.

A recipe is made for a pattern, an operation, the names whose lengths are given and a number of axes (einops/einops.py,
_prepare_transformation_recipe); applying it to a tensor checks the sizes in einops' order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from shapecheck.book.context import current
from shapecheck.book.expect import expect_divides, expect_eq
from shapecheck.book.strides import NoView, layout_of, view_strides
from shapecheck.book.words import word
from shapecheck.sizes import Size, true_product
from shapecheck.values import CONTIGUOUS, Tensor

ELLIPSIS = "…"
REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")
Fail = Callable[[str], str]  # from what is wrong to the whole sentence that einops raises


class PatternError(Exception):
    """An EinopsError about the pattern itself."""


class Anonymous:
    """An axis that is written as a number."""

    def __init__(self, value: int) -> None:
        self.value = value
        if value <= 1:
            raise PatternError(f"Anonymous axis should have positive length, not {value}")

    def __repr__(self) -> str:
        return str(self.value)


Axis = Any  # a name, or an Anonymous
Group = Any  # a list of axes, or ELLIPSIS


class PatternSide:
    """One side of an arrow: its axes, each a group of elementary axes."""

    def __init__(self, text: str, allow_underscore: bool = False, allow_duplicates: bool = False) -> None:
        self.has_ellipsis = "." in text
        self.ellipsis_grouped = False
        self.names: dict[Axis, None] = {}  # in order of appearance
        self.has_numbers = False
        self.groups: list[Group] = []
        self._allow = (allow_underscore, allow_duplicates)
        if self.has_ellipsis:
            if "..." not in text:
                raise PatternError("Expression may contain dots only inside ellipsis (...)")
            if text.count("...") != 1 or text.count(".") != 3:
                raise PatternError("Expression may contain dots only inside ellipsis (...); only one ellipsis for tensor ")
            text = text.replace("...", ELLIPSIS)
        self._read(text)

    def _read(self, text: str) -> None:
        group: list[Axis] | None = None
        name = ""
        for letter in text:
            if letter in "() ":
                if name:
                    self._add(name, group)
                name = ""
                if letter == "(":
                    if group is not None:
                        raise PatternError("Axis composition is one-level (brackets inside brackets not allowed)")
                    group = []
                elif letter == ")":
                    if group is None:
                        raise PatternError("Brackets are not balanced")
                    self.groups.append(group)
                    group = None
            elif letter.isalnum() or letter in ("_", ELLIPSIS):
                name += letter
            else:
                raise PatternError(f"Unknown character '{letter}'")
        if group is not None:
            raise PatternError(f'Imbalanced parentheses in expression: "{text}"')
        if name:
            self._add(name, None)

    def _add(self, name: str, group: list[Axis] | None) -> None:
        allow_underscore, allow_duplicates = self._allow
        if name in self.names and not (allow_underscore and name == "_") and not allow_duplicates:
            raise PatternError(f'Indexing expression contains duplicate dimension "{name}"')
        if name == ELLIPSIS:
            self.names[name] = None
            self.ellipsis_grouped = group is not None
            (self.groups if group is None else group).append(name)
            return
        number = name.isdecimal()
        if number and int(name) == 1:
            if group is None:
                self.groups.append([])
            return
        reason = "" if number else name_problem(name, allow_underscore)
        if reason:
            raise PatternError(f"Invalid axis identifier: {name}\n{reason}")
        axis: Axis = Anonymous(int(name)) if number else name
        self.names[axis] = None
        self.has_numbers = self.has_numbers or number
        if group is None:
            self.groups.append([axis])
        else:
            group.append(axis)


def name_problem(name: str, allow_underscore: bool = False) -> str:
    """Why a name cannot be an axis', or nothing."""
    if not name.isidentifier():
        return "not a valid python identifier"
    if (name[0] == "_" or name[-1] == "_") and not (name == "_" and allow_underscore):
        return "axis name should should not start or end with underscore"
    return ""


def _set(axes: Iterable[Axis]) -> str:
    """Several axes as Python prints a set."""
    return "{" + ", ".join(repr(axis) for axis in axes) + "}"


class Recipe:
    """A pattern for tensors of one rank: the groups of both sides with the ellipsis spelled out."""

    def __init__(self, left: PatternSide, right: PatternSide, names: tuple[str, ...], rank: int) -> None:
        self.left, self.right = self._spell_out(left, right, rank)
        axes = [axis for group in self.left for axis in group]
        every = axes + [axis for axis in right.names if axis not in left.names and axis != ELLIPSIS]
        for name in names:
            if name_problem(name):
                raise PatternError(f"('Invalid name for an axis', '{name}')")
            if name not in every:
                raise PatternError(f"Axis {name} is not used in transform")
        self.given = {axis: axis.value for axis in every if isinstance(axis, Anonymous)}
        for group in self.left:
            unknown = [axis for axis in group if axis not in self.given and axis not in names]
            if len(unknown) > 1:
                raise PatternError(f"Could not infer sizes for {_set(unknown)}")
        kept = [axis for group in self.right for axis in group]
        self.axes = axes
        self.order = [axis for axis in kept if axis in axes]
        self.reduced = [axis for axis in axes if axis not in kept]
        self.added = [axis for axis in kept if axis not in axes]
        self.kept = kept

    @staticmethod
    def _spell_out(left: PatternSide, right: PatternSide, rank: int) -> tuple[list[list[Axis]], list[list[Axis]]]:
        others = len(left.groups) - left.has_ellipsis
        if left.has_ellipsis:
            if rank < others:
                raise PatternError(f"Wrong shape: expected >={others} dims. Received {rank}-dim tensor.")
        elif rank != others:
            raise PatternError(f"Wrong shape: expected {others} dims. Received {rank}-dim tensor.")
        covered = [f"{ELLIPSIS}{place}" for place in range(rank - others)]

        def spell(groups: list[Group]) -> list[list[Axis]]:
            result: list[list[Axis]] = []
            for group in groups:
                if group == ELLIPSIS:
                    result.extend([name] for name in covered)
                else:
                    result.append([name for axis in group for name in (covered if axis == ELLIPSIS else [axis])])
            return result

        return spell(left.groups), spell(right.groups)


@lru_cache(256)
def pattern_sides(pattern: str, operation: str, names: tuple[str, ...]) -> tuple[PatternSide, PatternSide]:
    """Both sides of a pattern, checked for an operation: 'rearrange', 'repeat' or the name of a reduction."""
    left_text, right_text = pattern.split("->")
    left, right = PatternSide(left_text), PatternSide(right_text)
    if not left.has_ellipsis and right.has_ellipsis:
        raise PatternError(f"Ellipsis found in right side, but not left side of a pattern {pattern}")
    if left.has_ellipsis and left.ellipsis_grouped:
        raise PatternError(f"Ellipsis inside parenthesis in the left side is not allowed: {pattern}")
    only_left = [axis for axis in left.names if axis not in right.names]
    only_right = [axis for axis in right.names if axis not in left.names]
    if operation == "rearrange":
        if left.has_numbers or right.has_numbers:
            raise PatternError("Non-unitary anonymous axes are not supported in rearrange (exception is length 1)")
        if only_left or only_right:
            raise PatternError(f"Identifiers only on one side of expression (should be on both): {_set([*only_left, *only_right])}")
    elif operation == "repeat":
        if only_left:
            raise PatternError(f"Unexpected identifiers on the left side of repeat: {_set(only_left)}")
        missing = [axis for axis in only_right if not isinstance(axis, Anonymous) and axis not in names]
        if missing:
            raise PatternError(f"Specify sizes for new axes in repeat: {_set(missing)}")
    elif operation in REDUCTIONS or operation == "callable":
        if only_right:
            raise PatternError(f"Unexpected identifiers on the right side of reduce {operation}: {_set(only_right)}")
    else:
        raise PatternError(f"Unknown reduction {operation}. Expect one of {REDUCTIONS}.")
    return left, right


@lru_cache(512)
def pattern_recipe(pattern: str, operation: str, names: tuple[str, ...], rank: int) -> Recipe:
    """The recipe for tensors of one rank; raises PatternError."""
    return Recipe(*pattern_sides(pattern, operation, names), names, rank)


def apply_recipe(recipe: Recipe, tensor: Tensor, lengths: Mapping[str, Size], dtype: str | None, fail: Fail) -> Tensor:
    """What the recipe makes of a tensor."""
    facts = current().facts
    sizes: dict[Axis, Size] = {**recipe.given, **lengths}
    for place, (size, group) in enumerate(zip(tensor.shape, recipe.left, strict=True)):
        unknown = [axis for axis in group if axis not in sizes]
        if unknown and len(group) == 1:
            sizes[unknown[0]] = size
            continue
        product = true_product(sizes[axis] for axis in group if axis not in unknown)

        def details(text: str, product: Size = product, size: Size = size, place: int = place) -> dict[str, Any]:
            found = {"expected": product, "actual": size, "axis": place, "error": "EinopsError", "message": text}
            return found | {"sentence": lambda: fail(text)}

        if not unknown:
            expect_eq(size, product, "SHP116", **details(f"Shape mismatch, {word(size)} != {word(product)}"))
            continue
        text = f"Shape mismatch, can't divide axis of length {word(size)} in chunks of {word(product)}"
        expect_divides(product, size, "SHP116", **details(text))
        if not isinstance(product, int):  # a chunk of no or fewer elements cannot be reshaped to
            current().learn(current().facts.assume_le(1, product) or current().facts)
        facts = current().facts
        sizes[unknown[0]] = facts.simplify(size // product)
    shape = tuple(facts.simplify(true_product(sizes[axis] for axis in group)) for group in recipe.right)
    return Tensor(shape, dtype, layout=_layout(recipe, tensor, sizes, shape), offset=None, device=tensor.device)


def _layout(recipe: Recipe, tensor: Tensor, sizes: Mapping[Axis, Size], shape: tuple[Size, ...]) -> Any:
    """The strides of the result: reshape, transpose, reduce, repeat, reshape, as einops does it; None when not known."""
    if recipe.reduced:  # reductions allocate row-major results
        return CONTIGUOUS if not recipe.added else None
    strides = tensor.strides
    fine = tuple(sizes[axis] for axis in recipe.axes)
    if strides is not None and fine != tensor.shape:
        strides = _reshaped(tensor.shape, strides, fine)
    if strides is None:
        return None
    by_axis = dict(zip(recipe.axes, strides, strict=True))
    moved = tuple(by_axis.get(axis, 0) for axis in recipe.kept)
    wide = tuple(sizes[axis] for axis in recipe.kept)
    found = moved if wide == shape else _reshaped(wide, moved, shape)
    return layout_of(shape, found)


def _reshaped(shape: tuple[Size, ...], strides: tuple[Size, ...], target: tuple[Size, ...]) -> tuple[Size, ...] | None:
    """Strides after a reshape, which copies where no view is possible; None when not known."""
    try:
        return view_strides(shape, strides, target)
    except NoView:
        return Tensor(target).strides
