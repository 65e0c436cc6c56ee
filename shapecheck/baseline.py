"""Findings that are known already: a file that lists them, so that only new ones are reported.

An entry names the file, the code, the definition and the message, and how often; no line, so that code may move. Where the message
differs (a number has changed) a finding still counts as known as long as its definition has no more of its code than are listed.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from shapecheck.config.errors import ConfigError
from shapecheck.findings.outcome import Compared, Outcome
from shapecheck.findings.report import Report
from shapecheck.selection import ALWAYS

FORM = 1
ABOUT = "Findings that shapecheck does not report again; `shapecheck --update-baseline` writes this file."


class Group(NamedTuple):
    """Findings that are alike: the file (from the baseline's folder, with slashes), the code, the definition."""

    path: str
    code: str
    symbol: str


Known = dict[Group, Counter[str]]
"""For each group how often each message."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked against a baseline: the files by absolute path, and which of them without what stands around them."""

    files: Collection[str]
    alone: Collection[str]
    wants: Callable[[str, str], bool]
    """Whether findings with this code are reported in this file."""


class Baseline:
    """The known findings of a file. ConfigError when it is there and is no baseline."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.missing = not os.path.exists(path)
        self.known: Known = {} if self.missing else _read(path)

    def compare(self, outcome: Outcome, checked: Checked) -> Outcome:
        """The outcome with the known among its reports of the checked files set apart."""
        left = {group: messages.copy() for group, messages in self.known.items()}
        mine = [report for report in outcome.reports if os.path.abspath(report.path) in checked.files and report.code != ALWAYS]
        groups = {id(report): self._group(report) for report in mine}
        known = set()
        for report in mine:  # the same message first
            messages = left.get(groups[id(report)])
            if messages and messages[report.message] > 0:
                messages[report.message] -= 1
                known.add(id(report))
        for report in mine:
            messages = +left.get(groups[id(report)], Counter())
            if id(report) not in known and messages:
                left[groups[id(report)]][min(messages)] -= 1
                known.add(id(report))
        stale = {group: +messages for group, messages in left.items() if +messages and self._surely_gone(group, checked)}
        now = self._now(mine, groups, left, stale)
        listed = sum(messages.total() for messages in now.values())
        compared = Compared(self.path, self.missing, _sentences(stale), _written(now), listed)
        return replace(
            outcome,
            reports=tuple(report for report in outcome.reports if id(report) not in known),
            known=(*outcome.known, *(report for report in mine if id(report) in known)),
            compared=(*outcome.compared, compared),
        )

    def _group(self, report: Report) -> Group:
        path = os.path.relpath(os.path.abspath(report.path), os.path.dirname(os.path.abspath(self.path)))
        return Group(path.replace(os.sep, "/"), report.code, report.symbol)

    def _surely_gone(self, group: Group, checked: Checked) -> bool:
        """Whether this run would have found it: its file was checked with what is around it, or is no more, and its code is selected."""
        path = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(self.path)), group.path))
        if not os.path.exists(path):
            return True
        return path in checked.files and path not in checked.alone and checked.wants(group.code, path)

    def _now(self, mine: Iterable[Report], groups: Mapping[int, Group], left: Known, stale: Known) -> Known:
        """What the file should list now: what was found, and what was not looked for."""
        known: Known = {}
        for report in mine:
            known.setdefault(groups[id(report)], Counter())[report.message] += 1
        for group, messages in left.items():
            if group not in stale:
                known.setdefault(group, Counter()).update(+messages)
        return known


def _read(path: str) -> Known:
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: no baseline of shapecheck: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise ConfigError(f'{path}: no baseline of shapecheck: it has no list of "findings"')
    if document.get("form") != FORM:
        raise ConfigError(f'{path}: a baseline of another version of shapecheck: its "form" is {document.get("form")}, not {FORM}')
    known: Known = {}
    for number, entry in enumerate(document["findings"], 1):
        group, message, count = _entry(entry, f"{path}: finding {number}")
        known.setdefault(group, Counter())[message] += count
    return known


def _entry(entry: Any, where: str) -> tuple[Group, str, int]:
    if not isinstance(entry, dict):
        raise ConfigError(f"{where} is no object")
    words: list[str] = [entry[key] for key in ("path", "code", "symbol", "message") if isinstance(entry.get(key), str)]
    if len(words) != 4:
        raise ConfigError(f'{where} lacks one of "path", "code", "symbol" and "message"')
    count = entry.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ConfigError(f'{where}: its "count" is no number of findings')
    path, code, symbol, message = words
    return Group(path, code, symbol), message, count


def _written(known: Known) -> str:
    """A line an entry, sorted, so that a change is a line of a diff."""
    entries = sorted((group, message, count) for group, messages in known.items() for message, count in messages.items())
    lines = []
    for group, message, count in entries:
        entry = {**group._asdict(), "message": message} | ({"count": count} if count > 1 else {})
        lines.append(f"    {json.dumps(entry, ensure_ascii=False)}")
    findings = "[\n{}\n  ]".format(",\n".join(lines)) if lines else "[]"
    return f'{{\n  "about": {json.dumps(ABOUT)},\n  "form": {FORM},\n  "findings": {findings}\n}}\n'


def _sentences(stale: Known) -> tuple[str, ...]:
    return tuple(
        f"{group.path}: {group.code} {message}{f' in {group.symbol}' if group.symbol else ''}{f' ({count} times)' if count > 1 else ''}"
        for group, messages in sorted(stale.items())
        for message, count in sorted(messages.items())
    )
