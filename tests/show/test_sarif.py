"""check --format sarif, held to the official schema and to what GitHub asks for.

sarif-2.1.0.schema.json is the schema that Microsoft's SARIF Multitool ships, without its descriptions.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shapecheck.findings.catalogue import all_findings
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Edit, Fix, Range, Report, Step
from shapecheck.show.lines import Lines
from shapecheck.show.places import Root
from shapecheck.show.sarif import sarif

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text())
TEXT = "import torch\n" + "\n".join(f"    x = self.conv{n}(x)" for n in range(30)) + "\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder is a folder of a repository."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    return tmp_path


def run_of(*reports: Report, problems: tuple[str, ...] = (), text: str = TEXT) -> dict[str, Any]:
    document = json.loads(sarif(Outcome(reports, 1, problems=problems), Lines({report.path: text for report in reports}), Root()))
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert len(document["runs"]) == 1
    run: dict[str, Any] = document["runs"][0]
    return run


def test_a_schema_that_refuses() -> None:
    document = json.loads(sarif(Outcome(), Lines(), Root()))
    document["runs"][0]["results"] = [{"ruleId": 5}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_nothing_found() -> None:
    run = run_of()
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_a_result(report: Report) -> None:
    (result,) = run_of(replace(report, fingerprint="abc"))["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("SHP101", 0, "error")
    assert result["message"]["text"].splitlines()[0] == "Conv2d wants 5 channels, gets 3."
    assert report.torch in result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "src/models/net.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 21, "startColumn": 13, "endLine": 21, "endColumn": 26}
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "Net.forward"}]


def test_the_trail_is_related(report: Report) -> None:
    (result,) = run_of(report)["results"]
    related = result["relatedLocations"]
    assert [(each["id"], each["message"]["text"], each["physicalLocation"]["region"]["startLine"]) for each in related] == [
        (1, "in_channels is 5", 9),
        (2, "(256, 3, 217, 217): Conv2d(3, 3, 11) of (256, 3, 227, 227)", 17),
    ]


def test_what_github_asks_of_a_rule() -> None:
    reports = [
        Report(finding, "message", None, "net.py", Range(n, 1, n, 2), fingerprint=str(n)) for n, finding in enumerate(all_findings(), 1)
    ]
    run = run_of(*reports)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [finding.code for finding in all_findings()]
    for rule in rules:
        assert rule["name"].isidentifier()
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert len(rule["properties"]["tags"]) <= 20
        assert rule["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"]


def test_another_severity_is_a_matter_of_the_result(report: Report) -> None:
    run = run_of(replace(report, finding=replace(report.finding, severity="info")))
    assert run["results"][0]["level"] == "note"
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == "error"


def test_fingerprints_stay_when_lines_move(report: Report) -> None:
    first = replace(report, fingerprint="abc", path="net.py", trail=(), range=Range(5, 1, 5, 9))
    moved = replace(first, range=Range(25, 1, 25, 9))
    before = run_of(first)["results"][0]["partialFingerprints"]
    after = run_of(moved, text="# more\n" * 20 + TEXT)["results"][0]["partialFingerprints"]
    other = run_of(replace(first, range=Range(6, 1, 6, 9)))["results"][0]["partialFingerprints"]
    assert before == after
    assert before["shapecheck/v1"] == "abc"
    assert before["primaryLocationLineHash"] != other["primaryLocationLineHash"]


def test_findings_of_a_notebook_are_told_apart(report: Report) -> None:
    both = [replace(report, path="nb.ipynb", trail=(), range=Range(1, 1, 1, 1), fingerprint=name) for name in ("abc", "def")]
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(*both)["results"]]
    assert hashes == ["abc:1", "def:1"]


def test_a_file_that_cannot_be_read_has_no_line_hash(report: Report) -> None:
    document = json.loads(sarif(Outcome((replace(report, path="gone.py", trail=()),)), Lines(), Root()))
    jsonschema.validate(document, SCHEMA)
    assert "primaryLocationLineHash" not in document["runs"][0]["results"][0]["partialFingerprints"]


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("a b/n%t.py", {"uri": "src/a%20b/n%25t.py", "uriBaseId": "%SRCROOT%"}),
        ("../lib/netz_ü.py", {"uri": "lib/netz_%C3%BC.py", "uriBaseId": "%SRCROOT%"}),
        ("<stdin>", {"uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%"}),
        ("/elsewhere/net.py", {"uri": "file:///elsewhere/net.py"}),
        ("bad\udcff.py", {"uri": "src/bad%FF.py", "uriBaseId": "%SRCROOT%"}),  # a name whose bytes are no UTF-8
    ],
)
def test_uris(report: Report, path: str, location: dict[str, str]) -> None:
    (result,) = run_of(replace(report, path=path, trail=(Step(path, Range(1, 1, 1, 2), "made here"),)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == location
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"] == location


def test_a_fix(report: Report) -> None:
    fix = Fix("write 3", (Edit("models/net.py", Range(9, 32, 9, 33), "3"),), safe=True)
    (result,) = run_of(replace(report, fix=fix))["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"] == "3"


def test_what_could_not_be_done_is_said() -> None:
    invocation = run_of(problems=("gone.py: no such file or folder",))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "gone.py: no such file or folder"


def test_strange_texts(report: Report) -> None:
    (result,) = run_of(replace(report, message="tab\t\x00 \u2028 'x' \udc80", symbol="", witness=None, hint=None))["results"]
    assert "logicalLocations" not in result["locations"][0]
