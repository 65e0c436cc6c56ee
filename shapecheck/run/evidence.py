"""From a refusal to a report: the place, both ends of the mismatch, the witness, the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapecheck.book.context import enter
from shapecheck.findings.catalogue import by_code
from shapecheck.findings.report import Edit, Fix, Range, Report, Step, Witness
from shapecheck.run.handed import handed
from shapecheck.run.objects import Class, FileModule
from shapecheck.run.refusal import Refusal
from shapecheck.run.run import Run
from shapecheck.sizes import Facts, Poly
from shapecheck.source import ir
from shapecheck.source.paths import shown
from shapecheck.values import External, Free, Instance, Tensor

Place = tuple[Any, int, int]
MAX_STEPS = 3


class Evidence:
    """Builds the reports of one file's runs. `reportable` says which files may carry a report."""

    def __init__(self, run: Run, reportable: Callable[[str], bool]) -> None:
        self.run = run
        self.reportable = reportable

    def report(self, refusal: Refusal) -> Report | None:
        """The report of a refusal, or None when no frame stands in a file that may carry one."""
        enter(self.run.context)
        at = next((place for place in range(len(refusal.stack) - 1, -1, -1) if self._may(refusal.stack[place][0])), None)
        if at is None:
            return None
        place, symbol = refusal.stack[at]
        refused = refusal.refused
        facts: Facts = refusal.facts
        node = find_node(place)
        tensor = refused.culprit if isinstance(refused.culprit, Tensor) else refusal.tensors[0] if refusal.tensors else None
        made, hint, fix = self._constructor(refusal, place)
        flow = self._flow(refusal, place, facts, tensor)
        return Report(
            finding=by_code(refused.code),
            message=refused.message,
            torch=refused.sentence if refused.raises else None,
            path=str(place[0].module.path),
            range=range_of(place),
            symbol="" if symbol == "<module>" else symbol,
            expected=settled(refused.expected, facts),
            actual=settled(refused.actual, facts),
            hint=refused.hint or hint,
            fix=None if refused.hint else fix,
            witness=self._witness(refusal, place, facts),
            trail=(*made, *self._giver(refusal, made), *flow, *self._otherwise(refusal, place)),
            note=self._note(node, refusal, place, facts),
        )

    def _may(self, place: Place) -> bool:
        return self.reportable(str(place[0].module.path))

    def _constructor(self, refusal: Refusal, accused: Place) -> tuple[list[Step], str | None, Fix | None]:
        """The line where the layer was built, pointing at the argument that does not fit, and what to write there."""
        instance = refusal.instance
        if instance is None or instance.call is None:
            return [], None, None
        namespace, chunk, node = instance.call
        if type(node) is not ir.Call or (chunk, node.n) == accused[1:]:
            return [], None, None
        blame = refusal.refused.blame
        path = str(namespace.module.path)
        argument = self._argument(instance, node, blame) if blame else None
        if argument is None or blame is None:
            return [Step(path, range_of((namespace, chunk, node.n)), self._label(instance, refusal.facts), role="made")], None, None
        value = settled(instance.attrs.get(blame, refusal.refused.expected), refusal.facts)
        value = value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value
        step = Step(path, range_of((namespace, chunk, argument.n)), f"{blame} is {value}", role="made")
        outer = [
            Step(str(its.namespace.module.path), range_of((its.namespace, its.chunk, its.value.n)), f"{its.name} is {value}", role="made")
            for its in handed(argument, namespace, chunk, refusal.receivers)
        ]
        actual = settled(refusal.refused.actual, refusal.facts)
        if type(argument) is not ir.Const or not isinstance(actual, int) or isinstance(actual, bool) or actual < 1:
            return [step, *outer], None, None
        fix = Fix(f"{blame}: {actual} for {value}", (Edit(path, step.range, str(actual)),)) if self.reportable(path) else None
        return [step], self._hint(namespace, chunk, node, step.range, actual), fix

    def _giver(self, refusal: Refusal, made: list[Step]) -> list[Step]:
        """The other end of a mismatch: the constructor's argument that gave the tensor the size which does not fit."""
        if refusal.giver is None:
            return []
        layer, name = refusal.giver
        if layer.call is None or type(layer.call[2]) is not ir.Call:
            return []
        namespace, chunk, node = layer.call
        argument = self._argument(layer, node, name)
        if argument is None:
            return []
        value = settled(refusal.refused.actual, refusal.facts)
        step = Step(str(namespace.module.path), range_of((namespace, chunk, argument.n)), f"{name} is {value}", role="made")
        return [step] if all((step.path, step.range) != (other.path, other.range) for other in made) else []

    def _otherwise(self, refusal: Refusal, place: Place) -> list[Step]:
        """What is refused on the other arm of a condition that is not known."""
        if refusal.other is None:
            return []
        there = next((where for where, _ in reversed(refusal.other.stack) if self._may(where)), None)
        if there is None or there[1:] == place[1:]:
            return []
        return [Step(str(there[0].module.path), range_of(there), f"otherwise: {refusal.other.refused.message}", role="made")]

    def _argument(self, instance: Instance, node: Any, blame: str) -> Any:
        """The argument expression of the constructor call that gave this parameter."""
        for arg in node.args:
            if arg.name == blame:
                return arg.value
        rule = instance.cls.rule
        if rule is None or blame not in rule.init_signature.positional or any(arg.star for arg in node.args):
            return None
        place = rule.init_signature.positional.index(blame)
        positional = [arg.value for arg in node.args if arg.name is None]
        return positional[place] if place < len(positional) else None

    def _hint(self, namespace: Any, chunk: int, node: Any, part: Range, actual: int) -> str | None:
        """The constructor call with the right number in it, where it is a line."""
        whole = range_of((namespace, chunk, node.n))
        if whole.line != whole.end_line:
            return None
        line: str = namespace.module.line_text(whole.line)
        return line[whole.column - 1 : part.column - 1] + str(actual) + line[part.end_column - 1 : whole.end_column - 1]

    def _flow(self, refusal: Refusal, accused: Place, facts: Facts, tensor: Tensor | None) -> list[Step]:
        """How the tensor came to its shape: the last few ops that made it, oldest first."""
        steps: list[Step] = []
        current = tensor
        seen = {(str(accused[0].module.path), accused[1], accused[2])}
        while current is not None and current.made is not None and len(steps) < MAX_STEPS:
            made = current.made
            if made.place is None:
                break
            key = (str(made.place[0].module.path), made.place[1], made.place[2])
            parent = made.parents[0] if made.parents else None
            if key not in seen and made.place[2] and (parent is None or parent.shape != current.shape):
                seen.add(key)
                words = f"{shape_words(current.shape, facts)}: {self._label(made.label, facts)}"
                if parent is not None:
                    words += f" of {shape_words(parent.shape, facts)}"
                steps.append(Step(key[0], range_of(made.place), words))
            current = parent
        return steps[::-1]

    def _label(self, label: Any, facts: Facts) -> str:
        if isinstance(label, Instance):
            return self._construct(label) or str(label.cls.name)
        return str(label).rpartition(".")[2]

    def _construct(self, instance: Instance) -> str:
        """The text of the call that built an object, when it is short."""
        if instance.call is None or type(instance.call[2]) is not ir.Call:
            return ""
        namespace, chunk, node = instance.call
        text = text_of((namespace, chunk, node.n))
        head, _, rest = text.partition("(")
        text = f"{head.rpartition('.')[2]}({rest}"
        return text if text.endswith(")") and len(text) <= 60 else f"{instance.cls.name}(…)"

    def _witness(self, refusal: Refusal, place: Place, facts: Facts) -> Witness:
        call = refusal.call
        origin = refusal.stack[0][0]
        note = ""
        if refusal.stack[0][1] == "<module>" and len(refusal.stack) > 1:
            line = range_of(origin).line
            module = origin[0].module
            here = str(module.path) == str(place[0].module.path)
            note = f"from {module.line_name(line) if here else f'{shown(str(module.path))}:{line}'}"
        if call is None:
            return Witness("", {}, note)
        construct = self._construct(call.receiver) if call.receiver is not None else call.label
        if not construct and call.receiver is not None:
            construct = call.receiver.cls.name
        inputs: dict[str, object] = {}
        for name, value in call.arguments.items():
            value = self.run.state.pins.get(value.name, value) if isinstance(value, Free) else value
            if isinstance(value, Tensor):
                inputs[name] = settled(value.shape, facts)
            elif isinstance(value, (int, Poly, str, float)) and not isinstance(value, bool):
                inputs[name] = settled(value, facts)
        if call.receiver is None and not inputs and construct.isidentifier():
            construct += "()"  # a function that is called without arguments
        return Witness(construct, inputs, note)

    def _note(self, node: Any, refusal: Refusal, place: Place, facts: Facts) -> str:
        """What is said under the accused expression."""
        if not refusal.tensors:
            return ""
        if len(refusal.tensors) > 1 and refusal.instance is None:
            shapes = [shape_words(tensor.shape, facts) for tensor in refusal.tensors[:3]]
            return " and ".join(shapes) if len(shapes) < 3 else ", ".join(shapes)
        name = "input"
        if type(node) is ir.Call:
            source = node.args[0].value if node.args else None
            if type(node.func) is ir.Attr and refusal.instance is None and not _of_module(node.func.value, place):
                source = node.func.value
            if type(source) is ir.Name:
                name = source.id
        return f"{name} is {shape_words(refusal.tensors[0].shape, facts)}"


