"""--statistics: how often each finding, and why values could not be followed."""

from __future__ import annotations

from collections import Counter

from shapecheck.findings.outcome import Outcome
from shapecheck.show.palette import PLAIN, Palette

MOST_WHYS = 20


def statistics(outcome: Outcome, palette: Palette = PLAIN) -> str:
    """Two small tables, the most frequent first. Empty when there is nothing to count."""
    lines: list[str] = []
    kinds = Counter(report.finding for report in outcome.reports)
    for finding, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0].code)):
        lines.append(f"{count:>7}  {palette.paint(finding.severity, finding.code)}  {finding.slug}")
    whys = sorted(outcome.unknown.items(), key=lambda item: (-item[1], item[0]))
    if whys:
        lines += ["", palette.paint("label", "not followed, and why:")] if lines else [palette.paint("label", "not followed, and why:")]
        lines += [f"{count:>7}  {why}" for why, count in whys[:MOST_WHYS]]
        rest = sum(count for _, count in whys[MOST_WHYS:])
        if rest:
            lines.append(palette.paint("faint", f"{rest:>7}  for other reasons"))
    return "".join(f"{line}\n" for line in lines)
