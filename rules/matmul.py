"""Products of matrices and vectors. What torch says depends on which kernel the ranks lead to: dot, mv, mm, or bmm after broadcasting."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Int,
    Refused,
    Size,
    Tensor,
    asked_dtype,
    axis,
    brackets,
    broadcast,
    c_type_name,
    category,
    differ_in_kind,
    expect,
    expect_eq,
    facts,
    into,
    multiplied,
    not_implemented,
    op,
    promoted,
    reduced,
    refuse,
    shared_dtype,
    times,
    true_product,
    type_name,
    word,
)


def _new(shape: Any, a: Tensor, b: Tensor) -> Tensor:
    return Tensor(shape, shared_dtype(a, b), device=a.device or b.device)


def _kinds(a: Tensor, b: Tensor, words: str) -> None:
    """Integers do not multiply floats here."""
    if differ_in_kind(a, b):
        refuse("SHP117", words, message=f"a product of {a.dtype} and {b.dtype}", expected=a.dtype, actual=b.dtype)


def _inner(a: Size, b: Size, left: Tensor, right: Tensor, sentence: Any, axis_of_left: int) -> None:
    expect_eq(
        a,
        b,
        "SHP102",
        sentence,
        message=lambda: f"the inner sizes {word(a)} and {word(b)} of {brackets(left.shape)} and {brackets(right.shape)} differ",
        expected=a,
        actual=b,
        axis=axis_of_left,
    )


def _dot(a: Tensor, b: Tensor) -> Tensor:
    expect(a.rank == 1 and b.rank == 1, "SHP107", f"1D tensors expected, but got {a.rank}D and {b.rank}D tensors")
    names = f"{type_name(a.dtype or '')} and {type_name(b.dtype or '')}"
    _kinds(a, b, f"dot : expected both vectors to have same dtype, but found {names}")

    def sentence() -> str:
        n, m = word(a.shape[0]), word(b.shape[0])
        return (
            f"inconsistent tensor size, expected tensor [{n}] and src [{m}] to have the same number of elements, "
            f"but got {n} and {m} elements respectively"
        )

    _inner(a.shape[0], b.shape[0], a, b, sentence, 0)
    if a.dtype == b.dtype == "bool":
        not_implemented("dot", "bool")
    return _new((), a, b)


def _mv(mat: Tensor, vec: Tensor) -> Tensor:
    expect(mat.rank == 2 and vec.rank == 1, "SHP107", f"vector + matrix @ vector expected, got 1, {mat.rank}, {vec.rank}")
    rows, columns = mat.shape
    _inner(
        columns,
        vec.shape[0],
        mat,
        vec,
        lambda: f"size mismatch, got input ({word(rows)}), mat ({times(mat.shape)}), vec ({word(vec.shape[0])})",
        1,
    )
    names = [type_name(part.dtype or "") for part in (vec, mat, vec)]
    _kinds(mat, vec, f"addmv input tensors must have the same dtype, but got {names[0]}, {names[1]}, and {names[2]}")
    if mat.dtype == vec.dtype == "bool":
        not_implemented("addmv_impl_cpu", "bool")
    return _new((rows,), mat, vec)


def _mm(a: Tensor, b: Tensor) -> Tensor:
    expect(a.rank == 2, "SHP107", "self must be a matrix", message=f"mm of a tensor with {a.rank} axes", actual=a.rank)
    expect(b.rank == 2, "SHP107", "mat2 must be a matrix", message=f"mm with a tensor of {b.rank} axes", actual=b.rank)
    _inner(
        a.shape[1],
        b.shape[0],
        a,
        b,
        lambda: f"mat1 and mat2 shapes cannot be multiplied ({times(a.shape)} and {times(b.shape)})",
        1,
    )
    _kinds(a, b, f"expected m1 and m2 to have the same dtype, but got: {c_type_name(a.dtype or '')} != {c_type_name(b.dtype or '')}")
    if a.dtype == b.dtype == "bool":
        not_implemented("addmm_impl_cpu_", "bool")
    multiplied(*a.shape, b.shape[1])
    return _new((a.shape[0], b.shape[1]), a, b)


def _bmm(a: Tensor, b: Tensor) -> Tensor:
    expect(a.rank == 3, "SHP107", "batch1 must be a 3D tensor", message=f"bmm of a tensor with {a.rank} axes", actual=a.rank)
    expect(b.rank == 3, "SHP107", "batch2 must be a 3D tensor", message=f"bmm with a tensor of {b.rank} axes", actual=b.rank)

    def sentence() -> str:
        wanted = brackets((a.shape[0], a.shape[2]))
        return f"Expected size for first two dimensions of batch2 tensor to be: {wanted} but got: {brackets(b.shape[:2])}."

    expect_eq(
        a.shape[0],
        b.shape[0],
        "SHP102",
        sentence,
        message=lambda: f"batches of {word(a.shape[0])} and {word(b.shape[0])} matrices",
        expected=a.shape[0],
        actual=b.shape[0],
        axis=0,
    )
    _inner(a.shape[2], b.shape[1], a, b, sentence, 2)
    if a.dtype == "bool":
        not_implemented("bmm", "bool")
    _kinds(a, b, f"expected scalar type {type_name(a.dtype or '')} but found {type_name(b.dtype or '')}")
    multiplied(*a.shape, b.shape[2])
    return _new((a.shape[0], a.shape[1], b.shape[2]), a, b)


def _typed(made: Tensor, out_dtype: Any) -> Tensor:
    if out_dtype is not None:
        made.dtype = asked_dtype(out_dtype)
    return made


@op("torch.mm", "Tensor.mm", ranks={"input": (2,), "mat2": (2,)})
def mm(input: Tensor, mat2: Tensor, out_dtype: Any = None, *, out: Any = None) -> Tensor:
    """(n, k) x (k, m) -> (n, m)

    >>> torch.mm(T(2, 3), T(3, 4))
    (2, 4) float32
    >>> torch.mm(T(2, 3), T(4, 5))
    ! SHP102 mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)
    >>> torch.mm(T(2, 3, 4), T(4, 5))
    ! SHP107 self must be a matrix
    >>> torch.mm(I(2, 3), T(3, 4))
    ! SHP117 expected m1 and m2 to have the same dtype, but got: long int != float
    """
    return into(out, _typed(_mm(input, mat2), out_dtype))


@op("torch.bmm", "Tensor.bmm", ranks={"input": (3,), "mat2": (3,)})
def bmm(input: Tensor, mat2: Tensor, out_dtype: Any = None, *, out: Any = None) -> Tensor:
    """(b, n, k) x (b, k, m) -> (b, n, m)

    >>> torch.bmm(T(2, 3, 4), T(2, 4, 5))
    (2, 3, 5) float32
    >>> torch.bmm(T(2, 3, 4), T(2, 5, 6))
    ! SHP102 Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 5].
    >>> torch.bmm(T(2, 3, 4), T(4, 5))
    ! SHP107 batch2 must be a 3D tensor
    """
    return into(out, _typed(_bmm(input, mat2), out_dtype))


@op("torch.mv", "Tensor.mv", ranks={"input": (2,), "vec": (1,)})
def mv(input: Tensor, vec: Tensor, *, out: Any = None) -> Tensor:
    """(n, k) x (k) -> (n)

    >>> torch.mv(T(2, 3), T(3))
    (2,) float32
    >>> torch.mv(T(2, 3), T(4))
    ! SHP102 size mismatch, got input (2), mat (2x3), vec (4)
    """
    return into(out, _mv(input, vec))


@op("torch.dot", "Tensor.dot", ranks={"input": (1,), "tensor": (1,)})
def dot(input: Tensor, tensor: Tensor, *, out: Any = None) -> Tensor:
    """(n) x (n) -> ()

    >>> torch.dot(T(3), T(3))
    () float32
    >>> torch.dot(T(3), T(4))
    ! SHP102 inconsistent tensor size, expected tensor [3] and src [4] to have the same number of elements, but got 3 and 4 elements respectively
    >>> torch.dot(T(2, 3), T(3))
    ! SHP107 1D tensors expected, but got 2D and 1D tensors
    """  # noqa: E501
    return into(out, _dot(input, tensor))


@op("torch.vdot", "Tensor.vdot", ranks={"input": (1,), "other": (1,)})
def vdot(input: Tensor, other: Tensor, *, out: Any = None) -> Tensor:
    """(n) x (n) -> (), the first conjugated.

    >>> torch.vdot(T(3), T(3))
    () float32
    >>> torch.vdot(T(2, 3), T(3))
    ! SHP107 1D tensors expected, but got 2D and 1D tensors
    """
    return into(out, _dot(input, other))


def _folds(a: Tensor, b: Tensor) -> bool:
    """Whether matmul makes one matrix of the larger operand (`should_fold` in ATen/native/LinearAlgebra.cpp)."""
    swap = b.rank > a.rank
    large, small = (b, a) if swap else (a, b)
    if large.rank < 3 or small.rank > 2:
        return False
    if small.role == "parameter":  # it requires a gradient
        return True
    if a.rank == 2:
        return False
    if large.layout is CONTIGUOUS and not swap:
        return True
    strides = large.strides
    if strides is None:
        return not swap
    sizes = list(large.shape)
    steps = list(strides)
    if swap:
        sizes[-1], sizes[-2] = sizes[-2], sizes[-1]
        steps[-1], steps[-2] = steps[-2], steps[-1]
    known = facts()
    return all(known.eq(steps[place], steps[place + 1] * sizes[place + 1]).yes for place in range(len(sizes) - 2))


def _folded(a: Tensor, b: Tensor) -> Tensor:
    """The larger operand as one matrix: mm or mv."""
    if b.rank > a.rank:
        rows = true_product((*b.shape[:-2], b.shape[-1]))
        flat = Tensor((rows, b.shape[-2]), b.dtype, device=b.device)
        if a.rank == 1:
            return Tensor((*b.shape[:-2], b.shape[-1]), _mv(flat, a).dtype, device=b.device)
        made = _mm(flat, Tensor((a.shape[1], a.shape[0]), a.dtype, device=a.device))
        return Tensor((*b.shape[:-2], a.shape[0], b.shape[-1]), made.dtype, device=b.device)
    flat = Tensor((true_product(a.shape[:-1]), a.shape[-1]), a.dtype, device=a.device)
    if b.rank == 1:
        return Tensor(a.shape[:-1], _mv(flat, b).dtype, device=a.device)
    return Tensor((*a.shape[:-1], b.shape[1]), _mm(flat, b).dtype, device=a.device)


def _batched(a: Tensor, b: Tensor) -> Tensor:
    """Broadcast batches of matrices: bmm."""
    n = a.shape[-2] if a.rank > 1 else 1
    p = b.shape[-1] if b.rank > 1 else 1
    try:
        batch = broadcast(a.shape[:-2], b.shape[:-2])
    except Refused as refusal:
        message = f"the batch axes of {brackets(a.shape)} and {brackets(b.shape)} do not broadcast"
        refuse("SHP102", refusal.sentence, message=message, expected=list(a.shape), actual=list(b.shape), axis=refusal.axis)
    count = true_product(batch)
    left = Tensor((count, n, a.shape[-1]), a.dtype, device=a.device)
    right = Tensor((count, b.shape[-2] if b.rank > 1 else b.shape[0], p), b.dtype, device=b.device)
    made = _bmm(left, right)
    shape = (*batch, *((n,) if a.rank > 1 else ()), *((p,) if b.rank > 1 else ()))
    return Tensor(shape, made.dtype, device=made.device)


@op("torch.matmul", "Tensor.matmul", "torch.linalg.matmul", ranks={"input": (3, 4, 2), "other": (3, 4, 2)})
def matmul(input: Tensor, other: Tensor, *, out: Any = None) -> Tensor:
    """`@`: the last axis of the first against the last but one of the second; the axes before broadcast.

    >>> T(2, 3) @ T(3, 4)
    (2, 4) float32
    >>> torch.matmul(T(8, 1, 3, 4), T(5, 4, 6))
    (8, 5, 3, 6)
    >>> T(2, 3, 4) @ T(4)
    (2, 3)
    >>> T(4) @ T(2, 4, 5)
    (2, 5)
    >>> T(2, 3, 4) @ T(5, 6)
    ! SHP102 mat1 and mat2 shapes cannot be multiplied (6x4 and 5x6)
    >>> T(2, 3, 4) @ T(2, 5, 6)
    ! SHP102 Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 5].
    >>> T(2, 3, 4) @ T(3, 4, 6)
    ! SHP102 The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0
    >>> T(2, 3) @ T(4)
    ! SHP102 size mismatch, got input (2), mat (2x3), vec (4)
    """
    a, b = input, other
    sentence = f"both arguments to matmul need to be at least 1D, but they are {a.rank}D and {b.rank}D"
    expect(a.rank > 0 and b.rank > 0, "SHP107", sentence, message="matmul of a tensor without axes")
    if a.rank == 1 and b.rank == 1:
        return into(out, _dot(a, b))
    if a.rank == 2 and b.rank == 1:
        return into(out, _mv(a, b))
    if a.rank == 1 and b.rank == 2:
        made = _mm(Tensor((1, a.shape[0]), a.dtype, device=a.device), b)
        return into(out, Tensor(made.shape[1:], made.dtype, device=made.device))
    if a.rank == 2 and b.rank == 2:
        return into(out, _mm(a, b))
    return into(out, _folded(a, b) if _folds(a, b) else _batched(a, b))


@op("torch.inner", "Tensor.inner")
def inner(input: Tensor, other: Tensor, *, out: Any = None) -> Tensor:
    """The last axes against each other.

    >>> torch.inner(T(2, 3), T(4, 3))
    (2, 4) float32
    >>> torch.inner(T(2, 3), T(4, 5))
    ! SHP102 inner() the last dimension must match on both input tensors but got shapes [2, 3] and [4, 5]
    """
    if input.rank == 0 or other.rank == 0:
        shape = input.shape or other.shape
        return into(out, Tensor(shape, promoted((input, other)), None, device=input.device))
    _inner(
        input.shape[-1],
        other.shape[-1],
        input,
        other,
        lambda: (
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{brackets(input.shape)} and {brackets(other.shape)}"
        ),
        input.rank - 1,
    )
    _kinds(input, other, "both inputs should have same dtype")
    multiplied(*input.shape[:-1], *other.shape)
    return into(out, _new((*input.shape[:-1], *other.shape[:-1]), input, other))


@op("torch.outer", "Tensor.outer", "torch.ger", "Tensor.ger", ranks={"input": (1,), "vec2": (1,)})
def outer(input: Tensor, vec2: Tensor, *, out: Any = None) -> Tensor:
    """(n) x (m) -> (n, m)

    >>> torch.outer(T(3), T(4))
    (3, 4) float32
    >>> torch.outer(T(3, 1), T(4))
    ! SHP107 outer: Expected 1-D argument self, but got 2-D
    """
    for part, name in ((input, "self"), (vec2, "vec2")):
        expect(part.rank == 1, "SHP107", f"outer: Expected 1-D argument {name}, but got {part.rank}-D", actual=part.rank)
    return into(out, Tensor((input.shape[0], vec2.shape[0]), promoted((input, vec2)), device=input.device))


@op("torch.linalg.vecdot")
def vecdot(x: Tensor, y: Tensor, *, dim: Int = -1, out: Any = None) -> Tensor:
    """Products along one axis of broadcast tensors.

    >>> torch.linalg.vecdot(T(2, 3), T(3))
    (2,) float32
    >>> torch.linalg.vecdot(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    names = f"x of type {type_name(x.dtype or '')} and y of type {type_name(y.dtype or '')}"
    _kinds(x, y, f"linalg.vecdot: Expected x and y to have the same dtype, but found {names} instead")
    if x.dtype is not None and category(x.dtype) < 2:
        words = f"linalg.vecdot: Expected a floating point or complex tensor as input. Got {type_name(x.dtype)}"
        refuse("SHP117", words, actual=x.dtype)
    if x.rank == 1 and y.rank == 1:
        a, b = word(x.shape[0]), word(y.shape[0])
        text = (
            f"inconsistent tensor size, expected tensor [{a}] and src [{b}] to have the same number of elements, "
            f"but got {a} and {b} elements respectively"
        )
        expect_eq(x.shape[0], y.shape[0], "SHP102", text, expected=x.shape[0], actual=y.shape[0], culprit=y)
        return into(out, _new((), x, y))
    shape = broadcast(x.shape, y.shape)
    return into(out, _new(reduced(shape, (axis(dim, len(shape)),), False), x, y))


@op("torch.linalg.matrix_power", "torch.matrix_power", "Tensor.matrix_power")
def matrix_power(input: Tensor, n: Any, *, out: Any = None) -> Tensor:
    """Square matrices times themselves.

    >>> torch.linalg.matrix_power(T(2, 3, 3), 2)
    (2, 3, 3)
    >>> torch.linalg.matrix_power(T(2, 3), 2)
    ! SHP102 linalg.matrix_power: A must be batches of square matrices, but they are 2 by 3 matrices
    """
    name = "linalg.matrix_power"
    expect(input.rank >= 2, "SHP107", f"{name}: The input tensor A must have at least 2 dimensions.", actual=input.rank)
    rows, columns = input.shape[-2:]
    expect_eq(
        rows,
        columns,
        "SHP102",
        lambda: f"{name}: A must be batches of square matrices, but they are {word(rows)} by {word(columns)} matrices",
        expected=rows,
        actual=columns,
    )
    if isinstance(n, int) and abs(n) > 1:  # by squares, and products of those that the bits of n pick
        multiplied(*input.shape, rows, abs(n).bit_length() + abs(n).bit_count() - 2)
    return into(out, Tensor(input.shape, input.dtype, None, device=input.device))
