"""Comments that speak to the checker."""

from __future__ import annotations

import time

import pytest

from shapecheck.source.comments import declarations, shape_comments, suppressions


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# noqa", None),
        ("#NOQA", None),
        ("# noqa: SHP101", {"SHP101"}),
        ("# noqa:shp101,E501 because", {"SHP101", "E501"}),
        ("# noqa: SHP101 E501", {"SHP101", "E501"}),
        ("# type: ignore # noqa: SHP101", {"SHP101"}),
        ("# noqa: because", None),
    ],
)
def test_noqa(comment: str, codes: set[str] | None) -> None:
    found = suppressions(f"x = 1\ny = f(x)  {comment}\n")
    assert list(found.noqa) == [2]
    assert found.noqa[2].codes == codes


def test_noqa_in_a_string_is_text() -> None:
    assert suppressions("x = '# noqa'\ny = '''\n# noqa\n'''\n").noqa == {}


def test_ignore() -> None:
    found = suppressions("f(x)  # shapecheck: ignore[SHP101, matmul] on purpose\n# shapecheck: ignore\n\n# why\ng(x)\n").ignores
    assert [(each.line, each.column, each.covers, each.codes, each.reason) for each in found] == [
        (1, 7, 1, ("SHP101", "matmul"), "on purpose"),
        (2, 1, 5, (), ""),
    ]


def test_skip_file() -> None:
    assert suppressions("import torch\n# shapecheck: skip-file\n").skip_file == 2
    assert suppressions("import torch\nx = '# shapecheck: skip-file'\n").skip_file is None


def test_declarations() -> None:
    (found,) = declarations("# shapecheck: x = (N, 3, 2*H, W)\ndef f(x): pass\n")
    assert found == (1, 1, 2, "x", ("N", "3", "2*H", "W"), None)
    (found,) = declarations("def f(x): pass  # shapecheck: x = (N, 3): torch.int64\n")
    assert (found.items, found.dtype) == (("N", "3"), "int64")
    (found,) = declarations("x = load()  # shapecheck: self.x = [4]\n")
    assert (found.covers, found.name, found.items) == (1, "self.x", ("4",))


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# torch.Size([128, 3, 14, 6])", [("", "size", ("128", "3", "14", "6"))]),
        ("# Size([])", [("", "size", ())]),
        ("# (B, C, H, W)", [("", "round", ("B", "C", "H", "W"))]),
        ("#[B, C]", [("", "square", ("B", "C"))]),
        ("# x: (B, N) -> [B, N*2, C//4 + 1]", [("x:", "round", ("B", "N")), ("x: (B, N) ->", "square", ("B", "N*2", "C//4 + 1"))]),
        ("# N x C x H x W", [("", "times", ("N", "C", "H", "W"))]),
        ("# (N x 3 x H)", [("", "times", ("N", "3", "H"))]),
        ("# B×C, 3x224x224", [("", "times", ("B", "C")), ("B×C,", "times", ("3", "224", "224"))]),
        ("# (B, ..., -1, *, x.shape[0], x.size(1), ?)", [("", "round", ("B", "...", "-1", "*", "x.shape[0]", "x.size(1)", "?"))]),
        ("# (bs x heads, n)", [("", "round", ("bs x heads", "n"))]),
        ("# (N,)", [("", "round", ("N",))]),
        ("# see f(x, y) and a[i, j]", []),
        ("# (see below, for more)", []),
        ("# shapecheck: x = (N, 3)", []),
        ("# a plain remark, with max and x", []),
    ],
)
def test_shapes(comment: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    found = shape_comments(f"y = 1\nx = f(x)  {comment}\n")
    assert [(each.before, each.style, each.items) for each in found] == expected
    assert all((each.line, each.column, each.alone) == (2, 11, False) for each in found)


def test_alone_or_trailing() -> None:
    found = shape_comments("def f(x):\n    # (A, B)\n    y = x  # (C, D)\n")
    assert [(each.line, each.alone) for each in found] == [(2, True), (3, False)]


def test_broken_files_have_comments_too() -> None:
    found = shape_comments('x = \'unclosed # (A, B)\ny = (  # (C, D)\n""" # (E, F)\n')
    assert [each.items for each in found] == [("C", "D")]


def test_other_line_ends() -> None:
    assert [each.line for each in shape_comments("a\r\n# (A, B)\r\n")] == [2]


def test_no_comment_takes_long() -> None:
    start = time.perf_counter()
    for rubbish in ("(" * 5000, "(a," * 5000, "(" + "*" * 5000, "(a*" * 3000, "a x " * 3000, "(" + "a - " * 3000, "[" + " " * 5000):
        shape_comments(f"# {rubbish}\n")
    assert time.perf_counter() - start < 5
