"""einops: rearrange, reduce, repeat, einsum, parse_shape, pack, unpack."""

from __future__ import annotations

from shapecheck.book import (
    FLOATS,
    Any,
    DictValue,
    Free,
    ListValue,
    PatternError,
    PatternSide,
    Repeated,
    Shape,
    Size,
    Tensor,
    Tensors,
    Unknown,
    Unsure,
    apply_recipe,
    brackets,
    contract,
    current,
    expect,
    expect_eq,
    fresh,
    name_problem,
    op,
    pattern_recipe,
    promote,
    refuse,
    to_sequence,
    to_size,
    to_tensor,
    torch_size,
    true_product,
    word,
)

TOO_FEW = "`einops.einsum` takes at minimum two arguments: the tensors (at least one), followed by the pattern."
NO_PATTERN = "The last argument passed to `einops.einsum` must be a string, representing the einsum pattern."


def _operand(value: Any, groups: int, ellipsis: bool) -> Tensor:
    """The tensor that a pattern is applied to; a list of tensors is stacked in front."""
    value = current().pinned(value)
    if isinstance(value, tuple) and not isinstance(value, Free):
        text = "Tensor type unknown to einops <class 'tuple'>"
        refuse("SHP118", text, message="einops takes a list of tensors, not a tuple")
    if not isinstance(value, ListValue):
        return to_tensor(value, (groups, groups + 1, groups - 1) if ellipsis else (groups,))
    if isinstance(value.items, Repeated):
        count = value.items.count
        element = to_tensor(current().pinned(value.items.element), (groups - 1,))
        return Tensor((fresh("count", low=1) if isinstance(count, Unknown) else to_size(count), *element.shape), element.dtype)
    text = "Rearrange/Reduce/Repeat can't be applied to an empty list"
    expect(len(value.items) > 0, "SHP118", text, error="TypeError")
    tensors = [to_tensor(current().pinned(item), (groups - 1,)) for item in value.items]
    first = tensors[0]
    for place, tensor in enumerate(tensors):
        entries = f"{brackets(first.shape)} at entry 0 and {brackets(tensor.shape)} at entry {place}"
        text = f"stack expects each tensor to be equal size, but got {entries}"
        expect(tensor.rank == first.rank, "SHP106", text, culprit=tensor)
        for a, b in zip(first.shape, tensor.shape, strict=True):
            expect_eq(a, b, "SHP106", text, culprit=tensor)
    return Tensor((len(tensors), *first.shape), promote(tensors))


def _length(axis: str, value: Any) -> Size:
    """A length that was given by name; a new size where it is not known."""
    try:
        return to_size(current().pinned(value))
    except Unsure:
        return fresh(axis, low=1)


def _transform(tensor: Any, pattern: Any, operation: Any, given: dict[str, Any]) -> Tensor:
    """Rearranges, repeats or reduces; einops.einops.reduce."""
    pattern = current().pinned(pattern)
    if not isinstance(pattern, str):
        raise Unsure("a pattern that is not known")
    halves = pattern.split("->")
    few = "not enough values to unpack (expected 2, got 1)"
    expect(len(halves) > 1, "SHP116", few, error="ValueError", message="the pattern has no ->")
    many = "too many values to unpack (expected 2)"
    expect(len(halves) < 3, "SHP116", many, error="ValueError", message="the pattern has more than one ->")
    name = operation if isinstance(operation, str) else "callable"
    if isinstance(operation, Unknown):
        raise Unsure(operation.why)
    operand = _operand(tensor, *_expected(halves[0]))
    lengths = {axis: _length(axis, value) for axis, value in given.items()}

    def fail(problem: str) -> str:
        shown = ", ".join(f"'{axis}': {word(size)}" for axis, size in lengths.items())
        return (
            f' Error while processing {operation}-reduction pattern "{pattern}".\n'
            f" Input tensor shape: {torch_size(operand.shape)}. Additional info: {{{shown}}}.\n {problem}"
        )

    try:
        found = pattern_recipe(pattern, name, tuple(lengths), operand.rank)
    except PatternError as error:
        refuse("SHP116", fail(str(error)), error="EinopsError", message=f"{pattern!r}: {error}", culprit=operand)
    return apply_recipe(found, operand, lengths, _dtype(operand.dtype, name) if found.reduced else operand.dtype, fail)


def _expected(left: str) -> tuple[int, bool]:
    """How many axes the left side names at least, and whether there may be more."""
    try:
        side = PatternSide(left)
    except PatternError:
        return 1, False
    return len(side.groups), side.has_ellipsis


