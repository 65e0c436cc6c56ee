"""The line hashes of GitHub. The expectations are those of its upload action's own tests."""

from __future__ import annotations

import random

import pytest

from shapecheck.show.linehash import line_hashes


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", "c129715d7a2bc9a3:1"),
        (" a\nb\n  \t\tc\n d", "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1"),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1",
        ),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            (
                "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 "
                "a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1"
            ),
        ),
    ],
)
def test_known_hashes(text: str, hashes: str) -> None:
    assert line_hashes(text) == hashes.split()


def test_one_for_each_line() -> None:
    draw = random.Random(0)
    for _ in range(50):
        text = "".join(draw.choice("ab \t\n\nü𝔽") for _ in range(draw.randrange(300)))
        assert len(line_hashes(text)) == text.count("\n") + 1
