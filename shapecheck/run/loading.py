"""`torch.utils.data`: datasets, and loaders that make batches of their samples.

A loader yields `Repeated` batches: all of them full, but for the last where the number of samples is known and does not divide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.book.outcome import Refused
from shapecheck.run.builtins import length
from shapecheck.run.objects import Bound, Class, Native, PyRaise
from shapecheck.sizes import Poly, Size, ceildiv, floordiv
from shapecheck.values import MISSING, DictValue, Free, Instance, ListValue, Repeated, SymFloat, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Call = Callable[["Run", list[Any], dict[str, Any]], Any]
PREFIX = "torch.utils.data."
OPTIONS = ("dataset", "batch_size", "shuffle", "sampler", "batch_sampler", "num_workers", "collate_fn", "pin_memory", "drop_last")
MAX_PARTS = 64


def data_class(name: str) -> Class | None:
    """The class that stands for one of `torch.utils.data`, or None."""
    methods = CLASSES.get(name.removeprefix(PREFIX).removeprefix("dataset.").removeprefix("dataloader."))
    if methods is None or not name.startswith(PREFIX):
        return None
    cls = Class(name.rpartition(".")[2], (), {key: Native(key, call) for key, call in methods.items()})
    cls.full_name = name
    return cls


def _put(run: Run, self: Instance, **values: Any) -> None:
    for name, value in values.items():
        run.state.put(self.attrs, name, value)


def _method(run: Run, value: Any, name: str, args: list[Any]) -> Any:
    """`value.name(*args)` of an object, else MISSING."""
    value = run.resolve(value)
    found = value.cls.find(name) if isinstance(value, Instance) else None
    return MISSING if found is None else run.call(Bound(found[0], value), args, {})


def count_of(run: Run, dataset: Any) -> Any:
    """How many samples a dataset has, or Unknown."""
    dataset = run.resolve(dataset)
    if isinstance(dataset, (ListValue, tuple, Tensor)):
        return length(run, [dataset], {})
    found = _method(run, dataset, "__len__", [])
    return found if isinstance(found, (int, Poly)) else Unknown("a dataset of unknown length")


def sample_of(run: Run, dataset: Any) -> Any:
    """Any one sample."""
    dataset = run.resolve(dataset)
    if isinstance(dataset, Instance):
        try:
            found = _method(run, dataset, "__getitem__", [run.fresh("index", 0)])
            if found is MISSING and dataset.cls.find("__iter__") is not None:
                items = run.items(dataset)
                found = items.element if isinstance(items, Repeated) else items[0] if isinstance(items, tuple) and items else items
        except PyRaise:
            found = MISSING
        return Unknown(dataset.cls.open or f"a sample of a {dataset.cls.name}") if found is MISSING else run.resolve(found)
    items = run.items(dataset)
    if isinstance(items, Repeated):
        return items.element
    return any_of(run, tuple(map(run.resolve, items))) if isinstance(items, tuple) and items else items


def any_of(run: Run, items: tuple[Any, ...]) -> Any:
    """One value for any of several samples: numbers are any number, parts of tuples each for themselves."""
    if all(isinstance(item, int) for item in items) and not any(isinstance(item, bool) for item in items):
        return items[0] if len(set(items)) == 1 else run.fresh("sample", min(items), max(items))
    if all(isinstance(item, tuple) and len(item) == len(items[0]) for item in items):
        return tuple(any_of(run, tuple(map(run.resolve, part))) for part in zip(*items, strict=True))
    return run.join_all(items)


# datasets


def _tensors_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    tensors = tuple(run.resolve(value) for value in args[1:])
    _put(run, args[0], tensors=tensors)
    first = tensors[0] if tensors else None
    for other in tensors[1:]:
        if not (isinstance(first, Tensor) and isinstance(other, Tensor) and first.shape and other.shape):
            continue
        if run.facts.eq(first.shape[0], other.shape[0]).no:
            refused = Refused(
                "SHP504",
                "Size mismatch between tensors",
                message=f"{other.shape[0]} rows beside {first.shape[0]}",
                error="AssertionError",
                expected=first.shape[0],
                actual=other.shape[0],
                culprit=other,
            )
            run.refused(refused, None, (first, other))
            return


def _first_length(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    tensors = run.resolve(args[0].attrs.get("tensors"))
    first = run.resolve(tensors[0]) if isinstance(tensors, tuple) and tensors else None
    return first.shape[0] if isinstance(first, Tensor) and first.shape else Unknown("a dataset of unknown length")


def _rows(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    tensors = run.resolve(args[0].attrs.get("tensors"))
    if not isinstance(tensors, tuple):
        return Unknown("the tensors of a dataset that depends on a condition")
    return tuple(run.subscript(tensor, args[1]) for tensor in tensors)


def _subset_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    _put(run, args[0], dataset=args[1], indices=args[2] if len(args) > 2 else kwargs.get("indices"))


def _subset_length(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return count_of(run, args[0].attrs.get("indices"))


def _inner_sample(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return sample_of(run, args[0].attrs.get("dataset"))


def random_split(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`random_split(dataset, lengths)`: sizes, or shares of the whole."""
    dataset = args[0]
    lengths = run.items(args[1] if len(args) > 1 else kwargs.get("lengths"))
    cls = run.classes.external(PREFIX + "Subset")
    if not isinstance(lengths, tuple) or cls is None:
        return Unknown("random_split into parts of unknown number")
    total = count_of(run, dataset)
    parts = []
    for size in map(run.resolve, lengths):
        part_size: Any = size
        if isinstance(size, float) and isinstance(total, int) and (total * size).is_integer():
            part_size = round(total * size)
        elif not isinstance(size, (int, Poly)):  # shares are rounded in a way of their own
            part_size = Unknown("a part of a dataset")
        part = Instance(cls, run.made_here("Subset", ()), run.call_site())
        part.attrs.update(dataset=dataset, indices=ListValue(Repeated(run.fresh("index", 0), part_size)))
        parts.append(part)
    return ListValue(tuple(parts))


