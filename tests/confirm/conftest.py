"""One worker for the tests of this folder that ask torch: importing it costs seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from shapecheck.check import check_paths, check_source
from shapecheck.confirm.ask import Asker
from shapecheck.confirm.child import Child
from shapecheck.findings.report import Report
from shapecheck.options import Options

Confirm = Callable[..., list[Report]]
MEMORY = 4 << 30


@pytest.fixture(scope="session")
def child() -> Iterator[Child]:
    pytest.importorskip("torch")
    with Child(sys.executable, MEMORY, 20.0) as child:
        yield child


@pytest.fixture(scope="session")
def confirmed(child: Child) -> Confirm:
    """The findings of some files, or of a text, with torch's word on them."""
    return confirming(child)


@pytest.fixture(scope="module")
def confirmed_in_haste() -> Iterator[Confirm]:
    """The same with little time for each program, for programs that do not end."""
    pytest.importorskip("torch")
    with Child(sys.executable, MEMORY, 3.0) as child:
        yield confirming(child)


def confirming(child: Child) -> Confirm:
    def confirm(*paths: object, text: str = "", where: str = "auto") -> list[Report]:
        options = Options(replays=True)
        outcome = check_source(text, "t.py", options) if text else check_paths([str(path) for path in paths], options)
        asker = Asker(child, where, outcome.reports)  # type: ignore[arg-type]
        return [asker.confirm(report) for report in outcome.reports]

    return confirm
