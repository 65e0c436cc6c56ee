"""The parameters of every rule are torch's own: names, order and defaults."""

from __future__ import annotations

import contextlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

from shapecheck.book.bind import ALIASES, Signature
from shapecheck.book.outcome import Refused, Unsure
from shapecheck.book.rule import LayerRule, OpRule
from tests.support.cases import rules
from tests.support.signatures import UNCLEAR, Form, constructor_forms, forms, of_python

pytest.importorskip("torch")

# What differs on purpose, and why. An entry that no longer differs fails.
LENIENT = {
    "torch.tensor": "the stub leaves out the star after `data`",
    "torch.Tensor.new_tensor": "the stub leaves out the star after `data`",
    "torch.Tensor.requires_grad_": "the stub calls it `mode`, torch `requires_grad`",
    "torch.linspace": "the stub gives `steps` a default, which torch refuses",
    "torch.logspace": "the stub gives `steps` a default, which torch refuses",
    "torch.Tensor.new": "the constructor of long ago, with a name for every kind of argument; it is called by place",
    "torch.repeat_interleave": "a tensor alone is `repeats`; it is given by place",
    "torch.isin": "the overloads for numbers have names in the singular",
    "torch.result_type": "two operands of any kind, with other names for every kind",
    **{
        f"{place}.{name}": "`indices_or_sections` as it is documented; the overloads have a name for each kind"
        for place in ("torch", "torch.Tensor")
        for name in ("tensor_split", "hsplit", "vsplit", "dsplit")
    },
    "torch.nn.RNN": "`proj_size` is in the base class, which refuses it for all but LSTM, and not in the overloads",
    "torch.nn.GRU": "`proj_size` is in the base class, which refuses it for all but LSTM, and not in the overloads",
}


def callable_by_name(name: str) -> bool:
    """Operators are called by place only, and einops is not torch."""
    return name.startswith("torch.") and not name.endswith("__")


OPS = [(rule, name) for rule in rules() if isinstance(rule, OpRule) and not rule.raw for name in rule.names if callable_by_name(name)]
LAYERS = [(rule, name) for rule in rules() if isinstance(rule, LayerRule) for name in rule.names]


def settle(name: str, problems: list[str]) -> None:
    """Fail on problems, or on a leniency without one."""
    if name in LENIENT:
        assert problems, f"{name} is as torch has it: strike it from LENIENT"
    else:
        assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("rule", "name"), OPS, ids=[name.removeprefix("torch.") for _, name in OPS])
def test_op(rule: OpRule, name: str) -> None:
    method = name.startswith("torch.Tensor.")
    try:
        found = forms(name)
    except AttributeError:
        settle(name, [f"torch has no {name}"])
        return
    signature, ours = rule.signature, of_python(rule.function)
    problems = [problem for form in found for problem in binding_problems(signature, form, name, method)]
    problems += [*order_problems(signature, found, method), *default_problems(ours, found)]
    settle(name, list(dict.fromkeys(problems)))


def binding_problems(signature: Signature, form: Form, name: str, method: bool) -> Iterator[str]:
    """Calls that torch takes are refused: with every argument by its place, with every argument by its name, with the least of them."""
    first = ["receiver"] if method else []
    values = {parameter: f"<{parameter}>" for parameter in form.names}
    by_place = [*first, *(values[parameter] for parameter in form.positional), *(["<1>", "<2>"] if form.starred else [])]
    ways: list[tuple[list[str], dict[str, str]]] = [(by_place, {parameter: values[parameter] for parameter in form.keyword_only})]
    if "from_" not in values:  # torch calls it `from`, which cannot be written
        ways += [(first, values), (first, {parameter: values[parameter] for parameter in form.required})]
    for args, kwargs in ways:
        try:
            with contextlib.suppress(Unsure):  # `out=`, which no rule takes and none refuses
                signature.place(args, kwargs, name)
        except Refused as refused:
            yield f"torch has {form}: {refused.sentence}"


def order_problems(signature: Signature, found: list[Form], method: bool) -> Iterator[str]:
    """A parameter at a place is called as torch calls it there, in this overload or in another."""
    ours = signature.positional[int(method) :]
    for form in found:
        for place, theirs in enumerate(form.positional[: len(ours)]):
            called = {other.positional[place] for other in found if place < len(other.positional)}
            if ours[place] not in called | {ALIASES.get(name, name) for name in called}:
                yield f"torch has {form}: {theirs} at the place of {ours[place]}"


def default_problems(ours: Form, found: list[Form]) -> Iterator[str]:
    """A default is one that torch has. Where torch has none it stands for an argument that one of the overloads does without."""
    for name, value in ours.defaults.items():
        theirs = [form.defaults[name] for form in found if name in form.defaults]
        if theirs and not any(same_default(value, other) for other in theirs):
            yield f"{name}={value!r}, torch has {', '.join(map(repr, theirs))}"
        if not theirs and len(found) == 1 and name in found[0].names:
            yield f"{name}={value!r}, torch has no default"


def same_default(ours: Any, theirs: Any) -> bool:
    """Equal; or one number for all axes; or None for an option that is off and for sizes that are left to torch."""
    if UNCLEAR in (ours, theirs):
        return True
    if isinstance(theirs, tuple) and not isinstance(ours, tuple):
        return set(theirs) == {ours} if theirs else ours is None
    return bool(ours == theirs) or (ours is None and theirs is False)


@pytest.mark.parametrize(("rule", "name"), LAYERS, ids=[name.removeprefix("torch.") for _, name in LAYERS])
def test_layer(rule: LayerRule, name: str) -> None:
    pytest.importorskip(name.partition(".")[0])
    try:
        cls = pkgutil.resolve_name(name)
    except AttributeError:
        settle(name, [f"torch has no {name}"])
        return
    ours, theirs = of_python(rule.cls.__init__, method=True), constructor_forms(cls)  # type: ignore[misc]
    if all(form.open and not form.names for form in theirs) and not ours.open:
        pytest.skip("Python 3.10 does not tell the overloads of this constructor")
    built = [form_problems(ours, form) for form in theirs]
    called = []
    if rule.module:
        called = form_problems(of_python(inspect.getattr_static(rule.cls, "forward"), method=True), of_python(cls.forward, method=True))
    settle(name, [*(f"__init__: {problem}" for problem in min(built, key=len)), *(f"forward: {problem}" for problem in called)])


def form_problems(ours: Form, theirs: Form) -> list[str]:
    """Where two signatures differ."""
    if (ours.names, ours.keyword_only, ours.starred is None, ours.open) != (
        theirs.names,
        theirs.keyword_only,
        theirs.starred is None,
        theirs.open,
    ):
        return [f"{ours}, torch has {theirs}"]
    return [
        f"{name}={ours.defaults.get(name)!r}, torch has {theirs.defaults.get(name)!r}"
        for name in ours.names
        if (name in ours.defaults) != (name in theirs.defaults)
        or (name in ours.defaults and not same_default(ours.defaults[name], theirs.defaults[name]))
    ]


def test_no_entry_of_the_list_is_stale() -> None:
    known = {name for _, name in [*OPS, *LAYERS]}
    assert LENIENT.keys() <= known
