"""Short-time Fourier transforms: stft and istft."""

from __future__ import annotations

from shapecheck.book import (
    COMPLEX,
    FLOATS,
    Any,
    Poly,
    Size,
    Tensor,
    Unsure,
    brackets,
    commas,
    current,
    expect,
    expect_eq,
    expect_ge,
    facts,
    op,
    type_name,
    word,
)

WHOLE = {"float32": "complex64", "float64": "complex128", "float16": "complex32"}
PART = {whole: part for part, whole in WHOLE.items()}
NO_CHOICE = (
    "stft requires the return_complex parameter be given for real inputs, "
    "and will further require that return_complex=True in a future PyTorch release."
)


def _class(tensor: Tensor) -> str:
    """A tensor's type as this message names it."""
    dtype = tensor.dtype or "float32"
    return f"CPU{type_name(dtype)}Type" if dtype in COMPLEX else f"torch.{type_name(dtype)}Tensor"


def _flag(value: Any) -> str:
    return "None" if value is None else str(int(bool(value)))


def _window(window: Tensor | None) -> str:
    return "None" if window is None else f"{_class(window)}{{{brackets(window.shape)}}}"


def _onesided(onesided: Any, input: Tensor, window: Tensor | None) -> bool:
    """Whether only the frequencies that are not negative are kept."""
    complex_input = input.dtype in COMPLEX or (window is not None and window.dtype in COMPLEX)
    if onesided is None:
        if input.dtype is None:
            raise Unsure("whether the signal is complex is not known")
        return not complex_input
    if not isinstance(onesided, (bool, int)):
        raise Unsure("onesided is not known")
    expect(not (onesided and complex_input), "SHP118", "Cannot have onesided output if window or input is complex")
    return bool(onesided)


