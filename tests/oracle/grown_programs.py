"""Random programs, grown a line at a time under torch's eyes: what torch takes stays, what it refuses may end the program.

Sizes are nasty on purpose: 0, 1, primes, and numbers that no divisor fits.
"""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

SIZES = (1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16)
LARGEST = 60_000  # elements
LENGTH = 12  # lines beyond the inputs
PYTHONS_OWN = ("tuple index out of range",)  # of `x.chunk(2)[1]`, which is no word of torch's

Lines = list[str]


@dataclass
class Program:
    """Statements, the first of which make the inputs; the last one may be refused. `error` is what torch then raises."""

    seed: int
    statements: Lines
    error: tuple[str, str] | None = None
    line: int | None = None
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)


class Grower:
    """Grows one program."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.seed = seed
        self.scope: dict[str, Any] = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
        self.statements: Lines = []
        self.tensors: list[str] = []
        self.count = 0

    def grow(self) -> Program:
        torch.default_generator.manual_seed(self.seed)
        for _ in range(self.random.randint(1, 3)):
            rank = self.random.choice((1, 2, 2, 3, 3, 4, 4))
            sizes = [self.size() for _ in range(rank)]
            if self.random.random() < 0.06:
                sizes[self.random.randrange(rank)] = 0
            self.attempt([f"{{}} = torch.rand({', '.join(map(str, sizes))})"])
        for _ in range(LENGTH):
            lines = self.random.choice(CHOICES)(self, self.random.choice(self.tensors[-3:]))
            error = self.attempt(lines) if lines else None
            if error is not None and error[1] not in PYTHONS_OWN and self.random.random() < 0.25:
                return Program(self.seed, [*self.statements, *self.last], error, len(self.statements) + len(self.last) - 1, self.shapes())
        return Program(self.seed, self.statements, None, None, self.shapes())

    def attempt(self, lines: Lines) -> tuple[str, str] | None:
        """Add these lines if torch takes them. `{}` is the new tensor's name, `<>` a layer's."""
        name = f"v{self.count}"
        texts = [line.replace("{}", name).replace("<>", f"layer{self.count}") for line in lines]
        self.count += 1
        self.last: Lines = []
        scope = dict(self.scope)
        for text in texts:
            self.last.append(text)
            error = execute(text, scope)
            if error is not None:
                return error
        value = scope[name]
        if not isinstance(value, torch.Tensor) or value.numel() > LARGEST or value.dim() > 6:
            return None
        self.scope = scope
        self.statements += texts
        self.tensors.append(name)
        return None

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: tuple(self.scope[name].shape) for name in self.tensors}

    # what the choices draw from

    def size(self) -> int:
        return self.random.choice(SIZES)

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.scope[name].shape)

    def axis(self, name: str) -> int:
        rank = len(self.shape(name))
        axis = self.random.randint(-rank, rank) if self.random.random() < 0.05 else self.random.randint(-rank, max(rank - 1, 0))
        return axis

    def near(self, size: int) -> int:
        """Mostly this size, now and then another one."""
        return size if self.random.random() < 0.9 else self.size()

    def other(self) -> str:
        return self.random.choice(self.tensors)


def execute(text: str, scope: dict[str, Any]) -> tuple[str, str] | None:
    """Run a statement; what it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(text, scope)
        except Exception as error:
            return type(error).__name__, str(error)
    return None


Choice = Callable[[Grower, str], Lines]
CHOICES: list[Choice] = []


def choice(function: Choice) -> Choice:
    CHOICES.append(function)
    return function


UNARY = (
    "relu()",
    "sigmoid()",
    "exp()",
    "abs()",
    "contiguous()",
    "clone()",
    "float()",
    "neg()",
    "t()",
    "isnan()",
    "long()",
    "argmax()",
    "double()",
)


@choice
def unary(grower: Grower, x: str) -> Lines:
    return [f"{{}} = {x}.{grower.random.choice(UNARY)}"]


@choice
def binary(grower: Grower, x: str) -> Lines:
    return [f"{{}} = {x} {grower.random.choice('+-*/')} {grower.other()}"]


@choice
def broadcast(grower: Grower, x: str) -> Lines:
    sizes = [1 if grower.random.random() < 0.3 else grower.near(size) for size in grower.shape(x)]
    return [
        f"{{}} = {x} {grower.random.choice('+*')} torch.rand({', '.join(map(str, sizes[grower.random.randint(0, len(sizes)) :])) or '()'})"
    ]


