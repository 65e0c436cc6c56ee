"""Systems of equations: solve, solve_triangular, lstsq, lu_solve, cholesky_solve."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    NamedResult,
    Size,
    Tensor,
    Truth,
    Unknown,
    Unsure,
    axis,
    brackets,
    broadcast,
    expect,
    expect_eq,
    expect_inexact,
    expect_matrices,
    expect_square,
    facts,
    known,
    matrices,
    minimum,
    op,
    real_dtype,
    solved_shape,
    to_sizes,
    true_product,
    type_name,
    word,
)

RANKS = {"A": (2, 3), "B": (2, 3, 1)}
DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def _same(a: tuple[Size, ...], b: tuple[Size, ...]) -> Truth:
    answer = Truth.YES if len(a) == len(b) else Truth.NO
    for x, y in zip(a, b, strict=False):
        answer = answer & facts().eq(x, y)
    return answer


def _is_vector(a: Tensor, b: Tensor, shape: tuple[Size, ...]) -> bool:
    """Whether the right-hand side is a vector for each matrix rather than a matrix."""
    if b.rank == 1:
        return True
    if a.rank - 1 != b.rank:
        return False
    return known(_same(b.shape, shape), "whether the right-hand side holds vectors is not known")


def _solve(a: Tensor, b: Tensor, left: bool, name: str) -> Tensor:
    """A (*, n, n) and B (*, n, k) or (*, n) -> X of the shape of B, broadcast."""
    expect_square(a, name)
    expect_inexact(a, name)
    if a.dtype is not None and b.dtype is not None and real_dtype(a.dtype) != a.dtype != b.dtype:
        raise Unsure("matrices of different dtypes")
    whole = b.dtype is not None and a.dtype is not None and b.dtype.startswith(("int", "uint", "bool"))
    text = (
        f"{name}: Expected A and B to have the same dtype, but found A of type {type_name(a.dtype or 'float32')} "
        f"and B of type {type_name(b.dtype or 'float32')} instead"
    )
    expect(not whole, "SHP117", text, culprit=b)
    vector = _is_vector(a, b, a.shape[:-1])
    if vector and left:
        column = Tensor((*b.shape, 1), b.dtype)
        return Tensor(solved_shape(a, column, name, True)[:-1], a.dtype, layout=None)
    expect_matrices(b, name, "B")
    return Tensor(solved_shape(a, b, name, left), a.dtype, layout=None, device=a.device)


@op("linalg.solve", ranks=RANKS)
def solve(A: Tensor, B: Tensor, *, left: Bool = True, out: Any = None) -> Tensor:
    """X with AX = B: (*, n, n) and (*, n, k) or (*, n) -> (*, n, k) or (*, n)

    >>> torch.linalg.solve(torch.eye(3), T(3, 2))
    (3, 2)
    >>> torch.linalg.solve(torch.eye(3).expand(5, 3, 3), T(5, 3))
    (5, 3)
    >>> torch.linalg.solve(torch.eye(3), T(4, 2))
    ! SHP102 linalg.solve: Incompatible shapes of A and B for the equation AX = B (3x3 and 4x2)
    """
    return _solve(A, B, left, "linalg.solve")


@op("linalg.solve_ex", ranks=RANKS)
def solve_ex(A: Tensor, B: Tensor, *, left: Bool = True, check_errors: Any = False, out: Any = None) -> Any:
    """X with AX = B, and an error code for each matrix.

    >>> torch.linalg.solve_ex(torch.eye(3), T(3, 2))
    [(3, 2) float32, () int32]
    >>> torch.linalg.solve_ex(T(3, 4), T(3, 2))
    ! SHP102 linalg.solve: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    result = _solve(A, B, left, "linalg.solve")
    return NamedResult(("result", "info"), (result, Tensor(A.shape[:-2], "int32")))


