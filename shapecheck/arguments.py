"""What the command line takes. Options that are not built yet are not in it, so that none is accepted and forgotten."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

from shapecheck.config.kinds import FLAG
from shapecheck.config.table import GROUPS, Setting, settings_of
from shapecheck.version import __version__

Read = TypeVar("Read")

DESCRIPTION = "Finds PyTorch shape errors in source code, without running it."

COMMANDS = """\
commands:
  shapecheck [check] PATH...   report shape errors (this is what happens without a command)
  shapecheck shapes PATH...    every tensor expression with its shape
  shapecheck summary TARGET    the layers of a model: output shapes, parameters, FLOPs
  shapecheck explain [CODE]    what a finding means, with a wrong and a right example
  shapecheck rules [NAME]      which ops are known; for one, its rule
  shapecheck server            the language server, for editors

exit status: 0 nothing found, 1 findings, 2 shapecheck itself could not do its work"""


SUMMARY = """\
exit status: 0, or 1 where torch would raise (the table then ends in that layer), 2 shapecheck itself could not do its work"""


def _told(read: Callable[[str], Read]) -> Callable[[str], Read]:
    """Lets argparse repeat the sentence of a ValueError to the user."""

    def tell(text: str) -> Read:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return tell


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


def _add_settings(parser: argparse.ArgumentParser, command: str) -> None:
    """The paths, and every row of the table of settings. What is not given stays None, so that a configuration can speak."""
    parser.usage = f"{parser.prog} [OPTIONS] PATH..."
    parser.add_argument("paths", nargs="+", metavar="PATH", help="Python files and folders; - for standard input")
    for title, settings in GROUPS.items():
        group = parser.add_argument_group(title)
        for setting in settings:
            if command in setting.commands:
                _add_setting(group, setting)


def _add_setting(group: argparse._ArgumentGroup, setting: Setting) -> None:
    names = [name for name in (setting.short, f"--{setting.name}") if name]
    if setting.kind is FLAG:
        switch = argparse.BooleanOptionalAction if setting.scope != "command line" else "store_true"
        group.add_argument(*names, action=switch, default=None, dest=setting.dest, help=setting.help)
    elif setting.metavar:
        action = "extend" if setting.kind.many else "store"
        group.add_argument(*names, action=action, dest=setting.dest, type=_told(setting.kind.from_word),
                           metavar=setting.metavar, help=_help(setting))  # fmt: skip


def _help(setting: Setting) -> str:
    takes = f" ({setting.kind.says})" if setting.kind.says.startswith("one of") else ""
    return f"{setting.help}{takes}"


def check_parser(name: str = "") -> argparse.ArgumentParser:
    """The options of `shapecheck check`; under the name "" those of `shapecheck` itself."""
    parser = _parser(name, DESCRIPTION, COMMANDS)
    _add_settings(parser, "check")
    return parser


def shapes_parser() -> argparse.ArgumentParser:
    """The options of `shapecheck shapes`."""
    parser = _parser("shapes", "Every tensor expression with its shape, or with why that is not known.")
    _add_settings(parser, "shapes")
    return parser


def summary_parser() -> argparse.ArgumentParser:
    """The options of `shapecheck summary`."""
    parser = _parser("summary", "The layers of a model with output shapes, parameters and FLOPs, from the source alone.", SUMMARY)
    add = parser.add_argument
    add("target", metavar="TARGET", help="FILE.py:EXPR or package.module:EXPR; EXPR is a name or a call: Net, Net(10, width=64)")
    add("--input", dest="inputs", action="append", default=[], metavar="SHAPE",
        help="the shape of a tensor the model is called with, such as 1,3,224,224, N,3,H,W or 2,10:int64; once for each")  # fmt: skip
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--eval", dest="training", action="store_false", help="the model in evaluation mode (this is the default)")
    mode.add_argument("--train", dest="training", action="store_true", help="the model in training mode")
    parser.set_defaults(training=False)
    add("--depth", type=_told(_depth), metavar="N", help="show calls down to N levels below the model (default: all)")
    add("--no-fold", dest="fold", action="store_false", help="show each of several parts in a row that are alike")
    add("--format", choices=("text", "json"), default="text", help="the form of the summary (default: text)")
    add("--output", metavar="FILE", help="write the summary to this file instead of standard output")
    add("-v", "--verbose", action="store_true", help="say more: how long it took, tracebacks of faults")
    return parser


def _depth(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"'{text}' is no number of levels")
    return int(text)


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


def server_parser() -> argparse.ArgumentParser:
    """The options of `shapecheck server`."""
    parser = _parser("server", "The language server, for editors: it speaks on standard input and output.")
    parser.add_argument("--stdio", action="store_true", help="what it does anyway; many editors say it")
    return parser


def spelled_out(words: Sequence[str]) -> list[str]:
    """`--confirm` as `--confirm=auto`: argparse would take the path behind it for its value."""
    end = words.index("--") if "--" in words else len(words)
    return [f"{word}=auto" if word == "--confirm" and place < end else word for place, word in enumerate(words)]


def given(args: argparse.Namespace, command: str) -> dict[str, Any]:
    """The settings that the command line speaks of, by name in Python. What came in pieces is one tuple."""
    found = {}
    for setting in settings_of(command):
        value = getattr(args, setting.dest, None)
        if value is not None:
            found[setting.dest] = tuple(value) if setting.kind.many else value
    return found
