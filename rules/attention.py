"""MultiheadAttention and its function."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Poly,
    Size,
    Tensor,
    Truth,
    Unsure,
    build,
    current,
    dtype_argument,
    expect,
    expect_divides,
    expect_eq,
    expect_ge,
    facts,
    is_float,
    layer,
    new,
    op,
    parens,
    refuse,
    same,
    times,
    to_tensor,
    torch_size,
    true_product,
    word,
)

NEEDS_MASK = (
    "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` "
    "to create this mask."
)


def _expect_shape(tensor: Tensor, wanted: tuple[Size, ...], sentence: Any, error: str = "AssertionError", code: str = "SHP115") -> None:
    """The tensor has this shape; otherwise the whole shapes are compared in one sentence."""
    details = {"error": error, "expected": list(wanted), "actual": list(tensor.shape), "culprit": tensor}
    expect(tensor.rank == len(wanted), code, sentence, **details)
    for axis, (size, want) in enumerate(zip(tensor.shape, wanted, strict=True)):
        expect_eq(size, want, code, sentence, axis=axis, **details)


def _expect_mask_dtype(mask: Tensor | None, name: str) -> None:
    if mask is not None and mask.dtype is not None:
        text = f"only bool and floating types of {name} are supported"
        expect(mask.dtype == "bool" or is_float(mask.dtype) is True, "SHP117", text, error="AssertionError", actual=mask.dtype, culprit=mask)


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


class _Weights:
    """What the projections of one attention are made of."""

    def __init__(self, source: Any, separate: Any) -> None:
        self.separate = separate
        self.packed = source.in_proj_weight
        self.single = (source.q_proj_weight, source.k_proj_weight, source.v_proj_weight)
        self.bias_k = source.bias_k
        self.add_zero_attn = source.add_zero_attn


def _project(query: Tensor, key: Tensor, value: Tensor, weights: _Weights, code: str, blame: str | None) -> None:
    """The checks of the input projections, of tensors (L, N, features)."""
    width = query.shape[2]
    if weights.separate:
        _expect_shape(
            new((*value.shape[:2], 1)),
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


def _attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim: Size,
    num_heads: Size,
    weights: _Weights,
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
        query = new((query.shape[0], 1, query.shape[1]), like=query)
        key = query if same_query else new((key.shape[0], 1, key.shape[1]), like=key)
        value = key if same_key else new((value.shape[0], 1, value.shape[1]), like=value)
        if key_padding_mask is not None:
            key_padding_mask = new((1, *key_padding_mask.shape), like=key_padding_mask)
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
    output = new((length, batch, out_features) if batched else (length, out_features), like=query)
    return output, _weights_of((batch, num_heads, length, source), batched, need_weights, average, query)


def _weights_of(shape: tuple[Size, Size, Size, Size], batched: bool, need_weights: Any, average: Any, query: Tensor) -> Any:
    """The second result: (N, L, S), a head each (N, heads, L, S), or None."""
    if need_weights is False or need_weights is None:
        return None
    if not (isinstance(need_weights, bool) and isinstance(average, (bool, int))):
        raise Unsure("whether attention weights are wanted is not known")
    batch, heads, length, source = shape
    sizes = (batch, length, source) if average else (batch, heads, length, source)
    return new(sizes if batched else sizes[1:], like=query)


def _inputs(query: Any, key: Any, value: Any, padding: Any, mask: Any) -> tuple[Any, ...]:
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
            text = f"embed_dim and num_heads must be greater than 0, got embed_dim={word(embed_dim)} and num_heads={word(num_heads)} instead"
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
        query, key, value, padding, mask = _inputs(query, key, value, key_padding_mask, attn_mask)
        swapped = bool(first) and query.rank == 3
        if swapped:
            once = {id(tensor): _swapped(tensor) for tensor in (query, key, value)}
            query, key, value = once[id(query)], once[id(key)], once[id(value)]
        weights = _Weights(self, not self._qkv_same_embed_dim)
        output, second = _attend(
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

    query, key, value, padding, mask = _inputs(query, key, value, key_padding_mask, attn_mask)
    return _attend(
        query,
        key,
        value,
        embed_dim_to_check,
        num_heads,
        _Weights(Source(), use_separate_proj_weight),
        out_proj_weight.shape[0],
        padding,
        mask,
        need_weights,
        average_attn_weights,
        is_causal,
        "SHP102",
        None,
    )
