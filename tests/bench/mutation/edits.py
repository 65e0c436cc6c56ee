"""One wrong thing at a time, as people do them: every edit that can be made to a program, each with the name of its operator."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from tests.bench.mutation.source import Edit, Source

SIZES = re.compile(
    r"dim|chan|plan|feat|width|size|hidden|^in_|_in$|^out_|_out$|_ch$|^ch$|embed|inner|^c\d?$|^d_|heads|groups|inp$|oup$|squeeze|expan|channels"
)
NAMED = {"kernel": "kernel_size", "stride": "stride", "padding": "padding", "dilation": "dilation", "groups": "groups"}
HEADS = ("heads", "num_heads", "nhead", "n_head", "n_heads")
AXES = {
    "cat",
    "concat",
    "stack",
    "sum",
    "mean",
    "amax",
    "amin",
    "max",
    "min",
    "softmax",
    "log_softmax",
    "chunk",
    "split",
    "unbind",
    "flatten",
    "squeeze",
    "unsqueeze",
    "argmax",
    "cumsum",
    "norm",
    "normalize",
    "select",
    "narrow",
    "index_select",
    "gather",
    "flip",
    "roll",
    "tensor_split",
    "repeat_interleave",
}
DROPPED = {
    "flatten",
    "permute",
    "transpose",
    "view",
    "reshape",
    "unsqueeze",
    "squeeze",
    "mean",
    "sum",
    "expand",
    "repeat",
    "unflatten",
    "movedim",
    "swapaxes",
    "pad",
    "interpolate",
    "contiguous",
    "chunk",
    "adaptive_avg_pool2d",
    "avg_pool2d",
    "max_pool2d",
    "t",
}
MODULES = {"torch", "F", "nn", "np", "math", "einops", "functional"}
PATTERNS = {"rearrange", "reduce", "repeat", "Rearrange", "Reduce", "einsum"}
NUMBERS = (lambda n: n + 1, lambda n: n * 2, lambda n: n // 2)


def edits(source: Source, lines: set[int]) -> Iterator[Edit]:
    """Every edit on lines that run. Two edits never come to the same text."""
    seen = set()
    for node in source.nodes(lines):
        for edit in _of(source, node):
            key = (edit.start, edit.end, edit.new)
            if key not in seen and source.text[edit.start : edit.end] != edit.new:
                seen.add(key)
                yield edit


def _of(source: Source, node: ast.AST) -> Iterator[Edit]:
    if isinstance(node, ast.Call):
        name = called(node)
        yield from _arguments(source, node, name)
        yield from _swapped(source, node, name)
        yield from _keywords(source, node, name)
        yield from _axis(source, node, name)
        yield from _dropped(source, node, name)
        yield from _pattern(source, node, name)
        yield from _other_layer(source, node)
        if name == "Sequential" and len(node.args) > 1:
            yield from (source.without("layer left out", arg, list(node.args)) for arg in node.args if not isinstance(arg, ast.Starred))
    elif isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign)):
        yield from _statement(source, node)
    elif isinstance(node, ast.BinOp):
        yield from _operator(source, node)
    elif isinstance(node, ast.Subscript):
        yield from _subscript(source, node)
    elif isinstance(node, ast.List) and len(node.elts) > 1 and all(isinstance(item, ast.Call) for item in node.elts):
        yield from (source.without("layer left out", item, list(node.elts)) for item in node.elts)
    elif isinstance(node, (ast.List, ast.Tuple)) and isinstance(node.ctx, ast.Load):
        yield from _listed(source, node)


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def number(node: ast.AST) -> int | None:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
        and type(node.operand.value) is int
    ):
        return -node.operand.value
    return None


def _is_size(node: ast.AST) -> bool:
    text = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(SIZES.search(text))


def _values(node: ast.Call) -> Iterator[tuple[str | None, ast.expr]]:
    for arg in node.args:
        if not isinstance(arg, ast.Starred):
            yield None, arg
    for keyword in node.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value


def _arguments(source: Source, node: ast.Call, name: str) -> Iterator[Edit]:
    """Another number, or another name, where a size is given."""
    if name in ("isinstance", "range", "getattr", "len", "zip", "enumerate", "Dropout", "dropout", "print", "format", "manual_seed"):
        return
    layer = name[:1].isupper()
    what = "layer's number" if layer else "regrouped size" if name in ("view", "reshape", "unflatten", "expand", "repeat") else "number"
    function = source.function(node)
    params = [arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)] if function is not None else []
    for keyword, value in _values(node):
        if name in AXES and (keyword in (None, "dim", "axis")) and name not in ("view", "repeat"):
            continue
        operator = next((op for op, word in NAMED.items() if keyword == word), "heads" if keyword in HEADS else what)
        n = number(value)
        if n is not None:
            changes = [n - 1, 0] if operator == "padding" and n > 0 else [change(n) for change in NUMBERS]
            yield from (source.edit(operator, value, str(new)) for new in changes if new != n and (new > 0 or operator == "padding"))
        elif (
            isinstance(value, (ast.Name, ast.Attribute))
            and _is_size(value)
            and (keyword is None or SIZES.search(keyword) or keyword in HEADS)
        ):
            text = source.of(value)
            yield source.edit("size times two", value, f"{text} * 2")
            yield source.edit("size plus one", value, f"{text} + 1")
            if isinstance(value, ast.Name):
                others = [param for param in params if param != value.id and SIZES.search(param)]
                yield from (source.edit("another name", value, other) for other in others[:2])


def _swapped(source: Source, node: ast.Call, name: str) -> Iterator[Edit]:
    args = node.args
    for first, second in itertools.pairwise(args):
        if isinstance(first, ast.Starred) or isinstance(second, ast.Starred):
            continue
        start, end = source.span(first)[0], source.span(second)[1]
        between = source.text[source.span(first)[1] : source.span(second)[0]]
        if name in ("isinstance", "getattr", "setattr", "rearrange", "einsum", "reduce", "repeat", "zip") and first is args[0]:
            continue
        operator = "axes permuted" if name in ("permute", "transpose", "swapaxes", "movedim") else "arguments swapped"
        yield Edit(operator, start, end, source.of(second) + between + source.of(first), first.lineno)


def _keywords(source: Source, node: ast.Call, name: str) -> Iterator[Edit]:
    items: list[ast.AST] = [*node.args, *node.keywords]
    for keyword in node.keywords:
        if keyword.arg is None:
            continue
        value = keyword.value
        if isinstance(value, ast.Constant) and type(value.value) is bool and keyword.arg not in ("inplace", "bias"):
            yield source.edit("flag", value, str(not value.value))
        if keyword.arg in (*NAMED.values(), *HEADS, "keepdim", "batch_first", "dim", "bidirectional"):
            yield source.without("keyword left out", keyword, items)
    if name in ("Conv1d", "Conv2d", "Conv3d") and not any(keyword.arg == "groups" for keyword in node.keywords) and len(node.args) < 7:
        end = source.span(node)[1] - 1
        comma = "" if source.text[:end].rstrip().endswith((",", "(")) else ", "
        for groups in (2, 3):
            yield Edit("groups", end, end, f"{comma}groups={groups}", node.lineno)


def _axis(source: Source, node: ast.Call, name: str) -> Iterator[Edit]:
    if name not in AXES:
        return
    for keyword, value in _values(node):
        n = number(value)
        if n is None and isinstance(value, (ast.Tuple, ast.List)) and keyword in (None, "dim") and name in ("mean", "sum", "amax"):
            for item in value.elts:
                if (m := number(item)) is not None:
                    yield source.edit("axis", item, str(m - 1))
        if n is None or keyword not in (None, "dim", "axis", "start_dim"):
            continue
        chunks = (
            name in ("chunk", "split", "tensor_split")
            and keyword is None
            and value is node.args[0 if not _is_function(node) else min(1, len(node.args) - 1)]
        )
        if chunks:
            yield from (source.edit("pieces", value, str(new)) for new in (n + 1, n * 2) if new != n)
        else:
            yield from (source.edit("axis", value, str(new)) for new in (n + 1, n - 1) if new != n)


def _is_function(node: ast.Call) -> bool:
    """torch.f(x), F.f(x), f(x), and not x.f()."""
    return (
        not isinstance(node.func, ast.Attribute)
        or (isinstance(node.func.value, ast.Name) and node.func.value.id in MODULES)
        or (isinstance(node.func.value, ast.Attribute) and node.func.value.attr in MODULES)
    )


def _dropped(source: Source, node: ast.Call, name: str) -> Iterator[Edit]:
    """A call left out: its input passes through."""
    if name not in DROPPED:
        return
    if not _is_function(node):
        assert isinstance(node.func, ast.Attribute)
        yield source.edit(f"no {_family(name)}", node, source.of(node.func.value))
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield source.edit(f"no {_family(name)}", node, source.of(node.args[0]))


def _family(name: str) -> str:
    families = {
        "view": "view or reshape",
        "reshape": "view or reshape",
        "squeeze": "squeeze or unsqueeze",
        "unsqueeze": "squeeze or unsqueeze",
        "transpose": "permute",
        "permute": "permute",
        "swapaxes": "permute",
        "movedim": "permute",
        "t": "permute",
        "flatten": "flatten",
        "contiguous": "contiguous",
    }
    return families.get(name, "pool" if "pool" in name else "reduction" if name in ("mean", "sum") else "call")


def _pattern(source: Source, node: ast.Call, name: str) -> Iterator[Edit]:
    """einops and einsum patterns: names swapped or left out on the right of the arrow."""
    if name not in PATTERNS:
        return
    for value in node.args[:2]:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and "->" in value.value and source.of(value)[0] in "'\"":
            left, _, right = value.value.partition("->")
            names = list(re.finditer(r"[a-zA-Z]\w*" if name != "einsum" or " " in right.strip() else r"[a-zA-Z]", right))
            for first, second in itertools.pairwise(names):
                swapped = (
                    right[: first.start()] + second.group() + right[first.end() : second.start()] + first.group() + right[second.end() :]
                )
                yield source.edit("pattern", value, repr(f"{left}->{swapped}"))
            if names:
                yield source.edit("pattern", value, repr(f"{left}->{right[: names[-1].start()]}{right[names[-1].end() :]}"))
            others = list(re.finditer(r"[a-zA-Z]\w*", left))
            if len(others) > 1 and name != "einsum":
                first, second = others[-2:]
                yield source.edit(
                    "pattern",
                    value,
                    repr(
                        left[: first.start()]
                        + second.group()
                        + left[first.end() : second.start()]
                        + first.group()
                        + left[second.end() :]
                        + "->"
                        + right
                    ),
                )


def _other_layer(source: Source, node: ast.Call) -> Iterator[Edit]:
    """self.norm2(x) where self.norm1(x) is meant."""
    func = node.func
    if not (isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "self"):
        return
    owner = source.class_of(node)
    if owner is None:
        return
    layers = [
        target.attr
        for statement in ast.walk(owner)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
        for target in statement.targets
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    ]
    if func.attr in layers:
        place = layers.index(func.attr)
        for other in dict.fromkeys(layers[place + 1 : place + 2] + layers[max(place - 1, 0) : place]):
            yield source.edit("another layer", func, f"self.{other}")


def _statement(source: Source, node: ast.Expr | ast.Assign | ast.AugAssign) -> Iterator[Edit]:
    value = node.value
    if isinstance(node, ast.Expr) and isinstance(value, ast.Call) and called(value) in ("append", "add_module"):
        yield source.edit("layer left out", node, "pass")
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(value, ast.Call):
        target = node.targets[0]
        names = {name.id for name in ast.walk(value) if isinstance(name, ast.Name)}
        if isinstance(target, ast.Name) and target.id in names:
            yield source.edit("step left out", node, "pass")
        if isinstance(target, ast.Tuple) and len(target.elts) >= 2 and all(isinstance(item, ast.Name) for item in target.elts):
            first, second = target.elts[:2]
            start, end = source.span(first)[0], source.span(second)[1]
            yield Edit("another output", start, end, f"{source.of(second)}, {source.of(first)}", node.lineno)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        yield source.edit("step left out", node, "pass")


def _operator(source: Source, node: ast.BinOp) -> Iterator[Edit]:
    """Arithmetic of sizes; the operands of a matrix product."""
    left, right = source.of(node.left), source.of(node.right)
    if isinstance(node.op, ast.MatMult):
        yield source.edit("operands swapped", node, f"{right} @ {left}")
        return
    others = {ast.Mult: "+", ast.FloorDiv: "*", ast.Add: "-", ast.Sub: "+"}
    sized = any(_is_size(side) or number(side) is not None for side in (node.left, node.right))
    if type(node.op) in others and sized and not isinstance(source.parents.get(node), ast.Subscript):
        yield source.edit("arithmetic", node, f"({left} {others[type(node.op)]} {right})")
        yield source.edit("arithmetic", node, left)


def _subscript(source: Source, node: ast.Subscript) -> Iterator[Edit]:
    """Another item, another slice."""
    if not isinstance(node.ctx, ast.Load) or (isinstance(node.value, ast.Name) and node.value.id[:1].isupper()):
        return
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for item in items:
        n = number(item)
        if n is not None:
            yield from (source.edit("another item", item, str(new)) for new in (n + 1, n - 1))
        elif isinstance(item, ast.Slice):
            for bound in (item.lower, item.upper):
                m = number(bound) if bound is not None else None
                if bound is not None and m is not None:
                    yield source.edit("another slice", bound, str(m + 1))
    if len(items) > 1:
        start, end = source.span(items[0])[0], source.span(items[1])[1]
        yield Edit("another item", start, end, f"{source.of(items[1])}, {source.of(items[0])}", node.lineno)


def _listed(source: Source, node: ast.List | ast.Tuple) -> Iterator[Edit]:
    """Numbers in lists: the widths of stages, the sizes of a view."""
    parent = source.parents.get(node)
    if isinstance(parent, ast.Subscript) or (isinstance(parent, ast.Call) and called(parent) in AXES):
        return
    for item in node.elts:
        n = number(item)
        if n is not None and n > 0:
            yield from (source.edit("listed number", item, str(new)) for new in (n + 1, n * 2))