@choice
def regroup(grower: Grower, x: str) -> Lines:
    total = 1
    for size in grower.shape(x):
        total *= size
    sizes: list[int] = []
    for _ in range(grower.random.randint(0, 3)):
        size = grower.random.choice([divisor for divisor in range(1, max(total, 1) + 1) if total and total % divisor == 0][:12] or [1])
        sizes.append(size)
        total //= size
    sizes.append(grower.random.choice((-1, total, total)))
    grower.random.shuffle(sizes)
    return [f"{{}} = {x}.{grower.random.choice(('view', 'reshape'))}({', '.join(str(grower.near(size)) for size in sizes)})"]


@choice
def permute(grower: Grower, x: str) -> Lines:
    axes = list(range(len(grower.shape(x))))
    grower.random.shuffle(axes)
    return [f"{{}} = {x}.permute({', '.join(map(str, axes[: grower.near(len(axes))]))})"]


@choice
def swap(grower: Grower, x: str) -> Lines:
    return [f"{{}} = {x}.transpose({grower.axis(x)}, {grower.axis(x)})"]


@choice
def flatten(grower: Grower, x: str) -> Lines:
    return [f"{{}} = torch.flatten({x}, {grower.axis(x)}, {grower.axis(x)})"]


@choice
def one_more(grower: Grower, x: str) -> Lines:
    return [f"{{}} = {x}.{grower.random.choice(('unsqueeze', 'squeeze'))}({grower.axis(x)})"]


@choice
def unflatten(grower: Grower, x: str) -> Lines:
    axis = grower.axis(x)
    sizes = grower.random.choice(((2, -1), (-1, 3), (1, -1), (2, 2)))
    return [f"{{}} = {x}.unflatten({axis}, {sizes})"]


@choice
def cat(grower: Grower, x: str) -> Lines:
    return [f"{{}} = torch.cat([{x}, {grower.random.choice((x, grower.other()))}], dim={grower.axis(x)})"]


@choice
def stack(grower: Grower, x: str) -> Lines:
    return [f"{{}} = torch.stack([{x}, {grower.random.choice((x, grower.other()))}], {grower.axis(x)})"]


@choice
def matmul(grower: Grower, x: str) -> Lines:
    shape = grower.shape(x)
    inner = shape[-1] if shape else 1
    rows = [*(shape[:-2] if grower.random.random() < 0.4 else ()), grower.near(inner), grower.size()]
    other = grower.random.choice((f"torch.rand({', '.join(map(str, rows))})", f"{x}.mT", grower.other()))
    return [f"{{}} = {x} @ {other}"]


@choice
def batched(grower: Grower, x: str) -> Lines:
    function = grower.random.choice(("torch.bmm", "torch.mm"))
    return [f"{{}} = {function}({x}, {grower.random.choice((f'{x}.mT', grower.other()))})"]


@choice
def pieces(grower: Grower, x: str) -> Lines:
    axis, parts = grower.axis(x), grower.random.randint(1, 4)
    how = grower.random.choice((f"chunk({parts}, {axis})", f"split({parts}, {axis})", f"unbind({axis})"))
    return [f"{{}} = {x}.{how}[{grower.random.choice((0, -1, 1))}]"]


@choice
def split_sizes(grower: Grower, x: str) -> Lines:
    axis = grower.axis(x)
    shape = grower.shape(x)
    whole = shape[axis] if -len(shape) <= axis < len(shape) else 3
    first = grower.random.randint(0, max(whole, 1))
    return [f"{{}} = {x}.split([{first}, {max(grower.near(whole) - first, 0)}], dim={axis})[1]"]


INDICES = ("0", "-1", "1:", ":-1", "::2", "None", "...", ":", "1:3", "[0, 0]", "2", "5:2", "..., 0", ":, None", "..., 1:", "0:1, ..., None")


@choice
def index(grower: Grower, x: str) -> Lines:
    return [f"{{}} = {x}[{grower.random.choice(INDICES)}]"]


@choice
def masked(grower: Grower, x: str) -> Lines:
    return [f"{{}} = torch.where({x} > 0.5, {x}, {grower.random.choice(('0.0', grower.other()))})"]


@choice
def expand(grower: Grower, x: str) -> Lines:
    sizes = [grower.size() if size == 1 else grower.random.choice((-1, grower.near(size))) for size in grower.shape(x)]
    front = [2] if grower.random.random() < 0.3 else []
    return [f"{{}} = {x}.expand({', '.join(map(str, [*front, *sizes]))})"]


@choice
def repeat(grower: Grower, x: str) -> Lines:
    times = [grower.random.choice((1, 1, 2, 3)) for _ in range(grower.near(len(grower.shape(x))))]
    how = grower.random.choice(
        (f"repeat({', '.join(map(str, times))})", f"repeat_interleave(2, {grower.axis(x)})", f"tile({tuple(times)})")
    )
    return [f"{{}} = {x}.{how}"]


