"""Distances and similarities of vectors, and bilinear maps."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    Int,
    Size,
    Tensor,
    Unsure,
    axis,
    broadcast,
    c_type_name,
    category,
    differ_in_kind,
    expect,
    expect_eq,
    floating,
    floordiv,
    kind_of,
    layer,
    name_of,
    op,
    parameter,
    promote_two,
    promoted,
    real_part,
    reduced,
    refuse,
    shared_dtype,
    to_int,
    type_name,
    word,
)


def _cosine(a: Tensor, b: Tensor, dim: int) -> Tensor:
    common = promote_two(a.dtype, b.dtype) if a.dtype is not None and b.dtype is not None else None
    if common is not None and category(common) != 2:
        sentence = f"expected common dtype to be floating point, yet common dtype is {type_name(common)}"
        refuse("SHP117", sentence, actual=common)
    shape = broadcast(a.shape, b.shape)
    return Tensor(reduced(shape, (axis(dim, len(shape)),), False), common, device=a.device)


@op("F.cosine_similarity", "torch.cosine_similarity", ranks={"x1": (2, 3, 4), "x2": (2, 3, 4)})
def cosine_similarity(x1: Tensor, x2: Tensor, dim: Int = 1, eps: Any = 1e-8) -> Tensor:
    """Along one axis of the broadcast shapes.

    >>> F.cosine_similarity(T(2, 3), T(2, 3))
    (2,) float32
    >>> F.cosine_similarity(T(5, 1, 3), T(1, 6, 3), dim=-1)
    (5, 6)
    >>> F.cosine_similarity(T(2, 3), T(2, 4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> F.cosine_similarity(T(3), T(3))
    ! SHP108 Dimension out of range (expected to be in range of [-1, 0], but got 1)
    """
    return _cosine(x1, x2, dim)


@layer("nn.CosineSimilarity", ranks={"x1": (2, 3, 4), "x2": (2, 3, 4)})
class CosineSimilarity:
    """Along one axis of the broadcast shapes.

    >>> nn.CosineSimilarity(dim=-1)(T(2, 3), T(2, 3))
    (2,)
    >>> nn.CosineSimilarity()(T(2, 3), T(2, 4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """

    dim: Any

    def __init__(self, dim: Int = 1, eps: Any = 1e-8) -> None:
        pass

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return _cosine(x1, x2, to_int(self.dim))


def _pairwise(a: Tensor, b: Tensor, keepdim: bool) -> Tensor:
    if "bool" in (a.dtype, b.dtype):
        raise Unsure("the distance of masks")
    shape = broadcast(a.shape, b.shape)
    places = (len(shape) - 1,) if shape else ()
    return Tensor(reduced(shape, places, keepdim), real_part(floating(promoted((a, b)))), device=a.device)


@op("F.pairwise_distance", "torch.pairwise_distance", ranks={"x1": (2, 1, 3), "x2": (2, 1, 3)})
def pairwise_distance(x1: Tensor, x2: Tensor, p: Any = 2.0, eps: Any = 1e-6, keepdim: Bool = False) -> Tensor:
    """Along the last axis of the broadcast shapes.

    >>> F.pairwise_distance(T(2, 3), T(3))
    (2,) float32
    >>> F.pairwise_distance(T(2, 3), T(2, 4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    return _pairwise(x1, x2, keepdim)


@layer("nn.PairwiseDistance", ranks={"x1": (2, 1, 3), "x2": (2, 1, 3)})
class PairwiseDistance:
    """Along the last axis of the broadcast shapes.

    >>> nn.PairwiseDistance(keepdim=True)(T(2, 3), T(2, 3))
    (2, 1)
    >>> nn.PairwiseDistance()(T(2, 3), T(2, 4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """

    norm: Any
    keepdim: Any

    def __init__(self, p: Any = 2.0, eps: Any = 1e-6, keepdim: Bool = False) -> None:
        self.norm = p

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        if not isinstance(self.keepdim, (bool, int)):
            raise Unsure("keepdim is not known")
        return _pairwise(x1, x2, bool(self.keepdim))


@op("torch.cdist", ranks={"x1": (2, 3, 4), "x2": (2, 3, 4)})
def cdist(x1: Tensor, x2: Tensor, p: Any = 2.0, compute_mode: Any = "use_mm_for_euclid_dist_if_necessary") -> Tensor:
    """(*, n, k) and (*, m, k) -> (*, n, m)

    >>> torch.cdist(T(5, 3), T(6, 3))
    (5, 6) float32
    >>> torch.cdist(T(2, 5, 3), T(6, 3))
    (2, 5, 6)
    >>> torch.cdist(T(5, 3), T(6, 4))
    ! SHP102 X1 and X2 must have the same number of columns. X1: 3 X2: 4
    >>> torch.cdist(T(3), T(6, 3))
    ! SHP107 cdist only supports at least 2D tensors, X1 got: 1D
    """
    modes = ("use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist")
    if isinstance(compute_mode, str) and compute_mode not in modes:
        refuse("SHP118", f"{compute_mode} is not a valid value for compute_mode", error="ValueError", actual=compute_mode)
    for part, name in ((x1, "X1"), (x2, "X2")):
        expect(part.rank >= 2, "SHP107", f"cdist only supports at least 2D tensors, {name} got: {part.rank}D", actual=part.rank)
    columns = (x1.shape[-1], x2.shape[-1])
    expect_eq(
        columns[0],
        columns[1],
        "SHP102",
        lambda: f"X1 and X2 must have the same number of columns. X1: {word(columns[0])} X2: {word(columns[1])}",
        expected=columns[0],
        actual=columns[1],
        axis=x1.rank - 1,
    )
    for part, name in ((x1, "X1"), (x2, "X2")):
        if kind_of(part) != 2:
            refuse("SHP117", f"cdist only supports floating-point dtypes, {name} got: {name_of(part)}", actual=part.dtype)
    if isinstance(p, (int, float)) and p < 0:
        refuse("SHP118", "cdist only supports non-negative p values", actual=p)
    batch = broadcast(x1.shape[:-2], x2.shape[:-2])
    return Tensor((*batch, x1.shape[-2], x2.shape[-2]), shared_dtype(x1, x2), device=x1.device)


@op("F.pdist", "torch.pdist", ranks=(2,))
def pdist(input: Tensor, p: Any = 2) -> Tensor:
    """The distances of all pairs of rows.

    >>> F.pdist(T(5, 3))
    (10,) float32
    >>> F.pdist(T(5))
    ! SHP107 pdist only supports 2D tensors, got: 1D
    """
    expect(input.rank == 2, "SHP107", f"pdist only supports 2D tensors, got: {input.rank}D", actual=input.rank)
    if kind_of(input) != 2:
        refuse("SHP117", "pdist only supports floating-point dtypes", actual=input.dtype)
    rows = input.shape[0]
    return Tensor((floordiv(rows * (rows - 1), 2),), input.dtype, device=input.device)


def _expect_batch(a: Tensor, b: Tensor, place: int) -> None:
    one, two = a.shape[place], b.shape[place]
    expect_eq(
        one,
        two,
        "SHP103",
        lambda: f"bilinear(): input batch dimensions do not match at dim {place}: got {word(one)} and {word(two)}",
        expected=one,
        actual=two,
        axis=place,
    )


def _expect_features(part: Tensor, wanted: Size, number: int, code: str, layered: bool) -> None:
    have = part.shape[-1]
    expect_eq(
        have,
        wanted,
        code,
        lambda: f"bilinear(): input{number} size does not match weight size: got {word(have)} but expected {word(wanted)}",
        message=lambda: f"Bilinear wants {word(wanted)} features of input {number}, gets {word(have)}",
        expected=wanted,
        actual=have,
        axis=part.rank - 1,
        blame=f"in{number}_features" if layered else None,
        culprit=part,
    )


def _bilinear(a: Tensor, b: Tensor, weight: Tensor, bias: Tensor | None, layered: bool) -> Tensor:
    """(*, m) and (*, n) through (out, m, n) -> (*, out)"""
    code = "SHP101" if layered else "SHP102"
    parts = {"input1": a, "input2": b, "weight": weight, **({} if bias is None else {"bias": bias})}
    if differ_in_kind(*parts.values()):
        names = ", ".join(f"{name}: {c_type_name(part.dtype or '')}" for name, part in parts.items())
        refuse("SHP117", f"All tensors must have the same dtype, got {names}", actual=[a.dtype, b.dtype])
    expect(a.rank == b.rank, "SHP107", f"bilinear(): input dimensions do not match: got {a.rank} and {b.rank}")
    for place in range(a.rank - 1):
        _expect_batch(a, b, place)
    expect(a.rank > 0 and weight.rank == 3, "SHP107", "bilinear(): tensors of these ranks are not followed")
    _expect_features(a, weight.shape[1], 1, code, layered)
    _expect_features(b, weight.shape[2], 2, code, layered)
    if bias is not None and bias.rank > 0:
        size = bias.shape[0]
        sentence = f"bilinear(): bias size does not match weight size: got {word(size)} but expected {word(weight.shape[0])}"
        expect_eq(size, weight.shape[0], "SHP102", sentence, expected=weight.shape[0], actual=size)
    return Tensor((*a.shape[:-1], weight.shape[0]), shared_dtype(a, b, weight), device=a.device)


@op("F.bilinear", "torch.bilinear")
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """(*, m) and (*, n) through (out, m, n) -> (*, out)

    >>> F.bilinear(T(2, 3), T(2, 4), T(5, 3, 4))
    (2, 5) float32
    >>> F.bilinear(T(2, 3), T(2, 4), T(5, 4, 3))
    ! SHP102 bilinear(): input1 size does not match weight size: got 3 but expected 4
    >>> F.bilinear(T(2, 3), T(4), T(5, 3, 4))
    ! SHP107 bilinear(): input dimensions do not match: got 2 and 1
    """
    if weight.rank != 3:
        raise Unsure("a weight without 3 axes")
    return _bilinear(input1, input2, weight, bias, False)


@layer("nn.Bilinear", ranks={"input1": (2, 3), "input2": (2, 3)})
class Bilinear:
    """(*, in1) and (*, in2) -> (*, out)

    >>> nn.Bilinear(3, 4, 5)(T(2, 3), T(2, 4))
    (2, 5)
    >>> nn.Bilinear(3, 4, 5)(T(2, 4), T(2, 4))
    ! SHP101 bilinear(): input1 size does not match weight size: got 4 but expected 3
    >>> nn.Bilinear(0, 4, 5)
    ! SHP202 in1_features must be > 0, but got (in1_features=0)
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(
        self, in1_features: Size, in2_features: Size, out_features: Size, bias: Bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        sizes = (out_features, in1_features, in2_features)
        for size, name in zip(sizes, ("out_features", "in1_features", "in2_features"), strict=True):
            if isinstance(size, int) and size < 0:
                words = ", ".join(map(word, sizes))
                refuse("SHP202", f"Trying to create tensor with negative dimension {size}: [{words}]", blame=name, actual=size)
        if isinstance(in1_features, int) and in1_features <= 0:
            sentence = f"in1_features must be > 0, but got (in1_features={in1_features})"
            refuse("SHP202", sentence, error="ValueError", blame="in1_features", actual=in1_features)
        self.weight = parameter(*sizes)
        self.bias = parameter(out_features) if bias else None

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return _bilinear(input1, input2, self.weight, self.bias, True)
