"""What the documentation says about one's own ops is true: its signatures are read, its rule is loaded and keeps its examples."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from shapecheck.book import rule as registry
from shapecheck.book.examples import Refusal, Shaped, examples
from shapecheck.book.notation import read_notation
from shapecheck.book.stated import read_ops
from shapecheck.check import check_source, shapes_in_source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "shapecheck" / "docs" / "own-ops.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", [PAGE, README], ids=["page", "readme"])
def test_tables_of_signatures_are_read(text: str) -> None:
    tables = [tomllib.loads(block)["tool"]["shapecheck"]["ops"] for block in blocks(text, "toml") if "shapecheck.ops" in block]
    assert tables
    assert all(read_ops(table) for table in tables)


def test_signatures_of_the_text_are_read() -> None:
    found = [code for code in re.findall(r"`([^`\n]+ -> [^`\n]+)`", PAGE) if not code.startswith('"')]
    assert len(found) >= 9
    for code in found:
        read_notation(code)


def test_the_rule_keeps_its_examples(tmp_path: Path) -> None:
    (block,) = [block for block in blocks(PAGE, "python") if "@op" in block]
    file = tmp_path / "rules_of_the_page.py"
    file.write_text(block, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("rules_of_the_page", file)
    assert spec is not None
    assert spec.loader is not None
    try:
        sys.modules["rules_of_the_page"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for example in examples(registry.OPS["mylib.fuse"].doc):
            text = f"import torch, mylib\ndef T(*sizes):\n    return torch.zeros(sizes)\n{example.source}\n"
            found = check_source(text).reports
            if isinstance(example.expected, Refusal):
                assert [(report.code, report.torch) for report in found] == [(example.expected.code, example.expected.sentence)]
            else:
                assert isinstance(example.expected, Shaped)
                shapes = {each.text: each.shape for each in shapes_in_source(text).expressions}
                assert (shapes[example.source], found) == (example.expected.sizes, ())
    finally:
        registry.OPS.pop("mylib.fuse", None)
        sys.modules.pop("rules_of_the_page", None)