def _dtype(dtype: str | None, reduction: str) -> str | None:
    """The dtype of a reduction."""
    if dtype is None or reduction == "callable":
        return None
    floating = dtype in FLOATS
    if reduction == "mean" and not floating and not dtype.startswith("complex"):
        refuse("SHP117", "reduce_mean is not available for non-floating tensors", error="NotImplementedError", actual=dtype)
    if reduction in ("sum", "prod") and not floating and not dtype.startswith("complex"):
        return "int64"
    if reduction in ("any", "all"):
        return "uint8" if dtype == "uint8" else "bool"
    return dtype


@op("einops.rearrange", "einops.einops.rearrange")
def rearrange(tensor: Any, pattern: Any, **axes_lengths: Any) -> Tensor:
    """Splits, moves and joins axes by a pattern. A list of tensors is stacked in front first.

    >>> einops.rearrange(T(2, 3, 4, 5), "b c h w -> b (h w) c")
    (2, 20, 3)
    >>> einops.rearrange(T(2, 7, 12), "b n (h d) -> b h n d", h=3)
    (2, 3, 7, 4)
    >>> einops.rearrange(T(2, 3, 4), "b c h w -> b (c h w)")
    ! SHP116 Error while processing rearrange-reduction pattern "b c h w -> b (c h w)".
    >>> einops.rearrange(T(2, 7, 12), "b n (h d) -> b h n d", h=5)
    ! SHP116 Error while processing rearrange-reduction pattern "b n (h d) -> b h n d".
    """
    return _transform(tensor, pattern, "rearrange", axes_lengths)


@op("einops.repeat", "einops.einops.repeat")
def repeat(tensor: Any, pattern: Any, **axes_lengths: Any) -> Tensor:
    """Repeats along new axes by a pattern.

    >>> einops.repeat(T(2, 3), "h w -> (repeat h) w c", repeat=2, c=5)
    (4, 3, 5)
    >>> einops.repeat(T(2, 3), "h w -> h w c")
    ! SHP116 Error while processing repeat-reduction pattern "h w -> h w c".
    """
    return _transform(tensor, pattern, "repeat", axes_lengths)


@op("einops.reduce", "einops.einops.reduce")
def reduce(tensor: Any, pattern: Any, reduction: Any, **axes_lengths: Any) -> Tensor:
    """Reduces the axes that the right side does not name.

    >>> einops.reduce(T(2, 3, 4, 6), "b c (h 2) (w 2) -> b c h w", "max")
    (2, 3, 2, 3)
    >>> einops.reduce(T(2, 3, 4, 5), "b c h w -> b d", "mean")
    ! SHP116 Error while processing mean-reduction pattern "b c h w -> b d".
    """
    return _transform(tensor, pattern, current().pinned(reduction), axes_lengths)


@op("einops.parse_shape", "einops.einops.parse_shape")
def parse_shape(x: Tensor, pattern: Any) -> Any:
    """The sizes of the named axes, in a dict.

    >>> einops.parse_shape(T(2, 3, 4), "b _ w")["w"]
    4
    >>> einops.parse_shape(T(2, 3, 4), "b c")
    ! SHP116 Can't parse shape with different number of dimensions: b c torch.Size([2, 3, 4])
    """
    pattern = current().pinned(pattern)
    if not isinstance(pattern, str):
        raise Unsure("a pattern that is not known")
    try:
        side = PatternSide(pattern, allow_underscore=True)
    except PatternError as error:
        refuse("SHP116", str(error), error="EinopsError")
    ending = f"{pattern} {torch_size(x.shape)}"
    grouped = any(isinstance(group, list) and len(group) > 1 for group in side.groups)
    expect(not grouped, "SHP116", f"Can't parse shape with composite axes: {ending}")
    groups = list(side.groups)
    if side.has_ellipsis:
        expect(x.rank >= len(groups) - 1, "SHP116", f"Can't parse shape with this number of dimensions: {ending}")
        place = next(place for place, group in enumerate(groups) if not isinstance(group, list))
        groups[place : place + 1] = [["_"]] * (x.rank - len(groups) + 1)
    else:
        expect(x.rank == len(groups), "SHP116", f"Can't parse shape with different number of dimensions: {ending}")
    sizes: dict[Any, Any] = {}
    for place, (group, size) in enumerate(zip(groups, x.shape, strict=True)):
        if not group:
            expect_eq(size, 1, "SHP116", f"Length of axis is not 1: {ending}", axis=place)
        elif not isinstance(group[0], str):
            expect_eq(size, group[0].value, "SHP116", f"Length of anonymous axis does not match: {ending}", axis=place)
        elif group[0] != "_":
            sizes[group[0]] = size
    return DictValue(sizes)


