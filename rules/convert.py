"""Conversions and passes: to, type, float, cpu, detach, clone, type_as, copy_, requires_grad_, backward.

A conversion that changes nothing returns the tensor itself; one that copies keeps the strides of a dense tensor.
"""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    DType,
    External,
    Free,
    Tensor,
    Unknown,
    Unsure,
    broadcast,
    category,
    channels_last_strides,
    current,
    expect,
    facts,
    is_dense,
    mapped,
    op,
    refuse,
    spelled,
    whole,
    written,
)

BY_METHOD = {
    "float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16", "long": "int64", "int": "int32", "short": "int16",
    "char": "int8", "byte": "uint8", "bool": "bool", "cfloat": "complex64", "cdouble": "complex128", "chalf": "complex32",
}  # fmt: skip
BY_CLASS = {
    "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16", "BFloat16Tensor": "bfloat16", "LongTensor": "int64",
    "IntTensor": "int32", "ShortTensor": "int16", "CharTensor": "int8", "ByteTensor": "uint8", "BoolTensor": "bool",
}  # fmt: skip
UNKNOWN = "?"  # a dtype that is asked for and not known


def _format(memory_format: Any) -> str:
    """`channels_last` and so on; '' for the default."""
    if memory_format is None:
        return ""
    name = memory_format.name.rpartition(".")[2] if isinstance(memory_format, External) else "?"
    return "" if name == "preserve_format" else name


def _converted(input: Tensor, dtype: str | None, memory_format: Any, copies: bool | None) -> Tensor:
    """The tensor in another dtype or layout; copies: True, False (when nothing changes), None when that is not known."""
    layout_name = _format(memory_format)
    wanted = input.dtype if dtype is None else None if dtype == UNKNOWN else dtype
    if layout_name == "channels_last":
        expect(input.rank == 4, "SHP107", "required rank 4 tensor to use channels_last format", actual=input.rank)
    if layout_name == "channels_last_3d":
        expect(input.rank == 5, "SHP107", "required rank 5 tensor to use channels_last_3d format", actual=input.rank)
    changes = dtype is not None and (dtype == UNKNOWN or input.dtype is None or dtype != input.dtype)
    if not layout_name and not changes and copies is False:
        return input
    elements = input.elements if wanted is not None and wanted == input.dtype else _whole(input, wanted)
    surely = copies is True or (dtype not in (None, UNKNOWN) and input.dtype is not None and dtype != input.dtype)
    if layout_name in ("channels_last", "channels_last_3d"):
        layout: Any = channels_last_strides(input.shape)
    elif layout_name == "contiguous_format":  # a tensor that is not channels-last passes as contiguous, and is not copied
        layout = CONTIGUOUS if surely or input.layout is CONTIGUOUS else None
    elif layout_name:
        layout = None
    elif is_dense(input):
        layout = input.layout
    else:
        layout = mapped(input, wanted).layout if surely else None
    offset = 0 if copies is True else 0 if input.offset == 0 else None
    return Tensor(input.shape, wanted, layout, offset, elements, device=input.device if copies is not None else None)


def _whole(input: Tensor, wanted: str | None) -> tuple[Any, ...] | None:
    """The elements of a vector of floats as integers."""
    if wanted not in ("int64", "int32") or input.rank > 1 or input.dtype not in ("float32", "float64", "int64", "int32"):
        return None
    found = tuple(map(whole, input.elements)) if input.elements is not None else ()
    return None if None in found or not found else found


def _is_device(value: Any) -> bool:
    """Whether a value that is not known is a device, by what it is called: `x.device`, `self.device`."""
    name = value.why.partition(" of ")[0] if isinstance(value, Unknown) else value.name.rpartition(".")[2]
    return str(name) in ("device", "dev", "rank", "local_rank", "gpu")


def _as_dtype(value: Any) -> str | None:
    return value.name if isinstance(value, DType) else None


