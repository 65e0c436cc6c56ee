"""Colours, widths, the progress bar, and the files and pipes that pages go to."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shapecheck.show import progress as bar
from shapecheck.show.console import Console
from shapecheck.show.lines import Lines
from shapecheck.show.palette import palette_for
from shapecheck.show.width import NARROWEST, PIPED, width_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "coloured"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (io.StringIO(), {"TERM": "xterm"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (io.StringIO(), {"FORCE_COLOR": "0"}, False),
        (Terminal(), {"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_when_there_is_colour(stream: io.StringIO, environ: dict[str, str], coloured: bool) -> None:
    assert palette_for(stream, environ).coloured is coloured


def test_width() -> None:
    assert width_for(io.StringIO(), {}) == PIPED
    assert width_for(io.StringIO(), {"COLUMNS": "90"}) == 90
    assert width_for(io.StringIO(), {"COLUMNS": "3"}) == NARROWEST
    assert width_for(io.StringIO(), {"COLUMNS": "wide"}) == PIPED


def test_the_bar_shows_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bar, "PATIENCE", 0.0)
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        progress = bar.Progress(stream)
        progress(6, 12)
        progress.clear()
    assert "6/12 files" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert pipe.getvalue() == ""


def test_quick_work_shows_no_bar() -> None:
    terminal = Terminal()
    progress = bar.Progress(terminal)
    progress(6, 12)
    progress.clear()
    assert terminal.getvalue() == ""


def test_pages_go_to_files_as_utf8(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    console = Console()
    assert console.deliver("größe\n", str(tmp_path / "out.txt"))
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "größe\n"
    assert not console.deliver("x", str(tmp_path / "no" / "out.txt"))
    assert "cannot be written" in capsys.readouterr().err


def test_lines_count_as_python_counts_them(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "a.py"
    path.write_bytes(b"# coding: latin-1\r\nx = '\xe9\x0c'\r\ny = 1")
    lines = Lines({"<stdin>": "first\nsecond"})
    assert lines(str(path), 2) == "x = 'é\x0c'"
    assert lines(str(path), 3) == "y = 1"
    assert lines(str(path), 4) is None
    assert lines(str(path), 0) is None
    assert lines("<stdin>", 2) == "second"
    assert lines(str(tmp_path / "gone.py"), 1) is None
    (tmp_path / "bad.py").write_bytes(b"x = '\xff'\n")
    assert lines(str(tmp_path / "bad.py"), 1) == "x = 'ÿ'"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full")
def test_standard_output_that_takes_nothing(tmp_path: Path) -> None:
    """One sentence, and the status of a run that could not do its work."""
    (tmp_path / "net.py").write_text("import torch\n\ntorch.zeros(2, 3).view(5)\n")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "shapecheck", str(tmp_path)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "shapecheck: standard output: cannot be written: No space left on device\n"