@op("linalg.solve_triangular", ranks={"input": (2, 3), "B": (2, 3)})
def solve_triangular(
    input: Tensor,
    B: Tensor,
    *,
    upper: Any,
    left: Bool = True,
    unitriangular: Any = False,
    out: Any = None,
) -> Tensor:
    """X with AX = B for triangular matrices: (*, n, n), (*, n, k) -> (*, n, k)

    >>> torch.linalg.solve_triangular(T(3, 3), T(3, 2), upper=True)
    (3, 2)
    >>> torch.linalg.solve_triangular(T(3, 3), T(4, 2), upper=True)
    ! SHP102 linalg.solve_triangular: Incompatible shapes of A and B for the equation AX = B (3x3 and 4x2)
    """
    name = "linalg.solve_triangular"
    expect_square(input, name)
    expect_matrices(B, name, "B")
    return Tensor(solved_shape(input, B, name, left), input.dtype, layout=None, device=input.device)


@op("torch.cholesky_solve", "Tensor.cholesky_solve", ranks={"input": (2, 3), "input2": (2, 3)})
def cholesky_solve(input: Tensor, input2: Tensor, upper: Any = False, *, out: Any = None) -> Tensor:
    """X with AX = B, where A is given by its factor: B (*, n, k), factor (*, n, n) -> (*, n, k)

    >>> torch.cholesky_solve(T(5, 3, 2), T(3, 3))
    (5, 3, 2)
    >>> torch.cholesky_solve(T(4, 2), T(3, 3))
    ! SHP102 Incompatible matrix sizes for cholesky_solve: each A matrix is 3 by 3 but each b matrix is 4 by 2
    """
    for matrix, name in ((input, "b"), (input2, "u")):
        text = f"{name} should have at least 2 dimensions, but has {matrix.rank} dimensions instead"
        expect(matrix.rank >= 2, "SHP107", text, expected=2, actual=matrix.rank, culprit=matrix)
    _expect_system(input, input2, "cholesky_solve")
    rows, columns = input.shape[-2:]
    batch = broadcast(input.shape[:-2], input2.shape[:-2])
    return matrices(batch, rows, columns, input)


def _expect_system(b: Tensor, a: Tensor, function: str) -> None:
    """Square matrices with as many rows as the right-hand sides (aten/src/ATen/native/LinearAlgebraUtils.h, linearSolveCheckInputs)."""
    m, n = a.shape[-2:]
    text = f"A must be batches of square matrices, but they are {word(m)} by {word(n)} matrices"
    expect_eq(m, n, "SHP102", text, expected=m, actual=n, axis=a.rank - 1, culprit=a)
    rows, columns = b.shape[-2:]
    text = (
        f"Incompatible matrix sizes for {function}: each A matrix is {word(n)} by {word(n)} "
        f"but each b matrix is {word(rows)} by {word(columns)}"
    )
    expect_eq(rows, n, "SHP102", text, expected=n, actual=rows, culprit=b)


@op("linalg.lu_solve", ranks={"LU": (2, 3), "pivots": (1, 2), "B": (2, 3)})
def lu_solve(
    LU: Tensor,
    pivots: Tensor,
    B: Tensor,
    *,
    left: Bool = True,
    adjoint: Any = False,
    out: Any = None,
) -> Tensor:
    """X with AX = B, where A is given by its factors: (*, n, n), (*, n), (*, n, k) -> (*, n, k)

    >>> torch.linalg.lu_solve(*torch.linalg.lu_factor(T(3, 3)), T(3, 2))
    (3, 2)
    >>> torch.linalg.lu_solve(*torch.linalg.lu_factor(T(3, 3)), T(4, 2))
    ! SHP102 linalg.lu_solve: Incompatible shapes of A and B for the equation AX = B (3x3 and 4x2)
    """
    name = "linalg.lu_solve"
    expect_square(LU, f"torch.{name}")
    expect_matrices(B, name, "B")
    expect_eq(B.shape[-2 if left else -1], LU.shape[-1], "SHP102", lambda: _unfit(LU, B, name, left), culprit=B)
    if pivots.rank:
        text = f"{name}: Number of pivots per batch should be same as the dimension of the matrix"
        expect_eq(pivots.shape[-1], LU.shape[-1], "SHP102", text, culprit=pivots)
    return Tensor(solved_shape(LU, B, name, left), B.dtype, layout=None, device=B.device)


