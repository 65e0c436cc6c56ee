"""Expressions of the IR to values. One function a node kind; `TABLE` finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import TensorMethod
from shapecheck.run.operators import is_short
from shapecheck.run.sets import set_of
from shapecheck.source import ir
from shapecheck.values import MISSING, Choice, Cond, DictValue, External, ListValue, Repeated, Unknown

if TYPE_CHECKING:
    from shapecheck.run.frame import Frame
    from shapecheck.run.run import Run


def const(run: Run, node: Any, frame: Frame) -> Any:
    return node.value


def name(run: Run, node: Any, frame: Frame) -> Any:
    return run.names.lookup(node, frame)


def attr(run: Run, node: Any, frame: Frame) -> Any:
    value = run.evaluate(node.value, frame)
    frame.node = node
    return run.attribute(value, node.name)


def call(run: Run, node: Any, frame: Frame) -> Any:
    func = node.func
    if type(func) is ir.Name and func.id == "super" and not node.args:
        return run.classes.bare_super(frame)
    function = run.evaluate(func, frame)
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    unclear: str | None = None
    for arg in node.args:
        value = run.evaluate(arg.value, frame)
        if not arg.star:
            if arg.name is None:
                args.append(value)
            else:
                kwargs[arg.name] = value
        elif arg.star == "*":
            items = run.items(value)
            if type(items) is tuple:
                args.extend(items)
            else:
                unclear = items.why if isinstance(items, Unknown) else "* of a list of unknown length"
        else:
            value = run.resolve(value)
            if isinstance(value, DictValue):
                for key, item in value.items.items():
                    if type(item) is Choice and may_be_missing(run.settled(item)):
                        unclear = "an argument that may be missing"
                    elif isinstance(key, str):
                        kwargs[key] = item
                unclear = unclear or value.open
            elif value is not None:
                unclear = value.why if isinstance(value, Unknown) else "** of a dict that is not known"
    frame.node = node
    if "out" not in kwargs:
        return run.call(function, args, kwargs, unclear)
    result = run.call(function, args, kwargs, unclear)
    if isinstance(result, Unknown) and isinstance(function, (External, TensorMethod)):
        _forget_out(run, node, result, frame)
    return result


def _forget_out(run: Run, node: Any, result: Unknown, frame: Frame) -> None:
    """What a result that is not known was written into (`out=buffer`) is not known either."""
    for arg in node.args:
        for target in arg.value.items if arg.name == "out" and type(arg.value) is ir.TupleExpr else (arg.value,):
            if arg.name == "out" and type(target) in (ir.Name, ir.Attr):
                run.assign(target, Unknown(result.why), frame)


def may_be_missing(value: Any) -> bool:
    """Whether a value may not be there at all on some path."""
    return value is MISSING or (type(value) is Choice and (may_be_missing(value.yes) or may_be_missing(value.no)))


def binary(run: Run, node: Any, frame: Frame) -> Any:
    # a chain `a + b + c + …` leans to the left: walk it without recursion
    chain = [node]
    while type(chain[-1].left) is ir.Bin:
        chain.append(chain[-1].left)
    value = run.evaluate(chain[-1].left, frame)
    for part in reversed(chain):
        right = run.evaluate(part.right, frame)
        frame.node = part
        value = run.binary(part.op, value, right)
        if run.trace is not None and part is not node:
            run.trace.record(frame, part, value)
    return value


def unary(run: Run, node: Any, frame: Frame) -> Any:
    value = run.evaluate(node.value, frame)
    frame.node = node
    return run.unary(node.op, value)


def compare(run: Run, node: Any, frame: Frame) -> Any:
    left = run.evaluate(node.left, frame)
    result: Any = True
    for op, right_node in node.rest:
        right = run.evaluate(right_node, frame)
        frame.node = node
        answer = run.compare(op, left, right)
        if result is True:
            result = answer
        else:
            result = run.conjunction(result, answer)
        if result is False:
            return False
        left = right
    return result


def boolop(run: Run, node: Any, frame: Frame) -> Any:
    return _boolop(run, node.op, node.values, 0, frame)


def _boolop(run: Run, op: str, values: tuple[Any, ...], place: int, frame: Frame) -> Any:
    value = run.evaluate(values[place], frame)
    if place == len(values) - 1:
        return value
    truth = run.truth(value)
    if isinstance(truth, bool):
        return value if truth is (op == "or") else _boolop(run, op, values, place + 1, frame)
    # undecided: the rest runs only where this one lets it
    holds = op == "and"
    rest = run.under(truth, holds, lambda: _boolop(run, op, values, place + 1, frame))
    if rest is MISSING:  # the rest cannot be reached
        return value
    if isinstance(value, (Cond, bool)) and type(rest) is Choice and _is_condition(rest):
        rest = run.truth(rest)
    if isinstance(value, (Cond, bool)) and isinstance(rest, (Cond, bool)):
        if isinstance(rest, bool):
            return truth if rest is holds else not holds
        return Cond(op, (truth, rest))
    return run.join(truth, rest, value) if holds else run.join(truth, value, rest)


def _is_condition(value: Any) -> bool:
    """Whether a value is made of truth values alone."""
    return isinstance(value, (bool, Cond)) or (type(value) is Choice and _is_condition(value.yes) and _is_condition(value.no))


def ifexp(run: Run, node: Any, frame: Frame) -> Any:
    truth = run.truth(run.evaluate(node.test, frame))
    if isinstance(truth, bool):
        return run.evaluate(node.then if truth else node.orelse, frame)
    return run.either(truth, lambda: run.evaluate(node.then, frame), lambda: run.evaluate(node.orelse, frame))


def subscript(run: Run, node: Any, frame: Frame) -> Any:
    value = run.evaluate(node.value, frame)
    index = run.evaluate(node.index, frame)
    frame.node = node
    return run.subscript(value, index)


def slice_(run: Run, node: Any, frame: Frame) -> Any:
    parts = [None if part is None else run.resolve(run.evaluate(part, frame)) for part in (node.lower, node.upper, node.step)]
    return slice(*parts)


def _display(run: Run, items: Any, frame: Frame) -> tuple[Any, ...] | Unknown | Repeated:
    result: list[Any] = []
    for item in items:
        if type(item) is ir.Starred:
            inner = run.items(run.evaluate(item.value, frame))
            if type(inner) is not tuple:
                if len(items) == 1 and isinstance(inner, Repeated):
                    return inner
                return inner if isinstance(inner, Unknown) else Unknown("* of a list of unknown length")
            result.extend(inner)
        else:
            result.append(run.evaluate(item, frame))
    return tuple(result)


def tuple_(run: Run, node: Any, frame: Frame) -> Any:
    items = _display(run, node.items, frame)
    return ListValue(items) if isinstance(items, Repeated) else items


def list_(run: Run, node: Any, frame: Frame) -> Any:
    items = _display(run, node.items, frame)
    return items if isinstance(items, Unknown) else ListValue(items)


def set_(run: Run, node: Any, frame: Frame) -> Any:
    items = _display(run, node.items, frame)
    return set_of(run, items)


def dict_(run: Run, node: Any, frame: Frame) -> Any:
    items: dict[Any, Any] = {}
    unclear: str | None = None
    for key_node, value_node in node.items:
        if key_node is None:
            inner = run.resolve(run.evaluate(value_node, frame))
            if isinstance(inner, DictValue):
                items.update(inner.items)
                unclear = unclear or inner.open
            else:
                unclear = inner.why if isinstance(inner, Unknown) else "** of a dict that is not known"
            continue
        key = run.key(run.evaluate(key_node, frame))
        value = run.evaluate(value_node, frame)
        if key is MISSING:
            unclear = "a key that is not known"
        else:
            items[key] = value
    return DictValue(items, unclear)


def starred(run: Run, node: Any, frame: Frame) -> Any:
    return run.evaluate(node.value, frame)


def comprehension(run: Run, node: Any, frame: Frame) -> Any:
    return run.loops.comprehension(node, frame)


def lambda_(run: Run, node: Any, frame: Frame) -> Any:
    return run.calls.make_function("<lambda>", node.params, node.body, node, frame)


def fstring(run: Run, node: Any, frame: Frame) -> Any:
    values = [None if isinstance(part, str) else run.resolve(run.evaluate(part[0], frame)) for part in node.parts]
    return run.lifted(values, {}, lambda settled, _: _formatted(node.parts, settled))


def _formatted(parts: Any, values: list[Any]) -> Any:
    """The text of an f-string whose expressions have these values."""
    text: list[str] = []
    unknown: Any = None
    for part, value in zip(parts, values, strict=True):
        if isinstance(part, str):
            text.append(part)
            continue
        _, conversion, spec = part
        if isinstance(value, (str, int, float)) and all(isinstance(piece, str) for piece in spec or ()):
            try:
                shown = repr(value) if conversion == "r" else value
                if not is_short("".join(spec or ()), ()):
                    raise ValueError("a huge width")
                text.append(format(shown, "".join(spec or ())))
            except (ValueError, TypeError, OverflowError):
                unknown = Unknown("an f-string that cannot be formatted")
        else:
            unknown = Unknown("an f-string of values that are not known")
    return unknown if unknown is not None else "".join(text)


def walrus(run: Run, node: Any, frame: Frame) -> Any:
    value = run.evaluate(node.value, frame)
    inner, frame.env = frame.env, run.loops.scope_around(frame.env)
    run.assign(node.target, value, frame)
    frame.env = inner
    return value


def await_(run: Run, node: Any, frame: Frame) -> Any:
    return run.evaluate(node.value, frame)


def yield_(run: Run, node: Any, frame: Frame) -> Any:
    value = None if node.value is None else run.evaluate(node.value, frame)
    if node.is_from:
        items = run.items(value)
        if type(items) is tuple:
            frame.yielded.extend(items)
        else:
            frame.yielded.append(Unknown("yield from a list of unknown length"))
    else:
        frame.yielded.append(value)
        if frame.at_yield is not None:
            frame.at_yield(value)
    return None


TABLE: dict[type, Callable[[Any, Any, Any], Any]] = {
    ir.Const: const,
    ir.Name: name,
    ir.Attr: attr,
    ir.Call: call,
    ir.Bin: binary,
    ir.Unary: unary,
    ir.Compare: compare,
    ir.BoolOp: boolop,
    ir.IfExp: ifexp,
    ir.Subscript: subscript,
    ir.SliceExpr: slice_,
    ir.TupleExpr: tuple_,
    ir.ListExpr: list_,
    ir.SetExpr: set_,
    ir.DictExpr: dict_,
    ir.Starred: starred,
    ir.Comprehension: comprehension,
    ir.LambdaExpr: lambda_,
    ir.FString: fstring,
    ir.Walrus: walrus,
    ir.AwaitExpr: await_,
    ir.YieldExpr: yield_,
}
