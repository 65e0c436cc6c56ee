"""Torch signs the fixes: a fixture that is fixed raises less than before, and nothing new."""

from __future__ import annotations

import ast
import contextlib
import io
import shutil
from collections import Counter
from pathlib import Path

import pytest

from shapecheck import check_paths
from shapecheck.fix import fix
from shapecheck.options import Options

torch = pytest.importorskip("torch")

BROKEN = Path(__file__).resolve().parent.parent / "fixtures" / "broken"


def raised(text: str) -> Counter[str]:
    """The exceptions of a file's top-level statements, each run for itself."""
    found: Counter[str] = Counter()
    names: dict[str, object] = {"__name__": "__main__"}
    torch.manual_seed(0)
    for statement in ast.parse(text).body:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(ast.Module([statement], []), "<fixture>", "exec", dont_inherit=True), names)
        except Exception as error:
            found[str(error)] += 1
    return found


def test_fixed_fixtures(tmp_path: Path) -> None:
    for path in BROKEN.glob("*.py"):
        if " torch.randn" not in path.read_text():  # a sample is enough: the others draw their numbers in other ways
            shutil.copy(path, tmp_path)
    before = {path: path.read_text() for path in tmp_path.glob("*.py")}
    outcome = fix(check_paths([str(tmp_path)]).reports, lambda path: Options(), unsafe=True, write=True)
    assert outcome.problems == ()
    changed = [path for path, text in before.items() if path.read_text() != text]
    assert len(changed) == outcome.files > 5
    less = 0
    for path in changed:
        was, now = raised(before[path]), raised(path.read_text())
        assert not now - was, path.name
        less += sum((was - now).values())
    assert less > 5
