"""Items of a dict that are there on some paths only: where two arms met, one of which had put them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.run.conditions import as_condition
from shapecheck.run.namespace import FILLED_ELSEWHERE
from shapecheck.values import MISSING, Choice, Cond, DictValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

ARGUMENTS_OF_AN_ENTRY = "the arguments of an entry are not known"  # why the `**kwargs` of a function that an entry calls are open
MAY_BE_MISSING = "a key that is there on some paths only"


def present(run: Run, value: Any) -> bool | Cond:
    """Whether an item of a dict is there: on some paths it may not have been put."""
    value = run.resolve(value)
    if type(value) is not Choice:
        return value is not MISSING
    answer = run.lift(value, lambda each: present(run, each))
    return run.undecided() if isinstance(answer, Unknown) else as_condition(answer)


def filled(run: Run, value: Any, default: Any) -> Any:
    """An item of a dict, and `default` where it is not there."""
    value = run.resolve(value)
    if type(value) is Choice:
        yes, no = filled(run, value.yes, default), filled(run, value.no, default)
        return value if yes is value.yes and no is value.no else Choice(value.guard, yes, no)
    return default if value is MISSING else value


def uncertain(run: Run, self: DictValue) -> str | None:
    """Why not all keys of a dict are known."""
    return self.open or next((MAY_BE_MISSING for item in self.items.values() if present(run, item) is not True), None)


def look_up(run: Run, self: DictValue, key: Any) -> Any:
    """An item of a dict, or MISSING; of a registry that decorators of imported files fill, what is decorated there is defined first."""
    found = self.items.get(key, MISSING)
    if found is MISSING and self.open == FILLED_ELSEWHERE and isinstance(key, str) and key:
        for namespace in list(run.imports.loaded.values()):
            namespace.register(run, key)
            if key in self.items:
                break
        found = self.items.get(key, MISSING)
    return found
