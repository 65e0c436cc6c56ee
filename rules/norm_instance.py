"""Instance normalisation (torch/nn/modules/instancenorm.py, aten/src/ATen/native/Normalization.cpp)."""

from __future__ import annotations

from shapecheck.book import (
    BOOL,
    CONTIGUOUS,
    INTS,
    Any,
    Bool,
    Poly,
    Size,
    Tensor,
    Unknown,
    Unsure,
    attribute,
    expect,
    expect_eq,
    expect_numel,
    expect_rank,
    facts,
    layer,
    not_implemented,
    op,
    refuse,
    set_up_norm,
    torch_size,
    true_product,
    word,
)


def _normalize(input: Tensor, mean: Any, var: Any, weight: Any, bias: Any, own: Any, shape: tuple[Size, ...], verify: bool) -> Tensor:
    """(N, C, *) -> (N, C, *), every sample by itself; `own` says that the input's own statistics are used.

    shape   the input's shape with its batch axis.
    verify  whether Python looks first, as F.instance_norm does.
    """
    if verify and own is True and facts().eq(true_product(shape[2:]), 1).yes:
        refuse(
            "SHP113",
            f"Expected more than 1 spatial element when training, got input size {torch_size(shape)}",
            message="instance norm of one element a channel",
            error="ValueError",
            actual=list(shape),
        )
    expect(
        own is not False or (mean is not None and var is not None),
        "SHP118",
        "Expected running_mean and running_var to be defined when use_input_stats is false",
    )
    if 0 not in shape:
        repeats, channels = shape[0], shape[1]
        for name, tensor in (("running_mean", mean), ("running_var", var), ("weight", weight), ("bias", bias)):
            expect_numel(tensor, name, channels, shape, repeats, blame="num_features")
    if (isinstance(mean, Tensor) and var is None) or (isinstance(var, Tensor) and mean is None):
        refuse("SHP118", "running_mean and running_var must either both be None or neither be None", error="ValueError")
    if input.dtype in INTS or input.dtype == BOOL:
        assert input.dtype is not None
        not_implemented("batch_norm", input.dtype)
    return Tensor(input.shape, input.dtype, CONTIGUOUS if input.layout is CONTIGUOUS else None, device=input.device)


