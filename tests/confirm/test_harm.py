"""Files that do harm when they are run: nothing hangs, nothing outside of the scratch folder is touched, the rest is confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.confirm.conftest import Confirm

HEAD = "import ctypes, os, signal, socket, subprocess, sys\nimport torch\nfrom torch import nn\n"
# what is wrong depends on nothing else
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 2)

    def forward(self, x):
        return self.b(self.a(x))
"""
# what is wrong comes behind something else
THEN = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {0}
        self.a = nn.Linear(4, 8)
        self.b = nn.Linear(9, 2)

    def forward(self, x):
        return self.b(self.a(x))
"""
HARM = {
    "endless": "while True:\n    pass\n",
    "greedy": "kept = torch.ones(25 * 1024**3)\n",
    "leaves": "sys.exit(3)\n",
    "deletes": "os.remove({precious!r})\n",
    "writes": "open({new!r}, 'w').write('x')\n",
    "forks": "os.fork()\n",
}


@pytest.mark.parametrize("harm", HARM)
def test_what_is_not_needed_is_not_run(confirmed_in_haste: Confirm, tmp_path: Path, harm: str) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("x")
    file = tmp_path / "net.py"
    line = HARM[harm].format(precious=str(precious), new=str(tmp_path / "new.txt"))
    # what comes in front of everything leaves nothing behind it for the interpreter either
    file.write_text(HEAD + NET + line if harm in ("endless", "leaves") else HEAD + line + NET)
    (report,) = confirmed_in_haste(file)
    assert report.confirmation is not None
    assert report.confirmation.status == "confirmed"
    assert precious.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.py", "precious.txt"]


NEEDED = {
    "while os: pass": "it took more than 3 s",
    "self.kept = bytearray(100 * 1024**3)": "MemoryError",
    "self.kept = torch.ones(25 * 1024**3)": "allocate",
    "sys.exit(3)": "the program ends itself (sys.exit)",
    "os._exit(3)": "ended with status 3",
    "os.kill(os.getpid(), signal.SIGKILL)": "not allowed",
    "ctypes.string_at(0)": "SIGSEGV",
    "os.remove({precious!r})": "not allowed",
    "os.rename({precious!r}, 'elsewhere')": "not allowed",
    "open({new!r}, 'w')": "not allowed",
    "torch.save([1], {new!r})": "open",
    "os.fork()": "not allowed",
    "subprocess.run(['touch', {new!r}])": "not allowed",
    "socket.create_connection(('127.0.0.1', 9))": "not allowed",
    "import no_such_module_anywhere": "the module no_such_module_anywhere is missing",
}


def test_what_is_needed_is_kept_in(confirmed_in_haste: Confirm, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("x")
    folder = tmp_path / "code"
    folder.mkdir()
    files = {}
    for number, line in enumerate(NEEDED):
        path = folder / f"harm{number:02}.py"
        path.write_text(HEAD + THEN.format(line.format(precious=str(precious), new=str(tmp_path / "new.txt"))))
        files[str(path)] = line
    (folder / "last.py").write_text(HEAD + NET)
    said = {}
    for report in confirmed_in_haste(folder):
        assert report.confirmation is not None
        said[Path(report.path).name] = report.confirmation
    assert said.pop("last.py").status == "confirmed"
    for number, (line, reason) in enumerate(NEEDED.items()):
        confirmation = said[f"harm{number:02}.py"]
        if line.startswith("self.kept = torch") and confirmation.status == "confirmed":
            continue  # on the meta device no memory is taken
        assert confirmation.status == "could not run", line
        assert reason in (confirmation.reason or ""), line
    assert precious.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["code", "precious.txt"]
