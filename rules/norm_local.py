"""Normalisation by neighbours or by a norm, which leaves the shape: LocalResponseNorm, CrossMapLRN2d, F.normalize."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Size,
    Tensor,
    axes,
    category,
    expect,
    expect_ge,
    follow,
    layer,
    mapped,
    op,
    refuse,
    to_sequence,
    type_name,
    word,
)


def _local_response(input: Tensor, size: Size, blame: str | None) -> Tensor:
    sentence = f"Expected 3D or higher dimensionality                          input (got {input.rank} dimensions)"
    expect(input.rank >= 3, "SHP107", sentence, message="local response norm wants 3 axes", error="ValueError", actual=input.rank)
    if 0 not in input.shape:
        kernel = f"kH: {word(size)} kW: 1" if input.rank == 3 else f"kT: {word(size)} kH: 1 kW: 1"
        expect_ge(size, 1, "SHP118", f"kernel size should be greater than zero, but got {kernel}", actual=size, blame=blame)
    return mapped(input, input.dtype if category(input.dtype or "float32") >= 2 else None)


@layer("nn.LocalResponseNorm", ranks=(4, 3, 5))
class LocalResponseNorm:
    """Divides by the squares of neighbouring channels; the shape stays.

    >>> nn.LocalResponseNorm(2)(T(2, 4, 5))
    (2, 4, 5)
    >>> nn.LocalResponseNorm(2)(T(2, 4))
    ! SHP107 Expected 3D or higher dimensionality input (got 2 dimensions)
    """

    size: Size

    def __init__(self, size: Size, alpha: Any = 1e-4, beta: Any = 0.75, k: Any = 1.0) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _local_response(input, self.size, "size")


@layer("nn.CrossMapLRN2d", ranks=(4,))
class CrossMapLRN2d:
    """LocalResponseNorm of images.

    >>> nn.CrossMapLRN2d(3)(T(2, 4, 5, 6))
    (2, 4, 5, 6)
    >>> nn.CrossMapLRN2d(3)(T(2, 4, 5))
    ! SHP107 CrossMapLRN2d: Expected input to be 4D, got 3D instead.
    """

    def __init__(self, size: Size, alpha: Any = 1e-4, beta: Any = 0.75, k: Any = 1) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        sentence = f"CrossMapLRN2d: Expected input to be 4D, got {input.rank}D instead."
        expect(input.rank == 4, "SHP107", sentence, error="ValueError", expected=4, actual=input.rank)
        return follow(input.shape, input)


@op("F.local_response_norm", ranks=(4, 3, 5))
def local_response_norm(input: Tensor, size: Size, alpha: Any = 1e-4, beta: Any = 0.75, k: Any = 1.0) -> Tensor:
    """Divides by the squares of neighbouring channels; the shape stays.

    >>> F.local_response_norm(T(2, 4, 5), 2)
    (2, 4, 5)
    >>> F.local_response_norm(T(2, 4, 5), 0)
    ! SHP118 kernel size should be greater than zero, but got kH: 0 kW: 1
    """
    return _local_response(input, size, None)


@op("F.normalize", ranks=(2, 3, 4, 5), lazy=True)
def normalize(input: Tensor, p: Any = 2.0, dim: Any = 1, eps: Any = 1e-12, out: Any = None) -> Tensor:
    """Divides by the norm along an axis; the shape stays.

    >>> F.normalize(T(2, 4), dim=-1)
    (2, 4)
    >>> F.normalize(T(4))
    ! SHP108 Dimension out of range (expected to be in range of [-1, 0], but got 1)
    >>> F.normalize(I(2, 4))
    ! SHP117 linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long
    """
    dims = (dim,) if isinstance(dim, int) else to_sequence(dim) or ()
    if all(isinstance(one, int) for one in dims):
        axes(dims, input.rank)
    if input.dtype is not None and category(input.dtype) < 2:
        sentence = f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {type_name(input.dtype)}"
        refuse("SHP117", sentence, actual=input.dtype)
    return mapped(input, input.dtype)
