"""summary: the layers of a model as a table, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from textwrap import fill
from typing import NamedTuple

from shapecheck.show.columns import width_of
from shapecheck.show.console import Look
from shapecheck.show.excerpt import LineOf
from shapecheck.show.json_ import finding_json
from shapecheck.show.palette import Palette
from shapecheck.show.text import full
from shapecheck.show.tree import Node, tree_of
from shapecheck.show.values import Json, plain, words
from shapecheck.sizes import Size
from shapecheck.summary.result import Row, Summary

GAP = "  "
BETWEEN = ": "  # a layer's name and its class
MIDDLE, LAST, THROUGH, EMPTY = "├─ ", "└─ ", "│  ", "   "
ASCII = {"├": "|", "└": "`", "│": "|", "─": "-", "…": "-", "×": "x", "·": "-", "✗": "!"}
LONGEST_NUMBER = 17
NARROWEST_SHAPE = 16
NOTHING = "·"
STRONG = 10.0  # per cent from which on a share is drawn bold
UNITS = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))


class Cell(NamedTuple):
    """A piece of a line: its text, and the style in which it is painted."""

    text: str
    style: str = ""


class Line(NamedTuple):
    """A line of the table: the layer (branches, name, class), output, parameters with their share, FLOPs with theirs."""

    branch: str
    name: Cell
    kind: str
    output: Cell
    numbers: tuple[Cell, ...] = ()


def summary_text(
    summary: Summary, line_of: LineOf, look: Look, depth: int | None = None, fold: bool = True, encoding: str | None = "utf-8"
) -> str:
    """The table, what it comes to, what is not known, and the finding by which it ends."""
    palette = look.palette
    lines = list(_lines(tree_of(summary, depth, fold), summary))
    parts = [_title(summary, palette)]
    if lines:
        parts.append("\n".join(_drawn([HEADER, *lines], look)) + "\n")
    parts.append("\n".join(_totals(summary, palette, look.width)) + "\n")
    if summary.unknown:
        parts.append("\n".join(_unknown(summary, palette)) + "\n")
    parts += [full(report, line_of, palette, look.width) for report in summary.reports]
    if summary.failure and not summary.reports:
        parts.append(_raised(summary, palette))
    return _encodable("\n".join(parts), encoding)


HEADER = Line("", Cell("layer", "faint"), "", Cell("output", "faint"), tuple(Cell(text, "faint") for text in ("params", "%", "FLOPs", "%")))


def _title(summary: Summary, palette: Palette) -> str:
    inputs = ", ".join(map(words, summary.inputs))
    return f"{palette.paint('path', summary.target)}  {palette.paint('faint', f'on {inputs}, {_mode(summary)} mode')}\n"


def _mode(summary: Summary) -> str:
    return "training" if summary.training else "evaluation"


# the lines


def _lines(nodes: list[Node], summary: Summary, before: str = "", top: bool = True) -> Iterable[Line]:
    for place, node in enumerate(nodes):
        last = place == len(nodes) - 1
        branch = "" if top else before + (LAST if last else MIDDLE)
        yield _line(node, branch, summary)
        yield from _lines(node.children, summary, "" if top else before + (EMPTY if last else THROUGH), False)


def _line(node: Node, branch: str, summary: Summary) -> Line:
    row = node.row
    kind = row.class_name + (f" ×{node.count}" if node.count > 1 else "")
    if row.failed:
        title = f"✗ {node.title}" if node.title else f"✗ {kind}"
        return Line(branch, Cell(title, "error"), kind if node.title else "", Cell(summary.failure or "", "error"))
    if row in summary.open_rows:
        return Line(branch, Cell(node.title), kind, Cell(NOTHING, "faint"))
    output = Cell(words(row.output)) if row.output is not None else Cell("unknown" if _is_unknown(row, summary) else NOTHING, "faint")
    params: Size = row.total_params * (1 if row.again else node.count)
    flops: Size = row.total_flops * node.count
    numbers = (*_number(params, summary.params, row.again), *_work(flops, summary.flops))
    return Line(branch, Cell(node.title), kind, output, numbers)


def _is_unknown(row: Row, summary: Summary) -> bool:
    return any(item.path == row.path for item in summary.unknown) or not summary.failure


def _number(value: Size, whole: Size, again: bool) -> tuple[Cell, Cell]:
    """Parameters and their share; those of a layer that was called before are counted there."""
    if isinstance(value, int) and value == 0:
        return Cell(NOTHING, "faint"), Cell("")
    if again:
        return Cell("again", "faint"), Cell("")
    return Cell(counted(value)), _share(value, whole)


def _work(value: Size, whole: Size) -> tuple[Cell, Cell]:
    if isinstance(value, int) and value == 0:
        return Cell(NOTHING, "faint"), Cell("")
    return Cell(rounded(value)), _share(value, whole)


def _share(value: Size, whole: Size) -> Cell:
    share_of, total_of = _coefficient(value), _coefficient(whole)
    if share_of[1] != total_of[1] or total_of[0] <= 0:
        return Cell("")
    share = 100 * share_of[0] / total_of[0]
    return Cell(f"{share:.1f}" if share >= 0.05 else "", "label" if STRONG <= share < 100 else "")


def _coefficient(value: Size) -> tuple[int, str]:
    """120*N*H as 120 and what it is multiplied with. Of a sum the first is 0."""
    if isinstance(value, int):
        return value, ""
    found = re.fullmatch(r"(\d+)\*(.*)", str(value))
    return (int(found[1]), found[2]) if len(value.terms) == 1 and found else (0, str(value))


def counted(value: Size) -> str:
    """11,689,512; a size with names as it reads."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def rounded(value: Size) -> str:
    """3.63 G, 3.63 G*N; a sum with names as it reads."""
    if not isinstance(value, int):
        number, names = _coefficient(value)
        return f"{rounded(number)}*{names}" if number >= UNITS[-1][0] else str(value)
    for unit, letter in UNITS:
        if value >= unit * 0.9995:
            shown = value / unit
            digits = 2 if shown < 9.995 else 1 if shown < 99.95 else 0
            return f"{shown:.{digits}f} {letter}"
    return f"{value}  "


