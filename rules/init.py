"""torch.nn.init: every function fills a tensor in place and returns it; some ask for a number of axes."""

from __future__ import annotations

from shapecheck.book import Any, Tensor, category, expect, expect_divides, facts, not_implemented, op, refuse

FEW_AXES = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"


def _filled(tensor: Tensor) -> Tensor:
    tensor.elements = None
    return tensor


def _expect_float(tensor: Tensor, kernel: str) -> None:
    if tensor.dtype is not None and category(tensor.dtype) < 2 and all(facts().ge(size, 1).yes for size in tensor.shape):
        not_implemented(kernel, tensor.dtype)


@op(*(f"torch.nn.init.{name}" for name in ("zeros_", "ones_")), refuses_nothing=True)
def constants(tensor: Tensor) -> Tensor:
    """Zeros or ones.

    >>> nn.init.zeros_(T(3))
    (3,)
    """
    return _filled(tensor)


@op("torch.nn.init.constant_", "torch.nn.init.constant", refuses_nothing=True)
def constant_(tensor: Tensor, val: Any) -> Tensor:
    """One number everywhere.

    >>> nn.init.constant_(T(3), 0.1)
    (3,)
    """
    return _filled(tensor)


@op("torch.nn.init.normal_", "torch.nn.init.normal")
def normal_(tensor: Tensor, mean: Any = 0.0, std: Any = 1.0, generator: Any = None) -> Tensor:
    """A normal distribution.

    >>> nn.init.normal_(T(2, 3), std=0.02)
    (2, 3)
    >>> nn.init.normal_(I(2, 3), std=0.02)
    ! SHP117 "normal_kernel_cpu" not implemented for 'Long'
    """
    _expect_float(tensor, "normal_kernel_cpu")
    return _filled(tensor)


@op("torch.nn.init.trunc_normal_")
def trunc_normal_(tensor: Tensor, mean: Any = 0.0, std: Any = 1.0, a: Any = -2.0, b: Any = 2.0, generator: Any = None) -> Tensor:
    """A normal distribution cut off at two bounds.

    >>> nn.init.trunc_normal_(T(2, 3), std=0.02)
    (2, 3)
    >>> nn.init.trunc_normal_(I(2, 3), std=0.02)
    ! SHP117 "normal_kernel_cpu" not implemented for 'Long'
    """
    _expect_float(tensor, "normal_kernel_cpu")
    return _filled(tensor)


@op("torch.nn.init.uniform_", "torch.nn.init.uniform")
def uniform_(tensor: Tensor, a: Any = 0.0, b: Any = 1.0, generator: Any = None) -> Tensor:
    """A uniform distribution.

    >>> nn.init.uniform_(T(2, 3), -0.1, 0.1)
    (2, 3)
    >>> nn.init.uniform_(I(2, 3))
    ! SHP117 "check_uniform_bounds" not implemented for 'Long'
    """
    _expect_float(tensor, "check_uniform_bounds")
    return _filled(tensor)


@op(*(f"torch.nn.init.{name}" for name in ("xavier_uniform_", "xavier_normal_", "xavier_uniform", "xavier_normal")))
def xavier(tensor: Tensor, gain: Any = 1.0, generator: Any = None) -> Tensor:
    """Scaled by fan in and fan out, which need two axes: a bias has none.

    >>> nn.init.xavier_uniform_(T(4, 3))
    (4, 3)
    >>> nn.init.xavier_normal_(T(4))
    ! SHP107 Fan in and fan out can not be computed for tensor with fewer than 2 dimensions
    """
    expect(tensor.rank >= 2, "SHP107", FEW_AXES, error="ValueError", message="a weight of fewer than 2 axes", actual=tensor.rank)
    return _filled(tensor)


