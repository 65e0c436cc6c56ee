"""Notebooks written as text: cells stand between lines of dashes, `#md` begins one of prose."""

from __future__ import annotations

import json
from typing import Any


def notebook(text: str, metadata: dict[str, Any] | None = None) -> str:
    """The JSON of a notebook."""
    cells = []
    for source in text.split("\n---\n"):
        prose = source.startswith("#md")
        lines = source.removeprefix("#md\n").splitlines(keepends=True)
        cells.append({"cell_type": "markdown" if prose else "code", "metadata": {}, "source": lines})
    return json.dumps({"cells": cells, "metadata": metadata or {"kernelspec": {"language": "python"}}, "nbformat": 4, "nbformat_minor": 5})
