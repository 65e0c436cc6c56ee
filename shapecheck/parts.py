"""A tree in parts, for engines that map a function over a cluster: what the command does in processes of one machine, in pieces.

    found = tree(["src/"])
    outcome = merged([check_part(part, found) for part in parts(found)], found)      # on any machine that sees the files
    print(written(outcome, "sarif"))

All of it can be pickled, and nothing is kept between calls, so that the parts may be checked anywhere, in any order, and more than once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapecheck.cache import Cache
from shapecheck.check import Checkers, finish
from shapecheck.config.projects import Projects
from shapecheck.discover import Discovered, discover
from shapecheck.findings.outcome import Outcome, total
from shapecheck.show.console import Look
from shapecheck.show.lines import Lines
from shapecheck.show.page import check_page
from shapecheck.show.palette import PLAIN
from shapecheck.show.width import PIPED

Part = tuple[int, ...]


def tree(paths: Sequence[str]) -> Discovered:
    """The files under `paths`, each with the settings of its project."""
    return discover(paths, Projects().options)


def parts(found: Discovered, size: int = 20) -> list[Part]:
    """The files by their numbers, `size` at a time. Neighbours stay together, since they import the same."""
    numbers = range(len(found.files))
    return [tuple(numbers[start : start + size]) for start in range(0, len(numbers), size)]


def check_part(part: Part, found: Discovered, cache: str | None = None) -> Outcome:
    """What the files of a part tell; `merged` puts it together. cache: a folder to keep results in, which several may share."""
    kept = Cache(cache) if cache is not None else None
    checkers = Checkers(found, kept)
    outcome = total([checkers.of(found.options[number]).file(found.files[number]) for number in part])
    if kept is not None:
        kept.lowered.save()
    return outcome


def merged(outcomes: Iterable[Outcome], found: Discovered) -> Outcome:
    """The outcome of the whole tree: the same as that of `check_paths`, in whatever order the parts come. Baselines are not applied."""
    return finish(total([Outcome(problems=found.problems), *outcomes]), {})


def written(outcome: Outcome, form: str) -> str:
    """An outcome in a form of `--format`."""
    return check_page(outcome, form, Lines(), Look(PLAIN, PIPED), verbose=False, quiet=False, counts=False)
