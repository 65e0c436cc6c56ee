"""The child process: runs slices of programs on torch, one request a line, and says what came of each.

Started as a file by the project's interpreter: it needs torch (2.1 or later) and the standard library of Python 3.8 or later, and
imports nothing of shapecheck. Requests come on standard input and answers go to standard output, both as lines of JSON; what the
programs print goes nowhere. Importing this file does nothing.

request  {"id", "text", "file", "call", "name", "package", "bare", "roots", "device", "fake", "grad", "accused": [file, first, last],
          "claims": [[line, column, end_line, end_column], …], "skips": [[line, end_line], …] whose exceptions are passed over, "time"}
answer   {"id", "raised": null or {"kinds": [names of the exception's classes], "text", "frames": [[file, line, end_line], …]},
          "reached", "passed": whether the accused place was come by, and was left without an exception,
          "seen": [[shapes that the first claim had], …], "missing": a module that was not found, or null}
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib.util
import json
import linecache
import os
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
CALL = "<call>"
RECORD = "__shapecheck_seen__"
ANYTHING = "__shapecheck_anything__"
BIG = 100_000  # weights of a layer
TEXT = 4_000  # characters of an exception's text that are passed on


class TimeIsUp(BaseException):
    """The program took too long. No Exception, so that no handler of the program takes it."""


def main() -> None:
    """Answer requests until there are no more."""
    scratch, memory, meta = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "meta"
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or ".") != HERE]
    sys.dont_write_bytecode = True
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)

    own = os.getpid()

    def say(answer: dict[str, Any]) -> None:
        if os.getpid() != own:  # a copy of the process that the program made behind our back
            os._exit(1)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    python = sys.version.split()[0]
    say({"torch": importlib.util.find_spec("torch") is not None, "python": python})
    try:
        torch = prepare(meta)
    except Exception as error:  # a torch that cannot be imported is as good as none
        say({"ready": False, "why": f"its torch cannot be imported: {type(error).__name__}: {error}"})
        return
    ready = {"ready": True, "torch": torch.__version__, "python": python, "cuda": torch.cuda.is_available()}
    os.environ["HOME"] = os.environ["USERPROFILE"] = scratch  # not earlier: packages of the user are found by them
    load_guard().forbid(scratch)
    if memory:
        load_guard().limit_memory(memory)
    say(ready)
    gc.collect()
    gc.freeze()  # what torch consists of is never looked through again
    known = set(sys.modules)
    package = ""
    for answered, line in enumerate(requests, 1):
        request = json.loads(line)
        os.chdir(scratch)
        for name in set(sys.modules) - known:  # what they hold (registries of models) is of the last program
            if not installed(sys.modules[name]) or name.partition(".")[0] in (package, request["package"].partition(".")[0]):
                del sys.modules[name]
        package = request["package"].partition(".")[0]
        say({"id": request["id"], **Attempt(torch, request).answer()})
        if answered % 50 == 0:  # it takes longer than most programs
            gc.collect()


def load_guard() -> Any:
    """The module beside this one, without a folder on the path in which its neighbours would hide other modules."""
    found = sys.modules.get("shapecheck_guard")
    if found is None:
        spec = importlib.util.spec_from_file_location("shapecheck_guard", os.path.join(HERE, "guard.py"))
        assert spec is not None and spec.loader is not None
        found = importlib.util.module_from_spec(spec)
        sys.modules["shapecheck_guard"] = found
        spec.loader.exec_module(found)
    return found


def installed(module: Any) -> bool:
    """Whether a module belongs to the environment and not to the code that is checked: it may stay for the next program."""
    path = getattr(module, "__file__", None)
    return path is None or any(part in ("site-packages", "dist-packages") or part.startswith("python3") for part in path.split(os.sep))


def prepare(meta: bool) -> Any:
    """Import torch, and make it lenient about what does not matter here. meta: the meta device will be used."""
    warnings.simplefilter("ignore")
    import torch

    torch.set_num_threads(1)  # the tensors are small
    tolerate_missing_ops(torch)
    if meta:
        with torch.device("meta"):  # its first op imports hundreds of modules: not in the time of the first program
            torch.nn.functional.linear(torch.empty(2, 3), torch.empty(4, 3), torch.empty(4))
    return torch


def tolerate_missing_ops(torch: Any) -> None:
    """A package without its compiled ops (torchvision from source) registers shapes for ops that are not there; that is no error here."""
    library = torch.library

    def lenient(register: Any) -> Any:
        def registered(op: Any, func: Any = None, **options: Any) -> Any:
            def decorate(func: Any) -> Any:
                with contextlib.suppress(RuntimeError):
                    register(op, func, **options)
                return func

            return decorate if func is None else decorate(func)

        return registered

    for name in ("register_fake", "impl_abstract"):
        if hasattr(library, name):
            setattr(library, name, lenient(getattr(library, name)))


class Attempt:
    """One program on one device."""

    def __init__(self, torch: Any, request: dict[str, Any]) -> None:
        self.torch = torch
        self.request = request
        self.file: str = request["file"]
        self.accused, self.first, self.last = request["accused"]
        self.seen: list[list[Any]] = [[] for _ in request["claims"]]
        self.files: dict[str, bool] = {}
        self.reached = False
        self.passed = False

    def answer(self) -> dict[str, Any]:
        """Run it and say what happened."""
        raised: BaseException | None = None
        path, argv = list(sys.path), list(sys.argv)
        before = sys.modules["__main__"]
        module = types.ModuleType(self.request["name"])
        vars(module).update({"__file__": self.file, "__package__": self.request["package"] or None, RECORD: self.record})
        sys.modules[self.request["name"]] = module
        if self.request["name"] == "__main__":
            sys.modules["__main__"] = module
        sys.argv = [self.file]
        sys.path[:0] = self.request["roots"]
        lines = self.request["text"].splitlines(True)
        linecache.cache[self.file] = (len(self.request["text"]), None, lines, self.file)
        try:
            with alarm(self.request["time"]), self.surroundings():
                sys.settrace(self.trace)
                try:
                    self.run(vars(module))
                finally:
                    sys.settrace(None)
        except BaseException as error:  # SystemExit and the like too: whatever ends the program is the answer
            raised = error
        finally:
            sys.settrace(None)
            sys.path[:], sys.argv = path, argv
            sys.modules["__main__"] = before
            self.torch.set_default_dtype(self.torch.float32)
        answer = {"raised": None if raised is None else self.told(raised), "reached": self.reached, "passed": self.passed}
        return {**answer, "seen": self.seen, "missing": missing(raised)}

    def run(self, names: dict[str, Any]) -> None:
        tree = ast.parse(self.request["text"], self.file)
        if self.request["claims"]:
            tree = ast.fix_missing_locations(Recording(self.request["text"], self.request["claims"]).visit(tree))
        if self.request["skips"]:
            names[ANYTHING] = stand_in(self.torch)
            tree = ast.fix_missing_locations(Skipping(self.request["skips"]).visit(tree))
        exec(compile(tree, self.file, "exec"), names)
        if self.request["call"]:
            exec(compile(self.request["call"], CALL, "exec"), names)

    def record(self, place: int, value: Any) -> Any:
        if isinstance(value, (self.torch.Tensor, self.torch.Size)):
            self.seen[place].append(list(getattr(value, "shape", value)))
        return value

    def told(self, raised: BaseException) -> dict[str, Any]:
        frames = []
        trace = raised.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            line = end = trace.tb_lineno
            if sys.version_info >= (3, 11) and trace.tb_lasti >= 0:
                place = list(code.co_positions())[trace.tb_lasti // 2]
                line, end = place[0] or line, place[1] or end
            frames.append([code.co_filename, line, end])
            trace = trace.tb_next
        kinds = [kind.__name__ for kind in type(raised).__mro__]
        return {"kinds": kinds, "text": str(raised)[:TEXT], "frames": frames[-50:]}

    # whether the accused place is come by

    def is_accused(self, path: str) -> bool:
        if path not in self.files:
            self.files[path] = path == self.accused or os.path.realpath(path) == os.path.realpath(self.accused)
        return self.files[path]

    def trace(self, frame: Any, event: str, value: Any) -> Any:
        if not self.is_accused(frame.f_code.co_filename):
            return None
        at_place = False

        def line_by_line(frame: Any, event: str, value: Any) -> Any:
            nonlocal at_place
            if event == "line":
                if at_place and not self.first <= frame.f_lineno <= self.last:
                    self.passed, at_place = True, False
                elif self.first <= frame.f_lineno <= self.last:
                    self.reached = at_place = True
            elif event == "exception":
                at_place = False
            elif event == "return" and at_place:
                self.passed = True
            return line_by_line

        return line_by_line

    # the device

    @contextlib.contextmanager
    def surroundings(self) -> Iterator[None]:
        """The device as the default one, everything that asks for another one sent to it, no autograd, no big
        weights initialised."""
        torch = self.torch
        device = self.request["device"]
        torch.manual_seed(0)
        with contextlib.ExitStack() as stack:
            if self.request["bare"]:
                stack.enter_context(bare_packages(self.request["package"], self.request["roots"]))
            if device != "cuda":
                stack.enter_context(replaced(torch.cuda, "is_available", lambda: False))
                stack.enter_context(replaced(torch.cuda, "device_count", lambda: 0))
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            if self.request["fake"]:
                from torch._subclasses.fake_tensor import FakeTensorMode

                stack.enter_context(FakeTensorMode(allow_non_fake_inputs=True))
            if device != "cpu":
                stack.enter_context(torch.device(device))
            stack.enter_context(one_device(torch, device))
            if not self.request["grad"]:
                stack.enter_context(without_autograd(torch))
            if device != "meta" and not self.request["fake"]:
                stack.enter_context(light_initialisation(torch))
            yield


def missing(raised: BaseException | None) -> str | None:
    """The module that an import did not find."""
    return raised.name if isinstance(raised, ModuleNotFoundError) else None


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `TimeIsUp` in the program when the time is up, again and again, where the platform has such a signal."""
    try:
        import signal

        def ring(number: int, frame: Any) -> None:
            raise TimeIsUp(f"more than {seconds:g} s")

        before = signal.signal(signal.SIGALRM, ring)
    except (AttributeError, ValueError):  # Windows
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    """An attribute with another value for a while; one that is not there stays away."""
    before = vars(owner).get(name, getattr(owner, name, None))
    if before is None:
        yield
        return
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextlib.contextmanager
def bare_packages(package: str, roots: list[str]) -> Iterator[None]:
    """The packages around a file as folders: what is imported from them is found, their own code is not run."""
    parts = package.split(".") if package else []
    made = []
    for end in range(1, len(parts) + 1):
        name = ".".join(parts[:end])
        places = [place for place in (os.path.join(root, *parts[:end]) for root in roots) if os.path.isdir(place)]
        if name in sys.modules or not places:
            continue
        module = types.ModuleType(name)
        module.__path__ = places
        sys.modules[name] = module
        made.append(name)
    try:
        yield
    finally:
        for name in made:
            sys.modules.pop(name, None)