class _InstanceNorm:
    spatial_axes: int
    num_features: Any

    def __init__(
        self,
        num_features: Size,
        eps: Any = 1e-5,
        momentum: Any = 0.1,
        affine: Bool = False,
        track_running_stats: Bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: Bool = True,
    ) -> None:
        set_up_norm(self, num_features, affine, track_running_stats, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return _forward(self, input, self.spatial_axes)


def _forward(layer: Any, input: Tensor, axes: int) -> Tensor:
    ranks = (axes + 1, axes + 2)
    sentence = f"expected {ranks[0]}D or {ranks[1]}D input (got {input.rank}D input)"
    message = f"InstanceNorm{axes}d wants {ranks[0]} or {ranks[1]} axes, gets {input.rank}"
    expect_rank(input, ranks, "SHP107", sentence, message=message, error="ValueError", expected=list(ranks), actual=input.rank)
    place = input.rank - axes - 1
    channels, features = input.shape[place], attribute(layer, "num_features")
    if attribute(layer, "affine") is True and isinstance(features, (int, Poly)):
        expect_eq(
            channels,
            features,
            "SHP101",
            lambda: f"expected input's size at dim={place} to match num_features ({word(features)}), but got: {word(channels)}.",
            message=lambda: f"InstanceNorm{axes}d wants {word(features)} channels, gets {word(channels)}",
            error="ValueError",
            expected=features,
            actual=channels,
            axis=place,
            blame="num_features",
        )
    training, tracks = attribute(layer, "training"), attribute(layer, "track_running_stats")
    own = True if training is True or tracks is False else False if training is False and tracks is True else None
    shape = input.shape if place else (1, *input.shape)
    mean, var = attribute(layer, "running_mean"), attribute(layer, "running_var")
    return _normalize(input, mean, var, attribute(layer, "weight"), attribute(layer, "bias"), own, shape, True)


@layer("nn.InstanceNorm1d", ranks=(3, 2))
class InstanceNorm1d(_InstanceNorm):
    """(N, C, L) -> (N, C, L); without affine and statistics it takes any number of channels.

    >>> nn.InstanceNorm1d(4)(T(2, 5, 6))
    (2, 5, 6)
    >>> nn.InstanceNorm1d(4, affine=True)(T(2, 5, 4))
    ! SHP101 expected input's size at dim=1 to match num_features (4), but got: 5.
    >>> nn.InstanceNorm1d(4)(T(2, 4, 1))
    ! SHP113 Expected more than 1 spatial element when training, got input size torch.Size([2, 4, 1])
    """

    spatial_axes = 1


@layer("nn.InstanceNorm2d", ranks=(4, 3))
class InstanceNorm2d(_InstanceNorm):
    """(N, C, H, W) -> (N, C, H, W)

    >>> nn.InstanceNorm2d(4, affine=True)(T(2, 4, 5, 6))
    (2, 4, 5, 6)
    >>> nn.InstanceNorm2d(4, affine=True)(T(5, 4, 6))
    ! SHP101 expected input's size at dim=0 to match num_features (4), but got: 5.
    >>> nn.InstanceNorm2d(4, track_running_stats=True)(T(2, 5, 4, 6))
    ! SHP101 running_mean should contain 10 elements not 8
    """

    spatial_axes = 2


@layer("nn.InstanceNorm3d", ranks=(5, 4))
class InstanceNorm3d(_InstanceNorm):
    """(N, C, D, H, W) -> (N, C, D, H, W)

    >>> nn.InstanceNorm3d(4)(T(4, 5, 6, 7))
    (4, 5, 6, 7)
    >>> nn.InstanceNorm3d(4)(T(5, 6, 7))
    ! SHP107 expected 4D or 5D input (got 3D input)
    """

    spatial_axes = 3


class _LazyInstanceNorm:
    spatial_axes: int
    num_features: Any
    affine: Any
    track_running_stats: Any

    def __init__(
        self,
        eps: Any = 1e-5,
        momentum: Any = 0.1,
        affine: Bool = True,
        track_running_stats: Bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: Bool = True,
    ) -> None:
        self.num_features = 0
        set_up_norm(self, Unknown("a lazy layer before its first call"), affine, track_running_stats, bias, dtype)

    def forward(self, input: Tensor) -> Tensor:
        if self.num_features == 0 and (self.affine is not False or self.track_running_stats is not False):
            expect(input.rank >= 2, "SHP107", "tuple index out of range", error="IndexError", actual=input.rank)
            self.num_features = input.shape[1]
            set_up_norm(self, input.shape[1], self.affine, self.track_running_stats, attribute(self, "bias") is not None, None)
        return _forward(self, input, self.spatial_axes)


@layer("nn.LazyInstanceNorm1d", ranks=(3,))
class LazyInstanceNorm1d(_LazyInstanceNorm):
    """InstanceNorm1d that learns its channels from axis 1 of its first input, with a batch or without.

    >>> nn.LazyInstanceNorm1d()(T(2, 4, 5))
    (2, 4, 5)
    >>> nn.LazyInstanceNorm1d()(T(4, 5))
    ! SHP101 expected input's size at dim=0 to match num_features (5), but got: 4.
    """

    spatial_axes = 1


@layer("nn.LazyInstanceNorm2d", ranks=(4,))
class LazyInstanceNorm2d(_LazyInstanceNorm):
    """InstanceNorm2d that learns its channels from axis 1 of its first input.

    >>> nn.LazyInstanceNorm2d()(T(2, 4, 5, 6))
    (2, 4, 5, 6)
    >>> nn.LazyInstanceNorm2d()(T(2, 4))
    ! SHP107 expected 3D or 4D input (got 2D input)
    """

    spatial_axes = 2


@layer("nn.LazyInstanceNorm3d", ranks=(5,))
class LazyInstanceNorm3d(_LazyInstanceNorm):
    """InstanceNorm3d that learns its channels from axis 1 of its first input.

    >>> nn.LazyInstanceNorm3d()(T(2, 4, 5, 6, 7))
    (2, 4, 5, 6, 7)
    >>> nn.LazyInstanceNorm3d()(T(2))
    ! SHP107 tuple index out of range
    """

    spatial_axes = 3


@op("F.instance_norm", ranks={"input": (4, 3, 5), "running_mean": (1,), "running_var": (1,), "weight": (1,), "bias": (1,)})
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: Any = True,
    momentum: Any = 0.1,
    eps: Any = 1e-5,
) -> Tensor:
    """(N, C, *) -> (N, C, *); statistics, weight and bias are (C).

    >>> F.instance_norm(T(2, 4, 5))
    (2, 4, 5)
    >>> F.instance_norm(T(2, 4, 5), weight=T(3))
    ! SHP101 weight should contain 8 elements not 6
    >>> F.instance_norm(T(4, 5))
    ! SHP113 Expected more than 1 spatial element when training, got input size torch.Size([4, 5])
    """
    if input.rank < 2 and use_input_stats is not True:
        raise Unsure("instance norm of one axis")
    return _normalize(input, running_mean, running_var, weight, bias, use_input_stats, input.shape, True)


@op("torch.instance_norm", ranks={"input": (4, 3, 5), "running_mean": (1,), "running_var": (1,), "weight": (1,), "bias": (1,)})
def torch_instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: Any,
    momentum: Any,
    eps: Any,
    cudnn_enabled: Any,
) -> Tensor:
    """F.instance_norm with its arguments in another order, without the check of the elements.

    >>> torch.instance_norm(T(2, 4, 5), None, None, None, None, True, 0.1, 1e-5, True)
    (2, 4, 5)
    >>> torch.instance_norm(T(2, 4, 5), None, None, None, None, False, 0.1, 1e-5, True)
    ! SHP118 Expected running_mean and running_var to be defined when use_input_stats is false
    """
    return _normalize(input, running_mean, running_var, weight, bias, use_input_stats, input.shape, False)
