"""Room on the stack."""

from __future__ import annotations

import sys
import threading

import pytest

from shapecheck.source.room import TooDeep, needs_room, with_room


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n" * 5000,
        "x = [" + "f(a.b, -1),\n" * 5000 + "]\n",
        "x = a.b(c + 1) * 2\n" * 2000,
        "x = '" + "(" * 1000 + "'\n",
        "# " + "(" * 1000 + "\n",
        "def f(a, b=-1):\n    return a.b + b.c\n" * 1000,
    ],
)
def test_ordinary_code_needs_none(text: str) -> None:
    assert not needs_room(text)


@pytest.mark.parametrize("text", ["(" * 100 + ")" * 100, "+a" * 2200, "a" + "()" * 2100, "not " * 2100, "if a: b\n" + "elif c: d\n" * 2100])
def test_deep_code_does(text: str) -> None:
    assert needs_room(text)


@pytest.mark.parametrize("text", ["(" * 300 + ")" * 300, "+a" * 3000, "f'{" + "(" * 300 + ")" * 300 + "}'", "a" + "[0]" * 3000])
def test_too_deep_for_any(text: str) -> None:
    with pytest.raises(TooDeep):
        needs_room(text)


def test_results_errors_and_settings() -> None:
    before = threading.stack_size(), sys.getrecursionlimit()

    def deep(depth: int) -> int:
        return 1 + deep(depth - 1) if depth else 0

    assert with_room(lambda: deep(5000)) == 5000
    with pytest.raises(ZeroDivisionError):
        with_room(lambda: 1 // 0)
    assert (threading.stack_size(), sys.getrecursionlimit()) == before
