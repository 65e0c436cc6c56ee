"""The batch that a view folds features into (SHP301): nothing raises, and from there on there are more rows than samples.

`x.view(-1, 2048)` of one feature map of (32, 56, 56) is 49 rows. It is said only where all of this holds: a module is called from
outside with a batch of N samples; what it returns has k*N rows; they come, by layers that take them for samples, from a regrouping of an
(N, C, ...) tensor; and the rows cut through its axes. A row that ends where an axis ends is a row of a matrix, and meant:
`(B, T, V).view(-1, V)`.
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING, Any

from shapecheck.book.outcome import Refused
from shapecheck.run.objects import Function, is_module
from shapecheck.run.refusal import EntryCall, Refusal
from shapecheck.sizes import Size
from shapecheck.values import Instance, Tensor

if TYPE_CHECKING:
    from shapecheck.run.run import Run

MAX_STEPS = 200
HINT = "x.flatten(1) keeps the batch"


def look(run: Run, instance: Instance, args: list[Any], result: Any) -> None:
    """See whether what a module's call from outside returned has more rows than there were samples."""
    if type(result) is not Tensor or result.rank != 2 or run.doubtful or run.silenced or run.made_choices:
        return
    if any(_forward_of_a_module(frame) for frame in run.frames):
        return  # what called it may well put the rows together again
    batches = [value for value in map(run.resolve, args) if isinstance(value, Tensor) and value.rank > 2]
    rows = result.shape[0]
    if not batches or any(rows == batch.shape[0] for batch in batches):
        return
    found = _regrouped(result)
    if found is None:
        return
    view, before = found
    image = next((batch for batch in batches if batch.shape[0] == before.shape[0]), None)
    times = folded(before.shape, view.shape)
    if image is not None and times is not None and view.made is not None:
        _note(run, instance, args, view, before, image)


def _forward_of_a_module(frame: Any) -> bool:
    return frame.function is not None and frame.function.name == "forward" and is_module(frame.receiver)


def _regrouped(result: Tensor) -> tuple[Tensor, Tensor] | None:
    """The matrix from which the rows of a result come, and the tensor that was regrouped into it; layers stand between."""
    current = result
    taken = False
    for _ in range(MAX_STEPS):
        made = current.made
        parent = next((tensor for tensor in made.parents if not tensor.role), None) if made is not None else None
        if parent is None:
            return None
        if parent.rank == 2 and parent.shape[0] == current.shape[0]:
            taken = taken or parent.shape[1] != current.shape[1]
            current = parent
        elif parent.rank > 2 and parent.numel() == current.numel():
            return (current, parent) if taken else None
        else:
            return None
    return None


def folded(before: tuple[Size, ...], after: tuple[Size, ...]) -> int | None:
    """How many rows every sample of (N, C, ...) is cut into in the middle of an axis, or None where it is not, or not surely."""
    sample, row = before[1:], after[1]
    if not isinstance(row, int) or not all(isinstance(size, int) and size > 0 for size in sample):
        return None
    sizes = [size for size in sample if isinstance(size, int)]
    whole = 1
    for size in reversed(sizes):
        if whole == row:
            return None  # the row ends where an axis ends
        whole *= size
    if row < 1 or whole % row or sizes[-1] % row == 0 or row % sizes[0]:
        return None
    if len(sizes) == 2 and row % sizes[1] == 0:
        return None  # several steps of a sequence in a row may be meant
    times = whole // row
    return times if after[0] == before[0] * times else None


def _note(run: Run, instance: Instance, args: list[Any], view: Tensor, before: Tensor, image: Tensor) -> None:
    """Keep it until reports are made, once a place."""
    assert view.made is not None
    place = view.made.place
    if place is None:
        return
    times = folded(before.shape, view.shape)
    sample = ", ".join(map(str, before.shape[1:]))
    refused = Refused(
        "SHP301",
        "",
        message=f"({sample}) is cut into {times} rows of {view.shape[1]}: a batch of {before.shape[0]} becomes {view.shape[0]}",
        expected=before.shape[0],
        actual=view.shape[0],
        hint=_hint(before, view, image),
        raises=False,
    )
    forward = instance.cls.find("forward")
    names = [param.name for param in forward[0].params[1:]] if forward is not None and isinstance(forward[0], Function) else []
    label = f"{instance.cls.name}.forward"
    own = place[0] is (instance.cls.env.globals if instance.cls.env is not None else None) and place[1] == instance.cls.chunk
    stack = [*((frame.place, frame.label) for frame in run.frames), (place, label if own else "")]
    call = EntryCall(label, instance, dict(zip(names, map(run.resolve, args), strict=False)))
    refusal = Refusal(
        refused,
        stack,
        None,
        (before,),
        facts=run.facts,
        call=call,
        began=run.began,
        pins=dict(run.state.pins),
        conditions={**run.state.decided, **dict.fromkeys(run.state.assumed, True)},
        claims=((place, view),),
    )
    run.suspicions.setdefault(refusal.site, refusal)


def _hint(before: Tensor, view: Tensor, image: Tensor) -> str:
    """The way out: all of a sample in its row, or the image size for which the written number is right."""
    sizes = [size for size in before.shape[1:] if isinstance(size, int)]
    row = view.shape[1]
    assert isinstance(row, int)
    whole = 1
    for size in sizes:
        whole *= size
    keeps = f"{HINT}, with {whole} features"
    area, spatial, given = row // sizes[0], sizes[1:], image.shape[2:]
    side = isqrt(area)
    if len(spatial) != 2 or len(given) != 2 or side * side != area or spatial[0] != spatial[1]:
        return keeps
    if not all(isinstance(size, int) and size % spatial[0] == 0 for size in given) or given[0] != given[1]:
        return keeps
    right = given[0] // spatial[0] * side  # what halves the image so often makes this of it
    return f"{keeps}; {row} is {sizes[0]}*{side}*{side}, as images of {right}x{right} give"
