"""The scanner, the prefilter, and what importing costs."""

from __future__ import annotations

import subprocess
import sys
import tokenize
from io import StringIO
from pathlib import Path

import pytest

from shapecheck.source import scan
from shapecheck.source.prefilter import mentions_torch
from shapecheck.source.text import read
from tests.source.corpus import SAMPLE, names


@pytest.mark.parametrize("path", SAMPLE, ids=names(SAMPLE))
def test_comments_are_those_that_the_tokenizer_finds(path: Path) -> None:
    text = read(path).text
    try:
        tokens = list(tokenize.generate_tokens(StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        pytest.skip("not for this tokenizer")
    assert [comment for _, comment in scan.comments(text)] == [token.string for token in tokens if token.type == tokenize.COMMENT]


def test_a_skeleton_has_no_strings_and_comments() -> None:
    assert scan.skeleton('x = \'a\' + \\\n"""b\n"""  # c\n') == "x = '' + ''  \n"


def test_formatted_strings() -> None:
    assert scan.formatted("a = f'x' + rF\"y\" + 'z' + b'w'  # f'comment'\n") == ["'x'", '"y"']


@pytest.mark.parametrize(
    "text", ["import torch", "from x import nn", "class A(Module):", "import einops", "def forward(self, x):", "import pytorch_lightning"]
)
def test_files_that_can_matter(text: str) -> None:
    assert mentions_torch(f"'''doc'''\n{text}\n")


@pytest.mark.parametrize("text", ["", "import os\nprint(os.name)\n", "def backward(): pass\n", "connn = 1\n"])
def test_files_that_cannot(text: str) -> None:
    assert not mentions_torch(text)


def test_libcst_is_imported_when_something_is_lowered() -> None:
    modules = "chunks comments environment imports ir lower module positions prefilter syntax text".split()
    program = "import sys\n" + "".join(f"import shapecheck.source.{name}\n" for name in modules)
    program += "from shapecheck.source.module import SourceModule\n"
    program += "module = SourceModule('m.py', 'm', 'def f(): pass\\n')\n"
    program += "(f,) = module.statements()\nassert module.syntax_error() is None\nassert 'libcst' not in sys.modules\n"
    program += "f.lower()\nassert 'libcst' in sys.modules\n"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2])
