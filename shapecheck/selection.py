"""Which findings are reported: --select, --extend-select and --ignore."""

from __future__ import annotations

from collections.abc import Iterable

from shapecheck.findings.catalogue import all_findings, by_code

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
    raise ValueError(f"no finding is called '{word}' (`shapecheck explain` lists them)")


def selected(code: str, select: Iterable[str] | None, extend_select: Iterable[str], ignore: Iterable[str]) -> bool:
    """Whether `code` is reported. The longest beginning that fits it decides; between equals, ignoring wins."""
    if code == ALWAYS:
        return True
    chosen = [*(() if select is None else select), *extend_select]
    wanted = _longest(code, chosen)
    if select is None and wanted < 0 and by_code(code).by_default:
        wanted = 0
    return wanted > _longest(code, ignore)


def _longest(code: str, beginnings: Iterable[str]) -> int:
    return max((len(beginning) for beginning in beginnings if code.startswith(beginning)), default=-1)