def _unfit(a: Tensor, b: Tensor, function: str, left: bool) -> str:
    equation = "AX = B" if left else "XA = B"
    (m, n), (rows, columns) = a.shape[-2:], b.shape[-2:]
    return f"{function}: Incompatible shapes of A and B for the equation {equation} ({word(m)}x{word(n)} and {word(rows)}x{word(columns)})"


@op("torch.lu_solve", "Tensor.lu_solve", ranks={"input": (2, 3), "LU_data": (2, 3), "LU_pivots": (1, 2)})
def old_lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Any = None) -> Tensor:
    """X with AX = B, where A is given by its factors: B (*, n, k) first.

    >>> torch.lu_solve(T(3, 2), *torch.linalg.lu_factor(T(3, 3)))
    (3, 2)
    >>> torch.lu_solve(T(4, 2), *torch.linalg.lu_factor(T(3, 3)))
    ! SHP102 linalg.lu_solve: Incompatible shapes of A and B for the equation AX = B (3x3 and 4x2)
    """
    return lu_solve(LU_data, LU_pivots, input)


@op("linalg.ldl_solve", ranks={"LD": (2, 3), "pivots": (1, 2), "B": (2, 3)})
def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: Any = False, out: Any = None) -> Tensor:
    """X with AX = B, where A is given by its factors: (*, n, n), (*, n), (*, n, k) -> (*, n, k)

    >>> torch.linalg.ldl_solve(*torch.linalg.ldl_factor(T(3, 3)), T(3, 2))
    (3, 2)
    >>> torch.linalg.ldl_solve(*torch.linalg.ldl_factor(T(3, 3)), T(4, 2))
    ! SHP102 Incompatible matrix sizes for torch.linalg.ldl_solve: each A matrix is 3 by 3 but each b matrix is 4 by 2
    """
    name = "torch.linalg.ldl_solve"
    expect_square(LD, name)
    if B.rank < 2 or not pivots.rank:
        raise Unsure("a system of fewer than 2 axes")
    _expect_system(B, LD, name)
    text = f"{name}: Expected LD.shape[:-1] and pivots.shape to be the same, but got pivots with shape {brackets(pivots.shape)} instead"
    expect_eq(pivots.shape[-1], LD.shape[-1], "SHP102", text, culprit=pivots)
    return matrices(broadcast(B.shape[:-2], LD.shape[:-2]), B.shape[-2], B.shape[-1], B)


@op("torch.triangular_solve", "Tensor.triangular_solve", ranks={"input": (2, 3), "A": (2, 3)})
def triangular_solve(
    input: Tensor,
    A: Tensor,
    upper: Any = True,
    transpose: Any = False,
    unitriangular: Any = False,
    *,
    out: Any = None,
) -> Any:
    """X with AX = B for triangular matrices, and a copy of A: B (*, n, k), A (*, n, n).

    >>> torch.triangular_solve(T(3, 2), T(3, 3))
    [(3, 2), (3, 3)]
    >>> torch.triangular_solve(T(4, 2), T(3, 3))
    ! SHP102 Incompatible matrix sizes for triangular_solve: each A matrix is 3 by 3 but each b matrix is 4 by 2
    """
    for matrix, name in ((input, "b"), (A, "A")):
        text = f"torch.triangular_solve: Expected {name} to have at least 2 dimensions, but it has {matrix.rank} dimensions instead"
        expect(matrix.rank >= 2, "SHP107", text, expected=2, actual=matrix.rank, culprit=matrix)
    _expect_system(input, A, "triangular_solve")
    batch = broadcast(input.shape[:-2], A.shape[:-2])
    parts = matrices(batch, input.shape[-2], input.shape[-1], input), matrices(batch, A.shape[-2], A.shape[-1], A)
    return NamedResult(("solution", "cloned_coefficient"), parts)


