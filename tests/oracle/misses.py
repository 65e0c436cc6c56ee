"""What is known to be missed or worded otherwise: `known_misses.toml`. An entry that comes right has to be struck out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PATH = Path(__file__).parent / "known_misses.toml"
ABOUT = ("shapes", "types", "dtypes", "values", "out", "ranks beyond 64", "layouts")


@dataclass(frozen=True)
class Miss:
    """A call that torch refuses.

    about    what torch objects to: 'shapes' (sizes, ranks and axes too), 'dtypes', 'values'…
    outcome  'missed': not refused; 'reworded': refused in other words.
    why      the reason why it is so.
    """

    about: str
    outcome: str
    why: str


def read() -> dict[str, Miss]:
    """The list, by the keys of the samples."""
    found: dict[str, Miss] = {}
    groups: list[dict[str, Any]] = tomllib.loads(PATH.read_text(encoding="utf-8"))["group"]
    for group in groups:
        miss = Miss(group["about"], group["outcome"], group["why"])
        assert miss.about in ABOUT, miss
        for key in group["calls"]:
            assert key not in found, f"{key} is listed twice"
            found[key] = miss
    return found


def differences(outcomes: Iterable[tuple[str, str]], listed: dict[str, Miss], complete: bool = True) -> list[str]:
    """Where the list is not true of what was seen: keys and outcomes of calls that torch refuses.

    complete   whether what is missed has to be listed, as it has in the part that the test suite asks.
    """
    problems = []
    for key, outcome in outcomes:
        miss = listed.get(key)
        if complete and miss is None and outcome in ("missed", "reworded"):
            problems.append(f"{key} is {outcome}")
        elif miss is not None and outcome != miss.outcome:
            problems.append(f"{key} is listed as {miss.outcome} and is {outcome}")
    return problems
