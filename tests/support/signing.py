"""Torch runs a fixture: what it raises, and the values that the noted statements have."""

from __future__ import annotations

import ast
import types
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.answers import Answer
from tests.support.notes import Fixture, Noted, valued
from tests.support.oracle import told

NOTE = "__note__"


@dataclass(frozen=True)
class Refused:
    """An exception, and the deepest line of the fixture that it went through."""

    line: int
    error: str
    sentence: str


@dataclass
class Signed:
    """What came of running a fixture."""

    refused: list[Refused] = field(default_factory=list)
    values: dict[int, list[Answer]] = field(default_factory=dict)


def sign(fixture: Fixture) -> Signed:
    """Run each top-level statement, and then what is asked, whatever became of those before it."""
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
    signed = Signed()

    def note(line: int, value: Any) -> Any:
        signed.values.setdefault(line, []).append(told(value))
        return value

    module = types.ModuleType("__main__")
    names = vars(module)
    names.update({"__file__": str(fixture.path), NOTE: note})
    tree = _Noting(fixture.values).visit(fixture.tree)
    parts: list[Callable[[], object]] = [
        lambda part=part: exec(compile(ast.Module([part], []), str(fixture.path), "exec"), names)  # type: ignore[misc]
        for part in ast.fix_missing_locations(tree).body
    ]
    for asked in fixture.asked:
        code = compile("\n" * (asked.line - 1) + asked.source, str(fixture.path), "eval")
        parts.append(lambda code=code: eval(code, names))  # type: ignore[misc]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part in parts:
            try:
                part()
            except Exception as error:  # whatever it is, it is what the fixture is about
                signed.refused.append(Refused(_line(error, fixture), type(error).__name__, str(error)))
    return signed


class _Noting(ast.NodeTransformer):
    """Wraps the values of noted statements."""

    def __init__(self, values: Mapping[int, Noted]) -> None:
        self.places = {(noted.statement, noted.place): noted.line for noted in values.values()}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        value = valued(node) if isinstance(node, ast.stmt) else None
        if value is not None and isinstance(node, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)):
            assert value.end_lineno is not None
            assert value.end_col_offset is not None
            place = (value.lineno, value.col_offset + 1, value.end_lineno, value.end_col_offset + 1)
            line = self.places.get((node.lineno, place))
            if line is not None:
                node.value = ast.copy_location(ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(line), value], []), value)
        return node


def _line(error: BaseException, fixture: Fixture) -> int:
    """The deepest line of the fixture in a traceback, 0 for none."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(fixture.path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
