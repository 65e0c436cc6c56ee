"""A call, as a program and as torch's own values."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.written import Scope


@dataclass
class Sample:
    """One call out of torch's tables, or a random one.

    entry       the entry of the table: 'add', 'nn.Conv2d', with the name of its variant.
    name        what is called: 'torch.add', 'torch.Tensor.add_', 'torch.nn.Conv2d'.
    key         what finds the sample again: the entry, the spelling and a number.
    statements  what the program does first, a line each: inputs, and the building of layers.
    expression  the call itself.
    tensors     what torch shall have for the inputs, by their names in the program.
    build       which of the statements build a layer: torch runs these as they are written.
    pattern     of a call that torch refuses: the pattern of its sentence; '' where the table knows none.
    """

    entry: str
    name: str
    key: str
    statements: list[str]
    expression: str
    tensors: Scope = field(default_factory=dict)
    build: list[str] = field(default_factory=list)
    pattern: str | None = None

    @property
    def lines(self) -> list[str]:
        return [*self.statements, *self.build]