# drawing


def _drawn(lines: list[Line], look: Look) -> list[str]:
    """The lines in columns that fit the width: long shapes and names are cut first, then the shares are left out."""
    names = [f"{line.branch}{line.name.text}{BETWEEN if line.name.text and line.kind else ''}{line.kind}" for line in lines]
    numbers = [[_cut(cell.text, LONGEST_NUMBER) for cell in line.numbers] for line in lines]
    columns = [0, 1, 2, 3]
    widths = [max((width_of(row[column]) for row in numbers if row), default=0) for column in columns]
    left = max(map(width_of, names))
    right = max((width_of(line.output.text) for line in lines if line.numbers), default=0)
    if sum(widths) + 5 * len(GAP) + NARROWEST_SHAPE + min(left, 24) > look.width:
        columns = [0, 2]
    room = look.width - sum(widths[column] + len(GAP) for column in columns) - len(GAP)
    if room < NARROWEST_SHAPE:
        columns = [0]
        room = look.width - widths[0] - 2 * len(GAP)
    if left + right > room:
        right = max(min(right, room - left), min(right, NARROWEST_SHAPE, room // 2))
        left = min(left, room - right)
    return [_put(line, numbers[place], columns, widths, left, right, look) for place, line in enumerate(lines)]


def _put(line: Line, numbers: list[str], columns: list[int], widths: list[int], left: int, right: int, look: Look) -> str:
    palette = look.palette
    name, kind = line.name.text, line.kind
    used = width_of(line.branch)
    name = _cut(name, max(left - used, 4))
    between = BETWEEN if name and kind else ""
    kind = _cut(kind, left - used - width_of(name) - len(between))
    between = between if kind else ""
    text = (
        palette.paint("gutter", line.branch)
        + _painted(name, line.name.style, palette)
        + palette.paint("faint", between)
        + palette.paint("faint", kind)
    )
    text += " " * (left - used - width_of(name) - len(between) - width_of(kind))
    if not line.numbers:  # the last line of a table that ends early, or one around it
        return f"{text}{GAP}{_painted(_cut(line.output.text, look.width - left - len(GAP)), line.output.style, palette)}".rstrip()
    output = _cut(line.output.text, right)
    text += GAP + _painted(output, line.output.style, palette) + " " * (right - width_of(output))
    for column in columns:
        number = numbers[column]
        text += GAP + " " * (widths[column] - width_of(number)) + _painted(number, line.numbers[column].style, palette)
    return text.rstrip()


def _painted(text: str, style: str, palette: Palette) -> str:
    return palette.paint(style, text) if style else text


def _cut(text: str, width: int) -> str:
    if width_of(text) <= width:
        return text
    kept = ""
    for character in text:
        if width_of(kept + character) > width - 1:
            break
        kept += character
    return f"{kept}…" if width > 0 else ""


def _totals(summary: Summary, palette: Palette, width: int) -> list[str]:
    frozen: Size = summary.params - summary.trainable
    learning = "all of them trainable" if isinstance(frozen, int) and frozen == 0 else f"{counted(summary.trainable)} of them trainable"
    size = f", {_bytes(4 * summary.params)} as float32" if isinstance(summary.params, int) else ""
    least = "at least " if summary.unknown or summary.failure else ""
    if summary.failure and not summary.rows and not summary.open_rows:
        return []
    calls = len(summary.rows)
    flops = counted(summary.flops) + (f" ({rounded(summary.flops)})" if _coefficient(summary.flops)[0] >= UNITS[-1][0] else "")
    rows = [("parameters", f"{counted(summary.params)}, {learning}{size}" if summary.params != 0 else "none")]
    rows.append(("FLOPs", f"{least}{flops} in one call of the model, two for a multiply-add" if summary.flops != 0 else "none counted"))
    rows.append(("modules", f"{calls:,} call{'s' * (calls != 1)}" + (" before it ends" if summary.failure else "")))
    return [palette.paint("label", f"{label:<10}") + GAP + _filled(text, width) for label, text in rows]


def _filled(text: str, width: int) -> str:
    """The text in lines that stand under its first; what is in parentheses is not broken."""
    whole = re.sub(r"\([^()]*\)", lambda found: found[0].replace(" ", "\0"), text)
    return fill(whole, max(width, 42), initial_indent=" " * 12, subsequent_indent=" " * 12, break_long_words=False)[12:].replace("\0", " ")


def _raised(summary: Summary, palette: Palette) -> str:
    """The program's own exception, with the line that raises it."""
    failure = palette.paint("error", summary.failure or "")
    if summary.raised is None:
        return f"{failure}\n"
    path, line, text = summary.raised
    return f"{palette.paint('path', f'{path}:{line}')}: {failure}\n{GAP}{text}\n"


def _bytes(count: int) -> str:
    for unit, letters in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:.1f} {letters}"
    return f"{count} bytes"


def _unknown(summary: Summary, palette: Palette) -> list[str]:
    head = palette.paint("warning", "unknown") + "     what could not be followed; the figures leave it out"
    return [head, *(f"{GAP}{palette.paint('path', item.path or 'the model')}: {item.why}" for item in summary.unknown)]


def _encodable(text: str, encoding: str | None) -> str:
    """With plain letters for lines and signs that the stream cannot show."""
    try:
        "".join(ASCII).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        for sign, letters in ASCII.items():
            text = text.replace(sign, letters)
    return text


# JSON


def summary_json(summary: Summary) -> str:
    """The form that other programs rely on."""
    document: Json = {
        "target": summary.target,
        "inputs": plain(summary.inputs),
        "output": plain(summary.output),
        "rows": [_row_json(row) for row in summary.rows],
        "params": plain(summary.params),
        "trainable": plain(summary.trainable),
        "flops": plain(summary.flops),
        "unknown": [{"path": item.path, "why": item.why} for item in summary.unknown],
        "training": summary.training,
        "failed": None if summary.failure is None else {"path": _failed_path(summary), "message": summary.failure},
        "findings": [finding_json(report) for report in summary.reports],
    }
    return json.dumps(document, indent=2) + "\n"


def _row_json(row: Row) -> Json:
    return {
        "path": row.path,
        "class": row.class_name,
        "inputs": plain(row.inputs),
        "output": plain(row.output),
        "params": plain(row.params),
        "trainable": plain(row.trainable),
        "flops": plain(row.flops),
        "total_params": plain(row.total_params),
        "total_flops": plain(row.total_flops),
    }


def _failed_path(summary: Summary) -> str | None:
    return next((row.path for row in summary.open_rows if row.failed), None)
