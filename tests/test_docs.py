"""What is generated from the rules, the findings and the settings is what they say."""

from __future__ import annotations

import pytest

from tests.docs import GENERATED, ROOT


@pytest.mark.parametrize("name", GENERATED)
def test_generated_files_are_fresh(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == GENERATED[name](), f"{name} is out of date: make docs"
