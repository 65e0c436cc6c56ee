"""Every model of torchvision: what `shapecheck summary` reads from the source, against what forward hooks see on the meta device.

    python tests/bench/zoo.py                       all of them (needs torch and torchvision; about five minutes)
    python tests/bench/zoo.py resnet swin           those whose names contain one of the words
    python tests/bench/zoo.py --zoo detection       another zoo, see zoos.py

Compared are: every module call in the order in which the calls return (path and class), the shapes that it returns, the module's own
parameters; of the model the parameters, those that learn, and the FLOPs as torch.utils.flop_counter counts them.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import sys
import time
import warnings
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shapecheck.run.imports import Library
from shapecheck.summary import Summary, TargetError, summarize
from tests.bench.zoos import ZOOS, Case


class Seen(NamedTuple):
    """One call of a module."""

    path: str
    class_name: str
    output: Any
    params: int


class Truth(NamedTuple):
    """What torch says of a model."""

    calls: list[Seen]
    params: int
    trainable: int
    flops: int
    shape: tuple[int, ...]


def built(case: Case) -> Any:
    """The model, its parameters and buffers on the meta device. Arithmetic with small tensors while it is built stays on the CPU."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Weightless(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kwargs = dict(kwargs or {})
            if func in (torch.empty, torch.zeros, torch.ones) and kwargs.get("device") is None:
                kwargs["device"] = "meta"
            return func(*args, **kwargs)

    scope = vars(importlib.import_module(case.module))
    with Weightless(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(case.expression, dict(scope)).eval().to("meta")


def shape_of(case: Case, model: Any) -> tuple[int, ...]:
    """The shape of the input: the zoo's, or what the model says itself."""
    return case.shape or (1, getattr(model, "in_channels", 3), *getattr(model, "in_size", (224, 224)))


def truth(case: Case) -> Truth:
    """What torch says of a model."""
    model = built(case)
    return watched(model, shape_of(case, model))


def watched(model: Any, shape: tuple[int, ...]) -> Truth:
    """A call of a model that lies on the meta device, seen through forward hooks."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    names = {module: path for path, module in model.named_modules()}
    calls: list[Seen] = []

    def hook(module: Any, _: Any, output: Any) -> None:
        own = sum(parameter.numel() for parameter in module.parameters(recurse=False))
        calls.append(Seen(names[module], type(module).__name__, outline(output), own))

    for module in names:
        module.register_forward_hook(hook)
    params = list(model.parameters())
    learning = sum(parameter.numel() for parameter in params if parameter.requires_grad)
    for parameter in params:  # the counter wants gradients of all inputs of a module, or of none
        parameter.requires_grad_(False)
    with torch.no_grad(), torch.device("meta"), FlopCounterMode(display=False) as counter:
        model(torch.empty(shape, device="meta"))
    return Truth(calls, sum(parameter.numel() for parameter in params), learning, counter.get_total_flops(), shape)


def outline(value: Any) -> Any:
    """Shapes in place of tensors."""
    import torch

    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    if isinstance(value, dict):
        return {str(key): outline(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [outline(item) for item in value]
    return None


def differences(true: Truth, ours: Summary) -> tuple[int, list[str]]:
    """How many calls agree, and sentences about what does not. That something is said to be unknown is not among them."""
    said: list[str] = []
    agree = 0
    for place, (want, row) in enumerate(itertools.zip_longest(true.calls, ours.rows)):
        have = None if row is None else Seen(row.path, row.class_name, row.output, row.params)
        if want == have:
            agree += 1
        elif len(said) < 3:
            said.append(f"call {place}: torch {tuple(want) if want else None}, we {tuple(have) if have else None}")
    for name in ("params", "trainable", "flops"):
        if getattr(true, name) != getattr(ours, name):
            said.append(f"{name}: torch {getattr(true, name)}, we {getattr(ours, name)}")
    if ours.failure:
        said.append(f"we end with: {ours.failure}")
    return agree, said


def compare(chosen: list[Case]) -> bool:
    """Compare, print, and say whether everything agrees."""
    library = Library()
    good = calls = every = unable = doubtful = 0
    for case in chosen:
        started = time.perf_counter()
        try:
            true = truth(case)
        except Exception as error:
            unable += 1
            print(f"--       {case.name}: torch cannot run it: {type(error).__name__}: {str(error)[:150]}", flush=True)
            continue
        between = time.perf_counter()
        try:
            ours = summarize(case.target, true.shape, library=library)
        except TargetError as error:
            ours = None
            agree, said = 0, [str(error)]
        else:
            agree, said = differences(true, ours)
        good += not said
        unknown = ours.unknown if ours is not None else ()
        doubtful += bool(unknown and not said)
        calls += agree
        every += len(true.calls)
        mark = "DIFFERS" if said else "agrees "
        times = f"torch {between - started:.1f} s, we {time.perf_counter() - between:.1f} s"
        doubts = [f"unknown: {item.path or 'the model'}: {item.why}" for item in unknown[:1]]
        print(f"{mark}  {case.name}: {agree} of {len(true.calls)} calls ({times})", *said, *doubts, sep="\n         ", flush=True)
    judged = len(chosen) - unable
    print(
        f"{good} of {judged} models agree in everything, {calls} of {every} module calls; of {doubtful} of them something is said to be unknown"
    )
    return good == judged


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="parts of names")
    parser.add_argument("--zoo", choices=ZOOS, default="torchvision")
    args = parser.parse_args()
    chosen = [case for case in ZOOS[args.zoo]() if not args.words or any(word in case.name for word in args.words)]
    return 0 if compare(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
