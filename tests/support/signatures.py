"""How torch's functions, methods and layers may be called: from Python's own signatures, from the stubs that ship with torch, and
from the schemas of its operators."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

UNCLEAR = object()  # a default that is not a plain Python value
PLAIN = (type(None), bool, int, float, str)


@dataclass
class Form:
    """One way to call something: positional parameters in order, keyword-only ones, and plain defaults."""

    positional: list[str] = field(default_factory=list)
    keyword_only: list[str] = field(default_factory=list)
    starred: str | None = None
    open: bool = False
    defaults: dict[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [*self.positional, *self.keyword_only]

    @property
    def required(self) -> list[str]:
        return [name for name in self.names if name not in self.defaults]

    @property
    def old(self) -> bool:
        """Whether it is the spelling of long ago: torch.add(input, alpha, other), which the stubs give a parameter `self`."""
        return "self" in self.positional or "alpha" in self.positional[1:]

    def __str__(self) -> str:
        def shown(name: str) -> str:
            return f"{name}={'…' if self.defaults[name] is UNCLEAR else self.defaults[name]}" if name in self.defaults else name

        star = [f"*{self.starred}"] if self.starred else ["*"] if self.keyword_only else []
        return f"({', '.join([*map(shown, self.positional), *star, *map(shown, self.keyword_only), *(['**'] if self.open else [])])})"


def of_python(function: Callable[..., Any], method: bool = False) -> Form:
    """The form of a Python function; of a method, without its receiver."""
    form = Form()
    for parameter in list(inspect.signature(function).parameters.values())[int(method) :]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            form.starred = parameter.name
        elif parameter.kind is parameter.VAR_KEYWORD:
            form.open = True
        else:
            (form.keyword_only if parameter.kind is parameter.KEYWORD_ONLY else form.positional).append(parameter.name)
            if parameter.default is not parameter.empty:
                form.defaults[parameter.name] = plain(parameter.default)
    return form


def plain(value: Any) -> Any:
    """A default as something that can be compared."""
    if isinstance(value, (tuple, list)) and all(isinstance(item, PLAIN) for item in value):
        return tuple(value)
    return value if isinstance(value, PLAIN) else UNCLEAR


def constructor_forms(cls: Any) -> list[Form]:
    """How a layer is built. Some constructors say it in overloads only."""
    forms = [of_python(cls.__init__, method=True)]
    if forms[0].open and hasattr(typing, "get_overloads"):
        forms = [of_python(found, method=True) for found in typing.get_overloads(cls.__init__)] or forms
    return forms


def forms(name: str) -> list[Form]:
    """How torch lets an op be called by its full name. Raises AttributeError where torch has no such name; empty: nothing tells."""
    import torch

    found = pkgutil.resolve_name(name)
    method = name.startswith("torch.Tensor.")
    if inspect.isfunction(found) or inspect.ismethod(found):
        return [of_python(function, method and not inspect.ismethod(found)) for function in behind(found)]
    stub = _methods() if method else _functions() if getattr(torch, found.__name__, None) is found else {}
    told = stub.get(found.__name__) or list(of_schemas(found.__name__, method))
    return [form for form in told if not form.old]


def behind(function: Any) -> list[Any]:
    """The functions between which a dispatching wrapper chooses, or the function itself."""
    if not of_python(function).open:
        return [function]
    cells = function.__closure__ or ()
    return [found for cell in cells if inspect.isfunction(cell.cell_contents) for found in behind(cell.cell_contents)]


def of_schemas(name: str, method: bool) -> Iterator[Form]:
    """The forms of an operator's overloads that take tensors; those for named tensors are left out."""
    import torch

    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
        types = [str(argument.type) for argument in schema.arguments]
        if not types or "Tensor" not in types[0] or "Dimname" in str(schema) or (method and "out" in schema.overload_name):
            continue
        form = Form()
        if any(argument.is_out for argument in schema.arguments):
            form.keyword_only.append("out")
        for argument in schema.arguments:
            if argument.is_out:
                continue
            called = "input" if argument.name == "self" else argument.name
            (form.keyword_only if argument.kwarg_only else form.positional).append(called)
            if argument.has_default_value():
                form.defaults[called] = plain(argument.default_value)
        if method:
            del form.positional[0]
        yield form


@cache
def _functions() -> dict[str, list[Form]]:
    """The functions of torch's stubs."""
    return _stubs(_read("_VariableFunctions.pyi").body)


@cache
def _methods() -> dict[str, list[Form]]:
    """The methods of torch's stubs of Tensor."""
    for node in _read("__init__.pyi").body:
        if isinstance(node, ast.ClassDef) and node.name == "TensorBase":
            return _stubs(node.body, method=True)
    raise AssertionError("torch's stubs have no TensorBase")


def _read(name: str) -> ast.Module:
    import torch

    assert torch.__file__ is not None
    return ast.parse((Path(torch.__file__).parent / "_C" / name).read_text(encoding="utf-8"))


def _stubs(body: list[ast.stmt], method: bool = False) -> dict[str, list[Form]]:
    found: dict[str, list[Form]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef) and "Dimname" not in ast.unparse(node.args) and "str | ellipsis" not in ast.unparse(node.args):
            found.setdefault(node.name, []).append(_of_stub(node.args, method))
    return found


def _of_stub(arguments: ast.arguments, method: bool) -> Form:
    positional = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    defaults = dict(zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True))
    keyword_only = [argument.arg for argument in arguments.kwonlyargs]
    defaults.update({name: value for name, value in zip(keyword_only, arguments.kw_defaults, strict=True) if value is not None})
    starred = arguments.vararg.arg if arguments.vararg else None
    return Form(positional[int(method) :], keyword_only, starred, False, {name: _literal(value) for name, value in defaults.items()})


def _literal(node: ast.expr) -> Any:
    try:
        return plain(ast.literal_eval(node))
    except ValueError:
        return UNCLEAR
