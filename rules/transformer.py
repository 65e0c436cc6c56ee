"""The layers of a transformer, built from the attention, linear, norm and dropout layers that torch puts there."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    External,
    Poly,
    Size,
    Tensor,
    Unknown,
    Unsure,
    brackets,
    broadcast,
    build,
    call,
    canonical_mask,
    current,
    elementwise,
    expect,
    expect_divides,
    expect_eq,
    expect_ge,
    layer,
    to_tensor,
    word,
)

RELU = External("torch.nn.functional.relu")
ACTIVATIONS = {"relu": RELU, "gelu": External("torch.nn.functional.gelu")}


def _tensor(value: Any) -> Tensor:
    """The result of a part of the layer."""
    if isinstance(value, Unknown):
        raise Unsure(value.why)
    return to_tensor(value, (3, 2))


def _add(a: Tensor, b: Tensor) -> Tensor:
    return elementwise(broadcast(a.shape, b.shape), (a, b), a.dtype)


def _expect_heads(d_model: Any, nhead: Any) -> None:
    """What MultiheadAttention refuses, told of the parameters that the user wrote."""
    if not (isinstance(d_model, (int, Poly)) and isinstance(nhead, (int, Poly))):
        raise Unsure("the sizes of a transformer are not known")
    for size, blame in ((d_model, "d_model"), (nhead, "nhead")):
        text = f"embed_dim and num_heads must be greater than 0, got embed_dim={word(d_model)} and num_heads={word(nhead)} instead"
        expect_ge(size, 1, "SHP202", text, error="ValueError", blame=blame)
    expect_divides(
        nhead,
        d_model,
        "SHP201",
        "embed_dim must be divisible by num_heads",
        message=lambda: f"{word(nhead)} heads do not divide {word(d_model)} features",
        error="AssertionError",
        expected=nhead,
        actual=d_model,
        blame="nhead",
    )


def _build(self: Any, attentions: tuple[str, ...], norms: int, keywords: dict[str, Any]) -> None:
    """The parts that the encoder layer and the decoder layer share, in the order of registration."""
    d_model, bias = self.d_model, self.bias
    _expect_heads(d_model, self.nhead)
    for name in attentions:
        options = {"dropout": self.dropout, "bias": bias, "batch_first": self.batch_first, **keywords}
        setattr(self, name, build("torch.nn.MultiheadAttention", d_model, self.nhead, **options))
    dropout = self.dropout
    self.linear1 = build("torch.nn.Linear", d_model, self.dim_feedforward, bias=bias, **keywords)
    self.dropout = build("torch.nn.Dropout", dropout)
    self.linear2 = build("torch.nn.Linear", self.dim_feedforward, d_model, bias=bias, **keywords)
    for place in range(1, norms + 1):
        setattr(self, f"norm{place}", build("torch.nn.LayerNorm", d_model, eps=self.layer_norm_eps, bias=bias, **keywords))
    for place in range(1, norms + 1):
        setattr(self, f"dropout{place}", build("torch.nn.Dropout", dropout))
    activation = self.activation
    if isinstance(activation, str):
        text = f"activation should be relu/gelu, not {activation}"
        expect(activation in ACTIVATIONS, "SHP202", text, blame="activation")
        self.activation = ACTIVATIONS[activation]


def _feed_forward(self: Any, x: Tensor, dropout: Any) -> Tensor:
    hidden = _tensor(call(self.linear1, x))
    active = call(self.activation, hidden)
    # an activation that cannot be followed still has to fit into the second layer
    active = hidden if isinstance(active, Unknown) else _tensor(active)
    return _tensor(call(dropout, call(self.linear2, call(self.dropout, active))))


def _attention(attention: Any, dropout: Any, x: Tensor, memory: Tensor, mask: Any, padding: Any, is_causal: Any) -> Tensor:
    options = {"attn_mask": mask, "key_padding_mask": padding, "need_weights": False, "is_causal": is_causal}
    result = call(attention, x, memory, memory, **options)
    if isinstance(result, Unknown):
        raise Unsure(result.why)
    if not isinstance(result, tuple) or not result:
        raise Unsure("an attention that does not return a pair")
    return _tensor(call(dropout, result[0]))


def _expect_features(self: Any, x: Tensor) -> None:
    """The first part that sees the input complains about its features: the attention, or the norm before it."""
    width = self.d_model
    if x.rank == 0 or not isinstance(width, (int, Poly)):
        return
    details = {"expected": width, "actual": x.shape[-1], "axis": x.rank - 1, "blame": "d_model"}
    details["message"] = f"the transformer wants {word(width)} features, gets {word(x.shape[-1])}"
    if self.norm_first is True:
        shapes = f"expected input with shape [*, {word(width)}], but got input of size{brackets(x.shape)}"
        text = f"Given normalized_shape=[{word(width)}], {shapes}"
        expect_eq(x.shape[-1], width, "SHP101", text, **details)
    elif self.norm_first is False and x.rank in (2, 3):
        text = f"was expecting embedding dimension of {word(width)}, but got {word(x.shape[-1])}"
        expect_eq(x.shape[-1], width, "SHP101", text, error="AssertionError", **details)


@layer("nn.TransformerEncoderLayer", ranks={"src": (3, 2)})
class TransformerEncoderLayer:
    """Self-attention and a feed-forward net: (S, N, d_model) -> (S, N, d_model); N in front with batch_first.

    >>> nn.TransformerEncoderLayer(16, 4)(T(5, 2, 16))
    (5, 2, 16)
    >>> nn.TransformerEncoderLayer(16, 4, batch_first=True, norm_first=True)(T(2, 5, 16), src_mask=M(5, 5))
    (2, 5, 16)
    >>> nn.TransformerEncoderLayer(16, 4)(T(5, 2, 12))
    ! SHP101 was expecting embedding dimension of 16, but got 12
    >>> nn.TransformerEncoderLayer(16, 3)
    ! SHP201 embed_dim must be divisible by num_heads
    """

    def __init__(
        self,
        d_model: Size,
        nhead: Size,
        dim_feedforward: Size = 2048,
        dropout: Any = 0.1,
        activation: Any = RELU,
        layer_norm_eps: Any = 1e-05,
        batch_first: Any = False,
        norm_first: Any = False,
        bias: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        _build(self, ("self_attn",), 2, {"device": device, "dtype": dtype})

    def forward(self, src: Tensor, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: Any = False) -> Tensor:
        layer: Any = self
        padding = canonical_mask(src_key_padding_mask, "src_key_padding_mask", src.dtype)
        mask = canonical_mask(src_mask, "src_mask", src.dtype)
        _expect_features(layer, src)
        first = layer.norm_first
        if not isinstance(first, bool):
            raise Unsure("norm_first is not known")
        x = src
        inner = _tensor(call(layer.norm1, x)) if first else x
        x = _add(x, _attention(layer.self_attn, layer.dropout1, inner, inner, mask, padding, is_causal))
        if first:
            return _add(x, _feed_forward(layer, _tensor(call(layer.norm2, x)), layer.dropout2))
        x = _tensor(call(layer.norm1, x))
        return _tensor(call(layer.norm2, _add(x, _feed_forward(layer, x, layer.dropout2))))


@layer("nn.TransformerDecoderLayer", ranks={"tgt": (3, 2)})
class TransformerDecoderLayer:
    """Self-attention, attention to a memory (S, N, d_model), and a feed-forward net: (T, N, d_model) -> (T, N, d_model).

    >>> nn.TransformerDecoderLayer(16, 4)(T(5, 2, 16), T(6, 2, 16))
    (5, 2, 16)
    >>> nn.TransformerDecoderLayer(16, 4)(T(5, 2, 16), T(6, 2, 16), memory_mask=M(6, 5))
    ! SHP115 The shape of the 2D attn_mask is torch.Size([6, 5]), but should be (5, 6).
    """

    def __init__(
        self,
        d_model: Size,
        nhead: Size,
        dim_feedforward: Size = 2048,
        dropout: Any = 0.1,
        activation: Any = RELU,
        layer_norm_eps: Any = 1e-05,
        batch_first: Any = False,
        norm_first: Any = False,
        bias: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        _build(self, ("self_attn", "multihead_attn"), 3, {"device": device, "dtype": dtype})

    def forward(
        self,
        tgt: Tensor,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: Any = False,
        memory_is_causal: Any = False,
    ) -> Tensor:
        layer: Any = self
        memory = to_tensor(current().pinned(memory), (tgt.rank,))
        _expect_features(layer, tgt)
        first = layer.norm_first
        if not isinstance(first, bool):
            raise Unsure("norm_first is not known")
        x = tgt
        inner = _tensor(call(layer.norm1, x)) if first else x
        x = _add(x, _attention(layer.self_attn, layer.dropout1, inner, inner, tgt_mask, tgt_key_padding_mask, tgt_is_causal))
        x = x if first else _tensor(call(layer.norm1, x))
        inner = _tensor(call(layer.norm2, x)) if first else x
        options = (memory_mask, memory_key_padding_mask, memory_is_causal)
        x = _add(x, _attention(layer.multihead_attn, layer.dropout2, inner, memory, *options))
        x = x if first else _tensor(call(layer.norm2, x))
        inner = _tensor(call(layer.norm3, x)) if first else x
        x = _add(x, _feed_forward(layer, inner, layer.dropout3))
        return x if first else _tensor(call(layer.norm3, x))
