"""A kind of finding as Markdown: for services that show help, and for the page of all findings."""

from __future__ import annotations

from shapecheck.findings.catalogue import all_findings
from shapecheck.findings.finding import Finding
from shapecheck.show.silencing import ways_to_silence


def finding_markdown(finding: Finding) -> str:
    """What it means, a wrong and a right example, the way out, how to silence it."""
    parts = [finding.why]
    if finding.bad:
        parts.append(f"**Wrong**\n\n```python\n{finding.bad}\n```")
    if finding.good:
        parts.append(f"**Right**\n\n```python\n{finding.good}\n```")
    parts.append(f"**Way out.** {finding.fix}")
    silence = ways_to_silence(finding)
    if silence:
        parts.append("**To silence it** " + "; ".join(f"{where}: `{words}`" for where, words in silence) + ".")
    return "\n\n".join(parts) + "\n"


def finding_help(finding: Finding) -> str:
    """The same without marks, for what shows plain text only."""
    return f"{finding.why} {finding.fix}"


INTRODUCTION = """\
# Findings

`shapecheck explain CODE` shows one of these at the terminal. An **error** is reported only if torch raises; a **warning** is a
program that runs and is wrong; what is merely **info** is reported when it is selected. This page is generated from the catalogue
(`make docs`); torch itself has signed the examples.
"""

FAMILIES = {
    "1": "Torch raises in an op or in a layer's forward",
    "2": "Torch raises while a layer is built",
    "3": "Runs, and is wrong",
    "4": "What is written about a shape is false",
    "5": "Data, losses and labels",
    "9": "Limits of shapecheck itself",
}


def findings_page() -> str:
    """shapecheck/docs/findings.md: all findings, as `shapecheck explain` tells them."""
    rows = "".join(f"| [{f.code}](#{anchor(f)}) | `{f.slug}` | {f.title} | {f.severity} |\n" for f in all_findings())
    parts = [INTRODUCTION, f"| code | name | | severity |\n|---|---|---|---|\n{rows}"]
    family = ""
    for finding in all_findings():
        if finding.code[3] != family:
            family = finding.code[3]
            parts.append(f"## SHP{family}xx: {FAMILIES[family][0].lower()}{FAMILIES[family][1:]}\n")
        parts.append(f"### {finding.code} {finding.slug}\n\n{finding.title[0].upper()}{finding.title[1:]} ({finding.severity}).\n")
        parts.append(finding_markdown(finding))
    return "\n".join(parts)


def anchor(finding: Finding) -> str:
    """The name that GitHub gives to the heading of a finding."""
    return f"{finding.code.lower()}-{finding.slug}"
