"""Free values: what a parameter becomes by the way it is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import FreeShape
from shapecheck.sizes import Poly, Size, symbol
from shapecheck.source import ir
from shapecheck.values import Cond, Free, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

KINDS = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "str": "str",
    "Tensor": "tensor",
    "FloatTensor": "tensor",
    "LongTensor": "tensor",
    "BoolTensor": "tensor",
    "Callable": "callable",
    "Module": "module",
    "list": "list",
    "List": "list",
    "tuple": "list",
    "Tuple": "list",
    "Sequence": "list",
    "Iterable": "list",
    "dict": "object",
    "Dict": "object",
}
HOLDERS = ("list", "object")
LIKE = "like"
CALL = "()"
NO_FUNCTIONS = ("int", "float", "bool", "str", "list", "tensor")
LONGEST = 120  # characters of a name: calls of what calls give, and so on, end
LETTERS = {1: "L", 2: "ND", 3: "NLD", 4: "NCHW", 5: "NCTHW"}


class FreeValues:
    """Free values of a run: pinning them and reading parts of them."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.axes: dict[tuple[str, int], Size] = {}  # sizes read from a free tensor before its rank was known
        self.letters: dict[str, str] = {}  # which free tensor has the plain letter for an axis
        self.tensors: set[str] = set()  # free lists that are given to a forward: they hold tensors, as likely as not
        self.slices: dict[str, tuple[Free, slice]] = {}  # parts of free lists, by name

    def reset(self) -> None:
        """Forget names given in an earlier run."""
        self.axes.clear()
        self.letters.clear()
        self.tensors.clear()
        self.slices.clear()

    def parameter(self, function: Any, param: Any, prefix: str = "", tensor: bool = False) -> Free:
        """A free value for a parameter, of the kind that its annotation or its default tells."""
        kind = annotation_kind(param.annotation)
        default = function.defaults.get(param.name)
        if not kind and isinstance(default, (bool, int, float, str)):
            kind = type(default).__name__
        if param.kind == "var_pos":
            kind = "list"
        if not kind and tensor:
            kind = "input"
        if tensor and kind in HOLDERS:
            self.tensors.add(prefix + param.name)
        return Free(prefix + param.name, kind)

    def tensor(self, value: Free, ranks: Sequence[int], names: Sequence[str] = ()) -> Tensor:
        """Pin a free value to a tensor of one of these ranks, the likeliest first; `names` for its axes, where the code gives some."""
        run = self.run
        known = run.state.pins.get(value.name)
        if isinstance(known, Tensor):
            return known
        if value.parent is not None and value.parent[1] == LIKE:
            base = self.tensor(value.parent[0], ranks)
            made = Tensor(base.shape, None, None, None)
        else:
            if len(ranks) > 1:
                # any other rank too, should something be refused: an op says which ranks are likely, and refuses the rest itself
                ranks = (*ranks, *(rank for rank in EVERY_RANK if rank not in ranks))
            rank = ranks[run.choose(("rank", value.name), len(ranks))] if len(ranks) > 1 else ranks[0]
            made = Tensor([self.axis_of(value, axis, rank, names) for axis in range(rank)], None, True, 0)
        made.made = run.made_here(value.name, ())
        run.state.put(run.state.pins, value.name, made)
        return made

    def axis_of(self, value: Free, axis: int, rank: int, names: Sequence[str]) -> Size:
        """The size of one axis of a free tensor once its rank is known; sizes read earlier are the same."""
        front, back = self.axes.get((value.name, axis)), self.axes.get((value.name, axis - rank))
        if front is not None and back is not None and front != back:
            self.run.learn(self.run.facts.assume_eq(front, back))
        if front is not None or back is not None:
            return front if front is not None else back  # type: ignore[return-value]
        return self._symbol(value, axis, names[axis] if axis < len(names) else LETTERS.get(rank, "")[axis : axis + 1])

    def _symbol(self, value: Free, axis: int, letter: str = "") -> Poly:
        """A new size for an axis: called by its letter, if no other tensor has that, else `x.shape[axis]`."""
        name = f"{value.name}.shape[{axis}]"
        if letter and self.letters.setdefault(letter, value.name) == value.name:
            name = letter
        size = symbol(name, 1)
        self.axes[value.name, axis] = size
        return size

    def size(self, value: Free, axis: int) -> Size:
        """`x.shape[axis]` of a tensor of unknown rank."""
        pinned = self.run.state.pins.get(value.name)
        if isinstance(pinned, Tensor):
            return pinned.shape[axis] if -pinned.rank <= axis < pinned.rank else 1
        known = self.axes.get((value.name, axis))
        return known if known is not None else self._symbol(value, axis)

    def integer(self, value: Free) -> Size:
        """Pin a free value to an integer."""
        run = self.run
        known = run.state.pins.get(value.name)
        if isinstance(known, (int, Poly)):
            return known
        if isinstance(known, Tensor) or (value.parent is not None and value.parent[1] == LIKE):
            return run.fresh("number", None)
        made = symbol(value.name, None)
        run.state.put(run.state.pins, value.name, made)
        return made

    def attribute(self, value: Free, name: str) -> Any:
        """`config.hidden_size`, `x.shape`, `x.view`."""
        run = self.run
        if value.kind in ("input", "tensor"):
            if name in ("shape",):
                return FreeShape(value)
            if name in ("ndim",):
                return self.tensor(value, DEFAULT).rank
            if name in ("dtype", "device", "is_cuda", "requires_grad", "grad", "layout", "is_mps", "is_sparse", "is_quantized"):
                return Unknown(f"{name} of {value.name}")
            if run.tensors.knows(name):
                return run.tensors.bound(value, name)
        if value.kind in ("int", "float", "bool", "str"):
            return Unknown(f"{name} of a {value.kind}")
        return Free(f"{value.name}.{name}", "input" if value.kind == "input" else "", (value, "." + name))

    def item(self, value: Free, index: Any) -> Any:
        """`x[index]` of something that may be a tensor, a list or a dict."""
        run = self.run
        if value.kind == "input" and backwards(index):  # which tensors are not sliced
            self.tensors.add(value.name)
            return self._slice(value, index)
        if index is None and value.kind == "input" and "." in value.name:  # `graph.nodes[None]`: a table as likely as a tensor
            return Unknown(f"a part of {value.name}")
        if value.kind == "tensor" or (value.kind == "input" and not isinstance(index, (str, int))):
            return run.tensors.subscript(self.tensor(value, ranks_for(index)), index)
        if isinstance(index, slice) and value.kind in ("list", "") and plain(index):
            return self._slice(value, index)
        if isinstance(index, int) and value.name in self.slices:
            base, part = self.slices[value.name]
            place = place_in(part, index)
            if place is not None:
                return self.item(base, place)
        if isinstance(index, Poly) and value.kind in ("", "list") and len(value.name) < LONGEST:
            return Free(f"{value.name}[{index}]", self.kind_of_items(value), (value, f"[{index}]"))
        if isinstance(index, (int, str)):
            return Free(f"{value.name}[{index!r}]", self.kind_of_items(value), (value, f"[{index!r}]"))
        return Unknown(f"a part of {value.name}")

    def is_not_a_key(self, value: Any) -> bool:
        """Whether a value that is free or not known is taken to be no key of a dict that is asked with a default."""
        run = self.run
        value = run.resolve(value)
        if isinstance(value, Unknown):
            namespace, chunk, place = run.frames[-1].place
            return not run.choose(("no key", namespace.name, chunk, place), 2)
        return isinstance(value, Free) and not run.choose(("no key", value.name), 2)

    def kind_of_items(self, value: Free) -> str:
        """What is known of the items of a list or dict."""
        return "input" if value.kind == "input" or value.name in self.tensors else ""

    def _slice(self, value: Free, index: slice) -> Free:
        """A part of a list, which is a list of the same."""
        spelled = ":".join("" if bound is None else str(bound) for bound in (index.start, index.stop, index.step)).removesuffix(":")
        made = Free(f"{value.name}[{spelled or ':'}]", "list", (value, f"[{spelled}]"))
        self.slices[made.name] = (value, index)
        if value.name in self.tensors:
            self.tensors.add(made.name)
        return made

    def unpack(self, value: Free, count: int) -> tuple[Any, ...]:
        """`a, b = x`: the parts of a tuple."""
        kind = "input" if value.kind == "input" else ""
        return tuple(Free(f"{value.name}[{place}]", kind, (value, f"[{place}]")) for place in range(count))

    def like(self, value: Free) -> Free:
        """A value of the same shape, whatever that is."""
        serial = self.run.serial(f"{value.name}~")
        return Free(f"{value.name}~{serial}", "input", (value, LIKE))

    def call(self, value: Free, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """What a function or layer gives of which only the name is known: a value that is as free as an input is.

        Something that was not followed stays so on its way through. What is made of constants and names alone is the same each time.
        """
        run = self.run
        given = [run.resolve(arg) for arg in (*args, *kwargs.values())]
        why = next((why for why in map(run.followed.gap, given) if why is not None), None)
        if why is not None or value.kind in NO_FUNCTIONS:
            return Unknown(why or f"a call of the {value.kind} {value.name}")
        if len(value.name) > LONGEST:
            return Unknown("calls of what calls give")
        if all(isinstance(arg, (str, bool, int, float, Poly, type(None), Free)) and not is_input(arg) for arg in given):
            spelled = [*map(spell, args), *(f"{key}={spell(arg)}" for key, arg in kwargs.items())]
            return Free(f"{value.name}({', '.join(spelled)})", "", (value, CALL))
        name = f"{value.name}()"
        serial = run.serial(name)
        tensors = any(isinstance(arg, Tensor) or is_input(arg) for arg in given)
        return Free(f"{name}'{serial}" if serial else name, "input" if tensors else "", (value, CALL))

    def truth(self, value: Free) -> bool | Cond:
        """A condition; nobody says that a function gives the same each time, or something else."""
        return self.run.undecided() if from_call(value) else self.run.known(Cond("truthy", (value.name,)))


def is_input(value: Any) -> bool:
    """Whether a value is free and as good as a tensor."""
    return isinstance(value, Free) and value.kind in ("input", "tensor")


def from_call(value: Free) -> bool:
    """Whether a value came from a call of something free, or is a part of what did."""
    while value.parent is not None:
        if value.parent[1] == CALL:
            return True
        value = value.parent[0]
    return False


def spell(value: Any) -> str:
    """A constant, a size or a name as it is written in the name of a call."""
    return value.name if isinstance(value, Free) else repr(value) if isinstance(value, str) else str(value)


DEFAULT = (4, 3, 2, 5, 1)
EVERY_RANK = (2, 3, 4, 5, 1, 6, 0, 7, 8)


def plain(index: slice) -> bool:
    """Whether the bounds of a slice are constants."""
    return all(bound is None or type(bound) is int for bound in (index.start, index.stop, index.step))


def backwards(index: Any) -> bool:
    """Whether an index is a slice like `[::-1]`."""
    return isinstance(index, slice) and type(index.step) is int and index.step < 0 and plain(index)


def place_in(part: slice, index: int) -> int | None:
    """Which item of a list is item `index` of a slice of it, where that does not depend on the length."""
    if part.step == -1 and part.start is None and part.stop is None:
        return -1 - index
    start = part.start or 0
    if part.step not in (None, 1) or start < 0:
        return None
    if index < 0:
        return index if part.stop is None else part.stop + index if part.stop < 0 else None
    return start + index if part.stop is None or part.stop < 0 or start + index < part.stop else None


def ranks_for(index: Any) -> tuple[int, ...]:
    """The ranks of a tensor that is indexed like this, the likeliest first: `t[:, None]` spells out all the axes there are."""
    if type(index) is not tuple or Ellipsis in [part for part in index if part is Ellipsis or part is None]:
        return DEFAULT
    spelled = sum(part is not None for part in index)
    return (spelled, *(rank for rank in EVERY_RANK if rank != spelled)) if None in [part for part in index if part is None] else DEFAULT


def annotation_kind(annotation: Any) -> str:
    """What an annotation says of a parameter: `int`, `Optional[Tensor]`, `"torch.Tensor"`."""
    kind = type(annotation)
    if kind is ir.Name:
        return KINDS.get(annotation.id, "")
    if kind is ir.Attr:
        return KINDS.get(annotation.name, "")
    if kind is ir.Const and isinstance(annotation.value, str):
        return KINDS.get(annotation.value.rpartition(".")[2], "")
    if kind is ir.Subscript:
        head = annotation_kind(annotation.value)
        name = annotation.value.id if type(annotation.value) is ir.Name else getattr(annotation.value, "name", "")
        if name == "Optional":
            return annotation_kind(annotation.index)
        return head
    if kind is ir.Bin and annotation.op == "|":
        left, right = annotation_kind(annotation.left), annotation_kind(annotation.right)
        if type(annotation.right) is ir.Const and annotation.right.value is None:
            return left
        return left if left == right else ""
    return ""