@op("linalg.lstsq", ranks={"input": (2, 3), "b": (2, 3, 1)})
def lstsq(input: Tensor, b: Tensor, rcond: Any = None, *, driver: Any = None, out: Any = None) -> Any:
    """The X that brings AX nearest to B: (*, m, n) and (*, m, k) or (*, m) -> (*, n, k) or (*, n), residuals, ranks, singular values.

    >>> torch.linalg.lstsq(T(5, 3), T(5, 2)).solution
    (3, 2)
    >>> torch.linalg.lstsq(T(2, 5, 3), T(2, 5)).solution
    (2, 3)
    >>> torch.linalg.lstsq(T(5, 3), T(4, 2))
    ! SHP102 torch.linalg.lstsq: input.size(-2) should match other.size(-2)
    """
    name = "torch.linalg.lstsq"
    expect(input.rank >= 2, "SHP107", f"{name}: input must have at least 2 dimensions.", expected=2, actual=input.rank)
    expect(b.rank >= 1, "SHP107", f"{name}: other must have at least 1 dimension.", expected=1, actual=b.rank)
    text = f"{name}: input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1"
    expect(0 <= input.rank - b.rank <= 1, "SHP107", text)
    if isinstance(driver, str):
        words = f"{name}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)"
        expect(driver in DRIVERS, "SHP118", words, actual=driver)
    batch, (m, n) = input.shape[:-2], input.shape[-2:]
    if b.rank == 1:
        text = f"{name}: input.size(-2) should match other.size(-1)"
        expect_eq(b.shape[0], m, "SHP102", text, expected=m, actual=b.shape[0], culprit=b)
    if b.rank == 1 or _is_vector(input, b, input.shape[:-1]):
        solution = Tensor((*batch, n), input.dtype, layout=None)
    else:
        if input.rank != b.rank:
            raise Unsure("a right-hand side with fewer axes")
        text = f"{name}: input.size(-2) should match other.size(-2)"
        expect_eq(b.shape[-2], m, "SHP102", text, expected=m, actual=b.shape[-2], culprit=b)
        solution = matrices(broadcast(batch, b.shape[:-2]), n, b.shape[-1], input)
    residuals = Unknown("the residuals of lstsq depend on the data")  # empty, or one a column
    rank: Any = Tensor(batch, "int64")
    if driver not in DRIVERS[1:]:  # "gels", the default on a GPU, does not tell the ranks
        rank = Tensor((0,), "int64") if driver == "gels" else Unknown("the ranks of lstsq depend on the driver")
    values = Tensor((*batch, minimum(m, n)) if driver in ("gelsd", "gelss") else (0,), real_dtype(input.dtype))
    return NamedResult(("solution", "residuals", "rank", "singular_values"), (solution, residuals, rank, values))


@op("linalg.tensorsolve", ranks={"input": (4,), "other": (2,)})
def tensorsolve(input: Tensor, other: Tensor, dims: Any = None, *, out: Any = None) -> Tensor:
    """X with tensordot(A, X) = B: A has the axes of B first and those of X behind.

    >>> torch.linalg.tensorsolve(torch.eye(24).reshape(6, 4, 2, 3, 4), T(6, 4))
    (2, 3, 4)
    >>> torch.linalg.tensorsolve(T(6, 4, 2, 3), T(6, 4))
    ! SHP102 Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got 6 != 24
    """
    sizes = input.shape
    if dims is not None:
        moved = [axis(place, input.rank) for place in to_sizes(dims) if isinstance(place, int)]
        if len(set(moved)) != len(to_sizes(dims)):
            raise Unsure("the axes that tensorsolve moves are not known")
        sizes = (*(size for place, size in enumerate(sizes) if place not in moved), *(sizes[place] for place in moved))
    if input.rank < other.rank:
        raise Unsure("a map between tensors with fewer axes than what it maps")
    back = sizes[other.rank :]
    left, right = true_product(back), true_product(other.shape)
    text = (
        "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), "
        f"but got {word(left)} != {word(right)}"
    )
    expect_eq(left, right, "SHP102", text, expected=right, actual=left)
    whole = true_product(input.shape)
    text = f"shape '[{word(left)}, {word(left)}]' is invalid for input of size {word(whole)}"
    expect_eq(whole, left * left, "SHP104", text, expected=left * left, actual=whole)
    return Tensor(back, input.dtype, layout=None)
