"""Which findings are reported: --select, --extend-select and --ignore."""

from __future__ import annotations

from collections.abc import Iterable

from shapecheck.findings.catalogue import all_findings, by_code
from shapecheck.findings.finding import Severity

ALWAYS = "SHP905"  # a fault of shapecheck's own cannot be ignored: nothing is known about that file


def read_codes(text: str) -> tuple[str, ...]:
    """'SHP101, shp3, folded-batch, ALL' as codes and beginnings of codes; ValueError with a sentence when one means nothing."""
    return tuple(_read_code(word) for word in text.replace(",", " ").split())


def _read_code(word: str) -> str:
    if word.upper() == "ALL":
        return "SHP"
    for finding in all_findings():
        if finding.slug == word.lower() or finding.code.startswith(word.upper()):
            return finding.code if finding.slug == word.lower() else word.upper()
    raise ValueError(no_such(word))


def no_such(word: str) -> str:
    """What is said of a word that is no finding."""
    from difflib import get_close_matches  # here: only a mistake needs it

    alike = get_close_matches(word.lower(), [finding.slug for finding in all_findings()], n=1)
    return f"no finding is called '{word}'{f'; do you mean {alike[0]}?' if alike else ''} (`shapecheck explain` lists them)"


def selected(code: str, select: Iterable[str] | None, extend_select: Iterable[str], ignore: Iterable[str]) -> bool:
    """Whether `code` is reported. The longest beginning that fits it decides; between equals, ignoring wins."""
    if code == ALWAYS:
        return True
    chosen = [*(() if select is None else select), *extend_select]
    wanted = _longest(code, chosen)
    if select is None and wanted < 0 and by_code(code).by_default:
        wanted = 0
    return wanted > _longest(code, ignore)


def severity_of(code: str, overrides: Iterable[tuple[str, Severity]]) -> Severity:
    """The severity of a code where some are set otherwise. The longest beginning that fits decides, of equal ones the last."""
    length, severity = -1, by_code(code).severity
    for beginning, wanted in overrides:
        if code.startswith(beginning) and len(beginning) >= length:
            length, severity = len(beginning), wanted
    return severity


def _longest(code: str, beginnings: Iterable[str]) -> int:
    return max((len(beginning) for beginning in beginnings if code.startswith(beginning)), default=-1)