@choice
def reduce(grower: Grower, x: str) -> Lines:
    name = grower.random.choice(("sum", "mean", "amax", "prod", "var", "logsumexp"))
    keep = grower.random.choice(("", ", keepdim=True"))
    return [f"{{}} = {x}.{name}({grower.axis(x)}{keep})"]


@choice
def reduce_several(grower: Grower, x: str) -> Lines:
    return [f"{{}} = {x}.{grower.random.choice(('sum', 'mean'))}(dim=({grower.axis(x)}, {grower.axis(x)}))"]


@choice
def best(grower: Grower, x: str) -> Lines:
    how = grower.random.choice(
        (f"max({grower.axis(x)}).values", f"sort({grower.axis(x)})[1]", f"topk({grower.random.randint(1, 4)}, {grower.axis(x)})[0]")
    )
    return [f"{{}} = {x}.{how}"]


@choice
def along(grower: Grower, x: str) -> Lines:
    axis = grower.axis(x)
    how = grower.random.choice(
        (f"softmax({axis})", f"cumsum({axis})", f"roll(1, {axis})", f"flip({axis})", f"narrow({axis}, 0, {grower.size()})")
    )
    return [f"{{}} = {x}.{how}"]


@choice
def select(grower: Grower, x: str) -> Lines:
    axis = grower.axis(x)
    how = grower.random.choice((f"select({axis}, {grower.random.randint(-2, 3)})", f"index_select({axis}, torch.tensor([0, 0, 1]))"))
    return [f"{{}} = {x}.{how}"]


@choice
def windows(grower: Grower, x: str) -> Lines:
    return [f"{{}} = {x}.unfold({grower.axis(x)}, {grower.random.randint(1, 5)}, {grower.random.randint(1, 3)})"]


@choice
def diagonal(grower: Grower, x: str) -> Lines:
    how = grower.random.choice(("tril()", "triu(1)", f"diagonal({grower.random.randint(-2, 2)}, {grower.axis(x)}, {grower.axis(x)})"))
    return [f"{{}} = {x}.{how}"]


@choice
def pad(grower: Grower, x: str) -> Lines:
    widths = [grower.random.choice((0, 0, 1, 2, -1)) for _ in range(grower.random.choice((2, 2, 4)))]
    mode = grower.random.choice(("", "", ", mode='reflect'", ", mode='replicate'"))
    return [f"{{}} = F.pad({x}, {tuple(widths)}{mode})"]


@choice
def einsum(grower: Grower, x: str) -> Lines:
    letters = "abcdef"[: len(grower.shape(x))]
    kept = "".join(letter for letter in letters if grower.random.random() < 0.6)
    other = f", {x}" if grower.random.random() < 0.4 else ""
    return [f"{{}} = torch.einsum('{letters}{',' + letters if other else ''}->{kept}', {x}{other})"]


@choice
def linear(grower: Grower, x: str) -> Lines:
    shape = grower.shape(x)
    return [f"<> = nn.Linear({grower.near(shape[-1] if shape else 2)}, {grower.size()})", f"{{}} = <>({x})"]


def _channels(grower: Grower, x: str, plane: int) -> int:
    shape = grower.shape(x)
    return grower.near(shape[-plane - 1] if len(shape) > plane else 2)


@choice
def conv(grower: Grower, x: str) -> Lines:
    plane = grower.random.choice((1, 2, 2))
    kernel, stride, padding = grower.random.randint(1, 4), grower.random.randint(1, 3), grower.random.randint(0, 2)
    back = grower.random.random() < 0.25
    groups = grower.random.choice((1, 1, 1, 2, 3))
    more = f", groups={groups}" if groups > 1 and not back else ""
    name = f"nn.Conv{'Transpose' if back else ''}{plane}d"
    channels, made = _channels(grower, x, plane), grower.size() * (groups if not back else 1)
    return [f"<> = {name}({channels}, {made}, {kernel}, stride={stride}, padding={padding}{more})", f"{{}} = <>({x})"]


@choice
def pool(grower: Grower, x: str) -> Lines:
    plane, kernel, stride = grower.random.choice((1, 2, 2)), grower.random.randint(1, 4), grower.random.randint(1, 3)
    ceil = grower.random.choice(("", ", ceil_mode=True"))
    kind = grower.random.choice(
        (
            f"MaxPool{plane}d({kernel}, {stride}{ceil})",
            f"AvgPool{plane}d({kernel})",
            f"AdaptiveAvgPool{plane}d({grower.random.randint(1, 5)})",
        )
    )
    return [f"<> = nn.{kind}", f"{{}} = <>({x})"]


