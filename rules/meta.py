"""What code asks of a tensor: its sizes, strides, dtype, and the values of small constants."""

from __future__ import annotations

from shapecheck.book import (
    COMPLEX,
    FLOATS,
    WIDTHS,
    Any,
    DType,
    Free,
    Int,
    ListValue,
    Near,
    Repeated,
    Shape,
    Size,
    Tensor,
    Unknown,
    Unsure,
    axis,
    category,
    current,
    expect,
    expect_eq,
    facts,
    fresh,
    is_channels_last,
    is_contiguous,
    op,
    promote,
    promote_two,
    python_type,
    refuse,
    true_product,
    word,
)

MOST_LISTED = 64


def _place(dim: int, rank: int) -> int:
    """An axis of a tensor that has axes."""
    none = f"Dimension specified as {dim} but tensor has no dimensions"
    expect(rank > 0, "SHP108", none, message="a tensor of no axes has no sizes", error="IndexError", actual=dim)
    return axis(dim, rank)


@op("Tensor.size")
def size(input: Tensor, dim: Int | None = None) -> Any:
    """All sizes, or that of one axis.

    >>> T(2, 3).size()
    (2, 3)
    >>> T(2, 3).size(-1)
    3
    >>> T(2, 3).size(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    if dim is None:
        return Shape(input.shape)
    return facts().simplify(input.shape[_place(dim, input.rank)])


@op("Tensor.stride")
def stride(input: Tensor, dim: Int | None = None) -> Any:
    """The steps in memory, in elements.

    >>> T(2, 3).t().stride()
    [1, 3]
    >>> T(2, 3).stride(0)
    3
    >>> T(2, 3).stride(2)
    ! SHP108 Dimension out of range (expected to be in range of [-2, 1], but got 2)
    """
    place = None if dim is None else _place(dim, input.rank)
    strides = input.strides
    if strides is None:
        raise Unsure("strides that are not known")
    return tuple(strides) if place is None else strides[place]


@op("Tensor.dim", "Tensor.ndimension", refuses_nothing=True)
def dim(input: Tensor) -> int:
    """The number of axes.

    >>> T(2, 3).dim()
    2
    """
    return input.rank


@op("torch.numel", "Tensor.numel", "Tensor.nelement")
def numel(input: Any) -> Size:
    """The number of elements.

    >>> torch.numel(T(3, 32, 32))
    3072
    >>> torch.numel(3)
    ! SHP118 numel(): argument 'input' (position 1) must be Tensor, not int
    """
    tensor = _tensor(input, "numel")
    return facts().simplify(true_product(tensor.shape))


def _tensor(value: Any, function: str) -> Tensor:
    if isinstance(value, Tensor):
        return value
    kind = python_type(value)
    if kind in ("int", "float", "tuple", "list", "str", "NoneType"):
        refuse("SHP118", f"{function}(): argument 'input' (position 1) must be Tensor, not {kind}", error="TypeError")
    if isinstance(value, Free):
        return current().tensor(value, (4, 3, 2, 5, 1))
    raise Unsure(value.why if isinstance(value, Unknown) else "not a tensor")


@op("Tensor.__len__")
def length(input: Tensor) -> Size:
    """The size of the first axis.

    >>> T(4, 5).__len__()
    4
    >>> T().__len__()
    ! SHP107 len() of a 0-d tensor
    """
    expect(input.rank > 0, "SHP107", "len() of a 0-d tensor", error="TypeError")
    return facts().simplify(input.shape[0])


@op("Tensor.is_contiguous", refuses_nothing=True)
def contiguous(input: Tensor, memory_format: Any = None) -> bool:
    """Whether the strides are those of a new tensor.

    >>> T(2, 3).is_contiguous()
    True
    >>> T(2, 3).t().is_contiguous()
    False
    """
    name = "contiguous_format" if memory_format is None else getattr(memory_format, "name", "?").rpartition(".")[2]
    if name in ("contiguous_format", "preserve_format"):
        answer = is_contiguous(input)
    elif name in ("channels_last", "channels_last_3d"):
        if input.rank != (5 if name.endswith("3d") else 4):
            return False
        answer = is_channels_last(input)
    else:
        raise Unsure("a memory format that is not known")
    if answer.maybe:
        raise Unsure("strides that are not known")
    return answer.yes


@op("Tensor.storage_offset", refuses_nothing=True)
def storage_offset(input: Tensor) -> Size:
    """Where the first element lies in the storage.

    >>> T(3, 4)[1:3, 0:2].storage_offset()
    4
    """
    if input.offset is None:
        raise Unsure("a storage offset that is not known")
    return input.offset


def _dtype(input: Tensor) -> str:
    if input.dtype is None:
        raise Unsure("a dtype that is not known")
    return input.dtype


@op("Tensor.element_size", "Tensor.itemsize", refuses_nothing=True)
def element_size(input: Tensor) -> int:
    """Bytes an element.

    >>> T(2, 3).element_size()
    4
    """
    return WIDTHS[_dtype(input)]


@op("Tensor.nbytes", refuses_nothing=True)
def nbytes(input: Tensor) -> Size:
    """Bytes of all elements.

    >>> T(2, 3).nbytes
    24
    """
    return facts().simplify(true_product(input.shape) * WIDTHS[_dtype(input)])


@op("torch.is_floating_point", "Tensor.is_floating_point", refuses_nothing=True)
def is_floating_point(input: Tensor) -> bool:
    """Whether the elements are floats.

    >>> torch.is_floating_point(T(2))
    True
    >>> I(2).is_floating_point()
    False
    """
    return _dtype(input) in FLOATS


@op("torch.is_complex", "Tensor.is_complex", refuses_nothing=True)
def is_complex(input: Tensor) -> bool:
    """Whether the elements are complex numbers.

    >>> T(2).is_complex()
    False
    """
    return _dtype(input) in COMPLEX


@op("torch.is_signed", "Tensor.is_signed", refuses_nothing=True)
def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers.

    >>> T(2).is_signed()
    True
    """
    return not _dtype(input).startswith(("uint", "bool"))


