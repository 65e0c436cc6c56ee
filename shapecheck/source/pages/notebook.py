"""Notebooks: the code cells in order are one program."""

from __future__ import annotations

import json
from typing import Any

from shapecheck.source.chunks import newlines
from shapecheck.source.errors import SourceError
from shapecheck.source.pages.magics import is_foreign, without_magics
from shapecheck.source.pages.page import Fault, Line, Page
from shapecheck.source.pages.pieces import bindings, dedented, is_python, untold, without_dots
from shapecheck.source.syntax import complaint


def read_notebook(text: str) -> Page:
    """The program of a notebook; SourceError when the text is no notebook. One in another language has no lines."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(error.lineno, error.colno, f"not a notebook: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise SourceError(1, 1, f"not a notebook: {error}") from None
    cells = _cells(document)
    page = Page()
    if _language(document) not in ("python", "ipython", ""):
        return page
    for number, cell in enumerate(cells, 1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            _add(page, number, _source(cell))
    return page


def _cells(document: Any) -> list[Any]:
    """The cells, also of the format before 4, where they stand on worksheets."""
    if isinstance(document, dict):
        if isinstance(document.get("cells"), list):
            return list(document["cells"])
        sheets = document.get("worksheets")
        if isinstance(sheets, list):
            return [cell for sheet in sheets if isinstance(sheet, dict) for cell in sheet.get("cells") or ()]
    raise SourceError(1, 1, "not a notebook: it has no cells")


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return newlines(source) if isinstance(source, str) else ""


def _language(document: dict[str, Any]) -> str:
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        found = metadata.get(part)
        if isinstance(found, dict) and isinstance(found.get(key), str):
            return str(found[key]).lower()
    return ""


def _add(page: Page, cell: int, source: str) -> None:
    """Add a cell. One that is no Python is left out, and is a fault unless it is meant for something else."""
    texts = source.replace("\f", " ").split("\n")
    first = next((text for text in texts if text.strip()), "")
    lines = dedented([Line(text) for text in texts])
    error = None
    if is_foreign(first):
        page.left += 1
        lines = [Line("")] * len(texts)
    elif first.startswith("%%") or not is_python("\n".join(line.code for line in lines)):
        lines = without_magics(lines)
        error = complaint("\n".join(line.code for line in lines))
        if error is not None:
            page.faults.append(Fault(cell, error, texts[min(error.line, len(texts)) - 1]))
            page.left += 1
            lines = [Line(bindings(source)), *[Line("")] * (len(texts) - 1)]
    for number, (text, line) in enumerate(zip(texts, without_dots(lines), strict=True), 1):
        page.add(cell, number, text, line)
        page.untold |= untold(line)
