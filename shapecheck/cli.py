"""The command `shapecheck`."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shapecheck import arguments
from shapecheck.config.errors import ConfigError
from shapecheck.config.projects import Projects
from shapecheck.show.console import Console

if TYPE_CHECKING:
    from shapecheck.cache import Cache
    from shapecheck.gather import Reports

# What a command needs beyond its arguments is imported when it runs: `shapecheck --version` and a wrong option answer at once.


def run_check(args: argparse.Namespace, console: Console) -> int:
    """`shapecheck check`"""
    from shapecheck.show import baselines
    from shapecheck.show.page import check_page

    started = time.monotonic()
    projects, told = _settings(args, "check")
    if args.show_settings:
        return _show_settings(args, projects, console)
    for name in ("update-baseline", "add-noqa", "fix", "diff"):
        if getattr(args, name.replace("-", "_")) and "-" in args.paths:
            raise ConfigError(f"--{name} is about files, not about standard input")
    if told["runs"] and not told["confirm"]:
        raise ConfigError("--runs belongs to --confirm")
    found, note = _gather(args, projects, told, console)
    if args.update_baseline or args.add_noqa or args.diff:
        console.complain(found.outcome.problems)
        return _act(args, found, projects, console, told)
    if args.fix and _fix(args, found, projects, console):
        found, note = _gather(args, projects, told, console)
    outcome, lines = found
    console.complain(outcome.problems)
    baselines.tell(outcome, console, told["quiet"])
    look = console.look(told["output"])
    page = check_page(outcome, told["format"], lines, look, verbose=told["verbose"], quiet=told["quiet"], counts=told["statistics"])
    if told["show_slice"] or told["save_slices"]:
        from shapecheck.confirm.reproducer import save_slices, slices_page

        page = slices_page(outcome) if told["show_slice"] else page
        console.complain(save_slices(outcome, told["save_slices"]) if told["save_slices"] else ())
    if note and not told["quiet"]:
        console.say(note)
    delivered = console.deliver(page, told["output"])
    if told["verbose"]:
        console.say(f"{outcome.files} files read, {outcome.skipped} of them without torch, {time.monotonic() - started:.2f} s")
    if not delivered or baselines.missing(outcome):
        return 2
    return 0 if told["exit_zero"] and outcome.status == 1 else outcome.status


def _act(args: argparse.Namespace, found: Reports, projects: Projects, console: Console, told: Mapping[str, Any]) -> int:
    """What is done with findings instead of reporting them."""
    from shapecheck.show import baselines, fixes, noqa  # here: few runs need them

    outcome = found.outcome
    if args.diff:
        return outcome.status if fixes.show(outcome, projects.options, bool(args.unsafe_fixes), console, told["output"]) else 2
    done = baselines.update(outcome, console) if args.update_baseline else noqa.add(outcome, console)
    return 0 if done and outcome.status < 2 else 2


def _fix(args: argparse.Namespace, found: Reports, projects: Projects, console: Console) -> bool:
    from shapecheck.show import fixes  # here: as above

    return fixes.make(found.outcome, projects.options, bool(args.unsafe_fixes), console)


def _gather(args: argparse.Namespace, projects: Projects, told: Mapping[str, Any], console: Console) -> tuple[Reports, str]:
    """What is found, the source lines to show with it, and what running the code came to."""
    from shapecheck.gather import Reports, gather_reports

    if any(told[name] for name in ("confirm", "show_slice", "save_slices")):
        from shapecheck.confirm.gather import gather_confirmed  # here: it knows the whole interpreter

        outcome, lines, note = gather_confirmed(args.paths, projects.options, args.stdin_filename, told, console.progress)
        return Reports(outcome, lines), note
    return gather_reports(args.paths, projects.options, args.stdin_filename, console.progress, _cache(told), told["jobs"]), ""


def _cache(told: Mapping[str, Any]) -> Cache | None:
    if not told["cache"]:
        return None
    from shapecheck.cache import Cache

    return Cache(told["cache_dir"])


def run_shapes(args: argparse.Namespace, console: Console) -> int:
    """`shapecheck shapes`"""
    from shapecheck.gather import gather_shapes
    from shapecheck.show.page import shapes_page

    projects, _ = _settings(args, "shapes")
    if args.show_settings:
        return _show_settings(args, projects, console)
    found = gather_shapes(args.paths, projects.options, args.stdin_filename, console.progress)
    console.complain(found.problems)
    delivered = console.deliver(shapes_page(found, args.format or "text", console.look(args.output)), args.output)
    return 2 if found.problems or not delivered else 0


def _settings(args: argparse.Namespace, command: str) -> tuple[Projects, Mapping[str, Any]]:
    """The settings of each path, and those of the whole run."""
    if args.config and args.isolated:
        raise ConfigError("--config and --isolated exclude each other")
    projects = Projects(arguments.given(args, command), args.config, bool(args.isolated))
    return projects, projects.of_all(_places(args)).values


def _places(args: argparse.Namespace) -> list[str]:
    """The paths that configurations are looked for from; standard input stands where its name says, or here."""
    return [args.stdin_filename or "." if path == "-" else path for path in args.paths]


def _show_settings(args: argparse.Namespace, projects: Projects, console: Console) -> int:
    from shapecheck.show.settings import settings_page

    console.deliver(settings_page([(path, projects.of(path)) for path in _places(args)]), args.output)
    return 0


def run_summary(args: argparse.Namespace, console: Console) -> int:
    """`shapecheck summary`"""
    from shapecheck.show.lines import Lines
    from shapecheck.show.summary import summary_json, summary_text
    from shapecheck.summary import TargetError, summarize

    started = time.monotonic()
    try:
        found = summarize(args.target, *args.inputs, training=args.training)
    except TargetError as error:
        console.complain([str(error)])
        return 2
    if args.format == "json":
        page = summary_json(found)
    else:
        encoding = "utf-8" if args.output else sys.stdout.encoding
        page = summary_text(found, Lines({"<target>": found.expression}), console.look(args.output), args.depth, args.fold, encoding)
    delivered = console.deliver(page, args.output)
    if args.verbose:
        console.say(f"{len(found.rows)} calls of modules, {time.monotonic() - started:.2f} s")
    return found.status if delivered else 2


def run_explain(args: argparse.Namespace, console: Console) -> int:
    """`shapecheck explain`"""
    from shapecheck.selection import no_such
    from shapecheck.show.explain import explain_page

    look = console.look()
    page = explain_page(args.code, look.palette, look.width)
    if page is None:
        console.complain([no_such(args.code)])
        return 2
    console.deliver(page)
    return 0


def run_rules(args: argparse.Namespace, console: Console) -> int:
    """`shapecheck rules`"""
    from shapecheck.show.rules import all_rules, names_like, one_rule, rule_problems

    look = console.look()
    page = one_rule(args.name, look.palette, look.width) if args.name else all_rules(look.palette, look.width)
    problems = rule_problems()
    if page is None:
        alike = " or ".join(names_like(args.name))
        problems.append(f"no rule is called '{args.name}'{f'; do you mean {alike}?' if alike else ''}")
    console.complain(problems)
    console.deliver(page or "")
    return 2 if problems else 0


def run_server(args: argparse.Namespace, console: Console) -> int:
    """`shapecheck server`"""
    try:
        from shapecheck.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        console.complain(["the language server needs pygls: pip install 'torch-shapecheck[server]'"])
        return 2
    serve()
    return 0


Command = tuple[Callable[[], argparse.ArgumentParser], Callable[[argparse.Namespace, Console], int]]

COMMANDS: dict[str, Command] = {
    "check": (lambda: arguments.check_parser("check"), run_check),
    "shapes": (arguments.shapes_parser, run_shapes),
    "summary": (arguments.summary_parser, run_summary),
    "explain": (arguments.explain_parser, run_explain),
    "rules": (arguments.rules_parser, run_rules),
    "server": (arguments.server_parser, run_server),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status. Where the first word is no command, it is `check`."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in COMMANDS:
        parser, run = COMMANDS[words.pop(0)]
    else:
        parser, run = arguments.check_parser, run_check
    args = parser().parse_intermixed_args(arguments.spelled_out(words))
    console = Console()
    try:
        return run(args, console)
    except ConfigError as error:
        console.complain([str(error)])
    except KeyboardInterrupt:
        console.complain(["interrupted"])
    except Exception as error:  # the last resort: one clear line and status 2, never a status that looks like findings
        console.complain([f"internal fault: {type(error).__name__}: {error}"])
        if getattr(args, "verbose", False):
            traceback.print_exc()
    return 2


if __name__ == "__main__":
    sys.exit(main())
