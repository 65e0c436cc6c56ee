"""Tables looked up by index: Embedding, EmbeddingBag and their functions."""

from __future__ import annotations

from shapecheck.book import (
    FLOATS,
    Any,
    Bool,
    Poly,
    Size,
    Str,
    Tensor,
    brackets,
    build,
    dtype_argument,
    expect,
    expect_eq,
    expect_ge,
    expect_le,
    facts,
    fresh,
    layer,
    op,
    refuse,
    torch_size,
    type_name,
    word,
)

# names of tensor types that are not torch.NAMETensor, as this one message spells them
CLASSES = {
    "bool": "CPUBoolType",
    "bfloat16": "CPUBFloat16Type",
    "complex64": "CPUComplexFloatType",
    "complex128": "CPUComplexDoubleType",
}
MODES = ("sum", "mean", "max")


def _tensor_class(dtype: str) -> str:
    return CLASSES.get(dtype) or f"torch.{type_name(dtype)}Tensor"


def _expect_indices(indices: Tensor, function: str, position: int = 1) -> None:
    """Indices are int32 or int64."""
    if indices.dtype is not None:
        expect(
            indices.dtype in ("int64", "int32"),
            "SHP117",
            lambda: (
                f"Expected tensor for argument #{position} 'indices' to have one of the following scalar types: Long, Int; "
                f"but got {_tensor_class(str(indices.dtype))} instead (while checking arguments for {function})"
            ),
            message=f"{function} wants indices of type int64 or int32, gets {indices.dtype}",
            expected="int64",
            actual=indices.dtype,
        )


def _expect_in_range(indices: Tensor, rows: Size, sentence: Any, error: str) -> None:
    """Every index that is known is 0 <= index < rows."""
    for index in indices.elements or ():
        if isinstance(index, int) and (index < 0 or facts().ge(index, rows).yes):
            refuse(
                "SHP119",
                sentence(index),
                message=f"index {index} in a table of {word(rows)} rows",
                error=error,
                expected=rows,
                actual=index,
                blame="num_embeddings",
            )


def _table(weight: Any, rows: Size, columns: Size, dtype: Any) -> Tensor:
    """The weight of a layer: made new, or the one that was handed over."""
    if isinstance(weight, Tensor):
        text = "Shape of weight does not match num_embeddings and embedding_dim"
        expect(weight.rank == 2, "SHP202", text, error="AssertionError")
        expect_eq(weight.shape[0], rows, "SHP202", text, error="AssertionError", expected=rows, actual=weight.shape[0])
        expect_eq(weight.shape[1], columns, "SHP202", text, error="AssertionError", expected=columns, actual=weight.shape[1])
        return Tensor(weight.shape, weight.dtype, weight.layout, weight.offset, weight.elements, "parameter", weight.device)
    for size, blame in ((rows, "num_embeddings"), (columns, "embedding_dim")):
        if isinstance(size, (int, Poly)):
            text = f"Trying to create tensor with negative dimension {word(size)}: {brackets((rows, columns))}"
            expect_ge(size, 0, "SHP202", text, blame=blame, actual=size)
    return Tensor((rows, columns), dtype_argument(dtype, "float32") if weight is None else None, role="parameter")


def _padding(padding_idx: Any, rows: Size, sentence: str, code: str = "SHP202") -> Any:
    """A padding index as the layer keeps it: counted from the front."""
    if not isinstance(padding_idx, (int, Poly)) or not isinstance(rows, (int, Poly)):
        return padding_idx
    positive, negative = facts().gt(padding_idx, 0), facts().lt(padding_idx, 0)
    details = {"error": "AssertionError", "expected": rows, "actual": padding_idx, "blame": "padding_idx"}
    if positive.yes:
        expect_le(padding_idx + 1, rows, code, sentence, **details)
    elif negative.yes:
        expect_ge(padding_idx, -rows, code, sentence, **details)
        return rows + padding_idx
    return padding_idx


