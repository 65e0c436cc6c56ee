"""What IPython adds to Python: `%magics`, `!commands`, `help?`."""

from __future__ import annotations

import re

from shapecheck.source import scan
from shapecheck.source.pages.page import Line
from shapecheck.source.pages.pieces import UNKNOWN

_CELL = re.compile(r"%%(\w+)(.*)")
_PYTHON_CELLS = frozenset(("time", "capture", "prun", "memit", "mprun", "lprun", "snakeviz", "pyinstrument"))
_TIME = re.compile(r"(?P<indent>[ \t]*)(?P<magic>%time[ \t]+)(?=[^-\s])")
_COMMAND = re.compile(r"(?P<indent>[ \t]*)(?:[%!]|\?{1,2}[\w%. ]|\?$|[,;/](?=\w))")
_ASSIGNED = re.compile(r"(?P<target>[ \t]*[^\W\d][\w.\[\]]*(?:[ \t]*,[ \t]*[^\W\d]\w*)*[ \t]*=[ \t]*)[%!](?!=)")
_HELP = re.compile(r"(?P<indent>[ \t]*)%{0,2}[\w.*]+(?:\([^)]*\))?\?{1,2}[ \t]*;?$")
# what IPython takes for a magic without its sign, where no variable has the name
_AUTOMAGIC = re.compile(
    r"(?P<indent>[ \t]*)(?:pip3?|conda|mamba|micromamba|uv|cd|ls|ll|cat|cp|mv|mkdir|rm|rmdir|man|more|less|pwd|clear|matplotlib|load_ext)"
    r"(?:[ \t]+[\w./~*'\"-].*)?$"
)


def is_foreign(first: str) -> bool:
    """Whether the first line of a cell says that the rest is not for this Python: `%%bash`, `%%writefile net.py`, `%%timeit`."""
    match = _CELL.match(first)
    return match is not None and match[1] not in _PYTHON_CELLS


def without_magics(lines: list[Line]) -> list[Line]:
    """The lines with what is IPython's own taken out, each in its place. Lines inside of brackets and strings are Python's."""
    found: list[Line] = []
    pending = ""  # the statement that is not at its end yet
    command = False  # a command that goes on, after a backslash
    for line in lines:
        if command:
            command = line.code.rstrip().endswith("\\")
            found.append(line._replace(code=""))
            continue
        if not pending:
            plain = _without_magic(line)
            command = plain is not line and not _TIME.match(line.code) and line.code.rstrip().endswith("\\")
            line = plain
        found.append(line)
        pending = f"{pending}{line.code}\n"
        if not _is_open(pending):
            pending = ""
    return found


def _without_magic(line: Line) -> Line:
    code = line.code
    if _CELL.match(code):
        return line._replace(code="")
    if match := _TIME.match(code):
        width = len(match["indent"])
        return Line(code[:width] + code[match.end() :], width, line.shift + match.end() - width)
    if match := _ASSIGNED.match(code):
        return line._replace(code=match["target"] + UNKNOWN)
    match = _COMMAND.match(code) or _HELP.match(code) or _AUTOMAGIC.match(code)
    return line._replace(code=f"{match['indent']}pass") if match else line


def _is_open(text: str) -> bool:
    """Whether a bracket or a string of the text is open at its end, or its last line is joined to the next."""
    code = scan.skeleton(text)
    if '"""' in code or "'''" in code or text.endswith("\\\n"):
        return True
    return sum(map(code.count, "([{")) > sum(map(code.count, ")]}"))
