"""A hand-made report of the kind that the whole tool is about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shapecheck.findings.catalogue import by_code
from shapecheck.findings.report import Range, Report, Step, Witness

SOURCE = {
    9: "        self.conv2 = nn.Conv2d(5, 4, 4)",
    17: "        x = self.conv1(images)",
    21: "        x = self.conv2(x)",
}


@pytest.fixture
def line_of() -> Callable[[str, int], str | None]:
    return lambda path, line: SOURCE.get(line) if path == "models/net.py" else None


@pytest.fixture
def report() -> Report:
    return Report(
        by_code("SHP101"),
        "Conv2d wants 5 channels, gets 3",
        "Given groups=1, weight of size [4, 5, 4, 4], expected input[256, 3, 217, 217] to have 5 channels, but got 3 channels instead",
        "models/net.py",
        Range(21, 13, 21, 26),
        symbol="Net.forward",
        expected=5,
        actual=3,
        hint="nn.Conv2d(3, 4, 4)",
        witness=Witness("Net()", {"images": (256, 3, 227, 227)}, "from line 40"),
        trail=(
            Step("models/net.py", Range(9, 32, 9, 33), "in_channels is 5", role="made"),
            Step("models/net.py", Range(17, 13, 17, 31), "(256, 3, 217, 217): Conv2d(3, 3, 11) of (256, 3, 227, 227)"),
        ),
        note="x is (256, 3, 217, 217)",
    )
