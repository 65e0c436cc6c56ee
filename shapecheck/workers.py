"""Worker processes for many files. A worker that dies costs the file that killed it, and no other."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from multiprocessing.sharedctypes import Synchronized

from shapecheck.check import Checkers
from shapecheck.discover import Discovered
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.outcome import Outcome
from shapecheck.findings.report import Range, Report

FEWEST_FILES = 4
FEWEST_BYTES = 100_000  # about a second of work; to start a worker takes a few hundredths
BATCH = 8
TICK = 0.2  # seconds between two looks at how far the workers are
DIED = "shapecheck failed on this file: the process that worked on it died, perhaps for want of memory"

Tell = Callable[[int], None]

_checkers: Checkers | None = None
_found: Discovered | None = None
_cache: object = None
_counter: Synchronized[int] | None = None


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pay_off(files: Sequence[str]) -> bool:
    """Whether so much is to be done that workers are faster."""
    if len(files) < FEWEST_FILES:
        return False
    size = 0
    for file in files:
        try:
            size += os.stat(file).st_size
        except OSError:
            continue
    return size >= FEWEST_BYTES


def check_in_workers(
    found: Discovered, waiting: Sequence[int], jobs: int, cache_folder: str | None, tell: Tell = lambda done: None
) -> Iterator[tuple[int, Outcome]]:
    """The outcomes of files, by their place in `found`, in the order in which they are ready. `tell` hears how many are, now and then."""
    context = _context()
    if context.get_start_method() == "fork":
        import shapecheck.run.entries  # noqa: F401  here: loaded once, before the workers part
    # neighbours share what they import: a batch goes to one worker
    size = max(1, min(BATCH, len(waiting) // (jobs * 4)))
    batches = [tuple(waiting[start : start + size]) for start in range(0, len(waiting), size)]
    left = set(waiting)
    for number, outcome in _run(found, batches, min(jobs, len(batches)), cache_folder, context, tell):
        left.discard(number)
        yield number, outcome
    for number in sorted(left):  # a worker died: which file it was shows when each has one of its own
        alone = dict(_run(found, [(number,)], 1, cache_folder, context))
        yield number, alone.get(number) or _died(found.files[number])


def _run(
    found: Discovered,
    batches: Sequence[tuple[int, ...]],
    jobs: int,
    cache_folder: str | None,
    context: BaseContext,
    tell: Tell = lambda done: None,
) -> Iterator[tuple[int, Outcome]]:
    """The outcomes of batches; those of a worker that died, and of all that then waited, are missing."""
    counter = context.Value("i", 0)
    with ProcessPoolExecutor(jobs, context, _start, (found, cache_folder, counter)) as pool:
        futures: list[Future[list[tuple[int, Outcome]]]] = []
        try:
            futures = [pool.submit(_batch, batch) for batch in batches]
            running = set(futures)
            while running:
                ready, running = wait(running, TICK, FIRST_COMPLETED)
                tell(counter.value)
                for future in ready:
                    yield from future.result()
        except BrokenProcessPool:
            for future in futures:
                if future.done() and not future.cancelled() and future.exception() is None:
                    yield from future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _context() -> BaseContext:
    """Forking is fastest, and safe where there is one thread; elsewhere a new interpreter starts."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")


def _start(found: Discovered, cache_folder: str | None, counter: Synchronized[int]) -> None:
    global _checkers, _found, _cache, _counter
    from shapecheck.cache import Cache  # here: without a cache it is not loaded

    _cache = cache = Cache(cache_folder) if cache_folder is not None else None
    _found = found
    _counter = counter
    _checkers = Checkers(found, cache)


def _batch(numbers: tuple[int, ...]) -> list[tuple[int, Outcome]]:
    assert _checkers is not None and _found is not None and _counter is not None
    done = []
    for number in numbers:
        done.append((number, _checkers.of(_found.options[number]).file(_found.files[number])))
        with _counter.get_lock():
            _counter.value += 1
    if _cache is not None:
        _cache.lowered.save()  # type: ignore[attr-defined]
    return done


def _died(path: str) -> Outcome:
    return Outcome((Report(by_code("SHP905"), DIED, None, path, Range(1, 1, 1, 2)),), files=1)
