"""check --format gitlab: a Code Quality report, which GitLab shows in merge requests."""

from __future__ import annotations

import json
from collections.abc import Iterable

from shapecheck.findings.report import Report
from shapecheck.show.details import details, headless
from shapecheck.show.places import Root
from shapecheck.show.values import Json

SEVERITIES = {"error": "critical", "warning": "major", "info": "info"}


def gitlab(reports: Iterable[Report], root: Root) -> str:
    """A list of issues, with what GitLab's subset of the Code Climate form asks for."""
    return json.dumps([_issue(report, root) for report in reports], indent=2) + "\n"


def _issue(report: Report, root: Root) -> Json:
    return {
        "description": f"{report.code} {headless(report)}",
        "check_name": report.finding.slug,
        "content": {"body": "\n\n".join(details(report))},
        "fingerprint": report.fingerprint,
        "severity": SEVERITIES[report.severity],
        "location": {"path": root.path(report.path), "lines": {"begin": report.range.line, "end": report.range.end_line}},
    }