@op(*(f"torch.nn.init.{name}" for name in ("kaiming_uniform_", "kaiming_normal_", "kaiming_uniform", "kaiming_normal")))
def kaiming(tensor: Tensor, a: Any = 0, mode: Any = "fan_in", nonlinearity: Any = "leaky_relu", generator: Any = None) -> Tensor:
    """Scaled by fan in or fan out, which need two axes: a bias has none.

    >>> nn.init.kaiming_normal_(T(4, 3, 3, 3), mode="fan_out", nonlinearity="relu")
    (4, 3, 3, 3)
    >>> nn.init.kaiming_uniform_(T(4))
    ! SHP107 Fan in and fan out can not be computed for tensor with fewer than 2 dimensions
    >>> nn.init.kaiming_uniform_(T(4, 3), mode="fan")
    ! SHP118 Mode fan not supported, please use one of ['fan_in', 'fan_out']
    """
    if any(isinstance(size, int) and size == 0 for size in tensor.shape):
        return tensor
    if isinstance(mode, str) and mode.lower() not in ("fan_in", "fan_out"):
        refuse("SHP118", f"Mode {mode.lower()} not supported, please use one of ['fan_in', 'fan_out']", error="ValueError", actual=mode)
    expect(tensor.rank >= 2, "SHP107", FEW_AXES, error="ValueError", message="a weight of fewer than 2 axes", actual=tensor.rank)
    return _filled(tensor)


@op("torch.nn.init.orthogonal_", "torch.nn.init.orthogonal")
def orthogonal_(tensor: Tensor, gain: Any = 1, generator: Any = None) -> Tensor:
    """Orthogonal rows.

    >>> nn.init.orthogonal_(T(4, 3))
    (4, 3)
    >>> nn.init.orthogonal_(T(4))
    ! SHP107 Only tensors with 2 or more dimensions are supported
    """
    expect(tensor.rank >= 2, "SHP107", "Only tensors with 2 or more dimensions are supported", error="ValueError", actual=tensor.rank)
    return _filled(tensor)


@op("torch.nn.init.eye_", "torch.nn.init.eye")
def eye_(tensor: Tensor) -> Tensor:
    """The identity.

    >>> nn.init.eye_(T(4, 3))
    (4, 3)
    >>> nn.init.eye_(T(4, 3, 3))
    ! SHP107 Only tensors with 2 dimensions are supported
    """
    expect(tensor.rank == 2, "SHP107", "Only tensors with 2 dimensions are supported", error="ValueError", actual=tensor.rank)
    return _filled(tensor)


@op("torch.nn.init.sparse_", "torch.nn.init.sparse")
def sparse_(tensor: Tensor, sparsity: Any, std: Any = 0.01, generator: Any = None) -> Tensor:
    """Mostly zeros.

    >>> nn.init.sparse_(T(4, 3), 0.5)
    (4, 3)
    >>> nn.init.sparse_(T(4), 0.5)
    ! SHP107 Only tensors with 2 dimensions are supported
    """
    expect(tensor.rank == 2, "SHP107", "Only tensors with 2 dimensions are supported", error="ValueError", actual=tensor.rank)
    return _filled(tensor)


@op("torch.nn.init.dirac_", "torch.nn.init.dirac")
def dirac_(tensor: Tensor, groups: Any = 1) -> Tensor:
    """The identity as a convolution.

    >>> nn.init.dirac_(T(4, 3, 3, 3))
    (4, 3, 3, 3)
    >>> nn.init.dirac_(T(4, 3))
    ! SHP107 Only tensors with 3, 4, or 5 dimensions are supported
    >>> nn.init.dirac_(T(4, 3, 3), groups=3)
    ! SHP112 dim 0 must be divisible by groups
    """
    sentence = "Only tensors with 3, 4, or 5 dimensions are supported"
    expect(tensor.rank in (3, 4, 5), "SHP107", sentence, error="ValueError", actual=tensor.rank)
    if isinstance(groups, int) and groups > 0:
        expect_divides(groups, tensor.shape[0], "SHP112", "dim 0 must be divisible by groups", error="ValueError", expected=groups)
    return _filled(tensor)


@op("torch.nn.init.calculate_gain", raw=True, refuses_nothing=True)
def calculate_gain(nonlinearity: Any, param: Any = None) -> Any:
    """A number for a nonlinearity.

    >>> nn.init.calculate_gain("linear")
    1
    """
    gains = {"linear": 1, "sigmoid": 1, "tanh": 5.0 / 3, "relu": 2.0**0.5, "selu": 3.0 / 4}
    return gains.get(nonlinearity, 1.0) if isinstance(nonlinearity, str) else 1.0
