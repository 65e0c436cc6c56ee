"""The full text report: both ends of the mismatch, torch's words, the witness, the way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapecheck.findings.report import Confirmation, Report, Witness
from shapecheck.show.columns import width_of, wrapped
from shapecheck.show.concise import headline
from shapecheck.show.excerpt import LineOf, excerpt
from shapecheck.show.palette import PLAIN, Palette
from shapecheck.show.values import words
from shapecheck.show.width import PIPED

INDENT = len("  torch: ")
VERDICT_COLUMN = 65
VERDICT_GAP = 3


def full(report: Report, line_of: LineOf, palette: Palette = PLAIN, width: int = PIPED, every_step: bool = False) -> str:
    """One report, ending with a newline."""
    lines = [headline(report, palette), *excerpt(report, line_of, palette, width, every_step)]
    if report.torch:
        lines += _labelled("torch:", _filled(report.torch, width), palette)
    lines += _circumstances(report.witness, report.confirmation, palette, width)
    if report.refuted:
        lines += _labelled("note:", _filled(unreproduced(report), width), palette)
    if report.hint:
        lines += _labelled("hint:", report.hint.splitlines(), palette)
    return "\n".join(lines) + "\n"


def text(reports: Iterable[Report], line_of: LineOf, palette: Palette = PLAIN, width: int = PIPED, every_step: bool = False) -> str:
    """All reports, with an empty line between them."""
    return "\n".join(full(report, line_of, palette, width, every_step) for report in reports)


def unreproduced(report: Report) -> str:
    """What is said of a finding that torch does not share."""
    seen = report.confirmation.error if report.confirmation is not None else None
    what = f"{seen}: " if seen else "the accused code ran without this error: "
    return f"{what}shapecheck is wrong here\nplease report it, with the program that `shapecheck --show-slice {report.path}` prints"


def _filled(content: str, width: int) -> list[str]:
    """Its lines, wrapped on a terminal; a pipe gets them whole, so that they can be searched."""
    lines = content.rstrip().splitlines()
    return lines if width == PIPED else [piece for line in lines for piece in wrapped(line, width - INDENT)]


def _labelled(label: str, lines: Sequence[str], palette: Palette) -> list[str]:
    """'  torch: …'; further lines of the content stand under its first."""
    first, *rest = lines or [""]
    return [f"  {palette.paint('label', f'{label:6}')} {first}", *(f"{'':{INDENT}}{line}".rstrip() for line in rest)]


def _circumstances(witness: Witness | None, confirmation: Confirmation | None, palette: Palette, width: int) -> list[str]:
    call = witness_words(witness) if witness else ""
    verdict = verdict_words(confirmation) if confirmation else ""
    if not call and not verdict:
        return []
    style = "good" if confirmation and confirmation.status == "confirmed" else "faint"
    spoken = [palette.paint(style, line) for line in _filled(verdict, width)]
    if not call:
        return _labelled("ran:", spoken, palette)
    gap = " " * max(VERDICT_GAP, VERDICT_COLUMN - INDENT - width_of(call))
    if not verdict:
        return _labelled("with:", _filled(call, width), palette)
    if width != PIPED and INDENT + width_of(call + gap + verdict) > width:
        return [*_labelled("with:", _filled(call, width), palette), *_labelled("ran:", spoken, palette)]
    return _labelled("with:", [f"{call}{gap}{spoken[0]}", *spoken[1:]], palette)


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
