"""Microseconds for the arithmetic that checking does most. Run it: python tests/bench/sizes_speed.py"""

from __future__ import annotations

import time
from collections.abc import Callable

from shapecheck.sizes import Facts, Size, floordiv, maximum, parse, symbol

H, W, N = symbol("H"), symbol("W"), symbol("N")
CONVOLUTIONS = ((7, 2, 3, 1), (3, 2, 1, 1), (3, 1, 1, 1), (3, 2, 1, 1), (3, 1, 2, 2), (2, 2, 0, 1))


def chain(size: Size) -> Size:
    """Six convolutions and pools, one after the other."""
    for kernel, stride, padding, dilation in CONVOLUTIONS:
        size = (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    return size


def fresh_chains() -> Callable[[], Size]:
    count = iter(range(10**9))

    def run() -> Size:
        return chain(symbol(f"H{next(count)}"))

    return run


def measured(work: Callable[[], object], seconds: float = 0.3) -> float:
    """Microseconds of one call."""
    rounds = 0
    start = time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        work()
        rounds += 1
    return spent / rounds * 1e6


def main() -> None:
    known = Facts().assume_divides(32, H)
    assert known is not None
    facts = Facts()
    product = parse("32*((H + 3)//4)*((W + 3)//4)")
    rows: list[tuple[str, Callable[[], object], int]] = [
        ("conv chain of six, same symbol", lambda: chain(H), 6),
        ("conv chain of six, new symbol", fresh_chains(), 6),
        ("H + 1", lambda: H + 1, 1),
        ("H + W", lambda: H + W, 1),
        ("N*H*W", lambda: N * H * W, 1),
        ("product of two quotients", lambda: product * N, 1),
        ("H//2, known", lambda: floordiv(H, 2), 1),
        ("max(H - 1, 0)", lambda: maximum(H - 1, 0), 1),
        ("str", lambda: str(chain(H) * W + 3), 1),
        ("new Facts", lambda: Facts(), 1),
        ("eq of ints", lambda: facts.eq(3, 4), 1),
        ("eq, structural", lambda: facts.eq(H, H), 1),
        ("eq, asked before", lambda: facts.eq(H, W), 1),
        ("eq of two symbols, first time", lambda: Facts().eq(H, W), 1),
        ("eq by content, first time", lambda: Facts().eq(16 * H * W, 1000), 1),
        ("eq of piecewise sizes, first time", lambda: Facts().eq((H + 1) // 2 + H // 2, H), 1),
        ("differ_generically, first time", lambda: Facts().differ_generically((H - 1) // 2 + 1, H), 1),
        ("assume_eq", lambda: Facts().assume_eq(H, W), 1),
        ("assume_eq of a product", lambda: Facts().assume_eq(32 * H * W, 2048), 1),
        ("assume_divides", lambda: Facts().assume_divides(32, H), 1),
        ("eq under H % 32 == 0", lambda: known.assume_le(3, W).eq(chain(H) * 32, H), 1),
    ]
    for name, work, steps in rows:
        work()
        cost = measured(work)
        print(f"{name:40} {cost:9.2f} us" + (f"   {cost / steps:6.2f} a step" if steps > 1 else ""))


if __name__ == "__main__":
    main()
