"""Sparse matrices: how they are made, and their products. Their strides are never known, and that tells them from dense ones."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    External,
    Int,
    Size,
    Tensor,
    Unsure,
    axes,
    axis,
    brackets,
    call,
    current,
    dtype_argument,
    expect,
    expect_eq,
    fresh,
    op,
    reduced,
    shared_dtype,
    sizes_argument,
    spelled,
    times,
    to_ints,
    to_sequence,
    to_sizes,
    to_tensor,
    word,
)


def _sparse(shape: Any, dtype: str | None, like: Tensor | None = None) -> Tensor:
    return Tensor(shape, dtype, None, None, device=like.device if like is not None else None)


def _matrices(a: Tensor, b: Tensor, kernel: str) -> tuple[Size, Size]:
    """The sizes of the product; a product of tensors that are no matrices is left alone."""
    if a.rank != 2 or b.rank != 2:
        raise Unsure(f"{spelled()} of tensors that are no matrices")

    def sentence() -> str:
        if a.layout is None and b.layout is not None:
            return f"{kernel}: Expected dim 0 size {word(a.shape[1])}, got {word(b.shape[0])}"
        return f"mat1 and mat2 shapes cannot be multiplied ({times(a.shape)} and {times(b.shape)})"

    expect_eq(
        a.shape[1],
        b.shape[0],
        "SHP102",
        sentence,
        message=lambda: f"the inner sizes {word(a.shape[1])} and {word(b.shape[0])} of {brackets(a.shape)} and {brackets(b.shape)} differ",
        expected=a.shape[1],
        actual=b.shape[0],
        axis=1,
    )
    return a.shape[0], b.shape[1]


@op("torch.sparse.mm", ranks={"sparse": (2,), "dense": (2,)})
def mm(sparse: Tensor, dense: Tensor, reduce: Any = None) -> Tensor:
    """(n, k) x (k, m) -> (n, m), dense where one of the two is.

    >>> torch.sparse.mm(T(3, 4).to_sparse(), T(4, 5))
    (3, 5) float32
    >>> torch.sparse.mm(T(3, 4), T(4, 5))
    (3, 5)
    >>> torch.sparse.mm(T(3, 4).to_sparse(), T(5, 6))
    ! SHP102 addmm: Argument #3 (dense): Expected dim 0 size 4, got 5
    """
    shape = _matrices(sparse, dense, "addmm: Argument #3 (dense)")
    return _sparse(shape, shared_dtype(sparse, dense), sparse)


@op("torch.spmm", "torch.dsmm", ranks={"input": (2,), "mat2": (2,)})
def spmm(input: Tensor, mat2: Tensor) -> Tensor:
    """(n, k) x (k, m) -> (n, m), by the old names of torch.mm.

    >>> torch.spmm(T(3, 4).to_sparse(), T(4, 5))
    (3, 5) float32
    >>> torch.spmm(T(3, 4).to_sparse(), T(5, 6))
    ! SHP102 addmm: Argument #3 (dense): Expected dim 0 size 4, got 5
    """
    shape = _matrices(input, mat2, "addmm: Argument #3 (dense)")
    return _sparse(shape, shared_dtype(input, mat2), input)


@op("torch.smm", "Tensor.smm", ranks={"input": (2,), "mat2": (2,)})
def smm(input: Tensor, mat2: Tensor) -> Tensor:
    """(n, k) x (k, m) -> (n, m), which is sparse.

    >>> T(3, 4).to_sparse().smm(T(4, 5))
    (3, 5) float32
    >>> torch.smm(T(3, 4).to_sparse(), T(5, 6))
    ! SHP102 sspaddmm: Argument #3: Expected dim 0 size 4, got 5
    """
    return _sparse(_matrices(input, mat2, "sspaddmm: Argument #3"), shared_dtype(input, mat2), input)


@op("torch.hspmm", ranks={"mat1": (2,), "mat2": (2,)})
def hspmm(mat1: Tensor, mat2: Tensor, *, out: Any = None) -> Tensor:
    """(n, k) x (k, m) -> (n, m), which is sparse.

    >>> torch.hspmm(T(3, 4).to_sparse(), T(4, 5))
    (3, 5) float32
    >>> torch.hspmm(T(3, 4).to_sparse(), T(5, 6))
    ! SHP102 hspmm: Argument #3: Expected dim 0 size 4, got 5
    """
    return _sparse(_matrices(mat1, mat2, "hspmm: Argument #3"), shared_dtype(mat1, mat2), mat1)


@op("torch.sparse.addmm", ranks={"input": (2,), "mat1": (2,), "mat2": (2,)})
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, out: Any = None, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2), which has the shape of the product.

    >>> torch.sparse.addmm(T(3, 5), T(3, 4).to_sparse(), T(4, 5))
    (3, 5) float32
    >>> torch.sparse.addmm(T(3, 5), T(3, 4).to_sparse(), T(5, 5))
    ! SHP102 addmm: Argument #3 (dense): Expected dim 0 size 4, got 5
    """
    shape = _matrices(mat1, mat2, "addmm: Argument #3 (dense)")
    return _sparse(shape, shared_dtype(mat1, mat2), mat1)


