"""F.scaled_dot_product_attention, with masks and grouped heads."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Size,
    Tensor,
    Unsure,
    brackets,
    broadcast,
    category,
    expand_to,
    expect,
    expect_divides,
    expect_eq,
    facts,
    is_float,
    multiplied,
    op,
    refuse,
    times,
    true_product,
    word,
)

# dtypes as C++ streams print them
CPP_NAMES = {
    "float32": "float",
    "float64": "double",
    "float16": "c10::Half",
    "bfloat16": "c10::BFloat16",
    "int64": "long int",
    "int32": "int",
    "int16": "short int",
    "int8": "signed char",
    "uint8": "unsigned char",
    "bool": "bool",
}
Shape = tuple[Size, ...]


def _multiply(a: Shape, b: Shape, checked: bool = True) -> Shape:
    """(..., m, k) @ (..., k, n) -> (..., m, n), refused as torch.matmul refuses it."""
    inner, wanted = b[-2], a[-1]
    details = {"expected": wanted, "actual": inner}
    if len(b) == 2:
        if checked:
            rows = true_product(a[:-1])
            text = f"mat1 and mat2 shapes cannot be multiplied ({times((rows, wanted))} and {times(b)})"
            expect_eq(inner, wanted, "SHP102", text, **details)
        return (*a[:-1], b[-1])
    batch = broadcast(a[:-2], b[:-2])
    if checked:
        count = true_product(batch)
        sizes = f"{brackets((count, wanted))} but got: {brackets((count, inner))}"
        text = f"Expected size for first two dimensions of batch2 tensor to be: {sizes}."
        expect_eq(inner, wanted, "SHP102", text, **details)
    return (*batch, a[-2], b[-1])


def _expect_dtypes(query: Tensor, key: Tensor, value: Tensor) -> None:
    """Integers among floats are refused; two kinds of floats may be one under autocast."""
    dtypes = [str(tensor.dtype) for tensor in (query, key, value) if tensor.dtype is not None]
    if len(dtypes) == 3 and len({category(dtype) for dtype in dtypes}) > 1:
        q, k, v = (CPP_NAMES.get(dtype, dtype) for dtype in dtypes)
        refuse(
            "SHP117",
            f"Expected query, key, and value to have the same dtype, but got query.dtype: {q} key.dtype: {k} and value.dtype: {v} instead.",
            actual=dtypes,
        )


def _expect_mask(mask: Tensor, query: Tensor, scores: Shape) -> None:
    """The mask is boolean or floating, and broadcasts to the scores (..., L, S)."""
    if mask.dtype is not None and query.dtype is not None and is_float(query.dtype):
        expect(
            mask.dtype == "bool" or is_float(mask.dtype) is True,
            "SHP117",
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
            f"{CPP_NAMES.get(mask.dtype, mask.dtype)} and  query.dtype: {CPP_NAMES.get(query.dtype, query.dtype)} instead.",
            actual=mask.dtype,
            culprit=mask,
        )
    if not expand_to(mask.shape, scores).no:
        return
    known = facts()
    details = {"expected": list(scores), "actual": list(mask.shape), "culprit": mask}
    for back in range(1, min(mask.rank, len(scores)) + 1):
        size, wanted = mask.shape[-back], scores[-back]
        if (known.eq(size, wanted) | known.eq(size, 1) | known.eq(wanted, 1)).no:
            place = max(mask.rank, len(scores)) - back
            text = f"The size of tensor a ({word(wanted)}) must match the size of tensor b ({word(size)})"
            refuse("SHP115", f"{text} at non-singleton dimension {place}", axis=place, **details)
    if mask.rank > len(scores) or all(isinstance(size, int) for size in (*mask.shape, *scores)):
        text = f"output with shape {brackets(scores)} doesn't match the broadcast shape {brackets(broadcast(scores, mask.shape))}"
        refuse("SHP115", text, **details)
    raise Unsure("a mask of another shape than the scores")


@op(
    "F.scaled_dot_product_attention",
    "torch._C._nn.scaled_dot_product_attention",
    ranks={"query": (4, 3), "key": (4, 3), "value": (4, 3), "attn_mask": (4, 2)},
)
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: Any = 0.0,
    is_causal: Any = False,
    scale: Any = None,
    enable_gqa: Any = False,
) -> Tensor:
    """Queries (..., L, E), keys (..., S, E), values (..., S, Ev) -> (..., L, Ev).

    Of four axes torch's CPU kernel does not compare the lengths of keys and values (and reads past the end of the shorter one).

    >>> F.scaled_dot_product_attention(T(2, 4, 5, 8), T(2, 4, 6, 8), T(2, 4, 6, 8))
    (2, 4, 5, 8)
    >>> F.scaled_dot_product_attention(T(2, 4, 5, 8), T(2, 2, 6, 8), T(2, 2, 6, 8), enable_gqa=True)
    (2, 4, 5, 8)
    >>> F.scaled_dot_product_attention(T(2, 5, 8), T(2, 6, 8), T(2, 6, 8), attn_mask=M(5, 5))
    ! SHP115 The size of tensor a (6) must match the size of tensor b (5) at non-singleton dimension 2
    >>> F.scaled_dot_product_attention(T(2, 4, 5, 8), T(2, 4, 6, 9), T(2, 4, 6, 8))
    ! SHP102 Expected size for first two dimensions of batch2 tensor to be: [8, 8] but got: [8, 9].
    """
    _expect_dtypes(query, key, value)
    expect(
        min(query.rank, key.rank, value.rank) >= 2,
        "SHP107",
        "Expected query, key, and value to all be  at least 2 dimensional, but got "
        f"query.dim: {query.rank} key.dim: {key.rank} and value.dim: {value.rank} instead.",
    )
    if not query.rank == key.rank == value.rank and any(facts().eq(tensor.numel(), 0).yes for tensor in (query, key, value)):
        raise Unsure("attention over nothing, of several ranks")
    keys, values = key.shape, value.shape
    if enable_gqa is not False:
        if enable_gqa is not True:
            raise Unsure("enable_gqa is not known")
        keys, values = _grouped(query.shape, keys), _grouped(query.shape, values)
    scores = _multiply(query.shape, (*keys[:-2], keys[-1], keys[-2]))
    if attn_mask is not None:
        _expect_mask(attn_mask, query, scores)
    shape = _multiply(scores, values, checked=len(scores) != 4)
    multiplied(*scores, query.shape[-1])
    multiplied(*scores, shape[-1])
    return Tensor(shape, query.dtype, layout=CONTIGUOUS if len(shape) != 4 else None, device=query.device)


def _grouped(query: Shape, other: Shape) -> Shape:
    """Keys or values with as many heads as the queries, each repeated for its group."""
    for shape in (query, other):
        text = f"Dimension out of range (expected to be in range of [{-len(shape)}, {len(shape) - 1}], but got -3)"
        expect(len(shape) >= 3, "SHP108", text, error="IndexError", message="grouped heads need an axis of heads")
    expect_divides(
        other[-3],
        query[-3],
        "SHP112",
        "Number of heads in key and value must divide the number of heads in ",
        message=lambda: f"{word(other[-3])} heads of keys and values do not divide {word(query[-3])} heads of queries",
        expected=query[-3],
        actual=other[-3],
        axis=-3,
    )
    return (*other[:-3], query[-3], *other[-2:])
