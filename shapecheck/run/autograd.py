"""`torch.autograd.Function`: what `apply` gives is what the `forward` of the user's subclass gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Class, ClassMethodValue, Function, Native, StaticValue
from shapecheck.values import Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

NAMES = ("torch.autograd.Function", "torch.autograd.function.Function", "torch.autograd.function.InplaceFunction")
CONTEXT = Class("FunctionCtx", (), {}, "the context of an autograd function")


def base_class(name: str) -> Class | None:
    """The class that stands for `torch.autograd.Function`, or None."""
    if name not in NAMES:
        return None
    cls = Class("Function", (), {"apply": ClassMethodValue(Native("apply", _apply))})
    cls.full_name = NAMES[0]
    return cls


def _apply(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    cls = args[0]
    found = cls.find("forward") if isinstance(cls, Class) else None
    forward = found[0].function if found is not None and isinstance(found[0], StaticValue) else found[0] if found is not None else None
    if not isinstance(forward, Function):
        return Unknown("an autograd function without a forward")
    context = [] if cls.find("setup_context") is not None else [Instance(CONTEXT)]
    return run.call(forward, [*context, *args[1:]], kwargs)
