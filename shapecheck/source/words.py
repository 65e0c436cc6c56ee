"""Identifiers."""

from __future__ import annotations

from sys import intern


def word(spelled: str) -> str:
    """The identifier that a spelling stands for (PEP 3131: NFKC), interned: names are compared and looked up all the time."""
    if spelled.isascii():
        return intern(spelled)
    import unicodedata  # a large table, and hardly any file needs it

    return intern(unicodedata.normalize("NFKC", spelled))
