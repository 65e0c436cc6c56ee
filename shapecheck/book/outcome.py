"""How a rule ends when it does not end with a value: torch refuses, or we cannot tell."""

from __future__ import annotations

from typing import Any, NoReturn


class Refused(Exception):
    """Torch raises here, for every admissible value of what is not known.

    code      finding code, 'SHP101'.
    sentence  torch's own words, numbers filled in.
    message   our one line; by default torch's sentence.
    error     the exception class that torch raises.
    expected, actual  the two sides of the mismatch.
    axis      the axis of the tensor that does not fit, or None.
    blame     the constructor parameter that holds the wrong number ('in_channels'), or None.
    culprit   the tensor argument whose trail should be shown, or None for the first one.
    hint      what would be right, or None.
    raises    False where nothing is raised: what somebody wrote about a shape is false, and the program may well go on.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        message: str | None = None,
        error: str = "RuntimeError",
        expected: Any = None,
        actual: Any = None,
        axis: int | None = None,
        blame: str | None = None,
        culprit: Any = None,
        hint: str | None = None,
        raises: bool = True,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.message = message or sentence
        self.error = error
        self.expected = expected
        self.actual = actual
        self.axis = axis
        self.blame = blame
        self.culprit = culprit
        self.hint = hint
        self.raises = raises


class Unsure(Exception):
    """The rule cannot tell; the result is Unknown(why)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def refuse(code: str, sentence: str, **details: Any) -> NoReturn:
    """End the rule with a refusal; see `Refused` for the details."""
    raise Refused(code, sentence, **details)
