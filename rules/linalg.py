"""Functions of square matrices: det, inv, cholesky, matrix_exp, eigenvalues, and a few of any matrices."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Int,
    NamedResult,
    Size,
    Str,
    Tensor,
    Unsure,
    complex_dtype,
    expect,
    expect_eq,
    expect_ge,
    expect_inexact,
    expect_matrices,
    expect_square,
    facts,
    fresh,
    into,
    matrices,
    minimum,
    new,
    op,
    real_dtype,
    refuse,
    spelled,
    true_product,
    type_name,
    word,
)

RANKS = (2, 3, 4)
UPPER_OR_LOWER = "Expected UPLO argument to be 'L' or 'U', but got"


def _batch(matrix: Tensor, dtype: str | None) -> Tensor:
    """A number for each matrix."""
    return Tensor(matrix.shape[:-2], dtype, device=matrix.device)


@op("linalg.det", ranks={"A": RANKS})
def linalg_det(A: Tensor, *, out: Any = None) -> Tensor:
    """The determinants of square matrices: (*, n, n) -> (*)

    >>> torch.linalg.det(T(2, 3, 3))
    (2,)
    >>> torch.linalg.det(T(3))
    ! SHP107 linalg.det: The input tensor A must have at least 2 dimensions.
    """
    expect_square(A, "linalg.det")
    expect_inexact(A, "linalg.det")
    return into(out, _batch(A, A.dtype))


@op("torch.det", "Tensor.det", ranks=RANKS)
def det(input: Tensor) -> Tensor:
    """The determinants of square matrices: (*, n, n) -> (*)

    >>> torch.det(T(2, 3, 3))
    (2,)
    >>> torch.det(T(3, 4))
    ! SHP102 linalg.det: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    return linalg_det(input)


@op("torch.logdet", "Tensor.logdet", ranks=RANKS)
def logdet(input: Tensor) -> Tensor:
    """The logarithms of determinants: (*, n, n) -> (*)

    >>> torch.logdet(T(2, 3, 3))
    (2,)
    >>> torch.logdet(T(3))
    ! SHP107 logdet: The input tensor A must have at least 2 dimensions.
    """
    expect_square(input, "logdet")
    expect_inexact(input, "logdet")
    return _batch(input, input.dtype)


@op("linalg.slogdet", ranks={"A": RANKS})
def linalg_slogdet(A: Tensor, *, out: Any = None) -> Any:
    """Sign and logarithm of determinants: (*, n, n) -> (*), (*)

    >>> torch.linalg.slogdet(T(2, 3, 3))
    [(2,), (2,)]
    >>> torch.linalg.slogdet(T(2, 3, 4))
    ! SHP102 linalg.slogdet: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    expect_square(A, "linalg.slogdet")
    expect_inexact(A, "linalg.slogdet")
    return NamedResult(("sign", "logabsdet"), (_batch(A, A.dtype), _batch(A, real_dtype(A.dtype))))


@op("torch.slogdet", "Tensor.slogdet", ranks=RANKS)
def slogdet(input: Tensor, *, out: Any = None) -> Any:
    """Sign and logarithm of determinants: (*, n, n) -> (*), (*)

    >>> torch.slogdet(T(2, 3, 3))
    [(2,), (2,)]
    >>> torch.slogdet(T(3))
    ! SHP107 linalg.slogdet: The input tensor A must have at least 2 dimensions.
    """
    return linalg_slogdet(input)


@op("linalg.inv", ranks={"A": RANKS})
def inv(A: Tensor, *, out: Any = None) -> Tensor:
    """Inverse matrices: (*, n, n) -> (*, n, n)

    >>> torch.linalg.inv(T(2, 3, 3))
    (2, 3, 3)
    >>> torch.linalg.inv(T(3))
    ! SHP107 linalg.inv: The input tensor A must have at least 2 dimensions.
    """
    expect_square(A, "linalg.inv")
    expect_inexact(A, "linalg.inv")
    return into(out, matrices(A.shape[:-2], A.shape[-2], A.shape[-1], A))


@op("torch.inverse", "Tensor.inverse", ranks=RANKS)
def inverse(input: Tensor, *, out: Any = None) -> Tensor:
    """Inverse matrices: (*, n, n) -> (*, n, n)

    >>> torch.inverse(T(2, 3, 3))
    (2, 3, 3)
    >>> torch.inverse(T(3, 4))
    ! SHP102 linalg.inv: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    return inv(input, out=out)


