"""Concise form, summary line, statistics, explanations, lists of expressions, whole pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from shapecheck.findings.catalogue import all_findings, by_code
from shapecheck.findings.outcome import Chains, Expression, Expressions, Outcome
from shapecheck.findings.report import Range, Report
from shapecheck.show.concise import concise
from shapecheck.show.console import Look
from shapecheck.show.explain import explain, explain_page
from shapecheck.show.expressions import expressions_json, expressions_text
from shapecheck.show.lines import Lines
from shapecheck.show.page import check_page
from shapecheck.show.palette import PLAIN
from shapecheck.show.statistics import statistics
from shapecheck.show.summary_line import summary_line
from shapecheck.show.text import text

LineOf = Callable[[str, int], str | None]
LOOK = Look(PLAIN, 200)


def warning(report: Report, path: str = "other.py") -> Report:
    return replace(report, finding=by_code("SHP301"), path=path)


def test_concise_is_the_first_line_alone(report: Report, line_of: LineOf) -> None:
    assert concise([report]) == text([report], line_of).partition("\n")[0] + "\n"


def test_a_message_of_several_lines_stays_one_line(report: Report) -> None:
    assert concise([replace(report, message="one\n  two")]) == "models/net.py:21:13: SHP101 one two\n"


def test_a_line_end_in_a_name_keeps_its_line_one(report: Report) -> None:
    named = replace(report, path="new\nline\udcff ü.py")
    assert concise([named]).encode("utf-8", "strict").decode() == "new\\nline\\udcff ü.py:21:13: SHP101 Conv2d wants 5 channels, gets 3\n"


def test_marks_stand_where_they_belong_in_an_encoding_that_lacks_signs(report: Report) -> None:
    page = check_page(
        Outcome((replace(report, range=Range(21, 6, 21, 13), trail=(), text="größe.layer(数据)"),), files=1),
        "text",
        Lines(),
        Look(PLAIN, 200, "ascii"),
        verbose=False,
        quiet=True,
        counts=False,
    )
    assert page.splitlines()[1:3] == ["  21 | gr??e.layer(??)", "     |      ^^^^^^^ x is (256, 3, 217, 217)"]


@pytest.mark.parametrize(
    ("reports", "line"),
    [
        ([], "no findings (12 files checked)"),
        (["e"], "1 error in 1 file (12 checked)"),
        (["e", "e", "e2"], "3 errors in 2 files (12 checked)"),
        (["e", "e", "w"], "2 errors and 1 warning in 2 files (12 checked)"),
        (["e", "w", "i"], "1 error, 1 warning and 1 remark in 2 files (12 checked)"),
    ],
)
def test_summary_line(report: Report, reports: list[str], line: str) -> None:
    kinds = {
        "e": report,
        "e2": replace(report, path="second.py"),
        "w": warning(report),
        "i": replace(report, finding=by_code("SHP903")),
    }
    assert summary_line(Outcome(tuple(kinds[kind] for kind in reports), files=12)) == line


def test_statistics_count_codes_and_whys(report: Report) -> None:
    outcome = Outcome((report, report, warning(report)), unknown={"an import that is not there": 2, "a tensor from a file": 7})
    assert statistics(outcome) == (
        "      2  SHP101  layer-input\n"
        "      1  SHP301  folded-batch\n"
        "\n"
        "not followed, and why:\n"
        "      7  a tensor from a file\n"
        "      2  an import that is not there\n"
    )


def test_statistics_say_how_many_chains_are_whole() -> None:
    page = statistics(Outcome(chains=Chains(8, 5, 7, 5, {"a tensor from a file": 2, "eval() is not followed": 1})))
    assert page == (
        "module classes followed from input to output: 5 of 8 (62 %), and why the others are not:\n"
        "      2  a tensor from a file\n"
        "      1  eval() is not followed\n"
    )
    assert statistics(Outcome(chains=Chains(2, 2, 2, 2))) == "module classes followed from input to output: 2 of 2 (100 %)\n"


def test_statistics_of_nothing_are_empty() -> None:
    assert statistics(Outcome()) == ""


def test_many_whys_are_summed_up() -> None:
    lines = statistics(Outcome(unknown={f"why {n:02}": 1 for n in range(25)})).splitlines()
    assert lines[-1] == "      5  for other reasons"


@pytest.mark.parametrize("finding", all_findings(), ids=lambda finding: finding.code)
def test_every_finding_is_explained(finding: object) -> None:
    page = explain(finding)  # type: ignore[arg-type]
    assert "Way out: " in page
    assert all(len(line) <= 100 for line in page.splitlines())


def test_explain_by_code_slug_or_all() -> None:
    assert explain_page("shp101") == explain_page("Layer-Input")
    assert explain_page("SHP7") is None
    assert {line[:5] for line in (explain_page("SHP10") or "").splitlines()} == {"SHP10"}
    assert len((explain_page(None) or "").splitlines()) == len(all_findings())


def expression(line: int, shape: tuple[object, ...] | None, why: str | None = None, symbol: str = "Net.forward") -> Expression:
    return Expression("net.py", Range(line, 13, line, 26), "self.conv2(x)", shape, "float32" if shape else None, symbol, why)


def test_expressions_as_text() -> None:
    found = Expressions((expression(2, (1,), symbol=""), expression(21, ("N", 4, "H//2")), expression(22, None, "no rule for frob")))
    assert expressions_text(found) == (
        "net.py\n"
        f"     2:13  {'self.conv2(x)':48}  (1,) float32\n"
        "\n"
        "net.py: Net.forward\n"
        f"    21:13  {'self.conv2(x)':48}  (N, 4, H//2) float32\n"
        f"    22:13  {'self.conv2(x)':48}  ? no rule for frob\n"
    )


def test_expressions_as_json() -> None:
    entry = json.loads(expressions_json(Expressions((expression(21, (1, 64, "H//2")),))))["expressions"][0]
    assert entry == {
        "path": "net.py",
        "cell": None,
        "line": 21,
        "column": 13,
        "end_line": 21,
        "end_column": 26,
        "text": "self.conv2(x)",
        "shape": [1, 64, "H//2"],
        "dtype": "float32",
        "symbol": "Net.forward",
        "why": None,
    }


def test_pages(report: Report, line_of: LineOf) -> None:
    outcome = Outcome((report,), files=12)

    def page(form: str, quiet: bool = False, counts: bool = False, outcome: Outcome = outcome) -> str:
        return check_page(outcome, form, line_of, LOOK, verbose=False, quiet=quiet, counts=counts)

    assert page("concise") == concise([report])
    assert page("text") == text([report], line_of) + "\n1 error in 1 file (12 checked)\n"
    assert page("text", quiet=True) == text([report], line_of)
    assert "SHP101  layer-input\n\n1 error" in page("text", counts=True)
    assert json.loads(page("json"))["files"] == 12
    assert page("text", outcome=Outcome(files=1)) == "no findings (1 file checked)\n"
    assert page("text", outcome=Outcome(problems=("gone.py: no such file or folder",))) == ""
    assert page("concise", outcome=Outcome(files=1)) == ""


def test_every_form_is_a_page(report: Report) -> None:
    for form in ("text", "concise", "json", "sarif", "github", "gitlab", "junit"):
        page = check_page(Outcome((report,), 1), form, Lines(), LOOK, verbose=False, quiet=False, counts=True)
        assert "SHP101" in page
        assert page.endswith("\n")
        assert ("layer-input\n" in page) is (form in ("text", "concise")), form


def test_every_finding_says_how_to_silence_it() -> None:
    for finding in all_findings():
        page = explain(finding)
        assert page.startswith(f"{finding.code} {finding.slug} ({finding.severity})\n{finding.title[0].upper()}{finding.title[1:]}.\n")
        assert ("To silence it:" in page) is (finding.code != "SHP905")
        assert (f"# noqa: {finding.code}" in page) is (finding.code not in ("SHP901", "SHP902", "SHP905"))
