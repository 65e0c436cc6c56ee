"""`re` on texts that are known: programs take block names and arguments apart with it (`re.split(r"(\\d.*)", "k3")`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import PyRaise
from shapecheck.values import ListValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Call = Callable[["Run", list[Any], dict[str, Any]], Any]
LONGEST = 200
ENDLESS = re.compile(r"\)[*+{]")  # a repeated group may look at a text in more ways than there is time for


def _on_texts(function: Callable[..., Any], texts: int) -> Call:
    """A function of a pattern and further texts, and perhaps a count."""

    def apply(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
        given = [run.resolve(value) for value in args]
        strings, rest = given[:texts], given[texts:]
        known = len(strings) == texts and all(isinstance(text, str) and len(text) <= LONGEST for text in strings)
        if kwargs or not known or not all(type(value) is int for value in rest) or ENDLESS.search(strings[0]):
            return Unknown(f"re.{function.__name__}")
        try:
            result = function(*strings, *rest)
        except (re.error, IndexError, TypeError) as error:
            raise PyRaise(type(error).__name__) from None
        return ListValue(tuple(result)) if isinstance(result, list) else result

    return apply


TABLE: dict[str, Call] = {"re.split": _on_texts(re.split, 2), "re.findall": _on_texts(re.findall, 2), "re.sub": _on_texts(re.sub, 3)}
