"""check --format json: the form that other programs rely on."""

from __future__ import annotations

import json
from dataclasses import asdict

from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Confirmation, Edit, Fix, Range, Report, Step, Witness
from shapecheck.show.values import Json, plain
from shapecheck.version import __version__


def as_json(outcome: Outcome) -> str:
    """The whole outcome. Plain ASCII, so that no encoding of a terminal or a pipe can spoil it."""
    unknown = sorted(outcome.unknown.items(), key=lambda item: (-item[1], item[0]))
    document: dict[str, Json] = {
        "version": __version__,
        "findings": [finding_json(report) for report in outcome.reports],
        "known": len(outcome.known),
        "files": outcome.files,
        "skipped": outcome.skipped,
        "unknown": [{"why": why, "count": count} for why, count in unknown],
    }
    if outcome.missed is not None:
        document["missed"] = [asdict(missed) for missed in outcome.missed]
    return json.dumps(document, indent=2) + "\n"


def place_json(place: Range | tuple[int, int, int, int]) -> dict[str, Json]:
    line, column, end_line, end_column = place
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def finding_json(report: Report) -> dict[str, Json]:
    """One entry of "findings"."""
    return {
        "code": report.code,
        "slug": report.finding.slug,
        "severity": report.severity,
        "message": report.message,
        "torch": report.torch,
        "path": report.path,
        "cell": report.cell,
        **place_json(report.range),
        "symbol": report.symbol,
        "expected": plain(report.expected),
        "actual": plain(report.actual),
        "hint": report.hint,
        "witness": _witness(report.witness),
        "trail": [_step(step) for step in report.trail],
        "confirmation": _confirmation(report.confirmation),
        "fix": _fix(report.fix),
        "fingerprint": report.fingerprint,
    }


def _witness(witness: Witness | None) -> Json:
    if witness is None:
        return None
    return {"construct": witness.construct, "inputs": {name: plain(value) for name, value in witness.inputs.items()}}


def _step(step: Step) -> Json:
    return {"path": step.path, "cell": step.cell, "line": step.range[0], "column": step.range[1], "message": step.message}


def _confirmation(confirmation: Confirmation | None) -> Json:
    if confirmation is None:
        return None
    return {
        "status": confirmation.status,
        "device": confirmation.device,
        "error": confirmation.error,
        "reason": confirmation.reason,
    }


def _fix(fix: Fix | None) -> Json:
    if fix is None:
        return None
    return {"description": fix.description, "edits": [_edit(edit) for edit in fix.edits], "safe": fix.safe}


def _edit(edit: Edit) -> Json:
    return {"path": edit.path, **place_json(edit.range), "text": edit.text}
