"""Whether a file can matter at all, decided from its text."""

from __future__ import annotations

import re

# One of these stands in every file that builds, extends or runs a model. `torch` covers torchvision, pytorch_lightning and the like;
# the words without a package's name are for files that import their own base class or their own alias of `nn`.
_WORDS = (
    "torch",
    "einops",
    "einsum",
    "lightning",
    "timm",
    "monai",
    "kornia",
    "diffusers",
    "transformers",
    "fairscale",
    "jaxtyping",
    r"\bnn\b",
    r"Module\b",
    "[Tt]ensor",
    r"\bdef forward\b",
)
_MENTIONS = re.compile("|".join(_WORDS))


def mentions_torch(text: str) -> bool:
    """False only when nothing in the file can define or use a torch module or a tensor, as far as its words tell."""
    return _MENTIONS.search(text) is not None
