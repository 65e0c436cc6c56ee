"""What a check may be told."""

from __future__ import annotations

from dataclasses import dataclass

from shapecheck.inputs import StatedInput
from shapecheck.selection import selected


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one check, from the command line or from Python.

    select         codes, or beginnings of codes, that are reported; None: all that are on by default.
    extend_select  codes reported besides those.
    ignore         codes not reported.
    exclude        glob patterns of files and folders to leave out.
    inputs         shapes of parameters that cannot be seen in the code.
    statistics     keep count of why values could not be followed.
    noqa           `# noqa` comments silence; flake8 sees to its own.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    inputs: tuple[StatedInput, ...] = ()
    statistics: bool = False
    noqa: bool = True

    def wants(self, code: str) -> bool:
        """Whether findings with this code are reported."""
        return selected(code, self.select, self.extend_select, self.ignore)
