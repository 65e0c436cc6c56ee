"""Markdown: the blocks of Python of a page in order are one program, and a piece that is none costs only itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapecheck.check import check_paths, check_source
from shapecheck.findings.outcome import Outcome
from shapecheck.source.pages.markdown import read_markdown

PAGE = """\
# Convolutions

```python
import torch
from torch import nn

conv = nn.Conv2d(3, 3, (11, 11))
```

then, in a list:

1. apply it

   ```py title="use.py"
   out = conv(torch.randn(256, 4, 227, 227))
   ```
"""


def check(text: str) -> Outcome:
    return check_source(text, "page.md")


def places(text: str) -> list[tuple[str, int, int]]:
    return [(report.code, report.range.line, report.range.column) for report in check(text).reports]


def test_lines_and_columns_are_those_of_the_page() -> None:
    (report,) = check(PAGE).reports
    assert (report.code, report.path, report.cell, report.range) == ("SHP101", "page.md", None, (15, 10, 15, 45))
    assert report.trail[0].range == (7, 18, 7, 19)
    assert report.witness is not None
    assert report.hint == "nn.Conv2d(4, 3, (11, 11))"


@pytest.mark.parametrize(
    "info",
    ["python", "py", "Python3", "python title='a'", "{python}", "{.python .numberLines}", "python {linenos=1}", "{code-block} python",
     "{code-cell} ipython3", "pycon", "python,ignore", "{doctest}"],
)  # fmt: skip
def test_languages(info: str) -> None:
    assert places(f"```{info}\nimport torch\ntorch.zeros(6).view(7)\n```\n") == [("SHP104", 3, 1)]
    assert places(f"~~~~ {info}\nimport torch\ntorch.zeros(6).view(7)\n~~~~\n") == [("SHP104", 3, 1)]


@pytest.mark.parametrize("info", ["", "bash", "text", "{code-block} bash", "diff", "pythonic", "console"])
def test_other_blocks_are_not_read(info: str) -> None:
    assert places(f"```{info}\nimport torch\ntorch.zeros(6).view(7)\n```\n") == []


def test_fences() -> None:
    wrong = "import torch\ntorch.zeros(6).view(7)\n"
    assert places(f"````python\n{wrong}s = '''\n```\n'''\n````") == [("SHP104", 3, 1)]
    assert places(f"```python\n{wrong}") == [("SHP104", 3, 1)]  # never closed
    assert places("> ```python\n> import torch\n> torch.zeros(6).view(7)\n> ```\n") == [("SHP104", 3, 3)]
    assert places("```{code-block} python\n:linenos:\n:caption: x\n" + wrong + "```\n") == [("SHP104", 5, 1)]
    assert places("```python\n```\n```python\n" + wrong + "```\n") == [("SHP104", 5, 1)]
    assert places("```python\n    import torch\n    torch.zeros(6).view(7)\n```\n") == [("SHP104", 3, 5)]


SESSION = """\
```pycon
>>> import torch
>>> x = torch.zeros(2, 3)
>>> x.shape
torch.Size([2, 3])
>>> x
tensor([[0., 0., 0.],
        [0., 0., 0.]])
>>> for _ in range(2):
...     x = torch.cat([x, x])
...
>>> x.view(25)
Traceback (most recent call last):
```
"""


def test_sessions() -> None:
    assert places(SESSION) == [("SHP104", 12, 5)]
    assert places(SESSION.replace("pycon", "python")) == [("SHP104", 12, 5)]


def test_a_printed_shape_is_a_claim() -> None:
    page = SESSION.replace("[2, 3]", "[3, 2]").replace("25", "24")
    (report,) = check(page).reports
    assert (report.code, report.range, report.message) == ("SHP401", (4, 5, 4, 12), "the comment says (3, 2), the shape is (2, 3)")
    assert report.trail[0].range == (5, 1, 5, 19)


FRAGMENTS = [
    "model = Net(...)\nout = model(images)\nout.view(3, 4)",
    "self.head = nn.Linear(10, 2)",
    "class Net(nn.Module):\n    def forward(self, x):\n        return self.fc(x)\nNet(10)(torch.zeros(3))",
    "class Net(nn.Module):\n    def __init__(self):\n        ...\n        self.fc = nn.Linear(3, 4)\n    ...\nNet()(torch.zeros(2, 3))",
    "def f(x):\n    x = x.view(7)\n    ...\n    return x\n\nf(y)",
    "def g(x):\n    ...\n    return x.view(7)\n\ng(torch.zeros(6))",
    "nn.Linear(..., 3)(torch.zeros(2, 4))",
    "nn.Conv2d(in_channels, 3, ...)(torch.zeros(2, 4, 5, 5))",
    "x = ...\nx.view(3)\nx[0].cuda(...)",
    "if something:\n    # do it\nelse:\n    pass",
    "net.fit(x, y, epochs=...)  # ...\n...",
    "for batch in loader:\n    ...\nx.view(3)",
    "return x.view(2, 3)",
    "$ python train.py --lr 0.1",
    "forward(x: Tensor, y: Optional[Tensor] = None) -> Tensor",
    "Linear(in_features, out_features)",
    "@register\nclass A(Base): ...\nA(3).b",
    "f(**kwargs, ...)",
    "x: Tensor[..., 3] = make()\nfrom .models import *",
]


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_fragments_are_no_mistakes(fragment: str) -> None:
    """Neither alone nor after the imports, and what comes after them is checked."""
    assert places(f"```python\n{fragment}\n```\n") == []
    imports = "```python\nimport torch\nfrom torch import nn\n```\n"
    after = "```python\ntorch.zeros(6).view(7)\n```\n"
    page = f"{imports}```python\n{fragment}\n```\n{after}"
    assert places(page) == [("SHP104", len(page.splitlines()) - 1, 1)]


@pytest.mark.parametrize(
    "piece",
    ["```python\nx = torch.zeros(7\n```", "```python\nx, y = a b\n```", "```\nx = torch.zeros(7)\n```", "```text\n>>> x = f(x)\n```",
     "```python\ndef x(: ...\n```", "```python\nfor x in y z:\n```"],
)  # fmt: skip
def test_what_a_piece_that_is_left_out_binds_is_not_known(piece: str) -> None:
    first = "```python\nimport torch\nx = torch.zeros(6)\n```\n"
    assert places(f"{first}```python\nx.view(7)\n```\n") == [("SHP104", 6, 1)]
    assert places(f"{first}{piece}\n```python\nx.view(7)\n```\n") == []


def test_comments_that_silence() -> None:
    assert places("```python\nimport torch\ntorch.zeros(6).view(7)  # noqa: SHP104\n```\n") == []
    assert places("```python\n# shapecheck: skip-file\nimport torch\ntorch.zeros(6).view(7)\n```\n") == []


def test_pages_in_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read as Python files are; a README with nothing of torch in it is skipped."""
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "README.md").write_text("# Torch\n\n```bash\npip install torch\n```\n")
    (tmp_path / "empty.md").write_text("")
    monkeypatch.chdir(tmp_path)
    outcome = check_paths(["."])
    assert [report.path for report in outcome.reports] == ["page.md"]
    assert (outcome.files, outcome.skipped) == (3, 2)


def test_a_page_imports_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "from torch import nn\n\n\nclass Net(nn.Sequential):\n    def __init__(self):\n        super().__init__(nn.Linear(3, 4))\n"
    )
    (tmp_path / "README.md").write_text("```python\nimport torch\nfrom net import Net\n\nNet()(torch.zeros(2, 5))\n```\n")
    (report,) = check_paths([str(tmp_path / "README.md")]).reports
    assert (report.code, report.range.line) == ("SHP101", 5)


def test_every_line_has_its_place() -> None:
    page = read_markdown(PAGE)
    assert [origin.number for origin in page.origins] == list(range(1, len(PAGE.split("\n")) + 1))
    assert [origin.text for origin in page.origins] == PAGE.split("\n")


def test_the_readme_has_no_findings() -> None:
    """Of this project; its examples show mistakes as output, not as code."""
    outcome = check_paths([str(Path(__file__).resolve().parent.parent.parent / "README.md")])
    assert outcome.reports == ()
