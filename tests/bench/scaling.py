"""How the cost of a check grows: with the length of a forward, with the number of layers, with the number of files.

python tests/bench/scaling.py

Processor time; the last column compares each row with the one above: twice the work should take about twice the time.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from shapecheck.check import check_paths, check_source

HEAD = "import torch\nfrom torch import nn\n\n\n"


def long_forward(lines: int) -> str:
    """A forward of many lines, each of another kind."""
    kinds = (
        "x = self.conv(x)",
        "x = torch.relu(x) + x",
        "y = x.flatten(2).transpose(1, 2)",
        "x = y.transpose(1, 2).view(n, 8, h, w)",
        "x = torch.cat([x, x], 1)[:, :8]",
        "x = nn.functional.interpolate(x, scale_factor=2)[:, :, ::2, ::2]",
    )
    body = "\n".join(f"        {kinds[line % len(kinds)]}" for line in range(lines))
    return (
        f"{HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.conv = nn.Conv2d(8, 8, 3, padding=1)\n\n"
        f"    def forward(self, x):\n        n, c, h, w = x.shape\n{body}\n        return x\n\n\nNet()(torch.randn(2, 8, 16, 16))\n"
    )


def deep_model(layers: int) -> str:
    """A Sequential of many layers that are all different."""
    inside = ",\n".join(f"    nn.Linear({width + 8}, {width + 9})" for width in range(layers))
    return f"{HEAD}net = nn.Sequential(\n{inside},\n)\nnet(torch.randn(2, 8))\n"


def branches(ifs: int) -> str:
    """Conditions that cannot be decided, one after the other."""
    body = "\n".join(f"        if self.flag{number}:\n            x = self.conv(x)" for number in range(ifs))
    return (
        f"{HEAD}class Net(nn.Module):\n    def __init__(self, {', '.join(f'flag{number}' for number in range(ifs))}):\n"
        f"        super().__init__()\n        self.conv = nn.Conv2d(8, 8, 3, padding=1)\n"
        + "".join(f"        self.flag{number} = flag{number}\n" for number in range(ifs))
        + f"\n    def forward(self, x):\n{body}\n        return x\n"
    )


def file_tree(files: int) -> Path:
    """A package whose files import each other."""
    folder = Path(tempfile.mkdtemp()) / "pkg"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for number in range(files):
        before = f"from pkg.m{number - 1} import Net as Before\n" if number else "Before = nn.Identity\n"
        (folder / f"m{number}.py").write_text(
            f"{HEAD}{before}\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            f"        self.fc = nn.Linear({number + 1}, {number + 2})\n\n    def forward(self, x):\n        return self.fc(x)\n"
        )
    return folder


def spent(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def series(title: str, sizes: tuple[int, ...], prepare: Callable[[int], Callable[[], object]]) -> None:
    print(title)
    before: tuple[int, float] | None = None
    for size in sizes:
        seconds = spent(prepare(size))
        growth = f"{size / before[0]:6.1f} x the size, {seconds / before[1]:6.1f} x the time" if before else ""
        print(f"  {size:6} {seconds:8.2f} s   {growth}")
        before = (size, seconds)


def text(write: Callable[[int], str]) -> Callable[[int], Callable[[], object]]:
    def prepare(size: int) -> Callable[[], object]:
        source = write(size)
        return lambda: check_source(source)

    return prepare


def tree(size: int) -> Callable[[], object]:
    folder = file_tree(size)
    return lambda: check_paths([str(folder)])


def main() -> None:
    check_source(long_forward(6))  # what is loaded once
    series("lines of a forward", (50, 100, 200, 400, 800, 1600), text(long_forward))
    series("layers of a Sequential", (50, 100, 200, 400, 800), text(deep_model))
    series("undecided ifs in a forward", (4, 8, 16, 32, 64), text(branches))
    series("files of a package", (10, 100, 1000), tree)


if __name__ == "__main__":
    main()
