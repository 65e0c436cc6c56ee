"""Attention whose scores a function of the user's changes."""

from __future__ import annotations

from shapecheck.book import Any, Tensor, current, expect, expect_eq, facts, new, op, word

HEADS = "Expect query and key/value to have the same number of heads but got Hq={} and Hkv={}. Try setting enable_gqa=True for GQA."
BATCHES = "Expect query and key/value to have the same batch size, or non-none block_mask, but got block_mask=None, Bq={}, and Bkv={}."
WIDTHS = "Expect query and key/value to have the same embedding dimension but got E={} and E={}."


@op(
    "torch.nn.attention.flex_attention.flex_attention",
    ranks={"query": (4,), "key": (4,), "value": (4,)},
)
def flex_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    score_mod: Any = None,
    block_mask: Any = None,
    scale: Any = None,
    enable_gqa: Any = False,
    return_lse: Any = False,
    kernel_options: Any = None,
    *,
    return_aux: Any = None,
) -> Any:
    """Queries (B, Hq, L, E), keys (B, Hkv, S, E), values (B, Hkv, S, Ev) -> (B, Hq, L, Ev). What the functions do is not looked at.

    >>> torch.nn.attention.flex_attention.flex_attention(T(2, 4, 6, 8), T(2, 4, 10, 8), T(2, 4, 10, 5))
    (2, 4, 6, 5)
    >>> torch.nn.attention.flex_attention.flex_attention(T(2, 4, 6, 8), T(2, 2, 6, 8), T(2, 2, 6, 8), enable_gqa=True)
    (2, 4, 6, 8)
    >>> torch.nn.attention.flex_attention.flex_attention(T(2, 4, 6, 8), T(2, 4, 10, 4), T(2, 4, 10, 8))
    ! SHP115 Expect query and key/value to have the same embedding dimension but got E=8 and E=4.
    >>> torch.nn.attention.flex_attention.flex_attention(T(2, 4, 6, 8), T(2, 2, 6, 8), T(2, 2, 6, 8))
    ! SHP115 Expect query and key/value to have the same number of heads but got Hq=4 and Hkv=2. Try setting enable_gqa=True for GQA.
    """
    four = query.rank == key.rank == value.rank == 4
    ranks = "NYI: query, key, and value must be 4D tensors"
    expect(four, "SHP107", ranks, error="NotImplementedError", message="flex_attention wants tensors with four axes", expected=4)
    _expect_same(query, key, 3, WIDTHS, "widths")
    if current().pinned(enable_gqa) is False:
        _expect_same(query, key, 1, HEADS, "heads")
    if current().pinned(block_mask) is None:
        _expect_same(query, key, 0, BATCHES, "batches")
    out = new((*query.shape[:3], facts().simplify(value.shape[3])), like=query)
    lse = new(query.shape[:3], like=query)
    return (out, lse) if current().pinned(return_lse) is True else out


def _expect_same(query: Tensor, key: Tensor, axis: int, sentence: str, what: str) -> None:
    """Queries and keys agree along an axis."""
    left, right = query.shape[axis], key.shape[axis]
    text = lambda: sentence.format(word(left), word(right))  # noqa: E731
    message = lambda: f"queries and keys of different {what}: {word(left)} and {word(right)}"  # noqa: E731
    expect_eq(left, right, "SHP115", text, message=message, error="ValueError", expected=left, actual=right, axis=axis, culprit=key)
