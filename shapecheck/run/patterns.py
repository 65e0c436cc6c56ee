"""`match`: each case is a condition and the names that it binds; an undecided case is a fork, with the later cases on its other arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.run import builtins, records
from shapecheck.run.objects import Class, FreeShape
from shapecheck.run.statements import Leave, block, fork
from shapecheck.values import MISSING, Cond, DictValue, External, Free, Instance, ListValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.run import Run

Answer = bool | Cond
ITSELF = frozenset(("bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"))


def match_statement(run: Run, node: Any, frame: Frame) -> Leave | None:
    """Run the first case that fits."""
    subject = run.evaluate(node.subject, frame)
    return _from(run, subject, node.cases, 0, frame)


def _from(run: Run, subject: Any, cases: tuple[Any, ...], place: int, frame: Frame) -> Leave | None:
    if place == len(cases):
        return None
    case = cases[place]
    match = Match(run, frame)
    answer = match.fits(case.pattern, subject)

    def otherwise() -> Leave | None:
        return _from(run, subject, cases, place + 1, frame)

    def taken() -> Leave | None:
        for name, value in match.bound.items():
            run.bind(frame, name, value)
        if case.guard is None:
            return block(run, case.body, frame)
        truth = run.truth(run.evaluate(case.guard, frame))
        if isinstance(truth, bool):
            return block(run, case.body, frame) if truth else otherwise()
        return fork(run, truth, lambda: block(run, case.body, frame), otherwise, frame)

    if isinstance(answer, bool):
        return taken() if answer else otherwise()
    return fork(run, answer, taken, otherwise, frame)


class Match:
    """One pattern held against one subject: whether it fits, and what it binds then."""

    def __init__(self, run: Run, frame: Frame) -> None:
        self.run = run
        self.frame = frame
        self.bound: dict[str, Any] = {}

    def fits(self, pattern: Any, subject: Any) -> Answer:
        kind, parts = pattern.kind, pattern.parts
        if kind == "value":
            return self.run.truth(self.run.compare("==", subject, self.run.evaluate(parts[0], self.frame)))
        if kind == "singleton":
            return self.run.truth(self.run.compare("is", subject, parts[0]))
        if kind == "as":
            answer = True if parts[0] is None else self.fits(parts[0], subject)
            if parts[1] is not None:
                self.bound[parts[1]] = subject
            return answer
        if kind == "or":
            return self._any(parts, subject)
        if kind == "sequence":
            return self._sequence(parts, subject)
        if kind == "mapping":
            return self._mapping(parts[0], parts[1], subject)
        return self._class(parts[0], parts[1], parts[2], subject)

    def _any(self, patterns: tuple[Any, ...], subject: Any) -> Answer:
        result: Answer = False
        for pattern in patterns:
            answer = self.fits(pattern, subject)
            if answer is True:
                return True
            if isinstance(answer, Cond):
                result = Cond("or", (result, answer)) if isinstance(result, Cond) else answer
        return result

    def _all(self, pairs: list[tuple[Any, Any]]) -> Answer:
        result: Any = True
        for pattern, subject in pairs:
            result = self.run.conjunction(result, self.fits(pattern, subject))
            if result is False:
                return False
        return result  # type: ignore[no-any-return]

    def _sequence(self, patterns: tuple[Any, ...], subject: Any) -> Answer:
        subject = self.run.resolve(subject)
        if isinstance(subject, FreeShape):
            subject = self.run.rank_now(subject)
        star = next((place for place, pattern in enumerate(patterns) if pattern.kind == "star"), None)
        if isinstance(subject, Instance) and records.is_named_tuple(subject.cls):
            subject = self.run.items(subject)
        if not isinstance(subject, (tuple, ListValue)):
            return self._unlikely(subject, patterns)
        items = self.run.items(subject)
        if not isinstance(items, tuple):
            return self._unlikely(items, patterns)
        least = len(patterns) - (star is not None)
        if len(items) < least or (star is None and len(items) > least):
            return False
        if star is None:
            return self._all(list(zip(patterns, items, strict=True)))
        behind = len(items) - (len(patterns) - star - 1)
        name = patterns[star].parts[0]
        if name is not None:
            self.bound[name] = ListValue(items[star:behind])
        return self._all([*zip(patterns[:star], items[:star], strict=True), *zip(patterns[star + 1 :], items[behind:], strict=True)])

    def _mapping(self, pairs: tuple[tuple[Any, Any], ...], rest: str | None, subject: Any) -> Answer:
        subject = self.run.resolve(subject)
        if not isinstance(subject, DictValue):
            return self._unlikely(subject, tuple(pattern for _, pattern in pairs), rest)
        found = []
        keys = set()
        for expr, pattern in pairs:
            key = self.run.key(self.run.evaluate(expr, self.frame))
            if key is MISSING or (key not in subject.items and subject.open):
                return self._unlikely(Unknown("a dict whose keys are not known"), tuple(p for _, p in pairs), rest)
            if key not in subject.items:
                return False
            keys.add(key)
            found.append((pattern, subject.items[key]))
        if rest is not None:
            self.bound[rest] = DictValue({key: value for key, value in subject.items.items() if key not in keys}, subject.open)
        return self._all(found)

    def _class(self, expr: Any, patterns: tuple[Any, ...], named: tuple[tuple[str, Any], ...], subject: Any) -> Answer:
        run = self.run
        cls = run.resolve(run.evaluate(expr, self.frame))
        subject = run.resolve(subject)
        answer: Any = run.truth(builtins.isinstance_(run, [subject, cls], {}))
        if answer is False:
            return False
        pairs: list[tuple[Any, Any]] = []
        if len(patterns) == 1 and isinstance(cls, External) and cls.name in ITSELF:
            pairs.append((patterns[0], subject))
        else:
            names = self._match_args(cls)
            if len(names) < len(patterns):
                return self._unlikely(Unknown("a class pattern"), (*patterns, *(pattern for _, pattern in named)))
            pairs += [(pattern, run.attribute(subject, name)) for name, pattern in zip(names, patterns, strict=False)]
        for name, pattern in named:
            there = builtins.hasattr_(run, [subject, name], {})
            if there is False:
                return False
            answer = run.conjunction(answer, there)
            pairs.append((pattern, run.attribute(subject, name)))
        return run.conjunction(answer, self._all(pairs))  # type: ignore[no-any-return]

    def _match_args(self, cls: Any) -> list[str]:
        """The attributes that a class's positional patterns stand for."""
        if not isinstance(cls, Class):
            return []
        found = cls.find("__match_args__")
        if found is not None and isinstance(found[0], tuple):
            return [str(name) for name in found[0]]
        return [name for name, _, _ in records.fields_of(cls)]

    def _unlikely(self, subject: Any, patterns: tuple[Any, ...], rest: str | None = None) -> Answer:
        """A subject that is no sequence or mapping, or of which that is not known."""
        if not isinstance(subject, (Unknown, Free)) and not hasattr(subject, "guard"):
            return False
        why = subject.why if isinstance(subject, Unknown) else "a part of a match subject"
        for name in (*names_of(patterns), rest):
            if name is not None:
                self.bound[name] = Unknown(why)
        return self.run.undecided()


def names_of(patterns: tuple[Any, ...]) -> list[str]:
    """The names that patterns bind."""
    found: list[str] = []
    for pattern in patterns:
        kind, parts = pattern.kind, pattern.parts
        if kind == "star":
            inner: tuple[Any, ...] = ()
            own = parts[0]
        elif kind == "as":
            inner, own = (parts[0],) if parts[0] is not None else (), parts[1]
        elif kind in ("or", "sequence"):
            inner, own = parts, None
        elif kind == "mapping":
            inner, own = tuple(p for _, p in parts[0]), parts[1]
        elif kind == "class":
            inner, own = (*parts[1], *(p for _, p in parts[2])), None
        else:
            inner, own = (), None
        found += [own] if own is not None else []
        found += names_of(inner)
    return found
