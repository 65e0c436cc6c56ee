"""New tensors in the likeness of another: zeros_like and its kin, Tensor.new_zeros and its kin."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Sizes,
    Tensor,
    category,
    device_argument,
    dtype_argument,
    expect,
    expect_gradient,
    expect_number,
    expect_range,
    expect_sizes,
    format_layout,
    layout_of,
    op,
    preserved_layout,
    python_type,
    refuse,
    sizes_argument,
    spelled,
    to_sequence,
    type_name,
)


def _alike(input: Tensor, dtype: Any, device: Any, memory_format: Any, requires_grad: Any = False) -> Tensor:
    name = dtype_argument(dtype, input.dtype)
    expect_gradient(name, requires_grad)
    preserve = memory_format is None or getattr(memory_format, "name", "").endswith("preserve_format")
    layout = preserved_layout(input) if preserve else format_layout(input.shape, memory_format)
    return Tensor(input.shape, name, layout, device=device_argument(device, input.device))


@op("torch.zeros_like", "torch.ones_like", "torch.empty_like", lazy=True)
def like(
    input: Tensor,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
    memory_format: Any = None,
) -> Tensor:
    """A new tensor with the shape of this one, and its dtype where none is given.

    >>> torch.zeros_like(I(2, 3))
    (2, 3) int64
    >>> torch.ones_like(T(2, 3).t(), dtype=torch.bool)
    (3, 2) bool
    >>> torch.zeros_like(I(2), requires_grad=True)
    ! SHP117 Only Tensors of floating point and complex dtype can require gradients
    """
    return _alike(input, dtype, device, memory_format, requires_grad)


@op("torch.rand_like", "torch.randn_like", lazy=True)
def random_like(
    input: Tensor,
    *,
    generator: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
    memory_format: Any = None,
) -> Tensor:
    """Random numbers in the shape of a tensor of floats.

    >>> torch.randn_like(T(2, 3))
    (2, 3)
    >>> torch.rand_like(I(2, 3))
    ! SHP117 "check_uniform_bounds" not implemented for 'Long'
    """
    made = _alike(input, dtype, device, memory_format, requires_grad)
    if made.dtype is not None and category(made.dtype) < 2:
        kernel = "check_uniform_bounds" if spelled() == "rand_like" else "normal_kernel_cpu"
        refuse("SHP117", f"\"{kernel}\" not implemented for '{type_name(made.dtype)}'", error="NotImplementedError", actual=made.dtype)
    return made


@op("torch.full_like", lazy=True)
def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
    memory_format: Any = None,
) -> Tensor:
    """One number everywhere, in the shape and dtype of a tensor.

    >>> torch.full_like(T(2, 3), 7)
    (2, 3) float32
    >>> torch.full_like(T(2, 3), T(3))
    ! SHP118 full_like(): argument 'fill_value' (position 2) must be Number, not Tensor
    """
    expect_number(fill_value, "full_like")
    return _alike(input, dtype, device, memory_format, requires_grad)


@op("torch.randint_like", lazy=True)
def randint_like(
    input: Tensor,
    *bounds: Any,
    low: Any = None,
    high: Any = None,
    generator: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
    memory_format: Any = None,
) -> Tensor:
    """randint_like(input, high) or randint_like(input, low, high), in the dtype of the tensor.

    >>> torch.randint_like(T(2, 3), 10)
    (2, 3) float32
    >>> torch.randint_like(T(2, 3), 5, 5)
    ! SHP118 random_ expects 'from' to be less than 'to', but got from=5 >= to=5
    """
    given = list(bounds)
    top = given.pop() if high is None and given else high
    expect_range((given.pop() if given else 0) if low is None else low, top)
    return _alike(input, dtype, device, memory_format, requires_grad)


@op("Tensor.new_zeros", "Tensor.new_ones", "Tensor.new_empty")
def new_like_of_size(
    input: Tensor, *size: Any, dtype: Any = None, layout: Any = None, device: Any = None, pin_memory: Any = None, requires_grad: Any = False
) -> Tensor:
    """A new tensor with the dtype and device of this one.

    >>> I(5).new_zeros(2, 3)
    (2, 3) int64
    >>> T(5).new_ones((2, 3), dtype=torch.bool)
    (2, 3) bool
    >>> T(5).new_empty(2, -3)
    ! SHP118 Trying to create tensor with negative dimension -3: [2, -3]
    """
    function = spelled()
    expect(len(size) > 0, "SHP121", f'{function}() missing 1 required positional arguments: "size"', error="TypeError")
    shape = sizes_argument(size, function, "size")
    expect_sizes(shape, function)
    name = dtype_argument(dtype, input.dtype)
    expect_gradient(name, requires_grad)
    return Tensor(shape, name, device=device_argument(device, input.device))


@op("Tensor.new_full")
def new_full(
    input: Tensor,
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """One number everywhere, with the dtype of this tensor.

    >>> I(5).new_full((2, 3), 1.5)
    (2, 3) int64
    >>> T(5).new_full(2, 1.5)
    ! SHP118 new_full(): argument 'size' (position 1) must be tuple of ints, not int
    """
    if to_sequence(size) is None and python_type(size) in ("int", "float"):
        wrong = f"new_full(): argument 'size' (position 1) must be tuple of ints, not {python_type(size)}"
        refuse("SHP118", wrong, message="new_full wants a tuple of sizes", error="TypeError")
    shape = sizes_argument((size,), "new_full", "size")
    expect_number(fill_value, "new_full")
    expect_sizes(shape, "new_full")
    return Tensor(shape, dtype_argument(dtype, input.dtype), device=device_argument(device, input.device))


@op("Tensor.new_empty_strided")
def new_empty_strided(
    input: Tensor,
    size: Sizes,
    stride: Sizes,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """New memory with the given strides and the dtype of this tensor.

    >>> T(5).new_empty_strided((2, 3), (1, 2))
    (2, 3) strides (1, 2)
    >>> T(5).new_empty_strided((2, 3), (1,))
    ! SHP118 dimensionality of sizes (2) must match dimensionality of strides (1)
    """
    wrong = f"dimensionality of sizes ({len(size)}) must match dimensionality of strides ({len(stride)})"
    expect(len(size) == len(stride), "SHP118", wrong)
    return Tensor(size, dtype_argument(dtype, input.dtype), layout_of(size, stride), device=device_argument(device, input.device))
