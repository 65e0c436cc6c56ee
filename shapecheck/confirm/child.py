"""The parent's side of a worker: starts it, asks it, and ends it with everything that it started."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from shapecheck.config.errors import ConfigError

WORKER = Path(__file__).with_name("worker.py")
START = 120.0  # seconds that importing torch may take
GRACE = 3.0  # seconds that a worker has to see for itself that the time is up
SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTORCH_JIT": "0",  # scripted functions run as what they are written as
    "TORCHDYNAMO_DISABLE": "1",  # and compiled ones: no compiler is started
    "MPLBACKEND": "Agg",
    "CUDA_LAUNCH_BLOCKING": "1",  # an error of the device is raised where it comes about
}


class NotReady(ConfigError):
    """The interpreter cannot confirm anything; the text says why."""


class Gone(Exception):
    """The worker ended, or had to be ended, while it ran a program; the text says why."""


class Child:
    """One worker process after the other, under one interpreter. `starts` counts them.

    memory: bytes of address space that programs may take, 0 for no limit. seconds: for one run. meta: the meta device will be used.
    """

    def __init__(self, python: str, memory: int, seconds: float, meta: bool = True) -> None:
        self.python = python
        self.meta = meta
        self.memory = memory
        self.seconds = seconds
        self.starts = 0
        self.about: dict[str, Any] = {}
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._scratch = tempfile.TemporaryDirectory(prefix="shapecheck-", ignore_cleanup_errors=True)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()
        self._scratch.cleanup()

    def begin(self) -> None:
        """Start the process, which then imports torch while the caller does other things. NotReady when it has none."""
        if self._process is not None:
            return
        folder = self._scratch.name
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "TORCH_HOME", "HF_HOME"), folder)
        self.starts += 1
        self._answers = queue.Queue()
        try:
            self._process = subprocess.Popen(
                [self.python, str(WORKER), folder, str(self.memory), "meta" if self.meta else "data"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env={**os.environ, **SETTINGS, **places},
                start_new_session=True,
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise NotReady(f"{self.python}: cannot be started: {error.strerror or error}") from None
        threading.Thread(target=_read, args=(self._process, self._answers), daemon=True).start()
        first = self._first_words()
        if first is None:
            self.end()
            raise NotReady(f"{self.python}: it does not start as a Python interpreter")
        if not first.get("torch"):
            self.end()
            raise NotReady(f"{self.python}: it has no torch, which is what confirms findings; `--python PATH` names another interpreter")

    def ready(self) -> dict[str, Any]:
        """Wait for a process that takes requests; what it says of itself. NotReady when there is none."""
        if self._process is not None and self.about:
            return self.about
        self.begin()
        answer = self._first_words()
        if answer is None or not answer["ready"]:
            self.end()
            raise NotReady(f"{self.python}: {answer['why'] if answer is not None else 'its torch cannot be imported'}")
        self.about = answer
        return answer

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request. Gone when the process did not live to give it; the next request has a new one."""
        self.ready()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            answer = self._answer(self.seconds + GRACE)
        except queue.Empty:
            self.end()
            raise Gone(f"it took more than {self.seconds:g} s") from None
        except OSError:
            answer = None
        if answer is None or answer.get("id") != request["id"]:
            raise Gone(self._last_words())
        return answer

    def end(self) -> None:
        """End the process, if there is one, and all that it started."""
        process, self._process, self.about = self._process, None, {}
        if process is None:
            return
        try:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        except (ProcessLookupError, PermissionError):
            pass
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # what was not sent any more
                pass

    def _first_words(self) -> dict[str, Any] | None:
        """What the process says while it starts; None when it says nothing."""
        try:
            return self._answer(START)
        except queue.Empty:
            return None

    def _answer(self, seconds: float) -> dict[str, Any] | None:
        """The next line that the process writes; None when it writes none. queue.Empty when the time is up."""
        line = self._answers.get(timeout=seconds)
        try:
            found = json.loads(line) if line else None
        except ValueError:
            found = None
        return found if isinstance(found, dict) else None

    def _last_words(self) -> str:
        process = self._process
        status = None
        if process is not None:
            try:
                status = process.wait(GRACE)
            except subprocess.TimeoutExpired:
                status = None
        self.end()
        if status is None:
            return "the process that ran it stopped answering"
        if status < 0:
            return f"the process that ran it was ended by {_signal(-status)}"
        return f"the process that ran it ended with status {status}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _read(process: subprocess.Popen[str], answers: queue.Queue[str | None]) -> None:
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except (OSError, ValueError):
        pass
    answers.put(None)