def _concat_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    _put(run, args[0], datasets=args[1] if len(args) > 1 else kwargs.get("datasets"))


def _concat_length(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    parts = run.items(args[0].attrs.get("datasets"))
    total: Any = 0
    for part in parts if isinstance(parts, tuple) else (None,):
        total = run.binary("+", total, count_of(run, part))
    return total


def _concat_sample(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    parts = run.items(args[0].attrs.get("datasets"))
    return (
        run.join_all(tuple(sample_of(run, part) for part in parts)) if isinstance(parts, tuple) else Unknown("datasets of unknown number")
    )


# loaders


def _loader_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    given = {**dict(zip(OPTIONS, args[1:], strict=False)), **kwargs}
    batch = run.resolve(given.get("batch_size", 1))
    if isinstance(batch, Free):
        batch = run.free.integer(batch)
    _put(
        run,
        args[0],
        dataset=given.get("dataset"),
        batch_size=batch if isinstance(batch, (int, Poly)) or batch is None else Unknown("a batch size that is not known"),
        drop_last=run.resolve(given.get("drop_last", False)),
        sampler=given.get("sampler"),
        batch_sampler=given.get("batch_sampler"),
        collate_fn=run.resolve(given.get("collate_fn")),
    )


def _sampled(run: Run, self: Instance) -> Any:
    """How many samples a loader draws in one round."""
    if run.resolve(self.attrs.get("sampler")) is not None or run.resolve(self.attrs.get("batch_sampler")) is not None:
        return Unknown("a sampler")
    return count_of(run, self.attrs.get("dataset"))


def _loader_length(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    count, batch, drop = _sampled(run, args[0]), args[0].attrs.get("batch_size"), args[0].attrs.get("drop_last")
    if isinstance(batch, (int, Poly)) and batch != 0 and isinstance(count, (int, Poly)) and isinstance(drop, bool):
        return floordiv(count, batch) if drop else ceildiv(count, batch)
    return count if batch is None else Unknown("a loader of unknown length")


def _batches(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self = args[0]
    sample = sample_of(run, self.attrs.get("dataset"))
    batch, count = self.attrs.get("batch_size"), _sampled(run, self)
    if run.resolve(self.attrs.get("batch_sampler")) is not None:
        batch = run.fresh("batch", 1)
    rounds = _loader_length(run, args, {})
    if batch is None:
        return ListValue(Repeated(sample, rounds))
    if not isinstance(batch, (int, Poly)):
        return ListValue(Repeated(batch, rounds))
    if isinstance(count, int) and isinstance(batch, int) and count < batch:
        batch = count
    full = _collated(run, self, sample, batch)
    rest = count % batch if isinstance(count, int) and isinstance(batch, int) and batch > 0 else 0
    last = _collated(run, self, sample, rest) if rest and self.attrs.get("drop_last") is False else MISSING
    return ListValue(Repeated(full, rounds, last))


def _collated(run: Run, self: Instance, sample: Any, batch: Size) -> Any:
    function = self.attrs.get("collate_fn")
    if function is None:
        return collate(run, sample, batch)
    many = ListValue((sample,) * batch) if isinstance(batch, int) and batch <= MAX_PARTS else ListValue(Repeated(sample, batch))
    return run.call(function, [many], {})


def collate(run: Run, sample: Any, batch: Size) -> Any:
    """What `default_collate` makes of so many samples of one kind."""
    sample = run.resolve(sample)
    if isinstance(sample, Tensor):
        made = Tensor((batch, *sample.shape), sample.dtype)
    elif isinstance(sample, (bool, int, Poly)):
        made = Tensor((batch,), "bool" if isinstance(sample, bool) else "int64")
    elif isinstance(sample, (float, SymFloat)):
        made = Tensor((batch,), "float64")
    elif isinstance(sample, str):
        return ListValue(Repeated(Unknown("a text of a batch"), batch))
    elif isinstance(sample, (tuple, ListValue)):
        parts = run.items(sample)
        return ListValue(tuple(collate(run, part, batch) for part in parts)) if isinstance(parts, tuple) else Unknown("a batch of lists")
    elif isinstance(sample, DictValue):
        return DictValue({key: collate(run, value, batch) for key, value in sample.items.items()}, sample.open)
    else:
        return sample if isinstance(sample, Unknown) else Unknown(f"a batch of {run.describe(sample)}")
    made.made = run.made_here("DataLoader", (sample,) if isinstance(sample, Tensor) else ())
    return made


CLASSES: dict[str, dict[str, Call]] = {
    "Dataset": {},
    "IterableDataset": {},
    "TensorDataset": {"__init__": _tensors_init, "__len__": _first_length, "__getitem__": _rows},
    "Subset": {"__init__": _subset_init, "__len__": _subset_length, "__getitem__": _inner_sample},
    "ConcatDataset": {"__init__": _concat_init, "__len__": _concat_length, "__getitem__": _concat_sample},
    "DataLoader": {"__init__": _loader_init, "__len__": _loader_length, "__iter__": _batches},
}
TABLE: dict[str, Call] = {
    "torch.utils.data.random_split": random_split,
    "torch.utils.data.default_collate": lambda run, args, kwargs: _default_collate(run, args),
    "torch.utils.data.dataloader.default_collate": lambda run, args, kwargs: _default_collate(run, args),
}


def _default_collate(run: Run, args: list[Any]) -> Any:
    items = run.items(args[0])
    if isinstance(items, Repeated) and isinstance(items.count, (int, Poly)):
        return collate(run, items.element, items.count)
    return collate(run, run.join_all(items), len(items)) if isinstance(items, tuple) and items else Unknown("a batch of unknown samples")
