"""What MultiheadAttention and F.multi_head_attention_forward compute: the checks in torch's order, and the shapes."""

from __future__ import annotations

from typing import Any

from shapecheck.book.bind import to_tensor
from shapecheck.book.context import current, multiplied
from shapecheck.book.dtypes import is_float
from shapecheck.book.expect import expect, expect_divides, expect_eq
from shapecheck.book.outcome import Unsure, refuse
from shapecheck.book.words import parens, times, torch_size, word
from shapecheck.sizes import Size, true_product
from shapecheck.values import Tensor

NEEDS_MASK = (
    "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` "
    "to create this mask."
)


def _new(shape: tuple[Size, ...], like: Tensor | None = None) -> Tensor:
    return Tensor(shape, like.dtype if like else None, device=like.device if like else None)


def _expect_shape(tensor: Tensor, wanted: tuple[Size, ...], sentence: Any, error: str = "AssertionError", code: str = "SHP115") -> None:
    """The tensor has this shape; otherwise the whole shapes are compared in one sentence."""
    details = {"error": error, "expected": list(wanted), "actual": list(tensor.shape), "culprit": tensor}
    expect(tensor.rank == len(wanted), code, sentence, **details)
    for axis, (size, want) in enumerate(zip(tensor.shape, wanted, strict=True)):
        expect_eq(size, want, code, sentence, axis=axis, **details)


def _expect_mask_dtype(mask: Tensor | None, name: str) -> None:
    if mask is not None and mask.dtype is not None:
        text = f"only bool and floating types of {name} are supported"
        expect(
            mask.dtype == "bool" or is_float(mask.dtype) is True, "SHP117", text, error="AssertionError", actual=mask.dtype, culprit=mask
        )


def canonical_mask(mask: Any, name: str, dtype: str | None) -> Any:
    """A mask as F._canonical_mask leaves it: of the dtype of the query. Integers are refused."""
    mask = current().pinned(mask)
    if not isinstance(mask, Tensor):
        return mask
    _expect_mask_dtype(mask, name)
    return Tensor(mask.shape, dtype, mask.layout, mask.offset) if mask.dtype == "bool" else mask


def _expect_ranks(query: Tensor, key: Tensor, value: Tensor, padding: Tensor | None, mask: Tensor | None, num_heads: Size) -> bool:
    """Whether there is a batch; the checks of F._mha_shape_check."""
    text = f"query should be unbatched 2D or batched 3D tensor but received {query.rank}-D query tensor"
    expect(query.rank in (2, 3), "SHP107", text, error="AssertionError", expected=[2, 3], actual=query.rank)
    rank = query.rank
    start = f"For {'batched' if rank == 3 else 'unbatched'} ({rank}-D) `query`, expected"
    expect(
        key.rank == rank and value.rank == rank,
        "SHP107",
        f"{start} `key` and `value` to be {rank}-D but found {key.rank}-D and {value.rank}-D tensors respectively",
        error="AssertionError",
        culprit=key if key.rank != rank else value,
    )
    if padding is not None:
        text = f"{start} `key_padding_mask` to be `None` or {rank - 1}-D but found {padding.rank}-D tensor instead"
        expect(padding.rank == rank - 1, "SHP115", text, error="AssertionError", culprit=padding)
    if mask is not None:
        text = f"{start} `attn_mask` to be `None`, 2-D or 3-D but found {mask.rank}-D tensor instead"
        expect(mask.rank in (2, 3), "SHP115", text, error="AssertionError", culprit=mask)
        if rank == 2 and mask.rank == 3:
            wanted = (num_heads, query.shape[0], key.shape[0])
            found = mask.shape
            _expect_shape(mask, wanted, lambda: f"Expected `attn_mask` shape to be {parens(wanted)} but got {torch_size(found)}")
    return rank == 3


