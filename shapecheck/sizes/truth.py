"""Three-valued answers."""

from __future__ import annotations

from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """YES and NO hold for every admissible value; MAYBE is all that is not proved."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"

    @property
    def yes(self) -> bool:
        return self is Truth.YES

    @property
    def no(self) -> bool:
        return self is Truth.NO

    @property
    def maybe(self) -> bool:
        return self is Truth.MAYBE

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth is yes, no or maybe: ask for one of them")

    def __and__(self, other: Truth) -> Truth:
        if self is Truth.NO or other is Truth.NO:
            return Truth.NO
        return Truth.YES if self is Truth.YES and other is Truth.YES else Truth.MAYBE

    def __or__(self, other: Truth) -> Truth:
        return ~(~self & ~other)

    def __invert__(self) -> Truth:
        return _OPPOSITE[self]


_OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.MAYBE: Truth.MAYBE}


def truth(value: bool) -> Truth:
    return Truth.YES if value else Truth.NO
