"""check --format sarif: SARIF 2.1.0 with what GitHub's code scanning asks for besides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from shapecheck.findings.catalogue import by_code
from shapecheck.findings.finding import Finding
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Fix, Range, Report, Step
from shapecheck.show.details import details, headless
from shapecheck.show.linehash import line_hashes
from shapecheck.show.lines import Lines
from shapecheck.show.markdown import finding_help, finding_markdown
from shapecheck.show.places import Root
from shapecheck.show.values import Json
from shapecheck.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
ROOT = "%SRCROOT%"


def sarif(outcome: Outcome, lines: Lines, root: Root) -> str:
    """One run, with the rules of the findings that it has. Plain ASCII."""
    codes = sorted({report.code for report in outcome.reports})
    hashes = _Hashes(lines)
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "shapecheck",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(by_code(code)) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(outcome.problems)],
        "results": [_result(report, codes.index(report.code), hashes, root) for report in outcome.reports],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _invocation(problems: Sequence[str]) -> Json:
    notes: list[Json] = [{"level": "error", "message": {"text": problem}} for problem in problems]
    return {"executionSuccessful": not problems, "toolExecutionNotifications": notes}


def _rule(finding: Finding) -> Json:
    level = LEVELS[finding.severity]
    return {
        "id": finding.code,
        "name": "".join(word.capitalize() for word in finding.slug.split("-")),
        "shortDescription": {"text": f"{finding.title[0].upper()}{finding.title[1:]}."},
        "fullDescription": {"text": finding.why},
        "help": {"text": finding_help(finding), "markdown": finding_markdown(finding)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["pytorch", "tensor-shapes"],
            "precision": "very-high" if level == "error" else "high",
            "problem.severity": {"note": "recommendation"}.get(level, level),
        },
    }


def _result(report: Report, rule: int, hashes: _Hashes, root: Root) -> Json:
    result: dict[str, Json] = {
        "ruleId": report.code,
        "ruleIndex": rule,
        "level": LEVELS[report.severity],
        "message": {"text": "\n".join([f"{headless(report)}.", *details(report)])},
        "locations": [{"physicalLocation": _place(report.path, report.range, root), **_symbol(report)}],
        "partialFingerprints": {"shapecheck/v1": report.fingerprint, **hashes.of(report)},
    }
    if report.trail:
        result["relatedLocations"] = [_step(number, step, root) for number, step in enumerate(report.trail, 1)]
    if report.fix:
        result["fixes"] = [_fix(report.fix, root)]
    return result


def _symbol(report: Report) -> dict[str, Json]:
    return {"logicalLocations": [{"fullyQualifiedName": report.symbol}]} if report.symbol else {}


def _step(number: int, step: Step, root: Root) -> Json:
    return {"id": number, "message": {"text": step.message}, "physicalLocation": _place(step.path, step.range, root)}


def _place(path: str, place: Range, root: Root) -> Json:
    return {"artifactLocation": _artifact(path, root), "region": _region(place)}


def _artifact(path: str, root: Root) -> dict[str, Json]:
    """Relative to the root of the repository; a file elsewhere under its own URI."""
    path = root.path(path)
    if path.startswith("/"):
        return {"uri": f"file://{_quoted(path)}"}
    if path[1:2] == ":":  # a drive of Windows
        return {"uri": f"file:///{_quoted(path, ':')}"}
    return {"uri": _quoted(path), "uriBaseId": ROOT}


def _quoted(path: str, also: str = "") -> str:
    """For a URI; bytes of a name that are no UTF-8, which Python keeps as surrogates, as those bytes."""
    return quote(path, safe=f"/{also}", errors="surrogateescape")


def _region(place: Range) -> dict[str, Json]:
    line, column, end_line, end_column = place
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(fix: Fix, root: Root) -> Json:
    changes: list[Json] = [
        {
            "artifactLocation": _artifact(edit.path, root),
            "replacements": [{"deletedRegion": _region(edit.range), "insertedContent": {"text": edit.text}}],
        }
        for edit in fix.edits
    ]
    return {"description": {"text": fix.description}, "artifactChanges": changes}


class _Hashes:
    """The lines' hashes of the files that have reports."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._known: dict[str, list[str]] = {}

    def of(self, report: Report) -> dict[str, Json]:
        if report.path.endswith(".ipynb"):  # all its findings stand on one line, and that is no line of code
            return {"primaryLocationLineHash": f"{report.fingerprint}:1"}
        if report.path not in self._known:
            self._known[report.path] = line_hashes(self._lines.text(report.path))
        known, number = self._known[report.path], report.range.line
        return {"primaryLocationLineHash": known[number - 1]} if 0 < number <= len(known) else {}
