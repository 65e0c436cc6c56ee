"""torch.fft: transforms along one axis, two or several, and their helpers."""

from __future__ import annotations

from shapecheck.book import (
    COMPLEX,
    FLOATS,
    Any,
    Int,
    Size,
    Sizes,
    Tensor,
    axis,
    current,
    dtype_argument,
    elementwise,
    expect,
    expect_ge,
    facts,
    into,
    op,
    refuse,
    same,
    spelled,
    to_ints,
    type_name,
    word,
)

WHOLE = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}
PART = {whole: part for part, whole in WHOLE.items()}
LONG_NORMS = (None, "forward", "backward", "ortho")


def _complex(dtype: str | None) -> str | None:
    """The complex dtype of a transform; integers count as floats."""
    if dtype is None or dtype in COMPLEX:
        return dtype
    return WHOLE.get(dtype) if dtype in FLOATS else "complex64"


def _real(dtype: str | None) -> str | None:
    """The real dtype of a transform back."""
    whole = _complex(dtype)
    return None if whole is None else PART.get(whole)


def _expect_real(input: Tensor, name: str) -> None:
    if input.dtype in COMPLEX:
        text = f"{name} expects a real input tensor, but got {type_name(str(input.dtype))}"
        refuse("SHP117", text, actual=input.dtype)


def _expect_points(n: Size) -> None:
    expect_ge(n, 1, "SHP118", f"Invalid number of data points ({word(n)}) specified", message=f"a transform of {word(n)} points", actual=n)


def _expect_norm(norm: Any) -> None:
    norm = current().pinned(norm)
    if isinstance(norm, str):
        expect(norm in LONG_NORMS, "SHP118", f'Invalid normalization mode: "{norm}"', actual=norm)


def _place(dim: int, rank: int) -> int:
    if rank == 0:
        refuse("SHP108", f"Dimension specified as {dim} but tensor has no dimensions", error="IndexError")
    return axis(dim, rank)


