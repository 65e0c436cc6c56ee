"""Tensors in the interpreter: attributes, methods and subscripts, all asked of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapecheck.book.loader import find_op, is_known
from shapecheck.run.objects import FreeShape, TensorMethod
from shapecheck.values import DType, Free, Instance, ListValue, Shape, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

PROPERTIES = ("T", "mT", "H", "mH", "real", "imag", "itemsize", "nbytes")
PREFIX = "torch.Tensor."


class Tensors:
    """Tensors of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def knows(self, name: str) -> bool:
        """Whether tensors have a method or property of this name."""
        return is_known(PREFIX + name) or name in ("data", "grad")

    def op(self, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Apply an op of the book by its full name."""
        run = self.run
        rule = run.signatures.op(name) or find_op(name)
        if rule is None:
            return Unknown(f"{name} is not known")
        if kwargs.get("out") is not None and run.signatures.op(name) is None:
            result = self.op(name, args, {key: value for key, value in kwargs.items() if key != "out"})
            return self._into(run.resolve(kwargs["out"]), result)
        args = [run.resolve(value) for value in args]
        kwargs = {key: run.resolve(value) for key, value in kwargs.items()}
        if rule.lazy and args and isinstance(args[0], Free) and args[0].kind in ("input", "tensor"):
            return run.free.like(args[0])
        found = rule
        return run.lifted(args, kwargs, lambda a, k: run.book(lambda: found.apply(a, k, name), name, None, a))

    def _into(self, out: Any, result: Any) -> Any:
        """What `out=` gives back: the tensor that was given, which takes the shape of the result and keeps its own dtype."""
        state = self.run.state
        if isinstance(out, (tuple, ListValue)):
            outs, results = self.run.items(out), self.run.items(result)
            if isinstance(outs, tuple) and isinstance(results, tuple) and len(outs) == len(results):
                for one, value in zip(outs, results, strict=True):
                    self._into(self.run.resolve(one), value)
            return result
        if not isinstance(out, Tensor) or not isinstance(result, Tensor):
            return result if isinstance(result, Unknown) else Unknown("a result written into a given tensor")
        if out.shape != result.shape:
            for slot in ("shape", "layout", "offset"):
                state.put(out, slot, getattr(result, slot))
        state.put(out, "elements", None)
        return out

    def bound(self, tensor: Any, name: str) -> Any:
        """`x.view` before the call; `x.T` at once."""
        if name in PROPERTIES:
            return self.op(PREFIX + name, [tensor], {})
        return TensorMethod(tensor, name)

    def attribute(self, tensor: Tensor, name: str) -> Any:
        if name == "shape":
            return Shape(tensor.shape)
        if name == "ndim":
            return tensor.rank
        if name == "dtype":
            return DType(tensor.dtype) if tensor.dtype else Unknown("a dtype that is not known")
        if name == "data":
            return tensor
        if name == "requires_grad" and tensor.role:
            return tensor.role == "parameter" if tensor.trainable is None else tensor.trainable
        if name in (
            "device",
            "grad",
            "is_cuda",
            "requires_grad",
            "layout",
            "is_leaf",
            "grad_fn",
            "is_sparse",
            "is_quantized",
            "is_mps",
            "is_meta",
        ):
            return Unknown(f"{name} of a tensor")
        if self.knows(name):
            return self.bound(tensor, name)
        return Unknown(f"torch.Tensor.{name} is not known")

    def method(self, tensor: Any, name: str, args: list[Any], kwargs: dict[str, Any], unclear: str | None) -> Any:
        run = self.run
        tensor = run.resolve(tensor)
        if isinstance(tensor, Free):
            if name in ("size", "dim", "ndimension"):
                return self._free_size(tensor, name, args, kwargs)
        if unclear is not None:
            return Unknown(unclear)
        if isinstance(tensor, Free) and tensor.kind != "tensor":
            # what nothing says is a tensor may be something else that has a method of this name (an image, an array)
            return run.not_misused(lambda: self.op(PREFIX + name, [tensor, *args], kwargs))
        result = self.op(PREFIX + name, [tensor, *args], kwargs)
        if name == "requires_grad_" and isinstance(tensor, Tensor) and isinstance(result, Tensor):
            run.set_attribute(tensor, "requires_grad", args[0] if args else kwargs.get("requires_grad", True))
            return tensor
        if isinstance(tensor, Tensor) and isinstance(result, Tensor) and name.endswith("_") and result.shape != tensor.shape:
            # an op that changes the shape in place (`unsqueeze_`): everything that holds the tensor sees it
            for slot in ("shape", "layout", "offset"):
                run.state.put(tensor, slot, getattr(result, slot))
            return tensor
        return self._number(tensor, result) if name == "item" and isinstance(tensor, Tensor) else result

    def _number(self, tensor: Tensor, result: Any) -> Any:
        """`x.item()`: where the value is not known, at least that it is a number."""
        if not isinstance(result, Unknown) or tensor.dtype is None or tensor.numel() != 1:
            return result
        if tensor.number is not None or tensor.within is not None:
            return tensor.number if tensor.number is not None else self.run.fresh("number", *(tensor.within or ()))
        kind = "float" if "float" in tensor.dtype else "int" if "int" in tensor.dtype else ""
        return Free(f"item'{self.run.serial('item')}", kind) if kind else result

    def _free_size(self, tensor: Free, name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        run = self.run
        if name != "size":
            return run.free.tensor(tensor, (4, 3, 2, 5, 1)).rank
        axis = run.resolve(args[0] if args else kwargs.get("dim"))
        if axis is None:
            return FreeShape(tensor)
        if isinstance(axis, int):
            return run.free.size(tensor, axis)
        return Unknown("a size at an axis that is not known")

    def subscript(self, tensor: Tensor, index: Any) -> Any:
        part = self.op("torch.Tensor.__getitem__", [tensor, self._index(index)], {})
        if tensor.within is not None and isinstance(part, Tensor):
            part.within = tensor.within
            if not part.shape and part.elements is None:
                part.number = self.run.fresh("number", *tensor.within)
        return part

    def store(self, tensor: Tensor, index: Any, value: Any) -> None:
        value = self.run.resolve(value)
        if isinstance(value, (Unknown, Instance)):
            return
        self.op("torch.Tensor.__setitem__", [tensor, self._index(index), value], {})

    def _index(self, index: Any) -> Any:
        index = self.run.resolve(index)
        if type(index) is tuple:
            return tuple(self.run.resolve(part) for part in index)
        return index


def stamp(run: Run, value: Any, label: Any, parents: tuple[Tensor, ...]) -> None:
    """Note on new tensors where they were made."""
    if type(value) is Tensor:
        if value.made is None:
            value.made = run.made_here(label, parents)
    elif isinstance(value, tuple) and type(value) is not Shape:
        for item in value:
            stamp(run, item, label, parents)


def forget_float(value: Any) -> None:
    """Forget dtypes that are float32 by default alone, for all that is known."""
    if type(value) is Tensor:
        if value.dtype in ("float32", "complex64"):
            value.dtype = None
    elif isinstance(value, tuple) and type(value) is not Shape:
        for item in value:
            forget_float(item)