@op("torch.is_tensor", refuses_nothing=True)
def is_tensor(obj: Any) -> bool:
    """Whether a value is a tensor.

    >>> torch.is_tensor(T(2))
    True
    >>> torch.is_tensor(3)
    False
    """
    if isinstance(obj, Tensor) or (isinstance(obj, Free) and obj.kind == "tensor"):
        return True
    if isinstance(obj, (Free, Unknown)):
        raise Unsure("whether this is a tensor is not known")
    return False


@op("torch.is_same_size", "Tensor.is_same_size", refuses_nothing=True)
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have one shape.

    >>> T(2, 3).is_same_size(T(3, 2))
    False
    """
    if input.rank != other.rank:
        return False
    answers = [facts().eq(a, b) for a, b in zip(input.shape, other.shape, strict=True)]
    if any(answer.no for answer in answers):
        return False
    if any(answer.maybe for answer in answers):
        raise Unsure("whether the shapes are the same is not known")
    return True


def _element(input: Tensor, place: int) -> Any:
    """One element as a Python number; one that is known but for its last bits is no number to compare with."""
    value = input.elements[place] if input.elements else None
    return _value(input.dtype) if value is None or type(value) is Near else value


def _value(dtype: str | None) -> Any:
    """One element: an integer gets a name, anything else stays unknown."""
    if dtype is not None and dtype != "bool" and category(dtype) == 1:
        return fresh("item", None)
    return Unknown("the value of a tensor")


@op("Tensor.item")
def item(input: Tensor) -> Any:
    """The only element as a Python number.

    >>> torch.tensor([7]).item()
    7
    >>> T(2, 3).item()
    ! SHP107 a Tensor with 6 elements cannot be converted to Scalar
    """
    count = true_product(input.shape)
    expect_eq(
        count,
        1,
        "SHP107",
        lambda: f"a Tensor with {word(count)} elements cannot be converted to Scalar",
        message=lambda: f"item() of {word(count)} elements",
        expected=1,
        actual=count,
    )
    return _element(input, 0)


@op("torch.is_nonzero", "Tensor.is_nonzero")
def is_nonzero(input: Tensor) -> Any:
    """Whether the only element is not zero.

    >>> torch.is_nonzero(torch.tensor([2]))
    True
    >>> torch.is_nonzero(T(2))
    ! SHP107 Boolean value of Tensor with more than one value is ambiguous
    """
    count = true_product(input.shape)
    expect(not facts().eq(count, 0).yes, "SHP107", "Boolean value of Tensor with no values is ambiguous")
    expect_eq(count, 1, "SHP107", "Boolean value of Tensor with more than one value is ambiguous", expected=1, actual=count)
    return bool(input.elements[0]) if input.elements else Unknown("the value of a tensor")


@op("Tensor.tolist", refuses_nothing=True)
def tolist(input: Tensor) -> Any:
    """The elements in nested lists.

    >>> torch.tensor([[1, 2], [3, 4]]).tolist()
    [[1, 2], [3, 4]]
    """
    return _listed(input, input.shape, 0)


def _listed(input: Tensor, shape: tuple[Size, ...], start: int) -> Any:
    if not shape:
        return _element(input, start)
    count = facts().simplify(shape[0])
    inner = true_product(shape[1:])
    if isinstance(count, int) and (count <= MOST_LISTED or input.elements is not None):
        step = inner if isinstance(inner, int) else 0
        return ListValue(tuple(_listed(input, shape[1:], start + place * step) for place in range(count)))
    element = Unknown("an element of a tensor") if len(shape) == 1 else _listed(Tensor(shape[1:], input.dtype), shape[1:], 0)
    return ListValue(Repeated(element, count))


@op("torch.result_type", refuses_nothing=True)
def result_type(tensor1: Any, tensor2: Any) -> DType:
    """The dtype that an operation of the two has.

    >>> torch.result_type(T(2), I(2))
    torch.float32
    """
    dtype = promote((tensor1, tensor2))
    if dtype is None:
        raise Unsure("a dtype that is not known")
    return DType(dtype)


@op("torch.promote_types", refuses_nothing=True)
def promote_types(type1: Any, type2: Any) -> DType:
    """The smallest dtype that holds both.

    >>> torch.promote_types(torch.int32, torch.float16)
    torch.float16
    """
    dtype = promote_two(type1.name, type2.name) if isinstance(type1, DType) and isinstance(type2, DType) else None
    if dtype is None:
        raise Unsure("a dtype that is not known")
    return DType(dtype)
