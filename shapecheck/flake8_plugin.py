"""The flake8 plugin: the findings of `shapecheck FILE` among those of flake8.

flake8 loads this module in every run, for every project, so that nothing else of shapecheck is loaded before a file asks for it.
It hands over one file at a time, in several processes: what a file imports is read from disk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from shapecheck.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from shapecheck.check import Checker
    from shapecheck.options import Options

LONGEST = 200
"""Characters of a message with torch's sentence in it; where they do not do, flake8 shows our words alone."""

Violation = tuple[int, int, str, type]


class Plugin:
    """One file. flake8 parses it before, so that a file which is no Python never comes here: it is flake8's E999."""

    name = "shapecheck"
    version = __version__
    options: ClassVar[Options | None] = None
    _checker: ClassVar[Checker | None] = None

    def __init__(self, tree: object, lines: list[str], filename: str = "stdin") -> None:
        self.lines = lines
        self.filename = filename

    @staticmethod
    def add_options(manager: Any) -> None:
        """Ours among flake8's, on its command line and in its configuration files."""

        def add(name: str, words: str, metavar: str) -> None:
            manager.add_option(f"--shapecheck-{name}", default="", metavar=metavar, parse_from_config=True, help=words)

        add("select", "Report these findings of shapecheck only: codes, beginnings of codes (SHP1), slugs (layer-input).", "CODES")
        add("extend-select", "Report these findings of shapecheck besides those that are on by default.", "CODES")
        add("ignore", "Do not report these findings of shapecheck.", "CODES")
        add("input", "Shapes that the code does not show: 'Net.forward x=N,3,224,224', several on lines of their own or with semicolons.",
            "SHAPES")  # fmt: skip

    @classmethod
    def parse_options(cls, manager: Any, options: argparse.Namespace, args: object) -> None:
        """Called once in every process, before the first file."""
        stated = {name: getattr(options, f"shapecheck_{name}") or "" for name in ("select", "extend_select", "ignore", "input")}
        cls._checker = None
        cls.options = None
        if any(stated.values()) or _asked_for(options):
            try:
                cls.options = read_options(stated, _asked_for(options))
            except ValueError as error:
                manager.parser.error(f"shapecheck: {error}")

    @classmethod
    def checker(cls) -> Checker:
        """The checker of this process: what several files import is read once."""
        if cls._checker is None:
            from shapecheck.cache import Cache  # here: a project without torch never needs them
            from shapecheck.check import Checker

            cls._checker = Checker(cls.options or read_options({}, ()), cache=Cache())
        return cls._checker

    def run(self) -> Iterator[Violation]:
        """Line, column from 0, words: as flake8 wants them."""
        from shapecheck.relevance import mentions_torch  # here: not loaded when flake8 only prints its version or its help

        text = "".join(self.lines)
        if not mentions_torch(text):
            return
        from shapecheck.check import finish

        checker = self.checker()
        outcome = finish(checker.given(self.filename, text), {self.filename: text})
        checker.save()
        for report in outcome.reports:
            if report.path == self.filename:
                yield report.range.line, report.range.column - 1, sentence(report.code, report.message, report.torch), Plugin


def sentence(code: str, message: str, torch: str | None) -> str:
    """SHP101 Linear wants 20 features, gets 21 (torch: mat1 and mat2 shapes cannot be multiplied (128x21 and 20x30))"""
    words = " ".join(f"{code} {message}".split())
    whole = f"{words} (torch: {' '.join(torch.split())})" if torch else words
    return whole if len(whole) <= LONGEST else words


def read_options(stated: dict[str, str], asked: tuple[str, ...]) -> Options:
    """The settings of a check; ValueError with a sentence when one means nothing. `asked`: codes that flake8's own options name."""
    from shapecheck.inputs import read_input
    from shapecheck.options import Options
    from shapecheck.selection import read_codes

    inputs = (line.strip() for line in re.split("[;\n]", stated.get("input", "")))
    return Options(
        select=read_codes(stated["select"]) if stated.get("select") else None,
        extend_select=(*read_codes(stated.get("extend_select", "")), *asked),
        ignore=read_codes(stated.get("ignore", "")),
        inputs=tuple(stated for line in inputs if line for stated in read_input(line)),
        noqa=False,  # flake8 has its own, with --disable-noqa
    )


def _asked_for(options: argparse.Namespace) -> tuple[str, ...]:
    """What is off by default and named in flake8's own --select or --extend-select: `--extend-select SHP903`."""
    named = [*(getattr(options, "select", None) or ()), *(getattr(options, "extend_select", None) or ())]
    return tuple(code for code in named if code.startswith("SHP") and len(code) > len("SHP"))
