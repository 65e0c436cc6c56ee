"""Factorisations of matrices of any shape: qr, svd, lu."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    NamedResult,
    Size,
    Tensor,
    Unsure,
    brackets,
    expect,
    expect_eq,
    expect_ge,
    expect_inexact,
    expect_matrices,
    expect_square,
    matrices,
    minimum,
    new,
    op,
    real_dtype,
    spelled,
)

RANKS = (2, 3, 4)


def _sides(input: Tensor, name: str) -> tuple[tuple[Size, ...], Size, Size]:
    expect_matrices(input, name)
    return input.shape[:-2], input.shape[-2], input.shape[-1]


def _qr(input: Tensor, mode: Any) -> Any:
    batch, m, n = _sides(input, "linalg.qr")
    if not isinstance(mode, str):
        raise Unsure("the mode of a factorisation is not known")
    expect_inexact(input, "linalg.qr")
    text = f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
    expect(mode in ("reduced", "r", "complete"), "SHP118", text, actual=mode)
    inner = m if mode == "complete" else minimum(m, n)
    q = new((0,), like=input) if mode == "r" else matrices(batch, m, inner, input)
    return NamedResult(("Q", "R"), (q, matrices(batch, inner, n, input)))


@op("linalg.qr", ranks=RANKS)
def linalg_qr(A: Tensor, mode: Any = "reduced", *, out: Any = None) -> Any:
    """(*, m, n) -> Q (*, m, k) and R (*, k, n); k is min(m, n), or m in full.

    >>> torch.linalg.qr(T(5, 4))
    [(5, 4), (4, 4)]
    >>> torch.linalg.qr(T(2, 5, 4), mode="complete")
    [(2, 5, 5), (2, 5, 4)]
    >>> torch.linalg.qr(T(5))
    ! SHP107 linalg.qr: The input tensor A must have at least 2 dimensions.
    """
    return _qr(A, mode)


@op("torch.qr", "Tensor.qr", ranks=RANKS)
def qr(input: Tensor, some: Any = True, *, out: Any = None) -> Any:
    """(*, m, n) -> Q (*, m, k) and R (*, k, n); k is min(m, n), or m without `some`.

    >>> torch.qr(T(5, 4), some=False)
    [(5, 5), (5, 4)]
    >>> torch.qr(T(5))
    ! SHP107 linalg.qr: The input tensor A must have at least 2 dimensions.
    """
    if not isinstance(some, (bool, int)):
        raise Unsure("the mode of a factorisation is not known")
    return _qr(input, "reduced" if some else "complete")


def _svd(input: Tensor, full: Any) -> tuple[Tensor, Tensor, Size, Size]:
    """U (*, m, k), S (*, min), k for the other side and n."""
    batch, m, n = _sides(input, "linalg.svd")
    expect_inexact(input, "linalg.svd")
    if not isinstance(full, (bool, int)):
        raise Unsure("whether all singular vectors are wanted is not known")
    least = minimum(m, n)
    values = Tensor((*batch, least), real_dtype(input.dtype), device=input.device)
    return matrices(batch, m, m if full else least, input), values, n if full else least, n


@op("linalg.svd", ranks=RANKS)
def linalg_svd(A: Tensor, full_matrices: Any = True, *, driver: Any = None, out: Any = None) -> Any:
    """(*, m, n) -> U (*, m, m), S (*, min(m, n)), Vh (*, n, n), or with min(m, n) vectors only.

    >>> torch.linalg.svd(T(3, 4))
    [(3, 3), (3,), (4, 4)]
    >>> torch.linalg.svd(T(2, 3, 4), full_matrices=False)
    [(2, 3, 3), (2, 3), (2, 3, 4)]
    >>> torch.linalg.svd(T(3))
    ! SHP107 linalg.svd: The input tensor A must have at least 2 dimensions.
    """
    u, s, count, n = _svd(A, full_matrices)
    return NamedResult(("U", "S", "Vh"), (u, s, matrices(A.shape[:-2], count, n, A)))


@op("torch.svd", "Tensor.svd", ranks=RANKS)
def svd(input: Tensor, some: Any = True, compute_uv: Any = True, *, out: Any = None) -> Any:
    """(*, m, n) -> U (*, m, k), S (*, min(m, n)), V (*, n, k); k is min(m, n), or all vectors without `some`.

    >>> torch.svd(T(3, 4))
    [(3, 3), (3,), (4, 3)]
    >>> torch.svd(T(3))
    ! SHP107 linalg.svd: input should have at least 2 dimensions, but has 1 dimensions instead
    """
    if not isinstance(some, (bool, int)):
        raise Unsure("whether all singular vectors are wanted is not known")
    text = f"linalg.svd: input should have at least 2 dimensions, but has {input.rank} dimensions instead"
    expect(input.rank >= 2, "SHP107", text, expected=2, actual=input.rank)
    u, s, count, n = _svd(input, not some or compute_uv is False)
    return NamedResult(("U", "S", "V"), (u, s, matrices(input.shape[:-2], n, count, input)))


@op("linalg.svdvals", ranks=RANKS)
def svdvals(A: Tensor, *, driver: Any = None, out: Any = None) -> Tensor:
    """The singular values: (*, m, n) -> (*, min(m, n))

    >>> torch.linalg.svdvals(T(2, 3, 4))
    (2, 3)
    >>> torch.linalg.svdvals(T(3))
    ! SHP107 linalg.svd: The input tensor A must have at least 2 dimensions.
    """
    return _svd(A, False)[1]


@op("linalg.lu", ranks=RANKS)
def lu(A: Tensor, *, pivot: Any = True, out: Any = None) -> Any:
    """(*, m, n) -> P (*, m, m), L (*, m, k), U (*, k, n); k is min(m, n)

    >>> torch.linalg.lu(T(2, 5, 3))
    [(2, 5, 5), (2, 5, 3), (2, 3, 3)]
    >>> torch.linalg.lu(T(3))
    ! SHP107 linalg.lu: Expected tensor with 2 or more dimensions. Got size: [3] instead
    """
    text = f"linalg.lu: Expected tensor with 2 or more dimensions. Got size: {brackets(A.shape)} instead"
    expect(A.rank >= 2, "SHP107", text, expected=2, actual=A.rank)
    batch, (m, n) = A.shape[:-2], A.shape[-2:]
    k = minimum(m, n)
    p = matrices(batch, m, m, A)
    if pivot is not True:
        raise Unsure("a factorisation without pivots")
    return NamedResult(("P", "L", "U"), (p, matrices(batch, m, k, A), matrices(batch, k, n, A)))


@op("linalg.lu_factor", "linalg.lu_factor_ex", "torch.lu", "Tensor.lu", ranks=RANKS)
def lu_factor(A: Tensor, pivot: Any = True, get_infos: Any = False, out: Any = None, *, check_errors: Any = False) -> Any:
    """Both factors in one matrix (*, m, n), and pivots (*, min(m, n)).

    >>> torch.linalg.lu_factor(T(2, 5, 3))
    [(2, 5, 3) float32, (2, 3) int32]
    >>> torch.linalg.lu_factor(T(3))
    ! SHP107 torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: [3] instead
    """
    text = f"torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: {brackets(A.shape)} instead"
    expect(A.rank >= 2, "SHP107", text, expected=2, actual=A.rank)
    batch, (m, n) = A.shape[:-2], A.shape[-2:]
    parts: tuple[Tensor, ...] = (matrices(batch, m, n, A), Tensor((*batch, minimum(m, n)), "int32"))
    name = spelled()
    if name == "lu" and get_infos is not False:
        if get_infos is not True:
            raise Unsure("whether error codes are wanted is not known")
        return (*parts, Tensor(batch, "int32"))
    if name == "lu_factor_ex":
        return NamedResult(("LU", "pivots", "info"), (*parts, Tensor(batch, "int32")))
    return NamedResult(("LU", "pivots"), parts) if name == "lu_factor" else parts


@op("torch.lu_unpack", ranks={"LU_data": RANKS, "LU_pivots": (1, 2)}, refuses_nothing=True)
def lu_unpack(
    LU_data: Tensor,
    LU_pivots: Tensor,
    unpack_data: Any = True,
    unpack_pivots: Any = True,
    *,
    out: Any = None,
) -> Any:
    """(*, m, n) and pivots -> P (*, m, m), L (*, m, k), U (*, k, n)

    >>> torch.lu_unpack(*torch.linalg.lu_factor(T(5, 3)))
    [(5, 5), (5, 3), (3, 3)]
    """
    if LU_data.rank < 2 or unpack_data is not True or unpack_pivots is not True:
        raise Unsure("factors that are not unpacked in full")
    batch, (m, n) = LU_data.shape[:-2], LU_data.shape[-2:]
    k = minimum(m, n)
    parts = matrices(batch, m, m, LU_data), matrices(batch, m, k, LU_data), matrices(batch, k, n, LU_data)
    return NamedResult(("P", "L", "U"), parts)


@op("linalg.ldl_factor", ranks=RANKS)
def ldl_factor(input: Tensor, *, hermitian: Any = False, out: Any = None) -> Any:
    """Both factors of symmetric matrices in one (*, n, n), and pivots (*, n).

    >>> torch.linalg.ldl_factor(T(3, 3))
    [(3, 3) float32, (3,) int32]
    >>> torch.linalg.ldl_factor(T(3, 4))
    ! SHP102 torch.linalg.ldl_factor_ex: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    expect_square(input, "torch.linalg.ldl_factor_ex")
    parts = matrices(input.shape[:-2], input.shape[-2], input.shape[-1], input), Tensor(input.shape[:-1], "int32")
    return NamedResult(("LD", "pivots"), parts)