def _expect_linear(tensor: Tensor, rows: Size, columns: Size, code: str, blame: str | None) -> None:
    """F.linear of (L, N, columns) with a weight (rows, columns)."""
    expect_eq(
        tensor.shape[-1],
        columns,
        code,
        lambda: (
            f"mat1 and mat2 shapes cannot be multiplied ({times((true_product(tensor.shape[:-1]), tensor.shape[-1]))} "
            f"and {times((columns, rows))})"
        ),
        message=lambda: f"attention wants {word(columns)} features, gets {word(tensor.shape[-1])}",
        expected=columns,
        actual=tensor.shape[-1],
        axis=tensor.rank - 1,
        blame=blame,
        culprit=tensor,
    )


class AttentionWeights:
    """What the projections of one attention are made of."""

    def __init__(self, source: Any, separate: Any) -> None:
        self.separate = separate
        self.packed = source.in_proj_weight
        self.single = (source.q_proj_weight, source.k_proj_weight, source.v_proj_weight)
        self.bias_k = source.bias_k
        self.add_zero_attn = source.add_zero_attn


def _project(query: Tensor, key: Tensor, value: Tensor, weights: AttentionWeights, code: str, blame: str | None) -> None:
    """The checks of the input projections, of tensors (L, N, features)."""
    width = query.shape[2]
    if weights.separate:
        _expect_shape(
            _new((*value.shape[:2], 1)),
            (*key.shape[:2], 1),
            lambda: f"key's sequence and batch dims {torch_size(key.shape[:2])} do not match value's {torch_size(value.shape[:2])}",
        )
    else:
        _expect_shape(value, key.shape, lambda: f"key shape {torch_size(key.shape)} does not match value shape {torch_size(value.shape)}")
    if weights.separate:
        for name, tensor, weight in zip(("query", "key", "value"), (query, key, value), weights.single, strict=True):
            if weight is None:
                text = f"use_separate_proj_weight is True but {name[0]}_proj_weight is None"
                refuse("SHP118", text, error="AssertionError")
            if not isinstance(weight, Tensor):
                raise Unsure("the weights of an attention are not known")
            wanted = (width, tensor.shape[2])
            found = weight.shape
            _expect_shape(
                weight,
                wanted,
                lambda name=name, wanted=wanted, found=found: (
                    f"expecting {name} weights shape of {parens(wanted)}, but got {torch_size(found)}"
                ),
                code=code,
            )
        return
    weight = weights.packed
    if weight is None:
        refuse("SHP118", "use_separate_proj_weight is False but in_proj_weight is None", error="AssertionError")
    if not isinstance(weight, Tensor) or weight.rank != 2:
        raise Unsure("the weights of an attention are not known")
    if key is value and query is key:
        _expect_linear(query, weight.shape[0], weight.shape[1], code, blame)
    else:
        _expect_linear(query, width, weight.shape[1], code, blame)
        _expect_linear(key, 2 * width if key is value else width, weight.shape[1], code, blame)


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim: Size,
    num_heads: Size,
    weights: AttentionWeights,
    out_features: Size,
    key_padding_mask: Tensor | None,
    attn_mask: Tensor | None,
    need_weights: Any,
    average: Any,
    is_causal: Any,
    code: str,
    blame: str | None,
) -> tuple[Tensor, Any]:
    """(L, N, E) with keys and values (S, N, E) -> (L, N, E) and weights (N, L, S); F.multi_head_attention_forward's checks in order."""
    batched = _expect_ranks(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not batched:
        same_key, same_query = key is value, query is key
        query = _new((query.shape[0], 1, query.shape[1]), like=query)
        key = query if same_query else _new((key.shape[0], 1, key.shape[1]), like=key)
        value = key if same_key else _new((value.shape[0], 1, value.shape[1]), like=value)
        if key_padding_mask is not None:
            key_padding_mask = _new((1, *key_padding_mask.shape), like=key_padding_mask)
    length, batch, width = query.shape
    source = key.shape[0]
    if is_causal is True and attn_mask is None:
        refuse("SHP115", NEEDS_MASK, message="is_causal=True needs an attn_mask")
    if is_causal is not False and key_padding_mask is None and need_weights is not True:
        attn_mask = attn_mask if is_causal is True and need_weights is not False else None
    expect_eq(
        width,
        embed_dim,
        code,
        lambda: f"was expecting embedding dimension of {word(embed_dim)}, but got {word(width)}",
        message=lambda: f"attention wants {word(embed_dim)} features, gets {word(width)}",
        error="AssertionError",
        expected=embed_dim,
        actual=width,
        axis=query.rank - 1,
        blame=blame,
        culprit=query,
    )
    text = f"embed_dim {word(width)} not divisible by num_heads {word(num_heads)}"
    expect_divides(num_heads, width, "SHP112", text, error="AssertionError", blame="num_heads")
    _project(query, key, value, weights, code, blame)
    if attn_mask is not None:
        wanted = (length, source) if attn_mask.rank == 2 else (batch * num_heads, length, source)
        found = attn_mask.shape
        text = f"The shape of the {attn_mask.rank}D attn_mask is {torch_size(found)}, but should be {parens(wanted)}."
        _expect_shape(attn_mask, wanted, text, error="RuntimeError")
    if weights.bias_k is not None:
        expect_eq(
            key.shape[1],
            batch,
            "SHP106",
            lambda: (
                f"Sizes of tensors must match except in dimension 0. Expected size {word(key.shape[1])} "
                f"but got size {word(batch)} for tensor number 1 in the list."
            ),
            axis=1,
        )
        source = source + 1
    head_dim = width // num_heads
    expect_eq(
        key.shape[1],
        batch,
        "SHP115",
        lambda: (
            f"shape '{[source, batch * num_heads, head_dim]}' is invalid for input of size {word(true_product((*key.shape[:2], width)))}"
        ),
        message=lambda: f"a batch of {word(batch)} queries and {word(key.shape[1])} keys",
        expected=batch,
        actual=key.shape[1],
        axis=1,
        culprit=key,
    )
    if weights.add_zero_attn is True:
        source = source + 1
    if key_padding_mask is not None:
        extra = source - key.shape[0]
        for axis, (size, want) in enumerate(((key_padding_mask.shape[0], batch), (key_padding_mask.shape[1] + extra, source))):
            text = f"Expected key_padded_mask.shape[{axis}] to be {word(want)}, but got {word(size)}"
            details = {"expected": want, "actual": size, "axis": axis, "culprit": key_padding_mask}
            expect_eq(size, want, "SHP115", text, error="AssertionError", **details)
    if not isinstance(weights.add_zero_attn, bool):
        source = current().fresh("keys", low=1)
    for tensor in (query, key, value):
        multiplied(*tensor.shape, width)
    for _ in range(2):  # queries with keys, weights with values
        multiplied(batch, length, source, width)
    multiplied(length, batch, width, out_features)
    output = _new((length, batch, out_features) if batched else (length, out_features), like=query)
    return output, _weights_of((batch, num_heads, length, source), batched, need_weights, average, query)


def _weights_of(shape: tuple[Size, Size, Size, Size], batched: bool, need_weights: Any, average: Any, query: Tensor) -> Any:
    """The second result: (N, L, S), a head each (N, heads, L, S), or None."""
    if need_weights is False or need_weights is None:
        return None
    if not (isinstance(need_weights, bool) and isinstance(average, (bool, int))):
        raise Unsure("whether attention weights are wanted is not known")
    batch, heads, length, source = shape
    sizes = (batch, length, source) if average else (batch, heads, length, source)
    return _new(sizes if batched else sizes[1:], like=query)


def attention_inputs(query: Any, key: Any, value: Any, padding: Any, mask: Any) -> tuple[Any, ...]:
    """The tensors of a call. What is free gets the rank that fits the query."""
    query, key, value, padding, mask = (current().pinned(item) for item in (query, key, value, padding, mask))
    query = to_tensor(query, (3, 2))
    rank = query.rank
    key = to_tensor(key, (rank,))
    value = to_tensor(value, (rank,))
    padding = None if padding is None else to_tensor(padding, (rank - 1,))
    mask = None if mask is None else to_tensor(mask, (2, 3))
    _expect_mask_dtype(padding, "key_padding_mask")
    _expect_mask_dtype(mask, "attn_mask")
    return query, key, value, padding, mask