@op("torch.stft", "Tensor.stft", "torch.functional.stft", ranks=(2, 1))
def stft(
    input: Tensor,
    n_fft: Size,
    hop_length: Size | None = None,
    win_length: Size | None = None,
    window: Tensor | None = None,
    center: Any = True,
    pad_mode: Any = "reflect",
    normalized: Any = False,
    onesided: Any = None,
    return_complex: Any = None,
    align_to_window: Any = None,
) -> Tensor:
    """(B, L) -> (B, n_fft//2 + 1, frames), with frames = 1 + L//hop_length where the signal is padded on both sides.

    >>> torch.stft(T(2, 400), n_fft=64, return_complex=True)
    (2, 33, 26) complex64
    >>> torch.stft(T(400), n_fft=64, hop_length=32, center=False, return_complex=False)
    (33, 11, 2) float32
    >>> torch.stft(T(2, 400), n_fft=64)
    ! SHP118 stft requires the return_complex parameter be given for real inputs, and will further require that return_complex=True in a future PyTorch release.
    >>> torch.stft(T(2, 400), n_fft=900, return_complex=True)
    ! SHP110 Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (450, 450) at dimension 2 of input [1, 2, 400]
    """  # noqa: E501
    if not isinstance(center, (bool, int)):
        raise Unsure("center is not known")
    hop = n_fft // 4 if hop_length is None else hop_length
    width = n_fft if win_length is None else win_length
    if input.rank not in (1, 2, 3):
        raise Unsure("a signal of another rank")
    length = input.shape[-1]
    if center:
        pad = n_fft // 2
        if pad_mode == "reflect":
            padded = (1,) * (3 - input.rank) + input.shape
            text = (
                "Argument #4: Padding size should be less than the corresponding input dimension, but got: "
                f"padding ({word(pad)}, {word(pad)}) at dimension 2 of input {brackets(padded)}"
            )
            expect_ge(length, pad + 1, "SHP110", text, expected=pad + 1, actual=length, axis=input.rank - 1)
        length = length + 2 * pad
    is_complex = input.dtype in COMPLEX or (window is not None and window.dtype in COMPLEX)
    if return_complex is None and not is_complex:
        if input.dtype is None:
            raise Unsure("whether the signal is complex is not known")
        expect(False, "SHP118", NO_CHOICE, blame="return_complex")
    shown = (*input.shape[:-1], length)
    start = (
        f"stft({_class(input)}[{commas(shown)}], n_fft={word(n_fft)}, hop_length={word(hop)}, win_length={word(width)}, "
        f"window={_window(window)}, normalized={_flag(normalized)}, onesided={_flag(onesided)}, return_complex={_flag(return_complex)}, "
        f"align_to_window={_flag(align_to_window)}) : expected"
    )
    if input.dtype is not None:
        fine = input.dtype in FLOATS or input.dtype in COMPLEX
        expect(fine, "SHP117", f"{start} a tensor of floating point or complex values", actual=input.dtype)
    expect(input.rank <= 2, "SHP107", f"{start} a 1D or 2D tensor", actual=input.rank)
    expect_ge(n_fft, 1, "SHP118", f"{start} 0 < n_fft < {word(length)}, but got n_fft={word(n_fft)}")
    expect_ge(length, n_fft, "SHP110", f"{start} 0 < n_fft < {word(length)}, but got n_fft={word(n_fft)}")
    expect_ge(hop, 1, "SHP118", f"{start} hop_length > 0, but got hop_length={word(hop)}")
    for larger, smaller in ((width, 1), (n_fft, width)):
        expect_ge(larger, smaller, "SHP118", f"{start} 0 < win_length <= n_fft, but got win_length={word(width)}")
    if window is not None:
        text = f"{start} a 1D window tensor of size equal to win_length={word(width)}, but got window with size {brackets(window.shape)}"
        expect(window.rank == 1, "SHP118", text, culprit=window)
        expect_eq(window.shape[0], width, "SHP118", text, expected=width, actual=window.shape[0], culprit=window)
    one = _onesided(onesided, input, window)
    frequencies = n_fft // 2 + 1 if one else n_fft
    frames = facts().simplify((length - n_fft) // hop + 1)
    shape = (*input.shape[:-1], facts().simplify(frequencies), frames)
    whole = input.dtype if input.dtype in COMPLEX else WHOLE.get(input.dtype or "")
    if return_complex is True or (return_complex is None and is_complex):
        return Tensor(shape, whole, layout=None)
    if return_complex is not False:
        raise Unsure("return_complex is not known")
    return Tensor((*shape, 2), PART.get(whole or ""), layout=None)


@op("torch.istft", "Tensor.istft", ranks=(3, 2))
def istft(
    input: Tensor,
    n_fft: Size,
    hop_length: Size | None = None,
    win_length: Size | None = None,
    window: Tensor | None = None,
    center: Any = True,
    normalized: Any = False,
    onesided: Any = None,
    length: Size | None = None,
    return_complex: Any = False,
) -> Tensor:
    """(B, n_fft//2 + 1, frames) complex -> (B, length), or hop_length*(frames - 1) samples where the signal was padded.

    >>> torch.istft(T(2, 33, 26, dtype=torch.complex64), 64)
    (2, 400) float32
    >>> torch.istft(T(33, 26, dtype=torch.complex64), 64, length=390)
    (390,)
    >>> torch.istft(T(2, 33, 26, 2), 64)
    ! SHP117 istft requires a complex-valued input tensor matching the output from stft with return_complex=True.
    """
    center, onesided = current().pinned(center), current().pinned(onesided)
    if input.dtype is not None:
        text = "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
        expect(input.dtype in COMPLEX, "SHP117", text, actual=input.dtype)
    hop = n_fft // 4 if hop_length is None else hop_length
    width = n_fft if win_length is None else win_length
    start = (
        f"istft({_class(input) if input.dtype else 'CPUComplexFloatType'}{brackets(input.shape)}, n_fft={word(n_fft)}, "
        f"hop_length={word(hop)}, win_length={word(width)}, window={_window(window)}, center={_flag(center)}, "
        f"normalized={_flag(normalized)}, onesided={_flag(onesided)}, length={'None' if length is None else word(length)}, "
        f"return_complex={_flag(return_complex)}) :"
    )
    text = f"{start} expected a tensor with 3 or 4 dimensions, but got {input.rank + 1}"
    expect(input.rank in (2, 3), "SHP107", text, expected=[2, 3], actual=input.rank)
    if not isinstance(center, (bool, int)) or not (onesided is None or isinstance(onesided, (bool, int))):
        raise Unsure("the options of istft are not known")
    frequencies = input.shape[-2]
    one = onesided
    if one is None:  # told by the number of frequencies
        if isinstance(frequencies, Poly) and isinstance(n_fft, Poly):
            raise Unsure("whether the spectrum is one-sided is not known")
        one = not facts().eq(frequencies, n_fft).yes
    wanted = n_fft // 2 + 1 if one else n_fft
    words = "n_fft / 2 + 1 when onesided=True" if one else "n_fft when onesided=False"
    text = f"{start} expected the frequency dimension (3rd to the last) of the input tensor to match {words}, but got {word(frequencies)}"
    expect_eq(frequencies, wanted, "SHP118", text, expected=wanted, actual=frequencies, axis=input.rank - 2)
    for larger, smaller in ((hop, 1), (width, hop)):
        expect_ge(larger, smaller, "SHP118", f"{start} expected 0 < hop_length <= win_length")
    if window is not None:
        text = f"{start} Invalid window shape. window has to be 1D and length of `win_length`"
        expect(window.rank == 1, "SHP118", text, culprit=window)
        expect_eq(window.shape[0], width, "SHP118", text, culprit=window)
    samples = n_fft + hop * (input.shape[-1] - 1)
    if length is not None:
        samples = length
    elif center:
        samples = samples - 2 * (n_fft // 2)
    dtype = PART.get(input.dtype or "") if return_complex is False else input.dtype
    return Tensor((*input.shape[:-2], facts().simplify(samples)), dtype, layout=None)
