"""Products of matrices added to a tensor: addmm, addmv, addbmm, baddbmm, addr."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Tensor,
    Unsure,
    brackets,
    c_type_name,
    differ_in_kind,
    expand,
    expect,
    expect_eq,
    inplace,
    into,
    multiplied,
    op,
    promoted,
    refuse,
    same,
    shared_dtype,
    times,
    true_product,
    type_name,
    word,
)


def _same_kind(words: str, *tensors: Tensor) -> None:
    if differ_in_kind(*tensors):
        refuse("SHP117", words, message="a product of tensors of different kinds of dtypes", actual=[tensor.dtype for tensor in tensors])


def _result(input: Tensor, shape: tuple[Any, ...], parts: tuple[Tensor, ...], out: Any, check: bool = True) -> Tensor:
    """The sum: a new tensor, or the input itself, which then needs the whole shape."""
    if not inplace():
        return into(out, Tensor(shape, shared_dtype(input, *parts), device=input.device))
    if check:
        sentence = f"Bad in-place call: input tensor size {brackets(input.shape)} and output tensor size {brackets(shape)} should match"
        details: dict[str, Any] = {"expected": list(shape), "actual": list(input.shape)}
        expect(input.rank == len(shape), "SHP103", sentence, **details)
        for size, wanted in zip(input.shape, shape, strict=True):
            expect_eq(size, wanted, "SHP103", sentence, **details)
    input.elements = None
    return input


def _names(*tensors: Tensor) -> list[str]:
    return [type_name(tensor.dtype or "") for tensor in tensors]


@op("torch.addmm", "Tensor.addmm", "Tensor.addmm_", ranks={"input": (2, 1), "mat1": (2,), "mat2": (2,)})
def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, out_dtype: Any = None, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Tensor:
    """input + (n, k) x (k, m); the input broadcasts to (n, m).

    >>> torch.addmm(T(5), T(2, 3), T(3, 5))
    (2, 5) float32
    >>> torch.addmm(T(5), T(2, 3), T(4, 5))
    ! SHP102 mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)
    >>> torch.addmm(T(4), T(2, 3), T(3, 5))
    ! SHP103 The expanded size of the tensor (5) must match the existing size (4) at non-singleton dimension 1.  Target sizes: [2, 5].  Tensor sizes: [4]
    """  # noqa: E501
    expect(mat1.rank == 2, "SHP107", f"mat1 must be a matrix, got {mat1.rank}-D tensor", actual=mat1.rank)
    expect(mat2.rank == 2, "SHP107", f"mat2 must be a matrix, got {mat2.rank}-D tensor", actual=mat2.rank)
    expect_eq(
        mat1.shape[1],
        mat2.shape[0],
        "SHP102",
        lambda: f"mat1 and mat2 shapes cannot be multiplied ({times(mat1.shape)} and {times(mat2.shape)})",
        message=lambda: f"the inner sizes {word(mat1.shape[1])} and {word(mat2.shape[0])} differ",
        expected=mat1.shape[1],
        actual=mat2.shape[0],
        axis=1,
    )
    names = _names(input, mat2)
    _same_kind(f"self and mat2 must have the same dtype, but got {names[0]} and {names[1]}", input, mat2)
    shape = (mat1.shape[0], mat2.shape[1])
    if not inplace():
        expand(input, shape)
    multiplied(*mat1.shape, mat2.shape[1])
    return _result(input, shape, (mat1, mat2), out)


@op("torch.addmv", "torch.addmv_", "Tensor.addmv", "Tensor.addmv_", ranks={"input": (1,), "mat": (2,), "vec": (1,)})
def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Tensor:
    """input + (n, k) x (k)

    >>> torch.addmv(T(2), T(2, 3), T(3))
    (2,) float32
    >>> torch.addmv(T(2), T(2, 3), T(4))
    ! SHP102 size mismatch, got input (2), mat (2x3), vec (4)
    """
    sentence = f"vector + matrix @ vector expected, got {input.rank}, {mat.rank}, {vec.rank}"
    expect(mat.rank == 2 and vec.rank == 1 and input.rank <= 1, "SHP107", sentence, actual=[input.rank, mat.rank, vec.rank])

    def mismatch() -> str:
        return f"size mismatch, got input ({word(true_product(input.shape))}), mat ({times(mat.shape)}), vec ({word(vec.shape[0])})"

    expect_eq(mat.shape[1], vec.shape[0], "SHP102", mismatch, expected=mat.shape[1], actual=vec.shape[0], axis=1)
    if input.rank == 1 and same(input.shape[0], 1).no:
        expect_eq(input.shape[0], mat.shape[0], "SHP102", mismatch, expected=mat.shape[0], actual=input.shape[0], axis=0)
    names = _names(input, mat, vec)
    _same_kind(f"addmv input tensors must have the same dtype, but got {names[0]}, {names[1]}, and {names[2]}", input, mat, vec)
    return _result(input, (mat.shape[0],), (mat, vec), out)


def _expect_batches(batch1: Tensor, batch2: Tensor) -> None:
    """Both have an axis for their matrices' columns, which is asked for before their ranks are."""
    for part, axis in ((batch1, 1), (batch2, 2)):
        span = part.rank
        sentence = f"Dimension specified as {0 if axis == 1 else axis} but tensor has no dimensions"
        if span:
            sentence = f"Dimension out of range (expected to be in range of [{-span}, {span - 1}], but got {axis})"
        expect(part.rank > axis, "SHP107", sentence, error="IndexError", message="batches of matrices have 3 axes", actual=part.rank)


