"""Shapes and other values of a report, for people and for JSON."""

from __future__ import annotations

from collections.abc import Mapping

Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


def words(value: object) -> str:
    """(256, 3, H//2, 4), (5,), 'reflect': shapes as Python writes them, sizes with names without quotes."""
    if isinstance(value, tuple):
        inside = ", ".join(map(words, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, list):
        return f"[{', '.join(map(words, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {words(item)}' for key, item in value.items())}}}"
    return str(value)


def plain(value: object) -> Json:
    """The value as JSON can hold it: a size with a name becomes a string that reads as Python."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(item) for item in value]
    return str(value)
