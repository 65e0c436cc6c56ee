"""Fingerprints that stay, outcomes that add up, statuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shapecheck.findings.catalogue import by_code
from shapecheck.findings.fingerprint import with_fingerprints
from shapecheck.findings.outcome import Chains, Outcome
from shapecheck.findings.report import Range, Report

TEXT = ["import torch", "    x = self.conv2(x)", "    y = self.conv3(x)", "    x = self.conv2(x)"]


def report(line: int, message: str = "Conv2d wants 5 channels, gets 3", code: str = "SHP101", path: str = "net.py") -> Report:
    return Report(by_code(code), message, None, path, Range(line, 9, line, 22), symbol="Net.forward")


def shifted(by: int) -> Callable[[str, int], str | None]:
    return lambda path, line: TEXT[line - 1 - by]


def prints(reports: list[Report], by: int = 0) -> list[str]:
    return [named.fingerprint for named in with_fingerprints(reports, shifted(by))]


def test_a_fingerprint_stays_when_lines_move_or_are_indented() -> None:
    assert prints([report(2)]) == prints([report(12)], by=10)
    moved = with_fingerprints([report(2)], lambda path, line: "  x =   self.conv2(x)\n")
    assert [named.fingerprint for named in moved] == prints([report(2)])


def test_equal_lines_are_told_apart_by_order() -> None:
    first, second = prints([report(4), report(2)])
    assert first != second
    assert first == prints([report(2)])[0]


def test_what_changes_a_fingerprint() -> None:
    one = report(2)
    others = [
        report(3),
        report(2, message="Conv2d wants 6 channels, gets 3"),
        report(2, code="SHP102"),
        report(2, path="other.py"),
        replace(one, symbol="Net.encode"),
    ]
    assert len({prints([each])[0] for each in [one, *others]}) == 6


def test_windows_and_unix_paths_agree() -> None:
    assert prints([report(2, path="a\\net.py")]) == prints([report(2, path="a/net.py")])


def test_reports_come_out_in_order_of_place() -> None:
    named = with_fingerprints([report(4), report(2), report(3, path="a.py")], shifted(0))
    assert [(each.path, each.range.line) for each in named] == [("a.py", 3), ("net.py", 2), ("net.py", 4)]


def test_outcomes_add_up() -> None:
    first = Outcome((report(4),), 2, 1, {"a": 1, "b": 2})
    second = Outcome((report(2),), 1, 0, {"a": 3}, ("gone.py: no such file or folder",))
    both = first + second
    assert [each.range.line for each in both.reports] == [2, 4]
    assert (both.files, both.skipped, both.unknown) == (3, 1, {"a": 4, "b": 2})
    assert both.problems == second.problems


def test_chains_add_up() -> None:
    first = Outcome(chains=Chains(3, 1, 3, 2, {"a": 1, "b": 1}))
    second = Outcome(chains=Chains(2, 1, 1, 1, {"a": 1}))
    assert (first + second).chains == Chains(5, 2, 4, 3, {"a": 2, "b": 1})


def test_status() -> None:
    assert Outcome(files=3).status == 0
    assert Outcome((report(2),)).status == 1
    assert Outcome((report(2),), problems=("gone.py: no such file or folder",)).status == 2
    assert Outcome((report(2, code="SHP905"),)).status == 2
