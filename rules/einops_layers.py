"""Layers of einops: Rearrange, Reduce, EinMix."""

from __future__ import annotations

from shapecheck.book import (
    FLOATS,
    Any,
    DictValue,
    PatternError,
    PatternSide,
    Size,
    Tensor,
    Unsure,
    apply_recipe,
    contract,
    current,
    expand_to,
    expect,
    fresh,
    layer,
    pattern_recipe,
    refuse,
    to_size,
    to_tensor,
    word,
)

ELLIPSIS = "…"


def _lengths(given: dict[str, Any]) -> dict[str, Size]:
    """The lengths that were given by name; a new size where one is not known."""
    sizes: dict[str, Size] = {}
    for axis, value in given.items():
        try:
            sizes[axis] = to_size(current().pinned(value))
        except Unsure:
            sizes[axis] = fresh(axis, low=1)
    return sizes


def _known(pattern: Any) -> str:
    pattern = current().pinned(pattern)
    if not isinstance(pattern, str):
        raise Unsure("a pattern that is not known")
    halves = pattern.split("->")
    few = "not enough values to unpack (expected 2, got 1)"
    expect(len(halves) > 1, "SHP202", few, error="ValueError", message="the pattern has no ->")
    expect(len(halves) < 3, "SHP202", "too many values to unpack (expected 2)", error="ValueError")
    return pattern


def _ranks(pattern: str) -> tuple[int, ...]:
    """The ranks for which such a layer has a recipe."""
    side = PatternSide(pattern.split("->")[0])
    return tuple(len(side.groups) - 1 + more for more in (1, 2, 3, 0, 4, 5, 6, 7)) if side.has_ellipsis else (len(side.groups),)


def _prepare(pattern: str, operation: str, sizes: dict[str, Size], shown: str) -> None:
    """Refuse what the constructors of Rearrange and Reduce refuse."""
    try:
        for rank in _ranks(pattern):
            pattern_recipe(pattern, operation, tuple(sizes), rank)
    except PatternError as error:
        text = f" Error while preparing {shown}\n {error}"
        refuse("SHP202", text, error="EinopsError", message=f"{pattern!r}: {error}", blame="pattern")


def _apply(pattern: Any, operation: str, sizes: Any, input: Any) -> Tensor:
    """One call of Rearrange or Reduce."""
    if not isinstance(pattern, str) or not isinstance(sizes, DictValue):
        raise Unsure("a pattern that is not known")
    ranks = _ranks(pattern)
    tensor = to_tensor(current().pinned(input), ranks)
    message = f"{pattern!r} wants {ranks[0]} axes, gets {tensor.rank}"
    expect(tensor.rank in ranks, "SHP107", str(tensor.rank), error="KeyError", message=message, expected=ranks[0], actual=tensor.rank)
    recipe = pattern_recipe(pattern, operation, tuple(sizes.items), tensor.rank)
    dtype = tensor.dtype
    if recipe.reduced and operation in ("sum", "prod") and dtype is not None and dtype not in FLOATS:
        dtype = None if dtype.startswith("complex") else "int64"
    return apply_recipe(recipe, tensor, sizes.items, dtype, lambda problem: problem)


def _shown(name: str, pattern: str, sizes: dict[str, Size]) -> str:
    return f"{name}({pattern!r}{''.join(f', {axis}={word(size)}' for axis, size in sizes.items())})"


@layer("einops.layers.torch.Rearrange")
class Rearrange:
    """Splits, moves and joins axes by a pattern.

    >>> einops.layers.torch.Rearrange("b (h p) c -> b h (p c)", p=2)(T(3, 8, 5))
    (3, 4, 10)
    >>> einops.layers.torch.Rearrange("b (h p) c -> b h (p c)", p=2)(T(3, 7, 5))
    ! SHP116 Shape mismatch, can't divide axis of length 7 in chunks of 2
    >>> einops.layers.torch.Rearrange("b c h w -> b (c h w)")(T(2, 3, 4))
    ! SHP107 3
    """

    def __init__(self, pattern: Any, **axes_lengths: Any) -> None:
        sizes = _lengths(axes_lengths)
        self.axes_lengths = DictValue(dict(sizes))
        self.pattern = _known(pattern)
        _prepare(self.pattern, "rearrange", sizes, _shown("Rearrange", self.pattern, sizes))

    def forward(self, input: Any) -> Tensor:
        return _apply(self.pattern, "rearrange", self.axes_lengths, input)


