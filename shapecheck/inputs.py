"""What a user states about an input: --input "Net.forward x=2,3,224,224"."""

from __future__ import annotations

import re
from dataclasses import dataclass

DTYPES = frozenset(
    "bool uint8 uint16 uint32 uint64 int8 int16 int32 int64 short int long half float double float16 float32 float64 bfloat16 "
    "cfloat cdouble complex32 complex64 complex128".split()
)


@dataclass(frozen=True, slots=True)
class StatedShape:
    """A shape as a user writes it: `N,3,H,W` or `2,10:int64`. A name is a size that is not known."""

    shape: tuple[int | str, ...]
    dtype: str | None = None

    def __str__(self) -> str:
        """As `read_shape` reads it."""
        sizes = ",".join(map(str, self.shape)) or "()"
        return f"{sizes}:{self.dtype}" if self.dtype else sizes


@dataclass(frozen=True, slots=True)
class StatedInput:
    """A parameter of a function or method ('Net.forward', 'x') and its shape."""

    target: str
    parameter: str
    stated: StatedShape

    def __str__(self) -> str:
        """As `read_input` reads it."""
        return f"{self.target} {self.parameter}={self.stated}"


def read_shape(text: str) -> StatedShape:
    """'1,3,224,224', '(N, 3, H, W)', '2,10:int64', '()' for a scalar; ValueError with a sentence otherwise."""
    sizes, colon, dtype = text.strip().partition(":")
    dtype = dtype.strip().removeprefix("torch.")
    if colon and dtype not in DTYPES:
        raise ValueError(f"'{dtype}' in '{text}' is no dtype of torch")
    sizes = sizes.strip()
    enclosed = (sizes[:1], sizes[-1:]) in (("(", ")"), ("[", "]"))
    inside = (sizes[1:-1] if enclosed else sizes).strip()
    if not inside and not enclosed:
        raise ValueError(f"'{text}' is no shape: write it as 1,3,224,224 (a scalar as ())")
    words = inside.removesuffix(",").split(",") if inside else []
    return StatedShape(tuple(_read_size(word.strip(), text) for word in words), dtype or None)


def _read_size(word: str, text: str) -> int | str:
    if word.isascii() and word.isdigit():
        return int(word)
    if word.isidentifier():
        return word
    raise ValueError(f"'{word}' in '{text}' is no size: a size is a number (224) or a name (H)")


def read_input(text: str) -> tuple[StatedInput, ...]:
    """'Net.forward x=2,3,224,224 mask=2,10:bool', one entry a parameter; ValueError with a sentence otherwise."""
    target, _, rest = text.strip().partition(" ")
    pieces = re.findall(r"(\w+)\s*=\s*([^=]*?)\s*(?=\w+\s*=|$)", rest)
    whole = " ".join(f"{name}={shape}" for name, shape in pieces)
    if not pieces or re.sub(r"\s", "", whole) != re.sub(r"\s", "", rest):
        raise ValueError(f"'{text}' is no input: write it as 'Net.forward x=2,3,224,224'")
    if not all(part.isidentifier() for part in target.split(".")):
        raise ValueError(f"'{target}' in '{text}' is no name of a function or method")
    return tuple(StatedInput(target, name, read_shape(shape)) for name, shape in pieces)
