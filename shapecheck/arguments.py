"""What the command line takes. Options that are not built yet are not in it, so that none is accepted and forgotten."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NoReturn, TypeVar

from shapecheck.inputs import read_input
from shapecheck.options import Options
from shapecheck.selection import read_codes
from shapecheck.version import __version__

Read = TypeVar("Read")

DESCRIPTION = "Finds PyTorch shape errors in source code, without running it."

COMMANDS = """\
commands:
  shapecheck [check] PATH...   report shape errors (this is what happens without a command)
  shapecheck shapes PATH...    every tensor expression with its shape
  shapecheck explain [CODE]    what a finding means, with a wrong and a right example
  shapecheck rules [NAME]      which ops are known; for one, its rule

exit status: 0 nothing found, 1 findings, 2 shapecheck itself could not do its work"""


def _told(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """Lets argparse repeat the sentence of a ValueError to the user."""

    def tell(text: str) -> Read:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return tell


def _patterns(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (word.strip() for word in text.split(","))))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One clear line; argparse would print the whole usage above it."""
        self.exit(2, f"shapecheck: {message}; `{self.prog} --help` tells more\n")


def _parser(name: str, description: str, epilog: str = "") -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"shapecheck {name}".strip(),
        description=description,
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"shapecheck {__version__}")
    return parser


def _add_sources(parser: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="Python files and folders; - for standard input")
    add("--format", choices=formats, default="text", help="the form of the report (default: text)")
    add("--output", metavar="FILE", help="write the report to this file instead of standard output")
    add("--exclude", type=_patterns, action="extend", default=[], metavar="GLOBS", help="files and folders to leave out")
    add("--input", type=_told(read_input), action="extend", default=[], metavar="SHAPES", dest="inputs",
        help="shapes of parameters that the code does not show, such as 'Net.forward x=2,3,224,224'")  # fmt: skip
    add("--stdin-filename", metavar="FILE", default="<stdin>", help="what to call standard input in the report")
    add("-v", "--verbose", action="store_true", help="say more: every step of a trail, what was read, tracebacks of faults")


def check_parser(name: str = "") -> argparse.ArgumentParser:
    """The options of `shapecheck check`; under the name "" those of `shapecheck` itself."""
    parser = _parser(name, DESCRIPTION, COMMANDS)
    _add_sources(parser, ("text", "concise", "json"))
    add = parser.add_argument
    codes = _told(read_codes)
    add("--select", type=codes, action="extend", metavar="CODES",
        help="report these findings only: codes, beginnings of codes (SHP1), slugs, or ALL")  # fmt: skip
    add("--ignore", type=codes, action="extend", default=[], metavar="CODES", help="do not report these")
    add("--extend-select", type=codes, action="extend", default=[], metavar="CODES", help="report these besides")
    add("--exit-zero", action="store_true", help="exit with 0 although there are findings")
    add("--statistics", action="store_true", help="count the findings, and why values could not be followed")
    add("-q", "--quiet", action="store_true", help="findings only, no summary")
    return parser


def shapes_parser() -> argparse.ArgumentParser:
    """The options of `shapecheck shapes`."""
    parser = _parser("shapes", "Every tensor expression with its shape, or with why that is not known.")
    _add_sources(parser, ("text", "json"))
    return parser


def explain_parser() -> argparse.ArgumentParser:
    """The options of `shapecheck explain`."""
    parser = _parser("explain", "What a finding means, with a wrong and a right example; without CODE, all of them in a line each.")
    parser.add_argument("code", nargs="?", metavar="CODE", help="a code (SHP101) or a slug (layer-input)")
    return parser


def rules_parser() -> argparse.ArgumentParser:
    """The options of `shapecheck rules`."""
    parser = _parser("rules", "Which ops are known; for one, its rule, its examples and where it is written.")
    parser.add_argument("name", nargs="?", metavar="NAME", help="an op or a layer: Linear, nn.Linear, torch.Tensor.view")
    return parser


def options_from(args: argparse.Namespace) -> Options:
    """The settings of a check, or of the listing of shapes, from its arguments."""
    select = getattr(args, "select", None)
    return Options(
        select=None if select is None else tuple(select),
        extend_select=tuple(getattr(args, "extend_select", ())),
        ignore=tuple(getattr(args, "ignore", ())),
        exclude=tuple(args.exclude),
        inputs=tuple(args.inputs),
        statistics=getattr(args, "statistics", False),
    )
