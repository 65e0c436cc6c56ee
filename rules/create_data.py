"""Tensors from Python data: torch.tensor, as_tensor, from_numpy, the constructors torch.Tensor and torch.LongTensor, Tensor.new_tensor."""

from __future__ import annotations

from dataclasses import dataclass

from shapecheck.book import (
    Any,
    Free,
    ListValue,
    Poly,
    Repeated,
    Shape,
    Size,
    SymFloat,
    Tensor,
    Unknown,
    Unsure,
    category,
    current,
    device_argument,
    dtype_argument,
    expect,
    expect_eq,
    expect_gradient,
    expect_sizes,
    op,
    promote_two,
    python_type,
    refuse,
    sizes_argument,
    spelled,
    to_sequence,
    true_product,
    word,
)

MOST_ELEMENTS = 4096
SEVERAL = "only one element tensors can be converted to Python scalars"
RANKS_OF_DATA = {"": (1, 2, 0, 3, 4), "list": (1, 2, 3, 4), "input": (2, 1, 3, 4), "tensor": (2, 1, 3, 4)}  # of data that is passed in
TOLD = "?"  # the dtype is what the data tells


@dataclass
class Data:
    """What nested lists come to. `dtype` is None when it is not known; `numbers` are the elements where all are plain numbers."""

    shape: tuple[Size, ...]
    dtype: str | None
    numbers: tuple[Any, ...] | None


def _scalar(value: Any) -> Data | None:
    """A number, or a tensor of one element; None for what is no scalar."""
    if isinstance(value, bool):
        return Data((), "bool", (value,))
    if isinstance(value, int):
        return Data((), "int64", (value,))
    if isinstance(value, float):
        return Data((), "float32", (value,))
    if isinstance(value, complex):
        return Data((), "complex64", None)
    if isinstance(value, Poly):
        return Data((), "int64", None)
    if isinstance(value, SymFloat) or (isinstance(value, Free) and value.kind == "float"):
        return Data((), "float32", None)
    if isinstance(value, Free) and value.kind in ("int", "bool"):
        return Data((), "int64" if value.kind == "int" else "bool", None)
    return None


def _read(value: Any, depth: int) -> Data:
    """Nested lists, refused where torch's own reader refuses them (torch/csrc/utils/tensor_new.cpp)."""
    value = current().pinned(value)
    if isinstance(value, Tensor):
        for size in value.shape:
            expect_eq(size, 1, "SHP118", SEVERAL, message="a list of tensors is no data; stack makes a tensor of them", error="ValueError")
        return Data((), value.dtype, value.elements)
    scalar = _scalar(value)
    if scalar is not None:
        return scalar
    if isinstance(value, ListValue) and isinstance(value.items, Repeated):
        inner = _read(value.items.element, depth + 1)
        if not isinstance(value.items.count, (int, Poly)):
            raise Unsure("a list of unknown length as data")
        return Data((value.items.count, *inner.shape), inner.dtype, None)
    items = to_sequence(value)
    if items is None:
        raise Unsure(value.why if isinstance(value, Unknown) else f"data that is a {getattr(value, 'name', type(value).__name__)}")
    return _nested(tuple(current().pinned(item) for item in items), depth)


def _nested(items: tuple[Any, ...], depth: int) -> Data:
    if not items:
        return Data((0,), "float32", ())
    for item in items:
        if item is None or isinstance(item, str):
            _refuse_item(item, items[0], depth)
    parts = [_read(item, depth + 1) for item in items]
    first = parts[0]
    for part in parts[1:]:
        _expect_like(first, part, depth)
    dtype = parts[0].dtype
    for part in parts[1:]:
        dtype = None if dtype is None or part.dtype is None else promote_two(dtype, part.dtype)
    numbers: tuple[Any, ...] | None = ()
    for part in parts:
        numbers = None if numbers is None or part.numbers is None or len(numbers) > MOST_ELEMENTS else numbers + part.numbers
    return Data((len(parts), *first.shape), dtype, numbers)


def _refuse_item(item: Any, first: Any, depth: int) -> None:
    if item is None:
        refuse("SHP118", "Could not infer dtype of NoneType", message="None is no number")
    if isinstance(first, str) and depth == 0:
        refuse("SHP118", "too many dimensions 'str'", message="a string is no number", error="ValueError")
    refuse("SHP118", "new(): invalid data type 'str'", message="a string is no number", error="TypeError")


