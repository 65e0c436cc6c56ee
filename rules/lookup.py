"""Places of values: one_hot, searchsorted, bucketize, isin, unravel_index."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    Number,
    Size,
    Str,
    Tensor,
    brackets,
    expect,
    expect_eq,
    facts,
    fresh,
    into,
    op,
    preserved_layout,
    to_sizes,
    true_product,
    type_name,
)


@op("F.one_hot", "torch._C._nn.one_hot")
def one_hot(input: Tensor, num_classes: Size = -1) -> Tensor:
    """A new last axis with a one at the class; without a number of classes as many as the largest class needs.

    >>> F.one_hot(I(3, 4), 5)
    (3, 4, 5) int64
    >>> F.one_hot(torch.tensor([0, 4]))
    (2, 5)
    >>> F.one_hot(torch.tensor([0, 4]), 3)
    ! SHP109 Class values must be smaller than num_classes.
    >>> F.one_hot(T(3), 3)
    ! SHP117 one_hot is only applicable to index tensor of type LongTensor.
    """
    only = "one_hot is only applicable to index tensor of type LongTensor."
    expect(input.dtype in (None, "int64"), "SHP117", only, expected="int64", actual=input.dtype)
    inferred = isinstance(num_classes, int) and num_classes == -1
    if facts().eq(true_product(input.shape), 0).yes:
        empty = inferred or facts().le(num_classes, 0).yes
        expect(not empty, "SHP118", "Can not infer total number of classes from empty tensor.")
    elif input.elements is not None and all(isinstance(value, int) for value in input.elements):
        expect(min(input.elements, default=0) >= 0, "SHP109", "Class values must be non-negative.", actual=min(input.elements, default=0))
        largest = max(input.elements, default=0)
        if inferred:
            num_classes = largest + 1
        smaller = "Class values must be smaller than num_classes."
        expect(not facts().le(num_classes, largest).yes, "SHP109", smaller, expected=num_classes, actual=largest)
    elif inferred:
        num_classes = fresh("classes", low=1)
    elif facts().le(num_classes, 0).yes and facts().ge(true_product(input.shape), 1).yes:
        expect(False, "SHP109", "Class values must be smaller than num_classes.", actual=num_classes)
    return Tensor((*input.shape, num_classes), "int64", device=input.device)


def _side(name: str, side: str | None, right: bool) -> None:
    expect(side in (None, "left", "right"), "SHP118", f"{name}: side can only be 'left' or 'right' but got {side}", actual=side)
    opposite = f"{name}: side and right can't be set to opposites, got side of {side} while right was {right}"
    expect(not (side == "left" and right), "SHP118", opposite)


@op("torch.searchsorted")
def searchsorted(
    sorted_sequence: Tensor,
    input: Tensor | Number,
    *,
    out_int32: Bool = False,
    right: Bool = False,
    side: Str | None = None,
    sorter: Tensor | None = None,
    out: Any = None,
) -> Tensor:
    """The place of each value in a sorted vector, or in the rows of a tensor that has the values' leading axes.

    >>> torch.searchsorted(T(5), T(3, 2))
    (3, 2) int64
    >>> torch.searchsorted(T(2, 5), T(2, 3), out_int32=True)
    (2, 3) int32
    >>> torch.searchsorted(T(2, 5), T(3, 3))
    ! SHP103 torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor [2, 5] and input value tensor [3, 3]
    """  # noqa: E501
    name = "torch.searchsorted()"
    _side(name, side, right)
    values = input.shape if isinstance(input, Tensor) else ()
    bounds = sorted_sequence.shape
    if values:

        def sentence() -> str:
            return (
                f"{name}: boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor "
                "and input value tensor must match, "
                f"but we got boundaries tensor {brackets(bounds)} and input value tensor {brackets(values)}"
            )

        details: dict[str, Any] = {"expected": list(bounds), "actual": list(values)}
        if len(bounds) != 1:
            expect(len(bounds) == len(values) and bounds != (), "SHP103", sentence, **details)
            for left, other in zip(bounds[:-1], values[:-1], strict=True):
                expect_eq(left, other, "SHP103", sentence, **details)
    else:
        scalar = (
            f"{name}: input value can be a scalar only when boundaries tensor dimension is 1, "
            f"but we got boundaries tensor dim({len(bounds)}) and input value's dim(0) numel(1)"
        )
        expect(len(bounds) == 1, "SHP107", scalar, expected=1, actual=len(bounds))
    if sorter is not None:
        differ = (
            f"{name}: boundary and sorter must have the same size, but got boundary tensor {brackets(bounds)}"
            f"and got sorter tensor {brackets(sorter.shape)}"
        )
        expect(sorter.rank == len(bounds), "SHP103", differ)
        for left, other in zip(bounds, sorter.shape, strict=True):
            expect_eq(left, other, "SHP103", differ)
        dtype = type_name(sorter.dtype or "")
        expect(sorter.dtype in (None, "int64"), "SHP117", f"{name}: sorter must be a tensor of long dtype but got dtype {dtype}")
    return into(out, Tensor(values, "int32" if out_int32 else "int64"))


@op("torch.bucketize")
def bucketize(input: Tensor | Number, boundaries: Tensor, *, out_int32: Bool = False, right: Bool = False, out: Any = None) -> Tensor:
    """The bucket of each value between the sorted boundaries.

    >>> torch.bucketize(T(3, 4), T(5))
    (3, 4) int64
    >>> torch.bucketize(T(3, 4), T(5, 2))
    ! SHP107 boundaries tensor must be 1 dimension, but got dim(2)
    """
    expect(boundaries.rank == 1, "SHP107", f"boundaries tensor must be 1 dimension, but got dim({boundaries.rank})", actual=boundaries.rank)
    return into(out, Tensor(input.shape if isinstance(input, Tensor) else (), "int32" if out_int32 else "int64"))


@op("torch.isin", refuses_nothing=True)
def isin(
    elements: Tensor | Number, test_elements: Tensor | Number, *, assume_unique: Bool = False, invert: Bool = False, out: Any = None
) -> Tensor:
    """Whether each element is among the others.

    >>> torch.isin(T(2, 3), T(7))
    (2, 3) bool
    """
    if not isinstance(elements, Tensor):
        return into(out, Tensor((), "bool"))
    return into(out, Tensor(elements.shape, "bool", preserved_layout(elements), device=elements.device))


@op("torch.unravel_index")
def unravel_index(indices: Tensor, shape: Any) -> Any:
    """Flat places as places along each axis of a shape.

    >>> torch.unravel_index(I(4), (2, 3))
    [(4,) int64, (4,) int64]
    >>> torch.unravel_index(T(4), (2, 3))
    ! SHP117 expected 'indices' to be integer dtype, but got torch.float32
    """
    fits = indices.dtype is None or indices.dtype.startswith(("int", "uint"))
    expect(
        fits, "SHP117", f"expected 'indices' to be integer dtype, but got torch.{indices.dtype}", error="TypeError", actual=indices.dtype
    )
    return tuple(Tensor(indices.shape, "int64", None, None) for _ in to_sizes(shape))
