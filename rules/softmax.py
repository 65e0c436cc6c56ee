"""Softmax and its relatives along one axis: the shape stays, the result is row-major."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    DType,
    Int,
    Tensor,
    axis,
    axis_if_known,
    category,
    expect,
    facts,
    layer,
    not_implemented,
    op,
    refuse,
    spelled,
    type_name,
)

NO_MINUS = (
    "Negation, the `-` operator, on a bool tensor is not supported. "
    "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
)


def _wanted(input: Tensor, dtype: Any) -> str | None:
    if dtype is None:
        return input.dtype
    return dtype.name if isinstance(dtype, DType) else None


def _implicit(rank: int) -> int:
    """The axis that torch takes when none is given (`_get_softmax_dim`, with a warning)."""
    return 0 if rank in (0, 1, 3) else 1


def _softmax(name: str, input: Tensor, dim: Any, dtype: Any = None) -> Tensor:
    if name == "softmin" and input.dtype == "bool":
        refuse("SHP117", NO_MINUS, message="softmin of a mask")
    place = axis_if_known(_implicit(input.rank) if dim is None else dim, input.rank)
    wanted = _wanted(input, dtype)
    if wanted is not None and category(wanted) != 2 and place is not None and all(facts().ge(size, 1).yes for size in input.shape):
        last = "lastdim_" if place == max(input.rank, 1) - 1 else ""
        not_implemented(f"{'log_softmax' if name == 'log_softmax' else 'softmax'}_{last}kernel_impl", wanted)
    return Tensor(input.shape, wanted, device=input.device)


@op(
    "torch.softmax", "Tensor.softmax", "torch.log_softmax", "Tensor.log_softmax", "torch.special.softmax", "torch.special.log_softmax",
    lazy=True,
)  # fmt: skip
def softmax(input: Tensor, dim: Any, dtype: Any = None, *, out: Any = None) -> Tensor:
    """Along one axis.

    >>> torch.softmax(T(2, 3), dim=-1)
    (2, 3) float32
    >>> T(2, 3).log_softmax(1, dtype=torch.float64)
    (2, 3) float64
    >>> torch.softmax(T(3, 2).transpose(0, 1), 0)
    (2, 3) strides (3, 1)
    >>> torch.softmax(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    >>> torch.softmax(I(2, 3), dim=1)
    ! SHP117 "softmax_lastdim_kernel_impl" not implemented for 'Long'
    """
    name = spelled()
    expect(dim is not None, "SHP121", f"{name}(): argument 'dim' must be int, not NoneType", error="TypeError")
    return _softmax(name, input, dim, dtype)


@op("F.softmax", "F.log_softmax", "F.softmin", lazy=True)
def functional_softmax(input: Tensor, dim: Any = None, _stacklevel: Any = 3, dtype: Any = None) -> Tensor:
    """Along one axis, by default one that depends on the rank.

    >>> F.softmax(T(2, 3), dim=1)
    (2, 3) float32
    >>> F.softmin(T(2, 3))
    (2, 3) float32
    >>> F.log_softmax(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _softmax(spelled(), input, dim, dtype)


@op("F.gumbel_softmax")
def gumbel_softmax(logits: Tensor, tau: Any = 1, hard: Any = False, eps: Any = 1e-10, dim: Int = -1) -> Tensor:
    """Samples along one axis.

    >>> F.gumbel_softmax(T(2, 3), hard=True)
    (2, 3) float32
    >>> F.gumbel_softmax(T(2, 3), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if logits.dtype is not None and category(logits.dtype) != 2 and all(facts().ge(size, 1).yes for size in logits.shape):
        words = "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you specified"
        refuse("SHP117", f"{words} {type_name(logits.dtype)}", actual=logits.dtype)
    axis(dim, logits.rank)
    floats = logits.dtype is not None and category(logits.dtype) == 2
    return Tensor(logits.shape, logits.dtype if floats else None, device=logits.device)


class _Softmax:
    kind: str
    instance: Any

    def __init__(self, dim: Any = None) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return _softmax(self.kind, input, self.instance.attrs.get("dim"))


@layer("nn.Softmax", lazy=True)
class Softmax(_Softmax):
    """Along one axis.

    >>> nn.Softmax(dim=-1)(T(2, 3))
    (2, 3) float32
    >>> nn.Softmax(dim=2)(T(2, 3))
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """

    kind = "softmax"


@layer("nn.LogSoftmax", lazy=True)
class LogSoftmax(_Softmax):
    """Along one axis.

    >>> nn.LogSoftmax(dim=1)(T(2, 3))
    (2, 3) float32
    >>> nn.LogSoftmax(dim=2)(T(2, 3))
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """

    kind = "log_softmax"


@layer("nn.Softmin", lazy=True)
class Softmin(_Softmax):
    """Along one axis.

    >>> nn.Softmin(dim=1)(T(2, 3))
    (2, 3) float32
    >>> nn.Softmin(dim=2)(T(2, 3))
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """

    kind = "softmin"


@layer("nn.Softmax2d", ranks=(4, 3))
class Softmax2d:
    """Along the channels of (N, C, H, W) or (C, H, W).

    >>> nn.Softmax2d()(T(2, 3, 4, 5))
    (2, 3, 4, 5)
    >>> nn.Softmax2d()(T(2, 3))
    ! SHP107 Softmax2d: expected input to be 3D or 4D, got 2D instead
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        sentence = f"Softmax2d: expected input to be 3D or 4D, got {input.rank}D instead"
        expect(input.rank in (3, 4), "SHP107", sentence, error="ValueError", actual=input.rank)
        return _softmax("softmax", input, -3)