def _half(n: Size) -> Size:
    return facts().simplify(n // 2 + 1)


def _transformed(input: Tensor, shape: list[Size], dtype: str | None, out: Any) -> Tensor:
    return into(out, Tensor(shape, dtype, layout=None, device=input.device))


def _one(input: Tensor, n: Size | None, dim: int, norm: Any, out: Any) -> Tensor:
    """One axis: `n` points of it are taken; a real transform keeps half of them, its inverse doubles them."""
    name = spelled()
    if name in ("rfft", "ihfft"):
        _expect_real(input, name)
    place = _place(dim, input.rank)
    back = name in ("irfft", "hfft")
    points = n if n is not None else 2 * (input.shape[place] - 1) if back else input.shape[place]
    _expect_points(points)
    _expect_norm(norm)
    shape = list(input.shape)
    shape[place] = _half(points) if name in ("rfft", "ihfft") else points
    return _transformed(input, shape, _real(input.dtype) if back else _complex(input.dtype), out)


@op("torch.fft.fft", "torch.fft.ifft")
def fft(input: Tensor, n: Size | None = None, dim: Int = -1, norm: Any = None, *, out: Any = None) -> Tensor:
    """A complex transform along one axis, of `n` points.

    >>> torch.fft.fft(T(3, 8), n=5)
    (3, 5) complex64
    >>> torch.fft.fft(T(3, 8), n=0)
    ! SHP118 Invalid number of data points (0) specified
    """
    return _one(input, n, dim, norm, out)


@op("torch.fft.rfft", "torch.fft.ihfft")
def rfft(input: Tensor, n: Size | None = None, dim: Int = -1, norm: Any = None, *, out: Any = None) -> Tensor:
    """The transform of real numbers: n//2 + 1 complex ones.

    >>> torch.fft.rfft(T(3, 8))
    (3, 5) complex64
    >>> torch.fft.rfft(T(3, 8, dtype=torch.complex64))
    ! SHP117 rfft expects a real input tensor, but got ComplexFloat
    """
    return _one(input, n, dim, norm, out)


@op("torch.fft.irfft", "torch.fft.hfft")
def irfft(input: Tensor, n: Size | None = None, dim: Int = -1, norm: Any = None, *, out: Any = None) -> Tensor:
    """The transform back to real numbers: 2*(size - 1) of them where `n` is not given.

    >>> torch.fft.irfft(T(3, 5, dtype=torch.complex64))
    (3, 8) float32
    >>> torch.fft.irfft(T(3, 5), n=9)
    (3, 9)
    >>> torch.fft.irfft(T(3, 5), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    return _one(input, n, dim, norm, out)


def _places(input: Tensor, s: Sizes | None, dim: Any) -> tuple[list[int], list[Size]]:
    """Which axes are transformed, and how many points of each (aten, canonicalize_fft_shape_and_dim_args)."""
    dims = None if dim is None else to_ints(current().pinned(dim))
    places: list[int] = []
    if dims is not None:
        places = [_place(one, input.rank) for one in dims]
        expect(len(set(places)) == len(places), "SHP108", "FFT dims must be unique", actual=list(dims))
    if s is None:
        places = places if dims is not None else list(range(input.rank))
        return places, [input.shape[place] for place in places]
    if dims is not None:
        expect(len(s) == len(places), "SHP118", "When given, dim and shape arguments must have the same length", actual=len(s))
    else:
        text = f"Got shape with {len(s)} values but input tensor only has {input.rank} dimensions."
        expect(len(s) <= input.rank, "SHP118", text, expected=input.rank, actual=len(s))
        places = list(range(input.rank - len(s), input.rank))
    return places, [input.shape[place] if same(size, -1).yes else size for place, size in zip(places, s, strict=True)]


def _several(input: Tensor, s: Sizes | None, dim: Any, norm: Any, out: Any) -> Tensor:
    name = spelled()
    kind = name.rstrip("n2")
    forward_real, back = kind in ("rfft", "ihfft"), kind in ("irfft", "hfft")
    if forward_real:
        _expect_real(input, f"{kind}n")
    places, points = _places(input, s, dim)
    if forward_real or back:
        expect(len(places) > 0, "SHP107", f"{kind}n must transform at least one axis")
        given = s is not None and not same(s[-1], -1).yes
        if back and not given:
            points[-1] = 2 * (points[-1] - 1)
    for size in points:
        _expect_points(size)
    _expect_norm(norm)
    shape = list(input.shape)
    for place, size in zip(places, points, strict=True):
        shape[place] = size
    if forward_real:
        shape[places[-1]] = _half(points[-1])
    return _transformed(input, shape, _real(input.dtype) if back else _complex(input.dtype), out)


@op("torch.fft.fft2", "torch.fft.ifft2", "torch.fft.rfft2", "torch.fft.irfft2", "torch.fft.hfft2", "torch.fft.ihfft2")
def fft2(input: Tensor, s: Sizes | None = None, dim: Any = (-2, -1), norm: Any = None, *, out: Any = None) -> Tensor:
    """Transforms along two axes; real ones halve or double the last of them.

    >>> torch.fft.fft2(T(2, 3, 8), s=(4, -1))
    (2, 4, 8) complex64
    >>> torch.fft.rfft2(T(2, 3, 8))
    (2, 3, 5) complex64
    >>> torch.fft.irfft2(T(2, 3, 5), s=(3, 9))
    (2, 3, 9) float32
    >>> torch.fft.fft2(T(8))
    ! SHP108 Dimension out of range (expected to be in range of [-1, 0], but got -2)
    >>> torch.fft.rfft2(T(2, 3, 8), dim=(1, 1))
    ! SHP108 FFT dims must be unique
    """
    return _several(input, s, dim, norm, out)


@op("torch.fft.fftn", "torch.fft.ifftn", "torch.fft.rfftn", "torch.fft.irfftn", "torch.fft.hfftn", "torch.fft.ihfftn")
def fftn(input: Tensor, s: Sizes | None = None, dim: Any = None, norm: Any = None, *, out: Any = None) -> Tensor:
    """Transforms along several axes, all of them or the last where none are named.

    >>> torch.fft.fftn(T(2, 3, 8), s=(4, 5))
    (2, 4, 5) complex64
    >>> torch.fft.irfftn(T(2, 3, 8))
    (2, 3, 14) float32
    >>> torch.fft.fftn(T(2, 3), s=(1, 2, 3))
    ! SHP118 Got shape with 3 values but input tensor only has 2 dimensions.
    """
    return _several(input, s, dim, norm, out)


@op("torch.fft.fftfreq", "torch.fft.rfftfreq", refuses_nothing=True)
def fftfreq(
    n: Size,
    d: Any = 1.0,
    *,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """The frequencies of `n` points; n//2 + 1 of them for a real transform.

    >>> torch.fft.fftfreq(8)
    (8,) float32
    >>> torch.fft.rfftfreq(8)
    (5,)
    """
    return Tensor((_half(n) if spelled() == "rfftfreq" else n,), dtype_argument(dtype, "float32"))


@op("torch.fft.fftshift", "torch.fft.ifftshift")
def fftshift(input: Tensor, dim: Any = None) -> Tensor:
    """Moves the zero frequency to the middle, or back.

    >>> torch.fft.fftshift(T(3, 4))
    (3, 4)
    >>> torch.fft.fftshift(T(3, 4), dim=2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if dim is not None:
        for one in to_ints(current().pinned(dim)):
            axis(one, input.rank)
    return elementwise(input.shape, (input,), input.dtype)