def _expect_like(first: Data, part: Data, depth: int) -> None:
    """All parts of a list have one shape; an empty first part ends the reading."""
    if first.shape and first.shape[0] == 0:
        return
    if bool(first.shape) != bool(part.shape) and first.shape:
        refuse("SHP118", "not a sequence", message="a number where a list is expected", error="TypeError")
    expect(bool(first.shape) == bool(part.shape), "SHP118", "'list' object cannot be interpreted as an integer", error="TypeError")
    for level, (wanted, got) in enumerate(zip(first.shape, part.shape, strict=False), depth + 1):
        _expect_length(wanted, got, level)
    if len(first.shape) != len(part.shape) and 0 not in part.shape:
        raise Unsure("data of different depths")


def _expect_length(wanted: Size, got: Size, level: int) -> None:
    expect_eq(
        wanted,
        got,
        "SHP118",
        lambda: f"expected sequence of length {word(wanted)} at dim {level} (got {word(got)})",
        message="lists of different lengths are no tensor",
        error="ValueError",
        expected=wanted,
        actual=got,
    )


def _converted(numbers: tuple[Any, ...] | None, shape: tuple[Size, ...], dtype: str | None) -> tuple[Any, ...] | None:
    """Elements as the dtype holds them."""
    if numbers is None or dtype is None or len(numbers) > MOST_ELEMENTS or len(numbers) != true_product(shape):
        return None
    kind = category(dtype)
    try:
        if kind == 0:
            return tuple(map(bool, numbers))
        if kind == 1:
            return tuple(map(int, numbers))
        return tuple(map(float, numbers)) if kind == 2 else None
    except (ValueError, OverflowError):
        return None


def _made(data: Any, dtype: Any, device: Any, requires_grad: Any = False, default: str | None = TOLD) -> Tensor:
    """A tensor of data. `default` is the dtype where none is given; by default what the data tells."""
    data = current().pinned(data)
    if isinstance(data, Free) and data.kind in RANKS_OF_DATA:
        as_data = data if data.kind in ("input", "tensor") else Free(f"tensor({data.name})", "tensor", (data, "tensor()"))
        data = current().tensor(as_data, RANKS_OF_DATA[data.kind])
        data = Tensor(data.shape, None)
    if isinstance(data, Tensor):
        name = dtype_argument(dtype, data.dtype if default == TOLD else default)
        expect_gradient(name, requires_grad)
        elements = _converted(data.elements, data.shape, name)
        layout = True if data.layout is True else None
        return Tensor(data.shape, name, layout, None if layout is None else 0, elements, device=device_argument(device, data.device))
    if data is None:
        refuse("SHP118", "Could not infer dtype of NoneType", message="None is no data")
    if isinstance(data, str):
        refuse("SHP118", "new(): invalid data type 'str'", message="a string is no data", error="TypeError")
    found = _read(data, 0)
    name = dtype_argument(dtype, found.dtype if default == TOLD else default)
    expect_gradient(name, requires_grad)
    return Tensor(found.shape, name, elements=_converted(found.numbers, found.shape, name), device=device_argument(device))


@op("torch.tensor")
def tensor(data: Any, *, dtype: Any = None, device: Any = None, requires_grad: Any = False, pin_memory: Any = False) -> Tensor:
    """Nested lists of numbers; integers give int64, floats float32, and every list of a level has one length.

    >>> torch.tensor([[1, 2], [3, 4]])
    (2, 2) int64
    >>> torch.tensor([1, 2.5])
    (2,) float32
    >>> torch.tensor(3.0)
    () float32
    >>> torch.tensor([[1, 2], [3]])
    ! SHP118 expected sequence of length 2 at dim 1 (got 1)
    >>> torch.tensor([T(3), T(3)])
    ! SHP118 only one element tensors can be converted to Python scalars
    """
    return _made(data, dtype, device, requires_grad)


@op("torch.as_tensor")
def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """The tensor itself, or one of the data.

    >>> torch.as_tensor(T(2, 3))
    (2, 3)
    >>> torch.as_tensor([1, 2, 3])
    (3,) int64
    >>> torch.as_tensor([[1], [2, 3]])
    ! SHP118 expected sequence of length 1 at dim 1 (got 2)
    """
    value = current().pinned(data)
    if isinstance(value, Tensor) and dtype is None:
        return value
    return _made(value, dtype, device)


@op("torch.asarray")
def asarray(obj: Any, *, dtype: Any = None, device: Any = None, copy: Any = None, requires_grad: Any = None) -> Tensor:
    """`as_tensor` that can be told to copy.

    >>> torch.asarray([1.0, 2.0])
    (2,)
    >>> torch.asarray([[1], [2, 3]])
    ! SHP118 expected sequence of length 1 at dim 1 (got 2)
    """
    value = current().pinned(obj)
    if isinstance(value, Tensor) and dtype is None and not copy:
        return value
    return _made(value, dtype, device, requires_grad)


