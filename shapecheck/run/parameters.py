"""`inspect.signature(f).parameters`: the names, kinds and defaults of what functions and classes take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.book.loader import find_op
from shapecheck.run.objects import Bound, Class, ClassMethodValue, Function, Partial, StaticValue
from shapecheck.values import MISSING, DictValue, External, Instance, Unknown

if TYPE_CHECKING:
    from shapecheck.book.bind import Signature
    from shapecheck.run.run import Run

KINDS = {
    "pos_only": "POSITIONAL_ONLY",
    "pos_or_kw": "POSITIONAL_OR_KEYWORD",
    "var_pos": "VAR_POSITIONAL",
    "kw_only": "KEYWORD_ONLY",
    "var_kw": "VAR_KEYWORD",
}
EMPTY = External("inspect.Parameter.empty")
PARAMETER = Class("Parameter", (), {"empty": EMPTY}, "a part of inspect.Parameter")
SIGNATURE = Class("Signature", (), {"empty": EMPTY}, "a part of inspect.Signature")
Found = list[tuple[str, str, Any]]  # name, kind, default or MISSING


def signature(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`inspect.signature(f)`"""
    found = parameters(run, run.resolve(args[0])) if args else None
    if found is None:
        return Unknown("the signature of a callable that is not known")
    made = Instance(SIGNATURE)
    items: dict[Any, Any] = {}
    for name, kind, default in found:
        part = items[name] = Instance(PARAMETER)
        has_none = default is MISSING
        part.attrs.update({"name": name, "kind": External(f"inspect.Parameter.{kind}"), "default": EMPTY if has_none else default})
    made.attrs["parameters"] = DictValue(items)
    return made


def parameters(run: Run, value: Any) -> Found | None:
    """What a callable takes, the first argument of a bound method left out; None where it is not known."""
    if isinstance(value, Function):
        return [(param.name, KINDS[param.kind], value.defaults.get(param.name, MISSING)) for param in value.params]
    if isinstance(value, Bound):
        found = parameters(run, value.function)
        return found[1:] if found else None
    if isinstance(value, (StaticValue, ClassMethodValue)):
        return parameters(run, value.function)
    if isinstance(value, Partial):
        return None if value.args else parameters(run, value.function)
    if isinstance(value, Instance) and run.modules.is_module_class(value.cls):
        forward = value.cls.find("forward")
        return _of_method(run, forward[0]) if forward is not None else None
    cls = run.classes.external(value.name) if isinstance(value, External) else value
    if isinstance(cls, Class):
        return _of_class(run, cls)
    rule = find_op(value.name) if isinstance(value, External) else None
    return _of_rule(rule.signature) if rule is not None and hasattr(rule, "signature") else None


def _of_method(run: Run, value: Any) -> Found | None:
    found = parameters(run, value) if isinstance(value, Function) else None
    return found[1:] if found else None


def _of_class(run: Run, cls: Class) -> Found | None:
    if cls.meta is not None and cls.meta.find("__call__") is not None:
        return None
    found = cls.find("__init__")
    rule = cls.rule
    if rule is not None and (found is None or cls.layer is rule):
        return _of_rule(rule.init_signature)
    return _of_method(run, found[0]) if found is not None else None


def _of_rule(given: Signature) -> Found | None:
    """The parameters of a rule of the book, which are torch's own."""
    if given.var_keyword is not None:
        return None
    found: Found = [(name, "POSITIONAL_OR_KEYWORD", given.defaults.get(name, MISSING)) for name in given.positional]
    if given.var_positional is not None:
        found.append((given.var_positional, "VAR_POSITIONAL", MISSING))
    return [*found, *((name, "KEYWORD_ONLY", given.defaults.get(name, MISSING)) for name in given.keyword_only)]
