"""Sorting and selecting along an axis: sort, argsort, topk, kthvalue, unique."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Bool,
    Int,
    NamedResult,
    Size,
    Tensor,
    Unsure,
    axis,
    axis_if_known,
    expect,
    expect_ge,
    expect_le,
    facts,
    fresh,
    into,
    kind_of,
    mapped,
    new,
    not_implemented,
    op,
    reduced,
    refuse,
    word,
)

PAIR = ("values", "indices")
NO_COMPLEX = " Sort does not support complex dtypes on CPU"


def _check_sort(input: Tensor, dim: Any) -> None:
    axis_if_known(dim, input.rank)
    if kind_of(input) == 3:
        refuse("SHP117", NO_COMPLEX, actual=input.dtype)


@op("torch.sort", "Tensor.sort")
def sort(input: Tensor, dim: Any = -1, descending: Any = False, *, stable: Any = None, out: Any = None) -> NamedResult:
    """Values in order along an axis, and where they stood.

    >>> torch.sort(T(2, 3))
    [(2, 3) float32, (2, 3) int64]
    >>> T(2, 3).sort(dim=0, descending=True).indices
    (2, 3) int64
    >>> torch.sort(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    _check_sort(input, dim)
    return NamedResult(PAIR, (mapped(input, input.dtype), mapped(input, "int64")))


@op("torch.argsort", "Tensor.argsort")
def argsort(input: Tensor, dim: Any = -1, descending: Any = False, stable: Any = None, *, out: Any = None) -> Tensor:
    """Where the values stood.

    >>> torch.argsort(T(2, 3), dim=0)
    (2, 3) int64
    >>> torch.argsort(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    _check_sort(input, dim)
    return into(out, mapped(input, "int64"))


@op("torch.msort", "Tensor.msort")
def msort(input: Tensor, *, out: Any = None) -> Tensor:
    """Values in order along the first axis.

    >>> torch.msort(T(2, 3))
    (2, 3) float32
    >>> torch.msort(torch.complex(T(3), T(3)))
    ! SHP117  Sort does not support complex dtypes on CPU
    """
    _check_sort(input, 0)
    return into(out, mapped(input, input.dtype))


@op("torch.topk", "Tensor.topk")
def topk(input: Tensor, k: Size, dim: Int = -1, largest: Any = True, sorted: Any = True, *, out: Any = None) -> NamedResult:
    """The k largest along an axis.

    >>> torch.topk(T(2, 5), 3)
    [(2, 3) float32, (2, 3) int64]
    >>> T(2, 5).topk(1, dim=0)[1]
    (1, 5) int64
    >>> torch.topk(T(2, 5), 6)
    ! SHP118 selected index k out of range
    >>> torch.topk(T(2, 5), 1, dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    place = axis(dim, input.rank)
    size = input.shape[place] if input.rank else 1
    details: dict[str, Any] = {
        "message": lambda: f"the {word(k)} largest of {word(size)}",
        "expected": size,
        "actual": k,
        "axis": place,
    }
    expect_ge(k, 0, "SHP118", "selected index k out of range", **details)
    expect_le(k, size, "SHP118", "selected index k out of range", **details)
    if kind_of(input) in (0, 3):
        words = "topk does not support bool dtypes on CPU" if kind_of(input) == 0 else " topk does not support complex dtypes on CPU"
        refuse("SHP117", words, actual=input.dtype)
    shape = (*input.shape[:place], k, *input.shape[place + 1 :]) if input.rank else ()
    return NamedResult(PAIR, (new(shape, input), Tensor(shape, "int64", device=input.device)))


@op("torch.kthvalue", "Tensor.kthvalue")
def kthvalue(input: Tensor, k: Size, dim: Int = -1, keepdim: Bool = False, *, out: Any = None) -> NamedResult:
    """The k-th smallest along an axis.

    >>> torch.kthvalue(T(2, 5), 3)
    [(2,) float32, (2,) int64]
    >>> torch.kthvalue(T(2, 5), 6)
    ! SHP118 kthvalue(): selected number k out of range for dimension 1
    >>> torch.kthvalue(T(2, 5), 1, dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    place = axis(dim, input.rank)
    size = input.shape[place] if input.rank else 1
    sentence = f"kthvalue(): Expected reduction dim {place} to have non-zero size."
    expect_ge(size, 1, "SHP118", sentence, error="IndexError", axis=place)
    sentence = f"kthvalue(): selected number k out of range for dimension {place}"
    expect_ge(k, 1, "SHP118", sentence, expected=size, actual=k)
    expect_le(k, size, "SHP118", sentence, expected=size, actual=k)
    if kind_of(input) in (0, 3) and input.dtype is not None and input.rank:
        not_implemented("kthvalue_cpu", input.dtype)
    shape = reduced(input.shape, (place,), keepdim)
    return NamedResult(PAIR, (new(shape, input), Tensor(shape, "int64", device=input.device)))


def _distinct(input: Tensor, inverse: Any, counts: Any, dim: Any) -> Any:
    """The distinct values; how many there are depends on the data."""
    if not isinstance(inverse, bool) or not isinstance(counts, bool):
        raise Unsure("what unique returns depends on a flag that is not known")
    filled = all(facts().ge(size, 1).yes for size in input.shape)
    if dim is None:
        total = input.numel()
        count: Any = fresh("unique", low=1 if filled else 0, high=total if isinstance(total, int) else None)
        values = Tensor((count,), input.dtype, device=input.device)
        places = Tensor(input.shape, "int64", CONTIGUOUS, device=input.device)
    else:
        expect(input.rank > 0, "SHP108", f"Dimension specified as {dim} but tensor has no dimensions", error="IndexError")
        place = axis(dim, input.rank)
        size = input.shape[place]
        count = fresh("unique", low=1 if filled else 0, high=size if isinstance(size, int) else None)
        shape = (*input.shape[:place], count, *input.shape[place + 1 :])
        values = Tensor(shape, input.dtype, CONTIGUOUS if place == 0 else None, device=input.device)
        places = Tensor((size,), "int64", device=input.device)
    parts = [values]
    if inverse:
        parts.append(places)
    if counts:
        parts.append(Tensor((count,), "int64", device=input.device))
    return values if len(parts) == 1 else tuple(parts)


@op("torch.unique", "Tensor.unique")
def unique(input: Tensor, sorted: Any = True, return_inverse: Any = False, return_counts: Any = False, dim: Int | None = None) -> Any:
    """The distinct values, or the distinct slices along an axis.

    >>> torch.unique(I(2, 3)).ndim
    1
    >>> torch.unique(I(2, 3), return_inverse=True)[1]
    (2, 3) int64
    >>> torch.unique(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _distinct(input, return_inverse, return_counts, dim)


@op("torch.unique_consecutive", "Tensor.unique_consecutive")
def unique_consecutive(input: Tensor, return_inverse: Any = False, return_counts: Any = False, dim: Int | None = None) -> Any:
    """The values without repetitions in a row.

    >>> torch.unique_consecutive(T(2, 3), return_inverse=True)[1]
    (2, 3) int64
    >>> torch.unique_consecutive(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _distinct(input, return_inverse, return_counts, dim)
