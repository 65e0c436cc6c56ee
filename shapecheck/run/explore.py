"""Runs one entry, and makes sure of what it refuses.

Some things cannot be told when they are needed: the rank of an unknown tensor, whether two sizes are equal or one of them is 1.
The run then takes the likeliest case (`Run.choose`). If something is refused later, the entry is run again with the other cases; a
refusal stands only if no combination of cases lets that place pass: there it is refused again, or something before it is, for certain. A
place is told by the way to it, call by call, and by its turn: the convolution of a block may pass nine times and be refused in the tenth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapecheck.book.outcome import Unsure
from shapecheck.run.objects import PyRaise, Spent
from shapecheck.run.refusal import Refusal
from shapecheck.run.run import Run

MAX_ATTEMPTS = 150
MAX_BEGINNINGS = 6
OPEN_CASES = ("defaults", "none", "rank")
LEAST_TELLING = ("defaults", "none", "passed unseen")
MAX_BASES = 3  # how often a search begins, each time from a case under which more passes
MAX_SEARCH = 150_000  # steps of one entry's search: of a file's budget less than a third
Assignment = dict[Any, int]


@dataclass
class Attempt:
    """The outcome of one run: refusals, cases in the order in which they were picked, places that were evaluated without refusal."""

    refusals: list[Refusal]
    choices: Assignment
    options: dict[Any, int]
    passed: Counter[Any] = field(default_factory=Counter)
    spent: bool = False
    halted: bool = False  # something was refused for certain
    steps: int = 0

    @property
    def refused(self) -> set[Any]:
        return {(refusal.way, refusal.turn) for refusal in self.refusals}


class Explorer:
    """Runs entries of one file on one interpreter."""

    def __init__(self, run: Run, budget: int, at_once: int = 400_000) -> None:
        self.run = run
        self.budget = budget  # steps left for the whole file
        self.at_once = at_once  # steps that one run may take
        self.clean: Attempt | None = None  # a run of the last entry in which nothing was refused
        self.given_up: set[Any] = set()  # refusals whose search took too long: it is not begun again by other entries of the file

    def entry(self, work: Callable[[], None], keep: bool = False, start: Assignment | None = None) -> tuple[list[Refusal], bool]:
        """The refusals of an entry that stand, and whether its budget was spent.

        keep   leave the state as the entry left it
        start  the cases to begin with, where others than the likeliest are wanted
        """
        run = self.run
        mark = run.state.mark()
        serials = run.serials.copy()
        built = len(run.constructed)

        def attempt(assignment: Assignment, asked: Sequence[Refusal] = (), ends: bool = False) -> Attempt:
            run.state.undo(mark)
            run.state.open()
            run.serials = serials.copy()
            del run.constructed[built:]
            run.sites_wanted = frozenset(refusal.site for refusal in asked)
            run.ways_wanted = beginnings(asked) if ends else frozenset()
            run.sites_ok = Counter() if asked else None
            run.first_refusal_ends = ends
            return self._attempt(work, assignment)

        def followed(assignment: Assignment, outcome: Attempt) -> Attempt:
            """What is reported rests on calls that were followed, each of them."""
            run.memory.active = False
            outcome = attempt(assignment, outcome.refusals)
            run.memory.active = True
            return outcome

        begin = start or {}
        first = attempt(begin)
        if first.refusals:
            first = followed(begin, first)
        standing, base = first.refusals, first
        runs = [first]
        steps = tried = 0
        while standing and base.options:
            search = Search(lambda assignment, asked=base.refusals: attempt(assignment, asked, True), base, self.given_up, steps)  # type: ignore[misc]
            standing = [refusal for refusal in standing if not search.vindicated(refusal)]
            steps, tried = search.steps, tried + 1
            runs = [base, *search.known.values()]
            if standing or search.another is None or tried == MAX_BASES:
                break
            assignment = search.another.choices  # what was taken for the likeliest case is not admitted by the code
            base = followed(assignment, attempt(assignment))
            standing = base.refusals
            runs = [base, *runs]
        self.clean = None if standing else next((other for other in runs if not other.refusals), None)
        if keep and tried:
            attempt(begin)
        if not keep:
            run.state.undo(mark)
            del run.constructed[built:]
        return one_a_cause(standing), first.spent

    def _attempt(self, work: Callable[[], None], assignment: Assignment) -> Attempt:
        run = self.run
        run.choices = dict(assignment)
        run.free.reset()
        run.loops.reset()
        run.made_choices = {}
        run.asked = []
        run.refusals = []
        run.arms.kept.clear()
        run.steps = 0
        run.halted = False
        run.budget = run.whole_budget = max(min(self.at_once, self.budget), 1)
        depth = len(run.frames)
        spent = False
        try:
            work()
        except (PyRaise, Unsure):
            pass
        except (Spent, RecursionError):
            spent = True
        finally:
            del run.frames[depth:]
            run.state.forks.clear()
            run.state.assumed.clear()
            run.arms.began.clear()
            run.guarded.clear()
            run.silenced = 0
            run.lenient = 0
            self.budget -= run.steps
        passed, run.sites_ok = run.sites_ok or Counter(), None
        run.first_refusal_ends = False
        return Attempt(run.refusals, dict(run.choices), dict(run.made_choices), passed, spent, run.halted, run.steps)


def other_beginnings(clean: Attempt) -> list[Assignment]:
    """Where else an entry may begin that was not followed to its end: other arguments, other ranks; the likeliest first."""
    found: list[tuple[bool, Assignment]] = []
    picked = list(clean.options)
    for turn in (1, 2):
        for place, key in enumerate(picked):
            pick = (clean.choices[key] + turn) % clean.options[key]
            if key[0] in OPEN_CASES and turn < clean.options[key]:
                found.append((key[0] == "rank", {**{other: clean.choices[other] for other in picked[:place]}, key: pick}))
    return [assignment for _, assignment in sorted(found, key=lambda case: case[0])[:MAX_BEGINNINGS]]


def beginnings(refusals: Sequence[Refusal]) -> frozenset[Any]:
    """The beginnings of the ways to refused places: a call that does not stand at the end of one is not on the way to any."""
    ways = {refusal.way for refusal in refusals}
    return frozenset(way[: depth + 1] for way in ways for depth in range(len(way)))


def one_a_cause(refusals: list[Refusal]) -> list[Refusal]:
    """Of refusals with one cause the first: a block that gets the wrong input is told so once, not by its shortcut as well."""
    seen: set[Any] = set()
    kept = []
    for refusal in refusals:
        if seen.isdisjoint(refusal.causes):
            kept.append(refusal)
        seen |= refusal.causes
    return kept


def arms(refusal: Refusal) -> set[Any]:
    """The arms on which something was refused, told alike in every run: a loop's condition is new each time."""
    return {cond if cond.op != "opaque" or cond.args[0] != "loop" else cond.args[2:] for cond in refusal.assumed}


