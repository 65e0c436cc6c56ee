"""The full text report, drawn to the character."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shapecheck.findings.report import Confirmation, Range, Report, Step, Witness
from shapecheck.show.palette import Palette
from shapecheck.show.text import full, text, witness_words

LineOf = Callable[[str, int], str | None]

EXPECTED = """\
models/net.py:21:13: SHP101 Conv2d wants 5 channels, gets 3
  17 |         x = self.conv1(images)
     |             ------------------ (256, 3, 217, 217): Conv2d(3, 3, 11) of (256, 3, 227, 227)
  21 |         x = self.conv2(x)
     |             ^^^^^^^^^^^^^ x is (256, 3, 217, 217)
   9 |         self.conv2 = nn.Conv2d(5, 4, 4)
     |                                ^ in_channels is 5
  torch: Given groups=1, weight of size [4, 5, 4, 4], expected input[256, 3, 217, 217] to have 5 channels, but got 3 channels instead
  with:  Net(), images = (256, 3, 227, 227) from line 40         confirmed on meta
  hint:  nn.Conv2d(3, 4, 4)
"""


def test_the_whole_form(report: Report, line_of: LineOf) -> None:
    assert full(replace(report, confirmation=Confirmation("confirmed", "meta")), line_of) == EXPECTED


def test_reports_are_parted_by_an_empty_line(report: Report, line_of: LineOf) -> None:
    once = full(report, line_of)
    assert text([report, report], line_of) == f"{once}\n{once}"


def test_the_least_a_report_can_have(report: Report, line_of: LineOf) -> None:
    bare = Report(report.finding, "message", None, "models/net.py", Range(21, 13, 21, 26))
    assert full(bare, line_of) == (
        "models/net.py:21:13: SHP101 message\n"  #
        "  21 |         x = self.conv2(x)\n"
        "     |             ^^^^^^^^^^^^^\n"
    )


def test_a_line_that_cannot_be_read_is_left_empty(report: Report) -> None:
    bare = Report(report.finding, "message", None, "gone.py", Range(7, 1, 7, 2), note="x is (3,)")
    assert full(bare, lambda path, line: None).splitlines()[1:] == ["   7 | x is (3,)"]


def test_a_step_in_another_file_names_it(report: Report, line_of: LineOf) -> None:
    made = Step("models/blocks.py", Range(120, 5, 120, 6), "in_channels is 5", "    5", "made")
    lines = full(replace(report, trail=(made,), torch=None, witness=None, hint=None), line_of).splitlines()
    assert lines[3:] == [
        "  models/blocks.py:120",
        "  120 |     5",
        "      |     ^ in_channels is 5",
    ]
    assert lines[1] == "   21 |         x = self.conv2(x)"


def test_the_file_is_named_again_on_the_way_back(report: Report, line_of: LineOf) -> None:
    away = Step("other.py", Range(3, 1, 3, 2), "(4,): made", "x")
    lines = full(replace(report, trail=(away,)), line_of).splitlines()
    assert lines[1:5] == ["  other.py:3", "   3 | x", "     | - (4,): made", "  models/net.py:21"]


def test_a_line_is_drawn_once_for_the_marks_that_follow_each_other_in_it(report: Report) -> None:
    inner = Step("a.py", Range(2, 8, 2, 12), "(3,): zeros")
    again = replace(report, path="a.py", range=Range(2, 1, 2, 14), note="input is (3,)", trail=(inner,), text="")
    assert full(again, lambda path, line: "x = f(zeros(3))").splitlines()[1:4] == [
        "   2 | x = f(zeros(3))",
        "     |        ---- (3,): zeros",
        "     | ^^^^^^^^^^^^^ input is (3,)",
    ]


NARROW = """\
models/net.py:21:13: SHP101 Conv2d wants 5 channels, gets 3
  17 |         x = self.conv1(images)
     |             ------------------
     |       (256, 3, 217, 217): Conv2d(3, 3, 11) of
     |       (256, 3, 227, 227)
  21 |         x = self.conv2(x)
     |             ^^^^^^^^^^^^^
     |             x is (256, 3, 217, 217)
   9 |         self.conv2 = nn.Conv2d(5, 4, 4)
     |                                ^
     |                              in_channels is 5
  torch: Given groups=1, weight of size
         [4, 5, 4, 4], expected
         input[256, 3, 217, 217] to have 5 channels,
         but got 3 channels instead
  with:  Net(), images = (256, 3, 227, 227) from
         line 40
  ran:   confirmed on meta
  hint:  nn.Conv2d(3, 4, 4)
"""


def test_a_narrow_terminal(report: Report, line_of: LineOf) -> None:
    """Words go to lines of their own; shapes are not broken; nothing but our first line is left to the terminal to break."""
    narrow = full(replace(report, confirmation=Confirmation("confirmed", "meta")), line_of, width=52)
    assert narrow == NARROW
    assert max(map(len, narrow.splitlines()[1:])) <= 52


def test_a_long_trail_shows_its_end_unless_asked(report: Report, line_of: LineOf) -> None:
    steps = tuple(Step("models/net.py", Range(17, 13, 17, 31), f"step {n}") for n in range(9))
    long = replace(report, trail=steps)
    short = full(long, line_of)
    assert "  .. 3 earlier steps (-v shows all)\n" in short
    assert "step 2" not in short
    assert "step 3" in short
    everything = full(long, line_of, every_step=True)
    assert "earlier" not in everything
    assert "step 0" in everything


def test_torch_sentences_of_several_lines_stand_under_each_other(report: Report, line_of: LineOf) -> None:
    lines = full(replace(report, torch="first\nsecond"), line_of).splitlines()
    at = lines.index("  torch: first")
    assert lines[at + 1] == "         second"


@pytest.mark.parametrize(
    ("confirmation", "words"),
    [
        (Confirmation("confirmed", "cuda"), "confirmed on cuda"),
        (Confirmation("not reproduced", "cpu"), "not reproduced on cpu"),
        (Confirmation("could not run", "meta", reason="no torch"), "could not run: no torch"),
    ],
)
def test_verdicts(report: Report, line_of: LineOf, confirmation: Confirmation, words: str) -> None:
    assert f"from line 40         {words}\n" in full(replace(report, confirmation=confirmation), line_of)
    assert f"  ran:   {words}\n" in full(replace(report, confirmation=confirmation, witness=None), line_of)


def test_a_long_witness_keeps_a_gap_before_the_verdict(report: Report, line_of: LineOf) -> None:
    witness = Witness("Net(width=64, depth=3)", {"images": (1, 3, 224, 224), "labels": (1,)}, "from line 40")
    shown = full(replace(report, witness=witness, confirmation=Confirmation("confirmed")), line_of)
    assert "labels = (1,) from line 40   confirmed on meta\n" in shown


def test_witness_words_show_names_of_sizes_bare() -> None:
    assert witness_words(Witness("", {"x": ("N", 3, "H//2")})) == "x = (N, 3, H//2)"
    assert witness_words(Witness("Net(10)")) == "Net(10)"


def test_colours_do_not_move_anything(report: Report, line_of: LineOf) -> None:
    import re

    confirmed = replace(report, confirmation=Confirmation("confirmed", "meta"))
    coloured = full(confirmed, line_of, Palette(True))
    assert coloured != EXPECTED
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == EXPECTED
