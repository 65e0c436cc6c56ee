"""The one façade: paths or text in, reports out."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from shapecheck.discover import Discovered, discover
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.fingerprint import with_fingerprints
from shapecheck.findings.outcome import Chains, Expressions, Outcome, total
from shapecheck.findings.report import Range, Report
from shapecheck.findings.suppression import silenced
from shapecheck.options import Options, OptionsOf
from shapecheck.pages import expression_on_page, is_page, on_page, piece_of_page, read_page
from shapecheck.source.environment import search_path
from shapecheck.source.errors import SourceError
from shapecheck.source.imports import Listings, Resolver
from shapecheck.source.module import SourceModule
from shapecheck.source.paths import shown
from shapecheck.source.prefilter import mentions_torch
from shapecheck.source.text import read
from shapecheck.suppress import EVERYWHERE, skips, suppressions_in
from shapecheck.wanted import Wanted

if TYPE_CHECKING:
    from shapecheck.baseline import Baseline, Checked
    from shapecheck.cache import Cache
    from shapecheck.confirm.plan import Planner
    from shapecheck.run.entries import Analysis
    from shapecheck.run.imports import Library
    from shapecheck.source.pages.page import Page

Progress = Callable[[int, int], None]


class Checker:
    """Checks files one after the other; what they import is read once."""

    def __init__(self, options: Options, checked: Iterable[str] = (), alone: Iterable[str] = (), cache: Cache | None = None) -> None:
        """`checked`: all the files of this run; `alone`: those among them that are checked without what stands around them."""
        self.options = options
        self.cache = cache
        self.wanted = Wanted(options)
        self.checked = {os.path.abspath(path) for path in checked}
        self.alone = frozenset(alone) if checked else None
        self._library: Library | None = None
        self._plugins: str | None = None
        self._listings = cache.listings if cache is not None else Listings()
        self._rests_on: tuple[set[str], Mapping[str, Mapping[str, bool]]] | None = None  # the files and folders behind the last outcome

    @cached_property
    def search(self) -> list[str]:
        """Where installed packages are looked for."""
        return search_path(self.options.python, os.getcwd())

    @property
    def library(self) -> Library:
        if self._library is None:
            from shapecheck.run.imports import Library  # here: the interpreter is not loaded for files without torch

            self._library = Library(self._load)
        return self._library

    def _load(self, path: str, name: str) -> SourceModule | None:
        from shapecheck.run.imports import read_module  # here: as above

        return read_module(path, name, self._make)

    def _make(self, path: str, name: str, text: str) -> SourceModule:
        return self.cache.lowered.module(path, name, text) if self.cache is not None else SourceModule(path, name, text)

    def resolver(self, path: str) -> Resolver:
        """Finds the files that a file imports: around it, in the working folder, in the environment."""
        resolver = Resolver((), self.search, self._listings)
        resolver.roots = list(dict.fromkeys((resolver.root_of(path), os.getcwd())))
        return resolver

    def file(self, path: str) -> Outcome:
        """The outcome of one file."""
        text = self._read(path)
        if isinstance(text, Outcome):
            return text
        return self.given(path, text)

    def given(self, path: str, text: str) -> Outcome:
        """The outcome of a file of which somebody has the text, as an editor has it; kept, if there is a cache."""
        return self.kept_or_checked(path, text)

    def kept_or_checked(self, path: str, text: str) -> Outcome:
        """The outcome of a file whose text has been read."""
        return self._kept(path, text) or self._checked(path, text)

    def save(self) -> None:
        """Keep what was lowered for the next run."""
        if self.cache is not None:
            self.cache.lowered.save()

    def at_once(self, path: str) -> Outcome | None:
        """The outcome of a file that takes no work: one that is kept, or that has nothing to do with torch."""
        text = self._read(path)
        if isinstance(text, Outcome):
            return text
        return self._kept(path, text) if mentions_torch(text) else self.text(text, path)

    def _read(self, path: str) -> str | Outcome:
        """A file's text, or what is said of one that cannot be read."""
        try:
            return read(path).text
        except SourceError as error:
            return self._outcome([self._limit("SHP902", path, error.line, error.column, error.sentence)])
        except OSError as error:
            return self._outcome([self._limit("SHP902", path, 1, 1, f"the file cannot be read: {error.strerror or error}")])

    def _kept(self, path: str, text: str) -> Outcome | None:
        if self.cache is None or not mentions_torch(text):
            return None
        return self.cache.outcomes.get(path, text, self._settings(path), self.checked)

    def _checked(self, path: str, text: str) -> Outcome:
        self._rests_on = None
        outcome = self.text(text, path)
        if self.cache is not None and self._rests_on is not None and outcome.status != 2:
            self.cache.outcomes.put(path, text, self._settings(path), self.checked, *self._rests_on, outcome)
        return outcome

    def _settings(self, path: str) -> str:
        """Words for what decides a file's outcome besides files."""
        if self._plugins is None:
            from shapecheck.installed import rules_state  # here: only a cache asks

            self._plugins = rules_state(sys.path)
        whole = self.alone is not None and path not in self.alone
        return repr((self.options, os.getcwd(), self.search, self._plugins, whole))

    def text(self, text: str, path: str) -> Outcome:
        """The outcome of a file's text. A fault of shapecheck's own is a finding, not a crash."""
        page = is_page(path)
        if not mentions_torch(text) and not page:
            return self._without_torch(text, path)
        try:
            return self._page(text, path) if page else self._analysed(text, path)
        except Exception as fault:  # the promise is that no input ends the run: the fault is reported with its place in our code
            return self._outcome([self._limit("SHP905", path, 1, 1, _fault(fault))])

    def _without_torch(self, text: str, path: str) -> Outcome:
        error = SourceModule(path, "", text).syntax_error()
        if error is not None:
            return self._outcome([self._limit("SHP901", path, error.line, error.column, error.sentence)])
        silent = suppressions_in(text, path, self.wanted, lambda line: True)
        return Outcome(files=1, skipped=1, suppressions={path: silent} if silent else {})

    def piece(self, text: str, path: str) -> Outcome:
        """The outcome of a piece of Python out of a page: what it does not define is taken to be defined elsewhere."""
        try:
            return self._of_page(piece_of_page(text), path)
        except Exception as fault:  # as above
            return self._outcome([self._limit("SHP905", path, 1, 1, _fault(fault))])

    def _page(self, text: str, path: str) -> Outcome:
        """The outcome of a notebook or of a Markdown page."""
        try:
            page = read_page(text, path)
        except SourceError as error:
            return self._outcome([self._limit("SHP902", path, error.line, error.column, error.sentence)])
        return self._of_page(page, path)

    def _of_page(self, page: Page, path: str) -> Outcome:
        """Nothing imports a page, so that its comments are applied at once."""
        program = page.text
        if skips(program):
            return Outcome(files=1, skipped=1)
        outcome = self._analysed(program, path, page) if mentions_torch(program) else Outcome(files=1, skipped=1)
        told = silenced(outcome.reports, {os.path.abspath(name): silent for name, silent in outcome.suppressions.items()})
        faults = [
            replace(self._limit("SHP901", path, error.line, error.column, error.sentence), cell=cell, text=line)
            for cell, error, line in page.faults
        ]
        reports = (*(on_page(report, page, path) for report in told if report.code not in page.untold), *self.wanted.chosen(faults))
        left = {"a block or cell that is not Python": page.left} if page.left else {}
        return replace(outcome, reports=reports, suppressions={}, unknown=Counter(outcome.unknown) + Counter(left))

    def _analysed(self, text: str, path: str, page: Page | None = None) -> Outcome:
        # here: the interpreter is not loaded for files without torch
        from shapecheck.book.loader import plugin_problems
        from shapecheck.run.evidence import Evidence
        from shapecheck.run.trace import Trace
        from shapecheck.run.written import stale_comments

        whole = os.path.abspath(path) if path != "<string>" else path
        module = self._make(whole, self.resolver(whole).module_name(whole) if whole != "<string>" else "__main__", text)
        module.page = page
        error = module.syntax_error()
        if error is not None:
            return self._outcome([self._limit("SHP901", path, error.line, error.column, error.sentence)])
        if skips(text):
            return Outcome(files=1, suppressions={path: (EVERYWHERE,)})
        claimed = self.options.wants("SHP401") and "Size([" in text
        trace = Trace() if claimed or self.options.entries else None
        analysis = self.analyse(module, path, trace)
        own = str(module.path)
        evidence = Evidence(analysis.run, lambda other: other == own or other in self.checked)
        planner = self._planner(module, analysis) if self.options.replays else None
        reports: dict[tuple[str, Range, str], Report] = {}
        said: dict[tuple[str, int, str, str | None], Range] = {}
        for refusal in (*analysis.refusals, *analysis.run.suspicions.values()):
            report = evidence.report(refusal)
            if report is not None and self.options.wants(report.code):
                if planner is not None:
                    report = replace(report, replay=planner.of_refusal(report, refusal))
                # the same sentence twice on a line is one mistake: `(q * cos) + (turned(q) * sin)`
                place = said.setdefault((report.path, report.range.line, report.code, report.torch), report.range)
                reports.setdefault((report.path, place, report.code), report)
        if trace is not None and claimed:
            for report in stale_comments(module, trace):
                if planner is not None:
                    report = replace(report, replay=planner.of_value(report))
                reports.setdefault((report.path, report.range, report.code), report)
        found = self._outcome(
            [_at(report, path if report.path == own else shown(report.path)) for report in reports.values()],
            analysis.whys,
            analysis.chains,
        )
        silent = suppressions_in(module.text, path, self.wanted, lambda line: not analysis.spent and self._sees_all(module, path, line))
        entries = planner.of_entries(trace) if planner is not None and trace is not None and self.options.entries else ()
        return replace(found, suppressions={path: silent} if silent else {}, problems=plugin_problems(), entries=entries)

    def _sees_all(self, module: SourceModule, path: str, line: int) -> bool:
        """Whether nothing but the checked files can bring findings to a line: other files call what is defined in this one."""
        if self.alone is not None and path not in self.alone:
            return True
        chunk = next((chunk for chunk in reversed(module.chunks) if chunk.start_line <= line), None)
        return chunk is None or chunk.kind not in ("class", "def")

    def _planner(self, module: SourceModule, analysis: Analysis) -> Planner:
        """Plans what torch would run for the findings of a file."""
        from shapecheck.confirm.plan import Planner  # here: only `--confirm` and the like ask for it

        return Planner(module, analysis, self.resolver(str(module.path)).roots)

    def analyse(self, module: SourceModule, path: str, trace: object = None) -> Analysis:
        """Run a file from all its beginnings."""
        from shapecheck.run.entries import analyse

        resolver = self.resolver(str(module.path))
        analysis = analyse(module, resolver, self.library, self.options.inputs, trace, self.options.ops)
        self._rests_on = analysis.run.imports.asked, resolver.asked
        return analysis

    def _limit(self, code: str, path: str, line: int, column: int, sentence: str) -> Report:
        return Report(by_code(code), sentence, None, path, Range(line, column, line, column + 1))

    def _outcome(self, reports: Sequence[Report], whys: Counter[str] | None = None, chains: Chains | None = None) -> Outcome:
        return Outcome(self.wanted.chosen(reports), files=1, unknown=whys or {}, chains=chains or Chains())


