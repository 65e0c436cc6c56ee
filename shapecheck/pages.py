"""Notebooks and Markdown pages among the files: what is found in their program is said of the page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shapecheck.findings.report import Range, Report, Step

if TYPE_CHECKING:
    from shapecheck.findings.outcome import Expression
    from shapecheck.source.pages.page import Page

NOTEBOOK = ".ipynb"
MARKDOWN = (".md", ".markdown")


def is_page(path: str) -> bool:
    """Whether a file is read as a page, by its name."""
    return path.lower().endswith((NOTEBOOK, *MARKDOWN))


def read_page(text: str, path: str) -> Page:
    """The program of a page. SourceError: a notebook that is none."""
    if path.lower().endswith(NOTEBOOK):
        from shapecheck.source.pages.notebook import read_notebook  # here: most runs see no page

        return read_notebook(text)
    from shapecheck.source.pages.markdown import read_markdown

    return read_markdown(text)


def piece_of_page(text: str) -> Page:
    """A page that is Python already, line by line, as editors hand over one cell of a notebook."""
    from shapecheck.source.pages.page import Line, Page  # here: as above

    page = Page()
    for number, line in enumerate(text.split("\n"), 1):
        page.add(None, number, line, Line(line))
    return page


def on_page(report: Report, page: Page, path: str) -> Report:
    """A report about the program of a page, as a report about the page at `path`. Nothing can be mended in a notebook's program."""
    steps = tuple(_step(step, page) if step.path == path else step for step in report.trail)
    if report.path != path:
        return replace(report, trail=steps)
    place, cell, text = _placed(report.range, page)
    fix = report.fix
    if fix is not None:
        edits = tuple(replace(edit, range=Range(*page.place(edit.range))) if edit.path == path else edit for edit in fix.edits)
        fix = replace(fix, edits=edits) if cell is None else None
    return replace(report, range=place, cell=cell, text=text, trail=steps, fix=fix)


def _step(step: Step, page: Page) -> Step:
    place, cell, text = _placed(step.range, page)
    return replace(step, range=place, cell=cell, text=text)


def _placed(place: Range, page: Page) -> tuple[Range, int | None, str]:
    """Where a range of the program stands: its range, its cell, the page's own line."""
    origin = page.origin(place.line)
    return Range(*page.place(place)), origin.cell, origin.text


def expression_on_page(expression: Expression, page: Page) -> Expression:
    """The same for an entry of the list of shapes."""
    place, cell, line = _placed(expression.range, page)
    text = line[place.column - 1 : place.end_column - 1] if place.line == place.end_line else expression.text
    return replace(expression, range=place, cell=cell, text=text)