@op("linalg.inv_ex", ranks={"A": RANKS})
def inv_ex(A: Tensor, *, check_errors: Any = False, out: Any = None) -> Any:
    """Inverse matrices, and an error code for each.

    >>> torch.linalg.inv_ex(T(2, 3, 3))
    [(2, 3, 3) float32, (2,) int32]
    >>> torch.linalg.inv_ex(T(2, 3, 4))
    ! SHP102 linalg.inv: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    return NamedResult(("inverse", "info"), (inv(A), _batch(A, "int32")))


@op("linalg.cholesky_ex", ranks=RANKS)
def cholesky_ex(input: Tensor, *, upper: Any = False, check_errors: Any = False, out: Any = None) -> Any:
    """The triangular factor of positive matrices, and an error code for each.

    >>> torch.linalg.cholesky_ex(T(2, 3, 3))
    [(2, 3, 3) float32, (2,) int32]
    >>> torch.linalg.cholesky_ex(T(2, 3, 4))
    ! SHP102 linalg.cholesky: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    return NamedResult(("L", "info"), (cholesky(input), _batch(input, "int32")))


@op("linalg.cholesky", ranks=RANKS)
def cholesky(input: Tensor, *, upper: Any = False, out: Any = None) -> Tensor:
    """The triangular factor of positive matrices: (*, n, n) -> (*, n, n)

    >>> torch.linalg.cholesky(torch.eye(3).expand(2, 3, 3))
    (2, 3, 3)
    >>> torch.linalg.cholesky(T(3, 4))
    ! SHP102 linalg.cholesky: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    expect_square(input, "linalg.cholesky")
    expect_inexact(input, "linalg.cholesky")
    return into(out, matrices(input.shape[:-2], input.shape[-2], input.shape[-1], input))


@op("torch.cholesky", "Tensor.cholesky", "torch.cholesky_inverse", "Tensor.cholesky_inverse", ranks=RANKS)
def old_cholesky(input: Tensor, upper: Any = False, *, out: Any = None) -> Tensor:
    """The triangular factor of positive matrices, or the inverse of what it factors.

    >>> torch.cholesky_inverse(T(3, 3))
    (3, 3)
    >>> torch.cholesky(T(3, 4))
    ! SHP102 cholesky: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    if not (spelled() == "cholesky" and facts().eq(input.numel(), 0).yes):  # of nothing torch asks nothing
        expect_square(input, spelled())
    return into(out, matrices(input.shape[:-2], input.shape[-2], input.shape[-1], input))


