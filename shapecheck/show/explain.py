"""What a finding means, for people."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent, wrap

from shapecheck.findings.catalogue import all_findings
from shapecheck.findings.finding import Finding
from shapecheck.show.columns import wrapped
from shapecheck.show.palette import PLAIN, Palette
from shapecheck.show.silencing import ways_to_silence
from shapecheck.show.width import PIPED

TEXT_WIDTH = 88
NARROWEST_TITLE = 20


def explain_page(name: str | None, palette: Palette = PLAIN, width: int = PIPED) -> str | None:
    """The page of the finding with this code or slug; of the beginning of codes, or without a name, all in a line each; None: no such."""
    if name is None:
        return explain_all(all_findings(), palette, width)
    for finding in all_findings():
        if name.upper() == finding.code or name.lower() == finding.slug:
            return explain(finding, palette, width)
    family = [finding for finding in all_findings() if finding.code.startswith(name.upper())]
    return explain_all(family, palette, width) if family else None


def explain(finding: Finding, palette: Palette = PLAIN, width: int = PIPED) -> str:
    """The page of one finding."""
    head = f"{palette.paint(finding.severity, finding.code)} {palette.paint('path', finding.slug)} ({finding.severity})"
    parts = [f"{head}\n{finding.title[0].upper()}{finding.title[1:]}.", _paragraph(finding.why, width)]
    if finding.bad:
        parts += [f"{palette.paint('label', 'Wrong:')}\n\n{indent(finding.bad, '    ')}"]
    if finding.good:
        parts += [f"{palette.paint('label', 'Right:')}\n\n{indent(finding.good, '    ')}"]
    parts += [f"{palette.paint('label', 'Way out:')} {_paragraph(finding.fix, width, len('Way out: '))}"]
    silence = ways_to_silence(finding)
    if silence:
        longest = max(len(words) for _, words in silence)
        lines = "".join(f"\n    {words:{longest}}  {palette.paint('faint', where)}" for where, words in silence)
        parts += [f"{palette.paint('label', 'To silence it:')}\n{lines}"]
    return "\n\n".join(parts) + "\n"


def explain_all(findings: Iterable[Finding], palette: Palette = PLAIN, width: int = PIPED) -> str:
    """All findings, a line each; what does not fit stands below its beginning."""
    known = list(findings)
    longest = max(len(finding.slug) for finding in known)
    lines = []
    for finding in known:
        between = f"  {finding.slug:{longest}}  {finding.severity:7}  "
        first, *rest = wrapped(finding.title, max(width - len(finding.code) - len(between), NARROWEST_TITLE))
        lines.append(f"{palette.paint(finding.severity, finding.code)}{between}{first}")
        lines += [" " * (len(finding.code) + len(between)) + words for words in rest]
    return "".join(f"{line}\n" for line in lines)


def _paragraph(words: str, width: int, first: int = 0) -> str:
    """Wrapped; `first` columns of the first line are taken already."""
    return "\n".join(wrap(words, min(width, TEXT_WIDTH), initial_indent=" " * first)).lstrip()
