"""What a check may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shapecheck.findings.finding import Severity
from shapecheck.inputs import StatedInput
from shapecheck.selection import selected

if TYPE_CHECKING:
    from shapecheck.book.stated import StatedOp

INCLUDE = ("*.py", "*.ipynb", "*.md")


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one check, from the command line, from a configuration or from Python. The files of a project share them.

    select            codes, or beginnings of codes, that are reported; None: all that are on by default.
    extend_select     codes reported besides those.
    ignore            codes not reported.
    per_file_ignores  (glob pattern, codes): codes not reported in the files that the pattern fits.
    severity          (code or beginning, severity): severities that differ from the catalogue's.
    include           glob patterns of the files that are read in folders.
    exclude           glob patterns of files and folders to leave out.
    extend_exclude    more of them.
    force_exclude     leave a file out even if it is named itself.
    respect_gitignore leave out what .gitignore files leave out.
    baseline          the file that lists findings which are known already.
    inputs            shapes of parameters that cannot be seen in the code.
    python            the interpreter, or the environment, whose installed packages are read.
    ops               shape signatures of functions and classes (`shapecheck.book.stated.read_ops`).
    statistics        keep count of why values could not be followed.
    replays           keep with every report what torch would run to confirm it.
    entries           keep what else of a file can be run.
    noqa              `# noqa` comments silence; flake8 sees to its own.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    include: tuple[str, ...] = INCLUDE
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    baseline: str | None = None
    inputs: tuple[StatedInput, ...] = ()
    python: str | None = None
    ops: tuple[StatedOp, ...] = ()
    statistics: bool = False
    replays: bool = False
    entries: bool = False
    noqa: bool = True

    def wants(self, code: str) -> bool:
        """Whether findings with this code are reported."""
        return selected(code, self.select, self.extend_select, self.ignore)


OptionsOf = Callable[[str], Options]
"""The settings of a file or a folder."""