@op("linalg.matrix_exp", "torch.matrix_exp", "Tensor.matrix_exp", ranks=RANKS)
def matrix_exp(input: Tensor, *, out: Any = None) -> Tensor:
    """The exponential of square matrices: (*, n, n) -> (*, n, n)

    >>> torch.linalg.matrix_exp(T(2, 3, 3))
    (2, 3, 3)
    >>> torch.matrix_exp(T(3, 4))
    ! SHP102 linalg.matrix_exp: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    expect_square(input, "linalg.matrix_exp")
    expect_inexact(input, "linalg.matrix_exp")
    if out is not None:
        raise Unsure("out= is not followed")
    return matrices(input.shape[:-2], input.shape[-2], input.shape[-1], input)


def _values(matrix: Tensor, dtype: str | None) -> Tensor:
    return Tensor(matrix.shape[:-1], dtype, device=matrix.device)


@op("linalg.eig", "linalg.eigvals", ranks=RANKS)
def eig(input: Tensor, *, out: Any = None) -> Any:
    """Eigenvalues (*, n) and eigenvectors (*, n, n) of square matrices, complex.

    >>> torch.linalg.eig(T(2, 3, 3))
    [(2, 3) complex64, (2, 3, 3) complex64]
    >>> torch.linalg.eigvals(T(3, 3))
    (3,)
    >>> torch.linalg.eig(T(3, 4))
    ! SHP102 linalg.eig: A must be batches of square matrices, but they are 3 by 4 matrices
    """
    name = spelled()
    expect_square(input, f"linalg.{name}")
    dtype = complex_dtype(input.dtype)
    values = _values(input, dtype)
    if name == "eigvals":
        return values
    vectors = Tensor(input.shape, dtype, layout=None, device=input.device)
    return NamedResult(("eigenvalues", "eigenvectors"), (values, vectors))


@op("linalg.eigh", "linalg.eigvalsh", ranks=RANKS)
def eigh(input: Tensor, UPLO: Str = "L", *, out: Any = None) -> Any:
    """Eigenvalues (*, n), real, and eigenvectors (*, n, n) of symmetric matrices.

    >>> torch.linalg.eigh(T(2, 3, 3))
    [(2, 3), (2, 3, 3)]
    >>> torch.linalg.eigvalsh(T(3, 3))
    (3,)
    >>> torch.linalg.eigh(T(3, 3), UPLO="Q")
    ! SHP118 Expected UPLO argument to be 'L' or 'U', but got Q
    """
    expect_square(input, "linalg.eigh")
    expect(UPLO.upper() in ("L", "U"), "SHP118", f"{UPPER_OR_LOWER} {UPLO}", actual=UPLO)
    values = _values(input, real_dtype(input.dtype))
    if spelled() == "eigvalsh":
        return values
    vectors = Tensor(input.shape, input.dtype, layout=None, device=input.device)
    return NamedResult(("eigenvalues", "eigenvectors"), (values, vectors))


@op("linalg.cond", ranks=RANKS)
def cond(input: Tensor, p: Any = None, *, out: Any = None) -> Tensor:
    """Condition numbers: (*, m, n) -> (*); square matrices except for the 2-norm.

    >>> torch.linalg.cond(T(2, 3, 4))
    (2,)
    >>> torch.linalg.cond(T(3, 4), p="fro")
    ! SHP102 linalg.cond(ord=fro): A must be batches of square matrices, but they are 3 by 4 matrices
    """
    text = "linalg.cond: The input tensor must have at least 2 dimensions."
    expect(input.rank >= 2, "SHP107", text, expected=2, actual=input.rank)
    if p not in (None, 2, -2):
        if not isinstance(p, (str, int, float)):
            raise Unsure("the norm of a condition number is not known")
        expect_square(input, f"linalg.cond(ord={p})")
    return into(out, _batch(input, real_dtype(input.dtype)))


@op("linalg.matrix_rank", ranks=RANKS)
def matrix_rank(input: Tensor, tol: Any = None, hermitian: Any = False, *, atol: Any = None, rtol: Any = None, out: Any = None) -> Tensor:
    """The rank of each matrix: (*, m, n) -> (*)

    >>> torch.linalg.matrix_rank(T(2, 5, 3))
    (2,) int64
    >>> torch.linalg.matrix_rank(T(3))
    ! SHP107 torch.linalg.matrix_rank: The input tensor input must have at least 2 dimensions.
    """
    expect_matrices(input, "torch.linalg.matrix_rank", "input")
    if any(isinstance(given, Tensor) and given.rank for given in (tol, atol, rtol)):
        raise Unsure("a tolerance for each matrix")
    if hermitian is True and not facts().eq(input.numel(), 0).yes:
        expect_square(input, "linalg.eigh")
    return into(out, _batch(input, "int64"))


@op("linalg.pinv", ranks=RANKS)
def pinv(input: Tensor, rcond: Any = None, hermitian: Any = False, *, atol: Any = None, rtol: Any = None, out: Any = None) -> Tensor:
    """Pseudo-inverse matrices: (*, m, n) -> (*, n, m)

    >>> torch.linalg.pinv(T(2, 5, 3))
    (2, 3, 5)
    >>> torch.linalg.pinv(T(3))
    ! SHP107 linalg.pinv(Float{[3]}): expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types
    """
    if any(isinstance(given, Tensor) and given.rank for given in (rcond, atol, rtol)):
        raise Unsure("a tolerance for each matrix")
    return into(out, _pinv(input, hermitian))


@op("torch.pinverse", "Tensor.pinverse", ranks=RANKS)
def pinverse(input: Tensor, rcond: Any = 1e-15) -> Tensor:
    """Pseudo-inverse matrices: (*, m, n) -> (*, n, m)

    >>> torch.pinverse(T(5, 3))
    (3, 5)
    >>> torch.pinverse(T(3))
    ! SHP107 linalg.pinv(Float{[3]}): expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types
    """
    return _pinv(input, False)


def _pinv(input: Tensor, hermitian: Any) -> Tensor:
    kind = type_name(input.dtype or "float32")
    sizes = ", ".join(map(word, input.shape))
    text = f"linalg.pinv({kind}{{[{sizes}]}}): expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types"
    whole = input.dtype is not None and real_dtype(input.dtype) not in ("float64", "float32", "float16", "bfloat16")
    expect(input.rank >= 2, "SHP107", text, expected=2, actual=input.rank)
    expect(not whole, "SHP117", text, actual=input.dtype)
    if hermitian is True and not facts().eq(input.numel(), 0).yes:
        expect_square(input, "linalg.eigh")
    return matrices(input.shape[:-2], input.shape[-1], input.shape[-2], input)


@op("linalg.tensorinv", ranks=(4,))
def tensorinv(input: Tensor, ind: Int = 2, *, out: Any = None) -> Tensor:
    """The inverse of a map between tensors: axes from `ind` on and before it change places.

    >>> torch.linalg.tensorinv(T(4, 6, 8, 3), ind=2)
    (8, 3, 4, 6)
    >>> torch.linalg.tensorinv(T(4, 6, 8, 2), ind=2)
    ! SHP102 Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got 16 != 24
    """
    expect(ind > 0, "SHP118", f"Expected a strictly positive integer for 'ind', but got {ind}", actual=ind)
    front, back = input.shape[:ind], input.shape[ind:]
    left, right = true_product(back), true_product(front)
    text = (
        f"Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got {word(left)} != {word(right)}"
    )
    expect_eq(left, right, "SHP102", text, expected=right, actual=left)
    return into(out, Tensor((*back, *front), input.dtype, layout=None))


@op("linalg.vander", ranks=(1, 2))
def linalg_vander(x: Tensor, N: Size | None = None) -> Tensor:
    """Powers 0 to N - 1 of each number: (*, n) -> (*, n, N)

    >>> torch.linalg.vander(T(2, 4), N=3)
    (2, 4, 3)
    >>> torch.linalg.vander(T(4), N=1)
    ! SHP118 N must be greater than 1.
    """
    shape = x.shape or (1,)
    powers = shape[-1] if N is None else N
    expect_ge(powers, 2, "SHP118", "N must be greater than 1.", actual=powers, blame="N")
    return Tensor((*shape, powers), _summed(x.dtype), layout=None)


@op("torch.vander", ranks=(1,))
def vander(x: Tensor, N: Size | None = None, increasing: Any = False) -> Tensor:
    """Powers of each number: (n) -> (n, N)

    >>> torch.vander(T(4), 3)
    (4, 3)
    >>> torch.vander(T(2, 4))
    ! SHP107 x must be a one-dimensional tensor.
    """
    expect(x.rank == 1, "SHP107", "x must be a one-dimensional tensor.", expected=1, actual=x.rank)
    return Tensor((x.shape[0], x.shape[0] if N is None else N), _summed(x.dtype), layout=None)


def _summed(dtype: str | None) -> str | None:
    return dtype if dtype is not None and (dtype.startswith(("float", "bfloat", "complex"))) else None


def _low_rank(a: Tensor, count: Size) -> Any:
    """The `count` largest singular values (*, count) of (*, m, n) with their vectors."""
    batch, (m, n) = a.shape[:-2], a.shape[-2:]
    if not facts().le(count, minimum(m, n)).yes:
        count = fresh("q", low=0)
    return matrices(batch, m, count, a), new((*batch, count), like=a), matrices(batch, n, count, a)


@op("torch.svd_lowrank", ranks=RANKS, refuses_nothing=True)
def svd_lowrank(A: Tensor, q: Size = 6, niter: Any = 2, M: Any = None) -> Any:
    """The q largest singular values (*, q) of (*, m, n) with their vectors (*, m, q) and (*, n, q).

    >>> torch.svd_lowrank(T(20, 10), q=4)
    [(20, 4), (4,), (10, 4)]
    """
    if A.rank < 2:
        raise Unsure("a low-rank decomposition of fewer than 2 axes")
    return _low_rank(A, minimum(q, *A.shape[-2:]))


@op("torch.pca_lowrank", ranks=RANKS)
def pca_lowrank(A: Tensor, q: Size | None = None, center: Any = True, niter: Any = 2) -> Any:
    """The q largest singular values (*, q) of centred (*, m, n) with their vectors; q is min(6, m, n) by default.

    >>> torch.pca_lowrank(T(20, 10))
    [(20, 6), (6,), (10, 6)]
    >>> torch.pca_lowrank(T(20, 10), q=11)
    ! SHP118 q(=11) must be non-negative integer and not greater than min(m, n)=10
    """
    if A.rank < 2:
        raise Unsure("a low-rank decomposition of fewer than 2 axes")
    least = minimum(*A.shape[-2:])
    if q is not None and facts().gt(q, least).yes:
        text = f"q(={word(q)}) must be non-negative integer and not greater than min(m, n)={word(least)}"
        refuse("SHP118", text, error="ValueError", expected=least, actual=q, blame="q")
    return _low_rank(A, minimum(6, least) if q is None else q)
