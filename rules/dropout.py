"""Dropout layers and functions: the shape stays; whole channels need axes for them."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Tensor,
    attribute_or_none,
    category,
    expect,
    facts,
    is_dense,
    layer,
    mapped,
    not_implemented,
    op,
    refuse,
    spelled,
    type_name,
    written,
)
from shapecheck.book import inplace as called_in_place

PROBABILITY = "dropout probability has to be between 0 and 1, but got"
CHANNELS = "Feature dropout requires at least 2 dimensions in the input"


def _expect_probability(p: Any, code: str, error: str) -> None:
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        refuse(code, f"{PROBABILITY} {p}", error=error, blame="p" if code == "SHP202" else None, actual=p)


def _dropped(kind: str, input: Tensor, p: Any, training: Any, in_place: bool) -> Tensor:
    """kind: '' for elements, '1d', '2d', '3d' for channels, 'feature_alpha' for channels too, 'alpha'."""
    if kind == "1d":
        sentence = (
            f"dropout1d: Expected 2D or 3D input, but received a {input.rank}D input. Note that dropout1d exists to provide channel-wise "
            "dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs)."
        )
        expect(input.rank in (2, 3), "SHP107", sentence, message=f"dropout1d of a tensor with {input.rank} axes", actual=input.rank)
    works = training is True and not (isinstance(p, (int, float)) and p == 0)
    if not works:
        if training is False or is_dense(input) or in_place:
            return input
        return Tensor(input.shape, input.dtype, None, None, device=input.device)
    full = all(facts().ge(size, 1).yes for size in input.shape)  # nothing is done or checked where there are no elements
    rank = input.rank + 1 if kind == "3d" and input.rank != 5 else input.rank
    if kind in ("2d", "3d", "feature_alpha") and full:
        expect(rank >= 2, "SHP107", CHANNELS, actual=input.rank)
    sure = isinstance(p, (int, float)) and 0 < p < 1 and full
    if sure and input.dtype is not None:
        if category(input.dtype) == 3:
            not_implemented("bernoulli_scalar_cpu_", input.dtype)
        if category(input.dtype) < 2:
            wanted = "Long" if "alpha" in kind and input.dtype == "bool" else type_name(input.dtype)
            sentence = f"result type Float can't be cast to the desired output type {wanted}"
            refuse("SHP117", sentence, message=f"dropout of a {input.dtype} tensor", actual=input.dtype)
    return written(input) if in_place else mapped(input, input.dtype)


@op("F.dropout", "F.dropout1d", "F.dropout2d", "F.dropout3d", ranks=(4, 3, 2, 5))
def dropout(input: Tensor, p: Any = 0.5, training: Any = True, inplace: Any = False) -> Tensor:
    """Elements or whole channels become 0.

    >>> F.dropout(T(2, 3), 0.1)
    (2, 3) float32
    >>> F.dropout2d(T(2, 3, 4, 5), training=False)
    (2, 3, 4, 5)
    >>> F.dropout1d(T(2, 3, 4, 5))
    ! SHP107 dropout1d: Expected 2D or 3D input, but received a 4D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).
    >>> F.dropout(T(2, 3), 1.5)
    ! SHP118 dropout probability has to be between 0 and 1, but got 1.5
    >>> F.dropout(I(2, 3), 0.5)
    ! SHP117 result type Float can't be cast to the desired output type Long
    """  # noqa: E501
    _expect_probability(p, "SHP118", "ValueError")
    return _dropped(spelled().removeprefix("dropout"), input, p, training, inplace is True)


@op("F.alpha_dropout", "F.feature_alpha_dropout")
def alpha_dropout(input: Tensor, p: Any = 0.5, training: Any = False, inplace: Any = False) -> Tensor:
    """Dropout that keeps mean and variance.

    >>> F.alpha_dropout(T(2, 3), 0.1, training=True)
    (2, 3) float32
    >>> F.feature_alpha_dropout(T(3), 0.1, training=True)
    ! SHP107 Feature dropout requires at least 2 dimensions in the input
    """
    _expect_probability(p, "SHP118", "ValueError")
    return _dropped(spelled().removesuffix("_dropout"), input, p, training, inplace is True)


@op(*(f"torch.{name}{end}" for name in ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout") for end in ("", "_")))
def torch_dropout(input: Tensor, p: Any, train: Any) -> Tensor:
    """The functions of torch itself.

    >>> torch.dropout(T(2, 3), 0.1, True)
    (2, 3) float32
    >>> torch.feature_dropout(T(3), 0.1, True)
    ! SHP107 Feature dropout requires at least 2 dimensions in the input
    """
    _expect_probability(p, "SHP118", "RuntimeError")
    kinds = {"dropout": "", "feature_dropout": "2d", "alpha_dropout": "alpha", "feature_alpha_dropout": "feature_alpha"}
    return _dropped(kinds[spelled().rstrip("_")], input, p, train, called_in_place())


class _Dropout:
    kind: str

    def __init__(self, p: Any = 0.5, inplace: Any = False) -> None:
        _expect_probability(p, "SHP202", "ValueError")

    def forward(self, input: Tensor) -> Tensor:
        in_place = attribute_or_none(self, "inplace") is True and "alpha" not in self.kind  # the alpha layers do not pass it on
        return _dropped(self.kind, input, attribute_or_none(self, "p"), attribute_or_none(self, "training"), in_place)


@layer("nn.Dropout", lazy=True)
class Dropout(_Dropout):
    """Elements become 0 in training.

    >>> nn.Dropout(0.1)(T(2, 3))
    (2, 3) float32
    >>> nn.Dropout(1.5)
    ! SHP202 dropout probability has to be between 0 and 1, but got 1.5
    """

    kind = ""


@layer("nn.Dropout1d", ranks=(3, 2))
class Dropout1d(_Dropout):
    """Channels of (N, C, L) or (C, L) become 0 in training.

    >>> nn.Dropout1d()(T(2, 3, 4))
    (2, 3, 4)
    >>> nn.Dropout1d()(T(4))
    ! SHP107 dropout1d: Expected 2D or 3D input, but received a 1D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).
    """  # noqa: E501

    kind = "1d"


@layer("nn.Dropout2d", lazy=True, ranks=(4, 3, 2, 5))
class Dropout2d(_Dropout):
    """Channels of (N, C, H, W) become 0 in training.

    >>> nn.Dropout2d()(T(2, 3, 4, 5))
    (2, 3, 4, 5)
    >>> nn.Dropout2d()(T(4))
    ! SHP107 Feature dropout requires at least 2 dimensions in the input
    """

    kind = "2d"


@layer("nn.Dropout3d", lazy=True, ranks=(5, 4, 3, 2))
class Dropout3d(_Dropout):
    """Channels of (N, C, D, H, W) become 0 in training.

    >>> nn.Dropout3d()(T(2, 3, 4, 5, 6))
    (2, 3, 4, 5, 6)
    >>> nn.Dropout3d(p=-0.1)
    ! SHP202 dropout probability has to be between 0 and 1, but got -0.1
    """

    kind = "3d"


@layer("nn.AlphaDropout", lazy=True)
class AlphaDropout(_Dropout):
    """Dropout that keeps mean and variance.

    >>> nn.AlphaDropout(0.1)(T(2, 3))
    (2, 3)
    >>> nn.AlphaDropout(2)
    ! SHP202 dropout probability has to be between 0 and 1, but got 2
    """

    kind = "alpha"


@layer("nn.FeatureAlphaDropout", lazy=True)
class FeatureAlphaDropout(_Dropout):
    """The same for whole channels.

    >>> nn.FeatureAlphaDropout(0.1)(T(2, 3))
    (2, 3)
    >>> nn.FeatureAlphaDropout()(T(3))
    ! SHP107 Feature dropout requires at least 2 dimensions in the input
    """

    kind = "feature_alpha"