@op("einops.asnumpy", "einops.einops.asnumpy")
def asnumpy(tensor: Any) -> Any:
    """An array of numpy, which is not followed.

    >>> einops.asnumpy([T(2, 3)])
    ! SHP118 Tensor type unknown to einops <class 'list'>
    """
    tensor = current().pinned(tensor)
    if isinstance(tensor, (ListValue, tuple)):
        refuse("SHP118", f"Tensor type unknown to einops <class '{'tuple' if isinstance(tensor, tuple) else 'list'}'>")
    raise Unsure("an array of numpy")


def _packing(pattern: Any, name: str) -> tuple[str, int, int]:
    """A pattern of pack or unpack, and how many axes stand before and behind its star."""
    pattern = current().pinned(pattern)
    if not isinstance(pattern, str):
        raise Unsure("a pattern that is not known")
    axes = pattern.split()
    where = f'{name}(..., "{pattern}")'
    expect(len(axes) == len(set(axes)), "SHP116", f"Duplicates in axes names in {where}", error="EinopsError")
    expect("*" in axes, "SHP116", f"No *-axis in {where}", error="EinopsError")
    for axis in axes:
        expect(axis == "*" or not name_problem(axis), "SHP116", f"Invalid axis name {axis} in {where}", error="EinopsError")
    before = axes.index("*")
    return pattern, before, len(axes) - before - 1


@op("einops.pack", "einops.packing.pack")
def pack(tensors: Tensors, pattern: Any) -> Any:
    """Flattens what the star covers and joins along it: a tensor and the covered shapes.

    >>> einops.pack([T(2, 3, 4), T(2, 4)], "b * d")
    [(2, 4, 4), [(3,), ()]]
    >>> einops.pack([T(2, 3, 4), T(3)], "b c *")
    ! SHP116 packed tensor #1 (enumeration starts with 0) has shape torch.Size([3]), while pattern b c * assumes at least 2 axes
    """
    pattern, before, after = _packing(pattern, "pack")
    if not tensors:
        raise Unsure("a list of no tensors")
    least = before + after
    shapes: list[Any] = []
    flat: list[tuple[Size, ...]] = []
    for number, tensor in enumerate(tensors):
        text = (
            f"packed tensor #{number} (enumeration starts with 0) has shape {torch_size(tensor.shape)}, "
            f"while pattern {pattern} assumes at least {least} axes"
        )
        expect(tensor.rank >= least, "SHP116", text, error="EinopsError", culprit=tensor)
        end = tensor.rank - after
        shapes.append(Shape(tensor.shape[before:end]))
        flat.append((*tensor.shape[:before], true_product(tensor.shape[before:end]), *tensor.shape[end:]))
    total: Size = 0
    for number, shape in enumerate(flat):
        total = total + shape[before]
        for axis in range(least + 1):
            if axis != before:
                text = (
                    f"Sizes of tensors must match except in dimension {before}. Expected size {word(flat[0][axis])} "
                    f"but got size {word(shape[axis])} for tensor number {number} in the list."
                )
                expect_eq(flat[0][axis], shape[axis], "SHP106", text, axis=axis, culprit=tensors[number])
    return Tensor((*flat[0][:before], total, *flat[0][before + 1 :]), promote(tensors)), ListValue(tuple(shapes))


@op("einops.unpack", "einops.packing.unpack", ranks={"tensor": (3, 2)})
def unpack(tensor: Tensor, packed_shapes: Any, pattern: Any) -> Any:
    """Cuts the star's axis into parts and gives each its shape back. One shape may hold a -1.

    >>> einops.unpack(T(2, 7, 4), [[3], [2, 2]], "b * d")
    [(2, 3, 4), (2, 2, 2, 4)]
    >>> einops.unpack(T(2, 7, 4), [[3], [3]], "b * d")
    ! SHP116 Error during unpack(..., "b * d"): could not split axis of size 7 into requested [[3], [3]]
    """
    pattern, before, after = _packing(pattern, "unpack")
    text = f"unpack(..., {pattern}) received input of wrong dim with shape {torch_size(tensor.shape)}"
    expect(tensor.rank == before + 1 + after, "SHP116", text, error="EinopsError")
    given = to_sequence(current().pinned(packed_shapes))
    parts = [to_sequence(current().pinned(part)) for part in given] if given is not None else [None]
    if any(part is None for part in parts):
        raise Unsure("the shapes to unpack are not known")
    shapes = [tuple(to_size(current().pinned(size)) for size in part or ()) for part in parts]
    shown = "[" + ", ".join(map(_shown, given or (), shapes)) + "]"
    open_parts = [place for place, shape in enumerate(shapes) if -1 in shape]
    text = f"unpack(..., {pattern}) received more than one -1 in {shown} and can't infer dimensions"
    expect(len(open_parts) < 2, "SHP116", text, error="EinopsError")
    size = tensor.shape[before]
    details = {"error": "EinopsError", "expected": size, "axis": before}
    text = f'Error during unpack(..., "{pattern}"): could not split axis of size {word(size)} into requested {shown}'
    known = sum((true_product(shape) for shape in shapes if -1 not in shape), start=0)
    if not open_parts:
        expect_eq(known, size, "SHP116", text, actual=known, **details)
    else:
        place = open_parts[0]
        shapes[place] = _filled(shapes[place], size - known, text)
    return ListValue(
        tuple(
            Tensor((*tensor.shape[:before], *shape, *tensor.shape[before + 1 :]), tensor.dtype, layout=None, offset=None)
            for shape in shapes
        )
    )