def _at(report: Report, path: str) -> Report:
    """The report with paths as they are shown: `path` for its own file."""

    def named(other: str) -> str:
        return path if other == report.path else shown(other)

    trail = tuple(replace(step, path=named(step.path)) for step in report.trail)
    fix = report.fix and replace(report.fix, edits=tuple(replace(edit, path=named(edit.path)) for edit in report.fix.edits))
    return replace(report, path=path, trail=trail, fix=fix)


def _fault(fault: BaseException) -> str:
    """What went wrong inside shapecheck, and where."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
    return f"shapecheck failed on this file: {type(fault).__name__}: {fault} ({place})"


def _module_name(path: str) -> str:
    return Path(path).stem if path != "<string>" else "__main__"


def finish(outcome: Outcome, texts: dict[str, str]) -> Outcome:
    """One report a place and kind over all files, without what comments silence, in order, with fingerprints."""
    lines: dict[str, list[str]] = {path: text.splitlines() for path, text in texts.items()}

    def line_of(path: str, line: int) -> str | None:
        if path not in lines:
            try:
                lines[path] = read(path).text.splitlines()
            except (OSError, SourceError):
                lines[path] = []
        return lines[path][line - 1] if 0 < line <= len(lines[path]) else None

    unique: dict[tuple[str, int | None, Range, str], Report] = {}
    for report in outcome.reports:
        unique.setdefault((os.path.abspath(report.path), report.cell, report.range, report.code), report)
    comments = {os.path.abspath(path): silent for path, silent in outcome.suppressions.items()}
    reports = tuple(with_fingerprints(silenced(unique.values(), comments), line_of))
    return replace(outcome, reports=reports, problems=tuple(dict.fromkeys(outcome.problems)), suppressions={})


class Checkers:
    """A checker for each settings; they know of all files that are checked."""

    def __init__(self, found: Discovered, cache: Cache | None = None) -> None:
        self._found = found
        self._cache = cache
        self._checkers: list[Checker] = []

    def of(self, options: Options) -> Checker:
        for checker in self._checkers:
            if checker.options is options or checker.options == options:
                return checker
        self._checkers.append(Checker(options, self._found.files, self._found.named, self._cache))
        return self._checkers[-1]


def check_paths(
    paths: Sequence[str],
    options: Options | OptionsOf | None = None,
    progress: Progress | None = None,
    cache: Cache | None = None,
    jobs: int = 1,
) -> Outcome:
    """Check files and folders.

    options  the settings of all of them, or a function from a path to its settings.
    cache    where outcomes are kept between runs.
    jobs     in how many processes to work, at most; 0: as many as there are processors.
    """
    found = discover(paths, options)
    baselines = _baselines(found.options)
    checkers = Checkers(found, cache)
    tell = progress or (lambda done, of: None)
    done: dict[int, Outcome] = {}
    tell(0, len(found.files))
    for number, (path, its) in enumerate(zip(found.files, found.options, strict=True)):
        known = checkers.of(its).at_once(path)
        if known is not None:
            done[number] = known
            tell(len(done), len(found.files))
    waiting = [number for number in range(len(found.files)) if number not in done]
    if jobs != 1 and len(waiting) > 1:
        from shapecheck.workers import available, check_in_workers, pay_off  # here: most runs need none

        jobs = jobs or available()
        if jobs > 1 and pay_off([found.files[number] for number in waiting]):
            before = len(done)
            folder = cache.folder if cache is not None else None
            for number, outcome in check_in_workers(found, waiting, jobs, folder, lambda ready: tell(before + ready, len(found.files))):
                done[number] = outcome
            tell(len(done), len(found.files))
            waiting = []
    for number in waiting:
        done[number] = checkers.of(found.options[number]).file(found.files[number])
        tell(len(done), len(found.files))
    if cache is not None:
        cache.lowered.save()
    outcome = finish(total([Outcome(problems=found.problems), *(done[number] for number in sorted(done))]), {})
    for baseline in baselines:
        pairs = zip(found.files, found.options, strict=True)
        files = {os.path.abspath(path): its for path, its in pairs if its.baseline == baseline.path}
        outcome = baseline.compare(outcome, _checked(files, frozenset(map(os.path.abspath, found.named))))
    return outcome


def _baselines(options: Iterable[Options]) -> list[Baseline]:
    """The baselines that settings name. ConfigError, before any work is done, when one cannot be used."""
    paths = dict.fromkeys(its.baseline for its in options)
    if not any(paths):
        return []
    from shapecheck.baseline import Baseline  # here: most runs have none

    return [Baseline(path) for path in paths if path]


def _checked(files: Mapping[str, Options], alone: Collection[str]) -> Checked:
    from shapecheck.baseline import Checked  # here: as above

    return Checked(files.keys(), alone, lambda code, path: Wanted(files[path]).wants(code, path))


def check_source(
    text: str, path: str = "<string>", options: Options | None = None, cache: Cache | None = None, saved: bool = False, piece: bool = False
) -> Outcome:
    """Check one text.

    cache  where the lowered forms of what it imports are kept, and its outcome too if it is `saved` in a file.
    piece  it is Python whatever its name says, and not all that there is: one cell of a notebook.
    """
    options = options or Options()
    baselines = _baselines([options])
    checker = Checker(options, cache=cache)
    if piece:
        found = checker.piece(text, path)
    else:
        found = checker.kept_or_checked(path, text) if saved else checker.text(text, path)
    outcome = finish(found, {path: text})
    if cache is not None:
        cache.lowered.save()
    whole = os.path.abspath(path)
    for baseline in baselines:
        outcome = baseline.compare(outcome, _checked({whole: options}, (whole,)))
    return outcome


def shapes_in_paths(paths: Sequence[str], options: Options | OptionsOf | None = None, progress: Progress | None = None) -> Expressions:
    """Every tensor expression of files and folders with its shape."""
    found = discover(paths, options)
    result = Expressions(problems=found.problems)
    for done, (path, its) in enumerate(zip(found.files, found.options, strict=True)):
        if progress is not None:
            progress(done, len(found.files))
        try:
            text = read(path).text
        except (SourceError, OSError) as error:
            result = result + Expressions(problems=(f"{path}: {getattr(error, 'sentence', error)}",))
            continue
        result = result + shapes_in_source(text, path, its)
    return replace(result, problems=tuple(dict.fromkeys(result.problems)))


def shapes_in_source(text: str, path: str = "<string>", options: Options | None = None) -> Expressions:
    """Every tensor expression of one text with its shape."""
    # here: the interpreter is not loaded for files without torch
    from shapecheck.book.loader import plugin_problems
    from shapecheck.run.trace import Trace

    page = None
    if is_page(path):
        try:
            page = read_page(text, path)
        except SourceError as unread:
            return Expressions(files=1, problems=(f"{path}: {unread.sentence}",))
        text = page.text
    module = SourceModule(os.path.abspath(path) if path != "<string>" else path, _module_name(path), text)
    module.page = page
    error = module.syntax_error()
    if error is not None:
        return Expressions(files=1, problems=(f"{path}:{error.line}:{error.column}: {error.sentence}",))
    if not mentions_torch(text):
        return Expressions(files=1)
    trace = Trace()
    Checker(options or Options()).analyse(module, path, trace)
    found = trace.expressions(module, path)
    expressions = tuple(found if page is None else (expression_on_page(expression, page) for expression in found))
    return Expressions(expressions, files=1, problems=plugin_problems())
