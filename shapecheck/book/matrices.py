"""What rules of linear algebra share: batches of matrices, square ones, and the dtypes they may have."""

from __future__ import annotations

from shapecheck.book.arithmetic import broadcast
from shapecheck.book.dtypes import COMPLEX, FLOATS
from shapecheck.book.elementwise import type_name
from shapecheck.book.expect import expect, expect_eq
from shapecheck.book.outcome import refuse
from shapecheck.book.words import word
from shapecheck.sizes import Size
from shapecheck.values import Tensor

PART = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}
WHOLE = {part: whole for whole, part in PART.items()}


def expect_matrices(matrix: Tensor, function: str, name: str = "A") -> None:
    """At least two axes."""
    text = f"{function}: The input tensor {name} must have at least 2 dimensions."
    expect(matrix.rank >= 2, "SHP107", text, expected=2, actual=matrix.rank, culprit=matrix)


def expect_square(matrix: Tensor, function: str) -> None:
    """Batches of square matrices (aten/src/ATen/native/LinearAlgebraUtils.h, squareCheckInputs)."""
    expect_matrices(matrix, function)
    rows, columns = matrix.shape[-2:]
    text = f"{function}: A must be batches of square matrices, but they are {word(rows)} by {word(columns)} matrices"
    message = f"square matrices are wanted, these are {word(rows)} by {word(columns)}"
    details = {"message": message, "expected": rows, "actual": columns, "axis": matrix.rank - 1, "culprit": matrix}
    expect_eq(columns, rows, "SHP102", text, **details)


def expect_inexact(matrix: Tensor, function: str) -> None:
    """Floating point or complex numbers."""
    if matrix.dtype is not None and matrix.dtype not in FLOATS and matrix.dtype not in COMPLEX:
        text = f"{function}: Expected a floating point or complex tensor as input. Got {type_name(matrix.dtype)}"
        refuse("SHP117", text, message=f"{function} of {matrix.dtype}", actual=matrix.dtype, culprit=matrix)


def real_dtype(dtype: str | None) -> str | None:
    """The dtype of a norm or a singular value."""
    return PART.get(dtype, dtype) if dtype is not None else None


def complex_dtype(dtype: str | None) -> str | None:
    """The dtype of an eigenvalue."""
    return WHOLE.get(dtype, dtype if dtype in COMPLEX else None) if dtype is not None else None


def matrices(batch: tuple[Size, ...], rows: Size, columns: Size, like: Tensor, dtype: str | None = None) -> Tensor:
    """A result of linear algebra, which may be laid out by columns."""
    return Tensor((*batch, rows, columns), dtype or like.dtype, layout=None, device=like.device)


def solved_shape(a: Tensor, b: Tensor, function: str, left: bool) -> tuple[Size, ...]:
    """The shape of X in AX = B or XA = B, for matrices."""
    rows, columns = b.shape[-2:]
    n = a.shape[-1]
    equation = "AX = B" if left else "XA = B"
    text = (
        f"{function}: Incompatible shapes of A and B for the equation {equation} "
        f"({word(a.shape[-2])}x{word(n)} and {word(rows)}x{word(columns)})"
    )
    actual = rows if left else columns
    expect_eq(actual, n, "SHP102", text, expected=n, actual=actual, axis=b.rank - (2 if left else 1), culprit=b)
    return (*broadcast(b.shape[:-2], a.shape[:-2]), rows, columns)
