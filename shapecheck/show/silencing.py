"""How a finding is silenced."""

from __future__ import annotations

from shapecheck.findings.finding import Finding
from shapecheck.selection import ALWAYS


def ways_to_silence(finding: Finding) -> list[tuple[str, str]]:
    """(where, what to write there); none for what cannot be silenced."""
    code = finding.code
    if code == ALWAYS:
        return []
    everywhere = ("in pyproject.toml, below [tool.shapecheck]", f'ignore = ["{code}"]')
    if code in ("SHP901", "SHP902"):  # a file that cannot be read has no comments
        return [everywhere]
    return [("on its line", f"# shapecheck: ignore[{code}] and why"), ("or, as other tools do it", f"# noqa: {code}"), everywhere]
