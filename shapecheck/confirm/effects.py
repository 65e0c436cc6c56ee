"""Which variables a statement binds, and whose objects it may change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shapecheck.confirm.outline import Item
from shapecheck.source import ir
from shapecheck.source.bindings import bound_names
from shapecheck.source.reads import declared_global, inside, parts_changed, root

# methods of lists, dicts, modules and tensors that change what they belong to in a way that shapes and types may depend on
CHANGING = frozenset(
    (
        "append extend insert pop remove clear update add setdefault sort reverse popitem discard appendleft extendleft "
        "add_module register_module register_buffer register_parameter register_forward_hook register_forward_pre_hook apply "
        "double half float bfloat16 type to eval train set_default_dtype"
    ).split()
)
# methods that leave the shapes of their object as they are; any other method is taken to change it when we are careful
HARMLESS = frozenset(
    (
        "parameters named_parameters buffers named_buffers children named_children modules named_modules state_dict load_state_dict "
        "cuda cpu zero_grad backward step item numpy detach requires_grad_ share_memory shape size dim numel items keys values get "
        "format join split strip startswith endswith copy index count"
    ).split()
)
ALIASING = ("children", "modules", "named_children", "named_modules", "items", "values")


class Effects:
    """What the statements of one file do to its variables. careful: a call that is not known may change what it is given."""

    def __init__(self, items: Sequence[Item], careful: bool) -> None:
        self.careful = careful
        every = [each for item in items for each in (item, *item.within())]
        statements = [statement for item in every for statement in item.statements if not item.blocks]
        self.bound_somewhere = {name for item in items for name in bound_names(item.statements)}
        self.imported = set(bound_names(s for s in statements if isinstance(s, (ir.Import, ir.ImportFrom))))
        definitions = list(inside(tuple(statements), (ir.FuncDef, ir.LambdaExpr), functions=True))
        self.functions = {item.name: item for item in statements if isinstance(item, (ir.FuncDef, ir.ClassDef))}
        self.changing = {each.name for each in definitions if isinstance(each, ir.FuncDef) and _changes_a_parameter(each)} - {"__init__"}
        self.globals = {
            name: declared
            for name, function in self.functions.items()
            if isinstance(function, ir.FuncDef) and (declared := declared_global(function))
        }
        self.aliases = self._aliases(every)
        self._changed: dict[int, frozenset[str]] = {}

    def binds(self, item: Item) -> set[str]:
        """Names that the item binds, in its blocks too."""
        return set(bound_names(item.statements))

    def binds_surely(self, item: Item) -> set[str]:
        """Names that have a new value behind the item, whatever they were before."""
        found: set[str] = set()
        for statement in item.statements:
            if isinstance(statement, (ir.FuncDef, ir.ClassDef, ir.ImportFrom, ir.Assign)) or (
                isinstance(statement, ir.Import) and not any("." in name for name, _ in statement.names)
            ):
                found |= set(bound_names((statement,)))
        return found

    def changes(self, item: Item) -> frozenset[str]:
        """Variables whose objects a simple statement may change, and names for the same objects."""
        if id(item) not in self._changed:
            found = {name for statement in item.statements for name in self._changed_by(statement)}
            for name in list(found):
                found |= self.aliases.get(name, set())
            self._changed[id(item)] = frozenset(found)
        return self._changed[id(item)]

    def is_local(self, expression: Any) -> bool:
        """Whether an expression begins with a function or class of this file."""
        return root(expression) in self.functions

    def _changed_by(self, statement: Any) -> Iterator[str]:
        if isinstance(statement, (ir.FuncDef, ir.ClassDef)):
            return
        yield from parts_changed(statement)
        for call in inside(statement, ir.Call):
            yield from self._changed_by_call(call)

    def _changed_by_call(self, call: ir.Call) -> Iterator[str]:
        function = call.func
        name = function.name if isinstance(function, ir.Attr) else function.id if isinstance(function, ir.Name) else ""
        owner = _owner(function.value) if isinstance(function, ir.Attr) else None
        in_place = name.endswith("_") and not name.endswith("__")
        if owner is not None and owner not in self.imported:
            known = name in CHANGING or name in self.changing or in_place
            if known or (self.careful and name not in HARMLESS):
                yield owner
        if self.careful and isinstance(function, ir.Name):
            yield name  # a call of an object may change it: lazy layers, counters
        given = [found for arg in call.args if (found := _owner(arg.value)) is not None]
        if name in ("setattr", "delattr") or name in self.changing or (self.careful and name != "print"):
            yield from given
        yield from self.globals.get(name, ())

    def _aliases(self, items: Sequence[Item]) -> dict[str, set[str]]:
        """Names that may stand for a part of another name's object: `backbone = model.backbone`, `for layer in model.children():`."""
        found: dict[str, set[str]] = {}
        for item in items:
            for statement in item.statements:
                if isinstance(statement, ir.Assign):
                    pairs = [(target, statement.value) for target in statement.targets]
                elif isinstance(statement, ir.For):
                    pairs = [(statement.target, statement.iter)]
                else:
                    continue
                for target, value in pairs:
                    self._alias(found, target, value)
        return found

    def _alias(self, found: dict[str, set[str]], target: Any, value: Any) -> None:
        other = _owner(value)
        if other is None or other in self.imported:
            return
        for name in bound_names((ir.Assign(0, (target,), value),)):
            found.setdefault(name, set()).update({other}, found.get(other, ()))
            found.setdefault(other, set()).add(name)


def _owner(expression: Any) -> str | None:
    """The variable that an expression is a part of: `model` of `model.layers[0]` and of `model.children()`, not of `model(x)`."""
    part = expression
    while isinstance(part, (ir.Attr, ir.Subscript, ir.Starred, ir.Call)):
        if isinstance(part, ir.Call):
            if not (isinstance(part.func, ir.Attr) and part.func.name in ALIASING):
                return None
            part = part.func
        part = part.value
    return part.id if isinstance(part, ir.Name) else None


def _changes_a_parameter(function: ir.FuncDef) -> bool:
    """Whether a function assigns to parts of what it is given, or calls what does: `model.fc = …`, `self.layers.append(…)`."""
    params = {param.name for param in function.params.params}
    for node in inside(function.body, ir.Node):
        if any(name in params for name in parts_changed(node)):
            return True
        if isinstance(node, ir.Call) and isinstance(node.func, ir.Attr) and node.func.name in CHANGING and root(node.func.value) in params:
            return True
        if isinstance(node, ir.Call) and isinstance(node.func, ir.Name) and node.func.id == "setattr":
            return True
    return False