@op("torch.from_numpy")
def from_numpy(ndarray: Any) -> Tensor:
    """The array's memory as a tensor. Arrays are not followed: their methods differ from those of tensors (`transpose(2, 0, 1)`).

    >>> torch.from_numpy(3)
    ! SHP118 expected np.ndarray (got int)
    """
    kind = python_type(ndarray)
    if kind in ("int", "float", "list", "tuple", "str", "NoneType"):
        refuse("SHP118", f"expected np.ndarray (got {kind})", message=f"from_numpy of a {kind}", error="TypeError")
    raise Unsure(ndarray.why if isinstance(ndarray, Unknown) else "a NumPy array")


@op("torch.scalar_tensor")
def scalar_tensor(
    s: Any, *, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: Any = None, requires_grad: Any = False
) -> Tensor:
    """A tensor of one number and no axes; float32 whatever the number is.

    >>> torch.scalar_tensor(3)
    () float32
    >>> torch.scalar_tensor(3, dtype=torch.int64, requires_grad=True)
    ! SHP117 Only Tensors of floating point and complex dtype can require gradients
    """
    name = dtype_argument(dtype, "float32")
    expect_gradient(name, requires_grad)
    return Tensor((), name, device=device_argument(device))


CONSTRUCTORS = {
    "Tensor": "float32", "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16", "BFloat16Tensor": "bfloat16",
    "LongTensor": "int64", "IntTensor": "int32", "ShortTensor": "int16", "CharTensor": "int8", "ByteTensor": "uint8", "BoolTensor": "bool",
}  # fmt: skip


def _constructed(args: tuple[Any, ...], size: Any, dtype: str | None, device: str | None) -> Tensor:
    """torch.Tensor(2, 3) is a shape, torch.Tensor([2, 3]) is data, torch.Tensor(x.shape) is a shape again."""
    given = tuple(map(current().pinned, args)) if size is None else (size,)
    if not given:
        return Tensor((0,), dtype, device=device)
    first = given[0]
    if size is None and len(given) == 1 and not isinstance(first, (int, Poly, Shape)):
        if isinstance(first, Tensor):
            return Tensor(first.shape, first.dtype or dtype, first.layout, first.offset, device=first.device)
        if isinstance(first, Free) and first.kind in ("int", ""):
            raise Unsure(f"whether {first.name} is a size or data is not known")
        kind = python_type(first)
        if kind in ("float", "NoneType"):
            refuse(
                "SHP118",
                f"new(): data must be a sequence (got {kind})",
                message=f"a tensor of a {kind}; torch.tensor takes it",
                error="TypeError",
            )
        return _made(first, None, device, default=dtype)
    shape = sizes_argument(given, "new", "size", overloads="all")
    expect_sizes(shape, "new")
    return Tensor(shape, dtype, device=device)


@op(*(f"torch.{name}" for name in CONSTRUCTORS))
def constructor(*args: Any, size: Any = None, device: Any = None) -> Tensor:
    """Separate numbers are a shape, a list is data.

    >>> torch.Tensor(2, 3)
    (2, 3) float32
    >>> torch.LongTensor([2, 3])
    (2,) int64
    >>> torch.Tensor([[1], [2, 3]])
    ! SHP118 expected sequence of length 1 at dim 1 (got 2)
    """
    return _constructed(args, size, CONSTRUCTORS[spelled()], device_argument(device))


@op("Tensor.new")
def new(input: Tensor, *args: Any, size: Any = None, device: Any = None) -> Tensor:
    """The constructor of the tensor's own dtype.

    >>> I(5).new(2, 3)
    (2, 3) int64
    >>> T(5).new(2.5)
    ! SHP118 new(): data must be a sequence (got float)
    """
    return _constructed(args, size, input.dtype, device_argument(device, input.device))


@op("Tensor.new_tensor")
def new_tensor(
    input: Tensor, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: Any = False, pin_memory: Any = None
) -> Tensor:
    """torch.tensor with the dtype of this one.

    >>> T(5).new_tensor([1, 2])
    (2,) float32
    >>> T(5).new_tensor([[1], [2, 3]])
    ! SHP118 expected sequence of length 1 at dim 1 (got 2)
    """
    return _made(data, dtype, device_argument(device, input.device), requires_grad, default=input.dtype)
