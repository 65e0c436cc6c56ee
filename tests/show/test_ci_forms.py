"""check --format github, gitlab, junit: read again as the services read them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from shapecheck.findings.catalogue import by_code
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Range, Report
from shapecheck.show.excerpt import LineOf
from shapecheck.show.github import github
from shapecheck.show.gitlab import gitlab
from shapecheck.show.junit import junit
from shapecheck.show.places import Root


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder is a folder of a repository."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    monkeypatch.chdir(tmp_path / "src")
    return tmp_path


def command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner takes it apart: '::name key=value,key=value::data'."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match, line
    properties = dict(pair.split("=", 1) for pair in match[2].split(","))
    for escaped, plain in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        properties = {name: value.replace(escaped, plain) for name, value in properties.items()}
    data = match[3]
    for escaped, plain in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        data = data.replace(escaped, plain)
    return match[1], properties, data


def test_github(report: Report) -> None:
    page = github([report], Root())
    assert page.count("\n") == 1
    name, properties, data = command(page.rstrip("\n"))
    assert name == "error"
    assert properties == {
        "title": "shapecheck SHP101",
        "file": "src/models/net.py",
        "line": "21",
        "endLine": "21",
        "col": "13",
        "endColumn": "25",
    }
    assert data.splitlines() == [
        "SHP101 Conv2d wants 5 channels, gets 3",
        f"torch: {report.torch}",
        "with: Net(), images = (256, 3, 227, 227) from line 40",
        "hint: nn.Conv2d(3, 4, 4)",
    ]


def test_github_escapes(report: Report) -> None:
    odd = replace(report, path="a,b:c%d/n.py", message="100% of 3:4, 5\r\n::error::x", torch="a\n::warning::b")
    name, properties, data = command(github([odd], Root()).rstrip("\n"))
    assert name == "error"
    assert properties["file"] == "src/a,b:c%d/n.py"
    assert data.splitlines()[:2] == ["SHP101 100% of 3:4, 5 ::error::x", "torch: a ::warning::b"]


def test_github_levels(report: Report) -> None:
    warning = replace(report, finding=by_code("SHP301"), range=Range(1, 5, 3, 2))
    info = replace(report, finding=by_code("SHP903"))
    (first, properties, _), (second, _, _) = map(command, github([warning, info], Root()).splitlines())
    assert (first, second) == ("warning", "notice")
    assert "col" not in properties
    assert (properties["line"], properties["endLine"]) == ("1", "3")


def test_gitlab(report: Report) -> None:
    issues = json.loads(gitlab([replace(report, fingerprint="abc"), replace(report, finding=by_code("SHP301"))], Root()))
    assert issues[0] == {
        "description": "SHP101 Conv2d wants 5 channels, gets 3",
        "check_name": "layer-input",
        "content": {"body": issues[0]["content"]["body"]},
        "fingerprint": "abc",
        "severity": "critical",
        "location": {"path": "src/models/net.py", "lines": {"begin": 21, "end": 21}},
    }
    assert report.torch is not None
    assert report.torch in issues[0]["content"]["body"]
    assert issues[1]["severity"] == "major"
    assert json.loads(gitlab([], Root())) == []


def test_junit(report: Report, line_of: LineOf) -> None:
    other = replace(report, path="a.py", finding=by_code("SHP301"))
    whole = ElementTree.fromstring(junit(Outcome((other, report, report), 5), line_of, Root()).encode())
    assert (whole.tag, whole.attrib["tests"], whole.attrib["failures"]) == ("testsuites", "3", "3")
    assert [(suite.attrib["name"], suite.attrib["tests"], len(suite)) for suite in whole] == [
        ("src/a.py", "1", 1),
        ("src/models/net.py", "2", 2),
    ]
    case = whole[1][0]
    assert case.attrib == {
        "name": "SHP101 src/models/net.py:21:13",
        "classname": "src/models/net.py",
        "file": "src/models/net.py",
        "line": "21",
    }
    assert case[0].tag == "failure"
    assert case[0].attrib == {"message": "SHP101 Conv2d wants 5 channels, gets 3", "type": "error"}
    assert report.torch is not None
    assert report.torch in (case[0].text or "")


def test_junit_of_nothing_is_a_case_that_passes(line_of: LineOf) -> None:
    whole = ElementTree.fromstring(junit(Outcome(files=1), line_of, Root()).encode())
    assert (whole.attrib["tests"], whole.attrib["failures"]) == ("1", "0")
    assert [child.tag for child in whole[0][0]] == []
    assert whole[0][0].attrib["name"] == "no findings in 1 file"


def test_junit_holds_what_xml_cannot(report: Report, line_of: LineOf) -> None:
    odd = replace(report, path='a&<b>"c".py', message="null \x00 and \x1b[31m and \udc80 & <b>", torch="\ufffe ]]>")
    whole = ElementTree.fromstring(junit(Outcome((odd,), 1), line_of, Root()).encode())
    assert whole[0].attrib["name"] == 'src/a&<b>"c".py'
    assert whole[0][0][0].attrib["message"] == "SHP101 null ? and ?[31m and ? & <b>"


def test_paths_start_at_the_repository(repository: Path) -> None:
    root = Root()
    assert root.path("net.py") == "src/net.py"
    assert root.path("./net.py") == "src/net.py"
    assert root.path("../net.py") == "net.py"
    assert root.path(str(repository / "src" / "net.py")) == "src/net.py"
    assert root.path("<stdin>") == "<stdin>"
    outside = repository.parent / "..net.py"
    assert root.path(str(outside)) == outside.as_posix()


def test_without_a_repository_they_start_here(repository: Path) -> None:
    (repository / ".git").rmdir()
    assert Root().path("net.py") == "net.py"