def _lookup(input: Tensor, weight: Tensor, max_norm: Any) -> Tensor:
    """indices (*) and weight (V, D) -> (*, D)"""
    if max_norm is not None:
        _expect_indices(input, "embedding_renorm_", 2)
    expect(
        weight.rank == 2,
        "SHP107",
        "'weight' must be 2-D",
        message=f"the table has {weight.rank} axes, 2 are wanted",
        expected=2,
        actual=weight.rank,
        culprit=weight,
    )
    _expect_indices(input, "embedding")
    if max_norm is None:
        _expect_in_range(input, weight.shape[0], lambda index: "index out of range in self", "IndexError")
    return Tensor((*input.shape, weight.shape[1]), weight.dtype, device=weight.device)


@layer("nn.Embedding", ranks=(2, 1, 3))
class Embedding:
    """Looks up a row of the table for each index: (*) -> (*, embedding_dim).

    >>> nn.Embedding(10, 3)(I(2, 4))
    (2, 4, 3) float32
    >>> nn.Embedding(10, 3, padding_idx=-1).padding_idx
    9
    >>> nn.Embedding(10, 3)(torch.tensor([4, 10]))
    ! SHP119 index out of range in self
    >>> nn.Embedding(10, 3)(T(2, 4))
    ! SHP117 Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.FloatTensor instead (while checking arguments for embedding)
    >>> nn.Embedding(10, 3, padding_idx=10)
    ! SHP202 Padding_idx must be within num_embeddings
    """  # noqa: E501

    weight: Tensor
    num_embeddings: Size
    embedding_dim: Size

    def __init__(
        self,
        num_embeddings: Size,
        embedding_dim: Size,
        padding_idx: Any = None,
        max_norm: Any = None,
        norm_type: Any = 2.0,
        scale_grad_by_freq: Any = False,
        sparse: Any = False,
        _weight: Any = None,
        _freeze: Any = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self.padding_idx = _padding(padding_idx, num_embeddings, "Padding_idx must be within num_embeddings")
        self.weight = _table(_weight, num_embeddings, embedding_dim, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return _lookup(input, self.weight, self.max_norm)  # type: ignore[attr-defined]


@op("nn.Embedding.from_pretrained")
def from_pretrained(
    embeddings: Tensor,
    freeze: Any = True,
    padding_idx: Any = None,
    max_norm: Any = None,
    norm_type: Any = 2.0,
    scale_grad_by_freq: Any = False,
    sparse: Any = False,
) -> Any:
    """An Embedding over a given table.

    >>> nn.Embedding.from_pretrained(T(10, 3))(I(2, 4))
    (2, 4, 3)
    >>> nn.Embedding.from_pretrained(T(10))
    ! SHP107 Embeddings parameter is expected to be 2-dimensional
    """
    expect(embeddings.rank == 2, "SHP107", "Embeddings parameter is expected to be 2-dimensional", error="AssertionError")
    return build(
        "torch.nn.Embedding",
        *embeddings.shape,
        padding_idx=padding_idx,
        max_norm=max_norm,
        norm_type=norm_type,
        scale_grad_by_freq=scale_grad_by_freq,
        sparse=sparse,
        _weight=embeddings,
        _freeze=freeze,
    )


@op("F.embedding", ranks={"input": (2, 1, 3), "weight": (2,)})
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: Any = None,
    max_norm: Any = None,
    norm_type: Any = 2.0,
    scale_grad_by_freq: Any = False,
    sparse: Any = False,
) -> Tensor:
    """indices (*), weight (V, D) -> (*, D)

    >>> F.embedding(I(2, 4), T(10, 3))
    (2, 4, 3)
    >>> F.embedding(I(2, 4), T(10))
    ! SHP107 'weight' must be 2-D
    """
    if weight.rank:
        _padding(padding_idx, weight.shape[0], "Padding_idx must be within num_embeddings", "SHP118")
    return _lookup(input, weight, max_norm)


@op("torch.embedding", ranks={"indices": (2, 1, 3), "weight": (2,)})
def raw_embedding(weight: Tensor, indices: Tensor, padding_idx: Any = -1, scale_grad_by_freq: Any = False, sparse: Any = False) -> Tensor:
    """weight (V, D), indices (*) -> (*, D)

    >>> torch.embedding(T(10, 3), I(2, 4))
    (2, 4, 3)
    >>> torch.embedding(T(10, 3, 2), I(2, 4))
    ! SHP107 'weight' must be 2-D
    """
    return _lookup(indices, weight, None)


def _bags(
    input: Tensor, weight: Tensor, offsets: Tensor | None, mode: Any, per_sample_weights: Tensor | None, options: dict[str, Any]
) -> Tensor:
    """indices (B, N) or (N) with offsets (B), weight (V, D) -> (B, D); the checks of F.embedding_bag in their order."""
    if weight.dtype in ("int64", "int32") and input.dtype in FLOATS:  # the order of arguments before 0.4, which still works
        weight, input = input, weight
    if per_sample_weights is not None:
        samples = per_sample_weights

        def sentence() -> str:
            return (
                f"embedding_bag: If per_sample_weights ({torch_size(samples.shape)}) is not None, "
                f"then it must have the same shape as the input ({torch_size(input.shape)})"
            )

        details = {"error": "ValueError", "expected": list(input.shape), "actual": list(samples.shape), "culprit": samples}
        expect(samples.rank == input.rank, "SHP118", sentence, **details)
        for a, b in zip(samples.shape, input.shape, strict=True):
            expect_eq(a, b, "SHP118", sentence, **details)
    expect(
        weight.rank == 2,
        "SHP107",
        f"weight has to be a 2D Tensor, but got Tensor of dimension {weight.rank}",
        error="ValueError",
        culprit=weight,
    )
    last: Any = options["include_last_offset"]
    if input.rank == 2:
        expect(
            offsets is None,
            "SHP118",
            "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. "
            "However, found offsets of type <class 'torch.Tensor'>",
            error="ValueError",
            message="offsets go with a 1-D input only",
        )
        bags = input.shape[0]
        if input.dtype == "bool":
            refuse("SHP117", "\"arange_cpu\" not implemented for 'Bool'", error="NotImplementedError", actual="bool")
    else:
        expect(input.rank == 1, "SHP107", f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.rank}", error="ValueError")
        if offsets is None:
            refuse("SHP118", "offsets has to be a 1D Tensor but got None", error="ValueError", message="a 1-D input needs offsets")
        expect(offsets.rank == 1, "SHP107", "offsets has to be a 1D Tensor", error="ValueError", culprit=offsets)
        bags = offsets.shape[0] - 1 if last is True else offsets.shape[0] if last is False else fresh("bags")
    if isinstance(mode, str):
        expect(mode in MODES, "SHP118", "mode has to be one of sum, mean or max", error="ValueError", actual=mode)
        if mode == "max":
            text = "max mode does not support scaling the gradient by the frequency"
            expect(options["scale_grad_by_freq"] is not True, "SHP118", text, error="ValueError")
            expect(options["sparse"] is not True, "SHP118", "max mode does not support sparse weights", error="ValueError")
    if options["max_norm"] is not None:
        _expect_indices(input, "embedding_renorm_", 2)
    if per_sample_weights is not None and isinstance(mode, str):
        expect(
            mode == "sum",
            "SHP118",
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' "
            f"(got mode='{mode}'). Please open a feature request on GitHub.",
            error="NotImplementedError",
        )
    _expect_indices(input, "embedding_bag")
    _expect_in_range(
        input,
        weight.shape[0],
        lambda index: (
            f"Index {(input.elements or ()).index(index)} of input takes value {index} "
            f"which is not in the valid range [0, {word(weight.shape[0])})"
        ),
        "RuntimeError",
    )
    return Tensor((bags, weight.shape[1]), weight.dtype, device=weight.device)


@layer("nn.EmbeddingBag", ranks={"input": (2, 1), "offsets": (1,)})
class EmbeddingBag:
    """Looks up rows and adds them up by bags: (B, N) -> (B, embedding_dim).

    >>> nn.EmbeddingBag(10, 3)(I(2, 4))
    (2, 3) float32
    >>> nn.EmbeddingBag(10, 3, include_last_offset=True)(I(8), torch.tensor([0, 4, 8]))
    (2, 3)
    >>> nn.EmbeddingBag(10, 3)(I(8))
    ! SHP118 offsets has to be a 1D Tensor but got None
    >>> nn.EmbeddingBag(10, 3)(I(2, 3, 4))
    ! SHP107 input has to be 1D or 2D Tensor, but got Tensor of dimension 3
    """

    weight: Tensor

    def __init__(
        self,
        num_embeddings: Size,
        embedding_dim: Size,
        max_norm: Any = None,
        norm_type: Any = 2.0,
        scale_grad_by_freq: Any = False,
        mode: Str = "mean",
        sparse: Any = False,
        _weight: Any = None,
        include_last_offset: Bool = False,
        padding_idx: Any = None,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self.padding_idx = _padding(padding_idx, num_embeddings, "padding_idx must be within num_embeddings")
        self.weight = _table(_weight, num_embeddings, embedding_dim, dtype)

    def forward(self, input: Tensor, offsets: Tensor | None = None, per_sample_weights: Tensor | None = None) -> Tensor:
        names = ("scale_grad_by_freq", "sparse", "include_last_offset", "max_norm")
        options = {name: getattr(self, name) for name in names}
        return _bags(input, self.weight, offsets, self.mode, per_sample_weights, options)  # type: ignore[attr-defined]


@op("nn.EmbeddingBag.from_pretrained")
def bag_from_pretrained(
    embeddings: Tensor,
    freeze: Any = True,
    max_norm: Any = None,
    norm_type: Any = 2.0,
    scale_grad_by_freq: Any = False,
    mode: Any = "mean",
    sparse: Any = False,
    include_last_offset: Any = False,
    padding_idx: Any = None,
) -> Any:
    """An EmbeddingBag over a given table.

    >>> nn.EmbeddingBag.from_pretrained(T(10, 3))(I(2, 4))
    (2, 3)
    >>> nn.EmbeddingBag.from_pretrained(T(10, 3, 1))
    ! SHP107 Embeddings parameter is expected to be 2-dimensional
    """
    expect(embeddings.rank == 2, "SHP107", "Embeddings parameter is expected to be 2-dimensional", error="AssertionError")
    given = {name: value for name, value in locals().items() if name not in ("embeddings", "freeze")}
    return build("torch.nn.EmbeddingBag", *embeddings.shape, _weight=embeddings, **given)


@op("F.embedding_bag", ranks={"input": (2, 1), "weight": (2,), "offsets": (1,)})
def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: Any = None,
    norm_type: Any = 2,
    scale_grad_by_freq: Any = False,
    mode: Any = "mean",
    sparse: Any = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: Any = False,
    padding_idx: Any = None,
) -> Tensor:
    """indices (B, N) or (N) with offsets (B), weight (V, D) -> (B, D)

    >>> F.embedding_bag(I(2, 4), T(10, 3))
    (2, 3)
    >>> F.embedding_bag(I(2, 4), T(10, 3), mode="sum", per_sample_weights=T(2, 5))
    ! SHP118 embedding_bag: If per_sample_weights (torch.Size([2, 5])) is not None, then it must have the same shape as the input (torch.Size([2, 4]))
    """  # noqa: E501
    options = {"scale_grad_by_freq": scale_grad_by_freq, "sparse": sparse, "include_last_offset": include_last_offset, "max_norm": max_norm}
    return _bags(input, weight, offsets, mode, per_sample_weights, options)
