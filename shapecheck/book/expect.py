"""Expectations: the first lines of a rule.

An expectation refuses only on a proven *no*. On *maybe* it remembers the condition as a fact of the path, since what follows runs
only if it held. Sentences come as callables, because most are never needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapecheck.book.context import current
from shapecheck.book.outcome import Refused, Unsure
from shapecheck.sizes import Facts, Size, Truth
from shapecheck.values import Tensor

Sentence = Callable[[], str] | str


def _say(sentence: Sentence) -> str:
    return sentence if isinstance(sentence, str) else sentence()


def _settle(answer: Truth, assume: Callable[[Facts], Facts | None], code: str, sentence: Sentence, details: dict[str, Any]) -> None:
    if answer.yes:
        return
    context = current()
    if answer.maybe:
        known = assume(context.facts)
        if known is not None:
            context.learn(known)
            return
    message = details.pop("message", None)
    raise Refused(code, _say(sentence), message=_say(message) if message else None, **details)


def expect_eq(a: Size, b: Size, code: str, sentence: Sentence, **details: Any) -> None:
    """Two sizes are the same."""
    if a is b or a == b:
        return
    known = current().facts
    answer = known.eq(a, b)
    if answer.maybe and known.differ_generically(a, b):
        answer = Truth.NO
    _settle(answer, lambda f: f.assume_eq(a, b), code, sentence, details)


def expect_ge(a: Size, b: Size, code: str, sentence: Sentence, **details: Any) -> None:
    """a >= b"""
    if isinstance(a, int) and isinstance(b, int) and a >= b:
        return
    _settle(current().facts.ge(a, b), lambda f: f.assume_le(b, a), code, sentence, details)


def expect_le(a: Size, b: Size, code: str, sentence: Sentence, **details: Any) -> None:
    """a <= b"""
    expect_ge(b, a, code, sentence, **details)


def expect_divides(divisor: Size, size: Size, code: str, sentence: Sentence, **details: Any) -> None:
    """`divisor` divides `size`."""
    if isinstance(size, int) and isinstance(divisor, int) and divisor and size % divisor == 0:
        return
    _settle(current().facts.divides(divisor, size), lambda f: f.assume_divides(divisor, size), code, sentence, details)


def expect(held: bool, code: str, sentence: Sentence, **details: Any) -> None:
    """A condition on concrete things (a rank, a mode)."""
    if not held:
        message = details.pop("message", None)
        raise Refused(code, _say(sentence), message=_say(message) if message else None, **details)


def expect_rank(tensor: Tensor, ranks: int | Sequence[int], code: str, sentence: Sentence, **details: Any) -> None:
    """The tensor has one of these numbers of axes."""
    expect(tensor.rank in ((ranks,) if isinstance(ranks, int) else ranks), code, sentence, **details)


def known(answer: Truth, why: str) -> bool:
    """A three-valued answer as a bool, or Unsure(why) on *maybe*."""
    if answer.maybe:
        raise Unsure(why)
    return answer.yes


def same(a: Size, b: Size) -> Truth:
    """Are two sizes the same, by what is known on the path?"""
    return current().facts.eq(a, b)