@op("Tensor.to", lazy=True)
def to(
    input: Tensor,
    *args: Any,
    dtype: Any = None,
    device: Any = None,
    other: Any = None,
    non_blocking: Any = False,
    copy: Any = False,
    memory_format: Any = None,
    layout: Any = None,
    pin_memory: Any = None,
) -> Tensor:
    """To a dtype, a device, both, or those of another tensor; the shape stays.

    >>> T(2, 3).to(torch.int64)
    (2, 3) int64
    >>> I(3, 2).transpose(0, 1).to(torch.float32)
    (2, 3) strides (1, 2)
    >>> T(2, 3).to("cpu")
    (2, 3) float32
    >>> T(2, 3).to(I(5))
    (2, 3) int64
    >>> T(2, 3, 4, 5).to(memory_format=torch.channels_last)
    (2, 3, 4, 5) strides (60, 1, 15, 3)
    >>> T(2, 3).to(memory_format=torch.channels_last)
    ! SHP107 required rank 4 tensor to use channels_last format
    """
    wanted: str | None = _as_dtype(dtype)
    if isinstance(dtype, (Unknown, Free)):
        wanted = UNKNOWN
    moves = device is not None
    flags: list[bool] = []
    for value in (*args, *(() if other is None else (other,))):
        if isinstance(value, DType):
            wanted = value.name
        elif isinstance(value, Tensor):
            wanted = value.dtype or UNKNOWN
            moves = True
        elif isinstance(value, bool):
            flags.append(value)
        elif isinstance(value, (Unknown, Free)) and not flags:
            if not _is_device(value):
                wanted = wanted or UNKNOWN  # a device, a dtype or another tensor
            moves = True
        elif value is not None:
            moves = True
    copied = copy is True or flags[1:2] == [True]
    return _converted(input, wanted, memory_format, True if copied else None if moves or copy is not False else False)


@op(*(f"Tensor.{name}" for name in BY_METHOD), lazy=True, refuses_nothing=True)
def by_method(input: Tensor, memory_format: Any = None) -> Tensor:
    """x.float(), x.long(), x.bool() …

    >>> I(2, 3).float()
    (2, 3) float32
    >>> T(3, 2).transpose(0, 1).double()
    (2, 3) strides (1, 2)
    """
    return _converted(input, BY_METHOD[spelled()], memory_format, False)


@op("Tensor.type", lazy=True, refuses_nothing=True)
def type_(input: Tensor, dtype: Any = None, non_blocking: Any = False) -> Any:
    """To a dtype, a tensor class or the name of one.

    >>> T(2, 3).type(torch.int64)
    (2, 3) int64
    >>> T(2, 3).type("torch.LongTensor")
    (2, 3) int64
    """
    if dtype is None:
        raise Unsure("the name of a tensor's class")
    name = dtype.name if isinstance(dtype, (DType, External)) else dtype if isinstance(dtype, str) else ""
    wanted = name if isinstance(dtype, DType) else BY_CLASS.get(name.rpartition(".")[2], UNKNOWN)
    return _converted(input, wanted, None, False if isinstance(dtype, DType) else None)


@op("Tensor.type_as", refuses_nothing=True)
def type_as(input: Tensor, other: Any) -> Tensor:
    """The dtype and device of another tensor.

    >>> T(2, 3).type_as(I(5))
    (2, 3) int64
    """
    return _converted(input, (other.dtype if isinstance(other, Tensor) else None) or UNKNOWN, None, None)


@op("Tensor.cpu", lazy=True, refuses_nothing=True)
def cpu(input: Tensor, memory_format: Any = None) -> Tensor:
    """The same tensor in main memory.

    >>> T(2, 3).cpu()
    (2, 3) float32
    """
    return _converted(input, None, memory_format, None)


@op("Tensor.cuda", "Tensor.xpu", "Tensor.pin_memory", lazy=True, refuses_nothing=True)
def moved(input: Tensor, device: Any = None, non_blocking: Any = False, memory_format: Any = None) -> Tensor:
    """The same tensor somewhere else.

    >>> T(2, 3).cpu()
    (2, 3) float32
    """
    return _converted(input, None, memory_format, None)


