"""`itertools`: over what is known to its last item. Endless iterators are as long as any loop that is followed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run import operators
from shapecheck.sizes import Poly
from shapecheck.values import Free, IteratorValue, Repeated, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Args = list[Any]
Kwargs = dict[str, Any]
Call = Callable[["Run", Args, Kwargs], Any]
ENDLESS = 5000
MANY = 5000


def another(run: Run, element: Any, renamed: dict[Any, Any] | None = None) -> Any:
    """One item of a list whose items are not known one by one: what is symbolic in it may differ from that of any other item."""
    renamed = {} if renamed is None else renamed
    element = run.resolve(element)
    if isinstance(element, Free):
        return Free(f"{element.name}'{run.serial(element.name)}", element.kind, element.parent)
    if isinstance(element, Tensor) and any(isinstance(size, Poly) for size in element.shape):
        for size in element.shape:
            if isinstance(size, Poly) and size not in renamed:
                renamed[size] = run.fresh("size", run.facts.bounds(size)[0])
        made = Tensor((renamed.get(size, size) for size in element.shape), element.dtype, None, None, role=element.role)
        made.made = element.made
        return made
    return tuple(another(run, part, renamed) for part in element) if type(element) is tuple else element


def _known(name: str, work: Callable[[Run, tuple[Any, ...], Args, Kwargs], Any]) -> Call:
    """A function of an iterable whose items are all known, and further arguments; it gives the items of its result."""

    def apply(run: Run, args: Args, kwargs: Kwargs) -> Any:
        items = run.items(args[0]) if args else ()
        if not isinstance(items, tuple):
            return items if isinstance(items, Unknown) else Unknown(f"itertools.{name} of unknown length")
        result = work(run, items, args[1:], kwargs)
        return IteratorValue(tuple(result)) if isinstance(result, (list, tuple)) else Unknown(f"itertools.{name}")

    return apply


def _accumulate(run: Run, items: tuple[Any, ...], args: Args, kwargs: Kwargs) -> Any:
    function = run.resolve(args[0] if args else kwargs.get("func"))
    if "initial" in kwargs and kwargs["initial"] is not None:
        items = (kwargs["initial"], *items)
    sums: list[Any] = []
    for item in items:
        if not sums:
            sums.append(item)
        else:
            sums.append(operators.binary(run, "+", sums[-1], item) if function is None else run.call(function, [sums[-1], item], {}))
    return sums


def _while(dropping: bool) -> Call:
    """`takewhile` and `dropwhile`"""

    def apply(run: Run, args: Args, kwargs: Kwargs) -> Any:
        items = run.items(args[1])
        if not isinstance(items, tuple):
            return Unknown("itertools of unknown length")
        for place, item in enumerate(items):
            truth = run.truth(run.call(args[0], [item], {}))
            if not isinstance(truth, bool):
                return Unknown("itertools with an undecided condition")
            if not truth:
                return IteratorValue(items[place:] if dropping else items[:place])
        return IteratorValue(() if dropping else items)

    return apply


def _chosen(function: Callable[..., Any]) -> Callable[[Run, tuple[Any, ...], Args, Kwargs], Any]:
    """`combinations(items, 2)`"""

    def choose(run: Run, items: tuple[Any, ...], args: Args, kwargs: Kwargs) -> Any:
        count = run.resolve(args[0] if args else kwargs.get("r", len(items)))
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            return None
        found = list(itertools.islice(function(items, count), MANY + 1))
        return found if len(found) <= MANY else None

    return choose


def _islice(run: Run, args: Args, kwargs: Kwargs) -> Any:
    source = run.resolve(args[0])
    bounds = [run.resolve(value) for value in args[1:]]
    items = run.items(source)
    if not isinstance(items, tuple) or not all(bound is None or isinstance(bound, int) for bound in bounds) or not bounds:
        return items if isinstance(items, Unknown) else Unknown("itertools.islice")
    chosen = slice(*bounds)
    if isinstance(source, IteratorValue) and chosen.stop is not None:
        run.state.put(source, "items", items[chosen.stop :])  # the rest is still there
    return IteratorValue(items[chosen])


def _chain(run: Run, args: Args, kwargs: Kwargs) -> Any:
    joined: list[Any] = []
    for value in args:
        items = run.items(value)
        if not isinstance(items, tuple):
            return items if isinstance(items, Unknown) else Unknown("a chain of unknown length")
        joined.extend(items)
    return IteratorValue(tuple(joined))


def _chain_from(run: Run, args: Args, kwargs: Kwargs) -> Any:
    items = run.items(args[0])
    return _chain(run, list(items), {}) if isinstance(items, tuple) else Unknown("a chain of unknown length")


def _product(run: Run, args: Args, kwargs: Kwargs) -> Any:
    rows: list[tuple[Any, ...]] = [()]
    repeat = run.resolve(kwargs.get("repeat", 1))
    lists = [run.items(value) for value in args]
    if not isinstance(repeat, int) or not 0 <= repeat <= 8:
        return Unknown("itertools.product")
    for items in lists * repeat:
        if not isinstance(items, tuple) or len(rows) * len(items) > MANY:
            return Unknown("itertools.product")
        rows = [(*row, item) for row in rows for item in items]
    return IteratorValue(tuple(rows))


def _repeat(run: Run, args: Args, kwargs: Kwargs) -> Any:
    count = run.resolve(args[1]) if len(args) > 1 else run.resolve(kwargs.get("times", ENDLESS))
    if isinstance(count, int) and count <= ENDLESS:
        return IteratorValue((args[0],) * max(count, 0))
    return IteratorValue(Repeated(args[0], Unknown("itertools.repeat")))


def _count(run: Run, args: Args, kwargs: Kwargs) -> Any:
    start = run.resolve(args[0] if args else kwargs.get("start", 0))
    step = run.resolve(args[1] if len(args) > 1 else kwargs.get("step", 1))
    if not isinstance(start, int) or not isinstance(step, int):
        return IteratorValue(Repeated(run.fresh("i", None), Unknown("itertools.count")))
    return IteratorValue(tuple(start + step * place for place in range(ENDLESS)))


def _zip_longest(run: Run, args: Args, kwargs: Kwargs) -> Any:
    lists = [run.items(value) for value in args]
    if not all(isinstance(items, tuple) for items in lists):
        return next((items for items in lists if isinstance(items, Unknown)), Unknown("itertools.zip_longest of unknown length"))
    return IteratorValue(tuple(itertools.zip_longest(*lists, fillvalue=kwargs.get("fillvalue"))))


def _starmap(run: Run, args: Args, kwargs: Kwargs) -> Any:
    rows = run.items(args[1])
    parts: list[Any] = [run.items(row) for row in rows] if isinstance(rows, tuple) else [None]
    if not all(isinstance(part, tuple) for part in parts):
        return Unknown("itertools.starmap of values that are not known")
    return IteratorValue(tuple(run.call(args[0], list(part), {}) for part in parts))


TABLE: dict[str, Call] = {
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_from,
    "itertools.product": _product,
    "itertools.repeat": _repeat,
    "itertools.count": _count,
    "itertools.islice": _islice,
    "itertools.zip_longest": _zip_longest,
    "itertools.starmap": _starmap,
    "itertools.takewhile": _while(False),
    "itertools.dropwhile": _while(True),
    "itertools.accumulate": _known("accumulate", _accumulate),
    "itertools.pairwise": _known("pairwise", lambda run, items, args, kwargs: list(itertools.pairwise(items))),
    "itertools.cycle": _known("cycle", lambda run, items, args, kwargs: items * (ENDLESS // max(len(items), 1))),
    "itertools.combinations": _known("combinations", _chosen(itertools.combinations)),
    "itertools.permutations": _known("permutations", _chosen(itertools.permutations)),
    "itertools.combinations_with_replacement": _known("combinations_with_replacement", _chosen(itertools.combinations_with_replacement)),
}