@op("torch.geqrf", "Tensor.geqrf", ranks=RANKS)
def geqrf(input: Tensor, *, out: Any = None) -> Any:
    """The factors of qr as LAPACK keeps them: (*, m, n) and (*, min(m, n))

    >>> torch.geqrf(T(5, 3))
    [(5, 3), (3,)]
    >>> torch.geqrf(T(5))
    ! SHP107 torch.geqrf: input must have at least 2 dimensions.
    """
    expect(input.rank >= 2, "SHP107", "torch.geqrf: input must have at least 2 dimensions.", expected=2, actual=input.rank)
    batch, (m, n) = input.shape[:-2], input.shape[-2:]
    return NamedResult(("a", "tau"), (matrices(batch, m, n, input), new((*batch, minimum(m, n)), like=input)))


@op("linalg.householder_product", ranks={"input": RANKS, "tau": (1, 2)})
def householder_product(input: Tensor, tau: Tensor, *, out: Any = None) -> Tensor:
    """The first columns of a product of reflections: (*, m, n), (*, k) -> (*, m, n)

    >>> torch.linalg.householder_product(T(5, 3), T(3))
    (5, 3)
    >>> torch.linalg.householder_product(T(5, 3), T(4))
    ! SHP102 torch.linalg.householder_product: input.shape[-1] must be greater than or equal to tau.shape[-1]
    """
    name = "torch.linalg.householder_product"
    expect(input.rank >= 2, "SHP107", f"{name}: input must have at least 2 dimensions.", expected=2, actual=input.rank)
    m, n = input.shape[-2:]
    expect_ge(m, n, "SHP102", f"{name}: input.shape[-2] must be greater than or equal to input.shape[-1]")
    if tau.rank:
        expect_ge(n, tau.shape[-1], "SHP102", f"{name}: input.shape[-1] must be greater than or equal to tau.shape[-1]", culprit=tau)
    text = f"{name}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got {brackets(tau.shape[:-1])}"
    if tau.rank == input.rank - 1:
        for size, wanted in zip(tau.shape[:-1], input.shape[:-2], strict=True):
            expect_eq(size, wanted, "SHP102", text, expected=wanted, actual=size, culprit=tau)
    return matrices(input.shape[:-2], m, n, input)


@op("torch.orgqr", "Tensor.orgqr", ranks={"input": RANKS, "input2": (1, 2)})
def orgqr(input: Tensor, input2: Tensor, *, out: Any = None) -> Tensor:
    """The first columns of a product of reflections: (*, m, n), (*, k) -> (*, m, n)

    >>> torch.orgqr(T(5, 3), T(2))
    (5, 3)
    >>> torch.orgqr(T(5, 3), T(4))
    ! SHP102 torch.linalg.householder_product: input.shape[-1] must be greater than or equal to tau.shape[-1]
    """
    return householder_product(input, input2, out=out)
