"""What a rule may ask of the run it is applied in. The run sets the current context before it applies a rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from shapecheck.sizes import Facts, Poly, Size
from shapecheck.values import Free, Tensor


class Context(Protocol):
    """The run, as rules see it."""

    spelled: str  # the full name under which the rule was called: 'torch.Tensor.add_'

    @property
    def counting(self) -> bool:
        """Whether the work of matrix products is counted."""

    @property
    def facts(self) -> Facts:
        """What is known on the path."""

    def learn(self, facts: Facts | None) -> None:
        """Continue with these facts."""

    def tensor(self, value: Free, ranks: Sequence[int]) -> Tensor:
        """Make a free value a tensor whose rank is one of `ranks`, the likeliest first."""

    def integer(self, value: Free) -> Size:
        """Make a free value an integer."""

    def pinned(self, value: Any) -> Any:
        """What a free value has become, or itself."""

    def choose(self, key: Any, options: int) -> int:
        """Pick one of several cases that cannot be told apart, the likeliest being 0.

        A refusal under one of them is reported only if every other case is refused too.
        """

    def fresh(self, name: str, low: int | None = 0, high: int | None = None) -> Poly:
        """A new size about which only its bounds are known."""

    def multiplied(self, factors: tuple[Size, ...]) -> None:
        """Take note of a matrix product or convolution of so many multiply-adds, if anybody counts."""

    def build(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """A layer of the book (`torch.nn.Linear`)."""

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a function, method, class or layer value as user code would."""


class _Holder:
    context: Context | None = None


def current() -> Context:
    """The context of the rule that is being applied."""
    context = _Holder.context
    assert context is not None, "a rule ran outside a run"
    return context


def enter(context: Context) -> None:
    """Make `context` the current one (one interpreter runs at a time in a process)."""
    _Holder.context = context


def facts() -> Facts:
    """What is known on the current path."""
    return current().facts


def fresh(name: str, low: int | None = 0, high: int | None = None) -> Poly:
    """A new size about which only its bounds are known."""
    return current().fresh(name, low, high)


def multiplied(*factors: Size) -> None:
    """Say that torch multiplies and adds so often here (the product of the factors) in a kernel that torch.utils.flop_counter counts:
    mm, addmm, bmm, baddbmm, convolutions, attention. mv, dot and everything by elements are not among them."""
    current().multiplied(factors)


def counting() -> bool:
    """Whether anybody wants to know of `multiplied`."""
    return current().counting


def spelled() -> str:
    """The name under which the rule was called, without its module: 'add_'."""
    return current().spelled.rpartition(".")[2]


def inplace() -> bool:
    """Whether the op was called by its in-place name (`add_`)."""
    name = spelled()
    return name.endswith("_") and not name.endswith("__")


def build(name: str, *args: Any, **kwargs: Any) -> Any:
    """A layer of the book, made as user code would make it."""
    return current().build(name, *args, **kwargs)


def call(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call a value as user code would."""
    return current().call(function, *args, **kwargs)
