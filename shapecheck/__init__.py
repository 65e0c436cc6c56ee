"""shapecheck: finds PyTorch shape errors in source code, without running it.

    >>> import shapecheck
    >>> outcome = shapecheck.check_paths(["models/"])        # doctest: +SKIP
    >>> outcome = shapecheck.check_source("import torch\\n")  # doctest: +SKIP
    >>> summary = shapecheck.summarize("net.py:Net(10)", "N,3,224,224")  # doctest: +SKIP

The engine is imported when one of these is first asked for, so that `import shapecheck` costs nothing.
"""

from __future__ import annotations

from shapecheck.version import __version__

TYPE_CHECKING = False  # type checkers take it for true; typing's own would cost more than all the rest
if TYPE_CHECKING:
    from shapecheck.check import check_paths, check_source
    from shapecheck.summary import summarize

__all__ = ["__version__", "check_paths", "check_source", "summarize"]

_LAZY = {"check_paths": "shapecheck.check", "check_source": "shapecheck.check", "summarize": "shapecheck.summary"}


def __getattr__(name: str) -> object:
    if name in _LAZY:
        import importlib  # here and not above, as what it imports: that brings the interpreter with it

        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
