"""What stands below a finding's first line, in plain words: for services that show a few lines of text."""

from __future__ import annotations

from shapecheck.findings.report import Report
from shapecheck.show.text import verdict_words, witness_words


def headless(report: Report) -> str:
    """Our message, without code and place."""
    return " ".join(report.message.split())


def details(report: Report) -> list[str]:
    """torch's sentence, the witness, what came of running it, the hint: a line each."""
    lines = []
    if report.torch:
        lines.append(f"torch: {' '.join(report.torch.split())}")
    if report.witness and (call := witness_words(report.witness)):
        lines.append(f"with: {call}")
    if report.confirmation:
        lines.append(f"ran: {verdict_words(report.confirmation)}")
    if report.hint:
        lines.append(f"hint: {report.hint}")
    return lines
