"""The language server in a process of its own, spoken to as an editor does."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.installed import ROOT

pytest.importorskip("pygls")

NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(20, 30)

    def forward(self, x):
        return self.fc(x)


s = "🙂"; y = Net()(torch.randn(128, 21))
"""
RIGHT = NET.replace("21", "20")
Message = dict[str, Any]
SECONDS = 60


class Client:
    """An editor."""

    def __init__(self, folder: Path) -> None:
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "SHAPECHECK_CACHE_DIR": str(folder / "cache")}
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shapecheck", "server"],
            cwd=folder, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.told: queue.Queue[Message] = queue.Queue()
        self.answers: queue.Queue[Message] = queue.Queue()
        self.shown: list[Message] = []
        self.asked = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.server = self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
        self.say("initialized")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        while head := self.process.stdout.readline():
            size = int(head.partition(b":")[2])
            while self.process.stdout.readline().strip():
                pass
            message = json.loads(self.process.stdout.read(size))
            (self.answers if "id" in message else self.told).put(message)

    def _send(self, **message: Any) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def say(self, method: str, **params: Any) -> None:
        self._send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        self.asked += 1
        self._send(id=self.asked, method=method, params=params)
        answer = self.answers.get(timeout=SECONDS)
        assert answer["id"] == self.asked
        assert "error" not in answer, answer
        return answer["result"]

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> list[Message]:
        document = {"uri": self.uri(name), "languageId": "python", "version": 1, "text": text}
        self.say("textDocument/didOpen", textDocument=document)
        return self.diagnostics(name)

    def change(self, name: str, version: int, text: str) -> None:
        self.say("textDocument/didChange", textDocument={"uri": self.uri(name), "version": version}, contentChanges=[{"text": text}])

    def diagnostics(self, name: str) -> list[Message]:
        """What is published next about a file."""
        while True:
            message = self.told.get(timeout=SECONDS)
            if message["method"] == "textDocument/publishDiagnostics" and message["params"]["uri"] == self.uri(name):
                found: list[Message] = message["params"]["diagnostics"]
                return found
            self.shown.append(message)

    def close(self) -> int:
        self.ask("shutdown")
        self.say("exit")
        return self.process.wait(timeout=SECONDS)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    client = Client(tmp_path)
    yield client
    client.process.kill()
    client.process.communicate()


def spot(line: int, character: int) -> Message:
    return {"line": line, "character": character}


def span(line: int, start: int, end: int) -> Message:
    return {"start": spot(line, start), "end": spot(line, end)}


def test_a_session(client: Client) -> None:
    (found,) = client.open("net.py", NET)
    assert (found["code"], found["severity"], found["source"]) == ("SHP101", 1, "shapecheck")
    assert found["range"] == span(10, 15, 25)
    assert found["message"].startswith("Linear wants 20 features, gets 21\ntorch: mat1 and mat2 shapes cannot be multiplied")
    related = [(entry["location"]["uri"], entry["location"]["range"], entry["message"]) for entry in found["relatedInformation"]]
    assert related == [
        (client.uri("net.py"), span(7, 28, 30), "in_features is 20"),
        # characters count in units of UTF-16: the face before it takes two
        (client.uri("net.py"), span(13, 20, 40), "(128, 21): randn"),
    ]
    client.change("net.py", 2, RIGHT)
    assert client.diagnostics("net.py") == []
    client.change("net.py", 3, NET + "x = (\n")
    (broken,) = client.diagnostics("net.py")
    assert broken["code"] == "SHP901"
    client.say("textDocument/didClose", textDocument={"uri": client.uri("net.py")})
    assert client.diagnostics("net.py") == []
    assert client.close() == 0


def test_keys_pressed_fast_are_looked_at_once(client: Client) -> None:
    client.open("net.py", RIGHT)
    for version in range(2, 12):
        client.change("net.py", version, NET + f"z{version} = 1\n")
    assert len(client.diagnostics("net.py")) == 1
    client.close()
    assert all(message["method"] != "textDocument/publishDiagnostics" for message in list(client.told.queue))


def test_shapes_under_the_cursor_and_at_the_ends_of_lines(client: Client) -> None:
    client.open("net.py", RIGHT)
    document = {"uri": client.uri("net.py")}
    hover = client.ask("textDocument/hover", textDocument=document, position=spot(13, 26))
    assert hover["contents"]["value"] == "```\n(128, 20) float32\n```"
    assert hover["range"] == span(13, 20, 40)
    hover = client.ask("textDocument/hover", textDocument=document, position=spot(13, 15))
    assert hover["contents"]["value"] == "```\n(128, 30) float32\n```"
    assert client.ask("textDocument/hover", textDocument=document, position=spot(2, 0)) is None
    hints = client.ask("textDocument/inlayHint", textDocument=document, range={"start": spot(0, 0), "end": spot(20, 0)})
    assert [(hint["position"], hint["label"]) for hint in hints] == [
        (spot(10, 25), "(128, 30) float32"),
        (spot(13, 41), "(128, 30) float32"),
    ]
    client.close()


def test_quick_fixes(client: Client) -> None:
    (found,) = client.open("net.py", NET)
    fix, action = client.ask(
        "textDocument/codeAction", textDocument={"uri": client.uri("net.py")}, range=span(10, 17, 17), context={"diagnostics": [found]}
    )
    assert fix["title"] == "Fix: in_features: 21 for 20"
    assert fix["edit"]["changes"][client.uri("net.py")] == [{"range": span(7, 28, 30), "newText": "21"}]
    assert action["title"] == "Silence SHP101 on this line"
    (edit,) = action["edit"]["changes"][client.uri("net.py")]
    assert edit == {"range": span(10, 0, 25), "newText": "        return self.fc(x)  # noqa: SHP101"}
    client.change("net.py", 2, NET.replace("self.fc(x)", "self.fc(x)  # noqa: SHP101"))
    assert client.diagnostics("net.py") == []
    client.close()


def test_other_files_are_read_from_disk_and_settings_hold(client: Client) -> None:
    (client.folder / "blocks.py").write_text("from torch import nn\n\n\ndef head(width):\n    return nn.Linear(width, 10)\n")
    text = "import torch\nfrom blocks import head\n\ny = head(64)(torch.randn(2, 32))\n"
    (found,) = client.open("use.py", text)
    assert found["range"]["start"]["line"] == 3
    made = found["relatedInformation"][0]
    assert (made["location"]["uri"], made["location"]["range"]) == (client.uri("blocks.py"), span(4, 21, 26))
    (client.folder / "blocks.py").write_text("from torch import nn\n\n\ndef head(width):\n    return nn.Linear(32, 10)\n")
    client.say("textDocument/didSave", textDocument={"uri": client.uri("use.py")})
    assert client.diagnostics("use.py") == []
    (client.folder / "pyproject.toml").write_text('[tool.shapecheck]\nselekt = ["SHP1"]\n')
    assert client.open("net.py", NET) == []
    assert [message["params"]["message"] for message in client.shown] == [
        "shapecheck: pyproject.toml: [tool.shapecheck] has no setting 'selekt'; do you mean 'select'?"
    ]
    client.close()


def test_pages_have_marks_too(client: Client) -> None:
    page = "# A page\n\n```python\nimport torch\ntorch.zeros(6).view(7)\n```\n"
    (found,) = client.open("page.md", page)
    assert found["range"] == span(4, 0, 22)
    client.close()


def test_without_pygls_there_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('no', name='pygls')\n")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "shapecheck", "server"], env=environ, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "shapecheck: the language server needs pygls: pip install 'torch-shapecheck[server]'\n"