@op("torch.clone", "Tensor.clone", lazy=True)
def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy; dense strides are kept.

    >>> T(3, 2).transpose(0, 1).clone()
    (2, 3) strides (1, 2)
    >>> T(3, 2).transpose(0, 1).clone(memory_format=torch.contiguous_format)
    (2, 3) strides (3, 1)
    >>> torch.clone(T(3, 2), memory_format=torch.channels_last)
    ! SHP107 required rank 4 tensor to use channels_last format
    """
    return _converted(input, None, memory_format, True)


@op("torch.detach", "torch.detach_", "Tensor.detach", "Tensor.detach_", lazy=True, refuses_nothing=True)
def detach(input: Tensor) -> Tensor:
    """The same numbers outside the graph.

    >>> T(3, 2).transpose(0, 1).detach()
    (2, 3) strides (1, 2)
    """
    return Tensor(input.shape, input.dtype, input.layout, input.offset, input.elements, device=input.device)


@op("Tensor.requires_grad_", lazy=True)
def requires_grad_(input: Tensor, requires_grad: Any = True) -> Tensor:
    """The tensor itself; integers cannot have gradients.

    >>> T(2, 3).requires_grad_()
    (2, 3) float32
    >>> I(2, 3).requires_grad_()
    ! SHP117 only Tensors of floating point dtype can require gradients
    """
    integral = input.dtype is not None and category(input.dtype) < 2
    sentence = "only Tensors of floating point dtype can require gradients"
    expect(not (integral and requires_grad is True), "SHP117", sentence, actual=input.dtype)
    return input


@op("Tensor.share_memory_", "Tensor.to_dense", "Tensor.as_subclass", refuses_nothing=True)
def passes(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
    """What goes in comes out.

    >>> T(2, 3).share_memory_()
    (2, 3)
    """
    return input


@op("Tensor.retain_grad", refuses_nothing=True)
def retain_grad(input: Tensor) -> Any:
    """Nothing comes back.

    >>> torch.mean(T(2, 3).requires_grad_()).retain_grad()
    None
    """
    return None


@op("Tensor.register_hook", "Tensor.register_post_accumulate_grad_hook", refuses_nothing=True)
def register_hook(input: Tensor, hook: Any) -> Any:
    """A handle, which is not followed.

    >>> torch.mean(T(2, 3).requires_grad_()).retain_grad()
    None
    """
    raise Unsure("the handle of a hook")


@op("Tensor.backward")
def backward(input: Tensor, gradient: Any = None, retain_graph: Any = None, create_graph: Any = False, inputs: Any = None) -> Any:
    """Starts from one number, or from a gradient of the tensor's shape.

    >>> torch.mean(T(2, 3).requires_grad_()).backward()
    None
    >>> (T(2, 3).requires_grad_() * 2).backward()
    ! SHP118 grad can be implicitly created only for scalar outputs
    """
    if gradient is None and facts().eq(input.numel(), 1).no and not any(facts().eq(size, 0).yes for size in input.shape):
        sentence = "grad can be implicitly created only for scalar outputs"
        refuse("SHP118", sentence, message="backward() of a tensor with several numbers", expected=1, actual=list(input.shape))
    return None


@op("Tensor.copy_")
def copy_(input: Tensor, other: Any, non_blocking: Any = False) -> Tensor:
    """Writes a tensor that broadcasts to this one's shape; any dtype is converted.

    >>> T(2, 3).copy_(I(3))
    (2, 3) float32
    >>> T(2, 3).copy_(T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    >>> T(3).copy_(T(2, 3))
    ! SHP103 output with shape [3] doesn't match the broadcast shape [2, 3]
    """
    written(input)
    if isinstance(other, Free):
        other = current().tensor(other, (input.rank, *(rank for rank in (4, 3, 2, 5, 1, 0) if rank != input.rank)))
    if isinstance(other, Tensor):
        return written(input, broadcast(input.shape, other.shape))
    if isinstance(other, (int, float)):
        return input
    raise Unsure("copying something that is not a tensor")
