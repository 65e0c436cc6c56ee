"""The full text report: both ends of the mismatch, torch's words, the witness, the way out."""

from __future__ import annotations

from collections.abc import Iterable

from shapecheck.findings.report import Confirmation, Report, Witness
from shapecheck.show.concise import headline
from shapecheck.show.excerpt import LineOf, excerpt
from shapecheck.show.palette import PLAIN, Palette
from shapecheck.show.values import words
from shapecheck.show.width import PIPED

VERDICT_COLUMN = 65
VERDICT_GAP = 3


def full(report: Report, line_of: LineOf, palette: Palette = PLAIN, width: int = PIPED, every_step: bool = False) -> str:
    """One report, ending with a newline."""
    lines = [headline(report, palette), *excerpt(report, line_of, palette, width, every_step)]
    if report.torch:
        lines += _labelled("torch:", report.torch, palette)
    lines += _circumstances(report.witness, report.confirmation, palette)
    if report.refuted:
        lines += _labelled("note:", unreproduced(report), palette)
    if report.hint:
        lines += _labelled("hint:", report.hint, palette)
    return "\n".join(lines) + "\n"


def text(reports: Iterable[Report], line_of: LineOf, palette: Palette = PLAIN, width: int = PIPED, every_step: bool = False) -> str:
    """All reports, with an empty line between them."""
    return "\n".join(full(report, line_of, palette, width, every_step) for report in reports)


def unreproduced(report: Report) -> str:
    """What is said of a finding that torch does not share."""
    seen = report.confirmation.error if report.confirmation is not None else None
    what = f"{seen}: " if seen else "the accused code ran without this error: "
    return f"{what}shapecheck is wrong here\nplease report it, with the program that `shapecheck --show-slice {report.path}` prints"


def _labelled(label: str, content: str, palette: Palette) -> list[str]:
    """'  torch: …'; further lines of the content stand under its first."""
    first, *rest = content.rstrip().splitlines() or [""]
    return [f"  {palette.paint('label', f'{label:6}')} {first}", *(f"{'':9}{line}".rstrip() for line in rest)]


def _circumstances(witness: Witness | None, confirmation: Confirmation | None, palette: Palette) -> list[str]:
    call = witness_words(witness) if witness else ""
    verdict = verdict_words(confirmation) if confirmation else ""
    if not call and not verdict:
        return []
    painted = palette.paint("good" if confirmation and confirmation.status == "confirmed" else "faint", verdict)
    if not call:
        return _labelled("ran:", painted, palette)
    gap = " " * max(VERDICT_GAP, VERDICT_COLUMN - len("  with:  ") - len(call)) if verdict else ""
    return _labelled("with:", f"{call}{gap}{painted}", palette)


def witness_words(witness: Witness) -> str:
    """Net(), images = (256, 3, 227, 227) from line 40"""
    inputs = (f"{name} = {words(value)}" for name, value in witness.inputs.items())
    call = ", ".join(filter(None, (witness.construct, *inputs)))
    return " ".join(filter(None, (call, witness.note)))


def verdict_words(confirmation: Confirmation) -> str:
    """confirmed on meta"""
    if confirmation.status == "could not run":
        return f"could not run: {confirmation.reason}" if confirmation.reason else "could not run"
    return f"{confirmation.status} on {confirmation.device}"
