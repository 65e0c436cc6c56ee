"""MultiheadAttention and its function."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    AttentionWeights,
    Poly,
    Size,
    Tensor,
    Truth,
    Unsure,
    attend,
    attention_inputs,
    build,
    dtype_argument,
    expect_divides,
    expect_ge,
    facts,
    layer,
    new,
    op,
    same,
    word,
)


def _swapped(tensor: Tensor) -> Tensor:
    """(N, L, E) as (L, N, E)"""
    return tensor if tensor.rank != 3 else new((tensor.shape[1], tensor.shape[0], tensor.shape[2]), like=tensor)


@layer("nn.MultiheadAttention", ranks={"query": (3, 2)})
class MultiheadAttention:
    """Queries (L, N, E), keys (S, N, kdim), values (S, N, vdim) -> (L, N, E) and weights (N, L, S); N in front with batch_first.

    >>> nn.MultiheadAttention(16, 4)(T(5, 2, 16), T(6, 2, 16), T(6, 2, 16))
    [(5, 2, 16), (2, 5, 6)]
    >>> nn.MultiheadAttention(16, 4, batch_first=True, kdim=8)(T(2, 5, 16), T(2, 6, 8), T(2, 6, 16), average_attn_weights=False)
    [(2, 5, 16), (2, 4, 5, 6)]
    >>> nn.MultiheadAttention(16, 4)(T(5, 16), T(6, 16), T(6, 16), need_weights=False)
    [(5, 16), None]
    >>> nn.MultiheadAttention(16, 3)
    ! SHP201 embed_dim must be divisible by num_heads
    >>> nn.MultiheadAttention(16, 4)(T(5, 2, 12), T(6, 2, 16), T(6, 2, 16))
    ! SHP101 was expecting embedding dimension of 16, but got 12
    >>> nn.MultiheadAttention(16, 4)(T(5, 2, 16), T(6, 2, 16), T(6, 2, 16), attn_mask=M(6, 5))
    ! SHP115 The shape of the 2D attn_mask is torch.Size([6, 5]), but should be (5, 6).
    """

    embed_dim: Size
    num_heads: Size

    def __init__(
        self,
        embed_dim: Size,
        num_heads: Size,
        dropout: Any = 0.0,
        bias: Any = True,
        add_bias_kv: Any = False,
        add_zero_attn: Any = False,
        kdim: Any = None,
        vdim: Any = None,
        batch_first: Any = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self._construct(embed_dim, num_heads)
        kdim, vdim = embed_dim if kdim is None else kdim, embed_dim if vdim is None else vdim
        self.kdim, self.vdim = kdim, vdim
        together = self._same(kdim, embed_dim) & self._same(vdim, embed_dim)
        self._qkv_same_embed_dim = together.yes
        name = dtype_argument(dtype, "float32")

        def parameter(*shape: Size) -> Tensor:
            return Tensor(shape, name, role="parameter")

        shapes = {"q": embed_dim, "k": kdim, "v": vdim}
        for letter, features in shapes.items():
            setattr(self, f"{letter}_proj_weight", None if together.yes else parameter(embed_dim, features))
        self.in_proj_weight = parameter(3 * embed_dim, embed_dim) if together.yes else None
        self.in_proj_bias = parameter(3 * embed_dim) if bias is not False else None
        self.out_proj = build("torch.nn.Linear", embed_dim, embed_dim, bias=bias, dtype=dtype)
        self.bias_k = parameter(1, 1, embed_dim) if add_bias_kv else None
        self.bias_v = parameter(1, 1, embed_dim) if add_bias_kv else None

    def _construct(self, embed_dim: Size, num_heads: Size) -> None:
        if not (isinstance(embed_dim, (int, Poly)) and isinstance(num_heads, (int, Poly))):
            raise Unsure("the sizes of an attention are not known")
        for size, blame in ((embed_dim, "embed_dim"), (num_heads, "num_heads")):
            text = (
                f"embed_dim and num_heads must be greater than 0, got embed_dim={word(embed_dim)} and num_heads={word(num_heads)} instead"
            )
            expect_ge(size, 1, "SHP202", text, error="ValueError", blame=blame)
        expect_divides(
            num_heads,
            embed_dim,
            "SHP201",
            "embed_dim must be divisible by num_heads",
            message=lambda: f"{word(num_heads)} heads do not divide {word(embed_dim)} features",
            error="AssertionError",
            expected=num_heads,
            actual=embed_dim,
            blame="num_heads",
        )
        self.head_dim = facts().simplify(embed_dim // num_heads)

    def _same(self, a: Any, b: Any) -> Truth:
        return same(a, b) if isinstance(a, (int, Poly)) else Truth.NO

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: Any = True,
        attn_mask: Any = None,
        average_attn_weights: Any = True,
        is_causal: Any = False,
    ) -> Any:
        first: Any = self.batch_first  # type: ignore[attr-defined]
        if not isinstance(first, (bool, int)):
            raise Unsure("batch_first is not known")
        query, key, value, padding, mask = attention_inputs(query, key, value, key_padding_mask, attn_mask)
        swapped = bool(first) and query.rank == 3
        if swapped:
            once = {id(tensor): _swapped(tensor) for tensor in (query, key, value)}
            query, key, value = once[id(query)], once[id(key)], once[id(value)]
        weights = AttentionWeights(self, not self._qkv_same_embed_dim)
        output, second = attend(
            query,
            key,
            value,
            self.embed_dim,
            self.num_heads,
            weights,
            self._out_features(),
            padding,
            mask,
            need_weights,
            average_attn_weights,
            is_causal,
            "SHP101",
            "embed_dim",
        )
        if swapped:
            length, batch, width = output.shape
            # a transposed view, except on the fast path of inference
            layout: Any = (width, batch * width, 1) if self.training is True else None  # type: ignore[attr-defined]
            output = Tensor((batch, length, width), output.dtype, layout=layout, device=output.device)
        return output, second

    def _out_features(self) -> Size:
        weight = self.out_proj.attrs.get("weight")
        return weight.shape[0] if isinstance(weight, Tensor) and weight.rank == 2 else self.embed_dim


@op("F.multi_head_attention_forward")
def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: Size,
    num_heads: Size,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: Any,
    dropout_p: Any,
    out_proj_weight: Tensor,
    out_proj_bias: Any,
    training: Any = True,
    key_padding_mask: Any = None,
    need_weights: Any = True,
    attn_mask: Any = None,
    use_separate_proj_weight: Any = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: Any = None,
    static_v: Any = None,
    average_attn_weights: Any = True,
    is_causal: Any = False,
) -> Any:
    """Queries (L, N, E), keys and values (S, N, …) -> (L, N, out) and weights (N, L, S).

    >>> F.multi_head_attention_forward(*[T(5, 2, 16)] * 3, 16, 4, T(48, 16), T(48), None, None, False, 0.0, T(16, 16), T(16))
    [(5, 2, 16), (2, 5, 5)]
    >>> F.multi_head_attention_forward(*[T(5, 2, 16)] * 3, 16, 5, T(48, 16), T(48), None, None, False, 0.0, T(16, 16), T(16))
    ! SHP112 embed_dim 16 not divisible by num_heads 5
    """
    if static_k is not None or static_v is not None:
        raise Unsure("keys and values computed before")
    if not isinstance(use_separate_proj_weight, bool) or out_proj_weight.rank != 2:
        raise Unsure("the weights of an attention are not known")
    given = dict(locals())

    class Source:
        def __getattr__(self, name: str) -> Any:
            return given[name]

    query, key, value, padding, mask = attention_inputs(query, key, value, key_padding_mask, attn_mask)
    return attend(
        query,
        key,
        value,
        embed_dim_to_check,
        num_heads,
        AttentionWeights(Source(), use_separate_proj_weight),
        out_proj_weight.shape[0],
        padding,
        mask,
        need_weights,
        average_attn_weights,
        is_causal,
        "SHP102",
        None,
    )
