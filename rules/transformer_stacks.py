"""Stacks of transformer layers, and the whole Transformer."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    External,
    Instance,
    ListValue,
    Poly,
    Repeated,
    Size,
    Tensor,
    Unknown,
    Unsure,
    axis,
    brackets,
    build,
    call,
    canonical_mask,
    current,
    dtype_argument,
    expect_divides,
    expect_eq,
    expect_ge,
    layer,
    op,
    to_tensor,
    word,
)

RELU = External("torch.nn.functional.relu")


def _tensor(value: Any) -> Tensor:
    """The result of a part of the layer."""
    if isinstance(value, Unknown):
        raise Unsure(value.why)
    return to_tensor(value, (3, 2))


def _clones(module: Any, count: Any) -> Any:
    """`count` copies of a layer in a ModuleList; one that stands for all of them where their number is not known."""
    if not isinstance(module, Instance):
        raise Unsure("the layer of a stack is not known")
    if not isinstance(count, int):
        return build("torch.nn.ModuleList", ListValue(Repeated(module, count)))
    return build("torch.nn.ModuleList", ListValue(tuple(call(External("copy.deepcopy"), module) for _ in range(count))))


def _layers(stack: Any) -> list[Any]:
    """The layers of a ModuleList, one if their number is not known."""
    if not isinstance(stack, Instance) or "?" in stack.attrs:
        raise Unsure("the layers of a stack are not known")
    several = stack.attrs.get("*")
    if isinstance(several, Repeated):
        return [several.element]
    return [item for name, item in stack.attrs.items() if name.isdigit()]


def _causal(is_causal: Any) -> bool:
    """The hint for the layers: whether a mask happens to be causal does not change what shapes it may have."""
    return is_causal is True


@layer("nn.TransformerEncoder", ranks={"src": (3, 2)})
class TransformerEncoder:
    """A stack of encoder layers: (S, N, d_model) -> (S, N, d_model).

    >>> nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4), 2)(T(5, 2, 16))
    (5, 2, 16)
    >>> nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4), 2)(T(5, 2, 16), mask=M(2, 2))
    ! SHP115 The shape of the 2D attn_mask is torch.Size([2, 2]), but should be (5, 5).
    """

    def __init__(
        self, encoder_layer: Any, num_layers: Size, norm: Any = None, enable_nested_tensor: Any = True, mask_check: Any = True
    ) -> None:
        self.layers = _clones(encoder_layer, num_layers)
        self.encoder_layer = None  # copied, not kept

    def forward(self, src: Tensor, mask: Any = None, src_key_padding_mask: Any = None, is_causal: Any = None) -> Tensor:
        layer: Any = self
        padding = canonical_mask(src_key_padding_mask, "src_key_padding_mask", src.dtype)
        mask = canonical_mask(mask, "mask", src.dtype)
        output = src
        for module in _layers(layer.layers):
            output = _tensor(call(module, output, src_mask=mask, is_causal=_causal(is_causal), src_key_padding_mask=padding))
        return output if layer.norm is None else _tensor(call(layer.norm, output))


@layer("nn.TransformerDecoder", ranks={"tgt": (3, 2)})
class TransformerDecoder:
    """A stack of decoder layers: (T, N, d_model) and a memory (S, N, d_model) -> (T, N, d_model).

    >>> nn.TransformerDecoder(nn.TransformerDecoderLayer(16, 4), 2)(T(5, 2, 16), T(6, 2, 16))
    (5, 2, 16)
    >>> nn.TransformerDecoder(nn.TransformerDecoderLayer(16, 4), 2)(T(5, 2, 16), T(6, 3, 16))
    ! SHP115 shape '[6, 8, 4]' is invalid for input of size 288
    """

    def __init__(self, decoder_layer: Any, num_layers: Size, norm: Any = None) -> None:
        self.layers = _clones(decoder_layer, num_layers)
        self.decoder_layer = None  # copied, not kept

    def forward(
        self,
        tgt: Tensor,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: Any = None,
        memory_is_causal: Any = False,
    ) -> Tensor:
        layer: Any = self
        output = tgt
        options = {"tgt_key_padding_mask": tgt_key_padding_mask, "memory_key_padding_mask": memory_key_padding_mask}
        options |= {"tgt_mask": tgt_mask, "memory_mask": memory_mask, "tgt_is_causal": _causal(tgt_is_causal)}
        for module in _layers(layer.layers):
            output = _tensor(call(module, output, memory, memory_is_causal=memory_is_causal, **options))
        return output if layer.norm is None else _tensor(call(layer.norm, output))


@layer("nn.Transformer", ranks={"src": (3, 2)})
class Transformer:
    """Encoder and decoder: src (S, N, d_model), tgt (T, N, d_model) -> (T, N, d_model); N in front with batch_first.

    >>> nn.Transformer(16, 4, 1, 1)(T(5, 2, 16), T(6, 2, 16))
    (6, 2, 16)
    >>> nn.Transformer(16, 4, 1, 1)(T(5, 2, 16), T(6, 3, 16))
    ! SHP101 the batch number of src and tgt must be equal
    >>> nn.Transformer(16, 4, 1, 1)(T(5, 2, 16), T(6, 2, 12))
    ! SHP101 the feature number of src and tgt must be equal to d_model
    """

    def __init__(
        self,
        d_model: Size = 512,
        nhead: Size = 8,
        num_encoder_layers: Size = 6,
        num_decoder_layers: Size = 6,
        dim_feedforward: Size = 2048,
        dropout: Any = 0.1,
        activation: Any = RELU,
        custom_encoder: Any = None,
        custom_decoder: Any = None,
        layer_norm_eps: Any = 1e-05,
        batch_first: Any = False,
        norm_first: Any = False,
        bias: Any = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if isinstance(d_model, (int, Poly)) and isinstance(nhead, (int, Poly)) and (custom_encoder is None or custom_decoder is None):
            text = f"embed_dim and num_heads must be greater than 0, got embed_dim={word(d_model)} and num_heads={word(nhead)} instead"
            expect_ge(nhead, 1, "SHP202", text, error="ValueError", blame="nhead")
            details = {"error": "AssertionError", "expected": nhead, "actual": d_model, "blame": "nhead"}
            expect_divides(nhead, d_model, "SHP201", "embed_dim must be divisible by num_heads", **details)
        sizes = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias, device, dtype)

        def stack(kind: str, count: Any) -> Any:
            one = build(f"torch.nn.Transformer{kind}Layer", *sizes)
            norm = build("torch.nn.LayerNorm", d_model, eps=layer_norm_eps, bias=bias, device=device, dtype=dtype)
            return build(f"torch.nn.Transformer{kind}", one, count, norm)

        self.encoder = stack("Encoder", num_encoder_layers) if custom_encoder is None else custom_encoder
        self.decoder = stack("Decoder", num_decoder_layers) if custom_decoder is None else custom_decoder
        self.custom_encoder = self.custom_decoder = None  # kept under the other names

    def forward(
        self,
        src: Tensor,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: Any = None,
        tgt_is_causal: Any = None,
        memory_is_causal: Any = False,
    ) -> Tensor:
        layer: Any = self
        first = layer.batch_first
        if not isinstance(first, (bool, int)):
            raise Unsure("batch_first is not known")
        tgt = to_tensor(current().pinned(tgt), (src.rank,))
        if src.rank == 3:
            place = axis(0 if first else 1, tgt.rank)
            details = {"expected": src.shape[place], "actual": tgt.shape[place], "axis": place, "culprit": tgt}
            details["message"] = f"a batch of {word(src.shape[place])} in src and of {word(tgt.shape[place])} in tgt"
            expect_eq(src.shape[place], tgt.shape[place], "SHP101", "the batch number of src and tgt must be equal", **details)
        for tensor in (src, tgt):
            if tensor.rank == 0:
                raise Unsure("a tensor without axes")
            details = {
                "expected": layer.d_model,
                "actual": tensor.shape[-1],
                "axis": tensor.rank - 1,
                "culprit": tensor,
                "blame": "d_model",
            }
            details["message"] = f"the transformer wants {word(layer.d_model)} features, gets {word(tensor.shape[-1])}"
            text = "the feature number of src and tgt must be equal to d_model"
            expect_eq(tensor.shape[-1], layer.d_model, "SHP101", text, **details)
        memory = _tensor(call(layer.encoder, src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal))
        options = {"tgt_key_padding_mask": tgt_key_padding_mask, "memory_key_padding_mask": memory_key_padding_mask}
        options |= {"tgt_is_causal": tgt_is_causal, "memory_is_causal": memory_is_causal}
        return _tensor(call(layer.decoder, tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask, **options))

    def generate_square_subsequent_mask(self, sz: Any, device: Any = None, dtype: Any = None) -> Tensor:
        return _square(sz, dtype)


def _square(sz: Size, dtype: Any) -> Tensor:
    text = f"Trying to create tensor with negative dimension {word(sz)}: {brackets((sz, sz))}"
    expect_ge(sz, 0, "SHP118", text, actual=sz)
    return Tensor((sz, sz), dtype_argument(dtype, "float32"))


@op("nn.Transformer.generate_square_subsequent_mask")
def generate_square_subsequent_mask(sz: Size, device: Any = None, dtype: Any = None) -> Tensor:
    """A mask (sz, sz) that hides what comes later.

    >>> nn.Transformer.generate_square_subsequent_mask(7)
    (7, 7) float32
    >>> nn.Transformer.generate_square_subsequent_mask(-1)
    ! SHP118 Trying to create tensor with negative dimension -1: [-1, -1]
    """
    return _square(sz, dtype)
