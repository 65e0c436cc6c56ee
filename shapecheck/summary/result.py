"""What a summary says."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapecheck.findings.report import Report
from shapecheck.sizes import Size


@dataclass(frozen=True, slots=True)
class Row:
    """One call of a module.

    path       as `named_modules()` gives it; the model itself is ''.
    inputs     the shapes of the tensors among the arguments.
    output     a shape (a tuple of sizes), a list or dict of such as the module returns them, None for what is no tensor or not known.
    params     elements of its own parameters, those of its parts not among them; `trainable` are those that learn.
    flops      the work of its own, that of its parts not among it, as torch.utils.flop_counter counts it.
    total_params, total_trainable, total_flops   the same with its parts.
    parent     which row called it, by place in `Summary.rows`; None for the model itself, and where that call did not return.
    begun      its place in the order in which the calls began.
    depth      how many calls of modules were open around it.
    again      whether the same module was called before: its parameters are the same ones.
    failed     whether the summary ends in it.
    """

    path: str
    class_name: str
    inputs: tuple[object, ...]
    output: object
    params: Size
    trainable: Size
    flops: Size
    total_params: Size
    total_trainable: Size
    total_flops: Size
    parent: int | None
    begun: int
    depth: int
    again: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Something that is not known, in which module, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A model's calls in the order in which they returned, and what they come to.

    expression  what makes the model, within the target.
    rows       calls that returned.
    open_rows  calls that did not, in the order in which they began: those in which torch raises, the innermost last.
    output     the shape, or shapes, of what the model returns.
    params, trainable   elements of all parameters, each counted once.
    flops      the work of one forward call; at least so much where something is unknown.
    unknown    what could not be followed.
    reports    what torch refuses, by which the table ends.
    failure    the same in a sentence, or what the program itself raises.
    raised     the line of the program's own `raise` or `assert`: path, number, text.
    """

    target: str
    expression: str
    inputs: tuple[tuple[Size, ...], ...]
    output: object
    rows: tuple[Row, ...]
    params: Size
    trainable: Size
    flops: Size
    unknown: tuple[Unfollowed, ...] = ()
    open_rows: tuple[Row, ...] = ()
    reports: tuple[Report, ...] = field(default=())
    failure: str | None = None
    raised: tuple[str, int, str] | None = None
    training: bool = False

    @property
    def status(self) -> int:
        """0, or 1 where torch raises."""
        return 1 if self.failure is not None else 0
