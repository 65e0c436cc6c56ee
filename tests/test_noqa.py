"""--add-noqa: comments are added, and nothing else changes."""

from __future__ import annotations

import ast
import os
import stat
from pathlib import Path

import pytest

from shapecheck import check_paths, check_source
from shapecheck.cli import main
from shapecheck.noqa import add_noqa, with_noqa
from shapecheck.rewrite import RefusedError, Text

HEAD = "import torch\nfrom torch import nn\n\nlayer = nn.Linear(20, 30)\nx = torch.randn(128, 21)\n"


def added(body: str) -> str:
    """What becomes of a body."""
    text = HEAD + body
    changed = with_noqa(Text(text), check_source(text).reports).whole
    assert changed.startswith(HEAD)
    return changed.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("layer(x)\n", "layer(x)  # noqa: SHP101\n"),
        ("layer(x)", "layer(x)  # noqa: SHP101"),
        ("layer(x)  \n", "layer(x)  # noqa: SHP101\n"),
        ("layer(x)  # why\n", "layer(x)  # why  # noqa: SHP101\n"),
        ("layer(x)  # noqa: E501\n", "layer(x)  # noqa: E501, SHP101\n"),
        ("layer(x)  # noqa:E501,W605 because\n", "layer(x)  # noqa:E501,W605, SHP101 because\n"),
        ("layer(x)  # type: ignore # noqa: E501\n", "layer(x)  # type: ignore # noqa: E501, SHP101\n"),
        ("layer(x)  # shapecheck: ignore[SHP104]\n", "layer(x)  # shapecheck: ignore[SHP104]  # noqa: SHP101\n"),
        ("layer(x), '# noqa: E501'\n", "layer(x), '# noqa: E501'  # noqa: SHP101\n"),
        ("layer(\n    x,\n)\n", "layer(  # noqa: SHP101\n    x,\n)\n"),
        ("print(\n    'a',\n    layer(x),\n)\n", "print(\n    'a',\n    layer(x),  # noqa: SHP101\n)\n"),
        ("y = layer(x) + \\\n    1\n", "y = layer(x) + \\\n    1  # noqa: SHP101\n"),
        ("y = 1 + \\\n    layer(x) + \\\n    1\n", "y = 1 + \\\n    layer(x) + \\\n    1  # noqa: SHP101\n"),
        ("y = layer(x), '''\n# a\n''', 2\n", "y = layer(x), '''\n# a\n''', 2  # noqa: SHP101\n"),
        ("y = '''\n''', layer(x), \"\"\"\n  \\\n\"\"\"\n", "y = '''\n''', layer(x), \"\"\"\n  \\\n\"\"\"  # noqa: SHP101\n"),
        ("print(f'''\n{layer(x)}\n''')\n", "print(f'''\n{layer(x)}\n''')  # noqa: SHP101\n"),
        ("if x.sum() > 0: layer(x)\n", "if x.sum() > 0: layer(x)  # noqa: SHP101\n"),
        ("layer(x); x.view(7)\n", "layer(x); x.view(7)  # noqa: SHP101, SHP104\n"),
        ("layer(x)  # noqa: SHP104\nx.view(7)  # noqa: SHP101\n", "layer(x)  # noqa: SHP104, SHP101\nx.view(7)  # noqa: SHP101, SHP104\n"),
    ],
)
def test_where_comments_go(body: str, expected: str) -> None:
    assert added(body) == expected


BODIES = [
    "layer(x)\n",
    "layer(\n    x,\n)\n",
    "y = layer(x), '''\n# a\n''', 2\n",
    "layer(x)  # noqa: E501\nlayer(x.T)\n",
    "z = x.shape  # a comment\nx.view(5, -1)\n",
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_stay_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, end: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("net.py")
    before = f"# -*- coding: latin-1 -*-\n# \xe9\n{HEAD}{body}s = 'caf\xe9'\n".replace("\n", end).encode("latin-1")
    path.write_bytes(before)
    reports = check_paths(["net.py"]).reports
    assert any(report.code != "SHP904" for report in reports)
    outcome = add_noqa(reports)
    assert (outcome.findings, outcome.files, outcome.problems) == (len(reports), 1, ())
    after = path.read_bytes()
    assert ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    assert after.count(end.encode()) == before.count(end.encode())
    assert len(after.splitlines()) == len(before.splitlines())
    assert check_paths(["net.py"]).reports == ()
    add_noqa(check_paths(["net.py"]).reports)
    assert path.read_bytes() == after


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode() + b"layer(x)\r\n")
    add_noqa(check_paths([str(path)]).reports)
    assert path.read_bytes() == b"\xef\xbb\xbf" + HEAD.encode() + b"layer(x)  # noqa: SHP101\r\n"


@pytest.mark.skipif(os.name == "nt", reason="rights and links are others there")
def test_rights_and_links_stay(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(HEAD + "layer(x)\n")
    path.chmod(0o750)
    link = tmp_path / "link.py"
    link.symlink_to(path)
    assert add_noqa(check_paths([str(link)]).reports).files == 1
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert path.read_text().endswith("layer(x)  # noqa: SHP101\n")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["link.py", "net.py"]


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(HEAD + "layer(x)\n")
    reports = check_paths([str(path)]).reports
    path.write_text("import torch\n")
    outcome = add_noqa(reports)
    assert outcome.files == 0
    assert "it has changed since it was checked" in outcome.problems[0]
    assert path.read_text() == "import torch\n"


def test_a_text_that_cannot_be_parsed_is_refused() -> None:
    reports = check_source(HEAD + "layer(x)\n").reports
    with pytest.raises(RefusedError):
        with_noqa(Text(HEAD + "layer(x)\n)"), reports)


def test_what_is_no_python_file_is_left_alone(tmp_path: Path) -> None:
    reports = check_source(HEAD + "layer(x)\n", str(tmp_path / "page.txt")).reports
    assert "it is no Python file" in add_noqa(reports).problems[0]


def test_what_no_comment_can_silence_gets_none(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\nx = (\n")
    assert add_noqa(check_paths([str(path)]).reports).files == 0


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.py").write_text(HEAD + "layer(x)\nx.view(7)\n")
    Path("two.py").write_text(HEAD + "layer(x)\n")
    assert main([".", "--add-noqa", "--ignore", "SHP104"]) == 0
    assert capsys.readouterr().err == "2 findings silenced in 2 files\n"
    assert main([".", "--add-noqa"]) == 0
    assert capsys.readouterr().err == "1 finding silenced in 1 file\n"
    assert main(["."]) == 0
    assert main([".", "--add-noqa"]) == 0
    assert capsys.readouterr().err == "0 findings silenced in 0 files\n"
    assert main(["-", "--add-noqa"]) == 2