@choice
def norm(grower: Grower, x: str) -> Lines:
    shape = grower.shape(x)
    channels = grower.near(shape[1] if len(shape) > 1 else 2)
    last = grower.near(shape[-1] if shape else 2)
    divisors = [divisor for divisor in range(1, channels + 1) if channels % divisor == 0] or [1]
    kind = grower.random.choice(
        (
            f"BatchNorm1d({channels})",
            f"BatchNorm2d({channels})",
            f"GroupNorm({grower.near(grower.random.choice(divisors))}, {max(channels, 1)})",
            f"LayerNorm({last})",
            "InstanceNorm2d(3)",
        )
    )
    return [f"<> = nn.{kind}", f"{{}} = <>({x})"]


@choice
def recurrent(grower: Grower, x: str) -> Lines:
    shape = grower.shape(x)
    options = grower.random.choice(("", ", batch_first=True", ", num_layers=2", ", bidirectional=True"))
    name = grower.random.choice(("LSTM", "GRU", "RNN"))
    return [f"<> = nn.{name}({grower.near(shape[-1] if shape else 2)}, {grower.size()}{options})", f"{{}} = <>({x})[0]"]


@choice
def attention(grower: Grower, x: str) -> Lines:
    shape = grower.shape(x)
    width = grower.near(shape[-1] if shape else 2)
    heads = grower.random.choice([divisor for divisor in range(1, width + 1) if width % divisor == 0] or [1])
    if grower.random.random() < 0.4:
        return [f"{{}} = F.scaled_dot_product_attention({x}, {x}, {grower.random.choice((x, grower.other()))})"]
    return [f"<> = nn.MultiheadAttention({max(width, 1)}, {grower.near(heads)}, batch_first=True)", f"{{}} = <>({x}, {x}, {x})[0]"]


@choice
def resize(grower: Grower, x: str) -> Lines:
    how = grower.random.choice(("scale_factor=2", f"size={grower.size()}", "scale_factor=0.5", "scale_factor=2, mode='bilinear'"))
    return [f"{{}} = F.interpolate({x}, {how})"]


@choice
def shuffle(grower: Grower, x: str) -> Lines:
    return [f"{{}} = F.{grower.random.choice(('pixel_shuffle', 'pixel_unshuffle'))}({x}, 2)"]


@choice
def loss(grower: Grower, x: str) -> Lines:
    target = grower.random.choice((x, f"{x}.argmax(1)", grower.other()))
    return [f"{{}} = F.{grower.random.choice(('mse_loss', 'cross_entropy', 'l1_loss'))}({x}, {target})"]


@choice
def lookup(grower: Grower, x: str) -> Lines:
    return [f"<> = nn.Embedding({grower.size() + 1}, {grower.size()})", f"{{}} = <>({x}.long())"]


@choice
def gather(grower: Grower, x: str) -> Lines:
    axis = grower.axis(x)
    return [f"{{}} = {x}.gather({axis}, {x}.argmax({axis}, keepdim=True))"]


NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
BUMPED = re.compile(r"v\d+ = torch\.rand\(|layer\d+ = nn\.(?:Linear|Conv|Batch|Layer|Group|Embedding|LSTM|GRU|RNN|Multihead)")


def bumped(program: Program) -> Program | None:
    """The program with one size of an input or a layer one larger, and what torch makes of that."""
    drawn = random.Random(program.seed)
    places = [(number, found) for number, text in enumerate(program.statements) if BUMPED.match(text) for found in NUMBER.finditer(text)]
    if not places:
        return None
    number, found = drawn.choice(places)
    text = program.statements[number]
    statements = list(program.statements)
    statements[number] = f"{text[: found.start()]}{int(found[0]) + 1}{text[found.end() :]}"
    return judged(program.seed, statements)


def judged(seed: int, statements: Lines) -> Program | None:
    """What torch makes of statements: the shapes of the tensors, and where it stops. None where not torch stops it, but Python."""
    torch.default_generator.manual_seed(seed)
    scope: dict[str, Any] = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    for line, text in enumerate(statements):
        error = execute(text, scope)
        if error is not None and error[1] in PYTHONS_OWN:
            return None
        if error is not None:
            return Program(seed, statements[: line + 1], error, line, _shapes(scope))
    return Program(seed, statements, None, None, _shapes(scope))


def _shapes(scope: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in scope.items() if isinstance(value, torch.Tensor)}