def _filled(shape: tuple[Size, ...], size: Size, sentence: str) -> tuple[Size, ...]:
    """A shape with its -1 filled in."""
    if shape.count(-1) != 1:
        raise Unsure("a shape with more than one -1")
    rest = true_product(other for other in shape if other != -1)
    filled = current().facts.simplify(size // rest) if rest != 0 else size
    expect_eq(filled * rest, size, "SHP116", sentence, error="EinopsError")
    return tuple(filled if other == -1 else other for other in shape)


def _shown(part: Any, shape: tuple[Size, ...]) -> str:
    """A packed shape as Python prints it."""
    if isinstance(part, ListValue):
        return brackets(shape)
    return torch_size(shape) if isinstance(part, Shape) else f"({', '.join(map(word, shape))}{',' if len(shape) == 1 else ''})"


@op("einops.einsum", "einops.einops.einsum")
def einsum(*tensors_and_pattern: Any) -> Tensor:
    """torch.einsum with names of more than one letter, the pattern last.

    >>> einops.einsum(T(2, 3), T(3, 4), "row inner, inner column -> row column")
    (2, 4)
    >>> einops.einsum(T(2, 3), T(5, 4), "i j, j k -> i k")
    ! SHP116 einsum(): subscript b has size 5 for operand 1 which does not broadcast with previously seen size 3
    >>> einops.einsum(T(2, 3), T(3, 4), "i j, j k -> i z")
    ! SHP116 Unknown axis z on right side of einsum i j, j k -> i z.
    """
    expect(len(tensors_and_pattern) > 1, "SHP116", TOO_FEW, error="ValueError")
    *tensors, pattern = (current().pinned(item) for item in tensors_and_pattern)
    expect(not isinstance(pattern, Tensor), "SHP116", NO_PATTERN, error="ValueError")
    if not isinstance(pattern, str):
        raise Unsure("a pattern that is not known")
    return contract(_compact(pattern), tensors)


def _compact(pattern: str) -> str:
    """A pattern of names as torch.einsum takes it: a, b, c … in order of appearance."""
    expect("->" in pattern, "SHP116", "Einsum pattern must contain '->'.", error="ValueError")
    halves = pattern.split("->")
    expect(len(halves) == 2, "SHP116", "too many values to unpack (expected 2)", error="ValueError")
    try:
        lefts = [PatternSide(left, allow_underscore=True, allow_duplicates=True) for left in halves[0].split(",")]
        right = PatternSide(halves[1], allow_underscore=True)
    except PatternError as error:
        refuse("SHP116", str(error), error="EinopsError")
    letters: dict[str, str] = {}

    def written(side: PatternSide, output: bool) -> str:
        text = ""
        for group in side.groups:
            if not isinstance(group, list):
                text += "..."
                continue
            details = {"error": "NotImplementedError"}
            expect(len(group) > 0, "SHP116", "Singleton () axes are not yet supported in einsum.", **details)
            expect(len(group) == 1, "SHP116", "Shape rearrangement is not yet supported in einsum.", **details)
            name = group[0]
            expect(isinstance(name, str), "SHP116", "Anonymous axes are not yet supported in einsum.", **details)
            if name not in letters:
                text_of = f"Unknown axis {name} on right side of einsum {pattern}."
                expect(not output, "SHP116", text_of, error="EinopsError", actual=name)
                place = len(letters)
                expect(place < 52, "SHP116", "Too many axes in einsum.")
                letters[name] = chr(ord("a") + place) if place < 26 else chr(ord("A") + place - 26)
            text += letters[name]
        return text

    inputs = ",".join([written(left, False) for left in lefts])
    return f"{inputs}->{written(right, True)}"