@layer("einops.layers.torch.Reduce")
class Reduce:
    """Reduces the axes that the right side does not name.

    >>> einops.layers.torch.Reduce("b c (h 2) (w 2) -> b c h w", "max")(T(2, 3, 4, 6))
    (2, 3, 2, 3)
    >>> einops.layers.torch.Reduce("b c (h 2) (w 2) -> b c h w", "max")(T(2, 3, 4, 5))
    ! SHP116 Shape mismatch, can't divide axis of length 5 in chunks of 2
    """

    def __init__(self, pattern: Any, reduction: Any, **axes_lengths: Any) -> None:
        sizes = _lengths(axes_lengths)
        self.axes_lengths = DictValue(dict(sizes))
        self.pattern = _known(pattern)
        name = reduction if isinstance(reduction, str) else "callable"
        shown = _shown("Reduce", self.pattern, {}).replace(")", f", {reduction!r}{_shown('', '', sizes)[3:]}")
        _prepare(self.pattern, name, sizes, shown)

    def forward(self, input: Any) -> Tensor:
        kind: Any = self.reduction  # type: ignore[attr-defined]
        return _apply(self.pattern, kind if isinstance(kind, str) else "callable", self.axes_lengths, input)


def _refuse_mix(condition: bool, text: str) -> None:
    expect(condition, "SHP202", text, error="EinopsError")


def _names(side: PatternSide) -> list[str]:
    """The elementary axes of a side, in order, the ellipsis among them."""
    return [axis for group in side.groups for axis in (group if isinstance(group, list) else [group])]


def _spaced(names: list[str]) -> str:
    return " ".join("..." if name == ELLIPSIS else name for name in names)


@layer("einops.layers.torch.EinMix")
class EinMix:
    """A linear map along named axes: einsum of the input with a weight, between two rearrangements.

    >>> einops.layers.torch.EinMix("b t c -> b t out", weight_shape="c out", bias_shape="out", c=5, out=7)(T(2, 3, 5))
    (2, 3, 7)
    >>> einops.layers.torch.EinMix("b t c -> b t out", weight_shape="c out", c=5)
    ! SHP202 Dimension out of weight should be specified
    >>> einops.layers.torch.EinMix("b t c -> b t out", weight_shape="c out", c=5, out=7)(T(2, 3, 6))
    ! SHP116 einsum(): subscript b has size 5 for operand 1 which does not broadcast with previously seen size 6
    """

    bias: Any

    def __init__(self, pattern: Any, weight_shape: Any, bias_shape: Any = None, **axes_lengths: Any) -> None:
        sizes = _lengths(axes_lengths)
        self.axes_lengths = DictValue(dict(sizes))
        self.pattern = pattern = _known(pattern)
        if not isinstance(weight_shape, str) or not (bias_shape is None or isinstance(bias_shape, str)):
            raise Unsure("a pattern that is not known")
        try:
            left, right = (PatternSide(half) for half in pattern.split("->"))
            weight = PatternSide(weight_shape)
            bias = None if bias_shape is None else PatternSide(bias_shape)
        except PatternError as error:
            refuse("SHP202", str(error), error="EinopsError")
        _check_sides(pattern, left, right, weight, weight_shape)
        _check_names(left, right, weight, sizes)
        self.weight = Tensor([sizes[name] for name in _names(weight)], "float32", role="parameter")
        self.bias = None if bias is None else Tensor(_bias(right, bias, sizes), "float32", role="parameter")

    def forward(self, input: Any) -> Tensor:
        if not isinstance(self.pattern, str) or not isinstance(self.weight, Tensor):
            raise Unsure("a pattern that is not known")
        layer: Any = self
        left, right = (PatternSide(half) for half in self.pattern.split("->"))
        weight = PatternSide(layer.weight_shape)
        ranks = _ranks(self.pattern)
        tensor = to_tensor(current().pinned(input), ranks)
        names, kept = _names(left), _names(right)
        if any(group == ELLIPSIS or len(group) != 1 for group in left.groups):
            sizes = {name: size for name, size in self.axes_lengths.items.items() if name in names}
            before = f"{self.pattern.split('->')[0]}-> {_spaced(names)}"
            tensor = _apply(before, "rearrange", DictValue(sizes), tensor)
        every = sorted({*names, *kept, *_names(weight)} - {ELLIPSIS})
        letters = {name: chr(ord("a") + place) for place, name in enumerate(every)} | {ELLIPSIS: "..."}

        def compact(axes: list[str]) -> str:
            return "".join(letters[name] for name in axes)

        result = contract(f"{compact(names)},{compact(_names(weight))}->{compact(kept)}", [tensor, self.weight])
        if isinstance(self.bias, Tensor) and expand_to(self.bias.shape, result.shape).no:
            raise Unsure("a bias that does not fit")
        if any(group == ELLIPSIS or len(group) != 1 for group in right.groups) or right.ellipsis_grouped:
            result = _apply(f"{_spaced(kept)} ->{self.pattern.split('->')[1]}", "rearrange", DictValue({}), result)
        return result


