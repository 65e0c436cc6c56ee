"""The last line: how many findings, in how many files."""

from __future__ import annotations

from collections import Counter

from shapecheck.findings.finding import SEVERITIES
from shapecheck.findings.outcome import Outcome
from shapecheck.show.palette import PLAIN, Palette


def counted(number: int, noun: str) -> str:
    """1 error, 2 errors"""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def summary_line(outcome: Outcome, palette: Palette = PLAIN) -> str:
    """3 errors and 1 warning in 2 files (12 checked)"""
    known = f", {len(outcome.known)} in the baseline" if outcome.known else ""
    if not outcome.reports:
        return palette.paint("good", f"no {'new ' if known else ''}findings ({counted(outcome.files, 'file')} checked{known})")
    severities = Counter(report.severity for report in outcome.reports)
    nouns = {"error": "error", "warning": "warning", "info": "remark"}
    parts = [palette.paint(severity, counted(severities[severity], nouns[severity])) for severity in SEVERITIES if severities[severity]]
    what = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    where = counted(len({report.path for report in outcome.reports}), "file")
    return f"{what} in {where} ({outcome.files} checked{known}){_confirmations(outcome)}"


def _confirmations(outcome: Outcome) -> str:
    """; torch confirms 12, 1 not reproduced, 2 could not run"""
    said = Counter(report.confirmation.status for report in outcome.reports if report.confirmation is not None)
    if not said:
        return ""
    others = "".join(f", {said[status]} {status}" for status in ("not reproduced", "could not run") if said[status])
    return f"; torch confirms {said['confirmed']}{others}"
