"""The samples of both tables: all of them, or few enough for every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.oracle import module_table, op_table
from tests.oracle.bump import bumped
from tests.oracle.op_table import Take, Unwritten, all_of_them
from tests.oracle.sample import Sample

DEADLY = ("_segment_reduce.lengths", "_segment_reduce.offsets", "lu_unpack")  # torch does not look at the sizes, and dies of wrong ones
FIRST, STEP = 3, 61  # of an entry, a bounded run takes the first samples and then every so many
OTHER_DTYPES = 3  # samples under each further dtype


def op_samples(unwritten: Unwritten, bounded: bool) -> Iterator[Sample]:
    """The right calls of `op_db`, each entry under its main dtype and some under others."""
    for number, op in enumerate(op_table.entries()):
        dtype = op_table.dtype_of(op)
        if dtype is None:
            continue
        yield from op_table.samples(op, dtype, unwritten, spellings=1 if bounded else 4, take=taken(bounded))
        others = op_table.other_dtypes(op)
        if bounded and others:
            others = [others[number % len(others)]]
        for other in others:
            yield from op_table.samples(op, other, unwritten, spellings=0, first=1 if bounded else OTHER_DTYPES)


def op_errors(unwritten: Unwritten, bounded: bool) -> Iterator[Sample]:
    for op in op_table.entries():
        yield from op_table.error_samples(op, unwritten)


def module_samples(unwritten: Unwritten, bounded: bool) -> Iterator[Sample]:
    for info in module_table.entries():
        yield from module_table.samples(info, unwritten, taken(bounded))


def module_errors(unwritten: Unwritten, bounded: bool) -> Iterator[Sample]:
    for info in module_table.entries():
        yield from module_table.error_samples(info, unwritten)


def bumped_samples(unwritten: Unwritten, bounded: bool) -> Iterator[Sample]:
    """Right calls of both tables with one size changed."""
    for op in op_table.entries():
        dtype = op_table.dtype_of(op)
        if dtype is not None and op_table.title(op) not in DEADLY:
            for sample in op_table.samples(op, dtype, unwritten, spellings=0, take=taken(bounded)):
                yield from bumped(sample)
    for info in module_table.entries():
        for sample in module_table.samples(info, unwritten, taken(bounded)):
            yield from bumped(sample)


def taken(bounded: bool) -> Take:
    """Which samples of an entry are asked: all, or the first and then some."""
    return (lambda number: number < FIRST or number % STEP == 0) if bounded else all_of_them


TABLES: dict[str, Callable[[Unwritten, bool], Iterator[Sample]]] = {
    "op_db": op_samples,
    "op_db errors": op_errors,
    "module_db": module_samples,
    "module_db errors": module_errors,
    "one size bumped": bumped_samples,
}
