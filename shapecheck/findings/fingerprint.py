"""A name for a report that stays when lines move: for baselines and for services that track findings over time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from shapecheck.findings.report import Report

LineOf = Callable[[str, int], str | None]


def with_fingerprints(reports: Iterable[Report], line_of: LineOf) -> list[Report]:
    """The reports in order of place, each with its fingerprint.

    It depends on the path, the code, the definition, the message and the words of the accused line; equal ones are told
    apart by their order. The line number is not in it.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    named = []
    for report in sorted(reports, key=lambda r: r.place):
        line = report.text or line_of(report.path, report.range[0]) or ""
        words = (report.path.replace("\\", "/"), report.code, report.symbol, report.message, " ".join(line.split()))
        seen[words] += 1
        text = "\0".join((*words, str(seen[words])))
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        named.append(replace(report, fingerprint=digest))
    return named
