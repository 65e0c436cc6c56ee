"""The command, run as a user would run it, in a process that may not grow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 30
MEMORY = 1_500_000_000


@dataclass
class Done:
    """How a run of the command ended."""

    status: int
    findings: list[dict[str, Any]]
    errors: str
    seconds: float

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.findings]

    @property
    def sentences(self) -> list[str | None]:
        return [finding["torch"] for finding in self.findings]


def limit_memory() -> None:
    import resource  # not everywhere

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def shapecheck(folder: Path, *words: str) -> Done:
    """Run the command in a folder; it always ends in a documented way."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "shapecheck", *words, "--format", "json"]
    before = limit_memory if sys.platform == "linux" else None
    start = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, timeout=120, check=False, preexec_fn=before)
    seconds = time.monotonic() - start
    assert done.returncode in (0, 1, 2), done.stderr.decode()
    return Done(done.returncode, json.loads(done.stdout)["findings"], done.stderr.decode(), seconds)


def check(folder: Path, text: str | bytes, name: str = "net.py") -> Done:
    """Check one file."""
    path = folder / name
    if isinstance(text, bytes):
        path.write_bytes(text)
    else:
        path.write_text(text, encoding="utf-8")
    done = shapecheck(folder, name)
    assert done.seconds < SECONDS
    assert "Traceback" not in done.errors
    return done
