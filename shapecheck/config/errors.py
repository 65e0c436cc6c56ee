"""What is said about a configuration that means nothing."""

from __future__ import annotations

from collections.abc import Iterable


class ConfigError(Exception):
    """A configuration that cannot be used, in one sentence: exit status 2."""


def nearest(word: str, known: Iterable[str]) -> str:
    """'; do you mean 'select'?' where a known word resembles this one, else ''."""
    from difflib import get_close_matches  # here: only a mistake needs it

    alike = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; do you mean '{alike[0]}'?" if alike else ""
