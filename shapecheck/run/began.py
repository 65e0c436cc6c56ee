"""How a run of the interpreter began, so that torch can begin it in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shapecheck.values import Cond

BeganKind = Literal["module", "function", "object", "class"]


@dataclass(frozen=True, slots=True)
class Began:
    """What was called first, and with what. The values are the interpreter's own: parameters that nothing is known of are free values.

    kind     'module': statements of the file, as `__main__`. 'function': a function that takes a call without arguments.
             'object': a module that the file builds and never calls. 'class': a class that the file never builds.
    subject  the function, the object or the class; for 'module' nothing.
    args, kwargs              what a class is built with.
    inputs, named_inputs      what the module is called with; None while it has not been called.
    returned                  what that call came to.
    """

    kind: BeganKind
    subject: Any = None
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] | None = None
    inputs: tuple[Any, ...] | None = None
    named_inputs: Mapping[str, Any] | None = None
    returned: Any = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A beginning, and what was known at some point of the run: at a refusal, or at its end.

    pins        what free values had become, by name.
    conditions  what had been assumed on the path.
    others      more sizes and tensors that play a part.
    """

    began: Began | None
    facts: Any
    pins: Mapping[str, Any]
    conditions: Mapping[Cond, bool]
    others: tuple[Any, ...] = ()