@contextlib.contextmanager
def one_device(torch: Any, device: str) -> Iterator[None]:
    """Every move to a device, whichever the program names, is one to this device."""
    from torch.overrides import TorchFunctionMode

    def is_device(value: Any) -> bool:
        if isinstance(value, torch.device):
            return True
        return isinstance(value, str) and value.split(":")[0] in ("cuda", "cpu", "mps", "xpu", "meta", "hpu")

    moves = {torch.Tensor.to, torch.Tensor.cuda, torch.Tensor.cpu}

    class OneDevice(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kwargs = dict(kwargs or {})
            if kwargs.get("device") is not None:
                kwargs["device"] = device
            if func in moves:
                if func in (torch.Tensor.cuda, torch.Tensor.cpu):
                    func, args, kwargs = torch.Tensor.to, (args[0], device), {}
                else:
                    args = tuple(device if is_device(arg) or (place == 1 and type(arg) is int) else arg for place, arg in enumerate(args))
            return func(*args, **kwargs)

    def module_to(module: Any, *args: Any, **kwargs: Any) -> Any:
        dtype = kwargs.get("dtype") or next((arg for arg in args if isinstance(arg, torch.dtype)), None)
        other = next((arg for arg in args if isinstance(arg, torch.Tensor)), None)
        dtype = other.dtype if dtype is None and other is not None else dtype
        return module if dtype is None else moved(module, dtype)

    moved = torch.nn.Module.to

    def stays(module: Any, *args: Any, **kwargs: Any) -> Any:
        return module

    with contextlib.ExitStack() as stack:
        stack.enter_context(replaced(torch.nn.Module, "to", module_to))
        for name in ("cuda", "cpu", "xpu", "to_empty"):
            stack.enter_context(replaced(torch.nn.Module, name, stays))
        stack.enter_context(OneDevice())
        yield


@contextlib.contextmanager
def without_autograd(torch: Any) -> Iterator[None]:
    """No graph is kept; what asks for gradients gets none, or zeros."""

    def nothing(*args: Any, **kwargs: Any) -> None:
        return None

    def zeros(outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        inputs = (inputs,) if isinstance(inputs, torch.Tensor) else inputs
        return tuple(torch.zeros_like(value) for value in inputs)

    with contextlib.ExitStack() as stack:
        stack.enter_context(replaced(torch.Tensor, "backward", nothing))
        stack.enter_context(replaced(torch.autograd, "backward", nothing))
        stack.enter_context(replaced(torch.autograd, "grad", zeros))
        stack.enter_context(torch.no_grad())
        yield


@contextlib.contextmanager
def light_initialisation(torch: Any) -> Iterator[None]:
    """Big weights keep whatever is in the memory: drawing their values is most of the time of a big model."""
    from torch.nn import modules

    def unless_big(reset: Any) -> Any:
        def light(layer: Any) -> None:
            if sum(parameter.numel() for parameter in layer.parameters(False)) < BIG:
                reset(layer)

        return light

    layers: list[Any] = [
        modules.linear.Linear,
        modules.linear.Bilinear,
        modules.conv._ConvNd,
        modules.sparse.Embedding,
        modules.rnn.RNNBase,
    ]
    with contextlib.ExitStack() as stack:
        for layer in layers:
            stack.enter_context(replaced(layer, "reset_parameters", unless_big(layer.reset_parameters)))
        yield


class Recording(ast.NodeTransformer):
    """Hands the values of some expressions to the recorder."""

    def __init__(self, text: str, claims: list[list[int]]) -> None:
        lines = text.split("\n")
        self.places: dict[tuple[Any, ...], int] = {}
        for number, (line, column, end_line, end_column) in enumerate(claims):
            start = len(lines[line - 1][: column - 1].encode())  # the columns of `ast` count bytes
            end = len(lines[end_line - 1][: end_column - 1].encode())
            self.places[line, start, end_line, end] = number

    def visit(self, node: Any) -> Any:
        node = self.generic_visit(node)
        if not isinstance(node, ast.expr) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return node
        place: tuple[Any, ...] = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        number = self.places.get(place)
        if number is None:
            return node
        call = ast.Call(ast.Name(RECORD, ast.Load()), [ast.Constant(number), node], [])
        return ast.copy_location(call, node)


class Skipping(ast.NodeTransformer):
    """Passes over the exceptions of some statements: what they would have assigned is anything from then on."""

    def __init__(self, skips: list[list[int]]) -> None:
        self.skips = skips

    def visit(self, node: Any) -> Any:
        node = self.generic_visit(node)
        if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)):
            return node
        if not any(node.lineno <= line and (node.end_lineno or 0) >= end_line for line, end_line in self.skips):
            return node
        body: list[ast.stmt] = [ast.Pass()]
        if isinstance(node, ast.Return):
            body = [ast.Return(self.anything())]
        elif not isinstance(node, ast.Expr):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            body = [ast.Assign([target], self.value(target)) for target in targets]
        handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, body)
        return ast.copy_location(ast.Try([node], [handler], [], []), node)

    def value(self, target: ast.expr) -> ast.expr:
        if isinstance(target, (ast.Tuple, ast.List)) and not any(isinstance(item, ast.Starred) for item in target.elts):
            return ast.Tuple([self.value(item) for item in target.elts], ast.Load())
        return self.anything()

    def anything(self) -> ast.expr:
        return ast.Call(ast.Name(ANYTHING, ast.Load()), [], [])


def stand_in(torch: Any) -> Any:
    """A class of objects that take part in everything: the value of what was passed over."""

    def another(self: Any, *args: Any, **kwargs: Any) -> Any:
        return Anything()

    class Anything(torch.nn.Module):  # type: ignore[misc]
        forward = __getitem__ = another

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__") and name.endswith("__"):
                raise AttributeError(name)
            return Anything()

        def __len__(self) -> int:
            return 1

        def __iter__(self) -> Iterator[Any]:
            return iter((Anything(),))

        @classmethod
        def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            return cls()

    for name in "add sub mul truediv floordiv mod pow matmul and or xor".split():
        for form in (f"__{name}__", f"__r{name}__"):
            setattr(Anything, form, another)
    for name in "neg pos invert abs lt le gt ge".split():
        setattr(Anything, f"__{name}__", another)
    return Anything


if __name__ == "__main__":
    main()