def _check_sides(pattern: str, left: PatternSide, right: PatternSide, weight: PatternSide, weight_shape: str) -> None:
    strange = [name for name in right.names if name not in left.names and name not in weight.names]
    _refuse_mix(not strange, f"Unrecognized identifiers on the right side of EinMix {_set(strange)}")
    _refuse_mix(not weight.has_ellipsis, "Ellipsis is not supported in weight, as its shape should be fully specified")
    _refuse_mix(left.has_ellipsis == right.has_ellipsis, f"Ellipsis in EinMix should be on both sides, {pattern}")
    _refuse_mix(not left.ellipsis_grouped, f"Ellipsis on left side can't be in parenthesis, got {pattern}")
    numbers = left.has_numbers or right.has_numbers or weight.has_numbers
    _refuse_mix(not numbers, "Anonymous axes (numbers) are not allowed in EinMix")
    _refuse_mix("(" not in weight_shape and ")" not in weight_shape, f"Parenthesis is not allowed in weight shape: {weight_shape}")


def _check_names(left: PatternSide, right: PatternSide, weight: PatternSide, sizes: dict[str, Size]) -> None:
    for name in weight.names:
        _refuse_mix(name in sizes, f"Dimension {name} of weight should be specified")
    unused = [name for name in sizes if name not in left.names and name not in weight.names]
    _refuse_mix(not unused, f"Axes {_set(unused)} are not used in pattern")
    idle = [name for name in weight.names if name not in left.names and name not in right.names]
    _refuse_mix(not idle, f"Weight axes {_set(idle)} are redundant")


def _bias(right: PatternSide, bias: PatternSide, sizes: dict[str, Size]) -> list[Size]:
    """The shape of the bias, aligned with the elementary axes of the output behind an ellipsis."""
    strange = [name for name in bias.names if name not in right.names]
    _refuse_mix(not strange, f"Bias axes {_set(strange)} not present in output")
    missing = [name for name in bias.names if name not in sizes]
    _refuse_mix(not missing, f"Sizes not provided for bias axes {_set(missing)}")
    shape: list[Size] = []
    used = False
    for name in _names(right):
        if name == ELLIPSIS:
            _refuse_mix(not used, "all bias dimensions should go after ellipsis in the output")
            continue
        shape.append(sizes[name] if name in bias.names else 1)
        used = used or name in bias.names
    return shape


def _set(names: list[str]) -> str:
    return "{" + ", ".join(repr(name) for name in names) + "}"
