"""The flake8 plugin: the findings of `shapecheck FILE` among those of flake8.

flake8 loads this module in every run, for every project, so that nothing else of shapecheck is loaded before a file asks for it.
It hands over one file at a time, in several processes: what a file imports is read from disk, or from shapecheck's cache.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, ClassVar

from shapecheck.version import __version__

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from shapecheck.cache import Cache
    from shapecheck.config.projects import Projects
    from shapecheck.options import Options

LONGEST = 200
"""Characters of a message with torch's sentence in it; where they do not do, flake8 shows our words alone."""

Violation = tuple[int, int, str, type]

OPTIONS = {
    "select": ("CODES", "Report these findings of shapecheck only: codes, beginnings of codes (SHP1), slugs (layer-input)."),
    "extend-select": ("CODES", "Report these findings of shapecheck besides those that are on by default."),
    "ignore": ("CODES", "Do not report these findings of shapecheck."),
    "input": (
        "SHAPES",
        "Shapes that the code does not show: 'Net.forward x=N,3,224,224', several on lines of their own or with semicolons.",
    ),
    "python": ("PATH", "The interpreter, or the environment, whose packages shapecheck reads."),
}


class Plugin:
    """One file. flake8 parses it before, so that a file which is no Python never comes here: it is flake8's E999."""

    name = "shapecheck"
    version = __version__
    given: ClassVar[dict[str, Any]] = {}
    """What flake8's options say, in the words of shapecheck's settings."""
    _projects: ClassVar[Projects | None] = None
    _caches: ClassVar[dict[str | None, Cache]] = {}

    def __init__(self, tree: object, lines: list[str], filename: str = "stdin") -> None:
        self.lines = lines
        self.filename = filename

    @staticmethod
    def add_options(manager: Any) -> None:
        """Ours among flake8's, on its command line and in its configuration files."""
        for name, (metavar, words) in OPTIONS.items():
            manager.add_option(f"--shapecheck-{name}", default="", metavar=metavar, parse_from_config=True, help=words)

    @classmethod
    def parse_options(cls, manager: Any, options: argparse.Namespace, args: object) -> None:
        """Called once in every process, before the first file."""
        words = {name: getattr(options, f"shapecheck_{name.replace('-', '_')}") or "" for name in OPTIONS}
        cls._projects = None
        cls._caches = {}
        try:
            cls.given = read_options({name: text for name, text in words.items() if text.strip()}, _asked_for(options))
        except ValueError as error:
            manager.parser.error(f"shapecheck: {error}")

    @classmethod
    def settings(cls, path: str) -> tuple[Options, Cache | None]:
        """The settings of a file, those of its project's pyproject.toml among them, and where outcomes are kept."""
        from dataclasses import replace  # here: a project without torch needs none of this

        from shapecheck.cache import Cache
        from shapecheck.config.projects import Projects

        if cls._projects is None:
            cls._projects = Projects(cls.given)
        project = cls._projects.of(path)
        folder = project.values["cache_dir"]
        if project.values["cache"] and folder not in cls._caches:
            cls._caches[folder] = Cache(folder)
        # comments of that kind are flake8's own affair, with --disable-noqa
        return replace(project.options, noqa=False), cls._caches[folder] if project.values["cache"] else None

    def run(self) -> Iterator[Violation]:
        """Line, column from 0, words: as flake8 wants them."""
        from shapecheck.relevance import mentions_torch  # here: not loaded when flake8 only prints its version or its help

        text = "".join(self.lines)
        if not mentions_torch(text):
            return
        from shapecheck.check import check_source
        from shapecheck.discover import left_out
        from shapecheck.pages import is_page

        options, cache = self.settings(self.filename)
        if left_out(self.filename, options):
            return
        # flake8 reads Python only: under the name of a notebook or a page it is a piece of one, as VS Code hands over each cell
        piece = is_page(self.filename)
        saved = not piece and os.path.exists(self.filename)
        for report in check_source(text, self.filename, options, cache, saved, piece).reports:
            if report.path == self.filename:
                yield report.range.line, report.range.column - 1, sentence(report.code, report.message, report.torch), Plugin


def sentence(code: str, message: str, torch: str | None) -> str:
    """SHP101 Linear wants 20 features, gets 21 (torch: mat1 and mat2 shapes cannot be multiplied (128x21 and 20x30))"""
    words = " ".join(f"{code} {message}".split())
    whole = f"{words} (torch: {' '.join(torch.split())})" if torch else words
    return whole if len(whole) <= LONGEST else words


def read_options(words: dict[str, str], asked: tuple[str, ...]) -> dict[str, Any]:
    """Options as settings by their names in Python; ValueError with a sentence. `asked`: codes that flake8's own options name."""
    given: dict[str, Any] = {"extend_select": asked} if asked else {}
    if not words:
        return given
    from shapecheck.config.kinds import INTERPRETER  # here: without options of ours none of this is loaded
    from shapecheck.inputs import read_input
    from shapecheck.selection import read_codes

    for name in ("select", "ignore"):
        if name in words:
            given[name] = read_codes(words[name])
    if "extend-select" in words:
        given["extend_select"] = (*read_codes(words["extend-select"]), *asked)
    if "input" in words:
        lines = (line.strip() for line in re.split("[;\n]", words["input"]))
        given["inputs"] = tuple(stated for line in lines if line for stated in read_input(line))
    if "python" in words:
        given["python"] = INTERPRETER.from_word(words["python"])
    return given


def _asked_for(options: argparse.Namespace) -> tuple[str, ...]:
    """What is off by default and named in flake8's own --select or --extend-select: `--extend-select SHP903`."""
    named = [*(getattr(options, "select", None) or ()), *(getattr(options, "extend_select", None) or ())]
    return tuple(code for code in named if code.startswith("SHP") and len(code) > len("SHP"))
