"""Torch's side: a process that has torch loaded and forks a child for every program. Torch and the standard library only.

    python judge.py FOLDER…        folders that go on the path

One JSON object a line comes in: `text` of the program, `path` that its traceback shows, `module` (the dotted name of the file it stands for),
`prelude` (run before it), `device`, `seconds`, and `lines` ("all", "functions": also which lines ran, of the file or of its functions; a
number: how often that line began). One goes out:

    {"outcome": "works" | "raises" | "timeout" | "died", "type", "message", "frames": [[file, line, end line, function], …], "by_torch": bool,
     "lines": [...], "times": 1, "seconds": 0.1}
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import types
import warnings
from collections import Counter
from typing import Any

MEMORY = 6 << 30


def main() -> None:
    sys.path[1:1] = sys.argv[1:]
    sys.path.pop(0)
    warnings.simplefilter("ignore")
    import torch
    import torch._dynamo  # what an optimizer asks for first: here once, not in every child

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.append(here)
    import stubs

    sys.path.remove(here)
    torch.set_num_threads(1)
    stubs.install()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the programs print is nobody's answer
    for line in sys.stdin:
        request = json.loads(line)
        if request["module"]:
            try:
                importlib.import_module(request["module"])  # what it imports stays loaded in this process
            except Exception:
                traceback.print_exc()
        answers.write(json.dumps(in_child(request)) + "\n")
        answers.flush()


def in_child(request: dict[str, Any]) -> dict[str, Any]:
    """What became of the program, run in a child of its own."""
    read, write = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            answer = run(request)
        except BaseException as error:
            answer = {"outcome": "died", "type": type(error).__name__, "message": str(error)[:500]}
        with os.fdopen(write, "w") as out:
            json.dump(answer, out)
        os._exit(0)
    os.close(write)
    answer = heard(read, child, request["seconds"])
    answer["seconds"] = round(time.monotonic() - started, 2)
    return answer


def heard(read: int, child: int, seconds: float) -> dict[str, Any]:
    pieces = []
    deadline = time.monotonic() + seconds
    over = False
    while not over:
        ready, _, _ = select.select([read], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        piece = os.read(read, 1 << 16)
        pieces.append(piece)
        over = not piece
    os.close(read)
    os.waitpid(child, 0)
    if not over:
        return {"outcome": "timeout"}
    try:
        answer: dict[str, Any] = json.loads(b"".join(pieces))
        return answer
    except ValueError:
        return {"outcome": "died", "type": "", "message": ""}


def run(request: dict[str, Any]) -> dict[str, Any]:
    import torch

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    exec(compile(request["prelude"], "<prelude>", "exec"), {})
    torch.manual_seed(0)
    if request["device"] != "cpu":
        torch.set_default_device(request["device"])
    name = (request["module"].rpartition(".")[0] + "." if "." in request["module"] else "") + "_mutant"
    module = types.ModuleType(name if request["module"] else "__main__")
    module.__file__ = request["path"]
    module.__package__ = name.rpartition(".")[0]
    sys.modules[name] = module
    lines: Counter[int] = Counter()
    wanted = request.get("lines") or ""
    if wanted:
        sys.settrace(tracer(request["path"], lines, wanted == "functions"))

    def ran() -> dict[str, Any]:
        return {"times": lines[wanted]} if isinstance(wanted, int) else {"lines": sorted(lines)}

    try:
        exec(compile(request["text"], request["path"], "exec"), module.__dict__)
    except Exception as error:
        sys.settrace(None)
        return raised(error) | ran()
    sys.settrace(None)
    return {"outcome": "works"} | ran()


def tracer(path: str, lines: Counter[int], functions: bool) -> Any:
    def local(frame: Any, event: str, arg: Any) -> Any:
        if event == "line":
            lines[frame.f_lineno] += 1
        return local

    def starts(frame: Any, event: str, arg: Any) -> Any:
        code = frame.f_code
        return local if code.co_filename == path and (not functions or code.co_flags & 1) else None  # 1: the code of a function

    return starts


def raised(error: Exception) -> dict[str, Any]:
    frames = [
        [entry.filename, entry.lineno, entry.end_lineno or entry.lineno, entry.name]
        for entry in traceback.extract_tb(error.__traceback__)
        if entry.filename != __file__
    ]
    return {"outcome": "raises", "type": type(error).__name__, "message": str(error)[:2000], "frames": frames}


if __name__ == "__main__":
    main()
