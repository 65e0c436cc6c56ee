"""Running sums and the like, differences, integrals, histograms."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Int,
    NamedResult,
    Size,
    Tensor,
    Unsure,
    asked_dtype,
    axis,
    axis_if_known,
    broadcast,
    expect,
    expect_eq,
    facts,
    floating,
    fresh,
    inplace,
    into,
    kind_of,
    maximum,
    new,
    not_implemented,
    op,
    promoted,
    reckoned,
    reduced,
    refuse,
    spelled,
    to_sequence,
    to_size,
    word,
)


@op("torch.cumsum", "Tensor.cumsum", "Tensor.cumsum_", "torch.cumprod", "Tensor.cumprod", "Tensor.cumprod_")
def cumsum(input: Tensor, dim: Any, *, dtype: Any = None, out: Any = None) -> Tensor:
    """Along one axis; integers are summed as int64.

    >>> torch.cumsum(T(2, 3), dim=1)
    (2, 3) float32
    >>> M(2, 3).cumsum(-1)
    (2, 3) int64
    >>> torch.cumsum(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    axis_if_known(dim, input.rank)
    if inplace():
        input.elements = None
        return input
    if dtype is not None:
        result = asked_dtype(dtype)
    else:
        result = "int64" if kind_of(input) < 2 else input.dtype
    return into(out, Tensor(input.shape, result, device=input.device))


@op("torch.cummax", "Tensor.cummax", "torch.cummin", "Tensor.cummin")
def cummax(input: Tensor, dim: Any, *, out: Any = None) -> NamedResult:
    """Along one axis, with indices.

    >>> torch.cummax(T(2, 3), dim=1)
    [(2, 3) float32, (2, 3) int64]
    >>> torch.cummin(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if all(facts().ge(size, 1).yes for size in input.shape):  # torch does not look at the axis of an empty tensor
        axis_if_known(dim, input.rank)
    return NamedResult(("values", "indices"), (new(input.shape, input), Tensor(input.shape, "int64", device=input.device)))


@op("torch.logcumsumexp", "Tensor.logcumsumexp")
def logcumsumexp(input: Tensor, dim: Any, *, out: Any = None) -> Tensor:
    """Along one axis.

    >>> torch.logcumsumexp(T(2, 3), dim=1)
    (2, 3) float32
    >>> torch.logcumsumexp(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    axis_if_known(dim, input.rank)
    if kind_of(input) < 2 and input.dtype is not None and input.rank and all(facts().ge(size, 1).yes for size in input.shape):
        not_implemented("logcumsumexp_out_cpu", input.dtype)
    return into(out, new(input.shape, input))


def _expect_fits(size: Size, other: Size, position: int) -> None:
    expect_eq(
        size,
        other,
        "SHP106",
        lambda: (
            "diff expects the shape of tensor to prepend or append to match that of input except along the differencing dimension; "
            f"input.size({position}) = {word(size)}, but got tensor.size({position}) = {word(other)}"
        ),
        expected=size,
        actual=other,
        axis=position,
    )


def _longer(input: Tensor, part: Tensor | None, place: int) -> Any:
    """The size that a tensor before or after adds along the axis."""
    if part is None:
        return 0
    expect(part.rank == input.rank, "SHP106", "diff expects prepend or append to be the same dimension as input", actual=part.rank)
    for position in range(input.rank):
        if position != place:
            _expect_fits(input.shape[position], part.shape[position], position)
    return part.shape[place]


@op("torch.diff", "Tensor.diff")
def diff(
    input: Tensor, n: Int = 1, dim: Int = -1, prepend: Tensor | None = None, append: Tensor | None = None, *, out: Any = None
) -> Tensor:
    """Differences of neighbours along an axis, n times.

    >>> torch.diff(T(2, 5))
    (2, 4) float32
    >>> T(2, 5).diff(2, dim=0)
    (0, 5)
    >>> torch.diff(T(2, 3), prepend=T(2, 1))
    (2, 3)
    >>> torch.diff(T(2, 3), prepend=T(3, 1))
    ! SHP106 diff expects the shape of tensor to prepend or append to match that of input except along the differencing dimension; input.size(0) = 2, but got tensor.size(0) = 3
    >>> torch.diff(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """  # noqa: E501
    expect(input.rank > 0, "SHP107", "diff expects input to be at least one-dimensional")
    if n == 0 and prepend is None and append is None:
        return into(out, Tensor(input.shape, input.dtype, CONTIGUOUS if input.layout is CONTIGUOUS else None, device=input.device))
    place = axis(dim, input.rank)
    length = input.shape[place] + _longer(input, prepend, place) + _longer(input, append, place)
    expect(n >= 0, "SHP118", f"order must be non-negative but got {n}", actual=n)
    left = input.shape[place] if n == 0 else maximum(length - n, 0)
    shape = (*input.shape[:place], left, *input.shape[place + 1 :])
    parts = [part for part in (input, prepend, append) if part is not None]
    common = promoted([Tensor((1,), part.dtype) for part in parts])
    layout = CONTIGUOUS if all(part.layout is CONTIGUOUS for part in parts) else None
    made = Tensor(shape, common, layout, device=input.device)
    if n == 1 and len(parts) == 1 and input.elements:
        later, earlier = Tensor(shape, common, elements=input.elements[1:]), Tensor(shape, common, elements=input.elements[:-1])
        made.elements = reckoned("sub", made, later, earlier)
    return into(out, made)


def _at_least_one(y: Tensor, dim: int) -> int:
    sentence = "slice() cannot be applied to a 0-dim tensor."
    if spelled() != "cumulative_trapezoid":
        sentence = f"Dimension specified as {dim} but tensor has no dimensions"
    expect(y.rank > 0, "SHP108", sentence, error="IndexError")
    return axis(dim, y.rank)


@op("torch.trapezoid", "torch.trapz", "torch.cumulative_trapezoid")
def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: Any = 1.0, dim: Int = -1) -> Tensor:
    """The integral along an axis, or its running value.

    >>> torch.trapezoid(T(2, 3))
    (2,) float32
    >>> torch.cumulative_trapezoid(T(2, 3), T(3))
    (2, 2) float32
    >>> torch.trapezoid(T(2, 3), T(4))
    ! SHP102 trapezoid: There must be one `x` value for each sample point
    >>> torch.trapz(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    name = "cumulative_trapezoid" if spelled() == "cumulative_trapezoid" else "trapezoid"
    place = _at_least_one(y, dim)
    filled = facts().ge(y.shape[place], 1)
    if name == "trapezoid" and not filled.yes:  # nothing is checked along an empty axis
        return Tensor(reduced(y.shape, (place,), False), y.dtype if filled.no else None, device=y.device)
    if y.dtype == "bool":
        which = "`y`" if x is None else "`x` or `y`"
        refuse("SHP117", f"{name}: received a bool input for {which}, but bool is not supported", actual="bool")
    if x is not None:
        if x.rank != 1:
            return _between(y, x, place, name)
        sentence = f"{name}: There must be one `x` value for each sample point"
        expect_eq(x.shape[0], y.shape[place], "SHP102", sentence, expected=y.shape[place], actual=x.shape[0], axis=place)
    common = y.dtype if x is None else promoted((y, x))
    if name == "trapezoid":
        return Tensor(reduced(y.shape, (place,), False), floating(common), device=y.device)
    shape = (*y.shape[:place], maximum(y.shape[place] - 1, 0), *y.shape[place + 1 :])
    return Tensor(shape, floating(common), CONTIGUOUS if y.layout is CONTIGUOUS else None, device=y.device)


def _between(y: Tensor, x: Tensor, place: int, name: str) -> Tensor:
    """The integral over sample points that broadcast: the steps between them meet the means of their neighbours."""
    if x.rank > y.rank or not x.rank:
        raise Unsure("sample points with other axes")
    points = (*(1 for _ in range(y.rank - x.rank)), *x.shape)
    shape = broadcast(*((*sizes[:place], maximum(sizes[place] - 1, 0), *sizes[place + 1 :]) for sizes in (y.shape, points)))
    dtype = floating(promoted((y, x)))
    if name == "trapezoid":
        return Tensor(reduced(shape, (place,), False), dtype, None, device=y.device)
    return Tensor(shape, dtype, None, device=y.device)


@op("torch.bincount", "Tensor.bincount", ranks=(1,))
def bincount(input: Tensor, weights: Tensor | None = None, minlength: Any = 0) -> Tensor:
    """How often each number occurs: as long as the largest number asks.

    >>> torch.bincount(I(5), minlength=7).ndim
    1
    >>> torch.bincount(I(5, 2))
    ! SHP107 bincount only supports 1-d non-negative integral inputs.
    >>> torch.bincount(I(5), T(4))
    ! SHP103 weights should be 1-d and have the same length as input
    """
    if kind_of(input) != 1 and input.dtype is not None:
        not_implemented("bincount_cpu", input.dtype)
    if isinstance(minlength, int):
        expect(minlength >= 0, "SHP118", "minlength should be >= 0", actual=minlength)
    filled = all(facts().ge(size, 1).yes for size in input.shape)
    if input.rank != 1:
        refuse("SHP107", "bincount only supports 1-d non-negative integral inputs.", actual=input.rank)
    if weights is not None and filled:
        sentence = "weights should be 1-d and have the same length as input"
        expect(weights.rank == 1, "SHP103", sentence, actual=weights.rank)
        expect_eq(weights.shape[0], input.shape[0], "SHP103", sentence, expected=input.shape[0], actual=weights.shape[0])
    dtype = "int64" if weights is None else weights.dtype if weights.dtype == "float32" else "float64" if weights.dtype else None
    if weights is not None and not filled:
        dtype = None
    return Tensor((fresh("bincount", low=minlength if isinstance(minlength, int) else 0),), dtype, device=input.device)


@op("torch.histc", "Tensor.histc")
def histc(input: Tensor, bins: Any = 100, min: Any = 0, max: Any = 0, *, out: Any = None) -> Tensor:
    """How many fall into each bin.

    >>> torch.histc(T(2, 3), bins=5)
    (5,) float32
    >>> torch.histc(T(2, 3), bins=0)
    ! SHP118 torch.histogram(): bins must be > 0, but got 0 for dimension 0
    >>> torch.histc(T(2, 3), bins=5, min=2, max=1)
    ! SHP118 torch.histc: max must be larger than min
    """
    count = to_size(bins)
    if isinstance(count, int):
        expect(count > 0, "SHP118", f"torch.histogram(): bins must be > 0, but got {count} for dimension 0", actual=count)
    if isinstance(min, (int, float)) and isinstance(max, (int, float)):
        expect(min <= max, "SHP118", "torch.histc: max must be larger than min", actual=[min, max])
    return into(out, Tensor((count,), input.dtype, device=input.device))


@op("torch.histogram", "Tensor.histogram")
def histogram(
    input: Tensor, bins: Any = 100, *, range: Any = None, weight: Tensor | None = None, density: Any = False, out: Any = None
) -> NamedResult:
    """How many fall into each bin, and the edges of the bins.

    >>> torch.histogram(T(2, 3), 5)
    [(5,) float32, (6,) float32]
    >>> torch.histogram(T(2, 3), bins=0)
    ! SHP118 torch.histogram(): bins must be > 0, but got 0 for dimension 0
    """
    if isinstance(bins, Tensor):
        if bins.rank != 1:
            raise Unsure("edges that are not a vector")
        edges = bins.shape[0]
        count = edges - 1
    else:
        if to_sequence(bins) is not None:
            raise Unsure("a list of bins")
        count = to_size(bins)
        if isinstance(count, int):
            expect(count > 0, "SHP118", f"torch.histogram(): bins must be > 0, but got {count} for dimension 0", actual=count)
        edges = count + 1
    device = input.device
    return NamedResult(("hist", "bin_edges"), (Tensor((count,), input.dtype, device=device), Tensor((edges,), input.dtype, device=device)))