@op("torch.sparse.sum")
def sparse_sum(input: Tensor, dim: Any = None, dtype: Any = None) -> Tensor:
    """Over all axes, or over some; what is left may be sparse.

    >>> torch.sparse.sum(T(3, 4).to_sparse())
    () float32
    >>> torch.sparse.sum(T(3, 4).to_sparse(), dim=0)
    (4,) float32
    >>> torch.sparse.sum(T(3, 4).to_sparse(), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    gone = range(input.rank) if dim is None else axes(to_ints(dim), input.rank)
    return _sparse(reduced(input.shape, gone, False), dtype_argument(dtype, input.dtype), input)


@op("torch.sparse.softmax", "torch.sparse.log_softmax", lazy=True)
def sparse_softmax(input: Tensor, dim: Int, dtype: Any = None, half_to_float: Any = None, *, out: Any = None) -> Tensor:
    """Along one axis.

    >>> torch.sparse.softmax(T(3, 4).to_sparse(), dim=1)
    (3, 4) float32
    >>> torch.sparse.log_softmax(T(3, 4).to_sparse(), 2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    axis(dim, input.rank)
    return _sparse(input.shape, dtype_argument(dtype, input.dtype), input)


@op("Tensor.to_sparse", "Tensor.to_sparse_coo", refuses_nothing=True)
def to_sparse(input: Tensor, sparse_dim: Any = None, *, layout: Any = None, blocksize: Any = None, dense_dim: Any = None) -> Tensor:
    """The same matrix, kept in another way.

    >>> T(3, 4).to_sparse()
    (3, 4) float32
    >>> T(3, 4).to_sparse(1)
    (3, 4) float32
    """
    return _sparse(input.shape, input.dtype, input)


@op("Tensor.to_sparse_csr", "Tensor.to_sparse_csc", refuses_nothing=True)
def to_sparse_csr(input: Tensor, dense_dim: Any = None) -> Tensor:
    """The same matrix, by its rows or columns.

    >>> T(3, 4).to_sparse_csr()
    (3, 4) float32
    """
    return _sparse(input.shape, input.dtype, input)


@op("Tensor.coalesce", refuses_nothing=True)
def coalesce(input: Tensor) -> Tensor:
    """The same matrix, each element once.

    >>> T(3, 4).to_sparse().coalesce()
    (3, 4) float32
    """
    return _sparse(input.shape, input.dtype, input)


def _data(value: Any, ranks: tuple[int, ...]) -> Tensor:
    """A tensor, or one of nested lists."""
    value = current().pinned(value)
    if to_sequence(value) is not None or isinstance(value, (int, float)):
        value = call(External("torch.as_tensor"), value)
    return to_tensor(value, ranks)


@op("torch.sparse_coo_tensor", "torch.sparse.FloatTensor", "torch.sparse.DoubleTensor", "torch.sparse.LongTensor", raw=True)
def sparse_coo_tensor(*args: Any, **kwargs: Any) -> Tensor:
    """From indices (sparse axes, elements) and values (elements, dense axes...), with the sizes where they are given.

    >>> torch.sparse_coo_tensor(I(2, 5), T(5), (3, 4))
    (3, 4) float32
    >>> torch.sparse_coo_tensor(I(2, 5), T(5, 7), (3, 4, 7), dtype=torch.float64)
    (3, 4, 7) float64
    >>> torch.sparse_coo_tensor(size=(3, 4))
    (3, 4) float32
    >>> torch.sparse_coo_tensor(I(2, 5), T(4), (3, 4))
    ! SHP104 indices and values must have same nnz, but got nnz from indices: 5, nnz from values: 4
    >>> torch.sparse_coo_tensor(I(2, 5), T(5), (3,))
    ! SHP107 'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = 1, sparse_dim = 2, dense_dim = 0
    """
    given = dict(zip(("indices", "values", "size"), args, strict=False)) | kwargs
    dtype = given.get("dtype")
    typed = {"FloatTensor": "float32", "DoubleTensor": "float64", "LongTensor": "int64"}.get(spelled())
    if "values" not in given:
        size = given.get("size", given.get("indices"))
        if size is None:
            raise Unsure("a sparse tensor without values and sizes")
        return _sparse(sizes_argument((size,), spelled(), "size"), typed or dtype_argument(dtype, "float32"))
    indices, values = _data(given["indices"], (2,)), _data(given["values"], (1, 2))
    made = typed or dtype_argument(dtype, values.dtype)
    if indices.rank != 2 or values.rank == 0:
        raise Unsure("a sparse tensor of other indices than a matrix")
    count, dense = values.shape[0], values.rank - 1
    size = current().pinned(given.get("size"))
    rows = current().facts.simplify(indices.shape[0])
    if size is None:
        if not isinstance(rows, int):
            raise Unsure("a sparse tensor with an unknown number of axes")
        _expect_count(indices, count)
        return _sparse((*(fresh("size") for _ in range(rows)), *values.shape[1:]), made, values)
    sizes = to_sizes(size)
    if isinstance(rows, int):
        sentence = (
            f"'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = {len(sizes)}, sparse_dim = {rows}, dense_dim = {dense}"
        )
        expect(len(sizes) == rows + dense, "SHP107", sentence, expected=rows + dense, actual=len(sizes))
    _expect_count(indices, count)
    return _sparse(sizes, made, values)


def _expect_count(indices: Tensor, count: Size) -> None:
    columns = indices.shape[1]
    sentence = f"indices and values must have same nnz, but got nnz from indices: {word(columns)}, nnz from values: {word(count)}"
    expect_eq(columns, count, "SHP104", sentence, expected=columns, actual=count)


@op("torch.sparse_csr_tensor", refuses_nothing=True)
def sparse_csr_tensor(
    crow_indices: Any,
    col_indices: Any,
    values: Any,
    size: Any = None,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: Any = False,
    check_invariants: Any = None,
) -> Tensor:
    """From compressed rows, with the sizes where they are given.

    >>> torch.sparse_csr_tensor(torch.tensor([0, 2, 4]), torch.tensor([0, 1, 0, 1]), T(4), (2, 5))
    (2, 5) float32
    """
    return _compressed(values, size, dtype)


@op("torch.sparse_csc_tensor", refuses_nothing=True)
def sparse_csc_tensor(
    ccol_indices: Any,
    row_indices: Any,
    values: Any,
    size: Any = None,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: Any = False,
    check_invariants: Any = None,
) -> Tensor:
    """From compressed columns, with the sizes where they are given.

    >>> torch.sparse_csc_tensor(torch.tensor([0, 2, 4]), torch.tensor([0, 1, 0, 1]), T(4), (5, 2))
    (5, 2) float32
    """
    return _compressed(values, size, dtype)


def _compressed(values: Any, size: Any, dtype: Any) -> Tensor:
    made = dtype_argument(dtype, _data(values, (1,)).dtype)
    if size is None:
        raise Unsure("a sparse tensor whose sizes are in its data")
    return _sparse(to_sizes(size), made)