def _of_module(node: Any, place: Place) -> bool:
    """Whether an expression is a name of a module or class, or an attribute of one: `F`, `torch.nn.functional`."""
    while isinstance(node, ir.Attr):
        node = node.value
    return isinstance(node, ir.Name) and isinstance(place[0].env.names.get(node.id), (External, FileModule, Class))


def range_of(place: Place) -> Range:
    """Where a node stands in its file."""
    namespace, chunk, n = place
    found = namespace.module.range_of(chunk, n)
    return Range(*found[:4])


def text_of(place: Place) -> str:
    """The text of a node of one line, else ''."""
    found = range_of(place)
    if found.line != found.end_line:
        return ""
    line: str = place[0].module.line_text(found.line)
    return line[found.column - 1 : found.end_column - 1]


def find_node(place: Place) -> Any:
    """The node with this ordinal."""
    namespace, chunk, n = place
    stack: list[Any] = list(namespace.module.lowered(chunk).statements)
    while stack:
        item = stack.pop()
        if isinstance(item, ir.Node):
            if item.n == n:
                return item
            stack.extend(getattr(item, field) for field in item.fields)
        elif isinstance(item, tuple):
            stack.extend(item)
    return None


def settled(value: Any, facts: Facts) -> Any:
    """Sizes with what the path knows put in."""
    if isinstance(value, Poly):
        return facts.simplify(value)
    if isinstance(value, (tuple, list)):
        return (
            type(value)(settled(item, facts) for item in value)
            if type(value) in (tuple, list)
            else tuple(settled(item, facts) for item in value)
        )
    return value if isinstance(value, (int, float, str, bool)) or value is None else str(value)


def shape_words(shape: tuple[Any, ...], facts: Facts) -> str:
    """(N, 64, H//2)"""
    sizes = [str(settled(size, facts)) for size in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"
