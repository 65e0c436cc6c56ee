"""How an op or a layer is told to the book.

@op("torch.bmm", "Tensor.bmm")                 names; `Tensor.` and `F.` are short for torch.Tensor. and torch.nn.functional.
def bmm(input: Tensor, mat2: Tensor) -> Tensor: ...

@layer("torch.nn.Linear")
class Linear:
    def __init__(self, in_features: Size, ...): ...      bound parameters are attributes before the body runs
    def forward(self, input: Tensor) -> Tensor: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from shapecheck.book.bind import Signature, to_tensor
from shapecheck.book.misplaced import misplaced
from shapecheck.values import Tensor

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)
SHORT = {"Tensor.": "torch.Tensor.", "F.": "torch.nn.functional.", "nn.": "torch.nn.", "linalg.": "torch.linalg."}


def full_name(name: str) -> str:
    """`F.relu` -> `torch.nn.functional.relu`"""
    for short, long in SHORT.items():
        if name.startswith(short):
            return long + name[len(short) :]
    return name


class OpRule:
    """The rule of an op: a function, the names under which it is called, and the ranks that its tensors may have."""

    __slots__ = ("_signature", "doc", "function", "lazy", "names", "ranks", "raw", "refuses_nothing")

    def __init__(
        self,
        function: Callable[..., Any],
        names: tuple[str, ...],
        ranks: Mapping[str, Sequence[int]],
        refuses_nothing: bool,
        lazy: bool,
        raw: bool,
    ) -> None:
        self.function = function
        self.names = names
        self.ranks = ranks
        self.refuses_nothing = refuses_nothing
        self.lazy = lazy
        self.raw = raw
        self.doc = function.__doc__ or ""
        self._signature: Signature | None = None

    @property
    def signature(self) -> Signature:
        if self._signature is None:
            self._signature = Signature(self.function, skip_first=False)
        return self._signature

    def compile(self) -> None:
        """Read the function's signature now; TypeError where it has an annotation that is none of ours."""
        _ = self.signature

    def apply(self, args: Sequence[Any], kwargs: Mapping[str, Any], name: str) -> Any:
        """Bind and run. Raises Refused or Unsure."""
        if self.raw:
            return self.function(*args, **kwargs)
        positional, keywords = self.signature.bind(args, kwargs, name.rpartition(".")[2] + "()", self.ranks)
        return self.function(*positional, **keywords)


class LayerRule:
    """The rule of a layer class. `cls` holds `__init__` and `forward`; instances of it are never made (see `handle.py`)."""

    __slots__ = ("_forward", "_init", "cls", "doc", "lazy", "module", "name", "names", "ranks", "refuses_nothing")

    def __init__(
        self,
        cls: type,
        names: tuple[str, ...],
        ranks: Mapping[str, Sequence[int]],
        refuses_nothing: bool,
        lazy: bool,
        module: bool = True,
    ) -> None:
        self.cls = cls
        self.names = names
        self.name = names[0].rpartition(".")[2]
        self.ranks = ranks
        self.refuses_nothing = refuses_nothing
        self.lazy = lazy
        self.module = module
        self.doc = cls.__doc__ or ""
        self._init: Signature | None = None
        self._forward: Signature | None = None

    @property
    def init_signature(self) -> Signature:
        if self._init is None:
            self._init = Signature(self.cls.__init__, skip_first=True)  # type: ignore[misc]
        return self._init

    @property
    def forward_signature(self) -> Signature:
        if self._forward is None:
            self._forward = Signature(self.cls.forward, skip_first=True)  # type: ignore[attr-defined]
        return self._forward

    def compile(self) -> None:
        """Read the signatures now; TypeError where one has an annotation that is none of ours."""
        _ = self.init_signature
        if self.module:
            _ = self.forward_signature

    @property
    def takes_tensor(self) -> bool:
        """Whether the first argument of forward has to be one tensor. Recurrent layers take a packed sequence as well."""
        signature = self.forward_signature
        return bool(signature.positional) and (signature.converters[signature.positional[0]] is to_tensor or self.takes_packed)

    @property
    def takes_packed(self) -> bool:
        return self.name in ("LSTM", "GRU", "RNN")

    def construct(self, handle: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Bind the constructor's arguments, store them as attributes, run the rule's `__init__`."""
        signature = self.init_signature
        positional, keywords = signature.bind(args, kwargs, f"{self.name}.__init__()", {}, lenient=True)
        for parameter, value in zip(signature.positional, positional, strict=False):
            setattr(handle, parameter, value)
        for parameter in signature.keyword_only:
            setattr(handle, parameter, keywords[parameter])
        self.cls.__init__(handle, *positional, **keywords)  # type: ignore[misc]

    def forward(self, handle: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Bind the call's arguments and run the rule's `forward`."""
        if args and type(args[0]) is not Tensor and self.takes_tensor:
            refused = misplaced(
                args[0], self.name, self.forward_signature.positional[0], handle, len(args) + len(kwargs) == 1, self.takes_packed
            )
            if refused is not None:
                raise refused
        positional, keywords = self.forward_signature.bind(args, kwargs, f"{self.name}.forward()", self.ranks)
        return self.cls.forward(handle, *positional, **keywords)  # type: ignore[attr-defined]


OPS: dict[str, OpRule] = {}
LAYERS: dict[str, LayerRule] = {}
Ranks = Mapping[str, Sequence[int]] | Sequence[int]


def _ranks(ranks: Ranks | None) -> Mapping[str, Sequence[int]]:
    if ranks is None:
        return {}
    return ranks if isinstance(ranks, Mapping) else {"input": ranks}


def op(*names: str, ranks: Ranks | None = None, refuses_nothing: bool = False, lazy: bool = False, raw: bool = False) -> Callable[[F], F]:
    """Register a function as the rule of these ops.

    ranks   the ranks that free tensors may get, likeliest first: for `input`, or by parameter.
    refuses_nothing   torch accepts every shape, so no refusing example is owed.
    lazy    the result has the shape of the first argument whatever that is: a tensor of unknown rank passes through.
    raw     the function takes the values as they stand and binds by itself.
    """

    def register(function: F) -> F:
        full = tuple(full_name(name) for name in names)
        rule = OpRule(function, full, _ranks(ranks), refuses_nothing, lazy, raw)
        for name in full:
            if name in OPS:
                raise ValueError(f"{name} has two rules: {OPS[name].function.__module__} and {function.__module__}")
            OPS[name] = rule
        return function

    return register


def layer(
    *names: str, ranks: Ranks | None = None, refuses_nothing: bool = False, lazy: bool = False, module: bool = True
) -> Callable[[C], C]:
    """Register a class as the rule of these layers; see `op` for the options.

    module  False for a class that is no nn.Module: it has methods, and cannot be called.
    """

    def register(cls: C) -> C:
        full = tuple(full_name(name) for name in names)
        rule = LayerRule(cls, full, _ranks(ranks), refuses_nothing, lazy, module)
        for name in full:
            if name in LAYERS:
                raise ValueError(f"{name} has two rules: {LAYERS[name].cls.__module__} and {cls.__module__}")
            LAYERS[name] = rule
        return cls

    return register
