"""--statistics: how often each finding, how much was followed, and why the rest was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from shapecheck.findings.outcome import Outcome
from shapecheck.show.palette import PLAIN, Palette

MOST_WHYS = 20


def statistics(outcome: Outcome, palette: Palette = PLAIN) -> str:
    """Small tables, the most frequent first. Empty when there is nothing to count."""
    tables: list[list[str]] = []
    kinds = Counter(report.finding for report in outcome.reports)
    if kinds:
        ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0].code))
        tables.append([f"{count:>7}  {palette.paint(finding.severity, finding.code)}  {finding.slug}" for finding, count in ordered])
    chains = outcome.chains
    if chains.classes:
        head = f"module classes followed from input to output: {chains.whole} of {chains.classes} ({share(chains.whole, chains.classes)})"
        tables.append(
            [palette.paint("label", head + (", and why the others are not:" if chains.gaps else "")), *_most(chains.gaps, palette)]
        )
    if outcome.unknown:
        tables.append([palette.paint("label", "not followed, and why:"), *_most(outcome.unknown, palette)])
    return "\n".join("".join(f"{line}\n" for line in table) for table in tables)


def share(part: int, whole: int) -> str:
    """A share in per cent, rounded down: 100 % means all."""
    return f"{100 * part // whole} %" if whole else "-"


def _most(counts: Mapping[str, int], palette: Palette) -> list[str]:
    """The most frequent reasons, and how many others there are."""
    whys = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"{count:>7}  {why}" for why, count in whys[:MOST_WHYS]]
    rest = sum(count for _, count in whys[MOST_WHYS:])
    return [*lines, palette.paint("faint", f"{rest:>7}  for other reasons")] if rest else lines
