"""One activation of a function, class body or module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapecheck.run.namespace import Namespace
    from shapecheck.run.objects import Class, Env, Function


class Frame:
    """Where evaluation stands: the variables, the chunk whose ordinals count, and the node that is being evaluated."""

    __slots__ = (
        "arguments",
        "at_yield",
        "chunk",
        "defined",
        "env",
        "exits",
        "forks",
        "function",
        "label",
        "mark",
        "namespace",
        "node",
        "owner",
        "receiver",
        "rounds",
        "yielded",
    )

    def __init__(
        self, namespace: Namespace, env: Env, chunk: int, label: str, function: Function | None = None, mark: int = 0, forks: int = 0
    ) -> None:
        self.namespace = namespace
        self.env = env
        self.chunk = chunk
        self.label = label  # 'Net.forward', '<module>'
        self.function = function
        self.owner: Class | None = function.owner if function else None
        self.receiver: Any = None
        self.arguments: dict[str, Any] = {}  # what the parameters were at the call
        self.node: Any = None
        self.exits: list[Any] = []  # what left the block on an undecided arm, see statements.py
        self.mark = mark  # the length of the trail when this frame began
        self.forks = forks  # how many forks were open then
        self.rounds: dict[Any, int] | None = None  # how many rounds each of its loops has gone
        self.defined: list[Function] = []  # functions made here, which a class body makes its own
        self.yielded: list[Any] = []
        self.at_yield: Callable[[Any], None] | None = None  # what runs where a context manager's function yields

    @property
    def place(self) -> tuple[Any, int, int]:
        """The node being evaluated: namespace, chunk, ordinal."""
        return (self.namespace, self.chunk, self.node.n if self.node is not None else 0)