def on_both_arms(refusals: Sequence[Refusal]) -> bool:
    """Whether something is refused under a condition, and something without it: one of them is met."""
    return any(
        cond.negated() in other.assumed
        for place, refusal in enumerate(refusals)
        for cond in refusal.assumed
        for other in refusals[place + 1 :]
    )


class Search:
    """Looks for a combination of cases under which a refused place passes."""

    def __init__(self, attempt: Callable[[Assignment], Attempt], first: Attempt, given_up: set[Any], steps: int = 0) -> None:
        self.attempt = attempt
        self.first = first
        self.given_up = given_up
        self.known: dict[frozenset[Any], Attempt] = {}
        self.assumed: set[Any] = set()  # where the refusal stands that is looked at
        self.vindicators: list[Attempt] = []
        self.steps = steps

    def vindicated(self, refusal: Refusal) -> bool:
        """Whether some combination lets the place pass. Out of budget counts as yes: silence is the safe side."""
        what = (refusal.site, refusal.refused.sentence)
        if what in self.given_up:
            return True
        self.assumed = arms(refusal)
        found = self._search((refusal.way, refusal.turn), {}, self.first)
        if self.exhausted:
            self.given_up.add(what)
        return found

    @property
    def another(self) -> Attempt | None:
        """A case under which something refused passes and something else is refused; None where some case is refused nowhere."""
        if self.exhausted or not all(outcome.refusals for outcome in self.known.values()):
            return None
        return next((outcome for outcome in self.vindicators if not outcome.spent), None)

    @property
    def exhausted(self) -> bool:
        """Whether so much was tried that the rest of the file is worth more."""
        return len(self.known) >= MAX_ATTEMPTS or self.steps > MAX_SEARCH

    def _search(self, site: Any, fixed: Assignment, outcome: Attempt) -> bool:
        """Every other pick of one case first, then what follows from each: most of what passes is one pick away."""
        tried: list[tuple[Assignment, Attempt]] = []
        for assignment in self._one_away(site, fixed, outcome):
            other = self._run(assignment)
            if other is None:
                return True
            if self._passes(site, other):
                self.vindicators.append(other)
                return True
            tried.append((assignment, other))
        return any(self._search(site, assignment, other) for assignment, other in tried)

    def _one_away(self, site: Any, fixed: Assignment, outcome: Attempt) -> Iterator[Assignment]:
        """Other picks for one case. That nothing is known of an argument comes last: it says the least about the rest."""
        before = self._before(site, outcome)
        for place, key in sorted(enumerate(before), key=lambda case: case[1][0] in LEAST_TELLING):
            if key in fixed:
                continue
            for option in range(outcome.options[key]):
                if option != outcome.choices[key]:
                    yield {**{other: outcome.choices[other] for other in before[:place]}, key: option}

    def _run(self, assignment: Assignment) -> Attempt | None:
        name = frozenset(assignment.items())
        if name not in self.known:
            if self.exhausted:
                return None
            self.known[name] = self.attempt(assignment)
            self.steps += self.known[name].steps
        return self.known[name]

    def _before(self, site: Any, outcome: Attempt) -> tuple[Any, ...]:
        """The cases picked before the place was refused, or before the run's first refusal."""
        for refusal in outcome.refusals:
            if (refusal.way, refusal.turn) == site:
                return refusal.choices
        return outcome.refusals[0].choices if outcome.refusals else ()

    def _passes(self, site: Any, outcome: Attempt) -> bool:
        if outcome.spent:
            return True
        if site in outcome.refused:
            return False
        way, turn = site
        # what is refused on the same arms, or on fewer, is met before anything that comes after it
        met = next((refusal for refusal in outcome.refusals if self.assumed.issuperset(arms(refusal))), None)
        if met is not None:
            return bool(met.passed.get(way, 0) > turn)
        return outcome.passed[way] > turn or not (outcome.halted or on_both_arms(outcome.refusals))
