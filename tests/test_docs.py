"""What is generated from the rules is what the rules say."""

from __future__ import annotations

import pytest

from shapecheck.book.loader import rules_folder
from tests.docs import GENERATED


@pytest.mark.parametrize("name", GENERATED)
def test_generated_files_are_fresh(name: str) -> None:
    written = (rules_folder() / name).read_text(encoding="utf-8")
    assert written == GENERATED[name](), f"rules/{name} is out of date: make docs"
