"""What grows without end is cut off: it keeps its bounds and stays distinguishable."""

from __future__ import annotations

import subprocess
import sys
import time

from shapecheck.sizes import Facts, Opaque, Poly, Size, parse, substitute, symbol, symbols_of, true_product
from shapecheck.sizes.limits import DEPTH, TERMS

H, W = symbol("H"), symbol("W")


def opaque_of(size: Size) -> Opaque:
    assert isinstance(size, Poly)
    [(atom,)] = size.terms
    assert isinstance(atom, Opaque)
    return atom


def wide() -> Size:
    return sum((symbol(f"s{i}") for i in range(TERMS + 1)), start=0)


def deep(size: Size) -> Size:
    for step in range(3 * DEPTH):
        size = (size * size + step) // 3 if step % 2 else (size * W + 1) // 5
    return size


def test_wide_sums() -> None:
    many = opaque_of(wide())
    assert many.function == "large"
    assert many.low == TERMS + 1
    assert wide() == wide()
    assert len(symbols_of(wide())) == TERMS + 1
    assert Facts().gt(wide(), TERMS).yes


def test_high_powers() -> None:
    assert opaque_of(H**1000).function == "large"
    assert Facts().bounds(H**1000) == (1, None)


def test_deep_nests_take_no_time() -> None:
    start = time.perf_counter()
    size = deep(H)
    assert time.perf_counter() - start < 5
    assert isinstance(size, Poly)
    assert len(str(size)) < 100_000
    assert deep(H) == size
    assert deep(symbol("K")) != size


def test_copies_are_told_apart() -> None:
    first = substitute(deep(H), {next(iter(H.symbols)): symbol("K")})
    second = substitute(deep(H), {next(iter(H.symbols)): 2 * symbol("K")})
    assert first != second
    assert first != deep(H)


def test_products_of_sums_are_cut_off_in_time() -> None:
    start = time.perf_counter()
    true_product(symbol(f"a{i}") + symbol(f"b{i}") + 1 for i in range(30))
    assert time.perf_counter() - start < 5


def test_names_are_the_same_in_every_process() -> None:
    code = (
        "from shapecheck.sizes import *\n"
        "W = symbol('W')\n"
        "size = symbol('H')\n"
        f"for step in range({3 * DEPTH}):\n"
        "    size = (size * size + step) // 3 if step % 2 else (size * W + 1) // 5\n"
        f"print(size); print(sum((symbol(f's{{i}}') for i in range({TERMS + 1})), start=0))\n"
        "print(parse('(b - a)//3 + (W - H//2)//3 + min(b, a)'))"
    )
    expected = "\n".join(map(str, (deep(H), wide(), parse("(b - a)//3 + (W - H//2)//3 + min(b, a)"))))
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}
        )
        assert done.stdout.strip() == expected


def test_huge_numbers() -> None:
    size = H * 7**9000 + 3**20000
    assert parse(str(size)) == size
    assert Facts().eq(size, W * 7**9000).no
    assert Facts().gt(size, 0).yes
    assert isinstance(size // 10**5000, Poly)
    facts = Facts().assume_divides(3**9000, W)
    assert facts is not None
    assert facts.divides(3**9000, W * H).yes
    assert facts.known() == [f"W % {hex(3**9000)} == 0"]