@op("torch.addbmm", "Tensor.addbmm", "Tensor.addbmm_", ranks={"input": (2,), "batch1": (3,), "batch2": (3,)})
def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Tensor:
    """input + the sum of (b, n, k) x (b, k, m) over the batch.

    >>> torch.addbmm(T(3, 5), T(2, 3, 4), T(2, 4, 5))
    (3, 5) float32
    >>> torch.addbmm(T(3, 5), T(2, 3, 4), T(3, 4, 5))
    ! SHP102 batch1 and batch2 must have same number of batches, got 2 and 3
    """
    _expect_batches(batch1, batch2)
    shape = (batch1.shape[1], batch2.shape[2])
    expand(input, shape)
    expect(batch1.rank == 3, "SHP107", "batch1 must be a 3D tensor", actual=batch1.rank)
    expect(batch2.rank == 3, "SHP107", "batch2 must be a 3D tensor", actual=batch2.rank)
    expect_eq(
        batch1.shape[0],
        batch2.shape[0],
        "SHP102",
        lambda: f"batch1 and batch2 must have same number of batches, got {word(batch1.shape[0])} and {word(batch2.shape[0])}",
        expected=batch1.shape[0],
        actual=batch2.shape[0],
        axis=0,
    )
    expect_eq(
        batch1.shape[2],
        batch2.shape[1],
        "SHP102",
        lambda: f"Incompatible matrix sizes for bmm ({times(batch1.shape[1:])} and {times(batch2.shape[1:])})",
        expected=batch1.shape[2],
        actual=batch2.shape[1],
        axis=2,
    )
    names = _names(input, batch2)
    _same_kind(f"self and mat2 must have the same dtype, but got {names[0]} and {names[1]}", input, batch2)
    if inplace() and input.rank < 2:
        raise Unsure("addbmm_ of a tensor that is expanded")
    return _result(input, shape, (batch1, batch2), out)


@op("torch.baddbmm", "Tensor.baddbmm", "Tensor.baddbmm_", ranks={"input": (3,), "batch1": (3,), "batch2": (3,)})
def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, out_dtype: Any = None, *, beta: Any = 1, alpha: Any = 1, out: Any = None
) -> Tensor:
    """input + (b, n, k) x (b, k, m)

    >>> torch.baddbmm(T(2, 3, 5), T(2, 3, 4), T(2, 4, 5))
    (2, 3, 5) float32
    >>> torch.baddbmm(T(2, 3, 5), T(2, 3, 4), T(2, 5, 5))
    ! SHP102 Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 5].
    """
    _expect_batches(batch1, batch2)
    expand(input, (batch1.shape[0], batch1.shape[1], batch2.shape[2]))
    expect(batch1.rank == 3, "SHP107", "batch1 must be a 3D tensor", actual=batch1.rank)
    expect(batch2.rank == 3, "SHP107", "batch2 must be a 3D tensor", actual=batch2.rank)
    names = [c_type_name(tensor.dtype or "") for tensor in (input, batch1, batch2)]
    _same_kind(f"Input dtypes must be the same, got: input {names[0]}, batch1: {names[1]}, batch2: {names[2]}", input, batch1)

    def sentence() -> str:
        wanted = brackets((batch1.shape[0], batch1.shape[2]))
        return f"Expected size for first two dimensions of batch2 tensor to be: {wanted} but got: {brackets(batch2.shape[:2])}."

    expect_eq(batch1.shape[0], batch2.shape[0], "SHP102", sentence, expected=batch1.shape[0], actual=batch2.shape[0], axis=0)
    expect_eq(batch1.shape[2], batch2.shape[1], "SHP102", sentence, expected=batch1.shape[2], actual=batch2.shape[1], axis=2)
    shape = (batch1.shape[0], batch1.shape[1], batch2.shape[2])
    multiplied(*batch1.shape, batch2.shape[2])
    made = _result(input, shape, (batch1, batch2), out)
    _same_kind(f"expected scalar type {_names(batch1)[0]} but found {_names(batch2)[0]}", batch1, batch2)
    return made


@op("torch.addr", "Tensor.addr", "Tensor.addr_", ranks={"input": (2,), "vec1": (1,), "vec2": (1,)})
def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Tensor:
    """input + (n) x (m)

    >>> torch.addr(T(3, 4), T(3), T(4))
    (3, 4) float32
    >>> torch.addr(T(3, 4), T(3, 1), T(4))
    ! SHP107 addr: Expected 1-D argument vec1, but got 2-D
    """
    for part, name in ((vec1, "vec1"), (vec2, "vec2")):
        expect(part.rank == 1, "SHP107", f"addr: Expected 1-D argument {name}, but got {part.rank}-D", actual=part.rank)
    shape = (vec1.shape[0], vec2.shape[0])
    if inplace():
        expect(input.rank == 2, "SHP107", f"2D tensor expected, got {input.rank}D tensor for input", actual=input.rank)
        details: dict[str, Any] = {"expected": list(shape), "actual": list(input.shape)}

        def sentence() -> str:
            return f"size mismatch, input: {brackets(input.shape)}, v1: {brackets(vec1.shape)}, v2: {brackets(vec2.shape)}"

        expect_eq(input.shape[0], shape[0], "SHP103", sentence, **details)
        expect_eq(input.shape[1], shape[1], "SHP103", sentence, **details)
        input.elements = None
        return input
    expand(input, shape)
    layout = CONTIGUOUS if input.layout is CONTIGUOUS else None
    return into(out, Tensor(shape, promoted([Tensor((1,), part.dtype) for part in (input, vec1, vec2)]), layout, device=input.device))
