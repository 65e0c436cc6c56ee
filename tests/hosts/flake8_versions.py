"""The flake8 tests against the oldest and the newest flake8 that the README claims, each in an environment of its own.

Not part of the test suite, since it asks the package index:  python tests/hosts/flake8_versions.py [VERSION...]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VERSIONS = ("4.0.1", "5.0.4", "7.3.0", "")  # the last is the newest there is


def test(version: str, folder: Path) -> bool:
    """Make the environment and run the tests; whether they passed."""
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    flake8 = f"flake8=={version}" if version else "flake8"
    subprocess.run([python, "-m", "pip", "install", "--quiet", flake8, "libcst", "platformdirs", "pathspec"], check=True)
    print(f"== {subprocess.check_output([python, '-m', 'flake8', '--version'], text=True).strip()}", flush=True)
    environ = {**os.environ, "SHAPECHECK_FLAKE8": str(python)}
    return (
        subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/hosts/test_flake8.py"], cwd=ROOT, env=environ, check=False).returncode
        == 0
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        passed = [test(version, Path(folder, version or "newest")) for version in sys.argv[1:] or VERSIONS]
        return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
